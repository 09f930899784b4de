/* outlook.c - the rest of a year from drivers and series. */
#include "engine/outlook.h"

#include <math.h>

#include "core/mathfn.h"
#include "engine/series.h"

#define Z90 1.2815515655446004
#define NOISE 0.10   /* of a month around its level, before anything is known; in logarithms */
#define NOISE_MONTHS 3.0 /* how many months that belief is worth */
#define DRIFT 0.02   /* a level moves this much a month */
#define GROWTH 0.1   /* how far growth a month may be off the plan's, as a share of the spread */
#define COMMON 0.3   /* correlation of lines' errors: one economy, one vendor, one staff */
#define GROWTH_MOST 0.02
#define UNPLANNED 0.5
#define LEAST_SPREAD 0.02
#define WEIGHT_LEAST 0.2
#define WEIGHT_MOST 0.9

struct level { /* of log(cost / plan) in month t: mean + slope t, and what is not known of both */
    double mean, slope, noise;
    double var_mean, var_slope, covariance;
    double run_rate; /* unplanned lines: per month */
};

static double quantile(double p50, double sd, double z)
{
    if (!(sd > 0))
        return p50;
    if (p50 > 0) { /* a cost is skewed and never below zero */
        double s = sqrt(math_log(1 + (sd / p50) * (sd / p50)));
        return p50 * math_exp(z * s);
    }
    return p50 + z * sd;
}

static struct outlook_month spread_of(double p50, double sd)
{
    return (struct outlook_month){quantile(p50, sd, -Z90), p50, quantile(p50, sd, Z90)};
}

/* ---- one line ---- */

static double run_rate(const double *y, int32_t n)
{
    double sum = 0;
    int32_t k = MIN(n, 3);
    for (int32_t m = n - k; m < n; m++)
        sum += y[m];
    return k ? sum / k : 0;
}

static bool planned(const struct outlook_line *l, int32_t n)
{
    for (int32_t m = 0; m < n; m++)
        if (l->plan[m] != 0)
            return true;
    return false;
}

struct look {
    double t, y;
};

/* Looks at the level: log(actual / plan) of months that have both. Where a planned month cost
 * nothing, the months together are one look, shrunk by a month of plan. */
static size_t looks(const struct outlook_line *l, int32_t n, struct look *ret)
{
    size_t count = 0;
    double actual = 0, plan = 0;
    bool zero = false;
    for (int32_t m = 0; m < n; m++) {
        if (l->plan[m] <= 0)
            continue;
        if (l->actual[m] > 0)
            ret[count++] = (struct look){m, math_log(l->actual[m] / l->plan[m])};
        zero = zero || l->actual[m] <= 0;
        actual += l->actual[m];
        plan += l->plan[m];
    }
    if (!zero || plan <= 0)
        return count;
    double month = plan / (double)n;
    ret[0] = (struct look){(double)(n - 1) / 2,
                           math_log(fmax(actual + month, month * 0.05) / (plan + month))};
    return 1;
}

/* How much months scatter around their line through time: what they show, with a belief worth a few
 * months beside it. */
static double scatter(const struct look *look, size_t n, double belief)
{
    double t = 0, y = 0, tt = 0, ty = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        t += look[i].t / (double)n;
        y += look[i].y / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        tt += (look[i].t - t) * (look[i].t - t);
        ty += (look[i].t - t) * (look[i].y - y);
    }
    double slope = tt > 0 ? ty / tt : 0, free = n > 2 ? (double)n - 2 : 0;
    for (size_t i = 0; n > 2 && i < n; i++) {
        double off = look[i].y - y - slope * (look[i].t - t);
        squares += off * off;
    }
    return sqrt((NOISE_MONTHS * belief * belief + squares) / (NOISE_MONTHS + free));
}

/* The posterior of level and growth: two normal beliefs, and the looks. */
static void learn(struct level *v, const struct look *look, size_t n, double spread)
{
    double growth = fmin(GROWTH * spread, GROWTH_MOST), w = 1 / (v->noise * v->noise);
    double a = 1 / (spread * spread), b = 0, c = 1 / (growth * growth), p = 0, q = 0;
    for (size_t i = 0; i < n; i++) {
        a += w;
        b += w * look[i].t;
        c += w * look[i].t * look[i].t;
        p += w * look[i].y;
        q += w * look[i].y * look[i].t;
    }
    double det = a * c - b * b;
    v->var_mean = c / det;
    v->var_slope = a / det;
    v->covariance = -b / det;
    v->mean = v->var_mean * p + v->covariance * q;
    v->slope = v->covariance * p + v->var_slope * q;
}

