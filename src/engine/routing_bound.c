/* routing_bound.c - one-sided confidence bounds for a mean loss. */
#include "engine/routing_int.h"

#include <math.h>

enum { EXACT_BELOW = 200 }; /* labels */

double normal_score(double confidence)
{
    double lo = -9, hi = 9;
    for (int i = 0; i < 100 && lo < hi; i++) {
        double mid = (lo + hi) / 2;
        if (erfc(-mid / sqrt(2)) / 2 < confidence)
            lo = mid;
        else
            hi = mid;
    }
    return (lo + hi) / 2;
}

/* P(Binomial(n, p) <= k) */
static double binomial_cdf(size_t n, double p, double k)
{
    if (k >= (double)n)
        return 1;
    double term = exp((double)n * log1p(-p)), sum = 0;
    for (size_t i = 0; (double)i <= k; i++) {
        sum += term;
        term *= (double)(n - i) / (double)(i + 1) * (p / (1 - p));
    }
    return MIN(sum, 1);
}

/* Chance, at most, that values in 0..1 with mean p have a sample mean this low. */
static double hoeffding_bentkus(size_t n, double mean, double p)
{
    if (mean >= p)
        return 1;
    double entropy = (1 - mean) * log((1 - mean) / (1 - p));
    if (mean > 0)
        entropy += mean * log(mean / p);
    double bentkus = exp(1) * binomial_cdf(n, p, ceil((double)n * mean - 1e-9));
    return MIN(exp(-(double)n * entropy), bentkus);
}

/* Chance, at most, of so little loss if the mean loss were p: of the losing part max(d, 0) alone,
 * which lies in 0..1 and is never below the loss. */
static double exact_chance(const struct routing_sums *s, double p)
{
    bool counts = s->plus == floor(s->plus) && s->squares == s->plus + s->minus;
    if (p <= 0 || p >= 1)
        return p >= 1 ? 0 : 1;
    return counts ? binomial_cdf(s->n, p, s->plus)
                  : hoeffding_bentkus(s->n, s->plus / (double)s->n, p);
}

/* Variance of one loss if the mean loss were `delta`: that of paired proportions with that
 * difference (Tango 1998), scaled where losses are fractions. What was not seen in the sample thus
 * still counts, which a sample variance forgets where losses are rare. */
static double null_variance(double plus, double minus, double scale, double delta)
{
    double b = -(plus + minus) + (2 - plus + minus) * delta;
    double c = -minus * delta * (1 - delta);
    double p = (sqrt(MAX(b * b - 8 * c, 0)) - b) / 4;
    return MAX(scale * (2 * MAX(p, 0) + delta) - delta * delta, 0);
}

static double score_scale(const struct routing_sums *s)
{
    double size = s->plus + s->minus;
    return size > 0 ? s->squares / size : 1;
}

/* The score of "the mean is `delta`": how far below it the sample lies, in standard errors. */
static double score_at(const struct routing_sums *s, double delta)
{
    double n = (double)s->n, mean = (s->plus - s->minus) / n;
    double d = MAX(delta, 0);
    double v = null_variance(s->plus / n, s->minus / n, score_scale(s), d);
    if (delta < 0) /* mirrored: losing and winning change places */
        v = null_variance(s->minus / n, s->plus / n, score_scale(s), -delta);
    return v > 0 ? (delta - mean) / sqrt(v / n) : delta > mean ? INFINITY : 0;
}

/* Is a mean loss of `p` or more ruled out? z: the score of the confidence wanted. */
static bool ruled_out(const struct routing_sums *s, double p, double confidence, double z)
{
    if (s->n < EXACT_BELOW)
        return exact_chance(s, p) <= 1 - confidence;
    return score_at(s, p) >= z;
}

bool routing_below(const struct routing_sums *s, double loss, double confidence)
{
    return s->n && ruled_out(s, loss, confidence, normal_score(confidence));
}

double routing_bound(const struct routing_sums *s, double confidence)
{
    if (!s->n)
        return 1;
    double z = normal_score(confidence), lo = (s->plus - s->minus) / (double)s->n, hi = 1;
    for (int i = 0; i < 60; i++) {
        double mid = (lo + hi) / 2;
        if (ruled_out(s, mid, confidence, z))
            hi = mid;
        else
            lo = mid;
    }
    return hi;
}

double routing_labels_needed(const struct routing_sums *s, double loss, double confidence)
{
    double n = (double)s->n;
    double gap = loss - (s->plus - s->minus) / n;
    if (!s->n || !(gap > 0) || loss < 0)
        return 0;
    double z = normal_score(confidence);
    double v = null_variance(s->plus / n, s->minus / n, score_scale(s), loss);
    return MAX(ceil(z * z * v / (gap * gap)), EXACT_BELOW);
}
