/* focus_check.h - how well a FOCUS file keeps to the specification.
 *
 * Nothing is imported or repaired.
 *
 * Checked: the mandatory columns of its version, values that must not be null, allowed values, the
 * format of times and numbers, and PricingQuantity x ListUnitPrice = ListCost on every row. */
#ifndef INGEST_FOCUS_CHECK_H
#define INGEST_FOCUS_CHECK_H

#include "base/diag.h"
#include "base/err.h"

struct focus_check {
    uint64_t rows;
    const char *version; /* "1.0-1.2" or "1.3-1.4", told by its columns */
    uint64_t products;   /* rows on which quantity x price could be compared with the cost */
};

/* Faults go to d, by line; warnings are deviations that an import tolerates. False only when the
 * file cannot be read as a table. */
MUST_CHECK bool focus_check(struct arena *a, str path, struct diags *d, struct focus_check *ret,
                            struct err *e);

#endif
