/* reconcile.h - bills against invoices against usage x price, and what explains the gaps.
 *
 * Tables: reconcile {provider, month, ledger, invoice, computed, gap, explained, unexplained,
 * status, ...}, gaps {provider, month, between, kind, amount, rows, filter}, unmatched {what,
 * provider, month, day, reference, amount, row, near}. */
#ifndef REPORT_RECONCILE_H
#define REPORT_RECONCILE_H

#include "doc/doc.h"

struct reconcile_line {
    str provider;
    month month;                     /* billing month */
    dec ledger, invoice, computed;   /* DEC_NULL: none */
    const char *invoice_from;        /* "invoices", "documents", "ledger", "statement"; NULL */
    dec gap, explained, unexplained; /* invoice - ledger; DEC_NULL without an invoice */
    dec price_gap, price_explained;  /* ledger of token rows - computed */
    uint64_t rows;
    const char *status; /* "agrees", "explained", "open", "no invoice", "no bill" */
};
struct reconcile_gap {
    str provider;
    month month;
    const char *between; /* "invoice - ledger", "ledger - usage x price" */
    const char *kind;
    dec amount; /* DEC_NULL: unknown */
    uint64_t rows;
    str filter; /* for outlay ledger --where; empty: there are no rows of it */
};
struct reconcile_unmatched {
    const char *what; /* "posting", "payment", "bill" */
    str provider;
    month month;
    day day;
    str reference;
    dec amount;
    str row;  /* "2/1:1841" */
    str near; /* what it nearly matches */
};
struct reconcile_report {
    struct reconcile_line *lines;
    size_t n_lines;
    struct reconcile_gap *gaps;
    size_t n_gaps;
    struct reconcile_unmatched *unmatched;
    size_t n_unmatched;
    dec matched; /* payments matched with bills */
    uint64_t matched_rows;
    size_t open; /* lines beyond their tolerance */
    currency currency;
    day as_of;
};

struct doc *report_reconcile(const struct reconcile_report *r, struct arena *a);

#endif
