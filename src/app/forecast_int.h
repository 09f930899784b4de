/* forecast_int.h - what the files of the book's forecast share. */
#ifndef APP_FORECAST_INT_H
#define APP_FORECAST_INT_H

#include "app/forecast_book.h"

/* What the month of a row cost; false while it is not final. */
bool forecast_actual(const struct tracking *t, const struct forecast_row *r, dec *ret);
/* A month that a kept forecast did not know yet and that is final now. */
bool forecast_can_score(const struct tracking *t, const struct stored_forecast *f,
                        const struct forecast_row *r, dec *ret_actual);
/* What changed since the last kept forecast of the plan's year; v->scopes are there. */
MUST_CHECK bool forecast_compare(struct workspace *w, const struct track_book *k,
                                 struct forecast_view *v, struct err *e);
/* The first day by whose end the days from `from` had cost more than `budget`; `to` at the latest:
 * by then they had. */
MUST_CHECK bool forecast_day_crossed(struct workspace *w, const struct track_book *k, day from,
                                     day to, dec budget, day *ret, struct err *e);

#endif
