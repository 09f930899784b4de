/* routing_frontier.c - the optimum of the linear program for every tolerance at once.
 *
 * Each cell takes one of its options: a multiple-choice problem. Options above the lower hull of
 * (loss, cost) never pay. A cell starts at its least loss and moves along its hull; steps of all
 * cells, most saved per point lost first, are the whole frontier, and between two breakpoints one
 * cell is split. */
#include "engine/routing_int.h"

#include <math.h>

struct corner {
    uint32_t option;
    double loss, cost;
};

static int by_loss(const void *x, const void *y)
{
    const struct corner *p = x, *q = y;
    if (p->loss != q->loss)
        return p->loss < q->loss ? -1 : 1;
    if (p->cost != q->cost)
        return p->cost < q->cost ? -1 : 1;
    return p->option < q->option ? -1 : p->option > q->option;
}

static bool too_slow(const struct routing_fit *f, size_t cell, uint32_t option)
{
    const struct routing_settings *s = f->settings;
    const struct routing_option *o = &f->options[option];
    if (!s->latency)
        return false;
    const double *of = s->latency + f->cells[cell].class_index * f->n_models;
    return of[o->first] + (o->then == ROUTING_NONE ? 0 : of[o->then]) > s->max_latency;
}

/* The options a cell may take: those that are fast enough and whose quality reaches its class's
 * minimum, or else the best of the fast ones. */
static size_t allowed(const struct routing_fit *f, size_t cell, struct corner *ret)
{
    const double *minima = f->settings->min_quality;
    double least = minima ? minima[f->cells[cell].class_index] : NAN;
    size_t n = 0;
    for (uint32_t o = 0; o < f->n_options; o++) {
        double loss = f->loss[cell * f->n_options + o];
        if (too_slow(f, cell, o) || (!isnan(least) && f->reference_quality[cell] - loss < least))
            continue;
        ret[n++] = (struct corner){o, loss, f->cost[cell * f->n_options + o]};
    }
    if (n)
        return n;
    for (uint32_t o = 0; o < f->n_options; o++) {
        double loss = f->loss[cell * f->n_options + o];
        if (too_slow(f, cell, o))
            continue;
        if (!n || loss < ret[0].loss)
            ret[0] = (struct corner){o, loss, f->cost[cell * f->n_options + o]};
        n = 1;
    }
    return n;
}

/* Keeps the corners of the lower hull, in order of rising loss and falling cost. */
static size_t hull(struct corner *c, size_t n)
{
    size_t kept = 0;
    qsort(c, n, sizeof *c, by_loss);
    for (size_t i = 0; i < n; i++) {
        if (kept && !(c[i].cost < c[kept - 1].cost))
            continue;
        while (kept > 1) { /* is the last one above the line from the one before to this? */
            const struct corner *p = &c[kept - 2], *q = &c[kept - 1];
            if ((q->cost - p->cost) * (c[i].loss - p->loss) <
                (c[i].cost - p->cost) * (q->loss - p->loss))
                break;
            kept--;
        }
        c[kept++] = c[i];
    }
    return kept;
}

struct ranked {
    double rank;
    size_t index;
};

static int by_rank(const void *x, const void *y)
{
    const struct ranked *p = x, *q = y;
    if (p->rank != q->rank)
        return p->rank > q->rank ? -1 : 1;
    return p->index < q->index ? -1 : 1;
}

struct step_list {
    struct routing_step *items;
    size_t n, cap;
};

static void add_step(struct arena *a, struct step_list *l, struct routing_step s)
{
    l->items = arena_grow(a, l->items, sizeof *l->items, &l->cap, l->n + 1);
    l->items[l->n++] = s;
}

static void sort_into(const struct step_list *l, struct ranked *order, struct routing_step *ret)
{
    qsort(order, l->n, sizeof *order, by_rank);
    for (size_t i = 0; i < l->n; i++)
        ret[i] = l->items[order[i].index];
}

/* Gains that also save come before those that cost more; then the largest per prompt. */
static double opening_rank(const struct routing_step *s)
{
    return (s->saved > 0 ? 10 : 0) - s->loss;
}

static void list_steps(struct arena *a, struct routing_fit *f, uint32_t *start,
                       struct step_list *ret_open, struct step_list *ret_hull)
{
    struct corner *c = arena_new(a, struct corner, f->n_options + 1);
    uint32_t reference = f->settings->reference;
    for (uint32_t k = 0; k < f->n_cells; k++) {
        size_t corners = hull(c, allowed(f, k, c));
        start[k] = c[0].option;
        if (start[k] != reference)
            add_step(a, ret_open,
                     (struct routing_step){k, reference, c[0].option, c[0].loss,
                                           f->cost[k * f->n_options + reference] - c[0].cost});
        for (size_t i = 1; i < corners; i++)
            add_step(a, ret_hull,
                     (struct routing_step){k, c[i - 1].option, c[i].option,
                                           c[i].loss - c[i - 1].loss, c[i - 1].cost - c[i].cost});
    }
}

