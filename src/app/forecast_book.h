/* forecast_book.h - the rest of the book's year, from its actuals, its plan and its history. */
#ifndef APP_FORECAST_BOOK_H
#define APP_FORECAST_BOOK_H

#include "app/track.h"
#include "engine/outlook.h"
#include "report/forecast.h"

struct forecast_book {
    const struct track_book *k;
    struct forecast_view view; /* for the report */
    struct stored_forecast stored; /* for the book */
};

/* Past forecasts of the book widen the intervals when they held too seldom. */
MUST_CHECK bool forecast_make(struct workspace *w, const struct track_book *k,
                              struct forecast_book *ret, struct err *e);
/* Keeps it unless the last one kept says the same. w is open for writing. *ret_id 0: it did. */
MUST_CHECK bool forecast_keep(struct workspace *w, const struct forecast_book *f, int64_t *ret_id,
                              struct err *e);

/* How every kept forecast held against what is known by now. */
MUST_CHECK bool forecast_scores(struct workspace *w, const struct track_book *k,
                                struct forecast_score **ret, size_t *ret_n, struct err *e);

#endif
