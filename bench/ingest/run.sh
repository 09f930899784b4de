#!/bin/bash
# The ingest benchmark: outlay, DuckDB's bare COPY and (if present) ClickHouse on one file, in one run.
#   bench/ingest/run.sh [ROWS]     5000000 by default, about 3.9 GB in $OUTLAY_BENCH_DIR
# outlay reads, classifies by all built-in rules, stores and sums; DuckDB only copies the columns;
# ClickHouse classifies by the same rules and sums, without storing. It is chDB's library (566 MB): put
# libchdb.so into $OUTLAY_BENCH_DIR, or let `bench/ingest/chdb.sh` fetch it.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${1:-5000000}
build=${BUILD:-build}
dir=${OUTLAY_BENCH_DIR:-$build/bench-data}
threads=${THREADS:-$(nproc)}
mkdir -p "$dir"
ninja -C "$build" outlay bench > /dev/null 2>&1 || ninja -C "$build" bench
outlay=$build/src/outlay
file=$dir/focus-$rows.csv
if [ ! -f "$file" ]; then
    echo "writing $file" >&2
    "$build/bench/gen_focus" "$rows" 1 > "$file.tmp"
    mv "$file.tmp" "$file"
fi
cat "$file" > /dev/null # all start from the page cache

# run NAME COMMAND...: one line NAME wall cpu rss; the output goes to $dir/NAME.out
results=$(mktemp)
trap 'rm -rf "$results" "$dir/book" "$dir/copy.parquet"' EXIT
run() {
    local name=$1
    shift
    if /usr/bin/env time -f "%e %U %S %M" -o "$results.one" "$@" > "$dir/$name.out" 2> "$dir/$name.err"; then
        echo "$name $(tail -n 1 "$results.one")" >> "$results"
    else
        echo "$name failed:" >&2
        tail -n 5 "$dir/$name.err" >&2
    fi
    rm -f "$results.one"
}

rm -rf "$dir/book"
"$outlay" init "$dir/book" > /dev/null 2>&1
echo 'allocation_tags: [team]' > "$dir/book/rules.yaml"
run outlay-import "$outlay" import --book "$dir/book" --threads "$threads" "$file"
run outlay-inventory "$outlay" inventory --book "$dir/book" --year 2025 --by month,category,tag:team --format csv
run duckdb-copy "$build/bench/duckdb_copy" "$file" "$dir/copy.parquet" "$threads"
if [ -f "$dir/libchdb.so" ]; then
    run clickhouse "$build/bench/chdb_query" "$dir/libchdb.so" "$file" "$threads"
else
    echo "ClickHouse is left out: no $dir/libchdb.so (bench/ingest/chdb.sh fetches it)" >&2
fi

awk -v rows="$rows" '
    { wall[$1] = $2; cpu[$1] = $3 + $4; rss[$1] = $5 / 1024; order[++n] = $1 }
    END {
        printf "%-18s %8s %8s %8s %10s\n", rows " rows", "wall s", "cpu s", "RSS MB", "rows/s"
        for (i = 1; i <= n; i++)
            printf "%-18s %8.2f %8.2f %8.0f %10.0f\n", order[i], wall[order[i]], cpu[order[i]], rss[order[i]], rows / wall[order[i]]
        ours = wall["outlay-import"] + wall["outlay-inventory"]
        ours_cpu = cpu["outlay-import"] + cpu["outlay-inventory"]
        if (wall["duckdb-copy"])
            printf "outlay / DuckDB copy: wall %.2f, cpu %.2f (target 0.50)\n", ours / wall["duckdb-copy"], ours_cpu / cpu["duckdb-copy"]
        if (wall["clickhouse"])
            printf "outlay / ClickHouse:  wall %.2f, cpu %.2f (target under 1)\n", ours / wall["clickhouse"], ours_cpu / cpu["clickhouse"]
    }' "$results"
