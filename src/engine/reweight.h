/* reweight.h - what a plan's simulated trials say about the rest of a year, once months are known.
 *
 * Each line's trials are weighted by how well they meet its known months: the product over months
 * of a normal density of log(actual) around log(trial). The weighted trials then tell how far the
 * line's remaining months are off the point plan. The effective number of trials (the square of
 * the weights' sum over the sum of their squares) tells whether that can be believed; a line with
 * too few keeps NAN, and engine/outlook.h goes on by its closed form. */
#ifndef ENGINE_REWEIGHT_H
#define ENGINE_REWEIGHT_H

#include "engine/simulate.h"

struct reweight_input {
    const double *const *actual; /* per line of the point plan: n_known months; NULL: not asked */
    int32_t n_known;
    double noise;     /* of a month, in logarithms */
    uint64_t trials;  /* at most REWEIGHT_TRIALS */
    double least;     /* effective trials needed: 1000 */
    int threads;
};
#define REWEIGHT_TRIALS 50000

struct reweighted {
    double *level, *level_sd; /* per line: of log(rest / point plan's rest); NAN: not believed */
    double *effective;        /* trials, per line */
    size_t believed;
};

MUST_CHECK bool reweight(struct arena *a, const struct plan *p, const struct reweight_input *in,
                         const struct reweighted **ret, struct err *e);

#endif
