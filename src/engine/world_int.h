/* world_int.h - private to engine/: what the parts of a world share. */
#ifndef ENGINE_WORLD_INT_H
#define ENGINE_WORLD_INT_H

#include "engine/world.h"

double formula_at(const struct world *w, const struct formula *f, int32_t m);
void compute_drivers(struct world *w);

/* llm_cost.c: the drivers of an LLM line in months [first, last], growth and levers on drivers
 * applied; only those of LLM lines are filled. */
struct llm_drivers {
    double of[LINE_QUANTITIES][PLAN_MONTHS_MAX];
};
void llm_drivers(const struct world *w, const struct line *l, int32_t first, int32_t last,
                 struct llm_drivers *ret);

#endif
