/* test_usage_buckets.c - usage objects of all vendors as disjoint counts, and their price. */
#include "ingest/usage_buckets.h"
#include "test.h"

static void buckets_are_disjoint(void **state)
{
    static const struct {
        const char *provider, *raw;
        enum usage_flavor flavor;
        int64_t in, read, write, write_1h, out, audio, image, input;
        const char *part; /* the only one; NULL: none */
    } rows[] = {
        {"anthropic",
         "{\"input_tokens\":10,\"cache_read_input_tokens\":5,\"cache_creation_input_tokens\":7,"
         "\"cache_creation\":{\"ephemeral_5m_input_tokens\":3,\"ephemeral_1h_input_tokens\":4},"
         "\"output_tokens\":2}",
         USAGE_ANTHROPIC, 10, 5, 3, 4, 2, 0, 0, 22, NULL},
        {"anthropic",
         "{\"input_tokens\":1,\"cache_creation_input_tokens\":7,\"output_tokens\":2,"
         "\"server_tool_use\":{\"web_search_requests\":2,\"web_fetch_requests\":9}}",
         USAGE_ANTHROPIC, 1, 0, 7, 0, 2, 0, 0, 8, "web searches"},
        {"anthropic", "{\"input_tokens\":1,\"output_tokens\":2,\"speed\":\"fast\"}",
         USAGE_ANTHROPIC, 1, 0, 0, 0, 2, 0, 0, 1, "fast mode"},
        {"anthropic", "{\"input_tokens\":1,\"output_tokens\":2,\"service_tier\":\"priority\"}",
         USAGE_ANTHROPIC, 1, 0, 0, 0, 2, 0, 0, 1, "service tier"},
        {"anthropic",
         "{\"input_tokens\":1,\"output_tokens\":2,\"iterations\":[{\"type\":\"compaction\","
         "\"input_tokens\":50,\"output_tokens\":6},{\"type\":\"message\",\"input_tokens\":1}]}",
         USAGE_ANTHROPIC, 1, 0, 0, 0, 2, 0, 0, 1, "tokens of a compaction"},
        {"openai",
         "{\"prompt_tokens\":1000,\"completion_tokens\":50,\"prompt_tokens_details\":"
         "{\"cached_tokens\":400,\"cache_write_tokens\":100,\"audio_tokens\":50},"
         "\"completion_tokens_details\":{\"reasoning_tokens\":20,\"audio_tokens\":5}}",
         USAGE_OPENAI_CHAT, 450, 400, 100, 0, 45, 50, 0, 1000, "audio output tokens"},
        {"openai",
         "{\"input_tokens\":10,\"output_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":4},"
         "\"output_tokens_details\":{\"reasoning_tokens\":3},\"total_tokens\":15}",
         USAGE_OPENAI_RESPONSES, 6, 4, 0, 0, 5, 0, 0, 10, NULL},
        {"mistral", "{\"prompt_tokens\":64,\"completion_tokens\":6,\"num_cached_tokens\":32}",
         USAGE_MISTRAL, 32, 32, 0, 0, 6, 0, 0, 64, NULL},
        {"google",
         "{\"promptTokenCount\":100,\"toolUsePromptTokenCount\":20,\"cachedContentTokenCount\":30,"
         "\"candidatesTokenCount\":40,\"thoughtsTokenCount\":7,\"promptTokensDetails\":["
         "{\"modality\":\"TEXT\",\"tokenCount\":60},{\"modality\":\"AUDIO\",\"tokenCount\":25},"
         "{\"modality\":\"VIDEO\",\"tokenCount\":15}],\"candidatesTokensDetails\":["
         "{\"modality\":\"IMAGE\",\"tokenCount\":10}]}",
         USAGE_GOOGLE, 65, 30, 0, 0, 37, 25, 10, 120, NULL},
        {"google", "{\"promptTokenCount\":5,\"trafficType\":\"PROVISIONED_THROUGHPUT\"}",
         USAGE_GOOGLE, 5, 0, 0, 0, 0, 0, 0, 5, "service tier"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct json *v;
        enum usage_flavor flavor;
        struct usage u;
        assert_ok(json_parse(&a, str_of(rows[i].raw), &v, &e), &e);
        assert_true(usage_flavor_of(str_of(rows[i].provider), v, &flavor));
        assert_int_equal(flavor, rows[i].flavor);
        assert_ok(usage_buckets(flavor, v, &u, &e), &e);
        const struct token_counts *t = &u.tokens;
        if (t->in != rows[i].in || t->cache_read != rows[i].read ||
            t->cache_write_5m != rows[i].write || t->cache_write_1h != rows[i].write_1h ||
            t->out != rows[i].out || t->audio_in != rows[i].audio ||
            t->image_out != rows[i].image || t->batch || u.input_tokens != rows[i].input)
            fail_msg("row %zu: other counts", i);
        assert_int_equal(u.n_parts, rows[i].part != NULL);
        if (rows[i].part)
            assert_string_equal(u.parts[0].what, rows[i].part);
        arena_release(&a);
    }
}

