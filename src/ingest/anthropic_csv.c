/* anthropic_csv.c - the usage and cost exports of the Anthropic console.
 *
 * Costs are in dollars (the cost API has cents). Input counts exclude cached tokens. The api_key
 * column holds a name people chose and is not read. */
#include "ingest/table.h"

enum { RAW_USAGE_TYPE };

/* clang-format off */
static const struct import_column cost_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"usage_date_utc"}},
    {F_BILLED, COL_REQUIRED | COL_NOT_EMPTY, {"cost_usd"}},
    {F_LIST, 0, {"list_price_usd"}},
    {F_TEXT + SPEND_MODEL, 0, {"model", "model_version"}},
    {F_TEXT + SPEND_METER, 0, {"token_type"}},
    {F_TEXT + SPEND_METER, 0, {"cost_type"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"workspace"}},
    {F_TEXT + SPEND_TIER, 0, {"context_window"}},
    {F_TEXT + SPEND_REGION, 0, {"inference_geo"}},
    {F_RAW + RAW_USAGE_TYPE, 0, {"usage_type"}},
};

static const struct import_column usage_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"usage_date_utc"}},
    {F_TOKENS + TOKENS_IN, COL_REQUIRED, {"usage_input_tokens_no_cache"}},
    {F_TOKENS + TOKENS_CACHE_READ, 0, {"usage_input_tokens_cache_read"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_5M, 0, {"usage_input_tokens_cache_write_5m"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_1H, 0, {"usage_input_tokens_cache_write_1h"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED, {"usage_output_tokens"}},
    {F_TEXT + SPEND_MODEL, COL_REQUIRED, {"model_version", "model"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"workspace"}},
    {F_TEXT + SPEND_TIER, 0, {"context_window"}},
    {F_TEXT + SPEND_REGION, 0, {"inference_geo"}},
    {F_RAW + RAW_USAGE_TYPE, 0, {"usage_type"}},
};
/* clang-format on */

static int bid_costs(const struct probe *p)
{
    if (!probe_has(p, "usage_date_utc"))
        return 0;
    return 40 + 50 * probe_has(p, "cost_usd") - 30 * probe_has(p, "usage_output_tokens");
}

static int bid_usage(const struct probe *p)
{
    if (!probe_has(p, "usage_date_utc"))
        return 0;
    return 30 + 35 * probe_has(p, "usage_input_tokens_no_cache") +
           30 * probe_has(p, "usage_output_tokens");
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    r->batch = str_eq_nocase(table_raw(t, RAW_USAGE_TYPE), S("batch"));
    r->text[SPEND_SERVICE] = S("Claude API");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return true;
}

const struct importer importer_anthropic_cost_csv = {
    .name = "anthropic_cost_csv",
    .title = "Anthropic cost export (CSV)",
    .summary = "Costs per day, model and token type from the Anthropic console, in dollars.",
    .provider = "Anthropic",
    .shapes = 1 << SHAPE_TABLE,
    .currency = "USD",
    .bid = bid_costs,
    .columns = cost_columns,
    .n_columns = ARRAY_LEN(cost_columns),
    .row = row,
};

const struct importer importer_anthropic_usage_csv = {
    .name = "anthropic_usage_csv",
    .title = "Anthropic usage export (CSV)",
    .summary = "Tokens per day, model and workspace; input counts exclude cached tokens.",
    .provider = "Anthropic",
    .shapes = 1 << SHAPE_TABLE,
    .tokens = INPUT_EXCLUDES_CACHE,
    .currency = "USD",
    .bid = bid_usage,
    .columns = usage_columns,
    .n_columns = ARRAY_LEN(usage_columns),
    .row = row,
};
