/* book_import.c - making an import visible: files first, then one transaction. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/book_int.h"

static const char *const PART_ENDINGS[] = {"parquet", "cube.parquet"};

/* ---- the writer's lock ---- */

static bool take_lock(struct book *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    str path = path_join(&a, b->ledger_dir, S(".lock"));
    int fd = open(str_cstr(&a, path), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool ok = true;
    if (fd < 0) {
        ok = err_sys(e, errno, "cannot lock '%.*s'", FMT(b->ledger_dir));
    } else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        char pid[32] = "";
        ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
        ok = err_set(e, ERR_FAILED, "another import into '%.*s' is at work%s%.*s", FMT(b->dir),
                     n > 0 ? ", process " : "", n > 0 ? (int)n : 0, pid);
        err_hint(e, "Wait until it is done; nothing was changed.");
        close(fd);
    } else {
        char pid[32];
        int n = snprintf(pid, sizeof pid, "%d", os_pid());
        /* the number only helps people: the lock is held whether it could be written or not */
        if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) != n)
            errno = 0;
        b->lock_fd = fd;
    }
    arena_release(&a);
    return ok;
}

static bool is_listed(struct db *d, str part, bool *ret, struct err *e)
{
    struct db_stmt *s = db_prepare(d, "SELECT 1 FROM part WHERE name = ?");
    db_text(s, 1, part);
    *ret = db_step(s);
    return db_done(s, e);
}

/* Under the lock, whatever the book does not list was left by an import that never committed. */
static bool remove_leftovers(struct book *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct names names;
    bool ok = dir_list(&a, b->ledger_dir, &names, e);
    for (size_t i = 0; ok && i < names.n; i++) {
        str name = names.items[i];
        str path = path_join(&a, b->ledger_dir, name);
        if (str_starts(name, S("tmp-"))) {
            dir_remove_all(path);
        } else if (str_ends(name, S(".parquet"))) {
            bool listed;
            str part = str_sub(name, 0, str_find_char(name, '.', 0));
            ok = is_listed(b->db, part, &listed, e);
            if (ok && !listed)
                file_remove(path);
        }
    }
    arena_release(&a);
    return ok;
}

bool book_import_begin(struct book *b, struct arena *a, str *ret_tmp, struct err *e)
{
    BUG_IF(b->lock_fd >= 0);
    if (!take_lock(b, e))
        return false;
    b->tmp = path_join(&b->arena, b->ledger_dir, str_fmt(&b->arena, "tmp-%d", os_pid()));
    if (!remove_leftovers(b, e) || !dir_make(b->tmp, e)) {
        book_import_abort(b);
        return false;
    }
    *ret_tmp = str_dup(a, b->tmp);
    return true;
}

void book_import_abort(struct book *b)
{
    if (b->lock_fd < 0)
        return;
    dir_remove_all(b->tmp);
    if (ftruncate(b->lock_fd, 0) < 0)
        errno = 0; /* a number left behind misleads nobody: the lock is not held */
    close(b->lock_fd); /* also lets go of the lock */
    b->lock_fd = -1;
}

/* ---- finding what is there ---- */

static bool find_import(struct book *b, const char *sql, str key, int64_t *ret, struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, sql);
    db_text(s, 1, key);
    int64_t id = db_step(s) ? db_get_int(s, 0) : 0;
    if (!db_done(s, e))
        return false;
    *ret = id;
    return true;
}

bool book_find_digest(struct book *b, str digest, int64_t *ret_import, struct err *e)
{
    return find_import(b, "SELECT id FROM import WHERE digest = ? AND replaced_by IS NULL LIMIT 1",
                       digest, ret_import, e);
}

bool book_find_file(struct book *b, str digest, int64_t *ret_import, struct err *e)
{
    return find_import(b,
                       "SELECT import.id FROM import_file f JOIN import ON import.id = f.import"
                       " WHERE f.digest = ? AND replaced_by IS NULL ORDER BY import.id LIMIT 1",
                       digest, ret_import, e);
}

