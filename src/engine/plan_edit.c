/* plan_edit.c - two trees of a plan walked side by side. */
#include "engine/plan_edit.h"

/* On one line, as it would be written inside of {}. */
static str written(struct arena *a, const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR)
        return n->text;
    str out = n->kind == YAML_MAP ? S("{") : S("[");
    for (size_t i = 0; i < n->n; i++) {
        const char *gap = i ? ", " : "";
        out = n->kind == YAML_MAP
                  ? str_fmt(a, "%.*s%s%.*s: %.*s", FMT(out), gap, FMT(n->pairs[i].key->text),
                            FMT(written(a, n->pairs[i].value)))
                  : str_fmt(a, "%.*s%s%.*s", FMT(out), gap, FMT(written(a, n->items[i])));
    }
    return str_fmt(a, "%.*s%s", FMT(out), n->kind == YAML_MAP ? "}" : "]");
}

static bool same_keys(const struct yaml_node *x, const struct yaml_node *y)
{
    bool same = x->kind == YAML_MAP && y->kind == YAML_MAP && x->n == y->n;
    for (size_t i = 0; same && i < x->n; i++)
        same = str_eq(x->pairs[i].key->text, y->pairs[i].key->text);
    return same;
}

static bool edit_value(struct yaml_edits *t, const struct yaml_node *was,
                       const struct yaml_node *now, struct err *e)
{
    if (was == now)
        return true;
    if (same_keys(was, now)) {
        for (size_t i = 0; i < was->n; i++)
            if (!edit_value(t, was->pairs[i].value, now->pairs[i].value, e))
                return false;
        return true;
    }
    if (was->kind == YAML_LIST && now->kind == YAML_LIST && was->n == now->n) {
        for (size_t i = 0; i < was->n; i++)
            if (!edit_value(t, was->items[i], now->items[i], e))
                return false;
        return true;
    }
    if (was->kind == YAML_SCALAR && now->kind == YAML_SCALAR && str_eq(was->text, now->text))
        return true;
    return yaml_edit_value(t, was, written(t->a, now), e);
}

static const struct yaml_pair *pair_of(const struct yaml_node *map, str key)
{
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, key))
            return &map->pairs[i];
    return NULL;
}

/* Behind which key of the map a new one reads best: the nearest of those that stand before it in a
 * line's usual order, else the last that both have. */
static const struct yaml_pair *place_for(const struct yaml_node *map, str key,
                                         const struct yaml_pair *otherwise)
{
    static const char *const order[] = {"in",      "out",    "models",       "model",
                                        "retries", "cached", "cache_writes", "batch"};
    size_t k = 0;
    while (k < ARRAY_LEN(order) && !str_eq(key, str_of(order[k])))
        k++;
    while (k < ARRAY_LEN(order) && k-- > 0)
        if (pair_of(map, str_of(order[k])) && (k < 2 || k > 3))
            return pair_of(map, str_of(order[k]));
    return otherwise;
}

static bool edit_map(struct yaml_edits *t, const struct yaml_node *was, const struct yaml_node *now,
                     struct err *e)
{
    const struct yaml_pair *gone = NULL, *before = NULL;
    for (size_t i = 0; i < was->n; i++)
        if (!pair_of(now, was->pairs[i].key->text))
            gone = &was->pairs[i];
    for (size_t i = 0; i < now->n; i++) {
        const struct yaml_pair *pair = &now->pairs[i], *old = pair_of(was, pair->key->text);
        size_t from, to, ignored;
        str text =
            str_fmt(t->a, "%.*s: %.*s", FMT(pair->key->text), FMT(written(t->a, pair->value)));
        if (old) {
            before = old;
            if (!edit_value(t, old->value, pair->value, e))
                return false;
        } else if (gone) { /* it takes that one's place */
            if (!yaml_extent(gone->key, &from, &ignored, e) ||
                !yaml_extent(gone->value, &ignored, &to, e))
                return false;
            yaml_edit_bytes(t, was->file, from, to, text);
            gone = NULL;
        } else if (!yaml_edit_key(t, was, place_for(was, pair->key->text, before), text, e)) {
            return false;
        }
    }
    return true;
}

bool plan_edit(struct yaml_edits *t, const struct yaml_node *const *was,
               const struct yaml_node *const *becomes, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (!edit_map(t, was[i], becomes[i], e))
            return false;
    return true;
}
