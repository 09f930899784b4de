/* test_importers.c - every sample gives its rows, and no format claims another's files.
 *
 * tests/samples/NAME/input.* is read; rows.txt beside it holds the format, the rows and the notes.
 * With $BLESS set it is rewritten, for review. */
#include "rows.h"

#include "ingest/probe.h"

static const struct sample {
    const char *folder, *format;
    const char *file; /* NULL: input.csv */
} samples[] = {
    {"focus", "focus", NULL},
    {"focus_ai", "focus", NULL},
    {"focus_13", "focus", NULL},
    {"focus_05", "focus", NULL},
    {"aws_cur", "aws_cur", NULL},
    {"aws_cur_2", "aws_cur", NULL},
    {"azure_actual", "azure_cost", NULL},
    {"azure_amortized", "azure_cost", NULL},
    {"aws_cur_koku", "aws_cur", NULL},
    {"azure_localized", "azure_cost", NULL},
    {"azure_payg", "azure_cost", NULL},
    {"azure_mca_amortized", "azure_cost", NULL},
    {"gcp_billing", "gcp_billing", "input.jsonl"},
    {"gcp_billing_csv", "gcp_billing", NULL},
    {"oci_cost", "oci_cost", NULL},
    {"openai_costs_csv", "openai_costs_csv", NULL},
    {"openai_usage_csv", "openai_usage_csv", NULL},
    {"anthropic_cost_csv", "anthropic_cost_csv", NULL},
    {"anthropic_usage_csv", "anthropic_usage_csv", NULL},
    {"openai_legacy_costs", "openai_legacy_costs", NULL},
    {"openai_legacy_costs_json", "openai_legacy_costs", "input.json"},
    {"openai_legacy_activity", "openai_legacy_activity", "input.json"},
    {"openai_legacy_days", "openai_legacy_days", "input.json"},
    {"litellm_logs", "litellm_logs", "input.jsonl"},
    {"litellm_logs_csv", "litellm_logs", NULL},
    {"litellm_daily", "litellm_daily", NULL},
    {"langfuse", "langfuse", "input.jsonl"},
    {"langfuse_csv", "langfuse", NULL},
    {"helicone", "helicone", "input.jsonl"},
    {"helicone_usd", "helicone", NULL},
    {"otel_genai", "otel_genai", "input.jsonl"},
    {"otel_genai_sdk", "otel_genai", "input.json"},
    {"deepseek_amount", "deepseek_amount", NULL},
    {"deepseek_cost", "deepseek_cost", NULL},
    {"databricks", "databricks", NULL},
    {"databricks_json", "databricks", "input.jsonl"},
    {"snowflake_credits", "snowflake_credits", NULL},
    {"snowflake_currency", "snowflake_currency", NULL},
    {"hledger", "hledger", NULL},
    {"ledger_csv", "ledger_csv", NULL},
    {"quickbooks_journal", "quickbooks_journal", NULL},
    {"quickbooks_ledger", "quickbooks_ledger", NULL},
    {"xero", "xero", NULL},
    {"netsuite", "netsuite", NULL},
    {"bank", "bank", NULL},
    {"bank_split", "bank", NULL},
    {"card_amex", "bank", NULL},
    {"card_chase", "bank", NULL},
    {"payroll", "payroll", NULL},
    {"payroll_gross", "payroll", NULL},
    {"hris", "hris", NULL},
    {"subscriptions", "subscriptions", NULL},
    {"seats", "seats", NULL},
    {"request_log", "request_log", NULL},
    {"request_log_claude", "request_log", NULL},
};

static str sample_path(struct arena *a, const char *folder, const char *name)
{
    return str_fmt(a, "%s/%s/%s", getenv("SAMPLES"), folder, name);
}

static str input_path(struct arena *a, const struct sample *s)
{
    return sample_path(a, s->folder, s->file ? s->file : "input.csv");
}

/* Lists of people and seats count for the month the user names. */
static struct import_options sample_options(void)
{
    struct import_options o = plain_options();
    o.start = day_from_civil(2026, 7, 1);
    return o;
}

