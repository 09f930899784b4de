/* helicone.c - Helicone's requests, as its database (request_response_rmt) or dashboard export
 * them.
 *
 * The database keeps `cost` as a whole number of billionths of a dollar, the dashboard gives
 * dollars under names that say so. Prompt tokens exclude cached ones: Helicone prices each count
 * on its own. Bodies, users and properties are not read. */
#include "ingest/gateway.h"
#include "ingest/table.h"

enum { RAW_NANOS, RAW_WRITES, RAW_STATUS };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"request_created_at", "createdAt"}},
    {F_BILLED, 0, {"cost_usd", "costUSD", "cost (USD)"}},
    {F_TOKENS + TOKENS_IN, COL_REQUIRED, {"prompt_tokens"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED, {"completion_tokens"}},
    {F_TOKENS + TOKENS_CACHE_READ, 0, {"prompt_cache_read_tokens"}},
    {F_TEXT + SPEND_MODEL, 0, {"model", "response_model", "request_model"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"provider"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_RAW + RAW_NANOS, 0, {"cost"}},
    {F_RAW + RAW_WRITES, 0, {"prompt_cache_write_tokens"}},
    {F_RAW + RAW_STATUS, 0, {"status", "response_status"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_5M, 0, {"prompt_cache_write_5m"}},
    {F_TOKENS + TOKENS_CACHE_WRITE_1H, 0, {"prompt_cache_write_1h"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {"request_id", "response_id", "prompt_cache_read_tokens",
                                      "prompt_cache_write_tokens", "organization_id",
                                      "helicone_user_id", "target_url", "cost_usd", NULL};
    if (!probe_has_loose(p, "request_created_at") && !probe_has_loose(p, "helicone_user_id"))
        return 0;
    if (!probe_has_loose(p, "prompt_tokens") || !probe_has_loose(p, "completion_tokens"))
        return 0;
    return MIN(55 + 9 * probe_count(p, own), 96);
}

static bool read_cost(const struct table_row *t, struct spend_row *r, struct err *e)
{
    dec nanos;
    if (table_has(t->plan, F_BILLED) && !dec_is_null(r->billed))
        return true;
    if (!table_raw_dec(t, RAW_NANOS, &nanos, e))
        return false;
    if (dec_is_null(nanos))
        return true;
    if (nanos % DEC_ONE != 0) {
        table_fault(t, F_RAW + RAW_NANOS, e, "is no whole number of billionths of a dollar");
        return err_hint(e, "If the column holds dollars, rename it to cost_usd.");
    }
    return dec_div(nanos, dec_from_i64(1000000000), &r->billed) ||
           table_fault(t, F_RAW + RAW_NANOS, e, "is too large");
}

/* The sum of cache writes is there beside its parts, or alone. */
static bool read_writes(const struct table_row *t, struct spend_row *r, struct err *e)
{
    int64_t all, *short_lived = &r->tokens[TOKENS_CACHE_WRITE_5M];
    int64_t hour = r->tokens[TOKENS_CACHE_WRITE_1H] == TOKENS_NULL
                       ? 0
                       : r->tokens[TOKENS_CACHE_WRITE_1H];
    if (!table_raw_count(t, RAW_WRITES, &all, e))
        return false;
    if (all == TOKENS_NULL)
        return true;
    if (all < hour || (*short_lived != TOKENS_NULL && all - hour < *short_lived))
        return table_fault(t, F_RAW + RAW_WRITES, e, "is less than its parts");
    *short_lived = all - hour;
    return true;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    bool counted = false;
    if (!read_cost(t, r, e) || !read_writes(t, r, e))
        return false;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        counted |= r->tokens[b] != TOKENS_NULL && r->tokens[b] > 0;
    if (r->billed == 0 && counted)
        r->billed = DEC_NULL; /* a model without a price */
    r->effective = r->billed;
    r->requests = 1;
    gateway_call_end(table_raw(t, RAW_STATUS), r);
    r->text[SPEND_PROVIDER] = gateway_provider(r->text[SPEND_PROVIDER]);
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    return true;
}

const struct importer importer_helicone = {
    .name = "helicone",
    .title = "Helicone requests",
    .summary = "A row per request; cost in billionths of a dollar or in dollars; prompt tokens "
               "exclude cached ones.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_EXCLUDES_CACHE,
    .currency = "USD",
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
