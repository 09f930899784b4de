/* test_importers.c - every sample gives its rows, and no format claims another's files.
 *
 * tests/samples/NAME/input.* is read; rows.txt beside it holds the format, the rows and the notes.
 * With $BLESS set it is rewritten, for review. */
#include <dirent.h>

#include "samples.h"

#include "ingest/probe.h"

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

static void check_bids(const struct sample *sample)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct probe p;
    const struct importer *found;
    assert_ok(probe_file(&a, input_path(&a, sample), NULL, &p, &e), &e);
    assert_ok(importer_find(&p, &found, &e), &e);
    assert_string_equal(found->name, sample->format);
    int own = found->bid(&p);
    if (own < 50)
        fail_msg("%s bids only %d for %s", found->name, own, sample->folder);
    for (size_t k = 0; importers[k]; k++) {
        const struct importer *x = importers[k];
        if ((x->shapes & 1u << p.shape) && x != found && x->bid(&p) > own - 20)
            fail_msg("%s bids %d for %s, whose own format bids %d", x->name, x->bid(&p),
                     sample->folder, own);
    }
    arena_release(&a);
}

static void no_format_claims_another_s_files(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        check_bids(&samples[i]);
    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        check_bids(&documents[i]);
}

static void every_format_has_a_sample(void **state)
{
    for (size_t k = 0; importers[k]; k++) {
        bool has = false;
        for (size_t i = 0; i < ARRAY_LEN(samples); i++)
            has |= strcmp(samples[i].format, importers[k]->name) == 0;
        for (size_t i = 0; i < ARRAY_LEN(documents); i++)
            has |= strcmp(documents[i].format, importers[k]->name) == 0;
        if (!has)
            fail_msg("%s has no sample", importers[k]->name);
    }
}

static bool is_listed(str folder)
{
    static const char *const others[] = {"plan", "prices"}; /* of other tests */
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (str_eq(folder, str_of(samples[i].folder)))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        if (str_eq(folder, str_of(documents[i].folder)))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (str_eq(folder, str_of(others[i])))
            return true;
    return false;
}

