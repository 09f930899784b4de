/* openai_csv.c - the cost and usage exports of the OpenAI platform's dashboard.
 *
 * Names and e-mail addresses of users are not read. Days without spend are rows without values. */
#include "ingest/openai_item.h"
#include "ingest/table.h"

/* clang-format off */
static const struct import_column cost_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX, {"start_time", "start_time_iso"}},
    {F_BILLED, 0, {"amount_value"}},
    {F_CURRENCY, 0, {"amount_currency"}},
    {F_QUANTITY, 0, {"quantity"}},
    {F_TEXT + SPEND_UNIT, 0, {"quantity_unit"}},
    {F_TEXT + SPEND_METER, 0, {"line_item"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project_id"}},
};

static const struct import_column usage_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX, {"start_time", "start_time_iso"}},
    {F_TOKENS + TOKENS_IN, 0, {"input_tokens"}},
    {F_TOKENS + TOKENS_CACHE_READ, 0, {"input_cached_tokens"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_5M, 0, {"input_cache_write_tokens"}},
    {F_TOKENS + TOKENS_OUT, 0, {"output_tokens"}},
    {F_REQUESTS, 0, {"num_model_requests", "num_requests"}},
    {F_BATCH, 0, {"batch"}},
    {F_TEXT + SPEND_MODEL, 0, {"model"}},
    {F_TEXT + SPEND_TIER, 0, {"service_tier"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project_id"}},
};
/* clang-format on */

/* An export of days without any spend has these four columns and no more. */
static bool is_empty_export(const struct probe *p)
{
    return p->n_names == 4 && probe_has(p, "start_time") && probe_has(p, "end_time") &&
           probe_has(p, "start_time_iso") && probe_has(p, "end_time_iso");
}

static int bid_costs(const struct probe *p)
{
    if (is_empty_export(p))
        return 60;
    if (!probe_has(p, "start_time") && !probe_has(p, "start_time_iso"))
        return 0;
    return 40 * probe_has(p, "amount_value") + 30 * probe_has(p, "amount_currency") +
           20 * probe_has(p, "line_item");
}

static int bid_usage(const struct probe *p)
{
    if (!probe_has(p, "start_time") && !probe_has(p, "start_time_iso"))
        return 0;
    if (probe_has(p, "amount_value"))
        return 0;
    return 45 * probe_has(p, "num_model_requests") +
           20 * (probe_has(p, "input_cached_tokens") || probe_has(p, "input_tokens")) +
           20 * probe_has(p, "end_time_iso") + 5 * probe_has(p, "api_key_id");
}

static bool cost_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    if (dec_is_null(r->billed)) {
        *ret_skip = !r->text[SPEND_METER].n && dec_is_null(r->quantity);
        return *ret_skip || table_error(t, e, "amount_value is empty, but the row has a line item");
    }
    r->text[SPEND_SERVICE] = S("OpenAI API");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    openai_read_item(r);
    return true;
}

static bool usage_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                      struct err *e)
{
    bool any = r->requests != TOKENS_NULL || r->text[SPEND_MODEL].n;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        any |= r->tokens[b] != TOKENS_NULL;
    *ret_skip = !any;
    r->text[SPEND_SERVICE] = S("OpenAI API");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return true;
}

const struct importer importer_openai_costs_csv = {
    .name = "openai_costs_csv",
    .title = "OpenAI cost export (CSV)",
    .summary = "Costs per day, project and line item from the OpenAI dashboard, in dollars.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_TABLE,
    .currency = "USD",
    .bid = bid_costs,
    .columns = cost_columns,
    .n_columns = ARRAY_LEN(cost_columns),
    .row = cost_row,
};

const struct importer importer_openai_usage_csv = {
    .name = "openai_usage_csv",
    .title = "OpenAI usage export (CSV)",
    .summary = "Tokens per time bucket, model and project; input counts include cached tokens.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_TABLE,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .currency = "USD",
    .bid = bid_usage,
    .columns = usage_columns,
    .n_columns = ARRAY_LEN(usage_columns),
    .row = usage_row,
};
