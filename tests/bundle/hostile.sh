#!/bin/bash
# hostile.sh - bundles that were damaged or made to do harm, and a --root that leads elsewhere:
# refused, and nothing is touched.
#
# shellcheck disable=SC2317,SC2016 # the tests are called by check; nothing in quotes is to be expanded
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
    printf 'skip hostile: no system can be booted here: %s\n' "$(tail -n 1 "$scratch/boot")"
    exit 0
fi

# seal: the sums fit again after a list was changed by hand, as an attacker would have it.
seal()
{
    (cd "$scratch/evil" && sha256sum about.list files.list install manifest.json packages.list ports.list units.list >SHA256SUMS)
    rm -rf "$scratch/m/bundles/evil"
    cp -a "$scratch/evil" "$scratch/m/bundles/evil"
}

# refused MESSAGE: the installer says it, exits 1, and nothing has changed.
refused()
{
    local message=$1

    install_run evil
    [ "$status" = 1 ] && said "$message" && unchanged_since "$scratch/bare" && return
    echo "expected status 1 and: $message; got $status" >>"$scratch/said"
    return 1
}

# evil_line LIST LINE MESSAGE: a line more in a list.
evil_line()
{
    new_bundle evil
    pack_bundle evil
    printf '%s' "$2" >>"$scratch/evil/$1"
    seal
    refused "$3"
}

sum=$(printf x | sha256sum | cut -d' ' -f1)

evil_paths()
{
    local path

    for path in /etc/passwd ../etc/passwd etc/../../passwd etc/./x etc//x etc/x/ etc 'etc/a b' 'etc/a;reboot' 'etc/$(reboot)' \
        "etc/a'b" 'etc/a"b' 'etc/*' etc/$'\t' etc/é root/.ssh/authorized_keys usr/lib/other/x usr/lib/seilc/../x; do
        evil_line files.list "f 0644 $sum $path"$'\n' 'files.list' || return
    done
}

evil_kinds()
{
    local line

    for line in "d 0755 $sum etc/x" "f 4755 $sum etc/x" "f 644 $sum etc/x" "f 0644 $sum" "f 0644 ${sum%?} etc/x" "f 0644 $sum  etc/x" \
        "f 0644 $sum etc/x y" ""; do
        evil_line files.list "$line"$'\n' 'files.list' || return
    done
    evil_line files.list "f 0644 $sum etc/x" 'files.list' || return
    evil_line files.list "f 0644 $sum etc/radvd.conf"$'\n' 'a path stands there twice'
}

evil_units()
{
    local line

    for line in 'unit x;reboot.service enable' 'unit ../x.service enable' 'unit x enable' 'unit -H.service' 'unit x.service always' \
        'file x.service restart /etc/x' 'file x.service run etc/x' 'exec reboot'; do
        evil_line units.list "$line"$'\n' 'units.list is not as it should be' || return
    done
    evil_line packages.list '$(reboot)'$'\n' 'packages.list is not as it should be' || return
    evil_line packages.list '-oDir=/tmp'$'\n' 'packages.list is not as it should be' || return
    evil_line ports.list '../../x -'$'\n' 'ports.list is not as it should be' || return
    evil_line ports.list 'ge0 $(reboot)'$'\n' 'ports.list is not as it should be' || return
    evil_line about.list 'target debian12;x'$'\n' 'about.list is not as it should be'
}

damaged()
{
    new_bundle evil
    pack_bundle evil
    printf x >>"$scratch/m/bundles/evil/units.list"
    refused 'the bundle is damaged: its sums do not fit' || return
    pack_bundle evil
    printf x >>"$scratch/m/bundles/evil/rootfs/etc/radvd.conf"
    refused 'the bundle is damaged: its files' || return
    pack_bundle evil
    rm "$scratch/m/bundles/evil/rootfs/etc/radvd.conf"
    refused 'rootfs and files.list differ: etc/radvd.conf' || return
    pack_bundle evil
    echo extra >"$scratch/m/bundles/evil/rootfs/etc/extra"
    refused 'rootfs and files.list differ: etc/extra' || return
    pack_bundle evil
    sed -i '/files.list/d' "$scratch/m/bundles/evil/SHA256SUMS"
    refused 'SHA256SUMS does not have files.list' || return
    pack_bundle evil
    rm "$scratch/m/bundles/evil/manifest.json"
    refused 'manifest.json is missing'
}

