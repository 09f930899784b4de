/* book_rows.h - reads a query's rows into a list that lives in an arena.
 *
 *     struct rows r = rows_of(b, a, "transfer", "SELECT id, note FROM transfer", sizeof *x, e);
 *     for (struct transfer *x; (x = rows_next(&r));)
 *         *x = (struct transfer){.id = db_get_int(r.s, 0), .note = db_get_text(a, r.s, 1)};
 *     return rows_end(&r, ret, ret_n, e);
 *
 * A book that no newer program has written to yet may lack the table: then there are no rows. */
#ifndef STORE_BOOK_ROWS_H
#define STORE_BOOK_ROWS_H

#include "store/book_int.h"

struct rows {
    struct db_stmt *s; /* at the row of the item; NULL: no table, or a failure */
    struct arena *a;
    void *items;
    size_t size, n, cap;
    bool failed; /* e of rows_of says why */
};

/* sql reads from `table` first of all; size: of an item. */
struct rows rows_of(struct book *b, struct arena *a, const char *table, const char *sql,
                    size_t size, struct err *e);
/* Binds the query's first parameter, before the first row. */
void rows_key(struct rows *r, int64_t key);
/* A zeroed item for the next row, valid until the one after; NULL: there is none. */
void *rows_next(struct rows *r);
/* Releases the statement. ret: where the pointer to the first item goes (T **). */
MUST_CHECK bool rows_end(struct rows *r, void *ret, size_t *ret_n, struct err *e);

#endif
