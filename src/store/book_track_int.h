/* book_track_int.h - what the files of tracking in the book share. */
#ifndef STORE_BOOK_TRACK_INT_H
#define STORE_BOOK_TRACK_INT_H

#include "store/book_rows.h"
#include "store/book_track.h"

void track_month(struct db_stmt *s, int index, month m); /* MONTH_NONE: empty text */
void track_amount(struct db_stmt *s, int index, dec v);  /* DEC_NULL: NULL */
month track_get_month(struct arena *a, struct db_stmt *s, int column);
dec track_get_amount(struct arena *a, struct db_stmt *s, int column);
enum track_level track_get_level(struct arena *a, struct db_stmt *s, int column);
/* Length-prefixed, so that neighbors stay apart. */
void track_hash(struct sha256 *h, str part);
void track_hash_amount(struct sha256 *h, dec v);
void track_hash_month(struct sha256 *h, month m);

/* Within the caller's transaction. */
MUST_CHECK bool forecast_insert(struct book *b, const struct stored_forecast *f, int64_t now,
                                int64_t *ret_id, struct err *e);
MUST_CHECK bool forecast_verify(struct book *b, const struct journal_entry *entries, size_t n,
                                struct err *e);
MUST_CHECK bool measurements_verify(struct book *b, const struct journal_entry *entries, size_t n,
                                    struct err *e);
bool track_in_journal(const struct journal_entry *entries, size_t n, str action,
                      str detail);

#endif
