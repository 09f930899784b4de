/* book_reconcile.h - invoices as received, and payments matched with the bills they paid.
 *
 * An invoice is a total to hold bills against, never spend. A settlement says that rows of a ledger
 * or statement (by import, file and record) paid for bills that are in the book themselves. Undoing
 * one keeps it, with the moment. Both stand in the journal. */
#ifndef STORE_BOOK_RECONCILE_H
#define STORE_BOOK_RECONCILE_H

#include "store/book.h"

/* The rule of a row that a settlement names is this with the settlement's id behind it. */
#define SETTLED_RULE "reconcile:"

struct invoice {
    int64_t id;
    str file;
    uint64_t line;
    str provider, party, number; /* party: core/party.h */
    month period;
    day day;         /* DAY_NONE: not said */
    dec amount, tax; /* amount with tax; tax DEC_NULL: not said */
    currency currency;
};
/* All or none. An invoice of a provider and number that is there already is left alone when it says
 * the same, and an error when it does not. *ret_new: how many were added. */
MUST_CHECK bool book_add_invoices(struct book *b, const struct invoice *items, size_t n,
                                  int64_t now, size_t *ret_new, struct err *e);
MUST_CHECK bool book_invoices(struct book *b, struct arena *a, struct invoice **ret, size_t *ret_n,
                              struct err *e); /* by party, period, number */
/* Takes one out; a number that is not there is an error. */
MUST_CHECK bool book_remove_invoice(struct book *b, str party, str number, int64_t now,
                                    struct err *e);

struct row_place {
    int64_t import;
    uint32_t file;
    uint64_t row;
};
struct settlement {
    int64_t id;
    bool by_hand, undone;
    str at, party, provider, why;
    month period;       /* billing month of what was paid */
    dec amount, billed; /* billed DEC_NULL: unknown */
    currency currency;
    struct row_place *rows;
    size_t n_rows;
};
/* All or none; ids are filled in. */
MUST_CHECK bool book_settle(struct book *b, struct settlement *items, size_t n, int64_t now,
                            struct err *e);
/* Undoes those of replaced bills or payments; their rows may be matched again. */
MUST_CHECK bool book_dissolve(struct book *b, const struct settlement *items, size_t n, int64_t now,
                              struct err *e);
/* Undoes one; its rows are not matched on their own again. */
MUST_CHECK bool book_unsettle(struct book *b, int64_t id, int64_t now, struct err *e);
/* Those that hold, with `undone` all; oldest first. */
MUST_CHECK bool book_settlements(struct book *b, bool undone, struct arena *a,
                                 struct settlement **ret, size_t *ret_n, struct err *e);
/* Rows that are never matched on their own. */
MUST_CHECK bool book_unmatchable(struct book *b, struct arena *a, struct row_place **ret,
                                 size_t *ret_n, struct err *e);

#endif
