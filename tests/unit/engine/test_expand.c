/* test_expand.c - a plan computed to the cent. */
#include "engine/expand.h"

#include "plan_json.h"
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

static const struct expansion *expand_text(struct arena *a, const char *text)
{
    struct err e = {0};
    const struct expansion *x;
    assert_ok(expand(a, parse(a, str_of(text)), NULL, &x, &e), &e);
    return x;
}

static const char *months(struct arena *a, const money *m, size_t n)
{
    str out = S("");
    char text[MONEY_TEXT];
    for (size_t i = 0; i < n; i++)
        out = str_fmt(a, "%.*s%s%.*s", FMT(out), i ? " " : "", FMT(money_format(m[i], 2, text)));
    return str_cstr(a, out);
}

static void the_worked_example_gives_its_expected_figures(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct buf b;
    const struct expansion *x;
    str text, expected;
    need_shared_data();
    str dir = str_fmt(&a, "%s/../plan", shared_data());
    assert_ok(file_read(&a, path_join(&a, dir, S("plan-example.yaml")), 1u << 20, &text, &e), &e);
    assert_ok(file_read(&a, path_join(&a, dir, S("expected.json")), 1u << 20, &expected, &e), &e);
    const struct plan *p = parse(&a, text);
    assert_ok(expand(&a, p, NULL, &x, &e), &e);
    buf_init(&b, 1u << 20);
    expansion_json(&b, x);
    assert_int_equal(x->n_lines, 49);
    assert_true(str_eq(buf_str(&b), str_trim(expected)));
    buf_release(&b);
    arena_release(&a);
}

static void our_example_stays_as_it_was(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct buf b;
    const struct expansion *x;
    str golden, path = str_fmt(&a, "%s/golden/plan/example.json", getenv("TEST_DIR"));
    assert_ok(expand(&a, parse(&a, sample_plan(&a, "grid.yaml")), NULL, &x, &e), &e);
    buf_init(&b, 1u << 20);
    expansion_json(&b, x);
    buf_addc(&b, '\n');
    if (getenv("BLESS"))
        assert_ok(file_write_atomic(path, buf_str(&b), &e), &e);
    assert_ok(file_read(&a, path, 1u << 20, &golden, &e), &e);
    if (!str_eq(golden, buf_str(&b)))
        fail_msg("the figures differ from %.*s; BLESS=1 rewrites it", FMT(path));
    buf_release(&b);
    arena_release(&a);
}

