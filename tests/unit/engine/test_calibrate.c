/* test_calibrate.c - drivers from usage: what was put in comes out, and what is not seen is said.
 */
#include "engine/calibrate.h"

#include <math.h>

#include "test.h"

static const char PLAN[] =
    "plan: {name: p, starts: 2026-07}\n"
    "reserve: {share: 15%}\n"
    "prices:\n"
    "  big-1: {in: $2, out: $10, cache_read: $0.2, cache_write: $2.5, batch_in: $1, batch_out: "
    "$5}\n"
    "  small-1: {in: $0.4, out: $1.6}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    status: committed\n"
    "    llm:\n"
    "      - {id: chat, models: {big-1: 75%, small-1: 25%}, users: {2026-07: 1000, 2027-06: 2000}, "
    "sessions: 2, requests: 5 (4 to 7), in: 4000, out: 300, cached: 50%, cache_writes: 10%, "
    "batch: 20%, retries: 4%}\n"
    "      - {id: curve, model: big-1, users: 10, sessions: 1, requests: 1, "
    "in: {2026-07: 100, 2027-06: 200}, out: 10}\n"
    "levers:\n"
    "  - {id: diet, use: yes, applies: llm.in, saves: 20%, from: 2026-08}\n";

struct made { /* usage as the plan has it, times these */
    double requests, in, out, cached, batch, big;
    bool no_requests, no_cache;
};
static const struct made AS_PLANNED = {1, 1, 1, 1, 1, 0.75, false, false};

static const struct plan *parse(struct arena *a)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), str_of(PLAN), NULL, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return p;
}

/* Days [first, last] of line 0: two models, each with and without batches. */
static size_t make(const struct plan *p, const struct made *x, day first, day last, int wobble,
                   struct usage_seen *out)
{
    size_t n = 0;
    for (day d = first; d <= last; d++) {
        month m = month_of_day(d);
        struct civil c = day_to_civil(d);
        double users = 1000 * pow(2, (m - p->header.first) / 11.0);
        double factor = 1 + ((d - first) / 7 % 2 ? wobble : -wobble) / 100.0;
        double volume = users * 2 * 5 * 1.04 / days_in_month(c.year, c.month) * x->requests;
        for (int k = 0; k < 4; k++) {
            double n_requests = volume * (k & 1 ? 0.2 * x->batch : 1 - 0.2 * x->batch) *
                                (k & 2 ? 1 - x->big : x->big);
            double in = n_requests * 4000 * (m > p->header.first ? 0.8 : 1) * x->in * factor;
            double read = in * 0.5 * x->cached, written = in * 0.1;
            out[n++] = (struct usage_seen){
                .day = d,
                .model = k & 2 ? S("small-1") : S("big-1-20260101"),
                .batch = k & 1,
                .requests = x->no_requests ? 0 : n_requests,
                .in = x->no_cache ? in : in - read - written,
                .cache_read = x->no_cache ? 0 : read,
                .cache_write = x->no_cache ? 0 : written,
                .out = n_requests * 300 * x->out,
                .amount = 1,
            };
        }
    }
    return n;
}

static void run(struct arena *a, const struct made *x, const char *from, const char *to, int wobble,
                struct calibration *c)
{
    static struct usage_seen usage[4000];
    struct err e = {0};
    day first, last;
    const struct plan *p = parse(a);
    assert_true(date_parse(str_of(from), DATE_MDY, &first));
    assert_true(date_parse(str_of(to), DATE_MDY, &last));
    size_t n = make(p, x, first, last, wobble, usage);
    assert_ok(calibrate(a, p, NULL, usage, n, STR_NONE, c, &e), &e);
    assert_int_equal(c->n, 1);
}

static const struct calibrated_driver *driver(const struct calibration *c, enum line_quantity q)
{
    for (size_t i = 0; i < c->lines[0].n_drivers; i++)
        if (c->lines[0].drivers[i].driver == q)
            return &c->lines[0].drivers[i];
    fail_msg("no such driver");
    return NULL;
}

static void near(double v, double expected)
{
    if (!(fabs(v / expected - 1) < 1e-9))
        fail_msg("%.17g is not %.17g", v, expected);
}

