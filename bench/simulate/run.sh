#!/bin/bash
# The simulation benchmark: the benchmark model (10 features x 12 months, 80 drivers) in outlay, numpy and
# Squiggle, and the example plan, all in one run.
#   bench/simulate/run.sh [REPEATS] [PLAN]     3 by default; share/example/plan.yaml
# Wall times, medians; on a busy machine compare the CPU times that are printed beside them. numpy comes with
# apt-get install python3-numpy; Squiggle is looked for in $SQUIGGLE (a folder where `npm install
# @quri/squiggle-lang@0.10.0` was run). A peer that is missing is left out with a message.
set -euo pipefail
cd "$(dirname "$0")/../.."
repeats=${1:-3}
build=${BUILD:-build}
plan=${2:-share/example/plan.yaml}
ninja -C "$build" bench/simulate_model src/outlay > /dev/null
model=$PWD/$build/bench/simulate_model
outlay=$PWD/$build/src/outlay
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import numpy' 2> /dev/null && { echo "$p"; break; }; done || true)
export LC_ALL=C.UTF-8 OMP_NUM_THREADS=1
TIMEFORMAT='%R %U'

# timed COMMAND...: its output, then wall and CPU seconds of the whole process
timed() { { time "$@" 2> /dev/null; } 2>&1 | tr '\n' ' '; }
# row NAME OUTPUT: one line; the model's own median, its answers, the process's CPU per repeat
row() {
    set -- "$1" $2
    printf '  %-34s %9.4f s  mean %s  P50 %s  P95 %s  CPU %.3f s\n' "$1" "$2" "$3" "$4" "$5" \
        "$(echo "${@: -1} / $repeats" | bc -l)"
}
ratio() { printf '  %-34s x%.1f\n' "$1" "$(echo "$2 / $3" | bc -l)"; }
first() { echo "$1" | cut -d' ' -f1; }

echo "benchmark model, 1,000,000 trials; vectors: $("$model" 1000 1 1 0 1 | cut -d' ' -f5)"
one=$(timed "$model" 1000000 1 1 0 "$repeats"); row "outlay, 1 thread" "$one"
two=$(timed "$model" 1000000 2 1 0 "$repeats"); row "outlay, 2 threads" "$two"
if [ -n "$python" ]; then
    numpy=$(timed "$python" bench/simulate/model.py 1000000 1 "$repeats"); row numpy "$numpy"
    small=$(timed "$python" bench/simulate/model.py 100000 1 "$repeats"); row "numpy, 100,000" "$small"
    ratio "numpy / outlay, 1 thread" "$(first "$numpy")" "$(first "$one")"
    ratio "numpy / outlay, 2 threads" "$(first "$numpy")" "$(first "$two")"
    ratio "the same by CPU, 1 thread" "$(echo "$numpy" | awk '{print $NF}')" "$(echo "$one" | awk '{print $NF}')"
else
    echo "numpy is left out: it is not installed (apt-get install python3-numpy)"
fi
if [ -n "${SQUIGGLE:-}" ] && command -v node > /dev/null; then
    squiggle=$(NODE_PATH=$SQUIGGLE/node_modules node bench/simulate/model.mjs "$SQUIGGLE" 10000)
    echo "  Squiggle, 10,000 trials            $squiggle s (x100 for 1,000,000)"
    ratio "Squiggle / outlay, 1 thread" "$(echo "$squiggle * 100" | bc -l)" "$(first "$one")"
else
    echo "Squiggle is left out: set SQUIGGLE to a folder with @quri/squiggle-lang 0.10.0, and install node"
fi

echo
echo "an interactive answer: 16,384 scrambled Sobol points"
row "outlay, 2 threads" "$(timed "$model" 16384 2 1 1 "$repeats")"
worst=0
for seed in 1 2 3 4 5 6 7 8 9 10; do "$model" 16384 2 $seed 1 1; done |
    awk '{ d = ($4 / 571689 - 1) * 100; s += d * d; n++ } END { printf "  P95, relative error over %d seeds: %.2f %% (root mean square)\n", n, sqrt(s / n) }'

echo
echo "the plan $plan"
for threads in 1 2; do
    for options in "--trials 100000" "--quick"; do
        set -- $(timed "$outlay" simulate "$plan" $options --threads $threads --format json -o /dev/null)
        printf '  %-34s %9.3f s  CPU %s s, with tornado and report\n' "$options, $threads thread(s)" "${@: -2:1}" "${@: -1}"
    done
done
