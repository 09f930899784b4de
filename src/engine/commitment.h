/* commitment.h - committed use: what an obligation to spend saves, and the best one.
 *
 * Under a commitment of k a month at a discount d, k (1 - d) is owed whatever happens and what is
 * spent above k is paid at list prices. Over many possible years the expected saving is largest
 * where k is the d-quantile of all their months taken together: sum over months of
 * P(spend > k) = months x (1 - d). The years are simulated (every range and risk of the plan, the
 * lever itself left out), with a fixed seed. */
#ifndef ENGINE_COMMITMENT_H
#define ENGINE_COMMITMENT_H

#include "engine/simulate.h"

#define COMMITMENT_TRIALS 8192u

/* Spend at the prices without the lever, in the plan's currency, of the months in which it runs. */
struct commitment_spend {
    uint32_t n_months, n_trials;
    const double *months; /* n_trials x n_months */
    const double *sorted; /* all of them, rising */
    const double *sums;   /* n_trials x n_months + 1: of the first i of `sorted` */
    bool varies;          /* false: every trial is the point plan */
};
struct committed {
    double saves;   /* a year, expected; negative: it costs */
    double p_short; /* chance that the year's spend is less than what is committed to */
};

/* lever: one that saves on lines. Lives in a. e: what simulate refuses. */
MUST_CHECK bool commitment_spend(struct arena *a, const struct plan *p, uint32_t lever,
                                 struct commitment_spend *ret, struct err *e);
/* k: a month, at list prices; discount: 0 to 1. */
struct committed committed_to(const struct commitment_spend *s, double k, double discount);
/* The k that saves most. */
double commitment_best(const struct commitment_spend *s, double discount);

#endif
