#!/bin/bash
# bundle.sh - `seilc bundle` on the example site, and its installation on Debian 12 and 13 with the
# real daemons.
#
# shellcheck disable=SC2317,SC2016 # the tests are called by check; the inner shell has arguments
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
seilc=${SEILC:-$top/build/seilc}
site=$top/examples/site.yaml
scratch=$(mktemp -d)
failures=0
# shellcheck source=tests/bundle/fixture
. "$here/fixture"
trap machine_end EXIT

# --- the archives -------------------------------------------------------------------------------

# make_bundles DIR ARGUMENT...: sets $status; what was said goes to $scratch/said.
make_bundles()
{
    status=0
    "$seilc" bundle -o "$@" >"$scratch/said" 2>&1 || status=$?
}

is_reproducible()
{
    make_bundles "$scratch/one" "$site"
    [ "$status" = 0 ] || return
    mkdir -p "$scratch/copy"
    cp "$top"/examples/* "$scratch/copy"
    (cd "$scratch/copy" && umask 077 && sleep 1 && make_bundles "$scratch/two" site.yaml) &&
        diff -r "$scratch/one" "$scratch/two" >>"$scratch/said"
}

is_complete()
{
    local router

    for router in flets starlink; do
        tar -xzf "$scratch/one/$router.tar.gz" -C "$scratch" || return
        (cd "$scratch/$router" &&
            sha256sum --check --quiet --strict SHA256SUMS) >>"$scratch/said" 2>&1 || return
        (cd "$scratch/$router/rootfs" && grep '^f' ../files.list | cut -d' ' -f3,4 | sed 's/ /  /' |
            sha256sum --check --quiet --strict) >>"$scratch/said" 2>&1 || return
        tar -tvzf "$scratch/one/$router.tar.gz" |
            grep -qv '^[-dl][rwx-]* root/root .* 1980-01-01' && return 1
        shellcheck "$scratch/$router/install" >>"$scratch/said" || return
    done
}

# Every place that the manifest names is in the files, and every statement has a fate.
has_a_true_source_map()
{
    local router

    for router in flets starlink; do
        jq -r '.statements[] | select(.fate == "unclaimed" or .fate == "refused" or (.fate == "realised" and (.output | length) == 0))' \
            "$scratch/$router/manifest.json" >>"$scratch/said" || return
        jq -r '.statements[].output[] | "\(.last) \(.path)"' "$scratch/$router/manifest.json" |
            sort -u |
            while read -r last path; do
                [ -L "$scratch/$router/rootfs/$path" ] ||
                    [ "$(wc -l <"$scratch/$router/rootfs/$path")" -ge "$last" ] ||
                    echo "$path has no line $last"
            done >>"$scratch/said" 2>&1
        # As many as the config has lines that are not empty.
        [ "$(jq '.statements | length' "$scratch/$router/manifest.json")" = "$(grep -c . "$top/examples/$router.seil")" ] || return
    done
    ! grep -q . "$scratch/said"
}

source_map()
{
    : >"$scratch/said"
    has_a_true_source_map
}

is_all_or_nothing()
{
    make_bundles "$scratch/one" "$site"
    [ "$status" = 2 ] && said 'cannot write' || return
    make_bundles "$scratch/one" --force "$site"
    [ "$status" = 0 ] || return
    make_bundles "$scratch/none" --set flets:interface.loopback0.ipv4.address=nonsense "$site"
    [ "$status" = 1 ] && [ ! -e "$scratch/none" ] || return
    make_bundles /proc/none "$site"
    [ "$status" = 2 ] && said 'cannot write' || return
    make_bundles "$scratch/missing/none" "$site"
    [ "$status" = 2 ] && [ ! -e "$scratch/missing" ]
}

# A disk that fills up: neither a part of the output nor of the work is left.
leaves_nothing_on_a_full_disk()
{
    unshare --mount bash -c 'mkdir "$1/full" && mount -t tmpfs -o size=48k full "$1/full" && cd "$1/full" || exit 9
        "$2" bundle -o out "$3"; status=$?; ls -A; exit $status' - "$scratch" "$seilc" "$site" >"$scratch/said" 2>&1
    [ $? = 2 ] && said 'cannot write' && ! said '^out'
}

# --- on its router ------------------------------------------------------------------------------

give_bundle()
{
    make_bundles "$scratch/$suite.out" --target "$target" "$site"
    [ "$status" = 0 ] && tar -xzf "$scratch/$suite.out/flets.tar.gz" -C "$scratch/m/bundles"
}

installs()
{
    give_bundle || return
    snapshot >"$scratch/bare"
    install_run flets --check
    [ "$status" = 1 ] && said 'problems: 0' && unchanged_since "$scratch/bare" || return
    install_run flets
    [ "$status" = 0 ] && said 'flets is installed and runs'
}

serves()
{
    machine_run m systemctl is-active keepalived radvd kea-dhcp4-server dhcpcd seilc-nftables seilc-monitor seilc-runtime.path \
        >"$scratch/said" 2>&1 || return
    machine_run m ip -o address show dev ge1 >>"$scratch/said"
    said '192\.168\.1\.2/24' && said 'fe80::5e:c0a8:102/64' || return
    machine_run m nft list tables >>"$scratch/said"
    said 'table ip6 seilc'
}

has_nothing_left_to_do()
{
    install_run flets --check
    [ "$status" = 0 ] && said 'nothing to do'
}

boots()
{
    machine_cut m
    machine_start "$suite" m >"$scratch/said" 2>&1 || return
    await 15 serves && has_nothing_left_to_do
}

uninstalls()
{
    machine_run m /var/lib/seilc/install --uninstall >"$scratch/said" 2>&1 || return
    machine_cut m
    machine_start "$suite" m >"$scratch/said" 2>&1 || return
    unchanged_state_of_files
}

# The lines of a snapshot about files, but for what a boot writes and for a list that keepalived 2.3
# makes for iproute2.
about_files()
{
    grep -e '^/' -e '  /' | grep -v -e /etc/machine-id -e '^/etc ' -e /etc/iproute2
}

unchanged_state_of_files()
{
    about_files <"$scratch/bare" >"$scratch/then"
    snapshot | about_files | diff "$scratch/then" - >>"$scratch/said"
}

# --- a root that is not running -----------------------------------------------------------------

# offline_inside: in a mount namespace, with a view of the test root at $scratch/root.
offline_inside()
{
    local root=$scratch/root

    mkdir -p "$root" "$scratch/$suite.offline/upper" "$scratch/$suite.offline/work"
    mount -t overlay -o "lowerdir=$roots/$suite,upperdir=$scratch/$suite.offline/upper,workdir=$scratch/$suite.offline/work" overlay "$root"
    find "$root/etc" -type f -exec sha256sum {} + | sort >"$scratch/before"
    "$scratch/$suite.flets/install" --root "$root" --check
    [ $? = 1 ] || return
    "$scratch/$suite.flets/install" --root "$root" || return
    [ -L "$root/etc/systemd/system/multi-user.target.wants/seilc-network.service" ] || return
    cmp "$root/etc/keepalived/keepalived.conf" "$scratch/$suite.flets/rootfs/etc/keepalived/keepalived.conf" || return
    "$scratch/$suite.flets/install" --root "$root" || return
    "$root/var/lib/seilc/install" --root "$root" --uninstall || return
    find "$root/etc" -type f -exec sha256sum {} + | sort | diff "$scratch/before" -
}

installs_offline()
{
    mkdir -p "$scratch/$suite.flets"
    tar -xzf "$scratch/$suite.out/flets.tar.gz" -C "$scratch/$suite.flets" --strip-components=1
    (
        export scratch roots suite
        export -f offline_inside
        unshare --mount bash -c offline_inside
    ) >"$scratch/said" 2>&1 && said 'nothing to do'
}

check "the same site gives the same bytes" is_reproducible
check "archives are complete" is_complete
check "the source map is true" source_map
check "all or nothing" is_all_or_nothing
check "a full disk" leaves_nothing_on_a_full_disk

for pair in bookworm:debian12 trixie:debian13; do
    suite=${pair%:*}
    target=${pair#*:}
    if ! "$here/../roots/make-root" "$suite" >/dev/null ||
        ! machine_start "$suite" m >"$scratch/boot" 2>&1; then
        printf 'skip installation on %s: no system can be booted here\n' "$suite"
        continue
    fi
    check "installs on $suite" installs
    check "serves on $suite" serves
    check "a second run has nothing to do on $suite" has_nothing_left_to_do
    check "boots on $suite" boots
    check "uninstalls on $suite" uninstalls
    check "installs below --root on $suite" installs_offline
    machine_cut m
    rm -rf "$scratch/m"
done

exit $((failures > 0))
