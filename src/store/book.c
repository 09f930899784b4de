/* book.c - opening a book, its journal, prices and rates, verification. */
#include "store/book_int.h"

#include "base/hash.h"
#include "base/share.h"

enum { APPLICATION_ID = 0x4f55544c }; /* "OUTL" */

static const char *const MIGRATIONS[] = {"001_book.sql", "002_baseline.sql",
                                         "003_tracking.sql", "004_reconcile.sql",
                                         "005_value.sql", "006_private.sql",
                                         "007_alerts.sql"};

str moment_text(int64_t now, char out[TIME_TEXT])
{
    return time_format(now, out);
}

static str db_path(struct arena *a, str dir)
{
    return path_join(a, dir, S("outlay.db"));
}

static bool migrate(struct db *d, struct err *e)
{
    str texts[ARRAY_LEN(MIGRATIONS)];
    for (size_t i = 0; i < ARRAY_LEN(MIGRATIONS); i++)
        texts[i] = share_file(MIGRATIONS[i]);
    return db_migrate(d, texts, ARRAY_LEN(MIGRATIONS), e);
}

bool book_create(str dir, int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct db *d = NULL;
    str path = db_path(&a, dir), ledger = path_join(&a, dir, S("ledger"));
    bool ok = !file_exists(path) ||
              err_set(e, ERR_FAILED, "'%.*s' already holds a book", FMT(dir));
    /* the lock is there from the start, so that an import that is refused leaves no new file */
    ok = ok && dir_make(ledger, e) && file_create(path_join(&a, ledger, S(".lock")), STR_NONE, e) &&
         db_open(path, DB_CREATE, APPLICATION_ID, &d, e) &&
         migrate(d, e) && db_begin(d, e) &&
         journal_append(d, now, S("init"), S("book created"), e) && db_commit(d, e);
    db_close(d);
    ok = ok && file_sync(dir, e);
    arena_release(&a);
    return ok;
}

bool book_open(str dir, enum book_mode mode, struct book **ret, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct book *b = arena_new(&a, struct book, 1);
    b->dir = str_dup(&a, dir.n ? dir : S("."));
    b->ledger_dir = path_join(&a, b->dir, S("ledger"));
    b->lock_fd = -1;
    str path = db_path(&a, b->dir);
    bool ok = true;
    if (!file_exists(path)) {
        ok = err_set(e, ERR_FAILED, "no book in '%.*s'", FMT(b->dir));
        err_hint(e,
                 "Create one with 'outlay init %.*s', or name it with --book DIR or $OUTLAY_BOOK.",
                 FMT(b->dir));
    }
    ok = ok && db_open(path, mode == BOOK_WRITE ? DB_WRITE : DB_READ, APPLICATION_ID, &b->db, e);
    if (ok && mode == BOOK_WRITE && !migrate(b->db, e)) {
        db_close(b->db);
        ok = false;
    }
    if (!ok) {
        arena_release(&a);
        return false;
    }
    b->arena = a;
    *ret = b;
    return true;
}

void book_close(struct book *b)
{
    if (!b)
        return;
    if (b->lock_fd >= 0)
        book_import_abort(b);
    db_close(b->db);
    struct arena a = b->arena;
    arena_release(&a);
}

str book_dir(const struct book *b)
{
    return b->dir;
}

str book_ledger_dir(const struct book *b)
{
    return b->ledger_dir;
}

bool book_secret(struct book *b, const char *name, struct arena *a, str *ret, struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, "SELECT value FROM book_key WHERE name = ?");
    db_text(s, 1, str_of(name));
    str value = db_step(s) ? db_get_text(a, s, 0) : STR_NONE;
    if (!db_done(s, e))
        return false;
    *ret = value;
    return value.n || err_set(e, ERR_FAILED, "the book has lost its key '%s'", name);
}

/* ---- journal ---- */

static void journal_hash(str previous, str at, str action, str detail, char out[SHA256_HEX])
{
    struct sha256 h;
    sha256_init(&h);
    const str parts[] = {previous, at, action, detail};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        char length[24]; /* lengths keep neighbors apart */
        snprintf(length, sizeof length, "%zu:", parts[i].n);
        sha256_add(&h, str_of(length));
        sha256_add(&h, parts[i]);
    }
    sha256_end(&h, out);
}

bool journal_append(struct db *d, int64_t now, str action, str detail, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct db_stmt *last = db_prepare(d, "SELECT hash FROM journal ORDER BY id DESC LIMIT 1");
    str previous = db_step(last) ? db_get_text(&a, last, 0) : STR_NONE;
    bool ok = db_done(last, e);
    if (ok) {
        char at[TIME_TEXT], hash[SHA256_HEX];
        moment_text(now, at);
        journal_hash(previous, str_of(at), action, detail, hash);
        struct db_stmt *s = db_prepare(
            d, "INSERT INTO journal (at, action, detail, previous, hash) VALUES (?, ?, ?, ?, ?)");
        db_text(s, 1, str_of(at));
        db_text(s, 2, action);
        db_text(s, 3, detail);
        db_text(s, 4, previous);
        db_text(s, 5, str_of(hash));
        ok = db_run(s, e);
    }
    arena_release(&a);
    return ok;
}

