/* series_minimum.c - the smallest value of a function without derivatives, by Nelder and Mead. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

#define SPREAD 1e-8 /* relative, between the best and the worst corner: good enough */

double sigmoid(double x)
{
    return 1 / (1 + math_exp(-x));
}

double logit(double share)
{
    return math_log(share / (1 - share));
}

struct simplex {
    int k;
    double x[MINIMUM_DIMENSIONS + 1][MINIMUM_DIMENSIONS], f[MINIMUM_DIMENSIONS + 1];
};

/* Insertion sort by value: after a step only one corner is out of place. */
static void sort_corners(struct simplex *s)
{
    size_t bytes = (size_t)s->k * sizeof(double);
    for (int i = 1; i <= s->k; i++) {
        double f = s->f[i], x[MINIMUM_DIMENSIONS];
        int j = i;
        memcpy(x, s->x[i], bytes);
        for (; j && s->f[j - 1] > f; j--) {
            s->f[j] = s->f[j - 1];
            memcpy(s->x[j], s->x[j - 1], bytes);
        }
        s->f[j] = f;
        memcpy(s->x[j], x, bytes);
    }
}

/* The point `by` times as far from the center as the worst corner, on its line. */
static void along(const struct simplex *s, const double *center, double by, double *ret)
{
    for (int i = 0; i < s->k; i++)
        ret[i] = center[i] + by * (s->x[s->k][i] - center[i]);
}

static void replace_worst(struct simplex *s, const double *x, double f)
{
    memcpy(s->x[s->k], x, (size_t)s->k * sizeof *x);
    s->f[s->k] = f;
}

static int shrink(struct simplex *s, objective *f, void *ctx)
{
    for (int c = 1; c <= s->k; c++) {
        for (int i = 0; i < s->k; i++)
            s->x[c][i] = s->x[0][i] + .5 * (s->x[c][i] - s->x[0][i]);
        s->f[c] = f(ctx, s->x[c]);
    }
    return s->k;
}

/* Reflection 1, expansion 2, contraction .5; returns how often f was asked. */
static int step_once(struct simplex *s, objective *f, void *ctx)
{
    int k = s->k;
    double center[MINIMUM_DIMENSIONS] = {0}, near[MINIMUM_DIMENSIONS], far[MINIMUM_DIMENSIONS];
    for (int c = 0; c < k; c++)
        for (int i = 0; i < k; i++)
            center[i] += s->x[c][i] / k;
    along(s, center, -1, near);
    double reflected = f(ctx, near);
    if (reflected < s->f[0]) {
        along(s, center, -2, far);
        double expanded = f(ctx, far);
        replace_worst(s, expanded < reflected ? far : near,
                      expanded < reflected ? expanded : reflected);
        return 2;
    }
    if (reflected < s->f[k - 1]) {
        replace_worst(s, near, reflected);
        return 1;
    }
    along(s, center, reflected < s->f[k] ? -.5 : .5, far);
    double contracted = f(ctx, far);
    if (contracted < (reflected < s->f[k] ? reflected : s->f[k])) {
        replace_worst(s, far, contracted);
        return 2;
    }
    return 2 + shrink(s, f, ctx);
}

double minimize(objective *f, void *ctx, double *x, int k, double step, int most_evaluations)
{
    struct simplex s = {.k = k};
    BUG_IF(k < 0 || k > MINIMUM_DIMENSIONS);
    for (int c = 0; c <= k; c++) {
        memcpy(s.x[c], x, (size_t)k * sizeof *x);
        if (c)
            s.x[c][c - 1] += step;
        s.f[c] = f(ctx, s.x[c]);
    }
    sort_corners(&s);
    for (int used = k + 1; k && used < most_evaluations;) {
        if (s.f[k] - s.f[0] <= SPREAD * (fabs(s.f[0]) + SPREAD))
            break;
        used += step_once(&s, f, ctx);
        sort_corners(&s);
    }
    memcpy(x, s.x[0], (size_t)k * sizeof *x);
    return s.f[0];
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median_of(double *v, size_t n)
{
    if (!n)
        return NAN;
    qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : v[n / 2 - 1] + (v[n / 2] - v[n / 2 - 1]) / 2;
}

double mean_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return n ? sum / (double)n : 0;
}
