/* test_pricing.c - costs of usage without, and money in the wrong unit. */
#include "ingest/pricing.h"
#include "ingest/unit_check.h"
#include "test.h"

static void usage_row(struct spend_row *row, const char *provider, const char *model, int64_t in,
                      int64_t out)
{
    spend_row_clear(row);
    row->day = day_from_civil(2026, 7, 15);
    row->text[SPEND_PROVIDER] = str_of(provider);
    row->text[SPEND_MODEL] = str_of(model);
    row->tokens[TOKENS_IN] = in;
    row->tokens[TOKENS_OUT] = out;
    row->file = 1;
    row->row = 2;
}

static void usage_is_priced_by_day_tier_and_kind_of_token(void **state)
{
    static const struct {
        const char *provider, *model, *tier, *meter, *region, *cost,
            *id; /* cost NULL: stays unknown */
        int64_t in, out, requests;
        bool batch;
    } rows[] = {
        {"OpenAI", "gpt-4o-2024-08-06", "", "", "", "12.5", "openai/gpt-4o-2024-08-06", 1000000,
         1000000, TOKENS_NULL, false},
        {"OpenAI", "gpt-4o", "default", "tokens", "", "6.25", "openai/gpt-4o", 1000000,
         1000000, TOKENS_NULL, true},
        {"OpenAI", "gpt-4o", "flex", "", "", "6.25", "openai/gpt-4o", 1000000, 1000000,
         TOKENS_NULL, false},
        {"OpenAI", "gpt-4o", "priority", "", "", NULL, NULL, 1000000, 1000000, TOKENS_NULL, false},
        {"Anthropic", "claude-sonnet-4-5", "flex", "", "", NULL, NULL, 1, 1, TOKENS_NULL, false},
        {"Anthropic", "claude-sonnet-4-5", "\xe2\x89\xa4 200k", "", "", "3",
         "anthropic/claude-sonnet-4-5", 1000000, 0, 1000, false},
        {"Anthropic", "claude-sonnet-4-5", "", "", "", "6", "anthropic/claude-sonnet-4-5>200000",
         1000000, 0, 1, false},
        {"Anthropic", "claude-sonnet-4-5", "200k-1M", "", "", "6",
         "anthropic/claude-sonnet-4-5>200000", 1000000, 0, 9, false},
        {"Anthropic", "claude-opus-4-6", "", "", "us", NULL, NULL, 1, 1, 1, false},
        {"Anthropic", "claude-opus-4-6", "fast", "", "", NULL, NULL, 1, 1, 1, false},
        {"google", "gemini-2.5-flash", "", "audio tokens", "", "1", "google/gemini-2.5-flash",
         1000000, 0, 1, false},
        {"OpenAI", "gpt-4o", "", "audio tokens", "", NULL, NULL, 1, 0, 1, false},
        {"OpenAI", "gpt-4o", "", "tokens of several kinds", "", NULL, NULL, 1, 0, 1, false},
        {"OpenAI", "", "", "", "", NULL, NULL, 1, 1, 1, false},
        {"OpenAI", "gpt-9", "", "", "", NULL, NULL, 1, 1, 1, false},
        {"OpenAI", "gpt-4o", "", "", "", NULL, NULL, TOKENS_NULL, TOKENS_NULL, 1, false},
        {"OpenAI", "gpt-4o", "", "", "", "0", "openai/gpt-4o", 0, TOKENS_NULL, 1, false},
    };
    struct arena a = ARENA_INIT;
    struct pricing p;
    pricing_init(&p, price_book_new(&a));
    uint64_t unknown = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spend_row row;
        char text[DEC_TEXT];
        usage_row(&row, rows[i].provider, rows[i].model, rows[i].in, rows[i].out);
        row.text[SPEND_TIER] = str_of(rows[i].tier);
        row.text[SPEND_METER] = str_of(rows[i].meter);
        row.text[SPEND_REGION] = str_of(rows[i].region);
        row.requests = rows[i].requests;
        row.batch = rows[i].batch;
        pricing_apply(&p, &row);
        unknown += !rows[i].cost;
        if (!rows[i].cost) {
            if (!dec_is_null(row.billed) || !dec_is_null(row.effective) ||
                row.text[SPEND_PRICE_ID].n)
                fail_msg("row %zu has a cost", i);
            continue;
        }
        if (!str_eq(dec_format(row.billed, text), str_of(rows[i].cost)))
            fail_msg("row %zu: '%s'", i, text);
        assert_true(row.effective == row.billed);
        assert_str(row.text[SPEND_PRICE_ID], rows[i].id);
        assert_str(currency_str(&row.currency), "USD");
    }
    assert_int_equal(p.unpriced, unknown);
    assert_int_equal(p.priced, ARRAY_LEN(rows) - unknown);
    arena_release(&a);
}

