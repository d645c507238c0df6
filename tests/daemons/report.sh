# report.sh - run checks and print one line for each; sourced by the checkers, not run.
# shellcheck shell=bash
#
# A check is a function that prints what is wrong, or nothing.  Anything printed, or a status other than
# 0, is a failure; status 77 means it could not be done here, and what it printed says why.  What a
# reader should know about a passed check is written with `note`.

failures=0

# note TEXT: goes in parentheses after the "ok" of the running check.
note()
{
    printf '%s\n' "$*" >>"$notes"
}

# A message's first line, then the others indented.
print_result()
{
    printf '%s %s%s: ' "$1" "$label" "$2"
    sed -e '2,$s/^/    /' "$3"
}

# run_check NAME FUNCTION [ARGUMENT]...
run_check()
{
    local name=$1 status=0
    local output=$work/output

    shift
    : >"$notes"
    "$@" >"$output" 2>&1 </dev/null || status=$?
    if [ "$status" = 77 ]; then
        print_result skip "$name" "$output"
    elif [ "$status" != 0 ] || [ -s "$output" ]; then
        [ -s "$output" ] || printf 'exit status %s, and no word about it\n' "$status" >"$output"
        print_result FAIL "$name" "$output"
        failures=$((failures + 1))
    elif [ -s "$notes" ]; then
        printf 'ok %s%s (%s)\n' "$label" "$name" "$(sort -u "$notes" | paste -sd';')"
    else
        printf 'ok %s%s\n' "$label" "$name"
    fi
}

# start_report LABEL: where the checks' output is kept, and what stands before each name.
start_report()
{
    label=${1:+$1: }
    work=$(mktemp -d)
    notes=$work/notes
}
