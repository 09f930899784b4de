/* book_review.c - closing a quarter: no flag without an explanation, and nothing changes
 * afterwards. */
#include "store/book_track_int.h"

#include "base/buf.h"
#include "store/book_value.h"

/* ---- what explains a flag ---- */

struct covered {
    bool flag;
    int64_t explanation; /* 0: none of its own */
    bool by_lines;
};

/* The month whose explanation counts: its own, or for the year to date the quarter's last. */
static month month_of_row(const struct review *r, const struct review_row *row)
{
    return row->month == MONTH_NONE ? r->last : row->month;
}

/* Spend that no line has stands under the name of its category or initiative: what explains that
 * one explains it. */
static bool speaks_of(const struct explanation *x, const struct review_row *row)
{
    if (!str_eq(x->path, row->path))
        return false;
    return x->level == row->level ||
           (row->level == TRACK_LINE &&
            ((x->level == TRACK_CATEGORY && str_eq(row->path, row->category)) ||
             (x->level == TRACK_INITIATIVE && str_eq(row->path, row->initiative))));
}

/* The latest one that speaks of it. */
static int64_t own_explanation(const struct review *r, const struct review_row *row,
                               const struct explanation *all, size_t n)
{
    month m = month_of_row(r, row);
    for (size_t i = n; i-- > 0;)
        if (speaks_of(&all[i], row) && m >= all[i].first && m <= all[i].last)
            return all[i].id;
    return 0;
}

static bool rolls_up(const struct review_row *line, const struct review_row *to)
{
    if (line->level != TRACK_LINE || line->month != to->month)
        return false;
    return to->level == TRACK_CATEGORY     ? str_eq(line->category, to->path)
           : to->level == TRACK_INITIATIVE ? str_eq(line->initiative, to->path)
                                           : false;
}

const struct review_row *book_review_only_line(const struct review *r,
                                               const struct review_row *row)
{
    const struct review_row *only = NULL;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct review_row *line = &r->rows[i];
        if (!rolls_up(line, row) || (!line->actual && !line->budget))
            continue;
        if (only)
            return NULL;
        only = line;
    }
    return only && only->actual == row->actual && only->budget == row->budget ? only : NULL;
}

/* Whether what its explained lines leave of a roll-up is no flag any more. */
static bool left_is_small(const struct review *r, const struct review_row *row,
                          const struct covered *c)
{
    dec actual = row->actual;
    bool any = false;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct review_row *line = &r->rows[i];
        if (!c[i].explanation || !rolls_up(line, row))
            continue;
        actual -= line->actual - line->budget;
        any = true;
    }
    struct variance left = variance_of(actual, row->budget, &r->rule);
    return any && !variance_needs_words(&left);
}

static bool cover(struct book *b, const struct review *r, struct arena *a, struct covered **ret,
                  struct err *e)
{
    struct explanation *all;
    size_t n;
    if (!book_explanations(b, a, &all, &n, e))
        return false;
    struct covered *c = arena_new(a, struct covered, r->n_rows);
    for (size_t i = 0; i < r->n_rows; i++) {
        struct variance v = variance_of(r->rows[i].actual, r->rows[i].budget, &r->rule);
        c[i].flag = variance_needs_words(&v);
        c[i].explanation = own_explanation(r, &r->rows[i], all, n);
    }
    for (size_t i = 0; i < r->n_rows; i++)
        if (c[i].flag && !c[i].explanation)
            c[i].by_lines = left_is_small(r, &r->rows[i], c);
    *ret = c;
    return true;
}

int64_t book_explanation_of(const struct review *r, const struct review_row *row,
                            const struct explanation *all, size_t n)
{
    return own_explanation(r, row, all, n);
}

bool book_review_unexplained(struct book *b, const struct review *r, struct arena *a,
                             struct unexplained **ret, size_t *ret_n, struct err *e)
{
    struct covered *c;
    struct unexplained *items = NULL;
    size_t n = 0, cap = 0;
    if (!cover(b, r, a, &c, e))
        return false;
    for (size_t i = 0; i < r->n_rows; i++) {
        if (!c[i].flag || c[i].explanation || c[i].by_lines ||
            book_review_only_line(r, &r->rows[i]))
            continue;
        items = arena_grow(a, items, sizeof *items, &cap, n + 1);
        items[n++] = (struct unexplained){
            &r->rows[i], variance_of(r->rows[i].actual, r->rows[i].budget, &r->rule)};
    }
    *ret = items;
    *ret_n = n;
    return true;
}

