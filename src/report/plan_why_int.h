/* plan_why_int.h - private to report/: what the parts of `why` share. */
#ifndef REPORT_PLAN_WHY_INT_H
#define REPORT_PLAN_WHY_INT_H

#include "report/plan_origin.h"
#include "report/plan_why.h"

struct why {
    const struct why_request *q;
    const struct plan *p;
    const struct world *w;    /* the plan */
    const struct world *bare; /* the same without levers */
    const struct expansion *x;
    struct origins origins;
    struct arena *a;
    struct doc *d;
    struct doc_table *inputs;
    int32_t from, to;          /* months, inclusive; the same for one month */
    str formula, source, kind; /* also told as prose and title */
    const struct yaml_node *at;
    bool no_first, no_last; /* rows that say nothing about the first, the last month */
};

/* What a row of inputs says besides its value. */
struct why_note {
    str written, source;
    const struct yaml_node *at;
};

enum why_unit { WHY_NUMBER, WHY_SHARE, WHY_MONEY };

/* What the figure is computed by. */
void why_formula(struct why *y, str formula);
/* A row with the values of the first and the last month. */
void why_row(struct why *y, int level, str name, enum why_unit unit, double first, double last,
             const struct why_note *note);
/* A row of words only. */
void why_words(struct why *y, int level, str name, str says, const struct yaml_node *at);
/* A quantity, then what its formulas and its currency rest on. NULL q: no row. */
void why_input(struct why *y, int level, str name, const struct quantity *q);
/* From here on values are those of months [from, to]. */
void why_span(struct why *y, int32_t from, int32_t to);

/* buffer: the amounts are those of its buffer. */
void why_line(struct why *y, const struct line *l, bool buffer);
void why_position(struct why *y, uint32_t position, bool hire);
void why_contractor(struct why *y, uint32_t contractor);
void why_upskilling(struct why *y, uint32_t upskilling);
void why_lever(struct why *y, uint32_t lever);
void why_benefit(struct why *y, const struct benefit *b);
void why_quantity(struct why *y, const struct quantity *q);

/* Amounts of months in the table of months and their sum as the figure. */
void why_amounts(struct why *y, const char *title, const money *monthly);

#endif
