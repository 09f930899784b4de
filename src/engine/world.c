/* world.c - preparing a plan under given circumstances; prices and lines by month. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/world_int.h"

static void mark_running(struct world *w)
{
    const struct plan *p = w->p;
    for (size_t i = 0; i < p->initiatives.n; i++) {
        const struct p_word *s = &p->initiatives.items[i].status;
        w->running[i] = w->c.running ? w->c.running[i] : !(s->at && s->v == INITIATIVE_CANDIDATE);
    }
    for (size_t i = 0; i < p->levers.n; i++) {
        const struct p_word *use = &p->levers.items[i].use;
        w->lever_on[i] = w->c.levers ? w->c.levers[i] : use->at && use->v == 1;
    }
}

/* Which levers reach each line: counted, then filled, in file order. */
static void index_levers(struct arena *a, struct world *w)
{
    const struct plan *p = w->p;
    size_t total = 0;
    for (size_t i = 0; i < p->levers.n; i++)
        for (size_t k = 0; w->lever_on[i] && k < p->levers.items[i].n_lines; k++)
            w->levers[p->levers.items[i].lines[k]].n++;
    for (size_t i = 0; i < p->n_lines; i++)
        total += w->levers[i].n;
    uint32_t *at = arena_new(a, uint32_t, total + 1);
    uint32_t **fill = arena_new(a, uint32_t *, p->n_lines + 1);
    for (size_t i = 0; i < p->n_lines; i++) {
        w->levers[i].items = fill[i] = at;
        at += w->levers[i].n;
    }
    for (size_t i = 0; i < p->levers.n; i++)
        for (size_t k = 0; w->lever_on[i] && k < p->levers.items[i].n_lines; k++)
            *fill[p->levers.items[i].lines[k]]++ = (uint32_t)i;
}

struct world *world_new(struct arena *a, const struct plan *p, const struct circumstances *c)
{
    struct world *w = arena_new(a, struct world, 1);
    *w = (struct world){.p = p,
                        .c = c ? *c : (struct circumstances){0},
                        .n = p->header.n_months,
                        .n_horizon = p->header.n_horizon};
    w->running = arena_new(a, bool, p->initiatives.n + 1);
    w->lever_on = arena_new(a, bool, p->levers.n + 1);
    w->levers = arena_new(a, struct line_levers, p->n_lines + 1);
    w->drivers = arena_new(a, double, p->drivers.n *(size_t)w->n_horizon + 1);
    if (w->c.n_changes) {
        w->change_of = arena_new(a, uint32_t, p->n_quantities + 1);
        for (size_t i = w->c.n_changes; i-- > 0;)
            if (w->c.changes[i].kind != CHANGE_SCALE_LINE)
                w->change_of[w->c.changes[i].index] = (uint32_t)i + 1;
    }
    mark_running(w);
    index_levers(a, w);
    compute_drivers(w);
    return w;
}

void world_price(const struct world *w, uint32_t model, int32_t m, double ret[PRICE_PARTS])
{
    const struct model_price *mp = &w->p->prices.items[model];
    size_t k = 0;
    while (k + 1 < mp->n && mp->entries[k + 1].from.m <= w->p->header.first + m)
        k++;
    world_entry_price(w, &mp->entries[k], m, ret);
}

void world_entry_price(const struct world *w, const struct price_entry *x, int32_t m,
                       double ret[PRICE_PARTS])
{
    static const enum price_part plain[PRICE_PARTS] = {
        [PRICE_IN] = PRICE_IN,          [PRICE_OUT] = PRICE_OUT,     [PRICE_CACHE_READ] = PRICE_IN,
        [PRICE_CACHE_WRITE] = PRICE_IN, [PRICE_BATCH_IN] = PRICE_IN, [PRICE_BATCH_OUT] = PRICE_OUT};
    for (int i = 0; i < PRICE_PARTS; i++)
        ret[i] = world_number_at(w, x->part[i] ? x->part[i] : x->part[plain[i]], m, 0);
}

void world_line_span(const struct world *w, const struct line *l, int32_t *ret_first,
                     int32_t *ret_last)
{
    int32_t delay = w->c.delay ? w->c.delay[l->initiative] : 0;
    *ret_first = l->first - w->p->header.first + delay;
    *ret_last = MIN(l->last - w->p->header.first, w->n - 1);
}

/* --- levers on a line --- */

bool lever_runs(const struct world *w, const struct lever *v, int32_t m)
{
    month at = w->p->header.first + m;
    return at >= v->first && at <= v->last;
}

double lever_covers(const struct world *w, const struct lever *v, int32_t m)
{
    return world_number_at(w, v->covers, m, 1);
}

double lever_leaves(const struct world *w, const struct lever *v, int32_t m)
{
    if (!lever_runs(w, v, m))
        return 1;
    return 1 - lever_covers(w, v, m) * world_number_at(w, v->saves, m, 0);
}

