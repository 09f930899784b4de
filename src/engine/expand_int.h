/* expand_int.h - private to engine/: parts of the expansion. */
#ifndef ENGINE_EXPAND_INT_H
#define ENGINE_EXPAND_INT_H

#include "engine/expand.h"

/* Which parts of a plan to compute; NULL: all of that kind. Totals are then of these parts. */
struct expand_parts {
    const bool *lines, *positions, *contractors, *upskilling, *levers;
};
MUST_CHECK bool expand_world(struct arena *a, struct world *w, const struct expand_parts *only,
                             const struct expansion **ret, struct err *e);

money reserve_of(money planned, dec share);

#endif
