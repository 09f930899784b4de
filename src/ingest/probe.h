/* probe.h - what a file is, found out from its first 64 KiB; and JSON lines, one at a time. */
#ifndef INGEST_PROBE_H
#define INGEST_PROBE_H

#include "base/bytes.h"
#include "ingest/importer.h"
#include "store/ledger.h"

#define PROBE_BYTES (64u << 10)

/* Looks at the head of the file; everything lives in a. Empty, binary and unreadable files are
 * errors that say what the file seems to be. ledger reads the header of Parquet files; NULL:
 * refused. */
MUST_CHECK bool probe_file(struct arena *a, str path, struct ledger *ledger, struct probe *ret,
                           struct err *e);
/* The same over a head in memory; `whole`: it is all of the file. Not for Parquet. */
MUST_CHECK bool probe_memory(struct arena *a, str path, str head, bool whole, struct probe *ret,
                             struct err *e);
/* Of a table: takes the line behind `skip_lines` physical lines (and blank ones) as its header.
 * False: it can be none, or there is none; nothing changed. */
bool probe_take_header(struct probe *p, size_t skip_lines);
#define PROBE_TITLES 20 /* lines above a header that are looked over */
const char *file_shape_name(enum file_shape s); /* "delimited text" */

/* A document ready for importer.read: all of a JSON file, or the lines of a JSON-lines file. Close
 * it. */
MUST_CHECK bool document_open(struct arena *a, str path, enum file_shape shape,
                              struct document *ret, struct err *e);
/* Lines from memory. */
void document_open_memory(struct arena *a, str path, enum file_shape shape, str text,
                          struct document *ret);
/* As bytes_read_as; of lines what was read so far decides. */
void document_read_as(const struct document *d, char to[BYTES_READ_AS]);
double document_progress(const struct document *d); /* 0 to 1; safe from another thread */
void document_close(struct document *d);

#endif
