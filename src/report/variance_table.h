/* variance_table.h - actual against budget for the lines of any table, plan or not. */
#ifndef REPORT_VARIANCE_TABLE_H
#define REPORT_VARIANCE_TABLE_H

#include "core/variance.h"
#include "doc/doc.h"

struct table_line {
    const str *keys;      /* n_keys of the table */
    dec actual, budget;   /* DEC_NULL: an empty cell */
    uint64_t line;        /* of its first record in the file */
};

struct variance_table {
    str name;             /* of the file, for people */
    const str *keys;      /* names of the key columns */
    size_t n_keys;
    str actual, budget;   /* names of the columns */
    struct variance_rule rule;
    struct table_line *lines;
    size_t n_lines, blanks; /* blanks: cells without an amount */
    day as_of;
    bool only_flags;      /* people and programs see flagged lines alone; figures count all */
};

/* *ret_flags counts flags; a may be the caller's for good. */
struct doc *report_variance_table(const struct variance_table *t, struct arena *a,
                                  size_t *ret_flags);

/* For people: positive is favorable, "n/a" where the budget is 0. */
struct cell variance_share(const struct variance *v);

#endif
