/* forecast_book.c - the rest of the book's year. */
#include "app/forecast_int.h"

#include <math.h>

#include "base/map.h"
#include "core/mathfn.h"
#include "engine/reweight.h"

enum { HISTORY_MONTHS = 36, CALIBRATE_LEAST = 20 };
#define PEOPLE_SPREAD 0.03
#define LOOSE 0.05 /* a line whose ranges say less is not re-estimated from trials */
#define MONTH_NOISE 0.10
#define RESERVE_SPREAD 0.4

struct making {
    struct workspace *w;
    struct arena *a;
    const struct track_book *k;
    const struct tracking *t;
    struct outlook_input in;
    const struct outlook *o;
    struct forecast_book f;
    size_t cap_scopes, cap_rows;
    struct forecast_scope *scopes;
    struct forecast_row *rows;
    size_t n_scopes, n_rows;
    int32_t open; /* index of the month at work, or -1 */
    double open_share; /* of it that is still to come */
};

/* Doubles come back to money here. */
static dec cents(double v)
{
    static const currency none = {""};
    return money_to_dec(money_from_double(v, none));
}

/* ---- what goes in ---- */

static bool has_range(const struct quantity *q)
{
    return q->ranged;
}

/* How far each line's year moves when one range stands one standard deviation up and down; ranges
 * are independent, so squares add. */
static bool spreads(struct making *g, double *spread, struct err *e)
{
    const struct plan *p = g->t->plan;
    const struct expansion *base = g->t->budget;
    double *z = arena_new(g->a, double, p->n_quantities + 1);
    for (size_t i = 0; i < p->n_quantities; i++) {
        struct arena scratch = ARENA_INIT;
        const struct expansion *up, *down;
        struct circumstances c = {.z = z};
        if (!has_range(p->quantities[i]))
            continue;
        z[i] = 1;
        bool ok = expand(&scratch, p, &c, &up, e);
        z[i] = -1;
        ok = ok && expand(&scratch, p, &c, &down, e);
        z[i] = 0;
        for (size_t k = 0; ok && k < base->n_lines && k < up->n_lines && k < down->n_lines; k++) {
            double hi = money_to_double(up->lines[k].total);
            double lo = money_to_double(down->lines[k].total);
            if (hi > 0 && lo > 0) {
                double half = math_log(hi / lo) / 2;
                spread[k] += half * half;
            }
        }
        arena_release(&scratch);
        if (!ok)
            return false;
    }
    for (size_t k = 0; k < base->n_lines; k++)
        spread[k] = sqrt(spread[k]);
    return true;
}

static bool one_off(const struct tracked *x, const struct expanded *b, int32_t n)
{
    int32_t with = 0;
    for (int32_t m = 0; m < n; m++)
        with += x->budget[m] != 0;
    return with == 1 && (b->hire || n > 1);
}

static bool add_lines(struct making *g, struct err *e)
{
    const struct tracking *t = g->t;
    struct outlook_line *lines = arena_new(g->a, struct outlook_line, t->n_items + 1);
    double *spread = arena_new(g->a, double, t->budget->n_lines + 1);
    if (!spreads(g, spread, e))
        return false;
    for (size_t i = 0; i < t->n_items; i++) {
        const struct tracked *x = &t->items[i];
        double *plan = arena_new(g->a, double, (size_t)t->n_months);
        double *actual = arena_new(g->a, double, (size_t)t->n_months);
        for (int32_t m = 0; m < t->n_months; m++) {
            plan[m] = dec_to_double(x->budget[m]);
            actual[m] = dec_to_double(x->actual[m]);
        }
        lines[i] = (struct outlook_line){.plan = plan, .actual = actual, .category = x->category};
        if (x->expanded != NO_INDEX) {
            const struct expanded *b = &t->budget->lines[x->expanded];
            lines[i].spread = fmax(spread[x->expanded], PEOPLE_SPREAD);
            lines[i].carries = one_off(x, b, t->n_months);
        } else {
            lines[i].spread = RESERVE_SPREAD;
        }
    }
    g->in.lines = lines;
    g->in.n_lines = t->n_items;
    g->in.n_months = t->n_months;
    g->in.n_known = t->n_known;
    g->open = -1;
    if (t->n_known && t->open[t->n_known - 1]) {
        month m = t->first + t->n_known - 1;
        int32_t days = month_last_day(m) - month_first_day(m) + 1;
        g->open = t->n_known - 1;
        g->open_share = (double)(month_last_day(m) - t->last_day) / days;
        g->in.n_known--;
    }
    return true;
}

