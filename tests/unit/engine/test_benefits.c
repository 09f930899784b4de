/* test_benefits.c - what is promised by month, and what measurements make of it. */
#include "engine/benefits.h"

#include "core/money.h"
#include "test.h"

static const char PLAN[] =
    "plan: {name: P, starts: 2026-07, months: 12, currency: USD, fx: {EUR: 1.25}}\n"
    "initiatives:\n"
    "  - id: docs\n"
    "    status: committed\n"
    "    benefits:\n"
    "      - {id: hours, kind: capacity, each: 41, monthly: 100, from: 2026-07, confidence: 80%}\n"
    "      - {id: late, kind: cash, each: EUR 10, monthly: 30, from: 2026-11, ramp: 3 months}\n"
    "      - {id: brief, kind: cash, each: 0.005, monthly: 1000, from: 2026-08, to: 2026-08}\n"
    "  - id: maybe\n"
    "    status: candidate\n"
    "    benefits:\n"
    "      - {id: more, kind: revenue, each: 1, monthly: 1}\n";

#define JULY (2026 * 12 + 6)

struct made {
    struct arena a;
    struct world *w;
    struct promised *x;
    size_t n;
};

static struct made make(void)
{
    struct made m = {.a = ARENA_INIT};
    struct diags d;
    struct err e;
    diags_init(&d, &m.a);
    const struct plan *p = plan_parse(&m.a, S("plan.yaml"), str_of(PLAN), NULL, &d);
    if (!p)
        fail_msg("line %u: %.*s", d.items[0].at.line, FMT(d.items[0].text));
    m.w = world_new(&m.a, p, NULL);
    assert_ok(benefits_promised(&m.a, m.w, &m.x, &m.n, &e), &e);
    return m;
}

static dec d(const char *text)
{
    dec v;
    assert_int_equal(dec_parse(str_of(text), &v), DEC_OK);
    return v;
}

static void promises_are_cents_by_month_with_confidence_ramp_and_currency(void **state)
{
    static const struct {
        int benefit, month;
        const char *amount;
    } rows[] = {
        {0, 0, "3280"},  {0, 11, "3280"},  /* 100 x 41 x 80 % */
        {1, 3, "0"},     {1, 4, "125"},    /* 30 x 12.50, a third of it in the first month */
        {1, 5, "250"},   {1, 6, "375"},    {1, 11, "375"},
        {2, 0, "0"},     {2, 1, "5"},      {2, 2, "0"},
    };
    struct made m = make();
    (void)state;
    assert_int_equal(m.n, 3); /* a candidate promises nothing */
    assert_str(m.x[1].benefit->path, "docs.late");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (m.x[rows[i].benefit].months[rows[i].month] != d(rows[i].amount))
            fail_msg("row %zu", i);
    assert_true(benefit_each(m.w, m.x[0].benefit) == d("41"));
    assert_true(benefit_each(m.w, m.x[1].benefit) == d("12.5"));
    assert_true(benefit_each(m.w, m.x[2].benefit) == d("0.005"));
    arena_release(&m.a);
}

