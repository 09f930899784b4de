/* variance.c - what a variance is made of. */
#include "engine/variance.h"

#include <math.h>

#include "core/mathfn.h"

static double total(const double *q, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += q[i];
    return sum;
}

struct volume_mix_price variance_pvm(const double *q0, const double *p0, const double *q1,
                                     const double *p1, size_t n)
{
    struct volume_mix_price v = {0};
    double n0 = total(q0, n), n1 = total(q1, n);
    for (size_t i = 0; i < n; i++) {
        /* without any quantity before, what comes new is all mix: there is no old mix to grow */
        double s0 = n0 != 0 ? q0[i] / n0 : 0, s1 = n1 != 0 ? q1[i] / n1 : 0;
        v.volume += (n1 - n0) * s0 * p0[i];
        v.mix += n1 * (s1 - s0) * p0[i];
        v.price += q1[i] * (p1[i] - p0[i]);
    }
    return v;
}

/* ---- Shapley ---- */

static double factorial(size_t n)
{
    double f = 1;
    for (size_t i = 2; i <= n; i++)
        f *= (double)i;
    return f;
}

void variance_shapley(variance_value *value, const void *ctx, size_t n, double *parts)
{
    double values[1u << VARIANCE_FACTORS];
    BUG_IF(n > VARIANCE_FACTORS);
    unsigned subsets = 1u << n;
    for (unsigned s = 0; s < subsets; s++)
        values[s] = value(ctx, s);
    for (size_t i = 0; i < n; i++) {
        parts[i] = 0;
        for (unsigned s = 0; s < subsets; s++) {
            size_t others = (size_t)__builtin_popcount(s);
            if (s >> i & 1)
                continue;
            double weight = factorial(others) * factorial(n - others - 1) / factorial(n);
            parts[i] += weight * (values[s | 1u << i] - values[s]);
        }
    }
}

struct product {
    const double *f0, *f1;
    size_t n;
};

static double product_value(const void *ctx, unsigned moved)
{
    const struct product *p = ctx;
    double v = 1;
    for (size_t i = 0; i < p->n; i++)
        v *= moved >> i & 1 ? p->f1[i] : p->f0[i];
    return v;
}

void variance_product(const double *f0, const double *f1, size_t n, double *parts)
{
    struct product p = {f0, f1, n};
    variance_shapley(product_value, &p, n, parts);
}

bool variance_lmdi(const double *f0, const double *f1, size_t n, double *parts)
{
    struct product p = {f0, f1, n};
    for (size_t i = 0; i < n; i++)
        if (!(f0[i] > 0) || !(f1[i] > 0))
            return false;
    double v0 = product_value(&p, 0), v1 = product_value(&p, (1u << n) - 1);
    double mean = v1 == v0 ? v0 : (v1 - v0) / (math_log(v1) - math_log(v0));
    for (size_t i = 0; i < n; i++)
        parts[i] = mean * math_log(f1[i] / f0[i]);
    return true;
}

/* ---- cents ---- */

#define CENT (DEC_ONE / 100)
#define CENTS_MOST 9e17 /* of a part: what int64 holds with room to spare */

struct cents {
    int64_t floor;
    double rest;
};

static struct cents cents_of(double part)
{
    if (!isfinite(part) || fabs(part) * 100 > CENTS_MOST)
        return (struct cents){0, 0};
    double c = part * 100, down = floor(c);
    return (struct cents){(int64_t)down, c - down};
}

/* The part with the largest remainder gets the next cent; ties go to the earlier one. */
static size_t largest_rest(struct cents *c, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (c[i].rest > c[best].rest)
            best = i;
    return best;
}

void variance_cents(dec whole, const double *parts, size_t n, dec *ret, dec *ret_other)
{
    struct cents c[64];
    BUG_IF(n > ARRAY_LEN(c));
    dec left = dec_round(whole, 2) / CENT;
    for (size_t i = 0; i < n; i++) {
        c[i] = cents_of(parts[i]);
        left -= c[i].floor;
    }
    /* the floors lie below their parts by less than a cent each; doubles add a little noise */
    bool explained = left >= -1 && left <= (dec)n + 1 && n;
    for (; explained && left > 0; left--) {
        size_t k = largest_rest(c, n);
        c[k].floor++;
        c[k].rest -= 1;
    }
    for (; explained && left < 0; left++)
        c[0].floor--;
    if (!explained) {
        for (size_t i = 0; i < n; i++) {
            left -= c[i].rest >= 0.5;
            c[i].floor += c[i].rest >= 0.5;
        }
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = (dec)c[i].floor * CENT;
    *ret_other = left * CENT;
}

/* ---- timing ---- */

static dec size_of(dec v)
{
    return v < 0 ? -v : v;
}

/* part * num / den rounded to the cent towards zero, so that no month gives more than it has. */
static dec share_of(dec part, dec num, dec den)
{
    double v = dec_to_double(part) * (dec_to_double(num) / dec_to_double(den)) * 100;
    return (dec)(int64_t)v * CENT;
}

void variance_timing(const dec *deltas, size_t n, dec *ret_timing)
{
    dec up = 0, down = 0, given = 0;
    for (size_t i = 0; i < n; i++) {
        up += deltas[i] > 0 ? deltas[i] : 0;
        down += deltas[i] < 0 ? -deltas[i] : 0;
    }
    dec sign = up >= down ? 1 : -1; /* the side that has more keeps a permanent rest */
    size_t largest = n;
    for (size_t i = 0; i < n; i++) {
        bool keeps = deltas[i] * sign > 0;
        ret_timing[i] = keeps ? share_of(deltas[i], MIN(up, down), MAX(up, down)) : deltas[i];
        given += ret_timing[i];
        if (keeps && (largest == n || size_of(deltas[i]) > size_of(deltas[largest])))
            largest = i;
    }
    if (largest < n)
        ret_timing[largest] -= given;
}