static struct level level_of(const struct outlook_line *l, const struct outlook_input *in,
                             size_t index)
{
    struct look look[120];
    double spread = fmax(l->spread, LEAST_SPREAD);
    struct level v = {.noise = NOISE};
    if (!planned(l, in->n_months)) {
        v.run_rate = run_rate(l->actual, in->n_known);
        v.var_mean = UNPLANNED * UNPLANNED;
        return v;
    }
    size_t n = looks(l, MIN(in->n_known, (int32_t)ARRAY_LEN(look)), look);
    /* a plan that is sure of itself has sure months too */
    v.noise = scatter(look, n, fmin(NOISE, 2 * spread));
    learn(&v, look, n, spread);
    if (in->level && isfinite(in->level[index])) {
        /* it stands for the months to come; growth is unsure from the known ones on */
        double from = (double)(in->n_known - 1) / 2, sd = in->level_sd[index];
        v.mean = in->level[index];
        v.slope = 0;
        v.covariance = -from * v.var_slope;
        v.var_mean = sd * sd + from * from * v.var_slope;
    }
    return v;
}

/* Of the level in month t, without the month's own noise. */
static double level_var(const struct level *v, double t, double ahead)
{
    double var = v->var_mean + 2 * t * v->covariance + t * t * v->var_slope;
    return fmax(var, 0) + DRIFT * DRIFT * ahead;
}

/* What one-off months before did not bring. */
static double missing(const struct outlook_line *l, int32_t n)
{
    double plan = 0, actual = 0;
    for (int32_t m = 0; m < n; m++) {
        plan += l->plan[m];
        actual += l->actual[m];
    }
    return l->carries && actual == 0 ? plan : 0;
}

static void make_series(struct arena *a, int32_t n, struct outlook_series *s)
{
    s->months = arena_new(a, struct outlook_month, (size_t)n);
    s->driver = arena_new(a, double, (size_t)n);
}

static void line_outlook(struct arena *a, const struct outlook_input *in, size_t index,
                         struct outlook_series *s, struct level *v)
{
    const struct outlook_line *l = &in->lines[index];
    make_series(a, in->n_months, s);
    *v = level_of(l, in, index);
    double late = missing(l, in->n_known);
    for (int32_t m = 0; m < in->n_months; m++) {
        if (m < in->n_known) {
            s->driver[m] = l->actual[m];
            continue;
        }
        s->driver[m] = l->plan[m] * math_exp(l->carries ? 0 : v->mean + v->slope * m) +
                       v->run_rate +
                       (m == in->n_known ? late : 0);
    }
}

/* The standard deviation of a line's month: its level, its drift and its noise. */
static double month_sd(const struct outlook_input *in, const struct level *v, double amount,
                       int32_t m)
{
    double ahead = (double)(m - in->n_known + 1);
    return fabs(amount) * sqrt(level_var(v, m, ahead) + v->noise * v->noise);
}

/* ---- groups ---- */

struct sum_sd {
    double sum, sum2; /* of standard deviations, and of their squares */
};

static void add_sd(struct sum_sd *s, double sd)
{
    s->sum += sd;
    s->sum2 += sd * sd;
}

static double group_sd(const struct sum_sd *s)
{
    return sqrt((1 - COMMON) * s->sum2 + COMMON * s->sum * s->sum);
}

/* Months of a line's rest move together by its level and apart by its noise. */
static double year_sd(const struct outlook_input *in, const struct level *v,
                      const struct outlook_series *s)
{
    double rest = 0, noise = 0;
    for (int32_t m = in->n_known; m < in->n_months; m++) {
        double x = s->months[m].p50, ahead = (double)(m - in->n_known + 1);
        rest += fabs(x) * sqrt(level_var(v, m, ahead));
        noise += x * v->noise * x * v->noise;
    }
    return sqrt(rest * rest + noise);
}

