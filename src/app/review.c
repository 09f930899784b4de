/* review.c - the quarterly pack, and closing a quarter. */
#include "app/review.h"

#include "app/value.h"
#include "render/renderer.h"

enum { PACK_MOST = 16 << 20 };

/* Why the data does not allow closing yet. */
static str provisional(struct arena *a, const struct tracking *t, const struct review_request *q,
                       bool final)
{
    char text[MONTH_TEXT], date[DATE_TEXT];
    int32_t last = q->last - t->first;
    if (q->today != DAY_NONE && q->today <= month_last_day(q->last))
        return S("The quarter is not over.");
    if (last >= t->n_known)
        return str_fmt(a, "There is no spend of %s yet.",
                       (month_format_name(q->last, text), text));
    if (t->open[last] && !final)
        return str_fmt(a, "Spend is known to %.*s only: import the rest, or close with --final.",
                       FMT(date_format(t->last_day, date)));
    return STR_NONE;
}

static const struct review *closed_one(const struct review *all, size_t n, month first)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].first == first)
            return &all[i];
    return NULL;
}

static const struct explanation *explanation_of(const struct track_book *k, const struct review *r,
                                                const struct review_row *row)
{
    int64_t id = book_explanation_of(r, row, k->explanations, k->n_explanations);
    for (size_t i = 0; id && i < k->n_explanations; i++)
        if (k->explanations[i].id == id)
            return &k->explanations[i];
    return NULL;
}

static bool add_flags(struct workspace *w, const struct track_book *k, const struct review *r,
                      struct review_view *v, struct err *e)
{
    struct unexplained *u = NULL;
    size_t n = 0;
    if (!book_review_unexplained(w->book, r, w->arena, &u, &n, e))
        return false;
    struct review_flag *flags = arena_new(w->arena, struct review_flag, r->n_rows + 1);
    for (size_t i = 0; i < r->n_rows; i++) {
        struct variance x = variance_of(r->rows[i].actual, r->rows[i].budget, &r->rule);
        if (!variance_needs_words(&x))
            continue;
        const struct explanation *own = explanation_of(k, r, &r->rows[i]);
        const struct review_row *line = book_review_only_line(r, &r->rows[i]);
        if (line && (!own || own == explanation_of(k, r, line)))
            continue; /* its line tells it */
        struct review_flag *f = &flags[v->n_flags++];
        *f = (struct review_flag){&r->rows[i], x, own, false};
        for (size_t m = 0; m < n; m++)
            f->missing = f->missing || u[m].row == f->row;
        v->n_missing += f->missing;
    }
    v->flags = flags;
    return true;
}

/* Live: what the budget promises and what measures it by now. Closed: as it was then. */
static bool add_benefits(struct workspace *w, const struct track_book *k,
                         const struct review_request *q, struct review *r, struct review_view *v,
                         struct err *e)
{
    struct value_book values;
    if (!value_of_budget(w, k->t.plan, k->t.budget_name, &values, e))
        return false;
    if (!v->closed) {
        value_due(w->arena, &values, r->first, r->last, &r->benefits, &r->n_benefits);
        if (!book_review_measured(w->book, r, w->arena, &r->benefits, &v->n_unmeasured, e))
            return false;
    }
    month today = q->today == DAY_NONE ? r->last + 1 : month_of_day(q->today);
    return value_period_of_review(w->arena, &values, r, v->closed ? r->last + 1 : today,
                                  &v->benefits, e);
}

/* The year's budget of a category or of all, as it was when `f` was made; DEC_NULL: f was made
 * against another one. */
static dec budget_of_year(const struct track_book *k, const struct stored_forecast *f,
                          const struct forecast_row *row)
{
    const struct tracking *t = &k->t;
    dec sum = 0;
    if (!str_eq(f->budget, t->budget_name))
        return DEC_NULL;
    for (size_t i = 0; i < t->n_items; i++) {
        const struct tracked *x = &t->items[i];
        if (row->level == TRACK_CATEGORY && !str_eq(str_of(category_key(x->category)), row->path))
            continue;
        sum += tracking_sum(x->budget, 0, t->n_months);
        for (size_t n = 0; f->at.n && n < k->n_transfers; n++) {
            const struct transfer *m = &k->transfers[n];
            if (str_cmp(m->at, f->at) <= 0 || m->month < t->first ||
                m->month >= t->first + t->n_months)
                continue;
            sum += str_eq(m->from, x->path) ? m->amount : 0;
            sum -= str_eq(m->to, x->path) ? m->amount : 0;
        }
    }
    return dec_round(sum, 2);
}

