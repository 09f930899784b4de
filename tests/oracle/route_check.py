#!/usr/bin/env python3
"""outlay route against figures computed here, by other means, from the same real evaluations.

  route_check.py OUTLAY DATA

Pairs and oracle by counting; the linear program by its dual (bisection on the price of a point of
quality) instead of hulls; cascades' published results as a plausibility check. Prints TAP."""
import collections
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile

outlay, data = sys.argv[1], os.path.join(sys.argv[2], 'routing')
mmlu = os.path.join(data, 'routellm_mmlu_even.csv.gz')
if not os.path.exists(mmlu):
    print('1..0 # SKIP no real data')
    sys.exit(0)

tests = 0


def check(name, got, wanted, tolerance=5e-5):
    global tests
    tests += 1
    good = got is not None and abs(float(got) - wanted) <= tolerance
    print(f"{'ok' if good else 'not ok'} {tests} - {name}")
    if not good:
        print(f'# got {got}, wanted {wanted}')


def route(*words):
    out = subprocess.run([outlay, 'route', *words, '--format', 'json', '--quiet'],
                         stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)


rows = list(csv.DictReader(gzip.open(mmlu, 'rt')))
weak = [int(r['weak_correct']) for r in rows]
strong = [int(r['strong_correct']) for r in rows]
n = len(rows)
d = route(mmlu, '--cost', 'weak=0.24,strong=24.7', '--folds', '5', '--labels', '1500')
f = d['figures']
strong_only = sum(s > w for w, s in zip(weak, strong)) / n
gap = (sum(strong) - sum(weak)) / n
check('quality of the weak model', f['weak_quality'], sum(weak) / n)
check('quality of the strong model', f['strong_quality'], sum(strong) / n)
check('only the strong one is right', f['strong_only'], strong_only)
check('only the weak one is right', f['weak_only'], strong_only - gap)

# the linear program, by its dual: each class minimizes cost + price * loss
COST = {'weak': 0.24, 'strong': 24.7}
classes = collections.defaultdict(list)
for r, w, s in zip(rows, weak, strong):
    classes[r['domain']].append(s - w)
share = {c: len(v) / n for c, v in classes.items()}
loss = {c: sum(v) / len(v) for c, v in classes.items()}


def at_price(price, towards_weak):
    total = away = 0
    for c in classes:
        a, b = COST['strong'], COST['weak'] + price * loss[c]
        if b < a or (b == a and towards_weak):
            total += share[c] * loss[c]
            away += share[c]
    return total, away


def optimum(tolerance):
    """Share sent to the weak model: between the last price that keeps the tolerance and the next."""
    low, high = 0.0, 1e6
    for _ in range(200):
        mid = (low + high) / 2
        if at_price(mid, False)[0] <= tolerance:
            high = mid
        else:
            low = mid
    (l0, x0), (l1, x1) = at_price(high, False), at_price(low, True)
    return x0 if l1 <= l0 else x0 + (x1 - x0) * (tolerance - l0) / (l1 - l0)


for row, tolerance in zip(d['tables']['hindsight'], [0, 0.005, 0.01, 0.02, 0.05 * sum(strong) / n]):
    x = optimum(tolerance)
    check(f'share to the weak model at {tolerance:.4f}', row['weak_share'], x)
    check(f'saving at {tolerance:.4f}', row['saving'], x * (1 - COST['weak'] / COST['strong']))

# the oracle, on the labels that judge: it sends up exactly what only the strong model gets right
oracle = d['tables']['references'][-1]
whole = route(mmlu, '--cost', 'weak=0.24,strong=24.7', '--train-labels', '1')
oracle = whole['tables']['references'][-1]
slack = 3 / n  # one prompt chose, the others judge
for key, part in (('cpt50', 0.5), ('cpt80', 0.8), ('cpt100', 1.0)):
    check(f'oracle {key}', oracle[key], part * gap, slack)
check('the most an oracle reaches', oracle['quality'], sum(map(max, weak, strong)) / n, slack)

tests += 1
good = float(f['apgr']) >= 0.65
print(f"{'ok' if good else 'not ok'} {tests} - five-fold APGR from 1,500 labels is {f['apgr']}, at least 0.65")

# nine models: the best is not the dearest, and routing keeps its quality for less
prices = json.load(open(os.path.join(data, 'default_llm.json')))
nine = os.path.join(data, 'dcrouter_train.json.gz')
names = list(json.load(gzip.open(nine, 'rt'))[0]['scores'])
d = route(nine, '--cost', ','.join(f"{m}={prices[m]['input_price']}" for m in names))
mean = {m: 0.0 for m in names}
for r in json.load(gzip.open(nine, 'rt')):
    for m in names:
        mean[m] += r['scores'][m]
best = max(names, key=lambda m: mean[m])
reference = [m['model'] for m in d['tables']['models'] if m['role'] == 'reference']
tests += 1
print(f"{'ok' if reference == [best] else 'not ok'} {tests} - the reference is the best of nine models")
tests += 1
good = d['figures']['certified'] and float(d['figures']['saving']) > 0.2
print(f"{'ok' if good else 'not ok'} {tests} - a point of quality saves {d['figures']['saving']} among nine models")

# published cascades as options of one class: 94.2 % cheaper than the best single model
frugal = list(csv.DictReader(open(os.path.join(data, 'summary_HEADLINES_e8_full_2024.csv'))))
options = [(f'option-{i}', r) for i, r in enumerate(frugal)]
single = max((r for r in frugal if r['Provider'] != 'FrugalGPT'), key=lambda r: float(r['Test_acc']))
name = [m for m, r in options if r is single][0]
cheapest = min(float(r['Test_cost']) for r in frugal if float(r['Test_acc']) >= float(single['Test_acc']))
with tempfile.TemporaryDirectory() as tmp:
    path = os.path.join(tmp, 'headlines.csv')
    with open(path, 'w') as out:
        print(','.join(['class', 'share'] + [f'quality_{m},cost_{m}' for m, _ in options]), file=out)
        print(','.join(['headlines', '1'] + [f"{r['Test_acc']},{float(r['Test_cost']):.12f}" for _, r in options]),
              file=out)
    d = route(path, '--reference', name, '--max-loss', '0pp')
whole = 1 - cheapest / float(single['Test_cost'])
check('the best cascade alone saves what was published', whole, 0.942, 5e-4)
tests += 1
saving = float(d['figures']['saving'])
good = whole <= saving < 1 and not d['figures']['certified']
print(f"{'ok' if good else 'not ok'} {tests} - a mixture saves at least as much ({saving}), and is not certified without counts")
print(f'1..{tests}')
