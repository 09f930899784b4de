/* book_track.c - transfers, commitments, explanations and their actions. */
#include "store/book_track_int.h"

/* ---- shared ---- */

void track_month(struct db_stmt *s, int index, month m)
{
    char text[MONTH_TEXT];
    db_text(s, index, m == MONTH_NONE ? S("") : month_format(m, text));
}

void track_amount(struct db_stmt *s, int index, dec v)
{
    char text[DEC_TEXT];
    if (dec_is_null(v))
        db_null(s, index);
    else
        db_text(s, index, dec_format(v, text));
}

month track_get_month(struct arena *a, struct db_stmt *s, int column)
{
    month m;
    return month_parse(db_get_text(a, s, column), &m) ? m : MONTH_NONE;
}

dec track_get_amount(struct arena *a, struct db_stmt *s, int column)
{
    dec v;
    return dec_parse(db_get_text(a, s, column), &v) == DEC_OK ? v : DEC_NULL;
}

enum track_level track_get_level(struct arena *a, struct db_stmt *s, int column)
{
    str name = db_get_text(a, s, column);
    for (int i = TRACK_TOTAL; i < TRACK_LINE; i++)
        if (str_eq(name, str_of(track_level_name((enum track_level)i))))
            return (enum track_level)i;
    return TRACK_LINE;
}

/* Text that stays until the statement ran. */
static str month_str(struct arena *a, month m)
{
    char text[MONTH_TEXT];
    return str_dup(a, month_format(m, text));
}

static str amount_str(struct arena *a, dec v)
{
    char text[DEC_TEXT];
    return str_dup(a, dec_format(v, text));
}

static void texts(struct db_stmt *s, const str *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        db_text(s, (int)i + 1, values[i]);
}

/* Runs an INSERT of texts and journals it: one transaction. `after` may add rows of its own. */
struct entry {
    const char *sql;
    const str *values;
    size_t n;
    str action, detail; /* of the journal; "N: " goes in front of the detail */
    bool (*after)(struct book *b, int64_t id, const void *ctx, struct err *e);
    const void *ctx;
};

static bool write_entry(struct book *b, const struct entry *x, int64_t now, int64_t *ret_id,
                        struct err *e)
{
    struct arena a = ARENA_INIT;
    bool ok = db_begin(b->db, e), began = ok;
    if (ok) {
        struct db_stmt *s = db_prepare(b->db, x->sql);
        texts(s, x->values, x->n);
        ok = db_run(s, e);
    }
    int64_t id = ok ? db_last_id(b->db) : 0;
    ok = ok && (!x->after || x->after(b, id, x->ctx, e)) &&
         journal_append(b->db, now, x->action,
                        str_fmt(&a, "%lld: %.*s", (long long)id, FMT(x->detail)), e) &&
         db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    if (ok)
        *ret_id = id;
    return ok;
}

static bool closed_quarter(struct book *b, month m, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct review *all;
    size_t n;
    bool ok = book_reviews(b, &a, &all, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        if (m < all[i].first || m > all[i].last)
            continue;
        ok = err_set(e, ERR_FAILED, "%.*s was closed on %.*s", FMT(all[i].label), FMT(all[i].at));
        err_hint(e, "What it was closed with stays as it is; say the rest in the next quarter.");
    }
    arena_release(&a);
    return ok;
}

/* ---- transfers ---- */

bool book_add_transfer(struct book *b, const struct transfer *t, int64_t now, int64_t *ret_id,
                       struct err *e)
{
    struct arena a = ARENA_INIT;
    char at[TIME_TEXT];
    const str values[] = {moment_text(now, at), t->by, t->from, t->to, month_str(&a, t->month),
                          amount_str(&a, t->amount), t->note};
    const struct entry x = {
        "INSERT INTO transfer (at, by_whom, from_path, to_path, month, amount, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        values, ARRAY_LEN(values), S("transfer"),
        str_fmt(&a, "%.*s from %.*s to %.*s in %.*s by '%.*s': %.*s", FMT(values[5]), FMT(t->from),
                FMT(t->to), FMT(values[4]), FMT(t->by), FMT(t->note)), NULL, NULL};
    bool ok = closed_quarter(b, t->month, e) && write_entry(b, &x, now, ret_id, e);
    arena_release(&a);
    return ok;
}