/* Levels of loose lines from the simulation's trials, weighted by the months that are known. */
static bool add_levels(struct making *g, struct err *e)
{
    const struct tracking *t = g->t;
    const struct reweighted *r;
    size_t n = t->budget->n_lines, asked = 0;
    const double **actual = arena_new(g->a, const double *, n + 1);
    double *level = arena_new(g->a, double, t->n_items + 1);
    double *level_sd = arena_new(g->a, double, t->n_items + 1);
    for (size_t i = 0; i < t->n_items; i++) {
        const struct outlook_line *l = &g->in.lines[i];
        level[i] = level_sd[i] = NAN;
        bool steady = t->items[i].expanded != NO_INDEX && !l->carries && l->spread >= LOOSE;
        for (int32_t m = 0; steady && m < g->in.n_known; m++)
            steady = l->actual[m] > 0 || l->plan[m] <= 0;
        if (!steady)
            continue;
        actual[t->items[i].expanded] = l->actual;
        asked++;
    }
    if (!g->in.n_known || g->in.n_known == g->in.n_months || !asked)
        return true;
    struct reweight_input in = {.actual = actual, .n_known = g->in.n_known, .noise = MONTH_NOISE,
                                .trials = REWEIGHT_TRIALS, .least = 1000,
                                .threads = g->w->options.threads};
    if (!reweight(g->a, t->plan, &in, &r, e))
        return false;
    for (size_t i = 0; i < t->n_items; i++) {
        uint32_t at = t->items[i].expanded;
        if (at == NO_INDEX || !actual[at] || t->items[i].moved)
            continue; /* the trials know nothing of transfers */
        level[i] = r->level[at];
        level_sd[i] = r->level_sd[at];
    }
    g->in.level = level;
    g->in.level_sd = level_sd;
    g->f.view.reweighted = r->believed;
    g->f.view.trials = REWEIGHT_TRIALS;
    return true;
}

/* Months by category before the plan; a fault there (a missing rate) costs the history, not the
 * forecast. */
static void add_history(struct making *g)
{
    const struct actuals *all;
    struct err e;
    month first = g->t->first - HISTORY_MONTHS;
    struct actuals_query q = {.plan = g->t->plan, .from = month_first_day(first),
                              .to = month_last_day(g->t->first - 1), .basis = BASIS_EFFECTIVE};
    if (!actuals_read(g->w, &q, &all, &e)) {
        g->f.view.history_fault = str_fmt(g->a, "%s", e.text);
        return;
    }
    if (!all->n || all->first == MONTH_NONE)
        return;
    size_t n = (size_t)(g->t->first - all->first);
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        double *y = arena_new(g->a, double, n);
        size_t from = n;
        for (size_t i = 0; i < all->n; i++) {
            if ((int)all->items[i].category != c)
                continue;
            size_t at = (size_t)(all->items[i].month - all->first);
            y[at] += dec_to_double(all->items[i].amount);
            from = MIN(from, at);
        }
        g->in.history[c] = (struct outlook_history){y + from, n - from};
    }
    g->f.view.history = n;
}

/* ---- calibration ---- */

static int by_value(const void *va, const void *vb)
{
    double a = *(const double *)va, b = *(const double *)vb;
    return (a > b) - (a < b);
}