static dec dec_column(struct db_stmt *s, int column)
{
    struct arena a = ARENA_INIT;
    dec v = 0;
    BUG_IF(dec_parse(db_get_text(&a, s, column), &v) != DEC_OK); /* written by this program */
    arena_release(&a);
    return v;
}

static day day_column(struct db_stmt *s, int column)
{
    struct arena a = ARENA_INIT;
    day d = DAY_NONE;
    if (!db_is_null(s, column))
        BUG_IF(!date_parse(db_get_text(&a, s, column), DATE_MDY, &d));
    arena_release(&a);
    return d;
}

static struct import_scope scope_column(struct arena *a, struct db_stmt *s, int from)
{
    struct import_scope scope = {.provider = db_get_text(a, s, from),
                                 .account = db_get_text(a, s, from + 1),
                                 .rows = (uint64_t)db_get_int(s, from + 3),
                                 .billed = dec_column(s, from + 4),
                                 .effective = dec_column(s, from + 5)};
    BUG_IF(!month_parse(db_get_text(a, s, from + 2), &scope.period));
    return scope;
}

bool book_overlaps(struct book *b, const struct import_scope *scopes, size_t n, struct arena *a,
                   struct overlap **ret, size_t *ret_n, struct err *e)
{
    struct overlap *items = NULL;
    size_t found = 0, cap = 0;
    for (size_t i = 0; i < n; i++) {
        char period[MONTH_TEXT];
        month_format(scopes[i].period, period);
        struct db_stmt *s = db_prepare(
            b->db, "SELECT s.import, s.provider, s.account, s.period, s.rows, s.billed,"
                   "       s.effective, f.path"
                   "  FROM import_scope s"
                   "  JOIN import i ON i.id = s.import AND i.replaced_by IS NULL"
                   "  JOIN import_file f ON f.import = s.import AND f.number = 1"
                   " WHERE s.provider = ? AND s.account = ? AND s.period = ? ORDER BY s.import");
        db_text(s, 1, scopes[i].provider);
        db_text(s, 2, scopes[i].account);
        db_text(s, 3, str_of(period));
        while (db_step(s)) {
            items = arena_grow(a, items, sizeof *items, &cap, found + 1);
            items[found++] = (struct overlap){db_get_int(s, 0), scope_column(a, s, 1),
                                              db_get_text(a, s, 7)};
        }
        if (!db_done(s, e))
            return false;
    }
    *ret = items;
    *ret_n = found;
    return true;
}

/* ---- listing ---- */

static bool load_files(struct book *b, struct arena *a, struct import_info *i, struct err *e)
{
    size_t cap = 0;
    struct db_stmt *s = db_prepare(b->db, "SELECT path, digest, importer, bytes, records"
                                          "  FROM import_file WHERE import = ? ORDER BY number");
    db_int(s, 1, i->id);
    while (db_step(s)) {
        i->files = arena_grow(a, i->files, sizeof *i->files, &cap, i->n_files + 1);
        i->files[i->n_files++] = (struct import_file_info){
            db_get_text(a, s, 0), db_get_text(a, s, 1), db_get_text(a, s, 2),
            (uint64_t)db_get_int(s, 3), (uint64_t)db_get_int(s, 4)};
    }
    return db_done(s, e);
}

bool book_imports(struct book *b, struct arena *a, struct import_info **ret, size_t *ret_n,
                  struct err *e)
{
    struct import_info *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(
        b->db, "SELECT id, at, digest, mode, rules_digest, note, rows, records, unpriced, rounded,"
               "       billed, effective, first_day, last_day, replaced_by"
               "  FROM import ORDER BY id");
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        items[n++] = (struct import_info){
            .id = db_get_int(s, 0),
            .at = db_get_text(a, s, 1),
            .digest = db_get_text(a, s, 2),
            .mode = db_get_text(a, s, 3),
            .rules_digest = db_get_text(a, s, 4),
            .note = db_get_text(a, s, 5),
            .rows = (uint64_t)db_get_int(s, 6),
            .records = (uint64_t)db_get_int(s, 7),
            .unpriced = (uint64_t)db_get_int(s, 8),
            .rounded = (uint64_t)db_get_int(s, 9),
            .billed = dec_column(s, 10),
            .effective = dec_column(s, 11),
            .first = day_column(s, 12),
            .last = day_column(s, 13),
            .replaced_by = db_get_int(s, 14),
        };
    }
    if (!db_done(s, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!load_files(b, a, &items[i], e))
            return false;
    *ret = items;
    *ret_n = n;
    return true;
}

