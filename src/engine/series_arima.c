/* series_arima.c - a seasonal ARIMA model of given orders by conditional sum of squares.
 *
 * w_t is y differenced; x_t = w_t - constant follows
 *   (1 - phi B ...)(1 - Phi B^s) x_t = (1 - theta B ...)(1 - Theta B^s) e_t.
 * The optimizer sees partial autocorrelations through tanh, so that every model it looks at is
 * stationary and invertible. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_arima_int.h"

#define UNFIT 1e30
#define SMALLEST_SQUARE 1e-20

bool arima_difference(struct arena *a, const double *y, size_t n, size_t period, int d, int D,
                      struct arima_data *ret)
{
    size_t lost = (size_t)d + (size_t)D * period, left = n;
    if (n < lost + 5)
        return false;
    double *w = arena_new(a, double, n), squares = 0;
    memcpy(w, y, n * sizeof *w);
    for (int i = 0; i < D + d; i++) {
        size_t lag = i < D ? period : 1;
        left -= lag;
        for (size_t t = 0; t < left; t++)
            w[t] = w[t + lag] - w[t];
    }
    *ret = (struct arima_data){.y = y,
                               .n = n,
                               .period = period,
                               .pad = ARIMA_MOST + period,
                               .d = d,
                               .D = D,
                               .lost = lost,
                               .w = w,
                               .n_w = left};
    ret->mean = mean_of(w, left);
    for (size_t t = 0; t < left; t++)
        squares += (w[t] - ret->mean) * (w[t] - ret->mean);
    ret->scale = sqrt(squares / (double)left);
    ret->x = arena_new(a, double, ret->pad + left);
    ret->u = arena_new(a, double, ret->pad + left);
    ret->e = arena_new(a, double, ret->pad + left);
    return true;
}

static double tanh_of(double p)
{
    return 2 * sigmoid(2 * p) - 1;
}

/* Durbin and Levinson: from partial autocorrelations to coefficients. */
static void from_partials(const double *p, int k, double *ret)
{
    for (int i = 0; i < k; i++) {
        double last = tanh_of(p[i]), before[ARIMA_MOST];
        memcpy(before, ret, (size_t)i * sizeof *ret);
        for (int j = 0; j < i; j++)
            ret[j] = before[j] - last * before[i - 1 - j];
        ret[i] = last;
    }
}

/* The lags of (1 - c1 B - ...)(1 - C B^s). */
static struct lags product(const double *c, int k, double seasonal, int n_seasonal, size_t period)
{
    struct lags l = {0};
    if (n_seasonal) {
        for (int i = k; i > 0; i--) {
            l.at[l.n] = (int)period + i;
            l.by[l.n++] = -seasonal * c[i - 1];
        }
        l.at[l.n] = (int)period;
        l.by[l.n++] = seasonal;
    }
    for (int i = k; i > 0; i--) {
        l.at[l.n] = i;
        l.by[l.n++] = c[i - 1];
    }
    return l;
}

/* parameters: p AR, q MA partials, P, Q, constant */
static bool unpack(const struct arima_data *data, struct arima *m, const double *p)
{
    const struct arima_order *o = &m->order;
    int k = o->p + o->q + o->P + o->Q;
    double c[ARIMA_MOST] = {0};
    for (int i = 0; i < k + o->constant; i++)
        if (!(fabs(p[i]) < MINIMUM_FAR))
            return false;
    double seasonal = o->P ? tanh_of(p[o->p + o->q]) : 0;
    from_partials(p, o->p, c);
    m->ar = product(c, o->p, seasonal, o->P, data->period);
    seasonal = o->Q ? tanh_of(p[o->p + o->q + o->P]) : 0;
    from_partials(p + o->p, o->q, c);
    m->ma = product(c, o->q, seasonal, o->Q, data->period);
    m->constant = o->constant ? data->mean + p[k] * data->scale : 0;
    return true;
}

