/* inventory.h - what was spent on AI, by whatever one asks, and how sure that is.
 *
 * Tables: spend (one row per combination of keys, over every row of the period), coverage, at_risk;
 * figures over every row and over the five categories. Amounts are in the report's currency,
 * foreign ones converted at the mean rate of their month. */
#ifndef REPORT_INVENTORY_H
#define REPORT_INVENTORY_H

#include "core/price_book.h"
#include "doc/doc.h"
#include "store/ledger.h"

struct inventory_request {
    struct ledger *ledger; /* attached */
    day from, to;          /* inclusive; DAY_NONE: as far as the ledger goes */
    const struct ledger_key *by;
    const str *by_names;   /* column ids: "category", "tag:team" */
    size_t n_by;
    enum basis basis;
    currency currency;           /* of the report */
    const struct fx_table *rates; /* may be NULL */
    bool leave_out_unrated;      /* show amounts without a rate as at risk, do not refuse */
    bool ai_only;                /* spend holds the five categories only */
    day as_of;
};

/* *ret_at_risk: whether anything is at risk (fails --strict). */
MUST_CHECK bool report_inventory(const struct inventory_request *q, struct arena *a,
                                 struct doc **ret, bool *ret_at_risk, struct err *e);

#endif
