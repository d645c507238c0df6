# lib.sh - what the tests of whole routers share: a provider, a router and a LAN, and looking at them.
# shellcheck shell=bash disable=SC2317 # functions are called by that
#
# The router and the provider are systems with systemd as process 1 (tests/bundle/machine), the LAN is a network
# namespace with one host.  The router gets nothing but its bundle's own `install`; then the kernel and the wire are
# looked at.  A test says which router of examples/site.yaml it is ($name), which kind of link that needs from the
# kernel beyond veth and macvlan ($needs) and defines
#   provider_files DIRECTORY   what the provider's daemons read, below its /bundles
#   provider_daemons           `serve` for each of them
#   provider_port              addresses and routes of its port wan0, which may have lost them
# and then calls `stack_main "$@"`, which runs its function `prove`: on this kernel, or where that has not got what is
# needed in a virtual machine (tests/vm).  Where there is neither, the test is skipped.
#
# usage: NAME.sh [SUITE]       default bookworm
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
failures=0

# ---- where it runs ---------------------------------------------------------------------------------

# Bundles of the example site, unpacked at $1.
make_bundle()
{
    local target=debian12

    [ "$SUITE" = bookworm ] || target=debian13
    if ! "${SEILC:-$top/build/seilc}" bundle --target "$target" "$top/examples/site.yaml" -o "$1/bundles" 2>"$1/said"; then
        echo "not ok stack $SUITE: bundle"
        sed 's/^/    /' "$1/said"
        return 1
    fi
    tar -xzf "$1/bundles/$name.tar.gz" -C "$1"
}

kernel_has_links()
{
    [ -z "${needs:-}" ] || unshare --net ip link add dev probe type "$needs" local ::1 remote ::2 2>/dev/null
}

run_in_vm()
{
    if ! command -v qemu-system-x86_64 >/dev/null; then
        echo "skip stack $SUITE - this kernel has no $needs links, and there is no qemu"
        return 0
    fi
    "$top/tests/vm/run" --root "$SUITE" --timeout 2400 --memory 3072 --share "$1" --bind "$top/tests:/tests" \
        bash "/tests/stack/${0##*/}" --inside "$SUITE" /share
}

stack_main()
{
    local work status

    if [ "${1-}" = --inside ]; then
        SUITE=$2
        prove_inside "$3"
        exit
    fi
    SUITE=${1:-bookworm}
    work=$(mktemp -d "${TMPDIR:-/tmp}/seilc-stack.XXXXXX") || exit 1
    # shellcheck disable=SC2064 # the directory of now
    trap "rm -rf '$work'" EXIT
    "$top/tests/roots/make-root" "$SUITE" >/dev/null && make_bundle "$work" || exit 1
    if kernel_has_links; then
        unshare --mount --net --propagation private bash "$0" --inside "$SUITE" "$work"
    else
        run_in_vm "$work"
    fi
    status=$?
    exit "$status"
}

# What is seen of time: everything takes longer in a machine that is emulated.
slowness()
{
    [ -z "${SEILC_VM:-}" ] && echo 2 || echo 5
}

prove_inside()
{
    share=$1
    slow=$(slowness)
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/seilc-stack.XXXXXX")
    # shellcheck source=tests/bundle/machine
    . "$top/tests/bundle/machine"
    trap machine_end EXIT
    if [ -n "${SEILC_VM:-}" ]; then
        roots=$scratch/roots
        mkdir "$roots"
        ln -s /run/vm/root "$roots/$SUITE"
    else
        mount -t tmpfs tmpfs /run
    fi
    replace_ports
    prove
    if [ "$failures" -gt 0 ]; then
        isp journalctl --no-pager -n 60 -u 'wan-*' 2>/dev/null | sed 's/^/    /'
    fi
    exit "$((failures > 0))"
}

# ---- provider and LAN ------------------------------------------------------------------------------

isp()
{
    machine_run isp "$@"
}

lan()
{
    ip netns exec lan "$@"
}

router()
{
    machine_run router "$@"
}

# A program of the root, with files of its own, on the LAN.
in_lan()
{
    if [ -n "${SEILC_VM:-}" ]; then
        lan "$@"
    else
        "$top/tests/roots/in-root" --net /run/netns/lan "$SUITE" "$@"
    fi
}