/* The factor that would have put 80 % of past months inside; never narrower than told. */
static bool calibrate(struct making *g, struct err *e)
{
    struct stored_forecast *all;
    size_t n, cap = 0, found = 0;
    double *ratio = NULL;
    g->in.widen = 1;
    if (!book_forecasts(g->w->book, g->a, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct stored_forecast f;
        if (!book_forecast(g->w->book, all[i].id, g->a, &f, e))
            return false;
        for (size_t k = 0; k < f.n_rows; k++) {
            dec actual;
            const struct forecast_row *r = &f.rows[k];
            if (r->level != TRACK_LINE || !forecast_can_score(g->t, &f, r, &actual))
                continue;
            double off = dec_to_double(actual - r->p50);
            double side = dec_to_double(off > 0 ? r->p90 - r->p50 : r->p50 - r->p10);
            if (!(side > 0))
                continue;
            ratio = arena_grow(g->a, ratio, sizeof *ratio, &cap, found + 1);
            ratio[found++] = fabs(off) / side;
        }
    }
    g->f.view.n_scored = found;
    if (found < CALIBRATE_LEAST)
        return true;
    qsort(ratio, found, sizeof *ratio, by_value);
    g->in.widen = fmin(fmax(ratio[(size_t)((double)found * 0.8)], 1), 4);
    return true;
}

/* ---- what comes out ---- */

static void add_row(struct making *g, enum track_level level, str path, month m, dec actual,
                    struct outlook_month p, bool known, const char *model)
{
    g->rows = arena_grow(g->a, g->rows, sizeof *g->rows, &g->cap_rows, g->n_rows + 1);
    struct forecast_row *r = &g->rows[g->n_rows++];
    *r = (struct forecast_row){.level = level, .path = path, .month = m, .actual = actual,
                               .p10 = DEC_NULL, .p50 = DEC_NULL, .p90 = DEC_NULL,
                               .model = str_of(model)};
    if (known)
        return;
    r->p10 = cents(p.p10);
    r->p50 = cents(p.p50);
    r->p90 = cents(p.p90);
}

struct sums {
    dec actual[PLAN_MONTHS_MAX], budget[PLAN_MONTHS_MAX], buffer;
};

static void sum_lines(const struct making *g, const uint32_t *lines, size_t n, struct sums *s)
{
    *s = (struct sums){0};
    for (size_t i = 0; i < n; i++) {
        const struct tracked *x = &g->t->items[lines[i]];
        for (int32_t m = 0; m < g->t->n_months; m++) {
            s->actual[m] += x->actual[m];
            s->budget[m] += x->budget[m];
            s->buffer += x->buffer[m];
        }
    }
}

/* A line's month at work. What comes by the day: so far, and the days' share that is still to come.
 * What comes at once (payroll, an invoice) has hardly come before it does: its whole month. */
static double open_line(const struct making *g, uint32_t line)
{
    double so_far = dec_to_double(g->t->items[line].actual[g->open]);
    double whole = g->o->lines[line].months[g->open].p50, share = g->open_share;
    bool by_day = so_far > 0.25 * (1 - share) * whole;
    return by_day ? so_far + share * whole : fmax(so_far, whole);
}

/* The same of several lines; the range is that of the part that is still to come. */
static struct outlook_month with_open(const struct making *g, const uint32_t *lines, size_t n,
                                      int32_t m, struct outlook_month p)
{
    if (m != g->open)
        return p;
    double sum = 0, share = sqrt(g->open_share);
    for (size_t i = 0; i < n; i++)
        sum += open_line(g, lines[i]);
    return (struct outlook_month){sum - share * (p.p50 - p.p10), sum,
                                  sum + share * (p.p90 - p.p50)};
}

static void cross_checks(const struct making *g, const struct sums *s, struct forecast_scope *x)
{
    int32_t known = g->in.n_known, n = g->t->n_months;
    dec actual = tracking_sum(s->actual, 0, known), budget = tracking_sum(s->budget, 0, known);
    dec rest = tracking_sum(s->budget, known, n), rate;
    x->to_date = tracking_sum(s->actual, 0, g->t->n_known);
    x->budget = tracking_sum(s->budget, 0, n);
    x->budget_rest = rest;
    x->buffer = s->buffer;
    x->run_rate = x->rest_as_budgeted = x->scaled = DEC_NULL;
    if (!known)
        return;
    int32_t k = MIN(known, 3);
    x->rest_as_budgeted = actual + rest;
    if (dec_muldiv(tracking_sum(s->actual, known - k, known), dec_from_i64(n - known),
                   dec_from_i64(k), &rate))
        x->run_rate = actual + dec_round(rate, 2);
    if (budget > 0 && dec_muldiv(rest, actual, budget, &rate))
        x->scaled = actual + dec_round(rate, 2);
}

static double total_of(const double *y, int32_t n)
{
    double sum = 0;
    for (int32_t m = 0; m < n; m++)
        sum += y[m];
    return sum;
}

static void add_scope(struct making *g, enum track_level level, str path, str title,
                      const struct outlook_series *o, const uint32_t *lines, size_t n,
                      enum category category)
{
    struct sums s;
    sum_lines(g, lines, n, &s);
    g->scopes = arena_grow(g->a, g->scopes, sizeof *g->scopes, &g->cap_scopes, g->n_scopes + 1);
    struct forecast_scope *x = &g->scopes[g->n_scopes++];
    *x = (struct forecast_scope){.level = level, .path = path, .title = title,
                                 .category = category, .driver = DEC_NULL, .series = DEC_NULL};
    cross_checks(g, &s, x);
    double year50 = 0, open_shift = 0;
    for (int32_t m = 0; m < g->t->n_months; m++) {
        bool known = m < g->in.n_known;
        struct outlook_month p = known ? (struct outlook_month){0}
                                       : with_open(g, lines, n, m, o->months[m]);
        if (!known)
            open_shift += p.p50 - o->months[m].p50;
        year50 += known ? dec_to_double(s.actual[m]) : p.p50;
        const char *model = known ? "actual"
                            : level == TRACK_LINE ? "drivers, in line with its category"
                                                  : "drivers and series";
        add_row(g, level, path, g->t->first + m, m < g->t->n_known ? s.actual[m] : DEC_NULL, p,
                known, model);
    }
    struct outlook_month year = {o->year.p10 + open_shift, year50, o->year.p90 + open_shift};
    x->p10 = cents(year.p10);
    x->p50 = cents(year.p50);
    x->p90 = cents(year.p90);
    if (level != TRACK_LINE)
        x->driver = cents(total_of(o->driver, g->t->n_months) + open_shift);
    if (o->series)
        x->series = cents(total_of(o->series, g->t->n_months) + open_shift);
    if (level == TRACK_CATEGORY) {
        x->weight = g->o->weight[category];
        x->series_model = g->o->series_model[category];
    }
    add_row(g, level, path, MONTH_NONE, DEC_NULL, year, false,
            level == TRACK_LINE ? "drivers, in line with its category" : "drivers and series");
}

static void add_scopes(struct making *g)
{
    const struct tracking *t = g->t;
    uint32_t *lines = arena_new(g->a, uint32_t, t->n_items + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < t->n_items; i++)
        lines[i] = i;
    add_scope(g, TRACK_TOTAL, S("total"), S("Total"), &g->o->total, lines, t->n_items, 0);
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        n = 0;
        for (uint32_t i = 0; i < t->n_items; i++)
            if ((int)t->items[i].category == c)
                lines[n++] = i;
        add_scope(g, TRACK_CATEGORY, str_of(category_key((enum category)c)),
                  str_of(category_name((enum category)c)), &g->o->categories[c], lines, n,
                  (enum category)c);
    }
    for (uint32_t k = 0; k < t->plan->initiatives.n; k++) {
        const struct initiative *x = &t->plan->initiatives.items[k];
        struct outlook_series s;
        n = 0;
        for (uint32_t i = 0; i < t->n_items; i++)
            if (t->items[i].initiative == k)
                lines[n++] = i;
        if (!n)
            continue;
        outlook_group(g->a, &g->in, g->o, lines, n, &s);
        add_scope(g, TRACK_INITIATIVE, x->id.s, x->name.s.n ? x->name.s : x->id.s, &s, lines, n,
                  0);
    }
    for (uint32_t i = 0; i < t->n_items; i++)
        add_scope(g, TRACK_LINE, t->items[i].path, t->items[i].path, &g->o->lines[i], &i, 1,
                  t->items[i].category);
}

