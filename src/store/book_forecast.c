/* book_forecast.c - every forecast is kept as it was made, to be scored later. */
#include "store/book_track_int.h"

void track_hash(struct sha256 *h, str part)
{
    char length[24];
    snprintf(length, sizeof length, "%zu:", part.n);
    sha256_add(h, str_of(length));
    sha256_add(h, part);
}

void track_hash_amount(struct sha256 *h, dec v)
{
    char text[DEC_TEXT];
    track_hash(h, dec_format(v, text));
}

void track_hash_month(struct sha256 *h, month m)
{
    char text[MONTH_TEXT];
    track_hash(h, m == MONTH_NONE ? S("") : month_format(m, text));
}

static void digest(const struct stored_forecast *f, char out[SHA256_HEX])
{
    struct sha256 h;
    sha256_init(&h);
    const str head[] = {S("forecast 1"), f->at, f->currency, f->budget, f->program};
    for (size_t i = 0; i < ARRAY_LEN(head); i++)
        track_hash(&h, head[i]);
    track_hash_month(&h, f->first);
    track_hash_month(&h, f->last);
    track_hash_month(&h, f->through);
    for (size_t i = 0; i < f->n_rows; i++) {
        const struct forecast_row *r = &f->rows[i];
        const dec amounts[] = {r->actual, r->p10, r->p50, r->p90};
        track_hash(&h, str_of(track_level_name(r->level)));
        track_hash(&h, r->path);
        track_hash_month(&h, r->month);
        for (size_t k = 0; k < ARRAY_LEN(amounts); k++)
            track_hash_amount(&h, amounts[k]);
        track_hash(&h, r->model);
    }
    sha256_end(&h, out);
}

