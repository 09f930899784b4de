#!/bin/bash
# Installs what tests need, builds, and passes every test. `./test.sh --long` adds what takes longer:
# sanitizers over everything, fuzzers, kills during imports, random plans.
set -eu
cd "$(dirname "$0")"
long=
[ "${1:-}" = --long ] && long=1
export LC_ALL=C.UTF-8

say() { printf '== %s\n' "$*"; }
tools/deps.sh test

passed=0 failed=0 skipped=0
run_suite() { # build folder, then arguments of meson test
    local dir=$1 log=$1/meson-logs/testlog.txt
    shift
    if meson test -C "$dir" --no-rebuild --print-errorlogs "$@" > "$dir/test.out" 2>&1; then :; else cat "$dir/test.out"; fi
    tail -n 12 "$dir/test.out" | grep -E '^(Ok|Fail|Skipped|Timeout|Unexpected)' | tr -s ' ' | paste -sd' '
    passed=$((passed + $(awk '/^Ok:/{print $2}' "$dir/test.out")))
    failed=$((failed + $(awk '/^(Fail|Timeout|Unexpected Pass):/{n += $NF} END{print n + 0}' "$dir/test.out")))
    skipped=$((skipped + $(awk '/^Skipped:/{print $2}' "$dir/test.out")))
}
configure() { # folder, compiler, meson options
    local dir=$1 cc=$2
    shift 2
    [ -f "$dir/build.ninja" ] || CC=$cc meson setup "$dir" "$@" > "$dir.log" 2>&1 || { tail -n 30 "$dir.log"; exit 1; }
    ninja -C "$dir" > "$dir.log" 2>&1 || { grep -E 'error|FAILED' -A5 "$dir.log" | head -n 60; exit 1; }
    if grep -q 'warning:' "$dir.log"; then grep -A5 'warning:' "$dir.log" | head -n 40; echo "warnings are faults here"; exit 1; fi
}

say "gcc"
configure build gcc
run_suite build
say "gcc, address and undefined behavior sanitizers"
configure build-asan gcc -Db_sanitize=address,undefined -Doptimization=1 -Dc_args=-g1 -Db_lundef=false
ASAN_OPTIONS=detect_leaks=1 run_suite build-asan --suite unit
say "clang: builds without a warning"
configure build-clang clang-14
if [ -n "$long" ]; then
    say "clang: tests"
    run_suite build-clang
    say "everything under sanitizers"
    run_suite build-asan
    say "long tests"
    tests/long.sh
fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
