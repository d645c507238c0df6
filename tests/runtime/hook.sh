#!/bin/sh
# hook.sh - dhcpcd-hook: what it keeps of what dhcpcd says, and what it refuses.
# shellcheck disable=SC2016  # what looks like shell in quotes is meant to stay so
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"


# hook NAME=VALUE...: runs it with that environment alone.
hook()
{
    env -i PATH="$PATH" interface=ge0 "$@" "$seilc/dhcpcd-hook"
}

# kept PROTOCOL: the file without the time of reception.
kept()
{
    grep -v '^received ' "$learned/ge0.$1" 2>/dev/null
}

# news: whether the flag is up; takes it down.
news()
{
    rm "$learned/changed" 2>/dev/null
}

# ---- DHCPv6 ----

bound6()
{
    hook reason="$1" new_dhcp6_ia_pd1_iaid=00000001 new_dhcp6_ia_pd1_prefix1="$2" \
        new_dhcp6_ia_pd1_prefix1_length="$3" new_dhcp6_ia_pd1_prefix1_pltime="$4" \
        new_dhcp6_ia_pd1_prefix1_vltime="$5"
}

bound6 BOUND6 2001:db8:1200:: 56 12600 14400
same 'a delegated prefix is kept with IAID and lifetimes' 'prefix 1 2001:db8:1200::/56 12600 14400' "$(kept dhcp6)"
that 'and the flag is up' news
that 'with the time of reception' grep -qE '^received [0-9]+$' "$learned/ge0.dhcp6"
that 'world-readable, not writable' sh -c "[ \"\$(stat -c %a $learned/ge0.dhcp6)\" = 644 ]"
bound6 RENEW6 2001:db8:1200:: 56 12600 14400
bound6 REBIND6 2001:db8:3400:: 56 infinite 14400
same 'lifetimes that are no numbers' '' "$(kept dhcp6)"
bound6 REBIND6 2001:db8:3400:: 56 4294967295 4294967295
same 'infinite lifetimes' 'prefix 1 2001:db8:3400::/56 4294967295 4294967295' "$(kept dhcp6)"

# ago SECONDS: what was learned was received then.
ago()
{
    sed -i "s/^received .*/received $(($(cut -d . -f 1 /proc/uptime) - $1))/" "$learned/ge0.dhcp6"
}

bound6 BOUND6 2001:db8:3400:: 56 600 1200
ago 1190
news
hook reason=EXPIRE6 ifcarrier=up
same 'given up before its time it stays' 'prefix 1 2001:db8:3400::/56 600 1200' "$(kept dhcp6)"
that_not 'which is no news' news
that 'received when it was' sh -c "[ \$((\$(cut -d . -f 1 /proc/uptime) - \$(sed -n 's/received //p' $learned/ge0.dhcp6))) -ge 1190 ]"
ago 1200
hook reason=EXPIRE6 ifcarrier=up
that_not 'an expired prefix is gone' test -e "$learned/ge0.dhcp6"
that 'which is news' news
hook reason=EXPIRE6 ifcarrier=up
that_not 'expired again is no news' news
for reason in STOP6 RELEASE6; do
    bound6 BOUND6 2001:db8:3400:: 56 4294967295 4294967295
    hook reason=$reason ifcarrier=up
    that_not "after $reason it is gone at once" test -e "$learned/ge0.dhcp6"
done
news

# Without link: put aside until a Rebind has been tried.
bound6 BOUND6 2001:db8:3400:: 56 600 1200
ago 100
news
hook reason=EXPIRE6 ifcarrier=down
that_not 'without link no prefix' test -e "$learned/ge0.dhcp6"
that 'which is news, too' news
hook reason=CARRIER ifcarrier=up
that_not 'a link alone brings none back' test -e "$learned/ge0.dhcp6"
hook reason=EXPIRE6 ifcarrier=up
same 'silence does' 'prefix 1 2001:db8:3400::/56 600 1200' "$(kept dhcp6)"
that 'as news' news
hook reason=EXPIRE6 ifcarrier=down
hook reason=TIMEOUT6 ifcarrier=up
same 'in the words of dhcpcd 10, too' 'prefix 1 2001:db8:3400::/56 600 1200' "$(kept dhcp6)"
ago 1200
hook reason=EXPIRE6 ifcarrier=down
hook reason=TIMEOUT6 ifcarrier=up
same 'not when its time is over' changed "$(ls "$learned")"
bound6 BOUND6 2001:db8:3400:: 56 600 1200
hook reason=EXPIRE6 ifcarrier=down
bound6 REBIND6 2001:db8:5600:: 56 600 1200
same 'a server has the last word' 'prefix 1 2001:db8:5600::/56 600 1200' "$(kept dhcp6)"
hook reason=STOP6 ifcarrier=up
hook reason=TIMEOUT6 ifcarrier=up
same 'and nothing is left of the old one' changed "$(ls "$learned")"
news

