/* series_interval.c - how far off a forecast may be: as far as the same combination was before.
 *
 * From every origin of the newer half the fitted models say what they would have forecast; the root
 * mean square of these errors h steps ahead, smoothed over h by a power law, is the spread. Totals
 * have their own from errors summed along each origin's path: bounds of steps never add up. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_run.h"

#define MOST_ORIGINS 60
#define FIRST_ORIGIN 6
#define FITTED 16.       /* errors of a fitted past are too small: their square by 1 + FITTED / n */
#define STEPS_WIDER 1.03 /* and the future drifts further than the past; calibrated to 80 % */
#define FEW_ERRORS 6   /* below, a guess of the spread counts as well */
#define GUESS .25      /* of the mean size of values */
#define GUESS_WEIGHT 3 /* errors that the guess counts like */

size_t series_first_origin(const struct series_run *r)
{
    size_t n = r->shape.n, newest = n > MOST_ORIGINS ? n - MOST_ORIGINS : 0;
    return MIN(n, MAX(MAX(n / 2, newest), MIN(FIRST_ORIGIN, n)));
}

/* Root mean squares of errors 1..h steps ahead. */
struct spread {
    double *sigma;  /* h */
    size_t *counts; /* h: errors behind each */
};

static struct spread spread_new(struct arena *a, int h)
{
    return (struct spread){arena_new(a, double, (size_t)h), arena_new(a, size_t, (size_t)h)};
}

/* Less than rounding leaves over is none. */
static double root(double squares, size_t n)
{
    double mean = sqrt(squares / (double)MAX(n, 1));
    return mean < 1e-12 ? 0 : mean;
}

static void measure(struct arena *a, const struct series_run *r, int h, struct spread *steps,
                    struct spread *totals)
{
    const struct shape *s = &r->shape;
    double *ahead = arena_new(a, double, (size_t)h), *members[4];
    for (int i = 0; i < 4; i++)
        members[i] = arena_new(a, double, (size_t)h);
    size_t from = s->n < r->unit ? 1 : series_first_origin(r);
    for (size_t t = from; t < s->n; t++) {
        int known = (int)MIN((size_t)h, s->n - t);
        double sum = 0;
        if (!series_combine(r, t, known, members, ahead))
            continue;
        for (int k = 0; k < known; k++) {
            double e = s->exact[t + (size_t)k] - ahead[k];
            sum += e;
            steps->sigma[k] += e * e;
            totals->sigma[k] += sum * sum;
            steps->counts[k]++;
            totals->counts[k]++;
        }
    }
    for (int k = 0; k < h; k++) {
        steps->sigma[k] = root(steps->sigma[k], steps->counts[k]);
        totals->sigma[k] = root(totals->sigma[k], totals->counts[k]);
    }
}

/* sigma_h = sigma_1 h^e. What was measured counts by the paths of errors that do not overlap:
 * against as many as `weight` the exponent is taken for the usual one; against as many as `lawful`
 * a sigma is taken for what the law says (0: each counts half). */
struct law {
    double lowest, highest, usual, weight, lawful;
};
static const struct law of_steps = {.05, .9, .3, 0, 0}, of_totals = {.5, 1.6, 1.25, 2, 2};

/* By least squares, weighted with the errors behind each. */
static double exponent_of(const struct spread *s, int h, const struct law *l)
{
    double above = 0, below = 0, paths = (double)s->counts[0] / h;
    for (int k = 1; k < h; k++)
        if (s->sigma[k] > 0 && s->sigma[0] > 0) {
            double x = math_log(k + 1), w = (double)s->counts[k];
            above += w * x * math_log(s->sigma[k] / s->sigma[0]);
            below += w * x * x;
        }
    double e =
        below > 0 ? (paths * above / below + l->weight * l->usual) / (paths + l->weight) : l->usual;
    return fmin(fmax(e, l->lowest), l->highest);
}

/* Measured and lawful together; the law alone where hardly anything was measured. */
static void smooth(struct spread *s, int h, const struct law *l)
{
    double e = exponent_of(s, h, l), first = s->sigma[0];
    for (int k = 1; k < h; k++) {
        double lawful = first * math_pow(k + 1, e), paths = (double)s->counts[k] / (k + 1);
        double measured = l->lawful > 0 ? paths / (paths + l->lawful) : .5;
        s->sigma[k] = s->counts[k] >= 3 ? lawful + measured * (s->sigma[k] - lawful) : lawful;
    }
}

static double guess_of(const struct shape *s)
{
    double size = 0;
    for (size_t t = 0; t < s->n; t++)
        size += fabs(s->y[t]) / (double)s->n;
    return GUESS * size;
}

static struct series_step around(double middle, double sigma, double df, bool non_negative)
{
    double near = sigma * (1.2816 + .85 / df), far = sigma * (1.96 + 2.4 / df);
    struct series_step s = {middle - far, middle - near, middle, middle + near, middle + far};
    if (non_negative) {
        s.p2_5 = fmax(0, s.p2_5);
        s.p10 = fmax(0, s.p10);
    }
    return s;
}

static struct series_step scaled(struct series_step s, double by)
{
    return (struct series_step){s.p2_5 * by, s.p10 * by, s.p50 * by, s.p90 * by, s.p97_5 * by};
}

void series_intervals(struct arena *scratch, const struct series_run *r, int h,
                      const double *middle, struct series_forecast *ret)
{
    struct spread steps = spread_new(scratch, h), totals = spread_new(scratch, h);
    double n = (double)r->shape.n, sum = 0;
    bool known = r->known > 0;
    if (known)
        measure(scratch, r, h, &steps, &totals);
    if (known && steps.counts[0] < FEW_ERRORS && !(r->constant && r->shape.n >= r->unit)) {
        double errors = (double)steps.counts[0], guess = guess_of(&r->shape);
        steps.sigma[0] = totals.sigma[0] =
            sqrt((GUESS_WEIGHT * guess * guess + errors * steps.sigma[0] * steps.sigma[0]) /
                 (GUESS_WEIGHT + errors));
    }
    smooth(&steps, h, &of_steps);
    smooth(&totals, h, &of_totals);
    double df = fmax(4, n / 4), fitted = sqrt(1 + FITTED / fmax(n, 1));
    double wider = STEPS_WIDER * fitted;
    ret->sigma1 = known ? steps.sigma[0] * wider * r->scale : NAN;
    for (int k = 0; k < h; k++) {
        double unknown = known ? 0 : NAN; /* nothing was ever seen: no interval */
        sum += middle[k];
        ret->steps[k] =
            scaled(around(middle[k], steps.sigma[k] * wider + unknown, df, r->shape.non_negative),
                   r->scale);
        ret->totals[k] =
            scaled(around(sum, totals.sigma[k] * fitted + unknown, df, r->shape.non_negative),
                   r->scale);
    }
}