/* ---- crossing ---- */

static str span_name(struct arena *a, month from, month to)
{
    char first[MONTH_TEXT], last[MONTH_TEXT];
    return str_fmt(a, "%.*s - %.*s", FMT(month_format_name(from, first)),
                   FMT(month_format_name(to, last)));
}

/* What is left of a budget after the known part of [from, to) goes at the forecast's daily rate. */
static day day_at_this_rate(const struct making *g, const uint32_t *lines, int32_t to, double left)
{
    const struct tracking *t = g->t;
    for (int32_t m = g->in.n_known; m < to; m++) {
        day first = month_first_day(t->first + m), last = month_last_day(t->first + m);
        double cost = g->o->total.months[m].p50;
        if (m == g->open) {
            double so_far = 0;
            for (size_t i = 0; i < t->n_items; i++)
                so_far += dec_to_double(t->items[i].actual[m]);
            first = t->last_day + 1;
            cost = with_open(g, lines, t->n_items, m, g->o->total.months[m]).p50 - so_far;
        }
        if (cost > left && last >= first)
            return first + (day)(left / cost * (double)(last - first + 1));
        left -= cost;
    }
    return DAY_NONE;
}

/* The day on which the quarter at work has cost its budget: as it was, or at the forecast's daily
 * rate. */
