/* deepseek.c - the two tables of DeepSeek's usage export: amounts of tokens, and costs.
 *
 * Both tell of the same usage: import one of them. Names of keys are not read. */
#include "ingest/table.h"

enum { RAW_TYPE, RAW_AMOUNT };

/* clang-format off */
static const struct import_column amount_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"start_time_iso", "utc_date"}},
    {F_TEXT + SPEND_MODEL, COL_REQUIRED, {"model"}},
    {F_RAW + RAW_TYPE, COL_REQUIRED | COL_NOT_EMPTY, {"type"}},
    {F_RAW + RAW_AMOUNT, COL_REQUIRED, {"amount"}},
};

static const struct import_column cost_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"start_time_iso", "utc_date"}},
    {F_BILLED, COL_REQUIRED | COL_NOT_EMPTY, {"cost"}},
    {F_CURRENCY, COL_REQUIRED | COL_NOT_EMPTY, {"currency"}},
    {F_TEXT + SPEND_MODEL, COL_REQUIRED, {"model"}},
};
/* clang-format on */

static bool dated(const struct probe *p)
{
    return probe_has(p, "start_time_iso") || probe_has(p, "utc_date");
}

static int bid_amounts(const struct probe *p)
{
    if (!dated(p) || !probe_has(p, "model") || !probe_has(p, "type") || !probe_has(p, "amount"))
        return 0;
    return 60 + 15 * probe_has(p, "price") + 15 * probe_has(p, "api_key_name");
}

static int bid_costs(const struct probe *p)
{
    if (!dated(p) || !probe_has(p, "model") || !probe_has(p, "wallet_type"))
        return 0;
    return 50 + 20 * probe_has(p, "cost") + 20 * probe_has(p, "currency");
}

static bool amount_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                       struct err *e)
{
    static const struct {
        const char *type;
        int to;
    } types[] = {
        {"input_cache_hit_tokens", TOKENS_CACHE_READ}, {"input_cache_miss_tokens", TOKENS_IN},
        {"prompt_tokens", TOKENS_IN},                  {"output_tokens", TOKENS_OUT},
        {"completion_tokens", TOKENS_OUT},             {"request_count", TOKEN_BUCKETS},
    };
    str type = table_raw(t, RAW_TYPE);
    int64_t n;
    if (!table_raw_count(t, RAW_AMOUNT, &n, e))
        return false;
    r->text[SPEND_SERVICE] = S("DeepSeek API");
    r->text[SPEND_METER] = type;
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    if (n == TOKENS_NULL || n == 0) {
        *ret_skip = true;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq(type, str_of(types[i].type))) {
            if (types[i].to != TOKEN_BUCKETS) {
                r->tokens[types[i].to] = n;
                return true;
            }
            r->requests = n; /* costs nothing by itself */
            r->billed = r->effective = 0;
            return true;
        }
    table_fault(t, F_RAW + RAW_TYPE, e, "is no kind of usage that is known");
    return err_hint(e, "Known are input_cache_hit_tokens, input_cache_miss_tokens, output_tokens "
                       "and request_count.");
}

static bool cost_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    r->text[SPEND_SERVICE] = S("DeepSeek API");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return true;
}

const struct importer importer_deepseek_amount = {
    .name = "deepseek_amount",
    .title = "DeepSeek usage amounts",
    .summary = "Tokens per day, model and kind; cache hits and misses are apart.",
    .provider = "DeepSeek",
    .shapes = 1 << SHAPE_TABLE,
    .tokens = INPUT_EXCLUDES_CACHE,
    .currency = "USD",
    .bid = bid_amounts,
    .columns = amount_columns,
    .n_columns = ARRAY_LEN(amount_columns),
    .row = amount_row,
};

const struct importer importer_deepseek_cost = {
    .name = "deepseek_cost",
    .title = "DeepSeek usage costs",
    .summary = "Costs per day, model and wallet, in the account's currency.",
    .provider = "DeepSeek",
    .shapes = 1 << SHAPE_TABLE,
    .bid = bid_costs,
    .columns = cost_columns,
    .n_columns = ARRAY_LEN(cost_columns),
    .row = cost_row,
};