bool book_journal(struct book *b, struct arena *a, struct journal_entry **ret, size_t *ret_n,
                  struct err *e)
{
    struct journal_entry *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(b->db, "SELECT id, at, action, detail, hash FROM journal"
                                          " ORDER BY id");
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        items[n++] = (struct journal_entry){db_get_int(s, 0), db_get_text(a, s, 1),
                                            db_get_text(a, s, 2), db_get_text(a, s, 3),
                                            db_get_text(a, s, 4)};
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

static bool verify_journal(struct book *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct journal_entry *items;
    size_t n;
    bool ok = book_journal(b, &a, &items, &n, e);
    str previous = STR_NONE;
    for (size_t i = 0; ok && i < n; i++) {
        char hash[SHA256_HEX];
        journal_hash(previous, items[i].at, items[i].action, items[i].detail, hash);
        if (!str_eq(items[i].hash, str_of(hash)))
            ok = err_set(e, ERR_FAILED, "journal entry %lld of book '%.*s' was changed afterwards",
                         (long long)items[i].id, FMT(b->dir));
        previous = items[i].hash;
    }
    arena_release(&a);
    return ok;
}

/* ---- prices and rates ---- */

static bool add_source(struct book *b, const struct list_source *from, struct err *e)
{
    char taken[DATE_TEXT];
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO price_list_source (list, format, taken, sha256) VALUES (?, ?, ?, ?)");
    db_int(s, 1, db_last_id(b->db));
    db_text(s, 2, from->format);
    db_text(s, 3, date_format(from->taken, taken));
    db_text(s, 4, from->sha256);
    return db_run(s, e);
}

static bool add_list(struct book *b, bool rates, str name, const currency *base, str content,
                     const struct list_source *from, int64_t now, bool *ret_new, struct err *e)
{
    char sha[SHA256_HEX], at[TIME_TEXT];
    struct arena a = ARENA_INIT;
    sha256_of(content, sha);
    moment_text(now, at);
    struct db_stmt *find =
        db_prepare(b->db, rates ? "SELECT 1 FROM rate_list WHERE sha256 = ? AND base = ?"
                                : "SELECT 1 FROM price_list WHERE sha256 = ?");
    db_text(find, 1, str_of(sha));
    if (rates)
        db_text(find, 2, currency_str(base));
    bool there = db_step(find);
    bool ok = db_done(find, e);
    if (ok && !there) {
        ok = db_begin(b->db, e);
        if (ok) {
            struct db_stmt *s = db_prepare(
                b->db, rates ? "INSERT INTO rate_list (at, name, sha256, content, base)"
                               " VALUES (?, ?, ?, ?, ?)"
                             : "INSERT INTO price_list (at, name, sha256, content)"
                               " VALUES (?, ?, ?, ?)");
            db_text(s, 1, str_of(at));
            db_text(s, 2, name);
            db_text(s, 3, str_of(sha));
            db_text(s, 4, content);
            if (rates)
                db_text(s, 5, currency_str(base));
            str detail = str_fmt(&a, "%.*s sha256 %s", FMT(name), sha);
            ok = db_run(s, e) && (!from || add_source(b, from, e)) &&
                 journal_append(b->db, now, rates ? S("rates") : S("prices"), detail, e) &&
                 db_commit(b->db, e);
        }
        if (!ok)
            db_rollback(b->db);
    }
    arena_release(&a);
    if (ok)
        *ret_new = !there;
    return ok;
}

bool book_add_prices(struct book *b, str name, str content, int64_t now, bool *ret_new,
                     struct err *e)
{
    return add_list(b, false, name, NULL, content, NULL, now, ret_new, e);
}

bool book_add_price_list(struct book *b, str name, str content, const struct list_source *from,
                         int64_t now, bool *ret_new, struct err *e)
{
    struct db_stmt *find = db_prepare(b->db, "SELECT 1 FROM price_list_source WHERE sha256 = ?");
    db_text(find, 1, from->sha256);
    bool there = db_step(find);
    if (!db_done(find, e))
        return false;
    if (!there)
        return add_list(b, false, name, NULL, content, from, now, ret_new, e);
    *ret_new = false;
    return true;
}

bool book_add_rates(struct book *b, str name, currency base, str content, int64_t now,
                    bool *ret_new, struct err *e)
{
    return add_list(b, true, name, &base, content, NULL, now, ret_new, e);
}

static bool get_lists(struct book *b, const char *sql, bool rates, struct arena *a,
                      struct stored_list **ret, size_t *ret_n, struct err *e)
{
    struct stored_list *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(b->db, sql);
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        struct stored_list *l = &items[n++];
        *l = (struct stored_list){.id = db_get_int(s, 0),
                                  .at = db_get_text(a, s, 1),
                                  .name = db_get_text(a, s, 2),
                                  .content = db_get_text(a, s, 3)};
        if (rates)
            BUG_IF(!currency_parse(db_get_text(a, s, 4), &l->base)); /* written by book_add_rates */
        else if (!db_is_null(s, 4))
            l->format = db_get_text(a, s, 4);
        l->taken = DAY_NONE;
        if (!rates && !db_is_null(s, 5))
            BUG_IF(!date_parse(db_get_text(a, s, 5), DATE_MDY, &l->taken));
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

bool book_prices(struct book *b, struct arena *a, struct stored_list **ret, size_t *ret_n,
                 struct err *e)
{
    return get_lists(b, "SELECT p.id, p.at, p.name, p.content, s.format, s.taken FROM price_list p"
                        " LEFT JOIN price_list_source s ON s.list = p.id ORDER BY p.id",
                     false, a, ret, ret_n, e);
}

bool book_rates(struct book *b, struct arena *a, struct stored_list **ret, size_t *ret_n,
                struct err *e)
{
    return get_lists(b, "SELECT id, at, name, content, base FROM rate_list ORDER BY id", true, a,
                     ret, ret_n, e);
}

/* ---- closed months ---- */

bool book_close_month(struct book *b, month m, bool closed, str note, int64_t now, struct err *e)
{
    char text[MONTH_TEXT], at[TIME_TEXT];
    month_format(m, text);
    moment_text(now, at);
    if (!db_begin(b->db, e))
        return false;
    struct db_stmt *s = db_prepare(
        b->db, closed ? "INSERT INTO closed_month (month, at, note) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (month) DO NOTHING"
                      : "DELETE FROM closed_month WHERE month = ?1 AND ?2 = ?2 AND ?3 IS ?3");
    db_text(s, 1, str_of(text));
    db_text(s, 2, str_of(at));
    db_text_or_null(s, 3, note);
    struct arena a = ARENA_INIT;
    str detail = str_fmt(&a, "%s %.*s", text, FMT(note));
    bool ok = db_run(s, e) &&
              journal_append(b->db, now, closed ? S("close") : S("reopen"), detail, e) &&
              db_commit(b->db, e);
    arena_release(&a);
    if (!ok)
        db_rollback(b->db);
    return ok;
}

bool book_closed_months(struct book *b, struct arena *a, month **ret, size_t *ret_n, struct err *e)
{
    month *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(b->db, "SELECT month FROM closed_month ORDER BY month");
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        if (month_parse(db_get_text(a, s, 0), &items[n]))
            n++;
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

/* ---- safety ---- */

static bool verify_part(struct book *b, const struct book_part *p, bool digests, struct err *e)
{
    struct arena a = ARENA_INIT;
    bool ok = true;
    static const char *const endings[] = {"parquet", "cube.parquet"};
    for (int i = 0; ok && i < 2; i++) {
        str path = path_join(&a, b->ledger_dir,
                             str_fmt(&a, "%.*s.%s", FMT(p->ref.name), endings[i]));
        const char *expected = i ? p->info.cube_sha256 : p->info.sha256;
        char found[SHA256_HEX];
        if (!file_exists(path))
            ok = err_set(e, ERR_FAILED, "part '%.*s' of import %lld is missing", FMT(path),
                         (long long)p->ref.import);
        else if (digests && !sha256_file(path, found, e))
            ok = false;
        else if (digests && strcmp(found, expected) != 0)
            ok =
                err_set(e, ERR_FAILED, "part '%.*s' of import %lld was changed: its digest differs",
                        FMT(path), (long long)p->ref.import);
        if (!ok && e->kind == ERR_FAILED)
            err_hint(e, "Restore the ledger folder from a backup.");
    }
    arena_release(&a);
    return ok;
}

bool book_verify(struct book *b, bool digests, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct book_part *parts;
    size_t n;
    bool ok = db_integrity(b->db, e) && verify_journal(b, e) &&
              book_parts(b, false, &a, &parts, &n, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = verify_part(b, &parts[i], digests, e);
    arena_release(&a);
    return ok;
}

bool book_backup(struct book *b, str to_dir, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct book_part *parts = NULL;
    size_t n = 0;
    bool ok = !dir_exists(to_dir) ||
              err_set(e, ERR_FAILED, "'%.*s' already exists", FMT(to_dir));
    str ledger = path_join(&a, to_dir, S("ledger"));
    /* the parts listed in the copy are immutable, so the order "database first" is consistent */
    ok = ok && dir_make(to_dir, e) && dir_make(ledger, e) &&
         db_backup(b->db, db_path(&a, to_dir), e) && book_parts(b, true, &a, &parts, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        static const char *const endings[] = {"parquet", "cube.parquet"};
        for (int k = 0; ok && k < 2; k++) {
            str name = str_fmt(&a, "%.*s.%s", FMT(parts[i].ref.name), endings[k]);
            str from = path_join(&a, b->ledger_dir, name);
            if (file_exists(from))
                ok = file_copy(from, path_join(&a, ledger, name), e);
        }
    }
    struct names names = {0};
    ok = ok && dir_list(&a, b->dir, &names, e);
    for (size_t i = 0; ok && i < names.n; i++)
        if (str_ends(names.items[i], S(".yaml")))
            ok = file_copy(path_join(&a, b->dir, names.items[i]),
                           path_join(&a, to_dir, names.items[i]), e);
    arena_release(&a);
    return ok;
}
