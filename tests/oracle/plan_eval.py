#!/usr/bin/env python3
"""plan_eval.py - an independent, straightforward evaluator of plans, and random plans to compare with.

    plan_eval.py compare PLAN_JSON [--plans N] [--seed S]   random plans through the PLAN_JSON program
    plan_eval.py eval FILE.yaml                             the figures of one plan (needs PyYAML)

Written from docs/plan-language.md alone: point plan in floats, each line-month rounded half-even to the
cent once, totals exact in Decimal. It shares no code with the program and does no checking.
"""
import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
SCALE = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}
SECTIONS = ["compute", "llm", "saas", "labeling", "tools", "data"]
CATEGORY = {"compute": "infra", "llm": "vendor", "saas": "vendor", "labeling": "data", "tools": "data",
            "data": "data"}
CATEGORIES = ["infra", "talent", "vendor", "data", "reserve"]


def month(text):
    y, m = text.split("-")
    return int(y) * 12 + int(m) - 1


def month_name(m):
    return f"{m // 12}-{m % 12 + 1:02d}"


def plain(text):
    """'$1.2M' to (number, currency, is percent)"""
    cur = None
    text = text.strip()
    if text and text[0] in SIGNS:
        cur, text = SIGNS[text[0]], text[1:]
    hit = re.match(r"^([A-Z]{3}) (.*)$", text)
    if hit:
        cur, text = hit.group(1), hit.group(2)
    hit = re.match(r"^([-+]?[\d.]+)([kMB]?)(%?)$", text)
    value = Decimal(hit.group(1)) * SCALE[hit.group(2)]
    if hit.group(3):
        value /= 100
    return float(value), cur, bool(hit.group(3))


class Value:
    """One scalar: point, unit, currency."""

    def __init__(self, text):
        self.per = ""
        text = text.strip()
        base = text.split(" (")[0]
        hit = re.search(r"(/mo|/yr| once| months?)$", base)
        if hit:
            self.per = hit.group(1).strip()
            base = base[: hit.start()]
        parts = base.split(" to ")
        self.point, self.currency, percent = plain(parts[0])
        if len(parts) == 2:
            lo, hi = self.point, plain(parts[1])[0]
            if lo > 0 and not (percent and hi < 1):
                self.point = math.sqrt(lo * hi)
            elif percent and lo > 0:
                mid = (math.log(lo / (1 - lo)) + math.log(hi / (1 - hi))) / 2
                self.point = 1 / (1 + math.exp(-mid))
            else:
                self.point = (lo + hi) / 2


