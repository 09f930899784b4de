/* price_list_shapes.c - llm-prices, genai-prices, models.dev and Portkey: each list's own words.
 *
 * All but Portkey write US dollars per million tokens; Portkey writes cents per token. */
#include "ingest/price_lists_int.h"

#define MILLION 1000000 /* tokens that prices of ours are for */

static bool is_map(const struct json *v)
{
    return v && v->kind == JSON_MAP;
}

static bool is_list(const struct json *v)
{
    return v && v->kind == JSON_LIST;
}

/* What a tier does not reprice stays at the base price; cache prices then follow from it. */
static void inherit(struct list_price *tier, const struct list_price *base)
{
    for (int i = LIST_IN; i <= LIST_OUT; i++)
        if (dec_is_null(tier->part[i]))
            tier->part[i] = base->part[i];
}

/* ---- llm-prices ---- */

static bool llm_prices_claims(const struct json *doc)
{
    if (is_list(json_get(doc, "prices")))
        return true;
    return json_get(doc, "vendor") && is_list(json_get(doc, "models"));
}

/* "Gemini 2.5 Pro >200k" with the id "gemini-2.5-pro-200k" is a tier of gemini-2.5-pro. */
static void llm_prices_tier(str name, struct list_price *p)
{
    size_t at = str_find_char(name, '>', 0);
    if (at == SIZE_MAX || name.n < at + 3 || name.p[name.n - 1] != 'k')
        return;
    int64_t thousands;
    str size = str_trim(str_sub(name, at + 1, name.n - 1)), tail = str_sub(name, at + 1, name.n);
    if (!str_to_i64(size, &thousands) || thousands <= 0 || thousands > MILLION)
        return;
    tail = str_trim(tail);
    if (p->model.n <= tail.n + 1 || !str_ends(p->model, tail) ||
        p->model.p[p->model.n - tail.n - 1] != '-')
        return;
    p->model = str_sub(p->model, 0, p->model.n - tail.n - 1);
    p->over = thousands * 1000;
}

static bool llm_prices_entry(struct list_reader *r, const struct json *x, const struct json *of,
                             str vendor)
{
    struct list_price p;
    list_clear(&p);
    p.provider = vendor;
    p.model = json_text(json_get(of, "id"));
    if (!p.model.n)
        return list_fault(r, of, "the entry has no 'id'");
    if (!list_number(r, x, "input", 1, 1, &p.part[LIST_IN]) ||
        !list_number(r, x, "output", 1, 1, &p.part[LIST_OUT]) ||
        !list_number(r, x, "input_cached", 1, 1, &p.part[LIST_CACHE_READ]) ||
        !list_day(r, x, "from_date", &p.from) || !list_day(r, x, "to_date", &p.to))
        return false;
    if (p.from != DAY_NONE && p.to != DAY_NONE && p.to <= p.from)
        return list_fault(r, x, "to_date is not after from_date");
    llm_prices_tier(json_text(json_get(of, "name")), &p);
    list_add(r, &p);
    return true;
}

static bool llm_prices_read(struct list_reader *r, const struct json *doc)
{
    day updated;
    if (!list_day(r, doc, "updated_at", &updated))
        return false;
    r->taken = updated != DAY_NONE ? updated : r->taken;
    const struct json *prices = json_get(doc, "prices"), *models = json_get(doc, "models");
    for (size_t i = 0; is_list(prices) && i < prices->n; i++) {
        const struct json *x = &prices->items[i];
        if (!is_map(x))
            return list_fault(r, x, "an entry of 'prices' must be a map");
        if (!llm_prices_entry(r, x, x, json_text(json_get(x, "vendor"))))
            return false;
    }
    for (size_t i = 0; !is_list(prices) && i < models->n; i++) {
        const struct json *m = &models->items[i], *history = json_get(m, "price_history");
        if (!is_list(history))
            return list_fault(r, m, "a model needs a list 'price_history'");
        for (size_t k = 0; k < history->n; k++)
            if (!llm_prices_entry(r, &history->items[k], m, json_text(json_get(doc, "vendor"))))
                return false;
    }
    return true;
}

const struct list_shape list_llm_prices = {"llm-prices", llm_prices_claims, llm_prices_read};

/* ---- genai-prices ---- */

static const struct {
    const char *key;
    enum list_part part;
} GENAI[] = {
    {"input_mtok", LIST_IN},
    {"output_mtok", LIST_OUT},
    {"cache_read_mtok", LIST_CACHE_READ},
    {"cache_write_mtok", LIST_CACHE_WRITE},
    {"input_audio_mtok", LIST_AUDIO_IN},
};

static bool genai_claims(const struct json *doc)
{
    return is_list(doc) && doc->n && is_list(json_get(&doc->items[0], "models"));
}

/* One part at every threshold: the base, or {"base": 3, "tiers": [{"start": 200000, "price": 6}]}.
 */
