/* choice.h - at most one level of each item within category bands and a cap: most value, proven.
 *
 * Portfolio selection without a driver model: items with levels of cost and value, items that need
 * another, bands on the cost of each category, a cap on the whole. Costs and values are whole units
 * (the caller's: money in hundreds, points). The method is docs/scenarios.md, "Portfolios": per
 * category a dynamic program over trees of needs; needs across categories by multipliers and
 * branching. Bounds are whole numbers, so what is pruned cannot be better. */
#ifndef ENGINE_CHOICE_H
#define ENGINE_CHOICE_H

#include "base/arena.h"
#include "base/err.h"

#define CHOICE_CATEGORIES_MAX 8
#define CHOICE_LEVELS_MAX 8
#define CHOICE_UNITS_MAX 65536       /* of cost */
#define CHOICE_VALUE_MAX (1 << 27)   /* of all items' best values together */

struct choice_level {
    int32_t cost, value; /* cost >= 0 */
};
struct choice_item {
    int32_t category;
    bool mandatory; /* one of its levels must be chosen */
    int32_t needs;  /* the item without which it cannot be, or -1 */
    struct choice_level levels[CHOICE_LEVELS_MAX];
    int32_t n_levels;
};
struct choice_problem {
    const struct choice_item *items;
    int32_t n, n_categories;
    int32_t lo[CHOICE_CATEGORIES_MAX], hi[CHOICE_CATEGORIES_MAX]; /* cost of each category */
    int32_t cap;                                                  /* cost of all */
};
struct choice_curve { /* by total cost s in [first, first + n): the best value at most that cost */
    int32_t first, n;
    const int32_t *reached; /* by a choice that was found; INT32_MIN: none */
    const int32_t *bound;   /* no choice is worth more; equal to reached: proven */
};
struct choice_relaxation { /* the smallest change of the bounds, in sum, that lets something fit */
    int32_t lo_less[CHOICE_CATEGORIES_MAX], hi_more[CHOICE_CATEGORIES_MAX], cap_more;
    bool possible; /* false: not even without bounds: what must be chosen contradicts itself */
    bool proven;   /* no smaller change would do */
};
struct choice_answer {
    bool feasible;
    int32_t value, cost;
    int32_t *level; /* per item: index of its level, or -1 */
    uint64_t nodes, programs;
    struct choice_curve curve;
    struct choice_relaxation relaxation; /* when infeasible */
};
/* e: a cycle of needs, or a number beyond the limits above. Lives in a. */
MUST_CHECK bool choice_solve(struct arena *a, const struct choice_problem *p,
                             struct choice_answer *ret, struct err *e);

#endif
