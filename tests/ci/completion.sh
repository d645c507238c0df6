#!/bin/bash
# completion.sh - what bash and zsh offer is what the program takes.
# shellcheck disable=SC2016 # the inner shells expand
. "$(dirname "$0")/../cli/lib.sh"
cd "$work" || exit 2
mkdir bin configs
ln -s "$seilc" bin/seilc
PATH=$work/bin:$PATH
touch a.seil site.yaml notes.txt

run 0 'a script for bash' seilc completion bash
cp stdout seilc.bash
run 0 'a script for zsh' seilc completion zsh
cp stdout _seilc
run 0 'the names of all keys' seilc completion keys
holds 'there are hundreds' test "$(wc -l <stdout)" -gt 800
run 0 'the names of all findings' seilc completion findings
holds 'they are those of lint --list' diff stdout <(seilc lint --list | cut -d' ' -f1)
run 2 'no other shell' seilc completion fish
if command -v shellcheck >/dev/null; then run 0 'the script for bash is clean' shellcheck -s bash seilc.bash; fi

# offered WORD...: what bash offers for the last word, one to a line.
offered()
{
    bash --norc -c '. ./seilc.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _seilc; printf "%s\n" "${COMPREPLY[@]}"' - "$@" | sort
}

# expect NAME WANTED WORD...
expect()
{
    local name=$1 want=$2
    shift 2
    if [ "$(offered "$@" | tr '\n' ' ')" = "$want " ]; then echo "ok $name"; else fail "$name" "wanted: $want" "$(offered "$@")"; fi
}

seilc --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort >commands
expect 'the commands' "$(printf '%s\n' --help --version | sort - commands | paste -sd " ")" seilc ''
holds 'there are some' test "$(wc -l <commands)" -ge 7
while read -r command; do
    seilc "$command" --help | grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE '\-\-[a-z-]+' | sort >taken
    expect "$command: its options" "$(paste -sd " " taken)" seilc "$command" -
    while read -r option words; do
        expect "$command $option: its words" "$(tr '|' '\n' <<<"$words" | sort | paste -sd ' ')" seilc "$command" "$option" ''
    done < <(seilc "$command" --help | sed -nE 's/^  (-.,|   ) (--[a-z-]+) ([a-z0-9]+(\|[a-z0-9]+)+) .*/\2 \3/p')
done <commands
expect 'configs, site files and directories' 'a.seil bin configs site.yaml' seilc lint ''
expect 'the beginning of a name' 'a.seil' seilc lint a
expect 'an option with an equals sign' 'json' seilc lint --format = js
expect 'behind the equals sign' 'github json sarif text' seilc lint --format =
expect 'a directory to write to' 'bin configs' seilc translate site.yaml -o ''
expect 'a backend' 'keepalived' seilc translate -t keep
expect 'a finding to explain' 'dhcp-gateway-not-vip dhcp-gateway-outside' seilc explain dhcp-gateway
expect 'a key to explain' 'hostname' seilc explain hostn
expect 'a key to set' 'hostname' seilc lint --set hostn

if command -v zsh >/dev/null; then
    run 0 'zsh reads its script' zsh -f -n _seilc
    cat >drive.zsh <<'Z'
# Types a line and a key for completion into an interactive zsh; what it offers goes to a file.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; PROMPT_EOL_MARK=; fpath=('$PWD' $fpath); autoload -Uz compinit; compinit -D -u'
zpty -w shell 'list() { compadd() { local -a words; builtin compadd -O words "$@"; print -rl -- $words >>'$PWD'/offered; builtin compadd "$@" }; _main_complete; print >'$PWD'/done }'
zpty -w shell 'zle -C list complete-word list; bindkey "^X" list; print >'$PWD'/ready'
await() { while [[ ! -e $1 ]] && (( SECONDS < 100 )); do zpty -r -t shell out '*' || sleep 0.05; done }
await ready
zpty -w -n shell "$1"$'\x18'
await done
zpty -d shell
Z
    # expect_zsh NAME LINE WORD...: each of the words is offered for the line
    expect_zsh()
    {
        local name=$1 line=$2 word missing=
        shift 2
        rm -f offered ready 'done'
        timeout 120 zsh -f drive.zsh "$line" >/dev/null 2>&1
        for word; do grep -qxF -- "$word" offered 2>/dev/null || missing="$missing $word"; done
        if [ -z "$missing" ]; then echo "ok $name"; else fail "$name" "not offered:$missing" "$(head -c 500 offered 2>&1)"; fi
    }
    mapfile -t all <commands
    expect_zsh 'zsh: the commands' 'seilc ' "${all[@]}"
    mapfile -t all < <(seilc lint --help | grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE '\-\-[a-z-]+')
    expect_zsh 'zsh: the options of lint' 'seilc lint --' "${all[@]}"
    expect_zsh 'zsh: the formats' 'seilc lint --format ' text json sarif github
    expect_zsh 'zsh: a config' 'seilc lint ' a.seil site.yaml
    expect_zsh 'zsh: a finding' 'seilc explain dhcp-gateway' dhcp-gateway-not-vip
else
    echo 'skip zsh: it is not here'
fi
finish
