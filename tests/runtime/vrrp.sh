#!/bin/sh
# vrrp.sh - keepalived, radvd and the scripts between them: two routers, a LAN and what its hosts hear.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# This network namespace is router A with our scripts; B is a plain peer; host listens on the LAN.
for name in b lan host; do
    ip netns add $name
done
ip -n lan link add name br0 type bridge mcast_snooping 0
ip -n lan link set dev br0 up
ip link add dev ge1 type veth peer name a1 netns lan
ip -n b link add dev ge1 type veth peer name b1 netns lan
ip -n host link add dev eth0 type veth peer name h1 netns lan
ip link add dev ge0 type veth peer name a0 netns lan
for port in a1 b1 h1; do
    ip -n lan link set dev $port master br0 up
done
ip -n lan link set dev a0 up
ip -n host link set dev eth0 up

# router COMMAND-PREFIX... : the ground that keepalived stands on.
ground()
{
    "$@" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1 \
        net.ipv6.conf.default.forwarding=1 net.ipv4.conf.all.ignore_routes_with_linkdown=1 \
        net.ipv6.conf.all.ignore_routes_with_linkdown=1
    "$@" ip link set dev ge1 addrgenmode none
    "$@" ip link set dev ge1 up
}
ground env
ground ip netns exec b
ip address add fe80::5e:c0a8:102/64 dev ge1 nodad
ip address add 192.168.1.2/24 dev ge1
ip address add 2001:db8:1200:1::1/64 dev ge1 nodad
ip -n b address add fe80::5e:c0a8:103/64 dev ge1 nodad
ip -n b address add 192.168.1.3/24 dev ge1
ip link set dev ge0 up
ip -6 route add default dev ge0
sed -i '$a 127.0.1.1 router' /etc/hosts

conf 'check default6 route ::/0' 'ra ge1 vrrp6.61 fe80::5e:c0a8:102 0 O' 'ra-prefix ge1 auto 1200 LA' \
    'ra-prefix ge1 fd00:192:168:1::/64 1200 L'

# instance PRIORITY [LINES]: the IPv6 instance.
instance()
{
    printf '%s\n' 'global_defs {' 'enable_script_security' 'script_user root' \
        'dynamic_interfaces allow_if_changes' '}' "${3:-}" 'vrrp_instance vrrp6.61 {' 'state BACKUP' 'interface ge1' \
        'use_vmac vrrp6.61' 'vmac_xmit_base' 'virtual_router_id 61' 'version 3' "priority $1" 'advert_int 1' \
        'garp_master_refresh 60' 'virtual_ipaddress {' 'fe80::1/64' '}' "${2:-}" '}'
}
instance 100 'track_interface {
ge0
}
track_script {
default6
}
notify "/usr/lib/seilc/vrrp-notify"' 'vrrp_script default6 {
script "/usr/lib/seilc/check default6"
interval 1
timeout 2
fall 1
rise 1
}' >/etc/keepalived/keepalived.conf
instance 99 >/tmp/b.conf
cat >/etc/radvd.conf <<'RADVD'
interface vrrp6.61 {
    AdvSendAdvert on;
    IgnoreIfMissing on;
    AdvRASrcAddress {
        fe80::1;
    };
    MaxRtrAdvInterval 10;
    MinRtrAdvInterval 3;
    AdvDefaultLifetime 30;
    AdvOtherConfigFlag on;
    prefix ::/64 {
        Base6Interface ge1;
        AdvValidLifetime 1200;
        AdvPreferredLifetime 600;
    };
};
RADVD

# What systemd would do, done here.
cat >/tmp/systemctl.stub <<'STUB'
#!/bin/sh
printf '%s\n' "$*" >>/tmp/systemctl
case "$2 $3" in
'reload radvd.service') radvd -c && kill -HUP "$(cat /run/radvd.pid)" ;;
'stop seilc-deprecate@ge1.service') kill -KILL "$(cat /run/seilc/deprecate.ge1.pid)" ;;
'restart seilc-deprecate@ge1.service')
    kill -KILL "$(cat /run/seilc/deprecate.ge1.pid)"
    /usr/lib/seilc/deprecate ge1 &
    ;;
esac >/dev/null 2>>/tmp/log
STUB
chmod 755 /tmp/systemctl.stub
mount --bind /tmp/systemctl.stub "$(command -v systemctl)"

# The host writes down what it hears; emptying the file starts anew.
listen()
{
    ip netns exec host tcpdump -l -n -tt -v -i eth0 'icmp6 and ip6[40] == 134' 2>/dev/null >>/tmp/heard &
    await 5 sh -c 'ip netns exec host cat /proc/net/packet | grep -q " 0003 "'
}

is_state()
{
    grep -q "^$1 " /run/seilc/vrrp/vrrp6.61
}

# heard SOURCE PATTERN: an advertisement
heard()
{
    tr '\n' ' ' </tmp/heard | sed 's/\([0-9]*\.[0-9]* IP6\)/\n\1/g' | grep " $1 > " | grep -q "$2"
}

listen
keepalived -n -P -l -D >/tmp/keepalived.log 2>&1 &
keepalived=$!
ip netns exec b keepalived -n -P -l -D -f /tmp/b.conf --pid=/run/b.pid --vrrp_pid=/run/b-vrrp.pid \
    --checkers_pid=/run/b-checkers.pid --bfd_pid=/run/b-bfd.pid >/tmp/b.log 2>&1 &
