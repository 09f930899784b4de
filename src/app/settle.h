/* settle.h - finding the bill that a ledger entry or payment paid, so that money counts once.
 *
 * Bills and usage say what was bought; general ledgers and statements say it again when it is
 * booked and paid. Rows of the second kind (service_category Ledger or Payment, docs/import.md)
 * that belong to a bill in the book become `not_ai` with the rule `reconcile:N`, N the match. The
 * book's settlements are the truth, the ledger's rows follow them: `outlay rules apply` keeps them
 * so. */
#ifndef APP_SETTLE_H
#define APP_SETTLE_H

#include "app/rework.h"
#include "store/book_reconcile.h"

struct payment {
    struct row_place place;
    bool statement; /* bank or card; else a posting of a ledger */
    str provider, party, text, text_party;
    str number, transaction;
    day day;
    dec amount;
    currency currency;
    bool ai;         /* counted as AI spend, or to review */
    bool never;      /* not to be matched on its own */
    int64_t settled; /* by this settlement; 0: not */
};
struct bill {
    str provider, party;
    str number; /* of one document; empty: a month's bills of the party */
    month period;
    currency currency;
    dec billed, tax; /* billed with tax and credits */
    uint64_t rows;
    dec left[2]; /* of billed, not yet paid by postings [0], statements [1] */
    bool used[2];
};
struct books {
    struct payment *payments; /* by day, then place */
    size_t n_payments;
    struct bill *bills; /* documents, then months */
    size_t n_bills, n_documents;
    struct invoice *invoices;
    size_t n_invoices;
    struct settlement *settlements;
    size_t n_settlements;
};

/* What the book holds of both kinds. w: NEED_LEDGER and a book. */
MUST_CHECK bool books_read(struct workspace *w, struct books *ret, struct err *e);

/* New matches that are sure, not written yet: by document number, or by party, amount (to a few
 * cents, with or without tax) and date, entry by entry or as the sum of a month's entries; in
 * another currency to 3 % of the day's rate, where bill and payment find only each other. */
MUST_CHECK bool settle_find(struct workspace *w, struct books *k, struct settlement **ret,
                            size_t *ret_n, struct err *e);
/* Brings the ledger's rows to what the settlements say. w as for rework. */
MUST_CHECK bool settle_apply(struct workspace *w, const volatile bool *interrupted,
                             struct rework_outcome *ret, struct err *e);
/* Undoes matches whose rows are gone, or whose bill was replaced by another amount; `replaced` are
 * the scopes an import replaced. Those made by hand stay as long as their rows do. Nothing is
 * applied yet, and the rows may be matched again. */
MUST_CHECK bool settle_recheck(struct workspace *w, const struct overlap *replaced,
                               size_t n_replaced, struct settlement **ret, size_t *ret_n,
                               struct err *e);

struct settle_outcome {
    struct settlement *made, *dissolved;
    size_t n_made, n_dissolved;
};
/* After an import: rechecks what it replaced, finds, writes and applies. Cheap for books without
 * ledgers. */
MUST_CHECK bool settle_all(struct workspace *w, const struct overlap *replaced, size_t n_replaced,
                           const volatile bool *interrupted, struct settle_outcome *ret,
                           struct err *e);

/* At the rate of the day, else of its month; false: there is none. */
MUST_CHECK bool settle_exchange(struct workspace *w, dec amount, currency from, currency to, day on,
                                dec *ret);
/* For the steps of matching: to a few cents; as a word of a text. */
bool settle_fits(dec paid, dec billed);
bool settle_names(str text, str number);

#endif
