/* ledger_rewrite.h - rows that are stored already, as a source again.
 *
 * Parts are immutable; what must change (a restated month leaves, rules or prices changed) is written
 * as new parts from the rows of old ones. */
#ifndef STORE_LEDGER_REWRITE_H
#define STORE_LEDGER_REWRITE_H

#include "store/ledger.h"

/* Rows of one provider, account and billing month. */
struct scope_key {
    str provider, account;
    month period;
};

struct rewrite_source;

/* Every row of the parts (names under the ledger's folder), in no particular order, but those of the
 * scopes `without`. What it points to must outlive the source; close it after ledger_write. */
MUST_CHECK bool rewrite_open(struct ledger *l, const str *parts, size_t n_parts,
                             const struct scope_key *without, size_t n_without,
                             struct rewrite_source **ret, struct err *e);
const struct row_source *rewrite_rows(const struct rewrite_source *s);
void rewrite_close(struct rewrite_source *s); /* NULL is fine */

#endif
