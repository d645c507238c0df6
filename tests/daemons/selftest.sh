#!/bin/bash
# selftest.sh - show that each checker of check-router can fail, and that a good router passes.
#
# good/ is a router made by hand. Each case breaks one file of a copy; exactly the checkers named
# must then say FAIL, on both Debian releases. Prints lines for tests/run.
# shellcheck disable=SC2317 # the cases call by name
set -u

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# The broken file's own words: in the copy's rootfs, replace by a sed expression, and see that it
# bites.
edit()
{
    local file=$1

    shift
    cp -- "$file" "$scratch/before"
    sed -i "$@" "$file"
    ! cmp -s -- "$file" "$scratch/before" || echo "selftest: the case changes nothing" >&2
}

append()
{
    printf '%s\n' "$2" >>"$1"
}

fresh_copy()
{
    rm -rf "$scratch/router"
    mkdir -p "$scratch/router"
    cp -a "$here/good" "$scratch/router/rootfs"
    # Git keeps no other modes.
    chmod -R u+rwX,go+rX,go-w "$scratch/router/rootfs"
}

# expect KIND "CHECKER..." DESCRIPTION COMMAND...: KIND is FAIL or skip.
expect()
{
    local kind=$1 wanted=$2 what=$3
    local got

    shift 3
    fresh_copy
    (cd "$scratch/router/rootfs" && "$@") >"$scratch/case" 2>&1 ||
        echo "selftest: '$*' failed" >>"$scratch/case"
    "$here/check-router" "$suite" "$scratch/router/rootfs" >"$scratch/output" 2>&1
    got=$(sed -n "s/^$kind \([^:]*\): .*/\1/p" "$scratch/output" | sort | paste -sd' ')
    [ "$kind" = FAIL ] || [ -z "$(sed -n '/^FAIL /p' "$scratch/output")" ] || got+=' and a failure'
    if [ "$got" = "$wanted" ] && [ ! -s "$scratch/case" ] && grep -q '^ok ' "$scratch/output"; then
        printf 'ok %s: %s: %s\n' "$suite" "${wanted:-all pass}" "$what"
    else
        printf 'not ok %s: %s: %s (got: %s)\n' "$suite" "${wanted:-all pass}" "$what" "${got:-none}"
        cat "$scratch/case" "$scratch/output" | grep -v '^ok ' | sed 's/^/    /'
        failed=1
    fi
}

breaks()
{
    expect FAIL "$@"
}

install_beside()
{
    printf '#!/bin/sh\necho %s\n' "$1" >../install
}

want_unit()
{
    mkdir -p etc/systemd/system/multi-user.target.wants
    ln -s "$1" etc/systemd/system/multi-user.target.wants/
}

keepalived_conf=etc/keepalived/keepalived.conf
units=etc/systemd/system
link_file=etc/systemd/network/10-seilc-ge1.link
routes=etc/seilc/routes.batch
sysctls=etc/sysctl.d/90-seilc.conf
hook=usr/lib/seilc/dhcpcd-hook
good_tunnel='tunnel0 type ip6tnl mode any local 2001:db8::1 remote 2001:db8::2 encaplimit none'

