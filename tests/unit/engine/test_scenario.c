/* test_scenario.c - the best choice equals that of trying every one of them. */
#include "engine/scenario.h"

#include <math.h>

#include "core/category.h"
#include "test.h"

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    if (!p)
        fail_msg("line %u: %.*s\n%.*s", d.items[0].at.line, FMT(d.items[0].text), FMT(text));
    return p;
}

static const struct scenario *scenario_named(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->scenarios.n; i++)
        if (str_eq(p->scenarios.items[i].name, str_of(name)))
            return &p->scenarios.items[i];
    fail_msg("no scenario %s", name);
    return NULL;
}

static struct scenario_result solve(struct arena *a, const struct plan *p, const char *name)
{
    struct err e = {0};
    struct scenario_ask ask;
    struct scenario_result r = {0};
    struct scenarios *s = scenarios_new(a, p, &e);
    if (!s)
        fail_msg("%s", e.text);
    scenario_ask_of(a, p, scenario_named(p, name), &ask);
    assert_ok(scenario_solve(s, &ask, true, &r, &e), &e);
    assert_int_equal(r.gap.micros, 0);
    return r;
}

static str chosen(struct arena *a, const struct scenario_result *r)
{
    str out = S("");
    for (size_t i = 0; i < r->n_chosen; i++)
        out = str_fmt(a, "%.*s%s%.*s", FMT(out), i ? " " : "",
                      FMT(r->choices->items[r->chosen[i].choice].path));
    return out;
}

static str cents(struct arena *a, money m)
{
    char text[MONEY_TEXT];
    return str_dup(a, money_format(m, 2, text));
}

static void expect(struct arena *a, const struct scenario_result *r, const char *target,
                   const char *total, const char *value, const char *choices)
{
    assert_true(r->feasible);
    assert_str(cents(a, r->target), target);
    assert_str(cents(a, r->total), total);
    assert_str(cents(a, r->value), value);
    assert_str(chosen(a, r), choices);
}

static void the_worked_example_gives_its_expected_choices(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str text;
    (void)state;
    need_shared_data();
    str dir = str_fmt(&a, "%s/../plan", shared_data());
    assert_ok(file_read(&a, path_join(&a, dir, S("plan-example.yaml")), 1u << 20, &text, &e), &e);
    const struct plan *p = parse(&a, text);
    struct scenario_result r = solve(&a, p, "constrained");
    expect(&a, &r, "9517623.94", "9418084.40", "21902250.26",
           "platform.less-sandbox eta.retrain-less code.cap-agents dispatch.drop routes.drop "
           "claims.drop quote.drop routing committed-use one-stack");
    r = solve(&a, p, "growth");
    expect(&a, &r, "14276435.92", "12660642.48", "36109875.19",
           "vision.twelve-docks support.six-languages docs.two-countries routing committed-use "
           "one-stack grow-our-own contract-peak");
    arena_release(&a);
}

/* --- every subset, through the plan's own arithmetic --- */

