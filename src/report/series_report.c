/* series_report.c - forecasts of series as tables. */
#include "report/series_report.h"

#include <math.h>
#include <stdio.h>

/* 15 significant digits, which every double has; NAN is unknown. */
static dec of_double(double v)
{
    char text[64];
    dec d;
    if (!isfinite(v))
        return DEC_NULL;
    int n = snprintf(text, sizeof text, "%.15g", v);
    enum dec_parse how = dec_parse((str){text, (size_t)n}, &d);
    return how == DEC_OK || how == DEC_ROUNDED ? d : DEC_NULL;
}

static struct cell number(double v)
{
    return cell_number(of_double(v));
}

static struct cell percent(double v)
{
    return cell_share(of_double(v / 100));
}

static void add_forecasts(struct doc *d, const struct series_request *q)
{
    static const struct doc_column columns[] = {
        {"id", "Series", CELL_TEXT, SHOW_ALL, 0, -1},
        {"h", "Step", CELL_COUNT, SHOW_ALL, 0, -1},
        {"p10", "P10", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"p50", "P50", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"p90", "P90", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"p2_5", "P2.5", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"p97_5", "P97.5", CELL_NUMBER, SHOW_ALL, 2, -1},
    };
    struct doc_table *t = doc_table(d, "forecast", S("Forecast"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < q->n; i++)
        for (int k = 0; k < q->h; k++) {
            const struct series_step *s = &q->results[i].forecast->steps[k];
            struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
            c[0] = cell_text(q->results[i].id);
            c[1] = cell_count(k + 1);
            c[2] = number(s->p10);
            c[3] = number(s->p50);
            c[4] = number(s->p90);
            c[5] = number(s->p2_5);
            c[6] = number(s->p97_5);
        }
}

/* "log-theta a=0.31 (4.2 %); ets A,N,A ... (4.4 %)" */
static str members_text(struct arena *a, const struct series_forecast *f)
{
    str *parts = arena_new(a, str, f->n_members);
    for (size_t i = 0; i < f->n_members; i++) {
        const struct series_member *m = &f->members[i];
        parts[i] = str_fmt(a, "%s %.*s", m->name, FMT(m->parameters));
        if (!isnan(m->wape))
            parts[i] = str_fmt(a, "%.*s (%.1f %%)", FMT(parts[i]), 100 * m->wape);
    }
    return str_join(a, parts, f->n_members, S("; "));
}

static void add_models(struct doc *d, const struct series_request *q)
{
    static const struct doc_column columns[] = {
        {"id", "Series", CELL_TEXT, SHOW_ALL, 0, -1},
        {"values", "Values", CELL_COUNT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"members", "Members (error one step ahead)", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(d, "models", S("Models"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < q->n; i++) {
        const struct series_result *r = &q->results[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(r->id);
        c[1] = cell_count((int64_t)r->n);
        c[2] = cell_text(str_of(r->forecast->model));
        c[3] = cell_text(members_text(d->arena, r->forecast));
    }
}

/* --- how good forecasts would have been --- */

struct backtest {
    double wrong, sum_forecast, actual, sum_actual, last_wrong, season_wrong;
    double inside80, inside95, n;
};

static struct backtest sum_backtest(const struct series_result *r, int h, size_t period)
{
    struct backtest b = {0};
    for (int o = 0; o < r->origins; o++) {
        size_t from = r->n - (size_t)r->origins + (size_t)o;
        for (size_t k = 0; k < (size_t)h && from + k < r->n; k++) {
            const struct series_step *s = &r->backtest[(size_t)o * (size_t)h + k];
            double y = r->y[from + k], last = r->y[from - 1];
            double season = from >= period ? r->y[from - period + k % period] : NAN;
            b.wrong += fabs(y - s->p50);
            b.sum_forecast += s->p50;
            b.actual += fabs(y);
            b.sum_actual += y;
            b.last_wrong += fabs(y - last);
            b.season_wrong += fabs(y - season);
            b.inside80 += y >= s->p10 && y <= s->p90;
            b.inside95 += y >= s->p2_5 && y <= s->p97_5;
            b.n++;
        }
    }
    return b;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percent_of(double part, double whole)
{
    return whole != 0 ? 100 * part / whole : NAN;
}

static void add_backtest(struct doc *d, const struct series_request *q)
{
    static const struct doc_column columns[] = {
        {"id", "Series", CELL_TEXT, SHOW_ALL, 0, -1},
        {"values", "Values", CELL_COUNT, SHOW_ALL, 0, -1},
        {"origins", "Origins", CELL_COUNT, SHOW_ALL, 0, -1},
        {"wape", "Error", CELL_SHARE, SHOW_ALL, 1, -1},
        {"bias", "Bias", CELL_SHARE, SHOW_ALL, 1, -1},
        {"same_as_last", "Same as last", CELL_SHARE, SHOW_ALL, 1, -1},
        {"same_as_season", "Same as a season ago", CELL_SHARE, SHOW_ALL, 1, -1},
        {"coverage80", "Inside 80 %", CELL_SHARE, SHOW_ALL, 1, -1},
        {"coverage95", "Inside 95 %", CELL_SHARE, SHOW_ALL, 1, -1},
    };
    struct doc_table *t = doc_table(d, "backtest", S("Backtest"), columns, ARRAY_LEN(columns));
    double *errors = arena_new(d->arena, double, q->n), inside80 = 0, inside95 = 0, n = 0;
    size_t n_errors = 0;
    for (size_t i = 0; i < q->n; i++) {
        const struct series_result *r = &q->results[i];
        struct backtest b = sum_backtest(r, q->h, (size_t)q->period);
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(r->id);
        c[1] = cell_count((int64_t)r->n);
        c[2] = cell_count(r->origins);
        c[3] = percent(percent_of(b.wrong, b.actual));
        c[4] = percent(percent_of(b.sum_forecast - b.sum_actual, b.sum_actual));
        c[5] = percent(percent_of(b.last_wrong, b.actual));
        c[6] = percent(percent_of(b.season_wrong, b.actual));
        c[7] = percent(percent_of(b.inside80, b.n));
        c[8] = percent(percent_of(b.inside95, b.n));
        if (b.actual > 0)
            errors[n_errors++] = 100 * b.wrong / b.actual;
        inside80 += b.inside80;
        inside95 += b.inside95;
        n += b.n;
    }
    qsort(errors, n_errors, sizeof *errors, by_value);
    doc_figure(d, "median_wape", S("Median error"), 1,
               percent(n_errors ? errors[n_errors / 2] : NAN));
    doc_figure(d, "coverage80", S("Inside the 80 % range"), 1, percent(percent_of(inside80, n)));
    doc_figure(d, "coverage95", S("Inside the 95 % range"), 1, percent(percent_of(inside95, n)));
    doc_note(d, NOTE_INFO,
             "Forecast anew from each of the last origins without what came later, up to %d steps "
             "ahead. Error: sum of absolute errors over the sum of values.",
             q->h);
}

struct doc *report_series(const struct series_request *q, struct arena *a)
{
    struct doc *d = doc_new(a, "forecast-series",
                            q->backtest ? S("Backtest of series") : S("Forecast of series"));
    d->as_of = q->as_of;
    d->subtitle = str_fmt(a, "%zu series, %d steps ahead, season of %d", q->n, q->h, q->period);
    if (q->backtest) {
        add_backtest(d, q);
        return d;
    }
    add_forecasts(d, q);
    add_models(d, q);
    return d;
}
