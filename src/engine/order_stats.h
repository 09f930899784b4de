/* order_stats.h - quantiles of many values without sorting them all. */
#ifndef ENGINE_ORDER_STATS_H
#define ENGINE_ORDER_STATS_H

#include "base/base.h"

/* The values at these ranks (0-based, ascending, below n). v keeps its order; scratch: 2 n doubles. */
void order_stats(const double *v, size_t n, const size_t *ranks, size_t n_ranks, double *ret,
                 double *scratch);

/* The quantile at share p between the two ranks around (n - 1) p. */
struct quantile_ranks {
    size_t below, above;
    double part; /* of `above` */
};
struct quantile_ranks quantile_ranks(size_t n, double p);

/* Average ranks, from 1; equal values share theirs. */
void average_ranks(const double *v, size_t n, double *ret);
double correlation(const double *x, const double *y, size_t n);

#endif
