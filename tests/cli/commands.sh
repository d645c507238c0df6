#!/bin/bash
# commands.sh - each command does its job on the examples.
. "$(dirname "$0")/lib.sh"
cd "$root/examples" || exit 2

check_json()
{
    if jq -e "$2" "$work/stdout" >/dev/null 2>&1; then echo "ok $1"; else fail "$1" "$(head -c 500 "$work/stdout")"; fi
}

run 0 'lint of the site' "$seilc" lint site.yaml
run 1 'lint of a masked config alone' "$seilc" lint flets.seil
run 0 'lint with --set' "$seilc" lint flets.seil --set interface.loopback0.ipv4.address=198.51.100.7/32 \
    --set interface.tunnel0.ipv6.destination=2001:db8:f1aa::1
run 0 'lint as JSON' "$seilc" lint --format json site.yaml
check_json 'the findings are a JSON array' 'type == "array"'
run 0 'translate the site' "$seilc" translate site.yaml -o "$work/out"
run 0 'translate it again' "$seilc" translate site.yaml -o "$work/again"
if diff -r --no-dereference "$work/out" "$work/again"; then echo 'ok the same bytes each time'; else fail 'the same bytes each time'; fi
run 0 'one backend on standard output' "$seilc" translate -t nftables starlink.seil
said 'it is that backend' 'table ip seilc'
run 0 'from standard input' bash -c "'$seilc' translate -t radvd - <starlink.seil"
said 'it is radvd' 'Base6Interface'
run 0 'a mapped interface' "$seilc" translate -t radvd --interface ge1=lan0 starlink.seil
said 'its Linux name is used' 'lan0'
run 0 'a target' "$seilc" translate --target debian13 starlink.seil -o "$work/debian13"

run 0 'trace of the site' "$seilc" trace site.yaml
if grep -qE '^    (unclaimed|refused)' "$work/stdout"; then
    fail 'every line of both examples is realised or explained' "$(grep -B1 -E '^    (unclaimed|refused)' "$work/stdout")"
else
    echo 'ok every line of both examples is realised or explained'
fi
run 0 'trace as JSON' "$seilc" trace --format json site.yaml
lines=$(cat flets.seil starlink.seil | grep -c .)
check_json 'trace has every line once' "length == $lines"
check_json 'every realised line has a place in the output' \
    'all(.[]; .fate != "realised" or (.emissions | length > 0))'

# A line of the output, and back.
file=etc/keepalived/keepalived.conf
line=$(grep -n 'priority 99' "$work/out/starlink/$file" | head -1 | cut -d: -f1)
run 0 'trace --reverse' "$seilc" trace --reverse "starlink/$file:$line" starlink.seil
said 'it finds the statement' 'priority: 99'

run 0 'show' "$seilc" show starlink.seil
run 0 'show as JSON' "$seilc" show --format json starlink.seil
check_json 'the tree is JSON' '.'
printf 'login.admin.password : hunter2\n' >"$work/secret.seil"
run 0 'show of a secret' "$seilc" show "$work/secret.seil"
if grep -q hunter2 "$work/stdout"; then fail 'a secret stays secret'; else echo 'ok a secret stays secret'; fi
run 0 'show --secrets' "$seilc" show --secrets "$work/secret.seil"
said 'a secret shows when asked for' hunter2

run 0 'explain a key' "$seilc" explain 'vrrp.vrouter.[].priority'
said 'its range' '1 to 255'
run 0 'explain a key with an index' "$seilc" explain vrrp.vrouter.7.priority
run 0 'explain a finding' "$seilc" explain bad-value
said 'its page' 'What it does to people'
without=''
for finding in $(sed -n 's/^FINDING([A-Z0-9_]*, *"\([a-z0-9-]*\)".*/\1/p' "$root/compiler/finding_list.h"); do
    "$seilc" explain "$finding" | grep -q '^The cure$' || without="$without $finding"
done
if [ -z "$without" ]; then echo 'ok explain has a page for every finding'; else fail 'explain has a page for every finding' "$without"; fi
run 0 'explain needs no files' env -C / "$seilc" explain failback-black-hole
said 'it is plain text' "deviation 'ra-deprecate', on by default"
run 1 'explain nothing' "$seilc" explain frobnicate
run 1 'explain a finding that is none' "$seilc" explain dhcp-pool-overlp
said 'the finding that was meant' 'did you mean the finding dhcp-pool-overlap?'
run 1 'explain a key that is none' "$seilc" explain vrrp.vrouter.0.prioritx
said 'the key that was meant' 'did you mean the key vrrp.vrouter.0.priority?'
for command in lint translate bundle explain show trace; do
    run 0 "$command --help" "$seilc" "$command" --help
    said "$command --help says how" "usage: seilc $command"
done

# The vendor's real lines, each alone: none unknown, none ill-typed.
bad=0
while IFS= read -r line; do
    printf '%s\n' "$line" | "$seilc" lint - >"$work/stdout" 2>&1
    if grep -qE '\[(unknown-key|bad-value|bad-index|bad-line|bad-byte|bad-quoting)\]' "$work/stdout"; then
        bad=$((bad + 1))
        echo "  $line"
    fi
done <"$root/tests/golden/real-lines.txt"
if [ "$bad" -eq 0 ]; then echo 'ok every real line is known and well-typed'; else fail "$bad real lines"; fi
finish
