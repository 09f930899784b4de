/* price_conflicts.h - where price books disagree, and the money that hangs on who is right.
 *
 * Tables: conflicts {provider, model, over_input_tokens, price, used_book, used, book, other,
 * difference, ratio, kind, tokens, at_stake, plan_at_stake}; figures conflicts, at_stake (the
 * largest of each model and price, without sign), unit_slips. */
#ifndef REPORT_PRICE_CONFLICTS_H
#define REPORT_PRICE_CONFLICTS_H

#include "core/price_book.h"
#include "doc/doc.h"
#include "plan/plan.h"
#include "store/ledger.h"

struct price_conflicts_request {
    const struct price_book *prices;
    const struct price_book *const *lists; /* further ones, held against it */
    size_t n_lists;
    const struct plan *plan; /* may be NULL */
    struct ledger *ledger;   /* attached; NULL: no spend at stake */
    day on;                  /* prices in force on this day */
    day from, to;            /* of the spend; DAY_NONE: open */
    str model, provider;     /* globs; empty: all */
    currency currency;
    day as_of;
};
MUST_CHECK bool report_price_conflicts(const struct price_conflicts_request *q, struct arena *a,
                                       struct doc **ret, size_t *ret_n, struct err *e);

#endif
