#!/bin/bash
# editors.sh - the files for Vim and VS Code, on the real output of seilc lint.
. "$(dirname "$0")/../cli/lib.sh"
cd "$work" || exit 2
export HOME=$work TERM=dumb

mkdir bin 'a dir'
ln -s "$seilc" bin/seilc
PATH=$work/bin:$PATH
{
    printf 'hostname: "a\n# no comment\nsshd.service : enable\ntelnetd.service: enable\n'
    printf 'hostnam: b\noption.timezone: JST\noption.timezone: JST\nroute.ipv4.0.keepalive: disable\n'
    printf 'interface.ge0.ipv4.address: ***.***.***.***/32\ninterface.ge1.ipv4.address: 192.168.1.1/24\n'
} >'a dir/office.seil'
seilc lint --quiet 'a dir/office.seil' >findings
# FILE:LINE:COLUMN SEVERITY of each finding and note, as JSON tells it.
seilc lint --format json 'a dir/office.seil' |
    jq -r '.[] | ., (.notes[] | select(.file) + {severity: "note"}) | "\(.file):\(.line):\(.column) \(.severity)"' >want
holds 'there are findings of all severities' test "$(cut -d' ' -f3 want | sort -u | paste -sd ' ')" = 'error note warning'

# --- VS Code: the regular expression of the problem matcher ---
cat >match.py <<'P'
import json, re, sys
pattern = json.load(open(sys.argv[1]))["tasks"][0]["problemMatcher"]["pattern"]
for line in open("findings"):
    found = re.match(pattern["regexp"], line.rstrip("\n"))
    if found:
        print("%s:%s:%s %s" % tuple(found[pattern[part]] for part in ("file", "line", "column", "severity")))
P
cat >match.js <<'J'
const fs = require('fs');
const pattern = JSON.parse(fs.readFileSync(process.argv[2])).tasks[0].problemMatcher.pattern;
for (const line of fs.readFileSync('findings', 'utf8').split('\n')) {
    const found = line.match(new RegExp(pattern.regexp));
    if (found)
        console.log(`${found[pattern.file]}:${found[pattern.line]}:${found[pattern.column]} ${found[pattern.severity]}`);
}
J
run 0 'VS Code: the problem matcher can be read' python3 match.py "$root/docs/vscode/tasks.json"
holds 'VS Code: it sees every finding, and nothing else' diff want stdout
if command -v node >/dev/null; then
    run 0 'VS Code: in JavaScript' node match.js "$root/docs/vscode/tasks.json"
    holds 'VS Code: the same' diff want stdout
fi
run 0 'VS Code: the names of findings' jq -r '.tasks[0].problemMatcher.pattern.code' "$root/docs/vscode/tasks.json"

# --- Vim ---
if ! command -v vim >/dev/null || ! vim --version | grep -q '+quickfix'; then
    echo 'skip Vim: it is not here'
    finish
fi
# with_vim NAME COMMAND-FILE [FILE]: silently, with nothing but Vim's own files and ours.
with_vim()
{
    local name=$1 script=$2
    shift 2
    run 0 "$name" timeout 120 vim -N -u NONE -i NONE -n -es --cmd "set runtimepath=$root/docs/vim,\$VIMRUNTIME" \
        -S "$script" "$@"
}

cat >quickfix.vim <<'V'
compiler! seilc
cgetexpr readfile('findings')
let s:lines = []
for s:entry in filter(getqflist(), 'v:val.valid')
  let s:severity = {'e': 'error', 'w': 'warning', 'n': 'note'}[tolower(s:entry.type)]
  call add(s:lines, bufname(s:entry.bufnr) . ':' . s:entry.lnum . ':' . s:entry.col . ' ' . s:severity)
endfor
call writefile(s:lines, 'got')
qall!
V
with_vim 'Vim: errorformat' quickfix.vim
holds 'Vim: the quickfix list has every finding, and nothing else' diff want got

cat >make.vim <<'V'
compiler seilc
silent make!
call writefile([len(filter(getqflist(), 'v:val.valid'))], 'got')
qall!
V
with_vim 'Vim: :make' make.vim 'a dir/office.seil'
holds 'Vim: :make runs the linter' test "$(cat got)" -eq "$(wc -l <want)"

# What each place of a config is, by its position.
cat >syntax.vim <<'V'
filetype on
syntax on
edit a\ dir/office.seil
let s:got = ['filetype ' . &filetype]
for [s:line, s:column] in [[1, 11], [2, 1], [3, 1], [3, 16], [5, 10], [8, 12], [9, 29], [10, 11], [10, 29], [3, 14]]
  call add(s:got, s:line . ':' . s:column . ' ' . synIDattr(synID(s:line, s:column, 1), 'name'))
endfor
call writefile(s:got, 'got')
qall!
V
cat >want.syntax <<'W'
filetype seil
1:11 seilOpenQuote
2:1 seilBadLine
3:1 seilSection
3:16 seilSwitch
5:10 seilValue
8:12 seilIndex
9:29 seilMasked
10:11 seilKey
10:29 seilAddress
3:14 seilSeparator
W
with_vim 'Vim: syntax' syntax.vim
holds 'Vim: it knows the parts of a line' diff want.syntax got

# No line of the vendor's is an error.
cp "$root/tests/golden/real-lines.txt" real.seil
cat >real.vim <<'V'
filetype on
syntax on
edit real.seil
let s:bad = []
for s:line in range(1, line('$'))
  for s:column in range(1, col([s:line, '$']) - 1)
    if synIDattr(synID(s:line, s:column, 1), 'name') =~# 'Bad\|Open'
      call add(s:bad, getline(s:line))
      break
    endif
  endfor
endfor
call writefile(s:bad, 'got')
qall!
V
with_vim 'Vim: the real lines' real.vim
holds 'Vim: none of them shows as an error' test ! -s got
finish
