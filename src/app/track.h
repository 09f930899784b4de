/* track.h - opens what tracking needs and puts the budget beside the actuals.
 *
 * The budget is the latest approved baseline, else the latest requested one, else the working
 * plan; reports say which. Its flag rule counts, not the working plan's. Transfers recorded in the
 * book move budget between lines. */
#ifndef APP_TRACK_H
#define APP_TRACK_H

#include "app/actuals.h"
#include "app/plan_source.h"
#include "engine/tracking.h"
#include "store/book_track.h"

struct track_request {
    int64_t baseline; /* 0: as described above */
    day as_of;        /* spend after it is left out; DAY_NONE: all of it */
    enum basis basis;
    str source;       /* a plan instead of any baseline; empty: none */
    bool as_approved; /* transfers stay out of the budget */
};

struct track_book {
    struct plan_source source;
    struct tracking t;
    const struct actuals *actuals;
    enum basis basis; /* of them */
    struct transfer *transfers;
    size_t n_transfers;
    struct commitment *commitments;
    size_t n_commitments;
    struct explanation *explanations;
    size_t n_explanations;
    month *closed; /* months whose actuals are final */
    size_t n_closed;
};

/* Which plan is the budget: `baseline`, or as described above when it is 0. *ret_what: for
 * load_plan_source; *ret_name: for people. w has its book open. */
MUST_CHECK bool track_choose_budget(struct workspace *w, int64_t baseline, str *ret_what,
                                    str *ret_name, struct err *e);
/* e: [from, to] is outside these months of a plan, or none of its quarters. */
MUST_CHECK bool track_is_quarter(month plan_first, int32_t n_months, month from, month to,
                                 struct err *e);
/* "FY2027-Q1": the fiscal year is named for the calendar year in which it ends. */
str track_quarter_label(struct arena *a, month plan_first, month first);

/* w: opened with NEED_LEDGER. Faults of the plan are added to `faults`. */
MUST_CHECK bool track_open(struct workspace *w, const struct track_request *q,
                           struct diags *faults, struct track_book *ret, struct err *e);

/* "support.chat", "support", "infra", or with its level in front where two levels share a name
 * ("category:data"). */
MUST_CHECK bool track_path(const struct tracking *t, str what, enum track_level *ret_level,
                           str *ret_path, struct err *e);

/* Variances of all levels for the months [from, to] and the year to date at `to`: what a review
 * keeps. */
void track_review_rows(struct arena *a, const struct tracking *t, int32_t from, int32_t to,
                       struct review *r);

#endif
