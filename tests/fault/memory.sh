#!/bin/bash
# memory.sh - memory does not grow with the bill: memory.sh BINARY GEN_FOCUS [ROWS]
#
# Imports ROWS (2 million) and five times as many under --memory 512M, plain, gzip and Zstandard. The larger
# import may take a quarter more memory than the small one, and neither more than 1 GB. Fewer rows do not yet
# meet all combinations that the sums keep: 255 MB at 1 million, 300 at 2, 362 at 5, 391 at 10 and at 50.
set -u
outlay=$(realpath "$1") gen=$(realpath "$2") rows=${3:-2000000}
. "$(dirname "$0")/lib.sh"
peak() { # file: the most memory its import had, in MB
    rm -rf "$top/book" && "$outlay" init -q "$top/book" &&
        python3 - "$outlay" "$top/book" "$1" << 'END'
import resource, subprocess, sys
r = subprocess.run([sys.argv[1], '--book', sys.argv[2], 'import', '-q', '--memory', '512M', sys.argv[3]],
                   stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(r.returncode)
END
}
for packing in plain gzip zstd; do
    case $packing in plain) pack=cat end=csv ;; gzip) pack='gzip -1' end=csv.gz ;; zstd) pack='zstd -q -1' end=csv.zst ;; esac
    "$gen" "$rows" 5 | $pack > "$top/small.$end" && "$gen" $((rows * 5)) 5 | $pack > "$top/large.$end"
    small=$(peak "$top/small.$end") && large=$(peak "$top/large.$end") || { not_ok "$packing: import"; continue; }
    if [ "$large" -lt $((small * 5 / 4 + 32)) ] && [ "$large" -lt 1024 ]; then
        ok "$packing: $small MB for $rows rows, $large MB for five times as many"
    else
        not_ok "$packing: $small MB for $rows rows, $large MB for five times as many"
    fi
    rm -f "$top"/small.* "$top"/large.*
done
finish
