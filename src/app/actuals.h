/* actuals.h - what really was spent, in the plan's own words: its lines, initiatives, categories.
 *
 * A row of spend belongs to the plan line that rules.yaml named for it (`line`), else to the first
 * line in plan order whose `match:` it satisfies, else to its initiative and category alone
 * (unplanned spend), else to its category. No row counts twice. Amounts are in the plan's currency,
 * by months of use; a month without a rate is an error that names it. */
#ifndef APP_ACTUALS_H
#define APP_ACTUALS_H

#include "app/workspace.h"
#include "engine/llm_use.h"
#include "plan/plan.h"

enum actual_place {
    ACTUAL_LINE,       /* a line of the plan, a position, contractor or upskilling */
    ACTUAL_INITIATIVE, /* the initiative is known, the line is not */
    ACTUAL_CATEGORY,   /* neither */
};
struct actual {
    enum actual_place place;
    enum category category; /* of the spend; five, or CATEGORY_REVIEW */
    uint32_t initiative;    /* in plan->initiatives, or NO_INDEX */
    uint32_t line;          /* in plan->lines, or NO_INDEX (people) */
    str path; /* "support.support-chat", "staff.mle", "support", ""; a line that rules.yaml names
               * and the plan does not have keeps its name */
    month month;
    day day;    /* DAY_NONE unless asked for */
    bool batch; /* at batch prices; false unless asked for */
    enum call_end end; /* of the requests; CALL_UNTOLD unless asked for */
    /* what else tells rows apart, for explanations; empty where rows have none */
    str model, provider, service;
    dec amount;             /* in the plan's currency */
    uint64_t rows, unpriced; /* unpriced: rows without a cost, at risk and not in amount */
    uint64_t requests, token_rows;
    int64_t tokens[TOKEN_BUCKETS];
};
struct actuals {
    struct actual *items; /* by path, category, month, then model, provider, service */
    size_t n;
    month first, last; /* months with AI spend or rows to review; MONTH_NONE without any */
    day last_day;      /* the last day of use in the ledger, whatever it was spent on */
};

struct actuals_query {
    const struct plan *plan;
    day from, to; /* inclusive; DAY_NONE: open */
    enum basis basis;
    bool daily; /* apart by day, batch and end: reads rows, not only sums */
};
/* w: opened with NEED_LEDGER; rates are read when spend is in other currencies. */
MUST_CHECK bool actuals_read(struct workspace *w, const struct actuals_query *q,
                             const struct actuals **ret, struct err *e);

/* The rows behind a path, as --where of `outlay ledger` takes it: "line=support.chat", or the
 * `match:` of that line ("provider=anthropic*,project=eng-*"). */
str actuals_where(struct arena *a, const struct plan *p, str path);

#endif
