/* forecast.h - the forecast of the rest of a year, and how past ones held. */
#ifndef REPORT_FORECAST_H
#define REPORT_FORECAST_H

#include "doc/doc.h"
#include "engine/tracking.h"
#include "store/book_track.h"

struct forecast_scope { /* a category, an initiative, a line, or the total */
    enum track_level level;
    str path, title;
    enum category category;
    dec to_date, budget_rest, budget, buffer; /* budget of the year, before buffers */
    dec p10, p50, p90;         /* of the year */
    dec driver, series;        /* of the year by each model; DEC_NULL: not at this level */
    dec run_rate, rest_as_budgeted, scaled; /* cross-checks of the year; DEC_NULL: not known */
    double weight;             /* of the driver model; categories */
    const char *series_model;
};

struct forecast_change { /* against the last kept forecast */
    str path, title;
    dec before, now; /* now = before + by_actuals + by_budget + by_outlook, to the cent */
    dec by_actuals;  /* months that became known */
    dec by_budget;   /* months to come: what their budget became, less what it was; DEC_NULL: the
                      * last one had no baseline, and by_outlook holds that too */
    dec by_outlook;  /* months to come, the rest */
};

struct forecast_view {
    const struct tracking *t;
    const struct forecast_scope *scopes;
    size_t n_scopes;
    const struct forecast_row *rows;
    size_t n_rows;
    const struct forecast_change *changes;
    size_t n_changes;
    str changed_since;      /* when the last one was made; empty: there is none */
    str budget_then;        /* its budget */
    double widen;
    size_t n_scored;        /* months of past forecasts that calibrate this one */
    size_t reweighted, trials; /* lines re-estimated from the simulation's trials */
    int32_t n_complete;     /* months of actuals */
    size_t history;         /* months before the plan */
    str history_fault;      /* why there is none; empty: simply none */
    day crossing;           /* when the quarter's budget is used up at this rate; DAY_NONE: not */
    bool crossed;           /* it is: what is known to be spent by that day is over it */
    month crossing_first;   /* the quarter's */
    str crossing_label;
    day as_of;
    const char *basis;
};
struct doc *report_forecast(const struct forecast_view *v, struct arena *a);
/* "You will cross ...", or that it was crossed, or, for a day before `today` up to which spend is
 * not known, that it was used up at this rate. v->crossing is a day; today may be DAY_NONE. */
str forecast_crossing_text(struct arena *a, const struct forecast_view *v, day today);

struct forecast_score {
    int64_t forecast;
    str at;
    month through;
    enum track_level level;
    size_t n;              /* months of paths compared */
    double wape, bias, pinball, coverage; /* shares; pinball in money */
};
struct doc *report_forecast_scores(const struct forecast_score *items, size_t n, currency c,
                                   struct arena *a);

#endif
