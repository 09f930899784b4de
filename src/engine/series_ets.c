/* series_ets.c - exponential smoothing: additive or relative errors, with or without a damped trend
 * and a season of the same kind, chosen by AICc. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_int.h"

#define UNFIT 1e30
#define SMALLEST_SQUARE 1e-20 /* mean square of errors that counts as an exact fit */

struct ets {
    const double *y;
    size_t n;
    size_t period;        /* 1: without a season */
    const double *season; /* the indices it starts from, or NULL */
    bool relative, trend;
    bool adjusted;      /* y is without its season, which forecasts get again */
    double base, scale; /* where the level starts, and its steps */
    double slope;       /* where the trend starts */
    double *states;     /* scratch: n + period seasonal states */
    double alpha, beta, gamma, phi, level0, trend0;
    double *levels, *trends; /* n + 1 of each after fitting, else NULL */
};

static int n_parameters(const struct ets *m)
{
    return 2 + 3 * m->trend + (m->season != NULL);
}

/* p: alpha, level, [beta, phi, trend], [gamma] */
static bool ets_set(struct ets *m, const double *p)
{
    int k = n_parameters(m);
    for (int i = 0; i < k; i++)
        if (!(fabs(p[i]) <= MINIMUM_FAR))
            return false;
    m->alpha = .0001 + .9998 * sigmoid(p[0]);
    m->level0 = m->base + p[1] * m->scale;
    m->beta = m->phi = m->trend0 = m->gamma = 0;
    if (m->trend) {
        m->beta = m->alpha * sigmoid(p[2]);
        m->phi = .8 + .18 * sigmoid(p[3]);
        m->trend0 = m->slope + p[4] * m->scale / 4;
    }
    if (m->season)
        m->gamma = (1 - m->alpha) * sigmoid(p[k - 1]);
    return true;
}

static double additive(struct ets *m)
{
    double l = m->level0, b = m->trend0, sum = 0;
    double *s = m->states;
    for (size_t t = 0; t < m->n; t++) {
        double base = l + m->phi * b, mu = base, e;
        if (m->season)
            mu += s[t];
        e = m->y[t] - mu;
        sum += e * e;
        l = base + m->alpha * e;
        b = m->phi * b + m->beta * e;
        if (m->season)
            s[t + m->period] = s[t] + m->gamma * e;
        if (m->levels) {
            m->levels[t + 1] = l;
            m->trends[t + 1] = b;
        }
    }
    double n = (double)m->n;
    return n * math_log(fmax(sum / n, SMALLEST_SQUARE));
}

static double relative(struct ets *m)
{
    double l = m->level0, b = m->trend0, sum = 0, product = 1, logs = 0;
    double *s = m->states;
    for (size_t t = 0; t < m->n; t++) {
        double base = l + m->phi * b, mu = base, e;
        if (m->season)
            mu *= s[t];
        if (!(base > 1e-9) || !(mu > 1e-9))
            return UNFIT;
        e = m->y[t] / mu - 1;
        sum += e * e;
        product *= mu;
        if (t % 16 == 15) { /* before it can leave what a double holds */
            logs += math_log(product);
            product = 1;
        }
        l = base * (1 + m->alpha * e);
        b = m->phi * b + m->beta * base * e;
        if (m->season)
            s[t + m->period] = s[t] * (1 + m->gamma * e);
        if (m->levels) {
            m->levels[t + 1] = l;
            m->trends[t + 1] = b;
        }
    }
    double n = (double)m->n;
    logs += math_log(product);
    return n * math_log(fmax(sum / n, SMALLEST_SQUARE)) + 2 * logs;
}

static double likelihood(void *ctx, const double *p)
{
    struct ets *m = ctx;
    if (!ets_set(m, p))
        return UNFIT;
    double v = m->relative ? relative(m) : additive(m);
    return v < UNFIT ? v : UNFIT; /* not a number: unfit as well */
}

static double aicc_of(const struct ets *m, double likelihood)
{
    /* and the variance; a season's indices add up to a constant */
    double k = n_parameters(m) + 1 + (m->season ? (double)m->period - 1 : 0), n = (double)m->n;
    return n - k - 1 > 0 ? likelihood + 2 * k + 2 * k * (k + 1) / (n - k - 1) : INFINITY;
}

