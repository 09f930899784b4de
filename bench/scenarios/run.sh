#!/bin/bash
# The scenarios benchmark: portfolios with known optima against HiGHS (scipy's milp), GLPK and CBC in one
# run, and the plan's own scenarios from a cold process.
#   bench/scenarios/run.sh [INSTANCES.jsonl [PLAN.yaml]]
# Each instance is solved three times here (the best counts) and once by the others; their times are those
# of the call (HiGHS) or the process (GLPK, CBC). PYTHON names a Python that has scipy.
set -euo pipefail
cd "$(dirname "$0")/../.."
instances=${1:-../shared/bench/scenario_instances.jsonl}
[ -f "$instances" ] || { echo "left out: no instances at $instances"; exit 0; }
plan=${2:-share/example/plan.yaml}
build=${BUILD:-build}
dir=${OUTLAY_BENCH_DIR:-$build/bench-data}/scenarios
mkdir -p "$dir"
ninja -C "$build" src/outlay bench/choose > /dev/null
"$build/bench/choose" "$instances" 3 > "$dir/ours.txt"
python=${PYTHON:-python3}
"$python" -c 'import scipy.optimize' 2> /dev/null || python=/usr/bin/python3
if "$python" -c 'import scipy.optimize' 2> /dev/null; then
    "$python" bench/scenarios/milp.py "$dir/ours.txt" "$instances"
else
    echo "HiGHS, GLPK and CBC are left out: no Python with scipy (apt-get install python3-scipy glpk-utils coinor-cbc)"
    cat "$dir/ours.txt"
fi
echo
echo "the scenarios of $plan, wall and CPU ms of the process, medians of 5:"
python3 bench/plan/measure.py 5 "$dir/out" "$build/src/outlay" scenarios "$plan"