bool book_import_scopes(struct book *b, int64_t import, struct arena *a, struct import_scope **ret,
                        size_t *ret_n, struct err *e)
{
    struct import_scope *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(
        b->db, "SELECT provider, account, period, rows, billed, effective FROM import_scope"
               " WHERE import = ? ORDER BY provider, account, period");
    db_int(s, 1, import);
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        items[n++] = scope_column(a, s, 0);
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

bool book_parts(struct book *b, bool retired, struct arena *a, struct book_part **ret,
                size_t *ret_n, struct err *e)
{
    struct book_part *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(
        b->db, "SELECT name, import, rows, bytes, sha256, cube_sha256, billed, effective, unpriced,"
               "       first_day, last_day, retired_at IS NOT NULL"
               "  FROM part WHERE retired_at IS NULL OR ? ORDER BY id");
    db_int(s, 1, retired);
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        struct book_part *p = &items[n++];
        str name = db_get_text(a, s, 0), sha = db_get_text(a, s, 4), cube = db_get_text(a, s, 5);
        *p = (struct book_part){.ref = {name, db_get_int(s, 1)}, .retired = db_get_int(s, 11)};
        p->info = (struct part_info){.name = name,
                                     .rows = (uint64_t)db_get_int(s, 2),
                                     .bytes = (uint64_t)db_get_int(s, 3),
                                     .first = day_column(s, 9),
                                     .last = day_column(s, 10),
                                     .billed = dec_column(s, 6),
                                     .effective = dec_column(s, 7),
                                     .unpriced = (uint64_t)db_get_int(s, 8)};
        snprintf(p->info.sha256, sizeof p->info.sha256, "%.*s", FMT(sha));
        snprintf(p->info.cube_sha256, sizeof p->info.cube_sha256, "%.*s", FMT(cube));
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

/* ---- committing ---- */

static void bind_dec(struct db_stmt *s, int index, dec v)
{
    char text[DEC_TEXT];
    db_text(s, index, dec_format(v, text));
}

static void bind_day(struct db_stmt *s, int index, day d)
{
    char text[DATE_TEXT];
    if (d == DAY_NONE)
        db_null(s, index);
    else
        db_text(s, index, date_format(d, text));
}

static bool next_part_id(struct book *b, int64_t *ret, struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, "SELECT coalesce(max(id), 0) + 1 FROM part");
    *ret = db_step(s) ? db_get_int(s, 0) : 0;
    return db_done(s, e);
}

static str part_name(struct arena *a, int64_t id)
{
    return str_fmt(a, "p%06lld", (long long)id);
}

/* From the temporary folder to the ledger's, under their final names; not yet listed, so invisible.
 */
static bool move_parts(struct book *b, struct arena *a, const struct new_part *parts, size_t n,
                       int64_t first_id, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        str name = part_name(a, first_id + (int64_t)i);
        for (size_t k = 0; k < ARRAY_LEN(PART_ENDINGS); k++) {
            str from = str_fmt(a, "%.*s/%.*s.%s", FMT(b->tmp), FMT(parts[i].info.name),
                               PART_ENDINGS[k]);
            str to = str_fmt(a, "%.*s/%.*s.%s", FMT(b->ledger_dir), FMT(name), PART_ENDINGS[k]);
            if (!file_rename(from, to, e))
                return false;
        }
    }
    return file_sync(b->ledger_dir, e);
}

static void unmove_parts(struct book *b, struct arena *a, size_t n, int64_t first_id)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < ARRAY_LEN(PART_ENDINGS); k++) {
            str name = part_name(a, first_id + (int64_t)i);
            file_remove(str_fmt(a, "%.*s/%.*s.%s", FMT(b->ledger_dir), FMT(name), PART_ENDINGS[k]));
        }
}

