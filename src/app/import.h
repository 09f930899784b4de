/* import.h - bills into the book: one command, one batch, all or nothing. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/workspace.h"
#include "ingest/open_source.h"

enum overlap_policy {
    OVERLAP_REFUSE,  /* more for a provider, account and billing month already there is an error */
    OVERLAP_ADD,     /* it is another part: both count */
    OVERLAP_REPLACE, /* it is a restatement: the old rows of those months no longer count */
};

struct import_request {
    const str *paths; /* files, folders, globs */
    size_t n_paths;
    struct import_options options; /* currency is filled from the book */
    const str *rates; /* as unit_rate.h has them */
    size_t n_rates;
    const str *keep_payees; /* names to keep, see payee.h */
    size_t n_keep_payees;
    enum overlap_policy overlap;
    bool dry_run; /* everything but the commit */
    str note;
    ledger_progress *progress; /* may be NULL */
    void *progress_ctx;
    void (*began)(void *ctx, uint64_t bytes, size_t files); /* may be NULL: before reading */
    const volatile bool *interrupted;
};

struct known_file {
    str path;
    int64_t import;
};

/* Sums of the batch by category and currency. */
struct import_sum {
    enum category category;
    str currency;
    uint64_t rows, unpriced;
    dec billed, effective;
};

struct import_outcome {
    int64_t import; /* 0: nothing new, or a dry run */
    struct import_info info;
    const struct source_file *files;
    size_t n_files;
    const str *notes;
    size_t n_notes;
    struct known_file *known; /* files left out because the book has these bytes already */
    size_t n_known;
    struct import_sum *sums;
    size_t n_sums;
    struct overlap *overlaps; /* that were added to or replaced */
    size_t n_overlaps;
};

/* w was opened with NEED_BOOK_WRITE | NEED_LEDGER | NEED_RULES | NEED_PRICES. On failure the book
 * is byte for byte what it was. */
MUST_CHECK bool import_files(struct workspace *w, const struct import_request *q,
                             struct import_outcome *ret, struct err *e);

#endif
