/* plan_diff.h - what moved the total, as a report.
 *
 * Tables: causes {cause, path, from, to, delta, infra ... reserve, at}, categories {category,
 * before, after, delta}, unmoved {path, from, to}; figures before, after, delta. */
#ifndef REPORT_PLAN_DIFF_H
#define REPORT_PLAN_DIFF_H

#include "doc/doc.h"
#include "engine/plan_diff.h"

struct plan_diff_request {
    const struct plan_diff *diff;
    str old_name, new_name; /* "baseline 2", "plan.yaml" */
    day as_of;              /* DAY_NONE: none */
};

struct doc *report_plan_diff(const struct plan_diff_request *q, struct arena *a);

#endif