static bool insert_parts(struct book *b, struct arena *a, const struct new_part *parts, size_t n,
                         int64_t first_id, int64_t import, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        const struct part_info *p = &parts[i].info;
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO part (id, import, name, rows, bytes, sha256, cube_sha256, billed,"
                   " effective, unpriced, first_day, last_day)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        db_int(s, 1, first_id + (int64_t)i);
        db_int(s, 2, parts[i].import ? parts[i].import : import);
        db_text(s, 3, part_name(a, first_id + (int64_t)i));
        db_int(s, 4, (int64_t)p->rows);
        db_int(s, 5, (int64_t)p->bytes);
        db_text(s, 6, str_of(p->sha256));
        db_text(s, 7, str_of(p->cube_sha256));
        bind_dec(s, 8, p->billed);
        bind_dec(s, 9, p->effective);
        db_int(s, 10, (int64_t)p->unpriced);
        bind_day(s, 11, p->first);
        bind_day(s, 12, p->last);
        ok = db_run(s, e);
    }
    return ok;
}

static bool insert_import(struct book *b, const struct import_info *i, int64_t now, int64_t *ret_id,
                          struct err *e)
{
    char at[TIME_TEXT];
    moment_text(now, at);
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO import (at, digest, mode, rows, records, billed, effective, unpriced,"
               " rounded, first_day, last_day, rules_digest, program, note)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_text(s, 1, str_of(at));
    db_text(s, 2, i->digest);
    db_text(s, 3, i->mode);
    db_int(s, 4, (int64_t)i->rows);
    db_int(s, 5, (int64_t)i->records);
    bind_dec(s, 6, i->billed);
    bind_dec(s, 7, i->effective);
    db_int(s, 8, (int64_t)i->unpriced);
    db_int(s, 9, (int64_t)i->rounded);
    bind_day(s, 10, i->first);
    bind_day(s, 11, i->last);
    db_text(s, 12, i->rules_digest);
    db_text(s, 13, S(OUTLAY_VERSION));
    db_text_or_null(s, 14, i->note);
    if (!db_run(s, e))
        return false;
    *ret_id = db_last_id(b->db);
    for (size_t k = 0; k < i->n_files; k++) {
        const struct import_file_info *f = &i->files[k];
        s = db_prepare(b->db, "INSERT INTO import_file (import, number, path, bytes, digest,"
                              " importer, records) VALUES (?, ?, ?, ?, ?, ?, ?)");
        db_int(s, 1, *ret_id);
        db_int(s, 2, (int64_t)k + 1);
        db_text(s, 3, f->path);
        db_int(s, 4, (int64_t)f->bytes);
        db_text(s, 5, f->digest);
        db_text(s, 6, f->importer);
        db_int(s, 7, (int64_t)f->records);
        if (!db_run(s, e))
            return false;
    }
    return true;
}

static bool insert_scopes(struct book *b, int64_t import, const struct import_scope *scopes,
                          size_t n, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        char period[MONTH_TEXT];
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO import_scope (import, provider, account, period, rows, billed,"
                   " effective) VALUES (?, ?, ?, ?, ?, ?, ?)");
        db_int(s, 1, import);
        db_text(s, 2, scopes[i].provider);
        db_text(s, 3, scopes[i].account);
        db_text(s, 4, month_format(scopes[i].period, period));
        db_int(s, 5, (int64_t)scopes[i].rows);
        bind_dec(s, 6, scopes[i].billed);
        bind_dec(s, 7, scopes[i].effective);
        ok = db_run(s, e);
    }
    return ok;
}

static bool run_with(struct book *b, const char *sql, int64_t a, int64_t c, str text, struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, sql);
    db_int(s, 1, a);
    db_int(s, 2, c);
    db_text(s, 3, text);
    return db_run(s, e);
}

