/* test_price_watch.c - price changes against a plan: dated, disagreeing, new, unknown. */
#include "engine/price_watch.h"

#include <math.h>

#include "test.h"

static const char PLAN[] =
    "plan: {name: p, starts: 2026-07, months: 4, fx: {EUR: 2}}\n"
    "reserve: {share: 15%}\n"
    "prices:\n"
    "  own:\n"
    "    - {in: $2, out: $10, batch_in: $1}\n"
    "    - {from: 2026-09, in: $3, out: $10, batch_in: $1}\n"
    "  odd: {in: $1, out: $1}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    status: committed\n"
    "    llm:\n"
    "      - {id: one, model: own, users: 1M, sessions: 1, requests: 1, in: 10, out: 1}\n"
    "      - {id: two, model: book, users: 1M, sessions: 1, requests: 1, in: 10, out: 0}\n"
    "      - {id: three, model: odd, users: 1, sessions: 1, requests: 1, in: 1, out: 1}\n";

struct prices {
    int own_in, book_in; /* money per million; from September on, for own */
    const char *currency;
};

static bool price(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    const struct prices *p = ctx;
    bool own = str_eq(model, S("own")), late = m >= month_of(2026, 9);
    (void)a;
    if (!own && !str_eq(model, S("book")))
        return false;
    *ret = (struct plan_price){.note = S("n")};
    for (int i = 0; i < PRICE_PARTS; i++)
        ret->part[i] = DEC_NULL;
    ret->part[PRICE_IN] = DEC_ONE * (!own ? p->book_in : late ? p->own_in : 2);
    ret->part[PRICE_OUT] = DEC_ONE * 10;
    return currency_parse(str_of(p->currency), &ret->currency);
}

static const struct prices AS_PLANNED = {3, 4, "USD"};

static bool watch(struct arena *a, const struct prices *now, int32_t from,
                  struct price_watched **ret, size_t *ret_n, bool **unknown, struct err *e)
{
    static const struct plan_options known = {.price = price, .price_ctx = &AS_PLANNED};
    const struct plan_options o = {.price = price, .price_ctx = now};
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), str_of(PLAN), &known, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return price_watch(a, p, &o, from, ret, ret_n, unknown, e);
}

static void changes_are_told_by_where_they_stand(void **state)
{
    static const struct {
        struct prices now;
        int32_t from;
        size_t n;
        enum price_watch_kind kind;
        int32_t first;
        double change, left;
    } rows[] = {
        {{3, 4, "USD"}, 0, 1, WATCH_DATED, 2, 20, 20}, /* two months x 10M tokens x $1 */
        {{3, 4, "USD"}, 3, 1, WATCH_DATED, 2, 20, 10},
        {{5, 4, "USD"}, 0, 2, WATCH_DISAGREES, 2, 40, 40},
        {{3, 6, "USD"}, 0, 2, WATCH_NEW, 0, 80, 80},
        {{3, 6, "USD"}, 4, 2, WATCH_NEW, 0, 80, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct price_watched *x;
        bool *unknown;
        size_t n;
        assert_ok(watch(&a, &rows[i].now, rows[i].from, &x, &n, &unknown, &e), &e);
        assert_int_equal(n, rows[i].n);
        assert_int_equal(x[n - 1].kind, rows[i].kind);
        assert_int_equal(x[n - 1].first, rows[i].first);
        assert_true(fabs(x[n - 1].change - rows[i].change) < 1e-9);
        assert_true(fabs(x[n - 1].change_left - rows[i].left) < 1e-9);
        assert_false(unknown[0]); /* own */
        assert_true(unknown[1]);  /* odd: the book does not know it */
        arena_release(&a);
    }
}

static void other_currencies_take_the_plan_s_rate(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct price_watched *x;
    bool *unknown;
    size_t n;
    (void)state;
    const struct prices euros = {3, 2, "EUR"}, francs = {3, 4, "CHF"};
    assert_ok(watch(&a, &euros, 0, &x, &n, &unknown, &e), &e);
    /* own: 4 and 20 a million until August, then 6 and 20; book: 4 and 20, its output unused */
    assert_int_equal(n, 4);
    assert_int_equal(x[1].kind, WATCH_DISAGREES);
    assert_true(fabs(x[1].change - 2 * (10 * 2 + 1 * 10)) < 1e-9);
    assert_error(watch(&a, &francs, 0, &x, &n, &unknown, &e), &e,
                 "is in CHF, and the plan has no rate");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_told_by_where_they_stand),
        cmocka_unit_test(other_currencies_take_the_plan_s_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
