/* sim_compile.c - a plan's lines as a program: what world.c and its neighbors compute, in nodes.
 *
 * Each function here says of nodes what its namesake there says of numbers; a test holds the two
 * together on random plans and scores. Risks are changes whose size is drawn. */
#include <math.h>

#include "core/dist.h"
#include "core/mathfn.h"
#include "engine/sim_int.h"

/* A change of a value, line or position by a drawn factor, or to a fixed value. */
struct effect {
    enum { EFFECT_VALUE, EFFECT_LINE, EFFECT_POSITION } kind;
    uint32_t index;
    bool sets; /* else multiplies */
    node by;
    int32_t from, to; /* months of the plan */
};

struct compiler {
    struct arena *a;
    struct program *g;
    const struct plan *p;
    struct world *w; /* circumstances without draws: levers, spans, what runs */
    int32_t n, n_horizon;
    node *z, *drivers;
    struct effect *effects;
    size_t n_effects, cap_effects;
    bool *has_effect; /* per quantity */
    node delay;       /* months by which hires are late */
    node late[PLAN_MONTHS_MAX + 1]; /* late[k]: 1 when hires are late by at most k months */
    bool delays;
};

static node number(struct compiler *c, double v)
{
    return node_const(c->g, v);
}

static node times(struct compiler *c, node a, node b)
{
    return node_mul(c->g, a, b);
}

/* 1 + n, 1 - n */
static node one_plus(struct compiler *c, node n)
{
    return node_add(c->g, number(c, 1), n);
}

static node one_minus(struct compiler *c, node n)
{
    return node_sub(c->g, number(c, 1), n);
}

/* --- values --- */

static double logit(double x)
{
    return math_log(x / (1 - x));
}

static node ranged(struct compiler *c, const struct quantity *q, const struct number *v)
{
    double ze = c->p->header.z_end, lo = v->lo, p = v->point, hi = v->hi;
    node z = c->z[q->index];
    if (!v->ranged)
        return number(c, p);
    switch (dist_kind(lo, hi, q->share)) {
    case DIST_POINT:
        return number(c, p);
    case DIST_LOGNORMAL:
        return node_exp(c->g, node_slopes(c->g, z, math_log(p), math_log(p / lo) / ze,
                                          math_log(hi / p) / ze));
    case DIST_LOGIT:
        return node_logistic(c->g, node_slopes(c->g, z, logit(p), (logit(p) - logit(lo)) / ze,
                                               (logit(hi) - logit(p)) / ze));
    case DIST_NORMAL:
        return node_slopes(c->g, z, p, (p - lo) / ze, (hi - p) / ze);
    }
    UNREACHABLE();
}

static node formula(struct compiler *c, const struct formula *f, int32_t m)
{
    node stack[FORMULA_STACK * 2];
    size_t n = 0;
    m = MAX(0, MIN(m, c->n_horizon - 1));
    for (size_t i = 0; i < f->n; i++) {
        const struct formula_step *s = &f->steps[i];
        if (s->op == OP_NUMBER || s->op == OP_DRIVER) {
            BUG_IF(n >= ARRAY_LEN(stack));
            stack[n++] = s->op == OP_NUMBER
                             ? number(c, s->number)
                             : c->drivers[(size_t)s->driver * (size_t)c->n_horizon + (size_t)m];
        } else if (s->op == OP_NEG) {
            stack[n - 1] = node_sub(c->g, number(c, 0), stack[n - 1]);
        } else {
            node b = stack[--n], *a = &stack[n - 1];
            *a = s->op == OP_ADD   ? node_add(c->g, *a, b)
                 : s->op == OP_SUB ? node_sub(c->g, *a, b)
                 : s->op == OP_MUL ? node_mul(c->g, *a, b)
                                   : node_div(c->g, *a, b);
        }
    }
    return stack[0];
}

static node point_node(struct compiler *c, const struct quantity *q, const struct point *p,
                       int32_t m)
{
    return p->formula ? formula(c, p->formula, m) : ranged(c, q, &p->v);
}

