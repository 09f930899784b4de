/* variance.h - what a variance is made of: exact parts whose sum is the variance, to the cent.
 *
 * Two factors: volume, mix and price of many items. More: Shapley, the mean over all orders in which
 * the factors could have moved, so that no order is preferred and nothing is left over. LMDI splits a
 * product by logarithms and stands beside it as a reference. Amounts are double here and become cents
 * in variance_cents, by largest remainder. */
#ifndef ENGINE_VARIANCE_H
#define ENGINE_VARIANCE_H

#include "base/arena.h"
#include "core/dec.h"
#include "core/variance.h"

#define VARIANCE_FACTORS 8

/* Volume at the old mix, mix at the old prices, price on the new quantities. */
struct volume_mix_price {
    double volume, mix, price;
};
struct volume_mix_price variance_pvm(const double *q0, const double *p0, const double *q1,
                                     const double *p1, size_t n);

/* value(ctx, moved): the amount when the factors of the bits in `moved` stand at their new values
 * and the others at their old ones. parts: n of them; they sum to value(all) - value(0). */
typedef double variance_value(const void *ctx, unsigned moved);
void variance_shapley(variance_value *value, const void *ctx, size_t n, double *parts);
/* The same for a plain product of n <= VARIANCE_FACTORS factors. */
void variance_product(const double *f0, const double *f1, size_t n, double *parts);
/* Logarithmic mean Divisia of a product of positive factors. False: one of them is not. */
MUST_CHECK bool variance_lmdi(const double *f0, const double *f1, size_t n, double *parts);

/* Parts in cents whose sum is `whole` rounded to the cent, exactly. What the parts do not explain
 * (their sum is further from the whole than rounding could bring it) is *ret_other, else 0. Parts
 * that are not finite count as 0. */
void variance_cents(dec whole, const double *parts, size_t n, dec *ret, dec *ret_other);

/* How much of each month's delta is other months' money: when the deltas of a line have both signs,
 * what cancels is timing, and the rest is permanent. ret_timing: n of them, summing to 0 but for
 * rounding, which variance_timing removes: delta - timing is the permanent part. */
void variance_timing(const dec *deltas, size_t n, dec *ret_timing);

#endif
