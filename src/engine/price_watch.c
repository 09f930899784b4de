/* price_watch.c - what price changes do to a plan's months. */
#include "engine/price_watch.h"

struct watching {
    struct arena *a;
    const struct plan *p;
    const struct world *w;
    const struct plan_options *now;
    int32_t from;
    struct llm_use *uses;
    size_t n_uses;
    struct price_watched *items;
    size_t n, cap;
    struct err *e;
};

static bool is_used(const struct watching *t, uint32_t model)
{
    for (size_t i = 0; i < t->n_uses; i++)
        if (t->uses[i].model == model)
            return true;
    return false;
}

static struct price_watched *add(struct watching *t, enum price_watch_kind kind, uint32_t model,
                                 int32_t first, int32_t last)
{
    t->items = arena_grow(t->a, t->items, sizeof *t->items, &t->cap, t->n + 1);
    struct price_watched *x = &t->items[t->n++];
    *x = (struct price_watched){.kind = kind, .model = model, .first = first, .last = last};
    x->by_line = arena_new(t->a, double, t->p->n_lines + 1);
    x->left_by_line = arena_new(t->a, double, t->p->n_lines + 1);
    return x;
}

/* What the months of x cost more at prices `now` than at `before`. */
static void count(struct watching *t, struct price_watched *x)
{
    for (size_t i = 0; i < t->n_uses; i++) {
        const struct llm_use *u = &t->uses[i];
        if (u->model != x->model || u->month < x->first || u->month > x->last)
            continue;
        double more = llm_use_at(u, x->now) - llm_use_at(u, x->before);
        x->change += more;
        x->by_line[u->line] += more;
        if (u->month < t->from)
            continue;
        x->change_left += more;
        x->left_by_line[u->line] += more;
    }
}

static void watch_dated(struct watching *t, uint32_t model)
{
    const struct model_price *p = &t->p->prices.items[model];
    const struct plan_header *h = &t->p->header;
    for (size_t k = 1; k < p->n; k++) {
        int32_t first = p->entries[k].from.m - h->first;
        int32_t last = (k + 1 < p->n ? p->entries[k + 1].from.m - 1 : h->last) - h->first;
        if (first <= 0 || first >= h->n_months)
            continue;
        struct price_watched *x = add(t, WATCH_DATED, model, first, MIN(last, h->n_months - 1));
        world_entry_price(t->w, &p->entries[k - 1], first, x->before);
        world_entry_price(t->w, &p->entries[k], first, x->now);
        if (memcmp(x->before, x->now, sizeof x->now) == 0)
            t->n--;
        else
            count(t, x);
    }
}

static bool rate_of(struct watching *t, str model, currency of, double *ret)
{
    const struct plan_header *h = &t->p->header;
    *ret = 1;
    if (currency_eq(of, h->currency))
        return true;
    for (size_t i = 0; i < h->fx.n; i++) {
        if (!str_eq(h->fx.items[i].name, currency_str(&of)) || !h->fx.items[i].q)
            continue;
        *ret = world_number(t->w, h->fx.items[i].q, 1);
        return true;
    }
    err_set(t->e, ERR_INVALID, "the price of '%.*s' is in %s, and the plan has no rate for it",
            FMT(model), of.code);
    return err_hint(t->e, "Add `fx: {%s: ...}` under `plan`.", of.code);
}

/* *ret_known false: no price in that month. Cache and batch prices that the book lacks are what the
 * plan computes with: unknown is no disagreement where the plan states its own (`before`), and the
 * plain price where it takes the book's. */
static bool price_now(struct watching *t, uint32_t model, int32_t m, const double *before,
                      double *ret, bool *ret_known)
{
    static const enum price_part plain[PRICE_PARTS] = {
        [PRICE_IN] = PRICE_IN,          [PRICE_OUT] = PRICE_OUT,     [PRICE_CACHE_READ] = PRICE_IN,
        [PRICE_CACHE_WRITE] = PRICE_IN, [PRICE_BATCH_IN] = PRICE_IN, [PRICE_BATCH_OUT] = PRICE_OUT};
    const struct model_price *own = &t->p->prices.items[model];
    struct plan_price found;
    double rate;
    *ret_known =
        t->now->price &&
        t->now->price(t->now->price_ctx, t->a, own->model, t->p->header.first + m, &found) &&
        !dec_is_null(found.part[PRICE_IN]) && !dec_is_null(found.part[PRICE_OUT]);
    if (!*ret_known)
        return true;
    if (!rate_of(t, own->model, found.currency, &rate))
        return false;
    for (int i = 0; i < PRICE_PARTS; i++) {
        bool there = !dec_is_null(found.part[i]);
        ret[i] = !there && own->at ? before[i]
                                   : dec_to_double(found.part[there ? i : (int)plain[i]]) * rate;
    }
    return true;
}

/* Runs of months in which the book's price is the same other one than the plan's. */
static bool watch_book(struct watching *t, uint32_t model, bool *ret_unknown)
{
    const bool own = t->p->prices.items[model].at != NULL;
    struct price_watched *run = NULL;
    double before[PRICE_PARTS], now[PRICE_PARTS];
    bool known, any = false;
    for (int32_t m = 0; m < t->p->header.n_months; m++) {
        world_price(t->w, model, m, before);
        if (!price_now(t, model, m, before, now, &known))
            return false;
        any = any || known;
        if (!known || memcmp(before, now, sizeof now) == 0) {
            run = NULL;
            continue;
        }
        if (run && memcmp(run->before, before, sizeof before) == 0 &&
            memcmp(run->now, now, sizeof now) == 0) {
            run->last = m;
            continue;
        }
        run = add(t, own ? WATCH_DISAGREES : WATCH_NEW, model, m, m);
        memcpy(run->before, before, sizeof before);
        memcpy(run->now, now, sizeof now);
    }
    *ret_unknown = !any;
    return true;
}

/* Other prices of caches or batches that the plan does not use are no change to it. */
static bool concerns_plan(const struct watching *t, const struct price_watched *x)
{
    bool any = x->before[PRICE_IN] != x->now[PRICE_IN] || x->before[PRICE_OUT] != x->now[PRICE_OUT];
    for (size_t i = 0; i < t->p->n_lines; i++)
        any = any || x->by_line[i] != 0;
    return any;
}

bool price_watch(struct arena *a, const struct plan *p, const struct plan_options *now,
                 int32_t from, struct price_watched **ret, size_t *ret_n, bool **ret_unknown,
                 struct err *e)
{
    struct watching t = {
        .a = a, .p = p, .w = world_new(a, p, NULL), .now = now, .from = from, .e = e};
    bool *unknown = arena_new(a, bool, p->prices.n + 1);
    llm_uses(a, t.w, &t.uses, &t.n_uses);
    for (uint32_t i = 0; i < p->prices.n; i++)
        if (is_used(&t, i))
            watch_dated(&t, i);
    size_t dated = t.n;
    for (uint32_t i = 0; i < p->prices.n; i++)
        if (is_used(&t, i) && !watch_book(&t, i, &unknown[i]))
            return false;
    size_t n = dated;
    for (size_t i = dated; i < t.n; i++) {
        count(&t, &t.items[i]);
        if (concerns_plan(&t, &t.items[i]))
            t.items[n++] = t.items[i];
    }
    t.n = n;
    *ret = t.items;
    *ret_n = t.n;
    *ret_unknown = unknown;
    return true;
}
