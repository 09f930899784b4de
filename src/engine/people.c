/* people.c - positions, hires, contractors, upskilling: fully loaded cost by month. */
#include "engine/world_int.h"

uint32_t weights_single(const struct weights *works_on)
{
    return works_on->n == 1 ? works_on->items[0].index : NO_INDEX;
}

bool weights_idle(const struct world *w, const struct weights *works_on)
{
    for (size_t i = 0; i < works_on->n; i++) {
        const struct weight *x = &works_on->items[i];
        if (w->running[x->index] && (!x->q || x->q->points[0].v.point > 0))
            return false;
    }
    return works_on->n > 0;
}

bool world_has_position(const struct world *w, uint32_t position)
{
    const struct position *s = &w->p->staff.items[position];
    return s->here || !weights_idle(w, &s->works_on);
}

/* The longest delay among what it works on, if all of it is delayed. */
static int32_t delay_of(const struct world *w, const struct weights *works_on)
{
    int32_t least = works_on->n ? INT32_MAX : 0;
    for (size_t i = 0; i < works_on->n; i++)
        least = MIN(least, w->c.delay ? w->c.delay[works_on->items[i].index] : 0);
    return least;
}

/* Savings of levers that name this position, contractor or entry. */
static void apply_savings(const struct world *w, uint32_t position, uint32_t contractor,
                          uint32_t upskill, double *amount)
{
    for (size_t i = 0; i < w->p->levers.n; i++) {
        const struct lever *v = &w->p->levers.items[i];
        bool mine = (position != NO_INDEX && v->position == position) ||
                    (contractor != NO_INDEX && v->contractor == contractor) ||
                    (upskill != NO_INDEX && v->upskill == upskill);
        if (!w->lever_on[i] || !mine || v->effect != LEVER_SAVES)
            continue;
        for (int32_t m = 0; m < w->n; m++)
            amount[m] *= lever_leaves(w, v, m);
    }
}

static const struct lever *lever_on_position(const struct world *w, uint32_t position,
                                             enum lever_effect effect)
{
    for (size_t i = 0; i < w->p->levers.n; i++) {
        const struct lever *v = &w->p->levers.items[i];
        if (w->lever_on[i] && v->effect == effect && v->position == position)
            return v;
    }
    return NULL;
}

/* Contractor days in the place of a position, for the covered share. */
static void replace_months(const struct world *w, const struct lever *v, double count,
                           int32_t first, int32_t last, double *amount)
{
    double days[PLAN_MONTHS_MAX];
    world_value(w, v->replace.days, 0, w->n, days);
    for (int32_t m = first; m <= last; m++) {
        if (!lever_runs(w, v, m))
            continue;
        double covers = lever_covers(w, v, m);
        double instead = count * days[m] * world_number_at(w, v->replace.day_rate, m, 0);
        amount[m] = (1 - covers) * amount[m] + covers * instead;
    }
}

static double hire_cost(const struct world *w, uint32_t position, const struct position *s,
                        double count, double salary, int32_t m)
{
    const struct loading *l = &w->p->loading;
    const struct lever *skips = lever_on_position(w, position, LEVER_SKIPS);
    const struct lever *replace = lever_on_position(w, position, LEVER_REPLACE);
    double recruiting = world_number_at(w, s->recruiting ? s->recruiting : l->recruiting, m, 0);
    if (skips && lever_runs(w, skips, m))
        recruiting *= 1 - lever_covers(w, skips, m);
    double cost = count * (salary * recruiting + world_number_at(w, l->equipment, m, 0));
    return replace && lever_runs(w, replace, m) ? cost * (1 - lever_covers(w, replace, m)) : cost;
}

