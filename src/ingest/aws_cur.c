/* aws_cur.c - AWS Cost and Usage Reports: legacy (lineItem/UnblendedCost) and 2.0 names.
 *
 * Billed is the unblended cost, so that discount lines stay lines of their own and the sum is the
 * invoice; the net columns, which already carry those discounts, are not mixed in. Effective
 * follows AWS's published amortization: covered usage at its effective cost, fees at their unused
 * share. */
#include "ingest/table.h"

enum {
    RAW_TYPE, RAW_SP_EFFECTIVE, RAW_RI_EFFECTIVE, RAW_SP_TOTAL, RAW_SP_USED, RAW_RI_UNUSED_UPFRONT,
    RAW_RI_UNUSED_RECURRING, RAW_RI_ARN, RAW_SP_ARN,
};

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY,
     {"lineItem/UsageStartDate", "line_item_usage_start_date"}},
    {F_PERIOD, 0, {"bill/BillingPeriodStartDate", "bill_billing_period_start_date"}},
    {F_BILLED, COL_REQUIRED, {"lineItem/UnblendedCost", "line_item_unblended_cost"}},
    {F_LIST, 0, {"pricing/publicOnDemandCost", "pricing_public_on_demand_cost"}},
    {F_QUANTITY, 0, {"lineItem/UsageAmount", "line_item_usage_amount"}},
    {F_CURRENCY, 0, {"lineItem/CurrencyCode", "line_item_currency_code"}},
    {F_TEXT + SPEND_PUBLISHER, 0, {"lineItem/LegalEntity", "line_item_legal_entity"}},
    {F_TEXT + SPEND_SERVICE, 0, {"product/ProductName", "product_product_name"}},
    {F_TEXT + SPEND_SERVICE, 0, {"product/servicename", "product_servicename"}},
    {F_TEXT + SPEND_SERVICE, 0, {"lineItem/ProductCode", "line_item_product_code"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"lineItem/ProductCode", "line_item_product_code"}},
    {F_TEXT + SPEND_SKU, 0, {"product/sku", "product_sku"}},
    {F_TEXT + SPEND_METER, 0, {"lineItem/UsageType", "line_item_usage_type"}},
    {F_TEXT + SPEND_DESCRIPTION, 0,
     {"lineItem/LineItemDescription", "line_item_line_item_description"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"bill/PayerAccountId", "bill_payer_account_id"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"lineItem/UsageAccountId", "line_item_usage_account_id"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"lineItem/ResourceId", "line_item_resource_id"}},
    {F_TEXT + SPEND_RESOURCE_TYPE, 0, {"product/instanceType", "product_instance_type"}},
    {F_TEXT + SPEND_REGION, 0, {"product/regionCode", "product_region_code"}},
    {F_TEXT + SPEND_REGION, 0, {"product/region", "product_region"}},
    {F_TEXT + SPEND_UNIT, 0, {"pricing/unit", "pricing_unit"}},
    {F_TEXT + SPEND_TAGS, 0, {"resource_tags", "resourceTags"}},
    {F_TAG, 0, {"resourceTags/*", "resource_tags_*", "user:*"}},
    {F_RAW + RAW_TYPE, COL_REQUIRED, {"lineItem/LineItemType", "line_item_line_item_type"}},
    {F_RAW + RAW_SP_EFFECTIVE, 0,
     {"savingsPlan/SavingsPlanEffectiveCost", "savings_plan_savings_plan_effective_cost"}},
    {F_RAW + RAW_RI_EFFECTIVE, 0, {"reservation/EffectiveCost", "reservation_effective_cost"}},
    {F_RAW + RAW_SP_TOTAL, 0,
     {"savingsPlan/TotalCommitmentToDate", "savings_plan_total_commitment_to_date"}},
    {F_RAW + RAW_SP_USED, 0, {"savingsPlan/UsedCommitment", "savings_plan_used_commitment"}},
    {F_RAW + RAW_RI_UNUSED_UPFRONT, 0,
     {"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
      "reservation_unused_amortized_upfront_fee_for_billing_period"}},
    {F_RAW + RAW_RI_UNUSED_RECURRING, 0,
     {"reservation/UnusedRecurringFee", "reservation_unused_recurring_fee"}},
    {F_RAW + RAW_RI_ARN, 0, {"reservation/ReservationARN", "reservation_reservation_a_r_n",
                             "reservation_reservation_arn"}},
    {F_RAW + RAW_SP_ARN, 0, {"savingsPlan/SavingsPlanARN", "savings_plan_savings_plan_a_r_n",
                             "savings_plan_savings_plan_arn"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {
        "lineItem/UnblendedCost", "lineItem/LineItemType",  "lineItem/UsageStartDate",
        "lineItem/ProductCode",   "bill/PayerAccountId",    "lineItem/UsageType",
    };
    /* underscores in other places give the names of CUR 2.0, Athena and of tables made from it */
    int found = 0;
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        found += probe_has_loose(p, own[i]);
    return found >= 3 ? 35 + 10 * found : found * 6;
}

enum amortize { AS_BILLED, AT_ZERO, AT_SP_RATE, AT_RI_RATE, SP_UNUSED, RI_UNUSED };

static const struct line_type {
    const char *name, *charge_category;
    enum amortize effective;
} line_types[] = {
    {"Usage", "Usage", AS_BILLED},
    {"DiscountedUsage", "Usage", AT_RI_RATE},
    {"SavingsPlanCoveredUsage", "Usage", AT_SP_RATE},
    {"SavingsPlanNegation", "Usage", AT_ZERO},
    {"SavingsPlanUpfrontFee", "Purchase", AT_ZERO},
    {"SavingsPlanRecurringFee", "Purchase", SP_UNUSED},
    {"RIFee", "Purchase", RI_UNUSED},
    {"Fee", "Purchase", AS_BILLED},
    {"Tax", "Tax", AS_BILLED},
    {"Credit", "Credit", AS_BILLED},
    {"Refund", "Credit", AS_BILLED},
};

/* The sum or difference of two optional amounts; unknown when both are. */
static bool combine(const struct table_row *t, int plus, int other, bool minus, dec *ret,
                    struct err *e)
{
    dec a, b;
    if (!table_raw_dec(t, plus, &a, e) || !table_raw_dec(t, other, &b, e))
        return false;
    if (dec_is_null(a) && dec_is_null(b)) {
        *ret = DEC_NULL;
        return true;
    }
    a = dec_is_null(a) ? 0 : a;
    b = dec_is_null(b) ? 0 : b;
    return dec_add(a, minus ? -b : b, ret) || table_error(t, e, "amounts are too large to add");
}

static bool set_effective(const struct table_row *t, struct spend_row *r, enum amortize how,
                          struct err *e)
{
    switch (how) {
    case AS_BILLED:
        r->effective = r->billed;
        return true;
    case AT_ZERO:
        r->effective = 0;
        return true;
    case AT_SP_RATE:
        return table_raw_dec(t, RAW_SP_EFFECTIVE, &r->effective, e);
    case AT_RI_RATE:
        return table_raw_dec(t, RAW_RI_EFFECTIVE, &r->effective, e);
    case SP_UNUSED:
        return combine(t, RAW_SP_TOTAL, RAW_SP_USED, true, &r->effective, e);
    case RI_UNUSED:
        return combine(t, RAW_RI_UNUSED_UPFRONT, RAW_RI_UNUSED_RECURRING, false, &r->effective, e);
    }
    UNREACHABLE();
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str type = table_raw(t, RAW_TYPE), plan = table_raw(t, RAW_SP_ARN);
    str reservation = table_raw(t, RAW_RI_ARN);
    enum amortize how = AS_BILLED;
    r->text[SPEND_CHARGE_CATEGORY] = S("Adjustment"); /* EdpDiscount, PrivateRateDiscount, ... */
    for (size_t i = 0; i < ARRAY_LEN(line_types); i++)
        if (str_eq_nocase(type, str_of(line_types[i].name))) {
            r->text[SPEND_CHARGE_CATEGORY] = str_of(line_types[i].charge_category);
            how = line_types[i].effective;
        }
    if (str_eq_nocase(type, S("Fee")) && reservation.n)
        how = AT_ZERO; /* the upfront payment of a reservation, amortized onto its usage */
    r->text[SPEND_COMMITMENT] = plan.n ? plan : reservation;
    return set_effective(t, r, how, e);
}

const struct importer importer_aws_cur = {
    .name = "aws_cur",
    .title = "AWS Cost and Usage Report (legacy and 2.0)",
    .summary = "AWS's own bill, one line per resource and hour or day.",
    .provider = "AWS",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
    .tag_prefix = "user",
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