static void every_sample_gives_its_rows(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct buf text;
        const str *notes = NULL;
        size_t n_notes = 0;
        buf_init(&text, ROWS_TEXT);
        struct import_options o = sample_options();
        str path = input_path(&a, &samples[i]);
        buf_fmt(&text, "%s\n", samples[i].format);
        assert_ok(read_files(&a, &path, 1, &o, &text, NULL, &notes, &n_notes, &e), &e);
        for (size_t k = 0; k < n_notes; k++) {
            size_t at = str_find(notes[k], path, 0);
            str note = at == 0 ? str_sub(notes[k], path.n + 2, notes[k].n) : notes[k];
            buf_fmt(&text, "note: %.*s\n", FMT(note));
        }
        str golden = sample_path(&a, samples[i].folder, "rows.txt"), wanted;
        if (getenv("BLESS"))
            assert_ok(file_write_atomic(golden, buf_str(&text), &e), &e);
        assert_ok(file_read(&a, golden, ROWS_TEXT, &wanted, &e), &e);
        if (!str_eq(buf_str(&text), wanted))
            fail_msg("%s:\n%.*s\nis not\n%.*s", samples[i].folder, FMT(buf_str(&text)),
                     FMT(wanted));
        buf_release(&text);
        arena_release(&a);
    }
}

static void no_format_claims_another_s_files(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct probe p;
        assert_ok(probe_file(&a, input_path(&a, &samples[i]), NULL, &p, &e),
                  &e);
        const struct importer *found;
        assert_ok(importer_find(&p, &found, &e), &e);
        assert_string_equal(found->name, samples[i].format);
        int own = importer_by_name(str_of(samples[i].format))->bid(&p);
        assert_true(own >= 50);
        for (size_t k = 0; importers[k]; k++) {
            const struct importer *x = importers[k];
            if (!(x->shapes & 1u << p.shape) || strcmp(x->name, samples[i].format) == 0)
                continue;
            if (x->bid(&p) > own - 20)
                fail_msg("%s bids %d for %s", x->name, x->bid(&p), samples[i].folder);
        }
        arena_release(&a);
    }
}

static void small_blocks_and_small_pages_change_nothing(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct buf text[2];
        struct import_options o = sample_options();
        str path = input_path(&a, &samples[i]);
        for (size_t k = 0; k < 2; k++) {
            struct source_options so = {.import = &o, .threads = 1,
                                        .block_bytes = k ? 64 : 0};
            struct source *s;
            buf_init(&text[k], ROWS_TEXT);
            assert_ok(source_open(&a, &path, 1, &so, &s, &e), &e);
            assert_ok(drain_source(s, k ? 1 : 4096, &text[k], NULL, &e), &e);
            source_close(s);
        }
        assert_true(str_eq(buf_str(&text[0]), buf_str(&text[1])));
        buf_release(&text[0]);
        buf_release(&text[1]);
        arena_release(&a);
    }
}

