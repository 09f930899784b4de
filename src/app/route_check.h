/* route_check.h - whether a policy of routing still keeps what it promised, by a month's samples.
 *
 * The policy is the report that chose it (`outlay route EVALS --format json`); the samples are
 * prompts of live traffic that the reference answered beside the routed model, labeled as
 * evaluations are. The loss is estimated anew, with the one-sided bound of the certificate. */
#ifndef APP_ROUTE_CHECK_H
#define APP_ROUTE_CHECK_H

#include "app/evals.h"
#include "report/route_check.h"

/* v: of prompts. Faults name the policy's file and line, and what the samples lack. */
MUST_CHECK bool route_check(struct arena *a, str policy, const struct evals *v,
                            struct route_check *ret, struct err *e);

#endif