cases()
{
    breaks '' 'nothing is broken' true
    expect skip 'known-files' 'a file of no known kind' touch etc/seilc/unheard-of
    breaks modes 'a file that everybody may write' chmod 666 etc/hosts
    breaks hosts 'no address' append etc/hosts '192.168.1.999 printer'
    breaks hosts 'no name' append etc/hosts '192.168.1.9'
    breaks resolv.conf 'a server that is no address' append etc/resolv.conf 'nameserver 192.0.2.'
    breaks resolv.conf 'an unknown word' append etc/resolv.conf 'namserver 192.0.2.1'
    breaks hostname 'a space in the name' edit etc/hostname 's/$/ b/'
    breaks timezone 'a zone that is not there' ln -sf /usr/share/zoneinfo/Asia/Tokio etc/localtime
    breaks timezone 'two zones' edit etc/timezone 's/.*/UTC/'
    breaks modules 'two words on a line' append etc/modules-load.d/seilc.conf 'ip_gre nf_nat'
    breaks scripts "another shell's script" edit usr/lib/seilc/check '1s/sh$/bash/'
    breaks 'scripts shellcheck' 'an open if' append usr/lib/seilc/check 'if true; then'
    # shellcheck disable=SC2016 # the script's own variable
    breaks shellcheck 'a word unquoted' append usr/lib/seilc/check 'echo $1'
    # shellcheck disable=SC2016
    breaks shellcheck "a word unquoted in a bundle's installer" install_beside '$1'
    breaks 'scripts shellcheck' "an open quote in a bundle's installer" install_beside '"'

    breaks keepalived 'a misspelt word' edit "$keepalived_conf" 's/priority/priorty/'
    breaks keepalived 'a port that is not there' edit "$keepalived_conf" 's/ge1$/ge7/'
    breaks keepalived 'an interval out of range' \
        edit "$keepalived_conf" 's/\(advert_int\) 1/\1 400/'
    breaks keepalived 'a script that is not there' \
        edit "$keepalived_conf" 's,seilc/check,seilc/chekc,'
    breaks keepalived 'a VMAC name too long' \
        edit "$keepalived_conf" 's/use_vmac vrrp6.61/&.a-long-name/'
    breaks keepalived-start 'a global first IPv6 address' \
        edit "$keepalived_conf" 's/fe80::1/2001:db8::1/'
    breaks keepalived-start 'a check that cannot check' edit usr/lib/seilc/check 's/^exit 0/exit 2/'
    breaks '' 'a check that says no' edit usr/lib/seilc/check 's/^exit 0/exit 1/'
    breaks radvd 'a misspelt word' edit etc/radvd.conf 's/AdvOtherConfigFlag/AdvOtherConfFlag/'
    breaks radvd-start 'an interval out of range' edit etc/radvd.conf \
        -e 's/MaxRtrAdvInterval.*/MaxRtrAdvInterval 3;/' \
        -e 's/MinRtrAdvInterval.*/MinRtrAdvInterval 2;/'
    breaks kea 'a misspelt word' edit etc/kea/kea-dhcp4.conf 's/renew-timer/renew-time/'
    breaks kea 'a port that is not there' edit etc/kea/kea-dhcp4.conf 's/"ge1"/"ge7"/'
    breaks kea 'an address that the port lacks' \
        edit etc/kea/kea-dhcp4.conf 's,"ge1"\],"ge1/192.168.1.77"],'
    breaks kea 'a pool outside of the subnet' edit etc/kea/kea-dhcp4.conf 's/\.149/.1490/'
    breaks kea 'a file that the daemon may not read' chmod 600 etc/kea/kea-dhcp4.conf
    breaks kea 'a trailing comma' edit etc/kea/kea-dhcp4.conf 's/"192.168.1.10"}/"192.168.1.10",}/'
    breaks chrony 'a misspelt word' edit etc/chrony/chrony.conf 's/driftfile/drift-file/'
    breaks nftables 'a misspelt word' edit etc/seilc/nftables.nft 's/oifname/oifnam/'
    breaks nftables 'rules that pile up' edit etc/seilc/nftables.nft '/^delete/d'
    breaks nftables "others' tables flushed" edit etc/seilc/nftables.nft '1s/^/flush ruleset\n/'
    breaks mss 'an unknown target' edit etc/seilc/mss4.rules 's/TCPMSS/TCPMMS/'
    breaks mss 'no address family for it' edit etc/seilc/mss6.rules 's/-p tcp/-s 192.0.2.1 &/'
    breaks systemd 'a program that is not there' edit "$units/seilc-link@.service" 's,/link,/lnik,'
    breaks systemd 'a misspelt word' edit "$units/seilc-reconcile.path" 's/PathChanged/PathChangd/'
    breaks systemd 'a misspelt word in a drop-in' \
        edit "$units/radvd.service.d/seilc.conf" 's/Policy/Polcy/'
    breaks systemd 'a drop-in for no unit' mv "$units/radvd.service.d" "$units/ravd.service.d"
    breaks systemd 'a boot link to no unit' want_unit ../seilc-netwrok.service
    breaks udev 'a misspelt word' edit etc/udev/rules.d/90-seilc.rules 's/KERNEL/KERNL/'
    breaks link-files 'a misspelt word' edit "$link_file" 's/MACAddress/MACAdress/'
    breaks link-files "another link's" edit "$link_file" 's/^Name=.*/Name=ge0/'
    breaks batches 'a misspelt word' edit "$routes" '3s/metric/metrc/'
    breaks batches 'what cannot be done twice' edit "$routes" '1s/replace/add/'
    breaks batches 'a gateway out of reach' edit "$routes" 's/192.168.1.254/192.168.7.254/'
    breaks batches 'a tunnel with a misspelt word' append etc/seilc/links/tunnel0.batch \
        "link add dev ${good_tunnel/encaplimit/encaplimt}"
    breaks '' 'a tunnel that its batch makes' edit etc/seilc/links/tunnel0.batch \
        "1s/^/link replace dev $good_tunnel\\n/"
    breaks sysctl 'a key that is not there' append "$sysctls" 'net.ipv4.ip_forwarding = 1'
    breaks sysctl 'no value' append "$sysctls" 'net.ipv4.ip_forward 1'
    breaks sysctl 'a value that the kernel refuses' append "$sysctls" 'net.ipv4.ip_default_ttl = 0'
    breaks dhcpcd 'an unknown option' edit etc/dhcpcd.conf 's/^persistent/presistent/'
    breaks dhcpcd 'a bad value in an interface' append etc/dhcpcd.conf '    ia_pd 2 ge1/0/64/zz'
    breaks dhcpcd 'a port that is not there' edit etc/dhcpcd.conf 's/ge0/ge7/'
    breaks dhcpcd 'a hook that complains' edit "$hook" 's/^exit/echo no such state >\&2; exit/'
}

# One release after the other needs twice the time: both at once, their lines kept apart.
if [ $# -eq 1 ]; then
    suite=$1
    cases
    exit "$failed"
fi
"$0" trixie >"$scratch/trixie" 2>&1 &
suite=bookworm
cases
wait $! || failed=1
cat "$scratch/trixie"
exit "$failed"