static void no_sample_is_forgotten(void **state)
{
    size_t n = 0;
    DIR *dir = opendir(getenv("SAMPLES"));
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        if (d->d_name[0] == '.')
            continue;
        if (!is_listed(str_of(d->d_name)))
            fail_msg("tests/samples/%s is not listed in samples.h: no test reads it", d->d_name);
        n++;
    }
    closedir(dir);
    assert_int_equal(n, ARRAY_LEN(samples) + ARRAY_LEN(documents) + 2);
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
    /* a wrong variant of every format that came later: the place, the value, what it should be */
    {"gcp-credits.jsonl",
     "{\"usage_start_time\":\"2026-07-01\",\"cost\":1,\"currency\":\"USD\",\"service\":{\"description\":"
     "\"x\"},\"sku\":{\"description\":\"y\"},\"billing_account_id\":\"b\",\"credits\":[{\"name\":\"c\"}]}\n",
     "gcp-credits.jsonl:1: credits '[{\"name\":\"c\"}]' has a credit without an amount"},
    {"gcp-month.csv",
     "billing_account_id,service_description,sku_description,usage_start_time,cost,currency,"
     "invoice_month\nb,s,k,2026-07-01,1,USD,2026-13\n",
     "gcp-month.csv:2: invoice_month '2026-13' is not a billing month"},
    {"oci.csv",
     "lineItem/intervalUsageStart,lineItem/tenantId,product/service,cost/productSku,"
     "cost/currencyCode,usage/billedQuantity\n2026-07-01T00:00Z,t,s,k,USD,1\n",
     "oci.csv: has no column cost/myCost, which Oracle Cloud cost report needs"},
    {"azure-v1.csv",
     "Usage Date,Meter Category,Meter Id,Meter Sub-category,Meter Name,Meter Region,Unit,"
     "Consumed Quantity,Resource Location,Consumed Service\n2026-07-01,a,b,c,d,e,f,1,g,h\n",
     "azure-v1.csv: has no column CostInBillingCurrency, which Azure cost export"},
    {"koku.csv",
     "lineitem_usagestartdate,lineitem_unblendedcost,lineitem_productcode,lineitem_usagetype\n"
     "2026-07-01,1,AmazonEC2,x\n",
     "koku.csv: has no column lineItem/LineItemType, which AWS Cost and Usage Report"},
    {"legacy.csv", "timestamp,currency,name,cost,cost_in_major\n1714521600,usd,GPT-4o,12.5,12.5\n",
     "legacy.csv:2: cost '12.5' is not cost_in_major in cents"},
    {"days.json",
     "{\"daily_costs\":[{\"timestamp\":1678838400.0,\"line_items\":[{\"name\":\"a\",\"cost\":5}]}],\n"
     "\"total_usage\":500}",
     "days.json:2:15: total_usage '500' is not the sum of the days, 5 cents"},
    {"activity.json",
     "{\"data\":[{\"aggregation_timestamp\":1716501600,\"snapshot_id\":\"gpt-4o\",\n"
     "\"n_context_tokens_total\":5,\"n_cached_context_tokens_total\":6,\"n_generated_tokens_total\":1}]}",
     "n_context_tokens_total '5' is less than the cached tokens it should contain"},
    {"litellm.csv",
     "call_type,api_key,spend,startTime,model,prompt_tokens,completion_tokens,metadata\n"
     "a,k,1,2026-07-01,gpt-4o,10,1,"
     "\"{\"\"usage_object\"\":{\"\"prompt_tokens_details\"\":{\"\"cached_tokens\"\":11}}}\"\n",
     "litellm.csv:2: prompt_tokens '10' is less than the cached tokens in metadata"},
    {"daily.csv",
     "date,spend,prompt_tokens,completion_tokens,api_requests,model\n2026-07-01,1,10,-1,1,m\n",
     "daily.csv:2: completion_tokens '-1' is not a whole number of at least 0"},
    {"langfuse.jsonl",
     "{\"traceId\":\"t\",\"type\":\"GENERATION\",\"startTime\":\"2026-07-01\",\"usageDetails\":{\"input\":\"many\"},"
     "\"projectId\":\"p\"}\n",
     "langfuse.jsonl:1: usageDetails '{\"input\":\"many\"}' has a 'input' that is no count"},
    {"helicone.csv",
     "request_id,request_created_at,model,prompt_tokens,completion_tokens,cost\n"
     "q,2026-07-01,gpt-4o,1,1,0.0012\n",
     "helicone.csv:2: cost '0.0012' is no whole number of billionths of a dollar"},
    {"otel.json",
     "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\n{\"startTimeUnixNano\":\"1783674000000000000\","
     "\"attributes\":[{\"key\":\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"5\"}},{\"key\":"
     "\"gen_ai.usage.cache_read.input_tokens\",\"value\":{\"intValue\":\"9\"}}]}]}]}]}",
     "otel.json:2:1: gen_ai.usage.input_tokens '5' is less than the cached tokens"},
    {"otel-type.json",
     "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"gen_ai.client.token.usage\","
     "\"histogram\":{\"aggregationTemporality\":2,\"dataPoints\":[{\"timeUnixNano\":"
     "\"1783674000000000000\",\"sum\":5,\"count\":\"1\",\"attributes\":[\n{\"key\":\"gen_ai.token.type\","
     "\"value\":{\"stringValue\":\"cached\"}}]}]}}]}]}]}",
     "otel-type.json:2:51: gen_ai.token.type 'cached' is neither input nor output"},
    {"otel-rate.json",
     "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"gen_ai.client.token.usage\","
     "\"histogram\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":"
     "\"1783674000000000000\",\"count\":\"1\",\n\"sum\":0.5,\"attributes\":[{\"key\":\"gen_ai.token.type\","
     "\"value\":{\"stringValue\":\"input\"}}]}]}}]}]}]}",
     "otel-rate.json:2:7: sum '0.5' is not a whole number of at least 0"},
    {"otel-gauge.json",
     "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[\n{\"name\":\"gen_ai.client.token.usage\","
     "\"gauge\":{\"dataPoints\":[]}}]}]}]}",
     "otel-gauge.json:2:1: gen_ai.client.token.usage is no histogram or sum that only rises"},
    {"otel-temporality.json",
     "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[\n{\"name\":\"gen_ai.client.token.usage\","
     "\"histogram\":{\"dataPoints\":[]}}]}]}]}",
     "otel-temporality.json:2:1: aggregationTemporality '' does not tell totals from differences"},
    {"deepseek.csv",
     "utc_date,model,api_key_name,type,price,amount\n2026-07-01,deepseek-chat,k,input_tokens,1,5\n",
     "deepseek.csv:2: type 'input_tokens' is no kind of usage that is known"},
    {"wallet.csv", "utc_date,model,wallet_type,cost,currency\n2026-07-01,m,w,1,points\n",
     "wallet.csv:2: currency 'points' is not a currency code"},
    {"databricks.csv",
     "usage_date,usage_unit,usage_quantity,sku_name,workspace_id\n2026-07-01,DBU,many,S,w\n",
     "databricks.csv:2: usage_quantity 'many' is not an amount"},
    {"snowflake.csv", "SERVICE_TYPE,USAGE_DATE,CREDITS_USED\nAI_SERVICES,2026-07-01,\n",
     "snowflake.csv:2: has neither CREDITS_BILLED nor CREDITS_USED"},
    {"contract.csv",
     "USAGE_DATE,USAGE_IN_CURRENCY,CURRENCY,CONTRACT_NUMBER\n2026-07-01,1,CREDITS,1\n",
     "contract.csv:2: CURRENCY 'CREDITS' is not a currency code"},
    {"hledger.csv",
     "txnidx,date,date2,status,code,description,account,amount,commodity,posting-status\n"
     "1,2026-07-01,,,,x,expenses:ai,3,hours,\n",
     "hledger.csv:2: commodity 'hours' is no currency"},
    {"ledger.csv",
     "\"2026/07/02\",\"\",\"a\",\"Expenses:AI\",\"USD\",\"1\",\"*\",\"\"\n"
     "\"2026/13/02\",\"\",\"a\",\"Expenses:AI\",\"USD\",\"1\",\"*\",\"\"\n",
     "ledger.csv:2: date '2026/13/02' is not a date"},
    {"journal.csv",
     "Journal\n\nDate,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit\n"
     "31.07.2026,Bill,1,OpenAI,x,6200 Software,5,\n",
     "journal.csv:4: Date '31.07.2026' is not a date"},
    {"journal-cut.csv",
     "Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit\n"
     ",,,OpenAI,x,6200 Software,5,\n",
     "journal-cut.csv:2: belongs to no transaction: no line above has a date"},
    {"general.csv",
     "General Ledger\n\n,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance\n"
     ",07/01/2026,Bill,1,OpenAI,x,AP,5,5\n",
     "general.csv:4: stands under no account"},
    {"xero.csv",
     "Account Transactions\nDate,Source,Description,Reference,Debit,Credit,Running Balance\n"
     "Software,,,,,,\n2026-31-07,Payable Invoice,x,1,5,0,5\n",
     "xero.csv:4: Date '2026-31-07' is not a date"},
    {"netsuite.csv",
     "Account,Type,Date,Num,Name,Clr,Split,Amount,Balance\n"
     "6200 - Software,Bill,7/3/2026,1,OpenAI,F,AP,five,5\n",
     "netsuite.csv:2: Amount 'five' is not an amount"},
    {"card.csv", "Date,Description,Amount\n2026-07-01,OPENAI,5\n",
     "card.csv: does not tell whether positive amounts are money spent or received"},
    {"payroll.csv",
     "Employee,Pay Date,Gross Pay,Employer Cost,Net Pay\nAnn,2026-07-31,5000,600,4000\n",
     "payroll.csv:2: Employer Cost '600' is less than gross pay"},
    {"hris.csv", "Name,Job Title,Department,Hire Date,Annual Salary\nAnn,ML Engineer,ML,2024-01-01,1\n",
     "hris.csv: states pay per year, but not for which month it counts"},
    {"subscriptions.csv",
     "Vendor,Application,Seats,Price per Seat,Billing Date\nGitHub,Copilot,all,19,2026-07-01\n",
     "subscriptions.csv:2: Seats 'all' is not an amount"},
    {"seats.csv", "Login,Plan Type,Status,Last Activity At\nann,Copilot,active,2026-07-01\n",
     "seats.csv: lists seats, but not for which month they count"},
    {"costs.csv",
     "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item\n"
     "1767225600,1767312000,2026-01-01T00:00:00,2026-01-02T00:00:00,0.5,credits,gpt-5\n",
     "costs.csv:2: amount_currency 'credits' is not a currency code"},
    {"console-cost.csv",
     "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd\n"
     "2026-06-01,Claude Sonnet 5,Search,k,standard,x,output,$0.25c\n",
     "console-cost.csv:2: cost_usd '$0.25c' is not an amount"},
    {"console-usage.csv",
     "usage_date_utc,model_version,api_key,workspace,usage_input_tokens_no_cache,"
     "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,"
     "usage_input_tokens_cache_read,usage_output_tokens\n"
     "2026-06-01,claude-sonnet-5,k,Search,1200.5,300,40,90000,512\n",
     "console-usage.csv:2: usage_input_tokens_no_cache '1200.5' is not a whole number"},
    {"costs.json",
     "{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":1767225600,\"results\":[\n"
     "{\"object\":\"organization.costs.result\",\"amount\":{\"value\":1,\"currency\":\"points\"}}]}]}",
     "costs.json:2:70: currency 'points' is no ISO 4217 code"},
    {"usage.json",
     "{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":1767225600000,\"results\":[\n"
     "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":1}]}]}",
     "usage.json:1:58: start_time '1767225600000' is in milliseconds, not seconds"},
    {"messages.json",
     "{\"data\":[{\"starting_at\":\"2026-08-31T00:00:00Z\",\"results\":[\n"
     "{\"uncached_input_tokens\":-5,\"output_tokens\":500}]}]}",
     "messages.json:2:26: uncached_input_tokens '-5' is negative"},
    {"cost.json",
     "{\"data\":[{\"starting_at\":\"2026-07-01T00:00:00Z\",\"results\":[\n"
     "{\"currency\":\"USD\",\"amount\":\"12,5\",\"cost_type\":\"tokens\",\"workspace_id\":null}]}]}",
     "cost.json:2:28: amount '12,5' is not an amount"},
    {"session.jsonl",
     "{\"type\":\"assistant\",\"sessionId\":\"s\",\"requestId\":\"r\",\"message\":{\"model\":\"m\",\"usage\":"
     "{\"input_tokens\":1,\"output_tokens\":1,\"cache_read_input_tokens\":0}}}\n",
     "session.jsonl:1:84: usage without 'timestamp': it belongs to no day"},
    {"codex.jsonl",
     "{\"timestamp\":\"2026-07-01T09:00:00Z\",\"type\":\"turn_context\",\"payload\":{\"model\":"
     "\"gpt-5\"}}\n{\"timestamp\":\"2026-07-01T09:01:00Z\",\"type\":\"event_msg\",\"payload\":{\"type\":"
     "\"token_count\",\"info\":{\"last_token_usage\":{\"input_tokens\":10,"
     "\"cached_input_tokens\":20,\"output_tokens\":3,\"total_tokens\":13}}}}\n",
     "cached_input_tokens '20' is more than input_tokens"},
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
        if (!e.hint[0])
            fail_msg("%s is refused without a remedy", refused[i].name);
        arena_release(&a);
    }
}

