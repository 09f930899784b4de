/* scenario_model.c - which choices each part of a plan depends on, and its amounts under them. */
#include "engine/scenario_int.h"

struct memo {
    uint32_t group; /* + 1; 0: free */
    struct set on;
    struct amounts amounts;
};

/* --- what a part depends on --- */

struct scopes {
    struct model *m;
    struct set *drops;     /* per initiative: drops of it and of all it needs */
    struct set *adopts;    /* per initiative: its adoptions */
    struct set *delays;    /* per initiative */
    struct set *gains;     /* per initiative: options that change its benefits */
    bool *candidate;       /* per initiative */
};

/* Choices that decide whether an initiative runs. */
static struct set runs_by(const struct scopes *s, uint32_t initiative)
{
    struct set r = s->drops[initiative];
    set_join(&r, &s->adopts[initiative]);
    return r;
}

/* ... and when. */
static struct set when_by(const struct scopes *s, uint32_t initiative)
{
    struct set r = runs_by(s, initiative);
    set_join(&r, &s->delays[initiative]);
    return r;
}

static void scopes_init(struct scopes *s, struct model *m, struct arena *a)
{
    const struct plan *p = m->p;
    size_t n = p->initiatives.n + 1;
    s->m = m;
    s->drops = arena_new(a, struct set, n);
    s->adopts = arena_new(a, struct set, n);
    s->delays = arena_new(a, struct set, n);
    s->gains = arena_new(a, struct set, n);
    s->candidate = arena_new(a, bool, n);
    for (uint32_t i = 0; i < m->cs->n; i++) {
        const struct choice *c = &m->cs->items[i];
        if (c->act == ACTION_DROP)
            set_add(&s->drops[c->initiative], i);
        if (c->act == ACTION_ADOPT)
            set_add(&s->adopts[c->initiative], i);
        if (c->act == ACTION_DELAY)
            set_add(&s->delays[c->initiative], i);
        if (c->option && c->option->value_share != 0)
            set_add(&s->gains[c->initiative], i);
    }
    bool again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < p->initiatives.n; i++) {
            const struct initiative *in = &p->initiatives.items[i];
            s->candidate[i] = in->status.at && in->status.v == INITIATIVE_CANDIDATE;
            for (size_t k = 0; k < in->needs.n; k++) {
                const struct set *of = &s->drops[in->need_index[k]];
                if (set_within(of, &s->drops[i]))
                    continue;
                set_join(&s->drops[i], of);
                again = true;
            }
        }
    }
}

/* --- groups --- */

static struct group *group_for(struct model *m, const struct set *scope, uint32_t own)
{
    const struct plan *p = m->p;
    for (size_t i = 0; i < m->n_groups; i++)
        if (own == NO_INDEX && m->groups[i].own == NO_INDEX &&
            !set_cmp(&m->groups[i].scope, scope))
            return &m->groups[i];
    m->groups = arena_grow(m->a, m->groups, sizeof *m->groups, &m->cap_groups, m->n_groups + 1);
    struct group *g = &m->groups[m->n_groups++];
    *g = (struct group){.scope = *scope, .own = own};
    g->lines = arena_new(m->a, bool, p->n_lines + 1);
    g->positions = arena_new(m->a, bool, p->staff.n + 1);
    g->contractors = arena_new(m->a, bool, p->contractors.n + 1);
    g->upskilling = arena_new(m->a, bool, p->upskilling.n + 1);
    g->levers = arena_new(m->a, bool, p->levers.n + 1);
    g->parts = (struct expand_parts){g->lines, g->positions, g->contractors, g->upskilling,
                                     g->levers};
    return g;
}

static void add_benefit(struct model *m, struct group *g, const struct benefit *b)
{
    const struct benefit **more = arena_new(m->a, const struct benefit *, g->n_benefits + 1);
    for (size_t i = 0; i < g->n_benefits; i++)
        more[i] = g->benefits[i];
    more[g->n_benefits++] = b;
    g->benefits = more;
}

