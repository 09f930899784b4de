/* pricing.h - costs of usage that comes without: tokens x the price in force on the row's day.
 *
 * A row that has a cost keeps it. A row that no price fits keeps DEC_NULL: it is spend at risk,
 * never zero. That is so for unknown models, tiers with prices of their own (priority, fast mode,
 * inference in one region), and what is counted in anything but text tokens. Rows that sum many
 * requests are priced at the base tier unless they say that their context was long. */
#ifndef INGEST_PRICING_H
#define INGEST_PRICING_H

#include "core/price_book.h"
#include "store/spend.h"

struct pricing {
    const struct price_book *book;
    uint64_t priced;   /* rows given a cost */
    uint64_t unpriced; /* rows with usage that stay unknown */
    uint64_t fallback; /* of the priced: a plain price stood in for a cache or batch price */
};

/* One per worker; the book must outlive the rows, whose price id points into it. */
void pricing_init(struct pricing *p, const struct price_book *book);
void pricing_apply(struct pricing *p, struct spend_row *row);

/* What the book expects the tokens of a row to cost, whatever cost it states; *ret_price is which
 * price. False: no price fits. */
MUST_CHECK bool pricing_expected(const struct price_book *book, const struct spend_row *row,
                                 const struct price **ret_price, dec *ret_cost, bool *ret_fallback);

#endif
