/* ledger_rewrite.h - rows that are stored already, as a source again.
 *
 * Parts are immutable; what must change (a restated month leaves, rules or prices changed) is
 * written as new parts from the rows of old ones. */
#ifndef STORE_LEDGER_REWRITE_H
#define STORE_LEDGER_REWRITE_H

#include "store/ledger.h"

/* Rows of one provider, account and billing month. */
struct scope_key {
    str provider, account;
    month period;
};

struct rewrite_source;

struct rewrite_options {
    const str *parts; /* names under the ledger's folder */
    size_t n_parts;
    const struct scope_key *without; /* rows left out */
    size_t n_without;
    bool split_together; /* the shares of one record come one behind the other, after all whole rows
                          */
};

/* Every wanted row, in no particular order otherwise. What the options point to is copied; close
 * the source after ledger_write. */
MUST_CHECK bool rewrite_open(struct ledger *l, const struct rewrite_options *o,
                             struct rewrite_source **ret, struct err *e);
const struct row_source *rewrite_rows(const struct rewrite_source *s);
void rewrite_close(struct rewrite_source *s); /* NULL is fine */

#endif
