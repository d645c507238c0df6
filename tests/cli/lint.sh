#!/bin/bash
# lint.sh - what a user of seilc lint can do: formats, severities, lists.
. "$(dirname "$0")/lib.sh"
cd "$root/examples" || exit 2

# jq_holds NAME FILTER [FILE]: the filter is true of the last output.
jq_holds()
{
    if jq -e "$2" "${3-$work/stdout}" >/dev/null 2>&1; then echo "ok $1"; else fail "$1" "$(head -c 500 "${3-$work/stdout}")"; fi
}

# printed NAME TEXT: the last run printed exactly that.
printed()
{
    if [ "$(cat "$work/stdout")" = "$2" ]; then echo "ok $1"; else fail "$1" "$(diff <(printf '%s\n' "$2") "$work/stdout")"; fi
}

not_said()
{
    if grep -qF -- "$2" "$work/stdout" "$work/stderr"; then fail "$1" "not expected: $2"; else echo "ok $1"; fi
}

# ---- SARIF ----

run 0 'lint as SARIF' "$seilc" lint --format sarif site.yaml
jq_holds 'it is one run of seilc' '.version == "2.1.0" and (.runs | length) == 1 and .runs[0].tool.driver.name == "seilc"'
jq_holds 'each rule has its page' 'all(.runs[0].tool.driver.rules[]; .help.markdown | length > 50)'
# shellcheck disable=SC2016 # a variable of jq's
jq_holds 'each result has its rule, place and fingerprint' '
    .runs[0].tool.driver.rules as $rules | all(.runs[0].results[]; $rules[.ruleIndex].id == .ruleId
        and .locations[0].physicalLocation.region.startLine > 0 and (.partialFingerprints | length) == 1)'
cp "$work/stdout" "$work/site.sarif"
(cd "$root/tests/lint/cases" && "$seilc" lint --format sarif ./*.seil ./*/*.seil; "$seilc" lint "$work/none" --format sarif >"$work/none.sarif"
    "$seilc" lint --set 'hostname="' ./bad-line.seil --format sarif >"$work/set.sarif") >"$work/cases.sarif" 2>"$work/stderr"
printf 'hostname: \xe3\x81\x82\xff[a](b){0}\n' >"$work/odd [1].seil"
printf 'b\n' | "$seilc" lint --format sarif "$work/odd [1].seil" - >"$work/odd.sarif"
state=0
"$root/tests/sarif/validate" "$work/site.sarif" "$work/cases.sarif" "$work/none.sarif" "$work/set.sarif" "$work/odd.sarif" \
    >"$work/stdout" 2>"$work/stderr" || state=$?
case $state in
0) echo 'ok all of it is SARIF by the published schema' ;;
77) echo "skip SARIF by the published schema: $(cat "$work/stderr")" ;;
*) fail 'all of it is SARIF by the published schema' "$(head -20 "$work/stdout")" ;;
esac
if [ "$state" -eq 0 ]; then
    sed 's/"startLine":/"startLine":-/' "$work/site.sarif" >"$work/bad.sarif"
    if "$root/tests/sarif/validate" "$work/bad.sarif" >/dev/null; then fail 'what is not SARIF is seen'; else echo 'ok what is not SARIF is seen'; fi
fi

jq_holds 'certain cures are in it' '[.runs[0].results[] | select(.fixes) | .fixes[0].artifactChanges[0].replacements[0].insertedContent.text] |
    length > 2' "$work/cases.sarif"

(cd "$root/tests/lint/cases" && "$seilc" lint --format json ./*.seil ./*/*.seil "$work/none") >"$work/cases.json"
state=0
"$root/tests/sarif/validate" --schema "$root/docs/findings.schema.json" "$work/cases.json" >"$work/stdout" 2>"$work/stderr" || state=$?
case $state in
0) echo 'ok JSON is as docs/findings.schema.json says' ;;
77) echo "skip JSON by docs/findings.schema.json: $(cat "$work/stderr")" ;;
*) fail 'JSON is as docs/findings.schema.json says' "$(head -20 "$work/stdout")" ;;
esac

# A fingerprint stays when lines are put in above.
mkdir "$work/prints"
{ printf '\n\n'; cat starlink.seil; } >"$work/prints/starlink.seil"
prints='[.runs[0].results[] | select(.locations[0].physicalLocation.artifactLocation.uri == "starlink.seil") |
    .partialFingerprints[]] | sort'