static bool genai_part(struct list_reader *r, const struct json *prices, const char *key,
                       const int64_t *starts, size_t n, dec ret[LIST_TIERS + 1])
{
    const struct json *v = json_get(prices, key), *tiers = json_get(v, "tiers");
    if (!is_map(v)) {
        if (!list_number(r, prices, key, 1, 1, &ret[0]))
            return false;
        for (size_t i = 1; i <= n; i++)
            ret[i] = ret[0];
        return true;
    }
    if (!list_number(r, v, "base", 1, 1, &ret[0]))
        return false;
    for (size_t i = 1; i <= n; i++) {
        ret[i] = ret[i - 1];
        for (size_t k = 0; is_list(tiers) && k < tiers->n; k++) {
            int64_t start;
            const struct json *t = &tiers->items[k];
            if (json_i64(json_get(t, "start"), &start) && start == starts[i - 1] &&
                !list_number(r, t, "price", 1, 1, &ret[i]))
                return false;
        }
    }
    return true;
}

static bool genai_starts(struct list_reader *r, const struct json *prices,
                         int64_t starts[LIST_TIERS], size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(GENAI); i++) {
        const struct json *tiers = json_get(json_get(prices, GENAI[i].key), "tiers");
        for (size_t k = 0; is_list(tiers) && k < tiers->n; k++) {
            int64_t start;
            if (!json_i64(json_get(&tiers->items[k], "start"), &start) || start <= 0)
                return list_fault(r, &tiers->items[k], "a tier needs 'start', a count of tokens");
            size_t at = 0;
            while (at < n && starts[at] < start)
                at++;
            if (at < n && starts[at] == start)
                continue;
            if (n == LIST_TIERS)
                return list_fault(r, &tiers->items[k], "more than %d tiers", LIST_TIERS);
            memmove(starts + at + 1, starts + at, (n - at) * sizeof *starts);
            starts[at] = start;
            n++;
        }
    }
    *ret_n = n;
    return true;
}

static bool genai_prices(struct list_reader *r, const struct json *prices,
                         const struct list_price *like)
{
    int64_t starts[LIST_TIERS];
    size_t n = 0;
    struct list_price rows[LIST_TIERS + 1];
    if (!is_map(prices))
        return list_fault(r, prices, "'prices' must be a map of prices");
    if (!genai_starts(r, prices, starts, &n))
        return false;
    for (size_t i = 0; i <= n; i++) {
        rows[i] = *like;
        rows[i].over = i ? starts[i - 1] : 0;
    }
    for (size_t k = 0; k < ARRAY_LEN(GENAI); k++) {
        dec at[LIST_TIERS + 1];
        if (!genai_part(r, prices, GENAI[k].key, starts, n, at))
            return false;
        for (size_t i = 0; i <= n; i++)
            rows[i].part[GENAI[k].part] = at[i];
    }
    for (size_t i = 0; i <= n; i++)
        list_add(r, &rows[i]);
    return true;
}

/* A list of dated prices: each holds until the next one begins. Those of certain hours are left
 * out. */
static bool genai_history(struct list_reader *r, const struct json *list, struct list_price *like)
{
    size_t n = 0;
    day *starts = arena_new(r->a, day, list->n + 1);
    const struct json **prices = arena_new(r->a, const struct json *, list->n + 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct json *x = &list->items[i], *when = json_get(x, "constraint");
        if (!is_map(json_get(x, "prices")))
            return list_fault(r, x, "an entry of 'prices' needs a map 'prices'");
        if (json_get(when, "start_time")) {
            r->left[LEFT_HOURS]++;
            continue;
        }
        day start;
        if (!list_day(r, when, "start_date", &start))
            return false;
        size_t at = n++;
        for (; at && starts[at - 1] > start; at--) {
            starts[at] = starts[at - 1];
            prices[at] = prices[at - 1];
        }
        starts[at] = start;
        prices[at] = json_get(x, "prices");
    }
    for (size_t i = 0; i < n; i++) {
        like->from = starts[i];
        like->to = i + 1 < n ? starts[i + 1] : DAY_NONE;
        if (like->to != DAY_NONE && like->to <= like->from)
            continue; /* two of one day: the later one in the file stands */
        if (!genai_prices(r, prices[i], like))
            return false;
    }
    return true;
}

static bool genai_read(struct list_reader *r, const struct json *doc)
{
    for (size_t i = 0; i < doc->n; i++) {
        const struct json *seller = &doc->items[i], *models = json_get(seller, "models");
        if (!is_list(models))
            return list_fault(r, seller, "a provider needs a list 'models'");
        for (size_t k = 0; k < models->n; k++) {
            const struct json *m = &models->items[k], *prices = json_get(m, "prices");
            struct list_price p;
            list_clear(&p);
            p.provider = json_text(json_get(seller, "id"));
            p.model = json_text(json_get(m, "id"));
            if (!p.model.n)
                return list_fault(r, m, "a model has no 'id'");
            if (!prices) {
                r->left[LEFT_NO_TOKEN_PRICE]++;
                continue;
            }
            if (is_list(prices) ? !genai_history(r, prices, &p) : !genai_prices(r, prices, &p))
                return false;
        }
    }
    return true;
}

