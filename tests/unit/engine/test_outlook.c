/* test_outlook.c - the rest of a year gets closer as months become known. */
#include "engine/outlook.h"

#include <math.h>

#include "core/csv_small.h"
#include "core/mathfn.h"
#include "test.h"

#define MONTHS 12

static void near(double actual, double expected, double within)
{
    if (!(fabs(actual - expected) <= within))
        fail_msg("%.10g is not %.10g", actual, expected);
}

static const struct outlook *make(struct arena *a, const struct outlook_line *lines, size_t n,
                                  int32_t known)
{
    struct err e;
    const struct outlook *o;
    struct outlook_input *in = arena_new(a, struct outlook_input, 1);
    *in = (struct outlook_input){.lines = lines, .n_lines = n, .n_months = MONTHS,
                                 .n_known = known, .widen = 1};
    assert_ok(outlook(a, in, &o, &e), &e);
    return o;
}

static const double flat[MONTHS] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100};

static void without_actuals_the_plan_is_the_forecast(void **state)
{
    struct arena a = ARENA_INIT;
    const double none[MONTHS] = {0};
    struct outlook_line l = {flat, none, 0.2, false, CATEGORY_VENDOR};
    (void)state;
    const struct outlook *o = make(&a, &l, 1, 0);
    near(o->total.year.p50, 1200, 1e-9);
    assert_true(o->total.year.p10 < 1000 && o->total.year.p90 > 1400);
    arena_release(&a);
}

static void a_loose_plan_follows_its_actuals_and_a_sure_one_does_not(void **state)
{
    struct arena a = ARENA_INIT;
    const double over[MONTHS] = {130, 131, 129, 130, 130, 130};
    struct outlook_line loose = {flat, over, 0.4, false, CATEGORY_VENDOR};
    struct outlook_line sure = {flat, over, 0, false, CATEGORY_VENDOR};
    (void)state;
    near(make(&a, &loose, 1, 6)->lines[0].driver[8], 130, 1);
    assert_true(make(&a, &loose, 1, 1)->lines[0].driver[8] > 125);
    assert_true(make(&a, &sure, 1, 1)->lines[0].driver[8] < 115);
    near(make(&a, &loose, 1, 12)->total.year.p50, 780, 1e-9); /* nothing is left to forecast */
    arena_release(&a);
}

static void what_did_not_come_once_is_expected_next(void **state)
{
    struct arena a = ARENA_INIT;
    const double plan[MONTHS] = {0, 0, 48, 0}, none[MONTHS] = {0};
    const double came[MONTHS] = {0, 0, 51};
    struct outlook_line late = {plan, none, 0.1, true, CATEGORY_TALENT};
    struct outlook_line here = {plan, came, 0.1, true, CATEGORY_TALENT};
    (void)state;
    const struct outlook *o = make(&a, &late, 1, 3);
    near(o->lines[0].driver[3], 48, 1e-9);
    near(o->lines[0].driver[4], 0, 1e-9);
    near(make(&a, &here, 1, 3)->total.year.p50, 51, 1e-9);
    arena_release(&a);
}

static void odd_lines_give_finite_ordered_ranges(void **state)
{
    static const double rows[][MONTHS] = {
        {0},
        {-5, -5, -5, -5},
        {1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9},
        {0, 0, 10, 0, 0, 10, 0, 0, 10},
        {1e-6, 0, 5},
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t k = 0; k < ARRAY_LEN(rows); k++)
            for (int32_t known = 0; known <= MONTHS; known++) {
                struct outlook_line l[2] = {{rows[i], rows[k], 0.3, false, CATEGORY_INFRA},
                                            {rows[k], rows[i], 0.3, true, CATEGORY_DATA}};
                const struct outlook *o = make(&a, l, 2, known);
                double lines = o->lines[0].year.p50 + o->lines[1].year.p50;
                near(o->total.year.p50, lines, 1e-6 * fabs(lines) + 1e-9);
                for (int32_t m = 0; m < MONTHS; m++) {
                    const struct outlook_month *p = &o->total.months[m];
                    assert_true(isfinite(p->p10) && isfinite(p->p90));
                    assert_true(p->p10 <= p->p50 && p->p50 <= p->p90);
                }
            }
    arena_release(&a);
}