static void make_steps(struct arena *a, struct routing_fit *f)
{
    struct arena scratch = ARENA_INIT;
    struct step_list open = {0}, along = {0};
    uint32_t *start = arena_new(a, uint32_t, f->n_cells + 1);
    list_steps(&scratch, f, start, &open, &along);
    struct ranked *first = arena_new(&scratch, struct ranked, open.n + 1);
    struct ranked *order = arena_new(&scratch, struct ranked, along.n + 1);
    for (size_t i = 0; i < open.n; i++)
        first[i] = (struct ranked){opening_rank(&open.items[i]), i};
    for (size_t i = 0; i < along.n; i++)
        order[i] = (struct ranked){along.items[i].saved / along.items[i].loss, i};
    struct routing_step *steps = arena_new(a, struct routing_step, open.n + along.n + 1);
    sort_into(&open, first, steps);
    sort_into(&along, order, steps + open.n);
    f->start = start;
    f->steps = steps;
    f->n_open = open.n;
    f->n_steps = open.n + along.n;
    arena_release(&scratch);
}

void fit_frontier(struct arena *a, struct routing_fit *f)
{
    make_steps(a, f);
    double *loss = arena_new(a, double, f->n_steps + 1);
    double *cost = arena_new(a, double, f->n_steps + 1);
    for (size_t k = 0; k < f->n_cells; k++)
        cost[0] += f->share[k] * f->cost[k * f->n_options + f->settings->reference];
    for (size_t i = 0; i < f->n_steps; i++) {
        loss[i + 1] = loss[i] + f->share[f->steps[i].cell] * f->steps[i].loss;
        cost[i + 1] = cost[i] - f->share[f->steps[i].cell] * f->steps[i].saved;
    }
    f->path_loss = loss;
    f->path_cost = cost;
}

/* Where along the frontier a path takes the value `wanted`: the first such place or the last. */
static struct routing_place place_between(const struct routing_fit *f, const double *path,
                                          double wanted, bool last)
{
    size_t lo = f->n_open, hi = f->n_steps, n_steps = hi; /* path[] moves one way from lo on */
    double sign = path[hi] < path[lo] ? -1 : 1;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        bool before =
            last ? sign * path[mid + 1] <= sign * wanted : sign * path[mid + 1] < sign * wanted;
        if (before)
            lo = mid + 1;
        else
            hi = mid;
    }
    struct routing_place p = {.steps = lo};
    if (lo < n_steps && path[lo + 1] != path[lo]) {
        double part = (wanted - path[lo]) / (path[lo + 1] - path[lo]);
        p.part = part < 0 ? 0 : MIN(part, 1);
    }
    return p;
}

struct routing_place routing_at_loss(const struct routing_fit *f, double loss, bool *ret_reached)
{
    *ret_reached = f->path_loss[f->n_open] <= loss;
    return place_between(f, f->path_loss, loss, true);
}

struct routing_place routing_at_saving(const struct routing_fit *f, double saving,
                                       bool *ret_reached)
{
    double wanted = (1 - saving) * f->path_cost[0];
    *ret_reached = f->path_cost[f->n_steps] <= wanted;
    return place_between(f, f->path_cost, wanted, false);
}

void routing_choices(const struct routing_fit *f, struct routing_place at,
                     struct routing_choice *ret)
{
    uint32_t reference = f->settings->reference;
    for (size_t k = 0; k < f->n_cells; k++)
        ret[k] = (struct routing_choice){reference, reference, 0};
    for (size_t i = 0; i < at.steps; i++)
        ret[f->steps[i].cell] = (struct routing_choice){f->steps[i].to, f->steps[i].to, 0};
    if (at.part > 0 && at.steps < f->n_steps) {
        const struct routing_step *s = &f->steps[at.steps];
        ret[s->cell] = (struct routing_choice){s->from, s->to, at.part};
    }
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

double *routing_latencies(struct arena *a, const struct routing_evals *v)
{
    double *ret = arena_new(a, double, v->n_classes * v->n_models + 1);
    struct arena scratch = ARENA_INIT;
    double *all = arena_new(&scratch, double, v->n + 1);
    for (size_t c = 0; c < v->n_classes; c++)
        for (size_t m = 0; m < v->n_models; m++) {
            size_t n = 0;
            bool known = v->latency != NULL;
            for (size_t i = 0; known && i < v->n; i++) {
                if (v->class_of[i] != c)
                    continue;
                all[n] = v->latency[i * v->n_models + m];
                known = !isnan(all[n++]);
            }
            if (n)
                qsort(all, n, sizeof *all, by_value);
            ret[c * v->n_models + m] = known && n ? all[(95 * n + 99) / 100 - 1] : NAN;
        }
    arena_release(&scratch);
    return ret;
}
