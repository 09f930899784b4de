/* expand.h - a plan's months in money: lines, buffers, categories, reserve, tokens, heads.
 *
 * A line's month is computed in double and rounded half-even to the cent, once. A buffer is
 * computed per line-month from the rounded amount and rounded the same way. Every total is the
 * exact sum of what it shows. total = planned / (1 - share); the reserve is the difference, spread
 * evenly over the months by largest remainder. */
#ifndef ENGINE_EXPAND_H
#define ENGINE_EXPAND_H

#include "core/money.h"
#include "engine/world.h"

struct expanded {
    str path;            /* "support.support-chat", "staff.mle-5:hire", "levers.quantize" */
    uint32_t initiative; /* NO_INDEX: none, or several */
    enum category category;
    enum line_kind kind;
    money *monthly; /* n_months of them */
    money total;
    /* what it stands for; NO_INDEX where it is something else */
    uint32_t line, position, contractor, upskilling, lever;
    uint32_t option; /* in the circumstances' option costs */
    uint32_t extra;  /* in the circumstances' extra hires */
    bool hire;
};

/* Tokens and requests of one LLM line by month, in disjoint buckets, as the levers leave them. */
struct expanded_tokens {
    uint32_t line; /* in plan->lines */
    const double *requests, *batch_requests, *in, *cache_read, *cache_write, *out;
};

struct expanded_category {
    money *monthly;
    money total;
    int32_t share_permille; /* of the total, by largest remainder; they sum to 1000 */
};

struct expansion {
    const struct plan *plan;
    int32_t n_months;
    struct expanded *lines, *buffers;
    size_t n_lines, n_buffers;
    struct expanded_category categories[CATEGORY_COUNT]; /* with buffers; with the reserve */
    struct expanded_tokens *tokens;
    size_t n_tokens;
    double *heads; /* people employed by month, without contractors */
    money planned, reserve, total;
};

/* e: a month's amount or a sum is too large. c may be NULL: the plan as it stands. */
MUST_CHECK bool expand(struct arena *a, const struct plan *p, const struct circumstances *c,
                       const struct expansion **ret, struct err *e);

/* What each lever does to planned spend (lines, buffers and lever costs; a saving is positive). */
struct lever_effects {
    bool on;           /* in the plan */
    money alone;       /* planned without any lever - planned with only this one */
    money in_sequence; /* the drop when it joins the levers before it; off: when it joins all that
                          are on */
    money cost;
};
MUST_CHECK bool lever_effects(struct arena *a, const struct plan *p, struct lever_effects **ret,
                              money *ret_without, struct err *e);

/* An obligation in money of a lever that is on, against the spend it covers inside the plan (the
 * covered share of what its lines cost after all levers, while it runs). False: it has none. */
bool lever_commitment(const struct world *w, const struct expansion *x, uint32_t lever,
                      money *ret_committed, money *ret_covered);

/* Largest remainder of parts of a whole at 0.1 %: permille that sum to 1000 (0 for a zero whole).
 */
void permille_split(const money *parts, size_t n, int32_t *ret);

#endif
