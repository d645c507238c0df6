#!/bin/sh
# check.sh - the conditions that keepalived watches.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# status NAME: what check answers.
status()
{
    timeout 5 "$seilc/check" "$1" >/dev/null 2>&1 </dev/null
    echo $?
}

sysctl -qw net.ipv4.conf.all.ignore_routes_with_linkdown=1 net.ipv6.conf.all.ignore_routes_with_linkdown=1 \
    net.ipv4.conf.default.ignore_routes_with_linkdown=1 net.ipv6.conf.default.ignore_routes_with_linkdown=1
ports ge0 ge1
ip address add 203.0.113.50/24 dev ge0
ip address add 2001:db8:ffff::50/64 dev ge0 nodad
conf 'check default4 route 0.0.0.0/0' 'check default6 route ::/0' 'check route-0 route 10.0.0.0/8' \
    'check route-1 route 2001:db8:10::/48' 'check echo-0 echo 203.0.113.1 -' 'check echo-1 echo 127.0.0.1 -' \
    'check echo-2 echo 203.0.113.50 203.0.113.50' 'check echo-3 echo 127.0.0.1 dev:lo' \
    'check echo-4 echo ::1 -' 'check bad-0 route 10.0.0.0/8;id' 'check bad-1 echo $(id) -' 'check bad-2 echo 127.0.0.1 -x' \
    'check bad-3 sleep 1000' 'check'

same 'no default routes' '1 1' "$(status default4) $(status default6)"
ip route add default via 203.0.113.1 dev ge0
ip -6 route add default via fe80::1 dev ge0
same 'default routes' '0 0' "$(status default4) $(status default6)"
same 'are no other routes' '1 1' "$(status route-0) $(status route-1)"
ip route add 10.0.0.0/8 via 203.0.113.1
ip -6 route add 2001:db8:10::/48 via fe80::1 dev ge0
same 'those exist now' '0 0' "$(status route-0) $(status route-1)"
ip route add 10.0.0.0/9 dev ge0
ip route del 10.0.0.0/8
same 'another length is another route' 1 "$(status route-0)"

ip link set dev p.ge0 down
await 5 sh -c 'ip route show default | grep -q linkdown'
sysctl -qw net.ipv4.conf.all.ignore_routes_with_linkdown=0 net.ipv4.conf.ge0.ignore_routes_with_linkdown=0
same 'whether the kernel ignores them or not' 1 "$(status default4)"
sysctl -qw net.ipv4.conf.all.ignore_routes_with_linkdown=1 net.ipv4.conf.ge0.ignore_routes_with_linkdown=1
same 'without carrier they do not count' '1 1 1' "$(status default4) $(status default6) $(status route-1)"
ip link set dev p.ge0 up
await 5 sh -c '! ip route show default | grep -q linkdown'
same 'with carrier they do' '0 0 0' "$(status default4) $(status default6) $(status route-1)"
ip link set dev ge0 down
same 'nor on a port that is down' '1 1 1' "$(status default4) $(status default6) $(status route-1)"
ip link set dev ge0 up
ip route add blackhole default metric 100
ip -6 route add blackhole default metric 100
same 'a discard route does not count' '1 1' "$(status default4) $(status default6)"
ip -6 route add unreachable 2001:db8:10::/48
same 'nor one of dhcpcd to nowhere' 1 "$(status route-1)"
ip -6 address add 2001:db8:ffff::50/64 dev ge0 nodad
ip -6 route add default via fe80::1 dev ge0 metric 200
same 'a usable one beside it does' 0 "$(status default6)"

conf 'check default4 upstream 0.0.0.0/0' 'check default6 upstream ::/0' 'subnet ge0 1 ge0 0x0000 ::feed' 'nat66 npt0 ge0 fd00:192:168:1::/64'
same 'ready, but no prefix is delegated' '1 1' "$(status default4) $(status default6)"
ip route del blackhole default metric 100
ip route add default via 203.0.113.1 dev ge0
same 'IPv4 needs none' '0 1' "$(status default4) $(status default6)"
mkdir -p /run/dhcpcd/seil /run/seilc
delegated()
{
    printf '%s\n' "received $(($(cut -d . -f 1 /proc/uptime) - $2))" "$1" >/run/dhcpcd/seil/ge0.dhcp6
}
delegated 'prefix 2 2001:db8:99::/56 600 1200' 0
printf '%s\n' 2001:db8:12::/64 >/run/seilc/nat66.npt0
same 'a prefix, but not the one' 1 "$(status default6)"
delegated 'prefix 1 2001:db8:12::/56 600 1200' 1200
same 'the one, but its time is over' 1 "$(status default6)"
delegated 'prefix 1 2001:db8:12::/56 600 a[$(touch /tmp/owned)]' 0
same 'a lifetime that is none' '1 no' "$(status default6) $(test -e /tmp/owned && echo owned || echo no)"
delegated 'prefix 1 2001:db8:12::/56 4294967295 4294967295' 100
same 'for ever' 0 "$(status default6)"
delegated 'prefix 1 2001:db8:12::/56 600 1200' 1100
same 'ready, with the prefix and its translation' 0 "$(status default6)"
printf '%s\n' - >/run/seilc/nat66.npt0
same 'not while it is not translated' 1 "$(status default6)"
conf 'check echo-0 echo 203.0.113.1 -' 'check echo-1 echo 127.0.0.1 -' 'check echo-2 echo 203.0.113.50 203.0.113.50' \
    'check echo-3 echo 127.0.0.1 dev:lo' 'check echo-4 echo ::1 -' 'check bad-0 route 10.0.0.0/8;id' 'check bad-1 echo $(id) -' \
    'check bad-2 echo 127.0.0.1 -x' 'check bad-3 sleep 1000' 'check'

same 'a host that does not answer' 1 "$(status echo-0)"
same 'hosts that do' '0 0 0 0' "$(status echo-1) $(status echo-2) $(status echo-3) $(status echo-4)"

same 'conditions that are none' '2 2 2 2' "$(status bad-0) $(status bad-1) $(status bad-2) $(status bad-3)"
same 'names that are none' '2 2 2 2 2 2' \
    "$(status nothing) $(status '') $(status '*') $(status '../check') $(status 'echo-1;id') $(status 'echo-1 echo')"
rm /etc/seilc/runtime.conf
same 'no file' 2 "$(status default4)"

finish
