#!/bin/bash
# install.sh - the installer on throwaway systems with the real systemd and daemons: it installs, or
# leaves all as it was.
#
# shellcheck disable=SC2317 # the tests are called by check
set -u

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
failures=0
# shellcheck source=tests/bundle/fixture
. "$here/fixture"

suite=bookworm
target=debian12
trap machine_end EXIT
if ! "$here/../roots/make-root" "$suite" >/dev/null ||
    ! machine_start "$suite" m >"$scratch/boot" 2>&1; then
    printf 'skip install: no system can be booted here: %s\n' "$(tail -n 1 "$scratch/boot")"
    exit 0
fi

# Addresses and kernel settings stay until the next boot, or until somebody does this.
uninstall_clean()
{
    machine_run m /var/lib/seilc/install --uninstall >"$scratch/said" 2>&1 || return
    machine_run m ip address flush dev ge1
    machine_run m sh -c 'echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore'
}

# --- looking alone ------------------------------------------------------------------------------

looks()
{
    install_run alpha --check
    [ "$status" = 1 ] && said 'write /etc/keepalived/keepalived.conf' && said 'load keepalived' &&
        said 'problems: 0' && unchanged_since "$scratch/bare"
}

names_packages()
{
    new_bundle lacking
    echo frr >>"$scratch/lacking/packages.list"
    echo dhcp-nosuch >>"$scratch/lacking/packages.list"
    pack_bundle lacking
    install_run lacking --check
    [ "$status" = 1 ] && said 'packages are missing: frr dhcp-nosuch' &&
        said 'apt-get install --no-install-recommends frr dhcp-nosuch' || return
    install_run lacking
    [ "$status" = 1 ] && unchanged_since "$scratch/bare"
}

other_release()
{
    new_bundle other
    target=debian13 pack_bundle other
    install_run other
    [ "$status" = 1 ] && said 'made for debian13, and this system is debian12' &&
        unchanged_since "$scratch/bare"
}

wrong_usage()
{
    local arguments

    for arguments in --nonsense '--confirm' '--confirm soon' '--confirm 5' '--check --uninstall' '--root /nowhere'; do
        # shellcheck disable=SC2086 # words
        install_run alpha $arguments
        [ "$status" = 2 ] || return
    done
    install_run alpha --help
    [ "$status" = 0 ] && said '^usage: install'
}

# --- what is somebody else's --------------------------------------------------------------------

refuses_foreign()
{
    machine_run m sh -c 'mkdir -p /etc/keepalived && echo "# mine" >/etc/keepalived/keepalived.conf'
    install_run alpha
    machine_run m cat /etc/keepalived/keepalived.conf | grep -qx '# mine' || return
    machine_run m rm /etc/keepalived/keepalived.conf
    [ "$status" = 1 ] && said 'problem: /etc/keepalived/keepalived.conf is there already' &&
        unchanged_since "$scratch/bare"
}

add_managers()
{
    machine_run m sh -c '
        echo "iface ge1 inet dhcp" >/etc/network/interfaces; : >/usr/sbin/ifup
        printf "[Match]\nName=ge*\n" >/etc/systemd/network/50-x.network
        printf "[Service]\nExecStart=true\n[Install]\nWantedBy=multi-user.target\n" >/etc/systemd/system/NetworkManager.service
        mkdir -p /etc/netplan; echo "network: {ethernets: {ge0: {dhcp4: true}}}" >/etc/netplan/1.yaml; : >/usr/sbin/netplan
        chmod 755 /usr/sbin/ifup /usr/sbin/netplan
        systemctl enable systemd-networkd NetworkManager' 2>/dev/null
}

remove_managers()
{
    machine_run m sh -c '
        systemctl disable systemd-networkd NetworkManager
        rm -r /etc/network/interfaces /usr/sbin/ifup /etc/systemd/network/50-x.network /etc/netplan /usr/sbin/netplan \
            /etc/systemd/system/NetworkManager.service
        systemctl daemon-reload' 2>/dev/null
}

