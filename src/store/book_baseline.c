/* book_baseline.c - frozen plans in the book: written once, never changed. */
#include "store/book_baseline.h"

#include "store/book_rows.h"

const char *baseline_status_name(enum baseline_status s)
{
    return s == BASELINE_APPROVED ? "approved" : "requested";
}

void baseline_digest(const struct baseline *x, char out[SHA256_HEX])
{
    struct sha256 h;
    char months[24];
    snprintf(months, sizeof months, "%lld", (long long)x->months);
    const str head[] = {S("baseline 1"),  x->at,          str_of(baseline_status_name(x->status)),
                        x->by,            x->note,        x->name,
                        x->currency,      x->starts,      str_of(months),
                        x->total,         x->prices,      x->figures,
                        x->program};
    sha256_init(&h);
    for (size_t i = 0; i < ARRAY_LEN(head) + 2 * x->n_files; i++) {
        size_t k = i - MIN(i, ARRAY_LEN(head));
        str part = i < ARRAY_LEN(head) ? head[i]
                   : k % 2             ? x->files[k / 2].content
                                       : x->files[k / 2].path;
        char length[24]; /* lengths keep neighbors apart */
        snprintf(length, sizeof length, "%zu:", part.n);
        sha256_add(&h, str_of(length));
        sha256_add(&h, part);
    }
    sha256_end(&h, out);
}

/* ---- reading ---- */

static void read_head(struct arena *a, struct db_stmt *s, struct baseline *x)
{
    str status = db_get_text(a, s, 2);
    *x = (struct baseline){
        .id = db_get_int(s, 0),
        .at = db_get_text(a, s, 1),
        .status = str_eq(status, S("approved")) ? BASELINE_APPROVED : BASELINE_REQUESTED,
        .by = db_get_text(a, s, 3),
        .note = db_get_text(a, s, 4),
        .name = db_get_text(a, s, 5),
        .currency = db_get_text(a, s, 6),
        .starts = db_get_text(a, s, 7),
        .months = db_get_int(s, 8),
        .total = db_get_text(a, s, 9),
        .program = db_get_text(a, s, 10),
        .sha256 = db_get_text(a, s, 11),
        .reopened_at = db_get_text(a, s, 12),
        .reopened_by = db_get_text(a, s, 13),
        .reason = db_get_text(a, s, 14),
    };
}

bool book_baselines(struct book *b, struct arena *a, struct baseline **ret, size_t *ret_n,
                    struct err *e)
{
    struct baseline *x;
    struct rows r = rows_of(
        b, a, "baseline",
        "SELECT b.id, b.at, b.status, b.by_whom, b.note, b.name, b.currency, b.starts,"
        " b.months, b.total, b.program, b.sha256, r.at, r.by_whom, r.reason"
        " FROM baseline b LEFT JOIN baseline_reopened r ON r.baseline = b.id ORDER BY b.id",
        sizeof *x, e);
    while ((x = rows_next(&r)))
        read_head(a, r.s, x);
    return rows_end(&r, ret, ret_n, e);
}

static bool read_files(struct book *b, struct arena *a, struct baseline *to, struct err *e)
{
    struct baseline_file *x;
    struct rows r = rows_of(
        b, a, "baseline_file",
        "SELECT path, content FROM baseline_file WHERE baseline = ? ORDER BY number", sizeof *x, e);
    rows_key(&r, to->id);
    while ((x = rows_next(&r)))
        *x = (struct baseline_file){db_get_text(a, r.s, 0), db_get_text(a, r.s, 1)};
    return rows_end(&r, &to->files, &to->n_files, e);
}

static bool read_texts(struct book *b, struct arena *a, struct baseline *x, struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, "SELECT prices, figures FROM baseline WHERE id = ?");
    db_int(s, 1, x->id);
    if (db_step(s)) {
        x->prices = db_get_text(a, s, 0);
        x->figures = db_get_text(a, s, 1);
    }
    return db_done(s, e) && read_files(b, a, x, e);
}

