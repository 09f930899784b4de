/* test_unit_rate.c - rates a user states, and what the name of an account says. */
#include "ingest/gl_rows.h"
#include "ingest/unit_rate.h"
#include "test.h"

static currency usd(void)
{
    currency c;
    if (!currency_parse(S("USD"), &c))
        fail_msg("USD");
    return c;
}

static void rates_are_parsed(void **state)
{
    static const struct {
        const char *text, *id; /* id NULL: refused */
    } rows[] = {
        {"DBU=0.55", "rate DBU=0.55 USD"},
        {" credits = 3.10EUR ", "rate credits=3.1 EUR"},
        {"DBU@*A=B*=0.7 GBP", "rate DBU@*A=B*=0.7 GBP"},
        {"DBU", NULL},
        {"=1", NULL},
        {"DBU=", NULL},
        {"DBU=x", NULL},
        {"DBU=-1", NULL},
        {"DBU=1 XYZ", NULL},
        {"DBU@=1", NULL},
        {"DBU=0.1234567890123456789", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct unit_rate r;
        if (!rows[i].id) {
            assert_error(unit_rate_parse(&a, str_of(rows[i].text), usd(), &r, &e), &e, "rate '");
            assert_true(e.hint[0] != 0);
        } else {
            assert_ok(unit_rate_parse(&a, str_of(rows[i].text), usd(), &r, &e), &e);
            assert_str(r.id, rows[i].id);
            assert_true(unit_rate_is_id(r.id));
        }
        arena_release(&a);
    }
}

static void the_first_rate_that_fits_prices_what_is_unknown(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct unit_rate rates[2];
    assert_ok(unit_rate_parse(&a, S("DBU@*ML*=2"), usd(), &rates[0], &e), &e);
    assert_ok(unit_rate_parse(&a, S("dbu=0.5"), usd(), &rates[1], &e), &e);
    static const struct {
        const char *unit, *sku;
        int64_t quantity, billed; /* -1: unknown */
        int64_t cost;             /* -1: not priced */
    } rows[] = {
        {"DBU", "X_ML_Y", 3, -1, 6}, {"DBU", "JOBS", 4, -1, 2},  {"DBU", "", 4, -1, 2},
        {"DBU", "JOBS", 4, 9, -1},   {"DBU", "JOBS", -1, -1, -1}, {"hours", "ML", 4, -1, -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spend_row r;
        spend_row_clear(&r);
        r.text[SPEND_UNIT] = str_of(rows[i].unit);
        r.text[SPEND_SKU] = str_of(rows[i].sku);
        if (rows[i].quantity >= 0)
            r.quantity = dec_from_i64(rows[i].quantity);
        if (rows[i].billed >= 0)
            r.billed = r.effective = dec_from_i64(rows[i].billed);
        bool priced = unit_rate_apply(rates, 2, &r);
        assert_int_equal(priced, rows[i].cost >= 0);
        if (priced)
            assert_true(r.billed == dec_from_i64(rows[i].cost) && r.effective == r.billed);
    }
    arena_release(&a);
}

static void names_of_accounts_tell_expenses(void **state)
{
    static const struct {
        const char *account;
        bool expense;
    } rows[] = {
        {"expenses:software:ai", true},
        {"Expenses:Payable fees", true},
        {"assets:bank:checking", false},
        {"Assets:Software", false},
        {"income:sales", false},
        {"Liabilities:Credit Card", false},
        {"6200 Software Subscriptions", true},
        {"6150 Bank fees", true},
        {"Bank charges", true},
        {"Interest expense", true},
        {"2000 Accounts Payable (A/P)", false},
        {"Accounts Receivable", false},
        {"1000 Checking", false},
        {"1500 Machines", false},
        {"4000 Consulting", false},
        {"Sales & Marketing", true},
        {"Other Income", false},
        {"Prepaid Software", false},
        {"Accrued wages", false},
        {"Retained Earnings", false},
        {"Training", true},
        {"429 IT", true}, /* charts with three digits have other ranges */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (gl_is_expense(str_of(rows[i].account)) != rows[i].expense)
            fail_msg("%s", rows[i].account);
}

static void balances_and_totals_are_no_postings(void **state)
{
    static const struct {
        const char *text;
        bool balance;
    } rows[] = {
        {"Opening Balance", true}, {"opening balances", true}, {"Total for Software", true},
        {"TOTAL", true},           {"Total - 6200", true},     {"Net movement", true},
        {"TotalEnergies SE", false}, {"OpenAI", false},        {"", false},
        {"Totals", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (gl_is_balance(str_of(rows[i].text)) != rows[i].balance)
            fail_msg("%s", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_parsed),
        cmocka_unit_test(the_first_rate_that_fits_prices_what_is_unknown),
        cmocka_unit_test(names_of_accounts_tell_expenses),
        cmocka_unit_test(balances_and_totals_are_no_postings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
