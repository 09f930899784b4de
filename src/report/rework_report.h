/* rework_report.h - what new rules or prices changed in the ledger. */
#ifndef REPORT_REWORK_REPORT_H
#define REPORT_REWORK_REPORT_H

#include "core/category.h"
#include "doc/doc.h"

struct rework_line {
    enum category from, to;
    str currency;
    uint64_t rows, unpriced_before, unpriced_after;
    dec before, after; /* billed, of rows whose cost is known */
};

struct rework_report {
    const char *what; /* "rules", "prices" */
    bool dry_run;
    uint64_t rows, changed, closed;
    size_t parts;
    const struct rework_line *lines;
    size_t n_lines;
    currency currency; /* of the book */
    day as_of;
};

struct doc *report_rework(const struct rework_report *r, struct arena *a);

#endif
