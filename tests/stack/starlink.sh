#!/bin/bash
# starlink.sh - a whole router: the Starlink example's bundle installed on a booted Debian, between a provider and a LAN.
#
# The router and the provider are systems with systemd as process 1 (tests/bundle/machine), the LAN is a network namespace.
# The router gets nothing but its bundle's own `install`; then the kernel and the wire are looked at.  No virtual machine is
# needed: this router has no tunnel.
#
# usage: starlink.sh [SUITE]       default bookworm
# shellcheck disable=SC2317 # functions are called by that
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
export SEILC=${SEILC:-$top/build/seilc}
if [ "${1-}" != --inside ]; then
    "$top/tests/roots/make-root" "${1:-bookworm}" >/dev/null || exit 1
    exec unshare --mount --net --propagation private bash "$0" --inside "${1:-bookworm}"
fi
SUITE=$2
scratch=$(mktemp -d "${TMPDIR:-/tmp}/seilc-stack.XXXXXX")
mount -t tmpfs tmpfs /run
# shellcheck source=tests/bundle/machine
. "$top/tests/bundle/machine"
trap machine_end EXIT
failures=0
target=debian12
[ "$SUITE" = bookworm ] || target=debian13

# ---- provider and LAN ------------------------------------------------------------------------------

isp()
{
    machine_run isp "$@"
}

lan()
{
    ip netns exec lan "$@"
}

# The ports of the router, in place of those of tests/bundle/machine; the provider's system has none of its own.
machine_ports()
{
    local pid=$1

    [ -f "$scratch/isp/pid" ] && [ "$pid" != "$(cat "$scratch/isp/pid")" ] || return 0
    ip link add dev wan0 address 02:00:00:00:00:01 netns "$(cat "$scratch/isp/pid")" type veth \
        peer name ge0 address 02:00:00:00:00:10 netns "$pid"
    ip link add dev eth0 address 02:00:00:00:00:21 netns lan type veth peer name ge1 address 02:00:00:00:00:11 netns "$pid"
    ip -n lan link set dev eth0 up
    ip -n lan address add 192.168.1.200/24 dev eth0
    ip -n lan route add default via 192.168.1.1
    isp_port
}

# What a port that was down has lost.
isp_port()
{
    isp ip link set dev wan0 addrgenmode none
    isp ip link set dev wan0 up
    isp ip address replace 100.64.0.1/10 dev wan0
    isp ip address replace fe80::1/64 dev wan0 nodad
    isp ip address replace 2001:db8:ffff::1/64 dev wan0 nodad
    isp ip -6 route replace 2001:db8:1300::/56 via fe80::ff:fe00:10 dev wan0
    # After a reboot of the router the port is another one, and Kea's sockets belong to the old.
    isp systemctl try-restart wan-kea4 wan-kea6 wan-radvd
}

# serve NAME COMMAND...: a daemon of the provider, started again while its port is not there yet.
serve()
{
    local name=$1
    shift

    isp systemd-run --quiet --unit="$name" -p Restart=always -p RestartSec=1 -p StartLimitIntervalSec=0 \
        -E KEA_PIDFILE_DIR=/tmp -E KEA_LOCKFILE_DIR=none "$@"
}

