/* test_money.c - amounts: rounding, splitting, faults that ride along. */
#include "core/money.h"

#include <math.h>

#include "test.h"

static const currency USD = {"USD"}, EUR = {"EUR"};

static void doubles_round_half_even_to_the_cent(void **state)
{
    static const struct {
        double in;
        const char *out;
    } rows[] = {{0.125, "0.12"},       {0.135, "0.14"},   {55864.125, "55864.12"}, {-0.125, "-0.12"},
                {1e12, "1000000000000.00"}, {0.004, "0.00"}, {NAN, "?"},          {INFINITY, "?"},
                {1e13, "?"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[MONEY_TEXT];
        assert_str(money_format(money_from_double(rows[i].in, USD), 2, text), rows[i].out);
    }
}

static void ratios_round_once(void **state)
{
    assert_int_equal(money_ratio(money_of(5, USD), 1, 2, ROUND_HALF_EVEN).micros, 2);
    assert_int_equal(money_ratio(money_of(5, USD), 1, 2, ROUND_HALF_UP).micros, 3);
    assert_int_equal(money_ratio(money_of(-5, USD), 1, 2, ROUND_HALF_UP).micros, -3);
    assert_int_equal(money_ratio(money_of(-7, USD), 1, -2, ROUND_DOWN).micros, 3);
    assert_int_equal(money_round(money_of(25000, USD), CENT_MICROS, ROUND_HALF_EVEN).micros, 20000);
    assert_int_equal(money_ratio(money_of(INT64_MAX, USD), 3, 1, ROUND_DOWN).fault, MONEY_OVERFLOW);
    assert_int_equal(money_ratio(money_of(1, USD), 3, 0, ROUND_DOWN).fault, MONEY_OVERFLOW);
}

static void split_parts_always_sum_to_the_whole(void **state)
{
    static const int64_t even[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const int64_t odd[3] = {3, 0, 7};
    money parts[12];
    money_split(money_of(196300994 * (int64_t)CENT_MICROS, USD), even, 12, CENT_MICROS, parts);
    money sum = money_zero(USD);
    for (size_t i = 0; i < 12; i++)
        sum = money_add(sum, parts[i]);
    assert_int_equal(sum.micros, 196300994 * (int64_t)CENT_MICROS);
    assert_int_equal(parts[1].micros, 16358417 * (int64_t)CENT_MICROS);
    assert_int_equal(parts[2].micros, 16358416 * (int64_t)CENT_MICROS);
    money_split(money_of(-100, USD), odd, 3, 1, parts);
    assert_int_equal(parts[0].micros, -30);
    assert_int_equal(parts[1].micros, 0);
    assert_int_equal(parts[2].micros, -70);
}

static void faults_survive_arithmetic(void **state)
{
    money bad = money_add(money_of(1, USD), money_of(1, EUR));
    assert_int_equal(bad.fault, MONEY_MIXED);
    assert_int_equal(money_add(money_zero(USD), bad).fault, MONEY_MIXED);
    assert_int_equal(money_add(money_of(INT64_MAX, USD), money_of(1, USD)).fault, MONEY_OVERFLOW);
    assert_int_equal(money_neg(money_of(INT64_MIN, USD)).fault, MONEY_OVERFLOW);
    assert_true(dec_is_null(money_to_dec(bad)));
    assert_int_equal(money_from_dec(DEC_NULL, USD).fault, MONEY_UNKNOWN);
    assert_int_equal(money_from_dec(DEC_ONE / 2, USD).micros, 500000);
    assert_string_equal(money_fault_text(bad), "two currencies");
}

static void amounts_format_with_fixed_places(void **state)
{
    static const struct {
        int64_t micros;
        int places;
        const char *out;
    } rows[] = {{0, 2, "0.00"},          {5000, 2, "0.00"},      {15000, 2, "0.02"},
                {-5000, 2, "0.00"},      {-15000, 2, "-0.02"},   {1234567890, 2, "1234.57"},
                {1500000, 0, "2"},       {2500000, 0, "2"},      {1, 6, "0.000001"},
                {INT64_MIN, 2, "-9223372036854.78"}, {999999, 0, "1"}, {10000, 2, "0.01"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[MONEY_TEXT];
        assert_str(money_format(money_of(rows[i].micros, USD), rows[i].places, text), rows[i].out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_round_half_even_to_the_cent),
        cmocka_unit_test(ratios_round_once),
        cmocka_unit_test(split_parts_always_sum_to_the_whole),
        cmocka_unit_test(faults_survive_arithmetic),
        cmocka_unit_test(amounts_format_with_fixed_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
