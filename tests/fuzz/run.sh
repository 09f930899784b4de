#!/bin/bash
# run.sh - every fuzzer for a while: fuzz/run.sh BUILD-FOLDER SECONDS [NAME...]
#
# The build folder was set up with -Dfuzz=true under clang. fuzz_import runs once for every importer,
# from the samples of that importer. As many at a time as there are processors. A fault fails, its
# input is kept in BUILD-FOLDER/crashes. What is found on the way stays in BUILD-FOLDER/found.
set -eu
build=$(cd "$1" && pwd)
seconds=$2
shift 2
cd "$(dirname "$0")"
importers=$(sed -n 's/^    &importer_\(.*\),$/\1/p' ../../src/ingest/importers.c)
[ -n "$importers" ] || { echo "no importers in src/ingest/importers.c"; exit 1; }

one() { # fuzz_json, or fuzz_import:focus
    local name=$1 target=${1%%:*} importer='' pattern='' seeds log=$build/fuzz-logs/$1.txt
    local found=$build/found/$name
    mkdir -p "$found" "$build/fuzz-logs" "$build/crashes"
    seeds=corpus/${target#fuzz_}
    if [ "$target" != "$name" ]; then
        importer=${name#*:}
        seeds=$build/fuzz-seeds/$importer
        rm -rf "$seeds"
        mkdir -p "$seeds"
        [ -d "../samples/$importer" ] || pattern=${importer%%_*}_
        for sample in ../samples/"${pattern:-$importer}"*/input.*; do
            [ -f "$sample" ] && cp "$sample" "$seeds/$(echo "$sample" | tr / _)"
        done
        [ -n "$(ls -A "$seeds")" ] || { echo "$name: no sample in tests/samples"; return 1; }
    fi
    [ -d "$seeds" ] || { echo "$name: no seeds in tests/fuzz/$seeds"; return 1; }
    local status=0
    OUTLAY_FUZZ_IMPORTER=$importer UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        "$build/tests/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
        -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$build/crashes/$name-" "$found" "$seeds" > "$log" 2>&1 < /dev/null || status=$?
    local runs
    runs=$(awk '/stat::number_of_executed_units/{print $2}' "$log")
    if [ $status != 0 ]; then
        echo "$name: FAILED"
        grep -vE '^(INFO|#[0-9]+\s)' "$log" | head -n 60
        return 1
    fi
    echo "$name: $runs executions, clean"
}
if [ "${OUTLAY_FUZZ_ONE:-}" ]; then
    one "$OUTLAY_FUZZ_ONE"
    exit
fi

names=$*
if [ -z "$names" ]; then
    for f in fuzz_*.c; do
        f=${f%.c}
        [ "$f" = fuzz_import ] || names="$names $f"
    done
    for i in $importers; do names="$names fuzz_import:$i"; done
fi
status=0
for n in $names; do echo "$n"; done |
    xargs -P "$(nproc)" -I{} env OUTLAY_FUZZ_ONE={} ./run.sh "$build" "$seconds" || status=1
[ $status = 0 ] || echo "fuzzing found faults; inputs are in $build/crashes"
exit $status
