/* records.h - JSON records read as a table: the columns of an importer are dotted keys.
 *
 * {"usage": {"input": 3}} has the column "usage.input". Of a column's names the first that a record
 * has and that is not null counts, record by record; lists and maps are given as JSON text. Records
 * are the lines of a JSON-lines file, the items of a list, or of a list under "data". */
#ifndef INGEST_RECORDS_H
#define INGEST_RECORDS_H

#include "ingest/importer.h"

/* The header to compile the importer's columns against: their first names, then the keys of the
 * first record. */
const str *records_header(struct arena *a, const struct importer *x, const struct probe *p,
                          size_t *ret_n);

typedef bool record_fn(void *ctx, const str *cells, uint64_t line, struct err *e);
/* Calls fn with the cells that table_columns asks for, of every record. */
MUST_CHECK bool records_read(struct document *d, const struct table_plan *plan, record_fn *fn,
                             void *ctx, struct err *e);

#endif
