/* request_log.c - logs with one line per model request, or per group of requests, and token counts.
 *
 * What gateways and traces write: a time, a model, input and output tokens, perhaps cached tokens
 * and a cost. "prompt" and "context" counts include cached tokens. "input_tokens" does too, except
 * beside the cache columns of Anthropic's API, whose input count is what was not cached. */
#include "ingest/gateway.h"
#include "ingest/table.h"

enum { RAW_PROMPT, RAW_INPUT, RAW_CACHED, RAW_CACHE_READ, RAW_CACHE_CREATION, RAW_RELATIVE,
       RAW_STATUS };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_UNIX, {"timestamp", "time", "created_at", "startTime", "start_time", "date", "day",
                       "request_time"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED,
     {"completion_tokens", "output_tokens", "GeneratedTokens", "generated_tokens", "output_length",
      "tokens_out"}},
    {F_REQUESTS, 0, {"requests", "api_requests", "num_requests", "num_model_requests"}},
    {F_BILLED, 0, {"cost", "spend", "total_cost", "cost_usd"}},
    {F_CURRENCY, 0, {"currency"}},
    {F_BATCH, 0, {"batch"}},
    {F_TEXT + SPEND_MODEL, 0, {"model", "response_model", "model_name", "model_id"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"provider", "custom_llm_provider"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project", "project_id", "team_id", "team", "workspace"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"account", "organization_id"}},
    {F_TEXT + SPEND_TIER, 0, {"service_tier", "tier"}},
    {F_TEXT + SPEND_TAGS, 0, {"tags"}},
    {F_RAW + RAW_PROMPT, 0, {"prompt_tokens", "ContextTokens", "context_tokens", "input_length"}},
    {F_RAW + RAW_INPUT, 0, {"input_tokens", "tokens_in"}},
    {F_RAW + RAW_CACHED, 0, {"cached_tokens", "input_cached_tokens", "cached_input_tokens",
                             "prompt_cache_read_tokens", "cache_read_tokens"}},
    {F_RAW + RAW_CACHE_READ, 0, {"cache_read_input_tokens"}},
    {F_RAW + RAW_CACHE_CREATION, 0, {"cache_creation_input_tokens", "cache_write_tokens",
                                     "prompt_cache_write_tokens"}},
    {F_RAW + RAW_RELATIVE, 0, {"timestamp_ms"}},
    {F_RAW + RAW_STATUS, 0, {"status", "status_code", "http_status", "response_status"}},
};
/* clang-format on */

static bool has_any(const struct probe *p, int field)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        for (size_t k = 0; columns[i].field == field && k < 8 && columns[i].names[k]; k++)
            if (probe_has(p, columns[i].names[k]))
                return true;
    return false;
}

static int bid(const struct probe *p)
{
    bool when = has_any(p, F_DAY) || has_any(p, F_RAW + RAW_RELATIVE);
    bool in = has_any(p, F_RAW + RAW_PROMPT) || has_any(p, F_RAW + RAW_INPUT);
    if (!when || !in || !has_any(p, F_TOKENS + TOKENS_OUT))
        return 0;
    return 40 + 10 * has_any(p, F_TEXT + SPEND_MODEL);
}

static bool check(const struct table_plan *p, struct err *e)
{
    const struct table_spec *s = table_spec_of(p);
    if (!table_has(p, F_RAW + RAW_PROMPT) && !table_has(p, F_RAW + RAW_INPUT)) {
        err_set(e, ERR_INVALID, "%.*s: has no column of input tokens", FMT(s->path));
        return err_hint(e, "A mapping file (--map) can say which column it is.");
    }
    if (!table_has(p, F_TEXT + SPEND_MODEL) && !s->options->model.n) {
        err_set(e, ERR_INVALID, "%.*s: does not say which model served the requests",
                FMT(s->path));
        return err_hint(e, "Name it with --model, for example --model gpt-4o.");
    }
    if (table_has(p, F_DAY))
        return true;
    if (!table_has(p, F_RAW + RAW_RELATIVE)) {
        err_set(e, ERR_INVALID, "%.*s: has no column of times", FMT(s->path));
        return err_hint(e, "A mapping file (--map) can say which column it is.");
    }
    return true;
}

/* Milliseconds since 1970 when they are that many, else since the start the user states. */
static bool read_relative(const struct table_row *t, struct spend_row *r, struct err *e)
{
    const int64_t since_1970 = 100000000000; /* March 1973: no log is that old */
    int64_t ms;
    if (!table_raw_count(t, RAW_RELATIVE, &ms, e))
        return false;
    if (ms == TOKENS_NULL)
        return table_error(t, e, "timestamp_ms is empty");
    day start = table_spec_of(t->plan)->options->start;
    if (ms >= since_1970)
        start = 0;
    if (start == DAY_NONE) {
        table_fault(t, F_RAW + RAW_RELATIVE, e, "counts from a start that the file does not state");
        return err_hint(e, "Say on which day it started: --start 2026-07-01.");
    }
    if (ms / 86400000 > 1000000)
        return table_fault(t, F_RAW + RAW_RELATIVE, e, "is not a time in milliseconds");
    r->day = start + (day)(ms / 86400000);
    return true;
}

static bool read_input(const struct table_row *t, struct spend_row *r, struct err *e)
{
    int64_t prompt, input, cached, read, created;
    if (!table_raw_count(t, RAW_PROMPT, &prompt, e) || !table_raw_count(t, RAW_INPUT, &input, e) ||
        !table_raw_count(t, RAW_CACHED, &cached, e) ||
        !table_raw_count(t, RAW_CACHE_READ, &read, e) ||
        !table_raw_count(t, RAW_CACHE_CREATION, &created, e))
        return false;
    bool excludes = prompt == TOKENS_NULL && table_has(t->plan, F_RAW + RAW_CACHE_READ);
    int64_t all = prompt != TOKENS_NULL ? prompt : input;
    r->tokens[TOKENS_CACHE_READ] = cached != TOKENS_NULL ? cached : read;
    r->tokens[TOKENS_CACHE_WRITE_5M] = created;
    r->tokens[TOKENS_IN] = all;
    if (all == TOKENS_NULL || excludes)
        return true;
    int64_t rest = all;
    for (int b = TOKENS_CACHE_READ; b <= TOKENS_CACHE_WRITE_5M; b++)
        if (r->tokens[b] != TOKENS_NULL)
            rest = r->tokens[b] > rest ? -1 : rest - r->tokens[b];
    if (rest < 0)
        return table_fault(t, F_RAW + (prompt != TOKENS_NULL ? RAW_PROMPT : RAW_INPUT), e,
                           "is less than the cached tokens it should contain");
    r->tokens[TOKENS_IN] = rest;
    return true;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    if (!table_has(t->plan, F_DAY) && !read_relative(t, r, e))
        return false;
    if (!table_has(t->plan, F_REQUESTS))
        r->requests = 1;
    gateway_call_end(table_raw(t, RAW_STATUS), r);
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return read_input(t, r, e);
}

const struct importer importer_request_log = {
    .name = "request_log",
    .title = "Request log with token counts (CSV)",
    .summary = "One line per model request: time, model, input and output tokens.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
    .bid = bid,
    .check = check,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
