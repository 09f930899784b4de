/* variance_table.h - reads a budget and what was spent from any table with a header. */
#ifndef APP_VARIANCE_TABLE_H
#define APP_VARIANCE_TABLE_H

#include "base/os.h"
#include "report/variance_table.h"

struct table_request {
    str path;
    const str *keys; /* columns that name a line */
    size_t n_keys;   /* 0: a line is named by where it stands in the file */
    bool sum;        /* records with the same keys are one line; else every record is one */
    str budget, actual;
    const str *where; /* COLUMN=VALUE, all must hold */
    size_t n_where;
    struct variance_rule rule;
};

/* Amounts as spreadsheets write them are read ("$1,000.00", "(12)"); an empty cell is unknown, not
 * zero. All faults are named with their place. */
MUST_CHECK bool variance_table_read(struct arena *a, const struct table_request *q,
                                    struct variance_table *ret, struct err *e);
/* The same of the file's content; q->path names it. */
MUST_CHECK bool variance_table_parse(struct arena *a, const struct table_request *q, str text,
                                     struct variance_table *ret, struct err *e);

#endif
