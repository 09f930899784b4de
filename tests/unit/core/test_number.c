/* test_number.c - numbers as people write them. */
#include "core/number.h"

#include <math.h>

#include "core/dist.h"
#include "test.h"

static void numbers_read_as_written(void **state)
{
    static const struct {
        const char *in;
        double point, lo, hi;
        const char *currency;
        enum number_per per;
        bool percent;
    } rows[] = {
        {"0", 0, 0, 0, "", PER_NONE, false},
        {"185k", 185e3, 185e3, 185e3, "", PER_NONE, false},
        {"1.2M", 1.2e6, 1.2e6, 1.2e6, "", PER_NONE, false},
        {"3B", 3e9, 3e9, 3e9, "", PER_NONE, false},
        {"22%", 0.22, 0.22, 0.22, "", PER_NONE, true},
        {"-20%", -0.2, -0.2, -0.2, "", PER_NONE, true},
        {"+20%", 0.2, 0.2, 0.2, "", PER_NONE, true},
        {"$0.40", 0.4, 0.4, 0.4, "USD", PER_NONE, false},
        {"\xe2\x82\xac" "5", 5, 5, 5, "EUR", PER_NONE, false},
        {"\xc2\xa3" "3k", 3000, 3000, 3000, "GBP", PER_NONE, false},
        {"EUR 90k/yr", 90e3, 90e3, 90e3, "EUR", PER_YEAR, false},
        {"12k once", 12e3, 12e3, 12e3, "", PER_ONCE, false},
        {"6 months", 6, 6, 6, "", PER_MONTHS, false},
        {"1 month", 1, 1, 1, "", PER_MONTHS, false},
        {"8 to 18", 12, 8, 18, "", PER_NONE, false},
        {"$8 to 18", 12, 8, 18, "USD", PER_NONE, false},
        {"8 to 18/mo", 12, 8, 18, "", PER_MONTH, false},
        {"10 (8 to 14)", 10, 8, 14, "", PER_NONE, false},
        {"9600/mo (7800 to 12200)", 9600, 7800, 12200, "", PER_MONTH, false},
        {"2 months (1 to 4)", 2, 1, 4, "", PER_MONTHS, false},
        {"$3.60 (3.00 to 4.40)", 3.6, 3, 4.4, "USD", PER_NONE, false},
        {"20% to 80%", 0.5, 0.2, 0.8, "", PER_NONE, true},
        {"115% to 160%", 1.3564659966250536, 1.15, 1.6, "", PER_NONE, true},
        {"-4 to 8", 2, -4, 8, "", PER_NONE, false},
        {"0% to 10%", 0.05, 0, 0.1, "", PER_NONE, true},
        {"2.5%/mo (1% to 5%)", 0.025, 0.01, 0.05, "", PER_MONTH, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct number v;
        struct number_fault f;
        if (!number_parse(str_of(rows[i].in), &v, &f))
            fail_msg("'%s': %s", rows[i].in, f.text);
        if (fabs(v.point - rows[i].point) > 1e-9 * fabs(rows[i].point) + 1e-15 || v.lo != rows[i].lo ||
            v.hi != rows[i].hi || v.per != rows[i].per || v.percent != rows[i].percent)
            fail_msg("'%s' gives %.17g (%.17g to %.17g) per %d", rows[i].in, v.point, v.lo, v.hi, v.per);
        assert_string_equal(v.currency.code, rows[i].currency);
    }
}

static void faults_name_the_part_that_is_wrong(void **state)
{
    static const struct {
        const char *in, *part, *text, *hint;
    } rows[] = {
        {"", "", "'' is not a number", ""},
        {"1,000", "1,000", "'1,000' has a thousands separator",
         "Write 1000 or 1k, with '.' before decimals."},
        {"10 (8 to 1,400)", "1,400", "'1,400' has a thousands separator",
         "Write 1000 or 1k, with '.' before decimals."},
        {"1.000.000", "1.000.000", "'1.000.000' has a thousands separator",
         "Write 1000 or 1k, with '.' before decimals."},
        {"1e3", "1e3", "'1e3' has an exponent", "Write 1000 or 1k."},
        {"5K", "5K", "'K' is not a known suffix",
         "Use k for thousands, M for millions, B for billions."},
        {"14 to 8", "14 to 8", "the ends of the range '14 to 8' are swapped",
         "Write the lower end first."},
        {"10 (14 to 8)", "14 to 8", "the ends of the range '14 to 8' are swapped",
         "Write the lower end first."},
        {"20 (8 to 14)", "20 (8 to 14)", "'20' is not inside its range '8 to 14'",
         "The plan's number stands between the two ends."},
        {"10% (8 to 14)", "8", "a range mixes percentages and plain numbers",
         "Write % at each number of the range."},
        {"5/wk", "/wk", "'/wk' is not a known unit", "Use /mo or /yr."},
        {"10 (8)", "(8)", "a range in parentheses needs two ends", "Write '10 (8 to 14)'."},
        {"10 (8 to 14", "(8 to 14", "a ')' is missing", ""},
        {"5 apples", "apples", "'apples' is not expected behind '5'", ""},
        {"many", "many", "'many' is not a number", ""},
        {"XAU 5", "XAU", "", ""},
        {"$5 to EUR 9", "EUR 9", "'EUR 9' is in another currency than what it belongs to",
         "Write the currency once, in front."},
        {"5/mo to 9/yr", "9/yr", "'9/yr' has another unit than what it belongs to",
         "Write the unit once."},
        {"999999999999999999999", "999999999999999999999", "'999999999999999999999' is too large", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct number v;
        struct number_fault f;
        str s = str_of(rows[i].in);
        if (number_parse(s, &v, &f)) {
            if (rows[i].text[0])
                fail_msg("'%s': no fault", rows[i].in);
            continue;
        }
        if (!rows[i].text[0])
            continue;
        if (strcmp(f.text, rows[i].text) || strcmp(f.hint, rows[i].hint))
            fail_msg("'%s': %s / %s", rows[i].in, f.text, f.hint);
        assert_str(str_sub(s, f.at, f.at + f.n), rows[i].part);
    }
}

static void ranges_hit_their_ends_exactly(void **state)
{
    static const struct {
        double lo, p, hi;
        bool share;
    } rows[] = {{8, 10, 14, false}, {0.2, 0.22, 0.25, true}, {-4, 1, 8, false}, {1.15, 1.3, 1.6, true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum dist_kind k = dist_kind(rows[i].lo, rows[i].hi, rows[i].share);
        for (int j = -1; j <= 1; j++) {
            double want = j < 0 ? rows[i].lo : j > 0 ? rows[i].hi : rows[i].p;
            double got = dist_at(k, rows[i].lo, rows[i].p, rows[i].hi, j * DIST_Z95, DIST_Z95);
            assert_true(fabs(got - want) < 1e-12 * (1 + fabs(want)));
        }
    }
    assert_true(fabs(dist_z_of(0.95) - DIST_Z95) < 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_read_as_written),
        cmocka_unit_test(faults_name_the_part_that_is_wrong),
        cmocka_unit_test(ranges_hit_their_ends_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
