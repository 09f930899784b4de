#!/usr/bin/env python3
"""Compares the inventory of a book that holds the example's bills with share/example/expected.json.

    tools/example/compare.py OUTLAY BOOK

Every group, row count and amount must be the same text. Exit 1 and a line per difference otherwise.
"""
import json
import os
import subprocess
import sys

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "share", "example",
                        "expected.json")


def inventory(outlay, book, by):
    command = [outlay, "--book", book, "inventory", "--from", "2025-07", "--to", "2026-06",
               "--by", by, "--format", "json"]
    out = subprocess.run(command, check=True, capture_output=True)
    return json.loads(out.stdout)


def differences(want, got, keys, what):
    """Both ways: rows that are missing, wrong, or too many."""
    found = {tuple(row[k] for k in keys): row for row in got}
    for row in want:
        name = "%s %s" % (what, " ".join(str(row[k]) for k in keys))
        mine = found.pop(tuple(row[k] for k in keys), None)
        if mine is None:
            yield "%s: missing" % name
            continue
        for k in ("billed", "effective", "rows"):
            if mine[k] != row[k]:
                yield "%s: %s is %s, not %s" % (name, k, mine[k], row[k])
    for key in found:
        yield "%s %s: too many" % (what, " ".join(map(str, key)))


def compare(expected, outlay, book):
    faults, sums = [], 0
    for by, rows in expected["by"].items():
        report = inventory(outlay, book, by)
        faults += differences(rows, report["tables"]["spend"], by.split(","), by)
        sums += len(rows)
    coverage = [dict(row, status=status) for status, row in expected["coverage"].items()]
    faults += differences(coverage, report["tables"]["coverage"], ["status"], "coverage")
    figures = dict(expected["figures"])
    figures.update({"tokens_" + k: v for k, v in expected["tokens"].items()})
    for name, value in figures.items():
        if report["figures"].get(name) != value:
            faults.append("%s is %s, not %s" % (name, report["figures"].get(name), value))
    return faults, sums + len(coverage) + len(figures)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(EXPECTED) as f:
        faults, sums = compare(json.load(f), sys.argv[1], sys.argv[2])
    for fault in faults:
        print(fault)
    if faults:
        return 1
    print("%d sums are equal to the last digit" % sums)
    return 0


if __name__ == "__main__":
    sys.exit(main())
