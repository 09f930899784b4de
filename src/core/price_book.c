/* price_book.c - finding the price of a model on a day, and what usage costs at it.
 *
 * Prices lie in groups by provider and normalized name. A second index leads from a name without
 * date to its only dated snapshot, a third from a name to the only provider that has it. */
#include "core/price_book.h"

#include "base/share.h"
#include "core/price_int.h"
#include "core/price_name.h"

#define KEY_MAX (2 * PRICE_NAME_MAX + 16)
#define MILLION ((dec)1000000)

struct price_book *price_book_empty(struct arena *a)
{
    struct price_book *b = arena_new(a, struct price_book, 1);
    b->arena = a;
    map_init(&b->groups, a);
    map_init(&b->bases, a);
    map_init(&b->hosts, a);
    return b;
}

static str group_key(char room[KEY_MAX], str provider, const struct price_name *name, str key)
{
    bool global = name->global && str_eq(provider, S("aws"));
    int n =
        snprintf(room, KEY_MAX, "%.*s %s%.*s", FMT(provider), global ? "global " : "", FMT(key));
    return (str){room, (size_t)MIN(n, KEY_MAX - 1)};
}

str price_group_key(struct arena *a, str provider, str model)
{
    char room[KEY_MAX], low[PRICE_NAME_MAX];
    struct price_name name;
    price_name_read(model, &name);
    if (!name.key.n)
        return STR_NONE;
    return str_dup(a, group_key(room, price_provider(provider, low), &name, name.key));
}

static struct price_group *group_of(struct price_book *b, str key, bool *ret_new)
{
    struct map_entry *e = map_get(&b->groups, key);
    *ret_new = !e;
    if (!e) {
        e = map_put(&b->groups, str_dup(b->arena, key), NULL);
        e->ptr = arena_new(b->arena, struct price_group, 1);
    }
    return e->ptr;
}

/* The group, unless another already stands there: then none, for it would be a guess. */
static void put_only(struct price_book *b, struct map *m, str key, struct price_group *g)
{
    struct map_entry *e = map_get(m, key);
    if (!e)
        map_put(m, str_dup(b->arena, key), NULL)->ptr = g;
    else if (e->ptr != g)
        e->ptr = NULL;
}

void price_book_put(struct price_book *b, struct price p, uint32_t layer)
{
    char room[KEY_MAX], low[PRICE_NAME_MAX];
    struct price_name name;
    bool new;
    str provider = price_provider(p.provider, low);
    price_name_read(p.model, &name);
    b->items = arena_grow(b->arena, b->items, sizeof *b->items, &b->cap, b->n + 1);
    b->layer = arena_grow(b->arena, b->layer, sizeof *b->layer, &b->cap_layer, b->n + 1);
    b->items[b->n] = p;
    b->layer[b->n] = layer;
    b->n_layers = MAX(b->n_layers, layer + 1);
    struct price_group *g = group_of(b, group_key(room, provider, &name, name.key), &new);
    g->items = arena_grow(b->arena, g->items, sizeof *g->items, &g->cap, g->n + 1);
    g->items[g->n++] = b->n++;
    if (!new)
        return;
    if (name.base.n < name.key.n)
        put_only(b, &b->bases, group_key(room, provider, &name, name.base), g);
    put_only(b, &b->hosts, name.key, g);
}

const struct price *price_book_items(const struct price_book *b, size_t *ret_n)
{
    *ret_n = b->n;
    return b->items;
}

static bool in_force(const struct price *p, const struct price_query *q)
{
    if (p->over_tokens && q->input_tokens <= p->over_tokens)
        return false;
    if (q->on == DAY_NONE)
        return p->to == DAY_NONE;
    return (p->from == DAY_NONE || p->from <= q->on) && (p->to == DAY_NONE || q->on < p->to);
}

/* Whether item y is to be preferred to x, both in force: higher tier, later book, later begin. */
static bool better(const struct price_book *b, size_t x, size_t y)
{
    const struct price *p = &b->items[x], *q = &b->items[y];
    if (q->over_tokens != p->over_tokens)
        return q->over_tokens > p->over_tokens;
    if (b->layer[y] != b->layer[x])
        return b->layer[y] > b->layer[x];
    return q->from >= p->from; /* DAY_NONE is the least */
}

