/* baseline.h - freezing a plan in the book, and proving what was frozen. */
#ifndef APP_BASELINE_H
#define APP_BASELINE_H

#include "app/plan_source.h"
#include "engine/expand.h"
#include "store/book_baseline.h"

struct freeze {
    enum baseline_status status;
    str by, note; /* may be empty */
};

/* Freezes a plan that was loaded without faults: its computed amounts, every text it was read from
 * and the prices it took from the price book. w is open for writing. *ret holds what was frozen;
 * its texts live in w's arena. */
MUST_CHECK bool baseline_freeze(struct workspace *w, const struct plan_source *s,
                                const struct freeze *f, struct baseline *ret, struct err *e);

/* The latest request that holds exactly the same texts and prices as *x; 0: none. *ret_last is the
 * latest request of all, 0: none. */
MUST_CHECK bool baseline_requested(struct workspace *w, const struct baseline *x, int64_t *ret_same,
                                   int64_t *ret_last, struct err *e);

/* Each digest is right, stands in the journal, and computing the frozen text with the frozen prices
 * gives the frozen amounts. */
MUST_CHECK bool baselines_verify(struct workspace *w, size_t *ret_n, struct err *e);

/* Every computed amount, one line each: kind, path, category, monthly amounts, total. */
str figures_text(struct arena *a, const struct expansion *x);

#endif
