/* choice_int.h - private to engine/: one portfolio while it is solved. */
#ifndef ENGINE_CHOICE_INT_H
#define ENGINE_CHOICE_INT_H

#include "engine/choice.h"

enum { FIX_OPEN, FIX_IN, FIX_OUT };

struct arc { /* a need across categories */
    int32_t child, parent;
};
struct step_point {
    int32_t cost, value;
};
/* One category: items in preorder, so that the subtree of position k is [k, after[k]). Row k holds,
 * for each cost s, the best value of positions k.. at exactly that cost; only [from[k], to[k]] can
 * matter or be reached. */
struct category_program {
    int32_t lo, hi, width, n;
    int32_t *item, *after;
    int32_t *rows, *from, *to;
    int32_t *best;            /* best[s - lo]: at a cost from lo to s */
    struct step_point *steps; /* where best rises */
    int32_t n_steps;
    bool ready;       /* rows are those of fix and adjust */
    int8_t *fix;      /* by position */
    int32_t *adjust;
};
struct chooser {
    struct arena *a, tmp;
    const struct choice_problem *p;
    struct category_program programs[CHOICE_CATEGORIES_MAX];
    int32_t *first_child, *next_child, *position, *arc_of;
    struct arc *arcs;
    int32_t n_arcs, scale;
    int32_t *most_pi; /* per arc */
    int64_t sum;
    int32_t *adjust, *level, *repair_level, *best_level;
    int8_t *repair_fix, *gradient;
    int32_t *reached, *bound; /* by total cost */
    /* Looking for the smallest relaxation: value is less what the bounds are missed by. */
    const struct choice_problem *missed;
    uint64_t most_nodes; /* 0: any */
    bool stopped;
    bool known;
    int32_t best, best_cost;
    uint64_t nodes, count;
};

/* The best of all categories together under fixes and adjusted values (in scaled units), its levels
 * in level; INT32_MIN: nothing fits. */
int32_t choice_program(struct chooser *c, const int8_t *fix, const int32_t *adjust,
                       int32_t *level);
/* Lowers c->bound to what the programs computed last allow at each total cost. */
void choice_curve_bound(struct chooser *c);
/* What a category's cost misses its band by. */
int32_t choice_missed(const struct chooser *c, int32_t category, int32_t cost);

#endif
