/* book_value.c - what benefits really brought: measurements, their corrections, their proof. */
#include "store/book_value.h"

#include "store/book_track_int.h"

bool measurement_stands(const struct measurement *x)
{
    return !x->ended_at.n;
}

const struct measurement *measurement_of(const struct measurement *all, size_t n, str benefit,
                                         month m)
{
    for (size_t i = n; i-- > 0;)
        if (measurement_stands(&all[i]) && m >= all[i].first && m <= all[i].last &&
            str_eq(all[i].benefit, benefit))
            return &all[i];
    return NULL;
}

bool book_measurements(struct book *b, struct arena *a, struct measurement **ret, size_t *ret_n,
                       struct err *e)
{
    struct measurement *x;
    struct rows r = rows_of(
        b, a, "measurement",
        "SELECT m.id, m.at, m.by_whom, m.benefit, m.first, m.last, m.units, m.each, m.amount,"
        " m.currency, m.budget, m.reason, m.evidence, m.note, m.program, m.sha256, z.replaced_by,"
        " z.at, z.by_whom, z.why FROM measurement m"
        " LEFT JOIN measurement_end z ON z.measurement = m.id ORDER BY m.id", sizeof *x, e);
    while ((x = rows_next(&r)))
        *x = (struct measurement){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1), .by = db_get_text(a, r.s, 2),
            .benefit = db_get_text(a, r.s, 3), .first = track_get_month(a, r.s, 4),
            .last = track_get_month(a, r.s, 5), .units = track_get_amount(a, r.s, 6),
            .each = track_get_amount(a, r.s, 7), .amount = track_get_amount(a, r.s, 8),
            .currency = db_get_text(a, r.s, 9), .budget = db_get_text(a, r.s, 10),
            .reason = db_get_text(a, r.s, 11), .evidence = db_get_text(a, r.s, 12),
            .note = db_get_text(a, r.s, 13), .program = db_get_text(a, r.s, 14),
            .sha256 = db_get_text(a, r.s, 15), .replaced_by = db_get_int(r.s, 16),
            .ended_at = db_get_text(a, r.s, 17), .ended_by = db_get_text(a, r.s, 18),
            .ended_why = db_get_text(a, r.s, 19)};
    return rows_end(&r, ret, ret_n, e);
}

/* ---- what the journal says ---- */

static void digest(const struct measurement *x, char out[SHA256_HEX])
{
    struct sha256 h;
    sha256_init(&h);
    const str texts[] = {S("measurement 1"), x->at, x->by, x->benefit, x->currency, x->budget,
                         x->reason, x->evidence, x->note, x->program};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        track_hash(&h, texts[i]);
    track_hash_month(&h, x->first);
    track_hash_month(&h, x->last);
    track_hash_amount(&h, x->units);
    track_hash_amount(&h, x->each);
    track_hash_amount(&h, x->amount);
    sha256_end(&h, out);
}

/* `all`: with those that it replaces marked as such. */
static str detail_of(struct arena *a, const struct measurement *x, const struct measurement *all,
                     size_t n)
{
    char from[MONTH_TEXT], to[MONTH_TEXT], amount[DEC_TEXT];
    str what = dec_is_null(x->amount) ? str_fmt(a, "not measurable: %.*s", FMT(x->reason))
                                      : str_dup(a, dec_format(x->amount, amount));
    str detail = str_fmt(a, "%lld: %.*s, %.*s to %.*s, by '%.*s': %.*s", (long long)x->id,
                         FMT(x->benefit), FMT(month_format(x->first, from)),
                         FMT(month_format(x->last, to)), FMT(x->by), FMT(what));
    for (size_t i = 0; i < n; i++)
        if (all[i].replaced_by == x->id)
            detail = str_fmt(a, "%.*s, in place of %lld", FMT(detail), (long long)all[i].id);
    return str_fmt(a, "%.*s, sha256 %.*s", FMT(detail), FMT(x->sha256));
}

static str withdrawal_of(struct arena *a, int64_t id, str by, str why)
{
    return str_fmt(a, "%lld by '%.*s': %.*s", (long long)id, FMT(by), FMT(why));
}

/* ---- writing ---- */

static bool insert_end(struct book *b, int64_t id, str at, str by, int64_t replaced_by, str why,
                       struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO measurement_end (measurement, at, by_whom, replaced_by, why)"
               " VALUES (?, ?, ?, ?, ?)");
    db_int(s, 1, id);
    db_text(s, 2, at);
    db_text(s, 3, by);
    if (replaced_by)
        db_int(s, 4, replaced_by);
    else
        db_null(s, 4);
    db_text(s, 5, why);
    return db_run(s, e);
}

static bool insert(struct book *b, const struct measurement *x, struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO measurement (id, at, by_whom, benefit, first, last, units, each,"
               " amount, currency, budget, reason, evidence, note, program, sha256)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const str texts[] = {x->currency, x->budget, x->reason, x->evidence,
                         x->note, x->program, x->sha256};
    db_int(s, 1, x->id);
    db_text(s, 2, x->at);
    db_text(s, 3, x->by);
    db_text(s, 4, x->benefit);
    track_month(s, 5, x->first);
    track_month(s, 6, x->last);
    track_amount(s, 7, x->units);
    track_amount(s, 8, x->each);
    track_amount(s, 9, x->amount);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        db_text(s, (int)i + 10, texts[i]);
    return db_run(s, e);
}