start_isp()
{
    ip netns add lan
    ip -n lan link set dev lo up
    machine_start "$SUITE" isp || return
    isp ip address add 192.0.2.80/32 dev lo
    isp ip address add 2001:db8:80::80/128 dev lo
    isp sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
    cat >"$scratch/isp/bundles/radvd.conf" <<'RADVD'
interface wan0 {
    AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
    prefix 2001:db8:ffff::/64 { AdvValidLifetime 1200; AdvPreferredLifetime 600; };
};
RADVD
    cat >"$scratch/isp/bundles/kea6.conf" <<'KEA'
{"Dhcp6": {"interfaces-config": {"interfaces": ["wan0"], "service-sockets-max-retries": 100000,
  "service-sockets-retry-wait-time": 200}, "lease-database": {"type": "memfile", "persist": false},
  "preferred-lifetime": 600, "valid-lifetime": 1200,
  "subnet6": [{"id": 1, "subnet": "2001:db8:ffff::/64", "interface": "wan0",
    "pd-pools": [{"prefix": "2001:db8:1300::", "prefix-len": 56, "delegated-len": 56}]}]}}
KEA
    cat >"$scratch/isp/bundles/kea4.conf" <<'KEA'
{"Dhcp4": {"interfaces-config": {"interfaces": ["wan0"], "service-sockets-max-retries": 100000,
  "service-sockets-retry-wait-time": 200}, "lease-database": {"type": "memfile", "persist": false},
  "valid-lifetime": 600, "subnet4": [{"id": 1, "subnet": "100.64.0.0/10", "interface": "wan0",
    "pools": [{"pool": "100.64.1.10-100.64.1.20"}], "option-data": [{"name": "routers", "data": "100.64.0.1"}]}]}}
KEA
    cat >"$scratch/isp/bundles/server.py" <<'PY'
import socket, sys
server = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    peer, name = server.accept()
    peer.sendall((name[0].replace("::ffff:", "") + "\n").encode())
    peer.close()
PY
    cat >"$scratch/ask.py" <<'PY'
import socket, sys
print(socket.create_connection((sys.argv[1], 80), 2).makefile().read())
PY
    cat >"$scratch/poke.py" <<'PY'
import socket, sys
where = socket.getaddrinfo(sys.argv[1] + ("%eth0" if ":" in sys.argv[1] else ""), 9, type=socket.SOCK_DGRAM)[0]
socket.socket(where[0], where[1]).sendto(b"", where[4])
PY
    serve wan-radvd /usr/sbin/radvd -n -C /bundles/radvd.conf -p /tmp/radvd.pid -m stderr
    serve wan-kea6 /usr/sbin/kea-dhcp6 -c /bundles/kea6.conf
    serve wan-kea4 /usr/sbin/kea-dhcp4 -c /bundles/kea4.conf
    serve wan-server /usr/bin/python3 /bundles/server.py
}

# ---- assertions ------------------------------------------------------------------------------------

router()
{
    machine_run router "$@"
}

# that SECONDS NAME COMMAND...: the command succeeds before the deadline.
that()
{
    local deadline=$((SECONDS + $1)) name=$2
    shift 2

    until "$@" >"$scratch/last" 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "not ok stack $SUITE: $name"
            tail -n 15 "$scratch/last" | sed 's/^/    /'
            failures=$((failures + 1))
            return 1
        fi
        sleep 0.2
    done
    echo "ok stack $SUITE: $name"
}

# shows PATTERN COMMAND...: the command prints it.
shows()
{
    local pattern=$1 shown
    shift

    shown=$("$@" 2>&1)
    printf '%s\n' "$shown"
    grep -qE -- "$pattern" <<<"$shown"
}

lacks()
{
    ! shows "$@"
}

# neighbour_is ADDRESS MAC: who answers for it on the LAN.
neighbour_is()
{
    lan ip neighbour flush dev eth0
    lan python3 "$scratch/poke.py" "$1"
    sleep 0.2
    shows "lladdr $2" lan ip neighbour show to "$1" dev eth0
}

in_lan()
{
    "$top/tests/roots/in-root" --net /run/netns/lan "$SUITE" "$@"
}

install_bundle()
{
    "$SEILC" bundle --target "$target" "$top/examples/site.yaml" -o "$scratch/made" || return
    tar -xzf "$scratch/made/starlink.tar.gz" -C "$scratch/router/bundles" || return
    router /bundles/starlink/install --wait 120
}

# No udev runs here, and dhcpcd would wait for it; on a real router it does.  Debian's own dhcpcd.conf is not to run first.
prepare_router()
{
    local units=$scratch/router/upper/etc/systemd/system
    local dropin=$units/dhcpcd.service.d

    mkdir -p "$dropin" "$units/multi-user.target.wants"
    mknod "$units/multi-user.target.wants/dhcpcd.service" c 0 0     # an overlay's word for: not there
    printf '[Service]\nExecStart=\nExecStart=/usr/sbin/dhcpcd -q -b --nodev\n' >"$dropin/no-udev.conf"
}

