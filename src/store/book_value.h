/* book_value.h - what benefits really brought: measured once a month or quarter, corrected by new
 * versions.
 *
 * A measurement speaks of one benefit and a span of months. Of those that stand, no two of a
 * benefit overlap: a new one takes the place of those inside its span, and must not cut one in two.
 * What could not be measured is recorded with its reason; it has no amount, which is not an amount
 * of zero. Nothing is changed or deleted; triggers of the database and `outlay verify` guard it. */
#ifndef STORE_BOOK_VALUE_H
#define STORE_BOOK_VALUE_H

#include "store/book.h"

struct measurement {
    int64_t id;
    str at, by;         /* by: a role */
    str benefit;        /* "vision.claims" */
    month first, last;
    dec units, each;    /* each: what one was worth; both DEC_NULL: measured as an amount */
    dec amount;         /* in `currency`; DEC_NULL: it could not be measured */
    str currency;       /* the plan's */
    str budget;         /* whose benefit it is: "baseline 1, approved 2026-06-09" */
    str reason;         /* why it could not be measured; empty: it was */
    str evidence, note; /* may be empty */
    str program, sha256;
    int64_t replaced_by; /* the version that stands instead; 0: none */
    str ended_at, ended_by, ended_why; /* empty while it stands */
};

/* at, program, sha256 are filled in. One transaction with its journal entry. e: neither amount nor
 * reason (or both), or a measurement that stands reaches beyond these months. */
MUST_CHECK bool book_add_measurement(struct book *b, const struct measurement *x, int64_t now,
                                     int64_t *ret_id, struct err *e);
/* It was a mistake; `why` says which. Its months count as not measured again. */
MUST_CHECK bool book_withdraw_measurement(struct book *b, int64_t id, str by, str why, int64_t now,
                                          struct err *e);
/* All versions, oldest first. */
MUST_CHECK bool book_measurements(struct book *b, struct arena *a, struct measurement **ret,
                                  size_t *ret_n, struct err *e);
bool measurement_stands(const struct measurement *x);
/* The one that stands for a benefit in a month; NULL: none. */
const struct measurement *measurement_of(const struct measurement *all, size_t n, str benefit,
                                         month m);

#endif
