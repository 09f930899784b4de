#!/usr/bin/env python3
"""model.py - the benchmark model in numpy: model.py TRIALS SEED REPEATS; prints as model.c does."""
import sys
import time

import numpy as np


def run(n, seed):
    rng = np.random.default_rng(seed)
    z95 = 1.6448536269514722
    months = np.zeros((12, n))
    total = np.zeros(n)

    def lognormal(lo, hi):
        mu, sd = (np.log(lo) + np.log(hi)) / 2, (np.log(hi) - np.log(lo)) / (2 * z95)
        return rng.lognormal(mu, sd, n)

    for f in range(10):
        price = [3.0, 0.8, 0.15][f % 3]
        tokens_in = lognormal(800 + 100 * f, 3000 + 200 * f)
        tokens_out = lognormal(150 + 20 * f, 600 + 50 * f)
        requests = lognormal(1.5 + 0.1 * f, 6 + 0.2 * f)
        sessions = lognormal(4 + 0.3 * f, 15 + 0.5 * f)
        multiplier = lognormal(0.8, 1.1)
        growth = 1 + rng.normal(0.03 + 0.005 * f, 0.02, n)
        cached = rng.uniform(0.1, 0.6, n)
        retry = rng.triangular(1.02, 1.10, 1.40, n)
        cost = (1000 * (f + 1) * price / 1e6) * sessions * requests * retry * multiplier
        cost *= tokens_in * (1 - 0.9 * cached) + 5 * tokens_out
        for m in range(12):
            months[m] += cost
            total += cost
            cost *= growth
    return total.mean(), *np.percentile(total, [50, 95])


n, seed, repeats = (int(x) for x in sys.argv[1:4])
times = []
for _ in range(repeats):
    began = time.perf_counter()
    mean, p50, p95 = run(n, seed)
    times.append(time.perf_counter() - began)
print(f"{sorted(times)[len(times) // 2]:.6f} {mean:.3f} {p50:.1f} {p95:.1f} numpy {np.__version__}")
