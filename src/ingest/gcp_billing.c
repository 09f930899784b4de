/* gcp_billing.c - Google Cloud's billing export from BigQuery, as JSON lines, CSV or Parquet.
 *
 * Cost is before credits; credits (negative) are added, so that a row is what it costs. Flattened
 * exports have a column per nested field and credits as JSON or as one sum. The billing month is
 * invoice.month; where it is missing, the month of the usage in Pacific time, which is when
 * Google's months end. */
#include "ingest/table.h"

#include "ingest/tags.h"

enum { RAW_MONTH, RAW_CREDITS, RAW_CREDIT_SUM, RAW_COST_TYPE, RAW_START, RAW_LABELS, RAW_ADJUSTMENT,
       RAW_PROJECT_LABELS };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY | COL_UNIX, {"usage_start_time"}},
    {F_BILLED, COL_REQUIRED | COL_NOT_EMPTY, {"cost"}},
    {F_LIST, 0, {"cost_at_list"}},
    {F_CURRENCY, COL_REQUIRED, {"currency"}},
    {F_QUANTITY, 0, {"usage.amount_in_pricing_units", "usage.amount"}},
    {F_TEXT + SPEND_UNIT, 0, {"usage.pricing_unit", "usage.unit"}},
    {F_TEXT + SPEND_PUBLISHER, 0, {"seller_name"}},
    {F_TEXT + SPEND_SERVICE, COL_REQUIRED, {"service.description"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"service.id"}},
    {F_TEXT + SPEND_SKU, 0, {"sku.id"}},
    {F_TEXT + SPEND_METER, COL_REQUIRED, {"sku.description"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"billing_account_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"project.id"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"resource.global_name", "resource.name"}},
    {F_TEXT + SPEND_REGION, 0, {"location.region", "location.location"}},
    {F_TEXT + SPEND_REGION, 0, {"location.country"}},
    {F_RAW + RAW_MONTH, 0, {"invoice.month"}},
    {F_RAW + RAW_CREDITS, 0, {"credits"}},
    {F_RAW + RAW_CREDIT_SUM, 0, {"credits.amount", "credits_total", "total_credits",
                                 "credit_amount"}},
    {F_RAW + RAW_COST_TYPE, 0, {"cost_type"}},
    {F_RAW + RAW_START, 0, {"usage_start_time"}},
    {F_RAW + RAW_LABELS, 0, {"labels"}},
    {F_RAW + RAW_PROJECT_LABELS, 0, {"project.labels"}},
    {F_RAW + RAW_ADJUSTMENT, 0, {"adjustment_info.id", "adjustment_info.description"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {
        "usage_start_time", "billing_account_id", "service.description", "sku.description",
        "invoice.month",    "cost_type",          "project.id",          "export_time", NULL,
    };
    int found = probe_count(p, own);
    if (!probe_has_loose(p, "usage_start_time") || !probe_has_loose(p, "cost") ||
        !probe_has_loose(p, "sku.description"))
        return 0;
    return found >= 4 ? MIN(50 + 6 * found, 96) : 0;
}

/* ---- credits ---- */

static bool add_credit(const struct table_row *t, struct spend_row *r, str amount, struct err *e)
{
    dec v;
    enum dec_parse how = dec_parse(amount, &v);
    if (how == DEC_BAD || how == DEC_TOO_BIG)
        return table_error(t, e, "amount '%.*s' of a credit is not an amount",
                           FMT(str_sub(amount, 0, 80)));
    table_row_counts(t)->rounded += how == DEC_ROUNDED;
    return dec_add(r->billed, v, &r->billed) || table_error(t, e, "credits are too large to add");
}

static bool add_credits(const struct table_row *t, struct spend_row *r, struct err *e)
{
    str text = table_raw(t, RAW_CREDITS);
    dec sum;
    struct err inner;
    const struct json *list;
    if (!table_raw_dec(t, RAW_CREDIT_SUM, &sum, e))
        return false;
    if (text.n && text.p[0] != '[') { /* a sum under the name of the list */
        if (!table_raw_dec(t, RAW_CREDITS, &sum, e))
            return false;
        text = STR_NONE;
    }
    if (!text.n)
        return dec_is_null(sum) || dec_add(r->billed, sum, &r->billed) ||
               table_error(t, e, "credits are too large to add");
    if (!json_parse(table_scratch(t), text, &list, &inner) || list->kind != JSON_LIST) {
        table_fault(t, F_RAW + RAW_CREDITS, e, "is no list of credits");
        return err_hint(e, "It looks like [{\"name\": \"...\", \"amount\": -1.5}], or is one sum.");
    }
    for (size_t i = 0; i < list->n; i++) {
        const struct json *amount = json_get(&list->items[i], "amount");
        if (json_is_null(amount))
            return table_fault(t, F_RAW + RAW_CREDITS, e, "has a credit without an amount");
        if (!add_credit(t, r, json_text(amount), e))
            return false;
    }
    return true;
}

/* ---- months in Pacific time ---- */

/* The day of the nth Sunday of a month. */
static day nth_sunday(int32_t year, int m, int n)
{
    day first = month_first_day(month_of(year, m));
    int weekday = (int)((first % 7 + 7 + 4) % 7); /* 1970-01-01 was a Thursday; 0 is Sunday */
    return first + (7 - weekday) % 7 + 7 * (n - 1);
}

/* Since 2007 summer time lasts from the second Sunday of March to the first of November, 2 o'clock
 * local time: 10:00 and 9:00 UTC. */
static month pacific_month(int64_t seconds)
{
    int32_t year = day_to_civil(day_of_seconds(seconds)).year;
    int64_t from = (int64_t)nth_sunday(year, 3, 2) * 86400 + 10 * 3600;
    int64_t to = (int64_t)nth_sunday(year, 11, 1) * 86400 + 9 * 3600;
    int64_t offset = seconds >= from && seconds < to ? 7 * 3600 : 8 * 3600;
    return month_of_day(day_of_seconds(seconds - offset));
}

static bool read_month(const struct table_row *t, struct spend_row *r, struct err *e)
{
    str text = table_raw(t, RAW_MONTH);
    int64_t n, seconds;
    if (text.n) {
        if (str_to_i64(text, &n) && text.n == 6 && n % 100 >= 1 && n % 100 <= 12) {
            r->period = month_of((int32_t)(n / 100), (int)(n % 100));
            return true;
        }
        if (month_parse(text, &r->period))
            return true;
        table_fault(t, F_RAW + RAW_MONTH, e, "is not a billing month");
        return err_hint(e, "Google writes months as 202607.");
    }
    if (time_parse(table_raw(t, RAW_START), DATE_MDY, &seconds))
        r->period = pacific_month(seconds);
    return true;
}

/* ---- labels ---- */

/* [{"key": "team", "value": "search"}], or a flat object. */
static bool add_labels(const struct table_row *t, struct tag_set *set, int raw)
{
    str text = table_raw(t, raw);
    struct err ignored;
    const struct json *v;
    if (!text.n)
        return true;
    if (!json_parse(table_scratch(t), text, &v, &ignored))
        return false;
    for (size_t i = 0; i < v->n; i++) {
        bool pair = v->kind == JSON_LIST;
        str key = pair ? json_text(json_get(&v->items[i], "key")) : v->keys[i];
        str value = json_text(pair ? json_get(&v->items[i], "value") : &v->items[i]);
        bool known = false;
        for (size_t k = 0; k < set->n; k++)
            known |= str_eq(set->items[k].key, key);
        if (!known && (!key.n || !tags_add(set, key, value)))
            return false;
    }
    return v->kind == JSON_LIST || v->kind == JSON_MAP;
}

/* Labels of the resource before those of the project. */
static void read_labels(const struct table_row *t, struct spend_row *r)
{
    if (!table_raw(t, RAW_LABELS).n && !table_raw(t, RAW_PROJECT_LABELS).n)
        return;
    struct arena *a = table_scratch(t);
    struct tag_set *set = arena_new(a, struct tag_set, 1);
    str text = STR_NONE;
    if (!add_labels(t, set, RAW_LABELS) || !add_labels(t, set, RAW_PROJECT_LABELS) ||
        !tags_write(set, a, &text))
        table_row_counts(t)->bad_tags++;
    r->text[SPEND_TAGS] = text;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str type = table_raw(t, RAW_COST_TYPE);
    r->text[SPEND_CHARGE_CATEGORY] = str_eq_nocase(type, S("tax"))       ? S("Tax")
                                     : !type.n || str_eq_nocase(type, S("regular")) ? S("Usage")
                                                                          : S("Adjustment");
    if (table_raw(t, RAW_ADJUSTMENT).n)
        r->text[SPEND_CHARGE_CLASS] = S("Correction");
    read_labels(t, r);
    if (!add_credits(t, r, e) || !read_month(t, r, e))
        return false;
    r->effective = r->billed;
    return true;
}

const struct importer importer_gcp_billing = {
    .name = "gcp_billing",
    .title = "Google Cloud billing export (BigQuery)",
    .summary = "Google Cloud's standard or detailed usage cost, credits added; CSV, JSON, Parquet.",
    .provider = "Google Cloud",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
