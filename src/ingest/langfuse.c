/* langfuse.c - Langfuse observations, from its exports and its blob storage integration.
 *
 * The keys of usageDetails are free; an alias table leads to the buckets. Langfuse's keys are
 * meant to be disjoint; where `total` says that the input contains the cached tokens, they are
 * taken out. Only generations and embeddings have usage. Input, output, names and users are not
 * read. */
#include "ingest/gateway.h"
#include "ingest/table.h"

enum { RAW_TYPE, RAW_USAGE, RAW_IN, RAW_OUT, RAW_LEVEL };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"startTime"}},
    {F_BILLED, 0, {"totalCost", "calculatedTotalCost"}},
    {F_TEXT + SPEND_MODEL, 0, {"providedModelName", "model", "modelName"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"projectId"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"environment"}},
    {F_RAW + RAW_TYPE, COL_REQUIRED, {"type"}},
    {F_RAW + RAW_USAGE, 0, {"usageDetails", "usage"}},
    {F_RAW + RAW_IN, 0, {"inputTokens", "promptTokens", "inputUsage"}},
    {F_RAW + RAW_OUT, 0, {"outputTokens", "completionTokens", "outputUsage"}},
    {F_RAW + RAW_LEVEL, 0, {"level"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {"traceId", "type", "usageDetails", "costDetails",
                                      "totalCost", "providedModelName", "projectId",
                                      "completionStartTime", "environment", NULL};
    if (!probe_has_loose(p, "traceId") || !probe_has_loose(p, "startTime") ||
        !probe_has_loose(p, "type"))
        return 0;
    if (!probe_has_loose(p, "usageDetails") && !probe_has_loose(p, "usage") &&
        !probe_has_loose(p, "inputTokens"))
        return 0;
    return MIN(40 + 8 * probe_count(p, own), 96);
}

static const struct alias {
    const char *key;
    enum token_bucket bucket;
} aliases[] = {
    {"input", TOKENS_IN},
    {"input_tokens", TOKENS_IN},
    {"prompt_tokens", TOKENS_IN},
    {"promptTokenCount", TOKENS_IN},
    {"prompt_token_count", TOKENS_IN},
    {"input_text", TOKENS_IN},
    {"tool_use_prompt_token_count", TOKENS_IN},
    {"input_cached_tokens", TOKENS_CACHE_READ},
    {"input_cache_read", TOKENS_CACHE_READ},
    {"cache_read_input_tokens", TOKENS_CACHE_READ},
    {"cached_tokens", TOKENS_CACHE_READ},
    {"cachedContentTokenCount", TOKENS_CACHE_READ},
    {"cached_content_token_count", TOKENS_CACHE_READ},
    {"input_cached", TOKENS_CACHE_READ},
    {"input_cache_creation", TOKENS_CACHE_WRITE_5M},
    {"cache_creation_input_tokens", TOKENS_CACHE_WRITE_5M},
    {"input_cache_creation_5m", TOKENS_CACHE_WRITE_5M},
    {"input_cache_write", TOKENS_CACHE_WRITE_5M},
    {"input_cache_creation_1h", TOKENS_CACHE_WRITE_1H},
    {"output", TOKENS_OUT},
    {"output_tokens", TOKENS_OUT},
    {"completion_tokens", TOKENS_OUT},
    {"candidatesTokenCount", TOKENS_OUT},
    {"candidates_token_count", TOKENS_OUT},
    {"output_text", TOKENS_OUT},
    {"output_reasoning_tokens", TOKENS_OUT},
    {"output_reasoning", TOKENS_OUT},
    {"reasoning_tokens", TOKENS_OUT},
    {"thoughtsTokenCount", TOKENS_OUT},
    {"thoughts_token_count", TOKENS_OUT},
};

static bool is_total(str key)
{
    return str_eq(key, S("total")) || str_eq(key, S("total_tokens")) ||
           str_eq(key, S("totalTokenCount")) || str_eq(key, S("total_token_count"));
}

static bool add(int64_t *to, int64_t n)
{
    if (*to == TOKENS_NULL)
        *to = 0;
    return !__builtin_add_overflow(*to, n, to);
}

static bool add_key(const struct table_row *t, struct spend_row *r, str key, int64_t n,
                    bool *other, struct err *e)
{
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (str_eq(key, str_of(aliases[i].key)))
            return add(&r->tokens[aliases[i].bucket], n) ||
                   table_error(t, e, "token counts are too large to add");
    *other |= n > 0;
    return true;
}

/* Takes cached tokens out of an input that contains them, as the total shows. */
static bool settle_total(const struct table_row *t, struct spend_row *r, int64_t total,
                         struct err *e)
{
    int64_t cached = 0, rest = 0, sum;
    for (int b = 0; b < TOKEN_BUCKETS; b++) {
        bool is_cached = b >= TOKENS_CACHE_READ && b <= TOKENS_CACHE_WRITE_1H;
        if (r->tokens[b] != TOKENS_NULL && !add(is_cached ? &cached : &rest, r->tokens[b]))
            return table_error(t, e, "token counts are too large to add");
    }
    if (__builtin_add_overflow(cached, rest, &sum))
        return table_error(t, e, "token counts are too large to add");
    int64_t *in = &r->tokens[TOKENS_IN];
    if (total == TOKENS_NULL || total == sum || !cached || total != rest || *in == TOKENS_NULL)
        return true;
    if (*in < cached)
        return table_fault(t, F_RAW + RAW_USAGE, e, "has more cached tokens than input");
    *in -= cached;
    return true;
}

static bool read_usage(const struct table_row *t, struct spend_row *r, bool *other, struct err *e)
{
    str text = table_raw(t, RAW_USAGE);
    const struct json *v;
    struct err inner;
    int64_t total = TOKENS_NULL;
    if (!text.n) {
        return table_raw_count(t, RAW_IN, &r->tokens[TOKENS_IN], e) &&
               table_raw_count(t, RAW_OUT, &r->tokens[TOKENS_OUT], e);
    }
    if (!json_parse(table_scratch(t), text, &v, &inner) || v->kind != JSON_MAP)
        return table_fault(t, F_RAW + RAW_USAGE, e, "is no map of token counts");
    for (size_t i = 0; i < v->n; i++) {
        int64_t n;
        if (json_is_null(&v->items[i]) || v->items[i].kind == JSON_MAP)
            continue;
        str key = v->keys[i];
        if (str_eq(key, S("unit")))
            continue;
        if (!json_i64(&v->items[i], &n) || n < 0)
            return table_fault(t, F_RAW + RAW_USAGE, e, "has a '%.*s' that is no count",
                               FMT(str_sub(key, 0, 60)));
        if (is_total(key))
            total = n;
        else if (!add_key(t, r, key, n, other, e))
            return false;
    }
    return settle_total(t, r, total, e);
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str type = table_raw(t, RAW_TYPE);
    str level = table_raw(t, RAW_LEVEL);
    bool other = false;
    if (!str_eq_nocase(type, S("GENERATION")) && !str_eq_nocase(type, S("EMBEDDING"))) {
        *ret_skip = true; /* spans, events, tools, agents: what they use is on their generations */
        return true;
    }
    if (!read_usage(t, r, &other, e))
        return false;
    bool counted = false;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        counted |= r->tokens[b] != TOKENS_NULL && r->tokens[b] > 0;
    if (r->billed == 0 && (counted || other))
        r->billed = DEC_NULL; /* no price known to Langfuse */
    r->effective = r->billed;
    if (other) /* audio, images, tools: not to be priced by tokens alone */
        r->text[SPEND_METER] = S("tokens of several kinds");
    r->requests = 1;
    if (level.n) /* DEBUG, DEFAULT, WARNING or ERROR */
        gateway_call_end(str_eq_nocase(level, S("ERROR")) ? S("failed") : S("ok"), r);
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return true;
}

const struct importer importer_langfuse = {
    .name = "langfuse",
    .title = "Langfuse observations",
    .summary = "Generations with their usage and cost; the keys of usage are disjoint, or as their "
               "total says.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_EXCLUDES_CACHE,
    .currency = "USD",
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