/* ---- what measures a benefit ---- */

/* The months of a benefit stand together, in order. */
static bool same_benefit(const struct review_benefit *x, size_t n, size_t i, size_t k)
{
    return k < n && str_eq(x[i].path, x[k].path);
}

bool book_review_measured(struct book *b, const struct review *r, struct arena *a,
                          struct review_benefit **ret, size_t *ret_missing, struct err *e)
{
    struct measurement *all;
    size_t n, missing = 0;
    if (!book_measurements(b, a, &all, &n, e))
        return false;
    struct review_benefit *x = arena_new(a, struct review_benefit, r->n_benefits + 1);
    for (size_t i = 0; i < r->n_benefits; i++) {
        x[i] = r->benefits[i];
        const struct measurement *m = measurement_of(all, n, x[i].path, x[i].month);
        x[i].measurement = m ? m->id : 0;
    }
    for (size_t i = 0, to; i < r->n_benefits; i = to) {
        bool lacks = false;
        for (to = i; same_benefit(x, r->n_benefits, i, to); to++)
            lacks = lacks || !x[to].measurement;
        missing += lacks;
    }
    *ret = x;
    *ret_missing = missing;
    return true;
}

/* ---- what a review must be ---- */

static void tell_flags(struct buf *list, const struct unexplained *u, size_t n)
{
    buf_fmt(list, "%zu flag%s no explanation: ", n, n == 1 ? " has" : "s have");
    for (size_t i = 0; i < n; i++) {
        const struct review_row *row = u[i].row;
        char when[MONTH_TEXT];
        buf_fmt(list, "%s%.*s %.*s", i ? ", " : "", FMT(row->path),
                FMT(row->month == MONTH_NONE ? S("ytd") : month_format(row->month, when)));
    }
}

/* Returns the first benefit that lacks its measurement. */
static str tell_benefits(struct buf *list, const struct review_benefit *x, size_t n, size_t missing)
{
    str first = STR_NONE;
    buf_fmt(list, "%zu benefit%s no measurement: ", missing, missing == 1 ? " has" : "s have");
    for (size_t i = 0, to; i < n; i = to) {
        char when[MONTH_TEXT];
        month since = MONTH_NONE, till = MONTH_NONE;
        for (to = i; same_benefit(x, n, i, to); to++) {
            if (x[to].measurement)
                continue;
            since = since == MONTH_NONE ? x[to].month : since;
            till = x[to].month;
        }
        if (since == MONTH_NONE)
            continue;
        buf_fmt(list, "%s%.*s %.*s", first.n ? ", " : "", FMT(x[i].path),
                FMT(month_format(since, when)));
        if (till > since)
            buf_fmt(list, " to %.*s", FMT(month_format(till, when)));
        first = first.n ? first : x[i].path;
    }
    return first;
}

struct lacking {
    struct unexplained *flags;
    size_t n_flags;
    struct review_benefit *benefits; /* of the review, those that are measured too */
    size_t n_unmeasured;
};

static bool told(const struct review *r, const struct lacking *l, struct err *e)
{
    struct buf list;
    str benefit = STR_NONE;
    buf_init(&list, sizeof e->text / 4 * 3);
    if (l->n_flags)
        tell_flags(&list, l->flags, l->n_flags);
    if (l->n_flags && l->n_unmeasured)
        buf_add(&list, S("; "));
    if (l->n_unmeasured)
        benefit = tell_benefits(&list, l->benefits, r->n_benefits, l->n_unmeasured);
    err_set(e, ERR_FAILED, "%.*s cannot close: %.*s%s", FMT(r->label), FMT(buf_str(&list)),
            buf_overflow(&list) ? " ..." : "");
    buf_release(&list);
    if (!l->n_flags)
        return err_hint(e, "'outlay value measure %.*s --quarter %.*s --units N' records one, "
                           "--none WHY that it could not be measured.",
                        FMT(benefit), FMT(r->label));
    return err_hint(e, "'outlay explain %.*s %.*s --owner WHO --cause WHY --text TEXT' records "
                       "one; 'outlay review %.*s' lists what is missing.",
                    FMT(l->flags[0].row->path), FMT(r->label), FMT(r->label));
}

