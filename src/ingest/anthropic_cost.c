/* anthropic_cost.c - pages of Anthropic's cost reports: decimal strings in cents.
 *
 * The organization's report and the Enterprise analytics report; the latter adds list_amount
 * (before discounts), product, and fractions of cents. */
#include "ingest/json_doc.h"

enum { CENTS = -2 };

static int bid(const struct probe *p)
{
    if (!head_has(p, "\"amount\"") || !head_has(p, "\"currency\""))
        return 0;
    int sure = 30 * head_has(p, "\"starting_at\"") + 25 * head_has(p, "\"cost_type\"") +
               25 * head_has(p, "\"workspace_id\"") + 15 * head_has(p, "\"token_type\"") +
               25 * head_has(p, "\"list_amount\"") + 15 * head_has(p, "\"data_refreshed_at\"");
    return head_has(p, "\"results\"") || head_has(p, "\"data\"") ? MIN(sure, 95) : 0;
}

static bool read_result(struct doc_reader *r, const struct json *v, day on)
{
    struct spend_row row;
    spend_row_clear(&row);
    row.day = on;
    if (json_is_null(json_get(v, "amount")))
        return doc_fault(r, v, "a cost without 'amount'");
    if (!doc_money(r, v, "amount", CENTS, &row.billed) ||
        !doc_money(r, v, "list_amount", CENTS, &row.list))
        return false;
    row.effective = row.billed;
    const struct json *code = json_get(v, "currency");
    if (json_is_null(code))
        return doc_fault(r, v, "an amount without 'currency'");
    if (!currency_parse(json_text(code), &row.currency))
        return doc_fault(r, code, "currency '%.*s' is no ISO 4217 code",
                         FMT(str_sub(json_text(code), 0, 40)));
    str type = json_text(json_get(v, "cost_type")), token = json_text(json_get(v, "token_type"));
    row.text[SPEND_PROVIDER] = S("Anthropic");
    row.text[SPEND_SERVICE] = S("Claude API");
    row.text[SPEND_SERVICE_CODE] = doc_text(v, "product");
    row.text[SPEND_METER] = token.n ? token : type;
    row.text[SPEND_DESCRIPTION] = doc_text(v, "description");
    row.text[SPEND_MODEL] = doc_text(v, "model");
    row.text[SPEND_SUB_ACCOUNT] = doc_text(v, "workspace_id");
    row.text[SPEND_REGION] = doc_text(v, "inference_geo");
    row.text[SPEND_TIER] = doc_text(v, "service_tier");
    row.text[SPEND_TAGS] = doc_key_tag(r, v);
    row.batch = str_eq(json_text(json_get(v, "service_tier")), S("batch"));
    return doc_emit(r, &row);
}

/* The Enterprise report has no results below a bucket: the bucket is the result. */
static bool read_bucket(struct doc_reader *r, const struct json *bucket)
{
    day on;
    const char *key = json_get(bucket, "starting_at") || !json_get(bucket, "date") ? "starting_at"
                                                                                   : "date";
    if (json_get(bucket, "results"))
        return doc_each_result(r, bucket, key, read_result);
    return doc_day(r, bucket, key, &on) && read_result(r, bucket, on);
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    return doc_read_buckets(d, sink, read_bucket, e);
}

const struct importer importer_anthropic_cost = {
    .name = "anthropic_cost",
    .title = "Anthropic cost report (JSON)",
    .summary = "Pages of /v1/organizations/cost_report and of the Enterprise cost report; amounts "
               "are in cents.",
    .provider = "Anthropic",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .money_exponent = CENTS,
    .bid = bid,
    .read = read,
};