static void a_cost_of_the_file_s_own_is_kept(void **state)
{
    struct arena a = ARENA_INIT;
    struct pricing p;
    struct spend_row row;
    pricing_init(&p, price_book_new(&a));
    usage_row(&row, "Anthropic", "claude-sonnet-4-5", 1000000, 0);
    row.billed = row.effective = DEC_ONE / 10;
    pricing_apply(&p, &row);
    assert_true(row.billed == DEC_ONE / 10);
    assert_int_equal(row.text[SPEND_PRICE_ID].n, 0);
    assert_int_equal(p.priced + p.unpriced, 0);
    arena_release(&a);
}

static void money_in_another_unit_is_refused(void **state)
{
    /* gpt-4o, 2.5 per million in: `tokens` are thousands of it */
    static const struct {
        const char *cost, *currency;
        int64_t tokens;
        const char *error; /* NULL: fine */
    } rows[] = {
        {"2.5", "USD", 1000000, NULL},
        {"250", "USD", 1000000,
         "u.csv:2: cost '250' is about 100 times what the price book expects for the tokens of "
         "'gpt-4o': 2.50 USD at openai/gpt-4o"},
        {"176", "USD", 1000000, "about 100"},
        {"349", "USD", 1000000, "about 100"},
        {"174", "USD", 1000000, NULL},
        {"351", "USD", 1000000, NULL},
        {"2500", "USD", 1000000, "about 1000"},
        {"2500000", "USD", 1000000, "about 1000000"},
        {"0.025", "USD", 1000000, "about 1/100"},
        {"0.0025", "USD", 1000000, "about 1/1000"},
        {"0.0000025", "USD", 1000000, "about 1/1000000"},
        {"0.9", "USD", 3600, NULL}, /* too small to matter */
        {"1.0", "USD", 4000, "about 100"},
        {"25", "USD", 1000000, NULL},   /* ten times: another contract, not another unit */
        {"250", "JPY", 1000000, NULL},  /* other money than the price's */
        {"0", "USD", 1000000, NULL},    /* free */
        {"-250", "USD", 1000000, NULL}, /* a refund */
        {"1.25", "USD", 1000000, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct spend_row row;
        struct unit_check *c = unit_check_new(price_book_new(&a));
        usage_row(&row, "OpenAI", "gpt-4o", rows[i].tokens, 0);
        assert_true(dec_parse(str_of(rows[i].cost), &row.billed) == DEC_OK);
        assert_true(currency_parse(str_of(rows[i].currency), &row.currency));
        unit_check_add(c, &row);
        str name = S("u.csv");
        if (rows[i].error) {
            assert_error(unit_check_end(c, &name, 1, "cost", &e), &e, rows[i].error);
            assert_true(strlen(e.hint) > 20);
        } else {
            assert_ok(unit_check_end(c, &name, 1, "cost", &e), &e);
        }
        unit_check_free(c);
        arena_release(&a);
    }
}

static void the_largest_row_is_named_however_the_work_was_divided(void **state)
{
    for (int split = 0; split <= 4; split++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct price_book *b = price_book_new(&a);
        struct unit_check *one = unit_check_new(b), *two = unit_check_new(b);
        for (int i = 0; i < 4; i++) {
            struct spend_row row;
            usage_row(&row, "OpenAI", "gpt-4o", (i == 2 ? 9 : 1) * 100000, 0);
            row.row = (uint64_t)(10 + i);
            row.file = 2;
            row.billed = dec_from_i64(i == 2 ? 225 : 25);
            assert_true(currency_parse(S("USD"), &row.currency));
            unit_check_add(i < split ? one : two, &row);
        }
        unit_check_merge(one, two);
        str names[] = {{"a.csv", 5}, {"b.csv", 5}};
        assert_error(unit_check_end(one, names, 2, "cost_usd", &e), &e,
                     "b.csv:12: cost_usd '225' is about 100 times");
        unit_check_free(one);
        unit_check_free(two);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_is_priced_by_day_tier_and_kind_of_token),
        cmocka_unit_test(a_cost_of_the_file_s_own_is_kept),
        cmocka_unit_test(money_in_another_unit_is_refused),
        cmocka_unit_test(the_largest_row_is_named_however_the_work_was_divided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