static void impossible_counts_are_refused(void **state)
{
    static const struct {
        const char *provider, *raw, *error;
    } rows[] = {
        {"openai", "{\"prompt_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":11}}",
         "prompt_tokens is less than its parts"},
        {"anthropic", "{\"input_tokens\":\n-1}", "line 2, column 1: input_tokens is negative"},
        {"anthropic", "{\"input_tokens\":1.5}", "input_tokens is not an integer"},
        {"anthropic", "{\"input_tokens\":9e18}", "input_tokens is no count of tokens"},
        {"anthropic",
         "{\"input_tokens\":1,\"cache_creation_input_tokens\":1,\"cache_creation\":"
         "{\"ephemeral_1h_input_tokens\":2}}",
         "cache_creation_input_tokens is less"},
        {"google", "{\"promptTokenCount\":1,\"candidatesTokenCount\":\"2\"}",
         "candidatesTokenCount is not"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct json *v;
        enum usage_flavor flavor;
        struct usage u;
        assert_ok(json_parse(&a, str_of(rows[i].raw), &v, &e), &e);
        assert_true(usage_flavor_of(str_of(rows[i].provider), v, &flavor));
        assert_error(usage_buckets(flavor, v, &u, &e), &e, rows[i].error);
        arena_release(&a);
    }
}

struct tally {
    int objects, text_only, priced_otherwise, listed, wrong;
    dec expected, ours;
};

/* Whether all tokens of the object are text, judged from the raw object alone. */
static bool is_text_only(const struct json *raw, const struct usage *u)
{
    static const char *const lists[] = {"promptTokensDetails", "cacheTokensDetails",
                                        "candidatesTokensDetails", "toolUsePromptTokensDetails"};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct json *list = json_get(raw, lists[i]);
        for (size_t k = 0; list && k < list->n; k++)
            if (!str_eq(json_text(json_get(&list->items[k], "modality")), S("TEXT")))
                return false;
    }
    return !u->tokens.audio_in && !u->tokens.image_out && !u->n_parts;
}

static void check_object(const struct price_book *b, const struct json *row, uint32_t line,
                         struct tally *t)
{
    struct err e;
    enum usage_flavor flavor;
    struct usage u;
    dec in, out, cost = DEC_NULL;
    char text[DEC_TEXT];
    const struct json *raw = json_get(row, "raw_usage");
    str provider = json_text(json_get(row, "provider")), model = json_text(json_get(row, "model"));
    assert_true(dec_parse(json_text(json_get(row, "input_price")), &in) == DEC_OK);
    assert_true(dec_parse(json_text(json_get(row, "output_price")), &out) == DEC_OK);
    assert_true(usage_flavor_of(provider, raw, &flavor));
    assert_ok(usage_buckets(flavor, raw, &u, &e), &e);
    struct price_query q = {provider, model, day_from_civil(2026, 7, 15), u.input_tokens};
    const struct price *p = price_find(b, &q, NULL);
    if (p && !price_cost(p, &u.tokens, &cost, NULL))
        cost = DEC_NULL;
    dec limit = DEC_ONE / 1000000000, miss = dec_is_null(cost) ? limit * 2 : cost - (in + out);
    bool text_only = is_text_only(raw, &u), good = miss <= limit && miss >= -limit;
    t->objects++;
    t->expected += in + out;
    t->ours += dec_is_null(cost) ? 0 : cost;
    t->text_only += text_only;
    t->priced_otherwise += !text_only && good && !u.n_parts;
    for (size_t i = 0; i < u.n_parts; i++)
        print_message("listed: object %u, %.*s: %lld %s: %s\n", line, FMT(model),
                      (long long)u.parts[i].count, u.parts[i].what, u.parts[i].reason);
    t->listed += u.n_parts > 0;
    if (!good) {
        t->wrong++;
        print_message("wrong: object %u, %.*s: %.*s\n", line, FMT(model),
                      FMT(dec_format(cost, text)));
    }
}

static void every_real_usage_object_costs_what_the_oracle_says(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e;
    str rest;
    char text[DEC_TEXT];
    struct tally t = {0};
    struct price_book *b = price_book_new(&a);
    str path = str_fmt(&a, "%s/prices/usage_price_oracle_odd.jsonl", shared_data());
    assert_ok(file_read(&a, path, 1 << 24, &rest, &e), &e);
    for (uint32_t line = 1;; line++) {
        const struct json *row;
        assert_ok(json_parse_next(&a, &rest, line, &row, &e), &e);
        if (!row)
            break;
        check_object(b, row, line, &t);
    }
    print_message("%d objects: %d text only, %d with sound, pictures or video priced, %d listed "
                  "with a reason, "
                  "%d wrong\n",
                  t.objects, t.text_only, t.priced_otherwise, t.listed, t.wrong);
    assert_int_equal(t.objects, 567);
    assert_int_equal(t.wrong, 0);
    assert_int_equal(t.objects, t.text_only + t.priced_otherwise + t.listed);
    assert_str(dec_format(t.expected, text), "4.913901052");
    assert_str(dec_format(t.ours, text), "4.913901052");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_disjoint),
        cmocka_unit_test(impossible_counts_are_refused),
        cmocka_unit_test(every_real_usage_object_costs_what_the_oracle_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
