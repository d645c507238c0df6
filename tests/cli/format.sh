#!/bin/bash
# format.sh - seilc format: what it prints, writes and refuses, and with which status.
# shellcheck disable=SC2016 # the inner shells expand
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 2

printf 'hostname:b\r\nvrrp.vrouter.0.vrid :1\r\noption.timezone: JST' >messy.seil
printf 'hostname : b\n\noption.timezone : JST\n\nvrrp.vrouter.0.vrid : 1\n' >tidy.seil
cp messy.seil kept.seil

# --- printing ---
run 0 'a config on standard output' "$seilc" format messy.seil
same 'it is laid out' stdout tidy.seil
same 'the file stays' messy.seil kept.seil
run 0 'standard input by its name' bash -c '"$0" format - <messy.seil' "$seilc"
same 'it is laid out too' stdout tidy.seil
run 0 'standard input by default' bash -c '"$0" format <messy.seil' "$seilc"
same 'it is laid out likewise' stdout tidy.seil
run 0 'nothing' "$seilc" format /dev/null
holds 'nothing stays nothing' test ! -s stdout
for file in flets starlink; do
    run 0 "format $file" "$seilc" format "$root/examples/$file.seil"
    cp stdout "$file.once"
    run 0 "format $file twice" "$seilc" format "$file.once"
    same "$file stays the same" stdout "$file.once"
    "$seilc" show "$root/examples/$file.seil" 2>&1 | grep -A2 'key:' | grep -v '^--' | paste - - - | sort >before
    "$seilc" show "$file.once" 2>&1 | grep -A2 'key:' | grep -v '^--' | paste - - - | sort >after
    same "$file has the same tree" before after
    holds "$file has a tree" test -s before
done

# --- --check and --diff ---
run 1 '--check of a messy config' "$seilc" format --check messy.seil tidy.seil
echo messy.seil >want
same 'it names the file' stdout want
run 0 '--check of a tidy config' "$seilc" format --check tidy.seil
holds 'it says nothing' test ! -s stdout
run 1 '--diff of a messy config' "$seilc" format --diff messy.seil tidy.seil
cp stdout made.diff
if command -v patch >/dev/null; then
    cp messy.seil patched.seil
    sed -i 's/messy\.seil/patched.seil/' made.diff
    run 0 'patch takes the diff' patch --binary -s -p0 -i made.diff
    same 'and makes the config tidy' patched.seil tidy.seil
else
    echo 'skip patch takes the diff'
fi
run 0 '--diff of a tidy config' "$seilc" format --diff tidy.seil
holds 'it says nothing either' test ! -s stdout
run 1 '--diff of standard input' bash -c '"$0" format --check --diff - <messy.seil' "$seilc"
said 'it has a name' '+++ (standard input)'
same 'none of them writes' messy.seil kept.seil

# --- --write ---
chmod 640 messy.seil
[ "$(id -u)" -ne 0 ] || chown 12345:54321 messy.seil
stat -c '%a %u %g' messy.seil >want
run 0 '--write' "$seilc" format -w messy.seil
same 'the file is laid out' messy.seil tidy.seil
stat -c '%a %u %g' messy.seil >got
same 'its mode and owner stay' got want
holds 'nothing is printed' test ! -s stdout
inode=$(stat -c %i messy.seil)
run 0 '--write of a tidy file' "$seilc" format --write messy.seil
holds 'does not touch it' test "$(stat -c %i messy.seil)" = "$inode"
cp kept.seil target.seil
ln -s target.seil link.seil
run 0 '--write through a symbolic link' "$seilc" format -w link.seil
holds 'the link stays' test -L link.seil
same 'what it points to is laid out' target.seil tidy.seil
holds 'no fresh file is left over' test -z "$(find . -name '*.tmp-*')"

# --- what is refused ---
printf 'hostname:b\nhostnam:a\nnonsense\n' >bad.seil
cp bad.seil bad.kept
cp kept.seil messy.seil
run 2 'lines that cannot be read' "$seilc" format -w bad.seil messy.seil
said 'an unknown key is named' 'bad.seil:2:1: error: unknown key hostnam'
said 'so is a line that is none' 'bad.seil:3:9: error: '
same 'the bad file stays' bad.seil bad.kept
same 'the other one is laid out' messy.seil tidy.seil
run 2 'nothing of a bad config is printed' "$seilc" format bad.seil
holds 'indeed' test ! -s stdout
run 2 'a bad config with --check' "$seilc" format --check bad.seil kept.seil
said 'the other one is looked at' 'kept.seil'
run 2 'a file that is not there' "$seilc" format none.seil
run 2 'a directory that cannot be read' "$seilc" format --write /proc/self/mem
mkdir -p site/below
printf 'site: s\nrouters:\n  a: {config: a.seil}\n  b: {config: below/b.seil}\n' >site/site.yaml
cp kept.seil site/a.seil
cp kept.seil site/below/b.seil
cp kept.seil site/below/c.seil
run 1 'a site file stands for its configs' "$seilc" format --check site/site.yaml
printf 'site/a.seil\nsite/below/b.seil\n' >want
same 'they are named' stdout want
run 1 'a directory for all below it' "$seilc" format --check site
printf 'site/a.seil\nsite/below/b.seil\nsite/below/c.seil\n' >want
sort stdout >got
same 'all are named, each once' got want
echo site/a.seil >list
run 0 'a list' "$seilc" format -w @list site/site.yaml
same 'they are laid out' site/below/b.seil tidy.seil
printf 'site: s\nrouters:\n  a: {config: none.seil}\n' >site/site.yaml
run 2 'a site with a config that is not there' "$seilc" format --check site/site.yaml
said 'it is named' 'none.seil'
run 2 '--write of standard input' "$seilc" format -w -
run 2 '--write of nothing' "$seilc" format -w
run 2 '--write and --check' "$seilc" format -w --check messy.seil
printf 'login.admin.password:hunter2\nnonsense\n' >secret.seil
run 2 'a refused config with a password' "$seilc" format secret.seil
holds 'does not show it' bash -c '! grep -q hunter2 stdout stderr'
if [ "$(id -u)" -ne 0 ]; then
    cp kept.seil messy.seil
    chmod 444 messy.seil
    run 2 'a file that may not be written' "$seilc" format -w messy.seil
    same 'stays' messy.seil kept.seil
fi

# --- every config there is: the compiler must never doubt its own layout ---
"$seilc" format --check "$root/tests" "$root/examples" >stdout 2>stderr
holds 'all configs of the tests are looked at' test "$(wc -l <stdout)" -gt 100
holds 'none of them would say something else' bash -c '! grep -F "internal: " stderr'

# --- ten thousand lines ---
for i in $(seq 10000 -1 1); do echo "route.ipv4.$i.destination:10.$((i / 256)).$((i % 256)).0/24"; done >long.seil
run 0 'ten thousand lines' "$seilc" format long.seil
holds 'all are there' test "$(grep -c . stdout)" -eq 10000
holds 'in the order of their numbers' bash -c 'cut -d. -f3 stdout | grep . | sort -nc'
run 1 'their diff' "$seilc" format --diff long.seil
finish
