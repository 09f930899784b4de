/* anthropic_usage.c - pages of Anthropic's usage report: tokens per bucket, without costs.
 *
 * Input counts exclude cached tokens. */
#include "ingest/json_doc.h"

static int bid(const struct probe *p)
{
    if (!head_has(p, "\"uncached_input_tokens\"") || !head_has(p, "\"starting_at\""))
        return 0;
    /* cost reports name token types by the same word, as values */
    return head_has(p, "\"amount\"") ? 10 : 95;
}

/* The tier that decides the price: long context, else the service's. */
static str tier_of(const struct json *v)
{
    str window = json_text(json_get(v, "context_window")), speed = json_text(json_get(v, "speed"));
    str service = json_text(json_get(v, "service_tier"));
    bool plain = !service.n || str_eq(service, S("standard")) || str_eq(service, S("batch"));
    if (speed.n && !str_eq(speed, S("standard")))
        return speed;
    return plain && window.n && str_find(window, S("1M"), 0) != SIZE_MAX ? window : service;
}

static bool read_result(struct doc_reader *r, const struct json *v, day on)
{
    struct spend_row row;
    int64_t searches, written;
    spend_row_clear(&row);
    row.day = on;
    row.text[SPEND_PROVIDER] = S("Anthropic");
    row.text[SPEND_SERVICE] = S("Claude API");
    row.text[SPEND_METER] = S("tokens");
    row.text[SPEND_MODEL] = doc_text(v, "model");
    row.text[SPEND_SUB_ACCOUNT] = doc_text(v, "workspace_id");
    row.text[SPEND_REGION] = doc_text(v, "inference_geo");
    row.text[SPEND_TIER] = tier_of(v);
    row.text[SPEND_TAGS] = doc_key_tag(r, v);
    row.batch = str_eq(json_text(json_get(v, "service_tier")), S("batch"));
    if (!doc_count(r, v, "uncached_input_tokens", &row.tokens[TOKENS_IN]) ||
        !doc_count(r, v, "cache_read_input_tokens", &row.tokens[TOKENS_CACHE_READ]) ||
        !doc_count(r, v, "cache_creation.ephemeral_5m_input_tokens",
                   &row.tokens[TOKENS_CACHE_WRITE_5M]) ||
        !doc_count(r, v, "cache_creation.ephemeral_1h_input_tokens",
                   &row.tokens[TOKENS_CACHE_WRITE_1H]) ||
        !doc_count(r, v, "cache_creation_input_tokens", &written) ||
        !doc_count(r, v, "output_tokens", &row.tokens[TOKENS_OUT]) ||
        !doc_count(r, v, "server_tool_use.web_search_requests", &searches))
        return false;
    if (row.tokens[TOKENS_IN] == TOKENS_NULL && row.tokens[TOKENS_OUT] == TOKENS_NULL)
        return doc_fault(r, v, "usage without 'uncached_input_tokens' and 'output_tokens'");
    if (row.tokens[TOKENS_CACHE_WRITE_5M] == TOKENS_NULL &&
        row.tokens[TOKENS_CACHE_WRITE_1H] == TOKENS_NULL)
        row.tokens[TOKENS_CACHE_WRITE_5M] = written;
    if (!doc_emit(r, &row))
        return false;
    row.text[SPEND_TIER] = STR_NONE;
    return searches <= 0 || doc_emit_count(r, &row, "web searches", "calls", searches);
}

static bool read_bucket(struct doc_reader *r, const struct json *bucket)
{
    return doc_each_result(r, bucket, "starting_at", read_result);
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    return doc_read_buckets(d, sink, read_bucket, e);
}

const struct importer importer_anthropic_usage = {
    .name = "anthropic_usage",
    .title = "Anthropic usage report (JSON)",
    .summary =
        "Pages of /v1/organizations/usage_report/messages: tokens, priced by the price book.",
    .provider = "Anthropic",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_EXCLUDES_CACHE,
    .bid = bid,
    .read = read,
};
