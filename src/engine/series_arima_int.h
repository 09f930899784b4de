/* series_arima_int.h - one seasonal ARIMA model of given orders: residuals, fit, forecast. */
#ifndef ENGINE_SERIES_ARIMA_INT_H
#define ENGINE_SERIES_ARIMA_INT_H

#include "engine/series_int.h"

#define ARIMA_MOST 3                     /* p, q; P and Q are at most 1 */
#define ARIMA_TERMS (2 * ARIMA_MOST + 1) /* lags of a product of two polynomials */

struct arima_order {
    int p, q, P, Q;
    bool constant;
};

/* Lags with a coefficient, the longest first. */
struct lags {
    int n;
    int at[ARIMA_TERMS];
    double by[ARIMA_TERMS];
};

/* The series to explain: differenced, with `pad` zeros in front (what was before is the mean). */
struct arima_data {
    const double *y; /* before differencing */
    size_t n, period, pad;
    int d, D;
    size_t lost;     /* values that differencing costs: d + D period */
    const double *w; /* n - lost values */
    size_t n_w;
    double mean, scale;
    double *x, *u, *e; /* scratch, pad + n_w: w less its constant; after AR; residuals */
};

struct arima {
    struct arima_order order;
    double parameters[2 * ARIMA_MOST + 3]; /* as the optimizer sees them */
    struct lags ar, ma;
    double constant; /* mean of w */
    double sse, aicc;
};

/* Differences y; false: too few values are left. */
bool arima_difference(struct arena *a, const double *y, size_t n, size_t period, int d, int D,
                      struct arima_data *ret);
/* By conditional sum of squares; false: nothing fits. */
bool arima_estimate(struct arima_data *data, struct arima_order o, struct arima *ret);
/* Fills data->x and data->e with what the model makes of the series. */
double arima_residuals(struct arima_data *data, const struct arima *m);
/* The next h values of y after `origin`; false: differencing leaves nothing there. */
bool arima_ahead(const struct arima_data *data, const struct arima *m, size_t origin, int h,
                 double *ret);

#endif
