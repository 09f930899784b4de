/* plan_report.h - the plan: what is planned, by month, in money.
 *
 * For programs: tables lines, buffers {path, initiative, category, kind, monthly, total},
 * categories {category, monthly, total, share, band, in_band}, units; figures planned, reserve,
 * total. For people: one table of the chosen rows by quarter, month or year, with shares against
 * bands. */
#ifndef REPORT_PLAN_REPORT_H
#define REPORT_PLAN_REPORT_H

#include "doc/doc.h"
#include "engine/expand.h"

enum plan_by { PLAN_BY_CATEGORY, PLAN_BY_INITIATIVE, PLAN_BY_OWNER, PLAN_BY_LINE };
enum plan_period { PLAN_QUARTERS, PLAN_MONTHS, PLAN_YEARS };

struct plan_request {
    const struct plan *plan;
    const struct circumstances *c; /* may be NULL: the plan as it stands */
    enum plan_by by;
    enum plan_period period;
    day as_of; /* DAY_NONE: none */
};

/* e: an amount is too large. */
MUST_CHECK bool report_plan(const struct plan_request *q, struct arena *a, struct doc **ret,
                            struct err *e);

#endif
