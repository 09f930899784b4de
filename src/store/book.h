/* book.h - the state of a book: a folder with plan.yaml, rules.yaml, outlay.db and ledger/.
 *
 * The only SQL besides the ledger's. One writer at a time: an import holds a lock on ledger/ from
 * book_import_begin to its commit or abort; readers never wait. What becomes visible does so in one
 * transaction; files written for an import that did not commit are removed by the next one. */
#ifndef STORE_BOOK_H
#define STORE_BOOK_H

#include "base/arena.h"
#include "base/err.h"
#include "core/month.h"
#include "store/ledger.h"

struct book;

enum book_mode { BOOK_READ, BOOK_WRITE };

/* Creates outlay.db and ledger/ in an existing folder that has neither. */
MUST_CHECK bool book_create(str dir, int64_t now, struct err *e);
MUST_CHECK bool book_open(str dir, enum book_mode mode, struct book **ret, struct err *e);
void book_close(struct book *b); /* NULL is fine */
str book_dir(const struct book *b);
str book_ledger_dir(const struct book *b);

/* ---- imports ---- */

struct import_file_info {
    str path, digest, importer;
    uint64_t bytes, records;
};

struct import_scope {
    str provider, account;
    month period;
    uint64_t rows;
    dec billed, effective;
};

struct import_info {
    int64_t id;
    str at, digest, mode, rules_digest, note;
    uint64_t rows, records, unpriced, rounded;
    dec billed, effective;
    day first, last;
    int64_t replaced_by; /* 0: it counts */
    struct import_file_info *files;
    size_t n_files;
};

/* Takes the writer's lock and removes what an interrupted import left. *ret_tmp is an empty folder
 * for the parts being written. Another importer at work is an error that names its process. */
MUST_CHECK bool book_import_begin(struct book *b, struct arena *a, str *ret_tmp, struct err *e);
/* Removes the temporary folder and lets go of the lock; nothing else was touched. */
void book_import_abort(struct book *b);

/* The import that holds exactly these bytes: by digest of all files, or by one file's. 0: none. */
MUST_CHECK bool book_find_digest(struct book *b, str digest, int64_t *ret_import, struct err *e);
MUST_CHECK bool book_find_file(struct book *b, str digest, int64_t *ret_import, struct err *e);

struct overlap {
    int64_t import;
    struct import_scope scope; /* what is already there */
    str file;                  /* first file of that import */
};
/* Scopes of live imports that are also in `scopes`. */
MUST_CHECK bool book_overlaps(struct book *b, const struct import_scope *scopes, size_t n,
                              struct arena *a, struct overlap **ret, size_t *ret_n, struct err *e);

struct new_part {
    struct part_info info; /* name: of the files in the temporary folder */
    int64_t import;        /* 0: the new import; else the import whose remainder this is */
};

struct new_import {
    struct import_info info; /* id, replaced_by unused */
    const struct import_scope *scopes;
    size_t n_scopes;
    const struct new_part *parts;
    size_t n_parts;
    const int64_t *retire_imports; /* every part of these is retired, then new_part may re-add */
    size_t n_retire;
};
/* Moves the parts into ledger/, syncs, and commits import, parts, scopes and a journal entry in one
 * transaction. Retired imports whose scopes are all covered by the new one are marked replaced; of
 * the others, the scopes given are removed. On failure the book is as it was. */
MUST_CHECK bool book_import_commit(struct book *b, const struct new_import *n, int64_t now,
                                   int64_t *ret_id, struct err *e);

/* Replaces parts without a new import (reclassified or repriced rows): `retire` are part names. */
MUST_CHECK bool book_rewrite_commit(struct book *b, const struct new_part *parts, size_t n_parts,
                                    const str *retire, size_t n_retire, str action, str detail,
                                    str rules_digest, int64_t now, struct err *e);

MUST_CHECK bool book_imports(struct book *b, struct arena *a, struct import_info **ret,
                             size_t *ret_n, struct err *e);
MUST_CHECK bool book_import_scopes(struct book *b, int64_t import, struct arena *a,
                                   struct import_scope **ret, size_t *ret_n, struct err *e);

struct book_part {
    struct part_ref ref;
    struct part_info info;
    bool retired;
};
/* Parts that count; with `retired` those that no longer do as well. Of one moment. */
MUST_CHECK bool book_parts(struct book *b, bool retired, struct arena *a, struct book_part **ret,
                           size_t *ret_n, struct err *e);

/* ---- prices and rates ---- */

struct stored_list {
    int64_t id;
    str at, name, content;
    currency base; /* rates */
    str format;    /* prices: what the list was; empty: our own layout */
    day taken;     /* the day such a list tells of */
};
/* The same content again changes nothing; *ret_new says. */
MUST_CHECK bool book_add_prices(struct book *b, str name, str content, int64_t now, bool *ret_new,
                                struct err *e);
/* A list that was brought into our layout: `content` is that, `sha256` of the file as it came. A
 * file that was imported before changes nothing, whatever day it is taken to tell of. */
struct list_source {
    str format, sha256;
    day taken;
};
MUST_CHECK bool book_add_price_list(struct book *b, str name, str content,
                                    const struct list_source *from, int64_t now, bool *ret_new,
                                    struct err *e);
MUST_CHECK bool book_add_rates(struct book *b, str name, currency base, str content, int64_t now,
                               bool *ret_new, struct err *e);
MUST_CHECK bool book_prices(struct book *b, struct arena *a, struct stored_list **ret,
                            size_t *ret_n, struct err *e);
MUST_CHECK bool book_rates(struct book *b, struct arena *a, struct stored_list **ret, size_t *ret_n,
                           struct err *e);

/* ---- closing, journal, safety ---- */

/* A key that never leaves the book, by name: "payee" (ingest/payee.h). */
MUST_CHECK bool book_secret(struct book *b, const char *name, struct arena *a, str *ret,
                            struct err *e);

MUST_CHECK bool book_close_month(struct book *b, month m, bool closed, str note, int64_t now,
                                 struct err *e);
MUST_CHECK bool book_closed_months(struct book *b, struct arena *a, month **ret, size_t *ret_n,
                                   struct err *e);

struct journal_entry {
    int64_t id;
    str at, action, detail, hash;
};
MUST_CHECK bool book_journal(struct book *b, struct arena *a, struct journal_entry **ret,
                             size_t *ret_n, struct err *e);
/* Integrity of the database, the journal's chain, and every listed part's files and digests. */
MUST_CHECK bool book_verify(struct book *b, bool digests, struct err *e);
MUST_CHECK bool book_backup(struct book *b, str to_dir, struct err *e);

#endif
