/* review.h - the quarterly pack. */
#ifndef REPORT_REVIEW_H
#define REPORT_REVIEW_H

#include "report/forecast.h"
#include "report/track.h"
#include "report/value.h"

struct review_flag {
    const struct review_row *row;
    struct variance v;
    const struct explanation *explanation; /* NULL: none of its own */
    bool missing; /* neither its own nor by its lines */
};

struct review_outlook { /* of the year: a category, or the total */
    bool total;
    str path, title;
    dec budget; /* DEC_NULL: not known */
    dec p10, p50, p90;
};

struct review_view {
    const struct tracking *t;
    const struct review *r; /* rows: live, or as they were closed */
    bool closed;
    const struct review_flag *flags;
    size_t n_flags, n_missing;
    struct value_period benefits; /* of the quarter, as they are or were when it closed */
    size_t n_unmeasured;          /* benefits that lack a measurement in it */
    const struct explanation *explanations; /* all; actions up to the quarter are shown */
    size_t n_explanations;
    const struct review_outlook *outlook;
    size_t n_outlook;
    str outlook_name;
    str provisional; /* why the quarter cannot close yet for its data; empty: it can */
    day today;
    const char *basis;
};

struct doc *report_review(const struct review_view *v, struct arena *a);

#endif