double arima_residuals(struct arima_data *data, const struct arima *m)
{
    size_t n = data->n_w, pad = data->pad;
    double *x = data->x + pad, *u = data->u + pad, *e = data->e + pad, sum = 0;
    for (size_t t = 0; t < n; t++)
        x[t] = data->w[t] - m->constant;
    memcpy(u, x, n * sizeof *u);
    for (int k = 0; k < m->ar.n; k++) {
        double by = m->ar.by[k];
        const double *past = x - m->ar.at[k];
        for (size_t t = 0; t < n; t++)
            u[t] -= by * past[t];
    }
    /* the newest three stay in registers: each value waits for the one before */
    const struct lags *ma = &m->ma;
    double c1 = 0, c2 = 0, c3 = 0, e1 = 0, e2 = 0, e3 = 0;
    int far = 0;
    for (; far < ma->n && ma->at[far] >= (int)data->period && data->period > 1; far++)
        ;
    for (int k = far; k < ma->n; k++)
        *(ma->at[k] == 1 ? &c1 : ma->at[k] == 2 ? &c2 : &c3) = ma->by[k];
    for (size_t t = 0; t < n; t++) {
        double v = u[t];
        for (int k = 0; k < far; k++)
            v += ma->by[k] * e[(ptrdiff_t)t - ma->at[k]];
        v += c3 * e3;
        v += c2 * e2;
        v += c1 * e1;
        e3 = e2;
        e2 = e1;
        e1 = e[t] = v;
        sum += v * v;
    }
    return sum;
}

struct search {
    struct arima_data *data;
    struct arima *model;
};

static double squares(void *ctx, const double *p)
{
    struct search *s = ctx;
    if (!unpack(s->data, s->model, p))
        return UNFIT;
    double v = arima_residuals(s->data, s->model);
    return v < UNFIT ? v : UNFIT;
}

bool arima_estimate(struct arima_data *data, struct arima_order o, struct arima *ret)
{
    struct arima m = {.order = o};
    struct search s = {data, &m};
    int k = o.p + o.q + o.P + o.Q + o.constant;
    double n = (double)data->n_w, free = k + 1;
    if (n - free - 1 <= 0)
        return false;
    for (int i = 0; i < k; i++)
        m.parameters[i] = .1;
    if (o.Q)
        m.parameters[o.p + o.q + o.P] = .6;
    if (o.constant)
        m.parameters[k - 1] = 0;
    m.sse = minimize(squares, &s, m.parameters, k, .4, 60 * k + 100);
    if (!(m.sse < UNFIT) || !unpack(data, &m, m.parameters))
        return false;
    m.aicc = n * math_log(fmax(m.sse / n, SMALLEST_SQUARE)) + 2 * free +
             2 * free * (free + 1) / (n - free - 1);
    *ret = m;
    return true;
}

/* y_t = w_t + the rest of (1 - B)^d (1 - B^s)^D, as lags. */
static struct lags undo_difference(const struct arima_data *data)
{
    static const double once[1] = {1}, twice[2] = {2, -1};
    return product(data->d == 2 ? twice : once, data->d, 1, data->D, data->period);
}

bool arima_ahead(const struct arima_data *data, const struct arima *m, size_t origin, int h,
                 double *ret)
{
    if (origin <= data->lost)
        return false;
    const struct lags back = undo_difference(data);
    const double *x = data->x + data->pad, *e = data->e + data->pad;
    ptrdiff_t known = (ptrdiff_t)(origin - data->lost);
    double next[SERIES_H_MAX];
    for (int k = 0; k < h; k++) {
        double v = 0, y;
        for (int i = 0; i < m->ar.n; i++) {
            ptrdiff_t at = known + k - m->ar.at[i];
            v += m->ar.by[i] * (at >= known                   ? next[at - known]
                                : at >= -(ptrdiff_t)data->pad ? x[at]
                                                              : 0);
        }
        for (int i = 0; i < m->ma.n; i++) {
            ptrdiff_t at = known + k - m->ma.at[i];
            v -= at < known && at >= 0 ? m->ma.by[i] * e[at] : 0;
        }
        next[k] = v;
        y = v + m->constant;
        for (int i = 0; i < back.n; i++)
            y += back.by[i] * (k >= back.at[i] ? ret[k - back.at[i]]
                                               : data->y[origin + (size_t)k - (size_t)back.at[i]]);
        if (!(fabs(y) < 1e6)) /* values are around 1 */
            return false;
        ret[k] = y;
    }
    return true;
}
