/* series_simple.c - the models for little data: seasonal naive, smoothing, run rate, and for sparse
 * series Croston's. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

static bool always(const struct shape *s)
{
    return s->n > 0;
}

/* --- seasonal naive: as it was a season ago --- */

static bool snaive_ahead(const struct fit *f, size_t origin, int h, double *ret)
{
    size_t lag = (size_t)f->shape->lag;
    if (origin < lag)
        return false;
    for (int k = 0; k < h; k++)
        ret[k] = f->shape->exact[origin - lag + (size_t)k % lag];
    return true;
}

static bool snaive_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    *ret = (struct fit){&model_snaive, snaive_ahead, s, NULL, str_fmt(a, "lag=%d", s->lag)};
    return true;
}

static bool snaive_applies(const struct shape *s)
{
    return s->n >= (size_t)s->lag;
}

/* --- simple exponential smoothing --- */

struct ses {
    const double *y;
    size_t n;
    double base, scale; /* where the level starts, and its steps */
};

static struct smoothing smoothing_of(const struct ses *m, const double *p)
{
    return (struct smoothing){.0001 + .9998 * sigmoid(p[0]), m->base + p[1] * m->scale};
}

static double ses_squares(void *ctx, const double *p)
{
    const struct ses *m = ctx;
    if (fabs(p[0]) > MINIMUM_FAR || fabs(p[1]) > 1e3)
        return 1e30;
    struct smoothing s = smoothing_of(m, p);
    double sum = 0;
    for (size_t t = 0; t < m->n; t++) {
        double e = m->y[t] - s.level;
        sum += e * e;
        s.level += s.alpha * e;
    }
    return sum;
}

struct smoothing smooth_fit(const double *y, size_t n)
{
    struct ses m = {y, n, mean_of(y, MIN(n, 6)), 0};
    double p[2] = {logit(.3), 0};
    for (size_t t = 1; t < n; t++)
        m.scale += fabs(y[t] - y[t - 1]) / (double)(n - 1);
    if (n >= 3)
        minimize(ses_squares, &m, p, 2, .8, 60 * 2 + 100);
    return smoothing_of(&m, p);
}

/* The level after each number of values, 0 to n. */
static const double *levels_of(struct arena *a, const struct shape *s, struct smoothing by)
{
    double *levels = arena_new(a, double, s->n + 1);
    levels[0] = by.level;
    for (size_t t = 0; t < s->n; t++)
        levels[t + 1] = levels[t] + by.alpha * (s->exact[t] - levels[t]);
    return levels;
}

static bool flat_ahead(const struct fit *f, size_t origin, int h, double *ret)
{
    const double *levels = f->state;
    for (int k = 0; k < h; k++)
        ret[k] = levels[origin];
    return origin > 0;
}

static bool ses_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    struct smoothing by = smooth_fit(s->y, s->n);
    *ret = (struct fit){&model_ses, flat_ahead, s, levels_of(a, s, by),
                        str_fmt(a, "a=%.3f", by.alpha)};
    return true;
}

/* --- run rate: too few values to fit anything; the newest counts half --- */

static bool run_rate_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    *ret = (struct fit){&model_run_rate, flat_ahead, s,
                        levels_of(a, s, (struct smoothing){.5, s->exact[0]}), S("a=0.5")};
    return true;
}

/* --- Croston's method, as Syntetos and Boylan corrected it: size over distance --- */

#define CROSTON_ALPHA .1

static bool croston_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    double *levels = arena_new(a, double, s->n + 1), size = 0, distance = 1, since = 1;
    bool seen = false;
    for (size_t t = 0; t < s->n; t++, since++) {
        if (s->exact[t] > 0) {
            size = seen ? size + CROSTON_ALPHA * (s->exact[t] - size) : s->exact[t];
            distance = seen ? distance + CROSTON_ALPHA * (since - distance) : since;
            since = 0;
            seen = true;
        }
        levels[t + 1] = seen ? (1 - CROSTON_ALPHA / 2) * size / fmax(1, distance) : 0;
    }
    *ret = (struct fit){&model_croston, flat_ahead, s, levels, str_fmt(a, "every %.1f", distance)};
    return true;
}

const struct series_model model_snaive = {"snaive", snaive_applies, snaive_fit};
const struct series_model model_ses = {"ses", always, ses_fit};
const struct series_model model_run_rate = {"run-rate", always, run_rate_fit};
const struct series_model model_croston = {"croston", always, croston_fit};
