/* mathfn.h - exp, log and the normal quantile with the same bytes on every machine and build.
 *
 * libm's differ between versions and processors in the last bit; what engine/ draws, fits and sums
 * must not. Errors are below 1 ulp for exp and log, below 1e-15 relative for pow and below 1e-14 for
 * the quantile, unless a function says otherwise. The usual ends: exp overflows to infinity, log(0)
 * is -infinity, log of a negative number is NaN. */
#ifndef CORE_MATHFN_H
#define CORE_MATHFN_H

#include "base/base.h"

double math_exp(double x);
double math_log(double x);
double math_pow(double x, double y); /* x < 0: whole powers alone, else NaN */
double math_normal_quantile(double q); /* 0 < q < 1 */
double math_normal_cdf(double z);      /* to about 1e-14 of the smaller tail */

#endif
