/* value.c - benefits: what the budget promises, what was measured, and measuring. */
#include "app/value.h"

#include "app/track.h"

#define AMOUNT_MOST (DEC_ONE * 1000000000000000) /* 10^15 */

/* ---- opening ---- */

static struct measured measured_of(const struct measurement *x)
{
    return (struct measured){.benefit = x->benefit, .first = x->first, .last = x->last,
                             .amount = x->amount, .units = x->units, .reason = x->reason};
}

bool value_of_budget(struct workspace *w, const struct plan *p, str name, struct value_book *ret,
                     struct err *e)
{
    struct value_book v = {.plan = p, .budget_name = name, .world = world_new(w->arena, p, NULL)};
    if (!benefits_promised(w->arena, v.world, &v.promised, &v.n_promised, e) ||
        !book_measurements(w->book, w->arena, &v.measurements, &v.n_measurements, e))
        return false;
    v.standing = arena_new(w->arena, struct measured, v.n_measurements + 1);
    for (size_t i = 0; i < v.n_measurements; i++)
        if (measurement_stands(&v.measurements[i]))
            v.standing[v.n_standing++] = measured_of(&v.measurements[i]);
    *ret = v;
    return true;
}

bool value_open(struct workspace *w, int64_t baseline, struct diags *faults, struct value_book *ret,
                struct err *e)
{
    struct plan_source source;
    str what, name;
    return track_choose_budget(w, baseline, &what, &name, e) &&
           load_plan_source(w, what, faults, &source, e) &&
           value_of_budget(w, source.plan, name, ret, e);
}

/* ---- periods ---- */

struct building {
    struct arena *a;
    const struct value_book *v;
    const struct promised *promised; /* of the period: the plan's, or a review's */
    size_t n_promised;
    const struct measured *measured;
    size_t n_measured;
    month today;
};

static bool add_up(struct building *b, int32_t from, int32_t to, struct value_period *p,
                   struct err *e)
{
    struct value_row *benefits = arena_new(b->a, struct value_row, b->n_promised + 1);
    struct value_row *sums = arena_new(b->a, struct value_row, b->n_promised + 1);
    p->cash = p->all = realized_nothing();
    for (size_t i = 0; i < b->n_promised; i++) {
        const struct promised *x = &b->promised[i];
        struct value_row row = {.path = x->benefit->path, .title = x->benefit->path,
                                .benefit = x->benefit};
        row.r = benefit_realized(b->v->world, x, b->measured, b->n_measured, from, to, b->today);
        if (row.r.state == BENEFIT_QUIET)
            continue;
        benefits[p->n_benefits++] = row;
        struct value_row *sum = p->n_initiatives ? &sums[p->n_initiatives - 1] : NULL;
        str id = x->initiative->id.s;
        if (!sum || !str_eq(sum->path, id)) { /* those of an initiative stand together */
            sum = &sums[p->n_initiatives++];
            *sum = (struct value_row){
                .path = id, .title = x->initiative->name.s.n ? x->initiative->name.s : id,
                .r = realized_nothing()};
        }
        bool cash = x->benefit->at && (x->benefit->kind.v == BENEFIT_CASH ||
                                       x->benefit->kind.v == BENEFIT_REVENUE);
        if (!realized_add(&sum->r, &row.r, e) || !realized_add(&p->all, &row.r, e) ||
            (cash && !realized_add(&p->cash, &row.r, e)))
            return false;
    }
    p->benefits = benefits;
    p->initiatives = sums;
    return true;
}

bool value_period_of(struct arena *a, const struct value_book *v, str label, int32_t from,
                     int32_t to, month today, struct value_period *ret, struct err *e)
{
    month first = v->plan->header.first;
    struct value_period p = {.label = label, .first = first + from, .last = first + to - 1};
    struct building b = {a, v, v->promised, v->n_promised, v->standing, v->n_standing, today};
    if (!add_up(&b, from, to, &p, e))
        return false;
    *ret = p;
    return true;
}

/* The benefit of a path, even when the plan lost it since. */
static struct promised promised_of(struct arena *a, const struct value_book *v,
                                   const struct review_benefit *x)
{
    const struct plan *p = v->plan;
    for (size_t i = 0; i < p->initiatives.n; i++)
        for (size_t k = 0; k < p->initiatives.items[i].benefits.n; k++)
            if (str_eq(p->initiatives.items[i].benefits.items[k].path, x->path))
                return (struct promised){.benefit = &p->initiatives.items[i].benefits.items[k],
                                         .initiative = &p->initiatives.items[i]};
    struct benefit *b = arena_new(a, struct benefit, 1);
    struct initiative *in = arena_new(a, struct initiative, 1);
    b->path = x->path;
    in->id.s = x->initiative;
    return (struct promised){.benefit = b, .initiative = in};
}

