#!/bin/bash
# ci.sh - the lab's short form: the site comes up, loses its main line's link, and has it back (docs/lab.md).
#
# On this kernel if it has tunnels, otherwise in a virtual machine; $LAB_KERNEL decides otherwise.  Prints `ok` and `not ok` lines.
#
# usage: ci.sh [SUITE]      default bookworm
set -u

here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d "${TMPDIR:-/tmp}/seilc-lab-ci.XXXXXX")
trap 'rm -rf "$out"' EXIT

"$here/lab" --kernel "${LAB_KERNEL:-auto}" --suite "${1:-bookworm}" --repeat 1 --out "$out/lab" \
    "$here/steps/10-steady.yaml" "$here/steps/20-link.yaml" >"$out/said" 2>&1
status=$?
if [ -f "$out/lab/report.json" ]; then
    jq -r '.steps[] | (if .ok then "ok" else "not ok" end) + " lab " + .step' "$out/lab/report.json"
else
    echo 'not ok lab'
fi
[ "$status" -eq 0 ] || sed 's/^/    /' "$out/said"
exit "$status"
