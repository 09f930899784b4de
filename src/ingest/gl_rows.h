/* gl_rows.h - what importers of ledgers, banks and payroll share: postings become rows of spend.
 *
 * docs/import.md, "Ledgers and payments", says how such rows look. Only postings to expense
 * accounts are spend; the other side of a transaction, balances and totals are the same money
 * again. */
#ifndef INGEST_GL_ROWS_H
#define INGEST_GL_ROWS_H

#include "ingest/table.h"

#define KIND_LEDGER "Ledger"
#define KIND_PAYMENT "Payment"
#define KIND_PAYROLL "Payroll"
#define KIND_SEATS "Seats"

struct posting {
    const char *kind, *books; /* KIND_x; "quickbooks" */
    str account;              /* posted to */
    str party, memo, number;  /* counterparty; text; document */
    str source_type, transaction, klass, department, location, cost_center, job_title;
    dec amount; /* positive is spent */
};

/* Whether an account's name (or its number) is that of an expense. */
bool gl_is_expense(str account);
/* Whether what is posted to an account is pay, so that names beside it are people's. */
bool gl_is_pay(str account);
/* "Opening Balance", "Total for X", "Closing balances" ...: no posting. */
bool gl_is_balance(str text);
/* Debit less credit of two raw cells; DEC_NULL when both are empty. */
MUST_CHECK bool gl_amount(const struct table_row *t, int debit, int credit, dec *ret,
                              struct err *e);
/* A code, or a sign like "$" and the euro sign. */
MUST_CHECK bool gl_currency(str commodity, currency *ret);
/* Fills the row; its text lives as table_scratch does. */
MUST_CHECK bool gl_post(const struct table_row *t, const struct posting *p,
                            struct spend_row *r, struct err *e);

/* Headings above postings: accounts with sub-accounts. */
struct gl_headings {
    str names[16];
    size_t n;
};
void gl_open(struct gl_headings *h, str name);
/* Of "Total for Software": closes Software and what is under it. */
void gl_close(struct gl_headings *h, str total_line);
str gl_path(const struct gl_headings *h, struct arena *a); /* "Software:AI tools" */

#endif
