/* databricks.c - Databricks' system.billing.usage: quantities of DBU and the like, no money.
 *
 * A stated rate prices them (unit_rate.h), else they stay unknown. Retractions and restatements are
 * rows whose quantities correct earlier ones; all count. Who ran what (identity_metadata) is not
 * read. */
#include "ingest/table.h"

enum { RAW_RECORD_TYPE };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"usage_date", "usage_start_time"}},
    {F_QUANTITY, COL_REQUIRED | COL_NOT_EMPTY, {"usage_quantity"}},
    {F_TEXT + SPEND_UNIT, COL_REQUIRED | COL_NOT_EMPTY, {"usage_unit"}},
    {F_TEXT + SPEND_SKU, COL_REQUIRED | COL_NOT_EMPTY, {"sku_name"}},
    {F_TEXT + SPEND_SERVICE, 0, {"billing_origin_product"}},
    {F_TEXT + SPEND_METER, 0, {"usage_type"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"billing_origin_product"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"account_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"workspace_id"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"usage_metadata.endpoint_name", "usage_metadata.cluster_id",
                                  "usage_metadata.warehouse_id", "usage_metadata.job_id"}},
    {F_TEXT + SPEND_TAGS, 0, {"custom_tags"}},
    {F_RAW + RAW_RECORD_TYPE, 0, {"record_type"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {"usage_quantity", "usage_unit", "sku_name", "workspace_id",
                                      "billing_origin_product", "record_type", "custom_tags",
                                      "usage_metadata", NULL};
    if (!probe_has(p, "usage_quantity") || !probe_has(p, "usage_unit") ||
        !probe_has(p, "sku_name"))
        return 0;
    return MIN(40 + 8 * probe_count(p, own), 96);
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str type = table_raw(t, RAW_RECORD_TYPE);
    if (!r->text[SPEND_SERVICE].n)
        r->text[SPEND_SERVICE] = S("Databricks");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    if (type.n && !str_eq_nocase(type, S("ORIGINAL")))
        r->text[SPEND_CHARGE_CLASS] = S("Correction");
    return true;
}

const struct importer importer_databricks = {
    .name = "databricks",
    .title = "Databricks usage (system.billing.usage)",
    .summary = "DBU per SKU and hour; priced with --rate 'DBU=PRICE'.",
    .provider = "Databricks",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
