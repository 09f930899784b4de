/* test_real_bills.c - real exports must give their exact sums. */
#include "rows.h"

#include "base/map.h"

struct expected {
    const char *file;
    uint64_t rows;
    const char *billed, *effective;
};

static void check_sums(const struct expected *rows, size_t n, const struct import_options *o)
{
    need_shared_data();
    for (size_t i = 0; i < n; i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct totals t = {0};
        char text[DEC_TEXT];
        str path = str_fmt(&a, "%s/%s", shared_data(), rows[i].file);
        assert_ok(read_files(&a, &path, 1, o, NULL, &t, NULL, NULL, &e), &e);
        if (rows[i].rows != t.rows)
            fail_msg("%s: %llu rows", rows[i].file, (unsigned long long)t.rows);
        str billed = dec_format(t.billed, text);
        if (!str_eq(billed, str_of(rows[i].billed)))
            fail_msg("%s: billed %.*s", rows[i].file, FMT(billed));
        str effective = dec_format(t.effective, text);
        if (!str_eq(effective, str_of(rows[i].effective)))
            fail_msg("%s: effective %.*s", rows[i].file, FMT(effective));
        arena_release(&a);
    }
}

static void focus_files_give_their_exact_sums(void **state)
{
    static const struct expected rows[] = {
        {"focus/focus_sample_rows1-500.csv", 500, "5.9883937432", "2"},
        {"focus-spec/saas_spend_agreements_a1.csv", 4, "1200", "1200"},
        {"focus-spec/saas_spend_agreements_b2.csv", 14, "1200", "1200"},
        {"focus-spec/virtual_currency_pricing_model_a1.csv", 1, "200000", "0"},
        {"focus-spec/virtual_currency_pricing_model_a2.csv", 3, "0", "1230"},
        {"focus-spec/virtual_currency_pricing_model_b2.csv", 3, "0", "615"},
        {"focus-spec/commitment_discount_purchase_scenario_3.csv", 4, "4381.5", "0"},
        {"focus-spec/commitment_discount_usage_scenario_4.csv", 2, "0.5", "1.5"},
        {"focus-spec/simple_saas_agreements_c.csv", 3, "35800", "35800"},
        {"focus-ai/ai_model_billing__per_token_ai_model_api.csv", 2, "94.5", "94.5"},
        {"focus-ai/ai_model_billing__multi_model_usage.csv", 4, "104.5", "104.5"},
        {"focus-ai/ai_model_billing__cached_tokens_via_csp_marketplace.csv", 2, "47.5", "47.5"},
        {"focus-ai/ai_prompt_caching__ai_prompt_caching_a.csv", 4, "33.9", "33.9"},
        {"focus-ai/correction__closed_scenario_1_partial_reallocation_original.csv", 1, "1500",
         "1500"},
        {"focus-ai/correction__open_current_scenario_1_partial_reallocation_original.csv", 1,
         "1500", "1500"},
        {"focus-validator/all_pass_0.5.csv", 2, "1.1", "1.01"},
    };
    struct import_options o = plain_options();
    check_sums(rows, ARRAY_LEN(rows), &o);
}

static void native_cloud_bills_give_their_exact_sums(void **state)
{
    static const struct expected rows[] = {
        {"exports/aws_cur_sample.csv.gz", 1281, "1.6823086974", "1.6823086974"},
        {"exports/azure_ea_sample.csv", 27, "1.26136926505726", "1.26136926505726"},
        {"exports/mstoolkit_EA_ActualCost_Small.csv", 11, "8.5450077867419368",
         "8.5450077867419368"},
    };
    struct import_options o = plain_options();
    check_sums(rows, ARRAY_LEN(rows), &o);
}

static void every_example_of_the_specification_is_read(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    static const char *const folders[] = {"focus-spec", "focus-ai"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        struct names files = {0};
        assert_ok(files_expand(&a, str_fmt(&a, "%s/%s", shared_data(), folders[i]), &files, &e),
                  &e);
        struct import_options o = plain_options();
        struct totals t = {0};
        assert_ok(read_files(&a, files.items, files.n, &o, NULL, &t, NULL, NULL, &e), &e);
        assert_true(t.rows > files.n);
    }
    arena_release(&a);
}

static void tokens_of_focus_ai_rows_stand_in_disjoint_buckets(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct totals t = {0};
    struct import_options o = plain_options();
    str path = str_fmt(&a, "%s/focus-ai/ai_prompt_caching__ai_prompt_caching_a.csv", shared_data());
    assert_ok(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.tokens[TOKENS_IN], 500000);
    assert_int_equal(t.tokens[TOKENS_CACHE_WRITE_5M], 2000000);
    assert_int_equal(t.tokens[TOKENS_CACHE_READ], 8000000);
    assert_int_equal(t.tokens[TOKENS_OUT], 1500000);
    arena_release(&a);
}

static void request_traces_count_every_token(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct totals t = {0};
    struct import_options o = plain_options();
    str path = str_fmt(&a, "%s/usage/AzureLLMInferenceTrace_conv.csv.gz", shared_data());
    assert_error(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e,
                 "does not say which model");
    o.model = S("gpt-4o");
    t = (struct totals){0};
    assert_ok(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.requests, 19366);
    assert_int_equal(t.tokens[TOKENS_IN], 22361870);
    assert_int_equal(t.tokens[TOKENS_OUT], 4088665);
    path = str_fmt(&a, "%s/usage/conversation_trace.csv.gz", shared_data());
    assert_error(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e,
                 "counts from a start that the file does not state");
    o.start = day_from_civil(2026, 7, 1);
    t = (struct totals){0};
    assert_ok(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.requests, 12031);
    assert_int_equal(t.tokens[TOKENS_IN], 144793823);
    assert_int_equal(t.tokens[TOKENS_OUT], 4122048);
    arena_release(&a);
}

static void the_sample_has_58_sub_accounts(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct buf text;
    buf_init(&text, ROWS_TEXT);
    struct import_options o = plain_options();
    str path = str_fmt(&a, "%s/focus/focus_sample_rows1-500.csv", shared_data());
    assert_ok(read_files(&a, &path, 1, &o, &text, NULL, NULL, NULL, &e), &e);
    struct map seen;
    map_init(&seen, &a);
    str rest = buf_str(&text), line;
    while (str_cut(&rest, '\n', &line)) {
        size_t at = str_find(line, S(" sub_account='"), 0);
        if (at != SIZE_MAX)
            map_put(&seen, str_sub(line, at, str_find(line, S("' "), at + 14)), NULL);
    }
    assert_int_equal(seen.n, 58);
    buf_release(&text);
    arena_release(&a);
}

static void the_validator_s_failing_file_is_refused(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    str path = str_fmt(&a, "%s/focus-validator/all_fail.csv", shared_data());
    assert_error(read_files(&a, &path, 1, &o, NULL, NULL, NULL, NULL, &e), &e, "all_fail.csv");
    print_message("%s %s\n", e.text, e.hint);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(focus_files_give_their_exact_sums),
        cmocka_unit_test(native_cloud_bills_give_their_exact_sums),
        cmocka_unit_test(every_example_of_the_specification_is_read),
        cmocka_unit_test(tokens_of_focus_ai_rows_stand_in_disjoint_buckets),
        cmocka_unit_test(request_traces_count_every_token),
        cmocka_unit_test(the_sample_has_58_sub_accounts),
        cmocka_unit_test(the_validator_s_failing_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