"$seilc" lint --format sarif starlink.seil | jq -c "$prints" >"$work/before"
(cd "$work/prints" && "$seilc" lint --format sarif starlink.seil) | jq -c "$prints" >"$work/after"
if [ "$(jq length "$work/before")" -gt 2 ] && jq -e --slurpfile after "$work/after" '. - $after[0] == []' "$work/before" >/dev/null; then
    echo 'ok fingerprints stay'
else
    fail 'fingerprints stay' "$(cat "$work/before" "$work/after")"
fi

# ---- GitHub ----

run 0 'lint for GitHub' "$seilc" lint --format github site.yaml
said 'a warning is one' '::warning file=flets.seil,line=3,col=24,title=wan-ipv6-open::'
said 'a note is a notice' '::notice file=flets.seil,'
if grep -vqE '^::(notice|warning|error) |^[0-9]+ (error|warning|note)' "$work/stdout"; then
    fail 'each line is a command, and the last one counts' "$(head -c 500 "$work/stdout")"
else
    echo 'ok each line is a command, and the last one counts'
fi
run 2 'lint of nothing for GitHub' "$seilc" lint --format github "$work/none"
said 'it names the file' "::error file=${work}/none,title=cannot-read::"

# ---- severities and the list ----

run 2 'an unknown format' "$seilc" lint --format xml site.yaml
said 'the formats are named' 'text|json|sarif|github'
run 2 'a format of lint alone' "$seilc" show --format sarif starlink.seil
run 0 'warnings alone' "$seilc" lint --min-severity warning site.yaml
not_said 'no note is shown as a finding' 'flets.seil:23:22: note'
said 'nor counted' '2 warnings'
not_said 'nor counted at all' 'notes'
run 0 'errors alone' "$seilc" lint --min-severity error site.yaml
printed 'there are none' ''
run 1 'warnings are errors' "$seilc" lint --werror site.yaml
said 'they are counted so' '2 errors, 8 notes'
run 2 'a severity that is none' "$seilc" lint --min-severity bad site.yaml
run 0 'quiet' "$seilc" lint --quiet site.yaml
not_said 'nothing counts' '2 warnings'
run 2 'lint of nothing at all' "$seilc" lint
run 0 'the list' "$seilc" lint --list
count=$(grep -c '^FINDING(' "$root/compiler/finding_list.h")
if [ "$(wc -l <"$work/stdout")" -eq "$count" ]; then echo 'ok it has them all'; else fail 'it has them all' "$(wc -l <"$work/stdout")"; fi
said 'with severity, feature and meaning' \
    'dhcp-pool-overlap          error    dhcp           the pools of two routers share addresses'
run 0 'the list as JSON' "$seilc" lint --list --format json
jq_holds 'it has them all' "length == $count and all(.[]; .name and .severity and .feature and .summary)"

# ---- rules: severities and allowances ----

net=$work/net
mkdir -p "$net/tokyo/shop" "$net/osaka"
printf 'interface.ge1.ipv4.address: 192.168.1.2/24\ntelnetd.service: enable\nsnmp.service: enable\nsnmp.community: public\n' \
    >"$net/tokyo/shop/a.seil"
