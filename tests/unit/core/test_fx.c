/* test_fx.c - exchange rates by day and month. */
#include "core/price_book.h"
#include "test.h"

static currency ccy(const char *code)
{
    currency c;
    if (!currency_parse(str_of(code), &c))
        fail_msg("'%s' is no currency", code);
    return c;
}

/* 1 unit converted, 7 decimals */
static void check(dec num, dec den, const char *expected)
{
    dec v = 0;
    char text[DEC_TEXT];
    assert_true(dec_muldiv(DEC_ONE, num, den, &v));
    assert_str(dec_format_fixed(v, 7, text), expected);
}

static const char RATES[] = "\xef\xbb\xbf"
                            "Date,USD,JPY,GBP\r\n"
                            "2026-03-03,1.2,120,0.8\r\n"
                            "2026-03-02,1.1,N/A,0.9\r\n"
                            "2026-02-27,1.0,100,\r\n";

static void months_use_the_mean_of_their_days(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    dec num, den;
    struct fx_table *t = fx_new(&a);
    assert_ok(fx_add_csv(t, S("rates.csv"), str_of(RATES), ccy("EUR"), &e), &e);
    month march = month_of(2026, 3), february = month_of(2026, 2);
    assert_ok(fx_month(t, ccy("EUR"), ccy("USD"), march, &num, &den, &e), &e);
    check(num, den, "1.1500000");
    assert_ok(fx_month(t, ccy("USD"), ccy("EUR"), march, &num, &den, &e), &e);
    check(num, den, "0.8695652");
    assert_ok(fx_month(t, ccy("JPY"), ccy("GBP"), march, &num, &den, &e), &e);
    check(num, den, "0.0070833"); /* 0.85 / 120: each by its own days */
    assert_ok(fx_month(t, ccy("SEK"), ccy("SEK"), march, &num, &den, &e), &e);
    check(num, den, "1.0000000");
    assert_error(fx_month(t, ccy("GBP"), ccy("EUR"), february, &num, &den, &e), &e,
                 "no exchange rate of GBP in 2026-02");
    assert_error(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2026, 4), &num, &den, &e), &e,
                 "no exchange rate of USD in 2026-04");
    assert_error(fx_month(t, ccy("SEK"), ccy("USD"), march, &num, &den, &e), &e,
                 "no exchange rate of SEK against EUR is known");
    arena_release(&a);
}

static void days_without_a_rate_use_the_last_before(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    dec num, den;
    struct fx_table *t = fx_new(&a);
    assert_ok(fx_add_csv(t, S("rates.csv"), str_of(RATES), ccy("EUR"), &e), &e);
    /* clang-format off */
    static const struct {
        int mon, mday;
        const char *rate; /* NULL: none */
    } rows[] = {
        {2, 26, NULL}, {2, 27, "1.0000000"}, {3, 1, "1.0000000"}, {3, 2, "1.1000000"},
        {3, 10, "1.2000000"}, {3, 11, NULL},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        day d = day_from_civil(2026, rows[i].mon, rows[i].mday);
        if (rows[i].rate) {
            assert_ok(fx_day(t, ccy("EUR"), ccy("USD"), d, &num, &den, &e), &e);
            check(num, den, rows[i].rate);
        } else {
            assert_error(fx_day(t, ccy("EUR"), ccy("USD"), d, &num, &den, &e), &e,
                         "no exchange rate of USD on 2026-");
        }
    }
    arena_release(&a);
}

static void monthly_rates_fill_in_and_later_files_replace(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    dec num, den;
    struct fx_table *t = fx_new(&a);
    assert_ok(fx_add_csv(t, S("rates.csv"), str_of(RATES), ccy("EUR"), &e), &e);
    assert_ok(
        fx_add_csv(t, S("months.csv"), S("month,USD\n2026-03,9\n2026-04,1.5\n"), ccy("EUR"), &e),
        &e);
    assert_ok(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2026, 3), &num, &den, &e), &e);
    check(num, den, "1.1500000");
    assert_ok(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2026, 4), &num, &den, &e), &e);
    check(num, den, "1.5000000");
    assert_ok(fx_day(t, ccy("EUR"), ccy("USD"), day_from_civil(2026, 4, 20), &num, &den, &e), &e);
    check(num, den, "1.5000000");
    assert_ok(fx_add_csv(t, S("new.csv"), S("Date,USD\n2026-03-03,1.3\n"), ccy("EUR"), &e), &e);
    assert_ok(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2026, 3), &num, &den, &e), &e);
    check(num, den, "1.2000000");
    assert_error(fx_add_csv(t, S("usd.csv"), S("Date,EUR\n2026-03-03,1.3\n"), ccy("USD"), &e), &e,
                 "rates per USD cannot be added to rates per EUR");
    arena_release(&a);
}

static void faults_are_named_and_nothing_is_added(void **state)
{
    /* clang-format off */
    static const struct {
        const char *in, *error;
    } rows[] = {
        {"Date,USD\n2026-03-03,1.x\n2026-03-04,0\n", "r.csv:2:12: USD '1.x' is not a rate"},
        {"Date,USD\n2026-03-03,1.x\n2026-03-04,0\n", "r.csv:3:12: USD '0' is not a rate"},
        {"Date,USD\n03/04/2026,1\n", "r.csv:2:1: date '03/04/2026' is neither a day"},
        {"Date,Dollar\n2026-03-03,1\n", "column 'Dollar' is no ISO 4217 currency code"},
        {"Day of,USD\n2026-03-03,1\n", "no column 'Date'"},
        {"Date,EUR\n2026-03-03,1\n", "is the base currency itself"},
        {"Date,USD,usd\n2026-03-03,1,1\n", "two columns 'usd'"},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        dec num, den;
        struct fx_table *t = fx_new(&a);
        assert_error(fx_add_csv(t, S("r.csv"), str_of(rows[i].in), ccy("EUR"), &e), &e,
                     rows[i].error);
        assert_error(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2026, 3), &num, &den, &e), &e,
                     "no exchange");
        arena_release(&a);
    }
}

static void the_banks_own_file_gives_its_monthly_mean(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e;
    dec num, den;
    str text;
    struct fx_table *t = fx_new(&a);
    assert_ok(
        file_read(&a, str_fmt(&a, "%s/fx/ecb_2020_on.csv", shared_data()), 1 << 24, &text, &e), &e);
    assert_ok(fx_add_csv(t, S("ecb.csv"), text, ccy("EUR"), &e), &e);
    assert_ok(fx_month(t, ccy("EUR"), ccy("USD"), month_of(2024, 1), &num, &den, &e), &e);
    check(num, den, "1.0905136");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_use_the_mean_of_their_days),
        cmocka_unit_test(days_without_a_rate_use_the_last_before),
        cmocka_unit_test(monthly_rates_fill_in_and_later_files_replace),
        cmocka_unit_test(faults_are_named_and_nothing_is_added),
        cmocka_unit_test(the_banks_own_file_gives_its_monthly_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
