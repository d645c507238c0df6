# lib.sh - what the tests of backends/runtime share.
# shellcheck shell=sh
#
# A test sources this first. On the host it then runs itself again inside a throwaway root of each Debian
# release (tests/roots/in-root), where backends/runtime/lib is /usr/lib/seilc, the kernel's network is its
# own, and every daemon and namespace goes away with it. It prints `ok RELEASE NAME` or `not ok RELEASE NAME`.
#
#   SUITES="bookworm trixie"   which releases
#   KEEP=1                     show what the scripts logged
#
# A test that sets needs=KIND before needs that kind of link; where this kernel has none it runs in a virtual
# machine (tests/vm/run), where there is none either it is skipped.

set -u

# in_root SUITE: this test on this kernel.
in_root()
{
    "$top/tests/roots/in-root" --bind "$top/backends/runtime/lib:/usr/lib/seilc" --bind "$here:/tests" \
        --env "SUITE=$1" --env "KEEP=${KEEP:-}" "$1" sh "/tests/${0##*/}"
}

# in_vm SUITE: on Debian's.
in_vm()
{
    "$top/tests/vm/run" --root "$1" --timeout 1500 --bind "$top/backends/runtime/lib:/usr/lib/seilc" \
        --bind "$here:/tests" --env "SUITE=$1" --env "KEEP=${KEEP:-}" sh "/tests/${0##*/}"
}

# What the test needs is here.
has_needs()
{
    [ -z "${needs:-}" ] || unshare --net ip link add dev probe type "$needs" local ::1 remote ::2 2>/dev/null
}

if [ -z "${SUITE:-}" ]; then
    here=$(cd "$(dirname "$0")" && pwd)
    top=${here%/tests/runtime}
    status=0
    for suite in ${SUITES:-bookworm trixie}; do
        if has_needs; then
            in_root "$suite" || status=1
            continue
        fi
        # On a busy host the machine sometimes does not come up.
        in_vm "$suite" || [ $? -ne 125 ] || in_vm "$suite"
        case $? in
        0) ;;
        125) printf 'skip %s %s: neither this kernel nor a virtual machine has %s\n' "$suite" "${0##*/}" "$needs" ;;
        *) status=1 ;;
        esac
    done
    exit $status
fi

seilc=/usr/lib/seilc
failures=0
newline='
'
cd /tmp || exit 1
exec 3>&2 2>/tmp/log

ok()
{
    printf 'ok %s %s\n' "$SUITE" "$1"
}

# not_ok NAME REASON
not_ok()
{
    printf 'not ok %s %s\n' "$SUITE" "$1"
    printf '%s\n' "$2" | sed 's/^/    /'
    failures=$((failures + 1))
}

# same NAME EXPECTED ACTUAL
same()
{
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "expected: $2${newline}got:      $3"
    fi
}

# that NAME COMMAND...: it succeeds.
that()
{
    that_name=$1
    shift
    if "$@" >/tmp/output 2>&1; then
        ok "$that_name"
    else
        not_ok "$that_name" "failed: $*$newline$(tail -n 20 /tmp/output)"
    fi
}

# that_not NAME COMMAND...
that_not()
{
    that_name=$1
    shift
    if "$@" >/tmp/output 2>&1; then
        not_ok "$that_name" "succeeded: $*$newline$(tail -n 20 /tmp/output)"
    else
        ok "$that_name"
    fi
}

# await SECONDS COMMAND...: until it succeeds.
await()
{
    await_left=$(($1 * 20))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$await_left" -gt 0 ] || return 1
        await_left=$((await_left - 1))
        sleep 0.05
    done
}

# holds TEXT PART
holds()
{
    case $1 in
    *"$2"*) return 0 ;;
    esac
    printf '%s\n' "$1"
    return 1
}

# has COMMAND-LINE PART: the output of a command holds a text.
has()
{
    holds "$(sh -c "$1" 2>&1)" "$2"
}

# A systemctl that writes down what it was asked.
stub_systemctl()
{
    printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>/tmp/systemctl\n' >/tmp/systemctl.stub
    chmod 755 /tmp/systemctl.stub
    mount --bind /tmp/systemctl.stub "$(command -v systemctl)"
    : >/tmp/systemctl
}

# ---- scripts without daemons: a runtime.conf, state files, a run ----

learned=/run/dhcpcd/seil

# conf LINES...: a new runtime.conf.
conf()
{
    mkdir -p /etc/seilc/links
    printf '%s\n' "$@" >/etc/seilc/runtime.conf
}

# learn FILE LINES...: a state file as dhcpcd-hook leaves it.
learn()
{
    mkdir -p "$learned"
    learn_file=$1
    shift
    printf '%s\n' "$@" >"$learned/$learn_file"
}

# delegate PREFIX [PREFERRED VALID [AGO]]: the state file of a delegation to ge0, IA_PD 1, received AGO seconds ago.
delegate()
{
    learn ge0.dhcp6 "received $(($(cut -d . -f 1 /proc/uptime) - ${4:-0}))" "prefix 1 $1 ${2:-600} ${3:-1200}"
}

