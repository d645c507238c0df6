#!/bin/sh
# rebind.sh - a delegated prefix whose server falls silent: dhcpcd gives it up, it stays ours until its time is over.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl

# A systemd-run that knows --on-active alone.
mkdir -p /run/systemd/system
cat >/tmp/systemd-run.stub <<'STUB'
#!/bin/sh
printf '%s\n' "$*" >>/tmp/systemd-run
for seconds; do
    case $seconds in
    --on-active=*) break ;;
    esac
done
while [ "${1#--}" != "$1" ]; do
    shift
done
{ sleep "${seconds#*=}"; "$@"; } 9<&- </dev/null >/dev/null 2>&1 &
STUB
chmod 755 /tmp/systemd-run.stub
mount --bind /tmp/systemd-run.stub "$(command -v systemd-run)"

# ---- the provider, a host on the LAN ----

provider
ip -n isp address add 2001:db8:8888::8/128 dev lo nodad
routes_back()
{
    ip -n isp route replace 2001:db8:1200::/40 via fe80::ff:fe00:10 dev isp0
    ip -n isp route replace 2001:db8:3400::/40 via fe80::ff:fe00:10 dev isp0
}
routes_back
ip netns add host
ip link add dev ge1 type veth peer name eth0 netns host
ip -n host link set dev eth0 up
ip -n host address add fd00:192:168:1::99/64 dev eth0 nodad
ip -n host -6 route add default via fd00:192:168:1::2

# ---- the router; its port ge2 is down ----

sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_ra=0
ports ge2
ip link set dev ge2 down
ip link set dev ge1 up
ip -6 address add fd00:192:168:1::2/64 dev ge1 nodad
ip link set dev ge0 up
client noipv4 'option dhcp6_name_servers'
conf 'subnet ge0 1 ge0 0 ::feed' 'subnet ge0 1 ge1 1 ::1' 'subnet ge0 1 ge2 2 ::1' 'nat66 npt0 ge0 fd00:192:168:1::/64' \
    'nameserver dhcp6:ge0' 'check default6 upstream ::/0'
translation
follow_news

# has_subnet PREFIX: what stands on it is there: addresses, translation, the route to nowhere.
has_subnet()
{
    ip -o -6 address show dev ge0 | grep -q "${1}::feed/64" &&
        ip -o -6 address show dev ge1 | grep -q "$1:1::1/64" &&
        nft list map ip6 seilc npt0_out | grep -q ": ${1}::/64" &&
        ip -6 route show proto 94 | grep -q "unreachable ${1}::/56"
}

pings()
{
    ip netns exec host ping -n -q -c 1 -W 2 2001:db8:8888::8
}

# A subnet that nobody has, seen from the provider: the router says so, nothing goes in circles.
answers_nowhere()
{
    ip netns exec isp ping -n -c 1 -W 2 "$1:99::1" | grep -qi 'unreachable'
}

said()
{
    grep -q "$1" /tmp/dhcpcd.log
}

kea6 2001:db8:1200:: 40 45 2
dhcpcd -d -B >/tmp/dhcpcd.log 2>&1 &
that 'a prefix' await 30 has_subnet 2001:db8:1200
that 'the upstream is ready' await 10 "$seilc/check" default6
that 'a host gets out' await 5 pings

# ---- silence at T2: dhcpcd 9.4 gives up after ten seconds, 10.1 goes on asking ----

silence
that 'dhcpcd asks every server' await 20 said 'casting REBIND6'
if [ "$SUITE" = bookworm ]; then
    that 'in vain' await 20 said 'failed to rebind prior DHCPv6 delegation'
    that 'and gives the prefix up' await 5 said 'EXPIRE6'
    that_not 'with its own route to nowhere' has 'ip -6 route show proto dhcp' unreachable
    that 'which is said' await 5 said 'no answer, but the delegated prefix is still valid'
fi
that_not 'nothing is to be done' test -e "$learned/changed"
that 'the prefix stays' has_subnet 2001:db8:1200
that 'the host still gets out' pings
that 'the rest still leads nowhere' answers_nowhere 2001:db8:1200
that 'the upstream is still ready' "$seilc/check" default6

kea6 2001:db8:3400:: 40 45 2
that 'a server that is back has the last word' await 60 has_subnet 2001:db8:3400
that 'the old prefix is over' await 5 sh -c '! { ip -6 address; ip -6 route show type unreachable; } | grep -q 2001:db8:1200'
that 'the host gets out again' await 5 pings

# ---- silence when the link comes back ----

silence
ip -n isp link set dev isp0 down
that 'without link no prefix' await 10 sh -c '! ip -6 address | grep -q 2001:db8:3400'
that_not 'the upstream is not ready' "$seilc/check" default6
: >/tmp/dhcpcd.log
ip -n isp link set dev isp0 up
isp_addresses
routes_back
that 'dhcpcd asks' await 20 said 'casting REBIND6'
that_not 'which says nothing yet' "$seilc/check" default6
that 'nobody answers: the prefix is back' await 20 has_subnet 2001:db8:3400
that 'the upstream is ready, too' await 10 "$seilc/check" default6
that 'the host is out again' await 5 pings

# ---- its time is over: nobody says so ----

now=$(cut -d . -f 1 /proc/uptime)
end=$(($(sed -n 's/received //p' "$learned/ge0.dhcp6") + 45))
left=$((end - now))
lasts=$(ip -6 address show dev ge1 | sed -n 's/.*valid_lft \([0-9]*\)sec.*/\1/p')
that 'it has its lifetimes from before' [ "$lasts" -le $((left + 1)) ]
that 'the timer is set to the end' sh -c "grep -q '$end' /run/seilc/next"
# The kernel takes the addresses by itself; the rest is reconcile's work.
nowhere='ip -6 route show proto 94 | grep -q unreachable || nft list map ip6 seilc npt0_out | grep -q elements'
that 'at the end all goes' await $((left + 5)) sh -c "! { $nowhere || grep -q 2001:db8:ffff::53 /run/seilc/resolv.conf; }"
that 'not before' [ "$(cut -d . -f 1 /proc/uptime)" -ge "$end" ]
that_not 'no address is left' has 'ip -6 address' 2001:db8:3400
that_not 'the upstream is not ready any more' "$seilc/check" default6

kea6 2001:db8:1200:: 40 45 2
that 'until a server answers' await 60 has_subnet 2001:db8:1200

finish
