/* rework.h - placing or pricing rows anew that are in the ledger already.
 *
 * Rules and prices change after bills were imported. Rows keep what they were given until someone
 * says so; then the parts that change are written anew, in one transaction, and the change is
 * shown. Rows of closed months are never touched. */
#ifndef APP_REWORK_H
#define APP_REWORK_H

#include "app/workspace.h"

enum rework_kind {
    REWORK_RULES,  /* classify by the rules as they are now */
    REWORK_SETTLE, /* only what the book's settlements say, see settle.h */
    REWORK_PRICES, /* price usage that came without a cost by the price book as it is now */
};

struct rework_change {
    enum category from, to;
    str currency;
    uint64_t rows;
    dec billed_before, billed_after; /* of rows with a known cost */
    uint64_t unpriced_before, unpriced_after;
};

struct rework_outcome {
    uint64_t rows, changed,
        closed; /* looked at; changed; left alone because their month is closed */
    size_t parts;                   /* written anew */
    struct rework_change *changes;  /* rows that changed category, cost or both */
    size_t n_changes;
};

/* w was opened with NEED_BOOK_WRITE | NEED_LEDGER | NEED_RULES | NEED_PRICES. dry_run: only tell.
 */
MUST_CHECK bool rework(struct workspace *w, enum rework_kind kind, bool dry_run,
                       ledger_progress *progress, void *progress_ctx,
                       const volatile bool *interrupted, struct rework_outcome *ret, struct err *e);

#endif
