/* private.h - names of people and the book: who is known to be none, and what older rows hold. */
#ifndef APP_PRIVATE_H
#define APP_PRIVATE_H

#include "app/workspace.h"
#include "ingest/payee.h"

/* What hides names in rows of this book: its key, its rules, the companies that send it bills, and
 * names to keep. w was opened with NEED_BOOK | NEED_LEDGER | NEED_RULES. Lives in w's arena. */
MUST_CHECK bool payees_of_book(struct workspace *w, const str *keep, size_t n_keep,
                               struct payees **ret, struct err *e);

/* An import and how many of its rows of ledgers and payments an import of today would store
 * otherwise: they came before names were hidden, or with --keep-payee. */
struct named_rows {
    int64_t import;
    uint64_t rows;
};
MUST_CHECK bool rows_with_names(struct workspace *w, struct named_rows **ret, size_t *ret_n,
                                struct err *e);

#endif