looks_right()
{
    that 60 "$1: ge0 has an address by DHCP" shows 'inet 100\.64\.1\.' router ip address show dev ge0
    that 10 "$1: and its alias" shows 'inet 192.168.100.2/24' router ip address show dev ge0
    that 30 "$1: the default route of IPv4" shows 'default via 100.64.0.1 dev ge0 .*metric 1' router ip route show
    that 30 "$1: the default route of IPv6" shows 'default via fe80::1 dev ge0 .*metric 1' router ip -6 route show
    that 60 "$1: ge1 has a subnet of the delegated prefix" shows 'inet6 2001:db8:1300:1::1/64' router ip address show dev ge1
    that 10 "$1: it forwards" shows ' = 1$' router sysctl net.ipv6.conf.all.forwarding
    that 10 "$1: NAPT" shows 'oifname "ge0" .*masquerade' router nft list table ip seilc
    that 60 "$1: it is MASTER for IPv4" shows '192.168.1.1/32' router ip address show dev vrrp4.1
    that 60 "$1: it is MASTER for IPv6" shows 'fe80::1/64' router ip address show dev vrrp6.61
    that 10 "$1: the IPv4 virtual MAC" shows '00:00:5e:00:01:01' router ip link show dev vrrp4.1
    that 10 "$1: the IPv6 virtual MAC" shows '00:00:5e:00:02:3d' router ip link show dev vrrp6.61
    that 20 "$1: ARP answers for 192.168.1.1 with the virtual MAC" neighbour_is 192.168.1.1 00:00:5e:00:01:01
    that 20 "$1: ND answers for fe80::1 with the virtual MAC" neighbour_is fe80::1 00:00:5e:00:02:3d
    that 20 "$1: ARP answers for the router with its own MAC" neighbour_is 192.168.1.3 02:00:00:00:00:11
    that 60 "$1: the host has an address of the prefix" shows 'inet6 2001:db8:1300:1:' lan ip -6 address show dev eth0
    that 30 "$1: its default router is fe80::1" shows 'default via fe80::1 dev eth0' lan ip -6 route show
    that 60 "$1: IPv4 leaves with the learned address" shows '^100\.64\.1\.' lan python3 "$scratch/ask.py" 192.0.2.80
    that 60 "$1: IPv6 leaves as it is" shows '^2001:db8:1300:1:' lan python3 "$scratch/ask.py" 2001:db8:80::80
    that 20 "$1: hosts are reached from outside" isp ping -c 1 -W 1 2001:db8:1300:1:0:ff:fe00:21
}

ra_is_right()
{
    shows 'Source link-layer address: 00:00:5E:00:02:3D' in_lan rdisc6 -1 -w 3000 eth0 >"$scratch/ra" &&
        grep -qE 'from fe80::1' "$scratch/ra" && grep -qE 'Prefix +: 2001:db8:1300:1::/64' "$scratch/ra" &&
        grep -qE 'Valid time +: +1200 ' "$scratch/ra" && grep -qE 'Pref. time +: +600 ' "$scratch/ra" &&
        grep -q '2001:4860:4860::8844' "$scratch/ra" && return
    cat "$scratch/ra"
    return 1
}

lease_is_right()
{
    shows 'bound to 192\.168\.1\.([5-9][0-9]|1[0-4][0-9]) ' in_lan dhclient -1 -v -sf /bin/true eth0 &&
        shows 'DHCPACK .* from 192.168.1.3' cat "$scratch/last"
}

main()
{
    that 1 'the provider boots' start_isp || return
    prepare_router
    that 1 'the router boots' machine_start "$SUITE" router || return
    that 1 'install' install_bundle || return
    looks_right installed
    that 30 'RA: source, virtual MAC, prefix, lifetimes, RDNSS' ra_is_right
    that 30 'a host gets a lease from the pool' lease_is_right

    isp ip link set dev wan0 down
    that 15 'link lost: no virtual IPv4 address' lacks '192.168.1.1/32' router ip address show dev vrrp4.1
    that 15 'link lost: no virtual IPv6 address' lacks 'fe80::1/64' router ip address show dev vrrp6.61
    isp_port
    looks_right 'link back'

    machine_cut router
    that 1 'it boots again' machine_start "$SUITE" router || return
    looks_right rebooted
}

main
if [ "$failures" -gt 0 ]; then
    isp journalctl --no-pager -n 60 -u 'wan-*' 2>/dev/null | sed 's/^/    /'
    router journalctl --no-pager -b -n 80 2>/dev/null | sed 's/^/    /'
fi
exit "$((failures > 0))"