static void add_lines(struct scopes *s)
{
    struct model *m = s->m;
    const struct plan *p = m->p;
    for (uint32_t i = 0; i < p->n_lines; i++) {
        struct set scope = when_by(s, p->lines[i]->initiative);
        for (uint32_t k = 0; k < m->cs->n; k++) {
            const struct choice *c = &m->cs->items[k];
            const uint32_t *lines = NULL;
            size_t n = 0;
            if (c->kind == CHOICE_LEVER) {
                lines = p->levers.items[c->lever].lines;
                n = p->levers.items[c->lever].n_lines;
            } else if (c->act == ACTION_SCALE) {
                lines = c->option->action.lines;
                n = c->option->action.n_lines;
            }
            for (size_t j = 0; j < n; j++)
                if (lines[j] == i)
                    set_add(&scope, k);
        }
        group_for(m, &scope, NO_INDEX)->lines[i] = true;
    }
    for (uint32_t i = 0; i < p->initiatives.n; i++) {
        struct set scope = when_by(s, i);
        set_join(&scope, &s->gains[i]);
        for (size_t k = 0; k < p->initiatives.items[i].benefits.n; k++)
            add_benefit(m, group_for(m, &scope, NO_INDEX),
                        &p->initiatives.items[i].benefits.items[k]);
    }
}

static struct set worked_on_by(const struct scopes *s, const struct weights *w)
{
    struct set r = {{0}};
    for (size_t i = 0; i < w->n; i++) {
        struct set one = when_by(s, w->items[i].index);
        set_join(&r, &one);
    }
    return r;
}

static void add_people(struct scopes *s)
{
    struct model *m = s->m;
    const struct plan *p = m->p;
    for (int kind = 0; kind < 3; kind++) {
        size_t n = kind == 0 ? p->staff.n : kind == 1 ? p->contractors.n : p->upskilling.n;
        for (uint32_t i = 0; i < n; i++) {
            struct set scope = {{0}};
            if (kind == 0 && !p->staff.items[i].here)
                scope = worked_on_by(s, &p->staff.items[i].works_on);
            else if (kind == 1)
                scope = worked_on_by(s, &p->contractors.items[i].works_on);
            else if (kind == 2)
                scope = worked_on_by(s, &p->upskilling.items[i].works_on);
            for (uint32_t k = 0; k < m->cs->n; k++) {
                if (m->cs->items[k].kind != CHOICE_LEVER)
                    continue;
                const struct lever *v = &p->levers.items[m->cs->items[k].lever];
                if ((kind == 0 ? v->position : kind == 1 ? v->contractor : v->upskill) == i)
                    set_add(&scope, k);
            }
            struct group *g = group_for(m, &scope, NO_INDEX);
            (kind == 0 ? g->positions : kind == 1 ? g->contractors : g->upskilling)[i] = true;
        }
    }
}

/* A lever's cost hangs on whether anything is left that it applies to, and on what is first. */
static void add_lever_costs(struct scopes *s)
{
    struct model *m = s->m;
    const struct plan *p = m->p;
    for (uint32_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        struct set scope = {{0}};
        if (!v->cost)
            continue;
        for (uint32_t k = 0; k < m->cs->n; k++)
            if (m->cs->items[k].lever == i)
                set_add(&scope, k);
        for (size_t k = 0; k < v->n_lines; k++) {
            const struct line *l = p->lines[v->lines[k]];
            struct set one = when_by(s, l->initiative);
            month first = MAX(l->first, v->first), last = MIN(MIN(l->last, v->last), p->header.last);
            if (set_empty(&one) && !s->candidate[l->initiative] && first <= last)
                break; /* it is there whatever is chosen */
            set_join(&scope, &one);
        }
        struct set one = {{0}};
        if (v->position != NO_INDEX && !p->staff.items[v->position].here)
            one = worked_on_by(s, &p->staff.items[v->position].works_on);
        else if (v->contractor != NO_INDEX)
            one = worked_on_by(s, &p->contractors.items[v->contractor].works_on);
        else if (v->upskill != NO_INDEX)
            one = worked_on_by(s, &p->upskilling.items[v->upskill].works_on);
        set_join(&scope, &one);
        group_for(m, &scope, NO_INDEX)->levers[i] = true;
    }
}