/* One line of a four-month plan, from what stands under its initiative. */
static void every_way_to_write_an_amount_falls_where_it_should(void **state)
{
    static const char *const rows[][2] = {
        {"tools: [{id: x, cost: 100/mo}]", "100.00 100.00 100.00 100.00"},
        {"tools: [{id: x, cost: 120/yr}]", "10.00 10.00 10.00 10.00"},
        {"tools: [{id: x, cost: 120/yr, pay: upfront, renews: 2025-03}]", "0.00 0.00 120.00 0.00"},
        {"tools: [{id: x, cost: 50 once}]", "50.00 0.00 0.00 0.00"},
        {"tools: [{id: x, cost: 50 once, from: 2026-02}]", "0.00 50.00 0.00 0.00"},
        {"tools: [{id: x, cost: 50 once, month: 2026-04}]", "0.00 0.00 0.00 50.00"},
        {"tools: [{id: x, cost: EUR 100/mo}]", "110.00 110.00 110.00 110.00"},
        {"tools: [{id: x, cost: {2026-01: 10, 2026-03: 40}}]", "10.00 20.00 40.00 40.00"},
        {"tools: [{id: x, cost: {2026-02: 0, 2026-04: 40}}]", "0.00 0.00 20.00 40.00"},
        {"tools: [{id: x, cost: {at: {2026-02: 7, 2026-04: 9}}}]", "0.00 7.00 0.00 9.00"},
        {"tools: [{id: x, cost: 100/mo, growth: 10%/mo, from: 2026-02}]",
         "0.00 100.00 110.00 121.00"},
        {"tools: [{id: x, cost: 100/mo, from: 2026-02, to: 2026-03}]", "0.00 100.00 100.00 0.00"},
        {"tools: [{id: x, cost: =heads * 2}]", "20.00 20.00 20.00 20.00"},
        {"tools: [{id: x, cost: 0.125/mo}]", "0.12 0.12 0.12 0.12"},
        {"tools: [{id: x, cost: 2 to 8/mo}]", "4.00 4.00 4.00 4.00"},
        {"saas: [{id: x, seats: =heads / 2, price: 10/mo}]", "50.00 50.00 50.00 50.00"},
        {"saas: [{id: x, seats: 5, price: 120/yr}]", "50.00 50.00 50.00 50.00"},
        {"saas: [{id: x, seats: 5, price: 120/yr, pay: upfront, renews: 2026-02}]",
         "0.00 600.00 0.00 0.00"},
        {"labeling: [{id: x, items: 100/mo, price: 0.5, review: 10%}]", "55.00 55.00 55.00 55.00"},
        {"compute: [{id: x, kind: storage, tb: 10, price: 20, buffer: 0%}]",
         "200.00 200.00 200.00 200.00"},
        {"compute: [{id: x, kind: training, machine: h, gpu_hours: 100/mo}]",
         "200.00 200.00 200.00 200.00"},
        {"compute: [{id: x, kind: training, machine: h, gpus: 2, hours: 5, runs: 12/yr}]",
         "20.00 20.00 20.00 20.00"},
        {"compute: [{id: x, kind: inference, machine: h, requests: 1M/mo, per_hour: 1k}]",
         "2000.00 2000.00 2000.00 2000.00"},
        {"compute: [{id: x, kind: inference, machine: h, requests: 1M/mo, per_hour: 1k, at_least: "
         "2}]",
         "2920.00 2920.00 2920.00 2920.00"},
        {"compute: [{id: x, kind: inference, requests: 1M/mo, per_1k: 0.5}]",
         "500.00 500.00 500.00 500.00"},
        {"llm: [{id: x, model: m, users: 10, sessions: 10, requests: 10, in: 1000, out: 100}]",
         "2.00 2.00 4.00 4.00"},
        {"llm: [{id: x, model: m, users: 10, sessions: 10, requests: 10, in: 1000, out: 100, "
         "retries: 50%}]",
         "3.00 3.00 6.00 6.00"},
        {"llm: [{id: x, model: m, users: 10, sessions: 10, requests: 10, in: 1000, out: 0, cached: "
         "50%}]",
         "0.55 0.55 2.00 2.00"},
        {"llm: [{id: x, model: m, users: 10, sessions: 10, requests: 10, in: 1000, out: 0, "
         "cache_writes: 50%}]",
         "1.00 1.00 2.00 2.00"},
        {"llm: [{id: x, model: m, users: 10, sessions: 10, requests: 10, in: 1000, out: 0, batch: "
         "50%}]",
         "0.75 0.75 2.00 2.00"},
        {"llm: [{id: x, models: {m: 50%, c: 50%}, users: 10, sessions: 10, requests: 10, in: 1000, "
         "out: 0}]",
         "0.60 0.60 1.10 1.10"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        str text =
            str_fmt(&a,
                    "plan: {starts: 2026-01, months: 4, fx: {EUR: 1.1}}\ndrivers: {heads: 10}\n"
                    "machines: {h: 2}\nprices:\n  m:\n    - {in: 1, out: 10, cache_read: 0.1, "
                    "batch_in: 0.5}\n"
                    "    - {from: 2026-03, in: 2, out: 20}\n  c: {in: 0.2, out: 1}\n"
                    "initiatives:\n  - id: i\n    %s\n",
                    rows[i][0]);
        const struct expansion *x = expand_text(&a, text.p);
        const char *got = months(&a, x->lines[0].monthly, 4);
        if (strcmp(got, rows[i][1]))
            fail_msg("'%s' gives %s", rows[i][0], got);
        arena_release(&a);
    }
}

static void levers_multiply_in_their_order(void **state)
{
    static const char *const rows[][2] = {
        {"{id: a, use: yes, applies: i.x, saves: 50%}", "5.00 5.00 5.00 5.00"},
        {"{id: a, use: no, applies: i.x, saves: 50%}", "10.00 10.00 10.00 10.00"},
        {"{id: a, use: yes, applies: llm, covers: 50%, saves: 50%, from: 2026-02, to: 2026-03}",
         "10.00 7.50 7.50 10.00"},
        {"{id: a, use: yes, applies: i.x, saves: 50%}\n  - {id: b, use: yes, applies: llm, saves: "
         "50%}",
         "2.50 2.50 2.50 2.50"},
        {"{id: a, use: yes, applies: llm.in, saves: 30%}", "7.00 7.00 7.00 7.00"},
        {"{id: a, use: yes, applies: i.x.users, saves: 30%, from: 2026-04}",
         "10.00 10.00 10.00 7.00"},
        {"{id: a, use: yes, applies: i.x, covers: 50%, model: c}", "6.00 6.00 6.00 6.00"},
        {"{id: a, use: yes, applies: i.x, covers: 50%, model: c}\n  - {id: b, use: yes, applies: "
         "i.x, covers: 50%, model: d}",
         "5.50 5.50 5.50 5.50"},
        {"{id: a, use: yes, applies: i.x, covers: 50%, model: d}\n  - {id: b, use: yes, applies: "
         "i.x, covers: 50%, model: c}",
         "4.75 4.75 4.75 4.75"},
        {"{id: a, use: yes, applies: i.x, saves: 10%}\n  - {id: b, use: yes, applies: i.x, covers: "
         "50%, model: c}\n  - {id: d, use: yes, applies: llm.in, saves: 50%}",
         "2.70 2.70 2.70 2.70"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        str text = str_fmt(
            &a,
            "plan: {starts: 2026-01, months: 4}\nprices: {m: {in: 1, out: 0}, c: {in: 0.2, out: "
            "0}, "
            "d: {in: 0.5, out: 0}}\ninitiatives:\n  - id: i\n    llm:\n      - {id: x, model: m, "
            "users: 100, sessions: 10, requests: 10, in: 1000, out: 5}\nlevers:\n  - %s\n",
            rows[i][0]);
        const struct expansion *x = expand_text(&a, text.p);
        const char *got = months(&a, x->lines[0].monthly, 4);
        if (strcmp(got, rows[i][1]))
            fail_msg("'%s' gives %s", rows[i][0], got);
        arena_release(&a);
    }
}

static void people_are_phased_and_fully_loaded(void **state)
{
    static const char *const rows[][3] = {
        {"{id: x, role: dev}", "", "12000.00 12000.00 12600.00 12600.00"},
        {"{id: x, role: dev, start: 2025-06}", "", "12000.00 12000.00 12600.00 12600.00"},
        {"{id: x, role: dev, count: 2, end: 2026-02}", "", "24000.00 24000.00 0.00 0.00"},
        {"{id: x, role: dev, start: 2026-02}", "0.00 29000.00 0.00 0.00",
         "0.00 12000.00 12000.00 12000.00"},
        {"{id: x, role: dev, start: 2026-02, internal: yes}", "",
         "0.00 12000.00 12000.00 12000.00"},
        {"{id: x, role: dev, start: 2026-02, recruiting: 0%}", "0.00 5000.00 0.00 0.00",
         "0.00 12000.00 12000.00 12000.00"},
        {"{id: x, salary: 60k, start: 2026-04}", "0.00 0.00 0.00 17000.00",
         "0.00 0.00 0.00 6000.00"},
        {"{id: x, role: dev, start: 2026-02, works_on: c}", "", NULL},
        {"{id: x, role: dev, start: 2026-02}\nlevers:\n  - {id: v, use: yes, applies: staff.x, "
         "skips: recruiting}",
         "0.00 5000.00 0.00 0.00", "0.00 12000.00 12000.00 12000.00"},
        {"{id: x, role: dev, start: 2026-02}\nlevers:\n  - {id: v, use: yes, applies: staff.x, "
         "replace: {day_rate: 100, days: 12/mo}}",
         "0.00 0.00 0.00 0.00", "0.00 1200.00 1200.00 1200.00"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        str text = str_fmt(
            &a,
            "plan: {starts: 2026-01, months: 4}\nroles: {dev: {salary: 120k}}\nloading: {benefits: "
            "20%%, "
            "equipment: 5k, recruiting: 20%%, raise: 5%%, raise_in: 2026-03}\ninitiatives:\n"
            "  - {id: c, status: candidate}\nstaff:\n  - %s\n",
            rows[i][0]);
        const struct expansion *x = expand_text(&a, text.p);
        const char *hire = x->n_lines > 1 ? months(&a, x->lines[1].monthly, 4) : "";
        if ((rows[i][2] != NULL) != (x->n_lines > 0) ||
            (x->n_lines && strcmp(months(&a, x->lines[0].monthly, 4), rows[i][2])) ||
            strcmp(hire, rows[i][1]))
            fail_msg("'%s' gives %s and %s", rows[i][0],
                     x->n_lines ? months(&a, x->lines[0].monthly, 4) : "-", hire);
        arena_release(&a);
    }
}

static void tokens_stand_in_disjoint_buckets(void **state)
{
    struct arena a = ARENA_INIT;
    const struct expansion *x =
        expand_text(&a, "plan: {starts: 2026-01, months: 1}\nprices: {m: {in: 1, out: "
                        "1}}\ninitiatives:\n  - id: i\n    llm:\n"
                        "      - {id: l, model: m, users: 10, sessions: 2, requests: 5, in: 100, "
                        "out: 7, cached: 25%, "
                        "cache_writes: 10%, batch: 20%}\n");
    const struct expanded_tokens *t = &x->tokens[0];
    assert_true(t->requests[0] == 100 && t->batch_requests[0] == 20);
    assert_true(t->in[0] == 6500 && t->cache_read[0] == 2500 && t->cache_write[0] == 1000);
    assert_true(t->out[0] == 700);
    arena_release(&a);
}

static void circumstances_change_a_plan_without_touching_it(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p = parse(&a, sample_plan(&a, "grid.yaml"));
    const struct expansion *base, *x;
    bool *off = arena_new(&a, bool, p->levers.n), *running = arena_new(&a, bool, p->initiatives.n);
    int32_t *delay = arena_new(&a, int32_t, p->initiatives.n);
    uint32_t field = plan_initiative_index(p, S("field"));
    for (size_t i = 0; i < p->initiatives.n; i++)
        running[i] = i != field;
    delay[field] = 3;
    struct change scale = {CHANGE_SCALE_VALUE, plan_quantity(p, S("machines.h100"))->index, 2,
                           MONTH_NONE};
    struct change half = {CHANGE_SCALE_LINE, plan_line_index(p, S("care.care-chat")), 0.5,
                          MONTH_NONE};
    assert_ok(expand(&a, p, NULL, &base, &e), &e);
    assert_ok(expand(&a, p, &(struct circumstances){.levers = off}, &x, &e), &e);
    assert_true(money_cmp(x->planned, base->planned) > 0);
    assert_ok(expand(&a, p, &(struct circumstances){.running = running}, &x, &e), &e);
    for (size_t i = 0; i < x->n_lines; i++)
        if (x->lines[i].initiative == field)
            fail_msg("'%.*s' is still there", FMT(x->lines[i].path));
    assert_ok(expand(&a, p, &(struct circumstances){.delay = delay}, &x, &e), &e);
    for (size_t i = 0; i < x->n_lines; i++)
        if (x->lines[i].initiative == field)
            for (int m = 0; m < 6; m++)
                assert_int_equal(x->lines[i].monthly[m].micros, 0);
    assert_ok(expand(&a, p, &(struct circumstances){.changes = &scale, .n_changes = 1}, &x, &e),
              &e);
    assert_true(llabs(x->lines[0].total.micros - 2 * base->lines[0].total.micros) <=
                12 * CENT_MICROS);
    assert_ok(expand(&a, p, &(struct circumstances){.changes = &half, .n_changes = 1}, &x, &e), &e);
    for (size_t i = 0; i < x->n_lines; i++)
        if (str_eq(x->lines[i].path, S("care.care-chat")))
            assert_true(llabs(2 * x->lines[i].total.micros - base->lines[i].total.micros) <=
                        12 * CENT_MICROS);
    arena_release(&a);
}

static void draws_at_zero_are_the_point_plan(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p = parse(&a, sample_plan(&a, "grid.yaml"));
    const struct expansion *base, *x;
    double *z = arena_new(&a, double, p->n_quantities);
    assert_ok(expand(&a, p, NULL, &base, &e), &e);
    assert_ok(expand(&a, p, &(struct circumstances){.z = z}, &x, &e), &e);
    assert_int_equal(x->total.micros, base->total.micros);
    z[plan_quantity(p, S("machines.h100"))->index] = 1.6448536269514722;
    assert_ok(expand(&a, p, &(struct circumstances){.z = z}, &x, &e), &e);
    money high = money_ratio(base->lines[0].total, 390, 320, ROUND_HALF_EVEN);
    assert_true(llabs(x->lines[0].total.micros - high.micros) <= 12 * CENT_MICROS);
    arena_release(&a);
}

static void lever_effects_in_sequence_sum_to_the_difference(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p = parse(&a, sample_plan(&a, "grid.yaml"));
    struct lever_effects *f;
    const struct expansion *x;
    money without;
    assert_ok(lever_effects(&a, p, &f, &without, &e), &e);
    assert_ok(expand(&a, p, NULL, &x, &e), &e);
    for (size_t i = 0; i < p->levers.n; i++)
        if (f[i].on)
            without = money_sub(without, f[i].in_sequence);
    assert_int_equal(without.micros, x->planned.micros);
    arena_release(&a);
}

static void too_large_amounts_are_named(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct expansion *x;
    const struct plan *p = parse(&a, S("plan: {starts: 2026-01}\ninitiatives:\n  - {id: i, tools: "
                                       "[{id: x, cost: 10000000B/mo}]}\n"));
    assert_error(expand(&a, p, NULL, &x, &e), &e, "'i.x' in 2026-01 is too large an amount");
    arena_release(&a);
}

static void benefits_ramp_until_the_horizon(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan *p =
        parse(&a, S("plan: {starts: 2026-01, months: 12}\ninitiatives:\n  - id: i\n    benefits:\n"
                    "      - {id: b, kind: cash, each: 10, monthly: 6, from: 2026-02, to: 2026-05, "
                    "ramp: 3 months, confidence: 50%, owner: x, measure: y}\n"));
    double out[240];
    const struct world *w = world_new(&a, p, NULL);
    world_benefit(w, &p->initiatives.items[0].benefits.items[0], out);
    static const double want[] = {0, 10, 20, 30, 30, 0};
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_true(out[i] - want[i] < 1e-12 && want[i] - out[i] < 1e-12);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_gives_its_expected_figures),
        cmocka_unit_test(our_example_stays_as_it_was),
        cmocka_unit_test(every_way_to_write_an_amount_falls_where_it_should),
        cmocka_unit_test(levers_multiply_in_their_order),
        cmocka_unit_test(people_are_phased_and_fully_loaded),
        cmocka_unit_test(tokens_stand_in_disjoint_buckets),
        cmocka_unit_test(circumstances_change_a_plan_without_touching_it),
        cmocka_unit_test(draws_at_zero_are_the_point_plan),
        cmocka_unit_test(lever_effects_in_sequence_sum_to_the_difference),
        cmocka_unit_test(too_large_amounts_are_named),
        cmocka_unit_test(benefits_ramp_until_the_horizon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