static void lines_sum_to_their_category_and_categories_to_the_total(void **state)
{
    struct arena a = ARENA_INIT;
    const double up[MONTHS] = {120, 140, 130}, down[MONTHS] = {80, 60, 90};
    struct outlook_line l[3] = {{flat, up, 0.2, false, CATEGORY_VENDOR},
                                {flat, down, 0.2, false, CATEGORY_VENDOR},
                                {flat, up, 0.2, false, CATEGORY_INFRA}};
    (void)state;
    const struct outlook *o = make(&a, l, 3, 3);
    for (int32_t m = 0; m < MONTHS; m++) {
        near(o->lines[0].months[m].p50 + o->lines[1].months[m].p50,
             o->categories[CATEGORY_VENDOR].months[m].p50, 1e-9);
        near(o->categories[CATEGORY_VENDOR].months[m].p50 +
                 o->categories[CATEGORY_INFRA].months[m].p50,
             o->total.months[m].p50, 1e-9);
    }
    arena_release(&a);
}

static void the_series_moves_the_guess_and_not_the_salary(void **state)
{
    struct arena a = ARENA_INIT;
    const double history[] = {280, 300, 270, 290, 310, 280, 300, 290, 270, 300, 290, 280,
                              300, 280, 310, 290, 300, 280, 290, 270, 300, 310, 280, 290};
    const double here[MONTHS] = {100, 100, 100}, soon[MONTHS] = {0, 0, 0, 0, 0, 60, 60, 60,
                                                                 60, 60, 60, 60};
    struct outlook_line l[3] = {{flat, here, 0, false, CATEGORY_TALENT},
                                {flat, here, 0.4, false, CATEGORY_TALENT},
                                {soon, (const double[MONTHS]){0}, 0, false, CATEGORY_TALENT}};
    struct outlook_input in = {.lines = l, .n_lines = 3, .n_months = MONTHS, .n_known = 3,
                               .widen = 1};
    const struct outlook *o;
    struct err e;
    (void)state;
    in.history[CATEGORY_TALENT].y = history; /* says 290 where the drivers say 200 */
    in.history[CATEGORY_TALENT].n = ARRAY_LEN(history);
    assert_ok(outlook(&a, &in, &o, &e), &e);
    const struct outlook_series *g = &o->categories[CATEGORY_TALENT];
    double off = g->months[8].p50 - g->driver[8];
    assert_true(off > 1);
    double salary = o->lines[0].months[8].p50 - o->lines[0].driver[8];
    double guess = o->lines[1].months[8].p50 - o->lines[1].driver[8];
    assert_true(salary > 0 && guess > 3 * salary && salary + guess > 0.8 * off);
    near(g->series[8] - g->series[4], 60, 15); /* who starts in month 5 comes on top */
    arena_release(&a);
}

/* ---- a year of budget-like lines ---- */

struct companies { /* each a budget (last year's months) and what came */
    double plan[300][MONTHS], actual[300][MONTHS], before[300][120];
    size_t n_before[300];
    size_t n;
};

/* Mean error of the year against the run rate's, with 3, 6 and 9 months known. Eight series share a
 * category, so that a company has forty lines. */
static void beats_the_run_rate(struct companies *c)
{
    double last = 1e9;
    for (int32_t known = 3; known <= 9; known += 3) {
        double ours = 0, rate = 0, inside = 0, count = 0;
        for (size_t from = 0; from < c->n; from++) {
            struct arena a = ARENA_INIT;
            struct err e;
            const struct outlook *o;
            struct outlook_line l = {c->plan[from], c->actual[from], 0.15, false, CATEGORY_VENDOR};
            struct outlook_input in = {.lines = &l, .n_lines = 1, .n_months = MONTHS,
                                       .n_known = known, .widen = 1};
            in.history[CATEGORY_VENDOR] =
                (struct outlook_history){c->before[from], c->n_before[from]};
            assert_ok(outlook(&a, &in, &o, &e), &e);
            double year = 0, so_far = 0;
            for (int32_t m = 0; m < MONTHS; m++)
                year += c->actual[from][m];
            for (int32_t m = 0; m < known; m++)
                so_far += c->actual[from][m];
            ours += fabs(o->total.year.p50 - year) / year;
            rate += fabs(so_far / known * MONTHS - year) / year;
            inside += year >= o->total.year.p10 && year <= o->total.year.p90;
            count++;
            arena_release(&a);
        }
        print_message("%d months known: year off by %.2f %%, run rate %.2f %%, inside P10-P90 "
                      "%.0f %%\n", (int)known, 100 * ours / count, 100 * rate / count,
                      100 * inside / count);
        assert_true(ours < rate);
        assert_true(ours < last);
        assert_true(inside / count > 0.7 && inside / count < 0.95);
        last = ours;
    }
}

