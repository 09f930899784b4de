/* adopt.h - a scenario's choice written into the plan file, as a change one can review.
 *
 * Text is edited in place: comments, order and layout stay. A lever gets `use: yes`; what is
 * dropped becomes a candidate, what is adopted a proposal; a delay moves months; a scaled line has
 * the number that drives it multiplied; benefits likewise; a hire becomes a position and an
 * option's cost a line; the option itself is commented out. The changed text is loaded and computed
 * before anything is written: it must give the scenario's total. */
#ifndef APP_ADOPT_H
#define APP_ADOPT_H

#include "app/plan_change.h"
#include "engine/scenario.h"

struct adoption {
    struct plan_change change; /* no files when the scenario changes nothing */
    money total, value;        /* of the changed plan */
};
/* e: the plan is no file, something stands in a form that cannot be edited, or the change
 * would not give what the scenario does. */
MUST_CHECK bool adopt(struct arena *a, const struct plan_source *s, const struct scenario_result *r,
                      struct adoption *ret, struct err *e);

#endif
