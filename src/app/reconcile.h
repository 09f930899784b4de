/* reconcile.h - three ways to the same number: bills, invoices, usage x price. */
#ifndef APP_RECONCILE_H
#define APP_RECONCILE_H

#include "app/settle.h"
#include "report/reconcile.h"

/* What a gap may be before it asks for an explanation: a share of the bill or an amount. */
struct tolerance {
    str party; /* empty: all others */
    dec share, amount;
};
struct tolerances {
    struct tolerance *items;
    size_t n;
};
/* "0.5%" or "25.00". */
MUST_CHECK bool tolerance_parse(str s, struct tolerance *ret);
/* `reconcile: {tolerance: {default: 0.5%, AWS: 25.00}}` of rules.yaml; faults go to d. */
MUST_CHECK bool tolerances_read(struct workspace *w, struct diags *d, struct tolerances *ret,
                                struct err *e);

struct reconcile_request {
    month from, to; /* billing months; MONTH_NONE: open */
    str provider;   /* glob over providers; empty: all */
    const struct tolerances *tolerances;
    day as_of;
};
/* w: NEED_LEDGER | NEED_PRICES | NEED_RATES. */
MUST_CHECK bool reconcile(struct workspace *w, const struct reconcile_request *q,
                          struct reconcile_report *ret, struct err *e);

#endif
