/* book_reconcile.c - invoices and settlements in the book. */
#include "store/book_reconcile.h"

#include "store/book_int.h"

static dec dec_of(str s)
{
    dec v;
    return s.n && dec_parse(s, &v) == DEC_OK ? v : DEC_NULL;
}

/* ---- invoices ---- */

static bool same_invoice(const struct invoice *x, const struct invoice *y)
{
    return x->period == y->period && x->amount == y->amount && x->tax == y->tax &&
           currency_eq(x->currency, y->currency);
}

static bool find_invoice(struct book *b, const struct invoice *x, bool *ret_there, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct invoice old = {0};
    struct db_stmt *s = db_prepare(
        b->db, "SELECT period, amount, tax, currency FROM invoice WHERE party = ? AND number = ?");
    db_text(s, 1, x->party);
    db_text(s, 2, x->number);
    bool there = db_step(s), same = false;
    if (there) {
        BUG_IF(!month_parse(db_get_text(&a, s, 0), &old.period) ||
               !currency_parse(db_get_text(&a, s, 3), &old.currency));
        old.amount = dec_of(db_get_text(&a, s, 1));
        old.tax = dec_of(db_get_text(&a, s, 2));
        same = same_invoice(&old, x);
    }
    bool ok = db_done(s, e);
    if (ok && there && !same) {
        char text[DEC_TEXT];
        ok = err_set(e, ERR_INVALID,
                     "%.*s:%llu: the book holds invoice '%.*s' of '%.*s' with another amount, tax, "
                     "month or currency (%s %s)",
                     FMT(x->file), (unsigned long long)x->line, FMT(x->number), FMT(x->provider),
                     old.currency.code, dec_format(old.amount, text).p);
        err_hint(e, "Take it out first: outlay reconcile invoices --remove '%.*s:%.*s'",
                 FMT(x->provider), FMT(x->number));
    }
    arena_release(&a);
    *ret_there = there;
    return ok;
}

