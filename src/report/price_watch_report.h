/* price_watch_report.h - what price changes do to the plan's year, in money, by model and line.
 *
 * Tables changes {model, what, from, old and new prices, months, months_left, cost_change,
 * cost_change_left, in_plan} and lines {path, owner, model, from, cost_change, cost_change_left,
 * in_plan}; figures in_plan, not_in_plan and the same _left: of months that are still ahead. */
#ifndef REPORT_PRICE_WATCH_REPORT_H
#define REPORT_PRICE_WATCH_REPORT_H

#include "doc/doc.h"
#include "engine/price_watch.h"

struct price_watch_request {
    const struct plan *plan;
    const struct plan_options *now; /* the prices to compare the plan with */
    str list;                       /* name of a new list; empty: the price book as it is */
    day as_of;
};
/* e: a price in a currency without a rate. */
MUST_CHECK bool report_price_watch(const struct price_watch_request *q, struct arena *a,
                                   struct doc **ret, struct err *e);

#endif
