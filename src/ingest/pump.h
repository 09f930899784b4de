/* pump.h - files that are read front to back (JSON, Parquet, ledgers) as rows that can be pulled.
 *
 * Their readers call back with each row; a pump runs the reader on a thread of its own and hands
 * over batches whose text it keeps, so that memory stays bounded. Private to open_source.c. */
#ifndef INGEST_PUMP_H
#define INGEST_PUMP_H

#include "base/csv.h"
#include "ingest/table.h"
#include "store/ledger.h"

struct pump_input {
    str path;
    const struct importer *importer;
    enum file_shape shape;
    const struct table_plan *plan; /* tables, Parquet, records; NULL: the importer reads */
    size_t n_names;                /* columns of the plan's header */
    struct csv_options csv;        /* tables */
    const struct import_options *options;
    struct ledger *ledger;
    /* as in row_sink */
    void *listener;
    void (*note)(void *listener, str text);
    bool (*claim)(void *listener, str identity);
    void *(*remember)(void *listener, str identity, size_t size, bool *ret_new);
};

/* Reads all of it on this thread; text of a row lives until fn returns. */
MUST_CHECK bool pump_all(struct pump_input in, void *ctx,
                         bool (*fn)(void *ctx, struct spend_row *row, struct err *e),
                         struct err *e);

struct pump;
struct pump *pump_open(struct pump_input in);
/* The next row; *ret_got false: the batch is used up, call pump_release when its text may go;
 * *ret_end true then: and nothing follows. */
MUST_CHECK bool pump_next(struct pump *p, struct spend_row *ret, bool *ret_got, bool *ret_end,
                          struct err *e);
void pump_release(struct pump *p);
/* Stops the reader; adds what it counted and says what the file was read as. NULL is fine, and
 * changes nothing. */
void pump_close(struct pump *p, struct import_counts *counts, char read_as[BYTES_READ_AS]);

#endif
