/* series_int.h - what the forecasting files share: a prepared series, and what a model is.
 *
 * To add a model: one file series_NAME.c with one `const struct series_model`, a line in the
 * recipes of series.c and in meson.build. A model is fitted once on the whole series; `ahead` then
 * says what it would have forecast from any origin with these parameters, so that the errors of the
 * past give the intervals. All numbers are in the units of `struct shape`, not in the caller's. */
#ifndef ENGINE_SERIES_INT_H
#define ENGINE_SERIES_INT_H

#include "engine/series.h"

enum season_kind { SEASON_RATIO, SEASON_DIFFERENCE };

/* A series made ready: gaps filled in, scaled so that the largest |value| is 1. */
struct shape {
    const double *y;     /* to 26 bits, for what is optimized: see plain() in series.c */
    const double *exact; /* the same to the last bit, for what is only copied or averaged */
    size_t n;
    int period;    /* 1 where there are too few values for a season */
    int lag;       /* of the seasonal naive: like period, but at one season's length already */
    bool positive; /* every value > 0 */
    bool non_negative;
    bool ratios;             /* the season is given as ratios: every value is positive */
    const double *season[2]; /* enum season_kind: period indices, by t % period; around 1 and 0 */
    const double *adjusted;  /* y without its season, by ratios where there are any */
    double strength;         /* of the season, 0 to 1 */
};

struct fit {
    const struct series_model *model;
    /* What the first `origin` values would have said of the next h; false: nothing. */
    bool (*ahead)(const struct fit *f, size_t origin, int h, double *ret);
    const struct shape *shape;
    const void *state;
    str parameters; /* for people */
};

struct series_model {
    const char *name;
    bool (*applies)(const struct shape *s);
    /* Fills state, ahead and parameters, all in a; false: no parameters fit. */
    bool (*fit)(struct arena *a, const struct shape *s, struct fit *ret);
};

extern const struct series_model model_log_theta, model_ets, model_damped, model_arima,
    model_snaive, model_ses, model_run_rate, model_croston;

/* --- seasonal indices: series_season.c --- */

/* Shrunk indices of both kinds and what follows from them. */
void season_find(struct arena *a, struct shape *s);
/* A value without its season, and with it again. */
double season_remove(const struct shape *s, size_t t, double y);
double season_add(const struct shape *s, size_t t, double level);

/* --- the optimizer: series_minimum.c --- */

#define MINIMUM_DIMENSIONS 12
#define MINIMUM_FAR 12.0 /* parameters beyond are outside what sigmoid() can tell apart */
typedef double objective(void *ctx, const double *p);
/* Nelder and Mead's simplex from x, which becomes the best point found. */
double minimize(objective *f, void *ctx, double *x, int k, double step, int most_evaluations);
double sigmoid(double x); /* 1 / (1 + exp(-x)) */
double logit(double share);

/* Exponential smoothing of n values, its level before the first; parameters by least squares. */
struct smoothing {
    double alpha, level;
};
struct smoothing smooth_fit(const double *y, size_t n);

double median_of(double *v, size_t n); /* sorts v */
double mean_of(const double *v, size_t n);

#endif
