/* azure_cost.c - Azure cost exports of EA, MCA and pay-as-you-go accounts, actual and amortized.
 *
 * The same columns come as CostInBillingCurrency, costInBillingCurrency and "Cost In Billing
 * Currency", and in other languages with the English name in parentheses.
 *
 * An actual export states what was billed; billed and effective are that cost. In an amortized one
 * usage covered by a reservation or savings plan carries its share of the commitment: such a row is
 * effective at that share and billed at 0, as FOCUS has it, because the money was billed with the
 * purchase, which only the actual export contains. */
#include "ingest/table.h"

enum { RAW_CHARGE_TYPE, RAW_PRICING_MODEL, RAW_ADDITIONAL };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"Date", "UsageDateTime", "UsageDate"}},
    {F_PERIOD, 0, {"BillingPeriodStartDate", "BillingPeriod"}},
    {F_BILLED, COL_REQUIRED,
     {"CostInBillingCurrency", "Cost", "PreTaxCost", "ExtendedCost",
      "PreTaxCostInBillingCurrency"}},
    {F_LIST, 0, {"PaygCostInBillingCurrency"}},
    {F_QUANTITY, 0, {"Quantity", "UsageQuantity", "ConsumedQuantity"}},
    {F_CURRENCY, 0, {"BillingCurrencyCode", "BillingCurrency", "Currency"}},
    {F_TEXT + SPEND_PUBLISHER, 0, {"PublisherName"}},
    {F_TEXT + SPEND_SERVICE, 0, {"MeterCategory"}},
    {F_TEXT + SPEND_SERVICE, 0, {"ServiceName"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"ConsumedService"}},
    {F_TEXT + SPEND_SERVICE_CATEGORY, 0, {"ServiceFamily"}},
    {F_TEXT + SPEND_SERVICE_SUBCATEGORY, 0, {"MeterSubCategory", "MeterSubcategory"}},
    {F_TEXT + SPEND_SKU, 0, {"MeterId", "MeterGuid"}},
    {F_TEXT + SPEND_METER, 0, {"MeterName", "Meter"}},
    {F_TEXT + SPEND_DESCRIPTION, 0, {"ProductName", "Product"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"BillingAccountId", "BillingProfileId", "EnrollmentNumber"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"SubscriptionId", "SubscriptionGuid"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"ResourceId", "InstanceId", "InstanceName"}},
    {F_TEXT + SPEND_REGION, 0, {"ResourceLocation", "ResourceLocationNormalized"}},
    {F_TEXT + SPEND_REGION, 0, {"MeterRegion"}},
    {F_TEXT + SPEND_UNIT, 0, {"UnitOfMeasure", "Unit"}},
    {F_TEXT + SPEND_COMMITMENT, 0, {"benefitId"}},
    {F_TEXT + SPEND_COMMITMENT, 0, {"ReservationId"}},
    {F_TEXT + SPEND_TAGS, 0, {"Tags"}},
    {F_RAW + RAW_CHARGE_TYPE, 0, {"ChargeType"}},
    {F_RAW + RAW_PRICING_MODEL, 0, {"PricingModel"}},
    {F_RAW + RAW_ADDITIONAL, 0, {"AdditionalInfo"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {
        "MeterCategory", "MeterSubCategory", "MeterId",       "MeterName",     "ConsumedService",
        "SubscriptionId", "ResourceLocation", "UnitOfMeasure", "AdditionalInfo", "ChargeType",
        "SubscriptionGuid",
    };
    static const char *const costs[] = {"CostInBillingCurrency", "Cost", "PreTaxCost",
                                        "ExtendedCost", "PreTaxCostInBillingCurrency"};
    if (probe_has_loose(p, "BilledCost"))
        return 0; /* Azure's FOCUS export, with columns of its own kept */
    int found = 0, cost = 0;
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        found += probe_has_loose(p, own[i]);
    for (size_t i = 0; i < ARRAY_LEN(costs); i++)
        cost |= probe_has_loose(p, costs[i]);
    if (found >= 4 && cost)
        return MIN(55 + 4 * found, 95);
    return found >= 4 ? 30 : found * 3;
}

/* Azure writes units in the language of the account; the words that occur in real price sheets. */
static const struct {
    const char *local, *unit;
} units[] = {
    {"1 hora", "1 Hour"},     {"1 \xe5\xb0\x8f\xe6\x97\xb6", "1 Hour"},
    {"1/\xe5\xb0\x8f\xe6\x97\xb6", "1/Hour"}, {"1 por mes", "1/Month"},
    {"1 GB/hora", "1 GB/Hour"}, {"1 GB/mes", "1 GB/Month"},
    {"1 GB/\xe6\x9c\x88", "1 GB/Month"},
};

static void settle_unit(struct spend_row *r)
{
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (str_eq_nocase(r->text[SPEND_UNIT], str_of(units[i].local)))
            r->text[SPEND_UNIT] = str_of(units[i].unit);
}

/* The instance size that AdditionalInfo names ("ServiceType": "Standard_NC6"), once per text. */
static str instance_type(const struct table_row *t, str additional)
{
    bool fresh;
    str *kept = table_memo(t, additional, sizeof *kept, &fresh);
    if (fresh) {
        struct err ignored;
        const struct json *v;
        if (json_parse(table_scratch(t), additional, &v, &ignored))
            *kept = str_dup(table_memo_arena(t), json_text(json_get(v, "ServiceType")));
    }
    return *kept;
}

/* A word of a meter's name: "Inp" in "gpt-4o-0806-Inp-glbl Tokens". */
static bool has_word(str meter, const char *word)
{
    str w = str_of(word);
    for (size_t at = 0; (at = str_find_nocase(meter, w, at)) != SIZE_MAX; at += w.n) {
        char before = at ? meter.p[at - 1] : ' ';
        char after = at + w.n < meter.n ? meter.p[at + w.n] : ' ';
        if (strchr(" -_", before) && strchr(" -_", after))
            return true;
    }
    return false;
}

/* Language model meters count 1K or 1M tokens; direction and cache stand in the meter's name. */
static void count_tokens(struct spend_row *r)
{
    static const char *const in[] = {"Inp", "Input", "inpt"};
    static const char *const out[] = {"Outp", "Output", "Outpt", "Opt"};
    static const char *const cached[] = {"cached", "cchd", "cache"};
    str meter = r->text[SPEND_METER], unit = r->text[SPEND_UNIT];
    int64_t per = str_eq(unit, S("1K")) ? 1000 : str_eq(unit, S("1M")) ? 1000000 : 0;
    if (!per || str_find_nocase(r->text[SPEND_SERVICE_SUBCATEGORY], S("OpenAI"), 0) == SIZE_MAX)
        return;
    int bucket = TOKEN_BUCKETS;
    for (size_t i = 0; i < ARRAY_LEN(in); i++)
        if (has_word(meter, in[i]))
            bucket = TOKENS_IN;
    for (size_t i = 0; i < ARRAY_LEN(out); i++)
        if (has_word(meter, out[i]))
            bucket = TOKENS_OUT;
    for (size_t i = 0; i < ARRAY_LEN(cached); i++)
        if (bucket == TOKENS_IN && has_word(meter, cached[i]))
            bucket = TOKENS_CACHE_READ;
    dec count;
    if (bucket == TOKEN_BUCKETS || dec_is_null(r->quantity) ||
        !dec_mul(r->quantity, dec_from_i64(per), &count))
        return;
    count = dec_round(count, 0) / DEC_ONE;
    if (count <= INT64_MAX && count > INT64_MIN)
        r->tokens[bucket] = (int64_t)count;
    r->batch = has_word(meter, "batch");
}

static str charge_category(str type)
{
    if (!type.n || str_eq_nocase(type, S("Usage")) || str_starts_nocase(type, S("Unused")))
        return S("Usage");
    if (str_eq_nocase(type, S("Purchase")))
        return S("Purchase");
    if (str_eq_nocase(type, S("Refund")) || str_eq_nocase(type, S("Credit")))
        return S("Credit");
    return str_eq_nocase(type, S("Tax")) ? S("Tax") : S("Adjustment");
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str type = table_raw(t, RAW_CHARGE_TYPE), model = table_raw(t, RAW_PRICING_MODEL);
    str additional = table_raw(t, RAW_ADDITIONAL);
    r->text[SPEND_CHARGE_CATEGORY] = charge_category(type);
    if (additional.n)
        r->text[SPEND_RESOURCE_TYPE] = instance_type(t, additional);
    settle_unit(r);
    count_tokens(r);
    bool committed =
        str_eq_nocase(model, S("Reservation")) || str_eq_nocase(model, S("SavingsPlan"));
    bool usage = str_eq(r->text[SPEND_CHARGE_CATEGORY], S("Usage"));
    r->effective = r->billed;
    if (str_starts_nocase(type, S("Unused")) ||
        (usage && committed && !dec_is_null(r->billed) && r->billed != 0)) {
        r->billed = 0;
        table_row_counts(t)->amortized++;
    }
    return true;
}

const struct importer importer_azure_cost = {
    .name = "azure_cost",
    .title = "Azure cost export (EA, MCA, pay-as-you-go; actual or amortized)",
    .summary = "Azure's cost and usage details, one line per resource, meter and day.",
    .provider = "Microsoft Azure",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
    .dates = DATE_MDY,
    .loose_names = true,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