static bool no_baseline(const struct book *b, int64_t id, size_t n, int64_t last, struct err *e)
{
    err_set(e, ERR_FAILED, "there is no baseline %lld in '%.*s'", (long long)id, FMT(b->dir));
    if (n == 0)
        return err_hint(e, "There is none yet: 'outlay approve' or 'outlay request' makes one.");
    return err_hint(e, "Baselines are 1 to %lld; 'outlay baselines' lists them.", (long long)last);
}

bool book_baseline(struct book *b, int64_t id, struct arena *a, struct baseline *ret, struct err *e)
{
    struct baseline *items;
    size_t n;
    if (!book_baselines(b, a, &items, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (items[i].id != id)
            continue;
        if (!read_texts(b, a, &items[i], e))
            return false;
        *ret = items[i];
        return true;
    }
    return no_baseline(b, id, n, n ? items[n - 1].id : 0, e);
}

/* ---- writing ---- */

static bool insert_files(struct book *b, const struct baseline *x, struct err *e)
{
    for (size_t i = 0; i < x->n_files; i++) {
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO baseline_file (baseline, number, path, content)"
                   " VALUES (?, ?, ?, ?)");
        db_int(s, 1, x->id);
        db_int(s, 2, (int64_t)i + 1);
        db_text(s, 3, x->files[i].path);
        db_text(s, 4, x->files[i].content);
        if (!db_run(s, e))
            return false;
    }
    return true;
}

static bool insert_head(struct book *b, const struct baseline *x, struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db,
        "INSERT INTO baseline (id, at, status, by_whom, note, name, currency, starts, months,"
        " total, prices, figures, program, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const str texts[] = {x->at,   str_of(baseline_status_name(x->status)),
                         x->by,   x->note, x->name, x->currency, x->starts};
    db_int(s, 1, x->id);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        db_text(s, (int)i + 2, texts[i]);
    db_int(s, 9, x->months);
    const str rest[] = {x->total, x->prices, x->figures, x->program, x->sha256};
    for (size_t i = 0; i < ARRAY_LEN(rest); i++)
        db_text(s, (int)i + 10, rest[i]);
    return db_run(s, e);
}

/* Within a transaction: the next number, and whether an approved baseline stands. */
static bool next_number(struct book *b, bool approve, int64_t *ret, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct baseline *items;
    size_t n;
    bool ok = book_baselines(b, &a, &items, &n, e);
    for (size_t i = 0; ok && approve && i < n; i++) {
        if (items[i].status != BASELINE_APPROVED || items[i].reopened_at.n)
            continue;
        ok = err_set(e, ERR_FAILED, "baseline %lld is approved and stands since %.*s",
                     (long long)items[i].id, FMT(items[i].at));
        err_hint(e, "Reopen it first: 'outlay reopen %lld --reason TEXT'.",
                 (long long)items[i].id);
    }
    if (ok)
        *ret = n ? items[n - 1].id + 1 : 1;
    arena_release(&a);
    return ok;
}

static str journal_detail(struct arena *a, const struct baseline *x)
{
    return str_fmt(a, "baseline %lld sha256 %.*s", (long long)x->id, FMT(x->sha256));
}

bool book_add_baseline(struct book *b, const struct baseline *given, int64_t now, int64_t *ret_id,
                       struct err *e)
{
    struct arena a = ARENA_INIT;
    struct baseline x = *given;
    char at[TIME_TEXT], sha[SHA256_HEX];
    x.at = moment_text(now, at);
    x.program = S(OUTLAY_VERSION);
    baseline_digest(&x, sha);
    x.sha256 = str_of(sha);
    bool ok = db_begin(b->db, e);
    bool began = ok;
    ok = ok && next_number(b, x.status == BASELINE_APPROVED, &x.id, e) && insert_files(b, &x, e) &&
         insert_head(b, &x, e) &&
         journal_append(b->db, now, x.status == BASELINE_APPROVED ? S("approve") : S("request"),
                        journal_detail(&a, &x), e) &&
         db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    if (ok)
        *ret_id = x.id;
    return ok;
}

