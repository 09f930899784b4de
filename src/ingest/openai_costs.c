/* openai_costs.c - pages of OpenAI's cost API: dollars per day, line item and project. */
#include "ingest/json_doc.h"
#include "ingest/openai_item.h"

static int bid(const struct probe *p)
{
    if (head_has(p, "organization.costs.result"))
        return 97;
    return head_has(p, "\"bucket\"") && head_has(p, "\"amount\"") && head_has(p, "\"start_time\"")
               ? 60
               : 0;
}

static bool read_result(struct doc_reader *r, const struct json *v, day on)
{
    struct spend_row row;
    const struct json *amount = json_get(v, "amount");
    spend_row_clear(&row);
    row.day = on;
    if (json_is_null(json_get(amount, "value")))
        return doc_fault(r, v, "a cost without 'amount.value'");
    if (!doc_money(r, amount, "value", 0, &row.billed))
        return false;
    row.effective = row.billed;
    const struct json *code = json_get(amount, "currency");
    if (json_is_null(code))
        return doc_fault(r, amount, "an amount without 'currency'");
    if (!currency_parse(json_text(code), &row.currency))
        return doc_fault(r, code, "currency '%.*s' is no ISO 4217 code",
                         FMT(str_sub(json_text(code), 0, 40)));
    if (!doc_money(r, v, "quantity", 0, &row.quantity))
        return false;
    row.text[SPEND_UNIT] = doc_text(v, "quantity_unit");
    row.text[SPEND_PROVIDER] = S("OpenAI");
    row.text[SPEND_SERVICE] = S("OpenAI API");
    row.text[SPEND_METER] = doc_text(v, "line_item");
    openai_read_item(&row);
    row.text[SPEND_ACCOUNT] = doc_text(v, "organization_id");
    row.text[SPEND_SUB_ACCOUNT] = doc_text(v, "project_id");
    row.text[SPEND_TAGS] = doc_key_tag(r, v);
    return doc_emit(r, &row);
}

static bool read_bucket(struct doc_reader *r, const struct json *bucket)
{
    return doc_each_result(r, bucket, "start_time", read_result);
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    return doc_read_buckets(d, sink, read_bucket, e);
}

const struct importer importer_openai_costs = {
    .name = "openai_costs",
    .title = "OpenAI costs API (JSON)",
    .summary = "Pages of /v1/organization/costs: dollars per day, line item and project.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .bid = bid,
    .read = read,
};