static void curve(struct compiler *c, const struct quantity *q, int32_t n, node *out)
{
    month first = c->p->header.first;
    size_t k = 0; /* the point after month m */
    for (int32_t m = 0; m < n; m++) {
        while (k < q->n && q->points[k].at <= first + m)
            k++;
        node before = 0, after = 0;
        if (k > 0)
            before = point_node(c, q, &q->points[k - 1], q->points[k - 1].at - first);
        if (k < q->n)
            after = point_node(c, q, &q->points[k], q->points[k].at - first);
        if (k == 0)
            out[m] = after;
        else if (k == q->n || q->points[k - 1].at == first + m)
            out[m] = before;
        else
            out[m] = node_between(c->g, before, after,
                                  (double)(first + m - q->points[k - 1].at) /
                                      (double)(q->points[k].at - q->points[k - 1].at));
    }
}

static void schedule(struct compiler *c, const struct quantity *q, int32_t n, node *out)
{
    for (int32_t m = 0; m < n; m++)
        out[m] = number(c, 0);
    for (size_t k = 0; k < q->n; k++) {
        int32_t m = q->points[k].at - c->p->header.first;
        if (m >= 0 && m < n)
            out[m] = point_node(c, q, &q->points[k], m);
    }
}

static void apply_effects(struct compiler *c, int kind, uint32_t index, int32_t n, node *out)
{
    for (size_t i = 0; i < c->n_effects; i++) {
        const struct effect *x = &c->effects[i];
        if ((int)x->kind != kind || x->index != index)
            continue;
        for (int32_t m = MAX(0, x->from); m < n && m <= x->to; m++)
            out[m] = x->sets ? x->by : times(c, out[m], x->by);
    }
}

static void value(struct compiler *c, const struct quantity *q, month once, int32_t n, node *out)
{
    if (q->form == FORM_CURVE)
        curve(c, q, n, out);
    else if (q->form == FORM_SCHEDULE)
        schedule(c, q, n, out);
    else if (q->form == FORM_FORMULA)
        for (int32_t m = 0; m < n; m++)
            out[m] = formula(c, q->points[0].formula, m);
    else
        for (int32_t m = 0; m < n; m++)
            out[m] = ranged(c, q, &q->points[0].v);
    apply_effects(c, EFFECT_VALUE, q->index, n, out);
    if (q->per == PER_ONCE && q->form == FORM_CONST)
        for (int32_t m = 0; m < n; m++)
            if (c->p->header.first + m != once)
                out[m] = number(c, 0);
    if (q->fx != NO_INDEX) {
        node rates[240];
        BUG_IF(n > (int32_t)ARRAY_LEN(rates));
        value(c, c->p->quantities[q->fx], 0, n, rates);
        for (int32_t m = 0; m < n; m++)
            out[m] = times(c, out[m], rates[m]);
    }
}

static node value_at(struct compiler *c, const struct quantity *q, int32_t m, double otherwise)
{
    node out[240];
    if (!q)
        return number(c, otherwise);
    if (q->form == FORM_CONST && !c->has_effect[q->index] && q->fx == NO_INDEX)
        return ranged(c, q, &q->points[0].v);
    BUG_IF(m < 0 || m >= (int32_t)ARRAY_LEN(out));
    value(c, q, c->p->header.first + m, m + 1, out);
    return out[m];
}

static void price(struct compiler *c, uint32_t model, int32_t m, node ret[PRICE_PARTS])
{
    static const enum price_part plain[PRICE_PARTS] = {
        [PRICE_IN] = PRICE_IN,          [PRICE_OUT] = PRICE_OUT,     [PRICE_CACHE_READ] = PRICE_IN,
        [PRICE_CACHE_WRITE] = PRICE_IN, [PRICE_BATCH_IN] = PRICE_IN, [PRICE_BATCH_OUT] = PRICE_OUT};
    const struct model_price *mp = &c->p->prices.items[model];
    size_t k = 0;
    while (k + 1 < mp->n && mp->entries[k + 1].from.m <= c->p->header.first + m)
        k++;
    for (int i = 0; i < PRICE_PARTS; i++) {
        const struct quantity *q = mp->entries[k].part[i];
        ret[i] = value_at(c, q ? q : mp->entries[k].part[plain[i]], m, 0);
    }
}