static bool can_reopen(const struct baseline *x, struct err *e)
{
    if (x->status != BASELINE_APPROVED) {
        err_set(e, ERR_FAILED, "baseline %lld was requested, not approved", (long long)x->id);
        return err_hint(e, "Only an approved baseline is reopened; a request changes nothing.");
    }
    return !x->reopened_at.n ||
           err_set(e, ERR_FAILED, "baseline %lld was reopened on %.*s: %.*s", (long long)x->id,
                   FMT(x->reopened_at), FMT(x->reason));
}

bool book_reopen(struct book *b, int64_t id, str by, str reason, int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct baseline x;
    char at[TIME_TEXT];
    bool ok = db_begin(b->db, e);
    bool began = ok;
    ok = ok && book_baseline(b, id, &a, &x, e) && can_reopen(&x, e);
    if (ok) {
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO baseline_reopened (baseline, at, by_whom, reason)"
                   " VALUES (?, ?, ?, ?)");
        db_int(s, 1, id);
        db_text(s, 2, moment_text(now, at));
        db_text(s, 3, by);
        db_text(s, 4, reason);
        str detail = str_fmt(&a, "baseline %lld by '%.*s': %.*s", (long long)id, FMT(by),
                             FMT(reason));
        ok = db_run(s, e) && journal_append(b->db, now, S("reopen"), detail, e) &&
             db_commit(b->db, e);
    }
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    return ok;
}

/* ---- proof ---- */

static bool in_journal(const struct journal_entry *entries, size_t n, str action, str detail)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(entries[i].action, action) && str_eq(entries[i].detail, detail))
            return true;
    return false;
}

static bool verify_one(struct book *b, struct arena *a, struct baseline *x,
                       const struct journal_entry *entries, size_t n, struct err *e)
{
    char sha[SHA256_HEX];
    if (!read_texts(b, a, x, e))
        return false;
    baseline_digest(x, sha);
    if (!str_eq(x->sha256, str_of(sha)))
        return err_set(e, ERR_FAILED, "baseline %lld was changed afterwards: its digest differs",
                       (long long)x->id);
    str action = x->status == BASELINE_APPROVED ? S("approve") : S("request");
    if (!in_journal(entries, n, action, journal_detail(a, x)))
        return err_set(e, ERR_FAILED,
                       "baseline %lld was changed afterwards: the journal has another digest",
                       (long long)x->id);
    str detail = str_fmt(a, "baseline %lld by '%.*s': %.*s", (long long)x->id, FMT(x->reopened_by),
                         FMT(x->reason));
    return !x->reopened_at.n || in_journal(entries, n, S("reopen"), detail) ||
           err_set(e, ERR_FAILED, "the reopening of baseline %lld was changed afterwards",
                   (long long)x->id);
}

/* What the journal knows is there, still. */
static bool verify_none_missing(const struct journal_entry *entries, size_t n,
                                const struct baseline *items, size_t n_items, struct err *e)
{
    size_t made = 0, reopened = 0, reopened_here = 0;
    for (size_t i = 0; i < n; i++) {
        str action = entries[i].action;
        made += str_eq(action, S("approve")) || str_eq(action, S("request"));
        reopened += str_eq(action, S("reopen"));
    }
    for (size_t i = 0; i < n_items; i++)
        reopened_here += items[i].reopened_at.n > 0;
    if (made != n_items)
        return err_set(e, ERR_FAILED, "the journal knows %zu baselines, the book holds %zu", made,
                       n_items);
    return reopened == reopened_here ||
           err_set(e, ERR_FAILED, "the journal knows %zu reopenings, the book holds %zu", reopened,
                   reopened_here);
}

bool book_verify_baselines(struct book *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct journal_entry *entries;
    struct baseline *items;
    size_t n, n_items;
    bool ok = book_journal(b, &a, &entries, &n, e) && book_baselines(b, &a, &items, &n_items, e);
    for (size_t i = 0; ok && i < n_items; i++)
        ok = verify_one(b, &a, &items[i], entries, n, e);
    ok = ok && verify_none_missing(entries, n, items, n_items, e);
    arena_release(&a);
    return ok;
}
