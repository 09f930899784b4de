/* forecast_change.c - what moved a year's forecast since the last one that was kept. */
#include "app/forecast_int.h"

#include "store/book_baseline.h"

struct comparing {
    struct workspace *w;
    const struct track_book *k;
    const struct stored_forecast *last;
    struct tracking then; /* the budget of the last one before transfers, where it was another */
    bool other;           /* ... and it was */
    bool unknown;         /* its budget was the working plan of then */
};

static dec year_of(const struct stored_forecast *f, const struct forecast_scope *x)
{
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->rows[i].level == x->level && f->rows[i].month == MONTH_NONE &&
            str_eq(f->rows[i].path, x->path))
            return f->rows[i].p50;
    return DEC_NULL;
}

/* What months cost that the last one could only expect. */
static dec by_actuals(const struct comparing *g, const struct forecast_scope *x)
{
    dec sum = 0, actual;
    for (size_t i = 0; i < g->last->n_rows; i++) {
        const struct forecast_row *r = &g->last->rows[i];
        if (r->level == x->level && str_eq(r->path, x->path) && !dec_is_null(r->p50) &&
            forecast_actual(&g->k->t, r, &actual))
            sum += dec_round(actual, 2) - r->p50;
    }
    return sum;
}

/* ---- the budget of then and of now ---- */

static int64_t number_of_baseline(str name)
{
    int64_t n;
    static const str word = {"baseline ", 9};
    if (!str_starts(name, word))
        return 0;
    size_t end = str_find_char(name, ',', 0);
    return str_to_i64(str_sub(name, word.n, end == SIZE_MAX ? name.n : end), &n) ? n : 0;
}

static bool read_then(struct comparing *g, struct err *e)
{
    struct track_book k;
    struct diags faults;
    int64_t then = number_of_baseline(g->last->budget);
    if (!then) {
        g->unknown = true; /* the working plan: nobody kept what it said */
        return true;
    }
    if (then == number_of_baseline(g->k->t.budget_name))
        return true;
    struct track_request q = {.baseline = then, .as_of = DAY_NONE, .basis = g->k->basis,
                              .as_approved = true};
    diags_init(&faults, g->w->arena);
    if (!track_open(g->w, &q, &faults, &k, e))
        return false;
    g->then = k.t;
    g->other = true;
    return true;
}

static bool in_scope(const struct tracked *x, const struct forecast_scope *of)
{
    return of->level == TRACK_TOTAL || x->category == of->category;
}

/* The months still to come of a category or of all. */
static dec rest_of(const struct tracking *t, const struct tracking *known,
                   const struct forecast_scope *of)
{
    dec sum = 0;
    for (size_t i = 0; i < t->n_items; i++) {
        for (int32_t m = 0; m < t->n_months && in_scope(&t->items[i], of); m++) {
            int32_t at = t->first + m - known->first;
            bool final = at < 0 || (at < known->n_known && !known->open[at]);
            sum += final ? 0 : t->items[i].budget[m];
        }
    }
    return sum;
}

/* Transfers of months to come, recorded before the last one or since. */
static dec moved(const struct comparing *g, const struct forecast_scope *of, bool since)
{
    const struct tracking *t = &g->k->t;
    dec sum = 0;
    for (size_t i = 0; i < g->k->n_transfers; i++) {
        const struct transfer *x = &g->k->transfers[i];
        int32_t m = x->month - t->first;
        if ((str_cmp(x->at, g->last->at) > 0) != since || m < 0 || m >= t->n_months ||
            (m < t->n_known && !t->open[m]))
            continue;
        const struct tracked *from = tracking_find(t, x->from), *to = tracking_find(t, x->to);
        sum += to && in_scope(to, of) ? x->amount : 0;
        sum -= from && in_scope(from, of) ? x->amount : 0;
    }
    return sum;
}

static dec by_budget(const struct comparing *g, const struct forecast_scope *x)
{
    if (g->unknown)
        return DEC_NULL;
    dec sum = g->other ? rest_of(&g->k->t, &g->k->t, x) - rest_of(&g->then, &g->k->t, x) -
                             moved(g, x, false)
                       : moved(g, x, true);
    return dec_round(sum, 2);
}

/* ---- */

static bool last_of_year(struct workspace *w, month first, struct stored_forecast *ret, bool *there,
                         struct err *e)
{
    struct stored_forecast *all;
    size_t n;
    if (!book_forecasts(w->book, w->arena, &all, &n, e))
        return false;
    while (n && all[n - 1].first != first)
        n--;
    *there = n > 0;
    return !n || book_forecast(w->book, all[n - 1].id, w->arena, ret, e);
}

bool forecast_compare(struct workspace *w, const struct track_book *k, struct forecast_view *v,
                      struct err *e)
{
    struct stored_forecast last;
    struct comparing g = {.w = w, .k = k, .last = &last};
    bool there;
    if (!last_of_year(w, k->t.first, &last, &there, e))
        return false;
    if (!there)
        return true;
    if (!read_then(&g, e))
        return false;
    struct forecast_change *changes = arena_new(w->arena, struct forecast_change, v->n_scopes);
    for (size_t i = 0; i < v->n_scopes; i++) {
        const struct forecast_scope *x = &v->scopes[i];
        dec before = year_of(&last, x);
        if (dec_is_null(before) || (x->level != TRACK_TOTAL && x->level != TRACK_CATEGORY))
            continue;
        dec known = by_actuals(&g, x), budget = by_budget(&g, x);
        changes[v->n_changes++] = (struct forecast_change){
            .path = x->path, .title = x->title, .before = before, .now = x->p50,
            .by_actuals = known, .by_budget = budget,
            .by_outlook = x->p50 - before - known - dec_or_zero(budget)};
    }
    v->changes = changes;
    v->budget_then = last.budget;
    v->changed_since = str_fmt(w->arena, "%lld of %.*s%s", (long long)last.id,
                               FMT(str_sub(last.at, 0, 10)),
                               str_eq(last.budget, k->t.budget_name)
                                   ? ""
                                   : ", against another budget");
    return true;
}