/* base x (1 + growth)^k for k = 0, 1, ... */
static void grow(struct compiler *c, const struct quantity *growth, int32_t first, int32_t last,
                 node *out)
{
    double g;
    if (!growth)
        return;
    node by = one_plus(c, value_at(c, growth, 0, 0)), power = number(c, 1);
    for (int32_t m = first; m <= last; m++) {
        out[m] = times(c, out[m],
                       node_is_const(c->g, by, &g) ? number(c, math_pow(g, m - first)) : power);
        power = times(c, power, by);
    }
}

/* --- levers --- */

static node covers_of(struct compiler *c, const struct lever *v, int32_t m)
{
    return value_at(c, v->covers, m, 1);
}

static node leaves(struct compiler *c, const struct lever *v, int32_t m)
{
    if (!lever_runs(c->w, v, m))
        return number(c, 1);
    return one_minus(c, times(c, covers_of(c, v, m), value_at(c, v->saves, m, 0)));
}

/* (1 - covers) x own + covers x other */
static node partly(struct compiler *c, node covers, node own, node other)
{
    return node_add(c->g, times(c, one_minus(c, covers), own), times(c, covers, other));
}

/* --- lines --- */

static void factor(struct compiler *c, const struct line *l, enum line_quantity key, int32_t first,
                   int32_t last, node *out)
{
    node v[PLAN_MONTHS_MAX];
    const struct quantity *q = l->q[key];
    if (!q)
        return;
    month once = l->once + (c->w->c.delay ? c->w->c.delay[l->initiative] : 0);
    value(c, q, l->month.at ? l->once : once, c->n, v);
    if (key == l->grows)
        grow(c, l->q[Q_GROWTH], first, last, v);
    bool yearly = q->per == PER_YEAR && !(l->upfront && (key == Q_COST || key == Q_PRICE));
    for (int32_t m = first; m <= last; m++)
        out[m] = node_div(c->g, times(c, out[m], v[m]), number(c, yearly ? 12 : 1));
}

static void inference(struct compiler *c, const struct line *l, int32_t first, int32_t last,
                      node *out)
{
    node per[PLAN_MONTHS_MAX], least[PLAN_MONTHS_MAX];
    factor(c, l, Q_REQUESTS, first, last, out);
    if (l->q[Q_PER_1K]) {
        factor(c, l, Q_PER_1K, first, last, out);
        for (int32_t m = first; m <= last; m++)
            out[m] = node_div(c->g, out[m], number(c, 1000));
        return;
    }
    value(c, l->q[Q_PER_HOUR], 0, c->n, per);
    if (l->q[Q_AT_LEAST])
        value(c, l->q[Q_AT_LEAST], 0, c->n, least);
    for (int32_t m = first; m <= last; m++) {
        out[m] = node_div(c->g, out[m], per[m]);
        if (l->q[Q_AT_LEAST])
            out[m] = node_max(c->g, out[m], times(c, least[m], number(c, 730)));
    }
}

static void plain(struct compiler *c, const struct line *l, int32_t first, int32_t last, node *out)
{
    static const enum line_quantity factors[] = {Q_GPU_HOURS, Q_GPUS,  Q_HOURS, Q_RUNS, Q_TB,
                                                 Q_SEATS,     Q_ITEMS, Q_PRICE, Q_COST};
    node v[PLAN_MONTHS_MAX];
    for (int32_t m = first; m <= last; m++)
        out[m] = number(c, 1);
    if (l->kind == LINE_INFERENCE)
        inference(c, l, first, last, out);
    else
        for (size_t i = 0; i < ARRAY_LEN(factors); i++)
            factor(c, l, factors[i], first, last, out);
    if (l->machine != NO_INDEX) {
        value(c, c->p->machines.items[l->machine].q, 0, c->n, v);
        for (int32_t m = first; m <= last; m++)
            out[m] = times(c, out[m], v[m]);
    }
    if (l->q[Q_REVIEW]) {
        value(c, l->q[Q_REVIEW], 0, c->n, v);
        for (int32_t m = first; m <= last; m++)
            out[m] = times(c, out[m], one_plus(c, v[m]));
    }
    for (int32_t m = first; l->upfront && m <= last; m++)
        if ((c->p->header.first + m - l->renews.m) % 12 != 0)
            out[m] = number(c, 0);
}

