/* value.h - what a plan is worth: present value of benefits less present value of cost.
 *
 * Both to the horizon, at `plan.discount`: month k counts (1 + r)^(-k/12). Cost is every line,
 * hire, lever and option cost, without buffers and reserve. After the plan's last month a line
 * continues at that month's amount until its own end; upfront amounts recur yearly; one-time and
 * scheduled amounts do not. What a delay moves behind the plan's last month starts there, at
 * what it would cost if it began in that month. The present value of each line and benefit is
 * rounded once, to a millionth of the currency's unit, so that sums are exact and equal whatever
 * their order. */
#ifndef ENGINE_VALUE_H
#define ENGINE_VALUE_H

#include "engine/expand.h"

/* The months [0, w->n_horizon) of a line of an expansion: the plan's, then how it continues. */
void value_line_months(const struct world *w, const struct expanded *l, double *out);

money value_of_line(const struct world *w, const struct expanded *l);
money value_of_benefit(const struct world *w, const struct benefit *b);

struct plan_value {
    money cost, benefits;            /* present values */
    money of_kind[BENEFIT_RISK + 1]; /* benefits by kind */
    money value;                     /* benefits - cost; in millionths, not yet in cents */
    /* the same without discounting, for ROI */
    money plain_cost, plain_benefits, plain_of_kind[BENEFIT_RISK + 1];
};
/* x: the expansion of w. e: a sum is too large. */
MUST_CHECK bool value_of(const struct world *w, const struct expansion *x, struct plan_value *ret,
                         struct err *e);

#endif