# run: reconcile; what it says is in $said.
run()
{
    "$seilc/reconcile" 2>/tmp/said
    run_status=$?
    said=$(cat /tmp/said)
    printf '%s\n' "$said" >&2
    return $run_status
}

# ports NAME...: veth pairs, up; the other end of ge0 is p.ge0.
ports()
{
    for port; do
        ip link add dev "$port" type veth peer name "p.$port"
        ip link set dev "p.$port" up
        ip link set dev "$port" up
    done
}

# follow_news: what seilc-runtime.path does, in the background: reconcile runs when there is news.
follow_news()
{
    while sleep 0.1; do
        if [ -e "$learned/changed" ] || [ -e /run/seilc/changed ]; then
            "$seilc/reconcile" 2>>/tmp/reconcile.log
        fi
    done </dev/null >/dev/null &
}

# translation: the maps of a prefix translation on ge0, and the rules that use them.
translation()
{
    nft -f - <<'NFT'
table ip6 seilc {
    map npt0_out { type ipv6_addr : interval ipv6_addr; flags interval; }
    map npt0_in { type ipv6_addr : interval ipv6_addr; flags interval; }
    chain pre { type nat hook prerouting priority dstnat; iifname "ge0" fib daddr type != local dnat ip6 prefix to ip6 daddr map @npt0_in; }
    chain post { type nat hook postrouting priority srcnat; oifname "ge0" snat ip6 prefix to ip6 saddr map @npt0_out; }
}
NFT
}

# ---- a provider: the namespace isp at the end of ge0, with radvd and Kea; dhcpcd on ge0 ----

provider()
{
    ip netns add isp
    ip link add dev ge0 address 02:00:00:00:00:10 type veth peer name isp0 netns isp
    ip -n isp link set dev isp0 addrgenmode none
    ip -n isp link set dev isp0 up
    ip -n isp link set dev lo up
    isp_addresses
    ip netns exec isp sysctl -qw net.ipv6.conf.all.forwarding=1
    mkdir -p /run/kea /run/lock/kea /var/lib/kea /run/dhcpcd /var/lib/dhcpcd /tmp/kea
    cat >/tmp/isp-radvd.conf <<'RADVD'
interface isp0 {
    AdvSendAdvert on;
    MinRtrAdvInterval 3;
    MaxRtrAdvInterval 4;
    AdvOtherConfigFlag on;
    prefix 2001:db8:ffff::/64 {
        AdvValidLifetime 1800;
        AdvPreferredLifetime 900;
    };
};
RADVD
    ip netns exec isp radvd -n -C /tmp/isp-radvd.conf -p /tmp/isp-radvd.pid -m stderr >/dev/null 2>&1 &
}

# isp_addresses: what a port forgets without its link.
isp_addresses()
{
    ip -n isp address replace fe80::15b/64 dev isp0 nodad
    ip -n isp address replace 2001:db8:ffff::1/64 dev isp0 nodad
    ip -n isp address replace 203.0.113.1/24 dev isp0
}

# kea6 PREFIX PREFERRED VALID RENEW: delegates from a /40; the server's pid is in $kea6.
kea6()
{
    cat >/tmp/kea/dhcp6.conf <<KEA
{ "Dhcp6": {
    "interfaces-config": { "interfaces": ["isp0"], "service-sockets-max-retries": 100, "service-sockets-retry-wait-time": 200 },
    "lease-database": { "type": "memfile", "persist": false },
    "preferred-lifetime": $2, "valid-lifetime": $3, "renew-timer": $4, "rebind-timer": $((2 * $4)),
    "option-data": [ { "name": "dns-servers", "data": "2001:db8:ffff::53" },
                     { "name": "sntp-servers", "data": "2001:db8:ffff::123" } ],
    "subnet6": [ { "id": 1, "subnet": "2001:db8:ffff::/64", "interface": "isp0",
                   "pd-pools": [ { "prefix": "$1", "prefix-len": 40, "delegated-len": 56 } ] } ] } }
KEA
    KEA_PIDFILE_DIR=/tmp/kea ip netns exec isp kea-dhcp6 -c /tmp/kea/dhcp6.conf >/tmp/kea6.log 2>&1 &
    kea6=$!
}

# silence: the server ends.
silence()
{
    kill "$kea6"
    wait "$kea6"
}

# client LINE...: dhcpcd's configuration for ge0.
client()
{
    cat >/etc/dhcpcd.conf <<'DHCPCD'
allowinterfaces ge0
script /usr/lib/seilc/dhcpcd-hook
persistent
duid
noipv4ll
noipv6rs
nodev

interface ge0
    ipv6rs
    slaac hwaddr
    metric 1
    ia_pd 1 -
DHCPCD
    printf '    %s\n' "$@" >>/etc/dhcpcd.conf
}

finish()
{
    [ -z "${KEEP:-}" ] || sed 's/^/# /' /tmp/log >&3
    exit $((failures > 0))
}
