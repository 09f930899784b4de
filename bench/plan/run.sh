#!/bin/bash
# The plan benchmark: outlay's plan against hledger's and ledger's budget reports, from a cold process to
# the printed report, all in one run; then how time grows with lines and months.
#   bench/plan/run.sh [REPEATS]     5 by default
# The peers get the same lines as constant monthly budgets, which is less than outlay computes: no ranges,
# curves, prices, levers, buffers. A peer that is not installed is left out with a message.
set -euo pipefail
cd "$(dirname "$0")/../.."
repeats=${1:-5}
build=${BUILD:-build}
dir=${OUTLAY_BENCH_DIR:-$build/bench-data}/plan
mkdir -p "$dir"
ninja -C "$build" src/outlay > /dev/null
outlay=$PWD/$build/src/outlay
make="python3 bench/plan/make.py"
export LC_ALL=C.UTF-8

has() { command -v "$1" > /dev/null || { echo "$1 is left out: it is not installed (apt-get install $1)"; return 1; }; }

# median COMMAND...: "wall cpu" in milliseconds, medians of the repeats
median() { python3 bench/plan/measure.py "$repeats" "$dir/out" "$@"; }

# compare NAME PLAN: all three on one plan
compare() {
    local name=$1 plan=$2 ours peer begin end
    "$outlay" plan "$plan" --format json -o "$dir/$name.json"
    begin=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["months"][0] + "-01")' "$dir/$name.json")
    end=$(python3 -c 'import json,sys; m=json.load(open(sys.argv[1]))["months"][-1]; y,k=int(m[:4]),int(m[5:]); print("%d-%02d-01" % (y + k // 12, k % 12 + 1))' "$dir/$name.json")
    echo
    echo "$name: $(python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(len(d["tables"]["lines"]), "lines x", len(d["months"]), "months")' "$dir/$name.json"), wall and CPU ms, medians of $repeats"
    ours=$(median "$outlay" plan "$plan" --by line --period month)
    printf '  %-8s %8s %8s\n' outlay $ours
    for peer in hledger ledger; do
        has $peer || continue
        $make journal "$dir/$name.json" $peer > "$dir/$name.$peer"
        case $peer in
        hledger) them=$(median hledger -f "$dir/$name.hledger" balance --budget --monthly --begin "$begin" --end "$end") ;;
        ledger) them=$(median ledger --args-only -f "$dir/$name.ledger" --budget --monthly --begin "$begin" --end "$end" --now "$end" register) ;;
        esac
        printf '  %-8s %8s %8s   x%s wall, x%s CPU, %s lines printed\n' $peer $them \
            $(echo "$ours $them" | awk '{printf "%.1f %.1f", $3 / ($1 ? $1 : 1), $4 / ($2 ? $2 : 1)}') \
            $(wc -l < "$dir/out")
    done
}

compare example share/example/plan.yaml
$make plan 2000 60 > "$dir/large.yaml"
compare large "$dir/large.yaml"

echo
echo "growth: CPU ms of outlay plan by line and month, medians of $repeats; last column: microseconds per line-month"
printf '%8s %8s %8s %8s %10s\n' lines 12mo 30mo 60mo us/60mo
points=
for lines in 250 500 1000 2000; do
    row=
    for months in 12 30 60; do
        $make plan $lines $months > "$dir/g.yaml"
        set -- $(median "$outlay" plan "$dir/g.yaml" --by line --period month)
        row="$row $2"
        points="$points$((lines * months)) $2
"
    done
    printf '%8s %8s %8s %8s' $lines $row
    echo "$row $lines" | awk '{printf " %10.2f\n", 1000 * $3 / ($4 * 60)}'
done

echo
echo "the same by line-months: a straight line is linear growth"
printf '%s' "$points" | sort -n | awk '
    { x[NR] = $1; y[NR] = $2; most_x = $1 > most_x ? $1 : most_x; most_y = $2 > most_y ? $2 : most_y }
    END {
        width = 60; height = 12
        for (i = 1; i <= NR; i++)
            mark[int(y[i] / most_y * height + 0.5), int(x[i] / most_x * width + 0.5)] = 1
        for (row = height; row >= 0; row--) {
            line = ""
            for (column = 0; column <= width; column++)
                line = line ((row, column) in mark ? "*" : " ")
            sub(/ +$/, "", line)
            printf "%8s |%s\n", row % 4 == 0 ? sprintf("%d ms", most_y * row / height) : "", line
        }
        printf "%8s +", ""
        for (column = 0; column <= width; column++)
            printf "-"
        printf "\n%8s 0%*d line-months\n", "", width, most_x
    }'
