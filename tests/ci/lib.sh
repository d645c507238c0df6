# lib.sh - what the tests of docs/ci share: a copy of this tree to clone from, and tools that touch nothing of the machine.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# What a surrounding make says is not meant for the builds in here.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES SANITIZE FUZZ B PREFIX DESTDIR
export CFLAGS=-O0 HOME=$work/home
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
mkdir "$HOME"

# need TOOL...: without one of them there is nothing to test here.
need()
{
    local tool
    for tool; do
        if ! command -v "$tool" >/dev/null; then
            echo "skip $(basename "$0"): there is no $tool"
            exit 0
        fi
    done
}

# A repository with this tree, and git told to take it for the address in docs/ci.
make_upstream()
{
    mkdir "$work/upstream"
    (cd "$root" && tar --exclude=./build --exclude=./.git --exclude=./tests/fuzz/corpus -cf - .) | tar -xf - -C "$work/upstream"
    git -C "$work/upstream" init -q -b main
    git -C "$work/upstream" add -A
    git -C "$work/upstream" commit -q -m upstream
    git config --global url."file://$work/upstream".insteadOf https://example.org/seilc.git
}

# In front of the PATH: sudo and apt-get that only note what was asked for, and a make that builds this tree once.
make_tools()
{
    mkdir "$work/tools"
    printf '#!/bin/sh\nexec "$@"\n' >"$work/tools/sudo"
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>"%s"\n' "$work/apt" >"$work/tools/apt-get"
    cat >"$work/tools/make" <<E2
#!/bin/sh
# usage: make -C DIR ...
[ "\$1" = -C ] || exit 3
if [ -d "$work/built" ]; then
    mkdir -p "\$2/build"
    exec cp -r "$work/built/." "\$2/build/"
fi
$(command -v make) "\$@" && cp -r "\$2/build" "$work/built"
E2
    chmod +x "$work"/tools/*
    : >"$work/apt"
    PATH=$work/tools:$PATH
}

# A repository of configs: make_configs DIR CONFIG
make_configs()
{
    mkdir "$1"
    cp "$2" "$1/office.seil"
    printf 'site: office\nrouters:\n  office: {config: office.seil}\n' >"$1/site.yaml"
    git -C "$1" init -q -b main
    git -C "$1" add -A
    git -C "$1" commit -q -m configs
}

printf 'hostname : office\n\noption.timezone : JST\n' >"$work/good.seil"
printf 'hostname:office\noption.timezone:JST\nhostname:office\n' >"$work/bad.seil"