refuses_managers()
{
    add_managers
    install_run alpha
    remove_managers
    [ "$status" = 1 ] && said 'problem: ifupdown manages ge1' && ! said 'ifupdown manages ge0' &&
        said 'problem: systemd-networkd manages ge1 .*Name=ge\*' &&
            said 'problem: NetworkManager manages ge0' &&
        said 'problem: netplan manages ge0' && ! said 'netplan manages ge1' &&
            unchanged_since "$scratch/bare"
}

# --- what a daemon would refuse -----------------------------------------------------------------

# spoil PATH TEXT: a file in the bundle `spoilt` that its daemon does not take.
spoil()
{
    mkdir -p "$(dirname "$scratch/spoilt/rootfs/$1")"
    printf '%s\n' "$2" >"$scratch/spoilt/rootfs/$1"
    chmod 644 "$scratch/spoilt/rootfs/$1"
}

asks_daemons()
{
    local path

    new_bundle spoilt
    spoil etc/keepalived/keepalived.conf 'vrrp_instance x { virtual_router_id 999 }'
    spoil etc/radvd.conf 'interface ge1 { AdvSendAdvert perhaps; };'
    spoil etc/kea/kea-dhcp4.conf '{ "Dhcp4": { "subnet4": 7 } }'
    spoil etc/seilc/nftables.nft 'table ip seilc { chain x { type nat } }'
    spoil etc/seilc/mss4.rules '-A NOWHERE -j NOTHING'
    spoil etc/chrony/chrony.conf 'pool'
    pack_bundle spoilt
    install_run spoilt
    for path in keepalived/keepalived.conf radvd.conf kea/kea-dhcp4.conf seilc/nftables.nft seilc/mss4.rules chrony/chrony.conf; do
        said "    /etc/$path:" || return
    done
    [ "$status" = 1 ] && said 'a daemon refuses' && unchanged_since "$scratch/bare"
}

# --- installing ---------------------------------------------------------------------------------

installs()
{
    install_run alpha
    [ "$status" = 0 ] && said 'alpha is installed and runs' && router_runs || return
    [ "$(machine_run m hostname)" = alpha ] &&
        [ "$(machine_run m cat /proc/sys/net/ipv4/conf/all/arp_ignore)" = 1 ] &&
        machine_run m cmp -s /etc/kea/kea-dhcp4.conf /bundles/alpha/rootfs/etc/kea/kea-dhcp4.conf &&
        [ "$(machine_run m stat -c '%a %u:%g' /usr/lib/seilc/link)" = '755 0:0' ] &&
        [ "$(machine_run m systemctl is-enabled seilc-network)" = enabled ]
}

is_idempotent()
{
    snapshot >"$scratch/alpha.state"
    install_run alpha
    [ "$status" = 0 ] && said 'nothing to do' && unchanged_since "$scratch/alpha.state" || return
    install_run alpha --check
    [ "$status" = 0 ] && said 'nothing to do'
}

starts_what_stopped()
{
    machine_run m systemctl stop radvd
    install_run alpha --check
    [ "$status" = 1 ] && said 'start radvd.service: it does not run' || return
    install_run alpha
    [ "$status" = 0 ] && router_runs
}

refuses_changed()
{
    machine_run m sh -c 'echo "# by hand" >>/etc/radvd.conf'
    install_run alpha
    [ "$status" = 1 ] && said '/etc/radvd.conf was changed since' || return
    install_run alpha --uninstall
    [ "$status" = 1 ] && said '/etc/radvd.conf was changed since' || return
    machine_run m cp --preserve=mode /bundles/alpha/rootfs/etc/radvd.conf /etc/radvd.conf
    install_run alpha
    [ "$status" = 0 ]
}