static void set_outlook(struct workspace *w, const struct track_book *k,
                        const struct stored_forecast *f, struct review_view *v)
{
    struct review_outlook *all = arena_new(w->arena, struct review_outlook, CATEGORY_COUNT + 1);
    enum category c;
    for (size_t i = 0; i < f->n_rows && v->n_outlook <= CATEGORY_COUNT; i++) {
        const struct forecast_row *r = &f->rows[i];
        if (r->month != MONTH_NONE || (r->level != TRACK_CATEGORY && r->level != TRACK_TOTAL))
            continue;
        bool category = r->level == TRACK_CATEGORY && category_parse(r->path, &c);
        all[v->n_outlook++] = (struct review_outlook){
            .total = r->level == TRACK_TOTAL, .path = r->path,
            .title = category ? str_of(category_name(c)) : S("Total"),
            .budget = budget_of_year(k, f, r), .p10 = r->p10, .p50 = r->p50, .p90 = r->p90};
    }
    v->outlook = all;
}

static bool add_forecast(struct workspace *w, const struct track_book *k, int64_t kept,
                         struct review_view *v, struct err *e)
{
    struct stored_forecast f;
    struct forecast_book made;
    if (kept) {
        if (!book_forecast(w->book, kept, w->arena, &f, e))
            return false;
        v->outlook_name = str_fmt(w->arena, "Forecast %lld, written at closing", (long long)kept);
    } else {
        if (!forecast_make(w, k, &made, e))
            return false;
        f = made.stored;
        v->outlook_name = S("Forecast as of now");
    }
    set_outlook(w, k, &f, v);
    return true;
}

bool review_make(struct workspace *w, const struct track_book *k, const struct review_request *q,
                 struct review *ret, struct review_view *ret_view, struct err *e)
{
    struct arena *a = w->arena;
    struct review *all;
    size_t n;
    struct review *r = arena_new(a, struct review, 1);
    struct review_view v = {.t = &k->t, .r = r, .explanations = k->explanations,
                            .n_explanations = k->n_explanations, .today = q->today,
                            .basis = q->basis};
    if (!track_is_quarter(k->t.first, k->t.n_months, q->first, q->last, e) ||
        !book_reviews(w->book, a, &all, &n, e))
        return false;
    const struct review *closed = closed_one(all, n, q->first);
    if (closed) {
        if (!book_review(w->book, closed->id, a, r, e))
            return false;
        v.closed = true;
    } else {
        *r = (struct review){.by = q->by, .label = track_quarter_label(a, k->t.first, q->first),
                             .budget = k->t.budget_name, .first = q->first, .last = q->last,
                             .rule = k->t.rule};
        track_review_rows(a, &k->t, q->first - k->t.first, q->last - k->t.first, r);
        v.provisional = provisional(a, &k->t, q, false);
    }
    if (!add_flags(w, k, r, &v, e) || !add_benefits(w, k, q, r, &v, e) ||
        !add_forecast(w, k, closed ? r->forecast : 0, &v, e))
        return false;
    *ret = *r;
    *ret_view = v;
    return true;
}

static bool pack_of(struct arena *a, const struct review_view *v, str *ret, struct err *e)
{
    struct buf b;
    struct render_options o = {0};
    buf_init(&b, PACK_MOST);
    bool ok = renderer_by_name(S("json"))->render(report_review(v, a), &o, &b, e);
    if (ok)
        *ret = str_dup(a, buf_str(&b));
    buf_release(&b);
    return ok;
}

bool review_close(struct workspace *w, const struct track_book *k, const struct review_request *q,
                  bool final, int64_t *ret_id, struct err *e)
{
    struct review r;
    struct review_view v;
    struct forecast_book f;
    if (!review_make(w, k, q, &r, &v, e))
        return false;
    if (v.closed)
        return err_set(e, ERR_FAILED, "%.*s was closed on %.*s", FMT(r.label), FMT(r.at));
    str not_yet = provisional(w->arena, &k->t, q, final);
    if (not_yet.n) {
        err_set(e, ERR_FAILED, "%.*s cannot close yet", FMT(r.label));
        return err_hint(e, "%.*s", FMT(not_yet));
    }
    return pack_of(w->arena, &v, &r.pack, e) && forecast_make(w, k, &f, e) &&
           book_close_review(w->book, &r, &f.stored, w->options.now, ret_id, e);
}
