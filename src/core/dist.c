/* dist.c - ranges as quantile functions. */
#include "core/dist.h"

#include <math.h>

#include "core/mathfn.h"

static double logit(double x)
{
    return math_log(x / (1 - x));
}

enum dist_kind dist_kind(double lo, double hi, bool share)
{
    if (!(lo < hi))
        return DIST_POINT;
    if (lo <= 0)
        return DIST_NORMAL;
    return share && hi < 1 ? DIST_LOGIT : DIST_LOGNORMAL;
}

double dist_median(double lo, double hi, bool share)
{
    switch (dist_kind(lo, hi, share)) {
    case DIST_POINT:
        return lo;
    case DIST_LOGNORMAL:
        return sqrt(lo * hi);
    case DIST_LOGIT:
        return 1 / (1 + math_exp(-(logit(lo) + logit(hi)) / 2));
    case DIST_NORMAL:
        return (lo + hi) / 2;
    }
    UNREACHABLE();
}

double dist_at(enum dist_kind kind, double lo, double p, double hi, double z, double z_end)
{
    double u = z / z_end;
    switch (kind) {
    case DIST_POINT:
        return p;
    case DIST_LOGNORMAL:
        return p * math_pow(u < 0 ? p / lo : hi / p, u);
    case DIST_LOGIT: {
        double at = logit(p);
        double x = at + u * (u < 0 ? at - logit(lo) : logit(hi) - at);
        return 1 / (1 + math_exp(-x));
    }
    case DIST_NORMAL:
        return p + u * (u < 0 ? p - lo : hi - p);
    }
    UNREACHABLE();
}

double dist_z_of(double q)
{
    return math_normal_quantile(q);
}
