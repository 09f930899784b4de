/* test_dec.c - exact decimals. */
#include "core/dec.h"
#include "test.h"

static void decimals_parse_exactly(void **state)
{
    static const struct {
        const char *in, *out;
        enum dec_parse r;
    } rows[] = {
        {"0", "0", DEC_OK},
        {"-0.50", "-0.5", DEC_OK},
        {".5", "0.5", DEC_OK},
        {"5.", "5", DEC_OK},
        {"1e-7", "0.0000001", DEC_OK},
        {"1.50E+3", "1500", DEC_OK},
        {"5.64902E-05", "0.0000564902", DEC_OK},
        {"0.003835980000000000000000000000", "0.00383598", DEC_OK},
        {"0.0000000000000000005", "0", DEC_ROUNDED},
        {"0.0000000000000000015", "0.000000000000000002", DEC_ROUNDED},
        {"0.00000000000000000050000000001", "0.000000000000000001", DEC_ROUNDED},
        {"1.5e-25", "0", DEC_ROUNDED},
        {"99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999", DEC_OK},
        {"99999999999999999999.9999999999999999999", "", DEC_TOO_BIG},
        {"100000000000000000000", "", DEC_TOO_BIG},
        {"123456789012.123456789012345678901234", "123456789012.123456789012345679", DEC_ROUNDED},
        {"1e19", "10000000000000000000", DEC_OK},
        {"1e20", "", DEC_TOO_BIG},
        {"0e99999", "0", DEC_OK},
        {"-1e-18", "-0.000000000000000001", DEC_OK},
        {"", "", DEC_BAD},
        {"-", "", DEC_BAD},
        {".", "", DEC_BAD},
        {"+1", "", DEC_BAD},
        {"1,000", "", DEC_BAD},
        {"1 ", "", DEC_BAD},
        {"1e", "", DEC_BAD},
        {"1.2.3", "", DEC_BAD},
        {"0x10", "", DEC_BAD},
        {"nan", "", DEC_BAD},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        dec v = 0;
        char text[DEC_TEXT];
        if (dec_parse(str_of(rows[i].in), &v) != rows[i].r)
            fail_msg("'%s': wrong result", rows[i].in);
        if (rows[i].r == DEC_OK || rows[i].r == DEC_ROUNDED)
            assert_str(dec_format(v, text), rows[i].out);
    }
}

static void loose_amounts_parse_as_spreadsheets_write_them(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"$10,100.00 ", "10100"}, {"(420.81)", "-420.81"}, {"1,000,000.00", "1000000"},
        {"EUR 90", "90"},         {"90 EUR", "90"},        {"\xe2\x82\xac" "5", "5"},
        {"-$3.50", "-3.5"},       {"$-3.50", "-3.5"},      {"+7", "7"},
        {"1,00", NULL},           {"1,0000", NULL},        {",100", NULL},
        {"1.000,00", NULL},       {"10,10.00", NULL},      {"USD", NULL},
        {"12,3x", NULL},          {"(-3)", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        dec v = 0;
        char text[DEC_TEXT];
        enum dec_parse r = dec_parse_loose(str_of(rows[i].in), &v);
        if ((r == DEC_OK) != (rows[i].out != NULL))
            fail_msg("'%s': wrong result", rows[i].in);
        if (rows[i].out)
            assert_str(dec_format(v, text), rows[i].out);
    }
}

static void products_round_half_even_once(void **state)
{
    dec third, r, half = DEC_ONE / 2;
    assert_true(dec_div(DEC_ONE, 3 * DEC_ONE, &third));
    assert_true(third == DEC_ONE / 3);
    assert_true(dec_mul(half, (dec)1, &r) && r == 0);
    assert_true(dec_mul(half, (dec)3, &r) && r == 2);
    assert_true(dec_mul(-half, (dec)3, &r) && r == -2);
    assert_true(dec_muldiv(dec_from_i64(1000000), dec_from_i64(3), dec_from_i64(1000000), &r));
    assert_true(r == 3 * DEC_ONE);
    assert_false(dec_div(DEC_ONE, 0, &r));
    assert_false(dec_mul(dec_from_i64(INT64_MAX), dec_from_i64(INT64_MAX), &r));
    assert_true(dec_round(dec_from_i64(5) / 2, 0) == 2 * DEC_ONE);
    assert_true(dec_round(dec_from_i64(-7) / 2, 0) == -4 * DEC_ONE);
    char text[DEC_TEXT];
    assert_str(dec_format_fixed(DEC_ONE * 5 / 1000, 2, text), "0.00");
    assert_str(dec_format_fixed(DEC_ONE * 15 / 1000, 2, text), "0.02");
    assert_str(dec_format_fixed(-DEC_ONE * 1234, 0, text), "-1234");
    char grouped[DEC_GROUPED_TEXT];
    assert_str(dec_format_grouped(-DEC_ONE * 1234567, 2, grouped), "-1,234,567.00");
    assert_str(dec_format_grouped(-DEC_ONE * 123, 0, grouped), "-123");
    assert_str(dec_format_grouped(DEC_ONE * 999, 1, grouped), "999.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_parse_exactly),
        cmocka_unit_test(loose_amounts_parse_as_spreadsheets_write_them),
        cmocka_unit_test(products_round_half_even_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