/* What is due is a promise for one of the quarter's months, told once. */
static bool due(const struct review *r, struct err *e)
{
    for (size_t i = 0; i < r->n_benefits; i++) {
        const struct review_benefit *x = &r->benefits[i];
        if (dec_is_null(x->projected) || x->projected <= 0 || x->month < r->first ||
            x->month > r->last)
            return err_set(e, ERR_FAILED, "'%.*s' is not due in %.*s", FMT(x->path),
                           FMT(r->label));
    }
    return true;
}

/* Lines, and what they sum to by category, must be there for each month and for the year to date.
 */
static bool complete(const struct review *r, month m, struct err *e)
{
    dec lines = 0, categories = 0;
    size_t n_lines = 0, n_categories = 0;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct review_row *row = &r->rows[i];
        if (row->month != m)
            continue;
        if (dec_is_null(row->actual) || dec_is_null(row->budget))
            return err_set(e, ERR_FAILED, "'%.*s' has no amount: the quarter is not over",
                           FMT(row->path));
        lines += row->level == TRACK_LINE ? row->actual : 0;
        categories += row->level == TRACK_CATEGORY ? row->actual : 0;
        n_lines += row->level == TRACK_LINE;
        n_categories += row->level == TRACK_CATEGORY;
    }
    if (!n_lines || !n_categories)
        return err_set(e, ERR_FAILED, "%.*s lacks the variances of a month", FMT(r->label));
    return lines == categories || err_set(e, ERR_FAILED, "%.*s: lines and categories differ",
                                          FMT(r->label));
}

