/* snowflake.c - Snowflake: METERING_DAILY_HISTORY in credits, USAGE_IN_CURRENCY_DAILY in money.
 *
 * Billed credits are what a stated rate prices (unit_rate.h); where the view has none, used credits
 * less the free part of cloud services. Both views tell of the same usage: import one of them. */
#include "ingest/table.h"

enum { RAW_USED, RAW_ADJUSTMENT, RAW_IS_ADJUSTMENT, RAW_COMPUTE, RAW_CLOUD };

/* clang-format off */
static const struct import_column credit_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"USAGE_DATE", "START_TIME"}},
    {F_QUANTITY, 0, {"CREDITS_BILLED"}},
    {F_TEXT + SPEND_SERVICE, COL_REQUIRED | COL_NOT_EMPTY, {"SERVICE_TYPE"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"ORGANIZATION_NAME"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"ACCOUNT_NAME", "ACCOUNT_LOCATOR"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"NAME"}},
    {F_TEXT + SPEND_REGION, 0, {"REGION"}},
    {F_RAW + RAW_USED, 0, {"CREDITS_USED"}},
    {F_RAW + RAW_COMPUTE, 0, {"CREDITS_USED_COMPUTE"}},
    {F_RAW + RAW_CLOUD, 0, {"CREDITS_USED_CLOUD_SERVICES"}},
    {F_RAW + RAW_ADJUSTMENT, 0, {"CREDITS_ADJUSTMENT_CLOUD_SERVICES"}},
};

static const struct import_column money_columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"USAGE_DATE"}},
    {F_BILLED, COL_REQUIRED | COL_NOT_EMPTY, {"USAGE_IN_CURRENCY"}},
    {F_CURRENCY, COL_REQUIRED | COL_NOT_EMPTY, {"CURRENCY"}},
    {F_QUANTITY, 0, {"USAGE"}},
    {F_TEXT + SPEND_SERVICE, 0, {"SERVICE_TYPE"}},
    {F_TEXT + SPEND_METER, 0, {"USAGE_TYPE"}},
    {F_TEXT + SPEND_UNIT, 0, {"USAGE_UNIT"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"ORGANIZATION_NAME"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"ACCOUNT_NAME", "ACCOUNT_LOCATOR"}},
    {F_TEXT + SPEND_REGION, 0, {"REGION"}},
    {F_TEXT + SPEND_COMMITMENT, 0, {"CONTRACT_NUMBER"}},
    {F_RAW + RAW_IS_ADJUSTMENT, 0, {"IS_ADJUSTMENT"}},
};
/* clang-format on */

static int bid_credits(const struct probe *p)
{
    static const char *const own[] = {"CREDITS_BILLED", "CREDITS_USED", "CREDITS_USED_COMPUTE",
                                      "CREDITS_USED_CLOUD_SERVICES", "USAGE_DATE",
                                      "CREDITS_ADJUSTMENT_CLOUD_SERVICES", NULL};
    if (!probe_has(p, "SERVICE_TYPE") ||
        !(probe_has(p, "CREDITS_BILLED") || probe_has(p, "CREDITS_USED")))
        return 0;
    return MIN(50 + 10 * probe_count(p, own), 96);
}

static int bid_money(const struct probe *p)
{
    static const char *const own[] = {"CONTRACT_NUMBER", "ACCOUNT_LOCATOR", "USAGE_TYPE",
                                      "BALANCE_SOURCE", "SERVICE_LEVEL", NULL};
    if (!probe_has(p, "USAGE_IN_CURRENCY") || !probe_has(p, "USAGE_DATE"))
        return 0;
    return MIN(60 + 8 * probe_count(p, own), 96);
}

static bool sum(const struct table_row *t, int a, int b, dec *ret, struct err *e)
{
    dec x, y;
    if (!table_raw_dec(t, a, &x, e) || !table_raw_dec(t, b, &y, e))
        return false;
    if (dec_is_null(x) && dec_is_null(y)) {
        *ret = DEC_NULL;
        return true;
    }
    return dec_add(dec_or_zero(x), dec_or_zero(y), ret) ||
           table_error(t, e, "credits are too large to add");
}

static bool credit_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                       struct err *e)
{
    dec adjustment;
    r->text[SPEND_UNIT] = S("credits");
    r->text[SPEND_METER] = S("credits billed");
    r->text[SPEND_CHARGE_CATEGORY] = S("Usage");
    if (!dec_is_null(r->quantity))
        return true;
    if (!table_raw_dec(t, RAW_USED, &r->quantity, e) ||
        (dec_is_null(r->quantity) && !sum(t, RAW_COMPUTE, RAW_CLOUD, &r->quantity, e)) ||
        !table_raw_dec(t, RAW_ADJUSTMENT, &adjustment, e))
        return false;
    if (dec_is_null(r->quantity))
        return table_error(t, e, "has neither CREDITS_BILLED nor CREDITS_USED");
    r->text[SPEND_METER] = S("credits used");
    return dec_is_null(adjustment) || dec_add(r->quantity, adjustment, &r->quantity) ||
           table_error(t, e, "credits are too large to add");
}

static bool money_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                      struct err *e)
{
    bool adjusted = str_eq_nocase(table_raw(t, RAW_IS_ADJUSTMENT), S("true"));
    if (!r->text[SPEND_SERVICE].n)
        r->text[SPEND_SERVICE] = S("Snowflake");
    r->text[SPEND_CHARGE_CATEGORY] = adjusted ? S("Adjustment") : S("Usage");
    return true;
}

const struct importer importer_snowflake_credits = {
    .name = "snowflake_credits",
    .title = "Snowflake credits (METERING_DAILY_HISTORY)",
    .summary = "Credits per day and service; priced with --rate 'credits=PRICE'.",
    .provider = "Snowflake",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .bid = bid_credits,
    .columns = credit_columns,
    .n_columns = ARRAY_LEN(credit_columns),
    .row = credit_row,
};

const struct importer importer_snowflake_currency = {
    .name = "snowflake_currency",
    .title = "Snowflake usage in currency (USAGE_IN_CURRENCY_DAILY)",
    .summary = "Money per day, account and service type.",
    .provider = "Snowflake",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET | 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .bid = bid_money,
    .columns = money_columns,
    .n_columns = ARRAY_LEN(money_columns),
    .row = money_row,
};