bool value_period_of_review(struct arena *a, const struct value_book *v, const struct review *r,
                            month today, struct value_period *ret, struct err *e)
{
    struct promised *promised = arena_new(a, struct promised, r->n_benefits + 1);
    struct measured *measured = arena_new(a, struct measured, r->n_benefits + 1);
    struct value_period p = {.label = r->label, .first = r->first, .last = r->last};
    struct building b = {a, v, promised, 0, measured, 0, today};
    month first = v->plan->header.first;
    int64_t last_measured = 0;
    dec *months = NULL;
    for (size_t i = 0; i < r->n_benefits; i++) {
        const struct review_benefit *x = &r->benefits[i];
        if (!i || !str_eq(x->path, r->benefits[i - 1].path)) {
            months = arena_new(a, dec, (size_t)v->world->n);
            promised[b.n_promised] = promised_of(a, v, x);
            promised[b.n_promised++].months = months;
        }
        if (x->month >= first && x->month < first + v->world->n)
            months[x->month - first] = x->projected;
        for (size_t k = 0; x->measurement != last_measured && k < v->n_measurements; k++)
            if (v->measurements[k].id == x->measurement)
                measured[b.n_measured++] = measured_of(&v->measurements[k]);
        last_measured = x->measurement;
    }
    if (!add_up(&b, r->first - first, r->last - first + 1, &p, e))
        return false;
    *ret = p;
    return true;
}

void value_due(struct arena *a, const struct value_book *v, month first, month last,
               struct review_benefit **ret, size_t *ret_n)
{
    month plan_first = v->plan->header.first;
    size_t n = 0, most = v->n_promised * (size_t)(last - first + 1);
    struct review_benefit *items = arena_new(a, struct review_benefit, most + 1);
    for (size_t i = 0; i < v->n_promised; i++) {
        const struct promised *x = &v->promised[i];
        for (month m = first; m <= last; m++)
            if (x->months[m - plan_first] > 0)
                items[n++] = (struct review_benefit){.path = x->benefit->path,
                                                     .initiative = x->initiative->id.s,
                                                     .month = m,
                                                     .projected = x->months[m - plan_first]};
    }
    *ret = items;
    *ret_n = n;
}

/* ---- measuring ---- */

static const struct promised *find(const struct value_book *v, str path, struct err *e)
{
    struct arena a = ARENA_INIT;
    const char **names = arena_new(&a, const char *, v->n_promised + 1);
    const struct promised *found = NULL;
    for (size_t i = 0; i < v->n_promised; i++) {
        names[i] = str_cstr(&a, v->promised[i].benefit->path);
        if (str_eq(v->promised[i].benefit->path, path))
            found = &v->promised[i];
    }
    if (!found) {
        const char *meant = str_closest(path, names, v->n_promised);
        err_set(e, ERR_USAGE, "%.*s promises no benefit '%.*s'", FMT(v->budget_name), FMT(path));
        if (meant)
            err_hint(e, "Did you mean '%s'?", meant);
        else
            err_hint(e, "'outlay value' lists them.");
    }
    arena_release(&a);
    return found;
}

static bool is_over(const struct measure_request *q, struct err *e)
{
    char name[MONTH_TEXT];
    if (q->last < q->today)
        return true;
    err_set(e, ERR_FAILED, "%s is not over: nothing of it can be measured yet",
            (month_format_name(q->last, name), name));
    return q->first < q->last && q->first < q->today
               ? err_hint(e, "The months that are over can be measured one by one with --month.")
               : false;
}

static bool amount_of(const struct value_book *v, const struct measure_request *q,
                      const struct benefit *b, struct measurement *x, struct err *e)
{
    x->amount = q->amount;
    x->units = x->each = DEC_NULL;
    if (!dec_is_null(q->units)) {
        x->units = q->units;
        x->each = benefit_each(v->world, b);
        if (!dec_mul(x->units, x->each, &x->amount))
            return err_set(e, ERR_USAGE, "that many units are worth too much");
        x->amount = dec_round(x->amount, 2);
    }
    return dec_is_null(x->amount) || (x->amount <= AMOUNT_MOST && x->amount >= -AMOUNT_MOST) ||
           err_set(e, ERR_USAGE, "that amount is too large to be one benefit's");
}

bool value_measure(struct workspace *w, const struct value_book *v, const struct measure_request *q,
                   int64_t *ret_id, dec *ret_amount, struct err *e)
{
    const struct promised *x = find(v, q->benefit, e);
    if (!x || !is_over(q, e))
        return false;
    char code[8];
    snprintf(code, sizeof code, "%s", v->plan->header.currency.code);
    struct measurement m = {.by = q->by.n ? q->by : x->benefit->owner.s, .benefit = q->benefit,
                            .first = q->first, .last = q->last, .reason = q->reason,
                            .currency = str_of(code), .budget = v->budget_name,
                            .evidence = q->evidence, .note = q->note};
    if (!amount_of(v, q, x->benefit, &m, e) ||
        !book_add_measurement(w->book, &m, w->options.now, ret_id, e))
        return false;
    *ret_amount = m.amount;
    return true;
}