bool world_position(const struct world *w, uint32_t position, double *amount, double *heads,
                    double *ret_hire, int32_t *ret_hire_month)
{
    const struct plan *p = w->p;
    const struct position *s = &p->staff.items[position];
    const struct loading *l = &p->loading;
    const struct quantity *pay = s->salary ? s->salary : p->roles.items[s->role].salary;
    int32_t first = s->first - p->header.first, last = MIN(s->last - p->header.first, w->n - 1);
    double count = world_number(w, s->count, 1), salary[PLAN_MONTHS_MAX];
    double loaded = 1 + world_number(w, l->benefits, 0), raise = 1 + world_number(w, l->raise, 0);
    if (!world_has_position(w, position))
        return false;
    if (!s->here)
        first += delay_of(w, &s->works_on) + w->c.delay_hires;
    memset(amount, 0, sizeof(double) * (size_t)w->n);
    memset(heads, 0, sizeof(double) * (size_t)w->n);
    world_value(w, pay, 0, w->n, salary);
    for (int32_t m = first; m <= last; m++) {
        heads[m] = count;
        amount[m] = count * salary[m] / 12 * loaded;
        if (s->here && l->raise && p->header.first + m >= l->raise_in.m)
            amount[m] *= raise;
    }
    const struct lever *replace = lever_on_position(w, position, LEVER_REPLACE);
    if (replace)
        replace_months(w, replace, count, first, last, amount);
    apply_savings(w, position, NO_INDEX, NO_INDEX, amount);
    *ret_hire_month = s->external && first < w->n && first <= last ? first : -1;
    *ret_hire = *ret_hire_month < 0 ? 0 : hire_cost(w, position, s, count, salary[first], first);
    return true;
}

double world_hired(const struct world *w, uint32_t position)
{
    const struct position *s = &w->p->staff.items[position];
    int32_t first = s->first - w->p->header.first;
    if (!s->hire || !world_has_position(w, position))
        return 0;
    first += delay_of(w, &s->works_on) + w->c.delay_hires;
    if (first >= w->n || first > s->last - w->p->header.first)
        return 0;
    double count = world_number(w, s->count, 1);
    const struct lever *replace = lever_on_position(w, position, LEVER_REPLACE);
    return replace && lever_runs(w, replace, first) ? count * (1 - lever_covers(w, replace, first))
                                                    : count;
}

bool world_contractor(const struct world *w, uint32_t contractor, double *amount)
{
    const struct contractor *c = &w->p->contractors.items[contractor];
    double days[PLAN_MONTHS_MAX], rate[PLAN_MONTHS_MAX];
    if (weights_idle(w, &c->works_on))
        return false;
    world_value(w, c->days, 0, w->n, days);
    world_value(w, c->day_rate, 0, w->n, rate);
    for (int32_t m = 0; m < w->n; m++) {
        month at = w->p->header.first + m;
        bool inside = at >= c->first && at <= c->last;
        amount[m] = inside ? days[m] * rate[m] / (c->days->per == PER_YEAR ? 12 : 1) : 0;
    }
    apply_savings(w, NO_INDEX, contractor, NO_INDEX, amount);
    return true;
}

bool world_upskilling(const struct world *w, uint32_t upskilling, double *amount)
{
    const struct upskilling *u = &w->p->upskilling.items[upskilling];
    int32_t at = u->month.m - w->p->header.first;
    if (weights_idle(w, &u->works_on))
        return false;
    memset(amount, 0, sizeof(double) * (size_t)w->n);
    amount[at] = world_number_at(w, u->people, at, 0) * world_number_at(w, u->cost, at, 0);
    apply_savings(w, NO_INDEX, NO_INDEX, upskilling, amount);
    return true;
}

void world_extra_hire(const struct world *w, const struct extra_hire *h, double *amount,
                      double *heads, double *ret_hire, int32_t *ret_hire_month)
{
    const struct loading *l = &w->p->loading;
    int32_t first = h->from - w->p->header.first + w->c.delay_hires;
    double salary[PLAN_MONTHS_MAX];
    double loaded = 1 + world_number(w, l->benefits, 0);
    world_value(w, w->p->roles.items[h->role].salary, 0, w->n, salary);
    memset(amount, 0, sizeof(double) * (size_t)w->n);
    memset(heads, 0, sizeof(double) * (size_t)w->n);
    for (int32_t m = first; m < w->n; m++) {
        heads[m] = h->count;
        amount[m] = h->count * salary[m] / 12 * loaded;
    }
    *ret_hire_month = first < w->n ? first : -1;
    *ret_hire = first >= w->n
                    ? 0
                    : h->count * (salary[first] * world_number_at(w, l->recruiting, first, 0) +
                                  world_number_at(w, l->equipment, first, 0));
}
