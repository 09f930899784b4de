#!/bin/sh
# run.sh - black-box tests: every folder here with a file `cmd` is one case.
#
#   tests/cli/run.sh [--bless] [--part K/N] BINARY [NAME...]
#
# A case runs in an empty scratch folder into which its folder `in/` (if there is one) was copied:
# `cmd` is a shell script that finds `outlay` first in PATH and its own folder in $CASE. Compared byte
# for byte: stdout, stderr (when the file is there, or when something was said), the exit status (file
# `status`, default 0), and each file under `out/` with the one of that name in the scratch folder.
# The scratch folder's path is written as SCRATCH. --bless rewrites what is compared. --part runs every
# Nth case from the Kth on, so that several run side by side. Output is TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
bless=no
[ "${1:-}" = --bless ] && { bless=yes; shift; }
part=1/1
[ "${1:-}" = --part ] && { part=$2; shift 2; }
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
[ -x "$binary" ] || { echo "Bail out! no binary '$binary'"; exit 1; }
top=$(mktemp -d "${TMPDIR:-/tmp}/outlay-cli-XXXXXX") || exit 1
trap 'rm -rf "$top"' EXIT
trap 'exit 130' INT TERM
mkdir "$top/bin" "$top/home"
ln -s "$binary" "$top/bin/outlay"

# What a user's shell may set must not reach a case.
unset OUTLAY_BOOK OUTLAY_THREADS OUTLAY_PAGER PAGER NO_COLOR COLUMNS LC_CTYPE LANG
PATH=$top/bin:$PATH HOME=$top/home LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
export PATH HOME LC_ALL TZ TERM

[ $# -gt 0 ] || set -- $(cd "$here" && for d in */; do [ -f "$d/cmd" ] && echo "${d%/}"; done |
    awk -v k="${part%/*}" -v n="${part#*/}" 'NR % n == k % n')
echo "1..$#"
n=0 failed=0

# same WHAT GOT WANTED: true when the files agree; --bless makes them
same() {
    if [ $bless = yes ]; then
        if [ -s "$2" ]; then mkdir -p "$(dirname "$3")" && cp "$2" "$3"; else rm -f "$3"; fi
        return 0
    fi
    want=$3
    [ -f "$want" ] || want=/dev/null
    cmp -s "$2" "$want" && return 0
    diff -u "$want" "$2" | head -40 | sed "s|^|# $1: |"
    return 1
}

for name in "$@"; do
    n=$((n + 1))
    case_dir=$here/$name scratch=$top/scratch result=$top/result ok=yes
    rm -rf "$scratch" "$result"
    mkdir "$scratch" "$result"
    [ -d "$case_dir/in" ] && cp -R "$case_dir/in/." "$scratch/"
    (cd "$scratch" && CASE=$case_dir && export CASE && exec sh "$case_dir/cmd") \
        >"$result/stdout" 2>"$result/stderr" </dev/null
    status=$?
    for f in stdout stderr; do
        sed "s|$scratch|SCRATCH|g" "$result/$f" >"$result/$f.clean"
        same "$f" "$result/$f.clean" "$case_dir/$f" || ok=no
    done
    if [ $status -eq 0 ]; then : >"$result/status"; else echo $status >"$result/status"; fi
    same status "$result/status" "$case_dir/status" || ok=no
    if [ -d "$case_dir/out" ]; then
        for f in $(cd "$case_dir/out" && find . -type f | sort); do
            [ -f "$scratch/$f" ] || { echo "# no file '$f' was written"; ok=no; continue; }
            same "$f" "$scratch/$f" "$case_dir/out/$f" || ok=no
        done
    fi
    if [ $ok = yes ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; failed=1; fi
done
exit $failed
