/* plan_why.h - how one figure of a plan comes about: formula, inputs, source note, line in the
 * file.
 *
 * A path is a line ("support.chat"), its buffer ("support.chat:buffer"), a position ("staff.mle-5",
 * "staff.mle-5:hire"), "contractors.ID", "upskilling.ID", "levers.ID", a benefit, an initiative, a
 * category, "reserve", "planned", "total", or a number ("machines.h100", "support.chat.users").
 *
 * Tables: about {path, kind, formula, source, place}, inputs {name, level, value, value_last,
 * written, source, place}, parts {path, amount, share}, months {month, amount}; figure amount. */
#ifndef REPORT_PLAN_WHY_H
#define REPORT_PLAN_WHY_H

#include "doc/doc.h"
#include "engine/expand.h"

struct why_request {
    const struct plan *plan;
    str path;
    month month; /* MONTH_NONE: the whole plan */
    day as_of;
};

/* e: ERR_USAGE for a path that leads nowhere (with a did-you-mean) or a month outside the plan. */
MUST_CHECK bool report_why(const struct why_request *q, struct arena *a, struct doc **ret,
                           struct err *e);

#endif