static const struct {
    const char *name, *content, *error;
} refused[] = {
    {"empty.csv", "", "empty.csv: is empty"},
    {"blank.csv", "\n \n", "blank.csv: is empty"},
    {"sheet.csv", "PK\x03\x04xxxx", "sheet.csv: is a ZIP archive or workbook"},
    {"unknown.csv", "a,b,c\n1,2,3\n",
     "unknown.csv: is delimited text, but of no format that is known (of 100: nobody bids)"},
    {"amount.csv",
     "BilledCost,EffectiveCost,ChargePeriodStart,BillingCurrency\n1,1,2026-01-01,USD\n"
     "\"12,3x\",1,2026-01-01,USD\n",
     "amount.csv:3: BilledCost '12,3x' is not an amount"},
    {"day.csv", "BilledCost,EffectiveCost,ChargePeriodStart,BillingCurrency\n1,1,2026-02-30,USD\n",
     "day.csv:2: ChargePeriodStart '2026-02-30' is not a date"},
    {"noday.csv", "BilledCost,EffectiveCost,ChargePeriodStart,BillingCurrency\n1,1,NULL,USD\n",
     "noday.csv:2: ChargePeriodStart is empty"},
    {"money.csv",
     "BilledCost,EffectiveCost,ChargePeriodStart,BillingCurrency\n1,1,2026-02-03,Tokens\n",
     "money.csv:2: BillingCurrency 'Tokens' is not a currency code"},
    {"large.csv",
     "BilledCost,EffectiveCost,ChargePeriodStart,BillingCurrency\n"
     "123456789012345678901,1,2026-02-03,USD\n",
     "large.csv:2: BilledCost '123456789012345678901' is too large"},
    {"missing.csv",
     "BilledCosts,EffectiveCost,ChargePeriodStart,BillingPeriodStart,ChargeCategory\n"
     "1,1,2026-02-03,2026-02-01,Usage\n",
     "missing.csv: has no column BilledCost, which FOCUS 1.0-1.4 (and 1.5 draft AI keys) needs"},
    {"cached.csv",
     "start_time,start_time_iso,end_time_iso,num_model_requests,input_tokens,input_cached_tokens,"
     "model\n1767225600,,,1,10,11,gpt-5\n",
     "cached.csv:2: input_tokens '10' is less than the cached tokens it should contain"},
    {"half.csv",
     "start_time,start_time_iso,end_time_iso,num_model_requests,input_tokens,model\n"
     "1767225600,,,1,10.5,gpt-5\n",
     "half.csv:2: input_tokens '10.5' is not a whole number of at least 0"},
    {"nomodel.csv", "timestamp,prompt_tokens,completion_tokens\n2026-01-01,1,2\n",
     "nomodel.csv: does not say which model served the requests"},
};

static void wrong_files_are_refused_with_place_and_value(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct import_options o = plain_options();
        str path = temp_file(&a, refused[i].name, str_of(refused[i].content));
        assert_error(read_files(&a, &path, 1, &o, NULL, NULL, NULL, NULL, &e), &e,
                     refused[i].error);
        assert_int_equal(e.kind, ERR_INVALID);
        arena_release(&a);
    }
}

static void a_missing_column_is_named_with_the_likeliest(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    str path = temp_file(&a, "m.csv",
                         S("BilledCosts,EffectiveCost,ChargePeriodStart,BillingPeriodStart,"
                           "ChargeCategory\n1,1,2026-02-03,2026-02-01,Usage\n"));
    assert_false(read_files(&a, &path, 1, &o, NULL, NULL, NULL, NULL, &e));
    assert_string_equal(e.hint, "Did you mean 'BilledCosts'? A mapping file (--map) can say so.");
    arena_release(&a);
}

static void an_importer_can_be_named(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    str path = temp_file(&a, "t.csv", S("date,input_tokens,output_tokens,model\n2026-01-01,1,2,m\n"));
    struct totals t = {0};
    o.as = S("request_log");
    assert_ok(read_files(&a, &path, 1, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.tokens[TOKENS_IN], 1);
    o.as = S("focsu");
    assert_error(read_files(&a, &path, 1, &o, NULL, NULL, NULL, NULL, &e), &e,
                 "there is no format 'focsu'");
    assert_string_equal(e.hint, "Did you mean 'focus'?");
    o.as = S("focus");
    assert_error(read_files(&a, &path, 1, &o, NULL, NULL, NULL, NULL, &e), &e,
                 "has no column ChargePeriodStart, BilledCost, EffectiveCost");
    arena_release(&a);
}

static void personal_data_never_reaches_a_row(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        str text;
        assert_ok(file_read(&a, sample_path(&a, samples[i].folder, "rows.txt"), ROWS_TEXT, &text,
                            &e),
                  &e);
        assert_true(str_find(text, S("ann@example.org"), 0) == SIZE_MAX);
        assert_true(str_find(text, S("ann-laptop"), 0) == SIZE_MAX);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_gives_its_rows),
        cmocka_unit_test(no_format_claims_another_s_files),
        cmocka_unit_test(small_blocks_and_small_pages_change_nothing),
        cmocka_unit_test(wrong_files_are_refused_with_place_and_value),
        cmocka_unit_test(a_missing_column_is_named_with_the_likeliest),
        cmocka_unit_test(an_importer_can_be_named),
        cmocka_unit_test(personal_data_never_reaches_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temp_files);
}
