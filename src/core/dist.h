/* dist.h - what a range in a plan means: a quantile function of one standard normal score.
 *
 * `p (lo to hi)`: the 5th, 50th and 95th percentiles are hit exactly (other widths: z_end).
 * Positive: two-piece lognormal; shares strictly inside 0-100 %: the same in logit space; touching
 * or crossing zero: two-piece normal. */
#ifndef CORE_DIST_H
#define CORE_DIST_H

#include "base/base.h"

#define DIST_Z95 1.6448536269514722

enum dist_kind { DIST_POINT, DIST_LOGNORMAL, DIST_LOGIT, DIST_NORMAL };

enum dist_kind dist_kind(double lo, double hi, bool share);
/* The point of the bare form `lo to hi`: the median. */
double dist_median(double lo, double hi, bool share);
/* The value at score z; z_end is the score of `hi` (DIST_Z95 for 90 % ranges). */
double dist_at(enum dist_kind kind, double lo, double p, double hi, double z, double z_end);
/* The standard normal quantile of 0 < q < 1, to about 1e-15. */
double dist_z_of(double q);

#endif
