/* mathfn.c - exp, log and the normal quantile, for now by libm. */
#include "core/mathfn.h"

#include <math.h>

double math_exp(double x)
{
    return exp(x);
}

double math_log(double x)
{
    return log(x);
}

double math_pow(double x, double y)
{
    return pow(x, y);
}

double math_normal_cdf(double z)
{
    return .5 * erfc(-z / sqrt(2));
}
