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

/* ---- what a delay moves behind the plan's last month ---- */

/* The same world with no delay longer than that to the plan's last month. */
static struct world not_later(struct arena *a, const struct world *w, uint32_t initiative,
                              int32_t first)
{
    struct world r = *w;
    int32_t *delay = arena_new(a, int32_t, w->p->initiatives.n + 1);
    for (uint32_t i = 0; i < w->p->initiatives.n; i++)
        delay[i] = initiative == NO_INDEX || i == initiative ? MIN(w->c.delay[i], w->n - 1 - first)
                                                             : w->c.delay[i];
    r.c.delay = delay;
    return r;
}

static double in_cents(const struct world *w, double amount)
{
    return money_to_double(money_round(money_from_double(amount, w->p->header.currency),
                                       CENT_MICROS, ROUND_HALF_EVEN));
}

/* The first month of a line that a delay moves behind the plan's end, else -1; *ret: what it costs
 * in a month then, which is what it would have if it began in the plan's last month. */
static int32_t late_line(const struct world *w, const struct line *of, double *ret)
{
    struct arena scratch = ARENA_INIT;
    struct line_months months;
    int32_t first, last, planned = of->first - w->p->header.first;
    world_line_span(w, of, &first, &last);
    if (first < w->n || planned >= w->n)
        return -1;
    /* a yearly amount is that of its last renewal */
    struct world v = not_later(&scratch, w, of->initiative, of->upfront ? w->n - 1 : planned);
    world_line(&v, of, &months);
    *ret = months.amount[w->n - 1];
    for (int32_t m = w->n - 2; of->upfront && !(*ret > 0) && m >= 0; m--)
        *ret = months.amount[m];
    *ret = in_cents(w, *ret);
    arena_release(&scratch);
    return first;
}

/* The same of a position that works on nothing that starts sooner. */
static int32_t late_position(const struct world *w, uint32_t position, double *ret)
{
    const struct position *s = &w->p->staff.items[position];
    int32_t planned = s->first - w->p->header.first, late = INT32_MAX, at;
    double amount[PLAN_MONTHS_MAX], heads[PLAN_MONTHS_MAX], hire;
    for (size_t i = 0; w->c.delay && i < s->works_on.n; i++)
        late = MIN(late, w->c.delay[s->works_on.items[i].index]);
    if (s->here || !w->c.delay || !s->works_on.n || planned >= w->n || planned + late < w->n)
        return -1;
    struct arena scratch = ARENA_INIT;
    struct world v = not_later(&scratch, w, NO_INDEX, planned);
    *ret =
        world_position(&v, position, amount, heads, &hire, &at) ? in_cents(w, amount[w->n - 1]) : 0;
    arena_release(&scratch);
    return planned + late;
}

/* ---- */

void value_line_months(const struct world *w, const struct expanded *l, double *out)
{
    const struct plan *p = w->p;
    int32_t n = w->n, last = w->n_horizon - 1, late = -1;
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
        late = late_line(w, of, &after);
    } else if (l->position != NO_INDEX) {
        late = l->hire ? -1 : late_position(w, l->position, &after);
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
        bool runs = continues && m <= last && m >= late;
        out[m] = runs ? after : 0;
        if (runs && yearly && late < 0)
            out[m] = m >= 12 ? out[m - 12] : 0;
        else if (runs && yearly && (p->header.first + m - p->lines[l->line]->renews.m) % 12)
            out[m] = 0;
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
    struct plan_value v = {
        .cost = zero, .benefits = zero, .plain_cost = zero, .plain_benefits = zero};
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
