/* price_list_litellm.c - LiteLLM's map of models: dollars per token, conditions inside the names.
 *
 * "input_cost_per_token_above_200k_tokens_batches" is the batch price of a tier. A tier reprices
 * the whole request; "tiered_pricing" reprices only what is above, which no price of ours can say.
 */
#include "ingest/price_lists_int.h"

static const struct {
    const char *key;
    enum list_part part, batch; /* batch LIST_PARTS: there is none */
} KEYS[] = {
    {"cache_creation_input_token_cost_above_1hr", LIST_CACHE_WRITE_1H, LIST_PARTS},
    {"cache_creation_input_token_cost", LIST_CACHE_WRITE, LIST_PARTS},
    {"cache_read_input_token_cost", LIST_CACHE_READ, LIST_PARTS},
    {"input_cost_per_audio_token", LIST_AUDIO_IN, LIST_PARTS},
    {"input_cost_per_token", LIST_IN, LIST_BATCH_IN},
    {"output_cost_per_image_token", LIST_IMAGE_OUT, LIST_PARTS},
    {"output_cost_per_token", LIST_OUT, LIST_BATCH_OUT},
};

static bool claims(const struct json *doc)
{
    for (size_t i = 0; doc->kind == JSON_MAP && i < MIN(doc->n, (size_t)50); i++)
        if (json_get(&doc->items[i], "litellm_provider") ||
            json_get(&doc->items[i], "input_cost_per_token") ||
            json_get(&doc->items[i], "output_cost_per_token"))
            return true;
    return false;
}

/* What a name says: which part, above how many tokens. False: nothing that is kept. */
static bool read_key(str key, enum list_part *ret_part, int64_t *ret_over)
{
    size_t i = 0;
    while (i < ARRAY_LEN(KEYS) && !str_starts(key, str_of(KEYS[i].key)))
        i++;
    if (i == ARRAY_LEN(KEYS))
        return false;
    str rest = str_sub(key, strlen(KEYS[i].key), key.n);
    *ret_over = 0;
    *ret_part = KEYS[i].part;
    if (str_starts(rest, S("_above_"))) {
        size_t end = str_find(rest, S("k_tokens"), 0);
        int64_t thousands;
        if (end == SIZE_MAX || !str_to_i64(str_sub(rest, 7, end), &thousands) || thousands <= 0 ||
            thousands > 1000000)
            return false;
        *ret_over = thousands * 1000;
        rest = str_sub(rest, end + 8, rest.n);
    }
    if (str_eq(rest, S("_batches")) && KEYS[i].batch != LIST_PARTS) {
        *ret_part = KEYS[i].batch;
        return true;
    }
    return !rest.n;
}

/* The base price and its tiers, by threshold. */
struct tiers {
    struct list_price items[LIST_TIERS + 1];
    size_t n;
};

static struct list_price *tier_at(struct tiers *t, int64_t over)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].over == over)
            return &t->items[i];
    if (t->n == ARRAY_LEN(t->items))
        return NULL;
    list_clear(&t->items[t->n]);
    t->items[t->n].over = over;
    return &t->items[t->n++];
}

/* "bedrock/us-east-1/...", "bedrock/us-east-1/1-month-commitment/...", "azure/eu/...": prices of
 * one region or commitment, which a bill's row does not tell apart by the model's name. */
static bool is_regional(str provider, str key)
{
    size_t first = str_find_char(key, '/', 0);
    if (first == SIZE_MAX || str_find_char(key, '/', first + 1) == SIZE_MAX)
        return false;
    return str_starts(provider, S("bedrock")) || str_starts(provider, S("azure"));
}

static bool read_model(struct list_reader *r, str id, const struct json *m)
{
    struct tiers t = {0};
    str provider = json_text(json_get(m, "litellm_provider"));
    if (m->kind != JSON_MAP)
        return list_fault(r, m, "model '%.*s' must be a map", FMT(str_sub(id, 0, 80)));
    if (is_regional(provider, id)) {
        r->left[LEFT_REGIONAL]++;
        return true;
    }
    tier_at(&t, 0);
    for (size_t i = 0; i < m->n; i++) {
        enum list_part part;
        int64_t over;
        struct list_price *p;
        if (!read_key(m->keys[i], &part, &over))
            continue;
        if (!(p = tier_at(&t, over)))
            return list_fault(r, &m->items[i], "model '%.*s' has more than %d tiers",
                              FMT(str_sub(id, 0, 80)), LIST_TIERS);
        if (!list_number(r, m, str_cstr(r->a, m->keys[i]), 1000000, 1, &p->part[part]))
            return false;
    }
    const struct json *graduated = json_get(m, "tiered_pricing");
    if (graduated && graduated->kind == JSON_LIST && !list_has_token_price(&t.items[0])) {
        r->left[LEFT_GRADUATED]++;
        return true;
    }
    for (size_t i = t.n; i-- > 0;) {
        struct list_price *p = &t.items[i];
        for (int k = LIST_IN; i && k <= LIST_OUT; k++)
            if (dec_is_null(p->part[k]))
                p->part[k] = t.items[0].part[k];
        p->provider = provider;
        p->model = id;
        list_add(r, p);
    }
    return true;
}

static bool read(struct list_reader *r, const struct json *doc)
{
    for (size_t i = 0; i < doc->n; i++)
        if (!str_eq(doc->keys[i], S("sample_spec")) && /* documentation, in words */
            !read_model(r, doc->keys[i], &doc->items[i]))
            return false;
    return true;
}

const struct list_shape list_litellm = {"litellm", claims, read};
