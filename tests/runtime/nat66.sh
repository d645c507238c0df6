#!/bin/sh
# nat66.sh - translated prefixes with traffic: out, in, to the router itself, and when the prefix changes.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl
sysctl -qw net.ipv6.conf.all.forwarding=1

# host -- ge1 router ge0 -- isp; the provider routes 2001:db8:1200::/40 and :3400:: to the router.
for name in host isp; do
    ip netns add $name
    ip -n $name link set dev lo up
done
ip link add dev ge0 address 02:00:00:00:00:10 type veth peer name isp0 netns isp
ip link add dev ge1 type veth peer name eth0 netns host
for port in ge0 ge1; do
    ip link set dev $port up
done
ip -n isp link set dev isp0 up
ip -n host link set dev eth0 up
ip -6 address add fe80::10/64 dev ge0 nodad
ip -6 address add fd00:192:168:1::2/64 dev ge1 nodad
ip -6 route add default via fe80::15b dev ge0
ip -n isp address add fe80::15b/64 dev isp0 nodad
ip -n isp address add 2001:db8:8888::8/128 dev lo nodad
ip -n isp route add 2001:db8:1200::/40 via fe80::10 dev isp0
ip -n isp route add 2001:db8:3400::/40 via fe80::10 dev isp0
ip -n host address add fd00:192:168:1::99/64 dev eth0 nodad
ip -n host -6 route add default via fd00:192:168:1::2

translation
nft add rule ip6 seilc post oifname ge0 ip6 saddr fd00:192:168:1::/64 drop
conf 'subnet ge0 1 ge0 0 ::feed' 'nat66 npt0 ge0 fd00:192:168:1::/64'

# pings NAMESPACE ADDRESS
pings()
{
    ip netns exec "$1" ping -n -q -c 1 -W 2 "$2" >/dev/null 2>&1
}

# What the provider sees of a ping of the host: the source address.
seen()
{
    ip netns exec isp timeout 5 tcpdump -l -n -c 1 -i isp0 'icmp6 and ip6[40] == 128' 2>/tmp/tcpdump >/tmp/seen &
    seen_pid=$!
    await 5 grep -q listening /tmp/tcpdump
    ip netns exec host ping -n -q -c 2 -W 1 2001:db8:8888::8 >/dev/null 2>&1
    wait $seen_pid
    sed -n 's/.*IP6 \([^ ]*\) > .*/\1/p' /tmp/seen
}

run
that_not 'without a prefix nothing gets out' pings host 2001:db8:8888::8
same 'not even untranslated' '' "$(seen)"

delegate 2001:db8:1200::/56
run
same 'out: the prefix is exchanged, the rest is not' 2001:db8:1200::99 "$(seen)"
that 'and the answer comes back' pings host 2001:db8:8888::8
that 'in: the provider reaches the host' pings isp 2001:db8:1200::99
that 'the router itself' pings isp 2001:db8:1200::feed
ip netns exec host timeout 5 tcpdump -l -n -i eth0 'icmp6 and ip6[40] == 128' >/tmp/inside 2>/tmp/tcpdump &
await 5 grep -q listening /tmp/tcpdump
pings isp 2001:db8:1200::feed
pings isp 2001:db8:1200::99
await 5 grep -q fd00:192:168:1::99 /tmp/inside
that_not 'is not taken for a host' grep -q feed /tmp/inside

# A connection that goes on while the prefix changes.
ip netns exec isp python3 -c '
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("2001:db8:8888::8", 9000))
while True:
    data, peer = s.recvfrom(100)
    print(peer[0], flush=True)
' >/tmp/peers &
ip netns exec host python3 -c '
import socket, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.connect(("2001:db8:8888::8", 9000))
while True:
    try:
        s.send(b"x")
    except OSError:     # nobody listens yet
        pass
    time.sleep(0.1)
' &
that 'a connection with the first prefix' await 5 grep -q 2001:db8:1200::99 /tmp/peers
pings isp 2001:db8:1200::99
delegate 2001:db8:3400::/56
run
that 'goes on with the second' await 5 grep -q 2001:db8:3400::99 /tmp/peers
same 'nothing is left of the first' '' "$(conntrack -L -f ipv6 2>/dev/null | grep 2001:db8:1200)"
that 'in with the second' pings isp 2001:db8:3400::99
that_not 'in with the first is over' pings isp 2001:db8:1200::99

# Connections of others stay.
ip -n isp route add fd00:192:168:1::/64 via fe80::10 dev isp0
pings isp fd00:192:168:1::2
before=$(conntrack -L -f ipv6 2>/dev/null | grep -c 'dst=fd00:192:168:1::2')
rm "$learned/ge0.dhcp6"
run
same 'connections of others are left alone' "$before" \
    "$(conntrack -L -f ipv6 2>/dev/null | grep -c 'dst=fd00:192:168:1::2')"
same 'those of the lost prefix are not' '' "$(conntrack -L -f ipv6 2>/dev/null | grep 2001:db8:3400)"

finish
