#!/bin/sh
# tunnels.sh - reconcile and tunnels: their ends follow the addresses, they are up while those are there.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so
# shellcheck disable=SC2034  # read by lib.sh
needs=ip6tnl
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl
ports ge0 ge1
ip address add 192.168.1.2/24 dev ge1
ip address add 198.51.100.7/32 dev lo

conf 'subnet ge0 1 ge0 0 ::feed' 'tunnel tunnel0 any6 dev:ge0 2001:db8:f1aa::1 1460 0 64' \
    'route 0.0.0.0/0 dev:tunnel0 1 198.51.100.7' 'route 2001:db8:99::/48 dev:tunnel0 3 -'
run
same 'no local address, no tunnel, no route' '' "$(ip route show default)$said"
delegate 2001:db8:1200::/56
run
that 'its ends' has 'ip -d -o link show dev tunnel0' 'remote 2001:db8:f1aa::1 local 2001:db8:1200::feed'
that 'no destination options (T1)' has 'ip -d -o link show dev tunnel0' 'encaplimit none'
that 'both families inside' has 'ip -d -o link show dev tunnel0' 'ip6tnl any '
that 'its size' has 'ip -d -o link show dev tunnel0' 'mtu 1460'
that 'it is up' has 'ip -d -o link show dev tunnel0' ',UP'
that 'a route with the borrowed source' has 'ip route show default' 'scope link src 198.51.100.7 metric 1'
that 'an IPv6 route' has 'ip -6 route show 2001:db8:99::/48' 'metric 3'
run
same 'a second run has nothing to say about tunnels' '' "$said"
delegate 2001:db8:3400::/56
ip monitor route >/tmp/monitor &
monitor=$!
run
kill $monitor
that 'it follows its address' has 'ip -d -o link show dev tunnel0' 'local 2001:db8:3400::feed'
that 'still without options' has 'ip -d -o link show dev tunnel0' 'encaplimit none'
that_not 'its route never left' grep -q 'Deleted default' /tmp/monitor
ip link set dev tunnel0 down
run
that 'set down by hand, up again' has 'ip -d -o link show dev tunnel0' ',UP'
that 'with its route' has 'ip route show default' 'dev tunnel0'
ip link set dev tunnel0 type ip6tnl local 2001:db8::bad remote 2001:db8:f1aa::1
run
that 'changed by hand, put right' has 'ip -d -o link show dev tunnel0' 'local 2001:db8:3400::feed'
rm "$learned/ge0.dhcp6"
run
that_not 'without its address it is down' has 'ip -d -o link show dev tunnel0' ',UP'
same 'and its routes are gone' '' "$(ip route show default)$(ip -6 route show 2001:db8:99::/48)"
conf 'tunnel tunnel0 ipip6 2001:db8:77::1 2001:db8:f1aa::1 1460 inherit 64'
run
that_not 'a fixed address that is not ours' has 'ip -d -o link show dev tunnel0' ',UP'
ip address add 2001:db8:77::1/64 dev ge0 nodad
run
that 'that is ours now' has 'ip -d -o link show dev tunnel0' 'remote 2001:db8:f1aa::1 local 2001:db8:77::1'
that 'IPv4 inside only' has 'ip -d -o link show dev tunnel0' 'ip6tnl ipip6 '
conf 'tunnel tunnel0 ipip dev:ge1 192.0.2.9 1480 16 64'
run
that 'IPv4 in IPv4' has 'ip -d -o link show dev tunnel0' 'ipip'
that 'between its ends' has 'ip -d -o link show dev tunnel0' 'remote 192.0.2.9 local 192.168.1.2 ttl 64 tos 0x10'
conf 'tunnel tunnel0 any4 dev:ge1 192.0.2.9 1480 0 64' 'tunnel tunnel1 ip6ip 192.168.1.2 192.0.2.8 1480 0 64'
run
that 'both in IPv4' has 'ip -d -o link show dev tunnel0' 'sit any'
that 'IPv6 in IPv4' has 'ip -d -o link show dev tunnel1' 'sit ip6ip remote 192.0.2.8 local 192.168.1.2'
run
same 'a second run has nothing to say about them' '' "$said"
conf 'tunnel tunnel1 ip6ip 192.168.1.2 192.0.2.8 1480 0 64'
run
that_not 'a tunnel that is wanted no more is gone' ip link show dev tunnel0
that 'the other is not' ip link show dev tunnel1

finish