cp "$net/tokyo/shop/a.seil" "$net/osaka/b.seil"
cd "$net" || exit 2
run 0 'a network without rules' "$seilc" lint tokyo/shop/a.seil
said 'telnetd is told' '[telnetd-on]'
printf 'severity: {telnetd-on: error}\n' >.seilc.yaml
run 1 'a .seilc.yaml above the config' "$seilc" lint tokyo/shop/a.seil
said 'it makes an error of it' 'a.seil:2:18: error: '
run 1 'and above the working directory' env -C tokyo/shop "$seilc" lint a.seil
run 1 'and for standard input' bash -c "'$seilc' lint - <tokyo/shop/a.seil"
printf 'severity: {telnetd-on: off, snmp-public: note}\n' >tokyo/.seilc.yaml
run 0 'the nearest counts' "$seilc" lint tokyo/shop/a.seil
not_said 'what is off is not told' telnetd
said 'what is a note is one' 'note: '
run 1 'each input has its own' "$seilc" lint tokyo/shop/a.seil osaka/b.seil
cat >tokyo/shop/site.yaml <<'SITE'
site: shop
routers: {a: {config: a.seil}}
lint: {severity: {telnetd-on: warning}}
SITE
run 0 'the section of a site' "$seilc" lint tokyo/shop/site.yaml
said 'it wins' 'a.seil:2:18: warning: '
said 'and leaves the rest to the .seilc.yaml' 'note: '
rm tokyo/shop/site.yaml
printf 'allow: {telnetd-on: "console server"}\n' >tokyo/.seilc.yaml
run 0 'an allowance' "$seilc" lint tokyo/shop/a.seil
not_said 'it is not told' 'telnetd-on'
cat >tokyo/.seilc.yaml <<'RULES'
allow:
  - {finding: telnetd-on, file: shop/a.seil, reason: console server}
  - {finding: snmp-public, key: "snmp.*", reason: lab}
  - {finding: vrrp-slow, file: gone.seil, reason: slow line}
RULES
run 0 'allowances with places' "$seilc" lint --werror tokyo/shop/a.seil
not_said 'none of their findings is told' 'a.seil:'
not_said 'one file tells nothing of the others' 'unused-allowance'
run 1 'the whole directory' "$seilc" lint --werror tokyo
said 'what matches nothing is a finding at its place' 'tokyo/.seilc.yaml:4:5: error: nothing here is vrrp-slow any more [unused-allowance]'
printf 'interface.ge1.mtu: x\n' >>tokyo/shop/a.seil
run 1 'a config with errors' "$seilc" lint tokyo
not_said 'nobody knows what it would match' 'unused-allowance'
printf 'severity: {bad-value: off}\n' >tokyo/.seilc.yaml
run 0 'what is only not understood may be off' "$seilc" lint tokyo
printf 'severity: {bad-line: off}\n' >tokyo/.seilc.yaml
run 1 'a .seilc.yaml that turns off too much' "$seilc" lint tokyo tokyo/shop/a.seil
said 'it says so at the place' 'tokyo/.seilc.yaml:1:12: error: bad-line cannot be turned off'
if [ "$(grep -c bad-settings "$work/stdout")" -eq 1 ]; then echo 'ok it says so once'; else fail 'it says so once'; fi
run 1 'a .seilc.yaml as an input' "$seilc" lint tokyo/.seilc.yaml
if [ "$(grep -c bad-settings "$work/stdout")" -eq 1 ] && ! grep -q bad-site "$work/stdout"; then echo 'ok it is read as what it is'; else fail 'it is read as what it is' "$(cat "$work/stdout")"; fi
printf 'severity: {telnetd: off}\nallow: {telnetd-on: }\n' >tokyo/.seilc.yaml
run 1 'names and reasons' "$seilc" lint tokyo/shop/a.seil
said 'a name that is none' '[unknown-finding]'
said 'a reason that lacks' '[bad-settings]'
rm tokyo/.seilc.yaml
mkdir tokyo/.seilc.yaml
run 2 'a .seilc.yaml that cannot be read' "$seilc" lint tokyo/shop/a.seil
rmdir tokyo/.seilc.yaml
printf 'severity: {telnetd-on: off}\n' >tokyo/.seilc.yaml
printf 'hostname: a\ntelnetd.service: enable\n' >tokyo/shop/a.seil
run 0 'bundle hears of it too' "$seilc" bundle --partial tokyo/shop/a.seil -o "$work/bundles"
not_said 'a check that is off is off there' '[telnetd-on]'

printf 'severity: {unknown-interface: off}\n' >tokyo/.seilc.yaml
printf 'hostname: a\ndhcp.server.service: enable\ndhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: 192.0.2.1/24\ndhcp.server.0.pool.count: 2\n' \
    >tokyo/shop/a.seil
run 1 'bundle hears of nothing that keeps a config from being translated' "$seilc" bundle tokyo/shop/a.seil -o "$work/bundle"
said 'it says so' '[unknown-interface]'

# ---- baseline ----

