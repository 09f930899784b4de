/* allocate.h - the shares of shared spend, month by month, from the ledger and the plan.
 *
 * `allocate:` in rules.yaml says who shares what; here is who used how much of it (the ledger's
 * rows outside all allocations) and how many people worked on what (the plan's staff). Shares are
 * in millionths, by largest remainder, so that they total 100 % and every row's parts sum to it. */
#ifndef APP_ALLOCATE_H
#define APP_ALLOCATE_H

#include "app/workspace.h"

/* Sets the shares of w->rules; before a classifier is made of them. w: NEED_RULES | NEED_LEDGER.
 * ret_waits: a plan that cannot be read leaves what is shared by headcount without shares, and this
 * says which and why (empty: none); NULL: it is an error. */
MUST_CHECK bool allocate_shares(struct workspace *w, str *ret_waits, struct err *e);

/* For the report: what allocate_shares computed. */
struct allocation_share {
    const struct allocation *allocation;
    const struct allocation_target *target;
    month month;
    uint32_t ppm;
};
void allocation_list(struct workspace *w, struct allocation_share **ret, size_t *ret_n);

#endif