struct llm_drivers {
    node of[LINE_QUANTITIES][PLAN_MONTHS_MAX];
};

static const enum line_quantity LLM_KEYS[] = {Q_USERS, Q_SESSIONS, Q_REQUESTS,     Q_RETRIES, Q_IN,
                                              Q_OUT,   Q_CACHED,   Q_CACHE_WRITES, Q_BATCH};

static void read_drivers(struct compiler *c, const struct line *l, int32_t first, int32_t last,
                         struct llm_drivers *d)
{
    for (size_t i = 0; i < ARRAY_LEN(LLM_KEYS); i++) {
        enum line_quantity key = LLM_KEYS[i];
        if (l->q[key])
            value(c, l->q[key], 0, c->n, d->of[key]);
        else
            for (int32_t m = 0; m < c->n; m++)
                d->of[key][m] = number(c, 0);
    }
    grow(c, l->q[Q_GROWTH], first, last, d->of[Q_USERS]);
    const struct line_levers *levers = &c->w->levers[l->index];
    for (uint32_t i = 0; i < levers->n; i++) {
        const struct lever *v = &c->p->levers.items[levers->items[i]];
        for (int32_t m = first; v->driver != LINE_QUANTITIES && m <= last; m++)
            d->of[v->driver][m] = times(c, d->of[v->driver][m], leaves(c, v, m));
    }
}

static node per_request(struct compiler *c, uint32_t model, const struct llm_drivers *d, int32_t m)
{
    node p[PRICE_PARTS], cached = d->of[Q_CACHED][m], written = d->of[Q_CACHE_WRITES][m];
    node batch = d->of[Q_BATCH][m];
    price(c, model, m, p);
    node in = partly(c, batch, p[PRICE_IN], p[PRICE_BATCH_IN]);
    node out = partly(c, batch, p[PRICE_OUT], p[PRICE_BATCH_OUT]);
    node fresh = node_sub(c->g, one_minus(c, cached), written);
    node input = node_add(
        c->g, node_add(c->g, times(c, fresh, in), times(c, cached, p[PRICE_CACHE_READ])),
        times(c, written, p[PRICE_CACHE_WRITE]));
    return node_div(
        c->g, node_add(c->g, times(c, d->of[Q_IN][m], input), times(c, d->of[Q_OUT][m], out)),
        number(c, 1e6));
}

static void llm(struct compiler *c, const struct line *l, int32_t first, int32_t last, node *out)
{
    struct llm_drivers d;
    const struct line_levers *levers = &c->w->levers[l->index];
    read_drivers(c, l, first, last, &d);
    for (int32_t m = first; m <= last; m++) {
        node volume = times(c, times(c, d.of[Q_SESSIONS][m], d.of[Q_REQUESTS][m]),
                            one_plus(c, d.of[Q_RETRIES][m]));
        node each = number(c, 0);
        for (size_t i = 0; i < l->models.n; i++)
            each = node_add(c->g, each,
                            times(c, value_at(c, l->models.items[i].q, 0, 1),
                                  per_request(c, l->models.items[i].index, &d, m)));
        for (uint32_t i = 0; i < levers->n; i++) { /* repricing, in file order */
            const struct lever *v = &c->p->levers.items[levers->items[i]];
            if (v->effect == LEVER_MODEL && lever_runs(c->w, v, m))
                each = partly(c, covers_of(c, v, m), each, per_request(c, v->price, &d, m));
        }
        out[m] = times(c, times(c, volume, each), d.of[Q_USERS][m]);
    }
}

static void line_months(struct compiler *c, const struct line *l, node *out)
{
    int32_t first, last;
    world_line_span(c->w, l, &first, &last);
    for (int32_t m = 0; m < c->n; m++)
        out[m] = number(c, 0);
    if (l->kind == LINE_LLM)
        llm(c, l, first, last, out);
    else
        plain(c, l, first, last, out);
    const struct line_levers *levers = &c->w->levers[l->index];
    for (uint32_t i = 0; i < levers->n; i++) {
        const struct lever *v = &c->p->levers.items[levers->items[i]];
        for (int32_t m = 0; v->effect == LEVER_SAVES && v->driver == LINE_QUANTITIES && m < c->n;
             m++)
            out[m] = times(c, out[m], leaves(c, v, m));
    }
    apply_effects(c, EFFECT_LINE, l->index, c->n, out);
}

