/* series_season.c - seasonal indices without a test: always estimated, shrunk by how sure they are.
 *
 * The trend is a centered moving average over one season; what is left of each month, averaged over
 * the years, is its index. An index is believed as far as the indices differ by more than their own
 * noise does (empirical Bayes), so that a series without a season gets indices near 1. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

#define LOWEST_INDEX .03

/* T of half..n-half-1; averages 2 x period for even periods. */
static double trend_at(const double *y, size_t t, int period)
{
    size_t half = (size_t)period / 2;
    double sum = 0;
    for (size_t i = t - half; i <= t + half; i++)
        sum += y[i];
    if (period % 2 == 0)
        sum -= (y[t - half] + y[t + half]) / 2;
    return sum / period;
}

/* Noise of one value from how the same month differs from year to year, where a moving average
 * leaves too little to tell: half the variance of these differences. */
static double yearly_noise(const double *y, size_t n, int period, enum season_kind kind)
{
    size_t pairs = n - (size_t)period;
    double sum = 0, squares = 0;
    for (size_t t = 0; t < pairs; t++) {
        double a = y[t], b = y[t + (size_t)period], d = b - a;
        if (kind == SEASON_RATIO)
            d = a > 0 && b > 0 ? math_log(b / a) : a + b > 0 ? 2 * d / (a + b) : 0;
        sum += d;
        squares += d * d;
    }
    double mean = sum / (double)pairs;
    return fmax(0, squares / (double)pairs - mean * mean) * (double)pairs / (double)(pairs - 1) / 2;
}

/* Moments of what the trend leaves. */
struct rest {
    double total, seasonal; /* variance of all of it; of what the indices leave */
};

static struct rest find_kind(const struct shape *s, enum season_kind kind, double *index)
{
    size_t period = (size_t)s->period, half = period / 2, counts[SERIES_MAX / 2] = {0};
    double neutral = kind == SEASON_RATIO ? 1 : 0, mean = 0, squares = 0, left = 0, spread = 0;
    size_t from = half, to = s->n - half, known = to - from;
    for (size_t k = 0; k < period; k++)
        index[k] = 0;
    for (size_t t = from; t < to; t++) {
        double trend = trend_at(s->y, t, s->period);
        double r = kind == SEASON_RATIO ? s->y[t] / trend : s->y[t] - trend;
        index[t % period] += r;
        counts[t % period]++;
        mean += r;
        squares += r * r;
    }
    mean /= (double)known;
    for (size_t k = 0; k < period; k++)
        index[k] = counts[k] ? index[k] / (double)counts[k] : neutral;
    for (size_t t = from; t < to; t++) {
        double trend = trend_at(s->y, t, s->period);
        double r = kind == SEASON_RATIO ? s->y[t] / trend : s->y[t] - trend;
        left += (r - index[t % period]) * (r - index[t % period]);
    }
    double center = mean_of(index, period);
    for (size_t k = 0; k < period; k++) {
        index[k] = kind == SEASON_RATIO ? (center > 0 ? index[k] / center : 1) : index[k] - center;
        spread += (index[k] - neutral) * (index[k] - neutral);
    }
    spread /= (double)(period - 1);
    double per_index = (double)known / (double)period;
    double noise = s->n >= 3 * period ? left / (double)(known - period + 1)
                                      : yearly_noise(s->y, s->n, s->period, kind);
    double belief = spread > 0 ? fmax(0, 1 - noise / per_index / spread) : 0;
    for (size_t k = 0; k < period; k++) {
        index[k] = neutral + belief * (index[k] - neutral);
        if (kind == SEASON_RATIO)
            index[k] = fmax(LOWEST_INDEX, index[k]);
    }
    return (struct rest){squares / (double)known - mean * mean, left / (double)known};
}

double season_remove(const struct shape *s, size_t t, double y)
{
    size_t k = t % (size_t)s->period;
    return s->ratios ? y / s->season[SEASON_RATIO][k] : y - s->season[SEASON_DIFFERENCE][k];
}

double season_add(const struct shape *s, size_t t, double level)
{
    size_t k = t % (size_t)s->period;
    return s->ratios ? level * s->season[SEASON_RATIO][k] : level + s->season[SEASON_DIFFERENCE][k];
}

void season_find(struct arena *a, struct shape *s)
{
    double *ratios = arena_new(a, double, (size_t)s->period);
    double *differences = arena_new(a, double, (size_t)s->period);
    double *adjusted = arena_new(a, double, s->n);
    s->season[SEASON_RATIO] = ratios;
    s->season[SEASON_DIFFERENCE] = differences;
    s->ratios = s->positive && s->period > 1;
    for (int k = 0; k < s->period; k++)
        ratios[k] = 1;
    if (s->period > 1) {
        struct rest rest = find_kind(s, SEASON_DIFFERENCE, differences);
        if (s->ratios)
            rest = find_kind(s, SEASON_RATIO, ratios);
        s->strength = rest.total > 0 ? fmax(0, 1 - rest.seasonal / rest.total) : 0;
    }
    for (size_t t = 0; t < s->n; t++)
        adjusted[t] = s->period > 1 ? season_remove(s, t, s->y[t]) : s->y[t];
    s->adjusted = adjusted;
}
