#!/bin/bash
# fix.sh - lint --fix: certain cures, and nothing else of a file.
#
# tests/lint/fix holds NAME[.CASE].before, which raises the finding NAME, and NAME[.CASE].after, what --fix makes of it, byte
# for byte; NAME[.CASE].kept raises NAME as well, but what was meant is not certain.
# shellcheck disable=SC2016 # the inner shells expand
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 2
cases=$root/tests/lint/fix

# The names of the findings of a config, one for each; and those that offer a cure.
findings()
{
    "$seilc" lint --format json "$1" | jq -r '.[].name' | sort
}

cures()
{
    "$seilc" lint --format json "$1" | jq -r '.[] | select(.fixes) | .name' | sort -u
}

for before in "$cases"/*.before; do
    label=${before##*/}
    label=${label%.before}
    name=${label%%.*}
    after=${before%.before}.after
    cp "$before" case.seil
    findings case.seil >found.before
    holds "$label: the finding is there" grep -qx "$name" found.before
    holds "$label: with its cure" grep -qx "$name" <(cures case.seil)
    "$seilc" lint --fix --diff case.seil >case.diff 2>/dev/null
    same "$label: --diff changes nothing" case.seil "$before"
    if command -v patch >/dev/null; then
        cp case.seil patched.seil
        sed -i 's/case\.seil$/patched.seil/' case.diff
        patch --binary -s -p0 -i case.diff
        same "$label: the diff says what --fix does" patched.seil "$after"
    fi
    "$seilc" lint --fix - <case.seil >printed 2>/dev/null
    same "$label: standard input" printed "$after"
    "$seilc" lint --fix -q case.seil >said 2>&1
    same "$label: --fix" case.seil "$after"
    findings case.seil >found.after
    holds "$label: the finding is gone" bash -c '! grep -qx "$1" found.after' - "$name"
    holds "$label: and no new one came" test -z "$(comm -13 found.before found.after)"
    "$seilc" lint -q "$after" | sed 's/^[^ ].*after:/case.seil:/' >want
    same "$label: what remains is reported" said want
    "$seilc" lint --fix -q case.seil >/dev/null 2>&1
    same "$label: once more changes nothing" case.seil "$after"
done
for kept in "$cases"/*.kept; do
    label=${kept##*/}
    label=${label%.kept}
    cp "$kept" case.seil
    holds "$label: the finding is there" grep -qx "${label%%.*}" <(findings case.seil)
    "$seilc" lint --fix case.seil >/dev/null 2>&1
    same "$label: it is left alone" case.seil "$kept"
done

# Every finding that offers a cure anywhere in the tests has a case of its own here.
cures "$root/tests/lint/cases" >offered
holds 'every cure has a case' test -z "$(while read -r name; do ls "$cases/$name".*before >/dev/null 2>&1 || echo "$name"; done <offered)"
holds 'there are cures' test -s offered

# --- status and streams ---
cp "$cases/duplicate-key.before" case.seil
run 0 '--fix that leaves no error' "$seilc" lint --fix case.seil
said 'it says how many' '1 finding cured'
cp "$cases/duplicate-key.disputed.kept" case.seil
run 1 '--fix that leaves errors' "$seilc" lint --fix case.seil
cp "$cases/duplicate-key.before" case.seil
run 1 '--fix --diff that would change something' "$seilc" lint --fix --diff case.seil
holds 'the diff is all of standard output' test "$(grep -vc '^[-+@ ]' stdout)" -eq 0
run 0 '--fix --diff that would not' "$seilc" lint --fix --diff "$cases/duplicate-key.after"
run 0 '--fix of standard input' bash -c '"$1" lint --fix - <"$2"' - "$seilc" "$cases/duplicate-key.before"
same 'the text is all of standard output' stdout "$cases/duplicate-key.after"
run 2 '--diff alone' "$seilc" lint --diff case.seil
run 2 '--fix of a file that is not there' "$seilc" lint --fix none.seil

# --- files ---
chmod 640 case.seil
[ "$(id -u)" -ne 0 ] || chown 12345:54321 case.seil
stat -c '%a %u %g' case.seil >want
ln -s case.seil link.seil
run 0 '--fix through a symbolic link' "$seilc" lint --fix link.seil
same 'the file is cured' case.seil "$cases/duplicate-key.after"
stat -c '%a %u %g' case.seil >got
same 'its mode and owner stay' got want
holds 'the link stays' test -L link.seil
holds 'no fresh file is left over' test -z "$(find . -name '*.tmp-*')"
inode=$(stat -c %i case.seil)
run 0 '--fix of what needs none' "$seilc" lint --fix case.seil
holds 'does not touch the file' test "$(stat -c %i case.seil)" = "$inode"

# --- what is set elsewhere is not in the config ---
cp "$cases/dhcp-gateway-not-vip.absent.before" case.seil
cp case.seil kept.seil
run 1 'a wrong value of --set' "$seilc" lint --fix --set dhcp.server.0.gateway=192.168.1.2 case.seil
same 'is not cured in the config' case.seil kept.seil

# --- a site: both routers at once, and one config that two of them share ---
cp "$cases/duplicate-key.before" a.seil
cp "$cases/unknown-key.before" b.seil
printf 'site: s\nrouters:\n  a: {config: a.seil}\n  b: {config: b.seil}\n  c: {config: b.seil}\n' >site.yaml
"$seilc" lint --fix site.yaml >said 2>&1
same 'the first router of a site' a.seil "$cases/duplicate-key.after"
same 'the second one' b.seil "$cases/unknown-key.after"
holds 'the site file stays' test "$(wc -l <site.yaml)" -eq 5

# --- what is filtered out is not cured ---
cp "$cases/deprecated-key.before" case.seil
"$seilc" lint --fix --min-severity warning case.seil >/dev/null 2>&1
same '--min-severity' case.seil "$cases/deprecated-key.before"

cp "$cases/deprecated-key.before" case.seil
"$seilc" lint --write-baseline base case.seil >/dev/null 2>&1
"$seilc" lint --fix --baseline base case.seil >/dev/null 2>&1
same 'the baseline' case.seil "$cases/deprecated-key.before"
printf 'allow: {deprecated-key: "old firmware"}\n' >.seilc.yaml
"$seilc" lint --fix case.seil >/dev/null 2>&1
same 'an allowance' case.seil "$cases/deprecated-key.before"
rm .seilc.yaml
"$seilc" lint --fix case.seil >/dev/null 2>&1
same 'without it' case.seil "$cases/deprecated-key.after"

# --- a thousand at once ---
for i in $(seq 1000); do printf 'Resolver.%d.address: 192.0.2.%d\nresolver.%d.domain: x\n' "$i" $((i % 250)) "$i"; done >many.seil
"$seilc" lint --fix -q many.seil >/dev/null 2>&1
holds 'a thousand cures' test "$(grep -c '^resolver.*address' many.seil)" -eq 1000
finish
