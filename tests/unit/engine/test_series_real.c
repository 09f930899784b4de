/* test_series_real.c - accuracy and honesty of ranges on real series that nobody here chose. */
#include "test.h"

#include "m3.h"

#include "base/csv.h"

/* A sanitizer makes a thousand fits too slow, and changes nothing about accuracy. */
static bool sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return true;
#else
    return false;
#endif
#else
    return false;
#endif
}

#define need_real_series()                                                                         \
    do {                                                                                           \
        need_shared_data();                                                                        \
        if (sanitized()) {                                                                         \
            print_message("skipped: too slow under a sanitizer\n");                                \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

#define assert_within(value, low, high)                                                            \
    do {                                                                                           \
        double value_ = (value);                                                                   \
        if (!(value_ >= (low) && value_ <= (high)))                                                \
            fail_msg("%s is %.4f", #value, value_);                                                \
    } while (0)

static void load(struct arena *a, struct m3 *m)
{
    struct err e = {0};
    assert_ok(m3_read(a, str_fmt(a, "%s/series/m3_monthly_even.csv", shared_data()), m, &e), &e);
    assert_int_equal(m->n, 714);
}

/* What R's forecast package reaches on the same series: bench/forecast. */
#define R_ETS 0.8286
#define R_THETA 0.8169
#define R_MEAN 0.8024    /* of both */
#define R_BEST_36 0.8433 /* median of ets, auto.arima, thetaf and snaive */
#define R_BEST_24 0.9147

static void m3_is_forecast_better_than_by_ets_theta_and_their_mean(void **state)
{
    need_real_series();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct m3 m;
    struct m3_score s;
    load(&a, &m);
    assert_ok(m3_evaluate(&m, 0, &s, &e), &e);
    assert_within(s.owa[0], .5, .79);
    assert_true(s.owa[0] < R_ETS && s.owa[0] < R_THETA && s.owa[0] < R_MEAN);
    assert_within(s.smape[1], 10, 13.2); /* published: THETA 13.892, ForecastPro 13.898 */
    assert_within(s.coverage80, 78, 84);
    assert_within(s.coverage95, 93, 96.5);
    assert_within(s.total_coverage[12], 76, 86);
    assert_true(s.total_error < s.worst_snaive);
    arena_release(&a);
}

static void short_histories_are_forecast_better_than_by_the_ensembles(void **state)
{
    need_real_series();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct m3 m;
    struct m3_score s;
    load(&a, &m);
    assert_ok(m3_evaluate(&m, 36, &s, &e), &e);
    assert_within(s.owa[0], .5, R_BEST_36);
    assert_within(s.total_coverage[12], 76, 86);
    assert_true(s.total_error < s.worst_snaive);
    assert_ok(m3_evaluate(&m, 24, &s, &e), &e);
    assert_within(s.owa[0], .5, R_BEST_24);
    assert_within(s.total_coverage[12], 76, 86);
    assert_true(s.total_error < s.worst_snaive);
    arena_release(&a);
}

/* --- the M4 competition's weekly series: is the metric code theirs? --- */

#define WEEKLY 359
struct weekly {
    double *y[WEEKLY];
    size_t n[WEEKLY];
};

static void read_weekly(struct arena *a, const char *name, struct weekly *ret)
{
    struct err e = {0};
    struct csv_file *f;
    struct csv_worker *w;
    struct csv_batch b = {0};
    size_t n_columns, at = 0;
    assert_ok(csv_open(str_fmt(a, "%s/series/%s", shared_data(), name), NULL, &f, &e), &e);
    csv_names(f, &n_columns);
    uint32_t *columns = arena_new(a, uint32_t, n_columns);
    for (uint32_t i = 0; i < n_columns; i++)
        columns[i] = i;
    assert_ok(csv_worker_open(f, columns, n_columns, &w, &e), &e);
    do {
        assert_ok(csv_worker_next(w, &b, &e), &e);
        for (size_t r = 0; r < b.n; r++, at++) {
            assert_true(at < WEEKLY);
            ret->y[at] = arena_new(a, double, n_columns);
            ret->n[at] = 0;
            for (size_t k = 1; k < n_columns && b.cells[r * n_columns + k].n; k++)
                assert_true(str_to_double(b.cells[r * n_columns + k], &ret->y[at][ret->n[at]++]));
        }
    } while (b.n);
    assert_int_equal(at, WEEKLY);
    csv_worker_close(w);
    csv_close(f);
}

static void m4_weekly_gives_the_published_naive2_and_ses(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct weekly train, test;
    double smape[2] = {0}, mase[2] = {0};
    read_weekly(&a, "Weekly-train.csv.gz", &train);
    read_weekly(&a, "Weekly-test.csv.gz", &test);
    for (size_t i = 0; i < WEEKLY; i++) {
        double f[13];
        for (int method = 0; method < 2; method++) {
            struct series_step steps[13];
            if (method)
                series_ses(&a, train.y[i], train.n[i], 1, 13, f);
            else
                series_naive2(train.y[i], train.n[i], 1, 13, f);
            for (int k = 0; k < 13; k++)
                steps[k] = (struct series_step){NAN, NAN, f[k], NAN, NAN};
            struct series_score s = series_score(train.y[i], train.n[i], 1, test.y[i], steps, 13);
            smape[method] += s.smape / WEEKLY;
            mase[method] += s.mase / WEEKLY;
        }
    }
    assert_within(smape[0], 9.161287 - 5e-7, 9.161287 + 5e-7);
    assert_within(mase[0], 2.777295 - 5e-7, 2.777295 + 5e-7);
    /* R's ses() (forecast 8.20) gives .975154 on these, and scores the same forecasts the same. It
     * differs from ours by more than .02 % on W22 and W309 alone, where its search stops at sums of
     * squares .06 and 1.8 % above the smallest: W309 by itself is worth .00004. */
    double owa = (smape[1] / smape[0] + mase[1] / mase[0]) / 2;
    print_message("SES: OWA %.6f\n", owa);
    assert_within(owa, .975145 - 4e-5, .975145 + 4e-5);
    arena_release(&a);
}

/* --- anomalies: a spike of 20 % in each of the last 12 months by itself; lines are calm or
 * volatile by the three years before --- */

struct line {
    double volatility; /* of one-step errors before the last year */
    double score[12], spiked[12];
};

static int by_volatility(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    return (x->volatility > y->volatility) - (x->volatility < y->volatility);
}

static double score_of(struct arena *a, const double *y, const double *expected, size_t n, size_t t)
{
    struct err e = {0};
    struct anomaly *v;
    assert_ok(series_anomalies(a, y, expected, n, &v, &e), &e);
    return fabs(v[t].z);
}

/* Recall at 5 % false alarms over lines of at least `shortest` months. */
static double recall_of_spikes(size_t shortest)
{
    struct arena a = ARENA_INIT;
    struct m3 m;
    load(&a, &m);
    struct line *lines = arena_new(&a, struct line, m.n);
    double all[714 * 12];
    size_t n_lines = 0, n_all = 0;
    for (size_t i = 0; i < m.n; i++) {
        CLEANUP(arena_release) struct arena s = ARENA_INIT;
        struct err e = {0};
        const struct series_forecast *f;
        const struct m3_series *x = &m.items[i];
        const struct series_input in = {.y = x->y, .n = x->n, .period = 12, .h = 1};
        struct line *l = &lines[n_lines];
        if (x->n < shortest)
            continue;
        double y[M3_TRAIN];
        assert_ok(series_forecast(&s, &in, &f, &e), &e);
        memcpy(y, x->y, sizeof y);
        size_t usable = 0;
        *l = (struct line){0};
        for (size_t t = x->n - 12; t < x->n; t++) {
            size_t k = t + 12 - x->n;
            usable += f->fitted[t] > 0 && y[t] > 0 ? 1 : 0;
            l->score[k] = score_of(&s, y, f->fitted, x->n, t);
            y[t] *= 1.2;
            l->spiked[k] = score_of(&s, y, f->fitted, x->n, t);
            y[t] = x->y[t];
        }
        for (size_t t = x->n - 48; t < x->n - 12; t++)
            l->volatility += fabs(y[t] / f->fitted[t] - 1);
        n_lines += usable == 12 ? 1 : 0;
    }
    assert_true(n_lines > 500);
    for (size_t i = 0; i < n_lines; i++)
        for (int k = 0; k < 12; k++)
            all[n_all++] = lines[i].score[k];
    qsort(all, n_all, sizeof *all, m3_by_value);
    double alarm = all[n_all - n_all / 20], caught[3] = {0}, wrong[3] = {0}, fixed[3] = {0};
    double months[3] = {0};
    qsort(lines, n_lines, sizeof *lines, by_volatility);
    for (size_t i = 0; i < n_lines; i++)
        for (int k = 0; k < 12; k++) {
            size_t third = i * 3 / n_lines;
            months[third]++;
            caught[third] += lines[i].spiked[k] > alarm ? 1 : 0;
            wrong[third] += lines[i].score[k] > alarm ? 1 : 0;
            fixed[third] += lines[i].score[k] > 2.5 ? 1 : 0;
        }
    for (int third = 0; third < 3; third++) {
        caught[third] /= months[third];
        wrong[third] /= months[third];
        fixed[third] /= months[third];
    }
    print_message("alarm at z %.2f: recall %.3f (%.3f %.3f %.3f), false alarms %.3f %.3f %.3f; at "
                  "2.5: %.3f %.3f %.3f\n",
                  alarm, (caught[0] + caught[1] + caught[2]) / 3, caught[0], caught[1], caught[2],
                  wrong[0], wrong[1], wrong[2], fixed[0], fixed[1], fixed[2]);
    for (int third = 0; third < 3; third++)
        assert_within(wrong[third], .04, .06);
    arena_release(&a);
    return (caught[0] + caught[1] + caught[2]) / 3;
}

static void spikes_are_found_at_five_percent_false_alarms(void **state)
{
    need_real_series();
    assert_within(recall_of_spikes(72), .70, 1); /* five years, and the one that is looked at */
    /* A quarter more lines, nearly all volatile and of four years. Who knew each line's spread in
     * that very year and took errors for normal would find .63. */
    assert_within(recall_of_spikes(0), .60, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m3_is_forecast_better_than_by_ets_theta_and_their_mean),
        cmocka_unit_test(short_histories_are_forecast_better_than_by_the_ensembles),
        cmocka_unit_test(m4_weekly_gives_the_published_naive2_and_ses),
        cmocka_unit_test(spikes_are_found_at_five_percent_false_alarms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
