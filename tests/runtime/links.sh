#!/bin/sh
# links.sh - link and monitor: ports that are there, that come late, that are set down and up.
# shellcheck disable=SC2317  # functions are run by `that` and `await`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl
conf ''
cat >/etc/seilc/links/ge1.batch <<'BATCH'
# ge1
link set dev ge1 addrgenmode none
link set dev ge1 mtu 1400 up

address replace fe80::5e:c0a8:102/64 dev ge1 nodad
address replace 192.168.1.2/24 dev ge1
address replace fd00:192:168:1::2/64 dev ge1
BATCH
cat >/etc/seilc/links/ge0.batch <<'BATCH'
# ge0
link set dev ge0 up
address replace 192.168.100.2/24 dev ge0
BATCH
cat >/etc/seilc/routes.batch <<'BATCH'
# static routes
route replace 10.0.0.0/8 via 192.168.1.9 metric 1 proto static
route replace 2001:db8:10::/48 via fd00:192:168:1::9 metric 1 proto static
route replace 2001:db8:11::/48 via fe80::9 dev ge1 metric 1 proto static
route replace blackhole 10.8.0.0/16 metric 200 proto static
route replace blackhole 2001:db8:8::/48 metric 200 proto static
BATCH

# state NAME-OF-LINK: addresses and routes, without what a kernel adds.
state()
{
    ip -o address show dev "$1" | sed 's/.*\(inet6* [^ ]*\).*/\1/' | sort
    ip route show dev "$1" | sed 's/ *$//' | sort
    ip -6 route show dev "$1" | grep -v '^fe80::/64\|^ff00' | sed 's/ pref.*//' | sort
}

complete="inet 192.168.1.2/24
inet6 fd00:192:168:1::2/64
inet6 fe80::5e:c0a8:102/64
10.0.0.0/8 via 192.168.1.9 proto static metric 1
192.168.1.0/24 proto kernel scope link src 192.168.1.2
2001:db8:10::/48 via fd00:192:168:1::9 proto static metric 1
2001:db8:11::/48 via fe80::9 proto static metric 1
fd00:192:168:1::/64 proto kernel metric 256"

is_complete()
{
    [ "$(state ge1)" = "$complete" ]
}

# ---- link ----

ip link add dev ge1 type veth peer name p.ge1
ip link set dev p.ge1 up
that 'links that are missing are no mistake' "$seilc/link"
await 5 is_complete
same 'the others are made' "$complete" "$(state ge1)"
that 'discard routes' has 'ip route; ip -6 route' 'blackhole 2001:db8:8::/48'
same 'the mtu' 1400 "$(cat /sys/class/net/ge1/mtu)"
that 'reconcile is asked for' test -e /run/seilc/changed
"$seilc/link" >/tmp/output 2>&1
same 'again changes nothing' "$complete" "$(state ge1)"
same 'and says nothing of ge1' '' "$(grep ge1 /tmp/output)"
"$seilc/link" '../../tmp/x' 'ge1;id' '' nothing >/tmp/output 2>&1
same 'names that are none' '' "$(cat /tmp/output)"

# ---- monitor ----

rm -f /run/seilc/changed
"$seilc/monitor" </dev/null &
await 5 test -e /run/seilc/changed
sleep 0.5

: >/tmp/systemctl
ip link set dev p.ge1 down
await 5 sh -c 'ip route | grep -q linkdown'
ip link set dev p.ge1 up
await 5 is_complete
same 'carrier lost and found: the kernel does it' "$complete" "$(state ge1)"

ip link set dev ge1 down
that_not 'set down: something is lost' is_complete
ip link set dev ge1 up
that 'set up: all is put back' await 10 is_complete
same 'which is no reason to bother keepalived' '' "$(cat /tmp/systemctl)"

ip link set dev ge1 down
sleep 0.5
that_not 'set down by hand stays down' sh -c 'ip -o link show dev ge1 | grep -q ",UP"'
ip link set dev ge1 up
await 10 is_complete

ip link add dev ge0 type veth peer name p.ge0
ip link set dev p.ge0 up
that 'a link that comes late is served' await 10 sh -c 'ip -o address show dev ge0 | grep -q 192.168.100.2/24'
that 'and keepalived is told' await 5 grep -q 'reload keepalived.service' /tmp/systemctl

ip link del dev ge1
await 5 sh -c '! ip link show dev ge1'
ip link add dev eth7 type veth peer name p.ge1
ip link set dev p.ge1 up
ip link set dev eth7 name ge1
that 'one that is renamed, too' await 10 is_complete

# The kernel gives a link that comes back its old index, if it can.
: >/tmp/systemctl
ip netns add away
ip link set dev ge1 netns away
await 5 sh -c '! ip link show dev ge1'
ip -n away link set dev ge1 netns 1
that 'one that goes and comes back with its index' await 10 is_complete
that 'and keepalived is told again' await 5 grep -q 'reload keepalived.service' /tmp/systemctl

rm -f /run/seilc/changed
ip address add 192.168.100.3/24 dev ge0
that 'an address is news for reconcile' await 5 test -e /run/seilc/changed

finish