# The ports of the router, in place of those of tests/bundle/machine; the provider's system has none of its own.
replace_ports()
{
    machine_ports()
    {
        local pid=$1

        [ -f "$scratch/isp/pid" ] && [ "$pid" != "$(cat "$scratch/isp/pid")" ] || return 0
        ip link add dev wan0 address 02:00:00:00:00:01 netns "$(cat "$scratch/isp/pid")" type veth \
            peer name ge0 address 02:00:00:00:00:10 netns "$pid"
        ip link add dev eth0 address 02:00:00:00:00:21 netns lan type veth peer name ge1 address 02:00:00:00:00:11 netns "$pid"
        [ "$lan_carrier" = no ] || host_port
        isp_port
        # After a reboot of the router the port is another one, and Kea's sockets belong to the old.
        isp systemctl try-restart 'wan-*'
    }
}

# Without a switch that is on there is no carrier at the router's port.
lan_carrier=yes
host_port()
{
    ip -n lan link set dev eth0 up
    ip -n lan address replace 192.168.1.200/24 dev eth0
    ip -n lan route replace default via 192.168.1.1
}

# What a port that was down has lost.
isp_port()
{
    isp ip link set dev wan0 addrgenmode none
    isp ip link set dev wan0 up
    isp ip address replace fe80::1/64 dev wan0 nodad
    provider_port
}

# serve NAME COMMAND...: a daemon of the provider, started again while its port is not there yet.
serve()
{
    local unit=$1
    shift

    isp systemd-run --quiet --unit="$unit" -p Restart=always -p RestartSec=1 -p StartLimitIntervalSec=0 \
        -p StateDirectory=kea -E KEA_PIDFILE_DIR=/tmp -E KEA_LOCKFILE_DIR=none "$@"
}

# Kea's words for: keep trying, for the port may come later; and remember nothing.
# shellcheck disable=SC2034 # for the tests
kea_patience='"interfaces-config": {"interfaces": ["wan0"], "service-sockets-max-retries": 100000,
  "service-sockets-retry-wait-time": 200}, "lease-database": {"type": "memfile", "persist": false}'

# Who asks the server is told who he is, and which MSS he has offered.
scripts()
{
    cat >"$scratch/isp/bundles/server.py" <<'PY'
import socket
server = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    peer, name = server.accept()
    mss = peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    peer.sendall(("%s %d\n" % (name[0].replace("::ffff:", ""), mss)).encode())
    peer.close()
PY
    cat >"$scratch/ask.py" <<'PY'
import socket, sys
print(socket.create_connection((sys.argv[1], 80), 5).makefile().read())
PY
    cat >"$scratch/poke.py" <<'PY'
import socket, sys
where = socket.getaddrinfo(sys.argv[1] + ("%eth0" if ":" in sys.argv[1] else ""), 9, type=socket.SOCK_DGRAM)[0]
socket.socket(where[0], where[1]).sendto(b"", where[4])
PY
}

start_provider()
{
    ip netns add lan
    ip -n lan link set dev lo up
    machine_start "$SUITE" isp || return
    isp ip address add 192.0.2.80/32 dev lo
    isp ip address add 2001:db8:80::80/128 dev lo
    isp sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
    scripts
    provider_files "$scratch/isp/bundles"
    provider_daemons
    serve wan-server /usr/bin/python3 /bundles/server.py
}

# ---- the router ------------------------------------------------------------------------------------

# No udev runs here, and dhcpcd would wait for it; on a real router it does.  Debian's own dhcpcd.conf is not to run first.
prepare_router()
{
    local units=$scratch/router/upper/etc/systemd/system
    local dropin=$units/dhcpcd.service.d

    mkdir -p "$dropin" "$units/multi-user.target.wants"
    mknod "$units/multi-user.target.wants/dhcpcd.service" c 0 0     # an overlay's word for: not there
    printf '[Service]\nExecStart=\nExecStart=/usr/sbin/dhcpcd -q -b --nodev\n' >"$dropin/no-udev.conf"
}

