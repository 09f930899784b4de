/* litellm.c - LiteLLM's spend: one row per request (SpendLogs), or per day (Daily...Spend tables).
 *
 * prompt_tokens contain cached tokens, read and written. LiteLLM writes 0 where it knows no price,
 * so a spend of 0 for tokens that were paid for is unknown here. Messages, responses, users and
 * keys are not read. */
#include "ingest/gateway.h"
#include "ingest/table.h"

enum { RAW_METADATA, RAW_CACHE_HIT, RAW_STATUS };

/* clang-format off */
static const struct import_column log_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX, {"startTime"}},
    {F_BILLED, COL_REQUIRED, {"spend"}},
    {F_TOKENS + TOKENS_IN, COL_REQUIRED, {"prompt_tokens"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED, {"completion_tokens"}},
    {F_TEXT + SPEND_MODEL, COL_REQUIRED, {"model"}},
    {F_TEXT + SPEND_MODEL, 0, {"model_group"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"custom_llm_provider"}},
    {F_TEXT + SPEND_METER, 0, {"call_type"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"team_id"}},
    {F_RAW + RAW_METADATA, 0, {"metadata"}},
    {F_RAW + RAW_CACHE_HIT, 0, {"cache_hit"}},
    {F_RAW + RAW_STATUS, 0, {"status"}},
};

static const struct import_column daily_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"date"}},
    {F_BILLED, COL_REQUIRED, {"spend"}},
    {F_TOKENS + TOKENS_IN, COL_REQUIRED, {"prompt_tokens"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED, {"completion_tokens"}},
    {F_TOKENS + TOKENS_CACHE_READ, 0, {"cache_read_input_tokens"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_5M, 0, {"cache_creation_input_tokens"}},
    {F_REQUESTS, 0, {"api_requests"}},
    {F_TEXT + SPEND_MODEL, COL_REQUIRED, {"model"}},
    {F_TEXT + SPEND_MODEL, 0, {"model_group"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"custom_llm_provider"}},
    {F_TEXT + SPEND_METER, 0, {"endpoint"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"team_id"}},
    {F_TAG, 0, {"tag"}},
};
/* clang-format on */

static int bid_logs(const struct probe *p)
{
    static const char *const own[] = {"call_type", "api_key", "cache_hit", "request_tags",
                                      "model_group", "custom_llm_provider", "end_user",
                                      "api_base", NULL};
    if (!probe_has(p, "spend") || !probe_has(p, "startTime") || !probe_has(p, "prompt_tokens"))
        return 0;
    return MIN(40 + 9 * probe_count(p, own), 96);
}

static int bid_daily(const struct probe *p)
{
    static const char *const own[] = {"api_requests", "successful_requests", "failed_requests",
                                      "custom_llm_provider", "model_group",
                                      "cache_read_input_tokens", NULL};
    if (!probe_has(p, "spend") || !probe_has(p, "date") || !probe_has(p, "prompt_tokens") ||
        !probe_has(p, "api_requests"))
        return 0;
    return MIN(52 + 8 * probe_count(p, own), 96);
}

/* A cached count of the usage object that LiteLLM keeps under one of several paths. */
static bool cached_count(const struct table_row *t, const struct json *metadata,
                         const char *const *paths, int64_t *ret, struct err *e)
{
    for (; *paths; paths++) {
        const struct json *v = json_path(metadata, *paths);
        if (json_is_null(v))
            continue;
        if (json_i64(v, ret) && *ret >= 0)
            return true;
        return table_fault(t, F_RAW + RAW_METADATA, e, "has a '%s' that is no count", *paths);
    }
    return true;
}

static bool read_cached(const struct table_row *t, struct spend_row *r, struct err *e)
{
    static const char *const reads[] = {
        "usage_object.prompt_tokens_details.cached_tokens", "usage_object.cache_read_input_tokens",
        "additional_usage_values.prompt_tokens_details.cached_tokens",
        "additional_usage_values.cache_read_input_tokens", NULL};
    static const char *const writes[] = {
        "usage_object.prompt_tokens_details.cache_creation_tokens",
        "usage_object.cache_creation_input_tokens",
        "additional_usage_values.cache_creation_input_tokens", NULL};
    str text = table_raw(t, RAW_METADATA);
    const struct json *v;
    struct err ignored;
    if (!text.n || !json_parse(table_scratch(t), text, &v, &ignored))
        return true;
    int64_t *in = &r->tokens[TOKENS_IN];
    int64_t *read = &r->tokens[TOKENS_CACHE_READ], *write = &r->tokens[TOKENS_CACHE_WRITE_5M];
    if (!cached_count(t, v, reads, read, e) || !cached_count(t, v, writes, write, e))
        return false;
    for (int b = TOKENS_CACHE_READ; b <= TOKENS_CACHE_WRITE_5M && *in != TOKENS_NULL; b++)
        if (r->tokens[b] != TOKENS_NULL)
            *in = r->tokens[b] > *in ? -1 : *in - r->tokens[b];
    return *in >= 0 || *in == TOKENS_NULL ||
           table_fault(t, F_TOKENS + TOKENS_IN, e, "is less than the cached tokens in metadata");
}

static bool has_tokens(const struct spend_row *r)
{
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (r->tokens[b] != TOKENS_NULL && r->tokens[b] > 0)
            return true;
    return false;
}

static bool finish(struct spend_row *r)
{
    r->text[SPEND_PROVIDER] = gateway_provider(r->text[SPEND_PROVIDER]);
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    if (r->billed == 0 && has_tokens(r))
        r->billed = DEC_NULL;
    r->effective = r->billed;
    return true;
}

static bool log_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    r->requests = 1;
    gateway_call_end(table_raw(t, RAW_STATUS), r);
    if (str_eq_nocase(table_raw(t, RAW_CACHE_HIT), S("true"))) {
        /* answered by LiteLLM itself: no tokens were bought */
        for (int b = 0; b < TOKEN_BUCKETS; b++)
            r->tokens[b] = 0;
        return finish(r);
    }
    return read_cached(t, r, e) && finish(r);
}

static bool daily_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                      struct err *e)
{
    return finish(r);
}

const struct importer importer_litellm_logs = {
    .name = "litellm_logs",
    .title = "LiteLLM spend logs",
    .summary = "LiteLLM_SpendLogs, a row per request; prompt tokens include cached tokens.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .currency = "USD",
    .bid = bid_logs,
    .columns = log_columns,
    .n_columns = ARRAY_LEN(log_columns),
    .row = log_row,
};

const struct importer importer_litellm_daily = {
    .name = "litellm_daily",
    .title = "LiteLLM daily spend",
    .summary = "LiteLLM_Daily...Spend tables, a row per day, key and model; prompt tokens include "
               "cached tokens.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .currency = "USD",
    .bid = bid_daily,
    .columns = daily_columns,
    .n_columns = ARRAY_LEN(daily_columns),
    .row = daily_row,
};