static void apply_savings(const struct world *w, const struct line *l, struct line_months *r)
{
    const struct line_levers *levers = &w->levers[l->index];
    for (uint32_t i = 0; i < levers->n; i++) {
        const struct lever *v = &w->p->levers.items[levers->items[i]];
        if (v->effect != LEVER_SAVES || v->driver != LINE_QUANTITIES)
            continue;
        if (!w->c.n_changes) { /* the same in every month */
            int32_t from = MAX(0, v->first - w->p->header.first);
            double leaves = from < w->n ? lever_leaves(w, v, from) : 1;
            for (int32_t m = from; m < w->n && lever_runs(w, v, m); m++)
                r->amount[m] *= leaves;
            continue;
        }
        for (int32_t m = 0; m < w->n; m++)
            r->amount[m] *= lever_leaves(w, v, m);
    }
}

static void apply_line_changes(const struct world *w, const struct line *l, struct line_months *r)
{
    for (size_t i = 0; i < w->c.n_changes; i++) {
        const struct change *c = &w->c.changes[i];
        if (c->kind != CHANGE_SCALE_LINE || c->index != l->index)
            continue;
        for (int32_t m = 0; m < w->n; m++) {
            if (c->from != MONTH_NONE && w->p->header.first + m < c->from)
                continue;
            double *all[] = {&r->amount[m], &r->requests[m],   &r->batch_requests[m],
                             &r->in[m],     &r->cache_read[m], &r->cache_write[m],
                             &r->out[m]};
            for (size_t k = 0; k < ARRAY_LEN(all); k++)
                *all[k] *= c->by;
        }
    }
}

/* --- kinds other than LLM --- */

/* Multiplies `out` by a value of the line, growth included where it belongs. */
static void times(const struct world *w, const struct line *l, enum line_quantity key,
                  int32_t first, int32_t last, double *out)
{
    double v[PLAN_MONTHS_MAX];
    const struct quantity *q = l->q[key];
    month once = l->once + (w->c.delay ? w->c.delay[l->initiative] : 0);
    if (!q)
        return;
    world_value(w, q, l->month.at ? l->once : once, w->n, v);
    double growth = 1 + (key == l->grows ? world_number(w, l->q[Q_GROWTH], 0) : 0);
    double yearly =
        q->per == PER_YEAR && !(l->upfront && (key == Q_COST || key == Q_PRICE)) ? 12 : 1;
    for (int32_t m = first; m <= last; m++)
        out[m] *= (growth == 1 ? v[m] : v[m] * math_pow(growth, m - first)) / yearly;
}

static void inference_months(const struct world *w, const struct line *l, int32_t first,
                             int32_t last, double *out)
{
    double per[PLAN_MONTHS_MAX], least[PLAN_MONTHS_MAX];
    times(w, l, Q_REQUESTS, first, last, out);
    if (l->q[Q_PER_1K]) {
        times(w, l, Q_PER_1K, first, last, out);
        for (int32_t m = first; m <= last; m++)
            out[m] /= 1000;
        return;
    }
    world_value(w, l->q[Q_PER_HOUR], 0, w->n, per);
    if (l->q[Q_AT_LEAST])
        world_value(w, l->q[Q_AT_LEAST], 0, w->n, least);
    for (int32_t m = first; m <= last; m++) {
        out[m] /= per[m];
        if (l->q[Q_AT_LEAST])
            out[m] = fmax(out[m], least[m] * 730);
    }
}

static void plain_months(const struct world *w, const struct line *l, int32_t first, int32_t last,
                         double *out)
{
    static const enum line_quantity factors[] = {Q_GPU_HOURS, Q_GPUS,  Q_HOURS, Q_RUNS, Q_TB,
                                                 Q_SEATS,     Q_ITEMS, Q_PRICE, Q_COST};
    for (int32_t m = first; m <= last; m++)
        out[m] = 1;
    if (l->kind == LINE_INFERENCE)
        inference_months(w, l, first, last, out);
    else
        for (size_t i = 0; i < ARRAY_LEN(factors); i++)
            times(w, l, factors[i], first, last, out);
    if (l->machine != NO_INDEX) {
        double rate[PLAN_MONTHS_MAX];
        world_value(w, w->p->machines.items[l->machine].q, 0, w->n, rate);
        for (int32_t m = first; m <= last; m++)
            out[m] *= rate[m];
    }
    if (l->q[Q_REVIEW]) {
        double review[PLAN_MONTHS_MAX];
        world_value(w, l->q[Q_REVIEW], 0, w->n, review);
        for (int32_t m = first; m <= last; m++)
            out[m] *= 1 + review[m];
    }
    if (l->upfront)
        for (int32_t m = first; m <= last; m++)
            if ((w->p->header.first + m - l->renews.m) % 12 != 0)
                out[m] = 0;
}

void world_line(const struct world *w, const struct line *l, struct line_months *ret)
{
    int32_t first, last;
    world_line_span(w, l, &first, &last);
    memset(ret->amount, 0, sizeof ret->amount);
    if (l->kind == LINE_LLM) {
        memset(ret, 0, sizeof *ret);
        llm_cost(w, l, first, last, ret);
    } else {
        plain_months(w, l, first, last, ret->amount);
    }
    apply_savings(w, l, ret);
    if (w->c.n_changes)
        apply_line_changes(w, l, ret);
}
