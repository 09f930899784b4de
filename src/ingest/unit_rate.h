/* unit_rate.h - money per unit of usage that is billed in units of a vendor's own (DBU, credits),
 * as the user states it: "DBU=0.55", "DBU@*SERVERLESS*=0.70", "credits=3.10 EUR".
 *
 * A rate prices rows without a cost whose unit it names, and, with a pattern behind '@', whose SKU,
 * meter or service matches it. The first that fits counts; of several that differ only in the day
 * they begin on, the latest begun. Rates of an import come first, then those of rules.yaml
 * (`unit_rates:`). What no rate fits stays unknown. */
#ifndef INGEST_UNIT_RATE_H
#define INGEST_UNIT_RATE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/spend.h"

struct unit_rate {
    str unit, pattern; /* pattern empty: any */
    dec price;
    currency currency;
    str id; /* what rows keep as the id of their price: "rate DBU=0.55 USD" */
    day from; /* DAY_NONE: always */
};

/* book: the currency of rates that name none. */
MUST_CHECK bool unit_rate_parse(struct arena *a, str text, currency book,
                                struct unit_rate *ret, struct err *e);
/* Completes rates of rules.yaml: without a currency they are in the book's. Lives in a. */
const struct unit_rate *unit_rates_of_book(struct arena *a, const struct unit_rate *rates, size_t n,
                                           currency book);
/* Whether a price id is that of a rate of rules.yaml, so that a change there reprices the row. */
bool unit_rate_is_book_id(str price_id);
/* Whether a price id is that of a stated rate, which no price book replaces. */
bool unit_rate_is_id(str price_id);
/* True when a rate priced the row; the rates must outlive it. */
bool unit_rate_apply(const struct unit_rate *rates, size_t n, struct spend_row *row);

#endif
