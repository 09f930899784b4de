/* reweight.c - importance weights over the simulation's trials. */
#include "engine/reweight.h"

#include <math.h>

#include "core/mathfn.h"

#define MOST_NUMBERS ((uint64_t)1 << 24) /* lines x trials that are kept, twice 128 MB */

struct collecting {
    const struct reweight_input *in;
    const struct expansion *point;
    size_t n_lines;
    uint64_t trials;
    double *fit;  /* per line and trial: log density of the known months */
    double *rest; /* per line and trial: the months to come */
};

static double square(double x)
{
    return x * x;
}

/* Each trial is written by one thread alone. */
static void visit(void *ctx, const struct simulated_block *b)
{
    struct collecting *c = ctx;
    for (size_t i = 0; i < c->n_lines; i++) {
        const double *amounts = b->amounts[i], *actual = c->in->actual[i];
        if (!actual || !amounts)
            continue;
        for (uint32_t k = 0; k < b->n; k++) {
            size_t at = i * c->trials + b->first + k;
            double fit = 0, rest = 0;
            for (int32_t m = 0; m < c->point->n_months; m++) {
                double x = amounts[(size_t)m * SIMULATE_ROOM + k];
                if (m >= c->in->n_known)
                    rest += x;
                else if (actual[m] > 0 && x > 0)
                    fit -= 0.5 * square(math_log(actual[m] / x) / c->in->noise);
                else if (actual[m] > 0)
                    fit = -INFINITY; /* this trial has nothing where something was spent */
            }
            c->fit[at] = fit;
            c->rest[at] = rest;
        }
    }
}

static void line_level(const struct collecting *c, size_t i, struct reweighted *r)
{
    const double *fit = c->fit + i * c->trials, *rest = c->rest + i * c->trials;
    double best = -INFINITY, sum = 0, squares = 0, mean = 0, var = 0, plan = 0;
    const struct expanded *l = &c->point->lines[i];
    for (int32_t m = c->in->n_known; m < c->point->n_months; m++)
        plan += money_to_double(l->monthly[m]);
    for (uint64_t k = 0; k < c->trials; k++)
        best = fmax(best, fit[k]);
    if (!(plan > 0) || !isfinite(best))
        return;
    for (uint64_t k = 0; k < c->trials; k++) {
        double w = rest[k] > 0 ? math_exp(fit[k] - best) : 0;
        sum += w;
        squares += w * w;
        mean += w > 0 ? w * math_log(rest[k] / plan) : 0;
    }
    r->effective[i] = squares > 0 ? square(sum) / squares : 0;
    if (r->effective[i] < c->in->least)
        return;
    mean /= sum;
    for (uint64_t k = 0; k < c->trials; k++)
        if (rest[k] > 0)
            var += math_exp(fit[k] - best) * square(math_log(rest[k] / plan) - mean);
    r->level[i] = mean;
    r->level_sd[i] = sqrt(var / sum);
    r->believed++;
}

bool reweight(struct arena *a, const struct plan *p, const struct reweight_input *in,
              const struct reweighted **ret, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    struct collecting c = {.in = in};
    const struct simulation *s;
    if (!expand(a, p, NULL, &c.point, e))
        return false;
    c.n_lines = c.point->n_lines;
    c.trials = MIN(MIN(in->trials, (uint64_t)REWEIGHT_TRIALS),
                   MAX(MOST_NUMBERS / MAX(c.n_lines, (size_t)1), (uint64_t)SIMULATE_BLOCK));
    struct simulate_options o = {.seed = 1, .trials = c.trials, .threads = in->threads,
                                 .visit = visit, .visit_ctx = &c};
    c.fit = arena_new(&scratch, double, c.n_lines * c.trials);
    c.rest = arena_new(&scratch, double, c.n_lines * c.trials);
    bool ok = simulate(&scratch, p, NULL, &o, &s, e);
    struct reweighted *r = arena_new(a, struct reweighted, 1);
    r->level = arena_new(a, double, c.n_lines + 1);
    r->level_sd = arena_new(a, double, c.n_lines + 1);
    r->effective = arena_new(a, double, c.n_lines + 1);
    for (size_t i = 0; ok && i < c.n_lines; i++) {
        r->level[i] = r->level_sd[i] = NAN;
        if (in->actual[i])
            line_level(&c, i, r);
    }
    arena_release(&scratch);
    if (ok)
        *ret = r;
    return ok;
}
