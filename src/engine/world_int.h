/* world_int.h - private to engine/: what the parts of a world share. */
#ifndef ENGINE_WORLD_INT_H
#define ENGINE_WORLD_INT_H

#include "engine/world.h"

double formula_at(const struct world *w, const struct formula *f, int32_t m);
void compute_drivers(struct world *w);

#endif
