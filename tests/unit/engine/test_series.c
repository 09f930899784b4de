/* test_series.c - forecasts of series: known parameters, properties that always hold, odd input. */
#include "test.h"

#include <math.h>

#include "core/mathfn.h"
#include "engine/series.h"
#include "engine/series_arima_int.h"

/* Box and Jenkins' airline passengers in thousands, 1949 to 1960; the Nile at Aswan, 1871 to 1970:
 * the series whose parameters every textbook and package prints. */
static const double air[] = {
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149,
    170, 170, 158, 133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
    171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243,
    264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374,
    413, 405, 355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
    340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472,
    548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432};
static const double nile[] = {
    1120, 1160, 963, 1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994,  1020,
    960,  1180, 799, 958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,
    874,  694,  940, 833,  701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,
    1120, 1100, 832, 764,  821,  768,  845,  864,  862,  698,  845,  744,  796,  1040, 759,
    781,  865,  845, 944,  984,  897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,
    1040, 860,  874, 848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,
    1020, 906,  901, 1170, 912,  746,  919,  718,  714,  740};

static void assert_near(double actual, double expected, double relative)
{
    if (!(fabs(actual - expected) <= relative * fabs(expected)))
        fail_msg("%.12g is not %.12g", actual, expected);
}

static const struct series_forecast *forecast(struct arena *a, const double *y, size_t n,
                                              int period, int h)
{
    struct err e = {0};
    const struct series_forecast *f;
    const struct series_input in = {.y = y, .n = n, .period = period, .h = h};
    assert_ok(series_forecast(a, &in, &f, &e), &e);
    return f;
}

/* Every number is one, quantiles are in order, totals are sums of medians. */
static void assert_sound(const struct series_forecast *f, int h)
{
    double sum = 0;
    for (int k = 0; k < h; k++) {
        const struct series_step *both[] = {&f->steps[k], &f->totals[k]};
        for (int i = 0; i < 2; i++) {
            assert_true(isfinite(both[i]->p2_5) && isfinite(both[i]->p97_5));
            assert_true(both[i]->p2_5 <= both[i]->p10 && both[i]->p10 <= both[i]->p50);
            assert_true(both[i]->p50 <= both[i]->p90 && both[i]->p90 <= both[i]->p97_5);
        }
        sum += f->steps[k].p50;
        assert_true(fabs(sum - f->totals[k].p50) <= 1e-9 * (fabs(sum) + fabs(f->steps[k].p90)));
    }
    assert_true(isfinite(f->sigma1) && f->sigma1 >= 0);
}

/* --- parameters that R's arima(method = "CSS"), ses() and decompose() give --- */

static void the_airline_model_has_the_parameters_of_the_textbook(void **state)
{
    struct arena a = ARENA_INIT;
    struct arima_data data;
    struct arima m;
    double logs[ARRAY_LEN(air)];
    for (size_t t = 0; t < ARRAY_LEN(air); t++)
        logs[t] = math_log(air[t]);
    assert_true(arima_difference(&a, logs, ARRAY_LEN(air), 12, 1, 1, &data));
    assert_true(arima_estimate(&data, (struct arima_order){0, 1, 0, 1, false}, &m));
    assert_int_equal(data.n_w, 131);
    assert_int_equal(m.ma.at[1], 12);
    assert_int_equal(m.ma.at[2], 1);
    assert_near(m.ma.by[2], .377162270795, 2e-3);
    assert_near(m.ma.by[1], .572378085127, 2e-3);
    assert_near(m.sse / 131, .00138874990304, 1e-5);
    arena_release(&a);
}