bool book_transfers(struct book *b, struct arena *a, struct transfer **ret, size_t *ret_n,
                    struct err *e)
{
    struct transfer *x;
    struct rows r = rows_of(
        b, a, "transfer", "SELECT id, at, by_whom, from_path, to_path, note, month, amount"
                          " FROM transfer ORDER BY id", sizeof *x, e);
    while ((x = rows_next(&r)))
        *x = (struct transfer){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1), .by = db_get_text(a, r.s, 2),
            .from = db_get_text(a, r.s, 3), .to = db_get_text(a, r.s, 4),
            .note = db_get_text(a, r.s, 5), .month = track_get_month(a, r.s, 6),
            .amount = track_get_amount(a, r.s, 7)};
    return rows_end(&r, ret, ret_n, e);
}

/* ---- commitments ---- */

bool book_add_commitment(struct book *b, const struct commitment *c, int64_t now, int64_t *ret_id,
                         struct err *e)
{
    struct arena a = ARENA_INIT;
    char at[TIME_TEXT];
    const str values[] = {moment_text(now, at), c->by, c->path, amount_str(&a, c->amount),
                          month_str(&a, c->first), month_str(&a, c->last), c->note};
    const struct entry x = {
        "INSERT INTO commitment (at, by_whom, path, amount, first, last, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        values, ARRAY_LEN(values), S("commitment"),
        str_fmt(&a, "%.*s for %.*s, %.*s to %.*s, by '%.*s': %.*s", FMT(values[3]), FMT(c->path),
                FMT(values[4]), FMT(values[5]), FMT(c->by), FMT(c->note)), NULL, NULL};
    bool ok = write_entry(b, &x, now, ret_id, e);
    arena_release(&a);
    return ok;
}

bool book_commitments(struct book *b, struct arena *a, struct commitment **ret, size_t *ret_n,
                      struct err *e)
{
    struct commitment *x;
    struct rows r = rows_of(
        b, a, "commitment", "SELECT c.id, c.at, c.by_whom, c.path, c.note, c.first, c.last,"
                            " c.amount, x.at, x.why, x.note FROM commitment c"
                            " LEFT JOIN commitment_end x ON x.commitment = c.id ORDER BY c.id",
        sizeof *x, e);
    while ((x = rows_next(&r)))
        *x = (struct commitment){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1), .by = db_get_text(a, r.s, 2),
            .path = db_get_text(a, r.s, 3), .note = db_get_text(a, r.s, 4),
            .first = track_get_month(a, r.s, 5), .last = track_get_month(a, r.s, 6),
            .amount = track_get_amount(a, r.s, 7), .ended_at = db_get_text(a, r.s, 8),
            .ended_why = db_get_text(a, r.s, 9), .ended_note = db_get_text(a, r.s, 10)};
    return rows_end(&r, ret, ret_n, e);
}

bool book_end_commitment(struct book *b, int64_t id, bool billed, str note, int64_t now,
                         struct err *e)
{
    struct arena a = ARENA_INIT;
    struct commitment *all, *found = NULL;
    size_t n;
    char at[TIME_TEXT];
    int64_t ignored;
    bool ok = book_commitments(b, &a, &all, &n, e);
    for (size_t i = 0; ok && i < n; i++)
        if (all[i].id == id)
            found = &all[i];
    if (ok && !found)
        ok = err_set(e, ERR_FAILED, "there is no commitment %lld", (long long)id);
    if (ok && found->ended_at.n)
        ok = err_set(e, ERR_FAILED, "commitment %lld is %.*s since %.*s", (long long)id,
                     FMT(found->ended_why), FMT(found->ended_at));
    const str values[] = {str_fmt(&a, "%lld", (long long)id), moment_text(now, at),
                          billed ? S("billed") : S("canceled"), note};
    const struct entry x = {
        "INSERT INTO commitment_end (commitment, at, why, note)"
        " VALUES (CAST(? AS INTEGER), ?, ?, ?)",
        values, ARRAY_LEN(values), S("commitment ends"),
        str_fmt(&a, "%.*s: %.*s", FMT(values[2]), FMT(note)), NULL, NULL};
    ok = ok && write_entry(b, &x, now, &ignored, e);
    arena_release(&a);
    return ok;
}

/* ---- explanations ---- */

static bool add_action(struct book *b, int64_t id, const void *ctx, struct err *e)
{
    const struct explanation *x = ctx;
    if (!x->action_text.n)
        return true;
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO action (text, owner, due, explanation) VALUES (?, ?, ?, ?)");
    const str values[] = {x->action_text, x->owner, x->due};
    texts(s, values, ARRAY_LEN(values));
    db_int(s, 4, id);
    return db_run(s, e);
}

