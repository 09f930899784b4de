#!/usr/bin/env python3
"""M3 monthly (id,...,train,test in one line) as the long CSV that `outlay forecast --series` reads.

  m3_long.py m3_monthly_even.csv TRAIN.csv TEST.csv [LAST]

LAST keeps only that many values of each history."""
import csv
import sys


def main():
    source, train, test = sys.argv[1:4]
    last = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    with open(source, newline="") as f, open(train, "w") as a, open(test, "w") as b:
        a.write("id,t,value\n")
        b.write("id,h,value\n")
        for row in csv.DictReader(f):
            known = row["train"].split()[-last:]
            for t, v in enumerate(known):
                a.write(f'{row["id"]},{t + 1},{v}\n')
            for t, v in enumerate(row["test"].split()):
                b.write(f'{row["id"]},{t + 1},{v}\n')


if __name__ == "__main__":
    main()