static void the_nile_has_the_parameters_of_the_textbook(void **state)
{
    struct arena a = ARENA_INIT;
    struct arima_data data;
    struct arima m;
    assert_true(arima_difference(&a, nile, ARRAY_LEN(nile), 1, 1, 0, &data));
    assert_true(arima_estimate(&data, (struct arima_order){0, 1, 0, 0, false}, &m));
    assert_near(m.ma.by[0], .753434381192, 2e-3);
    assert_near(m.sse / 99, 20594.664978, 1e-5);
    struct smoothing s = smooth_fit(nile, ARRAY_LEN(nile));
    assert_near(s.alpha, .245668153653, .01);
    assert_near(s.level, 1110.734096583651, .01);
    arena_release(&a);
}

static void naive2_takes_out_the_classical_season(void **state)
{
    static const double season[12] = {.910230367372,  .883625320694,  1.007366287604,
                                      .975906012323,  .981378027495,  1.112775826679,
                                      1.226555542931, 1.219910969446, 1.060491932647,
                                      .921757240410,  .801178082413,  .898824389985};
    double f[24];
    series_naive2(air, ARRAY_LEN(air), 12, 24, f);
    for (int k = 0; k < 24; k++)
        assert_near(f[k], 432 / season[11] * season[k % 12], 1e-10);
    series_naive2(nile, ARRAY_LEN(nile), 1, 3, f);
    assert_near(f[2], 740, 0);
}

static void scores_are_those_of_the_m4_competition(void **state)
{
    static const double y[] = {1, 2, 3, 5}, actual[] = {4, 8};
    static const struct series_step f[] = {{2, 3, 4, 5, 6}, {1, 2, 6, 7, 8}};
    struct series_score s = series_score(y, 4, 1, actual, f, 2);
    assert_near(s.smape, 100. * (0 + 2 * 2. / 14) / 2, 1e-12);
    assert_near(s.mase, 1 / (4. / 3), 1e-12);
    assert_near(s.wape, 100. * 2 / 12, 1e-12);
    assert_near(s.bias, -100. * 2 / 12, 1e-12);
    assert_near(s.coverage80, 50, 0);
    assert_near(s.coverage95, 100, 0);
    assert_near(s.msis80, (2 + 5 + 10.) / 2 / (4. / 3), 1e-12);
    assert_near(s.msis95, (4 + 7) / 2. / (4. / 3), 1e-12);
    assert_near(s.pinball,
                100 *
                    (.025 * 2 + .1 + 0 + .1 + .025 * 2 + .025 * 7 + .1 * 6 + .5 * 2 + .9 * 1 + 0) /
                    5 / 12,
                1e-12);
}

/* --- properties --- */

static void a_year_of_passengers_is_forecast_within_five_percent(void **state)
{
    struct arena a = ARENA_INIT;
    const struct series_forecast *f = forecast(&a, air, 132, 12, 12);
    struct series_score s = series_score(air, 132, 12, air + 132, f->steps, 12);
    assert_string_equal(f->model, "median of 4");
    assert_int_equal(f->n_members, 4);
    if (!(s.wape < 5))
        fail_msg("wape is %.2f %%", s.wape);
    assert_true(s.coverage95 > 80);
    assert_sound(f, 12);
    for (int k = 1; k < 12; k++)
        assert_true(k == 6 || f->steps[6].p50 > f->steps[k].p50 || k == 7);
    arena_release(&a);
}

static void a_constant_series_stays_what_it_is(void **state)
{
    static const int periods[] = {1, 4, 7, 12};
    struct arena a = ARENA_INIT;
    double y[60];
    for (size_t t = 0; t < 60; t++)
        y[t] = 1234.56;
    for (size_t n = 1; n <= 60; n++)
        for (size_t p = 0; p < ARRAY_LEN(periods); p++) {
            const struct series_forecast *f = forecast(&a, y, n, periods[p], 6);
            for (int k = 0; k < 6; k++)
                assert_true(f->steps[k].p50 == 1234.56);
        }
    const struct series_forecast *f = forecast(&a, y, 60, 12, 6);
    assert_true(f->steps[5].p97_5 == 1234.56);
    arena_release(&a);
}

