#!/bin/bash
# The forecast benchmark: outlay forecast --series beside R's ets, thetaf and auto.arima on the same series.
#   bench/forecast/run.sh [EVERY]     R forecasts each EVERY-th series (12 by default: minutes, not an hour)
# Needs the M3 file at $SHARED_DATA/series; R's forecast package is left out with a message where it is not
# installed. Accuracy is scored by score.py, which shares no code with the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
every=${1:-12}
build=${BUILD:-build}
data=${SHARED_DATA:-../shared/data}/series/m3_monthly_even.csv
dir=${OUTLAY_BENCH_DIR:-$build/bench-data}/forecast
[ -f "$data" ] || { echo "forecast: left out, there is no $data"; exit 0; }
mkdir -p "$dir"
ninja -C "$build" src/outlay bench/m3_score > /dev/null
outlay=$PWD/$build/src/outlay
bench=bench/forecast
export LC_ALL=C.UTF-8 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

peers=no
if command -v Rscript > /dev/null && Rscript -e 'library(forecast)' > /dev/null 2>&1; then peers=yes; else
    echo "R's forecast package is left out: it is not installed (apt-get install r-cran-forecast)"
fi

python3 $bench/m3_long.py "$data" "$dir/full.csv" "$dir/test.csv"
for last in 0 36 24; do
    echo
    echo "== monthly, $([ $last = 0 ] && echo 'whole histories' || echo "last $last months")"
    "$build/bench/m3_score" "$data" $last
    python3 $bench/m3_long.py "$data" "$dir/train$last.csv" "$dir/same.csv" $last
    "$outlay" forecast --series "$dir/train$last.csv" --h 18 -o "$dir/outlay$last.csv"
    scored=("$dir/outlay$last.csv")
    if [ $peers = yes ]; then
        Rscript $bench/peers.R "$dir/train$last.csv" 18 12 "$dir/r$last.csv" ets,theta,arima "$every" \
            2> /dev/null > "$dir/seconds$last"
        awk -F, '{ sum += $3; printf "R %s: %.1f ms of processor time a series\n", $1, 1000 * $3 }
            END { printf "R, all three: %.1f ms\n", 1000 * sum }' "$dir/seconds$last"
        scored+=("$dir/r$last.csv")
    fi
    python3 $bench/score.py "$dir/full.csv" "$dir/test.csv" 12 12 "${scored[@]}"
    python3 $bench/score.py "$dir/full.csv" "$dir/test.csv" 12 18 "${scored[@]}"
done

if [ $peers = yes ]; then
    echo
    echo "== R's own monthly series, six years of each forecast from the year before"
    Rscript $bench/datasets.R "$dir/full-r.csv" "$dir/train-r.csv" "$dir/test-r.csv"
    "$outlay" forecast --series "$dir/train-r.csv" --h 12 -o "$dir/outlay-r.csv"
    Rscript $bench/peers.R "$dir/train-r.csv" 12 12 "$dir/r-r.csv" ets,theta,arima $(((every + 3) / 4)) \
        2> /dev/null > "$dir/seconds-r"
    python3 $bench/score.py "$dir/full-r.csv" "$dir/test-r.csv" 12 12 "$dir/outlay-r.csv" "$dir/r-r.csv"
fi
