#!/bin/bash
# Fetches the ClickHouse library that the benchmark compares with (178 MB packed), checked by digest.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${OUTLAY_BENCH_DIR:-${BUILD:-build}/bench-data}
mkdir -p "$dir"
package=@chdb/lib-linux-x64-gnu@26.7.3-stable.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
want=sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==
tgz=$(cd "$work" && npm pack --silent "$package")
got=sha512-$(openssl dgst -sha512 -binary "$work/$tgz" | base64 -w0)
[ "$got" = "$want" ] || { echo "chdb.sh: the package's digest is $got, not $want" >&2; exit 1; }
tar -xzf "$work/$tgz" -C "$work"
mv "$(find "$work" -name 'libchdb.so' | head -n 1)" "$dir/libchdb.so"
echo "$dir/libchdb.so"