static void usage_as_planned_suggests_nothing(void **state)
{
    static const char *const spans[][2] = {{"2026-07-01", "2026-10-31"}, /* months */
                                           {"2026-07-06", "2026-08-20"}, /* weeks */
                                           {"2026-07-06", "2026-07-12"}, /* days */
                                           {"2026-09-06", "2026-09-07"}};
    static const enum calibrate_unit units[] = {BLOCKS_MONTHS, BLOCKS_WEEKS, BLOCKS_DAYS,
                                                BLOCKS_NONE};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        struct arena a = ARENA_INIT;
        struct calibration c;
        run(&a, &AS_PLANNED, spans[i][0], spans[i][1], 0, &c);
        const struct calibrated_line *r = &c.lines[0];
        assert_int_equal(c.n_changes, 0);
        assert_int_equal(r->blocks, units[i]);
        assert_false(r->outside);
        near(r->requests, r->plan_requests);
        near(driver(&c, Q_REQUESTS)->observed, 5);
        near(driver(&c, Q_IN)->observed, 4000); /* the lever's 20 % taken out */
        near(driver(&c, Q_OUT)->observed, 300);
        near(driver(&c, Q_CACHED)->observed, 0.5);
        near(driver(&c, Q_CACHE_WRITES)->observed, 0.1);
        near(driver(&c, Q_BATCH)->observed, 0.2);
        assert_false(driver(&c, Q_RETRIES)->seen);
        assert_int_equal(r->n_models, 2);
        near(r->models[0].share, 0.75); /* a dated snapshot is the same model */
        assert_int_equal(c.planned_before.micros, c.planned_after.micros);
        arena_release(&a);
    }
}

static void what_differs_is_suggested_with_its_money(void **state)
{
    static const struct {
        struct made made;
        const char *path, *value; /* without its range */
    } rows[] = {
        {{1.2, 1, 1, 1, 1, 0.75, false, false}, "a.chat.requests", "6"},
        {{1, 1.5, 1, 1, 1, 0.75, false, false}, "a.chat.in", "6000"},
        {{1, 1, 0.7, 1, 1, 0.75, false, false}, "a.chat.out", "210"},
        {{1, 1, 1, 1.4, 1, 0.75, false, false}, "a.chat.cached", "70%"},
        {{1, 1, 1, 1, 2, 0.75, false, false}, "a.chat.batch", "40%"},
        {{1, 1, 1, 1, 1, 0.4, false, false}, "a.chat.models", "{big-1: 40%, small-1: 60%}"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct calibration c;
        run(&a, &rows[i].made, "2026-07-01", "2026-10-31", 0, &c);
        assert_int_equal(c.n_changes, 1);
        assert_str(c.changes[0].path, rows[i].path);
        assert_str(c.changes[0].value, rows[i].value);
        money more = money_sub(c.lines[0].new_cost, c.lines[0].plan_cost);
        money stake = c.lines[0].models_at_stake;
        for (size_t k = 0; k < c.lines[0].n_drivers; k++)
            stake = money_add(stake, c.lines[0].drivers[k].at_stake);
        assert_true(more.micros != 0 && more.micros == stake.micros);
        arena_release(&a);
    }
}

static void what_is_not_told_is_not_seen(void **state)
{
    struct arena a = ARENA_INIT;
    struct calibration c;
    (void)state;
    struct made no_requests = AS_PLANNED, no_cache = AS_PLANNED;
    no_requests.no_requests = true;
    no_cache.no_cache = true;
    run(&a, &no_requests, "2026-07-01", "2026-10-31", 0, &c);
    assert_false(driver(&c, Q_REQUESTS)->seen);
    assert_false(driver(&c, Q_IN)->seen);
    assert_true(isnan(driver(&c, Q_IN)->observed));
    assert_true(driver(&c, Q_CACHED)->seen);
    run(&a, &no_cache, "2026-07-01", "2026-10-31", 0, &c);
    assert_false(driver(&c, Q_CACHED)->seen);
    assert_true(isnan(driver(&c, Q_CACHED)->observed));
    assert_int_equal(driver(&c, Q_CACHED)->suggestion.n, 0);
    assert_true(driver(&c, Q_IN)->seen);
    arena_release(&a);
}

/* Of usage as planned (with 4 % retries) the calls that were answered, and failed ones beside them. */
static size_t with_failures(struct usage_seen *u, size_t n, double retries, bool told)
{
    for (size_t i = 0; i < n; i++) {
        struct usage_seen *failed = &u[n + i], *x = &u[i];
        double base = x->requests / 1.04, more = (1 + retries) / 1.04;
        *failed = (struct usage_seen){.day = x->day, .batch = x->batch, .end = CALL_FAILED};
        failed->requests = base * retries;
        x->requests = base;
        x->in *= more;
        x->cache_read *= more;
        x->cache_write *= more;
        x->out *= more;
        x->end = told ? CALL_ANSWERED : CALL_UNTOLD;
    }
    return 2 * n;
}

static void failed_calls_are_the_retries(void **state)
{
    static const struct {
        double retries;
        bool told;
        const char *suggested; /* for retries */
        double requests;       /* per session */
    } rows[] = {
        {0.04, true, "", 5},
        {0.1, true, "10%", 5},
        {0, true, "0%", 5},
        {0.1, false, NULL, 5 * 1.1 / 1.04}, /* one source tells them, another does not */
    };
    static struct usage_seen usage[8000];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct calibration c;
        struct err e = {0};
        const struct plan *p = parse(&a);
        day first, last;
        assert_true(date_parse(S("2026-07-01"), DATE_MDY, &first));
        assert_true(date_parse(S("2026-10-31"), DATE_MDY, &last));
        size_t n = make(p, &AS_PLANNED, first, last, 0, usage);
        n = with_failures(usage, n, rows[i].retries, rows[i].told);
        assert_ok(calibrate(&a, p, NULL, usage, n, STR_NONE, &c, &e), &e);
        const struct calibrated_driver *d = driver(&c, Q_RETRIES);
        assert_int_equal(d->seen, rows[i].told);
        assert_int_equal(c.lines[0].ends_told, rows[i].told);
        near(driver(&c, Q_REQUESTS)->observed, rows[i].requests);
        near(driver(&c, Q_IN)->observed, 4000);
        near(driver(&c, Q_OUT)->observed, 300);
        near(c.lines[0].models[0].share, 0.75); /* a failed call need not tell its model */
        assert_int_equal(c.lines[0].n_models, 2);
        if (rows[i].told) {
            assert_true(fabs(d->observed - rows[i].retries) < 1e-9);
            assert_str(d->suggestion, rows[i].suggested);
            assert_int_equal(d->at_stake.micros != 0, rows[i].suggested[0] != 0);
        }
        arena_release(&a);
    }
}

