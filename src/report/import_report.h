/* import_report.h - what an import brought. Plain figures in, so that the report knows no format.
 */
#ifndef REPORT_IMPORT_REPORT_H
#define REPORT_IMPORT_REPORT_H

#include "core/category.h"
#include "doc/doc.h"

struct import_line {
    str path, importer;
    uint64_t records, rows, skipped;
    int64_t known; /* the import that holds these bytes already; 0: it is new */
};

struct import_amount {
    enum category category;
    str currency;
    uint64_t rows, unpriced;
    dec billed, effective;
};

struct import_report {
    int64_t import; /* 0: nothing was written */
    bool dry_run;
    str mode;       /* "new", "add", "replace" */
    currency currency; /* of the book */
    uint64_t rows;
    day first, last;
    const struct import_line *files;
    size_t n_files;
    const struct import_amount *amounts;
    size_t n_amounts;
    const str *notes;
    size_t n_notes;
    size_t n_replaced; /* scopes that were replaced or added to */
    day as_of;
};

struct doc *report_import(const struct import_report *r, struct arena *a);

#endif
