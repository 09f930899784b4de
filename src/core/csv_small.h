/* csv_small.h - a small table of known columns, whole in memory, with all its faults named. */
#ifndef CORE_CSV_SMALL_H
#define CORE_CSV_SMALL_H

#include "base/csv.h"

struct csv_small {
    str name; /* of the file, for faults */
    struct csv_file *file;
    struct csv_worker *worker;
    const str *names; /* header */
    size_t n_columns;
    struct csv_batch batch;
    size_t row;       /* next in batch */
    uint64_t line;    /* of the current row */
    const str *cells; /* of the current row */
    struct err *e;    /* collects the faults */
    size_t faults;
    size_t rows, most_rows;
};

MUST_CHECK bool csv_small_open(struct csv_small *t, str name, str text, size_t most_rows,
                               struct err *e);
void csv_small_close(struct csv_small *t);
/* Index of a header cell, ASCII case apart; SIZE_MAX when there is none. */
size_t csv_small_column(const struct csv_small *t, const char *name);
/* Moves to the next row; *ret_more is false behind the last. */
MUST_CHECK bool csv_small_next(struct csv_small *t, bool *ret_more);
/* Notes a fault of the current row; reading goes on. column SIZE_MAX: the row as a whole. */
void csv_small_fault(struct csv_small *t, size_t column, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
