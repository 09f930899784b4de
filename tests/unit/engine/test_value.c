/* test_value.c - what a plan and its options are worth, to the cent. */
#include "engine/options.h"
#include "engine/value.h"

#include "test.h"

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    if (!p)
        fail_msg("line %u: %.*s", d.items[0].at.line, FMT(d.items[0].text));
    return p;
}

static void expect(struct arena *a, const struct plan *p, const char *const *names, size_t n,
                   const char *total, const char *value)
{
    struct err e = {0};
    const struct choices *cs = choices_new(a, p);
    bool *on = arena_new(a, bool, cs->n + 1);
    struct circumstances c;
    const struct expansion *x;
    struct plan_value v;
    char text[MONEY_TEXT];
    for (size_t i = 0; i < n; i++) {
        uint32_t k = choices_find(cs, str_of(names[i]));
        if (k == NO_INDEX)
            fail_msg("no option %s", names[i]);
        on[k] = true;
    }
    assert_str(choices_contradiction(a, cs, on), "");
    choices_apply(a, cs, on, NULL, &c);
    assert_ok(expand(a, p, &c, &x, &e), &e);
    assert_ok(value_of(world_new(a, p, &c), x, &v, &e), &e);
    assert_str(money_format(x->total, 2, text), total);
    assert_str(money_format(v.value, 2, text), value);
}

static void the_worked_example_has_its_values(void **state)
{
    static const char *const cut[] = {
        "platform.less-sandbox", "eta.retrain-less", "code.cap-agents", "dispatch.drop",
        "routes.drop",           "claims.drop",      "quote.drop",      "routing",
        "committed-use",         "one-stack"};
    static const char *const grow[] = {"vision.twelve-docks", "support.six-languages",
                                       "docs.two-countries",  "routing",
                                       "committed-use",       "one-stack",
                                       "grow-our-own",        "contract-peak"};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str text;
    (void)state;
    need_shared_data();
    str dir = str_fmt(&a, "%s/../plan", shared_data());
    assert_ok(file_read(&a, path_join(&a, dir, S("plan-example.yaml")), 1u << 20, &text, &e), &e);
    const struct plan *p = parse(&a, text);
    expect(&a, p, NULL, 0, "11897029.93", "26689400.83");
    expect(&a, p, cut, ARRAY_LEN(cut), "9418084.40", "21902250.26");
    expect(&a, p, grow, ARRAY_LEN(grow), "12660642.48", "36109875.19");
    arena_release(&a);
}

/* --- options, one by one --- */

/* 6 months, 10,000 a month for `base`, no discount; figures by hand. */
static const char plan_text[] =
    "plan: {name: t, starts: 2026-01, months: 6, horizon: 12 months}\n"
    "reserve: {share: 20%}\n"
    "roles: {eng: {salary: 120k}}\n"
    "loading: {benefits: 20%, equipment: 1k, recruiting: 10%}\n"
    "staff:\n"
    "  - {id: here, role: eng, works_on: {a: 1, b: 3}}\n"
    "  - {id: new, role: eng, start: 2026-03, works_on: b}\n"
    "  - {id: both, role: eng, start: 2026-03, works_on: {a: 1, b: 1}}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    tools:\n"
    "      - {id: base, cost: 10k/mo}\n"
    "      - {id: license, cost: 24k/yr, pay: upfront, renews: 2026-02}\n"
    "      - {id: setup, cost: 5k once}\n"
    "    benefits: [{id: x, kind: cash, unit: u, each: 1, monthly: 20k, owner: o, measure: m}]\n"
    "    cuts:\n"
    "      - {id: less, do: scale base to 50%, loses: 25% of benefits, cost: 2k, category: data}\n"
    "    adds:\n"
    "      - {id: more, do: hire 2 eng from 2026-05}\n"
    "  - id: b\n"
    "    status: proposed\n"
    "    needs: [a]\n"
    "    starts: 2026-02\n"
    "    tools: [{id: run, cost: 1k/mo}]\n"
    "    benefits: [{id: y, kind: risk, unit: u, each: 1, monthly: 3k, from: 2026-04, owner: o, "
    "measure: m}]\n"
    "    cuts: [{id: later, do: delay 2 months}]\n"
    "  - id: c\n"
    "    status: proposed\n"
    "    needs: [b]\n"
    "    tools: [{id: run, cost: 500/mo}]\n"
    "  - id: d\n"
    "    status: candidate\n"
    "    needs: [b]\n"
    "    tools: [{id: run, cost: 700/mo}]\n";

