/* forecast_series.h - `outlay forecast --series`: every series of a file by itself.
 *
 * In parallel, with the same bytes for any number of threads and any order of rows. */
#ifndef APP_FORECAST_SERIES_H
#define APP_FORECAST_SERIES_H

#include "base/arena.h"
#include "base/err.h"
#include "doc/doc.h"

struct forecast_series_query {
    str path;       /* of the CSV: see app/series_file.h */
    int h, period;
    size_t last;    /* only the newest values of each; 0: all */
    bool backtest;  /* tell how good forecasts would have been instead */
    int threads;
    day as_of;
    void (*progress)(void *ctx, double share); /* may be NULL; called on the calling thread */
    void *progress_ctx;
    const volatile bool *interrupted;
};
MUST_CHECK bool forecast_series(struct arena *a, const struct forecast_series_query *q,
                                struct doc **ret, struct err *e);

#endif
