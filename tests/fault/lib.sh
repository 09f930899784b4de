# lib.sh - what the tests of kills and faults share; sourced, with the binary in $outlay.
# Prints TAP; every check names what it did.
export LC_ALL=C.UTF-8 TZ=UTC
unset OUTLAY_BOOK OUTLAY_THREADS NO_COLOR LD_PRELOAD
here=$(cd "$(dirname "$0")" && pwd)
samples=$here/../samples
top=$(mktemp -d "${TMPDIR:-/tmp}/outlay-fault-XXXXXX")
cleaners=
at_exit() { for c in $cleaners; do $c; done; chmod -R u+w "$top" 2> /dev/null; rm -rf "$top"; }
trap at_exit EXIT
trap 'exit 130' INT TERM

checks=0 faults=0
ok() { checks=$((checks + 1)); echo "ok $checks - $1"; }
not_ok() { # what, then details
    checks=$((checks + 1)) faults=$((faults + 1))
    echo "not ok $checks - $1"
    [ -z "${2:-}" ] || echo "$2" | head -n 40 | sed 's/^/# /'
}
check() { # what, command...
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then ok "$what"; else not_ok "$what" "$out"; fi
}
finish() { echo "1..$checks"; [ $faults = 0 ]; exit; }

# What a reader sees of a book, to the last digit.
state() {
    "$outlay" --book "$1" inventory --by category,currency,month --format json --as-of 2026-12-31 \
        --without-rates
}

# Everything in a book, byte for byte. What SQLite writes while it reads is no part of it.
bytes_of() {
    (cd "$1" && find . ! -name 'outlay.db-shm' ! -name 'outlay.db-wal' | sort |
        while read -r f; do if [ -d "$f" ]; then echo "$f/"; else sha256sum "$f"; fi; done)
}

# Nothing in the ledger's folder but what the book lists.
no_strays() {
    python3 - "$1" << 'END'
import os, sqlite3, sys
book = sys.argv[1]
found = set(os.listdir(f'{book}/ledger'))  # before SQLite is opened: a reader makes files of its own
beside = os.listdir(book)
names = sqlite3.connect(f'file:{book}/outlay.db?mode=ro', uri=True).execute('SELECT name FROM part')
wanted = {'.lock'} | {f'{n}.{e}' for (n,) in names for e in ('parquet', 'cube.parquet')}
strays = found - wanted
missing = wanted - found
if strays or missing:
    sys.exit(f'strays {sorted(strays)}, missing {sorted(missing)}')
left = [f for f in beside if f not in ('outlay.db', 'ledger', 'plan.yaml', 'rules.yaml')]
if left:
    sys.exit(f'left in the book: {left}')
END
}

# A book that holds one small bill.
small_book() {
    "$outlay" init -q "$1" && "$outlay" --book "$1" import -q "$samples/anthropic_cost_csv/input.csv" \
        --as-of 2026-11-01 > /dev/null
}