static const struct price *in_group(const struct price_book *b, const struct price_group *g,
                                    const struct price_query *q)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; g && i < g->n; i++)
        if (in_force(&b->items[g->items[i]], q) &&
            (best == SIZE_MAX || better(b, best, g->items[i])))
            best = g->items[i];
    return best == SIZE_MAX ? NULL : &b->items[best];
}

static const struct price *in_list(const struct price_book *b, str provider,
                                   const struct price_name *name, const struct price_query *q)
{
    char room[KEY_MAX];
    const struct price *p = NULL;
    const struct map_entry *e = map_get(&b->groups, group_key(room, provider, name, name->key));
    if (e)
        p = in_group(b, e->ptr, q);
    bool dated = name->base.n < name->key.n;
    if (!p && dated) {
        e = map_get(&b->groups, group_key(room, provider, name, name->base));
        p = e ? in_group(b, e->ptr, q) : NULL;
    } else if (!p) {
        e = map_get(&b->bases, group_key(room, provider, name, name->key));
        p = e ? in_group(b, e->ptr, q) : NULL;
    }
    return p;
}

static const struct price *find(const struct price_book *b, const struct price_query *q, str given,
                                const struct price_name *name)
{
    bool open;
    const struct price *p = NULL;
    str maker = price_maker(name->key, &open);
    str list = given.n ? given : name->host;
    if (list.n)
        p = in_list(b, list, name, q);
    if (!p && maker.n && !str_eq(maker, list) && (!open || !list.n))
        p = in_list(b, maker, name, q);
    if (!p && !list.n && !maker.n) {
        const struct map_entry *e = map_get(&b->hosts, name->key);
        p = e ? in_group(b, e->ptr, q) : NULL;
    }
    return p;
}

const struct price *price_find(const struct price_book *b, const struct price_query *q,
                               enum price_match *ret_match)
{
    char room[PRICE_NAME_MAX];
    struct price_name name;
    price_name_read(q->model, &name);
    if (!name.key.n)
        return NULL;
    str given = q->provider.n ? price_provider(q->provider, room) : STR_NONE;
    const struct price *p = find(b, q, given, &name);
    if (p && ret_match)
        *ret_match = str_eq(p->model, str_trim(q->model)) ? PRICE_EXACT : PRICE_ALIAS;
    return p;
}

/* Adds tokens x price to *sum; no tokens need no price. */
static bool add_bucket(dec *sum, int64_t tokens, dec price)
{
    dec part;
    if (tokens == 0)
        return true;
    if (tokens < 0 || dec_is_null(price) || __builtin_mul_overflow((dec)tokens, price, &part))
        return false;
    return !__builtin_add_overflow(*sum, part, sum);
}

static dec first_known(dec price, dec plain, bool needed, bool *fallback)
{
    if (!dec_is_null(price))
        return price;
    *fallback |= needed;
    return plain;
}

bool price_cost(const struct price *p, const struct token_counts *t, dec *ret, bool *ret_fallback)
{
    bool fallback = false;
    dec in = p->in, out = p->out, sum = 0;
    if (t->batch) {
        in = first_known(p->batch_in, in, t->in > 0, &fallback);
        out = first_known(p->batch_out, out, t->out > 0, &fallback);
        fallback |= t->cache_read > 0 || t->cache_write_5m > 0 || t->cache_write_1h > 0;
    }
    dec read = first_known(p->cache_read, p->in, t->cache_read > 0, &fallback);
    dec write = first_known(p->cache_write, p->in, t->cache_write_5m > 0, &fallback);
    dec write_1h = first_known(p->cache_write_1h, write, t->cache_write_1h > 0, &fallback);
    if (!add_bucket(&sum, t->in, in) || !add_bucket(&sum, t->cache_read, read) ||
        !add_bucket(&sum, t->cache_write_5m, write) ||
        !add_bucket(&sum, t->cache_write_1h, write_1h) || !add_bucket(&sum, t->out, out) ||
        !add_bucket(&sum, t->audio_in, p->audio_in) ||
        !add_bucket(&sum, t->image_out, p->image_out))
        return false;
    dec cost;
    if (!dec_muldiv(sum, 1, MILLION, &cost))
        return false;
    *ret = cost;
    if (ret_fallback)
        *ret_fallback = fallback;
    return true;
}
