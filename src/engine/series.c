/* series.c - a forecast: which models fit a series of this length, their combination, and what plan
 * or mean carries it where none does. Intervals are in series_interval.c. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/series_run.h"

#define LARGEST 1e290  /* so that sums of steps stay finite */
#define PLAN_WEIGHT 3  /* periods of plan that its phasing is trusted like */
#define MOSTLY_ZERO .5 /* share of zeros from which a series counts as sparse */
#define NOTHING 1e-12  /* of the largest value: left over by rounding */
#define NO_SEASON 6    /* what stands for a season's length where there is none */

/* --- making ready --- */

/* The value of a gap: between its seasonal neighbors, else between its neighbors. */
static double fill_gap(const double *y, size_t n, size_t t, size_t period)
{
    if (period > 1 && t >= period && t + period < n && !isnan(y[t - period]) &&
        !isnan(y[t + period]))
        return y[t - period] + (y[t + period] - y[t - period]) / 2;
    size_t before = t, after = t;
    while (before && isnan(y[before]))
        before--;
    while (after + 1 < n && isnan(y[after]))
        after++;
    if (isnan(y[before]))
        return y[after];
    if (isnan(y[after]))
        return y[before];
    return y[before] + (y[after] - y[before]) * ((double)(t - before) / (double)(after - before));
}

/* To 26 significant bits: the same series in cents, thousands or another currency must take the
 * same path through the optimizer, and the last bits of a quotient would decide otherwise. */
static double plain(double v)
{
    int exponent;
    double m = frexp(v, &exponent);
    return ldexp(rint(ldexp(m, 26)), exponent - 26);
}

static bool check_values(const double *v, size_t n, const char *what, struct err *e)
{
    for (size_t t = 0; v && t < n; t++)
        if (!isnan(v[t]) && !(fabs(v[t]) <= LARGEST))
            return err_set(e, ERR_INVALID,
                           "%s %zu of the series is not a finite number below 1e290", what, t + 1);
    return true;
}

static bool check(const struct series_input *in, struct err *e)
{
    if (in->n > SERIES_MAX)
        return err_set(e, ERR_INVALID, "a series has %zu values; at most %d are forecast", in->n,
                       SERIES_MAX);
    if (in->period < 1 || in->period > SERIES_MAX / 2)
        return err_set(e, ERR_INVALID, "a season of %d values; it has 1 to %d", in->period,
                       SERIES_MAX / 2);
    if (in->h < 1 || in->h > SERIES_H_MAX)
        return err_set(e, ERR_INVALID, "%d steps ahead; 1 to %d can be forecast", in->h,
                       SERIES_H_MAX);
    return check_values(in->y, in->n, "value", e) &&
           check_values(in->plan_past, in->n, "planned value", e) &&
           check_values(in->plan_future, (size_t)in->h, "planned value", e);
}

static void prepare(struct arena *a, const struct series_input *in, struct series_run *r)
{
    double *filled = arena_new(a, double, in->n + 1), *y = arena_new(a, double, in->n + 1);
    double *exact = arena_new(a, double, in->n + 1);
    struct shape *s = &r->shape;
    double largest = 0;
    s->positive = s->non_negative = true;
    r->constant = true;
    for (size_t t = 0; t < in->n; t++) {
        r->known += isnan(in->y[t]) ? 0 : 1;
        filled[t] = isnan(in->y[t]) ? fill_gap(in->y, in->n, t, (size_t)in->period) : in->y[t];
        largest = fmax(largest, fabs(filled[t]));
        s->positive &= filled[t] > 0;
        s->non_negative &= filled[t] >= 0;
        r->zeros += filled[t] == 0 ? 1 : 0;
        r->constant &= filled[t] == filled[0];
    }
    if (!r->known) {
        s->positive = s->non_negative = false;
        return;
    }
    r->scale = largest > 0 ? largest : 1;
    for (size_t t = 0; t < in->n; t++) {
        exact[t] = filled[t] / r->scale;
        y[t] = plain(exact[t]);
    }
    s->y = y;
    s->exact = exact;
    s->n = in->n;
    r->unit = in->period == 1 ? NO_SEASON : (size_t)MIN(in->period, 12);
    s->period = in->n >= 2 * (size_t)in->period ? in->period : 1;
    s->lag = s->period > 1 || (in->period <= 12 && in->n >= (size_t)in->period) ? in->period : 1;
    season_find(a, s);
}

