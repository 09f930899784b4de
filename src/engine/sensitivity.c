/* sensitivity.c - Sobol indices by the estimators of Saltelli (2010) and Jansen (1999). */
#include "engine/sensitivity.h"

#include <math.h>

struct sums { /* of one group */
    double first, total;
};
struct run {
    const struct sensitivity_model *model;
    const struct sobol *points;
    uint64_t seed;
    double *a, *b;           /* [input][SENSITIVITY_BLOCK]: quantiles of the two samples */
    const double **columns;  /* per input: what the model is given */
    double fa[SENSITIVITY_BLOCK], fb[SENSITIVITY_BLOCK], mixed[SENSITIVITY_BLOCK];
};

static void draw_block(struct run *r, uint32_t first, uint32_t n)
{
    uint32_t inputs = r->model->inputs;
    for (uint32_t i = 0; i < inputs; i++) {
        sobol_points(r->points, i, r->seed, first, n, r->a + (size_t)i * SENSITIVITY_BLOCK);
        sobol_points(r->points, inputs + i, r->seed, first, n,
                     r->b + (size_t)i * SENSITIVITY_BLOCK);
    }
}

static void run_sample(struct run *r, const double *sample, uint32_t n, double *ret)
{
    for (uint32_t i = 0; i < r->model->inputs; i++)
        r->columns[i] = sample + (size_t)i * SENSITIVITY_BLOCK;
    r->model->run(r->model->ctx, r->columns, n, ret);
}

/* One sample with the group's columns from the other one. */
static void run_mixed(struct run *r, const double *sample, const double *group_sample,
                      const struct sensitivity_group *g, uint32_t n)
{
    for (uint32_t i = 0; i < r->model->inputs; i++)
        r->columns[i] = sample + (size_t)i * SENSITIVITY_BLOCK;
    for (size_t k = 0; k < g->n; k++)
        r->columns[g->inputs[k]] = group_sample + (size_t)g->inputs[k] * SENSITIVITY_BLOCK;
    r->model->run(r->model->ctx, r->columns, n, r->mixed);
}

/* `same` shares the group with the mixed sample, `rest` everything else. */
static void add_mixed(struct sums *s, const double *same, const double *rest, const double *mixed,
                      uint32_t n, double mean)
{
    for (uint32_t k = 0; k < n; k++) {
        double d = mixed[k] - rest[k];
        s->first += (same[k] - mean) * d;
        s->total += d * d;
    }
}

/* Mean and variance over both samples; a first pass, so that sums stay small around the mean. */
static bool moments(struct run *r, uint32_t points, double *ret_mean, double *ret_variance,
                    struct err *e)
{
    double sum = 0, square = 0, shift = 0;
    for (uint32_t first = 0; first < points; first += SENSITIVITY_BLOCK) {
        uint32_t n = MIN(SENSITIVITY_BLOCK, points - first);
        draw_block(r, first, n);
        run_sample(r, r->a, n, r->fa);
        run_sample(r, r->b, n, r->fb);
        if (!first)
            shift = r->fa[0];
        for (uint32_t k = 0; k < n; k++) {
            double da = r->fa[k] - shift, db = r->fb[k] - shift;
            sum += da + db;
            square += da * da + db * db;
        }
    }
    double count = 2.0 * points, mean = sum / count;
    *ret_mean = mean + shift;
    *ret_variance = square / count - mean * mean;
    if (!isfinite(*ret_variance))
        return err_set(e, ERR_INVALID, "an outcome is not a finite number");
    if (!(*ret_variance > 0))
        return err_set(e, ERR_INVALID, "the outcome is the same whatever the inputs are");
    return true;
}

bool sensitivity(struct arena *a, const struct sensitivity_model *model,
                 const struct sensitivity_group *groups, size_t n_groups, uint32_t points,
                 uint64_t seed, struct sensitivity_index *ret, struct err *e)
{
    if (model->inputs < 1 || model->inputs > SOBOL_DIMENSIONS / 2)
        return err_set(e, ERR_INVALID, "sensitivity takes 1 to %u inputs, not %u",
                       SOBOL_DIMENSIONS / 2, model->inputs);
    BUG_IF(!points || points & (points - 1));
    struct arena scratch = ARENA_INIT;
    struct run *r = arena_new(&scratch, struct run, 1);
    *r = (struct run){.model = model, .points = sobol_new(&scratch, 2 * model->inputs),
                      .seed = seed};
    r->a = arena_new(&scratch, double, (size_t)model->inputs * SENSITIVITY_BLOCK);
    r->b = arena_new(&scratch, double, (size_t)model->inputs * SENSITIVITY_BLOCK);
    r->columns = arena_new(&scratch, const double *, model->inputs);
    struct sums *sums = arena_new(&scratch, struct sums, n_groups + 1);
    double mean, variance;
    bool ok = moments(r, points, &mean, &variance, e);
    for (uint32_t first = 0; ok && first < points; first += SENSITIVITY_BLOCK) {
        uint32_t n = MIN(SENSITIVITY_BLOCK, points - first);
        draw_block(r, first, n);
        run_sample(r, r->a, n, r->fa);
        run_sample(r, r->b, n, r->fb);
        for (size_t g = 0; g < n_groups; g++) {
            run_mixed(r, r->a, r->b, &groups[g], n);
            add_mixed(&sums[g], r->fb, r->fa, r->mixed, n, mean);
            run_mixed(r, r->b, r->a, &groups[g], n);
            add_mixed(&sums[g], r->fa, r->fb, r->mixed, n, mean);
        }
    }
    double scale = 2.0 * points * variance;
    for (size_t g = 0; ok && g < n_groups; g++)
        ret[g] = (struct sensitivity_index){sums[g].first / scale, sums[g].total / (2 * scale)};
    arena_release(&scratch);
    return ok;
}
