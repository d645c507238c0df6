#!/bin/bash
# starlink.sh - a whole router: the Starlink example's bundle on a booted Debian, between a provider and a LAN.
# shellcheck disable=SC2317,SC2034 # functions and variables are lib.sh's to use
name=starlink
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

provider_files()
{
    cat >"$1/radvd.conf" <<'RADVD'
interface wan0 {
    AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
    prefix 2001:db8:ffff::/64 { AdvValidLifetime 1200; AdvPreferredLifetime 600; };
};
RADVD
    cat >"$1/kea6.conf" <<KEA
{"Dhcp6": {$kea_patience,
  "preferred-lifetime": 600, "valid-lifetime": 1200,
  "subnet6": [{"id": 1, "subnet": "2001:db8:ffff::/64", "interface": "wan0",
    "pd-pools": [{"prefix": "2001:db8:1300::", "prefix-len": 56, "delegated-len": 56}]}]}}
KEA
    cat >"$1/kea4.conf" <<KEA
{"Dhcp4": {$kea_patience,
  "valid-lifetime": 600, "subnet4": [{"id": 1, "subnet": "100.64.0.0/10", "interface": "wan0",
    "pools": [{"pool": "100.64.1.10-100.64.1.20"}], "option-data": [{"name": "routers", "data": "100.64.0.1"}]}]}}
KEA
}

provider_daemons()
{
    serve wan-radvd /usr/sbin/radvd -n -C /bundles/radvd.conf -p /tmp/radvd.pid -m stderr
    serve wan-kea6 /usr/sbin/kea-dhcp6 -c /bundles/kea6.conf
    serve wan-kea4 /usr/sbin/kea-dhcp4 -c /bundles/kea4.conf
}

provider_port()
{
    isp ip address replace 100.64.0.1/10 dev wan0
    isp ip address replace 2001:db8:ffff::1/64 dev wan0 nodad
    isp ip -6 route replace 2001:db8:1300::/56 via fe80::ff:fe00:10 dev wan0
}

looks_right()
{
    that 60 "$1: ge0 has an address by DHCP" shows 'inet 100\.64\.1\.' router ip address show dev ge0
    that 10 "$1: and its alias" shows 'inet 192.168.100.2/24' router ip address show dev ge0
    that 30 "$1: the default route of IPv4" shows 'default via 100.64.0.1 dev ge0 .*metric 1' router ip route show
    that 30 "$1: the default route of IPv6" shows 'default via fe80::1 dev ge0 .*metric 1' router ip -6 route show
    that 60 "$1: ge1 has a subnet of the delegated prefix" shows 'inet6 2001:db8:1300:1::1/64' router ip address show dev ge1
    that 10 "$1: it forwards" shows ' = 1$' router sysctl net.ipv6.conf.all.forwarding
    that 10 "$1: NAPT" shows 'oifname "ge0" .*masquerade' router nft list table ip seilc
    is_master "$1" 192.168.1.3
    that 60 "$1: the host has an address of the prefix" shows 'inet6 2001:db8:1300:1:' lan ip -6 address show dev eth0
    that 60 "$1: IPv4 leaves with the learned address" asks '^100\.64\.1\.' 192.0.2.80
    that 60 "$1: IPv6 leaves as it is" asks '^2001:db8:1300:1:' 2001:db8:80::80
    that 20 "$1: hosts are reached from outside" isp ping -c 1 -W 1 2001:db8:1300:1:0:ff:fe00:21
}

prove()
{
    that 1 'the provider boots' start_provider || return
    start_router || return
    looks_right installed
    that 30 'RA: source, virtual MAC, prefix, lifetimes, RDNSS' ra_is_right 2001:db8:1300:1::/64
    that 30 'a host gets a lease from the pool' lease_is_right '[5-9][0-9]|1[0-4][0-9]' 192.168.1.3

    isp ip link set dev wan0 down
    is_no_master 'link lost'
    isp_port
    looks_right 'link back'

    reboot_before_switch || return
    looks_right rebooted
}

stack_main "$@"