static bool whole(const struct explanation *x, struct err *e)
{
    const char *lacks = !str_trim(x->owner).n   ? "an owner"
                        : !str_trim(x->cause).n ? "a cause"
                        : !str_trim(x->text).n  ? "a text"
                                                : NULL;
    if (!lacks)
        return true;
    err_set(e, ERR_INVALID, "the explanation of '%.*s' lacks %s", FMT(x->path), lacks);
    return err_hint(e, "It needs --owner, --cause and --text.");
}

bool book_add_explanation(struct book *b, const struct explanation *given, int64_t now,
                          int64_t *ret_id, struct err *e)
{
    struct arena a = ARENA_INIT;
    char at[TIME_TEXT];
    const struct explanation *p = given;
    const str values[] = {moment_text(now, at), p->by, str_of(track_level_name(p->level)), p->path,
                          month_str(&a, p->first), month_str(&a, p->last), str_trim(p->owner),
                          str_trim(p->cause), str_trim(p->text)};
    const struct entry x = {
        "INSERT INTO explanation (at, by_whom, level, path, first, last, owner, cause, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values, ARRAY_LEN(values), S("explain"),
        str_fmt(&a, "%.*s %.*s, %.*s to %.*s: %.*s, owner '%.*s', by '%.*s': %.*s%s%.*s",
                FMT(values[2]), FMT(p->path), FMT(values[4]), FMT(values[5]), FMT(p->cause),
                FMT(p->owner), FMT(p->by), FMT(p->text), p->action_text.n ? "; action: " : "",
                FMT(p->action_text)),
        add_action, p};
    bool ok = whole(p, e) && closed_quarter(b, p->last, e) && write_entry(b, &x, now, ret_id, e);
    arena_release(&a);
    return ok;
}

bool book_explanations(struct book *b, struct arena *a, struct explanation **ret, size_t *ret_n,
                       struct err *e)
{
    struct explanation *x;
    struct rows r = rows_of(
        b, a, "explanation", "SELECT x.id, x.at, x.by_whom, x.level, x.path, x.first, x.last,"
                             " x.owner, x.cause, x.text, t.id, t.text, t.due, z.state, z.at, z.note"
                             " FROM explanation x LEFT JOIN action t ON t.explanation = x.id"
                             " LEFT JOIN action_end z ON z.action = t.id ORDER BY x.id",
        sizeof *x, e);
    while ((x = rows_next(&r))) {
        *x = (struct explanation){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1), .by = db_get_text(a, r.s, 2),
            .level = track_get_level(a, r.s, 3), .path = db_get_text(a, r.s, 4),
            .first = track_get_month(a, r.s, 5), .last = track_get_month(a, r.s, 6),
            .owner = db_get_text(a, r.s, 7), .cause = db_get_text(a, r.s, 8),
            .text = db_get_text(a, r.s, 9), .action = db_get_int(r.s, 10),
            .action_text = db_get_text(a, r.s, 11), .due = db_get_text(a, r.s, 12),
            .state = db_get_text(a, r.s, 13), .ended_at = db_get_text(a, r.s, 14),
            .ended_note = db_get_text(a, r.s, 15)};
        if (x->action && !x->state.n)
            x->state = S("open");
    }
    return rows_end(&r, ret, ret_n, e);
}

bool book_end_action(struct book *b, int64_t action, bool done, str by, str note, int64_t now,
                     struct err *e)
{
    struct arena a = ARENA_INIT;
    struct explanation *all, *found = NULL;
    size_t n;
    char at[TIME_TEXT];
    int64_t ignored;
    bool ok = book_explanations(b, &a, &all, &n, e);
    for (size_t i = 0; ok && i < n; i++)
        if (all[i].action == action)
            found = &all[i];
    if (ok && (!found || action <= 0))
        ok = err_set(e, ERR_FAILED, "there is no action %lld", (long long)action);
    if (ok && found->ended_at.n)
        ok = err_set(e, ERR_FAILED, "action %lld is %.*s since %.*s", (long long)action,
                     FMT(found->state), FMT(found->ended_at));
    const str values[] = {str_fmt(&a, "%lld", (long long)action), moment_text(now, at), by,
                          done ? S("done") : S("dropped"), note};
    const struct entry x = {
        "INSERT INTO action_end (action, at, by_whom, state, note)"
        " VALUES (CAST(? AS INTEGER), ?, ?, ?, ?)",
        values, ARRAY_LEN(values), S("action ends"),
        str_fmt(&a, "%.*s by '%.*s': %.*s", FMT(values[3]), FMT(by), FMT(note)), NULL, NULL};
    ok = ok && write_entry(b, &x, now, &ignored, e);
    arena_release(&a);
    return ok;
}
