/* db.c - the one place that calls SQLite. */
#include "store/db.h"

#include <sqlite3.h>

#include "base/os.h"

enum { BUSY_MS = 10000 };

struct db {
    sqlite3 *handle;
    struct arena arena;
    str path;
    bool in_transaction;
};

struct db_stmt {
    struct db *db;
    sqlite3_stmt *handle;
    int rc; /* of the first failure, or of the last step */
};

static bool fail(struct db *d, struct err *e, const char *what)
{
    int rc = sqlite3_errcode(d->handle);
    err_set(e, ERR_FAILED, "book '%.*s': %s: %s", FMT(d->path), what, sqlite3_errmsg(d->handle));
    if (rc == SQLITE_BUSY)
        err_hint(e, "Another process is writing to this book; try again when it is done.");
    else if (rc == SQLITE_FULL)
        err_hint(e, "The disk is full; nothing was changed.");
    else if (rc == SQLITE_READONLY || rc == SQLITE_PERM)
        err_hint(e, "The book's files are read-only for this user.");
    return false;
}

bool db_exec(struct db *d, const char *sql, struct err *e)
{
    if (sqlite3_exec(d->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail(d, e, "statement failed");
    return true;
}

static bool pragma_int(struct db *d, const char *sql, int64_t *ret, struct err *e)
{
    struct db_stmt *s = db_prepare(d, sql);
    bool row = db_step(s);
    int64_t v = row ? db_get_int(s, 0) : 0;
    if (!db_done(s, e))
        return false;
    *ret = v;
    return true;
}

static bool check(struct db *d, const char *pragma, struct err *e)
{
    struct db_stmt *s = db_prepare(d, pragma);
    struct arena a = ARENA_INIT;
    str first = db_step(s) ? db_get_text(&a, s, 0) : STR_NONE;
    bool ok = db_done(s, e);
    if (ok && first.n && !str_eq(first, S("ok"))) {
        ok = err_set(e, ERR_FAILED, "book '%.*s' is damaged: %.*s", FMT(d->path), FMT(first));
        err_hint(e, "Restore it from a backup made with 'outlay backup'.");
    }
    arena_release(&a);
    return ok;
}

static bool set_up(struct db *d, enum db_mode mode, int32_t application_id, bool unclean,
                   struct err *e)
{
    sqlite3_extended_result_codes(d->handle, 0);
    sqlite3_busy_timeout(d->handle, BUSY_MS);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (mode == DB_CREATE) {
        char sql[64];
        snprintf(sql, sizeof sql, "PRAGMA application_id = %d", (int)application_id);
        if (!db_exec(d, "PRAGMA journal_mode = WAL", e) || !db_exec(d, sql, e))
            return false;
    }
    int64_t id;
    if (!db_exec(d, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", e) ||
        !pragma_int(d, "PRAGMA application_id", &id, e))
        return false;
    if (id != application_id) {
        err_set(e, ERR_FAILED, "'%.*s' is not a book of outlay", FMT(d->path));
        return err_hint(e, "Name the book's folder with --book DIR or $OUTLAY_BOOK.");
    }
    return !unclean || check(d, "PRAGMA quick_check", e);
}

bool db_open(str path, enum db_mode mode, int32_t application_id, struct db **ret, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct db *d = arena_new(&a, struct db, 1);
    d->path = str_dup(&a, path);
    uint64_t wal = 0;
    struct err ignored;
    bool unclean = file_size(str_fmt(&a, "%.*s-wal", FMT(path)), &wal, &ignored) && wal > 0;
    int flags = mode == DB_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                  : SQLITE_OPEN_READWRITE;
    /* readers of a WAL database need its shared memory file; where it cannot be written, read alone
     */
    int rc = sqlite3_open_v2(str_cstr(&a, path), &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK ? set_up(d, mode, application_id, unclean, e)
                              : fail(d, e, "cannot be opened");
    if (ok && mode == DB_READ)
        ok = db_exec(d, "PRAGMA query_only = ON", e);
    if (!ok) {
        sqlite3_close(d->handle);
        arena_release(&a);
        return false;
    }
    d->arena = a;
    *ret = d;
    return true;
}

void db_close(struct db *d)
{
    if (!d)
        return;
    db_rollback(d);
    sqlite3_close_v2(d->handle);
    struct arena a = d->arena;
    arena_release(&a);
}

bool db_migrate(struct db *d, const str *migrations, size_t n, struct err *e)
{
    int64_t at;
    if (!pragma_int(d, "PRAGMA user_version", &at, e))
        return false;
    if (at > (int64_t)n) {
        err_set(e, ERR_FAILED, "book '%.*s' was written by a newer outlay (version %lld, this one "
                "knows %zu)", FMT(d->path), (long long)at, n);
        return err_hint(e, "Install the newer program.");
    }
    for (size_t i = (size_t)at; i < n; i++) {
        struct arena a = ARENA_INIT;
        char version[64];
        snprintf(version, sizeof version, "PRAGMA user_version = %zu", i + 1);
        bool ok = db_begin(d, e) && db_exec(d, str_cstr(&a, migrations[i]), e) &&
                  db_exec(d, version, e) && db_commit(d, e);
        arena_release(&a);
        if (!ok) {
            db_rollback(d);
            return false;
        }
    }
    return true;
}

bool db_begin(struct db *d, struct err *e)
{
    BUG_IF(d->in_transaction);
    d->in_transaction = db_exec(d, "BEGIN IMMEDIATE", e);
    return d->in_transaction;
}

bool db_begin_read(struct db *d, struct err *e)
{
    BUG_IF(d->in_transaction);
    d->in_transaction = db_exec(d, "BEGIN", e);
    return d->in_transaction;
}

void db_end_read(struct db *d)
{
    db_rollback(d);
}

bool db_commit(struct db *d, struct err *e)
{
    if (!db_exec(d, "COMMIT", e)) {
        db_rollback(d);
        return false;
    }
    d->in_transaction = false;
    return true;
}

void db_rollback(struct db *d)
{
    if (d->in_transaction)
        sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
    d->in_transaction = false;
}

int64_t db_last_id(struct db *d)
{
    return sqlite3_last_insert_rowid(d->handle);
}

bool db_backup(struct db *d, str to, struct err *e)
{
    struct arena a = ARENA_INIT;
    sqlite3 *copy = NULL;
    int rc = sqlite3_open_v2(str_cstr(&a, to), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                             NULL);
    sqlite3_backup *b =
        rc == SQLITE_OK ? sqlite3_backup_init(copy, "main", d->handle, "main") : NULL;
    if (b) {
        while ((rc = sqlite3_backup_step(b, 256)) == SQLITE_OK || rc == SQLITE_BUSY)
            if (rc == SQLITE_BUSY)
                sqlite3_sleep(50);
        rc = sqlite3_backup_finish(b);
    }
    bool ok = b && rc == SQLITE_OK;
    if (!ok)
        err_set(e, ERR_FAILED, "cannot copy the book to '%.*s': %s", FMT(to), sqlite3_errmsg(copy));
    sqlite3_close(copy);
    arena_release(&a);
    return ok && file_sync(to, e);
}

bool db_integrity(struct db *d, struct err *e)
{
    return check(d, "PRAGMA integrity_check", e) && check(d, "PRAGMA foreign_key_check", e);
}

struct db_stmt *db_prepare(struct db *d, const char *sql)
{
    struct db_stmt *s = calloc(1, sizeof *s);
    if (!s)
        out_of_memory(sizeof *s);
    s->db = d;
    s->rc = sqlite3_prepare_v2(d->handle, sql, -1, &s->handle, NULL);
    return s;
}

static void bound(struct db_stmt *s, int rc)
{
    if (s->rc == SQLITE_OK)
        s->rc = rc;
}

void db_text(struct db_stmt *s, int index, str v)
{
    bound(s, sqlite3_bind_text64(s->handle, index, v.n ? v.p : "", v.n, SQLITE_TRANSIENT,
                                 SQLITE_UTF8));
}

void db_text_or_null(struct db_stmt *s, int index, str v)
{
    if (v.n)
        db_text(s, index, v);
    else
        db_null(s, index);
}

void db_int(struct db_stmt *s, int index, int64_t v)
{
    bound(s, sqlite3_bind_int64(s->handle, index, v));
}

void db_null(struct db_stmt *s, int index)
{
    bound(s, sqlite3_bind_null(s->handle, index));
}

bool db_step(struct db_stmt *s)
{
    if (s->rc != SQLITE_OK && s->rc != SQLITE_ROW)
        return false;
    s->rc = sqlite3_step(s->handle);
    return s->rc == SQLITE_ROW;
}

bool db_done(struct db_stmt *s, struct err *e)
{
    bool ok = s->rc == SQLITE_DONE || s->rc == SQLITE_ROW || s->rc == SQLITE_OK;
    if (!ok)
        fail(s->db, e, "statement failed");
    sqlite3_finalize(s->handle);
    free(s);
    return ok;
}

bool db_run(struct db_stmt *s, struct err *e)
{
    while (db_step(s))
        ;
    return db_done(s, e);
}

str db_get_text(struct arena *a, struct db_stmt *s, int column)
{
    const unsigned char *p = sqlite3_column_text(s->handle, column);
    size_t n = (size_t)sqlite3_column_bytes(s->handle, column);
    return p ? str_dup(a, (str){(const char *)p, n}) : STR_NONE;
}

int64_t db_get_int(struct db_stmt *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

bool db_is_null(struct db_stmt *s, int column)
{
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}