# beta: another priority, no radvd, another address, one more file.
make_beta()
{
    new_bundle beta
    fixture_keepalived 90 >"$scratch/beta/rootfs/etc/keepalived/keepalived.conf"
    rm "$scratch/beta/rootfs/etc/radvd.conf"
    printf 'link set dev ge1 up\naddress replace 192.168.1.3/24 dev ge1\n' >"$scratch/beta/rootfs/etc/seilc/links/ge1.batch"
    echo extra >"$scratch/beta/rootfs/etc/seilc/extra"
    chmod 644 "$scratch/beta/rootfs/etc/seilc/extra"
    sed -i '/radvd/d' "$scratch/beta.units"
    pack_bundle beta
}

process_of()
{
    machine_run m systemctl show -p MainPID --value "$1"
}

addresses()
{
    machine_run m ip -o address show dev ge1 | grep -oE '192\.168\.1\.[0-9]+/24' | tr '\n' ' '
}

updates()
{
    local keepalived

    snapshot >"$scratch/alpha.state"
    keepalived=$(process_of keepalived)
    make_beta
    install_run beta
    [ "$status" = 0 ] && said 'reload keepalived' &&
        [ "$(process_of keepalived)" = "$keepalived" ] || return
    [ "$(addresses)" = '192.168.1.3/24 ' ] && ! machine_run m test -e /etc/radvd.conf &&
        [ "$(machine_run m systemctl is-active radvd)" != active ] &&
        [ "$(machine_run m cat /etc/seilc/extra)" = extra ]
}

rolls_back_when_asked()
{
    install_run beta --rollback
    [ "$status" = 0 ] && [ "$(addresses)" = '192.168.1.2/24 ' ] && router_runs &&
        unchanged_state alpha.state
}

# Equal to a snapshot, but for the transaction before the last one, which cannot come back.
unchanged_state()
{
    grep -v ' */var/lib/seilc/' "$scratch/$1" >"$scratch/then"
    snapshot | grep -v ' */var/lib/seilc/' | grep -v '^/var/lib/seilc/' >"$scratch/now"
    grep -v '^/var/lib/seilc/' "$scratch/then" | diff - "$scratch/now" >>"$scratch/said"
}

# An instance that goes needs a restart of keepalived (K23).
restarts_when_an_instance_goes()
{
    new_bundle gamma
    sed -i 's/vrrp_instance lan/vrrp_instance other/' "$scratch/gamma/rootfs/etc/keepalived/keepalived.conf"
    pack_bundle gamma
    install_run gamma --check
    said '^restart keepalived.service' && ! said '^reload keepalived.service'
}

# --- going back by itself -----------------------------------------------------------------------

# A bundle with a unit of its own: $1 is the unit's [Service].
with_unit()
{
    new_bundle delta
    printf '[Service]\n%s\n[Install]\nWantedBy=multi-user.target\n' "$1" \
        >"$scratch/delta/rootfs/etc/systemd/system/seilc-delta.service"
    chmod 644 "$scratch/delta/rootfs/etc/systemd/system/seilc-delta.service"
    printf 'unit seilc-delta.service enable\nfile seilc-delta.service restart etc/systemd/system/seilc-delta.service\n' \
        >>"$scratch/delta.units"
    pack_bundle delta
}

undoes_failure()
{
    with_unit $'Type=oneshot\nExecStart=/bin/sh -c "echo no luck today; exit 3"'
    install_run delta
    [ "$status" = 1 ] && said 'no luck today' &&
        said 'putting everything back: seilc-delta.service does not start' &&
        unchanged_state "$1"
}

undoes_failure_of_first() { undoes_failure bare; }
undoes_failure_of_update() { undoes_failure alpha.state; }

# It starts well and dies a moment later.
undoes_early_death()
{
    with_unit $'ExecStart=/bin/sh -c "sleep 0.7; echo oh dear; exit 1"'
    install_run delta
    [ "$status" = 1 ] && said 'oh dear' && said 'putting everything back' && unchanged_state bare
}