static void measurements_are_compared_with_the_months_they_cover(void **state)
{
    enum { NONE = -1 };
    static const struct {
        int from, to, today; /* months from July */
        struct {
            int first, last;
            const char *amount, *units; /* NULL: none */
        } measured[3];
        const char *projected, *compared, *amount, *delta, *missing, *units;
        int due, lacking;
        enum benefit_state state;
    } rows[] = {
        /* the quarter is at work: ahead, nothing due */
        {0, 3, 2, {{.first = NONE}}, "9840", "0", NULL, NULL, "0", NULL, 0, 0, BENEFIT_AHEAD},
        /* its last month has ended: due; a month later overdue */
        {0, 3, 3, {{.first = NONE}}, "9840", "0", NULL, NULL, "9840", NULL, 3, 3, BENEFIT_DUE},
        {0, 3, 4, {{.first = NONE}}, "9840", "0", NULL, NULL, "9840", NULL, 3, 3, BENEFIT_OVERDUE},
        /* as a whole: counted once */
        {0, 3, 4, {{0, 2, "9000", NULL}, {.first = NONE}}, "9840", "9840", "9000", "-840", "0", NULL, 3, 0,
         BENEFIT_MEASURED},
        {0, 3, 4, {{0, 2, "9020", "220"}, {.first = NONE}}, "9840", "9840", "9020", "-820", "0", "220", 3, 0,
         BENEFIT_MEASURED},
        /* a month alone: compared with that month */
        {0, 3, 3, {{1, 1, "4000", NULL}, {.first = NONE}}, "9840", "3280", "4000", "720", "6560", NULL, 3, 2,
         BENEFIT_DUE},
        /* measured zero is not unmeasured */
        {0, 3, 3, {{0, 2, "0", "0"}, {.first = NONE}}, "9840", "9840", "0", "-9840", "0", "0", 3, 0,
         BENEFIT_MEASURED},
        /* a reason is no amount, and is not lacking */
        {0, 3, 3, {{0, 2, NULL, NULL}, {.first = NONE}}, "9840", "0", NULL, NULL, "0", NULL, 3, 0,
         BENEFIT_UNMEASURABLE},
        {0, 3, 3, {{0, 0, NULL, NULL}, {1, 1, "1", NULL}, {2, 2, "2", NULL}}, "9840", "6560", "3",
         "-6557", "0", NULL, 3, 0, BENEFIT_PARTLY},
        /* units are told only when all of it was counted in them */
        {0, 3, 3, {{0, 0, "41", "1"}, {1, 1, "41", NULL}, {2, 2, "82", "2"}}, "9840", "9840", "164",
         "-9676", "0", NULL, 3, 0, BENEFIT_MEASURED},
        /* the year to date: one quarter is due, the next is at work */
        {0, 6, 4, {{0, 2, "9000", NULL}, {.first = NONE}}, "19680", "9840", "9000", "-840", "0", NULL, 3, 0,
         BENEFIT_MEASURED},
        {0, 6, 6, {{0, 2, "9000", NULL}, {3, 3, "5", NULL}, {.first = NONE}}, "19680", "13120", "9005",
         "-4115", "6560", NULL, 6, 2, BENEFIT_DUE},
    };
    struct made m = make();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct measured all[4] = {{.benefit = S("docs.late"), .first = JULY, .last = JULY + 11,
                                   .amount = d("77"), .units = DEC_NULL}};
        size_t n = 1; /* another benefit's never counts */
        for (size_t k = 0; k < 3 && rows[i].measured[k].first != NONE; k++)
            all[n++] = (struct measured){
                .benefit = S("docs.hours"), .first = JULY + rows[i].measured[k].first,
                .last = JULY + rows[i].measured[k].last,
                .amount = rows[i].measured[k].amount ? d(rows[i].measured[k].amount) : DEC_NULL,
                .units = rows[i].measured[k].units ? d(rows[i].measured[k].units) : DEC_NULL};
        struct realized r = benefit_realized(m.w, &m.x[0], all, n, rows[i].from, rows[i].to,
                                             JULY + rows[i].today);
        const dec got[] = {r.projected, r.compared, r.amount, r.delta, r.missing, r.units};
        const char *const want[] = {rows[i].projected, rows[i].compared, rows[i].amount,
                                    rows[i].delta, rows[i].missing, rows[i].units};
        for (size_t k = 0; k < ARRAY_LEN(got); k++)
            if (got[k] != (want[k] ? d(want[k]) : DEC_NULL))
                fail_msg("row %zu, figure %zu", i, k);
        if (r.due != rows[i].due || r.lacking != rows[i].lacking || r.state != rows[i].state)
            fail_msg("row %zu: %d due, %d lacking, %s", i, r.due, r.lacking,
                     benefit_state_name(r.state));
    }
    arena_release(&m.a);
}

static void sums_keep_unknown_apart_from_zero(void **state)
{
    struct made m = make();
    struct err e;
    struct realized sum = realized_nothing();
    const struct measured one = {.benefit = S("docs.hours"), .first = JULY, .last = JULY + 2,
                                 .amount = d("12000"), .units = DEC_NULL};
    (void)state;
    for (size_t i = 0; i < m.n; i++) {
        struct realized r = benefit_realized(m.w, &m.x[i], NULL, 0, 0, 3, JULY + 3);
        assert_ok(realized_add(&sum, &r, &e), &e);
    }
    assert_true(dec_is_null(sum.amount) && dec_is_null(sum.delta) && dec_is_null(sum.pct));
    assert_true(sum.projected == d("9845") && sum.missing == d("9845") && sum.lacking == 4);
    assert_int_equal(sum.state, BENEFIT_DUE);
    sum = realized_nothing();
    for (size_t i = 0; i < m.n; i++) {
        struct realized r = benefit_realized(m.w, &m.x[i], &one, 1, 0, 3, JULY + 3);
        assert_ok(realized_add(&sum, &r, &e), &e);
    }
    assert_true(sum.amount == d("12000") && sum.compared == d("9840") && sum.delta == d("2160"));
    assert_true(sum.missing == d("5") && sum.last == JULY + 2);
    arena_release(&m.a);
}

static void the_last_quarter_of_a_short_plan_ends_with_the_plan(void **state)
{
    struct made m = make();
    (void)state;
    m.w->n = 11; /* until May */
    struct realized r = benefit_realized(m.w, &m.x[0], NULL, 0, 9, 11, JULY + 11);
    assert_int_equal(r.due, 2);
    r = benefit_realized(m.w, &m.x[0], NULL, 0, 9, 11, JULY + 10);
    assert_int_equal(r.due, 0);
    arena_release(&m.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_are_cents_by_month_with_confidence_ramp_and_currency),
        cmocka_unit_test(measurements_are_compared_with_the_months_they_cover),
        cmocka_unit_test(sums_keep_unknown_apart_from_zero),
        cmocka_unit_test(the_last_quarter_of_a_short_plan_ends_with_the_plan),
    };
    return cmocka_run_group_tests_name("engine_benefits", tests, NULL, NULL);
}
