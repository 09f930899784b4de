/* db.h - SQLite made civil: statements that carry their own error, nested transactions, checks.
 *
 * A statement is prepared, bound, stepped and released; the first failure is remembered by the
 * statement and comes out of db_step or db_done. SQL is a literal or a file of src/store/sql, never
 * glued from input. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;
struct db_stmt;

enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

/* WAL, foreign keys, synchronous=FULL, a busy timeout of 10 s. `application_id` must match unless
 * the file is being created. After an unclean end (a write-ahead log was left) quick_check runs
 * first. */
MUST_CHECK bool db_open(str path, enum db_mode mode, int32_t application_id, struct db **ret,
                        struct err *e);
void db_close(struct db *d); /* NULL is fine */
/* Runs the migrations (SQL texts) with a number above PRAGMA user_version, each in a transaction of
 * its own. A file from a newer program is an error. */
MUST_CHECK bool db_migrate(struct db *d, const str *migrations, size_t n, struct err *e);
MUST_CHECK bool db_exec(struct db *d, const char *sql, struct err *e);
/* Takes the write lock at once. */
MUST_CHECK bool db_begin(struct db *d, struct err *e);
MUST_CHECK bool db_commit(struct db *d, struct err *e);
void db_rollback(struct db *d); /* fine outside a transaction */
/* A read transaction: everything until db_end_read is of one moment. */
MUST_CHECK bool db_begin_read(struct db *d, struct err *e);
void db_end_read(struct db *d);
int64_t db_last_id(struct db *d);
/* Consistent copy into a new file, readers and a writer may go on. */
MUST_CHECK bool db_backup(struct db *d, str to, struct err *e);
MUST_CHECK bool db_integrity(struct db *d,
                             struct err *e); /* full integrity_check and foreign keys */

struct db_stmt *db_prepare(struct db *d, const char *sql);
void db_text(struct db_stmt *s, int index, str v); /* index from 1 */
void db_text_or_null(struct db_stmt *s, int index, str v); /* empty: NULL */
void db_int(struct db_stmt *s, int index, int64_t v);
void db_null(struct db_stmt *s, int index);
/* True: a row is there. False: done or failed; db_done tells which and releases the statement. */
bool db_step(struct db_stmt *s);
MUST_CHECK bool db_done(struct db_stmt *s, struct err *e);
/* Steps a statement that returns no row, and releases it. */
MUST_CHECK bool db_run(struct db_stmt *s, struct err *e);
str db_get_text(struct arena *a, struct db_stmt *s, int column); /* column from 0; NULL: empty */
int64_t db_get_int(struct db_stmt *s, int column);
bool db_is_null(struct db_stmt *s, int column);

#endif
