/* value.h - what benefits were promised and what they brought. */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include "doc/doc.h"
#include "engine/benefits.h"
#include "store/book_value.h"

struct value_row { /* a benefit, an initiative, or the portfolio */
    str path, title;      /* title: for people */
    const struct benefit *benefit; /* NULL: a sum */
    struct realized r;
};

struct value_period {
    str label;            /* "FY2027-Q1", "ytd" */
    month first, last;
    bool ytd;
    const struct value_row *benefits, *initiatives; /* without those that are quiet */
    size_t n_benefits, n_initiatives;
    struct realized cash, all; /* cash: cash and revenue alone */
};

struct value_view {
    const struct plan *plan;
    str budget_name;
    const struct value_period *periods;
    size_t n_periods;
    const struct measurement *measurements; /* every version, oldest first */
    size_t n_measurements;
    bool history;         /* people see them too */
    day as_of;
};
/* *ret_lacking: benefits that lack a measurement which is due, in the last period. May be NULL. */
struct doc *report_value(const struct value_view *v, struct arena *a, size_t *ret_lacking);

/* The table of a period's benefits, for this report and the quarterly pack. */
void value_benefits_table(struct doc *d, struct arena *a, const char *id, str title,
                          const struct value_period *periods, size_t n, enum shown shown);
/* A note for each that could not be measured. */
void value_reasons(struct doc *d, const struct value_period *p);

#endif
