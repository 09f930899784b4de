/* book_int.h - what the files of the book share. */
#ifndef STORE_BOOK_INT_H
#define STORE_BOOK_INT_H

#include "base/os.h"
#include "store/book.h"
#include "store/db.h"

struct book {
    struct arena arena;
    str dir, ledger_dir;
    struct db *db;
    int lock_fd; /* held while importing, else -1 */
    str tmp;     /* folder of the import at work, lives in arena */
};

/* Appends within the caller's transaction. */
MUST_CHECK bool journal_append(struct db *d, int64_t now, str action, str detail, struct err *e);
str moment_text(int64_t now, char out[TIME_TEXT]);

#endif
