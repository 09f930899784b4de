/* benefits.c - what the benefits of a plan promise by month, and what was measured of them. */
#include "engine/benefits.h"

#include <math.h>

#include "core/money.h"

#define HORIZON_MAX 240 /* months; plan/ accepts no more */

const char *benefit_state_name(enum benefit_state s)
{
    static const char *const names[] = {"nothing promised", "ahead", "measured", "in part",
                                        "not measurable", "due", "overdue"};
    return names[s];
}

/* ---- promised ---- */

static bool months_of(struct arena *a, const struct world *w, const struct benefit *b,
                      const dec **ret, struct err *e)
{
    double months[HORIZON_MAX];
    BUG_IF(w->n_horizon > HORIZON_MAX);
    world_benefit(w, b, months);
    dec *out = arena_new(a, dec, (size_t)w->n);
    for (int32_t m = 0; m < w->n; m++) {
        out[m] = money_to_dec(money_from_double(months[m], w->p->header.currency));
        if (dec_is_null(out[m]))
            return err_set(e, ERR_INVALID, "what '%.*s' promises is too large", FMT(b->path));
    }
    *ret = out;
    return true;
}

bool benefits_promised(struct arena *a, const struct world *w, struct promised **ret, size_t *ret_n,
                       struct err *e)
{
    const struct plan *p = w->p;
    struct promised *items = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < p->initiatives.n; i++) {
        const struct initiative *in = &p->initiatives.items[i];
        for (size_t k = 0; w->running[i] && k < in->benefits.n; k++) {
            items = arena_grow(a, items, sizeof *items, &cap, n + 1);
            struct promised *x = &items[n++];
            *x = (struct promised){.benefit = &in->benefits.items[k], .initiative = in};
            if (!months_of(a, w, x->benefit, &x->months, e))
                return false;
        }
    }
    *ret = items;
    *ret_n = n;
    return true;
}

dec benefit_each(const struct world *w, const struct benefit *b)
{
    const struct number *v = &b->each->points[0].v;
    if (b->each->fx == NO_INDEX && !dec_is_null(v->exact))
        return v->exact;
    double micros = nearbyint(world_number(w, b->each, 0) * MICROS);
    return money_to_dec(money_of((int64_t)micros, w->p->header.currency));
}

/* ---- measured ---- */

static const struct measured *covering(const struct measured *all, size_t n, str benefit, month m)
{
    for (size_t i = 0; i < n; i++)
        if (m >= all[i].first && m <= all[i].last && str_eq(all[i].benefit, benefit))
            return &all[i];
    return NULL;
}

static dec share(dec delta, dec of)
{
    dec pct;
    return of && dec_div(delta, of < 0 ? -of : of, &pct) ? pct : DEC_NULL;
}

static void finish(struct realized *r, bool unmeasurable, bool overdue)
{
    if (!dec_is_null(r->amount)) {
        r->delta = r->amount - r->compared;
        r->pct = share(r->delta, r->compared);
    }
    bool known = !dec_is_null(r->amount);
    if (r->lacking)
        r->state = overdue ? BENEFIT_OVERDUE : BENEFIT_DUE;
    else if (unmeasurable)
        r->state = known ? BENEFIT_PARTLY : BENEFIT_UNMEASURABLE;
    else if (known)
        r->state = BENEFIT_MEASURED;
    else
        r->state = r->projected ? BENEFIT_AHEAD : BENEFIT_QUIET;
}

struct realized realized_nothing(void)
{
    return (struct realized){.amount = DEC_NULL, .delta = DEC_NULL, .pct = DEC_NULL,
                             .units = DEC_NULL, .last = MONTH_NONE};
}

struct realized benefit_realized(const struct world *w, const struct promised *x,
                                 const struct measured *all, size_t n, int32_t from, int32_t to,
                                 month today)
{
    struct realized r = realized_nothing();
    const struct measured *before = NULL;
    bool unmeasurable = false, overdue = false, in_units = true;
    month first = w->p->header.first;
    for (int32_t m = from; m < to; m++) {
        const struct measured *by = covering(all, n, x->benefit->path, first + m);
        month ends = first + MIN(m - m % 3 + 2, w->n - 1);
        bool due = x->months[m] > 0 && today > ends;
        r.projected += x->months[m]; /* at most 60 amounts of 20 digits */
        r.due += due;
        if (!by) {
            r.lacking += due;
            r.missing += due ? x->months[m] : 0;
            overdue = overdue || (due && today > ends + 1);
        } else if (dec_is_null(by->amount)) {
            unmeasurable = true;
            r.reason = r.reason.n ? r.reason : by->reason;
        } else {
            r.compared += x->months[m];
            r.last = first + m;
            if (by != before) {
                r.amount = dec_or_zero(r.amount) + by->amount;
                in_units = in_units && !dec_is_null(by->units);
                r.units = dec_or_zero(r.units) + dec_or_zero(by->units);
            }
        }
        before = by;
    }
    if (!in_units)
        r.units = DEC_NULL;
    finish(&r, unmeasurable, overdue);
    return r;
}

bool realized_add(struct realized *sum, const struct realized *x, struct err *e)
{
    struct realized s = *sum;
    bool ok = dec_add(s.projected, x->projected, &s.projected) &&
              dec_add(s.compared, x->compared, &s.compared) &&
              dec_add(s.missing, x->missing, &s.missing);
    if (ok && !dec_is_null(x->amount))
        ok = dec_add(dec_or_zero(s.amount), x->amount, &s.amount);
    if (!ok)
        return err_set(e, ERR_FAILED, "what the benefits bring is too large");
    s.due += x->due;
    s.lacking += x->lacking;
    s.last = MAX(s.last, x->last);
    s.units = s.delta = s.pct = DEC_NULL;
    s.state = MAX(s.state, x->state);
    if (s.state == BENEFIT_UNMEASURABLE && !dec_is_null(s.amount))
        s.state = BENEFIT_PARTLY;
    if (!dec_is_null(s.amount)) {
        s.delta = s.amount - s.compared;
        s.pct = share(s.delta, s.compared);
    }
    *sum = s;
    return true;
}