struct evaluated {
    const struct plan *p;
    const struct choices *cs;
    bool *on;
    struct circumstances c;
    const struct world *w;
    const struct expansion *x;
    struct plan_value v;
};

/* names: separated by spaces */
static struct evaluated evaluate_plan(struct arena *a, const char *text, const char *names)
{
    struct err e = {0};
    struct evaluated r = {.p = parse(a, str_of(text))};
    str rest = str_of(names), name;
    r.cs = choices_new(a, r.p);
    r.on = arena_new(a, bool, r.cs->n);
    while (rest.n && str_cut(&rest, ' ', &name)) {
        uint32_t k = choices_find(r.cs, name);
        if (k == NO_INDEX)
            fail_msg("no option %.*s", FMT(name));
        r.on[k] = true;
    }
    choices_apply(a, r.cs, r.on, NULL, &r.c);
    r.w = world_new(a, r.p, &r.c);
    assert_ok(expand(a, r.p, &r.c, &r.x, &e), &e);
    assert_ok(value_of(r.w, r.x, &r.v, &e), &e);
    return r;
}

static struct evaluated evaluate(struct arena *a, const char *names)
{
    return evaluate_plan(a, plan_text, names);
}

static str total_of(struct arena *a, const struct evaluated *r, const char *path)
{
    char text[MONEY_TEXT];
    for (size_t i = 0; i < r->x->n_lines; i++)
        if (str_eq(r->x->lines[i].path, str_of(path)))
            return str_dup(a, money_format(r->x->lines[i].total, 0, text));
    return S("none");
}

