#!/bin/bash
# readme.sh - the table of the README is what the program says.
#
# usage: readme.sh [--accept]
. "$(dirname "$0")/lib.sh"

"$seilc" explain --table >"$work/table"
awk -v table="$work/table" '
    /<!-- \/table -->/ { while ((getline line <table) > 0) print line; skip = 0 }
    !skip
    /<!-- table -->/ { skip = 1 }' "$root/README.md" >"$work/README.md"
if [ "${1-}" = --accept ]; then
    cp "$work/README.md" "$root/README.md"
elif cmp -s "$work/README.md" "$root/README.md"; then
    echo 'ok the table of the README is current'
else
    fail 'the table of the README is current' "$(diff "$root/README.md" "$work/README.md" | head -20)"
fi
finish
