#!/bin/bash
# inside.sh - the checkers that run in a view of a Debian root with the router's files in place.
#
# Started by check-router in namespaces of its own; LABEL, LINKS and ONLY come in the environment.  The
# table at the end is the order: first what reads files alone, then what makes links, addresses and
# VMACs, then the daemons that need those.  Exit status: 0 all ok, 10 something failed.
set -u

# shellcheck source=tests/daemons/report.sh
. /checks/report.sh

# --- links that stand in for the router's ---------------------------------------------------------

# Some batch of the router makes this link itself.
made_by_batch()
{
    grep -qsE "^(-[46] )?(link|tunnel) (add|replace) ((dev|name) )?$1( |\$)" /etc/seilc/links/*.batch
}

# Ports: the links with a batch or a .link file, and those that the caller names.
port_names()
{
    local file name

    for file in /etc/seilc/links/*.batch; do
        [ -f "$file" ] || continue
        name=${file##*/}
        name=${name%.batch}
        made_by_batch "$name" || printf '%s\n' "$name"
    done
    cat /etc/systemd/network/10-seilc-*.link 2>/dev/null | sed -n 's/^Name=//p'
    # shellcheck disable=SC2086 # a list of words
    printf '%s\n' $LINKS
}

# Tunnels are made at run time; the checkers meet their names.
tunnel_names()
{
    grep -rhoE '\btunnel[0-9]+\b' /etc/seilc 2>/dev/null
}

mac_of_link_file()
{
    sed -nE 's/^(Permanent)?MACAddress=([^ ]+).*/\2/p' "/etc/systemd/network/10-seilc-$1.link" \
        2>/dev/null | head -n 1
}

# Ethernet with carrier: a veth whose peer is up in another namespace.
make_port()
{
    local mac

    ip link show dev "$1" >/dev/null 2>&1 && return
    mac=$(mac_of_link_file "$1")
    # shellcheck disable=SC2086 # nothing or two words
    ip link add dev "$1" ${mac:+address $mac} type veth peer name "$1" netns peers
    ip -n peers link set dev "$1" up
}

kernel_has_tunnels()
{
    ip link add dev seilc-probe type ip6tnl remote 2001:db8::1 2>/dev/null || return
    ip link delete dev seilc-probe
}

make_ports()
{
    local name

    ip netns add peers
    # Nobody else is on these links; duplicate address detection would cost seconds.
    sysctl -q -w net.ipv6.conf.default.dad_transmits=0
    tunnels=real
    kernel_has_tunnels || tunnels=missing
    for name in $( (port_names; tunnel_names) | sort -u); do
        [ "$name" != lo ] || continue
        [ "$tunnels" = missing ] || ! made_by_batch "$name" || continue
        make_port "$name"
    done
}

# --- helpers --------------------------------------------------------------------------------------

