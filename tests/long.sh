#!/bin/bash
# long.sh - what takes minutes: every fuzzer for OUTLAY_FUZZ_SECONDS (60), 200 kills, every failing call,
# data races, 300 random plans, memory that stays flat. Called by ./test.sh --long; needs build/ as test.sh makes it.
set -u
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
failed=0
step() { # what, command...
    printf -- '-- %s\n' "$1"
    shift
    "$@" || { failed=1; echo "FAILED: $*"; }
}
fuzz() {
    [ -f build-fuzz/build.ninja ] ||
        CC=clang-14 meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
            -Dbuildtype=debugoptimized > build-fuzz.log 2>&1 || { tail -n 30 build-fuzz.log; return 1; }
    # shellcheck disable=SC2046 # one word each
    ninja -C build-fuzz $(for f in tests/fuzz/fuzz_*.c; do echo "tests/$(basename "$f" .c)"; done) \
        > build-fuzz.log 2>&1 || { grep -E 'error|FAILED' -A5 build-fuzz.log | head -n 40; return 1; }
    tests/fuzz/run.sh build-fuzz "${OUTLAY_FUZZ_SECONDS:-60}"
}
races() { # the tests that run on several threads, under the thread sanitizer
    [ -f build-tsan/build.ninja ] ||
        CC=gcc meson setup build-tsan -Db_sanitize=thread -Doptimization=1 -Dc_args=-g1 -Db_lundef=false \
            > build-tsan.log 2>&1 || { tail -n 30 build-tsan.log; return 1; }
    ninja -C build-tsan > build-tsan.log 2>&1 || { grep -E 'error|FAILED' -A5 build-tsan.log | head -n 40; return 1; }
    TSAN_OPTIONS=halt_on_error=1 meson test -C build-tsan --no-rebuild --print-errorlogs \
        engine_test_program engine_test_simulate engine_test_commitment app_test_import_private ingest_test_rules &&
        TSAN_OPTIONS=halt_on_error=1 tests/cli/run.sh build-tsan/src/outlay simulate-json simulate-golden environment-threads
}
outlay=build/src/outlay gen=build/bench/gen_focus shim=build/tests/failing_io.so
step "fuzzers" fuzz
step "no data races" races
step "200 kills during imports" tests/fault/kill_import.sh $outlay $gen $shim "${OUTLAY_KILLS:-200}" 200000
step "every call that changes the disk fails" tests/fault/faults.sh $outlay $gen $shim 1
step "300 random plans" env LONG_TESTS=1 python3 tests/oracle/plan_eval.py compare build/tests/plan_json
step "memory stays flat" tests/fault/memory.sh $outlay $gen
[ $failed = 0 ]
