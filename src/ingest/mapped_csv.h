/* mapped_csv.h - any delimited file through a mapping file that says which column is what.
 *
 * The mapping is YAML: how the file is written (delimiter, dates, unit of money, ...), `columns:`
 * from outlay's field to the file's column, `set:` for what no column says, `skip:` for records
 * that are no spend. docs/import.md describes it; suggest.h drafts one. */
#ifndef INGEST_MAPPED_CSV_H
#define INGEST_MAPPED_CSV_H

#include "base/csv.h"
#include "base/diag.h"
#include "ingest/table.h"

struct import_map {
    str path;
    struct importer importer; /* "mapped": columns and hook made from the file */
    struct csv_options csv;
    struct spend_row constants;
    struct table_filter *filters;
    size_t n_filters;
    int64_t ticks_per_second; /* of a day column that counts from `start`; 0: dates */
    day start;                /* DAY_NONE: --start */
    bool negate;
};

/* Parses the text of a mapping file; faults, each with its place, go to d. NULL when there were
 * errors. Lives in a. */
const struct import_map *import_map_parse(struct arena *a, str path, str text, struct diags *d);
MUST_CHECK bool import_map_load(struct arena *a, str path, const struct import_map **ret,
                                struct err *e);

#endif
