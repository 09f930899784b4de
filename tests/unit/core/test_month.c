/* test_month.c - months and fiscal spans. */
#include "core/month.h"
#include "test.h"

static void spans_parse(void **state)
{
    static const struct {
        const char *in;
        int fiscal;
        const char *from, *to;
    } rows[] = {
        {"2026", 7, "2026-01", "2026-12"},   {"2026-07", 7, "2026-07", "2026-07"},
        {"2026-Q3", 7, "2026-07", "2026-09"}, {"FY2027", 7, "2026-07", "2027-06"},
        {"FY27-Q2", 7, "2026-10", "2026-12"}, {"fy2027", 1, "2027-01", "2027-12"},
        {"2026-01..2026-06", 7, "2026-01", "2026-06"}, {"FY2026..FY2027", 7, "2025-07", "2027-06"},
        {"2026-13", 7, NULL, NULL},           {"26", 7, NULL, NULL},
        {"FY202", 7, NULL, NULL},             {"2026-Q5", 7, NULL, NULL},
        {"2026-02..2026-01", 7, NULL, NULL},  {"", 7, NULL, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct month_span s;
        char text[MONTH_TEXT];
        bool ok = month_span_parse(str_of(rows[i].in), rows[i].fiscal, &s);
        if (ok != (rows[i].from != NULL))
            fail_msg("'%s'", rows[i].in);
        if (ok) {
            assert_str(month_format(s.from, text), rows[i].from);
            assert_str(month_format(s.to, text), rows[i].to);
        }
    }
}

static void months_and_days_agree(void **state)
{
    for (month m = month_of(1999, 1); m < month_of(2101, 1); m++) {
        assert_int_equal(month_of_day(month_first_day(m)), m);
        assert_int_equal(month_of_day(month_last_day(m)), m);
        assert_int_equal(month_last_day(m) + 1, month_first_day(m + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_parse),
        cmocka_unit_test(months_and_days_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
