#!/usr/bin/env python3
"""Writes the bills of the example book, always the same bytes: share/example/bills, bills-FY2027,
usage, evals, ledgers and rates.csv.

    tools/example/generate.py          write them
    tools/example/generate.py --check  say whether the committed ones are these (exit 1: not)

Company, resources and amounts are made up; list prices are near those of the time. expected.py says
what must come out when outlay reads them.
"""
import gzip
import os
import sys

import aws
import azure
import evals
import gateway
import ledgers
import models
import office
import paid
import plan_year

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "share", "example")


def build():
    """File name under bills/ -> bytes, and the truth of all rows."""
    files, truth = {}, []
    for part in (aws, azure, models, office):
        more, rows = part.build()
        files.update(more)
        truth += rows
    files.update(paid.build(truth))
    return files, truth


def content(data, name):
    return gzip.decompress(data) if name.endswith(".gz") else data


def all_files():
    files = {"bills/" + name: data for name, data in build()[0].items()}
    files["rates.csv"] = office.rates()
    files.update({"bills-FY2027/" + name: data for name, data in plan_year.build().items()})
    files["evals/support-replies.csv"] = evals.build()
    files.update(gateway.build())
    files.update(ledgers.build(files))
    return files


def present():
    found = set()
    for folder in ("bills", "bills-FY2027", "evals", "usage", "ledgers"):
        for at, _, names in os.walk(os.path.join(EXAMPLE, folder)):
            found |= {os.path.relpath(os.path.join(at, n), EXAMPLE) for n in names}
    return found


def check(files):
    wrong = sorted(present() - set(files))
    for name, data in files.items():
        try:
            with open(os.path.join(EXAMPLE, name), "rb") as f:
                same = content(f.read(), name) == content(data, name)
        except OSError:
            same = False
        if not same:
            wrong.append(name)
    for name in wrong:
        print("share/example/%s is not what tools/example/generate.py writes" % name)
    return not wrong


def main():
    files = all_files()
    if sys.argv[1:] == ["--check"]:
        return 0 if check(files) else 1
    if sys.argv[1:]:
        sys.exit(__doc__)
    for name in present() - set(files):
        os.remove(os.path.join(EXAMPLE, name))
    for name, data in files.items():
        path = os.path.join(EXAMPLE, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
    print("%d files, %d bytes" % (len(files), sum(len(d) for d in files.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