# await SECONDS COMMAND...: polls until the command succeeds.
await()
{
    local left=$(($1 * 10))

    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# launch LOG COMMAND...: in the background, its pid in $launched.
launch()
{
    local log=$1

    shift
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null &
    launched=$!
}

alive()
{
    kill -0 "$launched" 2>/dev/null
}

# The lines of a file that none of the regular expressions in the second file matches.
complaints()
{
    grep -vE -f <(printf '%s\n' "$2" | sed '/^$/d') "$1"
}

# is_address 4|6 TEXT
is_address()
{
    perl -MSocket=inet_pton,AF_INET,AF_INET6 -e \
        'exit !defined inet_pton($ARGV[0] == 4 ? AF_INET : AF_INET6, $ARGV[1])' -- "$1" "$2"
}

is_any_address()
{
    is_address 4 "$1" || is_address 6 "$1"
}

# --- files that no daemon judges ------------------------------------------------------------------

# Every file of the router, as the compiler laid it out.
router_files()
{
    find /checks.rootfs -mindepth 1 \( -type f -o -type l \) -printf '%P\n' | sort
}

# A script that a stranger may change is one that keepalived refuses to run (K15).
check_modes()
{
    find /checks.rootfs -mindepth 1 ! -type l -perm /7022 -printf '%P has mode %m\n'
}

# A kind of file that this script does not know was judged by nobody.
check_known()
{
    local unknown

    unknown=$(router_files | grep -vEx -e 'etc/keepalived/keepalived\.conf|etc/radvd\.conf' \
        -e 'etc/kea/kea-dhcp4\.conf|etc/dhcpcd\.conf|etc/chrony/chrony\.conf' \
        -e 'etc/seilc/(nftables\.nft|mss[46]\.rules|links/[^/]+\.batch|routes\.batch|runtime\.conf)' \
        -e 'etc/sysctl\.d/90-seilc\.conf|etc/modules-load\.d/seilc\.conf' \
        -e 'etc/(resolv\.conf|hosts|hostname|timezone|localtime)' \
        -e 'etc/systemd/system/(seilc-[^/]+|[^/]+\.d/seilc\.conf|[^/]+\.wants/[^/]+)' \
        -e 'etc/systemd/network/10-seilc-[^/]+\.link|etc/udev/rules\.d/90-seilc\.rules' \
        -e 'usr/lib/seilc/[^/]+')
    [ -n "$unknown" ] || return 0
    printf 'no checker knows: %s\n' "$(printf '%s' "$unknown" | paste -sd' ')"
    return 77
}

check_hosts()
{
    local address names name

    while read -r address names; do
        case $address in '' | '#'*) continue ;; esac
        is_any_address "$address" || printf '%s is no address\n' "$address"
        [ -n "${names%%#*}" ] || printf '%s has no name\n' "$address"
        for name in ${names%%#*}; do
            # glibc's own reading of the file
            getent -s hosts:files ahosts "$name" | cut -d' ' -f1 | grep -qixF -- "$address" ||
                printf 'glibc does not find %s as %s\n' "$name" "$address"
        done
    done </etc/hosts
}

check_resolv()
{
    local word rest servers=0

    while read -r word rest; do
        case $word in
        '' | '#'* | ';'*) ;;
        nameserver)
            servers=$((servers + 1))
            is_any_address "${rest%\%*}" || printf 'nameserver %s is no address\n' "$rest"
            ;;
        search | domain | options)
            [[ $rest =~ ^[A-Za-z0-9._:-]+( [A-Za-z0-9._:-]+)*$ ]] || printf 'odd: %s %s\n' "$word" "$rest"
            ;;
        *) printf 'unknown word: %s\n' "$word" ;;
        esac
    done </etc/resolv.conf
    [ "$servers" -le 3 ] || note "glibc uses 3 of the $servers servers"
}

check_hostname()
{
    local name

    name=$(cat /etc/hostname)
    [[ $name =~ ^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$ ]] || printf 'odd name: %s\n' "$name"
    hostname -F /etc/hostname
}

check_timezone()
{
    local zone target

    target=$(readlink /etc/localtime) || printf '/etc/localtime is no link\n'
    [ -f /etc/localtime ] || printf '/etc/localtime points at nothing: %s\n' "$target"
    [ -f /checks.rootfs/etc/timezone ] || return 0
    zone=$(cat /etc/timezone)
    [ -f "/usr/share/zoneinfo/$zone" ] || printf 'no time zone %s\n' "$zone"
    [ "${target##*/zoneinfo/}" = "$zone" ] || printf '%s is not %s\n' "$target" "$zone"
}

# The modules are the router's kernel's, which is not here.
check_modules()
{
    grep -vE '^(#.*|[a-z0-9_-]+)?$' /etc/modules-load.d/seilc.conf
    note "only the spelling"
}

check_scripts()
{
    local script

    for script in /checks.rootfs/usr/lib/seilc/* /checks.install; do
        [ -f "$script" ] || continue
        [ ! -x "$script" ] || [ "$(head -n 1 "$script")" = '#!/bin/sh' ] ||
            printf '%s: does not begin with #!/bin/sh\n' "${script##*/}"
        sh -n "$script"
    done
}

