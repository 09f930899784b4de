/* sensitivity.h - how much of an outcome's variance comes from which inputs: Sobol indices.
 *
 * First order (Saltelli 2010): the share of variance that goes away when the group is known. Total
 * (Jansen 1999): the share that stays while only the group is unknown; the difference is what it
 * does together with others. Both from scrambled Sobol points: two samples A and B, and for each
 * group A with the group's columns from B and the other way round. A model is run points x (4 + 2 x
 * groups) times. */
#ifndef ENGINE_SENSITIVITY_H
#define ENGINE_SENSITIVITY_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/sobol.h"

#define SENSITIVITY_BLOCK 512u

struct sensitivity_model {
    uint32_t inputs; /* at most SOBOL_DIMENSIONS / 2; the most important ones first */
    /* n <= SENSITIVITY_BLOCK outcomes: u[input][k] in (0, 1) is input's quantile in run k. */
    void (*run)(void *ctx, const double *const *u, uint32_t n, double *ret);
    void *ctx;
};
struct sensitivity_group {
    const uint32_t *inputs;
    size_t n;
};
struct sensitivity_index {
    double first, total; /* shares of the variance; estimates: at times a little outside 0..1 */
};

/* points: a power of two. e: too many inputs, or an outcome that does not vary or is not finite. */
MUST_CHECK bool sensitivity(struct arena *a, const struct sensitivity_model *model,
                            const struct sensitivity_group *groups, size_t n_groups,
                            uint32_t points, uint64_t seed, struct sensitivity_index *ret,
                            struct err *e);

#endif