/* --- people --- */

/* 1 when hires planned for month `first` are here in month m. */
static node arrived(struct compiler *c, int32_t first, int32_t m)
{
    return m < first ? number(c, 0) : c->delays ? c->late[m - first] : number(c, 1);
}

/* 1 when they arrive in month m. */
static node arrives(struct compiler *c, int32_t first, int32_t m)
{
    if (!c->delays || m <= first)
        return m == first ? arrived(c, first, m) : number(c, 0);
    return node_sub(c->g, c->late[m - first], c->late[m - first - 1]);
}

static void people_savings(struct compiler *c, const struct expanded *x, node *out)
{
    for (size_t i = 0; i < c->p->levers.n; i++) {
        const struct lever *v = &c->p->levers.items[i];
        bool mine = (x->position != NO_INDEX && v->position == x->position) ||
                    (x->contractor != NO_INDEX && v->contractor == x->contractor) ||
                    (x->upskilling != NO_INDEX && v->upskill == x->upskilling);
        for (int32_t m = 0; mine && c->w->lever_on[i] && v->effect == LEVER_SAVES && m < c->n; m++)
            out[m] = times(c, out[m], leaves(c, v, m));
    }
}

static const struct lever *lever_on(const struct compiler *c, uint32_t position,
                                    enum lever_effect effect)
{
    for (size_t i = 0; i < c->p->levers.n; i++) {
        const struct lever *v = &c->p->levers.items[i];
        if (c->w->lever_on[i] && v->effect == effect && v->position == position)
            return v;
    }
    return NULL;
}

static int32_t delay_of(const struct compiler *c, const struct weights *works_on)
{
    int32_t least = works_on->n ? INT32_MAX : 0;
    for (size_t i = 0; i < works_on->n; i++)
        least = MIN(least, c->w->c.delay ? c->w->c.delay[works_on->items[i].index] : 0);
    return least;
}

static node hire_cost(struct compiler *c, uint32_t position, const struct position *s, node count,
                      node salary, int32_t m)
{
    const struct loading *l = &c->p->loading;
    const struct lever *skips = lever_on(c, position, LEVER_SKIPS);
    const struct lever *replace = lever_on(c, position, LEVER_REPLACE);
    node recruiting = value_at(c, s->recruiting ? s->recruiting : l->recruiting, m, 0);
    if (skips && lever_runs(c->w, skips, m))
        recruiting = times(c, recruiting, one_minus(c, covers_of(c, skips, m)));
    node cost = times(
        c, count, node_add(c->g, times(c, salary, recruiting), value_at(c, l->equipment, m, 0)));
    if (replace && lever_runs(c->w, replace, m))
        cost = times(c, cost, one_minus(c, covers_of(c, replace, m)));
    return cost;
}

static void replace_months(struct compiler *c, const struct lever *v, node count, int32_t first,
                           int32_t last, node *out)
{
    node days[PLAN_MONTHS_MAX];
    value(c, v->replace.days, 0, c->n, days);
    for (int32_t m = first; m <= last; m++) {
        if (!lever_runs(c->w, v, m))
            continue;
        node instead =
            times(c, times(c, count, days[m]), value_at(c, v->replace.day_rate, m, 0));
        out[m] = partly(c, covers_of(c, v, m), out[m], instead);
    }
}

