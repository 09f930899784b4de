/* series_score.c - how good forecasts were, and the benchmarks they are measured against: Naive2
 * and simple exponential smoothing on the seasonal test of the M4 competition. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

/* Mean absolute change over a season: what MASE and MSIS count in. NAN where there is none. */
static double naive_error(const double *y, size_t n, size_t period)
{
    double sum = 0;
    if (n <= period)
        return NAN;
    for (size_t t = period; t < n; t++)
        sum += fabs(y[t] - y[t - period]);
    return sum / (double)(n - period);
}

/* Width of an interval and what it costs to miss it, as MSIS counts. */
static double interval_score(double y, double low, double high, double alpha)
{
    return high - low + (y < low ? 2 / alpha * (low - y) : 0) +
           (y > high ? 2 / alpha * (y - high) : 0);
}

static double pinball(double y, double q, double level)
{
    return y >= q ? level * (y - q) : (1 - level) * (q - y);
}

struct series_score series_score(const double *y, size_t n, int period, const double *actual,
                                 const struct series_step *steps, int h)
{
    struct series_score s = {0};
    double wrong = 0, bias = 0, size = 0, sum = 0, symmetric = 0, loss = 0;
    double scale = naive_error(y, n, (size_t)period);
    for (int k = 0; k < h; k++) {
        const struct series_step *f = &steps[k];
        double e = fabs(actual[k] - f->p50), both = fabs(actual[k]) + fabs(f->p50);
        wrong += e;
        bias += f->p50 - actual[k];
        size += fabs(actual[k]);
        sum += actual[k];
        symmetric += both > 0 ? 2 * e / both : 0;
        s.coverage80 += actual[k] >= f->p10 && actual[k] <= f->p90;
        s.coverage95 += actual[k] >= f->p2_5 && actual[k] <= f->p97_5;
        s.msis80 += interval_score(actual[k], f->p10, f->p90, .2);
        s.msis95 += interval_score(actual[k], f->p2_5, f->p97_5, .05);
        loss += pinball(actual[k], f->p2_5, .025) + pinball(actual[k], f->p10, .1) +
                pinball(actual[k], f->p50, .5) + pinball(actual[k], f->p90, .9) +
                pinball(actual[k], f->p97_5, .975);
    }
    s.smape = 100 * symmetric / h;
    s.mase = scale > 0 ? wrong / h / scale : NAN;
    s.wape = size > 0 ? 100 * wrong / size : NAN;
    s.bias = sum != 0 ? 100 * bias / sum : NAN;
    bool unknown = isnan(steps[0].p10) || isnan(steps[0].p97_5);
    s.coverage80 = unknown ? NAN : 100 * s.coverage80 / h;
    s.coverage95 = unknown ? NAN : 100 * s.coverage95 / h;
    s.msis80 = unknown || !(scale > 0) ? NAN : s.msis80 / h / scale;
    s.msis95 = unknown || !(scale > 0) ? NAN : s.msis95 / h / scale;
    s.pinball = unknown || !(size > 0) ? NAN : 100 * loss / 5 / size;
    return s;
}

/* --- the competition's seasonal test and classical decomposition --- */

static double autocovariance(const double *y, size_t n, double mean, size_t lag)
{
    double sum = 0;
    for (size_t t = lag; t < n; t++)
        sum += (y[t] - mean) * (y[t - lag] - mean);
    return sum;
}

/* 90 %: is the autocorrelation at one season larger than those before it allow? Only lags up to
 * 10 log10(n) are looked at, as the competition's own program does. */
static bool seasonal(const double *y, size_t n, size_t period)
{
    if (period < 2 || n < 3 * period ||
        (double)period > floor(10 * math_log((double)n) / math_log(10)))
        return false;
    double mean = mean_of(y, n), variance = autocovariance(y, n, mean, 0), sum = 1, r = 0;
    if (!(variance > 0))
        return false;
    for (size_t lag = 1; lag <= period; lag++) {
        r = autocovariance(y, n, mean, lag) / variance;
        sum += lag < period ? 2 * r * r : 0;
    }
    return fabs(r) > 1.645 / sqrt((double)n) * sqrt(sum);
}

/* Multiplicative indices by phase from the first value on. */
static bool decompose(const double *y, size_t n, size_t period, double *index)
{
    size_t half = period / 2, counts[SERIES_MAX / 2] = {0};
    double total = 0;
    for (size_t k = 0; k < period; k++)
        index[k] = 0;
    for (size_t t = half; t + half < n; t++) {
        double trend = 0;
        for (size_t i = t - half; i <= t + half; i++)
            trend += y[i];
        if (period % 2 == 0)
            trend -= (y[t - half] + y[t + half]) / 2;
        trend /= (double)period;
        if (trend == 0)
            return false;
        index[t % period] += y[t] / trend;
        counts[t % period]++;
    }
    for (size_t k = 0; k < period; k++)
        total += index[k] /= (double)counts[k];
    for (size_t k = 0; k < period; k++) {
        index[k] *= (double)period / total;
        if (!(fabs(index[k]) > 1e-9) || !isfinite(index[k]))
            return false;
    }
    return true;
}

/* All 1 where the test finds no season or it cannot be divided out. */
static void test_indices(const double *y, size_t n, size_t period, double *index)
{
    if (seasonal(y, n, period) && decompose(y, n, period, index))
        return;
    for (size_t k = 0; k < period; k++)
        index[k] = 1;
}

void series_naive2(const double *y, size_t n, int period, int h, double *ret)
{
    double index[SERIES_MAX / 2];
    size_t p = (size_t)period;
    BUG_IF(period < 1 || p > ARRAY_LEN(index));
    test_indices(y, n, p, index);
    for (size_t k = 0; k < (size_t)h; k++)
        ret[k] = n ? y[n - 1] / index[(n - 1) % p] * index[(n + k) % p] : NAN;
}

void series_ses(struct arena *a, const double *y, size_t n, int period, int h, double *ret)
{
    double index[SERIES_MAX / 2], *adjusted = arena_new(a, double, n + 1);
    size_t p = (size_t)period;
    BUG_IF(period < 1 || p > ARRAY_LEN(index));
    test_indices(y, n, p, index);
    for (size_t t = 0; t < n; t++)
        adjusted[t] = y[t] / index[t % p];
    struct smoothing s = smooth_fit(adjusted, n);
    for (size_t t = 0; t < n; t++)
        s.level += s.alpha * (adjusted[t] - s.level);
    for (size_t k = 0; k < (size_t)h; k++)
        ret[k] = n ? s.level * index[(n + k) % p] : NAN;
}
