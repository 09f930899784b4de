/* ledger_list.h - the rows behind a figure: each with its file, line and the rule that placed it.
 */
#ifndef REPORT_LEDGER_LIST_H
#define REPORT_LEDGER_LIST_H

#include "doc/doc.h"
#include "store/book.h"

struct ledger_list_request {
    struct ledger *ledger; /* attached */
    struct book *book;     /* names of files */
    struct ledger_query query;
    enum ledger_order order;
    size_t limit;
    currency currency; /* of the book: what the doc says; every row has its own column */
    day as_of;
};

MUST_CHECK bool report_ledger_list(const struct ledger_list_request *q, struct arena *a,
                                   struct doc **ret, struct err *e);

/* The imports of a book: what, when, how much, what replaced what. */
MUST_CHECK bool report_imports(struct book *b, currency shown, struct arena *a,
                               struct doc **ret, struct err *e);

/* "2/1:1841": import 2, its file 1, line 1841. */
str row_id_format(struct arena *a, int64_t import, uint32_t file, uint64_t row);
MUST_CHECK bool row_id_parse(str s, int64_t *ret_import, uint32_t *ret_file, uint64_t *ret_row);

#endif
