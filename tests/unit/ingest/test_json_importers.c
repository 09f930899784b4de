/* test_json_importers.c - documents of vendors become rows; nothing private is kept.
 *
 * tests/samples/NAME/input.json[l] is read and priced; rows.txt beside it holds the format, the
 * rows and the notes. With $BLESS set it is rewritten, for review. */
#include "ingest/pricing.h"
#include "ingest/probe.h"
#include "ingest/unit_check.h"
#include "rows.h"

struct reading {
    struct arena scratch;
    struct buf text, notes;
    struct totals totals;
    struct pricing pricing;
    struct unit_check *units;
    bool price;
    const char *claimed; /* an identity that an earlier file has; NULL: none */
};

static bool take(void *ctx, struct spend_row *row, struct err *e)
{
    struct reading *r = ctx;
    row->file = 1;
    unit_check_add(r->units, row);
    if (r->price)
        pricing_apply(&r->pricing, row);
    print_row(&r->text, row);
    count_row(&r->totals, row);
    arena_reset(&r->scratch); /* as early as a sink may */
    return true;
}

static void note(void *ctx, str text)
{
    struct reading *r = ctx;
    buf_fmt(&r->notes, "note: %.*s\n", FMT(text));
}

static bool claim(void *ctx, str identity)
{
    const struct reading *r = ctx;
    return !r->claimed || !str_eq(identity, str_of(r->claimed));
}

static void reading_init(struct reading *r, struct arena *a, bool price)
{
    *r = (struct reading){.price = price};
    buf_init(&r->text, 1 << 20);
    buf_init(&r->notes, 1 << 20);
    pricing_init(&r->pricing, price_book_new(a));
    r->units = unit_check_new(r->pricing.book);
}

static void reading_release(struct reading *r)
{
    buf_release(&r->text);
    buf_release(&r->notes);
    unit_check_free(r->units);
    arena_release(&r->scratch);
}

/* Reads text by the importer that its content leads to. */
static bool read_text(struct arena *a, const char *name, str text, struct reading *r,
                      const char **ret_format, struct err *e)
{
    struct probe p;
    struct document d;
    const struct importer *x;
    const struct row_sink sink = {r, take, &r->scratch, note, claim, NULL};
    if (!probe_memory(a, str_of(name), text, true, &p, e) || !importer_find(&p, &x, e))
        return false;
    document_open_memory(a, str_of(name), p.shape, text, &d);
    bool ok = x->read(&d, &sink, e);
    document_close(&d);
    *ret_format = x->name;
    return ok;
}

static const char *const samples[] = {
    "openai_costs/input.json",
    "openai_usage/input.json",
    "anthropic_usage/input.json",
    "anthropic_cost/input.json",
    "anthropic_cost_enterprise/input.json",
    "claude_code/input.jsonl",
    "codex/input.jsonl",
};

static void every_sample_gives_its_priced_rows(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct reading r;
        str text, wanted;
        const char *format;
        reading_init(&r, &a, true);
        str path = str_fmt(&a, "%s/%s", getenv("SAMPLES"), samples[i]);
        str folder = str_sub(path, 0, path.n - path_base(path).n);
        assert_ok(file_read(&a, path, ROWS_TEXT, &text, &e), &e);
        assert_ok(read_text(&a, "input", text, &r, &format, &e), &e);
        str all =
            str_fmt(&a, "%s\n%.*s%.*spriced %llu, unpriced %llu\n", format, FMT(buf_str(&r.text)),
                    FMT(buf_str(&r.notes)), (unsigned long long)r.pricing.priced,
                    (unsigned long long)r.pricing.unpriced);
        str golden = path_join(&a, folder, S("rows.txt"));
        if (getenv("BLESS"))
            assert_ok(file_write_atomic(golden, all, &e), &e);
        assert_ok(file_read(&a, golden, ROWS_TEXT, &wanted, &e), &e);
        if (!str_eq(all, wanted))
            fail_msg("%s:\n%.*s\nis not\n%.*s", samples[i], FMT(all), FMT(wanted));
        reading_release(&r);
        arena_release(&a);
    }
}

static void nothing_private_reaches_a_row(void **state)
{
    static const char *const secrets[] = {"secret", "ann", "user_", "/home"};
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct reading r;
        str text;
        const char *format;
        reading_init(&r, &a, false);
        assert_ok(file_read(&a, str_fmt(&a, "%s/%s", getenv("SAMPLES"), samples[i]), ROWS_TEXT,
                            &text, &e),
                  &e);
        assert_ok(read_text(&a, "input", text, &r, &format, &e), &e);
        for (size_t k = 0; k < ARRAY_LEN(secrets); k++)
            if (str_find(buf_str(&r.text), str_of(secrets[k]), 0) != SIZE_MAX)
                fail_msg("%s keeps '%s'", samples[i], secrets[k]);
        reading_release(&r);
        arena_release(&a);
    }
}