static double fit_one(struct ets *m, const struct shape *s)
{
    double p[6] = {logit(.3), 0, logit(.1), logit((.9 - .8) / .18), 0, logit(.1)};
    enum season_kind kind = m->relative ? SEASON_RATIO : SEASON_DIFFERENCE;
    double level = 0, first = 0, change = 0;
    size_t head = MIN(s->n, 6), longer = MIN(s->n, 10);
    int k = n_parameters(m);
    if (!m->trend)
        p[2] = logit(.1); /* of gamma */
    if (m->season) {
        m->season = s->season[kind];
        memcpy(m->states, m->season, m->period * sizeof *m->season);
    }
    for (size_t t = 0; t < longer; t++) {
        double v = m->y[t];
        if (m->season)
            v = m->relative ? v / m->season[t % m->period] : v - m->season[t % m->period];
        level += t < head ? v / (double)head : 0;
        if (t == 0)
            first = v;
        if (t == longer - 1)
            change = (v - first) / (double)MAX(longer - 1, 1);
    }
    m->base = level;
    m->slope = m->trend ? change / 2 : 0;
    return minimize(likelihood, m, p, k, .8, 60 * k + 100) < UNFIT && ets_set(m, p)
               ? aicc_of(m, likelihood(m, p))
               : INFINITY;
}

/* Values at `origin` and after: the state has seen those before. */
static bool ahead(const struct fit *f, size_t origin, int h, double *ret)
{
    const struct ets *m = f->state;
    double level = m->levels[origin], trend = m->trends[origin], damped = 0, phi = 1;
    for (int k = 0; k < h; k++) {
        phi *= m->phi;
        damped += phi;
        double v = level + damped * trend;
        if (m->season) {
            double s = m->states[origin + (size_t)k % m->period];
            v = m->relative ? v * s : v + s;
        }
        ret[k] = m->adjusted ? season_add(f->shape, origin + (size_t)k, v) : v;
    }
    return true;
}

static str describe(struct arena *a, const struct ets *m)
{
    str text = str_fmt(a, "%c,%s,%s a=%.3f", m->relative ? 'M' : 'A', m->trend ? "Ad" : "N",
                       !m->season    ? "N"
                       : m->relative ? "M"
                                     : "A",
                       m->alpha);
    if (m->trend)
        text = str_fmt(a, "%.*s b=%.3f phi=%.3f", FMT(text), m->beta, m->phi);
    return m->season ? str_fmt(a, "%.*s g=%.3f", FMT(text), m->gamma) : text;
}

/* Once more with the best parameters, keeping the states. */
static void keep(struct arena *a, struct ets *m, struct fit *ret, const struct shape *s)
{
    m->levels = arena_new(a, double, m->n + 1);
    m->trends = arena_new(a, double, m->n + 1);
    m->levels[0] = m->level0;
    m->trends[0] = m->trend0;
    if (m->season)
        memcpy(m->states, m->season, m->period * sizeof *m->season);
    if (m->relative)
        relative(m);
    else
        additive(m);
    *ret = (struct fit){&model_ets, ahead, s, m, describe(a, m)};
}

static struct ets *start(struct arena *a, const struct shape *s)
{
    struct ets *m = arena_new(a, struct ets, 1);
    m->y = s->y;
    m->n = s->n;
    m->period = (size_t)s->period;
    m->states = arena_new(a, double, s->n + (size_t)s->period);
    for (size_t t = 1; t < s->n; t++)
        m->scale += fabs(s->adjusted[t] - s->adjusted[t - 1]) / (double)(s->n - 1);
    return m;
}

static bool ets_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    struct ets *best = start(a, s), trial = *best;
    double lowest = INFINITY;
    for (int form = 0; form < 8; form++) {
        bool relative_errors = form & 1, trend = form & 2, season = form & 4;
        if ((relative_errors && (!s->positive || (season && !s->ratios))) ||
            (season && s->period == 1) || (trend && s->n < 6))
            continue;
        trial.relative = relative_errors;
        trial.trend = trend;
        trial.season = season ? s->season[SEASON_RATIO] : NULL;
        double aicc = fit_one(&trial, s);
        if (aicc < lowest) {
            lowest = aicc;
            *best = trial;
        }
    }
    if (!(lowest < INFINITY))
        return false;
    keep(a, best, ret, s);
    return true;
}

/* Damped trend on the seasonally adjusted series: in place of log-theta where values are not all
 * positive. */
static bool damped_fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    struct ets *m = start(a, s);
    m->y = s->adjusted;
    m->adjusted = s->period > 1;
    m->trend = true;
    if (!(fit_one(m, s) < INFINITY))
        return false;
    keep(a, m, ret, s);
    ret->model = &model_damped;
    return true;
}

static bool applies(const struct shape *s)
{
    return s->n >= 4;
}

const struct series_model model_ets = {.name = "ets", .applies = applies, .fit = ets_fit};
const struct series_model model_damped = {.name = "damped", .applies = applies, .fit = damped_fit};
