/* test_price_book.c - which price a name and a day lead to, and what usage costs. */
#include "core/price_book.h"
#include "test.h"

static day day_of(const char *s)
{
    day d = DAY_NONE;
    if (s[0] && !date_parse(str_of(s), DATE_MDY, &d))
        fail_msg("'%s' is no day", s);
    return d;
}

static const struct {
    const char *provider, *model, *on, *id; /* id "": no price */
    int64_t input;
} names[] = {
    {"anthropic", "claude-sonnet-5", "2026-08-31", "anthropic/claude-sonnet-5<2026-09-01", 0},
    {"anthropic", "claude-sonnet-5", "2026-09-01", "anthropic/claude-sonnet-5@2026-09-01", 0},
    {"Anthropic", "Claude Sonnet 5", "2026-09-01", "anthropic/claude-sonnet-5@2026-09-01", 0},
    {"", "anthropic/claude-sonnet-5", "", "anthropic/claude-sonnet-5@2026-09-01", 0},
    {"anthropic", "claude-sonnet-4-5-20250929", "2026-07-01", "anthropic/claude-sonnet-4-5", 0},
    {"anthropic", "claude-sonnet-4-5-20250929", "2026-07-01", "anthropic/claude-sonnet-4-5",
     200000},
    {"anthropic", "claude-sonnet-4-5", "2026-07-01", "anthropic/claude-sonnet-4-5>200000", 200001},
    {"", "claude-haiku-4-5@20251001", "2026-07-01", "anthropic/claude-haiku-4-5", 0},
    {"", "claude-4.5-haiku", "2026-07-01", "anthropic/claude-haiku-4-5", 0},
    {"", "claude-haiku-4.5", "2026-07-01", "anthropic/claude-haiku-4-5", 0},
    {"", "claude-sonnet-4-20250514", "2026-07-01", "anthropic/claude-sonnet-4-0", 0},
    {"", "Claude Opus 4.8", "2026-07-01", "anthropic/claude-opus-4-8", 0},
    {"", "claude-3-5-haiku-20241022", "2026-07-01", "anthropic/claude-3-5-haiku-latest@2025-03-01",
     0},
    {"", "claude-3-5-haiku-20241022", "2024-12-01", "anthropic/claude-3-5-haiku-latest<2025-03-01",
     0},
    {"", "claude-opus-4-6", "2026-03-01", "anthropic/claude-opus-4-6<2026-03-13>200000", 200001},
    {"", "claude-opus-4-6", "2026-03-13", "anthropic/claude-opus-4-6@2026-03-13", 200001},
    {"", "claude-haiku-4-6", "2026-07-01", "", 0},
    {"", "claude-opus-4-6-fast", "2026-07-01", "", 0},
    {"openai", "gpt-4o-2024-08-06", "2024-09-01", "openai/gpt-4o-2024-08-06", 0},
    {"openai", "gpt-4o", "2024-05-12", "openai/gpt-4o", 0},
        {"openai", "gpt-4o", "2024-05-13", "openai/gpt-4o@2024-05-13", 0},
        {"openai", "gpt-4o", "2024-11-14", "openai/gpt-4o@2024-05-13", 0},
    {"openai", "gpt-4o-2024-11-20", "2026-07-01", "openai/gpt-4o", 0},
    {"azure", "gpt-35-turbo", "2026-07-01", "openai/gpt-3.5-turbo", 0},
    {"", "azure/gpt-4o-mini", "2026-07-01", "openai/gpt-4o-mini", 0},
    {"openai", "gpt-4-0613", "2026-07-01", "openai/gpt-4", 0},
    {"openai", "gpt-5.6-luna", "2026-07-29", "openai/gpt-5.6-luna<2026-07-30", 272000},
    {"openai", "gpt-5.6-luna", "2026-07-30", "openai/gpt-5.6-luna@2026-07-30>272000", 272001},
    {"openai", "gpt-4o-mini-tts-hd", "2026-07-01", "", 0},
    {"openai", "gpt-9", "2026-07-01", "", 0},
    {"", "models/gemini-2.5-pro", "2026-07-01", "google/gemini-2.5-pro", 0},
    {"", "gemini-2.0-flash-001", "2026-07-01", "google/gemini-2.0-flash", 0},
    {"", "gemini-2.5-flash-preview-05-20", "2026-07-01", "google/gemini-2.5-flash-preview", 0},
    {"", "gemini-2.5-flash-lite", "2026-07-01", "google/gemini-2.5-flash-lite", 0},
    {"", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "2026-07-01",
     "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0", 0},
    {"", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "2026-07-01",
     "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0", 0},
    {"AWS", "claude-haiku-4-5", "2026-07-01",
     "aws/regional.anthropic.claude-haiku-4-5-20251001-v1:0", 0},
    {"", "bedrock/amazon.nova-lite-v1:0", "2026-07-01", "aws/amazon.nova-lite-v1:0", 0},
    {"google", "claude-opus-4@20250514", "2026-07-01", "google/claude-4-opus", 0},
    {"groq", "openai/gpt-oss-120b", "2026-07-01", "groq/openai/gpt-oss-120b", 0},
    {"", "openai/gpt-oss-120b", "2026-07-01", "openai/gpt-oss-120b", 0},
    {"together", "gpt-oss-120b", "2026-07-01", "", 0},
    {"", "groq/llama3-70b-8192", "2026-07-01", "groq/llama3-70b-8192", 0},
    {"", "llama3-70b-8192", "2026-07-01", "groq/llama3-70b-8192", 0},
    {"together", "llama3-70b-8192", "2026-07-01", "", 0},
    {"mistral", "mistral-large-latest", "2026-07-01", "mistral/mistral-large@2025-01-13", 0},
    {"mistral", "mistral-large-2512", "2026-07-01", "mistral/mistral-large-2512", 0},
    {"mistral", "mistral-small-2409", "2026-07-01", "", 0},
    {"xai", "grok-4", "2026-07-01", "x-ai/grok-4-0709", 0},
    {"", "grok-4-fast", "2026-07-01", "", 0},
    {"", "", "2026-07-01", "", 0},
    {"", "-latest", "2026-07-01", "", 0},
};