/* Every format has a wrong variant above: one that the bidding takes for it, or a named one. */
static void every_format_refuses_a_wrong_variant(void **state)
{
    bool has[64] = {false};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct probe p;
        const struct importer *found;
        str path = temp_file(&a, refused[i].name, str_of(refused[i].content));
        if (probe_file(&a, path, NULL, &p, &e) && importer_find(&p, &found, &e))
            for (size_t k = 0; importers[k]; k++)
                has[k] |= importers[k] == found;
        arena_release(&a);
    }
    for (size_t k = 0; importers[k]; k++)
        if (!has[k])
            fail_msg("%s has no wrong variant", importers[k]->name);
}

/* One document of OTLP with a cumulative total of one series. */
static str metrics_doc(struct arena *a, const char *type, int64_t minute, int64_t sum)
{
    return str_fmt(a,
                   "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":"
                   "\"gen_ai.client.token.usage\",\"histogram\":{\"aggregationTemporality\":2,"
                   "\"dataPoints\":[{\"startTimeUnixNano\":\"1782864000000000000\",\"timeUnixNano\":"
                   "\"%lld000000000\",\"sum\":%lld,\"count\":\"1\",\"attributes\":[{\"key\":"
                   "\"gen_ai.token.type\",\"value\":{\"stringValue\":\"%s\"}}]}]}}]}]}]}\n",
                   (long long)(1782864000 + minute * 60), (long long)sum, type);
}