static void add_own(struct model *m)
{
    for (uint32_t i = 0; i < m->cs->n; i++) {
        const struct plan_option *o = m->cs->items[i].option;
        struct set scope = {{0}};
        set_add(&scope, i);
        if (o && (o->cost || o->action.kind == ACTION_HIRE))
            (void)group_for(m, &scope, i);
    }
}

/* --- clauses --- */

static void add_clause(struct model *m, uint32_t a, const struct set *not, const struct set *one_of)
{
    m->clauses =
        arena_grow(m->a, m->clauses, sizeof *m->clauses, &m->cap_clauses, m->n_clauses + 1);
    m->clauses[m->n_clauses++] = (struct clause){a, *not, *one_of};
}

bool clause_holds(const struct clause *c, const struct set *on)
{
    return !set_has(on, c->a) ||
           (!set_meets(&c->not, on) && (set_empty(&c->one_of) || set_meets(&c->one_of, on)));
}

/* The same law as choices_contradiction, as clauses. */
static void add_clauses(struct scopes *s)
{
    struct model *m = s->m;
    const struct plan *p = m->p;
    const struct set none = {{0}};
    for (uint32_t i = 0; i < m->cs->n; i++) {
        const struct choice *c = &m->cs->items[i];
        struct set not = none;
        if (c->kind == CHOICE_LEVER)
            continue;
        for (uint32_t k = 0; k < m->cs->n; k++)
            if (k != i && choices_exclude(&m->cs->items[i], &m->cs->items[k]))
                set_add(&not, k);
        if (c->act == ACTION_DROP) {
            if (s->candidate[c->initiative])
                set_add(&not, i);
            add_clause(m, i, &not, &none);
            continue;
        }
        set_join(&not, &s->drops[c->initiative]);
        add_clause(m, i, &not, &none);
        if (s->candidate[c->initiative] && c->act != ACTION_ADOPT)
            add_clause(m, i, &none, &s->adopts[c->initiative]);
        const struct initiative *in = &p->initiatives.items[c->initiative];
        for (size_t k = 0; c->act == ACTION_ADOPT && k < in->needs.n; k++)
            if (s->candidate[in->need_index[k]])
                add_clause(m, i, &none, &s->adopts[in->need_index[k]]);
    }
}

struct model *model_new(struct arena *a, const struct plan *p, const bool *levers, struct err *e)
{
    struct arena tmp = ARENA_INIT;
    struct scopes s;
    struct model *m = arena_new(a, struct model, 1);
    *m = (struct model){.a = a, .p = p, .levers = levers, .cs = choices_new(a, p)};
    if (m->cs->n > SCENARIO_CHOICES_MAX) {
        err_set(e, ERR_INVALID, "the plan has %zu options and levers to choose from, more than %d",
                m->cs->n, SCENARIO_CHOICES_MAX);
        return NULL;
    }
    m->n_slots = 1024;
    m->memo = arena_new(a, struct memo, m->n_slots);
    scopes_init(&s, m, &tmp);
    add_lines(&s);
    add_people(&s);
    add_lever_costs(&s);
    add_own(m);
    add_clauses(&s);
    arena_release(&tmp);
    return m;
}

/* --- amounts --- */

