#!/bin/bash
# root-view.sh - in-root gives a command a root of its own and leaves nothing behind.
# shellcheck disable=SC2317 # the checks call by name
set -u

here=$(cd "$(dirname "$0")" && pwd)
in_root=$here/../roots/in-root
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# check NAME COMMAND...: the command must succeed.
check()
{
    local name=$1

    shift
    if "$@" >"$scratch/output" 2>&1; then
        printf 'ok root-view: %s\n' "$name"
    else
        printf 'not ok root-view: %s\n' "$name"
        sed 's/^/    /' "$scratch/output"
        failed=1
    fi
}

# status_is STATUS COMMAND...
status_is()
{
    local wanted=$1 status=0

    shift
    "$@" || status=$?
    [ "$status" = "$wanted" ]
}

root_is_clean()
{
    local root

    root=$("$here/../roots/make-root" bookworm) || return
    [ ! -e "$root/seilc-was-here" ] && [ -z "$(ls -A "$root/../.view")" ]
}

# A command that is killed from outside takes along what it started.
nothing_survives()
{
    local mark=31.$$ runner tries=100

    "$in_root" bookworm sh -c "sleep $mark & echo started; wait" >"$scratch/started" 2>/dev/null &
    runner=$!
    until [ -s "$scratch/started" ] || [ $((tries -= 1)) = 0 ]; do
        sleep 0.1
    done
    kill -KILL "$runner"
    wait "$runner"
    tries=100
    while grep -qzxF "$mark" /proc/[0-9]*/cmdline; do
        [ $((tries -= 1)) != 0 ] || return
        sleep 0.1
    done 2>/dev/null
    [ -s "$scratch/started" ]
}

mkdir -p "$scratch/over/etc/kea"
chmod 700 "$scratch/over" "$scratch/over/etc/kea"
echo laid >"$scratch/over/etc/kea/laid"

for no_overlay in '' yes; do
    export SEILC_NO_OVERLAY=$no_overlay
    how=${no_overlay:+copied, }
    check "${how}the command's status comes back" status_is 7 "$in_root" bookworm sh -c 'exit 7'
    check "${how}the root can be written to" "$in_root" bookworm touch /seilc-was-here
    check "${how}and is as before" root_is_clean
done
unset SEILC_NO_OVERLAY
check 'files are laid over' "$in_root" --over "$scratch/over" trixie grep -qx laid /etc/kea/laid
# shellcheck disable=SC2016 # for the shell inside
check 'directories keep their modes' "$in_root" --over "$scratch/over" trixie \
    sh -c '[ "$(stat -c "%a %U" / /etc/kea)" = "$(printf "755 root\n750 _kea")" ]'
check 'network settings are its own' "$in_root" bookworm sysctl -qw net.ipv4.ip_default_ttl=99
check "and not the host's" status_is 1 grep -qx 99 /proc/sys/net/ipv4/ip_default_ttl
check 'other settings are out of reach' \
    status_is 2 "$in_root" bookworm sh -c 'echo 1 >/proc/sys/kernel/panic'
check 'it sees no other process' "$in_root" bookworm sh -c '! test -e /proc/100000 && [ $$ -lt 1000 ]'
check 'it has no network but lo' "$in_root" bookworm \
    sh -c '! ip -o link | grep -v "^1: lo:" | grep .'
check 'a killed command leaves no process' nothing_survives
check 'nothing stays mounted' status_is 1 grep -F /.view /proc/mounts
check 'no such network namespace' status_is 125 "$in_root" --net seilc-none bookworm true
exit "$failed"