static void position_months(struct compiler *c, const struct expanded *x, node *out)
{
    const struct plan *p = c->p;
    const struct position *s = &p->staff.items[x->position];
    const struct quantity *pay = s->salary ? s->salary : p->roles.items[s->role].salary;
    int32_t first = s->first - p->header.first, last = MIN(s->last - p->header.first, c->n - 1);
    node count = value_at(c, s->count, 0, 1), salary[PLAN_MONTHS_MAX];
    node loaded = one_plus(c, value_at(c, p->loading.benefits, 0, 0));
    node raise = one_plus(c, value_at(c, p->loading.raise, 0, 0));
    if (!s->here)
        first += delay_of(c, &s->works_on) + c->w->c.delay_hires;
    value(c, pay, 0, c->n, salary);
    for (int32_t m = MAX(0, first); m <= last; m++) {
        if (x->hire) {
            out[m] = times(c, arrives(c, first, m),
                           hire_cost(c, x->position, s, count, salary[m], m));
            continue;
        }
        node yearly = times(c, times(c, count, loaded), salary[m]);
        out[m] = node_div(c->g, yearly, number(c, 12));
        if (s->here && p->loading.raise && p->header.first + m >= p->loading.raise_in.m)
            out[m] = times(c, out[m], raise);
    }
    const struct lever *replace = lever_on(c, x->position, LEVER_REPLACE);
    if (!x->hire) {
        if (replace)
            replace_months(c, replace, count, MAX(0, first), last, out);
        people_savings(c, x, out);
        for (int32_t m = MAX(0, first); !s->here && m <= last; m++)
            out[m] = times(c, out[m], arrived(c, first, m));
    }
    apply_effects(c, EFFECT_POSITION, x->position, c->n, out);
}

static void extra_hire_months(struct compiler *c, const struct expanded *x,
                              const struct extra_hire *h, node *out)
{
    const struct loading *l = &c->p->loading;
    int32_t first = h->from - c->p->header.first + c->w->c.delay_hires;
    node salary[PLAN_MONTHS_MAX], count = number(c, h->count);
    node loaded = one_plus(c, value_at(c, l->benefits, 0, 0));
    value(c, c->p->roles.items[h->role].salary, 0, c->n, salary);
    for (int32_t m = MAX(0, first); m < c->n; m++) {
        if (x->hire)
            out[m] = times(c, arrives(c, first, m),
                           times(c, count,
                                 node_add(c->g, times(c, salary[m], value_at(c, l->recruiting, m, 0)),
                                          value_at(c, l->equipment, m, 0))));
        else
            out[m] = times(c, arrived(c, first, m),
                           node_div(c->g, times(c, times(c, count, loaded), salary[m]),
                                    number(c, 12)));
    }
}

static void contractor_months(struct compiler *c, const struct expanded *x, node *out)
{
    const struct contractor *k = &c->p->contractors.items[x->contractor];
    node days[PLAN_MONTHS_MAX], rate[PLAN_MONTHS_MAX];
    value(c, k->days, 0, c->n, days);
    value(c, k->day_rate, 0, c->n, rate);
    for (int32_t m = 0; m < c->n; m++) {
        month at = c->p->header.first + m;
        if (at >= k->first && at <= k->last)
            out[m] = node_div(c->g, times(c, days[m], rate[m]),
                              number(c, k->days->per == PER_YEAR ? 12 : 1));
    }
    people_savings(c, x, out);
}

static void upskilling_months(struct compiler *c, const struct expanded *x, node *out)
{
    const struct upskilling *u = &c->p->upskilling.items[x->upskilling];
    int32_t at = u->month.m - c->p->header.first;
    out[at] = times(c, value_at(c, u->people, at, 0), value_at(c, u->cost, at, 0));
    people_savings(c, x, out);
}

/* --- risks and changes --- */

static void add_effect(struct compiler *c, struct effect x)
{
    c->effects =
        arena_grow(c->a, c->effects, sizeof *c->effects, &c->cap_effects, c->n_effects + 1);
    c->effects[c->n_effects++] = x;
    if (x.kind == EFFECT_VALUE)
        c->has_effect[x.index] = true;
}

static void add_changes(struct compiler *c)
{
    for (size_t i = 0; i < c->w->c.n_changes; i++) {
        const struct change *x = &c->w->c.changes[i];
        add_effect(c, (struct effect){
                          .kind = x->kind == CHANGE_SCALE_LINE ? EFFECT_LINE : EFFECT_VALUE,
                          .index = x->index,
                          .sets = x->kind == CHANGE_SET_VALUE,
                          .by = number(c, x->by),
                          .from = x->from == MONTH_NONE ? 0 : x->from - c->p->header.first,
                          .to = INT32_MAX});
    }
}

