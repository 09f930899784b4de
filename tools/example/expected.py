#!/usr/bin/env python3
"""What the inventory of the example must say: sums of the truth the bills were written from, exact.

    tools/example/expected.py          print them
    tools/example/expected.py --write  write share/example/expected.json

Rows and figures have the names of `outlay inventory --format json`. Euros are converted at the
rate of their month. A row that a rule splits counts once per part.
"""
import json
import os
import sys
from decimal import Decimal

import generate
import office
from common import CATEGORIES, plain

AI = CATEGORIES[:5]
BUCKETS = ["in", "cache_read", "cache_write_5m", "out"]


class Sum:
    def __init__(self):
        self.billed = self.effective = Decimal(0)
        self.rows = 0

    def add(self, billed, effective):
        self.billed += billed
        self.effective += effective
        self.rows += 1

    def shown(self):
        return {"billed": plain(self.billed), "effective": plain(self.effective), "rows": self.rows}


def parts(truth):
    """(day, provider, category, initiative, line, billed, effective) in dollars."""
    for t in truth:
        rate = office.EURO[(t.day.year, t.day.month)] if t.currency == "EUR" else Decimal(1)
        for share, category, line in t.parts:
            yield (t.day, t.provider, category, line.split(".")[0], line if "." in line else "",
                   t.billed * share * rate, t.effective * share * rate)


def table(rows, names, keys):
    sums = {}
    for row in rows:
        key = keys(row)
        sums.setdefault(key, Sum()).add(row[5], row[6])
    return [dict(zip(names, (k or None for k in key)), **sums[key].shown()) for key in sorted(sums)]


def month(row):
    return "%04d-%02d" % (row[0].year, row[0].month)


def summary():
    _, truth = generate.build()
    rows = list(parts(truth))
    every, ai, coverage = Sum(), Sum(), {}
    for row in rows:
        every.add(row[5], row[6])
        status = row[2] if row[2] in ("review", "not_ai") else "classified"
        coverage.setdefault(status, Sum()).add(row[5], row[6])
        if row[2] in AI:
            ai.add(row[5], row[6])
    figures = every.shown()
    figures.update({"ai_" + k: v for k, v in ai.shown().items()})
    tokens = {b: sum(t.tokens.get(b, 0) for t in truth) for b in BUCKETS}
    return {
        "figures": figures,
        "tokens": tokens,
        "coverage": {k: coverage[k].shown() for k in sorted(coverage)},
        "by": {
            "category": table(rows, ["category"], lambda r: (r[2],)),
            "provider": table(rows, ["provider"], lambda r: (r[1],)),
            "month": table(rows, ["month"], lambda r: (month(r),)),
            "category,month": table(rows, ["category", "month"], lambda r: (r[2], month(r))),
            "category,line": table(rows, ["category", "line"], lambda r: (r[2], r[4])),
            "initiative": table(rows, ["initiative"], lambda r: (r[3],)),
        },
    }


def main():
    text = json.dumps(summary(), indent=1) + "\n"
    if sys.argv[1:] == ["--write"]:
        with open(os.path.join(generate.EXAMPLE, "expected.json"), "w") as f:
            f.write(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
