# a book that holds july.csv; sourced by cases, prints nothing
cp "$CASE"/../common/*.csv .
outlay init -q book 2> /dev/null
export OUTLAY_BOOK=book
quiet_import() { outlay import -q --as-of 2026-09-01 "$@" > /dev/null; }
quiet_import july.csv
sums() { # billed, effective and rows of the whole book, to the last digit
    outlay inventory --format json --as-of 2026-09-30 --without-rates "$@" |
        python3 -c 'import json,sys; f=json.load(sys.stdin)["figures"]; print(f["billed"], f["effective"], f["rows"])'
}
snapshot() { (cd book && find . -type f | sort | xargs sha256sum); }
refused() { # runs an import that must fail; says with what status and whether the book is as it was
    snapshot > before.txt
    outlay import "$@"
    echo "status $?"
    snapshot > after.txt
    cmp before.txt after.txt && echo "the book is as it was"
}