static void options_change_what_they_say(void **state)
{
    static const struct {
        const char *names, *path, *total;
    } rows[] = {
        {"", "a.base", "60000"},
        {"", "a.license", "24000"},
        {"", "staff.here", "72000"},
        {"", "staff.new", "48000"},      /* March to June */
        {"", "staff.new:hire", "13000"}, /* 10% of 120k, and 1k */
        {"", "d.run", "none"},
        {"", "a.less", "none"},
        {"a.less", "a.base", "30000"},
        {"a.less", "a.license", "24000"},
        {"a.less", "a.less", "2000"},  /* what it costs by itself */
        {"a.more", "a.more", "48000"}, /* two, May and June */
        {"a.more", "a.more:hire", "26000"},
        /* what needs it goes too; nobody is hired for it; who is here stays */
        {"b.drop", "b.run", "none"},
        {"b.drop", "c.run", "none"},
        {"b.drop", "staff.new", "none"},
        {"b.drop", "staff.both", "48000"},
        {"b.drop", "staff.here", "72000"},
        {"b.drop", "a.base", "60000"},
        {"c.drop", "b.run", "5000"},
        {"c.drop", "c.run", "none"},
        /* its lines and its own hires start later; shared ones do not */
        {"b.later", "b.run", "3000"},
        {"b.later", "staff.new", "24000"},
        {"b.later", "staff.both", "48000"},
        {"b.later", "c.run", "3000"},
        {"d.adopt", "d.run", "4200"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct evaluated r = evaluate(&a, rows[i].names);
        str total = total_of(&a, &r, rows[i].path);
        if (!str_eq(total, str_of(rows[i].total)))
            fail_msg("%s of '%s' is %.*s, not %s", rows[i].path, rows[i].names, FMT(total),
                     rows[i].total);
        arena_release(&a);
    }
}

static void value_goes_to_the_horizon(void **state)
{
    static const struct {
        const char *names, *cost, *benefits;
    } rows[] = {
        /* a: 120 + 24 + 5; b: 11 (from February); c: 6; people: 144 + (13 + 120) x 2 */
        {"", "576000", "267000"}, /* 12 x 20 and, from April, 9 x 3 */
        {"a.less", "518000", "207000"},
        {"b.later", "550000", "261000"}, /* b: 9, new: 13 and 8 x 12 from May, benefits from June */
        {"b.drop", "426000", "240000"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        char cost[MONEY_TEXT], benefits[MONEY_TEXT];
        struct evaluated r = evaluate(&a, rows[i].names);
        str c = money_format(r.v.cost, 0, cost), b = money_format(r.v.benefits, 0, benefits);
        if (!str_eq(c, str_of(rows[i].cost)) || !str_eq(b, str_of(rows[i].benefits)))
            fail_msg("'%s': cost %.*s, benefits %.*s", rows[i].names, FMT(c), FMT(b));
        arena_release(&a);
    }
}

/* Six months, 18 to the horizon; figures by hand. */
static const char late_text[] =
    "plan: {name: t, starts: 2026-01, months: 6, horizon: 18 months}\n"
    "reserve: {share: 20%}\n"
    "roles: {eng: {salary: 120k}}\n"
    "loading: {benefits: 20%, equipment: 1k, recruiting: 10%}\n"
    "staff: [{id: new, role: eng, start: 2026-03, works_on: b}]\n"
    "initiatives:\n"
    "  - id: a\n"
    "    tools: [{id: base, cost: 10k/mo}]\n"
    "  - id: b\n"
    "    status: proposed\n"
    "    starts: 2026-02\n"
    "    tools:\n"
    "      - {id: run, cost: 1k/mo}\n"
    "      - {id: grow, cost: 100/mo, growth: 10%/mo}\n"
    "      - {id: license, cost: 24k/yr, pay: upfront, renews: 2026-04}\n"
    "      - {id: setup, cost: 5k once}\n"
    "    benefits: [{id: y, kind: risk, unit: u, each: 1, monthly: 3k, from: 2026-04, owner: o, "
    "measure: m}]\n"
    "    cuts: [{id: later, do: delay 7 months}]\n";

static void what_a_delay_moves_behind_the_plan_is_still_paid_and_earned(void **state)
{
    struct arena a = ARENA_INIT;
    char cost[MONEY_TEXT], benefits[MONEY_TEXT];
    struct evaluated r = evaluate_plan(&a, late_text, "b.later");
    (void)state;
    /* base 180; from September on 10 x 1 and 10 x 0.1 (it grows from its first month); 24 in April
     * of the next year; the engineer from October, 9 x 12; nothing for what is paid once */
    assert_str(money_format(r.v.cost, 0, cost), "323000");
    assert_str(money_format(r.v.benefits, 0, benefits), "24000"); /* 8 x 3 from November */
    assert_str(total_of(&a, &r, "b.run"), "0");
    arena_release(&a);
}

static void contradictions_are_told(void **state)
{
    static const struct {
        const char *names, *says;
    } rows[] = {
        {"b.later b.drop", "'b.drop' contradicts 'b.later': an initiative that is dropped takes no "
                           "other option"},
        {"d.adopt b.drop", "'d.adopt' needs 'b', which does not run"},
        {"d.adopt b.later", ""},
        {"b.drop c.drop", ""},
        {"a.less a.more", ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct evaluated r = evaluate(&a, rows[i].names);
        assert_str(choices_contradiction(&a, r.cs, r.on), rows[i].says);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_values),
        cmocka_unit_test(options_change_what_they_say),
        cmocka_unit_test(value_goes_to_the_horizon),
        cmocka_unit_test(what_a_delay_moves_behind_the_plan_is_still_paid_and_earned),
        cmocka_unit_test(contradictions_are_told),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