static double draw(uint64_t *seed) /* standard normal */
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return math_normal_quantile(((double)(*seed >> 11) + 0.5) / 9007199254740992.0);
}

static void synthetic_lines_are_forecast_better_than_by_their_run_rate(void **state)
{
    static struct companies c;
    uint64_t seed = 11;
    (void)state;
    for (c.n = 0; c.n < 200; c.n++) {
        double level = 1000 * math_exp(0.15 * draw(&seed)), growth = 0.02 + 0.015 * draw(&seed);
        for (int m = 0; m < MONTHS; m++) {
            c.plan[c.n][m] = 1000 * math_exp(0.02 * m);
            c.actual[c.n][m] = level * math_exp(growth * m + 0.08 * draw(&seed));
        }
    }
    beats_the_run_rate(&c);
}

static void add_series(struct companies *c, const double *y, size_t n)
{
    size_t before = MIN(n - MONTHS, ARRAY_LEN(c->before[0]));
    double last = 0, first = 0;
    memcpy(c->before[c->n], y + n - MONTHS - before, before * sizeof *y);
    c->n_before[c->n] = before;
    for (size_t m = 0; m < MONTHS; m++) {
        last += y[n - 24 + m];
        first += y[n - 36 + m];
    }
    for (size_t m = 0; m < MONTHS; m++) {
        c->actual[c->n][m] = y[n - MONTHS + m];
        c->plan[c->n][m] = y[n - 24 + m] * last / first;
    }
    c->n++;
}

/* The last year of real monthly series; their budget is the year before, raised by its growth. */
static void real_series_are_forecast_better_than_by_their_run_rate(void **state)
{
    static struct companies c;
    static double y[300];
    struct arena a = ARENA_INIT;
    struct err e;
    struct csv_small t;
    str text;
    bool more = true;
    (void)state;
    need_shared_data();
    str path = str_fmt(&a, "%s/series/m3_monthly_even.csv", shared_data());
    assert_ok(file_read(&a, path, 64u << 20, &text, &e), &e);
    assert_ok(csv_small_open(&t, path, text, 2000000, &e), &e);
    size_t columns[2] = {csv_small_column(&t, "train"), csv_small_column(&t, "test")};
    assert_true(columns[0] != SIZE_MAX && columns[1] != SIZE_MAX);
    for (bool ok = csv_small_next(&t, &more); ok && more && c.n < ARRAY_LEN(c.plan);
         ok = csv_small_next(&t, &more)) {
        size_t n = 0;
        for (int k = 0; k < 2; k++) {
            str rest = t.cells[columns[k]], value;
            while (n < ARRAY_LEN(y) && str_cut(&rest, ' ', &value))
                if (!str_to_double(value, &y[n++]))
                    fail_msg("'%.*s' is no number", FMT(value));
        }
        if (n >= 36)
            add_series(&c, y, n);
    }
    csv_small_close(&t);
    arena_release(&a);
    assert_true(c.n >= 250);
    beats_the_run_rate(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_actuals_the_plan_is_the_forecast),
        cmocka_unit_test(a_loose_plan_follows_its_actuals_and_a_sure_one_does_not),
        cmocka_unit_test(what_did_not_come_once_is_expected_next),
        cmocka_unit_test(odd_lines_give_finite_ordered_ranges),
        cmocka_unit_test(lines_sum_to_their_category_and_categories_to_the_total),
        cmocka_unit_test(the_series_moves_the_guess_and_not_the_salary),
        cmocka_unit_test(synthetic_lines_are_forecast_better_than_by_their_run_rate),
        cmocka_unit_test(real_series_are_forecast_better_than_by_their_run_rate),
    };
    return cmocka_run_group_tests_name("engine_outlook", tests, NULL, NULL);
}
