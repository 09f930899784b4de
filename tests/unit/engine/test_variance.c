/* test_variance.c - variances, flags, and parts that sum to the whole. */
#include "engine/variance.h"

#include <math.h>

#include "test.h"

static dec d(const char *text)
{
    dec v;
    if (dec_parse(str_of(text), &v) != DEC_OK)
        fail_msg("'%s' is no number", text);
    return v;
}

static void near(double actual, double expected, double within)
{
    if (!(fabs(actual - expected) <= within))
        fail_msg("%.12g is not %.12g", actual, expected);
}

static void a_flag_needs_both_strictly_over_the_share_and_at_least_the_floor(void **state)
{
    static const struct {
        const char *actual, *budget, *pct;
        bool favorable, flag, unbudgeted;
    } rows[] = {
        {"115", "100", "0.15", false, false, false},
        {"115.01", "100", "0.1501", false, true, false},
        {"85", "100", "-0.15", true, false, false},
        {"84.99", "100", "-0.1501", true, true, false},
        {"11.5", "5", "1.3", false, false, false}, /* below the floor of 10 */
        {"15", "5", "2", false, true, false},      /* exactly the floor */
        {"0", "40", "-1", true, true, false},
        {"0", "0", "", true, false, false},
        {"9.99", "0", "", false, false, false},
        {"10", "0", "", false, false, true},
        {"-10", "0", "", true, false, true},
        {"-20", "100", "-1.2", true, true, false},
        {"-80", "-100", "0.2", false, true, false}, /* a credit smaller than planned */
        {"100000000000000000", "1", "99999999999999999", false, true, false},
    };
    struct variance_rule r = {d("0.15"), d("10")};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[DEC_TEXT];
        struct variance v = variance_of(d(rows[i].actual), d(rows[i].budget), &r);
        assert_str(dec_format(v.pct, text), rows[i].pct);
        assert_int_equal(v.favorable, rows[i].favorable);
        assert_int_equal(v.flag, rows[i].flag);
        assert_int_equal(v.unbudgeted, rows[i].unbudgeted);
        assert_int_equal(variance_needs_words(&v), rows[i].flag || rows[i].unbudgeted);
    }
    struct variance v = variance_of(DEC_NULL, d("5"), &r);
    assert_true(dec_is_null(v.delta) && dec_is_null(v.pct) && !v.flag && !v.unbudgeted);
}

static void volume_mix_and_price_give_the_reference(void **state)
{
    const double q0[] = {600, 400}, p0[] = {2, 10}, q1[] = {900, 300}, p1[] = {1.8, 11};
    struct volume_mix_price v = variance_pvm(q0, p0, q1, p1, 2);
    (void)state;
    near(v.volume, 1040, 1e-9);
    near(v.mix, -1440, 1e-9);
    near(v.price, 120, 1e-9);
}

static void chains_split_as_the_reference_says(void **state)
{
    const double f0[] = {1000, 8, 3, 2500, 3e-6}, f1[] = {1300, 9, 3.2, 2100, 2.4e-6};
    const double shapley[] = {48.9842, 22.0034, 12.0592, -32.6083, -41.7408};
    const double lmdi[] = {48.3576, 21.7091, 11.8954, -32.1359, -41.1286};
    double x[5], y[5], sum_x = 0, sum_y = 0;
    (void)state;
    variance_product(f0, f1, 5, x);
    assert_true(variance_lmdi(f0, f1, 5, y));
    for (int i = 0; i < 5; i++) {
        near(x[i], shapley[i], 5e-5);
        near(y[i], lmdi[i], 5e-5);
        sum_x += x[i];
        sum_y += y[i];
    }
    near(sum_x, 8.6976, 1e-9);
    near(sum_y, 8.6976, 1e-9);
    const double zero[] = {1, 0, 1, 1, 1};
    assert_false(variance_lmdi(f0, zero, 5, y));
}

/* Repeatable numbers; which ones does not matter. */
static double draw(uint64_t *seed, double lo, double hi)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return lo + (hi - lo) * (double)(*seed >> 11) / 9007199254740992.0;
}

static void parts_sum_to_the_variance_to_the_cent_in_ten_thousand_cases(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        double f0[VARIANCE_FACTORS], f1[VARIANCE_FACTORS], parts[VARIANCE_FACTORS];
        size_t n = 2 + (size_t)draw(&seed, 0, 6.999);
        double v0 = 1, v1 = 1;
        for (size_t k = 0; k < n; k++) {
            f0[k] = draw(&seed, 0, 40);
            f1[k] = draw(&seed, 0, 10) < 1 ? 0 : draw(&seed, 0, 40);
            v0 *= f0[k];
            v1 *= f1[k];
        }
        variance_product(f0, f1, n, parts);
        dec budget = (dec)(int64_t)(v0 * 100) * (DEC_ONE / 100);
        dec actual = (dec)(int64_t)(v1 * 1e4) * (DEC_ONE / 10000);
        dec cents[VARIANCE_FACTORS], other, sum = 0;
        variance_cents(actual - budget, parts, n, cents, &other);
        for (size_t k = 0; k < n; k++) {
            assert_true(cents[k] % (DEC_ONE / 100) == 0);
            near(dec_to_double(cents[k]), parts[k], 0.02 + fabs(parts[k]) * 1e-9);
            sum += cents[k];
        }
        assert_true(other == 0);
        assert_true(sum == dec_round(actual - budget, 2));
    }
}

static void what_parts_do_not_explain_is_told_apart(void **state)
{
    const double parts[] = {10.004, -3.5, NAN};
    dec c[3], other;
    (void)state;
    variance_cents(d("106.504"), parts, 3, c, &other);
    assert_true(c[0] + c[1] + c[2] + other == d("106.5"));
    assert_true(other == d("100"));
    variance_cents(d("-1.005"), parts, 0, c, &other);
    assert_true(other == d("-1")); /* half-even */
}

static void what_cancels_between_months_is_timing(void **state)
{
    static const struct {
        const char *deltas[4], *timing[4];
    } rows[] = {
        {{"-100", "100", "0", "0"}, {"-100", "100", "0", "0"}},
        {{"-100", "160", "40", "0"}, {"-100", "80", "20", "0"}},
        {{"50", "60", "0", "0"}, {"0", "0", "0", "0"}},
        {{"-30", "-60", "30", "0"}, {"-10", "-20", "30", "0"}},
        {{"1", "1", "1", "-1"}, {"0.34", "0.33", "0.33", "-1"}},
        {{"0", "0", "0", "0"}, {"0", "0", "0", "0"}},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        dec deltas[4], timing[4], sum = 0;
        for (int k = 0; k < 4; k++)
            deltas[k] = d(rows[i].deltas[k]);
        variance_timing(deltas, 4, timing);
        for (int k = 0; k < 4; k++) {
            char text[DEC_TEXT];
            assert_str(dec_format(timing[k], text), rows[i].timing[k]);
            sum += timing[k];
        }
        assert_true(sum == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_needs_both_strictly_over_the_share_and_at_least_the_floor),
        cmocka_unit_test(volume_mix_and_price_give_the_reference),
        cmocka_unit_test(chains_split_as_the_reference_says),
        cmocka_unit_test(parts_sum_to_the_variance_to_the_cent_in_ten_thousand_cases),
        cmocka_unit_test(what_parts_do_not_explain_is_told_apart),
        cmocka_unit_test(what_cancels_between_months_is_timing),
    };
    return cmocka_run_group_tests_name("engine_variance", tests, NULL, NULL);
}
