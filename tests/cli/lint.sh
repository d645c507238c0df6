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

finish
