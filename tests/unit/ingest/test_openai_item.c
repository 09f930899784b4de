/* test_openai_item.c - line items of OpenAI's costs: model, direction, batch and counts. */
#include "ingest/openai_item.h"
#include "test.h"

static void a_line_item_names_model_and_tokens(void **state)
{
    static const struct {
        const char *meter, *unit, *model;
        int64_t quantity, counts[TOKEN_BUCKETS];
        bool batch;
    } rows[] = {
        {"gpt-5-nano, input_tokens", "tokens", "gpt-5-nano", 7, {7, -1, -1, -1, -1}, false},
        {"gpt-4.1-mini, input", "tokens", "gpt-4.1-mini", 7, {7, -1, -1, -1, -1}, false},
        {"gpt-4.1, cached input", "1000_tokens", "gpt-4.1", 7, {-1, 7000, -1, -1, -1}, false},
        {"gpt-5, input cache write", "tokens", "gpt-5", 7, {-1, -1, 7, -1, -1}, false},
        {"gpt-5, batch output", "tokens", "gpt-5", 7, {-1, -1, -1, -1, 7}, true},
        /* what counts no tokens, or does not say which */
        {"gpt-5, output", "images", "gpt-5", 7, {-1, -1, -1, -1, -1}, false},
        {"gpt-5, tokens", "tokens", "gpt-5", 7, {-1, -1, -1, -1, -1}, false},
        {"gpt-5, output", "tokens", "gpt-5", -7, {-1, -1, -1, -1, -1}, false},
        {"web search tool calls", "tokens", "", 7, {-1, -1, -1, -1, -1}, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spend_row r;
        spend_row_clear(&r);
        r.text[SPEND_METER] = str_of(rows[i].meter);
        r.text[SPEND_UNIT] = str_of(rows[i].unit);
        r.quantity = dec_from_i64(rows[i].quantity);
        openai_read_item(&r);
        assert_str(r.text[SPEND_MODEL], rows[i].model);
        assert_int_equal(r.batch, rows[i].batch);
        for (int b = 0; b < TOKEN_BUCKETS; b++)
            assert_int_equal(r.tokens[b], rows[i].counts[b] < 0 ? TOKENS_NULL : rows[i].counts[b]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_item_names_model_and_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