class Plan:
    def __init__(self, d):
        self.d = d
        h = d["plan"]
        self.start = month(h["starts"])
        self.n = int(h.get("months", "12"))
        self.currency = h.get("currency", "USD")
        self.fx = {k: Value(v).point for k, v in h.get("fx", {}).items()}
        self.levers = [v for v in d.get("levers", []) if v.get("use") == "yes"]
        self.inits = {i["id"]: i for i in d.get("initiatives", [])}

    # --- values ---

    def number(self, text, m):
        if text.startswith("="):
            return self.formula(text[1:], m), ""
        v = Value(text)
        rate = self.fx[v.currency] if v.currency and v.currency != self.currency else 1.0
        return v.point * rate, v.per

    def formula(self, text, m):
        def name(hit):
            return repr(self.at(self.d["drivers"][hit.group(0)], m)[0])
        return eval(re.sub(r"[a-z_]+", name, text), {"__builtins__": {}})  # our own random plans only

    def at(self, value, m):
        """The value in month m and its unit."""
        if isinstance(value, str):
            return self.number(value, m)
        if "value" in value:
            return self.at(value["value"], m)
        if "at" in value:
            hits = {month(k): v for k, v in value["at"].items()}
            return (self.number(hits[m], m)[0] if m in hits else 0.0), "at"
        points = sorted((month(k), v) for k, v in value.items())
        known = [(k, self.number(v, k)[0]) for k, v in points]
        if m <= known[0][0]:
            return known[0][1], ""
        for (m0, a), (m1, b) in zip(known, known[1:]):
            if m0 <= m < m1:
                t = (m - m0) / (m1 - m0)
                return (a * (b / a) ** t if a > 0 and b > 0 else a + (b - a) * t), ""
        return known[-1][1], ""

    def share(self, item, key, otherwise, m=0):
        return self.at(item[key], m)[0] if key in item else otherwise

    # --- levers ---

    def runs(self, v, m):
        return month(v.get("from", month_name(self.start))) <= m <= month(v.get("to", "9999-12"))

    def leaves(self, v, m):
        return 1 - self.share(v, "covers", 1.0) * self.share(v, "saves", 0.0) if self.runs(v, m) else 1.0

    def driver_factor(self, path, key, m):
        f = 1.0
        for v in self.levers:
            if v["applies"] in (f"llm.{key}", f"{path}.{key}"):
                f *= self.leaves(v, m)
        return f

    # --- lines ---

    def price(self, model, m):
        p = self.d["prices"][model]
        if isinstance(p, list):
            p = [e for e in p if "from" not in e or month(e["from"]) <= m][-1]
        got = {k: self.number(v, m)[0] for k, v in p.items() if k != "from"}
        for k, plain_key in (("cache_read", "in"), ("cache_write", "in"), ("batch_in", "in"),
                             ("batch_out", "out")):
            got.setdefault(k, got[plain_key])
        return got

    def request(self, line, path, model, m):
        p = self.price(model, m)
        tin = self.at(line["in"], m)[0] * self.driver_factor(path, "in", m)
        tout = self.at(line["out"], m)[0] * self.driver_factor(path, "out", m)
        c, w = self.share(line, "cached", 0.0, m), self.share(line, "cache_writes", 0.0, m)
        b = self.share(line, "batch", 0.0, m)

        def each(pin, pout):
            return tin * ((1 - c - w) * pin + c * p["cache_read"] + w * p["cache_write"]) + tout * pout
        return ((1 - b) * each(p["in"], p["out"]) + b * each(p["batch_in"], p["batch_out"])) / 1e6

    def llm(self, line, path, m, first):
        volume = 1.0
        for key in ("users", "sessions", "requests"):
            volume *= self.at(line[key], m)[0] * self.driver_factor(path, key, m)
        volume *= (1 + self.share(line, "growth", 0.0)) ** (m - first)
        volume *= 1 + self.share(line, "retries", 0.0, m) * self.driver_factor(path, "retries", m)
        models = line.get("models") or {line["model"]: "100%"}
        each = sum(Value(s).point * self.request(line, path, k, m) for k, s in models.items())
        for v in self.levers:
            if v["applies"] in ("llm", path) and "model" in v and self.runs(v, m):
                covers = self.share(v, "covers", 1.0)
                each = (1 - covers) * each + covers * self.request(line, path, v["model"], m)
        return volume * each

    def flow(self, line, key, m, first, grows):
        value, per = self.at(line[key], m)
        if per == "/yr" and line.get("pay") != "upfront":
            value /= 12
        if per == "once" and m != month(line.get("month", month_name(first))):
            value = 0.0
        if grows:
            value *= (1 + self.share(line, "growth", 0.0)) ** (m - first)
        return value

    def line(self, section, line, m, first):
        kind = line.get("kind")
        f = lambda key, grows=False: self.flow(line, key, m, first, grows)
        rate = self.at(self.d["machines"][line["machine"]], m)[0] if "machine" in line else 0.0
        if kind == "training":
            if "gpu_hours" in line:
                return f("gpu_hours", True) * rate
            return f("gpus") * f("hours") * f("runs", True) * rate
        if kind == "inference":
            if "per_1k" in line:
                return f("requests", True) / 1000 * f("per_1k")
            hours = f("requests", True) / f("per_hour")
            return max(hours, f("at_least") * 730 if "at_least" in line else 0.0) * rate
        if kind == "storage":
            return f("tb", True) * f("price")
        if section == "labeling":
            return f("items", True) * f("price") * (1 + self.share(line, "review", 0.0, m))
        if section == "saas" and "seats" in line:
            cost = f("seats", True) * f("price")
        else:
            cost = f("cost", True)
        if line.get("pay") == "upfront" and (m - month(line["renews"])) % 12:
            cost = 0.0
        return cost

    def span(self, init, line):
        first, last = self.start, self.start + self.n - 1
        for item, a, b in ((init, "starts", "ends"), (line, "from", "to")):
            first = max(first, month(item[a])) if a in item else first
            last = min(last, month(item[b])) if b in item else last
        return first, last

    # --- people ---

    def idle(self, works_on):
        names = [works_on] if isinstance(works_on, str) else list(works_on or {})
        return bool(names) and all(self.inits[n].get("status") == "candidate" for n in names)

    def staff(self, s):
        load = self.d.get("loading", {})
        salary_text = s.get("salary") or self.d["roles"][s["role"]]["salary"]
        count = Value(s.get("count", "1")).point
        start = month(s["start"]) if "start" in s else None
        here = start is None or start < self.start
        own = [v for v in self.levers if v["applies"] == f"staff.{s['id']}"]
        amounts, hire = [], None
        for m in range(self.start, self.start + self.n):
            salary = self.number(salary_text, m)[0]
            cost = 0.0
            if (here or m >= start) and m <= month(s.get("end", "9999-12")):
                cost = count * salary / 12 * (1 + self.share(load, "benefits", 0.0))
                if here and "raise" in load and m >= month(load["raise_in"]):
                    cost *= 1 + self.share(load, "raise", 0.0)
                for v in own:
                    if "replace" in v and self.runs(v, m):
                        r = v["replace"]
                        cost = count * self.at(r["days"], m)[0] * self.number(r["day_rate"], m)[0]
            amounts.append(cost)
            if m == start and not here and s.get("internal") != "yes":
                recruiting = self.share(s, "recruiting", self.share(load, "recruiting", 0.0))
                if any("skips" in v and self.runs(v, m) for v in own):
                    recruiting = 0.0
                hire = (m, count * (salary * recruiting + self.share(load, "equipment", 0.0)))
                if any("replace" in v and self.runs(v, m) for v in own):
                    hire = (m, 0.0)
        return here, amounts, hire

    # --- the whole ---

    def evaluate(self):
        months = range(self.start, self.start + self.n)
        lines, buffers = [], []
        share = {k: Decimal(repr(Value(v).point)) for k, v in self.d.get("buffers", {}).items()}

        def cents(x):
            return Decimal(x).quantize(CENT, ROUND_HALF_EVEN)

        def add(path, init, category, kind, amounts):
            lines.append({"path": path, "initiative": init, "category": category, "kind": kind,
                          "monthly": [cents(x) for x in amounts]})
            return lines[-1]

        for init in self.d.get("initiatives", []):
            if init.get("status") == "candidate":
                continue
            for section in SECTIONS:
                for line in init.get(section, []):
                    self.one_line(init, section, line, months, add, buffers, share)
        for s in self.d.get("staff", []):
            here, amounts, hire = self.staff(s)
            w = s.get("works_on")
            if not here and self.idle(w):
                continue
            init = w if isinstance(w, str) else (list(w)[0] if w and len(w) == 1 else None)
            add(f"staff.{s['id']}", init, "talent", "staff", amounts)
            if hire:
                add(f"staff.{s['id']}:hire", init, "talent", "staff",
                    [hire[1] if m == hire[0] else 0.0 for m in months])
        for c in self.d.get("contractors", []):
            if not self.idle(c.get("works_on")):
                add(f"contractors.{c['id']}", c.get("works_on"), "talent", "contractors",
                    [self.at(c["days"], m)[0] * self.number(c["day_rate"], m)[0] for m in months])
        for u in self.d.get("upskilling", []):
            if not self.idle(u.get("works_on")):
                add(f"upskilling.{u['id']}", u.get("works_on"), "talent", "upskilling",
                    [Value(u["people"]).point * self.number(u["cost"], m)[0] if m == month(u["month"])
                     else 0.0 for m in months])
        for v in self.levers:
            self.lever_cost(v, months, lines, add)
        return self.totals(lines, buffers)

    def one_line(self, init, section, line, months, add, buffers, share):
        path = f"{init['id']}.{line['id']}"
        first, last = self.span(init, line)
        kind = f"compute.{line['kind']}" if section == "compute" else section
        amounts = []
        for m in months:
            cost = 0.0
            if first <= m <= last:
                cost = (self.llm(line, path, m, first) if section == "llm"
                        else self.line(section, line, m, first))
                for v in self.levers:
                    if v["applies"] in (kind, path) and "saves" in v:
                        cost *= self.leaves(v, m)
            amounts.append(cost)
        category = line.get("category", CATEGORY[section])
        got = add(path, init["id"], category, kind, amounts)
        name = {"compute.training": "training", "compute.inference": "inference", "llm": "llm"}.get(kind)
        b = Decimal(0)
        if name:
            b = share.get(name, Decimal("0.4") if name == "llm" else Decimal("0.25"))
        if "buffer" in line:
            b = Decimal(repr(Value(line["buffer"]).point))
        if b:
            buffers.append(dict(got, monthly=[(x * b).quantize(CENT, ROUND_HALF_EVEN)
                                              for x in got["monthly"]]))

    def lever_cost(self, v, months, lines, add):
        if "cost" not in v:
            return
        name = v["applies"]
        key = name.split(".")[-1]
        drivers = ("users", "sessions", "requests", "in", "out", "retries")
        target = "llm" if name.startswith("llm.") else name
        if target.count(".") == 2 and key in drivers:
            target = target.rsplit(".", 1)[0]
        for l in lines:
            if target not in (l["path"], l["kind"]) or l["kind"] == "lever":
                continue
            first, last = self.start, self.start + self.n - 1
            init = self.inits.get(l["path"].split(".")[0])
            if init:
                section = "compute" if l["kind"].startswith("compute.") else l["kind"]
                line = [x for x in init[section] if x["id"] == l["path"].split(".")[1]][0]
                first, last = self.span(init, line)
            if any(self.runs(v, m) and first <= m <= last for m in months):
                at = month(v.get("from", month_name(self.start)))
                whole = target == l["kind"]
                add(f"levers.{v['id']}", None if whole else l["initiative"], l["category"], "lever",
                    [self.number(v["cost"], m)[0] if m == at else 0.0 for m in months])
                return

    def totals(self, lines, buffers):
        planned = sum((sum(x["monthly"]) for x in lines + buffers), Decimal(0))
        s = Decimal(repr(Value(self.d["reserve"]["share"]).point)) if "reserve" in self.d else Decimal(0)
        reserve = (planned * s / (1 - s)).quantize(CENT, ROUND_HALF_EVEN)
        categories = {}
        for c in CATEGORIES[:4]:
            categories[c] = [sum((x["monthly"][i] for x in lines + buffers if x["category"] == c),
                                 Decimal(0)) for i in range(self.n)]
        units = int(reserve / CENT)
        categories["reserve"] = [CENT * (units // self.n + (1 if i < units % self.n else 0))
                                 for i in range(self.n)]
        return {"lines": lines, "buffers": buffers, "categories": categories, "planned": planned,
                "reserve": reserve, "total": planned + reserve}


# --- random plans ---

class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.n = self.r.choice([1, 3, 6, 12, 12, 12, 18, 24, 60])
        self.start = 2026 * 12 + self.r.randrange(12)
        self.end = self.start + self.n - 1

    def chance(self, p):
        return self.r.random() < p

    def month(self, lo=None, hi=None):
        return month_name(self.r.randint(self.start if lo is None else lo, self.end if hi is None else hi))

    def amount(self, lo, hi):
        v = math.exp(self.r.uniform(math.log(lo), math.log(hi)))
        if v >= 1e6 and self.chance(0.5):
            return f"{v / 1e6:.2f}M"
        if v >= 1e3 and self.chance(0.7):
            return f"{v / 1e3:.1f}k"
        return f"{v:.2f}" if v < 100 else f"{v:.0f}"

    def const(self, lo, hi, per="", sign=""):
        a = self.amount(lo, hi)
        v = plain(a)[0]
        if self.chance(0.2):
            return f"{sign}{a}{per} ({v * 0.7:.4f} to {v * 1.5:.4f})"
        if self.chance(0.1):
            return f"{sign}{a} to {v * 1.5 + 0.01:.4f}{per}"
        return f"{sign}{a}{per}"

    def series(self, lo, hi, per="", sign="", schedule=False, span=None):
        x = self.r.random()
        first, last = span or (self.start, self.end)
        if x < 0.2 and self.n > 1:
            keys = sorted(self.r.sample(range(self.start - 2, self.end + 3), self.r.randint(1, min(4, self.n))))
            return {month_name(k): ("0" if self.chance(0.1) else sign + self.amount(lo, hi)) for k in keys}
        if x < 0.3 and schedule and first <= last:
            keys = self.r.sample(range(first, last + 1), self.r.randint(1, min(3, last - first + 1)))
            return {"at": {month_name(k): sign + self.amount(lo, hi) for k in keys}}
        if x < 0.4 and not sign:
            return self.r.choice(["=heads * 1.5 + 2", "=(heads + teams) * 3", "=teams / 2", "=heads"])
        return self.const(lo, hi, per, sign)

    def percent(self, lo, hi):
        v = self.r.uniform(lo, hi)
        return f"{v:.1f}% ({v * 0.8:.2f}% to {v * 1.1:.2f}%)" if self.chance(0.2) else f"{v:.1f}%"

    def make(self):
        r = self.r
        d = {"plan": {"starts": month_name(self.start), "months": str(self.n),
                      "horizon": str(max(36, self.n)), "fx": {"EUR": "1.09 (1.02 to 1.16)", "GBP": "1.27"}}}
        if self.chance(0.9):
            d["reserve"] = {"share": f"{r.uniform(5, 25):.1f}%"}
        if self.chance(0.7):
            d["buffers"] = {"training": f"{r.randint(0, 40)}%", "llm": f"{r.randint(0, 60)}.5%"}
        d["drivers"] = {"heads": {month_name(self.start): "40", month_name(self.end + 3): "90"},
                        "teams": "=heads / 7 + 1"}
        mid = month_name(self.start + self.n // 2)
        d["prices"] = {"big": [{"in": "$3", "out": "$15", "cache_read": "$0.30"},
                               {"from": mid, "in": "$2.50 (2 to 3)", "out": "$12", "batch_in": "$1.25"}],
                       "small": {"in": "$0.25", "out": "$1.25", "cache_write": "$0.3", "batch_out": "$0.6"},
                       "euro": {"in": "EUR 1", "out": "EUR 4"}}
        d["machines"] = {"h100": "$3.60 (3 to 4.40)", "l4": {month_name(self.start): "0.8", mid + "": "0.7"}
                         if self.n > 1 else "0.8", "uk": "£0.9"}
        d["roles"] = {"lead": {"salary": "235k"}, "eng": {"salary": "195k (180k to 215k)"},
                      "uk": {"salary": "GBP 90k/yr"}}
        d["loading"] = {"benefits": "27%", "equipment": "6k", "recruiting": "22% (20% to 25%)"}
        if self.chance(0.7):
            d["loading"].update({"raise": "3.5%", "raise_in": self.month()})
        d["initiatives"] = [self.initiative(i) for i in range(r.randint(1, 6))]
        self.people(d)
        d["levers"] = self.levers(d)
        return d

    def initiative(self, i):
        init = {"id": f"init-{i}", "status": self.r.choice(["committed", "proposed", "proposed", "candidate"])}
        if self.chance(0.3):
            init["starts"] = self.month()
        first = month(init.get("starts", month_name(self.start)))
        if self.chance(0.2):
            init["ends"] = month_name(self.r.randint(first, self.end + 6))
        last = min(self.end, month(init.get("ends", "9999-12")))
        for section in SECTIONS:
            got = [self.line(section, f"{section[:2]}{k}", first, last) for k in range(self.r.randint(0, 2))]
            if got:
                init[section] = got
        return init

    def line(self, section, name, first, last):
        l = {"id": name}
        if self.chance(0.2):
            l["from"] = month_name(self.r.randint(first, last))
            first = month(l["from"])
        if self.chance(0.2):
            l["to"] = month_name(self.r.randint(first, last))
            last = month(l["to"])
        span = (first, last)
        if self.chance(0.15):
            l["buffer"] = f"{self.r.randint(0, 70)}%"
        if self.chance(0.1):
            l["category"] = self.r.choice(["infra", "vendor", "data"])
        getattr(self, "make_" + section)(l, span)
        main = {"training": ["gpu_hours", "runs"], "inference": ["requests"], "storage": ["tb"]}.get(
            l.get("kind"), {"llm": ["users"], "labeling": ["items"], "saas": ["seats", "cost"]}.get(
                section, ["cost"]))
        key = [k for k in main if k in l][0]
        if self.chance(0.3) and isinstance(l[key], str) and not l[key].startswith("="):
            l["growth"] = f"{self.r.uniform(-2, 6):.2f}%/mo"
        return l

    def make_compute(self, l, span):
        kind = l["kind"] = self.r.choice(["training", "inference", "storage", "network", "other"])
        machine = self.r.choice(["h100", "l4", "uk"])
        if kind == "training" and self.chance(0.5):
            l.update(machine=machine, gpu_hours=self.series(100, 10000, "/mo", schedule=True, span=span))
        elif kind == "training":
            l.update(machine=machine, gpus=self.const(2, 64), hours=self.const(4, 60),
                     runs=self.series(2, 40, "/mo", schedule=True, span=span))
        elif kind == "inference" and self.chance(0.3):
            l.update(requests=self.series(1e5, 1e8, "/mo"), per_1k=self.const(0.01, 2, sign="$"))
        elif kind == "inference":
            l.update(machine=machine, requests=self.series(1e7, 1e9, "/mo"), per_hour=self.const(5e3, 2e4))
            if self.chance(0.6):
                l["at_least"] = self.const(1, 10)
        elif kind == "storage":
            l.update(tb=self.series(10, 3000), price=self.const(15, 30, sign=self.r.choice(["", "$", "EUR "])))
        else:
            l["cost"] = self.series(500, 9000, "/mo", sign="$", schedule=True, span=span)

    def make_llm(self, l, span):
        l.update(users=self.series(100, 3e5), sessions=self.const(1, 100), requests=self.const(1, 30))
        l.update({"in": self.series(500, 24000), "out": self.const(50, 2000)})
        if self.chance(0.3):
            l["models"] = {"big": "37.5%", "small": "50%", "euro": "12.5%"}
        else:
            l["model"] = self.r.choice(["big", "small", "euro"])
        for key, lo, hi in (("retries", 1, 20), ("cached", 5, 60), ("cache_writes", 1, 30), ("batch", 10, 90)):
            if self.chance(0.3):
                l[key] = self.percent(lo, hi)

    def make_saas(self, l, span):
        if self.chance(0.6):
            l.update(seats=self.series(5, 400), price=self.const(10, 90, self.r.choice(["/mo", "/yr"]), "$"))
            self.upfront(l, "price", span)
        else:
            self.cost(l, span)

    def upfront(self, l, key, span):
        if isinstance(l[key], str) and "/yr" in l[key] and self.chance(0.5):
            l.update(pay="upfront", renews=month_name(self.r.randint(*span) - 12 * self.r.randint(0, 1)))

    def cost(self, l, span):
        per = self.r.choice(["/mo", "/yr", " once"])
        sign = self.r.choice(["", "$", "EUR ", "£"])
        l["cost"] = self.series(500, 2e5, per, sign, schedule=True, span=span)
        if isinstance(l["cost"], str) and per == " once" and "once" in l["cost"] and self.chance(0.5):
            l["month"] = month_name(self.r.randint(*span))
        self.upfront(l, "cost", span)

    def make_labeling(self, l, span):
        l.update(items=self.series(1000, 3e5, "/mo", schedule=True, span=span), price=self.const(0.05, 2, sign="$"))
        if self.chance(0.5):
            l["review"] = self.percent(2, 20)

    make_tools = make_data = lambda self, l, span: self.cost(l, span)

    def works_on(self, d):
        ids = [i["id"] for i in d["initiatives"]]
        if self.chance(0.3):
            return {i: "1" for i in self.r.sample(ids, self.r.randint(1, len(ids)))}
        return self.r.choice(ids)

    def people(self, d):
        d["staff"] = []
        for k in range(self.r.randint(0, 6)):
            s = {"id": f"p{k}", "role": self.r.choice(list(d["roles"]))}
            if self.chance(0.8):
                s["works_on"] = self.works_on(d)
            if self.chance(0.3):
                s["count"] = self.r.choice(["2", "3", "0.5"])
            if self.chance(0.5):
                s["start"] = self.month(self.start - 3)
            if self.chance(0.2):
                s["end"] = self.month(max(self.start, month(s.get("start", "2000-01"))))
            if self.chance(0.2):
                s["internal"] = self.r.choice(["yes", "no"])
            if self.chance(0.2):
                s["recruiting"] = "10%"
            if self.chance(0.2):
                s["salary"] = self.r.choice(["150k", "EUR 90k/yr", "140k to 160k"])
            d["staff"].append(s)
        ids = [i["id"] for i in d["initiatives"]]
        if self.chance(0.5):
            d["contractors"] = [{"id": "c", "day_rate": self.const(700, 1200, sign="$"), "works_on": self.r.choice(ids),
                                 "days": self.series(1, 40, "/mo", schedule=True)}]
        if self.chance(0.5):
            d["upskilling"] = [{"id": "u", "people": "12", "cost": "5.5k", "month": self.month(),
                                "works_on": self.r.choice(ids)}]

    def levers(self, d):
        lines = [(f"{i['id']}.{l['id']}", s) for i in d["initiatives"] for s in SECTIONS for l in i.get(s, [])]
        out = []
        for k in range(self.r.randint(0, 6)):
            v = {"id": f"lever-{k}", "use": self.r.choice(["yes", "yes", "no"])}
            x = self.r.random()
            llm = [p for p, s in lines if s == "llm"]
            if x < 0.25 and lines:
                v["applies"] = self.r.choice(lines)[0]
            elif x < 0.5:
                v["applies"] = self.r.choice(["compute.training", "compute.inference", "llm", "labeling", "tools"])
            elif x < 0.7:
                v["applies"] = "llm." + self.r.choice(["in", "out", "users", "retries"])
            elif llm:
                v["applies"] = self.r.choice(llm) + self.r.choice(["", ".out", ".sessions"])
            else:
                v["applies"] = "llm"
            if (v["applies"] == "llm" or v["applies"] in llm) and self.chance(0.4):
                v["model"] = "small"
            else:
                v["saves"] = self.percent(5, 60)
            self.lever_terms(v)
            out.append(v)
        hires = [s for s in d["staff"] if month(s.get("start", "2000-01")) >= self.start and s.get("internal") != "yes"]
        if hires and self.chance(0.5):
            out.append({"id": "skip", "use": "yes", "applies": f"staff.{hires[0]['id']}", "skips": "recruiting"})
        if len(hires) > 1 and self.chance(0.5):
            out.append({"id": "swap", "use": "yes", "applies": f"staff.{hires[1]['id']}",
                        "replace": {"day_rate": "900", "days": "12/mo"}})
        return out

    def lever_terms(self, v):
        if self.chance(0.5):
            v["covers"] = self.percent(20, 90)
        if self.chance(0.7):
            v["from"] = self.month()
        if self.chance(0.2):
            v["to"] = self.month(month(v.get("from", month_name(self.start))))
        if self.chance(0.3):
            v["cost"] = self.const(1000, 2e4, " once")


def flow(v):
    if isinstance(v, dict):
        return "{" + ", ".join(f"{k}: {flow(x)}" for k, x in v.items()) + "}"
    return v


def write(d):
    out = []
    for key, value in d.items():
        if key == "initiatives":
            out.append("initiatives:")
            for init in value:
                head = True
                for k, x in init.items():
                    out.append(("  - " if head else "    ") + (f"{k}:" if isinstance(x, list) else f"{k}: {x}"))
                    head = False
                    for item in x if isinstance(x, list) else []:
                        out.append("      - " + flow(item))
        elif isinstance(value, list):
            out.append(f"{key}:" + ("" if value else " []"))
            out += ["  - " + flow(x) for x in value]
        else:
            out.append(f"{key}:")
            for k, x in value.items():
                if isinstance(x, list):
                    out.append(f"  {k}:")
                    out += ["    - " + flow(e) for e in x]
                else:
                    out.append(f"  {k}: {flow(x)}")
    return "\n".join(out) + "\n"


# --- comparing ---

def differences(want, got):
    out = []
    tables = got["tables"]
    for name in ("lines", "buffers"):
        mine = {x["path"]: x for x in want[name]}
        theirs = {x["path"]: x for x in tables[name]}
        if list(mine) != list(theirs):
            out.append(f"{name}: {sorted(set(mine) ^ set(theirs)) or 'another order'}")
            continue
        for path, x in mine.items():
            y = theirs[path]
            for key in ("initiative", "category", "kind"):
                if x[key] != y[key]:
                    out.append(f"{name} {path} {key}: {x[key]} {y[key]}")
            for i, (a, b) in enumerate(zip(x["monthly"], y["monthly"])):
                if abs(a - Decimal(b)) > CENT:
                    out.append(f"{name} {path} month {i}: {a} {b}")
            if sum(map(Decimal, y["monthly"])) != Decimal(y["total"]):
                out.append(f"{name} {path}: the total is not the sum of its months")
    slack = CENT * sum(len(x["monthly"]) for x in want["lines"] + want["buffers"])
    for key in ("planned", "reserve", "total"):
        if abs(want[key] - Decimal(got["figures"][key])) > slack:
            out.append(f"{key}: {want[key]} {got['figures'][key]}")
    sums = Decimal(0)
    for row in tables["categories"]:
        sums += Decimal(row["total"])
        if sum(map(Decimal, row["monthly"])) != Decimal(row["total"]):
            out.append(f"category {row['category']}: the total is not the sum of its months")
        for a, b in zip(want["categories"][row["category"]], row["monthly"]):
            if abs(a - Decimal(b)) > slack:
                out.append(f"category {row['category']}: {a} {b}")
    if sums != Decimal(got["figures"]["total"]):
        out.append("the categories do not sum to the total")
    return out


def shuffled(d, rng):
    """The same plan with its maps, initiatives and lines in another order."""
    def mix(v, key=None):
        if isinstance(v, dict):
            items = [(k, mix(x, k)) for k, x in v.items()]
            rng.shuffle(items)
            return dict(items)
        if isinstance(v, list):
            items = [mix(x) for x in v]
            if key in ("initiatives", "staff") + tuple(SECTIONS):
                rng.shuffle(items)
            return items
        return v
    out = mix(d)
    out["prices"]["big"] = d["prices"]["big"]
    for init in out["initiatives"]:
        if list(init)[0] not in ("id", "status", "starts", "ends"):
            init_id = init.pop("id")
            rest = dict(init)
            init.clear()
            init.update(id=init_id, **rest)
    return out


def run(program, text, folder):
    path = os.path.join(folder, "plan.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    done = subprocess.run([program, path], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{program} refuses a random plan:\n{text}\n{done.stderr}")
    return json.loads(done.stdout)


def compare(program, plans, seed):
    months = 0
    with tempfile.TemporaryDirectory() as folder:
        for k in range(plans):
            d = Maker(seed + k).make()
            got = run(program, write(d), folder)
            bad = differences(Plan(d).evaluate(), got)
            again = run(program, write(shuffled(d, random.Random(k))), folder)
            if again["figures"] != got["figures"]:
                bad.append(f"another order gives {again['figures']}, not {got['figures']}")
            months += sum(len(x["monthly"]) for x in got["tables"]["lines"])
            if bad:
                print(write(d))
                print(f"seed {seed + k}:", *bad[:20], sep="\n  ")
                return 1
    print(f"{plans} random plans, {months} line-months: all within a cent")
    return 0


def main():
    p = argparse.ArgumentParser(description=__doc__)
    sub = p.add_subparsers(dest="verb", required=True)
    c = sub.add_parser("compare")
    c.add_argument("program")
    c.add_argument("--plans", type=int, default=300 if os.environ.get("LONG_TESTS") else 20)
    c.add_argument("--seed", type=int, default=1)
    e = sub.add_parser("eval")
    e.add_argument("file")
    a = p.parse_args()
    if a.verb == "compare":
        return compare(a.program, a.plans, a.seed)
    import yaml
    got = Plan(yaml.load(open(a.file, encoding="utf-8"), yaml.BaseLoader)).evaluate()
    print({k: str(got[k]) for k in ("planned", "reserve", "total")})
    return 0


if __name__ == "__main__":
    sys.exit(main())