hook reason=BOUND6 new_dhcp6_ia_pd1_iaid=00000001 new_dhcp6_ia_pd2_iaid=0000000a \
    new_dhcp6_ia_pd2_prefix1=2001:db8:a00:: new_dhcp6_ia_pd2_prefix1_length=48 \
    new_dhcp6_ia_pd2_prefix1_pltime=1 new_dhcp6_ia_pd2_prefix1_vltime=2 \
    new_dhcp6_ia_pd2_prefix2=2001:db8:b00:: new_dhcp6_ia_pd2_prefix2_length=48 \
    new_dhcp6_ia_pd2_prefix2_pltime=1 new_dhcp6_ia_pd2_prefix2_vltime=2 \
    new_dhcp6_name_servers='2001:db8::53 2001:DB8::54 fe80::1 ::1x 192.0.2.53' \
    new_dhcp6_sntp_servers=2001:db8::123 new_dhcp6_domain_search='a.example b;c.example'
same 'several IAs, prefixes, servers and names' "prefix 10 2001:db8:a00::/48 1 2
prefix 10 2001:db8:b00::/48 1 2
dns 2001:db8::53
dns 2001:DB8::54
dns 192.0.2.53
ntp 2001:db8::123
domain a.example" "$(kept dhcp6)"
news

# Hostile prefixes, one a line: PREFIX|LENGTH|PREFERRED|VALID|IAID.  None may leave a prefix line.
wrong=
while IFS='|' read -r prefix length preferred valid iaid; do
    hook reason=BOUND6 new_dhcp6_ia_pd1_iaid="$iaid" new_dhcp6_ia_pd1_prefix1="$prefix" \
        new_dhcp6_ia_pd1_prefix1_length="$length" new_dhcp6_ia_pd1_prefix1_pltime="$preferred" \
        new_dhcp6_ia_pd1_prefix1_vltime="$valid"
    [ -z "$(kept dhcp6)" ] || wrong="$wrong$newline$prefix|$length|$preferred|$valid|$iaid: $(kept dhcp6)"
done <<'TABLE'
2001:db8::;touch /tmp/owned|56|1|2|00000001
$(touch /tmp/owned)|56|1|2|00000001
`touch /tmp/owned`|56|1|2|00000001
2001:db8::|56;touch /tmp/owned|1|2|00000001
2001:db8::|129|1|2|00000001
2001:db8::|-1|1|2|00000001
2001:db8::||1|2|00000001
2001:db8::|56|3|2|00000001
2001:db8::|56|-1|2|00000001
2001:db8::|56|1|99999999999|00000001
2001:db8::|56|1|$(touch /tmp/owned)|00000001
2001:db8::|56|1|2|1;touch /tmp/owned
2001:db8::|56|1|2|a[$(touch /tmp/owned)]
2001:db8::|56|1|2|
2001:db8::|56|1|2|0000000001
192.0.2.1|24|1|2|00000001
2001:db8:: ::1|56|1|2|00000001
TABLE
same 'hostile prefixes leave nothing' '' "$wrong"
bound6 BOUND6 "2001:db8::${newline}dns 2001:db8::666" 56 1 2
same 'a newline makes no line' '' "$(kept dhcp6)"
that_not 'and nothing was run' test -e /tmp/owned
hook reason=BOUND6 new_dhcp6_name_servers="2001:db8::53${newline}router ::1" \
    new_dhcp6_domain_search="$(printf '%0300d' 0) * $(printf 'a\033[2J')" new_dhcp6_sntp_servers='/etc/* ~ -x :: ff02::1 127.0.0.1 0.0.0.0 224.0.0.1 ::ffff:1.2.3.4'
same 'hostile servers and names leave nothing' '' "$(kept dhcp6)"
hook reason=BOUND6 new_dhcp6_name_servers="$(seq -f '2001:db8::%g' -s ' ' 1 5000)"
same 'a long list is cut' 4 "$(kept dhcp6 | wc -l)"
hook reason=BOUND6 interface='../../tmp/owned' new_dhcp6_name_servers=2001:db8::53
hook reason=BOUND6 interface='a b' new_dhcp6_name_servers=2001:db8::53
hook reason=BOUND6 interface= new_dhcp6_name_servers=2001:db8::53
same 'a port that is no port is not written' "changed${newline}ge0.dhcp6" "$(ls "$learned")"
news