static void another_unit_gives_the_same_forecast(void **state)
{
    static const double units[] = {1000, .001, 1024, 1. / 7, 1e12};
    struct arena a = ARENA_INIT;
    double y[ARRAY_LEN(air)];
    for (size_t u = 0; u < ARRAY_LEN(units); u++)
        for (size_t n = 1; n <= ARRAY_LEN(air); n += 11) {
            for (size_t t = 0; t < n; t++)
                y[t] = air[t] * units[u];
            const struct series_forecast *f = forecast(&a, air, n, 12, 18);
            const struct series_forecast *g = forecast(&a, y, n, 12, 18);
            for (int k = 0; k < 18; k++) {
                assert_near(g->steps[k].p50, f->steps[k].p50 * units[u], 1e-12);
                assert_near(g->steps[k].p97_5, f->steps[k].p97_5 * units[u], 1e-12);
                assert_near(g->totals[k].p90, f->totals[k].p90 * units[u], 1e-12);
            }
        }
    arena_release(&a);
}

/* splitmix64: what is random in a test is the same in every run */
static double chance(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void every_length_and_season_has_a_forecast(void **state)
{
    static const size_t lengths[] = {1,  2,  3,  4,  5,  6,  7,  8,  11,
                                     12, 13, 23, 24, 25, 35, 36, 60, 61};
    static const int periods[] = {1, 2, 3, 4, 7, 12, 52};
    struct arena a = ARENA_INIT;
    double y[61];
    uint64_t seed = 1;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
        for (size_t p = 0; p < ARRAY_LEN(periods); p++) {
            for (size_t t = 0; t < lengths[i]; t++)
                y[t] = 100 + 20 * chance(&seed) + (double)t;
            const struct series_forecast *f = forecast(&a, y, lengths[i], periods[p], 14);
            assert_sound(f, 14);
            assert_true(f->steps[13].p50 > 50 && f->steps[13].p50 < 400);
            arena_reset(&a);
        }
    arena_release(&a);
}

/* Shapes as bills have them, and as nobody has them. */
static double hostile(int shape, size_t t, uint64_t *seed)
{
    double u = chance(seed);
    switch (shape) {
    case 0:
        return u < .8 ? 0 : 1000 * u; /* intermittent */
    case 1:
        return 100 * (u - .5); /* either sign */
    case 2:
        return -50 - 10 * u; /* credits */
    case 3:
        return t == 20 ? 1e14 : u; /* one that dwarfs the rest */
    case 4:
        return math_exp(fmin(.5 * (double)t, 600)); /* explosive */
    case 5:
        return (double)(t % 12 == 0) * 12000; /* paid once a year */
    case 6:
        return t < 30 ? 0 : 500 + u; /* begins late */
    case 7:
        return 1e-300 * u; /* hardly there */
    case 8:
        return u < .1 ? NAN : 10 + u; /* gaps */
    case 9:
        return (t % 2 ? 1 : -1) * 1e280; /* as large as can be */
    case 10:
        return 5 * (double)t; /* a straight line */
    default:
        return math_exp(20 * (u - .5)); /* heavy tails */
    }
}

static void no_series_is_too_odd(void **state)
{
    struct arena a = ARENA_INIT;
    static const int periods[] = {1, 4, 12};
    double y[130];
    uint64_t seed = 7;
    for (int shape = 0; shape < 12; shape++)
        for (size_t n = 1; n <= 130; n += n < 30 ? 3 : 20)
            for (size_t p = 0; p < ARRAY_LEN(periods); p++) {
                bool negative = false;
                y[0] = NAN;
                for (size_t t = 0; t < n; t++) {
                    y[t] = hostile(shape, t, &seed);
                    negative |= y[t] < 0;
                }
                if (n == 1 && isnan(y[0]))
                    y[0] = 1;
                const struct series_forecast *f = forecast(&a, y, n, periods[p], 12);
                assert_sound(f, 12);
                assert_true(negative || f->steps[11].p2_5 >= 0);
                arena_reset(&a);
            }
    arena_release(&a);
}

static void a_payment_once_a_year_is_expected_again(void **state)
{
    struct arena a = ARENA_INIT;
    double y[48];
    for (size_t t = 0; t < 48; t++)
        y[t] = t % 12 == 3 ? 12000 : 0;
    const struct series_forecast *f = forecast(&a, y, 48, 12, 12);
    assert_near(f->steps[3].p50, 12000, .05);
    assert_near(f->totals[11].p50, 12000, .1);
    arena_release(&a);
}

static void a_gap_is_filled_from_its_season(void **state)
{
    struct arena a = ARENA_INIT;
    double y[ARRAY_LEN(air)];
    memcpy(y, air, sizeof air);
    y[70] = y[101] = NAN;
    const struct series_forecast *f = forecast(&a, air, ARRAY_LEN(air), 12, 12);
    const struct series_forecast *g = forecast(&a, y, ARRAY_LEN(air), 12, 12);
    for (int k = 0; k < 12; k++)
        assert_near(g->steps[k].p50, f->steps[k].p50, .03);
    arena_release(&a);
}

/* --- with a plan, and with nothing --- */

static void the_plans_phasing_carries_a_young_line(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct series_forecast *f;
    static const double y[] = {120, 120, 120}, past[] = {100, 100, 100}, future[] = {100, 200, 300};
    struct series_input in = {.y = y,
                              .n = 3,
                              .period = 12,
                              .h = 3,
                              .plan_past = past,
                              .plan_future = future};
    assert_ok(series_forecast(&a, &in, &f, &e), &e);
    assert_string_equal(f->model, "plan-phasing");
    /* 360 spent of 300 planned, and three months of plan (150 each) to its credit */
    double factor = (360 + 450) / (300 + 450.);
    for (int k = 0; k < 3; k++)
        assert_near(f->steps[k].p50, future[k] * factor, 1e-12);
    in.n = 0;
    assert_ok(series_forecast(&a, &in, &f, &e), &e);
    assert_near(f->steps[1].p50, 200, 1e-12);
    assert_true(isnan(f->steps[1].p90));
    arena_release(&a);
}

static void nothing_known_is_unknown_and_not_zero(void **state)
{
    struct arena a = ARENA_INIT;
    const double gaps[] = {NAN, NAN};
    const struct series_forecast *f = forecast(&a, NULL, 0, 12, 2);
    assert_string_equal(f->model, "none");
    assert_true(isnan(f->steps[0].p50) && isnan(f->totals[1].p90));
    f = forecast(&a, gaps, 2, 12, 2);
    assert_true(isnan(f->steps[0].p50));
    arena_release(&a);
}

static void arguments_out_of_range_are_errors(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct series_forecast *f;
    static const double infinite[] = {1, INFINITY};
    static const struct {
        struct series_input in;
        const char *part;
    } rows[] = {
        {{.y = air, .n = 12, .period = 0, .h = 1}, "season of 0"},
        {{.y = air, .n = 12, .period = 12, .h = 0}, "0 steps"},
        {{.y = air, .n = 12, .period = 12, .h = 401}, "401 steps"},
        {{.y = air, .n = 4001, .period = 12, .h = 1}, "4001 values"},
        {{.y = infinite, .n = 2, .period = 1, .h = 1}, "value 2"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_error(series_forecast(&a, &rows[i].in, &f, &e), &e, rows[i].part);
    arena_release(&a);
}

static void a_backtest_says_what_would_have_been_said(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct series_step *all;
    const struct series_input in = {.y = air, .n = 144, .period = 12, .h = 3};
    assert_ok(series_backtest(&a, &in, 5, &all, &e), &e);
    for (size_t o = 0; o < 5; o++) {
        const struct series_forecast *f = forecast(&a, air, 139 + o, 12, 3);
        for (size_t k = 0; k < 3; k++) {
            if (139 + o + k < 144)
                assert_true(memcmp(&all[o * 3 + k], &f->steps[k], sizeof *all) == 0);
            else
                assert_true(isnan(all[o * 3 + k].p50));
        }
    }
    assert_error(series_backtest(&a, &in, 145, &all, &e), &e, "145 origins");
    arena_release(&a);
}

/* --- anomalies --- */

static void a_spike_and_a_shift_stand_out(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct anomaly *v;
    double y[60], expected[60];
    uint64_t seed = 3;
    for (size_t t = 0; t < 60; t++) {
        expected[t] = 1000;
        y[t] = 1000 * (1 + .04 * (chance(&seed) - .5)) * (t >= 40 ? 1.025 : 1);
    }
    y[30] = 1200;
    assert_ok(series_anomalies(&a, y, expected, 60, &v, &e), &e);
    assert_true(isnan(v[5].z) && !isnan(v[6].z));
    assert_true(v[30].spike && v[30].z > 5);
    for (size_t t = 6; t < 29; t++)
        assert_true(!v[t].spike && !v[t].shift);
    size_t shifts = 0;
    for (size_t t = 40; t < 60; t++)
        shifts += v[t].shift ? 1 : 0;
    assert_true(shifts >= 1);
    y[3] = INFINITY;
    assert_error(series_anomalies(&a, y, expected, 60, &v, &e), &e, "value 4");
    arena_release(&a);
}

static void zero_and_negative_values_have_scores_too(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct anomaly *v;
    static const double y[] = {1, -2, 0, 2, -1, 1, 0, 40, NAN, 1};
    static const double expected[10] = {0};
    assert_ok(series_anomalies(&a, y, expected, 10, &v, &e), &e);
    assert_true(v[7].spike && !v[6].spike && isnan(v[8].z) && !isnan(v[9].z));
    arena_release(&a);
}

static void discoveries_follow_benjamini_and_hochberg(void **state)
{
    struct arena a = ARENA_INIT;
    /* p: .0027 .0124 .0357 .317 1 unknown; limits at 10 % of 5: .02 .04 .06 .08 .10 */
    static const double z[] = {0, 3, NAN, -2.5, 2.1, 1};
    bool found[6];
    assert_int_equal(series_discoveries(&a, z, 6, .1, found), 3);
    assert_true(!found[0] && found[1] && !found[2] && found[3] && found[4] && !found[5]);
    assert_int_equal(series_discoveries(&a, z, 1, .1, found), 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_airline_model_has_the_parameters_of_the_textbook),
        cmocka_unit_test(the_nile_has_the_parameters_of_the_textbook),
        cmocka_unit_test(naive2_takes_out_the_classical_season),
        cmocka_unit_test(scores_are_those_of_the_m4_competition),
        cmocka_unit_test(a_year_of_passengers_is_forecast_within_five_percent),
        cmocka_unit_test(a_constant_series_stays_what_it_is),
        cmocka_unit_test(another_unit_gives_the_same_forecast),
        cmocka_unit_test(every_length_and_season_has_a_forecast),
        cmocka_unit_test(no_series_is_too_odd),
        cmocka_unit_test(a_payment_once_a_year_is_expected_again),
        cmocka_unit_test(a_gap_is_filled_from_its_season),
        cmocka_unit_test(the_plans_phasing_carries_a_young_line),
        cmocka_unit_test(nothing_known_is_unknown_and_not_zero),
        cmocka_unit_test(arguments_out_of_range_are_errors),
        cmocka_unit_test(a_backtest_says_what_would_have_been_said),
        cmocka_unit_test(a_spike_and_a_shift_stand_out),
        cmocka_unit_test(zero_and_negative_values_have_scores_too),
        cmocka_unit_test(discoveries_follow_benjamini_and_hochberg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
