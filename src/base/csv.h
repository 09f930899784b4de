/* csv.h - reading delimited text: fast where it is well formed, exact about where it is not.
 *
 * RFC 4180 with what real exports do: a BOM, CRLF or LF, quoted fields with "" and line breaks,
 * blank lines (skipped), a missing line end at the end, rows shorter than the header (the missing
 * fields are empty) only when nothing but empty fields is missing; longer ones are an error. The
 * delimiter is given or found in the header line among , ; TAB |. Several workers share a file:
 * each takes blocks of whole records. Errors name file, line and column; a `line` is the physical
 * line, counted from 1, on which a record starts, as an editor shows it.
 *
 * A vectorized scanner (AVX2, chosen at run time) finds delimiters; a scalar one is its reference
 * and takes over where quotes stand in odd places ('5" disk' unquoted). Both give the same cells.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"
#include "base/bytes.h"

struct csv_file;
struct csv_worker;

struct csv_options {
    char delimiter;       /* 0: found in the header line */
    bool force_scalar;    /* for tests */
    size_t block_bytes;   /* 0: a good size; tests use small ones */
    size_t skip_lines;    /* title lines above the header */
    bool ragged;          /* records may be shorter or longer than the header */
    bool headless;        /* the first record is data; csv_names gives its cells */
};

/* Opens and reads the header. An empty file, one without a second column, binary content (NUL
 * bytes, not UTF-8) are errors. */
MUST_CHECK bool csv_open(str path, const struct csv_options *o, struct csv_file **ret,
                         struct err *e);
/* The same over memory, which must outlive the file; `name` is for errors. */
MUST_CHECK bool csv_open_memory(str name, str content, const struct csv_options *o,
                                struct csv_file **ret, struct err *e);
void csv_close(struct csv_file *f);
const str *csv_names(const struct csv_file *f, size_t *ret_n); /* header cells, trimmed */
char csv_delimiter(const struct csv_file *f);
/* As bytes_read_as; empty of memory. Not while a worker reads. */
void csv_read_as(const struct csv_file *f, char to[BYTES_READ_AS]);
double csv_progress(const struct csv_file *f); /* safe from another thread */

struct csv_batch {
    size_t n;              /* records; 0: the end */
    const uint64_t *lines; /* where each starts */
    const str *cells;      /* n rows of n_columns cells, unquoted; row-major */
};

/* columns: indexes of the header cells wanted, in the order in which `cells` gives them; at most
 * LIMIT_COLUMNS. Cells live until the worker's next call. */
MUST_CHECK bool csv_worker_open(struct csv_file *f, const uint32_t *columns, size_t n_columns,
                                struct csv_worker **ret, struct err *e);
MUST_CHECK bool csv_worker_next(struct csv_worker *w, struct csv_batch *ret, struct err *e);
void csv_worker_close(struct csv_worker *w);
/* All cells of the record behind a row of the current batch, for messages and drill-down. */
str csv_worker_raw(const struct csv_worker *w, size_t row);

#endif
