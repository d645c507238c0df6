#!/bin/bash
# routers.sh - compile the example site and every golden case, and let the daemons judge each
# router.
#
# For both Debian releases. The example site goes through bundles, so that its installer is judged
# too. A golden case that is there to be refused writes nothing and is passed over (its findings are
# pinned).
set -u

here=$(cd "$(dirname "$0")" && pwd)
golden=$here/../golden
seilc=${SEILC:-$here/../../build/seilc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

declare -A target=([bookworm]=debian12 [trixie]=debian13)

# judge NAME ROOTFS [OPTION...]
judge()
{
    routers=$((routers + 1))
    "$here/check-router" --label "$suite $1" "${@:3}" "$suite" "$2" >"$scratch/lines" 2>&1 ||
        failed=1
    grep -v '^- ' "$scratch/lines"
}

# The example site must compile without exception.
judge_examples()
{
    local bundle router

    if ! "$seilc" bundle --target "${target[$suite]}" "$golden/../../examples/site.yaml" \
        -o "$scratch/bundles" >"$scratch/said" 2>&1; then
        printf 'not ok %s the example site: seilc bundle failed\n' "$suite"
        sed 's/^/    /' "$scratch/said"
        failed=1
        return
    fi
    for bundle in "$scratch"/bundles/*.tar.gz; do
        router=$(basename "$bundle" .tar.gz)
        mkdir -p "$scratch/unpacked/$router"
        tar -xzf "$bundle" -C "$scratch/unpacked/$router"
        judge "$router" "$(find "$scratch/unpacked/$router" -name rootfs -print -quit)"
    done
    rm -rf "$scratch/bundles" "$scratch/unpacked"
}

judge_case()
{
    local input=$1 stem args=() router

    stem=$(basename "${input%.*}")
    [ ! -e "$golden/$stem.args" ] || mapfile -t args <"$golden/$stem.args"
    rm -rf "$scratch/case"
    (cd "$golden" && "$seilc" translate "${args[@]}" --target "${target[$suite]}" "$input" \
        -o "$scratch/case") >/dev/null 2>&1
    for router in "$scratch"/case/*/; do
        # The scripts are the same on every router, and the examples have shown them.
        [ -d "$router" ] && judge "$stem" "$router" --skip shellcheck
    done
}

judge_suite()
{
    local input

    routers=0
    judge_examples
    for input in "$golden"/*.seil "$golden"/*.yaml; do
        [ ! -e "$input" ] || judge_case "$(basename "$input")"
    done
    # Two examples and ten more are the least that says something.
    if [ "$routers" -lt 12 ]; then
        printf 'not ok %s: only %d routers were judged\n' "$suite" "$routers"
        failed=1
    else
        printf 'ok %s: %d routers were judged\n' "$suite" "$routers"
    fi
}

if [ $# -eq 1 ]; then
    suite=$1
    judge_suite
    exit "$failed"
fi
"$0" trixie >"$scratch/trixie" 2>&1 &
suite=bookworm
judge_suite
wait $! || failed=1
cat "$scratch/trixie"
exit "$failed"