static uint64_t rnd(uint64_t *s)
{
    *s += 0x9e3779b97f4a7c15ull;
    uint64_t z = *s;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static unsigned upto(uint64_t *s, unsigned n)
{
    return (unsigned)(rnd(s) % n);
}

struct script {
    struct buf b;
    uint64_t s;
    unsigned choices;
};

static void add_option(struct script *w, bool adds, unsigned in, unsigned k, unsigned lines,
                       unsigned months)
{
    unsigned kind = upto(&w->s, 8);
    struct buf *b = &w->b;
    buf_fmt(b, "      - {id: %s%u, do: ", adds ? "add" : "cut", k);
    if (kind == 0 && !adds)
        buf_fmt(b, "drop");
    else if (kind <= 2)
        buf_fmt(b, "delay %u months", 1 + upto(&w->s, months));
    else if (kind == 3)
        buf_fmt(b, "hire %u eng from 2026-%02u", 1 + upto(&w->s, 2), 1 + upto(&w->s, months));
    else if (kind == 4 && lines > 1)
        buf_fmt(b, "scale l0 and l1 to %u%%", adds ? 100 : 40 + upto(&w->s, 50));
    else
        buf_fmt(b, "scale l%u to %u%%", upto(&w->s, lines), adds ? 100 : upto(&w->s, 90));
    if (upto(&w->s, 2))
        buf_fmt(b, ", %s: %u%% of benefits", adds ? "gains" : "loses", upto(&w->s, 60));
    if (upto(&w->s, 3) == 0)
        buf_fmt(b, ", cost: %uk once, category: %s", upto(&w->s, 30),
                category_key((enum category)upto(&w->s, 4)));
    buf_fmt(b, "}\n");
    w->choices++;
    (void)in;
}

static void add_initiative(struct script *w, unsigned i, unsigned months)
{
    static const char *const status[] = {"committed", "proposed", "proposed", "candidate"};
    struct buf *b = &w->b;
    unsigned lines = 1 + upto(&w->s, 3), st = upto(&w->s, 4);
    buf_fmt(b, "  - id: i%u\n    status: %s\n", i, status[st]);
    w->choices += st > 0;
    if (i && upto(&w->s, 2))
        buf_fmt(b, "    needs: [i%u]\n", upto(&w->s, i));
    if (upto(&w->s, 3) == 0)
        buf_fmt(b, "    starts: 2026-%02u\n", 1 + upto(&w->s, months));
    buf_fmt(b, "    llm:\n      - {id: l0, model: m%u, users: %u, sessions: 3, requests: 4, in: %u, "
               "out: 300}\n", upto(&w->s, 2), 500 + upto(&w->s, 9000), 500 + upto(&w->s, 4000));
    if (lines > 1) {
        buf_fmt(b, "    tools:\n      - {id: l1, cost: %u/yr", 1000 + upto(&w->s, 90000));
        buf_fmt(b, upto(&w->s, 2) ? "}\n" : ", category: infra}\n");
    }
    if (lines > 2)
        buf_fmt(b, "    data:\n      - {id: l2, cost: %u.%02u/mo}\n", upto(&w->s, 4000),
                upto(&w->s, 100));
    if (upto(&w->s, 5))
        buf_fmt(b, "    benefits:\n      - {id: b, kind: cash, unit: u, each: 1, monthly: %u, "
                   "owner: o, measure: m, ramp: 2 months}\n", upto(&w->s, 12000));
    unsigned cuts = upto(&w->s, 3), adds = upto(&w->s, 2);
    if (cuts)
        buf_fmt(b, "    cuts:\n");
    for (unsigned k = 0; k < cuts; k++)
        add_option(w, false, i, k, lines, months);
    if (adds)
        buf_fmt(b, "    adds:\n");
    for (unsigned k = 0; k < adds; k++)
        add_option(w, true, i, k, lines, months);
}

static void add_levers(struct script *w, unsigned initiatives)
{
    static const char *const applies[] = {"llm", "llm.in", "tools", "staff.p0", "i0.l0"};
    unsigned n = upto(&w->s, 3);
    buf_fmt(&w->b, "levers:\n  - {id: always, use: yes, applies: i0.l0, saves: 10%%}\n");
    for (unsigned k = 0; k < n; k++) {
        unsigned at = upto(&w->s, 5);
        buf_fmt(&w->b, "  - {id: v%u, applies: %s, ", k, applies[at]);
        if (at == 3)
            buf_fmt(&w->b, "replace: {day_rate: 500, days: %u}", 5 + upto(&w->s, 15));
        else
            buf_fmt(&w->b, "covers: %u%%, saves: %u%%", 30 + upto(&w->s, 60), upto(&w->s, 70));
        if (upto(&w->s, 2))
            buf_fmt(&w->b, ", cost: %u once", upto(&w->s, 4000));
        buf_fmt(&w->b, ", from: 2026-%02u}\n", 1 + upto(&w->s, 3));
        w->choices++;
    }
    (void)initiatives;
}

/* A small plan; false: too many choices to try them all. */
static bool random_plan(uint64_t seed, struct buf *out)
{
    struct script w = {.s = seed};
    unsigned months = 3 + upto(&w.s, 3), initiatives = 1 + upto(&w.s, 4);
    struct buf *b = &w.b;
    buf_init(b, 1u << 16);
    buf_fmt(b, "plan: {name: t, starts: 2026-01, months: %u, horizon: %u months, discount: 9%%}\n",
            months, months + upto(&w.s, 9));
    buf_fmt(b, "reserve: {share: %u%%}\n", upto(&w.s, 25));
    buf_fmt(b, "prices:\n  m0: {in: $3, out: $15}\n  m1: {in: $0.5, out: $2}\n");
    buf_fmt(b, "roles: {eng: {salary: 60k}}\nloading: {benefits: 20%%, equipment: 1k, "
               "recruiting: 20%%}\n");
    buf_fmt(b, "staff:\n  - {id: p0, role: eng, start: 2026-02, works_on: i0}\n"
               "  - {id: p1, role: eng, works_on: i0}\n");
    if (initiatives > 1)
        buf_fmt(b, "  - {id: p2, role: eng, start: 2026-02, works_on: {i0: 1, i1: 1}}\n");
    buf_fmt(b, "initiatives:\n");
    for (unsigned i = 0; i < initiatives; i++)
        add_initiative(&w, i, months);
    add_levers(&w, initiatives);
    buf_fmt(b, "scenarios:\n  s: {total: %d%%, may: [", (int)upto(&w.s, 90) - 50);
    buf_fmt(b, upto(&w.s, 4) ? "cuts, levers" : "cuts");
    buf_fmt(b, upto(&w.s, 2) ? ", adds]" : "]");
    if (upto(&w.s, 4) == 0)
        buf_fmt(b, ", hires: %u", upto(&w.s, 4));
    if (upto(&w.s, 6) == 0)
        buf_fmt(b, ", bands: hold");
    buf_fmt(b, "}\n");
    buf_fmt(b, "bands: {infra: [0%%, 60%%], talent: [0%%, 70%%], vendor: [0%%, 60%%], data: [0%%, "
               "60%%], reserve: [0%%, 40%%]}\n");
    *out = w.b;
    return w.choices <= 10;
}

struct brute {
    bool feasible;
    money total, value;
    uint64_t set; /* first choice: highest bit */
    int n;
};

static bool bands_fit(const struct plan *p, const struct expansion *x)
{
    for (int k = 0; k < CATEGORY_RESERVE; k++) {
        i128 part = (i128)x->categories[k].total.micros * DEC_ONE;
        if (part < p->bands.of[k].lo * x->total.micros || part > p->bands.of[k].hi * x->total.micros)
            return false;
    }
    return true;
}

static double hires_in(const struct world *w, const struct expansion *x)
{
    double n = 0;
    for (size_t i = 0; i < x->n_lines; i++) {
        const struct expanded *l = &x->lines[i];
        if (l->position != NO_INDEX && !l->hire)
            n += world_hired(w, l->position);
        if (l->extra != NO_INDEX && l->hire)
            n += w->c.hires[l->extra].count;
    }
    return n;
}

static struct brute try_all(struct arena *a, const struct plan *p, const struct scenario_ask *ask,
                            money target)
{
    struct brute best = {0};
    struct err e = {0};
    const struct choices *cs = choices_new(a, p);
    for (uint64_t set = 0; set < 1ull << cs->n; set++) {
        struct arena tmp = ARENA_INIT;
        struct circumstances c;
        const struct expansion *x;
        struct plan_value v;
        bool *on = arena_new(&tmp, bool, cs->n + 1), may = true;
        int n = 0;
        for (size_t i = 0; i < cs->n; i++) {
            on[i] = set >> (cs->n - 1 - i) & 1;
            n += on[i];
            enum choice_kind k = cs->items[i].kind;
            may = may && (!on[i] || (k == CHOICE_CUT   ? ask->cuts
                                     : k == CHOICE_ADD ? ask->adds
                                                       : ask->levers));
        }
        if (may && !choices_contradiction(&tmp, cs, on).n) {
            choices_apply(&tmp, cs, on, NULL, &c);
            struct world *w = world_new(&tmp, p, &c);
            assert_ok(expand(&tmp, p, &c, &x, &e), &e);
            assert_ok(value_of(w, x, &v, &e), &e);
            bool fits = money_cmp(x->total, target) <= 0 &&
                        (ask->hires < 0 || hires_in(w, x) <= (double)ask->hires) &&
                        (!ask->bands || bands_fit(p, x));
            int better = !best.feasible ? 1 : money_cmp(v.value, best.value);
            if (fits && (better > 0 || (better == 0 && (n < best.n || (n == best.n && set > best.set)))))
                best = (struct brute){true, x->total, v.value, set, n};
        }
        arena_release(&tmp);
    }
    return best;
}

static void random_plans_are_solved_as_by_trying_everything(void **state)
{
    uint64_t wanted = 300, done = 0, feasible = 0, several = 0;
    (void)state;
    if (getenv("SCENARIO_PLANS")) /* the long mode: 2000 */
        assert_true(str_to_u64(str_of(getenv("SCENARIO_PLANS")), &wanted));
    for (uint64_t seed = 1; done < wanted; seed++) {
        struct arena a = ARENA_INIT;
        struct buf text;
        if (random_plan(seed, &text)) {
            const struct plan *p = parse(&a, buf_str(&text));
            struct scenario_ask ask;
            scenario_ask_of(&a, p, &p->scenarios.items[0], &ask);
            struct scenario_result r = solve(&a, p, "s");
            struct brute b = try_all(&a, p, &ask, r.target);
            uint64_t set = 0;
            for (size_t i = 0; r.feasible && i < r.choices->n; i++)
                set |= (uint64_t)r.on[i] << (r.choices->n - 1 - i);
            if (r.feasible != b.feasible ||
                (b.feasible && (set != b.set || r.worth.value.micros != b.value.micros ||
                                r.total.micros != b.total.micros)))
                fail_msg("seed %d: %d %llx worth %lld, tried: %d %llx worth %lld\n%.*s", (int)seed,
                         r.feasible, (unsigned long long)set, (long long)r.worth.value.micros,
                         b.feasible, (unsigned long long)b.set, (long long)b.value.micros,
                         FMT(buf_str(&text)));
            done++;
            feasible += b.feasible;
            several += b.n > 1;
        }
        buf_release(&text);
        arena_release(&a);
    }
    assert_true(feasible > wanted / 3 && feasible < wanted && several > wanted / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_gives_its_expected_choices),
        cmocka_unit_test(random_plans_are_solved_as_by_trying_everything),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
