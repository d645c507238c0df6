#!/bin/bash
# flets.sh - a whole router: the Flets example's bundle installed on a booted Debian, between a provider and a LAN.
#
# A Debian kernel in a virtual machine has the tunnels and macvlans that the host may lack (tests/vm); in it a system with
# systemd as process 1 (tests/bundle/machine) gets the bundle by its own `install`, and the kernel and the wire are looked at.
#
# usage: flets.sh [SUITE]       default bookworm
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
suite=${1:-bookworm}
seilc=${SEILC:-$top/build/seilc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

target=debian12
[ "$suite" = bookworm ] || target=debian13
mkdir "$work/share"
if ! "$seilc" bundle --target "$target" "$top/examples/site.yaml" -o "$work/bundles" 2>"$work/said"; then
    echo 'not ok stack: bundle'
    sed 's/^/    /' "$work/said"
    exit 1
fi
tar -xzf "$work/bundles/flets.tar.gz" -C "$work/share"
"$top/tests/vm/run" --root "$suite" --timeout "${TEST_TIMEOUT:-1200}" --memory 3072 --share "$work/share" --bind "$top/tests:/tests" \
    --env "SUITE=$suite" bash /tests/stack/inside
status=$?
[ "$status" -ne 125 ] || { echo "skip stack $suite - no virtual machine can be started here"; exit 0; }
exit "$status"