static void names_lead_to_prices(void **state)
{
    struct arena a = ARENA_INIT;
    struct price_book *b = price_book_new(&a);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct price_query q = {str_of(names[i].provider), str_of(names[i].model),
                                day_of(names[i].on), names[i].input};
        enum price_match match;
        const struct price *p = price_find(b, &q, &match);
        if (!str_eq(p ? p->id : STR_NONE, str_of(names[i].id)))
            fail_msg("%s %s on %s: '%.*s' is not '%s'", names[i].provider, names[i].model,
                     names[i].on, FMT(p ? p->id : S("no price")), names[i].id);
        if (p && (match == PRICE_EXACT) != str_eq(p->model, str_of(names[i].model)))
            fail_msg("%s: wrong kind of match", names[i].model);
    }
    arena_release(&a);
}

static void ids_of_the_built_in_book_are_unique_and_lead_back(void **state)
{
    struct arena a = ARENA_INIT;
    struct price_book *b = price_book_new(&a);
    size_t n;
    const struct price *items = price_book_items(b, &n);
    assert_true(n > 300);
    for (size_t i = 0; i < n; i++) {
        const struct price *p = &items[i];
        for (size_t k = 0; k < i; k++)
            if (str_eq(items[k].id, p->id))
                fail_msg("'%.*s' stands twice", FMT(p->id));
        struct price_query q = {p->provider, p->model,
                                p->from != DAY_NONE ? p->from
                                : p->to != DAY_NONE ? p->to - 1
                                                    : 20600, /* 2026-05-27 */
                                p->over_tokens ? p->over_tokens + 1 : 0};
        enum price_match match;
        const struct price *found = price_find(b, &q, &match);
        if (found != p)
            fail_msg("'%.*s' leads to '%.*s'", FMT(p->id), FMT(found ? found->id : STR_NONE));
        assert_int_equal(match, PRICE_EXACT);
        assert_true(p->source.n > 0);
    }
    arena_release(&a);
}

static void usage_costs_what_its_buckets_cost(void **state)
{
    static const struct {
        const char *model, *cost; /* cost NULL: no price for a bucket */
        struct token_counts t;
        bool fallback;
    } rows[] = {
        {"claude-sonnet-4-5", "0.0000765", {.in = 10, .out = 3, .cache_read = 5}, false},
        {"claude-sonnet-4-5",
         "9.75",
         {.cache_write_5m = 1000000, .cache_write_1h = 1000000},
         false},
        {"claude-sonnet-4-5", "9", {.in = 1000000, .out = 1000000, .batch = true}, false},
        {"gpt-4o", "96.791325", {.in = 22361870, .out = 4088665}, false},
        {"gpt-4o-mini", "5.8074795", {.in = 22361870, .out = 4088665}, false},
        {"gpt-4o", "3.75", {.cache_read = 1000000, .cache_write_5m = 1000000}, true},
        {"gpt-5.4", "2.5", {.in = 1000000, .batch = true}, true},
        {"gemini-2.5-flash", "1.3", {.in = 1000000, .audio_in = 1000000}, false},
        {"gpt-4o", NULL, {.audio_in = 1}, false},
        {"text-embedding-3-small", "0.00002", {.in = 1000}, false},
        {"text-embedding-3-small", NULL, {.in = 1000, .out = 1}, false},
        {"gpt-5-nano", "0.00000005", {.in = 1}, false},
        {"gpt-4o", NULL, {.in = -1}, false},
        {"o1-pro", NULL, {.in = INT64_MAX, .out = INT64_MAX}, false},
        {"gpt-4o", "0", {.in = 0}, false},
    };
    struct arena a = ARENA_INIT;
    struct price_book *b = price_book_new(&a);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct price_query q = {STR_NONE, str_of(rows[i].model), DAY_NONE, 0};
        const struct price *p = price_find(b, &q, NULL);
        dec cost = 0;
        bool fallback = false;
        char text[DEC_TEXT];
        assert_non_null(p);
        bool ok = price_cost(p, &rows[i].t, &cost, &fallback);
        if (ok != (rows[i].cost != NULL))
            fail_msg("row %zu: %s", i, ok ? "a cost" : "no cost");
        if (ok) {
            assert_str(dec_format(cost, text), rows[i].cost);
            assert_int_equal(fallback, rows[i].fallback);
        }
    }
    arena_release(&a);
}

