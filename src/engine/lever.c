/* lever.c - what each lever is worth: alone, and in the order of the file. */
#include "engine/expand.h"

static bool planned_with(const struct plan *p, const bool *on, money *ret, struct err *e)
{
    struct arena a = ARENA_INIT;
    const struct expansion *x;
    bool good = expand(&a, p, &(struct circumstances){.levers = on}, &x, e);
    if (good)
        *ret = x->planned;
    arena_release(&a);
    return good;
}

bool lever_effects(struct arena *a, const struct plan *p, struct lever_effects **ret, money *ret_without,
                   struct err *e)
{
    size_t n = p->levers.n;
    struct lever_effects *out = arena_new(a, struct lever_effects, n + 1);
    bool *on = arena_new(a, bool, n + 1);
    money none, before, after;
    if (!planned_with(p, on, &none, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct lever *v = &p->levers.items[i];
        out[i].on = v->use.at && v->use.v == 1;
        on[i] = true;
        if (!planned_with(p, on, &after, e))
            return false;
        on[i] = false;
        out[i].alone = money_sub(none, after);
        const struct world *w = world_new(a, p, NULL);
        out[i].cost = money_from_double(world_number(w, v->cost, 0), p->header.currency);
    }
    before = none;
    for (size_t i = 0; i < n; i++) { /* those that are on, one after another */
        if (!out[i].on)
            continue;
        on[i] = true;
        if (!planned_with(p, on, &after, e))
            return false;
        out[i].in_sequence = money_sub(before, after);
        before = after;
    }
    for (size_t i = 0; i < n; i++) { /* each of the others on top of all that are on */
        if (out[i].on)
            continue;
        on[i] = true;
        if (!planned_with(p, on, &after, e))
            return false;
        out[i].in_sequence = money_sub(before, after);
        on[i] = false;
    }
    *ret = out;
    *ret_without = none;
    return true;
}