# --- the daemons' own checkers --------------------------------------------------------------------

# Its exit status is 0 for a missing file, and not what the manual says for the rest: words count too.
check_keepalived()
{
    keepalived -t -f /etc/keepalived/keepalived.conf
}

radvd_fine='config file, .*, syntax ok$
AdvRDNSSLifetime <= 2\*MaxRtrAdvInterval would allow stale DNS servers'

check_radvd()
{
    local status=0

    radvd -c -C /etc/radvd.conf >"$work/radvd" 2>&1 || status=$?
    complaints "$work/radvd" "$radvd_fine" | sed 's/^\[[^]]*\] //'
    return "$status"
}

kea_fine=' (INFO|DEBUG) 
DHCPSRV_MT_DISABLED_QUEUE_CONTROL
DHCP4_RESERVATIONS_LOOKUP_FIRST_ENABLED'

# As the user of Debian's unit: Debian 13 keeps the directory from others.
check_kea()
{
    local status=0

    setpriv --reuid=_kea --regid=_kea --init-groups kea-dhcp4 -t /etc/kea/kea-dhcp4.conf \
        >"$work/kea" 2>&1 || status=$?
    complaints "$work/kea" "$kea_fine"
    return "$status"
}

check_chrony()
{
    chronyd -p -f /etc/chrony/chrony.conf >/dev/null
}

# Loaded twice, it must be the same as once, and leave others' tables alone.
check_nftables()
{
    nft -c -f /etc/seilc/nftables.nft || return
    nft add table ip keepalived
    nft -f /etc/seilc/nftables.nft
    nft -s list ruleset >"$work/nft.once"
    nft -f /etc/seilc/nftables.nft
    nft -s list ruleset >"$work/nft.twice"
    diff "$work/nft.once" "$work/nft.twice"
    grep -q '^table ip keepalived' "$work/nft.twice" || echo "it removed another's table"
    grep '^table' "$work/nft.twice" | grep -vE '^table (ip|ip6|inet) seilc \{|^table ip keepalived'
    nft delete table ip keepalived
}

restore_rules()
{
    local rules=$1 tool=$2

    [ -f "$rules" ] || return 0
    "$tool-restore" --noflush --test "$rules" || return
    "$tool-restore" --noflush "$rules"
    "$tool-restore" --noflush "$rules"
}

check_mss()
{
    restore_rules /etc/seilc/mss4.rules iptables-nft
    restore_rules /etc/seilc/mss6.rules ip6tables-nft
}

# The units to verify; a template as for ge1, a drop-in by the unit it changes.
unit_names()
{
    cd /checks.rootfs/etc/systemd/system || return
    find . -maxdepth 1 -name 'seilc-*' -type f -printf '%f\n' | sed 's/@\./@ge1./'
    find . -mindepth 2 -path './*.d/*.conf' -printf '%h\n' | sed 's,^\./,,; s/\.d$//; s/@\./@ge1./'
}

check_systemd()
{
    local units

    mapfile -t units < <(unit_names | sort -u)
    systemd-analyze verify --man=no "${units[@]}"
}

# systemd has a checker for rules from 254 on; before, udev's own reading of them complains.
check_udev()
{
    if udevadm verify --help >/dev/null 2>&1; then
        udevadm verify --no-summary /etc/udev/rules.d/90-seilc.rules
    else
        udevadm test --action=add /sys/class/net/lo 2>&1 |
            grep -F /etc/udev/rules.d/90-seilc.rules | grep -v 'Reading rules file:'
    fi
    return 0
}

# udev reads all .link files and says which one it would take for the link of that name and MAC.
check_link_files()
{
    local file name

    for file in /etc/systemd/network/10-seilc-*.link; do
        name=$(sed -n 's/^Name=//p' "$file")
        udevadm test-builtin net_setup_link "/sys/class/net/$name" >"$work/link" 2>&1
        grep -F /etc/systemd/network/ "$work/link" |
            grep -vE 'Parsed configuration file|is applied$|^ID_NET_LINK_FILE='
        grep -qF "Config file $file is applied" "$work/link" ||
            printf 'udev does not take %s for %s\n' "${file##*/}" "${name:-its link}"
    done
    return 0
}

