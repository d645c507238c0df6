#!/bin/sh
# learn.sh - dhcpcd against a provider (radvd, Kea): from its packets to the kernel, and back when they end.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl

# ---- the provider: RA, DHCPv4, and prefixes with short lives ----

provider
cat >/tmp/kea/dhcp4.conf <<'KEA'
{ "Dhcp4": {
    "interfaces-config": { "interfaces": ["isp0"], "service-sockets-max-retries": 100, "service-sockets-retry-wait-time": 200 },
    "lease-database": { "type": "memfile", "persist": false },
    "valid-lifetime": 600,
    "subnet4": [ { "id": 1, "subnet": "203.0.113.0/24", "interface": "isp0",
                   "pools": [ { "pool": "203.0.113.50-203.0.113.99" } ],
                   "option-data": [ { "name": "routers", "data": "203.0.113.1" },
                                    { "name": "domain-name-servers", "data": "203.0.113.53" },
                                    { "name": "domain-name", "data": "isp.example" } ] } ] } }
KEA

# ---- the router ----

sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1 net.ipv6.conf.default.accept_ra=0
ports ge1
ip link set dev ge0 up
client noarp 'option subnet_mask, routers, classless_static_routes' 'option domain_name_servers, domain_name, ntp_servers' \
    'option dhcp6_name_servers, dhcp6_domain_search, dhcp6_sntp_servers'
conf 'subnet ge0 1 ge0 0x0000 ::feed' 'subnet ge0 1 ge1 0x0001 ::1' 'nat66 npt0 ge0 fd00:192:168:1::/64' \
    'nameserver dhcp6:ge0' 'nameserver dhcp:ge0' 'check default4 route 0.0.0.0/0' 'check default6 route ::/0' \
    'route 2001:db8:10::/48 ra:ge0 5 -' 'route 10.0.0.0/8 dhcp:ge0 5 -'
translation
follow_news

kea6 2001:db8:1200:: 20 30 4
KEA_PIDFILE_DIR=/tmp/kea ip netns exec isp kea-dhcp4 -c /tmp/kea/dhcp4.conf >/tmp/kea4.log 2>&1 &
dhcpcd -q -B >/tmp/dhcpcd.log 2>&1 &

that 'the subnet on the port that asked' await 20 sh -c 'ip -o -6 address show dev ge0 | grep -q 2001:db8:1200::feed/64'
that 'the subnet on the LAN' await 5 sh -c 'ip -o -6 address show dev ge1 | grep -q 2001:db8:1200:1::1/64'
that 'the rest leads nowhere' has 'ip -6 route' 'unreachable 2001:db8:1200::/56'
that 'the map' await 5 sh -c 'nft list map ip6 seilc npt0_out | grep -q "fd00:192:168:1::/64 : 2001:db8:1200::/64"'
that 'a default route by RA, of the distance' await 10 sh -c 'ip -6 route show default | grep -q "via fe80::15b dev ge0 .*metric 1 "'
that 'a default route by DHCP, of the distance' await 15 sh -c 'ip route show default | grep -q "via 203.0.113.1 dev ge0 .*metric 1 "'
that 'ready for IPv4' "$seilc/check" default4
that 'ready for IPv6' "$seilc/check" default6
that 'other routes through the learned routers' await 5 sh -c 'ip route show 10.0.0.0/8 | grep -q 203.0.113.1'
that 'of both families' await 5 sh -c 'ip -6 route show 2001:db8:10::/48 | grep -q fe80::15b'
that 'name servers' await 5 grep -q 'nameserver 203.0.113.53' /run/seilc/resolv.conf
that 'of both protocols' await 5 grep -q 'nameserver 2001:db8:ffff::53' /run/seilc/resolv.conf

first=$(sed -n 's/received //p' "$learned/ge0.dhcp6")
that 'renewals reach the state file' await 15 sh -c "[ \"\$(sed -n 's/received //p' $learned/ge0.dhcp6)\" -gt $first ]"
that 'and the address' await 5 sh -c 'ip -6 address show dev ge1 | grep -qE "valid_lft (2[5-9]|30)sec"'

# An advertisement every 4 s that says nothing new is no news.
await 10 sh -c '! [ -e /run/dhcpcd/seil/changed ]'
stamp=$(stat -c %Y%i "$learned/ge0.ra")
sleep 5
same 'advertisements that say nothing new change nothing' "$stamp" "$(stat -c %Y%i "$learned/ge0.ra")"

# ---- the provider delegates another prefix ----

silence
kea6 2001:db8:3400:: 20 30 4
that 'the new subnet on the LAN' await 60 sh -c 'ip -o -6 address show dev ge1 | grep -q 2001:db8:3400:1::1/64'
that_not 'without the old one' has 'ip -6 address show dev ge1' 2001:db8:1200
that 'the new map' await 5 sh -c 'nft list map ip6 seilc npt0_out | grep -q "fd00:192:168:1::/64 : 2001:db8:3400::/64"'

# ---- the link is lost and comes back ----

ip -n isp link set dev isp0 down
that 'without link no prefix' await 10 sh -c '! ip -6 address show dev ge0 | grep -q feed'
that_not 'not ready for IPv4' "$seilc/check" default4
that_not 'not ready for IPv6' "$seilc/check" default6
ip -n isp link set dev isp0 up
isp_addresses
that 'with it all is back' await 40 sh -c 'ip -o -6 address show dev ge0 | grep -q 2001:db8:3400::feed/64'
that 'ready for IPv6 again' await 20 "$seilc/check" default6
that 'ready for IPv4 again' await 20 "$seilc/check" default4

# ---- dhcpcd stops: nothing is taken away ----

dhcpcd -x >/dev/null 2>&1
sleep 0.5
that 'an exit of dhcpcd leaves the address' has 'ip -6 address show dev ge0' 2001:db8:3400::feed
that 'and the default route' "$seilc/check" default6

finish
