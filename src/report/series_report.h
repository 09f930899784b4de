/* series_report.h - forecasts of series without a book, and how good they would have been.
 *
 * forecast  table forecast {id, h, p10, p50, p90, p2_5, p97_5}, table models {id, values, model,
 *           members}
 * backtest  table backtest {id, values, origins, wape, bias, same_as_last, same_as_season,
 *           coverage80, coverage95}; figures median_wape, coverage80, coverage95 */
#ifndef REPORT_SERIES_REPORT_H
#define REPORT_SERIES_REPORT_H

#include "doc/doc.h"
#include "engine/series.h"

#define SERIES_ORIGINS 12 /* of a backtest; half the values where there are fewer */

struct series_result {
    str id;
    const double *y;
    size_t n;
    const struct series_forecast *forecast;
    struct series_step *backtest; /* origins x h */
    int origins;                  /* 0: too few values for a backtest */
};
struct series_request {
    const struct series_result *results;
    size_t n;
    int h, period;
    bool backtest;
    day as_of;
};
struct doc *report_series(const struct series_request *q, struct arena *a);

#endif
