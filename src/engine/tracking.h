/* tracking.h - a budget's months beside what was spent, and the variances by category, initiative,
 * line.
 *
 * The budget of a line is what the plan expects it to cost, after levers and before its buffer: a
 * line that costs what was planned has no variance, and how much of the buffer is used is told
 * beside it. The reserve's budget is its month. What no line of the plan is keeps a row of its own
 * with a budget of 0, so that every level sums to the same actuals. docs/decisions/055. */
#ifndef ENGINE_TRACKING_H
#define ENGINE_TRACKING_H

#include "core/variance.h"
#include "engine/expand.h"

struct tracked { /* a line of the plan, the reserve, or spend that no line has */
    str path;            /* "support.chat", "staff.mle", "reserve"; unplanned: as far as known */
    enum category category;
    uint32_t initiative; /* NO_INDEX: none */
    uint32_t expanded;   /* in budget->lines; NO_INDEX: the reserve or unplanned */
    bool planned;
    dec *actual, *budget, *buffer; /* per month of the plan; actual is 0 where nothing was spent */
    dec moved;           /* transfers into it, less those out of it */
};

struct tracking {
    const struct plan *plan;
    const struct expansion *budget;
    str budget_name;     /* "baseline 2, approved 2026-06-09" */
    struct variance_rule rule;
    month first;
    int32_t n_months, n_known; /* known: from the first month to the last one with spend */
    day last_day;              /* of spend; DAY_NONE: none */
    bool open[PLAN_MONTHS_MAX]; /* may still change: neither closed nor spent to its last day */
    struct tracked *items;
    size_t n_items;
    dec to_review;       /* spend that waits for a category: in no line */
    uint64_t review_rows, unpriced; /* unpriced: rows without a cost */
};

struct track_row {
    enum track_level level;
    str path, title;     /* title: for people */
    enum category category;
    uint32_t initiative; /* of lines and initiatives */
    uint32_t item;       /* of lines: in items */
    month month;         /* MONTH_NONE: the year to date */
    struct variance v;
    dec buffer;          /* of the same months */
    bool provisional;
};

/* The rows of a level in month index m, or from the plan's first month to it: plan order. A month
 * after the last known one has no actuals. */
void tracking_rows(struct arena *a, const struct tracking *t, enum track_level level, int32_t m,
                   bool ytd, struct track_row **ret, size_t *ret_n);
/* The plan's months, for reports. */
const month *tracking_months(struct arena *a, const struct tracking *t);
/* NULL: no such path. */
struct tracked *tracking_find(const struct tracking *t, str path);
/* Month indexes [from, to) of an amount per month. */
dec tracking_sum(const dec *months, int32_t from, int32_t to);

#endif
