/* series_anomaly.c - which values are out of their own pattern: a robust score for spikes, CUSUM
 * for shifts, and Benjamini and Hochberg's rule where many lines are looked at together. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

#define FEWEST_ERRORS 6
#define NEWEST 24 /* errors that count: how steady it was long ago says little about today */
#define SMALLEST_SIGMA .005 /* of a logarithm: half a percent */
#define SPIKE 2.5           /* 4 to 5 % false alarms on real monthly series */
#define SLACK .5            /* CUSUM's k and h, in sigmas: one false alarm in 168 values */
#define DECISION 4.0
#define MOST_SCORE 10.0 /* a single value moves a CUSUM by no more */

/* The error of a value: log(y / expected), or where that has no meaning the difference over the
 * usual size of what was expected. */
static double error_of(double y, double expected, bool logs, double size)
{
    return logs ? math_log(y / expected) : size > 0 ? (y - expected) / size : y - expected;
}

/* Of n errors; sorts scratch. */
static double sigma_of(const double *errors, size_t n, double *scratch)
{
    double mean = mean_of(errors, n), squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (errors[i] - mean) * (errors[i] - mean);
    memcpy(scratch, errors, n * sizeof *errors);
    double middle = median_of(scratch, n);
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(errors[i] - middle);
    double spread = 1.4826 * median_of(scratch, n);
    return fmax(fmax(spread, .5 * sqrt(squares / (double)n)), SMALLEST_SIGMA);
}

bool series_anomalies(struct arena *a, const double *y, const double *expected, size_t n,
                      struct anomaly **ret, struct err *e)
{
    struct anomaly *all = arena_new(a, struct anomaly, n + 1);
    double *errors = arena_new(a, double, n + 1), *scratch = arena_new(a, double, n + 1);
    double size = 0, up = 0, down = 0;
    bool logs = true;
    size_t known = 0;
    for (size_t t = 0; t < n; t++) {
        if (isinf(y[t]) || isinf(expected[t]))
            return err_set(e, ERR_INVALID, "value %zu of the series is not a finite number", t + 1);
        if (isnan(y[t]) || isnan(expected[t]))
            continue;
        logs &= y[t] > 0 && expected[t] > 0;
        size += fabs(expected[t]);
        known++;
    }
    size /= (double)MAX(known, 1);
    known = 0;
    for (size_t t = 0; t < n; t++) {
        struct anomaly *v = &all[t];
        *v =
            (struct anomaly){.expected = expected[t], .z = NAN, .cusum_up = up, .cusum_down = down};
        if (isnan(y[t]) || isnan(expected[t]))
            continue;
        double error = error_of(y[t], expected[t], logs, size);
        if (known >= FEWEST_ERRORS) {
            size_t newest = MIN(known, NEWEST);
            v->z = error / sigma_of(errors + known - newest, newest, scratch);
            double bounded = fmin(fmax(v->z, -MOST_SCORE), MOST_SCORE);
            v->cusum_up = up = fmax(0, up + bounded - SLACK);
            v->cusum_down = down = fmax(0, down - bounded - SLACK);
            v->spike = fabs(v->z) > SPIKE;
            v->shift = up > DECISION || down > DECISION;
            if (v->shift)
                up = down = 0; /* told once; the next one starts afresh */
        }
        errors[known++] = error;
    }
    *ret = all;
    return true;
}

struct chance {
    double p;
    size_t at;
};

static int by_chance(const void *a, const void *b)
{
    const struct chance *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

size_t series_discoveries(struct arena *a, const double *z, size_t n, double share, bool *ret)
{
    struct chance *c = arena_new(a, struct chance, n + 1);
    size_t known = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        ret[i] = false;
        if (!isnan(z[i]))
            c[known++] = (struct chance){2 * math_normal_cdf(-fabs(z[i])), i};
    }
    qsort(c, known, sizeof *c, by_chance);
    for (size_t i = 0; i < known; i++)
        if (c[i].p <= share * (double)(i + 1) / (double)known)
            found = i + 1;
    for (size_t i = 0; i < found; i++)
        ret[c[i].at] = true;
    return found;
}
