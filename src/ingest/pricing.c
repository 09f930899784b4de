/* pricing.c - costs of usage that comes without. */
#include "ingest/pricing.h"

#define LONG_CONTEXT ((int64_t)200001)

void pricing_init(struct pricing *p, const struct price_book *book)
{
    *p = (struct pricing){.book = book};
}

static int64_t count_of(const struct spend_row *row, enum token_bucket b)
{
    return row->tokens[b] == TOKENS_NULL ? 0 : row->tokens[b];
}

/* How the tier as stated bears on the price. */
enum tier { TIER_PLAIN, TIER_LONG, TIER_BATCH, TIER_OTHER };

static enum tier tier_of(const struct spend_row *row)
{
    static const char *const plain[] = {
        "standard", "default",           "auto",    "on_demand", "standard_only", "not_available",
        "0-200k",   "\xe2\x89\xa4 200k", "<= 200k", "null"};
    str tier = str_trim(row->text[SPEND_TIER]);
    if (!tier.n)
        return TIER_PLAIN;
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (str_eq_nocase(tier, str_of(plain[i])))
            return TIER_PLAIN;
    if (str_eq_nocase(tier, S("batch")))
        return TIER_BATCH;
    /* OpenAI charges flex as it charges batches */
    if (str_eq_nocase(tier, S("flex")) && str_eq_nocase(row->text[SPEND_PROVIDER], S("OpenAI")))
        return TIER_BATCH;
    if (str_find_nocase(tier, S("200k-1m"), 0) != SIZE_MAX || str_eq(tier, S("> 200k")))
        return TIER_LONG;
    return TIER_OTHER;
}

/* Puts a row's tokens where its meter says they belong; false: no price per token fits them. */
static bool read_counts(const struct spend_row *row, struct token_counts *t)
{
    str meter = row->text[SPEND_METER];
    *t = (struct token_counts){
        .in = count_of(row, TOKENS_IN),
        .cache_read = count_of(row, TOKENS_CACHE_READ),
        .cache_write_5m = count_of(row, TOKENS_CACHE_WRITE_5M),
        .cache_write_1h = count_of(row, TOKENS_CACHE_WRITE_1H),
        .out = count_of(row, TOKENS_OUT),
        .batch = row->batch,
    };
    if (str_eq(meter, S("audio tokens"))) {
        t->audio_in = t->in;
        t->in = 0;
        return !t->cache_read && !t->out;
    }
    if (str_eq(meter, S("image tokens"))) {
        t->image_out = t->out;
        t->out = 0;
        return !t->in && !t->cache_read;
    }
    return !str_eq(meter, S("tokens of several kinds"));
}

static bool has_tokens(const struct spend_row *row)
{
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (row->tokens[b] != TOKENS_NULL)
            return true;
    return false;
}

bool pricing_expected(const struct price_book *book, const struct spend_row *row,
                      const struct price **ret_price, dec *ret_cost, bool *ret_fallback)
{
    struct token_counts t;
    enum tier tier = tier_of(row);
    str region = row->text[SPEND_REGION];
    bool one_region =
        str_eq_nocase(row->text[SPEND_PROVIDER], S("Anthropic")) && str_eq_nocase(region, S("us"));
    if (!has_tokens(row) || !row->text[SPEND_MODEL].n || tier == TIER_OTHER || one_region ||
        !read_counts(row, &t))
        return false;
    struct price_query q = {row->text[SPEND_PROVIDER], row->text[SPEND_MODEL], row->day, 0};
    if (tier == TIER_BATCH)
        t.batch = true;
    if (tier == TIER_LONG)
        q.input_tokens = LONG_CONTEXT;
    else if (row->requests == 1)
        q.input_tokens = t.in + t.cache_read + t.cache_write_5m + t.cache_write_1h + t.audio_in;
    const struct price *p = price_find(book, &q, NULL);
    if (!p || !price_cost(p, &t, ret_cost, ret_fallback))
        return false;
    *ret_price = p;
    return true;
}

void pricing_apply(struct pricing *p, struct spend_row *row)
{
    const struct price *price;
    dec cost;
    bool fallback;
    if (!dec_is_null(row->billed) || !dec_is_null(row->effective))
        return;
    if (!pricing_expected(p->book, row, &price, &cost, &fallback)) {
        p->unpriced++;
        return;
    }
    row->billed = row->effective = cost;
    row->currency = price->currency;
    row->text[SPEND_PRICE_ID] = price->id;
    p->priced++;
    p->fallback += fallback;
}
