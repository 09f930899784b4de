/* what_if.h - a plan with some of its values set otherwise: `set:` of a scenario, --set PATH=VALUE.
 *
 * PATH is that of a quantity ("support.support-chat.in", "prices.claude-sonnet-5.out",
 * "machines.h100", "drivers.engineers", "roles.lead.salary", "levers.routing.covers",
 * "reserve.share", "buffers.llm", "plan.fx.EUR"), of a line's other values ("docs.doc-read.model"),
 * of a lever's `use`, or of an initiative's `status`, `starts`, `ends`. VALUE is anything that the
 * plan language accepts there, or xFACTOR for numbers (every point of a curve, every dated price,
 * the range's ends alike). The answer is a plan of its own, checked as every plan is. */
#ifndef ENGINE_WHAT_IF_H
#define ENGINE_WHAT_IF_H

#include "plan/plan.h"

struct what_if {
    str path, value;
    const struct yaml_node *at; /* where it was asked for, for faults; NULL: the command line */
};

/* o: what p was loaded with (prices of the price book). e: an unknown path (with a did-you-mean), a
 * value that does not fit there, or the first fault of the plan that would result. */
MUST_CHECK bool what_if(struct arena *a, const struct plan *p, const struct plan_options *o,
                        const struct what_if *changes, size_t n, const struct plan **ret,
                        struct err *e);
/* "PATH=VALUE"; e: no '=', an empty side. */
MUST_CHECK bool what_if_parse(str text, struct what_if *ret, struct err *e);

#endif