static void faults_name_file_line_column_and_value(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.costs.result\",\n"
         "\"amount\":{\"value\":\"12,3\",\"currency\":\"usd\"}}]}]}",
         "x.json:2:19: value '12,3' is not an amount"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.costs.result\"}]}]}",
         "a cost without 'amount.value'"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.costs.result\","
         "\"amount\":{\"value\":1,\"currency\":\"tokens\"}}]}]}",
         "currency 'tokens' is no ISO 4217 code"},
        {"{\"data\":[{\"start_time\":1767225600000,\"results\":[{\"object\":\"organization.costs."
         "result\"}]}]}",
         "x.json:1:24: start_time '1767225600000' is in milliseconds"},
        {"{\"data\":[{\"results\":[{\"object\":\"organization.costs.result\"}]}]}",
         "'start_time' is missing"},
        {"{\"data\":{\"a\":\"organization.costs.result\"}}", "a page needs a list 'data'"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.usage.telepathy."
         "result\"}]}]}",
         "usage of the unknown kind 'organization.usage.telepathy.result'"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.usage.completions."
         "result\","
         "\"input_tokens\":5,\"input_cached_tokens\":6}]}]}",
         "input_tokens '5' is less than its cached tokens"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.usage.completions."
         "result\","
         "\"input_tokens\":5,\"input_uncached_tokens\":6}]}]}",
         "input_tokens '5' is not input_uncached_tokens +"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.usage.completions."
         "result\","
         "\"input_tokens\":1.5}]}]}",
         "input_tokens '1.5' is not a count"},
        {"{\"data\":[{\"starting_at\":\"2026-07-01T00:00:00Z\",\"results\":[{\"currency\":\"USD\","
         "\"cost_type\":1,"
         "\"amount\":\"99999999999999999999999\"}]}]}",
         "amount '99999999999999999999999' is beyond every amount"},
        {"{\"data\":[{\"starting_at\":\"yesterday\",\"results\":[{\"uncached_input_tokens\":1}]}]}",
         "starting_at 'yesterday' is not a time"},
        {"{\"data\":[{\"start_time\":1,\"results\":[{\"object\":\"organization.costs.result\"",
         "the text ends where"},
        {"{\"type\":\"user\",\"message\":{}}\n{\"type\":\"assistant\",\"message\":{\"usage\":{"
         "\"input_tokens\":1,"
         "\"cache_read_input_tokens\":2}}}\n",
         "x.json:2:40: usage without 'timestamp' and 'message.model'"},
        {"{\"sessionId\":\"s\",\"timestamp\":\"x\",\"message\":{\"usage\":{\"cache_read_input_"
         "tokens\":2}}}\n",
         "timestamp 'x' is not a time"},
        {"{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_"
         "usage\":"
         "{\"input_tokens\":1,\"cached_input_tokens\":2}}}}\n",
         "cached_input_tokens '2' is more than input_tokens"},
        {"{\"hello\":\"world\"}", "of no format that is known"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct reading r;
        const char *format;
        reading_init(&r, &a, false);
        assert_error(read_text(&a, "x.json", str_of(rows[i].text), &r, &format, &e), &e,
                     rows[i].error);
        reading_release(&r);
        arena_release(&a);
    }
}

static void messages_of_earlier_files_are_not_counted_again(void **state)
{
    static const char log[] =
        "{\"sessionId\":\"s\",\"timestamp\":\"2026-07-01T00:00:00Z\",\"requestId\":\"r1\","
        "\"message\":{\"id\":\"m1\","
        "\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":0,\"output_tokens\":1}}}\n"
        "{\"sessionId\":\"s\",\"timestamp\":\"2026-07-01T00:00:00Z\",\"requestId\":\"r2\","
        "\"message\":{\"id\":\"m2\","
        "\"usage\":{\"input_tokens\":7,\"cache_read_input_tokens\":0,\"output_tokens\":1}}}\n";
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct reading r;
    const char *format;
    reading_init(&r, &a, false);
    r.claimed = "claude m1 r1";
    assert_ok(read_text(&a, "x.jsonl", str_of(log), &r, &format, &e), &e);
    assert_int_equal(r.totals.rows, 1);
    assert_int_equal(r.totals.tokens[TOKENS_IN], 7);
    assert_true(str_find(buf_str(&r.notes),
                         S("an earlier file of this import has were not counted again: 1."),
                         0) != SIZE_MAX);
    reading_release(&r);
    arena_release(&a);
}

