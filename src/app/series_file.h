/* series_file.h - many series in one long CSV: id,t,value.
 *
 * Columns in any order, others are ignored; rows in any order. t is a month (2026-07) or a whole
 * number, one kind throughout, and counts without gaps in each series. Everything wrong is an error
 * with file, line and column. */
#ifndef APP_SERIES_FILE_H
#define APP_SERIES_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct series_named {
    str id;
    const double *y; /* oldest first */
    size_t n;        /* at least 1 */
    int64_t last;    /* t of the newest value */
};
struct series_list {
    struct series_named *items; /* by id, bytewise */
    size_t n;
    bool months; /* t is a month (core/month.h) */
};

#define SERIES_VALUE_MAX 1e15 /* in size; what a report can show exactly enough */

/* last: only the newest `last` values of each (0: all, up to SERIES_MAX). Lives in a. */
MUST_CHECK bool series_file_read(struct arena *a, str name, str text, size_t last,
                                 struct series_list *ret, struct err *e);

#endif
