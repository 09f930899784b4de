/* focus.c - FOCUS 0.5 to 1.4 and the AI keys of the 1.5 draft, in CSV and Parquet.
 *
 * The header decides: any order, any version's names, further columns. Identity columns that hold
 * people (CredentialDetails, RequesterDetails, PrincipalId) are never read. */
#include "ingest/table.h"

enum { RAW_PRICING_QUANTITY, RAW_PRICING_UNIT };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"ChargePeriodStart"}},
    {F_PERIOD, 0, {"BillingPeriodStart"}},
    {F_BILLED, COL_REQUIRED | COL_LOOSE, {"BilledCost"}},
    {F_EFFECTIVE, COL_REQUIRED | COL_LOOSE, {"EffectiveCost", "AmortizedCost"}},
    {F_LIST, COL_LOOSE, {"ListCost"}},
    {F_QUANTITY, COL_LOOSE, {"ConsumedQuantity", "UsageQuantity"}},
    /* 0.5 has BilledCurrency, the currency of BilledCost; its BillingCurrency is another one */
    {F_CURRENCY, 0, {"BilledCurrency", "BillingCurrency"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"ServiceProviderName", "ProviderName", "Provider"}},
    {F_TEXT + SPEND_PUBLISHER, 0, {"PublisherName", "Publisher", "HostProviderName"}},
    {F_TEXT + SPEND_SERVICE, 0, {"ServiceName"}},
    {F_TEXT + SPEND_SERVICE_CODE, 0, {"x_ServiceCode"}},
    {F_TEXT + SPEND_SERVICE_CATEGORY, 0, {"ServiceCategory"}},
    {F_TEXT + SPEND_SERVICE_SUBCATEGORY, 0, {"ServiceSubcategory"}},
    {F_TEXT + SPEND_SKU, 0, {"SkuId"}},
    {F_TEXT + SPEND_SKU, 0, {"SkuPriceId"}},
    {F_TEXT + SPEND_METER, 0, {"SkuMeter", "x_SkuMeterName", "x_UsageType"}},
    {F_TEXT + SPEND_SKU_DETAILS, 0, {"SkuPriceDetails", "x_SkuDetails"}},
    {F_TEXT + SPEND_DESCRIPTION, 0, {"ChargeDescription"}},
    {F_TEXT + SPEND_ACCOUNT, 0, {"BillingAccountId"}},
    {F_TEXT + SPEND_SUB_ACCOUNT, 0, {"SubAccountId"}},
    {F_TEXT + SPEND_RESOURCE, 0, {"ResourceId"}},
    {F_TEXT + SPEND_RESOURCE_TYPE, 0, {"ResourceType"}},
    {F_TEXT + SPEND_REGION, 0, {"RegionId", "Region"}},
    {F_TEXT + SPEND_REGION, 0, {"RegionName"}},
    {F_TEXT + SPEND_UNIT, 0, {"ConsumedUnit", "UsageUnit"}},
    {F_TEXT + SPEND_CHARGE_CATEGORY, 0, {"ChargeCategory", "ChargeType"}},
    {F_TEXT + SPEND_CHARGE_CLASS, 0, {"ChargeClass"}},
    {F_TEXT + SPEND_COMMITMENT, 0, {"CommitmentDiscountId"}},
    {F_TEXT + SPEND_TAGS, 0, {"Tags"}},
    {F_RAW + RAW_PRICING_QUANTITY, 0, {"PricingQuantity"}},
    {F_RAW + RAW_PRICING_UNIT, 0, {"PricingUnit"}},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    static const char *const own[] = {
        "BilledCost",      "EffectiveCost",  "ChargePeriodStart", "ChargePeriodEnd",
        "BillingPeriodStart", "ChargeCategory", "BillingAccountId", "ServiceCategory",
        "ListCost",        "ContractedCost", "AmortizedCost",     "PricingQuantity",
    };
    int found = 0;
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        found += probe_has(p, own[i]);
    if (probe_has(p, "BilledCost") && probe_has(p, "ChargePeriodStart"))
        return MIN(60 + 5 * found, 95);
    return found >= 4 ? 40 + found : found * 3;
}

/* What SkuPriceDetails says, once per distinct text. */
struct sku {
    int bucket; /* TOKEN_BUCKETS: no tokens */
    str model, developer, instance_type;
};