static void add_group(const struct outlook_input *in, const struct outlook *o,
                      const struct level *levels, const uint32_t *lines, size_t n,
                      struct outlook_series *ret)
{
    double year = 0;
    struct sum_sd of_year = {0};
    for (int32_t m = 0; m < in->n_months; m++) {
        struct sum_sd sd = {0};
        double p50 = 0;
        for (size_t i = 0; i < n; i++) {
            const struct outlook_series *s = &o->lines[lines[i]];
            p50 += s->months[m].p50;
            ret->driver[m] += s->driver[m];
            if (m >= in->n_known)
                add_sd(&sd, month_sd(in, &levels[lines[i]], s->months[m].p50, m));
        }
        ret->months[m] = spread_of(p50, group_sd(&sd) * in->widen);
        year += p50;
    }
    for (size_t i = 0; i < n; i++)
        add_sd(&of_year, year_sd(in, &levels[lines[i]], &o->lines[lines[i]]));
    double known = 0;
    for (int32_t m = 0; m < in->n_known; m++)
        known += ret->months[m].p50;
    ret->sd_level = group_sd(&of_year) * in->widen;
    struct outlook_month rest = spread_of(year - known, ret->sd_level);
    ret->year = (struct outlook_month){known + rest.p10, year, known + rest.p90};
}

/* ---- a category: both models ---- */

static bool category_series(struct arena *a, const struct outlook_input *in, enum category c,
                            const double *plan, const double *actual,
                            const struct series_forecast **ret, struct err *e)
{
    const struct outlook_history *h = &in->history[c];
    size_t known = (size_t)in->n_known, n = h->n + known;
    size_t ahead = (size_t)(in->n_months - in->n_known);
    double *y = arena_new(a, double, n + 1);
    for (size_t i = 0; i < h->n; i++)
        y[i] = h->y[i];
    for (size_t i = 0; i < known; i++)
        y[h->n + i] = actual[i];
    struct series_input s = {.y = y, .n = n, .period = 12, .h = (int)ahead};
    double any = 0;
    for (size_t i = 0; i < (size_t)in->n_months; i++)
        any += fabs(plan[i]);
    if (!h->n && any > 0) { /* the plan's phasing only speaks of its own months */
        s.plan_past = plan;
        s.plan_future = plan + known;
    }
    return series_forecast(a, &s, ret, e);
}

static double weight_of(const struct outlook_input *in, const struct series_forecast *s,
                        double driver_sd)
{
    size_t ahead = (size_t)(in->n_months - in->n_known);
    const struct series_step *last = &s->totals[ahead - 1];
    double sd = (last->p90 - last->p10) / (2 * Z90);
    if (!(sd > 0) || !(driver_sd > 0))
        return WEIGHT_MOST;
    double w = sd * sd / (sd * sd + driver_sd * driver_sd);
    return fmin(fmax(w, WEIGHT_LEAST), WEIGHT_MOST);
}

/* What lines cost in month m that start after the known months and stay: no history knows them
 * (the plan's phasing, which stands in for a history, does). */
static double to_come(const struct outlook_input *in, const struct outlook *o,
                      const uint32_t *lines, size_t n, int32_t m)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const struct outlook_line *l = &in->lines[lines[i]];
        bool begun = l->carries || l->plan[in->n_months - 1] == 0;
        for (int32_t k = 0; k < in->n_known; k++)
            begun = begun || l->plan[k] != 0 || l->actual[k] != 0;
        sum += begun ? 0 : o->lines[lines[i]].driver[m];
    }
    return sum;
}

/* Moves the lines' month by `off` in all: each by its share of what is not known of it, so that a
 * salary stays and a guess gives way; none below zero. */
static void spread_over_lines(struct arena *a, const struct outlook_input *in, struct outlook *o,
                              const struct level *levels, const uint32_t *lines, size_t n,
                              int32_t m, double off)
{
    double *var = arena_new(a, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        double sd = month_sd(in, &levels[lines[i]], o->lines[lines[i]].driver[m], m);
        var[i] = sd * sd;
    }
    for (bool again = true; again;) {
        double all = 0, over = 0;
        again = false;
        for (size_t i = 0; i < n; i++)
            all += var[i];
        for (size_t i = 0; i < n && all > 0; i++) {
            double *p50 = &o->lines[lines[i]].months[m].p50, moved = *p50 + off * var[i] / all;
            if (var[i] > 0 && *p50 > 0 && moved < 0) {
                over += moved;
                moved = 0;
                var[i] = 0;
                again = true;
            }
            *p50 = moved;
        }
        off = over;
    }
}

