/* scenarios_report.h - scenarios side by side, and what each chooses and why. */
#ifndef REPORT_SCENARIOS_REPORT_H
#define REPORT_SCENARIOS_REPORT_H

#include "doc/doc.h"
#include "engine/scenario.h"
#include "engine/simulate.h"

struct scenarios_request {
    const struct scenario_result *results; /* the base first */
    const struct simulation *const *simulations; /* one per result; NULL: not simulated */
    size_t n;
    day as_of;
};
MUST_CHECK bool report_scenarios(const struct scenarios_request *q, struct arena *a,
                                 struct doc **ret, struct err *e);

/* Value against budget. */
struct frontier_point {
    int percent; /* of the base total, against it: -50 ... 50 */
    struct scenario_result r;
};
struct doc *report_frontier(const struct frontier_point *points, size_t n, day as_of,
                            struct arena *a);

#endif
