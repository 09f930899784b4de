/* calibrate.h - the drivers of LLM lines as usage shows them, against the plan's.
 *
 * Usage is what really happened: requests and tokens by day, model and batch. Of volume only the
 * product users x sessions x requests x (1 + retries) can be seen; with the plan's users, sessions
 * and retries held, it gives requests per session. Where all calls tell how they ended, a failed
 * one is taken as sent again: retries are failed calls over the others, and those others give
 * requests per session. A driver is the ratio of two sums over the
 * window; its range is where the next block (a month, else a week, else a day) would fall, from how
 * the blocks differ. What the levers in use do to a driver is taken out, so that figures compare
 * with what the plan file states. What usage does not say is unknown, never zero. */
#ifndef ENGINE_CALIBRATE_H
#define ENGINE_CALIBRATE_H

#include "base/date.h"
#include "core/money.h"
#include "engine/llm_use.h"
#include "engine/what_if.h"

struct usage_seen {
    uint32_t line; /* in plan->lines */
    day day;
    str model;
    bool batch;
    enum call_end end;
    double requests;                         /* 0: not told */
    double in, cache_read, cache_write, out; /* disjoint */
    double amount;                           /* in the plan's currency; NAN: not known */
    bool no_tokens; /* spend alone: it says how much of a line is not seen */
};

enum calibrate_unit { BLOCKS_NONE, BLOCKS_MONTHS, BLOCKS_WEEKS, BLOCKS_DAYS };

struct calibrated_driver {
    enum line_quantity driver;
    bool seen;
    const char *why;             /* not seen */
    double plan;                 /* as the plan file has it, over the window; NAN: not stated */
    double observed, lo, hi, se; /* lo is NAN when there are too few blocks for a range */
    const struct quantity *q;    /* NULL: the plan does not state it */
    str suggestion;              /* for what_if: a value or xFACTOR; empty: it stands well */
    money at_stake; /* of the plan's cost, when only this one changes; zero without a suggestion */
};

struct calibrated_model {
    str name;                 /* as the plan has it, else as usage has it */
    bool in_plan;             /* the line uses it */
    double plan_share, share; /* of requests, or of tokens where requests are not told */
    double requests, tokens;
    double amount,
        expected; /* money; expected: the same tokens at the plan's prices; NAN: unknown */
};

struct calibrated_line {
    uint32_t line;
    day first, last;
    bool
        outside; /* (part of) the window is not in the plan's months: its nearest month stands in */
    enum calibrate_unit blocks;
    size_t n_blocks, n_days;
    double requests, plan_requests; /* over the window, retries among them; plan: as planned */
    bool ends_told;                 /* all requests tell whether they failed */
    double tokens, amount;          /* amount: NAN unknown */
    double told;                    /* share of its spend in the window whose rows tell tokens */
    const char *why;                /* nothing is suggested although values differ; NULL */
    struct calibrated_driver drivers[8];
    size_t n_drivers;
    struct calibrated_model *models;
    size_t n_models;
    str models_suggestion; /* for what_if: PATH.models; empty: none */
    money models_at_stake;
    const char *models_why;    /* no suggestion although shares differ */
    money plan_cost, new_cost; /* the line in the plan's months: as planned; with all suggestions */
};

struct calibration {
    struct calibrated_line *lines; /* that have usage, in plan order */
    size_t n;
    const struct plan *plan; /* with all suggestions; the plan itself when there are none */
    struct what_if *changes;
    size_t n_changes;
    money planned_before, planned_after; /* whole plan with buffers, without reserve */
};

/* only: a line's path, or empty. e: a plan with the suggestions that would not stand. */
MUST_CHECK bool calibrate(struct arena *a, const struct plan *p, const struct plan_options *o,
                          const struct usage_seen *usage, size_t n, str only,
                          struct calibration *ret, struct err *e);

#endif
