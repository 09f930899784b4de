/* price_compare.c - where price lists disagree about a model on a day. */
#include "core/price_compare.h"

#include "core/price_int.h"

const char *price_field_name(enum price_field f)
{
    static const char *const NAMES[PRICE_FIELDS] = {
        "input",       "output",       "cache_read",  "cache_write",  "cache_write_1h",
        "batch_input", "batch_output", "audio_input", "image_output",
    };
    return NAMES[f];
}

dec price_field_of(const struct price *p, enum price_field f)
{
    const dec all[PRICE_FIELDS] = {
        p->in,       p->out,       p->cache_read, p->cache_write, p->cache_write_1h,
        p->batch_in, p->batch_out, p->audio_in,   p->image_out};
    return all[f];
}

static bool in_force(const struct price *p, day on)
{
    if (on == DAY_NONE)
        return p->to == DAY_NONE;
    return (p->from == DAY_NONE || p->from <= on) && (p->to == DAY_NONE || on < p->to);
}

/* What a list says about a tier of a model on a day; NULL: nothing. */
static const struct price *says(const struct price_book *b, const struct price_group *g,
                                uint32_t layer, int64_t over, day on)
{
    const struct price *best = NULL;
    for (size_t i = 0; i < g->n; i++) {
        const struct price *p = &b->items[g->items[i]];
        if (b->layer[g->items[i]] == layer && p->over_tokens == over && in_force(p, on) &&
            (!best || p->from >= best->from))
            best = p;
    }
    return best;
}

static const struct price *winner(const struct price_book *b, const struct price_group *g,
                                  int64_t over, day on, uint32_t *ret_layer)
{
    for (uint32_t layer = b->n_layers; layer-- > 0;) {
        const struct price *p = says(b, g, layer, over, on);
        *ret_layer = layer;
        if (p)
            return p;
    }
    return NULL;
}

static str name_of(const struct price_book *b, uint32_t layer)
{
    return b->names && b->names[layer].n ? b->names[layer] : S("built-in");
}

struct finder {
    struct arena *a;
    struct price_conflict *items;
    size_t n, cap;
};

/* Within half a percent of x100, x1000 or x1000000, one way or the other. */
static int64_t slip_of(dec used, dec other)
{
    static const int64_t SLIPS[] = {100, 1000, 1000000};
    dec less = MIN(used, other), more = MAX(used, other), expected;
    for (size_t i = 0; less > 0 && i < ARRAY_LEN(SLIPS); i++) {
        if (!dec_muldiv(less, dec_from_i64(SLIPS[i]), DEC_ONE, &expected))
            continue;
        dec off = more > expected ? more - expected : expected - more;
        if (off <= expected / 200)
            return other > used ? SLIPS[i] : -SLIPS[i];
    }
    return 0;
}

static void compare(struct finder *f, const struct price_conflict *like, const struct price *other,
                    str book)
{
    if (!other || !currency_eq(like->used->currency, other->currency))
        return;
    dec x = price_field_of(like->used, like->field), y = price_field_of(other, like->field);
    if (dec_is_null(y) || x == y)
        return;
    dec off = x > y ? x - y : y - x;
    if (off <= MAX(x, y) / 1000)
        return;
    f->items = arena_grow(f->a, f->items, sizeof *f->items, &f->cap, f->n + 1);
    struct price_conflict *c = &f->items[f->n++];
    *c = *like;
    c->other = other;
    c->book = book;
    c->difference = y - x;
    c->slip = slip_of(x, y);
}

static bool tier_before(const struct price_book *b, const struct price_group *g, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (b->items[g->items[k]].over_tokens == b->items[g->items[i]].over_tokens)
            return true;
    return false;
}

static const struct price *winner_apart(const struct price_book *apart, str key, int64_t over,
                                        day on, uint32_t *ret_layer)
{
    const struct map_entry *same = map_get(&apart->groups, key);
    return same ? winner(apart, same->ptr, over, on, ret_layer) : NULL;
}

/* One kind of price of one tier: the latest list that states it against all others that do. */
static void compare_field(struct finder *f, const struct price_book *b, const struct price_group *g,
                          struct price_conflict like, const struct price_book *const *apart,
                          size_t n_apart, int64_t over, day on)
{
    uint32_t layer = b->n_layers;
    while (layer > 0) {
        const struct price *p = says(b, g, --layer, over, on);
        if (!p || dec_is_null(price_field_of(p, like.field)))
            continue;
        if (like.used) {
            compare(f, &like, p, name_of(b, layer));
            continue;
        }
        like.used = p;
        like.used_book = name_of(b, layer);
    }
    for (size_t k = 0; like.used && k < n_apart; k++) {
        uint32_t of = 0;
        const struct price *p = winner_apart(apart[k], like.key, over, on, &of);
        if (p)
            compare(f, &like, p, name_of(apart[k], of));
    }
}

static void compare_group(struct finder *f, const struct price_book *b, str key,
                          const struct price_group *g, const struct price_book *const *apart,
                          size_t n_apart, day on)
{
    for (size_t i = 0; i < g->n; i++) {
        int64_t over = b->items[g->items[i]].over_tokens;
        for (int k = 0; !tier_before(b, g, i) && k < PRICE_FIELDS; k++) {
            struct price_conflict like = {.key = key, .field = (enum price_field)k};
            compare_field(f, b, g, like, apart, n_apart, over, on);
        }
    }
}

void price_conflicts(const struct price_book *b, const struct price_book *const *apart,
                     size_t n_apart, day on, struct arena *a, struct price_conflict **ret,
                     size_t *ret_n)
{
    struct finder f = {.a = a};
    for (size_t i = 0; i < b->groups.n; i++)
        compare_group(&f, b, b->groups.entries[i].key, b->groups.entries[i].ptr, apart, n_apart,
                      on);
    *ret = f.items;
    *ret_n = f.n;
}