static int64_t hires_of(const struct world *w, const struct group *g, const struct expansion *x)
{
    double heads = 0;
    (void)g;
    for (size_t i = 0; i < x->n_lines; i++) {
        const struct expanded *l = &x->lines[i];
        if (l->position != NO_INDEX && !l->hire && w->p->staff.items[l->position].hire)
            heads += world_hired(w, l->position);
        if (l->extra != NO_INDEX && !l->hire && w->c.hires[l->extra].from <= w->p->header.last)
            heads += w->c.hires[l->extra].count;
    }
    return (int64_t)(heads * 1000 + 0.5);
}

static bool compute(struct model *m, const struct group *g, const struct set *on,
                    struct amounts *ret)
{
    struct arena tmp = ARENA_INIT;
    struct circumstances c;
    const struct expansion *x;
    struct amounts r = {0};
    bool *chosen = arena_new(&tmp, bool, m->cs->n + 1);
    for (uint32_t i = 0; i < m->cs->n; i++)
        chosen[i] = set_has(on, i);
    choices_apply(&tmp, m->cs, chosen, m->levers, &c);
    if (g->own == NO_INDEX)
        c.n_hires = c.n_option_costs = 0;
    struct world *w = world_new(&tmp, m->p, &c);
    bool good = expand_world(&tmp, w, &g->parts, &x, &m->e);
    if (good) {
        for (int k = 0; k < CATEGORY_RESERVE; k++)
            r.category[k] = x->categories[k].total.micros / CENT_MICROS;
        r.planned = x->planned.micros / CENT_MICROS;
        money value = money_zero(m->p->header.currency);
        for (size_t i = 0; i < x->n_lines; i++)
            value = money_sub(value, value_of_line(w, &x->lines[i]));
        for (size_t i = 0; i < g->n_benefits; i++)
            value = money_add(value, value_of_benefit(w, g->benefits[i]));
        if (value.fault)
            good = err_set(&m->e, ERR_INVALID, "the value of the plan is %s",
                           money_fault_text(value));
        r.value = value.micros;
        r.hires = hires_of(w, g, x);
        *ret = r;
    }
    arena_release(&tmp);
    return good;
}

static size_t slot_of(const struct model *m, uint32_t group, const struct set *on)
{
    uint64_t h = group * 0x9e3779b97f4a7c15ull;
    for (int k = 0; k < SET_WORDS; k++)
        h = (h ^ on->w[k]) * 0xff51afd7ed558ccdull, h ^= h >> 32;
    size_t at = (size_t)h & (m->n_slots - 1);
    while (m->memo[at].group && (m->memo[at].group != group || set_cmp(&m->memo[at].on, on)))
        at = (at + 1) & (m->n_slots - 1);
    return at;
}

static void grow_memo(struct model *m)
{
    struct memo *old = m->memo;
    size_t n = m->n_slots;
    m->n_slots *= 2;
    m->memo = arena_new(m->a, struct memo, m->n_slots);
    for (size_t i = 0; i < n; i++)
        if (old[i].group)
            m->memo[slot_of(m, old[i].group, &old[i].on)] = old[i];
}

const struct amounts *model_group(struct model *m, size_t group, const struct set *on)
{
    const struct group *g = &m->groups[group];
    struct set key = set_both(on, &g->scope);
    size_t at = slot_of(m, (uint32_t)group + 1, &key);
    if (m->memo[at].group)
        return &m->memo[at].amounts;
    if (m->failed)
        return NULL;
    if ((m->n_memo + 1) * 2 > m->n_slots) {
        grow_memo(m);
        at = slot_of(m, (uint32_t)group + 1, &key);
    }
    struct memo *e = &m->memo[at];
    if (g->own != NO_INDEX && !set_has(&key, g->own)) {
        e->amounts = (struct amounts){0};
    } else if (!compute(m, g, &key, &e->amounts)) {
        m->failed = true;
        return NULL;
    }
    e->group = (uint32_t)group + 1;
    e->on = key;
    m->n_memo++;
    return &e->amounts;
}
