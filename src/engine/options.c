/* options.c - cuts, adds and levers as choices: their list, what contradicts, what they change. */
#include "engine/options.h"

const char *choice_kind_name(enum choice_kind k)
{
    static const char *const names[] = {"cut", "add", "lever"};
    return names[k];
}

/* --- the list --- */

struct lister {
    struct arena *a;
    struct choices *cs;
    size_t cap;
};

static struct choice *add(struct lister *l, struct choice c)
{
    struct choices *cs = l->cs;
    cs->items = arena_grow(l->a, cs->items, sizeof *cs->items, &l->cap, cs->n + 1);
    cs->items[cs->n] = c;
    return &cs->items[cs->n++];
}

static void add_listed(struct lister *l, const struct plan_option_list *list, bool adoptions)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct plan_option *o = &list->items[i];
        if ((o->action.kind == ACTION_ADOPT) == adoptions)
            add(l, (struct choice){.kind = o->add ? CHOICE_ADD : CHOICE_CUT,
                                   .path = o->path,
                                   .text = o->do_text.s,
                                   .initiative = o->initiative,
                                   .lever = NO_INDEX,
                                   .act = o->action.kind,
                                   .option = o});
    }
}

static bool lists(const struct initiative *in, const char *id)
{
    for (size_t i = 0; i < in->cuts.n; i++)
        if (str_eq(in->cuts.items[i].id.s, str_of(id)))
            return true;
    for (size_t i = 0; i < in->adds.n; i++)
        if (str_eq(in->adds.items[i].id.s, str_of(id)))
            return true;
    return false;
}

static void add_unlisted(struct lister *l, const struct initiative *in, enum action_kind act)
{
    const char *word = act == ACTION_DROP ? "drop" : "adopt";
    if (lists(in, word))
        return;
    add(l, (struct choice){.kind = act == ACTION_DROP ? CHOICE_CUT : CHOICE_ADD,
                           .path = str_fmt(l->a, "%.*s.%s", FMT(in->id.s), word),
                           .text = str_of(word),
                           .initiative = in->index,
                           .lever = NO_INDEX,
                           .act = act});
}

static enum initiative_status status_of(const struct initiative *in)
{
    return in->status.at ? (enum initiative_status)in->status.v : INITIATIVE_COMMITTED;
}

const struct choices *choices_new(struct arena *a, const struct plan *p)
{
    struct choices *cs = arena_new(a, struct choices, 1);
    struct lister l = {.a = a, .cs = cs};
    cs->p = p;
    for (size_t i = 0; i < p->initiatives.n; i++) {
        const struct initiative *in = &p->initiatives.items[i];
        bool candidate = status_of(in) == INITIATIVE_CANDIDATE;
        if (candidate) {
            add_unlisted(&l, in, ACTION_ADOPT);
            add_listed(&l, &in->cuts, true);
            add_listed(&l, &in->adds, true);
        }
        add_listed(&l, &in->cuts, false);
        if (status_of(in) == INITIATIVE_PROPOSED)
            add_unlisted(&l, in, ACTION_DROP);
        add_listed(&l, &in->adds, false);
    }
    for (uint32_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        if (!(v->use.at && v->use.v == 1))
            add(&l, (struct choice){.kind = CHOICE_LEVER,
                                    .path = v->id.s,
                                    .text = v->applies.s,
                                    .initiative = NO_INDEX,
                                    .lever = i,
                                    .act = ACTION_NONE});
    }
    return cs;
}

uint32_t choices_find(const struct choices *cs, str path)
{
    bool lever = str_starts(path, S("levers."));
    str id = lever ? str_sub(path, 7, path.n) : path;
    for (size_t i = 0; i < cs->n; i++)
        if (str_eq(cs->items[i].path, id) && (!lever || cs->items[i].kind == CHOICE_LEVER))
            return (uint32_t)i;
    return NO_INDEX;
}

/* --- what runs --- */

void choices_running(struct arena *scratch, const struct choices *cs, const bool *on,
                     bool *ret_running)
{
    const struct plan *p = cs->p;
    for (size_t i = 0; i < p->initiatives.n; i++)
        ret_running[i] = status_of(&p->initiatives.items[i]) != INITIATIVE_CANDIDATE;
    for (size_t i = 0; i < cs->n; i++)
        if (on[i] && cs->items[i].act == ACTION_ADOPT)
            ret_running[cs->items[i].initiative] = true;
    bool *gone = arena_new(scratch, bool, p->initiatives.n + 1), again = true;
    for (size_t i = 0; i < cs->n; i++)
        if (on[i] && cs->items[i].act == ACTION_DROP)
            gone[cs->items[i].initiative] = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < p->initiatives.n; i++) {
            const struct initiative *in = &p->initiatives.items[i];
            for (size_t k = 0; k < in->needs.n && !gone[i]; k++)
                if (gone[in->need_index[k]])
                    gone[i] = again = true;
        }
    }
    for (size_t i = 0; i < p->initiatives.n; i++)
        ret_running[i] = ret_running[i] && !gone[i];
}

/* --- what contradicts --- */

static bool scale_one_line(const struct choice *x, const struct choice *y)
{
    const struct action *a = &x->option->action, *b = &y->option->action;
    for (size_t i = 0; i < a->n_lines; i++)
        for (size_t k = 0; k < b->n_lines; k++)
            if (a->lines[i] == b->lines[k])
                return true;
    return false;
}

