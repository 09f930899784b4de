/* routing_shrink.c - means by class that know how little some classes tell. */
#include "engine/routing_int.h"

/* Labels' worth of the pooled variance that each class's own variance is mixed with: with fewer
 * labels than that a class's own says little (all of ten answers right is no variance of 0). */
static const double VARIANCE_PRIOR = 20;

/* Of the classes' true means; by moments (DerSimonian and Laird). */
static double between_variance(const double *mean, const double *weight, size_t n, double center)
{
    double sum = 0, sum_squares = 0, q = 0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weight[i];
        sum_squares += weight[i] * weight[i];
        q += weight[i] * (mean[i] - center) * (mean[i] - center);
        used += weight[i] > 0;
    }
    double scale = sum - sum_squares / sum;
    return used > 1 && scale > 0 ? MAX(0, (q - (double)(used - 1)) / scale) : 0;
}

static double weighted_mean(const double *mean, const double *weight, size_t n)
{
    double sum = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weight[i];
        total += weight[i] * mean[i];
    }
    return sum > 0 ? total / sum : 0;
}

void routing_shrink(const double *mean, const double *squares, const size_t *count, size_t n,
                    double *ret)
{
    double ss = 0, total = 0;
    size_t freedom = 0, labels = 0;
    for (size_t i = 0; i < n; i++) {
        ss += squares[i];
        total += mean[i] * (double)count[i];
        labels += count[i];
        freedom += count[i] > 0 ? count[i] - 1 : 0;
    }
    double pooled = freedom ? ss / (double)freedom : 0;
    double center = labels ? total / (double)labels : 0;
    if (!(pooled > 0)) { /* nothing varies, or one label a class: nothing to weigh by */
        for (size_t i = 0; i < n; i++)
            ret[i] = count[i] && freedom ? mean[i] : center;
        return;
    }
    struct arena scratch = ARENA_INIT;
    double *variance = arena_new(&scratch, double, n), *weight = arena_new(&scratch, double, n);
    for (size_t i = 0; i < n; i++) {
        double own = count[i] ? (double)(count[i] - 1) : 0;
        variance[i] = (squares[i] + VARIANCE_PRIOR * pooled) / (own + VARIANCE_PRIOR);
        if (count[i])
            variance[i] /= (double)count[i];
        weight[i] = count[i] ? 1 / variance[i] : 0;
    }
    double tau2 = between_variance(mean, weight, n, weighted_mean(mean, weight, n));
    for (size_t i = 0; i < n; i++)
        weight[i] = count[i] ? 1 / (tau2 + variance[i]) : 0;
    center = weighted_mean(mean, weight, n);
    for (size_t i = 0; i < n; i++)
        ret[i] = count[i] ? center + (mean[i] - center) * tau2 / (tau2 + variance[i]) : center;
    arena_release(&scratch);
}

/* Pool adjacent violators. */
void routing_isotonic(const double *y, const double *weight, size_t n, double *ret)
{
    struct arena scratch = ARENA_INIT;
    double *sum = arena_new(&scratch, double, n + 1), *mass = arena_new(&scratch, double, n + 1);
    size_t *length = arena_new(&scratch, size_t, n + 1), blocks = 0;
    for (size_t i = 0; i < n; i++) {
        sum[blocks] = y[i] * weight[i];
        mass[blocks] = weight[i];
        length[blocks++] = 1;
        while (blocks > 1 && sum[blocks - 2] * mass[blocks - 1] >= sum[blocks - 1] * mass[blocks - 2]) {
            blocks--;
            sum[blocks - 1] += sum[blocks];
            mass[blocks - 1] += mass[blocks];
            length[blocks - 1] += length[blocks];
        }
    }
    for (size_t b = 0, at = 0; b < blocks; b++)
        for (size_t i = 0; i < length[b]; i++)
            ret[at++] = mass[b] > 0 ? sum[b] / mass[b] : 0;
    arena_release(&scratch);
}
