/* routing_metrics.c - the measures by which routers are compared: APGR, CPT, AIQ. */
#include "engine/routing_int.h"

#include <math.h>

/* ---- gap recovered against share of calls to the strong model ---- */

struct group {        /* prompts that the router cannot tell apart */
    double predicted; /* gain of the strong model */
    double n, gain;   /* calls; sum of measured gains */
    size_t index;
};

static int by_predicted(const void *x, const void *y)
{
    const struct group *p = x, *q = y;
    if (p->predicted != q->predicted)
        return p->predicted > q->predicted ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

static double first_share(const struct group *g, size_t n, double calls, double wanted)
{
    double sum = 0, used = 0;
    for (size_t i = 0; i < n; i++) {
        if (sum + g[i].gain >= wanted - 1e-12 && g[i].gain > 0)
            return (used + g[i].n * (wanted - sum) / g[i].gain) / calls;
        sum += g[i].gain;
        used += g[i].n;
    }
    return NAN;
}

/* Groups of equal prediction are sent in random order: straight lines between them. */
static void gap_recovered(struct group *g, size_t n, struct routing_metrics *ret)
{
    double calls = 0, gap = 0, area = 0, sum = 0;
    ret->apgr = ret->cpt50 = ret->cpt80 = ret->cpt100 = NAN;
    qsort(g, n, sizeof *g, by_predicted);
    for (size_t i = 0; i < n; i++) {
        calls += g[i].n;
        gap += g[i].gain;
    }
    if (!(gap > 0))
        return;
    for (size_t i = 0; i < n; i++) {
        area += g[i].n * (sum + g[i].gain / 2);
        sum += g[i].gain;
    }
    ret->apgr = area / (calls * gap);
    ret->cpt50 = first_share(g, n, calls, 0.5 * gap);
    ret->cpt80 = first_share(g, n, calls, 0.8 * gap);
    ret->cpt100 = first_share(g, n, calls, gap);
}

static void router_gap(const struct routing_tally *t, struct arena *a, struct routing_metrics *ret)
{
    const struct routing_fit *f = t->fit;
    struct group *g = arena_new(a, struct group, f->n_cells + 1);
    for (size_t k = 0; k < f->n_cells; k++)
        g[k] = (struct group){f->loss[k * f->n_options + f->settings->cheap], t->cells[k].n,
                              t->cells[k].cheap_gain, k};
    gap_recovered(g, f->n_cells, ret);
}

static void oracle_gap(const struct routing_tally *t, struct arena *a, struct routing_metrics *ret)
{
    const struct routing_settings *s = t->fit->settings;
    struct group *g = arena_new(a, struct group, t->n_rows + 1);
    for (size_t i = 0; i < t->n_rows; i++) {
        const double *q = t->evals->quality + t->rows[i] * t->evals->n_models;
        double gain = q[s->reference] - q[s->cheap];
        g[i] = (struct group){gain, 1, gain, i};
    }
    gap_recovered(g, t->n_rows, ret);
}

/* ---- area under the hull of quality against cost ---- */

struct spot {
    double cost, quality;
};

static int by_cost(const void *x, const void *y)
{
    const struct spot *p = x, *q = y;
    if (p->cost != q->cost)
        return p->cost < q->cost ? -1 : 1;
    return p->quality > q->quality ? -1 : p->quality < q->quality;
}

/* RouterBench: the non-decreasing upper hull, carried on level to the largest cost. */
static void area_under_hull(struct spot *p, size_t n, double most, struct routing_metrics *ret)
{
    size_t kept = 0;
    double area = 0;
    ret->aiq = ret->best_quality = NAN;
    if (!n || !(most > 0))
        return;
    qsort(p, n, sizeof *p, by_cost);
    for (size_t i = 0; i < n; i++) {
        if (kept && p[i].quality <= p[kept - 1].quality)
            continue;
        while (kept > 1 &&
               (p[kept - 1].quality - p[kept - 2].quality) * (p[i].cost - p[kept - 2].cost) <=
                   (p[i].quality - p[kept - 2].quality) * (p[kept - 1].cost - p[kept - 2].cost))
            kept--;
        p[kept++] = p[i];
    }
    for (size_t i = 1; i < kept; i++)
        area += (p[i].cost - p[i - 1].cost) * (p[i].quality + p[i - 1].quality) / 2;
    if (most > p[kept - 1].cost)
        area += (most - p[kept - 1].cost) * p[kept - 1].quality;
    ret->aiq = area / most;
    ret->best_quality = p[kept - 1].quality;
}

static struct spot model_spot(const struct routing_tally *t, size_t model)
{
    struct spot s = {0, 0};
    for (size_t i = 0; i < t->n_rows; i++) {
        s.quality += t->evals->quality[t->rows[i] * t->evals->n_models + model];
        s.cost += t->evals->cost[t->rows[i] * t->evals->n_models + model];
    }
    return (struct spot){s.cost / (double)t->n_rows, s.quality / (double)t->n_rows};
}

/* Every breakpoint of the frontier, as measured on the tally's rows. */
static size_t router_spots(const struct routing_tally *t, struct spot *ret)
{
    const struct routing_fit *f = t->fit;
    double n = (double)t->n_rows, cost = 0, quality = 0;
    for (size_t k = 0; k < f->n_cells; k++) {
        cost += t->cells[k].reference_cost;
        quality += t->cells[k].reference_quality;
    }
    ret[0] = (struct spot){cost / n, quality / n};
    for (size_t i = 0; i < f->n_steps; i++) {
        const struct tally_option *from =
            &t->options[f->steps[i].cell * f->n_options + f->steps[i].from];
        const struct tally_option *to =
            &t->options[f->steps[i].cell * f->n_options + f->steps[i].to];
        cost += to->cost - from->cost;
        quality += to->quality - from->quality;
        ret[i + 1] = (struct spot){cost / n, quality / n};
    }
    return f->n_steps + 1;
}

/* The best that any router over these models could do: its frontier over single prompts. */
static struct routing_fit *oracle_fit(struct arena *a, const struct routing_tally *t)
{
    const struct routing_evals *v = t->evals;
    struct routing_fit *f = arena_new(a, struct routing_fit, 1);
    struct routing_settings *s = arena_new(a, struct routing_settings, 1);
    size_t m = v->n_models, n = t->n_rows;
    double *loss = arena_new(a, double, n *m + 1), *cost = arena_new(a, double, n *m + 1);
    double *share = arena_new(a, double, n + 1), *reference = arena_new(a, double, n + 1);
    struct routing_cell *cells = arena_new(a, struct routing_cell, n + 1);
    *s = *t->fit->settings;
    s->min_quality = s->latency = NULL;
    for (size_t i = 0; i < n; i++) {
        const double *q = v->quality + t->rows[i] * m;
        share[i] = 1 / (double)n;
        reference[i] = q[s->reference];
        for (size_t k = 0; k < m; k++) {
            loss[i * m + k] = reference[i] - q[k];
            cost[i * m + k] = v->cost[t->rows[i] * m + k];
        }
    }
    *f = (struct routing_fit){.settings = s,
                              .n_models = m,
                              .n_options = m,
                              .n_cells = n,
                              .cells = cells,
                              .share = share,
                              .loss = loss,
                              .cost = cost,
                              .reference_quality = reference};
    fit_frontier(a, f);
    return f;
}

static size_t oracle_spots(struct arena *a, const struct routing_tally *t, double reference,
                           struct spot **ret)
{
    const struct routing_fit *f = oracle_fit(a, t);
    *ret = arena_new(a, struct spot, f->n_steps + 1);
    for (size_t i = 0; i <= f->n_steps; i++)
        (*ret)[i] = (struct spot){f->path_cost[i], reference - f->path_loss[i]};
    return f->n_steps + 1;
}

/* Random is a fixed share to each of two models: what needs no router at all. */
static void no_router(struct routing_metrics *random)
{
    random->apgr = random->cpt50 = 0.5;
    random->cpt80 = 0.8;
    random->cpt100 = 1;
}

static void areas(struct arena *a, const struct routing_tally *t, struct routing_metrics *ret)
{
    const struct routing_fit *f = t->fit;
    struct spot *models = arena_new(a, struct spot, f->n_models);
    struct spot *router = arena_new(a, struct spot, f->n_steps + 1), *oracle;
    size_t n_router = router_spots(t, router);
    double most = 0;
    for (size_t m = 0; m < f->n_models; m++)
        models[m] = model_spot(t, m);
    struct spot cheap = models[f->settings->cheap], strong = models[f->settings->reference];
    size_t n_oracle = oracle_spots(a, t, strong.quality, &oracle);
    for (size_t i = 0; i < n_router; i++)
        most = MAX(most, router[i].cost);
    for (size_t i = 0; i < n_oracle; i++)
        most = MAX(most, oracle[i].cost);
    for (size_t m = 0; m < f->n_models; m++)
        most = MAX(most, models[m].cost);
    area_under_hull(router, n_router, most, &ret[ROUTE_ROUTER]);
    area_under_hull(models, f->n_models, most, &ret[ROUTE_RANDOM]);
    area_under_hull(&cheap, 1, most, &ret[ROUTE_CHEAP]);
    area_under_hull(&strong, 1, most, &ret[ROUTE_STRONG]);
    area_under_hull(oracle, n_oracle, most, &ret[ROUTE_ORACLE]);
}

void routing_metrics(const struct routing_tally *t, struct routing_metrics ret[ROUTE_REFERENCES])
{
    struct arena scratch = ARENA_INIT;
    for (int i = 0; i < ROUTE_REFERENCES; i++)
        ret[i] = (struct routing_metrics){NAN, NAN, NAN, NAN, NAN, NAN};
    if (t->n_rows) {
        router_gap(t, &scratch, &ret[ROUTE_ROUTER]);
        oracle_gap(t, &scratch, &ret[ROUTE_ORACLE]);
        if (!isnan(ret[ROUTE_ORACLE].apgr))
            no_router(&ret[ROUTE_RANDOM]);
        areas(&scratch, t, ret);
    }
    arena_release(&scratch);
}

void routing_pairs(const struct routing_evals *v, const struct routing_settings *s,
                   const uint32_t *rows, size_t n_rows, struct routing_pairs *ret)
{
    *ret = (struct routing_pairs){0};
    for (size_t i = 0; i < n_rows; i++) {
        const double *q = v->quality + rows[i] * v->n_models;
        double weak = q[s->cheap], strong = q[s->reference], one = 1 / (double)n_rows;
        ret->weak += weak * one;
        ret->strong += strong * one;
        ret->strong_only += strong > weak ? one : 0;
        ret->weak_only += weak > strong ? one : 0;
        ret->both += weak == strong && weak > 0 ? one : 0;
        ret->neither += weak == strong && !(weak > 0) ? one : 0;
    }
}