static int token_bucket_of(const struct json *details)
{
    str direction = json_text(json_get(details, "TokenDirection"));
    str action = json_text(json_get(details, "TokenCacheAction"));
    str type = json_text(json_get(details, "TokenType")); /* of an earlier draft */
    if (!direction.n && !action.n) {
        if (str_eq_nocase(type, S("CacheRead")))
            return TOKENS_CACHE_READ;
        if (str_eq_nocase(type, S("CacheWrite")))
            return TOKENS_CACHE_WRITE_5M;
        direction = type;
    }
    if (str_eq_nocase(direction, S("Output")))
        return TOKENS_OUT;
    if (!str_eq_nocase(direction, S("Input")) || str_eq_nocase(action, S("Other")))
        return TOKEN_BUCKETS;
    if (str_eq_nocase(action, S("Read")))
        return TOKENS_CACHE_READ;
    return str_eq_nocase(action, S("Write")) ? TOKENS_CACHE_WRITE_5M : TOKENS_IN;
}

static const struct sku *sku_of(const struct table_row *t, str details)
{
    bool fresh;
    struct sku *s = table_memo(t, details, sizeof *s, &fresh);
    if (!fresh)
        return s;
    struct err ignored;
    const struct json *v;
    struct arena *keep = table_memo_arena(t);
    s->bucket = TOKEN_BUCKETS;
    if (!json_parse(table_scratch(t), details, &v, &ignored))
        return s;
    s->bucket = token_bucket_of(v);
    s->model = str_dup(keep, json_text(json_get(v, "ModelId")));
    if (!s->model.n)
        s->model = str_dup(keep, json_text(json_get(v, "ModelName")));
    s->developer = str_dup(keep, json_text(json_get(v, "ModelDeveloper")));
    s->instance_type = str_dup(keep, json_text(json_get(v, "InstanceType")));
    return s;
}

/* "1000000 Tokens" is 1000000, "1K tokens" 1000, "Tokens" 1; 0: no tokens. */
static int64_t tokens_per_unit(str unit)
{
    static const str words[] = {{"tokens", 6}, {"token", 5}};
    size_t cut = SIZE_MAX;
    for (size_t i = 0; i < ARRAY_LEN(words) && cut == SIZE_MAX; i++)
        if (str_ends_nocase(unit, words[i]))
            cut = unit.n - words[i].n;
    if (cut == SIZE_MAX)
        return 0;
    str count = str_trim(str_sub(unit, 0, cut));
    if (!count.n)
        return 1;
    int64_t scale = 1, v;
    char last = (char)(count.p[count.n - 1] | 32);
    if (last == 'k' || last == 'm') {
        scale = last == 'k' ? 1000 : 1000000;
        count = str_sub(count, 0, count.n - 1);
    }
    return str_to_i64(count, &v) && v > 0 && v <= 1000000000 ? v * scale : 0;
}

/* Quantity x per as a count. Corrections may take tokens back. */
static bool token_count(dec quantity, int64_t per, int64_t *ret)
{
    dec v;
    if (dec_is_null(quantity) || !per || !dec_mul(quantity, dec_from_i64(per), &v))
        return false;
    v = dec_round(v, 0) / DEC_ONE;
    if (v > INT64_MAX || v <= INT64_MIN)
        return false;
    *ret = (int64_t)v;
    return true;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str *text = r->text;
    dec priced = DEC_NULL;
    if (text[SPEND_SKU_DETAILS].n) {
        const struct sku *s = sku_of(t, text[SPEND_SKU_DETAILS]);
        if (s->model.n)
            text[SPEND_MODEL] = s->model;
        if (s->developer.n && !text[SPEND_PUBLISHER].n)
            text[SPEND_PUBLISHER] = s->developer;
        if (s->instance_type.n && !text[SPEND_RESOURCE_TYPE].n)
            text[SPEND_RESOURCE_TYPE] = s->instance_type;
        if (s->bucket < TOKEN_BUCKETS &&
            !token_count(r->quantity, tokens_per_unit(text[SPEND_UNIT]), &r->tokens[s->bucket])) {
            if (!table_raw_dec(t, RAW_PRICING_QUANTITY, &priced, e))
                return false;
            (void)token_count(priced, tokens_per_unit(table_raw(t, RAW_PRICING_UNIT)),
                              &r->tokens[s->bucket]);
        }
    }
    if (dec_is_null(r->quantity)) {
        if (!table_raw_dec(t, RAW_PRICING_QUANTITY, &r->quantity, e))
            return false;
        if (!dec_is_null(r->quantity))
            text[SPEND_UNIT] = table_raw(t, RAW_PRICING_UNIT);
    }
    return true;
}

const struct importer importer_focus = {
    .name = "focus",
    .title = "FOCUS 1.0-1.4 (and 1.5 draft AI keys)",
    .summary = "Cloud and SaaS bills in the FinOps Open Cost and Usage Specification.",
    .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
    .bid = bid,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
