#!/bin/bash
# workflows.sh - the GitHub workflow and the GitLab job: their own commands, run in a scratch repository.
# shellcheck disable=SC2016 # the inner shells expand
. "$(dirname "$0")/lib.sh"
need git jq make gcc flex bison
python=python3
"$python" -c 'import yaml' 2>/dev/null || python=/usr/bin/python3
if ! "$python" -c 'import yaml' 2>/dev/null; then
    echo 'skip workflows.sh: there is no python3-yaml'
    exit 0
fi
# holds_json NAME FILE FILTER
holds_json()
{
    if jq -e "$3" "$2" >/dev/null; then echo "ok $1"; else fail "$1" "$(head -c 1000 "$2")"; fi
}

make_upstream
make_tools
make_configs "$work/good" "$work/good.seil"
make_configs "$work/bad" "$work/bad.seil"

# GitHub runs each step in a shell of its own.
# run_github WANT NAME DIR SCRIPT
run_github()
{
    local want=$1 name=$2 dir=$3 script=$4

    run "$want" "$name" bash -e -c '. "$1"; cd "$2"; PATH=$(cat "$GITHUB_PATH" | tr "\n" ":")$PATH; exec bash -e "$3"' \
        - "$work/github/env" "$dir" "$script"
}

mkdir "$work/github" "$work/gitlab" "$work/runner"
export RUNNER_TEMP=$work/runner GITHUB_PATH=$work/runner/path
: >"$GITHUB_PATH"
run 0 'the GitHub workflow can be read' "$python" "$root/tests/ci/steps.py" github "$root/docs/ci/github-workflow.yml" "$work/github"
for script in "$work"/github/*.sh; do
    title=$(sed -n '1s/^# //p' "$script")
    run_github 0 "GitHub, a good config: $title" "$work/good" "$script"
done
for script in "$work"/github/*.sh; do
    title=$(sed -n '1s/^# //p' "$script")
    case $title in
    Install* | Build*) continue ;;
    'Findings on'*) want=1 ;;
    Layout) want=1 ;;
    *) want=0 ;;
    esac
    run_github "$want" "GitHub, a bad config: $title" "$work/bad" "$script"
    case $title in
    'Findings on'*) said 'the findings are annotations' '::error file=office.seil,line=1,' ;;
    Layout) said 'the file is named' 'office.seil' ;;
    esac
done
holds_json 'the SARIF report names the finding' "$work/bad/seilc.sarif" '[.runs[].results[].ruleId] | index("duplicate-key")'
holds_json 'its places are relative to the repository' "$work/bad/seilc.sarif" '[.runs[].results[].locations[].physicalLocation.artifactLocation.uri] | unique == ["office.seil"]'

# What it installs is what building needs.
sed -n 's/^BUILD_PACKAGES = //p' "$root/tests/tests.mk" | tr ' ' '\n' | sort >"$work/needed"
missing()
{
    sort -u "$work/apt" | comm -23 "$work/needed" -
}
holds 'GitHub: it installs what building needs' test -z "$(missing)"

# --- GitLab: one shell for all commands ---
# run_gitlab WANT NAME DIR SCRIPT
run_gitlab()
{
    run "$1" "$2" bash -e -o pipefail -c '. "$1"; SEILC_DIR=$4; cd "$2"; . "$3"' - "$work/gitlab/env" "$3" "$4" "$work/gitlab/seilc-$(basename "$3")"
}

: >"$work/apt"
run 0 'the GitLab job can be read' "$python" "$root/tests/ci/steps.py" gitlab "$root/docs/ci/gitlab-ci.yml" "$work/gitlab"
run_gitlab 0 'GitLab, a good config' "$work/good" "$work/gitlab/00.sh"
run_gitlab 0 'GitLab, a good config: the report is there' "$work/good" "$work/gitlab/01.sh"
holds_json 'the report of a good config is empty' "$work/good/seilc-quality.json" '. == []'
holds 'GitLab: it installs what building needs' test -z "$(missing)"
run_gitlab 1 'GitLab, a bad config' "$work/bad" "$work/gitlab/00.sh"
holds_json 'the report is what GitLab takes' "$work/bad/seilc-quality.json" 'length == 2 and all(.[]; (.description | length > 0) and .check_name == "duplicate-key"
    and (.fingerprint | length >= 16) and .severity == "critical" and .location.path == "office.seil" and .location.lines.begin > 0)
    and ([.[].fingerprint] | unique | length == 2)'
finish
