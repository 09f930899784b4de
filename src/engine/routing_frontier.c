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

/* The options a cell may take: those whose quality reaches its class's minimum, or else the best. */
static size_t allowed(const struct routing_fit *f, size_t cell, struct corner *ret)
{
    const double *minima = f->settings->min_quality;
    double least = minima ? minima[f->cells[cell].class_index] : NAN;
    size_t n = 0;
    for (uint32_t o = 0; o < f->n_options; o++) {
        double loss = f->loss[cell * f->n_options + o];
        if (!isnan(least) && f->reference_quality[cell] - loss < least)
            continue;
        ret[n++] = (struct corner){o, loss, f->cost[cell * f->n_options + o]};
    }
    if (n)
        return n;
    for (uint32_t o = 0; o < f->n_options; o++) {
        double loss = f->loss[cell * f->n_options + o];
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
    double ratio;
    size_t index;
};

static int by_ratio(const void *x, const void *y)
{
    const struct ranked *p = x, *q = y;
    if (p->ratio != q->ratio)
        return p->ratio > q->ratio ? -1 : 1;
    return p->index < q->index ? -1 : 1;
}

static void make_steps(struct arena *a, struct routing_fit *f)
{
    struct arena scratch = ARENA_INIT;
    struct corner *c = arena_new(&scratch, struct corner, f->n_options + 1);
    uint32_t *start = arena_new(a, uint32_t, f->n_cells + 1);
    struct routing_step *all = NULL;
    size_t cap = 0, n = 0;
    for (size_t k = 0; k < f->n_cells; k++) {
        size_t corners = hull(c, allowed(f, k, c));
        start[k] = c[0].option;
        for (size_t i = 1; i < corners; i++) {
            all = arena_grow(&scratch, all, sizeof *all, &cap, n + 1);
            all[n++] = (struct routing_step){(uint32_t)k, c[i - 1].option, c[i].option,
                                             c[i].loss - c[i - 1].loss, c[i - 1].cost - c[i].cost};
        }
    }
    struct ranked *order = arena_new(&scratch, struct ranked, n + 1);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct ranked){all[i].saved / all[i].loss, i};
    qsort(order, n, sizeof *order, by_ratio);
    struct routing_step *steps = arena_new(a, struct routing_step, n + 1);
    for (size_t i = 0; i < n; i++)
        steps[i] = all[order[i].index];
    f->start = start;
    f->steps = steps;
    f->n_steps = n;
    arena_release(&scratch);
}

void fit_frontier(struct arena *a, struct routing_fit *f)
{
    make_steps(a, f);
    double *loss = arena_new(a, double, f->n_steps + 1);
    double *cost = arena_new(a, double, f->n_steps + 1);
    for (size_t k = 0; k < f->n_cells; k++) {
        loss[0] += f->share[k] * f->loss[k * f->n_options + f->start[k]];
        cost[0] += f->share[k] * f->cost[k * f->n_options + f->start[k]];
    }
    for (size_t i = 0; i < f->n_steps; i++) {
        loss[i + 1] = loss[i] + f->share[f->steps[i].cell] * f->steps[i].loss;
        cost[i + 1] = cost[i] - f->share[f->steps[i].cell] * f->steps[i].saved;
    }
    f->path_loss = loss;
    f->path_cost = cost;
}

static double reference_cost(const struct routing_fit *f)
{
    double cost = 0;
    for (size_t k = 0; k < f->n_cells; k++)
        cost += f->share[k] * f->cost[k * f->n_options + f->settings->reference];
    return cost;
}

/* The first breakpoint whose value is not below (rising: not above) `wanted`. */
static struct routing_place place_between(const double *path, size_t n_steps, double wanted,
                                          bool last)
{
    size_t lo = 0, hi = n_steps; /* path[] moves one way: sign makes it rise */
    double sign = n_steps && path[n_steps] < path[0] ? -1 : 1;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        bool before = last ? sign * path[mid + 1] <= sign * wanted
                           : sign * path[mid + 1] < sign * wanted;
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
    *ret_reached = f->path_loss[0] <= loss;
    return place_between(f->path_loss, f->n_steps, loss, true);
}

struct routing_place routing_at_saving(const struct routing_fit *f, double saving,
                                       bool *ret_reached)
{
    double wanted = (1 - saving) * reference_cost(f);
    *ret_reached = f->path_cost[f->n_steps] <= wanted;
    return place_between(f->path_cost, f->n_steps, wanted, false);
}

void routing_choices(const struct routing_fit *f, struct routing_place at,
                     struct routing_choice *ret)
{
    for (size_t k = 0; k < f->n_cells; k++) {
        uint32_t o = at.all_reference ? f->settings->reference : f->start[k];
        ret[k] = (struct routing_choice){o, o, 0};
    }
    if (at.all_reference)
        return;
    for (size_t i = 0; i < at.steps; i++)
        ret[f->steps[i].cell] = (struct routing_choice){f->steps[i].to, f->steps[i].to, 0};
    if (at.part > 0 && at.steps < f->n_steps) {
        const struct routing_step *s = &f->steps[at.steps];
        ret[s->cell] = (struct routing_choice){s->from, s->to, at.part};
    }
}