# --- made real ------------------------------------------------------------------------------------

# A line that makes a tunnel of a kind that this kernel lacks has been read whole by ip all the same.
tunnel_line='^(-[46] )?(tunnel |link (add|replace|change) .*type (ip6tnl|ipip|sit|gre|ip6gre|vti) )'

no_tunnels='Unknown device type|not supported|File exists|No such device'

# apply_batch FILE: what ip complains about.  A word that ip does not know ends the whole batch, -force or
# not, without the line that names the place.
apply_batch()
{
    local line message='' number

    while IFS= read -r line; do
        case $line in
        "Command failed $1:"*)
            number=${line##*:}
            if [ "$tunnels" = missing ] && sed -n "${number}p" "$1" | grep -qE "$tunnel_line" &&
                [[ $message =~ $no_tunnels ]]; then
                note "tunnels: the spelling only, this kernel has none"
            else
                printf '%s:%s: %s\n    %s\n' "${1#/}" "$number" "$message" "$(sed -n "${number}p" "$1")"
            fi
            message=
            ;;
        *) message+="${message:+ }$line" ;;
        esac
    done < <(ip -force -batch "$1" 2>&1)
    [ -z "$message" ] || printf '%s: %s\n' "${1#/}" "$message"
}

kernel_state()
{
    ip -o address | sed 's/ valid_lft.*//' | sort
    ip -d -o link | sed 's/ qlen.*//' | sort
    ip -4 route show table all | sort
    ip -6 route show table all | sed 's/ expires [0-9]*sec//' | sort
}

# Each once, in the order of boot, and again: an applied batch may be applied at any time.
check_batches()
{
    local file round

    for round in once twice; do
        for file in /etc/seilc/links/*.batch /etc/seilc/routes.batch; do
            [ ! -f "$file" ] || apply_batch "$file"
        done
        await 5 addresses_settled || echo "addresses stay tentative, or a link-local is missing"
        kernel_state >"$work/state.$round"
    done >"$work/batches" 2>&1
    awk '!seen[$0]++' "$work/batches"
    [ -s "$work/batches" ] || diff "$work/state.once" "$work/state.twice"
}

# Every link that is up has the link-local that the kernel makes, and no address is tentative.
addresses_settled()
{
    local name

    ip -d -o link show up | grep 'LOWER_UP.* addrgenmode eui64' | cut -d' ' -f2 |
        while IFS='@:' read -r name _; do
            [ "$name" = lo ] || ip -6 -o address show dev "$name" scope link | grep -q . || exit 1
        done || return
    ! ip -6 address show tentative | grep -q .
}

# shellcheck disable=SC2016 # no command there
keepalived_fine='^(Starting|Stopped|Stopping|Running on|Command line|Configuration file|Startup complete)
^\([^)]*\) Entering (BACKUP|MASTER|FAULT) STATE
^VRRP_Script\([^)]*\) (succeeded|failed)
^Script `[^`]*` now returning
^\([^)]*\):? entering FAULT state( due to script.*| \(interface .* down\))?$
firewall configured - using nftables$'

instances_settled()
{
    local name

    alive || return 0
    while read -r name; do
        grep -qE "\($name\):? [Ee]ntering (BACKUP|MASTER|FAULT) [Ss]" "$work/keepalived" || return 1
    done < <(sed -n 's/^vrrp_instance \([^ {]*\).*/\1/p' /etc/keepalived/keepalived.conf)
}

