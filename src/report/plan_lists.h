/* plan_lists.h - what stands behind a plan: its people, its assumptions, its levers, its faults.
 *
 * people       tables positions, headcount {month, heads}, others (contractors, upskilling)
 * assumptions  tables numbers (those with a range or a source), unsourced, documented
 * levers       tables levers, overlaps (pairs that are on and touch the same line); figures
 *              without_levers, alone, together, overlap, with_levers
 * check        table faults {level, file, line, column, width, text, hint} */
#ifndef REPORT_PLAN_LISTS_H
#define REPORT_PLAN_LISTS_H

#include "doc/doc.h"
#include "engine/expand.h"

struct plan_list_request {
    const struct plan *plan;
    day as_of;
};

/* e: an amount is too large. */
MUST_CHECK bool report_people(const struct plan_list_request *q, struct arena *a, struct doc **ret,
                              struct err *e);
struct doc *report_assumptions(const struct plan_list_request *q, struct arena *a);
MUST_CHECK bool report_levers(const struct plan_list_request *q, struct arena *a, struct doc **ret,
                              struct err *e);

/* name: of the plan, for people. plan: NULL when it has faults; else what only computing shows
 * (bands, commitments) is added to the warnings. */
struct plan_check {
    str name;
    const struct plan *plan;
    const struct diags *faults;
    day as_of;
};
MUST_CHECK bool report_plan_check(const struct plan_check *q, struct arena *a, struct doc **ret,
                                  size_t *ret_warnings, struct err *e);

#endif
