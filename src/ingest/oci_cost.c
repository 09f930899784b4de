/* oci_cost.c - cost reports of Oracle Cloud Infrastructure (reports/cost-csv).
 *
 * cost/myCost is what the line costs; the overage columns are a part of it. A prepaid subscription
 * pays for it in advance, so billed and effective are the same. */
#include "ingest/table.h"

enum { RAW_CORRECTION };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"lineItem/intervalUsageStart"}},
    {F_BILLED, COL_REQUIRED, {"cost/myCost"}},
    {F_CURRENCY, COL_REQUIRED, {"cost/currencyCode"}},
    {F_QUANTITY, 0, {"usage/billedQuantity"}},
    {F_TEXT + SPEND_UNIT, 0, {"cost/skuUnitDescription", "cost/billingUnitReadable"}},
    {F_TEXT + SPEND_SERVICE, 0, {"product/service"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"product/service"}},
    {F_TEXT + SPEND_SKU, 0, {"cost/productSku"}},
    {F_TEXT + SPEND_METER, 0, {"product/Description"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"lineItem/tenantId"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"product/compartmentName", "product/compartmentId"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"product/resourceId"}},
    {F_TEXT + SPEND_RESOURCE_TYPE, 0, {"product/resource"}},
    {F_TEXT + SPEND_REGION, 0, {"product/region"}},
    {F_TEXT + SPEND_COMMITMENT, 0, {"cost/subscriptionId"}},
    {F_TAG, 0, {"tags/*"}},
    {F_RAW + RAW_CORRECTION, 0, {"lineItem/isCorrection"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {
        "lineItem/intervalUsageStart", "lineItem/tenantId",  "product/compartmentId",
        "product/service",             "cost/myCost",        "cost/currencyCode",
        "cost/productSku",             "usage/billedQuantity", NULL,
    };
    int found = probe_count(p, own);
    return found >= 5 ? MIN(50 + 6 * found, 96) : found * 3;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    if (str_eq_nocase(table_raw(t, RAW_CORRECTION), S("true")))
        r->text[SPEND_CHARGE_CLASS] = S("Correction");
    return true;
}

const struct importer importer_oci_cost = {
    .name = "oci_cost",
    .title = "Oracle Cloud cost report",
    .summary = "Oracle Cloud's cost reports, one line per resource and hour.",
    .provider = "Oracle Cloud",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
