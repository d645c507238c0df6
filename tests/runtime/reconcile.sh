#!/bin/sh
# reconcile.sh - reconcile against the kernel: state files in, addresses, tunnels, routes and maps out.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

stub_systemctl

address()
{
    ip -o -6 address show dev "$1" scope global
}

# lasts PORT VALID PREFERRED: the lifetimes of its only address, up to a minute less on a slow machine.
lasts()
{
    lasts_text=$(address "$1")
    lasts_valid=${lasts_text##*valid_lft }
    lasts_preferred=${lasts_text##*preferred_lft }
    near "$2" "${lasts_valid%%sec*}" && near "$3" "${lasts_preferred%%sec*}"
}

near()
{
    [ "$2" -le "$1" ] && [ "$2" -gt $(($1 - 60)) ]
}

ports ge0 ge1
ip address add 192.168.1.2/24 dev ge1
ip address add 198.51.100.7/32 dev lo

# ---- addresses ----

conf '# a comment' '' 'subnet ge0 1 ge0 0x0000 ::feed' 'subnet ge0 1 ge1 0x0001 ::1'
that 'nothing learned, nothing done' run
same 'and nothing said' '' "$said"
same 'the status is 0' 0 "$run_status"

delegate 2001:db8:1200::/56
: >"$learned/changed"
run
that 'an address on the requesting port' has 'ip -o -6 address show dev ge0' 'inet6 2001:db8:1200::feed/64'
that 'an address on the LAN port' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:1200:1::1/64'
that 'valid as long as the delegation' lasts ge1 1200 600
that 'usable at once' has 'ip -6 route get 2001:db8:1200:1::9' 'dev ge1'
that_not 'the flag is taken' test -e "$learned/changed"
same 'one route for the rest of it' 1 "$(ip -6 route show type unreachable | grep -c '^unreachable 2001:db8:1200::/56 ')"
same 'one line for each' 2 "$(printf '%s\n' "$said" | grep -c '^reconcile: ge')"
run
same 'a second run has nothing to say' '' "$said"

delegate 2001:db8:1200::/56 600 1200 100
run
that 'lifetimes count from reception' lasts ge0 1100 500
delegate 2001:db8:1200::/56 600 1200 700
run
that 'preferred no more' lasts ge0 500 0
delegate 2001:db8:1200::/56 4294967295 4294967295
run
that 'for ever' has 'ip -6 address show dev ge0' 'valid_lft forever preferred_lft forever'

ip -6 address flush dev ge1 scope global
run
that 'what was taken away comes back' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:1200:1::1/64'

delegate 2001:db8:3400::/56
run
same 'a new prefix replaces the old one on ge0' 1 "$(address ge0 | wc -l)"
same 'and its rest that of the old one' 'unreachable 2001:db8:3400::/56' "$(ip -6 route show type unreachable | cut -d ' ' -f 1,2)"
that 'on ge1 too' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:3400:1::1/64'
same 'and only it' 1 "$(address ge1 | wc -l)"
that 'the old one is remembered for the hosts' grep -q '^2001:db8:1200:1::/64 ' /run/seilc/old.ge1

rm "$learned/ge0.dhcp6"
run
same 'an expired prefix takes its addresses with it' '' "$(address ge0)$(address ge1)"
same 'and the routes to their networks' '' "$(ip -6 route show root 2001:db8::/32)"
delegate 2001:db8:3400::/56
run
that_not 'a prefix that is back is no old one' grep -q '^2001:db8:3400:1::/64 ' /run/seilc/old.ge1

learn ge0.dhcp6 "received $(cut -d . -f 1 /proc/uptime)" 'prefix 2 2001:db8:5600::/56 600 1200'
run
same 'another IAID is not ours' '' "$(address ge0)"
delegate 2001:db8:5600::/56 600 1200 2000
run
same 'a delegation that is over is none' '' "$(address ge0)"
same 'nor does it lead nowhere' '' "$(ip -6 route show type unreachable)"
delegate 2001:db8:5600::/64
run
that 'a /64 has subnet 0' has 'ip -o -6 address show dev ge0' 'inet6 2001:db8:5600::feed/64'
same 'and no subnet 1' '' "$(address ge1)"
same 'and no rest' '' "$(ip -6 route show type unreachable)"
that 'which is said' holds "$said" 'subnet 0x0001 does not fit into 2001:db8:5600::/64'

ip -6 address add 2001:db8:77::77/64 dev ge0 nodad
rm "$learned/ge0.dhcp6"
run
that 'an address of somebody else stays' has 'ip -o -6 address show dev ge0' 'inet6 2001:db8:77::77/64'
ip -6 address del 2001:db8:77::77/64 dev ge0

# A port that is down or missing is served when it comes.
ip link set dev ge1 down
delegate 2001:db8:1200::/56
run
same 'nothing on a port that is down' '' "$(address ge1)"
same 'and nothing said of it' '' "$(printf '%s\n' "$said" | grep ge1)"
ip link set dev ge1 up
run
that 'but when it is up' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:1200:1::1/64'

# Hostile state: LINES|what must be on ge0 (nothing).
wrong=
while IFS= read -r line; do
    printf 'received %s\n%s\n' "$(cut -d . -f 1 /proc/uptime)" "$line" >"$learned/ge0.dhcp6"
    run
    [ -z "$(address ge0)" ] || wrong="$wrong$newline$line"
done <<'TABLE'
prefix 1 2001:db8:1200::/56;touch${IFS}/tmp/owned 600 1200
prefix 1 $(touch /tmp/owned)/56 600 1200
prefix 1 2001:db8:1200::/56 $(touch /tmp/owned) 1200
prefix 1 2001:db8:1200::/56 600 a[$(touch${IFS}/tmp/owned)]
prefix 1 2001:db8:1200::/56 600 -1
prefix 1 2001:db8:1200::/56 600
prefix 1 2001:db8:1200:: 600 1200
prefix 1 /56 600 1200
prefix 1 ::/56 600 1200
prefix 1 fe80::/56 600 1200
prefix 1 ff00::/56 600 1200
prefix 1 ::ffff:0:0/56 600 1200
prefix 1 2001:db8:1200::/129 600 1200
prefix 1
prefix
received 99999999999999999999
*
TABLE
same 'hostile state gives nothing' '' "$wrong"
that_not 'and runs nothing' test -e /tmp/owned
head -c 100000 /dev/urandom >"$learned/ge0.dhcp6"
run
same 'random bytes give nothing' '' "$(address ge0)"
learn ge0.dhcp6 'received a[$(touch /tmp/owned)]' 'prefix 1 2001:db8:1200::/56 600 1200'
run
that_not 'a hostile time runs nothing' test -e /tmp/owned

delegate 2001:db8:1200::/56
conf 'subnet ge0 1 ge0 0x0000 ::feed extra' 'subnet ge0;id 1 ge0 0 ::1' 'subnet ge0 x ge0 0 ::1' 'subnet' \
    'route ::/0 dev:x;id 1 -' 'tunnel t any6 dev:ge0 ::1 99999999999 0 64' 'nat66 a;b ge0 fd00::/64' \
    'ra-address ge0;id ::1' 'nameserver $(touch /tmp/owned)' 'bogus record' 'subnet ge0 1 ge1 0x0002 ::1'
run
same 'eight wrong lines are named' 8 "$(printf '%s\n' "$said" | grep -c 'not understood')"
that 'the good one is done' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:1200:2::1/64'
that_not 'and nothing is run' test -e /tmp/owned

# ---- addresses by RA ----

conf 'ra-address ge0 ::1:2:3:4'
learn ge0.ra 'router fe80::15b' 'prefix 2001:db8:ffff::/64 900 1800' 'prefix 2001:db8:eeee::/60 900 1800'
run
that 'the advertised prefix and our id' has 'ip -o -6 address show dev ge0' 'inet6 2001:db8:ffff:0:1:2:3:4/64'
same 'of a /64 only' 1 "$(address ge0 | wc -l)"
learn ge0.ra 'router fe80::15b' 'prefix 2001:db8:ffff::/64 0 1800'
run
that 'deprecated when it is' has 'ip -6 address show dev ge0' 'preferred_lft 0sec'
rm "$learned/ge0.ra"
run
same 'gone when it is' '' "$(address ge0)"

# ---- learned gateways ----

conf 'route 10.0.0.0/8 dhcp:ge1 5 -' 'route 2001:db8:10::/48 ra:ge0 7 -' 'route 0.0.0.0/0 dhcp:ge1 9 192.168.1.2'
learn ge1.dhcp4 'router 192.168.1.254'
learn ge0.ra 'router fe80::15b'
run
that 'through the DHCP router' has 'ip route show 10.0.0.0/8' 'via 192.168.1.254 dev ge1'
that 'with its distance' has 'ip route show 10.0.0.0/8' 'metric 5'
that 'with a source' has 'ip route show default' 'src 192.168.1.2 metric 9'
that 'through the RA router' has 'ip -6 route show 2001:db8:10::/48' 'via fe80::15b dev ge0'
run
same 'a second run has nothing to say about routes' '' "$said"
learn ge1.dhcp4 'router 192.168.1.253'
run
same 'another router, one route' '10.0.0.0/8 via 192.168.1.253 dev ge1 proto 94 metric 5' \
    "$(ip route show 10.0.0.0/8 | sed 's/ *$//')"
learn ge1.dhcp4 'router 192.168.1.253;id'
rm "$learned/ge0.ra"
run
same 'no routers, no routes' '' "$(ip route show proto 94)$(ip -6 route show proto 94)"
conf 'route ::/0 ra:ge0 1 -' 'route ::/0 ra:ge1 1 -' 'route 10.0.0.0/8 dhcp:ge0 5 -' 'route 10.0.0.0/8 dhcp:ge1 5 -'
ip address add 203.0.113.50/24 dev ge0
learn ge0.ra 'router fe80::15b'
learn ge1.ra 'router fe80::15c'
learn ge0.dhcp4 'router 203.0.113.1'
learn ge1.dhcp4 'router 192.168.1.254'
run
same 'two gateways at one distance' 2 "$(ip -6 route show default | grep -c via)"
same 'of both families' 2 "$(ip route show 10.0.0.0/8 | grep -c via)"
run
same 'a second run has nothing to say about two' '' "$said"
rm "$learned/ge1.ra" "$learned/ge1.dhcp4"
run
that 'one is left' has 'ip -6 route show default; ip route show 10.0.0.0/8' 'via fe80::15b dev ge0'
same 'in both families' '1 1' \
    "$(ip -6 route show default | grep -c via) $(ip route show 10.0.0.0/8 | grep -c 'via 203.0.113.1 dev ge0')"
rm -f "$learned"/*
run
ip route add 10.99.0.0/16 via 192.168.1.254 proto static
conf ''
run
that 'a static route is not ours to take' has 'ip route' 10.99.0.0/16
rm -f "$learned"/*

# ---- prefix translation ----

translation
map()
{
    nft list map ip6 seilc "$1" | sed -n 's/.*elements = { \(.*\) }/\1/p'
}
conf 'subnet ge0 1 ge0 0 ::feed' 'nat66 npt0 ge0 fd00:192:168:1::/64'
run
same 'no prefix, an empty map, nothing said' '' "$(map npt0_out)$said"
delegate 2001:db8:1200::/56
run
same 'outbound' 'fd00:192:168:1::/64 : 2001:db8:1200::/64' "$(map npt0_out)"
same 'inbound' '2001:db8:1200::/64 : fd00:192:168:1::/64' "$(map npt0_in)"
run
same 'a second run has nothing to say about maps' '' "$said"
delegate 2001:db8:3400::/56
run
same 'another prefix' 'fd00:192:168:1::/64 : 2001:db8:3400::/64' "$(map npt0_out)"
same 'both ways' '2001:db8:3400::/64 : fd00:192:168:1::/64' "$(map npt0_in)"
nft flush map ip6 seilc npt0_out
run
same 'an emptied map is filled' 'fd00:192:168:1::/64 : 2001:db8:3400::/64' "$(map npt0_out)"
rm "$learned/ge0.dhcp6"
run
same 'no prefix any more' '' "$(map npt0_out)$(map npt0_in)"
nft delete table ip6 seilc
delegate 2001:db8:1200::/56
run
same 'without the table nothing is said of it' '' "$(printf '%s\n' "$said" | grep npt0)"

# ---- servers ----

conf 'nameserver 2001:db8::1' 'nameserver dhcp:ge0' 'nameserver dhcp6:ge0' 'search example.net' 'ntp dhcp6:ge0'
learn ge0.dhcp4 'dns 203.0.113.53'
learn ge0.dhcp6 "received 1" 'dns 2001:db8:ffff::53' 'dns ;id' 'ntp 2001:db8:ffff::123' 'domain isp.example'
run
same 'resolv.conf in order' 'nameserver 2001:db8::1
nameserver 203.0.113.53
nameserver 2001:db8:ffff::53
search example.net' "$(grep -v '^#' /run/seilc/resolv.conf)"
same 'time servers' 'server 2001:db8:ffff::123 iburst' "$(cat /run/chrony-dhcp/seilc.sources)"
run
same 'a second run has nothing to say about servers' '' "$said"
learn ge0.dhcp6 "received $(($(cut -d . -f 1 /proc/uptime) - 1200))" 'prefix 1 2001:db8:1200::/56 600 1200' 'dns 2001:db8:ffff::53'
run
that_not 'those of a delegation that is over are over' grep -q 2001:db8:ffff::53 /run/seilc/resolv.conf
rm -f "$learned"/*
run
same 'what is given stays' 'nameserver 2001:db8::1
search example.net' "$(grep -v '^#' /run/seilc/resolv.conf)"

# ---- farewell ----

conf 'subnet ge0 1 ge1 1 ::1' 'ra ge1 vrrp6.61 fe80::5e:c0a8:102 0 O' 'ra-prefix ge1 auto 1200 LA'
mkdir -p /run/seilc/vrrp
echo 'MASTER 1 1' >/run/seilc/vrrp/vrrp6.61
delegate 2001:db8:1200::/56
run
delegate 2001:db8:3400::/56
: >/tmp/systemctl
run
same 'a master tells the hosts of an old prefix' '--no-block restart seilc-deprecate@ge1.service' "$(cat /tmp/systemctl)"
echo 'BACKUP 1 1' >/run/seilc/vrrp/vrrp6.61
delegate 2001:db8:5600::/56
: >/tmp/systemctl
run
same 'a backup does not' '' "$(cat /tmp/systemctl)"

# ---- ends ----

mkdir -p /run/systemd/system
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>/tmp/timers\n' >/tmp/systemd-run.stub
chmod 755 /tmp/systemd-run.stub
mount --bind /tmp/systemd-run.stub "$(command -v systemd-run)"
: >/tmp/systemctl
delegate 2001:db8:1200::/56 300 600 100
learn ge1.dhcp6 "received $(cut -d . -f 1 /proc/uptime)" 'prefix 1 2001:db8:77::/56 100 4294967295' 'prefix 1 2001:db8:99::/56 0 0'
run
that 'a timer for the end that comes first' sh -c "grep -qE -- '--unit=seilc-next --on-active=(500|499) .* touch /run/seilc/changed' /tmp/timers"
same 'in place of another' 'stop seilc-next.timer' "$(cat /tmp/systemctl)"
run
same 'set once' 1 "$(wc -l </tmp/timers)"
delegate 2001:db8:1200::/56
run
same 'and again when that moves' 2 "$(wc -l </tmp/timers)"
rm "$learned/ge0.dhcp6"
run
same 'none for what does not end' '2 4294967295' "$(wc -l </tmp/timers) $(cat /run/seilc/next)"
same 'but the old one is stopped' 3 "$(grep -c 'stop seilc-next.timer' /tmp/systemctl)"
rm -r /run/systemd "$learned/ge1.dhcp6"

# ---- interruption ----

conf 'subnet ge0 1 ge0 0 ::feed' 'subnet ge0 1 ge1 1 ::1' 'route 2001:db8:10::/48 ra:ge0 7 -'
rm -f "$learned"/* /run/seilc/addresses
ip -6 address flush dev ge0 scope global
ip -6 address flush dev ge1 scope global
wrong=
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    delegate "2001:db8:${n}00::/56"
    learn ge0.ra "router fe80::$n"
    "$seilc/reconcile" 2>/dev/null &
    victim=$!
    sleep "0.0$((n * 5 % 60 / 10))$((n * 5 % 10))"
    kill -KILL $victim 2>/dev/null
    wait $victim
done
run
wrong="$(address ge0 | wc -l) $(address ge1 | wc -l) $(ip -6 route show 2001:db8:10::/48 | wc -l)"
same 'killed at any point, the next run finishes' '1 1 1' "$wrong"
that 'with the last prefix' has 'ip -o -6 address show dev ge1' 'inet6 2001:db8:1200:1::1/64'

for n in 1 2 3 4 5 6; do
    delegate "2001:db8:${n}00::/56"
    "$seilc/reconcile" 2>/dev/null &
done
wait
same 'six at once do not disturb each other' '1 1' "$(address ge0 | wc -l) $(address ge1 | wc -l)"

finish