undoes_restart_loop()
{
    with_unit $'ExecStart=/bin/sh -c "sleep 0.7; exit 1"\nRestart=always\nRestartSec=0'
    install_run delta
    [ "$status" = 1 ] && said 'putting everything back' && unchanged_state bare
}

undoes_missing_address()
{
    new_bundle delta
    printf '#!/bin/sh\ntrue\n' >"$scratch/delta/rootfs/usr/lib/seilc/link"
    pack_bundle delta
    install_run delta --wait 2
    [ "$status" = 1 ] && said 'there is no 192.168.1.2/24 on ge1' && unchanged_state bare
}

# begin_slowly [WAIT]: an installation that has reached a unit which waits for us; its pid in $installer.
begin_slowly()
{
    with_unit $'Type=oneshot\nExecStart=/bin/sh -c "touch /run/reached; while [ ! -e /run/go-on ]; do sleep 0.1; done"'
    machine_run m rm -f /run/reached /run/go-on
    machine_run m /bundles/delta/install --wait "${1:-30}" >"$scratch/said" 2>&1 &
    installer=$!
    await 20 machine_run m test -e /run/reached
}

signal_installer()
{
    # shellcheck disable=SC2016 # expanded in the machine
    machine_run m sh -c 'kill -"$1" $(pgrep -f "^/bin/sh /bundles/delta/install" | head -n 1)' - "$1"
}

undoes_lost_link()
{
    machine_run m ip link set dev ge1 up
    await 20 machine_run m grep -qx 1 /sys/class/net/ge1/carrier || return
    begin_slowly 5 || return
    machine_link m ge1 down
    machine_run m touch /run/go-on
    wait "$installer"
    status=$?
    machine_link m ge1 up
    machine_run m ip link set dev ge1 down
    [ "$status" = 1 ] && said 'ge1 has lost its link' && unchanged_state bare
}

undoes_on_signal()
{
    begin_slowly || return
    signal_installer TERM
    machine_run m touch /run/go-on
    wait "$installer"
    status=$?
    [ "$status" = 1 ] && said 'interrupted .SIGTERM' && unchanged_state bare
}

refuses_a_second_one()
{
    begin_slowly || return
    cp "$scratch/said" "$scratch/first"
    install_run alpha
    [ "$status" = 1 ] && said 'another installation is under way' || return
    signal_installer TERM
    machine_run m touch /run/go-on
    wait "$installer"
    unchanged_state bare
}

# Nobody is left to undo it but the timer.
undoes_when_killed()
{
    begin_slowly || return
    signal_installer KILL
    wait "$installer"
    machine_run m systemctl is-active --quiet seilc-undo.timer || return
    machine_run m touch /run/go-on
    machine_run m systemctl start seilc-undo.service
    await 20 machine_run m sh -c '! test -e /var/lib/seilc/transaction && ! systemctl is-active --quiet seilc-undo'
    machine_run m journalctl -o cat --no-pager -u seilc-undo.service >"$scratch/said"
    said 'did not come to its end' && unchanged_state bare
}

next_run_undoes()
{
    begin_slowly || return
    signal_installer KILL
    wait "$installer"
    machine_run m touch /run/go-on
    install_run alpha
    [ "$status" = 0 ] && said 'an earlier installation was cut short' && router_runs || return
    install_run alpha --rollback
    [ "$status" = 0 ] && unchanged_state bare
}

undoes_after_power_loss()
{
    begin_slowly || return
    machine_cut m
    wait "$installer"
    machine_start "$suite" m >"$scratch/said" 2>&1 || return
    machine_run m journalctl -o cat --no-pager -u seilc-recover.service >"$scratch/said"
    said 'the system went down before' && unchanged_state bare
}

update_survives_power_loss()
{
    install_run alpha
    snapshot >"$scratch/alpha.state"
    begin_slowly || return
    machine_cut m
    wait "$installer"
    machine_start "$suite" m >"$scratch/said" 2>&1 || return
    await 10 router_runs && unchanged_state alpha.state || return
    install_run alpha --check
    [ "$status" = 0 ] || return
    uninstall_clean
}