/* --- recipes: the first that applies --- */

static bool no_values(const struct series_run *r)
{
    return !r->known;
}

static bool is_constant(const struct series_run *r)
{
    return r->constant && r->shape.n >= r->unit;
}

static bool short_of_a_season(const struct series_run *r)
{
    return r->shape.n < r->unit;
}

static bool short_of_two(const struct series_run *r)
{
    return r->shape.n < 2 * r->unit;
}

static bool sparse(const struct series_run *r)
{
    return r->shape.non_negative && (double)r->zeros >= MOSTLY_ZERO * (double)r->shape.n &&
           r->shape.strength <= .64;
}

static bool any_series(const struct series_run *r)
{
    return true;
}

static const struct recipe {
    const char *name; /* of the combination */
    bool (*applies)(const struct series_run *r);
    const struct series_model *members[4]; /* one that does not apply is left out */
} recipes[] = {
    {"none", no_values, {NULL}},
    {"constant", is_constant, {&model_run_rate}},
    {"run-rate", short_of_a_season, {&model_run_rate}},
    {"ses+snaive", short_of_two, {&model_ses, &model_snaive}},
    {"median of 3", sparse, {&model_croston, &model_ses, &model_snaive}},
    {"median of 4", any_series, {&model_log_theta, &model_ets, &model_arima, &model_snaive}},
};

static void fit_members(struct arena *a, struct series_run *r)
{
    const struct recipe *recipe = recipes;
    while (!recipe->applies(r))
        recipe++;
    r->name = recipe->name;
    for (size_t i = 0; i < ARRAY_LEN(recipe->members) && recipe->members[i]; i++) {
        const struct series_model *m = recipe->members[i];
        if (m == &model_log_theta && !m->applies(&r->shape))
            m = &model_damped;
        if (m->applies(&r->shape) && m->fit(a, &r->shape, &r->fits[r->n_fits]))
            r->n_fits++;
    }
}

bool series_combine(const struct series_run *r, size_t origin, int h, double *const *members,
                    double *ret)
{
    const double *told[4];
    size_t n = 0;
    for (size_t i = 0; i < r->n_fits; i++)
        if (r->fits[i].ahead(&r->fits[i], origin, h, members[i]))
            told[n++] = members[i];
    for (int k = 0; n && k < h; k++) {
        double v[4];
        for (size_t i = 0; i < n; i++)
            v[i] = told[i][k];
        double middle = median_of(v, n);
        if (fabs(middle) < NOTHING || (r->shape.non_negative && middle < 0))
            middle = 0;
        ret[k] = middle;
    }
    return n > 0;
}

/* --- the plan's phasing --- */

/* Where there is too little to go on: the plan, as much higher or lower as spending was so far,
 * with three typical periods of plan to its credit. */
static bool on_plan(const struct series_input *in, const struct series_run *r)
{
    return in->plan_past && in->plan_future && r->shape.n < r->unit;
}

static double plan_factor(const struct series_input *in)
{
    double spent = 0, planned = 0, credit = 0;
    size_t months = 0;
    for (size_t t = 0; t < in->n; t++)
        if (!isnan(in->y[t]) && !isnan(in->plan_past[t])) {
            spent += in->y[t];
            planned += in->plan_past[t];
            months++;
        }
    for (int k = 0; k < in->h; k++)
        credit += isnan(in->plan_future[k]) ? 0 : in->plan_future[k];
    credit = (planned + credit) / (double)(months + (size_t)in->h) * PLAN_WEIGHT;
    double factor = (spent + credit) / (planned + credit);
    return planned + credit > 0 && factor > 0 ? factor : 1;
}

/* --- putting it together --- */

