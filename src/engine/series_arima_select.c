/* series_arima_select.c - which seasonal ARIMA model: differences by tests, orders by Hyndman and
 * Khandakar's stepwise search for the lowest AICc. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_arima_int.h"

#define MOST_MODELS 40
#define STRONG_SEASON .64 /* takes a seasonal difference */
#define KPSS_5_PERCENT .463

/* Kwiatkowski, Phillips, Schmidt and Shin: is the level stationary? */
static double kpss(const double *w, size_t n)
{
    double mean = mean_of(w, n), sum = 0, eta = 0, variance = 0;
    size_t lags = (size_t)(4 * math_pow((double)n / 100, .25));
    for (size_t t = 0; t < n; t++) {
        sum += w[t] - mean;
        eta += sum * sum;
        variance += (w[t] - mean) * (w[t] - mean);
    }
    for (size_t l = 1; l <= lags && l < n; l++) {
        double c = 0;
        for (size_t t = l; t < n; t++)
            c += (w[t] - mean) * (w[t - l] - mean);
        variance += 2 * (1 - (double)l / (double)(lags + 1)) * c;
    }
    return variance > 0 ? eta / ((double)n * variance) : 0;
}

struct choice {
    struct arima_data data;
    struct arima best;
    bool any, seasonal, constant_allowed;
    bool seen[ARIMA_MOST + 1][ARIMA_MOST + 1][2][2][2];
    int tried;
};

/* True when it is better than the best before. */
static bool try_order(struct choice *c, struct arima_order o)
{
    if (o.p < 0 || o.q < 0 || o.P < 0 || o.Q < 0 || o.p > ARIMA_MOST || o.q > ARIMA_MOST ||
        o.P > c->seasonal || o.Q > c->seasonal || (o.constant && !c->constant_allowed) ||
        c->seen[o.p][o.q][o.P][o.Q][o.constant] || c->tried >= MOST_MODELS)
        return false;
    struct arima m;
    c->seen[o.p][o.q][o.P][o.Q][o.constant] = true;
    c->tried++;
    if (!arima_estimate(&c->data, o, &m) || (c->any && m.aicc >= c->best.aicc))
        return false;
    c->best = m;
    c->any = true;
    return true;
}

/* One step in some direction from the best; true: there is a new best. */
static bool step_once(struct choice *c)
{
    static const signed char moves[][4] = {
        {0, 0, -1, 0},  {0, 0, 0, -1}, {0, 0, 1, 0},  {0, 0, 0, 1},  {0, 0, -1, -1}, {0, 0, -1, 1},
        {0, 0, 1, -1},  {0, 0, 1, 1},  {-1, 0, 0, 0}, {0, -1, 0, 0}, {1, 0, 0, 0},   {0, 1, 0, 0},
        {-1, -1, 0, 0}, {-1, 1, 0, 0}, {1, -1, 0, 0}, {1, 1, 0, 0},
    };
    struct arima_order from = c->best.order;
    for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
        struct arima_order o = {from.p + moves[i][0], from.q + moves[i][1], from.P + moves[i][2],
                                from.Q + moves[i][3], from.constant};
        if (try_order(c, o))
            return true;
    }
    from.constant = !from.constant;
    return try_order(c, from);
}

static void search(struct choice *c)
{
    int s = c->seasonal;
    bool k = c->constant_allowed;
    try_order(c, (struct arima_order){2, 2, s, s, k});
    try_order(c, (struct arima_order){0, 0, 0, 0, k});
    try_order(c, (struct arima_order){1, 0, s, 0, k});
    try_order(c, (struct arima_order){0, 1, 0, s, k});
    if (k)
        try_order(c, (struct arima_order){0, 0, 0, 0, false});
    while (c->any && c->tried < MOST_MODELS && step_once(c))
        ;
}

static bool ahead(const struct fit *f, size_t origin, int h, double *ret)
{
    const struct choice *c = f->state;
    if (!arima_ahead(&c->data, &c->best, origin, h, ret))
        return false;
    for (int k = 0; !c->seasonal && f->shape->period > 1 && k < h; k++)
        ret[k] = season_add(f->shape, origin + (size_t)k, ret[k]);
    return true;
}

static str describe(struct arena *a, const struct choice *c)
{
    const struct arima_order *o = &c->best.order;
    str s = str_fmt(a, "(%d,%d,%d)", o->p, c->data.d, o->q);
    if (c->seasonal)
        s = str_fmt(a, "%.*s(%d,%d,%d)%zu", FMT(s), o->P, c->data.D, o->Q, c->data.period);
    return o->constant ? str_fmt(a, "%.*s%s", FMT(s), c->data.d + c->data.D ? " drift" : " mean")
                       : s;
}

/* Five seasons carry a seasonal model; below, the indices do. */
static bool fit(struct arena *a, const struct shape *s, struct fit *ret)
{
    struct choice *c = arena_new(a, struct choice, 1);
    size_t period = (size_t)s->period;
    c->seasonal = period > 1 && s->n >= 5 * period;
    const double *y = c->seasonal ? s->y : s->adjusted;
    int D = c->seasonal && s->strength > STRONG_SEASON, d = 0;
    if (!arima_difference(a, y, s->n, period, 0, D, &c->data))
        return false;
    while (d < 2 && kpss(c->data.w, c->data.n_w) > KPSS_5_PERCENT)
        if (!arima_difference(a, y, s->n, period, ++d, D, &c->data))
            return false;
    c->constant_allowed = d + D < 2;
    search(c);
    if (!c->any)
        return false;
    arima_residuals(&c->data, &c->best);
    *ret = (struct fit){&model_arima, ahead, s, c, describe(a, c)};
    return true;
}

static bool applies(const struct shape *s)
{
    return s->n >= 8;
}

const struct series_model model_arima = {.name = "arima", .applies = applies, .fit = fit};