const struct list_shape list_genai = {"genai-prices", genai_claims, genai_read};

/* ---- models.dev ---- */

static bool models_dev_claims(const struct json *doc)
{
    if (!is_map(doc) || !doc->n)
        return false;
    return is_map(json_get(doc, "models")) || is_map(json_get(&doc->items[0], "models"));
}

static bool models_dev_cost(struct list_reader *r, const struct json *cost, struct list_price *p)
{
    return list_number(r, cost, "input", 1, 1, &p->part[LIST_IN]) &&
           list_number(r, cost, "output", 1, 1, &p->part[LIST_OUT]) &&
           list_number(r, cost, "cache_read", 1, 1, &p->part[LIST_CACHE_READ]) &&
           list_number(r, cost, "cache_write", 1, 1, &p->part[LIST_CACHE_WRITE]) &&
           list_number(r, cost, "input_audio", 1, 1, &p->part[LIST_AUDIO_IN]);
}

static bool models_dev_model(struct list_reader *r, str provider, str id, const struct json *m)
{
    const struct json *cost = json_get(m, "cost"), *tiers = json_get(cost, "tiers"),
                      *long_context = json_get(cost, "context_over_200k");
    struct list_price base, tier;
    list_clear(&base);
    base.provider = provider;
    base.model = id;
    if (json_is_null(cost)) {
        r->left[LEFT_NO_TOKEN_PRICE]++;
        return true;
    }
    if (!is_map(cost))
        return list_fault(r, cost, "'cost' must be a map");
    if (!models_dev_cost(r, cost, &base))
        return false;
    for (size_t i = 0; is_list(tiers) && i < tiers->n; i++) {
        list_clear(&tier);
        tier.provider = provider;
        tier.model = id;
        const struct json *x = &tiers->items[i];
        if (!json_i64(json_path(x, "tier.size"), &tier.over) || tier.over <= 0)
            return list_fault(r, x, "a tier needs 'tier.size', a count of tokens");
        if (!models_dev_cost(r, x, &tier))
            return false;
        inherit(&tier, &base);
        list_add(r, &tier);
    }
    if (is_map(long_context) && !is_list(tiers)) {
        list_clear(&tier);
        tier.provider = provider;
        tier.model = id;
        tier.over = 200000;
        if (!models_dev_cost(r, long_context, &tier))
            return false;
        inherit(&tier, &base);
        list_add(r, &tier);
    }
    list_add(r, &base);
    return true;
}

static bool models_dev_provider(struct list_reader *r, str id, const struct json *seller)
{
    const struct json *models = json_get(seller, "models");
    if (!is_map(models))
        return list_fault(r, seller, "a provider needs a map 'models'");
    for (size_t k = 0; k < models->n; k++)
        if (!models_dev_model(r, id, models->keys[k], &models->items[k]))
            return false;
    return true;
}

static bool models_dev_read(struct list_reader *r, const struct json *doc)
{
    if (is_map(json_get(doc, "models")) && !is_map(json_path(doc, "models.models")))
        return models_dev_provider(r, json_text(json_get(doc, "id")), doc);
    for (size_t i = 0; i < doc->n; i++)
        if (!models_dev_provider(r, doc->keys[i], &doc->items[i]))
            return false;
    return true;
}

const struct list_shape list_models_dev = {"models.dev", models_dev_claims, models_dev_read};

/* ---- Portkey ---- */

static bool portkey_claims(const struct json *doc)
{
    for (size_t i = 0; is_map(doc) && i < MIN(doc->n, (size_t)8); i++)
        if (json_get(&doc->items[i], "pricing_config"))
            return true;
    return false;
}

static bool portkey_read(struct list_reader *r, const struct json *doc)
{
    static const struct {
        const char *key;
        enum list_part part;
    } PARTS[] = {
        {"request_token", LIST_IN},
        {"response_token", LIST_OUT},
        {"cache_read_input_token", LIST_CACHE_READ},
        {"cache_write_input_token", LIST_CACHE_WRITE},
    };
    for (size_t i = 0; i < doc->n; i++) {
        const struct json *config = json_get(&doc->items[i], "pricing_config"),
                          *pay = json_get(config, "pay_as_you_go"),
                          *batch = json_get(config, "batch_config");
        struct list_price p;
        list_clear(&p);
        p.model = doc->keys[i];
        if (str_eq(p.model, S("default")))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(PARTS); k++)
            if (!list_number(r, json_get(pay, PARTS[k].key), "price", MILLION, 100,
                             &p.part[PARTS[k].part]))
                return false;
        for (int k = 0; k < 2; k++)
            if (!list_number(r, json_get(batch, PARTS[k].key), "price", MILLION, 100,
                             &p.part[LIST_BATCH_IN + k]))
                return false;
        list_add(r, &p);
    }
    return true;
}

const struct list_shape list_portkey = {"portkey", portkey_claims, portkey_read};