# ---- DHCPv4 ----

hook reason=BOUND new_ip_address=203.0.113.50 new_routers='203.0.113.1 203.0.113.2' \
    new_domain_name_servers='203.0.113.53 1.2.3 203.0.113.54' new_ntp_servers=203.0.113.123 \
    new_domain_name='isp.example other'
same 'a DHCPv4 lease' "router 203.0.113.1
dns 203.0.113.53
dns 203.0.113.54
ntp 203.0.113.123
domain isp.example" "$(kept dhcp4)"
that 'is news' news
hook reason=RENEW new_routers=203.0.113.1 new_classless_static_routes='10.0.0.0/8 203.0.113.7 0.0.0.0/0 203.0.113.9'
same 'classless routes replace the router' 'router 203.0.113.9' "$(kept dhcp4)"
hook reason=RENEW new_routers=203.0.113.1 new_classless_static_routes='10.0.0.0/8 203.0.113.7'
that_not 'even without a default one' test -e "$learned/ge0.dhcp4"
hook reason=RENEW new_routers=203.0.113.1 new_classless_static_routes='0.0.0.0/0 0.0.0.0'
that_not 'and if it is on the link' test -e "$learned/ge0.dhcp4"
hook reason=BOUND new_routers=203.0.113.1 new_domain_name_servers='203.0.113.53 203.0.113.54' \
    new_ntp_servers=203.0.113.123 new_domain_name=isp.example
news
hook reason=RENEW new_routers=203.0.113.1 new_domain_name_servers='203.0.113.53 203.0.113.54' \
    new_ntp_servers=203.0.113.123 new_domain_name=isp.example
that_not 'the same lease again is not' news
hook reason=REBIND new_routers='203.0.113.1;id' new_domain_name='$(id)'
that_not 'hostile values leave nothing' test -e "$learned/ge0.dhcp4"
hook reason=BOUND new_routers=203.0.113.1
hook reason=EXPIRE old_routers=203.0.113.1
that_not 'an expired lease is gone' test -e "$learned/ge0.dhcp4"
news

# ---- RA ----

advert()
{
    hook reason=ROUTERADVERT nd1_from="$1" nd1_lifetime="$2" nd1_prefix_information1_prefix="$3" \
        nd1_prefix_information1_length=64 nd1_prefix_information1_flags="$4" \
        nd1_prefix_information1_pltime=900 nd1_prefix_information1_vltime=1800 \
        nd1_rdnss1_servers=2001:db8::53 nd1_dnssl1_search=isp.example "nd1_now=$5"
}

advert fe80::1 30 2001:db8:ffff:: LA 1000
same 'an advertisement' "router fe80::1
prefix 2001:db8:ffff::/64 900 1800
dns 2001:db8::53
domain isp.example" "$(kept ra)"
that 'is news' news
advert fe80::1 30 2001:db8:ffff:: LA 1010
that_not 'the same again is not' news
advert fe80::1 0 2001:db8:ffff:: L 1020
same 'no router with lifetime 0, no prefix without A' "dns 2001:db8::53${newline}domain isp.example" "$(kept ra)"
advert 2001:db8::bad 30 '2001:db8::;id' LA 1020
same 'a router that is not link-local, a hostile prefix' "dns 2001:db8::53${newline}domain isp.example" "$(kept ra)"
hook reason=ROUTERADVERT
that_not 'no router any more' test -e "$learned/ge0.ra"
news

# ---- the life of a port ----

bound6 BOUND6 2001:db8:1200:: 56 12600 14400
hook reason=BOUND new_routers=203.0.113.1
advert fe80::1 30 2001:db8:ffff:: LA 1000
news
for reason in PREINIT CARRIER NOCARRIER STOPPED UNKNOWN '$(touch /tmp/owned)'; do
    hook reason="$reason"
done
that_not 'carrier and exit of dhcpcd are no news' news
hook reason=EXPIRE6 ifcarrier=down
hook reason=DEPARTED
same 'a port that is gone leaves nothing' changed "$(ls "$learned")"
that_not 'nothing was run' test -e /tmp/owned

# Two at once: each file is whole.
for n in 1 2 3 4 5 6 7 8; do
    bound6 BOUND6 "2001:db8:${n}00::" 56 1 2 &
done
wait
same 'eight at once leave one whole file' 2 "$(wc -l <"$learned/ge0.dhcp6")"
same 'and no rubbish' "changed${newline}ge0.dhcp6" "$(ls "$learned")"

finish
