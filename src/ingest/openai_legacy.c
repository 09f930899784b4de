/* openai_legacy.c - what OpenAI's dashboard gave before 2024: costs in cents, activity per minute.
 *
 * Costs come as a table (billing/usage/export: cost in cents beside cost_in_major in dollars) or as
 * days (billing/usage: cents, with the sum of all days in total_usage, which must agree). Activity
 * (/v1/usage, activity exports) counts tokens; its context tokens contain cached ones. */
#include "ingest/json_doc.h"
#include "ingest/table.h"

enum { RAW_CENTS };

/* clang-format off */
static const struct import_column cost_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX, {"timestamp", "date"}},
    {F_BILLED, 0, {"cost_in_major"}},
    {F_CURRENCY, 0, {"currency"}},
    {F_TEXT + SPEND_METER, COL_REQUIRED, {"name"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project_id"}},
    {F_RAW + RAW_CENTS, COL_REQUIRED, {"cost"}},
};

static const struct import_column activity_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX,
     {"aggregation_timestamp", "timestamp", "start_time", "date"}},
    {F_TOKENS + TOKENS_IN, COL_REQUIRED, {"n_context_tokens_total"}},
    {F_TOKENS + TOKENS_CACHE_READ, 0, {"n_cached_context_tokens_total"}},
    {F_TOKENS + TOKENS_OUT, COL_REQUIRED, {"n_generated_tokens_total"}},
    {F_REQUESTS, 0, {"n_requests", "num_requests"}},
    {F_TEXT + SPEND_MODEL, 0, {"snapshot_id", "model"}},
    {F_TEXT + SPEND_MODEL, 0, {"model"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"organization_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project_id"}},
};
/* clang-format on */

static int bid_costs(const struct probe *p)
{
    if (!probe_has(p, "cost_in_major") || !probe_has(p, "name"))
        return 0;
    return 60 + 15 * probe_has(p, "cost") + 10 * probe_has(p, "organization_id") +
           10 * probe_has(p, "timestamp");
}

static int bid_activity(const struct probe *p)
{
    if (!probe_has(p, "n_context_tokens_total") || !probe_has(p, "n_generated_tokens_total"))
        return 0;
    return 80 + 10 * (probe_has(p, "snapshot_id") || probe_has(p, "model"));
}

static int bid_days(const struct probe *p)
{
    return head_has(p, "\"daily_costs\"") && head_has(p, "\"line_items\"") ? 95 : 0;
}

static void set_usage(struct spend_row *r)
{
    r->text[SPEND_SERVICE] = S("OpenAI API");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
}

static bool cost_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    dec cents, dollars, difference;
    if (!table_raw_dec(t, RAW_CENTS, &cents, e))
        return false;
    set_usage(r);
    if (dec_is_null(cents) && dec_is_null(r->billed)) {
        *ret_skip = true;
        return true;
    }
    if (!dec_is_null(cents)) {
        if (!dec_div(cents, dec_from_i64(100), &dollars))
            return table_fault(t, F_RAW + RAW_CENTS, e, "is too large");
        if (dec_is_null(r->billed)) {
            r->billed = dollars;
            return true;
        }
        difference = dollars - r->billed;
        /* floats on their way through the dashboard */
        if (difference > DEC_ONE / 100 || difference < -(DEC_ONE / 100)) {
            table_fault(t, F_RAW + RAW_CENTS, e, "is not cost_in_major in cents");
            return err_hint(e, "One of the two columns was changed. Export the file again.");
        }
    }
    return true;
}

static bool activity_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                         struct err *e)
{
    set_usage(r);
    return true;
}

/* ---- days ---- */

static bool read_item(struct doc_reader *r, const struct json *item, day on, dec *sum)
{
    struct spend_row row;
    dec cents;
    spend_row_clear(&row);
    row.day = on;
    if (json_is_null(json_get(item, "cost")))
        return doc_fault(r, item, "a line item without 'cost'");
    if (!doc_money(r, item, "cost", 0, &cents) || !doc_money(r, item, "cost", -2, &row.billed))
        return false;
    if (!dec_add(*sum, cents, sum))
        return doc_fault(r, item, "costs are too large to add");
    if (cents == 0)
        return true; /* every model has a line on every day */
    row.effective = row.billed;
    row.text[SPEND_PROVIDER] = S("OpenAI");
    row.text[SPEND_METER] = doc_text(item, "name");
    set_usage(&row);
    return doc_emit(r, &row);
}

static bool read_page(struct doc_reader *r, const struct json *page)
{
    const struct json *days = json_get(page, "daily_costs");
    const struct json *total = json_get(page, "total_usage");
    dec sum = 0, stated;
    if (!days || days->kind != JSON_LIST)
        return doc_fault(r, page, "costs of days need a list 'daily_costs'");
    for (size_t i = 0; i < days->n; i++) {
        const struct json *items = json_get(&days->items[i], "line_items");
        day on;
        if (!doc_day(r, &days->items[i], "timestamp", &on))
            return false;
        if (!items || items->kind != JSON_LIST)
            return doc_fault(r, &days->items[i], "a day needs a list 'line_items'");
        for (size_t k = 0; k < items->n; k++)
            if (!read_item(r, &items->items[k], on, &sum))
                return false;
    }
    if (!doc_money(r, page, "total_usage", 0, &stated))
        return false;
    if (dec_is_null(stated) || (stated - sum <= DEC_ONE && sum - stated <= DEC_ONE))
        return true;
    char text[DEC_TEXT];
    doc_fault(r, total, "total_usage '%.*s' is not the sum of the days, %.*s cents",
              FMT(json_text(total)), FMT(dec_format(sum, text)));
    return err_hint(r->e, "Days are missing or were changed. Fetch the whole span again.");
}

static bool read_days(struct document *d, const struct row_sink *sink, struct err *e)
{
    struct doc_reader r;
    bool ok = true;
    doc_init(&r, d, sink, e);
    while (ok) {
        const struct json *page;
        ok = doc_next(&r, &page);
        if (!ok || !page)
            break;
        ok = read_page(&r, page);
    }
    return doc_end(&r, ok);
}

const struct importer importer_openai_legacy_costs = {
    .name = "openai_legacy_costs",
    .title = "OpenAI legacy cost export (cents)",
    .summary = "The dashboard's former cost export: cost in cents, cost_in_major in dollars.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .currency = "USD",
    .bid = bid_costs,
    .columns = cost_columns,
    .n_columns = ARRAY_LEN(cost_columns),
    .row = cost_row,
};

const struct importer importer_openai_legacy_activity = {
    .name = "openai_legacy_activity",
    .title = "OpenAI legacy activity (/v1/usage)",
    .summary = "The former usage per model and time; context tokens include cached ones.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS,
    .currency = "USD",
    .bid = bid_activity,
    .columns = activity_columns,
    .n_columns = ARRAY_LEN(activity_columns),
    .row = activity_row,
};

const struct importer importer_openai_legacy_days = {
    .name = "openai_legacy_days",
    .title = "OpenAI legacy billing usage (cents per day)",
    .summary = "dashboard/billing/usage: cents per day and line item, with their total.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .currency = "USD",
    .bid = bid_days,
    .read = read_days,
};