static bool whole(const struct measurement *x, struct err *e)
{
    if (x->last < x->first)
        return err_set(e, ERR_INVALID, "the measurement of '%.*s' ends before it begins",
                       FMT(x->benefit));
    return dec_is_null(x->amount) == (x->reason.n > 0) ||
           err_set(e, ERR_INVALID, "the measurement of '%.*s' needs an amount, or a reason why "
                                   "there is none", FMT(x->benefit));
}

static bool cut_in_two(const struct measurement *old, struct err *e)
{
    char from[MONTH_TEXT], to[MONTH_TEXT];
    err_set(e, ERR_FAILED, "measurement %lld of '%.*s' speaks of %s to %s as a whole",
            (long long)old->id, FMT(old->benefit), (month_format_name(old->first, from), from),
            (month_format_name(old->last, to), to));
    return err_hint(e, "Measure all of these months anew, or withdraw it first: 'outlay value "
                       "withdraw %lld --note WHY'.", (long long)old->id);
}

/* Within a transaction: those inside its months give way. */
static bool make_way(struct book *b, const struct measurement *x, struct measurement *all, size_t n,
                     struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        struct measurement *old = &all[i];
        if (!measurement_stands(old) || !str_eq(old->benefit, x->benefit) ||
            old->first > x->last || old->last < x->first)
            continue;
        if (old->first < x->first || old->last > x->last)
            return cut_in_two(old, e);
        if (!insert_end(b, old->id, x->at, x->by, x->id, x->note, e))
            return false;
        old->replaced_by = x->id;
    }
    return true;
}

bool book_add_measurement(struct book *b, const struct measurement *given, int64_t now,
                          int64_t *ret_id, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct measurement x = *given, *all;
    size_t n;
    char at[TIME_TEXT], sha[SHA256_HEX];
    x.at = moment_text(now, at);
    x.program = S(OUTLAY_VERSION);
    x.reason = str_trim(x.reason);
    digest(&x, sha);
    x.sha256 = str_of(sha);
    bool ok = whole(&x, e) && db_begin(b->db, e), began = ok;
    ok = ok && book_measurements(b, &a, &all, &n, e);
    x.id = ok && n ? all[n - 1].id + 1 : 1;
    ok = ok && make_way(b, &x, all, n, e) && insert(b, &x, e) &&
         journal_append(b->db, now, S("measure"), detail_of(&a, &x, all, n), e) &&
         db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    if (ok)
        *ret_id = x.id;
    return ok;
}

static bool may_withdraw(const struct measurement *all, size_t n, int64_t id, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].id != id)
            continue;
        return measurement_stands(&all[i]) ||
               (all[i].replaced_by
                    ? err_set(e, ERR_FAILED, "measurement %lld stands in the place of %lld",
                              (long long)all[i].replaced_by, (long long)id)
                    : err_set(e, ERR_FAILED, "measurement %lld was withdrawn on %.*s",
                              (long long)id, FMT(all[i].ended_at)));
    }
    err_set(e, ERR_FAILED, "there is no measurement %lld", (long long)id);
    return err_hint(e, "'outlay value --history' lists them.");
}

bool book_withdraw_measurement(struct book *b, int64_t id, str by, str why, int64_t now,
                               struct err *e)
{
    struct arena a = ARENA_INIT;
    struct measurement *all;
    size_t n;
    char at[TIME_TEXT];
    bool ok = db_begin(b->db, e), began = ok;
    ok = ok && book_measurements(b, &a, &all, &n, e) && may_withdraw(all, n, id, e) &&
         insert_end(b, id, moment_text(now, at), by, 0, why, e) &&
         journal_append(b->db, now, S("measure withdrawn"), withdrawal_of(&a, id, by, why), e) &&
         db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    return ok;
}

/* ---- proof ---- */

bool measurements_verify(struct book *b, const struct journal_entry *entries, size_t n,
                         struct err *e)
{
    struct arena a = ARENA_INIT;
    struct measurement *all;
    size_t count, withdrawn = 0, known = 0, known_withdrawn = 0;
    bool ok = book_measurements(b, &a, &all, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        const struct measurement *x = &all[i];
        char sha[SHA256_HEX];
        bool gone = !measurement_stands(x) && !x->replaced_by;
        withdrawn += gone;
        digest(x, sha);
        if (!str_eq(x->sha256, str_of(sha)) ||
            !track_in_journal(entries, n, S("measure"), detail_of(&a, x, all, count)) ||
            (gone && !track_in_journal(entries, n, S("measure withdrawn"),
                                       withdrawal_of(&a, x->id, x->ended_by, x->ended_why))))
            ok = err_set(e, ERR_FAILED, "measurement %lld of '%.*s' was changed afterwards",
                         (long long)x->id, FMT(x->benefit));
    }
    for (size_t i = 0; ok && i < n; i++) {
        known += str_eq(entries[i].action, S("measure"));
        known_withdrawn += str_eq(entries[i].action, S("measure withdrawn"));
    }
    if (ok && (known != count || known_withdrawn != withdrawn))
        ok = err_set(e, ERR_FAILED, "the journal knows %zu measurements (%zu withdrawn), the book "
                                    "holds %zu (%zu)", known, known_withdrawn, count, withdrawn);
    arena_release(&a);
    return ok;
}
