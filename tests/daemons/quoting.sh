#!/bin/bash
# quoting.sh - hostile strings: the daemon that reads a file finds the string in it, unchanged.
#
# tests/unit/spell lets the backends print each string of its tables in each place where a config can
# put one; what was not refused is read back by the daemons of both Debian releases (read-back).
# A string that a backend refuses is none of a daemon's business: unit tests see that it is said.
set -u

here=$(cd "$(dirname "$0")" && pwd)
project=$here/../..
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

make -C "$project" --no-print-directory -s build/unit/spell || exit 1
mkdir "$scratch/spelt"
"$project/build/unit/spell" "$scratch/spelt" || exit 1
cp "$here/read-back" "$scratch/read-back"
status=0
for suite in bookworm trixie; do
    timeout 300 "$here/../roots/in-root" --bind "$scratch:/mnt" "$suite" \
        python3 /mnt/read-back /mnt/spelt >"$scratch/said" 2>&1 || status=1
    sed "s/^\(ok\|FAIL\) /\1 $suite /" "$scratch/said"
done
exit "$status"