/* Do two options of one initiative exclude each other, whatever else is chosen? */
static const char *pair_contradicts(const struct choice *x, const struct choice *y)
{
    if (x->act == ACTION_DROP || y->act == ACTION_DROP)
        return "an initiative that is dropped takes no other option";
    if (x->act == ACTION_ADOPT && y->act == ACTION_ADOPT)
        return "an initiative is adopted once";
    if (x->act == ACTION_DELAY && y->act == ACTION_DELAY)
        return "an initiative is delayed once";
    if (x->act == ACTION_SCALE && y->act == ACTION_SCALE && scale_one_line(x, y))
        return "a line is scaled once";
    return NULL;
}

bool choices_exclude(const struct choice *x, const struct choice *y)
{
    return x->kind != CHOICE_LEVER && y->kind != CHOICE_LEVER && x->initiative == y->initiative &&
           pair_contradicts(x, y);
}

static str lacks(struct arena *a, const struct choices *cs, const struct choice *c,
                 const bool *running)
{
    const struct initiative *in = &cs->p->initiatives.items[c->initiative];
    for (size_t k = 0; k < in->needs.n; k++)
        if (!running[in->need_index[k]])
            return str_fmt(a, "'%.*s' needs '%.*s', which does not run", FMT(c->path),
                           FMT(in->needs.items[k].s));
    return str_fmt(a, "'%.*s' is an option of work that does not run", FMT(c->path));
}

str choices_contradiction(struct arena *a, const struct choices *cs, const bool *on)
{
    bool *running = arena_new(a, bool, cs->p->initiatives.n + 1);
    for (size_t i = 0; i < cs->n; i++) {
        const struct choice *c = &cs->items[i];
        for (size_t k = i + 1; on[i] && c->kind != CHOICE_LEVER && k < cs->n; k++) {
            const struct choice *d = &cs->items[k];
            if (!on[k] || d->initiative != c->initiative)
                continue;
            const char *why = pair_contradicts(c, d);
            if (why)
                return str_fmt(a, "'%.*s' contradicts '%.*s': %s", FMT(d->path), FMT(c->path), why);
        }
    }
    choices_running(a, cs, on, running);
    for (size_t i = 0; i < cs->n; i++) {
        const struct choice *c = &cs->items[i];
        if (!on[i] || c->kind == CHOICE_LEVER)
            continue;
        if (c->act == ACTION_DROP) {
            if (status_of(&cs->p->initiatives.items[c->initiative]) == INITIATIVE_CANDIDATE)
                return str_fmt(a, "'%.*s' drops a candidate, which the plan does not count on",
                               FMT(c->path));
        } else if (!running[c->initiative]) {
            return lacks(a, cs, c, running);
        } else if (c->act == ACTION_ADOPT) {
            const struct initiative *in = &cs->p->initiatives.items[c->initiative];
            for (size_t k = 0; k < in->needs.n; k++)
                if (!running[in->need_index[k]])
                    return lacks(a, cs, c, running);
        }
    }
    return STR_NONE;
}

/* --- what they change --- */

static void apply_option(const struct choice *c, struct circumstances *r, struct change *changes,
                         struct extra_hire *hires, struct option_cost *costs, double *benefits,
                         int32_t *delay)
{
    const struct plan_option *o = c->option;
    if (!o)
        return;
    const struct action *act = &o->action;
    benefits[c->initiative] *= 1 + o->value_share;
    if (act->kind == ACTION_DELAY)
        delay[c->initiative] += (int32_t)act->number.point;
    for (size_t k = 0; act->kind == ACTION_SCALE && k < act->n_lines; k++)
        changes[r->n_changes++] =
            (struct change){CHANGE_SCALE_LINE, act->lines[k], act->number.point, MONTH_NONE};
    if (act->kind == ACTION_HIRE)
        hires[r->n_hires++] = (struct extra_hire){.path = c->path,
                                                  .role = act->role,
                                                  .initiative = c->initiative,
                                                  .count = act->number.point,
                                                  .from = act->from};
    if (o->cost)
        costs[r->n_option_costs++] =
            (struct option_cost){c->path, c->initiative, (enum category)o->category.v, o->cost};
}

void choices_apply(struct arena *a, const struct choices *cs, const bool *on, const bool *levers,
                   struct circumstances *ret)
{
    const struct plan *p = cs->p;
    size_t lines = 0;
    struct circumstances r = {0};
    for (size_t i = 0; i < cs->n; i++)
        if (on[i] && cs->items[i].option)
            lines += cs->items[i].option->action.n_lines;
    bool *running = arena_new(a, bool, p->initiatives.n + 1);
    bool *lever_on = arena_new(a, bool, p->levers.n + 1);
    int32_t *delay = arena_new(a, int32_t, p->initiatives.n + 1);
    double *benefits = arena_new(a, double, p->initiatives.n + 1);
    struct change *changes = arena_new(a, struct change, lines + 1);
    struct extra_hire *hires = arena_new(a, struct extra_hire, cs->n + 1);
    struct option_cost *costs = arena_new(a, struct option_cost, cs->n + 1);
    choices_running(a, cs, on, running);
    for (size_t i = 0; i < p->initiatives.n; i++)
        benefits[i] = 1;
    for (size_t i = 0; i < p->levers.n; i++)
        lever_on[i] = levers ? levers[i] : p->levers.items[i].use.at && p->levers.items[i].use.v == 1;
    for (size_t i = 0; i < cs->n; i++) {
        if (on[i] && cs->items[i].kind == CHOICE_LEVER)
            lever_on[cs->items[i].lever] = true;
        else if (on[i])
            apply_option(&cs->items[i], &r, changes, hires, costs, benefits, delay);
    }
    r.levers = lever_on;
    r.running = running;
    r.delay = delay;
    r.changes = changes;
    r.hires = hires;
    r.option_costs = costs;
    r.benefits = benefits;
    *ret = r;
}
