/* mathfn.c - exp, log, pow and the normal distribution from the four operations and sqrt alone. */
#include "core/mathfn.h"

#include <math.h>

#define LN2_HI 6.93147180369123816490e-01 /* 33 bits: k x LN2_HI is exact */
#define LN2_LO 1.90821492927058770002e-10
#define INV_LN2 1.44269504088896338700e+00

static uint64_t bits_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static double of_bits(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* x times 2^k, rounded once, also where the result is subnormal. */
static double scale2(double x, int k)
{
    for (; k > 1023; k -= 1023)
        x *= 0x1p1023;
    for (; k < -969; k += 969) /* leaves 53 bits above the least normal number */
        x *= 0x1p-969;
    return x * of_bits((uint64_t)(k + 1023) << 52);
}

/* exp(hi + lo), |lo| far below |hi|: reduced to |r| <= ln2 / 2, then the rational function of
 * FreeBSD's msun (after Remez), whose error is below 2^-59. */
static double exp_sum(double hi, double lo)
{
    if (hi != hi)
        return hi;
    if (hi > 709.79)
        return INFINITY;
    if (hi < -745.2)
        return 0;
    int k = (int)(hi * INV_LN2 + (hi < 0 ? -0.5 : 0.5));
    double head = hi - k * LN2_HI, tail = k * LN2_LO - lo;
    double r = head - tail, t = r * r;
    double c =
        r - t * (1.66666666666666019037e-01 +
                 t * (-2.77777777770155933842e-03 +
                      t * (6.61375632143793436117e-05 +
                           t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    double y = 1 - ((tail - r * c / (2 - c)) - head);
    return scale2(y, k);
}

double math_exp(double x)
{
    return exp_sum(x, 0);
}

/* x = 2^*k x m with m in [sqrt(1/2), sqrt(2)); x positive and finite. */
static double split(double x, int *k)
{
    int e = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        e = -54;
    }
    uint64_t u = bits_of(x) + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    *k = e + (int)(u >> 52) - 1023;
    return of_bits((u & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);
}

static bool log_ends(double x, double *ret)
{
    if (x > 0 && x < INFINITY)
        return false;
    *ret = x == 0 ? -INFINITY : x < 0 ? NAN : x;
    return true;
}

/* log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f): the coefficients of msun. */
double math_log(double x)
{
    double end;
    int k;
    if (log_ends(x, &end))
        return end;
    double f = split(x, &k) - 1, s = f / (2 + f), z = s * s, w = z * z;
    double t1 = w * (3.999999999940941908e-01 +
                     w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double t2 = z * (6.666666666666735130e-01 +
                     w * (2.857142874366239149e-01 +
                          w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    double half = 0.5 * f * f;
    return k * LN2_HI - ((half - (s * (half + (t1 + t2)) + k * LN2_LO)) - f);
}

/* a x b as a sum of two doubles (Dekker). */
static double product(double a, double b, double *lo)
{
    double p = a * b, ca = 134217729 * a, cb = 134217729 * b;
    double ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
    *lo = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
    return p;
}

static double sum(double a, double b, double *lo) /* Knuth; any order of size */
{
    double s = a + b, t = s - a;
    *lo = (a - (s - t)) + (b - t);
    return s;
}

/* log(x) as a sum of two doubles, to about 2^-66 of its size: 2 atanh(s) by its series, whose first
 * two terms carry their rounding errors along. */
static double log_sum(double x, double *lo)
{
    static const double c[] = {2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                               2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
    int k;
    double f = split(x, &k) - 1, d = 2 + f, d_lo = f - (d - 2), p_lo;
    double s = f / d, p = product(s, d, &p_lo);
    double s_lo = (((f - p) - p_lo) - s * d_lo) / d;
    double z_lo, z = product(s, s, &z_lo), q_lo, q = product(z, s, &q_lo), r = 0;
    q_lo += (z_lo + 2 * s * s_lo) * s + z * s_lo;
    for (size_t i = ARRAY_LEN(c); i-- > 0;)
        r = r * z + c[i];
    double third_lo, third = product(q, 2.0 / 3, &third_lo); /* 2/3 + 2^-54/1.5 is two thirds */
    third_lo += q_lo * (2.0 / 3) + q * 0x1.5555555555555p-55;
    double t, t_lo, a = sum(k * LN2_HI, 2 * s, &t_lo);
    a = sum(a, third, &t);
    t += third_lo + q * z * r + t_lo + 2 * s_lo + k * LN2_LO;
    return sum(a, t, lo);
}

double math_pow(double x, double y)
{
    if (y == 0 || x == 1)
        return 1;
    if (y == 1)
        return x;
    if (x != x || y != y)
        return NAN;
    double fraction = y - floor(y), sign = 1;
    if (x < 0) { /* whole powers alone */
        if (fraction != 0)
            return NAN;
        sign = floor(y / 2) * 2 != y ? -1 : 1;
        x = -x;
    }
    if (x == 0)
        return y > 0 ? 0 : INFINITY;
    if (x == INFINITY)
        return y > 0 ? sign * INFINITY : 0;
    double l_lo, p_lo, l = log_sum(x, &l_lo);
    if (fabs(l * y) > 800 || fabs(y) > 1e300)
        return sign * exp_sum(l * y, 0);
    double p = product(l, y, &p_lo);
    return sign * exp_sum(p, p_lo + l_lo * y);
}

static double horner(const double *c, size_t n, double x)
{
    double r = 0;
    for (size_t i = n; i-- > 0;)
        r = r * x + c[i];
    return r;
}

/* Wichura's PPND16 (Applied Statistics algorithm 241): about 1e-16 of relative error. */
double math_normal_quantile(double q)
{
    static const double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                               1.9715909503065514427e+3, 1.3731693765509461125e+4,
                               4.5921953931549871457e+4, 6.7265770927008700853e+4,
                               3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[] = {1,
                               4.2313330701600911252e+1,
                               6.8718700749205790830e+2,
                               5.3941960214247511077e+3,
                               2.1213794301586595867e+4,
                               3.9307895800092710610e+4,
                               2.8729085735721942674e+4,
                               5.2264952788528545610e+3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    double p = q - 0.5;
    if (!(q > 0 && q < 1))
        return q == 0 ? -INFINITY : q == 1 ? INFINITY : NAN;
    if (fabs(p) <= 0.425) {
        double r = 0.180625 - p * p;
        return p * horner(a, 8, r) / horner(b, 8, r);
    }
    double r = sqrt(-math_log(p < 0 ? q : 1 - q));
    double z = r <= 5 ? horner(c, 8, r - 1.6) / horner(d, 8, r - 1.6)
                      : horner(e, 8, r - 5) / horner(f, 8, r - 5);
    return p < 0 ? -z : z;
}

/* Near the middle the series z + z^3/3 + z^5/15 + ..., whose terms are all of one sign; far out the
 * continued fraction of Mills' ratio, so that small chances keep their digits. */
double math_normal_cdf(double z)
{
    if (z != z)
        return z;
    double x = fabs(z), lo, square = product(x, x, &lo);
    if (x > 38.6)
        return z < 0 ? 0 : 1;
    double density = exp_sum(-square / 2, -lo / 2) * 3.98942280401432677940e-01, tail;
    if (x < 2) {
        double term = x, total = x;
        for (int k = 3; term > total * 1e-18; k += 2) {
            term *= square / k;
            total += term;
        }
        double half = density * total;
        return z < 0 ? 0.5 - half : 0.5 + half;
    }
    double fraction = x;
    for (int k = 160; k > 0; k--)
        fraction = x + k / fraction;
    tail = density / fraction;
    return z < 0 ? tail : 1 - tail;
}
