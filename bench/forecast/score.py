#!/usr/bin/env python3
"""Scores forecasts by the definitions of the M4 competition, apart from the program's own code.

  score.py FULL.csv TEST.csv PERIOD H FORECASTS.csv...

FULL: id,t,value, whole histories (scales and Naive2 come from them, whatever the forecaster saw).
TEST: id,h,value. FORECASTS: `outlay forecast --series` (id,h,p10,p50,p90,p2_5,p97_5) or peers.R
(id,method,h,point,lo80,hi80,lo95,hi95); of several peers' methods, their mean, and their median with
the seasonal naive, are scored as well. All are scored on the ids that every file has."""
import csv
import math
import statistics
import sys
from collections import defaultdict


def read(path, key):
    rows = defaultdict(list)
    with open(path, newline="") as f:
        for r in csv.DictReader(f):
            rows[r["id"]].append((int(r[key]), float(r["value"])))
    return {i: [v for _, v in sorted(x)] for i, x in rows.items()}


def seasonal(y, m):
    n = len(y)
    if m < 2 or n < 3 * m or m > math.floor(10 * math.log10(n)):
        return False
    mean = sum(y) / n
    d = [v - mean for v in y]
    c0 = sum(v * v for v in d)
    if c0 == 0:
        return False
    r = [sum(d[t] * d[t - k] for t in range(k, n)) / c0 for k in range(1, m + 1)]
    return abs(r[-1]) > 1.645 / math.sqrt(n) * math.sqrt(1 + 2 * sum(v * v for v in r[:-1]))


def indices(y, m):
    if not seasonal(y, m):
        return [1.0] * m
    ratios = defaultdict(list)
    half = m // 2
    for t in range(half, len(y) - half):
        w = y[t - half:t + half + 1]
        trend = (sum(w) - (0 if m % 2 else (w[0] + w[-1]) / 2)) / m
        ratios[t % m].append(y[t] / trend)
    s = [statistics.fmean(ratios[k]) for k in range(m)]
    mean = statistics.fmean(s)
    return [v / mean for v in s]


def naive2(y, m, h):
    s = indices(y, m)
    n = len(y)
    return [y[-1] / s[(n - 1) % m] * s[(n + k) % m] for k in range(h)]


def accuracy(y, test, f, m):
    scale = statistics.fmean(abs(y[t] - y[t - m]) for t in range(m, len(y)))
    smape = statistics.fmean(200 * abs(a - b) / (abs(a) + abs(b)) if a or b else 0 for a, b in zip(test, f))
    return smape, statistics.fmean(abs(a - b) for a, b in zip(test, f)) / scale, scale


def interval(test, lo, hi, scale, alpha):
    cover = statistics.fmean(l <= a <= u for a, l, u in zip(test, lo, hi))
    score = statistics.fmean(u - l + 2 / alpha * (max(0, l - a) + max(0, a - u)) for a, l, u in zip(test, lo, hi))
    return cover, score / scale


def forecasts(path):
    """method -> id -> {point, lo80, ...}"""
    names = {"p50": "point", "p10": "lo80", "p90": "hi80", "p2_5": "lo95", "p97_5": "hi95"}
    out = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    with open(path, newline="") as f:
        for r in csv.DictReader(f):
            for k, v in r.items():
                if k not in ("id", "h", "method"):
                    out[r.get("method", "outlay")][r["id"]][names.get(k, k)].append(float(v))
    return out


def main():
    full, test = read(sys.argv[1], "t"), read(sys.argv[2], "h")
    m, h = int(sys.argv[3]), int(sys.argv[4])
    methods = {}
    for path in sys.argv[5:]:
        for name, f in forecasts(path).items():
            methods[name if name not in methods else f"{name} {path}"] = f
    ids = sorted(i for i in test if all(i in f for f in methods.values()))
    peers = [f for k, f in methods.items() if not k.startswith("outlay")]
    if len(peers) > 1:
        snaive = {i: [full[i][len(full[i]) - m + k % m] for k in range(len(test[i]))] for i in ids}
        both = [[f[i]["point"] for f in peers] for i in ids]
        methods["mean of peers"] = {i: {"point": [statistics.fmean(v) for v in zip(*b)]} for i, b in zip(ids, both)}
        methods["median of peers and snaive"] = {
            i: {"point": [statistics.median(v) for v in zip(*b, snaive[i])]} for i, b in zip(ids, both)}
    base = {i: naive2(full[i], m, h) for i in ids}
    ref = [accuracy(full[i], test[i][:h], base[i], m) for i in ids]
    ref_smape, ref_mase = (statistics.fmean(r[k] for r in ref) for k in (0, 1))
    print(f"{len(ids)} series, h {h}; Naive2 sMAPE {ref_smape:.3f} MASE {ref_mase:.4f}")
    for name, f in methods.items():
        got = [accuracy(full[i], test[i][:h], f[i]["point"][:h], m) for i in ids]
        smape, mase = (statistics.fmean(g[k] for g in got) for k in (0, 1))
        total = statistics.fmean(100 * abs(sum(f[i]["point"][:h]) / sum(test[i][:h]) - 1) for i in ids)
        line = f"{name:28} OWA {(smape / ref_smape + mase / ref_mase) / 2:.4f}  sMAPE {smape:.3f}  MASE {mase:.4f}"
        line += f"  total {total:.3f} %"
        if "lo80" in f[ids[0]]:
            for a, lo, hi in ((0.2, "lo80", "hi80"), (0.05, "lo95", "hi95")):
                s = [interval(test[i][:h], f[i][lo][:h], f[i][hi][:h], g[2], a) for i, g in zip(ids, got)]
                line += f"  {100 - 100 * a:.0f} %: {100 * statistics.fmean(c for c, _ in s):.1f} {statistics.fmean(v for _, v in s):.3f}"
        print(line)


if __name__ == "__main__":
    main()
