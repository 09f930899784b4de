/* series_theta.c - the optimized theta model on logarithms, the strongest single member.
 *
 * z = log(y / season) follows half a straight line A + B t and half simple exponential smoothing:
 *   mu_t = l_{t-1} + (1 - 1/theta) ((1-a)^{t-1} A + (1 - (1-a)^t) / a B),  l_t = a z_t + (1-a)
 * l_{t-1} with theta 2, A and B by least squares over the whole series, a and l_0 fitted. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

#define HALF .5 /* 1 - 1/theta */
#define ROOM .7 /* logarithms a forecast may leave the range of the past by, beside the range */

struct theta {
    const double *z;
    size_t n;
    double a, b;  /* the line a + b t, t from 1 */
    double scale; /* of changes of z */
    double alpha, level0;
    double lowest, highest;
    const double *levels; /* n + 1: after t values */
    const double *shares; /* n + 1: (1 - alpha)^t */
};

static double alpha_of(double p)
{
    return .02 + .97 * sigmoid(p);
}

static double squares(void *ctx, const double *p)
{
    const struct theta *m = ctx;
    if (fabs(p[0]) > MINIMUM_FAR || fabs(p[1]) > 1e3)
        return 1e30;
    double alpha = alpha_of(p[0]), share = 1, sum = 0, b = m->b / alpha;
    double level = m->z[0] - HALF * (m->a + m->b) + p[1] * m->scale;
    for (size_t t = 0; t < m->n; t++) {
        double next = share * (1 - alpha);
        double mu = level + HALF * (share * m->a + (1 - next) * b), e = m->z[t] - mu;
        sum += e * e;
        level += alpha * (m->z[t] - level);
        share = next;
    }
    return sum;
}

static bool ahead(const struct fit *f, size_t origin, int h, double *ret)
{
    const struct theta *m = f->state;
    double level = m->levels[origin], share = m->shares[origin], b = m->b / m->alpha;
    for (int k = 0; k < h; k++) {
        double next = share * (1 - m->alpha);
        double mu = level + HALF * (share * m->a + (1 - next) * b);
        level += m->alpha * (mu - level);
        share = next;
        ret[k] = season_add(f->shape, origin + (size_t)k,
                            math_exp(fmin(fmax(mu, m->lowest), m->highest)));
    }
    return true;
}

static void fit_line(struct theta *m)
{
    double n = (double)m->n, mid = (n + 1) / 2, mean = mean_of(m->z, m->n), sum = 0;
    for (size_t t = 0; t < m->n; t++)
        sum += ((double)(t + 1) - mid) * (m->z[t] - mean);
    m->b = sum / (n * (n * n - 1) / 12);
    m->a = mean - m->b * mid;
}

static bool fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    struct theta *m = arena_new(a, struct theta, 1);
    double *z = arena_new(a, double, s->n), *levels = arena_new(a, double, s->n + 1);
    double *shares = arena_new(a, double, s->n + 1), p[2] = {0, 0}, changes = 0;
    m->lowest = m->highest = math_log(s->adjusted[0]);
    for (size_t t = 0; t < s->n; t++) {
        z[t] = math_log(s->adjusted[t]);
        m->lowest = fmin(m->lowest, z[t]);
        m->highest = fmax(m->highest, z[t]);
        changes += t ? fabs(z[t] - z[t - 1]) : 0;
    }
    double room = m->highest - m->lowest + ROOM;
    m->lowest -= room;
    m->highest += room;
    m->z = z;
    m->n = s->n;
    m->scale = changes / (double)(s->n - 1);
    fit_line(m);
    minimize(squares, m, p, 2, .8, 60 * 2 + 100);
    m->alpha = alpha_of(p[0]);
    m->level0 = m->z[0] - HALF * (m->a + m->b) + p[1] * m->scale;
    levels[0] = m->level0;
    shares[0] = 1;
    for (size_t t = 0; t < s->n; t++) {
        levels[t + 1] = levels[t] + m->alpha * (z[t] - levels[t]);
        shares[t + 1] = shares[t] * (1 - m->alpha);
    }
    m->levels = levels;
    m->shares = shares;
    *ret = (struct fit){&model_log_theta, ahead, s, m,
                        str_fmt(a, "a=%.3f drift=%.4f", m->alpha, m->b)};
    return true;
}

static bool applies(const struct shape *s)
{
    return s->positive && s->n >= 3;
}

const struct series_model model_log_theta = {.name = "log-theta", .applies = applies, .fit = fit};