# --- confirmation -------------------------------------------------------------------------------

undoes_unconfirmed()
{
    install_run alpha --confirm 10
    [ "$status" = 0 ] && said 'within 10 seconds: /var/lib/seilc/install --confirmed' &&
        router_runs || return
    install_run alpha
    [ "$status" = 1 ] && said 'waits to be confirmed' || return
    await 20 machine_run m sh -c '! test -e /var/lib/seilc/transaction && ! systemctl is-active --quiet seilc-undo'
    unchanged_state bare
}

keeps_confirmed()
{
    install_run alpha --confirm 60
    [ "$status" = 0 ] || return
    machine_run m /var/lib/seilc/install --confirmed >"$scratch/said" 2>&1 || return
    ! machine_run m systemctl is-active --quiet seilc-undo.timer && router_runs || return
    install_run alpha --check
    [ "$status" = 0 ]
}

unconfirmed_does_not_survive_a_boot()
{
    install_run alpha --confirm 600
    [ "$status" = 0 ] || return
    machine_cut m
    machine_start "$suite" m >"$scratch/said" 2>&1 || return
    unchanged_state bare
}

# --- taking it away -----------------------------------------------------------------------------

uninstalls()
{
    uninstall_clean && ! machine_run m test -e /var/lib/seilc && unchanged_since "$scratch/bare"
}

force_takes_over_and_gives_back()
{
    machine_run m sh -c 'echo "# mine" >/etc/keepalived/keepalived.conf; chmod 640 /etc/keepalived/keepalived.conf'
    snapshot >"$scratch/mine"
    install_run alpha --force
    [ "$status" = 0 ] && said 'warning: /etc/keepalived/keepalived.conf is there already' &&
        router_runs || return
    uninstall_clean && unchanged_since "$scratch/mine" || return
    machine_run m rm /etc/keepalived/keepalived.conf
}

# --- the run ------------------------------------------------------------------------------------

new_bundle alpha
pack_bundle alpha
snapshot >"$scratch/bare"

check "--check shows the changes and makes none" looks
check "missing packages are named" names_packages
check "another release is refused" other_release
check "wrong usage" wrong_usage
check "a foreign file is refused" refuses_foreign
check "other managers of a port are refused" refuses_managers
check "a daemon's own checker is asked first" asks_daemons
check "a first installation that fails is undone" undoes_failure_of_first
check "a daemon that dies early is noticed" undoes_early_death
check "a daemon that is restarted is noticed" undoes_restart_loop
check "a missing address is noticed" undoes_missing_address
check "a lost link is noticed" undoes_lost_link
check "an interrupted installation is undone" undoes_on_signal
check "two at once are refused" refuses_a_second_one
check "a killed installation is undone by its timer" undoes_when_killed
check "a killed installation is undone by the next run" next_run_undoes
check "a loss of power is undone at boot" undoes_after_power_loss
check "a loss of power during an update leaves the old router" update_survives_power_loss
check "without confirmation all goes back" undoes_unconfirmed
check "an unconfirmed installation does not survive a boot" unconfirmed_does_not_survive_a_boot
check "installs" installs
check "a second run has nothing to do" is_idempotent
check "what stopped is started" starts_what_stopped
check "a file changed since is refused" refuses_changed
check "an update reloads, and removes what is gone" updates
check "--rollback undoes the update" rolls_back_when_asked
check "a failing update leaves the old router" undoes_failure_of_update
check "keepalived restarts when an instance goes" restarts_when_an_instance_goes
check "--uninstall restores everything" uninstalls
check "a confirmed installation stays" keeps_confirmed
check "--uninstall after confirmation" uninstalls
check "--force takes over, --uninstall gives back" force_takes_over_and_gives_back

exit $((failures > 0))