/* What the new import restates no longer counts; an import of which nothing is left is replaced. */
static bool retire(struct book *b, const struct new_import *n, int64_t id, int64_t now,
                   struct err *e)
{
    char at[TIME_TEXT];
    moment_text(now, at);
    for (size_t i = 0; i < n->n_retire; i++) {
        int64_t old = n->retire_imports[i];
        if (!run_with(b,
                      "UPDATE part SET retired_at = ?3, retired_why = 'replaced by import ' || ?2"
                      " WHERE import = ?1 AND retired_at IS NULL",
                      old, id, str_of(at), e) ||
            !run_with(
                b,
                "DELETE FROM import_scope AS o WHERE o.import = ?1 AND ?3 = ?3 AND EXISTS"
                " (SELECT 1 FROM import_scope s WHERE s.import = ?2 AND"
                "  s.provider = o.provider AND s.account = o.account AND s.period = o.period)",
                old, id, S(""), e) ||
            !run_with(b,
                      "UPDATE import SET replaced_by = ?2 WHERE id = ?1 AND ?3 = ?3"
                      " AND NOT EXISTS (SELECT 1 FROM import_scope WHERE import = ?1)",
                      old, id, S(""), e))
            return false;
    }
    return true;
}

bool book_import_commit(struct book *b, const struct new_import *n, int64_t now, int64_t *ret_id,
                        struct err *e)
{
    BUG_IF(b->lock_fd < 0);
    struct arena a = ARENA_INIT;
    int64_t first, id = 0;
    char billed[DEC_TEXT];
    bool ok = next_part_id(b, &first, e);
    if (ok) {
        ok = move_parts(b, &a, n->parts, n->n_parts, first, e) && db_begin(b->db, e) &&
             insert_import(b, &n->info, now, &id, e) &&
             insert_scopes(b, id, n->scopes, n->n_scopes, e) && retire(b, n, id, now, e) &&
             insert_parts(b, &a, n->parts, n->n_parts, first, id, e);
        dec_format(n->info.billed, billed);
        str detail = ok ? str_fmt(&a, "import %lld, %s, %llu rows, billed %s, digest %.*s",
                                  (long long)id, str_cstr(&a, n->info.mode),
                                  (unsigned long long)n->info.rows, billed, FMT(n->info.digest))
                        : STR_NONE;
        ok = ok && journal_append(b->db, now, S("import"), detail, e) && db_commit(b->db, e);
        if (!ok) {
            db_rollback(b->db);
            unmove_parts(b, &a, n->n_parts, first);
        }
    }
    arena_release(&a);
    book_import_abort(b); /* the temporary folder and the lock are done with either way */
    if (ok)
        *ret_id = id;
    return ok;
}

bool book_rewrite_commit(struct book *b, const struct new_part *parts, size_t n_parts,
                         const str *retired, size_t n_retire, str action, str detail,
                         str rules_digest, int64_t now, struct err *e)
{
    BUG_IF(b->lock_fd < 0);
    struct arena a = ARENA_INIT;
    int64_t first;
    char at[TIME_TEXT];
    moment_text(now, at);
    bool ok = next_part_id(b, &first, e);
    if (ok) {
        ok = move_parts(b, &a, parts, n_parts, first, e) && db_begin(b->db, e);
        for (size_t i = 0; ok && i < n_retire; i++) {
            struct db_stmt *s = db_prepare(b->db, "UPDATE part SET retired_at = ?, retired_why = ?"
                                                  " WHERE name = ? AND retired_at IS NULL");
            db_text(s, 1, str_of(at));
            db_text(s, 2, action);
            db_text(s, 3, retired[i]);
            ok = db_run(s, e);
        }
        ok = ok && insert_parts(b, &a, parts, n_parts, first, 0, e);
        if (ok && rules_digest.n) {
            struct db_stmt *s = db_prepare(b->db, "UPDATE import SET rules_digest = ?"
                                                  " WHERE replaced_by IS NULL");
            db_text(s, 1, rules_digest);
            ok = db_run(s, e);
        }
        ok = ok && journal_append(b->db, now, action, detail, e) && db_commit(b->db, e);
        if (!ok) {
            db_rollback(b->db);
            unmove_parts(b, &a, n_parts, first);
        }
    }
    arena_release(&a);
    book_import_abort(b);
    return ok;
}