static void own_prices_come_first_from_their_day_on(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    struct price_book *b = price_book_new(&a);
    assert_ok(price_book_add_csv(b, S("/tmp/deal.csv"),
                                 S("model,output,input,from\nClaude Haiku 4.5,4,0.8,2026-07-01\n"
                                   "house-model,\"1,000\",$2,\n"),
                                 &e),
              &e);
    static const struct {
        const char *model, *on, *id;
    } rows[] = {
        {"claude-haiku-4-5-20251001", "2026-06-30", "anthropic/claude-haiku-4-5"},
        {"claude-haiku-4-5-20251001", "2026-07-01",
         "anthropic/Claude Haiku 4.5@2026-07-01#deal.csv"},
        {"claude-haiku-4-5", "2027-07-01", "anthropic/Claude Haiku 4.5@2026-07-01#deal.csv"},
        {"House-Model", "2020-01-01", "own/house-model#deal.csv"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct price_query q = {STR_NONE, str_of(rows[i].model), day_of(rows[i].on), 0};
        const struct price *p = price_find(b, &q, NULL);
        assert_non_null(p);
        assert_str(p->id, rows[i].id);
        assert_str(currency_str(&p->currency), "USD");
    }
    arena_release(&a);
}

static void every_fault_of_a_price_file_is_named_and_nothing_is_added(void **state)
{
    static const struct {
        const char *in, *error;
    } rows[] = {
        {"model,input\nx,1\ny,abc\nz,-1\n", "p.csv:3:3: input 'abc' is not a price"},
        {"model,input\nx,1\ny,abc\nz,-1\n", "p.csv:4:3: input '-1' is negative"},
        {"model,input,output\nx,,\n",
         "p.csv:2:1: model 'x' has neither an input nor an output price"},
        {"model,input\n,1\n", "p.csv:2:1: model '' is empty"},
        {"model,inputs\nx,1\n", "unknown column 'inputs'"},
        {"name,price\nx,1\n", "unknown column 'name'"},
        {"model,note\nx,1\n", "neither a column 'input' nor 'output'"},
        {"input,output\n1,2\n", "no column 'model'"},
        {"model,input,currency\nx,1,tokens\n", "p.csv:2:5: currency 'tokens' is no ISO 4217 code"},
        {"model,input,from,to\nx,1,2026-02-01,2026-01-01\n", "to '2026-01-01' is not after from"},
        {"model,input,from\nx,1,01/02/2026\n", "from '01/02/2026' is not a day"},
        {"model,input,from\nx,1,2026-02-30\n", "from '2026-02-30' is not a day"},
        {"model,input,over_input_tokens\nx,1,many\n", "over_input_tokens 'many' is not a count"},
        {"model,input\nx,1\nx,2\n", "stands in line 2 already"},
        {"model,input\n\"x, y\",1z\n", "p.csv:2:8: input '1z'"},
        {"model,input\nx,1,2\n", "p.csv"},
        {"", "p.csv"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        size_t before, after;
        struct price_book *b = price_book_new(&a);
        price_book_items(b, &before);
        assert_error(price_book_add_csv(b, S("p.csv"), str_of(rows[i].in), &e), &e, rows[i].error);
        price_book_items(b, &after);
        assert_int_equal(before, after);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_to_prices),
        cmocka_unit_test(ids_of_the_built_in_book_are_unique_and_lead_back),
        cmocka_unit_test(usage_costs_what_its_buckets_cost),
        cmocka_unit_test(own_prices_come_first_from_their_day_on),
        cmocka_unit_test(every_fault_of_a_price_file_is_named_and_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