rm -r .seilc.yaml tokyo/.seilc.yaml
cp osaka/b.seil tokyo/shop/a.seil
run 0 'write a baseline' "$seilc" lint --write-baseline known.json .
count=$(grep -c fingerprint known.json)
printed 'all is known' "$count known"
jq_holds 'it is JSON' '.version == 1 and (.findings | length) > 2 and all(.findings[]; .file and .finding and .number == 1)' known.json
if [ "$(sed -n '/fingerprint/s/,$//p' known.json)" = "$(sed -n '/fingerprint/s/,$//p' known.json | LC_ALL=C sort)" ]; then echo 'ok it is sorted'; else fail 'it is sorted' "$(cat known.json)"; fi
cp known.json first.json
"$seilc" lint --quiet --write-baseline known.json --jobs 3 osaka tokyo >/dev/null
if cmp -s known.json first.json; then echo 'ok it is the same each time'; else fail 'it is the same each time'; fi
run 0 'with the baseline' "$seilc" lint --werror --baseline known.json .
printed 'nothing is told' "$count known"
run 0 'one input of it' "$seilc" lint --werror --baseline known.json osaka/b.seil
printed 'nothing is told of the others' "$((count / 2)) known"
run 0 'from an absolute path' "$seilc" lint --werror --baseline known.json "$PWD/osaka/b.seil"
{ printf '\n\n'; sed 's/192.168.1.2/192.168.1.9/' osaka/b.seil; } >osaka/c.seil
mv osaka/c.seil osaka/b.seil
run 0 'lines that move' "$seilc" lint --werror --baseline known.json .
printf 'dhcp.server.0.interface: ge1\n' >>osaka/b.seil
run 1 'a new finding' "$seilc" lint --werror --baseline known.json .
said 'it alone is told' 'osaka/b.seil:7:'
not_said 'and no other' 'telnetd-on'
said 'the known ones are counted' "$count known"
sed -i '/telnetd/d; /dhcp/d' osaka/b.seil
run 0 'a finding that is gone' "$seilc" lint --baseline known.json .
said 'it says so at its line' '[unused-baseline]'
said 'and how to drop it' 'write the baseline anew with --write-baseline'
run 0 'of another file' "$seilc" lint --baseline known.json tokyo
not_said 'nothing is said' 'unused-baseline'
rm osaka/b.seil
run 0 'a file that is gone' "$seilc" lint --baseline known.json tokyo
said 'its entries are told of' '[unused-baseline]'
printf 'not a line\n' >osaka/d.seil
run 1 'what is not understood is never known' "$seilc" lint --write-baseline known.json .
said 'it is told' '[bad-line]'
printf 'option.timezone: JST\noption.timezone: JST\n' >osaka/d.seil
cp osaka/d.seil before.seil
"$seilc" lint --quiet --write-baseline known.json osaka
run 0 'cure with a baseline' "$seilc" lint --fix --baseline known.json osaka
if cmp -s before.seil osaka/d.seil; then echo 'ok what is known is not cured'; else fail 'what is known is not cured' "$(cat osaka/d.seil)"; fi
run 0 'cure without it' "$seilc" lint --fix osaka
if cmp -s before.seil osaka/d.seil; then fail 'it is cured'; else echo 'ok it is cured'; fi
rm osaka/d.seil
for bad in '' '[]' '{"version": 2, "findings": []}' '{"version": 1, "findings": [{}]}' '{"version": 1, "findings": [], "findings": []}'; do
    printf '%s\n' "$bad" >bad.json
    run 2 "a bad baseline: $bad" "$seilc" lint --baseline bad.json tokyo