install_bundle()
{
    cp -a "$share/$name" "$scratch/router/bundles/" && router "/bundles/$name/install" --wait "$((60 * slow))"
}

start_router()
{
    prepare_router
    that 1 'the router boots' machine_start "$SUITE" router && that 1 'install' install_bundle
}

reboot_router()
{
    machine_cut router
    that 1 'it boots again' machine_start "$SUITE" router
}

# A switch that is slower to boot than the router: keepalived meets a port without carrier.
reboot_before_switch()
{
    lan_carrier=no
    reboot_router || return
    lan_carrier=yes
    that 30 'without a switch: keepalived runs' router systemctl --quiet is-active keepalived.service
    that 5 'without a switch: it is no MASTER' lacks '192.168.1.1/32|fe80::1/64' router ip address show
    host_port
}

# ---- looking ---------------------------------------------------------------------------------------

# What the router was doing when something failed.
tell_state()
{
    [ -f "$scratch/router/pid" ] || return
    router ip -br address
    router journalctl --no-pager -q -n 25
}

# that SECONDS NAME COMMAND...: the command succeeds before the deadline.
that()
{
    local deadline=$((SECONDS + $1 * slow)) about=$2
    shift 2

    until "$@" >"$scratch/last" 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "not ok stack $SUITE: $about"
            tail -n 15 "$scratch/last" | sed 's/^/    /'
            tell_state | sed 's/^/    | /'
            failures=$((failures + 1))
            return 1
        fi
        sleep 0.2
    done
    echo "ok stack $SUITE: $about"
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

# asks PATTERN ADDRESS: what the server says to the LAN's host.
asks()
{
    shows "$1" lan python3 "$scratch/ask.py" "$2"
}

# is_master WHEN ADDRESS: both virtual routers are here and answer with their MACs; the router itself with its own.
is_master()
{
    that 60 "$1: it is MASTER for IPv4" shows '192.168.1.1/32' router ip address show dev vrrp4.1
    that 60 "$1: it is MASTER for IPv6" shows 'fe80::1/64' router ip address show dev vrrp6.61
    that 10 "$1: the IPv4 virtual MAC" shows '00:00:5e:00:01:01' router ip link show dev vrrp4.1
    that 10 "$1: the IPv6 virtual MAC" shows '00:00:5e:00:02:3d' router ip link show dev vrrp6.61
    that 20 "$1: ARP answers for 192.168.1.1 with the virtual MAC" neighbour_is 192.168.1.1 00:00:5e:00:01:01
    that 20 "$1: ND answers for fe80::1 with the virtual MAC" neighbour_is fe80::1 00:00:5e:00:02:3d
    that 20 "$1: ARP answers for the router with its own MAC" neighbour_is "$2" 02:00:00:00:00:11
    that 30 "$1: the host's default router is fe80::1" shows 'default via fe80::1 dev eth0' lan ip -6 route show
}

is_no_master()
{
    that 15 "$1: no virtual IPv4 address" lacks '192.168.1.1/32' router ip address show dev vrrp4.1
    that 15 "$1: no virtual IPv6 address" lacks 'fe80::1/64' router ip address show dev vrrp6.61
}

# ra_is_right PREFIX: what the routers of the examples advertise.
ra_is_right()
{
    shows 'Source link-layer address: 00:00:5E:00:02:3D' in_lan rdisc6 -1 -w 3000 eth0 >"$scratch/ra" &&
        grep -qE 'from fe80::1' "$scratch/ra" && grep -qE "Prefix +: $1" "$scratch/ra" &&
        grep -qE 'Valid time +: +1200 ' "$scratch/ra" && grep -qE 'Pref. time +: +600 ' "$scratch/ra" &&
        grep -q '2001:4860:4860::8844' "$scratch/ra" && return
    cat "$scratch/ra"
    return 1
}

# lease_is_right POOL SERVER: the last byte of its addresses as a pattern, and who gave it.
lease_is_right()
{
    in_lan dhclient -1 -v -sf /bin/true eth0 >"$scratch/lease" 2>&1
    cat "$scratch/lease"
    grep -qE "bound to 192\.168\.1\.($1) " "$scratch/lease" && grep -qE "DHCPACK .* from $2\b" "$scratch/lease"
}
