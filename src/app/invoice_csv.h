/* invoice_csv.h - invoice totals as a table: provider, month, number, amount, tax, currency. */
#ifndef APP_INVOICE_CSV_H
#define APP_INVOICE_CSV_H

#include "base/arena.h"
#include "store/book_reconcile.h"

/* Columns in any order: provider, month (or period, or date alone), number (or invoice), amount (or
 * total; tax included), tax, currency (default: otherwise), date. Every fault is named with its
 * place; nothing is given back then. */
MUST_CHECK bool invoice_csv_read(struct arena *a, str name, str text, currency otherwise,
                                 struct invoice **ret, size_t *ret_n, struct err *e);

#endif
