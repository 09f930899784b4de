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

bool lever_effects(struct arena *a, const struct plan *p, struct lever_effects **ret,
                   money *ret_without, struct err *e)
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

bool lever_commitment(const struct world *w, const struct expansion *x, uint32_t lever,
                      money *ret_committed, money *ret_covered)
{
    const struct plan *p = w->p;
    const struct lever *v = &p->levers.items[lever];
    currency to = p->header.currency, of = v->commits.currency;
    if (!w->lever_on[lever] || !v->commits_text.at || v->commits.per == PER_MONTHS)
        return false;
    double rate = 1, covered = 0;
    for (size_t i = 0; of.code[0] && !currency_eq(of, to) && i < p->header.fx.n; i++)
        if (str_eq_nocase(p->header.fx.items[i].name, currency_str(&of)))
            rate = world_number(w, p->header.fx.items[i].q, 1);
    for (size_t i = 0; i < x->n_lines; i++) {
        bool mine = false;
        for (size_t k = 0; k < v->n_lines; k++)
            mine = mine || x->lines[i].line == v->lines[k];
        for (int32_t m = 0; mine && m < x->n_months; m++)
            if (lever_runs(w, v, m))
                covered += money_to_double(x->lines[i].monthly[m]) * lever_covers(w, v, m);
    }
    *ret_committed = money_from_double(v->commits.point * rate, to);
    *ret_covered = money_from_double(covered, to);
    return true;
}
