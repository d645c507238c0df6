#!/bin/bash
# pre-commit.sh - the hooks, run by pre-commit itself on commits in a scratch repository.
. "$(dirname "$0")/lib.sh"
need pre-commit git make gcc flex bison flock
make_upstream
make_tools
export PRE_COMMIT_HOME=$work/cache
make_configs "$work/configs" "$work/good.seil"
cd "$work/configs" || exit 2

# The snippet of docs/ci, with the commit that is there.
sed "s/rev: main .*/rev: $(git -C "$work/upstream" rev-parse HEAD)/" "$root/docs/ci/pre-commit-config.yaml" >.pre-commit-config.yaml
run 0 'the definition of the hooks is valid' pre-commit validate-manifest "$work/upstream/.pre-commit-hooks.yaml"
run 0 'the snippet is valid' pre-commit validate-config .pre-commit-config.yaml
run 0 'pre-commit installs itself' pre-commit install
git add -A
run 0 'a good config is committed' git commit -q -m good

# commit NAME STATUS CONFIG
commit()
{
    cp "$3" office.seil
    git add -A
    run "$2" "$1" git commit -q -m "$1"
}

printf 'hostname : office\n\nhostname : office\n' >"$work/twice.seil"
commit 'a config with an error is not' 1 "$work/twice.seil"
said 'the finding is shown' '[duplicate-key]'
said 'the site is linted too' 'lint the site'
printf 'option.timezone:JST\nhostname:office\n' >"$work/messy.seil"
commit 'a messy config is stopped once' 1 "$work/messy.seil"
holds 'and laid out' cmp -s office.seil "$work/good.seil"
printf 'hostname : branch\n' >"$work/other.seil"
commit 'another good config is committed' 0 "$work/other.seil"

# Every hook that is defined, those of the snippet or not.
sed -n 's/^- id: //p' "$root/.pre-commit-hooks.yaml" >"$work/hooks"
holds 'there are three hooks' test "$(wc -l <"$work/hooks")" -eq 3
cp "$work/bad.seil" office.seil
git add -A
run 1 'seilc-fix cures' pre-commit try-repo "$work/upstream" seilc-fix --files office.seil
printf 'hostname:office\noption.timezone:JST\n' >"$work/cured.seil"
holds 'the duplicate is gone' cmp -s office.seil "$work/cured.seil"
git add -A
run 0 'what is cured passes' pre-commit try-repo "$work/upstream" seilc-fix --files office.seil
finish
