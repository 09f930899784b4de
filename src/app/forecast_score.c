/* forecast_score.c - how kept forecasts held against what is known by now. */
#include "app/forecast_int.h"

#include <math.h>

bool forecast_actual(const struct tracking *t, const struct forecast_row *r, dec *ret)
{
    if (r->month == MONTH_NONE || r->month < t->first || r->month >= t->first + t->n_known ||
        t->open[r->month - t->first])
        return false;
    int32_t m = r->month - t->first;
    dec sum = 0;
    bool any = r->level == TRACK_TOTAL;
    for (size_t i = 0; i < t->n_items; i++) {
        const struct tracked *x = &t->items[i];
        bool in = r->level == TRACK_TOTAL    ? true
                  : r->level == TRACK_LINE   ? str_eq(x->path, r->path)
                  : r->level == TRACK_CATEGORY
                      ? str_eq(str_of(category_key(x->category)), r->path)
                      : x->initiative != NO_INDEX &&
                            str_eq(t->plan->initiatives.items[x->initiative].id.s, r->path);
        any = any || in;
        sum += in ? x->actual[m] : 0;
    }
    *ret = sum;
    return any;
}

bool forecast_can_score(const struct tracking *t, const struct stored_forecast *f,
                        const struct forecast_row *r, dec *ret_actual)
{
    return !dec_is_null(r->p50) && dec_is_null(r->actual) &&
           (f->through == MONTH_NONE || r->month > f->through) && forecast_actual(t, r, ret_actual);
}

static double pinball(double actual, double q, double level)
{
    return actual >= q ? level * (actual - q) : (1 - level) * (q - actual);
}

static void score_level(const struct tracking *t, const struct stored_forecast *f,
                        enum track_level level, struct forecast_score *s)
{
    double off = 0, size = 0, bias = 0, loss = 0;
    size_t inside = 0;
    *s = (struct forecast_score){.forecast = f->id, .at = f->at, .through = f->through,
                                 .level = level};
    for (size_t i = 0; i < f->n_rows; i++) {
        const struct forecast_row *r = &f->rows[i];
        dec known;
        if (r->level != level || !forecast_can_score(t, f, r, &known))
            continue;
        double a = dec_to_double(known), p50 = dec_to_double(r->p50);
        off += fabs(a - p50);
        bias += p50 - a;
        size += a;
        loss += (pinball(a, dec_to_double(r->p10), 0.1) + pinball(a, p50, 0.5) +
                 pinball(a, dec_to_double(r->p90), 0.9)) / 3;
        inside += known >= r->p10 && known <= r->p90;
        s->n++;
    }
    if (!s->n)
        return;
    s->wape = size != 0 ? off / fabs(size) : NAN;
    s->bias = size != 0 ? bias / size : NAN;
    s->pinball = loss / (double)s->n;
    s->coverage = (double)inside / (double)s->n;
}

bool forecast_scores(struct workspace *w, const struct track_book *k, struct forecast_score **ret,
                     size_t *ret_n, struct err *e)
{
    struct stored_forecast *all;
    struct forecast_score *items = NULL;
    size_t n, count = 0, cap = 0;
    if (!book_forecasts(w->book, w->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct stored_forecast f;
        if (!book_forecast(w->book, all[i].id, w->arena, &f, e))
            return false;
        for (int level = TRACK_TOTAL; level <= TRACK_LINE; level++) {
            struct forecast_score s;
            score_level(&k->t, &f, (enum track_level)level, &s);
            if (!s.n)
                continue;
            items = arena_grow(w->arena, items, sizeof *items, &cap, count + 1);
            items[count++] = s;
        }
    }
    *ret = items;
    *ret_n = count;
    return true;
}
