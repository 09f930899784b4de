/* review.h - the quarterly pack, and closing a quarter. */
#ifndef APP_REVIEW_H
#define APP_REVIEW_H

#include "app/forecast_book.h"
#include "report/review.h"

struct review_request {
    month first, last; /* a quarter of the plan */
    str by;
    day today;
    const char *basis;
};

/* The pack of a quarter: as it stands, or as it was closed. `ret` is what closing would keep. */
MUST_CHECK bool review_make(struct workspace *w, const struct track_book *k,
                            const struct review_request *q, struct review *ret,
                            struct review_view *ret_view, struct err *e);
/* Closes it: e says what is missing. w is open for writing. `final`: months count as complete though
 * spend does not reach their last day. */
MUST_CHECK bool review_close(struct workspace *w, const struct track_book *k,
                             const struct review_request *q, bool final, int64_t *ret_id,
                             struct err *e);

#endif