static void real_documents_give_their_sums(void **state)
{
    static const struct {
        const char *file, *format, *billed;
        uint64_t rows;
        int64_t in, read, write, out;
        const char *note; /* part of the notes; NULL: there are none */
    } rows[] = {
        {"openai/organization_costs.example.json", "openai_costs", "0.06", 1, 0, 0, 0, 0, NULL},
        {"openai/organization_usage_completions.example.json", "openai_usage", "0", 3, 500, 400,
         100, 500, "has_more"},
        {"openai/organization_usage_embeddings.example.json", "openai_usage", "0", 1, 16, 0, 0, 0,
         NULL},
        {"openai/organization_usage_moderations.example.json", "openai_usage", "0", 1, 16, 0, 0, 0,
         NULL},
        {"openai/organization_usage_images.example.json", "openai_usage", "0", 1, 0, 0, 0, 0, NULL},
        {"openai/organization_usage_audio_speeches.example.json", "openai_usage", "0", 1, 0, 0, 0,
         0, NULL},
        {"openai/organization_usage_audio_transcriptions.example.json", "openai_usage", "0", 1, 0,
         0, 0, 0, NULL},
        {"openai/organization_usage_vector_stores.example.json", "openai_usage", "0", 1, 0, 0, 0, 0,
         NULL},
        {"openai/organization_usage_code_interpreter_sessions.example.json", "openai_usage", "0", 1,
         0, 0, 0, 0, NULL},
        {"openai/organization_usage_file_search_calls.example.json", "openai_usage", "0", 1, 0, 0,
         0, 0, NULL},
        {"openai/organization_usage_web_search_calls.example.json", "openai_usage", "0", 1, 0, 0, 0,
         0, NULL},
        {"ccusage-fixtures/fixtures_claude_projects_project-alpha_session-alpha_chat.jsonl",
         "claude_code", "1.02", 3, 600, 70, 75, 250, NULL},
        {"ccusage-fixtures/fixtures_claude_projects_project-beta_session-beta_chat.jsonl",
         "claude_code", "0.07", 2, 130, 40, 15, 60, NULL},
        {"ccusage-fixtures/fixtures_codex_sessions_project-alpha_session-alpha.jsonl", "codex", "0",
         2, 2750, 750, 0, 700, NULL},
    };
    need_shared_data();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct reading r;
        str text;
        const char *format;
        char amount[DEC_TEXT];
        reading_init(&r, &a, false);
        assert_ok(file_read(&a, str_fmt(&a, "%s/usage/%s", shared_data(), rows[i].file), 1 << 20,
                            &text, &e),
                  &e);
        assert_ok(read_text(&a, rows[i].file, text, &r, &format, &e), &e);
        const int64_t *t = r.totals.tokens;
        if (strcmp(format, rows[i].format) != 0 || r.totals.rows != rows[i].rows ||
            t[TOKENS_IN] != rows[i].in || t[TOKENS_CACHE_READ] != rows[i].read ||
            t[TOKENS_CACHE_WRITE_5M] != rows[i].write || t[TOKENS_OUT] != rows[i].out)
            fail_msg("%s:\n%.*s", rows[i].file, FMT(buf_str(&r.text)));
        assert_str(dec_format(r.totals.billed, amount), rows[i].billed);
        bool noted =
            rows[i].note && str_find(buf_str(&r.notes), str_of(rows[i].note), 0) != SIZE_MAX;
        assert_true(rows[i].note ? noted : r.notes.n == 0);
        str name = str_of(rows[i].file);
        assert_ok(unit_check_end(r.units, &name, 1, "cost", &e), &e);
        reading_release(&r);
        arena_release(&a);
    }
}

static void session_logs_of_one_import_sum_up(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct totals t = {0};
    char amount[DEC_TEXT];
    struct import_options o = plain_options();
    str dir = str_fmt(&a, "%s/usage/ccusage-fixtures/fixtures_", shared_data());
    str files[] = {
        str_fmt(&a, "%.*sclaude_projects_project-alpha_session-alpha_chat.jsonl", FMT(dir)),
        str_fmt(&a, "%.*sclaude_projects_project-beta_session-beta_chat.jsonl", FMT(dir)),
        str_fmt(&a, "%.*scodex_sessions_project-alpha_session-alpha.jsonl", FMT(dir)),
    };
    assert_ok(read_files(&a, files, ARRAY_LEN(files), &o, NULL, &t, NULL, NULL, &e), &e);
    assert_str(dec_format(t.billed, amount), "1.09");
    assert_int_equal(t.rows, 7);
    int64_t codex = 4200, claude = 600 + 70 + 75 + 250 + 130 + 40 + 15 + 60, all = 0;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        all += t.tokens[b];
    assert_int_equal(all, codex + claude);
    arena_release(&a);
}

static void a_transcript_without_days_is_refused(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct reading r;
    str text;
    const char *format;
    reading_init(&r, &a, false);
    str path = str_fmt(&a, "%s/usage/ccusage-fixtures/test-transcript.jsonl", shared_data());
    assert_ok(file_read(&a, path, 1 << 20, &text, &e), &e);
    assert_error(
        read_text(&a, "t.jsonl", text, &r, &format, &e), &e,
        "t.jsonl:2:40: usage without 'timestamp' and 'message.model': it belongs to no day");
    reading_release(&r);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_gives_its_priced_rows),
        cmocka_unit_test(nothing_private_reaches_a_row),
        cmocka_unit_test(faults_name_file_line_column_and_value),
        cmocka_unit_test(messages_of_earlier_files_are_not_counted_again),
        cmocka_unit_test(real_documents_give_their_sums),
        cmocka_unit_test(session_logs_of_one_import_sum_up),
        cmocka_unit_test(a_transcript_without_days_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