done
run 2 'no baseline' "$seilc" lint --baseline none.json tokyo
cp known.json kept.json
run 2 'a baseline of a run that misses something' "$seilc" lint --write-baseline known.json tokyo none.seil
if cmp -s known.json kept.json; then echo 'ok it stays as it was'; else fail 'it stays as it was'; fi
run 2 'a baseline that cannot be written' "$seilc" lint --write-baseline none/x.json tokyo
if ls ./*.new none/*.new 2>/dev/null; then fail 'nothing is left over'; else echo 'ok nothing is left over'; fi

# ---- inputs ----

rm -r "$net"
mkdir -p "$net/a.seil" "$net/b/.hidden" "$net/z"
cd "$net" || exit 2
names=(a.seil/x.seil b/one.seil b/two.seil z/9.seil z/r.seil)
for name in "${names[@]}" b/.hidden/no.seil b/.no.seil; do printf 'telnetd.service: enable\n' >"$name"; done
printf 'site: s\nrouters: {one: {config: one.seil}, two: {config: two.seil}}\n' >b/site.yaml
printf 'on: push\njobs: {routers: x}\n' >b/workflow.yaml
printf 'nothing\n' >b/README
ln -s ../z b/link
ln -s .. z/up
# files NAME TEXT: the findings of the last run are in these files, in order.
files()
{
    local got
    got=$(sed -n 's/^\([^ :]*\):[0-9]*:.*\[telnetd-on\].*/\1/p' "$work/stdout" | tr '\n' ' ')
    if [ "$got" = "$2 " ]; then echo "ok $1"; else fail "$1" "$got"; fi
}
run 0 'a directory' "$seilc" lint .
files 'its configs and sites, no hidden ones, none twice' './a.seil/x.seil ./b/one.seil ./b/two.seil ./z/9.seil ./z/r.seil'
run 0 'arguments in their order' "$seilc" lint z/r.seil a.seil b/one.seil
files 'they come in that order' 'z/r.seil a.seil/x.seil b/one.seil'
printf 'z/9.seil\n\nb\n-\n' >list
run 0 'a list' bash -c "'$seilc' lint @list z/r.seil <z/r.seil"
files 'its lines are inputs' 'z/9.seil b/one.seil b/two.seil - z/r.seil'
run 0 'a list on standard input' bash -c "printf 'z/9.seil\nz/r.seil' | '$seilc' lint @-"
files 'without a last newline too' 'z/9.seil z/r.seil'
run 2 'a list that is not there' "$seilc" lint @none z/r.seil
files 'the rest is linted' 'z/r.seil'
printf 'none\nz/r.seil\n' >list
run 2 'a list with a file that is not there' "$seilc" lint @list
files 'the rest is linted' 'z/r.seil'
printf 'telnetd.service: enable\n' >@odd
run 0 'a file whose name is like a list' "$seilc" lint ./@odd

# ---- jobs ----

for i in $(seq 60); do
    printf 'telnetd.service: enable\nhostname: "%s\n' "$i" >"z/$i.seil"
done
head -c 300000 /dev/zero | tr '\0' '\n' >z/30.seil
for format in text json sarif github; do
    "$seilc" lint --jobs 1 --format "$format" z b >"$work/one" 2>"$work/stderr"
    same=1
    for jobs in 2 3 7 200; do
        "$seilc" lint --jobs "$jobs" --format "$format" z b 2>>"$work/stderr" | cmp -s - "$work/one" || same=0
    done
    if [ "$same" -eq 1 ] && [ -s "$work/one" ] && [ ! -s "$work/stderr" ]; then
        echo "ok $format is the same bytes for any number of jobs"
    else
        fail "$format is the same bytes for any number of jobs" "$(head -c 1000 "$work/stderr")"
    fi
done
jq_holds 'SARIF of many inputs is one run' '.runs | length == 1' <("$seilc" lint --format sarif z b)
jq_holds 'JSON of many inputs is one list' 'length > 100' <("$seilc" lint --format json z b)
for jobs in 0 x -1 257 ''; do run 2 "as many jobs as '$jobs'" "$seilc" lint --jobs "$jobs" z; done

# An input that a worker dies of: more than its memory.  The others are told all the same.
if ! grep -q __asan_init "$seilc"; then
    head -c 60000000 /dev/zero | tr '\0' 'a' | fold -w 20 | sed 's/^/k./; s/$/: 1/' >z/31.seil
    (
        ulimit -v 250000
        "$seilc" lint --jobs 2 z >"$work/stdout" 2>"$work/stderr"
        echo $? >"$work/status"
    )
    if [ "$(cat "$work/status")" -eq 2 ]; then echo 'ok a worker that dies is status 2'; else fail 'a worker that dies is status 2' "$(cat "$work/status")"; fi
    said 'its input is named' 'the check of z/31.seil did not come to its end: ended with status 2'
    said 'the input behind it in its worker is told' 'z/33.seil:2:'
    said 'the last input is told' 'z/9.seil:2:'
else
    echo 'skip a worker that dies: the sanitizers need more memory than is to be had'
fi

finish
