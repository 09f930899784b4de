/* rules_suggest.h - `outlay rules suggest`: rules that would place the largest unplaced spend.
 *
 * Pure: from sums of rows that no rule (or only an unsure one) placed to the text of rules for
 * rules.yaml. A category is proposed where words of the group point to one; elsewhere it is not_ai,
 * with a comment that says it must be looked at. */
#ifndef INGEST_RULES_SUGGEST_H
#define INGEST_RULES_SUGGEST_H

#include "ingest/classify.h"

/* One group of rows, as ledger_sum gives them; empty text is absent. */
struct unplaced {
    str provider, service, meter, description;
    str rule; /* that sent it to review, or empty */
    dec amount;
    currency currency;
    uint64_t rows;
};

/* At most `limit` rules, largest amount first, each for one provider and service (groups without a
 * service: for one provider and description, numbers apart). *ret is YAML for rules.yaml and lives
 * in a; it compiles without faults. Empty input gives an empty text. */
MUST_CHECK bool rules_suggest(struct arena *a, const struct rules *r, const struct unplaced *items,
                              size_t n, size_t limit, str *ret, struct err *e);

#endif
