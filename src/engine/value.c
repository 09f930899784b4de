/* value.c - present values of lines and benefits to the horizon. */
#include "engine/value.h"

#include <math.h>

#define HORIZON_MAX 240 /* months; plan/ accepts no more */

/* Scheduled and one-time amounts end with the plan. */
static bool one_time(const struct quantity *q)
{
    return q && (q->form == FORM_SCHEDULE || q->per == PER_ONCE);
}

static bool line_continues(const struct line *l)
{
    for (int k = 0; k < LINE_QUANTITIES; k++)
        if (k != Q_BUFFER && k != Q_GROWTH && one_time(l->q[k]))
            return false;
    return true;
}

/* What of a position's last month is scheduled contractor days, which do not continue. */
static double scheduled_part(const struct world *w, uint32_t position)
{
    const struct plan *p = w->p;
    double days[PLAN_MONTHS_MAX];
    for (size_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        if (!w->lever_on[i] || v->effect != LEVER_REPLACE || v->position != position)
            continue;
        if (!one_time(v->replace.days) || !lever_runs(w, v, w->n - 1))
            return 0;
        world_value(w, v->replace.days, 0, w->n, days);
        return lever_covers(w, v, w->n - 1) * world_number(w, p->staff.items[position].count, 1) *
               days[w->n - 1] * world_number_at(w, v->replace.day_rate, w->n - 1, 0);
    }
    return 0;
}

void value_line_months(const struct world *w, const struct expanded *l, double *out)
{
    const struct plan *p = w->p;
    int32_t n = w->n, last = w->n_horizon - 1;
    bool continues = !l->hire && l->kind != LINE_LEVER && l->kind != LINE_OPTION;
    bool yearly = false;
    for (int32_t m = 0; m < n; m++)
        out[m] = money_to_double(l->monthly[m]);
    double after = out[n - 1];
    if (l->line != NO_INDEX) {
        const struct line *of = p->lines[l->line];
        yearly = of->upfront;
        continues = line_continues(of);
        last = MIN(last, of->last - p->header.first);
    } else if (l->position != NO_INDEX) {
        after -= scheduled_part(w, l->position);
        last = MIN(last, p->staff.items[l->position].last - p->header.first);
    } else if (l->contractor != NO_INDEX) {
        const struct contractor *c = &p->contractors.items[l->contractor];
        continues = !one_time(c->days);
        last = MIN(last, c->last - p->header.first);
    } else if (l->upskilling != NO_INDEX) {
        continues = false;
    }
    for (int32_t m = n; m < w->n_horizon; m++) {
        out[m] = !continues || m > last ? 0 : after;
        if (continues && m <= last && yearly)
            out[m] = m >= 12 ? out[m - 12] : 0;
    }
}

static double rate_of(const struct world *w)
{
    return world_number(w, w->p->header.discount, 0);
}

/* Rounded half-even to whole micros. */
static money present(const struct world *w, const double *months)
{
    double sum = 0, base = 1 + rate_of(w);
    currency c = w->p->header.currency;
    for (int32_t m = 0; m < w->n_horizon; m++)
        if (months[m] != 0)
            sum += months[m] * pow(base, -m / 12.0);
    if (!isfinite(sum) || fabs(sum) > 9e12) {
        money r = money_zero(c);
        r.fault = MONEY_OVERFLOW;
        return r;
    }
    return money_of((int64_t)nearbyint(sum * MICROS), c);
}

static money plain_sum(const struct world *w, const double *months)
{
    money sum = money_zero(w->p->header.currency);
    for (int32_t m = 0; m < w->n_horizon; m++)
        sum = money_add(sum, money_from_double(months[m], w->p->header.currency));
    return sum;
}

money value_of_line(const struct world *w, const struct expanded *l)
{
    double months[HORIZON_MAX];
    BUG_IF(w->n_horizon > HORIZON_MAX);
    value_line_months(w, l, months);
    return present(w, months);
}

money value_of_benefit(const struct world *w, const struct benefit *b)
{
    double months[HORIZON_MAX];
    BUG_IF(w->n_horizon > HORIZON_MAX);
    world_benefit(w, b, months);
    return present(w, months);
}

bool value_of(const struct world *w, const struct expansion *x, struct plan_value *ret,
              struct err *e)
{
    const struct plan *p = w->p;
    double months[HORIZON_MAX];
    money zero = money_zero(p->header.currency);
    struct plan_value v = {.cost = zero, .benefits = zero, .plain_cost = zero,
                           .plain_benefits = zero};
    for (int k = 0; k <= BENEFIT_RISK; k++)
        v.of_kind[k] = v.plain_of_kind[k] = zero;
    BUG_IF(w->n_horizon > HORIZON_MAX);
    for (size_t i = 0; i < x->n_lines; i++) {
        value_line_months(w, &x->lines[i], months);
        v.cost = money_add(v.cost, present(w, months));
        v.plain_cost = money_add(v.plain_cost, plain_sum(w, months));
    }
    for (size_t i = 0; i < p->initiatives.n; i++)
        for (size_t k = 0; k < p->initiatives.items[i].benefits.n; k++) {
            const struct benefit *b = &p->initiatives.items[i].benefits.items[k];
            world_benefit(w, b, months);
            money is = present(w, months);
            v.benefits = money_add(v.benefits, is);
            v.of_kind[b->kind.v] = money_add(v.of_kind[b->kind.v], is);
            money plain = plain_sum(w, months);
            v.plain_benefits = money_add(v.plain_benefits, plain);
            v.plain_of_kind[b->kind.v] = money_add(v.plain_of_kind[b->kind.v], plain);
        }
    v.value = money_sub(v.benefits, v.cost);
    if (v.value.fault)
        return err_set(e, ERR_INVALID, "the value of the plan is %s", money_fault_text(v.value));
    *ret = v;
    return true;
}