static void ranges_hold_what_the_blocks_do(void **state)
{
    struct arena a = ARENA_INIT;
    struct calibration c;
    (void)state;
    run(&a, &AS_PLANNED, "2026-07-06", "2026-09-13", 10, &c); /* ten weeks, +-10 % in turn */
    const struct calibrated_driver *in = driver(&c, Q_IN), *out = driver(&c, Q_OUT);
    assert_true(in->lo < 4000 * 0.9 && in->hi > 4000 * 1.1);
    assert_true(in->lo > 4000 * 0.7 && in->hi < 4000 * 1.4);
    assert_true(out->hi - out->lo < 1e-6); /* nothing wobbles there */
    run(&a, &AS_PLANNED, "2026-07-06", "2026-07-08", 0, &c);
    assert_true(isnan(driver(&c, Q_IN)->lo)); /* three days are too few */
    arena_release(&a);
}

static void usage_outside_the_plan_s_months_says_nothing_of_volume(void **state)
{
    struct arena a = ARENA_INIT;
    struct calibration c;
    struct made more = AS_PLANNED;
    (void)state;
    more.requests = 3;
    more.out = 2;
    run(&a, &more, "2026-03-01", "2026-06-30", 0, &c);
    assert_true(c.lines[0].outside);
    assert_int_equal(driver(&c, Q_REQUESTS)->suggestion.n, 0);
    assert_true(driver(&c, Q_OUT)->suggestion.n > 0);
    arena_release(&a);
}

static void a_curve_keeps_its_shape(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct calibration c;
    const struct plan *p = parse(&a);
    struct usage_seen u[31];
    day first = day_from_civil(2026, 7, 1);
    (void)state;
    for (int i = 0; i < 31; i++)
        u[i] = (struct usage_seen){.line = 1,
                                   .day = first + i,
                                   .model = S("big-1"),
                                   .requests = 10.0 / 31,
                                   .in = 1500.0 / 31,
                                   .out = 100.0 / 31,
                                   .amount = 1};
    assert_ok(calibrate(&a, p, NULL, u, 31, S("a.curve"), &c, &e), &e);
    assert_int_equal(c.n_changes, 1);
    assert_str(c.changes[0].path, "a.curve.in");
    assert_str(c.changes[0].value, "x1.5");
    u[5].no_tokens = true; /* most of the spend comes without tokens */
    u[5].amount = 1000;
    assert_ok(calibrate(&a, p, NULL, u, 31, S("a.curve"), &c, &e), &e);
    assert_int_equal(c.n_changes, 0);
    assert_true(c.lines[0].told < 0.1);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_as_planned_suggests_nothing),
        cmocka_unit_test(what_differs_is_suggested_with_its_money),
        cmocka_unit_test(what_is_not_told_is_not_seen),
        cmocka_unit_test(failed_calls_are_the_retries),
        cmocka_unit_test(ranges_hold_what_the_blocks_do),
        cmocka_unit_test(usage_outside_the_plan_s_months_says_nothing_of_volume),
        cmocka_unit_test(a_curve_keeps_its_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