/* Everything that a risk's path names. */
static void scale_path(struct compiler *c, str path, struct effect x)
{
    const struct plan *p = c->p;
    uint32_t line = plan_line_index(p, path);
    if (line != NO_INDEX) {
        x.kind = EFFECT_LINE;
        x.index = line;
        add_effect(c, x);
        return;
    }
    str model = str_starts(path, S("prices.")) ? str_fmt(c->a, "%.*s.", FMT(path)) : STR_NONE;
    str driver = str_starts(path, S("llm.")) ? str_sub(path, 3, path.n) : STR_NONE;
    x.kind = EFFECT_VALUE;
    for (size_t i = 0; i < p->n_quantities; i++) {
        const struct quantity *q = p->quantities[i];
        x.index = (uint32_t)i;
        if (str_eq(q->path, path) || (model.n && str_starts(q->path, model)))
            add_effect(c, x);
    }
    for (size_t i = 0; driver.n && i < p->n_lines; i++)
        for (int k = 0; k < LINE_QUANTITIES && p->lines[i]->kind == LINE_LLM; k++) {
            const struct quantity *q = p->lines[i]->q[k];
            if (!q || !str_eq(str_sub(q->path, p->lines[i]->path.n, q->path.n), driver))
                continue;
            x.index = q->index;
            add_effect(c, x);
        }
    x.kind = EFFECT_POSITION;
    for (uint32_t i = 0; str_starts(path, S("staff.")) && i < p->staff.n; i++) {
        x.index = i;
        if (str_eq(p->staff.items[i].id.s, str_sub(path, 6, path.n)))
            add_effect(c, x);
    }
}

static void add_risks(struct compiler *c, struct variables *v)
{
    c->delay = number(c, 0);
    for (size_t i = 0; i < c->p->risks.n; i++) {
        const struct risk *k = &c->p->risks.items[i];
        if (k->action.kind != ACTION_DELAY_HIRES && k->action.kind != ACTION_SCALE)
            continue;
        str path = str_fmt(c->a, "risks.%.*s", FMT(k->id.s));
        node u = node_uniform(c->g, stream_of(path));
        node happens = node_less(c->g, u, value_at(c, k->chance, 0, 0));
        node size = ranged(c, c->p->quantities[k->action.quantity], &k->action.number);
        v->items = arena_grow(c->a, v->items, sizeof *v->items, &v->cap, v->n + 1);
        v->items[v->n++] = (struct variable){.path = path, .z = u, .shown = happens, .risk = true};
        if (k->action.kind == ACTION_DELAY_HIRES) {
            node months = node_max(c->g, number(c, 0), node_round(c->g, size));
            c->delay = node_add(c->g, c->delay, times(c, happens, months));
            c->delays = true;
            continue;
        }
        node more = node_sub(c->g, size, number(c, 1));
        scale_path(c, k->action.path,
                   (struct effect){.by = one_plus(c, times(c, happens, more)),
                                   .from = k->from.at ? k->from.m - c->p->header.first : 0,
                                   .to = k->to.at ? k->to.m - c->p->header.first : INT32_MAX});
    }
    for (int32_t m = 0; c->delays && m <= c->n; m++)
        c->late[m] = node_less(c->g, c->delay, number(c, m + 0.5));
}

/* --- obligations --- */