static bool do_category(struct arena *a, const struct outlook_input *in, struct outlook *o,
                        const struct level *levels, enum category c, struct err *e)
{
    struct outlook_series *g = &o->categories[c];
    uint32_t *lines = arena_new(a, uint32_t, in->n_lines + 1);
    size_t n = 0;
    double *plan = arena_new(a, double, (size_t)in->n_months);
    const struct series_forecast *s = NULL;
    make_series(a, in->n_months, g);
    g->series = arena_new(a, double, (size_t)in->n_months);
    for (uint32_t i = 0; i < in->n_lines; i++) {
        if (in->lines[i].category != c)
            continue;
        lines[n++] = i;
        for (int32_t m = 0; m < in->n_months; m++)
            plan[m] += in->lines[i].plan[m];
    }
    add_group(in, o, levels, lines, n, g); /* the driver model alone, for its variance */
    double sd = g->sd_level;
    o->weight[c] = 1;
    o->series_model[c] = "none";
    bool history = in->history[c].n + (size_t)in->n_known > 0;
    if (in->n_known < in->n_months && history) {
        if (!category_series(a, in, c, plan, g->driver, &s, e))
            return false;
        o->weight[c] = weight_of(in, s, sd);
        o->series_model[c] = s->model;
    }
    for (int32_t m = 0; m < in->n_months; m++) {
        bool known = m < in->n_known;
        g->series[m] = g->driver[m];
        if (!known && s)
            g->series[m] = s->steps[m - in->n_known].p50 +
                           (in->history[c].n ? to_come(in, o, lines, n, m) : 0);
        double off = (1 - o->weight[c]) * (g->series[m] - g->driver[m]);
        if (!known)
            spread_over_lines(a, in, o, levels, lines, n, m, off);
    }
    memset(g->driver, 0, sizeof *g->driver * (size_t)in->n_months);
    add_group(in, o, levels, lines, n, g);
    return true;
}

/* ---- all of it ---- */

static void finish_line(const struct outlook_input *in, const struct level *v,
                        struct outlook_series *s)
{
    double year = 0, known = 0;
    for (int32_t m = 0; m < in->n_months; m++) {
        double p50 = s->months[m].p50;
        double sd = m < in->n_known ? 0 : month_sd(in, v, p50, m) * in->widen;
        s->months[m] = spread_of(p50, sd);
        year += p50;
        known += m < in->n_known ? p50 : 0;
    }
    s->sd_level = year_sd(in, v, s) * in->widen;
    struct outlook_month rest = spread_of(year - known, s->sd_level);
    s->year = (struct outlook_month){known + rest.p10, year, known + rest.p90};
}

struct kept { /* what groups need later */
    struct outlook o;
    struct level *levels;
};

bool outlook(struct arena *a, const struct outlook_input *in, const struct outlook **ret,
             struct err *e)
{
    struct kept *k = arena_new(a, struct kept, 1);
    struct outlook *o = &k->o;
    BUG_IF(in->n_known > in->n_months || in->n_months < 1);
    o->lines = arena_new(a, struct outlook_series, in->n_lines + 1);
    k->levels = arena_new(a, struct level, in->n_lines + 1);
    for (size_t i = 0; i < in->n_lines; i++) {
        line_outlook(a, in, i, &o->lines[i], &k->levels[i]);
        for (int32_t m = 0; m < in->n_months; m++)
            o->lines[i].months[m].p50 = o->lines[i].driver[m];
    }
    for (int c = 0; c < CATEGORY_COUNT; c++)
        if (!do_category(a, in, o, k->levels, (enum category)c, e))
            return false;
    uint32_t *all = arena_new(a, uint32_t, in->n_lines + 1);
    for (uint32_t i = 0; i < in->n_lines; i++)
        all[i] = i;
    make_series(a, in->n_months, &o->total);
    o->total.series = arena_new(a, double, (size_t)in->n_months);
    add_group(in, o, k->levels, all, in->n_lines, &o->total);
    for (int c = 0; c < CATEGORY_COUNT; c++)
        for (int32_t m = 0; m < in->n_months; m++)
            o->total.series[m] += o->categories[c].series[m];
    for (size_t i = 0; i < in->n_lines; i++)
        finish_line(in, &k->levels[i], &o->lines[i]);
    *ret = o;
    return true;
}

void outlook_group(struct arena *a, const struct outlook_input *in, const struct outlook *o,
                   const uint32_t *lines, size_t n, struct outlook_series *ret)
{
    const struct kept *k = (const struct kept *)(const void *)o;
    *ret = (struct outlook_series){0};
    make_series(a, in->n_months, ret);
    add_group(in, o, k->levels, lines, n, ret);
}