# What stands for a file is a link to somewhere, or something else.
disguised()
{
    new_bundle evil
    pack_bundle evil
    ln -sf /etc/shadow "$scratch/m/bundles/evil/rootfs/etc/radvd.conf"
    refused 'the bundle is damaged' || return
    pack_bundle evil
    rm "$scratch/m/bundles/evil/rootfs/etc/radvd.conf"
    mkfifo "$scratch/m/bundles/evil/rootfs/etc/radvd.conf"
    refused 'the bundle is damaged' || return
    pack_bundle evil
    mv "$scratch/m/bundles/evil/rootfs/etc/kea" "$scratch/m/bundles/evil/kea"
    ln -s ../../kea "$scratch/m/bundles/evil/rootfs/etc/kea"
    refused 'rootfs and files.list differ'
}

# Directories of the system that lead elsewhere, and things at the place of a file.
crooked_system()
{
    new_bundle evil
    pack_bundle evil
    machine_run m sh -c 'mkdir /elsewhere && ln -s /elsewhere /etc/seilc'
    install_run evil
    machine_run m sh -c 'rm /etc/seilc; rmdir /elsewhere'
    [ "$status" = 1 ] && said '/etc/seilc is not a directory' && unchanged_since "$scratch/bare" ||
        return
    machine_run m mkdir /etc/radvd.conf
    install_run evil --force
    machine_run m rmdir /etc/radvd.conf
    [ "$status" = 1 ] && said '/etc/radvd.conf is neither file nor link' &&
        unchanged_since "$scratch/bare" || return
    machine_run m ln -s /etc/shadow /etc/radvd.conf
    install_run evil
    machine_run m rm /etc/radvd.conf
    [ "$status" = 1 ] && said '/etc/radvd.conf is there already' && unchanged_since "$scratch/bare"
}

# With --force a link is replaced, and what it leads to is not.
does_not_follow()
{
    machine_run m sh -c 'echo precious >/precious; ln -s /precious /etc/radvd.conf; ln -s /precious /etc/radvd.conf.seilc-new'
    snapshot >"$scratch/linked"
    install_run evil --force
    [ "$status" = 0 ] && [ "$(machine_run m cat /precious)" = precious ] &&
        machine_run m test ! -L /etc/radvd.conf || return
    install_run evil --rollback
    [ "$(machine_run m cat /precious)" = precious ] &&
        [ "$(machine_run m readlink /etc/radvd.conf)" = /precious ] || return
    machine_run m rm -f /etc/radvd.conf /precious
    unchanged_since "$scratch/bare"
}

# A file that a container manager has mounted can be written, not replaced.
mounted_file()
{
    new_bundle evil
    printf '127.0.0.1 localhost\n192.168.1.2 evil\n' >"$scratch/evil/rootfs/etc/hosts"
    chmod 644 "$scratch/evil/rootfs/etc/hosts"
    pack_bundle evil
    machine_run m sh -c 'cp /etc/hosts /run/hosts; mount --bind /run/hosts /etc/hosts'
    install_run evil
    [ "$status" = 0 ] && machine_run m grep -q evil /run/hosts || return
    install_run evil --rollback
    ! machine_run m grep -q evil /run/hosts || return
    machine_run m umount /etc/hosts
    unchanged_since "$scratch/bare"
}

# A disk without room is noticed before anything is replaced.
full_disk()
{
    machine_run m sh -c 'mkdir /run/seilc-full && mount -t tmpfs -o size=64k full /run/seilc-full && mkdir -p /etc/seilc &&
        mount --bind /run/seilc-full /etc/seilc && head -c 1000000 /dev/zero >/etc/seilc/fill 2>/dev/null'
    new_bundle evil
    pack_bundle evil
    install_run evil
    machine_run m sh -c 'umount /etc/seilc /run/seilc-full; rmdir /etc/seilc /run/seilc-full'
    [ "$status" = 1 ] && said 'putting everything back: /etc/seilc/links' &&
        unchanged_since "$scratch/bare"
}

new_bundle evil
pack_bundle evil
snapshot >"$scratch/bare"

check "paths that lead elsewhere" evil_paths
check "lines of files.list that are none" evil_kinds
check "lines of the other lists that are none" evil_units
check "damaged bundles" damaged
check "files that are something else" disguised
check "directories that are links" crooked_system
check "links are replaced, not followed" does_not_follow
check "a mounted file" mounted_file
check "a full disk" full_disk

exit $((failures > 0))