/* Money that a lever commits to, where the spend it covers falls short of it. */
static void shortfall(struct compiler *c, struct compiled_plan *r, uint32_t lever)
{
    const struct plan *p = c->p;
    const struct lever *v = &p->levers.items[lever];
    currency of = v->commits.currency;
    if (!c->w->lever_on[lever] || !v->commits_text.at || v->commits.per == PER_MONTHS)
        return;
    node rate = number(c, 1), covered = number(c, 0);
    for (size_t i = 0; of.code[0] && !currency_eq(of, p->header.currency) && i < p->header.fx.n;
         i++)
        if (str_eq_nocase(p->header.fx.items[i].name, currency_str(&of)))
            rate = value_at(c, p->header.fx.items[i].q, 0, 1);
    const struct expanded *first = NULL;
    for (size_t i = 0; i < r->point->n_lines; i++) {
        bool mine = false;
        for (size_t k = 0; k < v->n_lines; k++)
            mine = mine || r->point->lines[i].line == v->lines[k];
        for (int32_t m = 0; mine && m < c->n; m++)
            if (lever_runs(c->w, v, m))
                covered = node_add(c->g, covered,
                                   times(c, r->lines[i].months[m], covers_of(c, v, m)));
        first = mine && !first ? &r->point->lines[i] : first;
    }
    if (!first)
        return;
    node committed = times(c, number(c, v->commits.point), rate);
    int32_t last = MIN(v->last - p->header.first, c->n - 1);
    r->shortfalls[r->n_shortfalls++] = (struct compiled_shortfall){
        .path = str_fmt(c->a, "levers.%.*s:shortfall", FMT(v->id.s)),
        .lever = lever,
        .initiative = v->whole_kind ? NO_INDEX : first->initiative,
        .category = first->category,
        .month = MAX(0, last),
        .amount = node_max(c->g, number(c, 0), node_sub(c->g, committed, covered))};
}

/* --- the plan --- */

static void compile_line(struct compiler *c, const struct expanded *x, size_t *n_extra,
                         struct compiled_line *to)
{
    const struct world *w = c->w;
    double v;
    for (int32_t m = 0; m < c->n; m++)
        to->months[m] = number(c, 0);
    if (x->line != NO_INDEX)
        line_months(c, c->p->lines[x->line], to->months);
    else if (x->position != NO_INDEX)
        position_months(c, x, to->months);
    else if (x->contractor != NO_INDEX)
        contractor_months(c, x, to->months);
    else if (x->upskilling != NO_INDEX)
        upskilling_months(c, x, to->months);
    else if (x->lever != NO_INDEX) {
        const struct lever *lever = &c->p->levers.items[x->lever];
        int32_t at = lever->first - c->p->header.first;
        to->months[at] = value_at(c, lever->cost, at, 0);
    } else if (x->kind == LINE_STAFF) {
        *n_extra += !x->hire;
        extra_hire_months(c, x, &w->c.hires[*n_extra - 1], to->months);
    }
    for (int32_t m = 0; m < c->n; m++)
        to->costs = to->costs || !node_is_const(c->g, to->months[m], &v) || v != 0;
}

bool compile_plan(struct arena *a, const struct plan *p, const struct circumstances *given,
                  bool no_risks, struct compiled_plan *ret, struct err *e)
{
    struct circumstances point = given ? *given : (struct circumstances){0};
    point.z = NULL;
    struct compiler c = {.a = a, .g = program_new(a), .p = p, .w = world_new(a, p, &point)};
    *ret = (struct compiled_plan){.prog = c.g};
    if (!expand(a, p, &point, &ret->point, e) ||
        !draw_scores(a, c.g, p, &ret->variables, &c.z, e))
        return false;
    c.n = p->header.n_months;
    c.n_horizon = p->header.n_horizon;
    c.has_effect = arena_new(a, bool, p->n_quantities + 1);
    add_changes(&c);
    if (!no_risks)
        add_risks(&c, &ret->variables);
    c.drivers = arena_new(a, node, p->drivers.n *(size_t)c.n_horizon + 1);
    for (size_t i = 0; i < p->drivers.n; i++) {
        uint32_t d = p->driver_order[i];
        value(&c, p->drivers.items[d].q, 0, c.n_horizon,
              c.drivers + (size_t)d * (size_t)c.n_horizon);
    }
    size_t n_extra = 0;
    ret->lines = arena_new(a, struct compiled_line, ret->point->n_lines + 1);
    for (size_t i = 0; i < ret->point->n_lines; i++)
        compile_line(&c, &ret->point->lines[i], &n_extra, &ret->lines[i]);
    ret->shortfalls = arena_new(a, struct compiled_shortfall, p->levers.n + 1);
    for (uint32_t i = 0; i < p->levers.n; i++)
        shortfall(&c, ret, i);
    return true;
}
