# lib.sh - what the command line tests share.  Sourced; prints "ok NAME" and "not ok NAME" lines.
# shellcheck shell=bash
set -u

seilc=${SEILC:?the program under test}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail()
{
    echo "not ok $1"
    shift
    printf '  %s\n' "$@"
    failed=1
}

# run STATUS NAME COMMAND...: the command must exit with STATUS and neither crash nor complain of memory.
run()
{
    local want=$1 name=$2 status=0
    shift 2

    "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
    if [ "$status" -ne "$want" ]; then
        fail "$name" "exit status $status, expected $want" "$(head -c 2000 "$work/stderr")"
    elif grep -qE 'Sanitizer|runtime error' "$work/stderr"; then
        fail "$name" "$(head -c 2000 "$work/stderr")"
    else
        echo "ok $name"
    fi
}

# said NAME TEXT: the last run printed TEXT, on standard output or standard error.
said()
{
    if grep -qF -- "$2" "$work/stdout" "$work/stderr"; then
        echo "ok $1"
    else
        fail "$1" "expected: $2" "$(head -c 1000 "$work/stdout")" "$(head -c 1000 "$work/stderr")"
    fi
}

# same NAME FILE FILE
same()
{
    if cmp -s "$2" "$3"; then echo "ok $1"; else fail "$1" "$(diff -u "$2" "$3" | head -20 | cat -A)"; fi
}

# holds NAME COMMAND...
holds()
{
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else fail "$name" "$*"; fi
}

finish()
{
    exit "$failed"
}
