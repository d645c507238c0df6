#!/bin/bash
# bad-input.sh - whatever comes in, there is a clear finding, the right exit status, and nothing half-written.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 2
example=$root/examples/starlink.seil

# ---- configs ----

: >empty.seil
run 0 'an empty config is read' "$seilc" lint empty.seil
said 'an empty config is told' empty-config
head -c 100000 /dev/urandom >binary.seil
run 1 'a binary file is refused' "$seilc" lint binary.seil
printf 'hostname : a\0b\n' >nul.seil
run 1 'a NUL byte is refused' "$seilc" lint nul.seil
said 'a NUL byte is named' bad-byte
printf 'hostname : 東京\n' >multibyte.seil
run 1 'multi-byte characters are refused' "$seilc" lint multibyte.seil
said 'multi-byte characters are named' 'single-byte'
printf 'hostname : "abc\nhostname : b"c"\ninterface.ge0.ipv4.address : 192.0.2.1/99\n' >quotes.seil
run 1 'an unclosed quote is refused' "$seilc" lint quotes.seil
said 'the line after it is still read' 'quotes.seil:3:'
said 'the wrong part is named' 'a prefix length from 0 to 32'
printf 'interface.ge0.ipv4.address : ***.***.***.***/32\n' >masked.seil
run 1 'a masked value is refused' "$seilc" lint masked.seil
said 'a masked value says how to set it' '--set interface.ge0.ipv4.address='
# shellcheck disable=SC2016 # a placeholder of the manual, not of the shell
printf 'hostname : ${hostname}\n' >placeholder.seil
run 1 'a placeholder is refused' "$seilc" lint placeholder.seil
said 'a placeholder is named' placeholder
printf 'hostname : a\noption.timezone : JST\nhostname : b\nhostname : c\n' >twice.seil
run 1 'a key given three times' "$seilc" lint twice.seil
for line in 1 3 4; do
    said "the same key in line $line" "twice.seil:$line:1: error"
done
printf 'vrrp.vrouter.0.priorty : 1\n' >typo.seil
run 1 'an unknown key' "$seilc" lint typo.seil
said 'an unknown key gets a suggestion' 'vrrp.vrouter.0.priority'
printf 'hostname : office\r\noption.timezone : JST\r\n' >crlf.seil
run 0 'CRLF line ends' "$seilc" lint crlf.seil
printf 'login.admin.password : "correct horse battery\n' >secret.seil
run 1 'a secret that is wrong' "$seilc" lint secret.seil
if grep -q 'battery' stdout stderr; then fail 'a secret is not shown' "$(cat stdout)"; else echo 'ok a secret is not shown'; fi

# ---- sizes ----

head -c 10485760 /dev/zero | tr '\0' a >line.seil
run 1 'one line of 10 MB' "$seilc" lint line.seil
yes 'no such key' | head -n 1000000 >errors.seil
run 1 'a million errors' "$seilc" lint errors.seil
said 'a million errors are counted' '1000000 errors'
"$root/tests/bench/generate" 2600000 >large.seil
ASAN_OPTIONS=${ASAN_OPTIONS-}:quarantine_size_mb=1 run 0 '100 MB' timeout 300 "$seilc" lint large.seil
rm -f large.seil errors.seil

# ---- files ----

run 2 'a missing file' "$seilc" lint missing.seil
said 'a missing file is named' 'missing.seil'
run 2 'a directory where a config is wanted' "$seilc" show .
mkdir none
run 2 'a directory without configs' "$seilc" lint none
run 2 'no argument' "$seilc" lint
run 2 'an unknown command' "$seilc" frobnicate
run 2 'an unknown option' "$seilc" lint --frobnicate x
run 2 'an unknown backend' "$seilc" translate -t frobnicate "$example"
said 'the backends are listed' keepalived

mkdir full && touch full/file
run 2 'an output directory that is not empty' "$seilc" translate "$example" -o full
if [ "$(ls -A full)" = file ]; then echo 'ok it is left alone'; else fail 'it is left alone' "$(ls -lA full)"; fi
run 2 'it is no earlier output, and stays' "$seilc" translate "$example" -o full --force
if [ "$(ls -A full)" = file ]; then echo 'ok it stays as it is'; else fail 'it stays as it is' "$(ls -lA full)"; fi
run 0 'an output' "$seilc" translate "$example" -o earlier
touch earlier/starlink/file
run 0 'it is replaced when told to' "$seilc" translate "$example" -o earlier --force
if [ -e earlier/starlink/file ]; then fail 'the old files are gone'; else echo 'ok the old files are gone'; fi
mkdir -p empty && run 0 'an empty output directory' "$seilc" translate "$example" -o empty
run 1 'nothing is written after an error' "$seilc" translate masked.seil -o nothing
if [ -e nothing ]; then fail 'no output directory'; else echo 'ok no output directory'; fi
run 2 'an output directory that cannot be made' "$seilc" translate "$example" -o missing/deep/dir
if [ "$(id -u)" -eq 0 ] && mkdir -p small && mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
    run 2 'a full disk' "$seilc" translate "$example" -o small/out
    if [ -z "$(ls -A small)" ]; then echo 'ok a full disk keeps nothing'; else fail 'a full disk keeps nothing' "$(ls -A small)"; fi
    mount -o remount,ro small
    run 2 'a read-only disk' "$seilc" translate "$example" -o small/out
    umount small
else
    echo 'skip a full disk - cannot mount'
fi
run 2 'standard output that is full' bash -c "'$seilc' explain --table >/dev/full"

# ---- site files ----

site()
{
    cat >site.yaml
    run 1 "$1" "$seilc" lint site.yaml
}

cp "$example" a.seil
site 'a YAML alias' <<'Y'
site: &x kanda
routers: {a: {config: *x}}
Y
site 'a YAML bomb' <<'Y'
a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c]
Y
site 'a site file that is no YAML' <<'Y'
site: [kanda
Y
site 'an unknown key in a site file' <<'Y'
site: kanda
ruoters: {a: {config: a.seil}}
Y
said 'it gets a suggestion' routers
site 'a config outside' <<'Y'
site: kanda
routers: {a: {config: ../../../../etc/passwd}}
Y
site 'a router name that is no name' <<'Y'
site: kanda
routers: {"../a": {config: a.seil}}
Y
site 'a repeated key' <<'Y'
site: kanda
routers: {a: {config: a.seil}, a: {config: a.seil}}
Y
cat >site.yaml <<'Y'
site: kanda
routers: {a: {config: missing.seil}}
Y
run 2 'a config that is missing' "$seilc" lint site.yaml
said 'the place in the site file is told' 'site.yaml:2:'
finish
