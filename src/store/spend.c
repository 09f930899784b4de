/* spend.c - names of a row's columns. */
#include "store/spend.h"

static const char *const TEXT_KEYS[SPEND_TEXTS] = {
    [SPEND_PROVIDER] = "provider",
    [SPEND_PUBLISHER] = "publisher",
    [SPEND_SERVICE] = "service",
    [SPEND_SERVICE_CODE] = "service_code",
    [SPEND_SERVICE_CATEGORY] = "service_category",
    [SPEND_SERVICE_SUBCATEGORY] = "service_subcategory",
    [SPEND_SKU] = "sku",
    [SPEND_METER] = "meter",
    [SPEND_SKU_DETAILS] = "sku_details",
    [SPEND_DESCRIPTION] = "description",
    [SPEND_ACCOUNT] = "account",
    [SPEND_SUB_ACCOUNT] = "sub_account",
    [SPEND_RESOURCE] = "resource",
    [SPEND_RESOURCE_TYPE] = "resource_type",
    [SPEND_REGION] = "region",
    [SPEND_UNIT] = "unit",
    [SPEND_CHARGE_CATEGORY] = "charge_category",
    [SPEND_CHARGE_CLASS] = "charge_class",
    [SPEND_COMMITMENT] = "commitment",
    [SPEND_TAGS] = "tags",
    [SPEND_MODEL] = "model",
    [SPEND_TIER] = "tier",
    [SPEND_PRICE_ID] = "price_id",
    [SPEND_INITIATIVE] = "initiative",
    [SPEND_LINE] = "line",
    [SPEND_RULE] = "rule",
};

static const char *const BUCKET_KEYS[TOKEN_BUCKETS] = {
    [TOKENS_IN] = "in",
    [TOKENS_CACHE_READ] = "cache_read",
    [TOKENS_CACHE_WRITE_5M] = "cache_write_5m",
    [TOKENS_CACHE_WRITE_1H] = "cache_write_1h",
    [TOKENS_OUT] = "out",
};

const char *spend_text_key(enum spend_text t)
{
    BUG_IF((unsigned)t >= SPEND_TEXTS);
    return TEXT_KEYS[t];
}

bool spend_text_parse(str key, enum spend_text *ret)
{
    if (str_eq(key, S("project")))
        key = S("sub_account");
    else if (str_eq(key, S("usage_type")))
        key = S("meter");
    for (int t = 0; t < SPEND_TEXTS; t++) {
        if (str_eq(key, str_of(TEXT_KEYS[t]))) {
            *ret = (enum spend_text)t;
            return true;
        }
    }
    return false;
}

const char *token_bucket_key(enum token_bucket b)
{
    BUG_IF((unsigned)b >= TOKEN_BUCKETS);
    return BUCKET_KEYS[b];
}

void spend_row_clear(struct spend_row *r)
{
    *r = (struct spend_row){
        .day = DAY_NONE,
        .period = MONTH_NONE,
        .billed = DEC_NULL,
        .effective = DEC_NULL,
        .list = DEC_NULL,
        .quantity = DEC_NULL,
        .requests = TOKENS_NULL,
        .category = CATEGORY_REVIEW,
        .share_ppm = 1000000,
    };
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        r->tokens[b] = TOKENS_NULL;
}
