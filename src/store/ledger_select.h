/* ledger_select.h - a query's keys and filters as SQL over the attached parts. */
#ifndef STORE_LEDGER_SELECT_H
#define STORE_LEDGER_SELECT_H

#include "store/ledger_int.h"

/* Whether every key, filter and the range can be answered from the cubes. */
MUST_CHECK bool select_from_cube(struct ledger *l, const struct ledger_query *q, bool *ret,
                                 struct err *e);
/* Appends the key as an expression that is text and never NULL. */
void select_key(struct ledger *l, struct sql *s, const struct ledger_key *key, bool cube);
/* Appends " FROM read_parquet([...])" of all parts. */
void select_parts(struct ledger *l, struct sql *s, bool cube);
/* Appends " WHERE ..." or nothing. */
MUST_CHECK bool select_where(struct ledger *l, struct sql *s, const struct ledger_query *q,
                             bool cube, struct err *e);

/* Appends SELECT of the columns of a row, then the import it belongs to, then the book's tags. */
void select_row_columns(struct ledger *l, struct sql *s);
#define ROW_RESULT_MOST (ROW_COLUMNS + 1 + ALLOCATION_TAGS)
/* One row of such a result; its text is copied into a. */
void read_row(const struct ledger *l, const struct result_column *c, size_t row, struct arena *a,
              struct ledger_row *ret);

#endif