# What -t accepts and a start complains about: a first IPv6 address that is not link-local, for one.
# The VMACs it made stay for the checks that follow.
check_keepalived_start()
{
    local name

    if ! keepalived -t -f /etc/keepalived/keepalived.conf >/dev/null 2>&1; then
        echo "keepalived -t refuses the file"
        return 77
    fi
    launch "$work/keepalived" keepalived -P -n -l -f /etc/keepalived/keepalived.conf
    await 15 instances_settled || echo "an instance reached no state in 15 s"
    alive || echo "it ended by itself"
    while read -r name; do
        ip link show dev "$name" >/dev/null 2>&1 || echo "it made no link $name"
    done < <(sed -nE 's/^[ \t]*use_vmac ([^ ]+).*/\1/p' /etc/keepalived/keepalived.conf)
    # Its death leaves the VMACs; a clean stop would take them away.
    kill_all "$launched"
    sed -i -E 's/^[A-Z][a-z]{2} [A-Z][a-z]{2} .{16}: //' "$work/keepalived"
    complaints "$work/keepalived" "$keepalived_fine"
    return 0
}

# kill_all PID: with its children.
kill_all()
{
    local children

    mapfile -t children < <(pgrep -P "$1")
    kill -KILL "${children[@]}" "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

radvd_start_fine="$radvd_fine
version [0-9.]+ started
polling for .* second
timer_handler called
(sending|sent) .*RA
processed an RS
exiting, .* sigterm
sending stop adverts
removing /
returning from radvd main"

# Each interface with the addresses that it would have as a master.
prepare_radvd()
{
    local interface address

    awk '$1 == "interface" { name = $2 }
         /AdvRASrcAddress/ { inside = 1 }
         inside && /}/ { inside = 0 }
         { print name, inside && match($0, /[0-9a-f]*:[0-9a-f:]+/) ? substr($0, RSTART, RLENGTH) : "" }' \
        /etc/radvd.conf | tr -d '{' | sort -u | while read -r interface address; do
        [ -n "$interface" ] || continue
        ip link show dev "$interface" >/dev/null 2>&1 || make_port "$interface"
        ip link set dev "$interface" up
        [ -z "$address" ] || ip address replace "$address/64" dev "$interface" nodad
    done
}

radvd_settled()
{
    ! alive || grep -q 'polling for' "$work/radvd.start"
}

# radvd -c accepts numbers out of range, and then advertises nothing (R5).
check_radvd_start()
{
    if ! radvd -c -C /etc/radvd.conf >/dev/null 2>&1; then
        echo "radvd -c refuses the file"
        return 77
    fi
    prepare_radvd
    await 5 addresses_settled
    launch "$work/radvd.start" radvd -n -d 2 -m stderr -p "$work/radvd.pid" -C /etc/radvd.conf
    await 15 radvd_settled || echo "it did not settle in 15 s"
    alive || echo "it ended by itself"
    kill_all "$launched"
    complaints "$work/radvd.start" "$radvd_start_fine" | sed 's/^\[[^]]*\] //'
    return 0
}

# The file a key stands for: the first of . and / separates (sysctl.d(5)).
sysctl_path()
{
    case $1 in
    *[./]*)
        local first=${1%%/*}

        if [[ $first == *.* ]]; then
            printf '%s\n' "$1" | tr './' '/.'
        else
            printf '%s\n' "$1"
        fi
        ;;
    *) printf '%s\n' "$1" ;;
    esac
}

# Keys that the namespace owns are set; of others only the name can be seen.
check_sysctl()
{
    local file=/etc/sysctl.d/90-seilc.conf line key path

    : >"$work/sysctl.conf"
    while IFS= read -r line; do
        [[ $line =~ ^[[:space:]]*([#;].*)?$ ]] && continue
        key=${line%%=*}
        key=${key//[[:space:]]/}
        [[ $line == *=* ]] || printf 'no "=": %s\n' "$line"
        path=$(sysctl_path "${key#-}")
        if [ -e "/proc/sys/$path" ]; then
            [[ $path == net/* ]] && printf '%s\n' "$line" >>"$work/sysctl.conf"
        elif ! grep -qxF -- "$path" /checks.sysctls; then
            printf 'no such key: %s\n' "$key"
        fi
    done <"$file"
    sysctl -q -p "$work/sysctl.conf"
}

dhcpcd_fine='^dhcpcd-[0-9.]+ starting$
^(udev: starting|dev: loaded|spawned |sandbox: |DUID )
^[^ ]+: (executing: |IAID |IA type |delaying |soliciting |sending |broadcasting |multicasting |spawned |reading lease)
^[^ ]+: (process BPF|carrier |adding address fe80)
^[^ ]+: cannot delegate to -: No such device or address$
^(no interfaces have a carrier)$'

client_links()
{
    sed -nE 's/^[ \t]*(allowinterfaces|interface)[ \t]+//p' /etc/dhcpcd.conf | tr ' ' '\n' | sort -u
}

clients_settled()
{
    local name

    alive || return 0
    for name in $(client_links); do
        grep -qE "^$name: (soliciting|sending|broadcasting|multicasting)" "$work/dhcpcd" || return 1
    done
}

# Options of an interface are read when its link is ready, so it must have got as far as asking.
check_dhcpcd()
{
    [ -n "$(client_links)" ] || echo "it names no interface"
    # No udev runs here, and dhcpcd would wait for it.
    { echo nodev; cat /etc/dhcpcd.conf; } >"$work/dhcpcd.conf"
    mkdir -p /run/dhcpcd /var/lib/dhcpcd
    launch "$work/dhcpcd" dhcpcd -B -d -f "$work/dhcpcd.conf"
    await 15 clients_settled || echo "it asked nothing on some interface in 15 s"
    alive || echo "it ended by itself"
    kill_all "$launched"
    complaints "$work/dhcpcd" "$dhcpcd_fine"
    return 0
}

# --- the table ------------------------------------------------------------------------------------

# name, function, the files that call for it (patterns below /)
table='
modes             check_modes             *
known-files       check_known             *
hosts             check_hosts             etc/hosts
resolv.conf       check_resolv            etc/resolv.conf
hostname          check_hostname          etc/hostname
timezone          check_timezone          etc/localtime etc/timezone
modules           check_modules           etc/modules-load.d/seilc.conf
scripts           check_scripts           usr/lib/seilc/*
keepalived        check_keepalived        etc/keepalived/keepalived.conf
radvd             check_radvd             etc/radvd.conf
kea               check_kea               etc/kea/kea-dhcp4.conf
chrony            check_chrony            etc/chrony/chrony.conf
nftables          check_nftables          etc/seilc/nftables.nft
mss               check_mss               etc/seilc/mss*.rules
systemd           check_systemd           etc/systemd/system/*
udev              check_udev              etc/udev/rules.d/90-seilc.rules
link-files        check_link_files        etc/systemd/network/10-seilc-*.link
batches           check_batches           etc/seilc/links/*.batch etc/seilc/routes.batch
keepalived-start  check_keepalived_start  etc/keepalived/keepalived.conf
radvd-start       check_radvd_start       etc/radvd.conf
sysctl            check_sysctl            etc/sysctl.d/90-seilc.conf
dhcpcd            check_dhcpcd            etc/dhcpcd.conf
'

run_table()
{
    local name function patterns

    while read -r name function patterns; do
        [ -n "$name" ] || continue
        [ -z "$ONLY" ] || [[ " $ONLY " == *" $name "* ]] || continue
        # shellcheck disable=SC2086 # patterns are to be expanded
        if [ -n "$(cd /checks.rootfs && compgen -G "${patterns%% *}" || compgen -G "${patterns##* }")" ]; then
            run_check "$name" "$function"
        else
            printf -- '- %s%s: the router has no %s\n' "$label" "$name" "${patterns// / or }"
        fi
    done <<<"$table"
}

# shellcheck disable=SC2153 # from the environment
start_report "$LABEL"
make_ports
# As at boot; check_sysctl says what is wrong with it.
sysctl -q -e -p /etc/sysctl.d/90-seilc.conf >/dev/null 2>&1
run_table
[ "$failures" = 0 ] || exit 10
