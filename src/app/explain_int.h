/* explain_int.h - what the files of explaining share: parts of one line's month, still in double. */
#ifndef APP_EXPLAIN_INT_H
#define APP_EXPLAIN_INT_H

#include "app/explain.h"
#include "engine/variance.h"

#define PARTS_MOST 24

struct month_parts {
    str driver[PARTS_MOST], note[PARTS_MOST];
    double amount[PARTS_MOST];
    size_t n;
    dec timing; /* of the month's variance */
};

struct explaining {
    struct workspace *w;
    const struct track_book *k;
    const struct tracking *t;
    struct arena *a;
    const struct world *world;    /* the budget's plan as it stands */
    const struct world *unlevered; /* without any lever */
};

void part_add(struct month_parts *p, str driver, double amount, str note);
/* Adds to the part of that name, or a new one. */
void part_join(struct explaining *x, struct month_parts *p, str driver, double amount);

/* Each explains what is left of the month's variance (actual - budget, both already without the
 * currency's part), or nothing: false in *ret when it cannot tell. */
MUST_CHECK bool explain_llm(struct explaining *x, const struct tracked *item, int32_t m,
                            double actual, double budget, struct month_parts *p, bool *ret,
                            struct err *e);
MUST_CHECK bool explain_units(struct explaining *x, const struct tracked *item, int32_t m,
                              double actual, double budget, struct month_parts *p, bool *ret,
                              struct err *e);
MUST_CHECK bool explain_people(struct explaining *x, const struct tracked *item, int32_t m,
                               double actual, double budget, struct month_parts *p, bool *ret,
                               struct err *e);

/* The rows of a path in a month: `line=PATH` where rules named it, else its `match:`. */
struct row_filters {
    struct ledger_filter *items;
    size_t n;
};
MUST_CHECK bool explain_filters(struct explaining *x, str path, int32_t m, struct row_filters *ret,
                                struct err *e);
struct ledger_query explain_query(const struct explaining *x, const struct row_filters *f,
                                  int32_t m);
/* "12.3k", "1.52M": for notes. */
str explain_number(struct arena *a, double v);

#endif
