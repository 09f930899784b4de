/* open_source.h - the files of one import as one source of rows.
 *
 * Every file gets its importer (by content, by name or through a mapping file) when the source is
 * opened, so that a wrong file stops the import before anything is read. Then workers read in
 * parallel: a delimited file is shared by all of them, any other is read by one. Each row passes a
 * stage of the caller's (classification, prices) that may change or split it.
 *
 * The first fault wins, by file and line, whatever the number of threads: on a fault the files up
 * to it are read again in order by one thread. */
#ifndef INGEST_OPEN_SOURCE_H
#define INGEST_OPEN_SOURCE_H

#include "ingest/classify.h"
#include "ingest/mapped_csv.h"
#include "ingest/table.h"
#include "store/ledger.h"

/* What happens to a row between its importer and the ledger. apply may split rows[0] into at most
 * SPLIT_MOST; open and close bracket the work of one thread. All NULL: nothing happens. */
struct row_stage {
    void *ctx;
    bool (*open)(void *ctx, void **ret_worker, struct err *e);
    bool (*apply)(void *worker, struct spend_row rows[SPLIT_MOST], size_t *ret_n, struct err *e);
    void (*close)(void *worker);
};

struct source_options {
    const struct import_options *import;
    struct ledger *ledger; /* reads Parquet; NULL: Parquet is refused */
    struct row_stage stage;
    int threads; /* at least 1 */
    size_t block_bytes; /* of delimited files; 0: a good size; tests use small ones */
};

struct source_file {
    str path;
    const struct importer *importer;
    enum file_shape shape;
    char read_as[BYTES_READ_AS]; /* as bytes_read_as; once all workers are closed */
    bool as_written; /* a mapping reads columns headed like people and does not say what rows are */
    str personal; /* columns left unread because they hold personal data */
    struct import_counts counts; /* complete once all workers are closed */
};

struct source;

/* Probes all files and compiles their columns. Lives in a, but for handles: source_close. */
MUST_CHECK bool source_open(struct arena *a, const str *paths, size_t n,
                            const struct source_options *o, struct source **ret, struct err *e);
const struct row_source *source_rows(const struct source *s);
const struct source_file *source_files(const struct source *s, size_t *ret_n);
/* What a user should hear about an import that went through: whole sentences, in a fixed order. */
const str *source_notes(const struct source *s, struct arena *a, size_t *ret_n);
void source_close(struct source *s); /* NULL is fine; after all workers are closed */

#endif