static bool insert_row(struct book *b, int64_t id, size_t number, const struct forecast_row *r,
                       struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO forecast_month (forecast, number, level, path, month, actual, p10, p50,"
               " p90, model) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_int(s, 1, id);
    db_int(s, 2, (int64_t)number);
    db_text(s, 3, str_of(track_level_name(r->level)));
    db_text(s, 4, r->path);
    if (r->month == MONTH_NONE)
        db_text(s, 5, S("year"));
    else
        track_month(s, 5, r->month);
    track_amount(s, 6, r->actual);
    track_amount(s, 7, r->p10);
    track_amount(s, 8, r->p50);
    track_amount(s, 9, r->p90);
    db_text(s, 10, r->model);
    return db_run(s, e);
}

static str detail_of(struct arena *a, int64_t id, str sha)
{
    return str_fmt(a, "forecast %lld sha256 %.*s", (long long)id, FMT(sha));
}

bool forecast_insert(struct book *b, const struct stored_forecast *given, int64_t now,
                     int64_t *ret_id, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct stored_forecast f = *given;
    char at[TIME_TEXT], sha[SHA256_HEX];
    f.at = moment_text(now, at);
    f.program = S(OUTLAY_VERSION);
    digest(&f, sha);
    struct db_stmt *last = db_prepare(b->db, "SELECT coalesce(max(id), 0) + 1 FROM forecast");
    f.id = db_step(last) ? db_get_int(last, 0) : 1;
    bool ok = db_done(last, e);
    for (size_t i = 0; ok && i < f.n_rows; i++)
        ok = insert_row(b, f.id, i + 1, &f.rows[i], e);
    if (ok) {
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO forecast (id, at, first, last, through, currency, budget, rows,"
                   " program, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        db_int(s, 1, f.id);
        db_text(s, 2, f.at);
        track_month(s, 3, f.first);
        track_month(s, 4, f.last);
        track_month(s, 5, f.through);
        db_text(s, 6, f.currency);
        db_text(s, 7, f.budget);
        db_int(s, 8, (int64_t)f.n_rows);
        db_text(s, 9, f.program);
        db_text(s, 10, str_of(sha));
        ok = db_run(s, e) &&
             journal_append(b->db, now, S("forecast"), detail_of(&a, f.id, str_of(sha)), e);
    }
    arena_release(&a);
    if (ok)
        *ret_id = f.id;
    return ok;
}

bool book_add_forecast(struct book *b, const struct stored_forecast *f, int64_t now,
                       int64_t *ret_id, struct err *e)
{
    int64_t id = 0;
    bool ok = db_begin(b->db, e), began = ok;
    ok = ok && forecast_insert(b, f, now, &id, e) && db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    if (ok)
        *ret_id = id;
    return ok;
}

bool book_forecasts(struct book *b, struct arena *a, struct stored_forecast **ret, size_t *ret_n,
                    struct err *e)
{
    struct stored_forecast *x;
    struct rows r = rows_of(
        b, a, "forecast", "SELECT id, at, first, last, through, currency, budget, rows, program,"
                          " sha256 FROM forecast ORDER BY id", sizeof *x, e);
    while ((x = rows_next(&r)))
        *x = (struct stored_forecast){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1),
            .first = track_get_month(a, r.s, 2), .last = track_get_month(a, r.s, 3),
            .through = track_get_month(a, r.s, 4), .currency = db_get_text(a, r.s, 5),
            .budget = db_get_text(a, r.s, 6), .n_rows = (size_t)db_get_int(r.s, 7),
            .program = db_get_text(a, r.s, 8), .sha256 = db_get_text(a, r.s, 9)};
    return rows_end(&r, ret, ret_n, e);
}

static bool read_rows(struct book *b, struct arena *a, struct stored_forecast *f, struct err *e)
{
    struct forecast_row *x;
    struct rows r = rows_of(
        b, a, "forecast_month", "SELECT level, path, month, actual, p10, p50, p90, model"
                                " FROM forecast_month WHERE forecast = ? ORDER BY number",
        sizeof *x, e);
    rows_key(&r, f->id);
    while ((x = rows_next(&r)))
        *x = (struct forecast_row){
            .level = track_get_level(a, r.s, 0), .path = db_get_text(a, r.s, 1),
            .month = track_get_month(a, r.s, 2), .actual = track_get_amount(a, r.s, 3),
            .p10 = track_get_amount(a, r.s, 4), .p50 = track_get_amount(a, r.s, 5),
            .p90 = track_get_amount(a, r.s, 6), .model = db_get_text(a, r.s, 7)};
    return rows_end(&r, &f->rows, &f->n_rows, e);
}

bool book_forecast(struct book *b, int64_t id, struct arena *a, struct stored_forecast *ret,
                   struct err *e)
{
    struct stored_forecast *all;
    size_t n;
    if (!book_forecasts(b, a, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (all[i].id != id)
            continue;
        if (!read_rows(b, a, &all[i], e))
            return false;
        *ret = all[i];
        return true;
    }
    err_set(e, ERR_FAILED, "there is no forecast %lld in '%.*s'", (long long)id, FMT(b->dir));
    return n ? err_hint(e, "Forecasts are 1 to %lld.", (long long)all[n - 1].id)
             : err_hint(e, "There is none yet: 'outlay forecast --keep' makes one.");
}

bool track_in_journal(const struct journal_entry *entries, size_t n, str action, str detail)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(entries[i].action, action) && str_eq(entries[i].detail, detail))
            return true;
    return false;
}

bool forecast_verify(struct book *b, const struct journal_entry *entries, size_t n, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct stored_forecast *all;
    size_t count;
    bool ok = book_forecasts(b, &a, &all, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        char sha[SHA256_HEX];
        ok = read_rows(b, &a, &all[i], e);
        digest(&all[i], sha);
        if (ok && (!str_eq(all[i].sha256, str_of(sha)) ||
                   !track_in_journal(entries, n, S("forecast"),
                                     detail_of(&a, all[i].id, all[i].sha256))))
            ok = err_set(e, ERR_FAILED, "forecast %lld was changed afterwards",
                         (long long)all[i].id);
    }
    arena_release(&a);
    return ok;
}
