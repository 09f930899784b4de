/* sensitivity.h - Sobol's indices of groups of draws: which share of the total's variance each makes.
 *
 * First order: the share that goes away when this group alone were known. Total: the share that
 * stays when all others were known. Saltelli's and Jansen's estimators on scrambled Sobol points:
 * f(A), f(B) and for each group f(A with that group's draws from B). */
#ifndef ENGINE_SENSITIVITY_H
#define ENGINE_SENSITIVITY_H

#include "engine/program.h"
#include "engine/simulate.h"

struct sensitivity_group {
    str name;
    double first, total; /* shares of the variance */
};
struct sensitivity {
    struct sensitivity_group *groups; /* largest total first */
    size_t n;
    uint64_t points; /* of each sample */
    double mean, sd;
};

/* group_of: per input of the program, below n_groups. Output: one that is summed. */
MUST_CHECK bool sensitivity_of(struct arena *a, const struct program *p, uint32_t output,
                               const uint32_t *group_of, const str *names, size_t n_groups,
                               uint64_t points, uint64_t seed, int threads,
                               const struct sensitivity **ret, struct err *e);

/* A plan's total by groups of its ranges: by what they say (users, tokens, prices, people ...), or
 * by the initiative that they belong to. Common factors of `together` are groups of their own. */
enum sensitivity_by { SENSITIVITY_KIND, SENSITIVITY_INITIATIVE };
MUST_CHECK bool sensitivity_plan(struct arena *a, const struct plan *p,
                                 const struct circumstances *c, enum sensitivity_by by,
                                 const struct simulate_options *o, const struct sensitivity **ret,
                                 struct err *e);

#endif