static void totals_go_on_in_the_next_file_of_an_import(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    struct totals t = {0};
    const str paths[] = {
        temp_file(&a, "m1.jsonl", str_fmt(&a, "%.*s%.*s", FMT(metrics_doc(&a, "input", 1, 100)),
                                          FMT(metrics_doc(&a, "input", 2, 250)))),
        temp_file(&a, "m2.json", metrics_doc(&a, "input", 3, 400)),
        temp_file(&a, "m3.jsonl", str_fmt(&a, "%.*s%.*s", FMT(metrics_doc(&a, "input", 3, 400)),
                                          FMT(metrics_doc(&a, "input", 9, 1000)))),
    };
    assert_ok(read_files(&a, paths, 3, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.tokens[TOKENS_IN], 1000);
    assert_int_equal(t.rows, 4);
    arena_release(&a);
}

static void spans_and_metrics_are_not_added_up(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    const str paths[] = {sample_path(&a, "otel_genai", "input.jsonl"),
                         sample_path(&a, "otel_metrics", "input.jsonl")};
    assert_error(read_files(&a, paths, 2, &o, NULL, NULL, NULL, NULL, &e), &e,
                 "otel_metrics/input.jsonl: OpenTelemetry GenAI metrics (OTLP JSON) count again what ");
    assert_non_null(strstr(e.hint, "Import one of the two."));
    /* one file with both: its spans count */
    str spans, metrics;
    struct totals t = {0}, alone = {0};
    assert_ok(file_read(&a, paths[0], ROWS_TEXT, &spans, &e), &e);
    assert_ok(file_read(&a, paths[1], ROWS_TEXT, &metrics, &e), &e);
    str both = temp_file(&a, "both.jsonl", str_fmt(&a, "%.*s%.*s", FMT(metrics), FMT(spans)));
    assert_ok(read_files(&a, &both, 1, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_ok(read_files(&a, paths, 1, &o, NULL, &alone, NULL, NULL, &e), &e);
    assert_int_equal(t.tokens[TOKENS_IN], alone.tokens[TOKENS_IN]);
    assert_int_equal(t.rows, alone.rows);
    arena_release(&a);
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
        cmocka_unit_test(every_format_has_a_sample),
        cmocka_unit_test(no_sample_is_forgotten),
        cmocka_unit_test(small_blocks_and_small_pages_change_nothing),
        cmocka_unit_test(wrong_files_are_refused_with_place_and_value),
        cmocka_unit_test(every_format_refuses_a_wrong_variant),
        cmocka_unit_test(totals_go_on_in_the_next_file_of_an_import),
        cmocka_unit_test(spans_and_metrics_are_not_added_up),
        cmocka_unit_test(a_missing_column_is_named_with_the_likeliest),
        cmocka_unit_test(an_importer_can_be_named),
        cmocka_unit_test(personal_data_never_reaches_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temp_files);
}