static void tell_members(struct arena *a, const struct series_run *r, int h, double *const *ahead,
                         struct series_forecast *f)
{
    f->n_members = r->n_fits;
    f->members = arena_new(a, struct series_member, r->n_fits);
    for (size_t i = 0; i < r->n_fits; i++) {
        const struct fit *fit = &r->fits[i];
        double *forecast = arena_new(a, double, (size_t)h), wrong = 0, actual = 0, next;
        if (!fit->ahead(fit, r->shape.n, h, ahead[i]))
            for (int k = 0; k < h; k++)
                ahead[i][k] = NAN;
        for (int k = 0; k < h; k++)
            forecast[k] = ahead[i][k] * r->scale;
        for (size_t t = series_first_origin(r); t < r->shape.n; t++)
            if (fit->ahead(fit, t, 1, &next)) {
                wrong += fabs(r->shape.y[t] - next);
                actual += fabs(r->shape.y[t]);
            }
        f->members[i] = (struct series_member){fit->model->name, str_dup(a, fit->parameters),
                                               forecast, actual > 0 ? wrong / actual : NAN};
    }
}

static const double *fitted_of(struct arena *a, const struct series_run *r,
                               const struct series_input *in, double *const *ahead)
{
    double *v = arena_new(a, double, in->n + 1), next;
    for (size_t t = 0; t < in->n; t++)
        v[t] = r->known && t && series_combine(r, t, 1, ahead, &next) ? next * r->scale : NAN;
    return v;
}

bool series_forecast(struct arena *a, const struct series_input *in,
                     const struct series_forecast **ret, struct err *e)
{
    CLEANUP(arena_release) struct arena scratch = ARENA_INIT;
    struct series_run r = {.scale = 1};
    if (!check(in, e))
        return false;
    prepare(&scratch, in, &r);
    fit_members(&scratch, &r);
    struct series_forecast *f = arena_new(a, struct series_forecast, 1);
    size_t h = (size_t)in->h;
    double *ahead[4], *middle = arena_new(&scratch, double, h);
    for (int i = 0; i < 4; i++)
        ahead[i] = arena_new(&scratch, double, h);
    f->model = r.name;
    bool planned = on_plan(in, &r) || (in->plan_future && !r.known);
    double factor = r.known && planned ? plan_factor(in) : 1;
    if (planned) {
        f->model = "plan-phasing";
        for (size_t k = 0; k < h; k++)
            middle[k] = (isnan(in->plan_future[k]) ? 0 : in->plan_future[k]) * factor / r.scale;
    } else if (!r.known || !series_combine(&r, r.shape.n, in->h, ahead, middle)) {
        for (size_t k = 0; k < h; k++)
            middle[k] = NAN;
    }
    f->steps = arena_new(a, struct series_step, h);
    f->totals = arena_new(a, struct series_step, h);
    series_intervals(&scratch, &r, in->h, middle, f);
    tell_members(a, &r, in->h, ahead, f);
    f->fitted = fitted_of(a, &r, in, ahead);
    *ret = f;
    return true;
}

bool series_backtest(struct arena *a, const struct series_input *in, int origins,
                     struct series_step **ret, struct err *e)
{
    if (origins < 1 || (size_t)origins > in->n)
        return err_set(e, ERR_INVALID, "%d origins of a backtest over %zu values", origins, in->n);
    struct series_step *all = arena_new(a, struct series_step, (size_t)origins * (size_t)in->h);
    for (int o = 0; o < origins; o++) {
        CLEANUP(arena_release) struct arena scratch = ARENA_INIT;
        const struct series_forecast *f;
        struct series_input past = *in;
        past.n = in->n - (size_t)origins + (size_t)o;
        if (in->plan_past && in->plan_future) { /* what was still ahead then */
            double *plan = arena_new(&scratch, double, (size_t)in->h);
            for (size_t k = 0; k < (size_t)in->h; k++)
                plan[k] = past.n + k < in->n ? in->plan_past[past.n + k]
                                             : in->plan_future[past.n + k - in->n];
            past.plan_future = plan;
        }
        if (!series_forecast(&scratch, &past, &f, e))
            return false;
        for (size_t k = 0; k < (size_t)in->h; k++)
            all[(size_t)o * (size_t)in->h + k] =
                past.n + k < in->n ? f->steps[k] : (struct series_step){NAN, NAN, NAN, NAN, NAN};
    }
    *ret = all;
    return true;
}
