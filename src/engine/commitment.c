/* commitment.c - an obligation to spend, against many simulated years. */
#include "engine/commitment.h"

#include <math.h>

struct covering {
    double *weights; /* by line of the expansion and month: the share that the lever covers */
    size_t n_lines;
    int32_t n;            /* months of the plan */
    const int32_t *place; /* by month of the plan: its place among the lever's months, or -1 */
    uint32_t n_months;
    double *months;
};

/* Blocks come from several threads, each with trials of its own. */
static void take_block(void *ctx, const struct simulated_block *b)
{
    const struct covering *c = ctx;
    for (size_t i = 0; i < c->n_lines; i++)
        for (int32_t m = 0; b->amounts[i] && m < c->n; m++) {
            double share = c->weights[i * (size_t)c->n + (size_t)m];
            const double *from = b->amounts[i] + (size_t)m * SIMULATE_ROOM;
            if (!(share > 0))
                continue;
            double *to = c->months + b->first * c->n_months + (size_t)c->place[m];
            for (uint32_t k = 0; k < b->n; k++)
                to[k * c->n_months] += share * from[k];
        }
}

static void find_weights(struct arena *a, const struct world *w, const struct expansion *x,
                         const struct lever *v, struct covering *c)
{
    int32_t *place = arena_new(a, int32_t, (size_t)w->n + 1);
    for (int32_t m = 0; m < w->n; m++)
        place[m] = lever_runs(w, v, m) ? (int32_t)c->n_months++ : -1;
    c->n = w->n;
    c->n_lines = x->n_lines;
    c->place = place;
    c->weights = arena_new(a, double, x->n_lines *(size_t)w->n + 1);
    for (size_t i = 0; i < x->n_lines; i++)
        for (size_t k = 0; k < v->n_lines; k++)
            for (int32_t m = 0; x->lines[i].line == v->lines[k] && m < w->n; m++)
                c->weights[i * (size_t)w->n + (size_t)m] = place[m] < 0 ? 0 : lever_covers(w, v, m);
}

static int by_value(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return p < q ? -1 : p > q;
}

bool commitment_spend(struct arena *a, const struct plan *p, uint32_t lever,
                      struct commitment_spend *ret, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    bool *on = arena_new(&scratch, bool, p->levers.n + 1);
    for (size_t i = 0; i < p->levers.n; i++)
        on[i] = i != lever && p->levers.items[i].use.at && p->levers.items[i].use.v == 1;
    const struct circumstances circumstances = {.levers = on};
    const struct world *w = world_new(&scratch, p, &circumstances);
    const struct expansion *x;
    const struct simulation *s;
    struct covering c = {0};
    struct simulate_options o = {
        .seed = 1, .trials = COMMITMENT_TRIALS, .visit = take_block, .visit_ctx = &c};
    bool good = expand(&scratch, p, &circumstances, &x, e);
    if (good) {
        find_weights(&scratch, w, x, &p->levers.items[lever], &c);
        c.months = arena_new(a, double, (size_t)COMMITMENT_TRIALS *c.n_months + 1);
        good = simulate(&scratch, p, &circumstances, &o, &s, e);
    }
    arena_release(&scratch);
    if (!good)
        return false;
    size_t n = (size_t)COMMITMENT_TRIALS * c.n_months;
    double *sorted = arena_new(a, double, n + 1), *sums = arena_new(a, double, n + 1);
    bool varies = false;
    memcpy(sorted, c.months, sizeof *sorted * n);
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 0; i < n; i++) {
        sums[i + 1] = sums[i] + sorted[i];
        varies = varies ||
                 fabs(c.months[i] - c.months[i % c.n_months]) > 1e-9 * fabs(c.months[i]) + 1e-9;
    }
    *ret = (struct commitment_spend){.n_months = c.n_months,
                                     .n_trials = COMMITMENT_TRIALS,
                                     .months = c.months,
                                     .sorted = sorted,
                                     .sums = sums,
                                     .varies = varies};
    return true;
}

struct committed committed_to(const struct commitment_spend *s, double k, double discount)
{
    struct committed r = {0};
    size_t n = (size_t)s->n_trials * s->n_months, lo = 0, hi = n;
    while (lo < hi) { /* months below k are paid for in full */
        size_t mid = lo + (hi - lo) / 2;
        if (s->sorted[mid] < k)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!n)
        return r;
    double owed = k * (1 - discount) * s->n_months;
    r.saves = (s->sums[lo] + k * (double)(n - lo)) / s->n_trials - owed;
    for (uint32_t t = 0; t < s->n_trials; t++) {
        double all = 0;
        for (uint32_t m = 0; m < s->n_months; m++)
            all += s->months[(size_t)t * s->n_months + m];
        r.p_short += all < k * s->n_months * (1 - 1e-12);
    }
    r.p_short /= s->n_trials;
    return r;
}

double commitment_best(const struct commitment_spend *s, double discount)
{
    size_t n = (size_t)s->n_trials * s->n_months;
    size_t at = (size_t)ceil(discount * (double)n - 1e-9);
    return n ? s->sorted[MIN(MAX(at, 1), n) - 1] : 0;
}