static bool add_invoice(struct book *b, const struct invoice *x, int64_t now, struct err *e)
{
    char at[TIME_TEXT], period[MONTH_TEXT], date[DATE_TEXT], amount[DEC_TEXT], tax[DEC_TEXT];
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO invoice (at, file, line, provider, party, period, number, day, amount,"
               " tax, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_text(s, 1, moment_text(now, at));
    db_text(s, 2, x->file);
    db_int(s, 3, (int64_t)x->line);
    db_text(s, 4, x->provider);
    db_text(s, 5, x->party);
    db_text(s, 6, month_format(x->period, period));
    db_text(s, 7, x->number);
    db_text_or_null(s, 8, x->day == DAY_NONE ? STR_NONE : date_format(x->day, date));
    db_text(s, 9, dec_format(x->amount, amount));
    db_text_or_null(s, 10, dec_format(x->tax, tax));
    db_text(s, 11, currency_str(&x->currency));
    return db_run(s, e);
}

bool book_add_invoices(struct book *b, const struct invoice *items, size_t n, int64_t now,
                       size_t *ret_new, struct err *e)
{
    size_t added = 0;
    if (!db_begin(b->db, e))
        return false;
    bool ok = true, there;
    for (size_t i = 0; ok && i < n; i++) {
        ok = find_invoice(b, &items[i], &there, e) && (there || add_invoice(b, &items[i], now, e));
        added += ok && !there;
    }
    struct arena a = ARENA_INIT;
    if (ok && added) {
        str detail = str_fmt(&a, "%zu of %.*s", added, FMT(items[0].file));
        ok = journal_append(b->db, now, S("invoices"), detail, e);
    }
    ok = ok && db_commit(b->db, e);
    arena_release(&a);
    if (!ok)
        db_rollback(b->db);
    else
        *ret_new = added;
    return ok;
}

bool book_invoices(struct book *b, struct arena *a, struct invoice **ret, size_t *ret_n,
                   struct err *e)
{
    struct invoice *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(
        b->db, "SELECT id, file, line, provider, party, period, number, day, amount, tax, currency"
               " FROM invoice ORDER BY party, period, number");
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        struct invoice *x = &items[n++];
        *x = (struct invoice){.id = db_get_int(s, 0),
                              .file = db_get_text(a, s, 1),
                              .line = (uint64_t)db_get_int(s, 2),
                              .provider = db_get_text(a, s, 3),
                              .party = db_get_text(a, s, 4),
                              .number = db_get_text(a, s, 6),
                              .day = DAY_NONE,
                              .amount = dec_of(db_get_text(a, s, 8)),
                              .tax = dec_of(db_get_text(a, s, 9))};
        BUG_IF(!month_parse(db_get_text(a, s, 5), &x->period) ||
               !currency_parse(db_get_text(a, s, 10), &x->currency));
        str date = db_get_text(a, s, 7);
        BUG_IF(date.n && !date_parse(date, DATE_MDY, &x->day));
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

bool book_remove_invoice(struct book *b, str party, str number, int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct db_stmt *find =
        db_prepare(b->db, "SELECT 1 FROM invoice WHERE party = ? AND number = ?");
    db_text(find, 1, party);
    db_text(find, 2, number);
    bool there = db_step(find), ok = db_done(find, e);
    if (ok && !there) {
        ok = err_set(e, ERR_FAILED, "the book holds no invoice '%.*s' of '%.*s'", FMT(number),
                     FMT(party));
        err_hint(e, "'outlay reconcile invoices' lists them.");
    }
    if (ok && (ok = db_begin(b->db, e))) {
        struct db_stmt *s = db_prepare(b->db, "DELETE FROM invoice WHERE party = ? AND number = ?");
        db_text(s, 1, party);
        db_text(s, 2, number);
        ok = db_run(s, e) &&
             journal_append(b->db, now, S("invoice removed"),
                            str_fmt(&a, "%.*s %.*s", FMT(party), FMT(number)), e) &&
             db_commit(b->db, e);
        if (!ok)
            db_rollback(b->db);
    }
    arena_release(&a);
    return ok;
}

/* ---- settlements ---- */

static bool add_row(struct book *b, const char *sql, int64_t id, const struct row_place *p,
                    struct err *e)
{
    struct db_stmt *s = db_prepare(b->db, sql);
    db_int(s, 1, p->import);
    db_int(s, 2, p->file);
    db_int(s, 3, (int64_t)p->row);
    if (id)
        db_int(s, 4, id);
    return db_run(s, e);
}

static bool add_settlement(struct book *b, struct settlement *x, int64_t now, struct err *e)
{
    char at[TIME_TEXT], period[MONTH_TEXT], amount[DEC_TEXT], billed[DEC_TEXT];
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO settlement (at, by_hand, party, provider, period, amount, billed,"
               " currency, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_text(s, 1, moment_text(now, at));
    db_int(s, 2, x->by_hand);
    db_text(s, 3, x->party);
    db_text(s, 4, x->provider);
    db_text(s, 5, month_format(x->period, period));
    db_text(s, 6, dec_format(x->amount, amount));
    db_text_or_null(s, 7, dec_format(x->billed, billed));
    db_text(s, 8, currency_str(&x->currency));
    db_text(s, 9, x->why);
    if (!db_run(s, e))
        return false;
    x->id = db_last_id(b->db);
    for (size_t i = 0; i < x->n_rows; i++)
        if (!add_row(b,
                     "INSERT INTO settlement_row (import, file, row, settlement)"
                     " VALUES (?, ?, ?, ?)",
                     x->id, &x->rows[i], e))
            return false;
    return true;
}

bool book_settle(struct book *b, struct settlement *items, size_t n, int64_t now, struct err *e)
{
    if (!n)
        return true;
    if (!db_begin(b->db, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = add_settlement(b, &items[i], now, e);
    struct arena a = ARENA_INIT;
    ok = ok &&
         journal_append(b->db, now, S("reconcile match"),
                        str_fmt(&a, "%zu, %lld to %lld", n, (long long)items[0].id,
                                (long long)items[n - 1].id),
                        e) &&
         db_commit(b->db, e);
    arena_release(&a);
    if (!ok)
        db_rollback(b->db);
    return ok;
}

bool book_settlements(struct book *b, bool undone, struct arena *a, struct settlement **ret,
                      size_t *ret_n, struct err *e)
{
    struct settlement *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(
        b->db, "SELECT s.id, s.at, s.by_hand, s.party, s.provider, s.period, s.amount, s.billed,"
               " s.currency, s.why, s.undone_at IS NOT NULL, r.import, r.file, r.row"
               " FROM settlement s JOIN settlement_row r ON r.settlement = s.id"
               " WHERE ? OR s.undone_at IS NULL ORDER BY s.id, r.import, r.file, r.row");
    db_int(s, 1, undone);
    size_t cap_rows = 0;
    while (db_step(s)) {
        int64_t id = db_get_int(s, 0);
        if (!n || items[n - 1].id != id) {
            items = arena_grow(a, items, sizeof *items, &cap, n + 1);
            struct settlement *x = &items[n++];
            *x = (struct settlement){.id = id,
                                     .at = db_get_text(a, s, 1),
                                     .by_hand = db_get_int(s, 2) != 0,
                                     .party = db_get_text(a, s, 3),
                                     .provider = db_get_text(a, s, 4),
                                     .amount = dec_of(db_get_text(a, s, 6)),
                                     .billed = dec_of(db_get_text(a, s, 7)),
                                     .why = db_get_text(a, s, 9),
                                     .undone = db_get_int(s, 10) != 0};
            BUG_IF(!month_parse(db_get_text(a, s, 5), &x->period) ||
                   !currency_parse(db_get_text(a, s, 8), &x->currency));
            cap_rows = 0;
        }
        struct settlement *x = &items[n - 1];
        x->rows = arena_grow(a, x->rows, sizeof *x->rows, &cap_rows, x->n_rows + 1);
        x->rows[x->n_rows++] = (struct row_place){db_get_int(s, 11), (uint32_t)db_get_int(s, 12),
                                                  (uint64_t)db_get_int(s, 13)};
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}

static bool undo(struct book *b, int64_t id, int64_t now, struct err *e)
{
    char moment[TIME_TEXT];
    struct db_stmt *s = db_prepare(b->db, "UPDATE settlement SET undone_at = ? WHERE id = ?");
    db_text(s, 1, moment_text(now, moment));
    db_int(s, 2, id);
    return db_run(s, e);
}

bool book_dissolve(struct book *b, const struct settlement *items, size_t n, int64_t now,
                   struct err *e)
{
    if (!n)
        return true;
    if (!db_begin(b->db, e))
        return false;
    struct arena a = ARENA_INIT;
    str detail = STR_NONE;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = undo(b, items[i].id, now, e);
        detail = str_fmt(&a, "%.*s%s%lld", FMT(detail), i ? ", " : "", (long long)items[i].id);
    }
    ok = ok && journal_append(b->db, now, S("reconcile dissolve"), detail, e) &&
         db_commit(b->db, e);
    arena_release(&a);
    if (!ok)
        db_rollback(b->db);
    return ok;
}

bool book_unsettle(struct book *b, int64_t id, int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct settlement *items;
    size_t n, at = 0;
    bool ok = book_settlements(b, false, &a, &items, &n, e);
    while (ok && at < n && items[at].id != id)
        at++;
    if (ok && at == n) {
        ok = err_set(e, ERR_FAILED, "there is no match %lld that holds", (long long)id);
        err_hint(e, "'outlay reconcile matches' lists them.");
    }
    if (ok && (ok = db_begin(b->db, e))) {
        ok = undo(b, id, now, e);
        for (size_t i = 0; ok && i < items[at].n_rows; i++)
            ok = add_row(b,
                         "INSERT INTO settlement_never (import, file, row) VALUES (?, ?, ?)"
                         " ON CONFLICT DO NOTHING",
                         0, &items[at].rows[i], e);
        ok = ok &&
             journal_append(b->db, now, S("reconcile unmatch"), str_fmt(&a, "%lld", (long long)id),
                            e) &&
             db_commit(b->db, e);
        if (!ok)
            db_rollback(b->db);
    }
    arena_release(&a);
    return ok;
}

bool book_unmatchable(struct book *b, struct arena *a, struct row_place **ret, size_t *ret_n,
                      struct err *e)
{
    struct row_place *items = NULL;
    size_t n = 0, cap = 0;
    struct db_stmt *s = db_prepare(b->db, "SELECT import, file, row FROM settlement_never");
    while (db_step(s)) {
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        items[n++] = (struct row_place){db_get_int(s, 0), (uint32_t)db_get_int(s, 1),
                                        (uint64_t)db_get_int(s, 2)};
    }
    if (!db_done(s, e))
        return false;
    *ret = items;
    *ret_n = n;
    return true;
}
