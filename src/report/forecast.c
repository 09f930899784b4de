/* forecast.c - builds the report of a forecast and of how past ones held. */
#include "report/forecast.h"

#include <math.h>

struct job {
    const struct forecast_view *v;
    struct arena *a;
    struct doc *d;
};

/* A ratio for people, told to four digits. */
static dec ratio(double v)
{
    return isfinite(v) ? (dec)(int64_t)(v * 1e4 + (v < 0 ? -0.5 : 0.5)) * (DEC_ONE / 10000)
                       : DEC_NULL;
}

static void add_months(struct job *j)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"actual", "Actual", CELL_MONEY, SHOW_ALL, 2, -1},
        {"p10", "P10", CELL_MONEY, SHOW_ALL, 2, 2},
        {"p50", "P50", CELL_MONEY, SHOW_ALL, 2, 2},
        {"p90", "P90", CELL_MONEY, SHOW_ALL, 2, 2},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "months", S("Months"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->v->n_rows; i++) {
        const struct forecast_row *r = &j->v->rows[i];
        if (r->month == MONTH_NONE)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(track_level_name(r->level)));
        c[1] = cell_text(r->path);
        c[2] = cell_month(r->month);
        c[3] = cell_money(r->actual);
        c[4] = cell_money(r->p10);
        c[5] = cell_money(r->p50);
        c[6] = cell_money(r->p90);
        c[7] = cell_text(r->model);
    }
}

enum { Y_LEVEL, Y_PATH, Y_TITLE, Y_TO_DATE, Y_P50, Y_P10, Y_P90, Y_BUDGET, Y_DELTA, Y_FAV, Y_BUFFER,
       Y_FULL, YEAR_COLUMNS };

static const struct doc_column year_columns[YEAR_COLUMNS] = {
    [Y_LEVEL] = {"level", "Level", CELL_TEXT, SHOW_DATA, 0, -1},
    [Y_PATH] = {"path", "Path", CELL_TEXT, SHOW_DATA, 0, -1},
    [Y_TITLE] = {"title", "Line", CELL_TEXT, SHOW_PEOPLE, 0, -1},
    [Y_TO_DATE] = {"to_date", "Actual to date", CELL_MONEY, SHOW_ALL, 0, -1},
    [Y_P50] = {"p50", "Year, P50", CELL_MONEY, SHOW_ALL, 0, 2},
    [Y_P10] = {"p10", "P10", CELL_MONEY, SHOW_ALL, 0, 2},
    [Y_P90] = {"p90", "P90", CELL_MONEY, SHOW_ALL, 0, 2},
    [Y_BUDGET] = {"budget", "Budget", CELL_MONEY, SHOW_ALL, 0, 2},
    [Y_DELTA] = {"delta", "Delta", CELL_MONEY, SHOW_DATA, 0, 2},
    [Y_FAV] = {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, 2},
    [Y_BUFFER] = {"buffer", "Buffer", CELL_MONEY, SHOW_ALL, 0, 2},
    [Y_FULL] = {"within", "Within budget and buffer", CELL_BOOL, SHOW_ALL, 0, -1},
};

static void add_scope(struct job *j, struct doc_table *t, const struct forecast_scope *x,
                      enum row_role role, int indent)
{
    struct cell *c = doc_row(j->d, t, role, indent);
    dec delta = x->p50 - x->budget;
    c[Y_LEVEL] = cell_text(str_of(track_level_name(x->level)));
    c[Y_PATH] = cell_text(x->path);
    c[Y_TITLE] = cell_text(x->title);
    c[Y_TO_DATE] = cell_money(x->to_date);
    c[Y_P50] = cell_money(x->p50);
    c[Y_P10] = cell_money(x->p10);
    c[Y_P90] = cell_money(x->p90);
    c[Y_BUDGET] = cell_money(x->budget);
    c[Y_DELTA] = cell_money(delta);
    c[Y_FAV] = cell_money(-delta);
    c[Y_BUFFER] = cell_money(x->buffer);
    c[Y_FULL] = cell_bool(dec_round(delta - x->buffer, 0) <= 0); /* cents are noise here */
}

static void add_year(struct job *j)
{
    static const char *const headings[] = {"", "Categories", "Initiatives", "Lines"};
    struct doc_table *t =
        doc_table(j->d, "year", S("Year-end outlook"), year_columns, YEAR_COLUMNS);
    for (int level = TRACK_CATEGORY; level <= TRACK_LINE; level++) {
        bool said = false;
        for (size_t i = 0; i < j->v->n_scopes; i++) {
            const struct forecast_scope *x = &j->v->scopes[i];
            if ((int)x->level != level || (!x->p50 && !x->budget))
                continue;
            if (!said)
                doc_row(j->d, t, ROW_GROUP, 0)[Y_TITLE] = cell_text(str_of(headings[level]));
            said = true;
            add_scope(j, t, x, ROW_NORMAL, 1);
        }
    }
    for (size_t i = 0; i < j->v->n_scopes; i++)
        if (j->v->scopes[i].level == TRACK_TOTAL)
            add_scope(j, t, &j->v->scopes[i], ROW_TOTAL, 0);
}

