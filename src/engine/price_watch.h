/* price_watch.h - what price changes do to a plan's months: those already in its number, and those
 * that a price book knows otherwise.
 *
 * A plan's own prices win over the price book. So a change is either dated in the plan (or in the
 * book's prices that it uses) and part of its number, or it stands outside: the book, or a new
 * list, has another price in that month than the plan computes with. */
#ifndef ENGINE_PRICE_WATCH_H
#define ENGINE_PRICE_WATCH_H

#include "base/err.h"
#include "engine/llm_use.h"

enum price_watch_kind {
    WATCH_DATED,     /* a dated price inside the plan: in its number */
    WATCH_DISAGREES, /* the plan states its own price, the book has another one */
    WATCH_NEW,       /* the plan takes the book's price, and that is another one now */
};
struct price_watched {
    enum price_watch_kind kind;
    uint32_t model;
    int32_t first, last;                          /* months of the plan, inclusive */
    double before[PRICE_PARTS], now[PRICE_PARTS]; /* per million, in the plan's currency */
    double change, change_left;     /* money in [first, last]; of it from the month `from` on */
    double *by_line, *left_by_line; /* per line of the plan */
};

/* now: the prices to compare with. from: the first month that is still ahead, relative to the
 * plan's first. *ret_unknown: models in use that `now` does not know, one bool per model. e: a
 * price is in a currency that plan.fx has no rate for. */
MUST_CHECK bool price_watch(struct arena *a, const struct plan *p, const struct plan_options *now,
                            int32_t from, struct price_watched **ret, size_t *ret_n,
                            bool **ret_unknown, struct err *e);

#endif
