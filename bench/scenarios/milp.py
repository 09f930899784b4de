"""milp.py - the portfolios of a JSON lines file for other solvers: HiGHS (scipy), GLPK, CBC.

    milp.py OURS.txt INSTANCES.jsonl [OTHERS]    OTHERS: instances of each size for GLPK and CBC (2)
OURS.txt: lines of bench/choose. Prints medians, worst times and ratios; any difference is an error."""
import collections, json, os, shutil, statistics, subprocess, sys, tempfile, time

LIMIT = 20  # seconds for GLPK and CBC


def model(x):
    """Columns (item, level), rows (coefficients, lo, hi)."""
    cols = [(i, l) for i, it in enumerate(x["items"]) for l in range(len(it["levels"]))]
    at = {c: k for k, c in enumerate(cols)}
    budget, rows = x["budget"], []
    for i, it in enumerate(x["items"]):
        mine = [at[i, l] for l in range(len(it["levels"]))]
        rows.append(({k: 1 for k in mine}, 1 if it["mandatory"] else 0, 1))
        if it["needs"] is not None:
            row = {k: 1 for k in mine}
            row.update({at[it["needs"], l]: -1 for l in range(len(x["items"][it["needs"]]["levels"]))})
            rows.append((row, None, 0))
    cost = [x["items"][i]["levels"][l]["cost"] for i, l in cols]
    for name, (lo, hi) in x["bands"].items():
        rows.append(({k: cost[k] for k, (i, _) in enumerate(cols) if x["items"][i]["category"] == name},
                     lo * budget, hi * budget))
    rows.append(({k: c for k, c in enumerate(cost)}, None, budget - x["reserve"][0] * budget))
    return cols, [x["items"][i]["levels"][l]["value"] for i, l in cols], rows


def highs(value, rows):
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix
    entries = [(r, k, v) for r, (row, _, _) in enumerate(rows) for k, v in row.items()]
    a = csr_matrix(([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
                   shape=(len(rows), len(value)))
    lo = [-np.inf if r[1] is None else r[1] for r in rows]
    hi = [r[2] for r in rows]
    start = time.perf_counter()
    r = milp(-np.array(value), constraints=LinearConstraint(a, lo, hi), integrality=np.ones(len(value)),
             bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    return time.perf_counter() - start, None if r.x is None else -r.fun


def lp_text(value, rows):
    term = lambda row: " ".join("%+.10g x%d" % (v, k) for k, v in row.items() if v) or "0 x0"
    out = ["Maximize", " obj: " + term(dict(enumerate(value))), "Subject To"]
    for r, (row, lo, hi) in enumerate(rows):
        if lo is not None:
            out.append(" l%d: %s >= %.10g" % (r, term(row), lo))
        out.append(" h%d: %s <= %.10g" % (r, term(row), hi))
    return "\n".join(out + ["Binary", " " + " ".join("x%d" % k for k in range(len(value))), "End", ""])


def other(solver, path):
    command = {"glpk": ["glpsol", "--lp", path, "--tmlim", str(LIMIT), "-o", path + ".out"],
               "cbc": ["cbc", path, "sec", str(LIMIT), "solve", "solu", path + ".out"]}[solver]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.perf_counter() - start
    text = open(path + ".out").read() if os.path.exists(path + ".out") else ""
    if solver == "cbc":
        done = text.startswith("Optimal")
        found = float(text.split("objective value")[1].split()[0]) if "objective value" in text else None
    else:
        done = "INTEGER OPTIMAL" in text
        found = next((float(l.split("=")[1].split()[0]) for l in text.splitlines()
                      if l.startswith("Objective:")), None)
    return took, done, None if found is None else abs(found)


def main():
    ours = {l.split()[0]: l.split() for l in open(sys.argv[1])}
    others = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    by, wrong, solved = collections.defaultdict(list), 0, collections.defaultdict(list)
    folder = tempfile.mkdtemp()
    for line in open(sys.argv[2]):
        x = json.loads(line)
        mine = ours[x["id"]]
        n, ms = len(x["items"]), float(mine[2])
        found = None if mine[3] == "none" else float(mine[3])
        _, value, rows = model(x)
        took, optimum = highs(value, rows)
        same = (found is None) == (optimum is None) and (found is None or abs(found - optimum) < 0.05)
        stored = x["optimum"]
        same = same and (found is None) == (stored is None) and (found is None or abs(found - stored) < 0.05)
        wrong += not same
        if not same:
            print("DIFFERENT", x["id"], found, optimum, stored)
        by[n].append((ms, took * 1e3))
        if optimum is None:
            continue
        for solver, program in (("glpk", "glpsol"), ("cbc", "cbc")):
            if shutil.which(program) and len(solved[n, solver]) < others:
                path = os.path.join(folder, x["id"] + ".lp")
                open(path, "w").write(lp_text(value, rows))
                solved[n, solver].append((ms,) + other(solver, path) + (found,))
    print("%5s %6s | %10s %10s | %10s %10s | %8s %8s" % ("n", "count", "ours med", "max", "HiGHS med", "max",
                                                        "x med", "x worst"))
    for n, t in sorted(by.items()):
        m, h = [a for a, _ in t], [b for _, b in t]
        print("%5d %6d | %8.3fms %8.3fms | %8.1fms %8.1fms | %8.1f %8.1f" % (
            n, len(t), statistics.median(m), max(m), statistics.median(h), max(h),
            statistics.median(h) / statistics.median(m), max(h) / max(m)))
    for (n, solver), t in sorted(solved.items()):
        print("n=%d %s, %d instances: %s" % (n, solver, len(t), ", ".join(
            "%.2f s%s (x%.0f)" % (s, "" if done else " STOPPED" + (" at %.1f of %.1f" % (v, best) if v else ""),
                                  s * 1e3 / ms) for ms, s, done, v, best in t)))
    shutil.rmtree(folder)
    print("all optima equal" if not wrong else "%d DIFFERENT" % wrong)
    return wrong != 0


sys.exit(main())