static void add_figures(struct job *j)
{
    const struct forecast_scope *x = NULL;
    for (size_t i = 0; i < j->v->n_scopes; i++)
        if (j->v->scopes[i].level == TRACK_TOTAL)
            x = &j->v->scopes[i];
    if (!x)
        return;
    doc_figure(j->d, "actual", S("Actual to date"), 0, cell_money(x->to_date));
    doc_figure(j->d, "p50", S("Year, P50"), 0, cell_money(x->p50));
    doc_figure(j->d, "p10", S("P10"), 0, cell_money(x->p10));
    doc_figure(j->d, "p90", S("P90"), 0, cell_money(x->p90));
    doc_figure(j->d, "budget", S("Budget of the year"), 0, cell_money(x->budget));
    doc_figure(j->d, "buffer", S("Buffers beside it"), 0, cell_money(x->buffer));
}

static void add_checks(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Path", CELL_TEXT, SHOW_DATA, 0, -1},
        {"title", "The year by other means", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"forecast", "Forecast", CELL_MONEY, SHOW_ALL, 0, 2},
        {"driver", "Drivers alone", CELL_MONEY, SHOW_ALL, 0, 2},
        {"series", "Series alone", CELL_MONEY, SHOW_ALL, 0, 2},
        {"weight", "Weight of drivers", CELL_SHARE, SHOW_ALL, 0, -1},
        {"model", "Series model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"run_rate", "Run rate", CELL_MONEY, SHOW_ALL, 0, 2},
        {"rest_as_budgeted", "Rest as budgeted", CELL_MONEY, SHOW_ALL, 0, 2},
        {"scaled", "Budget scaled", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t = doc_table(j->d, "checks", S("Both models and cross-checks"), columns,
                                    ARRAY_LEN(columns));
    for (size_t i = 0; i < j->v->n_scopes; i++) {
        const struct forecast_scope *x = &j->v->scopes[i];
        if (x->level != TRACK_CATEGORY && x->level != TRACK_TOTAL)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->path);
        c[1] = cell_text(x->title);
        c[2] = cell_money(x->p50);
        c[3] = cell_money(x->driver);
        c[4] = cell_money(x->series);
        if (x->level == TRACK_CATEGORY) {
            c[5] = cell_share(ratio(x->weight));
            c[6] = cell_text(str_of(x->series_model));
        }
        c[7] = cell_money(x->run_rate);
        c[8] = cell_money(x->rest_as_budgeted);
        c[9] = cell_money(x->scaled);
    }
}

static void add_changes(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Path", CELL_TEXT, SHOW_DATA, 0, -1},
        {"title", "Category", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"before", "Last forecast", CELL_MONEY, SHOW_ALL, 0, 2},
        {"by_actuals", "Months that became known", CELL_MONEY, SHOW_ALL, 0, 2},
        {"by_budget", "Budget of months to come", CELL_MONEY, SHOW_ALL, 0, 2},
        {"by_outlook", "Outlook of months to come", CELL_MONEY, SHOW_ALL, 0, 2},
        {"now", "Now", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    bool unknown = false;
    if (!j->v->n_changes)
        return;
    struct doc_table *t =
        doc_table(j->d, "changes", str_fmt(j->a, "What changed since forecast %.*s",
                                           FMT(j->v->changed_since)),
                  columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->v->n_changes; i++) {
        const struct forecast_change *x = &j->v->changes[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->path);
        c[1] = cell_text(x->title);
        c[2] = cell_money(x->before);
        c[3] = cell_money(x->by_actuals);
        c[4] = cell_money(x->by_budget);
        c[5] = cell_money(x->by_outlook);
        c[6] = cell_money(x->now);
        unknown = unknown || dec_is_null(x->by_budget);
    }
    if (unknown)
        doc_note(j->d, NOTE_INFO, "What the budget changed is not known: the last forecast was "
                                  "made against %.*s. It is part of the outlook.",
                 FMT(j->v->budget_then));
}

static str day_name(struct arena *a, day d)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    struct civil c = day_to_civil(d);
    return str_fmt(a, "%d %s %d", c.mday, names[c.month - 1], (int)c.year);
}

str forecast_crossing_text(struct arena *a, const struct forecast_view *v, day today)
{
    str when = day_name(a, v->crossing);
    if (v->crossed)
        return str_fmt(a, "You crossed the budget of %.*s on %.*s.", FMT(v->crossing_label),
                       FMT(when));
    if (today == DAY_NONE || v->crossing >= today)
        return str_fmt(a, "You will cross the budget of %.*s on %.*s at this rate.",
                       FMT(v->crossing_label), FMT(when));
    return str_fmt(a, "At this rate the budget of %.*s was used up on %.*s; spend is known to "
                      "%.*s only.", FMT(v->crossing_label), FMT(when),
                   FMT(day_name(a, v->t->last_day)));
}

static void add_notes(struct job *j)
{
    const struct forecast_view *v = j->v;
    doc_note(j->d, NOTE_INFO, "Budget is %.*s, before buffers. P10 to P90 holds 80 %% of outcomes.",
             FMT(v->t->budget_name));
    if (v->crossing != DAY_NONE)
        doc_note(j->d, NOTE_WARN, "%.*s", FMT(forecast_crossing_text(j->a, v, v->as_of)));
    if (v->history_fault.n)
        doc_note(j->d, NOTE_WARN, "Spend before the plan is left out of the series: %.*s.",
                 FMT(v->history_fault));
    else if (v->history)
        doc_note(j->d, NOTE_INFO, "Series: %zu months before the plan, %d of the plan.",
                 v->history, (int)v->n_complete);
    else
        doc_note(j->d, NOTE_INFO, "Series: no spend before the plan is imported; short series "
                                  "follow the plan's phasing.");
    if (v->reweighted)
        doc_note(j->d, NOTE_INFO, "Drivers: %zu lines with ranges re-estimated from %zu trials of "
                                  "the simulation, weighted by their months; the others in closed "
                                  "form.", v->reweighted, v->trials);
    if (v->widen > 1)
        doc_note(j->d, NOTE_INFO, "Ranges are %.2f times as wide as the models say: %zu months of "
                                  "past forecasts held less often than told.",
                 v->widen, v->n_scored);
}

struct doc *report_forecast(const struct forecast_view *v, struct arena *a)
{
    struct job j = {v, a, doc_new(a, "forecast", S("Forecast of the year"))};
    const struct plan_header *h = &v->t->plan->header;
    char from[MONTH_TEXT], to[MONTH_TEXT], through[MONTH_TEXT];
    month_format_name(h->first, from);
    month_format_name(h->last, to);
    j.d->currency = h->currency;
    j.d->as_of = v->as_of;
    j.d->basis = v->basis;
    j.d->months = tracking_months(a, v->t);
    j.d->n_months = (size_t)v->t->n_months;
    str known = v->n_complete
                    ? str_fmt(a, "actuals through %s",
                              (month_format_name(h->first + v->n_complete - 1, through), through))
                    : S("no month is complete yet");
    j.d->subtitle = str_fmt(a, "%s - %s, %s, %.*s", from, to, h->currency.code, FMT(known));
    add_figures(&j);
    add_months(&j);
    add_year(&j);
    add_checks(&j);
    add_changes(&j);
    add_notes(&j);
    return j.d;
}

struct doc *report_forecast_scores(const struct forecast_score *items, size_t n, currency c,
                                   struct arena *a)
{
    static const struct doc_column columns[] = {
        {"forecast", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"at", "Made (UTC)", CELL_TEXT, SHOW_ALL, 0, -1},
        {"through", "Actuals through", CELL_MONTH, SHOW_ALL, 0, -1},
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"n", "Months", CELL_COUNT, SHOW_ALL, 0, -1},
        {"wape", "WAPE", CELL_SHARE, SHOW_ALL, 1, -1},
        {"bias", "Bias", CELL_SHARE, SHOW_ALL, 1, -1},
        {"pinball", "Pinball", CELL_MONEY, SHOW_ALL, 0, 2},
        {"coverage", "Inside P10-P90", CELL_SHARE, SHOW_ALL, 1, -1},
    };
    struct doc *d = doc_new(a, "forecast", S("How forecasts held"));
    d->currency = c;
    struct doc_table *t = doc_table(d, "scores", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("No kept forecast can be scored yet: none of its months is final.");
    for (size_t i = 0; i < n; i++) {
        const struct forecast_score *s = &items[i];
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_count(s->forecast);
        x[1] = cell_text(s->at);
        x[2] = s->through == MONTH_NONE ? cell_null() : cell_month(s->through);
        x[3] = cell_text(str_of(track_level_name(s->level)));
        x[4] = cell_count((int64_t)s->n);
        x[5] = cell_share(ratio(s->wape));
        x[6] = cell_share(ratio(s->bias));
        x[7] = cell_money(dec_round(ratio(s->pinball), 2));
        x[8] = cell_share(ratio(s->coverage));
    }
    if (n)
        doc_note(d, NOTE_INFO, "WAPE: sum of errors / sum of actuals. Bias over 0 forecasts too "
                               "much. 80 %% should lie inside.");
    return d;
}
