/* anomalies.h - daily spend outside its own pattern. */
#ifndef APP_ANOMALIES_H
#define APP_ANOMALIES_H

#include "app/workspace.h"
#include "report/anomalies.h"

struct anomalies_request {
    month month; /* MONTH_NONE: the last 31 days with spend */
    day as_of;   /* spend after it is left out; DAY_NONE: none */
    enum basis basis;
    dec over, floor;
};

/* w: opened with NEED_LEDGER and NEED_RATES. Every line (or what else is known of a row) with spend
 * on most days is forecast one day ahead by its own weekly pattern; what stands out of its past
 * errors is told, largest first. */
MUST_CHECK bool anomalies_find(struct workspace *w, const struct anomalies_request *q,
                               struct anomalies_view *ret, struct err *e);

#endif
