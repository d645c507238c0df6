#!/bin/bash
# flets.sh - a whole router: the Flets example's bundle on a booted Debian, between a provider and a LAN.
#
# Its tunnel ends at the provider's AFTR; a kernel without tunnels is replaced by Debian's in a virtual machine.
# shellcheck disable=SC2317,SC2034 # functions and variables are lib.sh's to use
name=flets
needs=ip6tnl
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

aftr=2001:db8:f1aa::1
delegated=2001:db8:1200:100

provider_files()
{
    cat >"$1/radvd.conf" <<'RADVD'
interface wan0 {
    AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
    AdvManagedFlag on; AdvOtherConfigFlag on;
};
RADVD
    delegate_from "$1" "$delegated"
}

# delegate_from DIRECTORY PREFIX: the /56 that Kea hands out.
delegate_from()
{
    cat >"$1/kea6.conf" <<KEA
{"Dhcp6": {$kea_patience,
  "preferred-lifetime": 12600, "valid-lifetime": 14400, "renew-timer": 20, "rebind-timer": 40,
  "subnet6": [{"id": 1, "subnet": "2001:db8:ffff::/64", "interface": "wan0",
    "pd-pools": [{"prefix": "$2::", "prefix-len": 56, "delegated-len": 56}]}]}}
KEA
}

provider_daemons()
{
    isp ip address add "$aftr/128" dev lo
    serve wan-radvd /usr/sbin/radvd -n -C /bundles/radvd.conf -p /tmp/radvd.pid -m stderr
    serve wan-kea6 /usr/sbin/kea-dhcp6 -c /bundles/kea6.conf
}

# Kea hands out prefixes without routes to them; the AFTR knows the contract's fixed address.
provider_port()
{
    isp ip -6 route replace "$delegated::/56" via fe80::ff:fe00:10 dev wan0
    isp ip -6 tunnel del tunnel0 2>/dev/null
    isp ip -6 tunnel add tunnel0 mode ipip6 local "$aftr" remote "$delegated::feed" encaplimit none
    isp ip link set dev tunnel0 up
    isp ip route replace 198.51.100.7/32 dev tunnel0
}

looks_right()
{
    that 60 "$1: ge0 has the delegated address" shows "$delegated::feed/64" router ip -6 address show dev ge0
    that 30 "$1: the default route of IPv6 is learned" shows 'default via fe80::1 dev ge0 .*metric 1 ' router ip -6 route show
    that 30 "$1: the tunnel follows the address" shows "ip/ipv6 remote $aftr local $delegated::feed " router ip -6 tunnel show tunnel0
    that 10 "$1: it has no encapsulation limit" shows 'encaplimit none' router ip -6 tunnel show tunnel0
    that 10 "$1: its MTU" shows 'mtu 1460' router ip link show dev tunnel0
    that 10 "$1: the default route of IPv4 is the tunnel" shows 'default dev tunnel0 .*metric 1' router ip route show
    that 10 "$1: the fixed address" shows '198.51.100.7/32' router ip address show dev lo
    that 10 "$1: the NAT66 map has the prefix" shows "fd00:192:168:1::/64 : $delegated::/64" router nft list table ip6 seilc
    that 10 "$1: NAPT to the fixed address" shows 'snat to 198.51.100.7' router nft list table ip seilc
    is_master "$1" 192.168.1.2
    that 60 "$1: the host has an address of the ULA" shows 'fd00:192:168:1:[0-9a-f:]*/64' lan ip -6 address show dev eth0
    that 60 "$1: IPv4 leaves as 198.51.100.7, with an MSS that fits the tunnel" asks '^198\.51\.100\.7 14(08|20)$' 192.0.2.80
    that 60 "$1: IPv6 leaves with the delegated prefix and the same interface ID" asks "^$delegated:0:ff:fe00:21 " 2001:db8:80::80
    that 20 "$1: hosts are reached from outside by that address" isp ping -c 1 -W 1 "$delegated:0:ff:fe00:21"
}

# The provider renumbers its customer.
delegate_another()
{
    delegated=2001:db8:1200:200
    delegate_from "$scratch/isp/bundles" "$delegated"
    isp systemctl restart wan-kea6
    isp_port
}

prove()
{
    that 1 'the provider boots' start_provider || return
    start_router || return
    looks_right installed
    that 30 'RA: source, virtual MAC, prefix, lifetimes, RDNSS' ra_is_right fd00:192:168:1::/64
    that 30 'a host gets a lease from the pool' lease_is_right '1[5-9][0-9]|2[0-4][0-9]' 192.168.1.2

    isp ip link set dev wan0 down
    is_no_master 'link lost'
    isp_port
    looks_right 'link back'

    delegate_another
    looks_right 'another prefix'

    reboot_before_switch || return
    looks_right rebooted
}

stack_main "$@"