/* On success r->benefits are those with their measurements. */
static bool may_close(struct book *b, struct review *r, struct arena *a, struct covered **ret,
                      struct err *e)
{
    struct lacking l;
    struct review *closed;
    size_t n;
    if (!book_reviews(b, a, &closed, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (r->first <= closed[i].last && r->last >= closed[i].first)
            return err_set(e, ERR_FAILED, "%.*s was closed on %.*s", FMT(closed[i].label),
                           FMT(closed[i].at));
    for (month m = r->first; m <= r->last; m++)
        if (!complete(r, m, e))
            return false;
    if (!complete(r, MONTH_NONE, e) || !due(r, e) ||
        !book_review_unexplained(b, r, a, &l.flags, &l.n_flags, e) ||
        !book_review_measured(b, r, a, &l.benefits, &l.n_unmeasured, e))
        return false;
    if (l.n_flags || l.n_unmeasured)
        return told(r, &l, e);
    r->benefits = l.benefits;
    return cover(b, r, a, ret, e);
}

/* ---- writing ---- */

static void digest(const struct review *r, char out[SHA256_HEX])
{
    struct sha256 h;
    sha256_init(&h);
    const str head[] = {S("review 1"), r->at, r->by, r->label, r->budget, r->pack, r->program};
    for (size_t i = 0; i < ARRAY_LEN(head); i++)
        track_hash(&h, head[i]);
    track_hash_month(&h, r->first);
    track_hash_month(&h, r->last);
    track_hash_amount(&h, r->rule.over);
    track_hash_amount(&h, r->rule.floor);
    track_hash_amount(&h, dec_from_i64(r->forecast));
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct review_row *row = &r->rows[i];
        const str texts[] = {str_of(track_level_name(row->level)), row->path, row->category,
                             row->initiative};
        for (size_t k = 0; k < ARRAY_LEN(texts); k++)
            track_hash(&h, texts[k]);
        track_hash_month(&h, row->month);
        track_hash_amount(&h, row->actual);
        track_hash_amount(&h, row->budget);
    }
    if (r->n_benefits) /* reviews of before benefits were measured keep their digest */
        track_hash(&h, S("benefits"));
    for (size_t i = 0; i < r->n_benefits; i++) {
        const struct review_benefit *x = &r->benefits[i];
        track_hash(&h, x->path);
        track_hash(&h, x->initiative);
        track_hash_month(&h, x->month);
        track_hash_amount(&h, x->projected);
        track_hash_amount(&h, dec_from_i64(x->measurement));
    }
    sha256_end(&h, out);
}

static bool insert_row(struct book *b, int64_t id, size_t number, const struct review_row *row,
                       const struct covered *c, struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO review_row (review, number, level, path, category, initiative, period,"
               " actual, budget, flag, explanation, by_lines)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_int(s, 1, id);
    db_int(s, 2, (int64_t)number);
    db_text(s, 3, str_of(track_level_name(row->level)));
    db_text(s, 4, row->path);
    db_text(s, 5, row->category);
    db_text(s, 6, row->initiative);
    if (row->month == MONTH_NONE)
        db_text(s, 7, S("ytd"));
    else
        track_month(s, 7, row->month);
    track_amount(s, 8, row->actual);
    track_amount(s, 9, row->budget);
    db_int(s, 10, c->flag);
    if (c->explanation)
        db_int(s, 11, c->explanation);
    else
        db_null(s, 11);
    db_int(s, 12, c->by_lines);
    return db_run(s, e);
}

static bool insert_benefits(struct book *b, const struct review *r, struct err *e)
{
    for (size_t i = 0; i < r->n_benefits; i++) {
        const struct review_benefit *x = &r->benefits[i];
        struct db_stmt *s = db_prepare(
            b->db, "INSERT INTO review_benefit (review, number, path, month, initiative,"
                   " projected, measurement) VALUES (?, ?, ?, ?, ?, ?, ?)");
        db_int(s, 1, r->id);
        db_int(s, 2, (int64_t)i + 1);
        db_text(s, 3, x->path);
        track_month(s, 4, x->month);
        db_text(s, 5, x->initiative);
        track_amount(s, 6, x->projected);
        db_int(s, 7, x->measurement);
        if (!db_run(s, e))
            return false;
    }
    return true;
}

static bool insert_head(struct book *b, const struct review *r, struct err *e)
{
    struct db_stmt *s = db_prepare(
        b->db, "INSERT INTO review (id, at, by_whom, label, first, last, budget, flag_over,"
               " flag_floor, forecast, pack, program, sha256)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_int(s, 1, r->id);
    db_text(s, 2, r->at);
    db_text(s, 3, r->by);
    db_text(s, 4, r->label);
    track_month(s, 5, r->first);
    track_month(s, 6, r->last);
    db_text(s, 7, r->budget);
    track_amount(s, 8, r->rule.over);
    track_amount(s, 9, r->rule.floor);
    db_int(s, 10, r->forecast);
    db_text(s, 11, r->pack);
    db_text(s, 12, r->program);
    db_text(s, 13, r->sha256);
    return db_run(s, e);
}

static bool close_months(struct book *b, const struct review *r, struct err *e)
{
    for (month m = r->first; m <= r->last; m++) {
        struct db_stmt *s = db_prepare(b->db, "INSERT INTO closed_month (month, at, note)"
                                              " VALUES (?, ?, ?) ON CONFLICT (month) DO NOTHING");
        track_month(s, 1, m);
        db_text(s, 2, r->at);
        db_text(s, 3, r->label);
        if (!db_run(s, e))
            return false;
    }
    return true;
}

static str detail_of(struct arena *a, const struct review *r)
{
    return str_fmt(a, "%.*s sha256 %.*s", FMT(r->label), FMT(r->sha256));
}

bool book_close_review(struct book *b, const struct review *given, const struct stored_forecast *f,
                       int64_t now, int64_t *ret_id, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct review r = *given;
    struct covered *c = NULL;
    char at[TIME_TEXT], sha[SHA256_HEX];
    r.at = moment_text(now, at);
    r.program = S(OUTLAY_VERSION);
    bool ok = db_begin(b->db, e), began = ok;
    ok = ok && may_close(b, &r, &a, &c, e) && forecast_insert(b, f, now, &r.forecast, e);
    if (ok) {
        struct db_stmt *s = db_prepare(b->db, "SELECT coalesce(max(id), 0) + 1 FROM review");
        r.id = db_step(s) ? db_get_int(s, 0) : 1;
        ok = db_done(s, e);
    }
    digest(&r, sha);
    r.sha256 = str_of(sha);
    for (size_t i = 0; ok && i < r.n_rows; i++)
        ok = insert_row(b, r.id, i + 1, &r.rows[i], &c[i], e);
    ok = ok && insert_benefits(b, &r, e) && insert_head(b, &r, e) && close_months(b, &r, e) &&
         journal_append(b->db, now, S("review"), detail_of(&a, &r), e) && db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    if (ok)
        *ret_id = r.id;
    return ok;
}

/* ---- reading, proof ---- */

bool book_reviews(struct book *b, struct arena *a, struct review **ret, size_t *ret_n,
                  struct err *e)
{
    struct review *x;
    struct rows r = rows_of(
        b, a, "review", "SELECT id, at, by_whom, label, budget, pack, program, sha256, first, last,"
                        " flag_over, flag_floor, forecast FROM review ORDER BY id", sizeof *x, e);
    while ((x = rows_next(&r)))
        *x = (struct review){
            .id = db_get_int(r.s, 0), .at = db_get_text(a, r.s, 1), .by = db_get_text(a, r.s, 2),
            .label = db_get_text(a, r.s, 3), .budget = db_get_text(a, r.s, 4),
            .pack = db_get_text(a, r.s, 5), .program = db_get_text(a, r.s, 6),
            .sha256 = db_get_text(a, r.s, 7), .first = track_get_month(a, r.s, 8),
            .last = track_get_month(a, r.s, 9),
            .rule = {track_get_amount(a, r.s, 10), track_get_amount(a, r.s, 11)},
            .forecast = db_get_int(r.s, 12)};
    return rows_end(&r, ret, ret_n, e);
}

static bool read_benefits(struct book *b, struct arena *a, struct review *to, struct err *e)
{
    struct review_benefit *x;
    struct rows r = rows_of(
        b, a, "review_benefit", "SELECT path, initiative, month, projected, measurement"
                                " FROM review_benefit WHERE review = ? ORDER BY number",
        sizeof *x, e);
    rows_key(&r, to->id);
    while ((x = rows_next(&r)))
        *x = (struct review_benefit){
            .path = db_get_text(a, r.s, 0), .initiative = db_get_text(a, r.s, 1),
            .month = track_get_month(a, r.s, 2), .projected = track_get_amount(a, r.s, 3),
            .measurement = db_get_int(r.s, 4)};
    return rows_end(&r, &to->benefits, &to->n_benefits, e);
}

static bool read_rows(struct book *b, struct arena *a, struct review *to, struct err *e)
{
    struct review_row *x;
    struct rows r = rows_of(
        b, a, "review_row", "SELECT level, path, category, initiative, period, actual, budget"
                            " FROM review_row WHERE review = ? ORDER BY number", sizeof *x, e);
    rows_key(&r, to->id);
    while ((x = rows_next(&r)))
        *x = (struct review_row){
            .level = track_get_level(a, r.s, 0), .path = db_get_text(a, r.s, 1),
            .category = db_get_text(a, r.s, 2), .initiative = db_get_text(a, r.s, 3),
            .month = track_get_month(a, r.s, 4), .actual = track_get_amount(a, r.s, 5),
            .budget = track_get_amount(a, r.s, 6)};
    return rows_end(&r, &to->rows, &to->n_rows, e) && read_benefits(b, a, to, e);
}

bool book_review(struct book *b, int64_t id, struct arena *a, struct review *ret, struct err *e)
{
    struct review *all;
    size_t n;
    if (!book_reviews(b, a, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (all[i].id != id)
            continue;
        if (!read_rows(b, a, &all[i], e))
            return false;
        *ret = all[i];
        return true;
    }
    return err_set(e, ERR_FAILED, "there is no review %lld", (long long)id);
}

bool book_verify_track(struct book *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct journal_entry *entries;
    struct review *all;
    size_t n, count, known = 0;
    bool ok = book_journal(b, &a, &entries, &n, e) && forecast_verify(b, entries, n, e) &&
              measurements_verify(b, entries, n, e) &&
              book_reviews(b, &a, &all, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        char sha[SHA256_HEX];
        ok = read_rows(b, &a, &all[i], e);
        digest(&all[i], sha);
        if (ok && (!str_eq(all[i].sha256, str_of(sha)) ||
                   !track_in_journal(entries, n, S("review"), detail_of(&a, &all[i]))))
            ok = err_set(e, ERR_FAILED, "the review of %.*s was changed afterwards",
                         FMT(all[i].label));
    }
    for (size_t i = 0; ok && i < n; i++)
        known += str_eq(entries[i].action, S("review"));
    if (ok && known != count)
        ok = err_set(e, ERR_FAILED, "the journal knows %zu closed reviews, the book holds %zu",
                     known, count);
    arena_release(&a);
    return ok;
}