static bool crossing(struct making *g, struct err *e)
{
    const struct tracking *t = g->t;
    struct forecast_view *v = &g->f.view;
    int32_t at = g->open >= 0 ? g->open : MIN(t->n_known, t->n_months - 1);
    int32_t from = at - at % 3, to = MIN(from + 3, t->n_months);
    struct sums s;
    uint32_t *lines = arena_new(g->a, uint32_t, t->n_items + 1);
    for (uint32_t i = 0; i < t->n_items; i++)
        lines[i] = i;
    sum_lines(g, lines, t->n_items, &s);
    dec budget = tracking_sum(s.budget, from, to);
    dec spent = tracking_sum(s.actual, from, MIN(MAX(t->n_known, from), to));
    v->crossing = DAY_NONE;
    v->crossing_first = t->first + from;
    v->crossing_label = span_name(g->a, t->first + from, t->first + to - 1);
    v->crossed = spent > budget;
    if (v->crossed)
        return forecast_day_crossed(g->w, g->k, month_first_day(t->first + from),
                                    MIN(t->last_day, month_last_day(t->first + to - 1)), budget,
                                    &v->crossing, e);
    v->crossing = day_at_this_rate(g, lines, to, dec_to_double(budget - spent));
    return true;
}

bool forecast_make(struct workspace *w, const struct track_book *k, struct forecast_book *ret,
                   struct err *e)
{
    struct making g = {.w = w, .a = w->arena, .k = k, .t = &k->t};
    g.f.k = k;
    if (!add_lines(&g, e) || !calibrate(&g, e) || !add_levels(&g, e))
        return false;
    add_history(&g);
    if (!outlook(g.a, &g.in, &g.o, e))
        return false;
    add_scopes(&g);
    struct forecast_view *v = &g.f.view;
    v->t = g.t;
    v->scopes = g.scopes;
    v->n_scopes = g.n_scopes;
    if (!forecast_compare(w, k, v, e) || !crossing(&g, e))
        return false;
    v->rows = g.rows;
    v->n_rows = g.n_rows;
    v->widen = g.in.widen;
    v->n_complete = g.in.n_known;
    char code[8];
    snprintf(code, sizeof code, "%s", g.t->plan->header.currency.code);
    g.f.stored = (struct stored_forecast){
        .currency = str_dup(g.a, str_of(code)), .budget = g.t->budget_name, .first = g.t->first,
        .last = g.t->first + g.t->n_months - 1,
        .through = g.in.n_known ? g.t->first + g.in.n_known - 1 : MONTH_NONE, .rows = g.rows,
        .n_rows = g.n_rows};
    *ret = g.f;
    return true;
}

static bool same_row(const struct forecast_row *a, const struct forecast_row *b)
{
    return a->level == b->level && str_eq(a->path, b->path) && a->month == b->month &&
           a->actual == b->actual && a->p10 == b->p10 && a->p50 == b->p50 && a->p90 == b->p90;
}

bool forecast_keep(struct workspace *w, const struct forecast_book *f, int64_t *ret_id,
                   struct err *e)
{
    struct stored_forecast *all, last;
    size_t n;
    if (!book_forecasts(w->book, w->arena, &all, &n, e))
        return false;
    if (n) {
        if (!book_forecast(w->book, all[n - 1].id, w->arena, &last, e))
            return false;
        bool same = last.n_rows == f->stored.n_rows && last.through == f->stored.through &&
                    str_eq(last.budget, f->stored.budget);
        for (size_t i = 0; same && i < last.n_rows; i++)
            same = same_row(&last.rows[i], &f->stored.rows[i]);
        if (same) {
            *ret_id = 0;
            return true;
        }
    }
    return book_add_forecast(w->book, &f->stored, w->options.now, ret_id, e);
}
