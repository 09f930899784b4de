#!/bin/sh
# Installs what is missing, builds outlay, runs its main job on the example book, says what to try next.
# Quick the second time; needs a network only while something is missing.
set -eu
cd "$(dirname "$0")"
build=build
log=$build/run.log

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
if [ -n "${NO_COLOR:-}" ] || [ ! -t 1 ]; then step() { printf '\n%s\n' "$*"; }; fi

tools/deps.sh build
mkdir -p $build
[ -f $build/build.ninja ] || { echo "configuring (log: $log)"; meson setup $build > $log 2>&1 || { tail -n 30 $log; exit 1; }; }
ninja -C $build src/outlay > $log 2>&1 || { tail -n 40 $log; exit 1; }
outlay=$build/src/outlay

# the example: a year of one company's bills into a fresh book
book=$build/example-book
rm -rf $book
export OUTLAY_BOOK=$book
show() { printf '\n$ outlay %s\n' "$*"; "$outlay" "$@"; }

step "Step 1 of the framework: inventory last year's AI spend out of the bills it is buried in"
example=share/example
show init $book
cp $example/rules.yaml $book/rules.yaml
show rates import $example/rates.csv
show import $example/bills/aws $example/bills/azure