radvd -m stderr -n >/tmp/radvd.log 2>&1 &

# ---- becoming and being MASTER ----

that 'A becomes MASTER, and we know it' await 15 is_state MASTER
that 'the first advertisement comes from the virtual address' await 5 heard fe80::1 'router lifetime 30s'
same 'radvd was told to speak at once' 1 "$(grep -c 'reload radvd.service' /tmp/systemctl)"
that 'it has the delegated prefix' heard fe80::1 'prefix info option.*2001:db8:1200:1::/64.*pref. time 600s'
that_not 'and no farewell' heard fe80::5e:c0a8:102 'router advertisement'

# ---- leaving MASTER ----

: >/tmp/heard
ip -n lan link set dev a0 down
that 'the WAN link is lost, A leaves' await 5 is_state FAULT
that 'the hosts hear it from the own address of A' await 5 heard fe80::5e:c0a8:102 'router lifetime 0s'
that 'the delegated prefix is deprecated, not invalid' \
    heard fe80::5e:c0a8:102 '2001:db8:1200:1::/64.*Flags \[onlink, auto\], valid time 1200s, pref. time 0s'
that 'and the static one, with its own flags' \
    heard fe80::5e:c0a8:102 'fd00:192:168:1::/64, Flags \[onlink\], valid time 1200s, pref. time 0s'
that 'other flag as configured' heard fe80::5e:c0a8:102 'other stateful'
await 15 sh -c "grep -c 'fe80::5e:c0a8:102 >' /tmp/heard | grep -q '[3-9]'"
same 'more than once' yes "$([ "$(grep -c 'fe80::5e:c0a8:102 >' /tmp/heard)" -ge 3 ] && echo yes)"
that 'and then no more' await 15 sh -c '! pgrep -f [d]eprecate.ge1.conf'
that_not 'nothing from the virtual address by A' grep -q 'fe80::1 >.*router lifetime 30s' /tmp/heard

# ---- a prefix that went before ----

: >/tmp/heard
delegate 2001:db8:1200::/56
conf 'subnet ge0 1 ge1 1 ::1' 'ra ge1 vrrp6.61 fe80::5e:c0a8:102 0 O' 'ra-prefix ge1 auto 1200 LA'
run
rm "$learned/ge0.dhcp6"
run
that_not 'the prefix is gone from the port' has 'ip -6 address show dev ge1' 2001:db8:1200:1::1
timeout -s KILL 3 "$seilc/deprecate" ge1 &
that 'hosts hear of a prefix that was lost' await 5 heard fe80::5e:c0a8:102 '2001:db8:1200:1::/64.*pref. time 0s'
sleep 0.5
that 'a prefix can be named' timeout -s KILL 5 sh -c "$seilc/deprecate ge1 2001:db8:9::/64 'x;id' & \
    until grep -q 2001:db8:9::/64 /run/seilc/deprecate.ge1.conf; do sleep 0.1; done"
that_not 'but nothing that is none' grep -q ';id' /run/seilc/deprecate.ge1.conf

# ---- and back: farewell ends ----

ip address replace 2001:db8:1200:1::1/64 dev ge1 nodad
conf 'check default6 route ::/0' 'ra ge1 vrrp6.61 fe80::5e:c0a8:102 0 O' 'ra-prefix ge1 auto 1200 LA'
: >/tmp/systemctl
ip -n lan link set dev a0 up
ip -6 route replace default dev ge0
that 'the link is back, A takes over again' await 15 is_state MASTER
that 'radvd speaks' await 5 grep -q 'reload radvd.service' /tmp/systemctl
that 'farewell is stopped' grep -q 'stop seilc-deprecate@ge1.service' /tmp/systemctl

# ---- readiness: the link is there, the route is not ----

: >/tmp/systemctl
ip -6 route del default dev ge0
that 'without a default route A leaves' await 5 is_state FAULT
that 'and says so' await 5 grep -q 'restart seilc-deprecate@ge1.service' /tmp/systemctl
ip -6 route add default dev ge0
that 'with it, it returns' await 15 is_state MASTER

# ---- notices that overtake each other ----

notify()
{
    "$seilc/vrrp-notify" INSTANCE vrrp6.61 "$1" 100
}
: >/tmp/systemctl
sh -c 'kill -STOP $$; exec /usr/lib/seilc/vrrp-notify INSTANCE vrrp6.61 FAULT 100' &
older=$!
sleep 0.2
notify BACKUP
notify MASTER
kill -CONT $older
wait $older
that 'an older notice does not overwrite a newer one' is_state MASTER
for bad in 'vrrp6.61;id' '../x' '' '-x' '$(id)'; do
    "$seilc/vrrp-notify" INSTANCE "$bad" MASTER 100
done
"$seilc/vrrp-notify" GROUP vrrp6.61 FAULT 100
"$seilc/vrrp-notify" INSTANCE vrrp6.61 'MASTER;id' 100
"$seilc/vrrp-notify"
same 'notices that are none leave nothing' vrrp6.61 "$(ls /run/seilc/vrrp)"
that 'nor change anything' is_state MASTER

# ---- keepalived stops ----

: >/tmp/heard
kill $keepalived
that 'STOP is told' await 5 is_state STOP
that 'and bids farewell, too' await 5 heard fe80::5e:c0a8:102 'router lifetime 0s'

finish
