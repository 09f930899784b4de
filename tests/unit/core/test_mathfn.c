/* test_mathfn.c - own exp, log, pow, normal distribution against values computed to 75 digits. */
#include "test.h"

#include <math.h>

#include "core/dist.h"
#include "core/mathfn.h"

struct row {
    double x, expected;
};

static void near(double actual, double expected, double relative)
{
    if (!(fabs(actual - expected) <= relative * fabs(expected)))
        fail_msg("%.17g is not %.17g", actual, expected);
}

static void exp_is_within_an_ulp(void **state)
{
    static const struct row rows[] = {
        {0x1.0p+0, 0x1.5bf0a8b145769p+1},
        {-0x1.0p+0, 0x1.78b56362cef38p-2},
        {0x1.0p-1, 0x1.a61298e1e069cp+0},
        {0x1.12e0be826d695p-30, 0x1.000000044b830p+0},
        {-0x1.999999999999ap-4, 0x1.cf46d99d52b3ap-1},
        {0x1.26bb1bbb55516p+1, 0x1.4000000000001p+3},
        {0x1.4800000000000p+3, 0x1.b9ea2aed2a0f1p+14},
        {-0x1.2c00000000000p+5, 0x1.dd5c566301ec8p-55},
        {0x1.9080000000000p+6, 0x1.5daaf24221d5ep+144},
        {0x1.5e40000000000p+9, 0x1.8625c7d4f56c2p+1010},
        {0x1.62d999999999ap+9, 0x1.d75ae7a50ee14p+1023},
        {-0x1.5e20000000000p+9, 0x1.af5fe9a485c8ep-1011},
        {-0x1.7400000000000p+9, 0x0.0000000000002p-1022},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        near(math_exp(rows[i].x), rows[i].expected, 0x1p-52);
}

static void log_is_within_an_ulp(void **state)
{
    static const struct row rows[] = {
        {0x1.0p+1, 0x1.62e42fefa39efp-1},
        {0x1.0p-1, -0x1.62e42fefa39efp-1},
        {0x1.4000000000000p+3, 0x1.26bb1bbb55516p+1},
        {0x1.000001ad7f29bp+0, 0x1.ad7f2847b6492p-24},
        {0x1.ffffde7210be9p-1, -0x1.0c6f82d74d230p-20},
        {0x1.6a09e55c0fcb5p+0, 0x1.62e42cf9ee3ebp-2},
        {0x1.6a0902de00d1bp-1, -0x1.62e6b3842a25ep-2},
        {0x0.03739a252b281p-1022, -0x1.6459f44103e87p+9},
        {0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9},
        {0x1.e240c9fbe76c9p+16, 0x1.77281cad8a844p+3},
        {0x1.3333333333333p-2, -0x1.34378fcbda721p+0},
        {0x1.199999999999ap+0, 0x1.8663f793c46ccp-4},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        near(math_log(rows[i].x), rows[i].expected, 0x1p-52);
}

static void powers_keep_fifteen_digits_also_of_large_exponents(void **state)
{
    static const struct {
        double x, y, expected;
    } rows[] = {
        {0x1.0p+1, 0x1.0p-1, 0x1.6a09e667f3bcdp+0},
        {0x1.4000000000000p+3, -0x1.8000000000000p+1, 0x1.0624dd2f1a9fcp-10},
        {0x1.0666666666666p+0, 0x1.6000000000000p+3, 0x1.4fe4e944c63dbp+0},
        {0x1.6ceffd01b47dfp-1, 0x1.6facc0e295c02p+10, 0x1.7c66210d84befp-719},
        {0x1.8000000000000p+1, 0x1.4000000000000p+5, 0x1.517168a4523fdp+63},
        {0x1.00068db8bac71p+0, 0x1.86a0800000000p+16, 0x1.58023a28283c2p+14},
        {0x1.eb851eb851eb8p-6, 0x1.d318fc504816fp-1, 0x1.4e3f42c5c4ac8p-5},
        {0x1.55cc000000000p+19, -0x1.a200000000000p+5, 0x1.609ff9504a073p-1015},
        {0x1.edd2f1a9fbe77p+6, 0x1.5555555555555p-2, 0x1.3ead4f488ee35p+2},
        {0x1.56e1fc2f8f359p-997, 0x1.8p-1, 0x1.7b08617a104eep-748},
        {0x1.71c71c71c71c7p+0, 0x1.745d1707588eep-2, 0x1.24a045683a29bp+0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        near(math_pow(rows[i].x, rows[i].y), rows[i].expected, 5e-16);
}

static void normal_quantile_keeps_fourteen_digits_in_the_tails(void **state)
{
    static const struct row rows[] = {
        {0x1.0p-1, 0x0.0p+0},
        {0x1.e666666666666p-1, 0x1.a515209676abbp+0},
        {0x1.999999999999ap-5, -0x1.a515209676abdp+0},
        {0x1.999999999999ap-4, -0x1.4813c36e26d32p+0},
        {0x1.0p-2, -0x1.5956b87528a49p-1},
        {0x1.d99999999999ap-1, 0x1.7085226d3e525p+0},
        {0x1.f333333333333p-1, 0x1.f5c0331eeff83p+0},
        {0x1.3333333333333p-1, 0x1.036d6c4a04b59p-2},
        {0x1.0624dd2f1a9fcp-10, -0x1.8b8cbb7204471p+1},
        {0x1.4f8b588e368f1p-17, -0x1.10f3f8843a3d9p+2},
        {0x1.b7cdfd9d7bdbbp-34, -0x1.97203597a2155p+2},
        {0x1.bff2ee48e0530p-333, -0x1.546010d755221p+4},
        {0x1.56e1fc2f8f359p-997, -0x1.286074064c26ep+5},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        near(math_normal_quantile(rows[i].x), rows[i].expected, 1e-15);
    near(dist_z_of(0.95), DIST_Z95, 1e-15);
}

static void normal_cdf_keeps_the_digits_of_the_smaller_tail(void **state)
{
    static const struct row rows[] = {
        {0x0.0p+0, 0x1.0p-1},
        {0x1.0p+0, 0x1.aec4bd120d37dp-1},
        {-0x1.0p+0, 0x1.44ed0bb7cb20bp-3},
        {0x1.0p-1, 0x1.62075e232ac77p-1},
        {0x1.a515209676abbp+0, 0x1.e666666666666p-1},
        {-0x1.a515209676abbp+0, 0x1.99999999999a1p-5},
        {-0x1.4000000000000p+1, 0x1.96f4e57e49ce4p-8},
        {0x1.4000000000000p+1, 0x1.fcd21635036c6p-1},
        {-0x1.4000000000000p+2, 0x1.33ca2f2133831p-22},
        {-0x1.0800000000000p+3, 0x1.6d3ba010ac799p-54},
        {-0x1.4000000000000p+4, 0x1.c0bd0f1880783p-295},
        {-0x1.2800000000000p+5, 0x1.eaccc6bfeb0afp-995},
        {0x1.0p+2, 0x1.fffbd94a1aad4p-1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        near(math_normal_cdf(rows[i].x), rows[i].expected, 2e-14);
}

static void ends_are_the_usual_ones(void **state)
{
    assert_true(math_exp(710) == INFINITY && math_exp(-746) == 0 && math_exp(0) == 1);
    assert_true(math_exp(INFINITY) == INFINITY && math_exp(-INFINITY) == 0);
    assert_true(math_log(0) == -INFINITY && math_log(1) == 0 && math_log(INFINITY) == INFINITY);
    assert_true(isnan(math_log(-1)) && isnan(math_exp(NAN)) && isnan(math_log(NAN)));
    assert_true(math_pow(0, 0) == 1 && math_pow(0, 2) == 0 && math_pow(0, -1) == INFINITY);
    assert_true(math_pow(-2, 3) == -8 && math_pow(-2, 2) == 4 && isnan(math_pow(-2, 0.5)));
    assert_true(math_pow(10, 400) == INFINITY && math_pow(10, -400) == 0);
    assert_true(math_normal_quantile(0) == -INFINITY && math_normal_quantile(1) == INFINITY);
    assert_true(isnan(math_normal_quantile(-0.1)));
    assert_true(math_normal_cdf(INFINITY) == 1 && math_normal_cdf(-INFINITY) == 0);
}

static void ranges_hit_their_ends(void **state)
{
    static const struct {
        double lo, p, hi;
        bool share;
    } rows[] = {{8, 10, 14, false}, {0.12, 0.22, 0.34, true}, {-3, 1, 2, false}, {5, 5, 9, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum dist_kind k = dist_kind(rows[i].lo, rows[i].hi, rows[i].share);
        double at[] = {-DIST_Z95, 0, DIST_Z95}, expected[] = {rows[i].lo, rows[i].p, rows[i].hi};
        for (size_t j = 0; j < 3; j++)
            near(dist_at(k, rows[i].lo, rows[i].p, rows[i].hi, at[j], DIST_Z95), expected[j],
                 4e-15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_an_ulp),
        cmocka_unit_test(log_is_within_an_ulp),
        cmocka_unit_test(powers_keep_fifteen_digits_also_of_large_exponents),
        cmocka_unit_test(normal_quantile_keeps_fourteen_digits_in_the_tails),
        cmocka_unit_test(normal_cdf_keeps_the_digits_of_the_smaller_tail),
        cmocka_unit_test(ends_are_the_usual_ones),
        cmocka_unit_test(ranges_hit_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
