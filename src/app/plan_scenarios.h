/* plan_scenarios.h - the scenarios of a plan, those asked for on the command line, what-ifs. */
#ifndef APP_PLAN_SCENARIOS_H
#define APP_PLAN_SCENARIOS_H

#include "app/plan_source.h"
#include "engine/scenario.h"

struct plan_scenarios_request {
    const str *only; /* names of the plan's scenarios; n_only 0: all */
    size_t n_only;
    const str *targets; /* "-35%" */
    size_t n_targets;
    const str *sets; /* "PATH=VALUE", together one more scenario */
    size_t n_sets;
};

/* The base first. e: an unknown name, a target that is no percentage, a what-if that does not fit. */
MUST_CHECK bool plan_scenarios(struct arena *a, const struct plan_source *s,
                               const struct plan_scenarios_request *q,
                               struct scenario_result **ret, size_t *ret_n, struct err *e);

/* Every `step` percent of the base total from -50 % to 50 %, all cuts, adds and levers open. */
struct frontier_points {
    int *percents;
    struct scenario_result *results;
    size_t n;
};
MUST_CHECK bool plan_frontier(struct arena *a, const struct plan *p, int step,
                              struct frontier_points *ret, struct err *e);

/* The scenario of that name, or NULL with e and a did-you-mean. */
const struct scenario *plan_scenario(struct arena *a, const struct plan *p, str name,
                                     struct err *e);

#endif
