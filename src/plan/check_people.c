/* check_people.c - positions, contractors, upskilling. */
#include "plan/reader.h"

static uint32_t find_role(struct reader *r, const struct p_text *name)
{
    const struct plan *p = r->p;
    for (size_t i = 0; i < p->roles.n; i++)
        if (str_eq(p->roles.items[i].name, name->s))
            return (uint32_t)i;
    size_t n = may_suggest(r) ? p->roles.n : 0;
    const char **names = arena_new(r->a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = str_cstr(r->a, p->roles.items[i].name);
    str near = did_you_mean(r, name->s, names, n);
    yaml_fault(r->d, name->at, near.n ? near : S("Add it under `roles`: '{salary: 180k}'."),
               "there is no role '%.*s'", FMT(name->s));
    return NO_INDEX;
}

static void check_position(struct reader *r, struct position *s)
{
    const struct plan_header *h = &r->p->header;
    char a[MONTH_TEXT];
    s->role = NO_INDEX;
    if (!s->at)
        return;
    if (s->role_name.at)
        s->role = find_role(r, &s->role_name);
    else if (!s->salary && !yaml_get(s->at, "salary") && !yaml_get(s->at, "role") &&
             !has_unknown_key(r, s->at))
        yaml_fault(r->d, s->at, S("Add `role: NAME` or `salary: 180k`."),
                   "this position has neither a role nor a salary");
    check_weights(r, &s->works_on);
    if (h->first == MONTH_NONE)
        return;
    if (s->start.at && s->start.m > h->last)
        check_inside_plan(r, &s->start, "'start'");
    s->here = !s->start.at || s->start.m < h->first;
    s->hire = !s->here;
    s->external = s->hire && !(s->internal.at && s->internal.v == 1);
    s->first = s->here ? h->first : s->start.m;
    s->last = h->first + h->n_horizon - 1;
    if (s->end.at && s->end.m < s->first)
        yaml_fault(r->d, s->end.at, STR_NONE, "'end' %.*s is before the position's first month",
                   FMT(month_format(s->end.m, a)));
    else if (s->end.at)
        s->last = MIN(s->last, s->end.m);
}

static void check_contractor(struct reader *r, struct contractor *c)
{
    const struct plan_header *h = &r->p->header;
    check_weights(r, &c->works_on);
    if (h->first == MONTH_NONE || !c->at)
        return;
    check_inside_plan(r, &c->from, "'from'");
    c->first = c->from.at ? c->from.m : h->first;
    c->last = c->to.at ? c->to.m : h->first + h->n_horizon - 1;
    if (c->to.at && c->last < c->first) /* else 'from' is outside the plan, which is said */
        yaml_fault(r->d, c->to.at, STR_NONE, "'to' is before the first month");
    check_schedule(r, c->days, c->first, c->last);
}

void check_people(struct reader *r)
{
    struct plan *p = r->p;
    struct map staff, contractors, upskilling, roles;
    map_init(&staff, r->a);
    map_init(&contractors, r->a);
    map_init(&upskilling, r->a);
    map_init(&roles, r->a);
    for (size_t i = 0; i < p->staff.n; i++) {
        check_unique(r, &staff, &p->staff.items[i].id, "position");
        check_position(r, &p->staff.items[i]);
    }
    for (size_t i = 0; i < p->contractors.n; i++) {
        check_unique(r, &contractors, &p->contractors.items[i].id, "contractor");
        check_contractor(r, &p->contractors.items[i]);
    }
    for (size_t i = 0; i < p->upskilling.n; i++) {
        struct upskilling *u = &p->upskilling.items[i];
        check_unique(r, &upskilling, &u->id, "upskilling");
        check_inside_plan(r, &u->month, "'month'");
        check_weights(r, &u->works_on);
    }
}
