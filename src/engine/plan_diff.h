/* plan_diff.h - what moved the total from one plan to another, in money, by cause.
 *
 * Sequential substitution: OLD becomes NEW one change at a time, in the order of enum diff_cause;
 * after each step the mixed plan is computed, and what its lines and buffers moved is that change's
 * delta. So the deltas telescope: they sum exactly to the difference of the totals, and per
 * category. The reserve comes last: what follows from planned spend at OLD's share, then the change
 * of the share. docs/diff.md says what is measured at which prices and volumes. */
#ifndef ENGINE_PLAN_DIFF_H
#define ENGINE_PLAN_DIFF_H

#include "engine/expand.h"

enum diff_cause {
    DIFF_CALENDAR,  /* the plan's first month, its length */
    DIFF_RATE,      /* exchange rates */
    DIFF_PRICE,     /* models, machines, lines' own prices and fees, a line's model or machine */
    DIFF_SALARY,    /* roles, a position's salary or role */
    DIFF_LOADING,   /* benefits, equipment, recruiting, raise */
    DIFF_VOLUME,    /* drivers, users, requests, hours, seats, items ... */
    DIFF_TOKENS,    /* what a request consumes: in, out, cached, cache_writes, batch */
    DIFF_DATES,     /* months of lines, contractors, upskilling */
    DIFF_INITIATIVE, /* status, starts, ends */
    DIFF_CATEGORY,  /* a line stands in another category */
    DIFF_NEW,       /* lines, initiatives, contractors, upskilling */
    DIFF_HEADCOUNT, /* positions: count, new, dropped, what they work on */
    DIFF_HIRE_DATE, /* positions: start, end */
    DIFF_DROPPED,
    DIFF_LEVER,     /* new, dropped, changed */
    DIFF_BUFFER,
    DIFF_RESERVE,   /* follows planned spend */
    DIFF_RESERVE_SHARE,
    DIFF_OTHER,     /* what no change explains; nothing, unless the language outgrew this table */
    DIFF_CAUSES,
};
const char *diff_cause_key(enum diff_cause c);  /* "hire_date" */
const char *diff_cause_name(enum diff_cause c); /* "Hire dates" */

struct plan_change {
    enum diff_cause cause;
    str path;     /* "support.support-chat.users" */
    str from, to; /* as written; empty: was not there, is not there */
    const struct yaml_node *at; /* in NEW, else in OLD; NULL: nowhere */
    money delta;
    money by_category[CATEGORY_COUNT];
    bool merged; /* could only be computed together with changes next to it */
};

struct plan_side {
    const struct plan *plan;
    struct plan_options options; /* what it was loaded with: prices of the price book */
};

struct plan_diff {
    const struct expansion *before, *after;
    struct plan_change *moved;   /* by cause, then the largest first */
    size_t n_moved;
    struct plan_change *unmoved; /* written differently, without effect on the total */
    size_t n_unmoved;
    size_t computed;             /* mixed plans */
};

/* Both plans must be in one currency. */
MUST_CHECK bool plan_diff(struct arena *a, const struct plan_side *old, const struct plan_side *now,
                          const struct plan_diff **ret, struct err *e);

#endif
