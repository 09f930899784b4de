/* route_lever.h - what a study of routing means as levers of a plan. */
#ifndef APP_ROUTE_LEVER_H
#define APP_ROUTE_LEVER_H

#include "app/lever_edit.h"
#include "engine/routing_study.h"

/* One lever for each model that prompts go to, and one for cascades: in the order in which they
 * stand, so that their shares of the line come out right. evidence: what they rest on. They are in
 * use only when the study promises them. Without anything to route: an error. */
MUST_CHECK bool route_levers(struct arena *a, const struct routing_study *t, str line, str evidence,
                             struct lever_text **ret, size_t *ret_n, struct err *e);

#endif
