/* value.h - benefits: what the budget promises, what was measured, and measuring. */
#ifndef APP_VALUE_H
#define APP_VALUE_H

#include "app/plan_source.h"
#include "report/value.h"
#include "store/book_track.h"

struct value_book {
    const struct plan *plan;
    str budget_name;
    struct world *world;
    struct promised *promised;
    size_t n_promised;
    struct measurement *measurements; /* all versions */
    size_t n_measurements;
    struct measured *standing;        /* those that stand */
    size_t n_standing;
};

/* The budget as tracking chooses it (app/track.h); `baseline` 0: that choice. w has its book open.
 * Faults of the plan are added to `faults`. */
MUST_CHECK bool value_open(struct workspace *w, int64_t baseline, struct diags *faults,
                           struct value_book *ret, struct err *e);
/* The same of a plan that is loaded already. */
MUST_CHECK bool value_of_budget(struct workspace *w, const struct plan *p, str name,
                                struct value_book *ret, struct err *e);

/* One period by month indexes [from, to). today: the month at work. */
MUST_CHECK bool value_period_of(struct arena *a, const struct value_book *v, str label,
                                int32_t from, int32_t to, month today, struct value_period *ret,
                                struct err *e);
/* The quarter of a review: its promises and the measurements that they have there. */
MUST_CHECK bool value_period_of_review(struct arena *a, const struct value_book *v,
                                       const struct review *r, month today,
                                       struct value_period *ret, struct err *e);
/* What the quarter [first, last] must have measured before it closes. */
void value_due(struct arena *a, const struct value_book *v, month first, month last,
               struct review_benefit **ret, size_t *ret_n);

struct measure_request {
    str benefit;     /* "vision.claims" */
    month first, last;
    dec units, amount; /* one of them, or DEC_NULL both and a reason */
    str reason, by, evidence, note;
    month today;     /* the month at work */
};
/* e: no such benefit (with a did-you-mean), months that are not over. *ret_amount: what the units
 * are worth. w is open for writing. */
MUST_CHECK bool value_measure(struct workspace *w, const struct value_book *v,
                              const struct measure_request *q, int64_t *ret_id, dec *ret_amount,
                              struct err *e);

#endif
