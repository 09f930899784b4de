/* expand.c - from months in double to lines, buffers, categories and totals in money. */
#include "engine/expand.h"

#include "engine/expand_int.h"

struct job {
    struct arena *a;
    struct world *w;
    struct expansion *x;
    const struct expand_parts *only;
    size_t cap_lines, cap_buffers, cap_tokens;
    struct err *e;
};

static bool too_large(struct job *j, str path, int32_t m)
{
    char text[MONTH_TEXT];
    return err_set(j->e, ERR_INVALID, "'%.*s' in %.*s is too large an amount", FMT(path),
                   FMT(month_format(j->w->p->header.first + m, text)));
}

static struct expanded *add_line(struct job *j, str path, enum line_kind kind,
                                 enum category category, uint32_t initiative)
{
    struct expansion *x = j->x;
    x->lines = arena_grow(j->a, x->lines, sizeof *x->lines, &j->cap_lines, x->n_lines + 1);
    struct expanded *l = &x->lines[x->n_lines++];
    *l = (struct expanded){.path = path,
                           .kind = kind,
                           .category = category,
                           .initiative = initiative,
                           .line = NO_INDEX,
                           .position = NO_INDEX,
                           .contractor = NO_INDEX,
                           .upskilling = NO_INDEX,
                           .lever = NO_INDEX,
                           .option = NO_INDEX,
                           .extra = NO_INDEX};
    l->monthly = arena_new(j->a, money, (size_t)x->n_months);
    l->total = money_zero(j->w->p->header.currency);
    for (int32_t m = 0; m < x->n_months; m++)
        l->monthly[m] = l->total;
    return l;
}

static bool fill(struct job *j, struct expanded *l, const double *amount)
{
    for (int32_t m = 0; m < j->x->n_months; m++) {
        l->monthly[m] = money_from_double(amount[m], j->w->p->header.currency);
        if (l->monthly[m].fault)
            return too_large(j, l->path, m);
        l->total = money_add(l->total, l->monthly[m]);
    }
    return true;
}

static bool fill_one(struct job *j, struct expanded *l, int32_t m, double amount)
{
    l->monthly[m] = money_from_double(amount, j->w->p->header.currency);
    if (l->monthly[m].fault)
        return too_large(j, l->path, m);
    l->total = l->monthly[m];
    return true;
}

static bool wanted(const bool *only, size_t i)
{
    return !only || only[i];
}

/* --- lines and their buffers --- */

static dec buffer_share(const struct plan *p, const struct line *l)
{
    const struct quantity *q = l->q[Q_BUFFER];
    int percent = 0;
    if (!q && l->kind == LINE_TRAINING) {
        q = p->buffers.training;
        percent = 25;
    } else if (!q && l->kind == LINE_INFERENCE) {
        q = p->buffers.inference;
        percent = 25;
    } else if (!q && l->kind == LINE_LLM) {
        q = p->buffers.llm;
        percent = 40;
    }
    return q ? q->points[0].v.exact : percent * (DEC_ONE / 100);
}

static bool add_buffer(struct job *j, const struct expanded *of, dec share)
{
    struct expansion *x = j->x;
    const int64_t unit = 1000000000;
    if (!share)
        return true;
    x->buffers =
        arena_grow(j->a, x->buffers, sizeof *x->buffers, &j->cap_buffers, x->n_buffers + 1);
    struct expanded *b = &x->buffers[x->n_buffers++];
    *b = *of;
    b->monthly = arena_new(j->a, money, (size_t)x->n_months);
    b->total = money_zero(of->total.currency);
    for (int32_t m = 0; m < x->n_months; m++) {
        money cents = money_of(of->monthly[m].micros / CENT_MICROS, of->total.currency);
        money part = money_ratio(cents, (int64_t)(share / (DEC_ONE / unit)), unit, ROUND_HALF_EVEN);
        b->monthly[m] = money_ratio(part, CENT_MICROS, 1, ROUND_HALF_EVEN);
        if (b->monthly[m].fault)
            return too_large(j, b->path, m);
        b->total = money_add(b->total, b->monthly[m]);
    }
    return true;
}

static void add_tokens(struct job *j, const struct line *l, const struct line_months *r)
{
    struct expansion *x = j->x;
    size_t n = (size_t)x->n_months;
    const double *from[] = {r->requests,   r->batch_requests, r->in,
                            r->cache_read, r->cache_write,    r->out};
    double *to = arena_new(j->a, double, n *ARRAY_LEN(from));
    for (size_t i = 0; i < ARRAY_LEN(from); i++)
        memcpy(to + i * n, from[i], n * sizeof *to);
    x->tokens = arena_grow(j->a, x->tokens, sizeof *x->tokens, &j->cap_tokens, x->n_tokens + 1);
    x->tokens[x->n_tokens++] = (struct expanded_tokens){
        l->index, to, to + n, to + 2 * n, to + 3 * n, to + 4 * n, to + 5 * n};
}

static bool expand_lines(struct job *j)
{
    const struct plan *p = j->w->p;
    struct line_months r;
    for (size_t i = 0; i < p->n_lines; i++) {
        const struct line *l = p->lines[i];
        if (!j->w->running[l->initiative] || !wanted(j->only->lines, i))
            continue;
        world_line(j->w, l, &r);
        struct expanded *x = add_line(j, l->path, l->kind, l->category, l->initiative);
        x->line = (uint32_t)i;
        if (!fill(j, x, r.amount) || !add_buffer(j, x, buffer_share(p, l)))
            return false;
        if (l->kind == LINE_LLM)
            add_tokens(j, l, &r);
    }
    return true;
}

/* --- people --- */

static bool add_people(struct job *j, str path, uint32_t initiative, uint32_t position,
                       const double *amount, const double *heads, double hire, int32_t hire_month)
{
    struct expanded *x = add_line(j, path, LINE_STAFF, CATEGORY_TALENT, initiative);
    x->position = position;
    for (int32_t m = 0; m < j->x->n_months; m++)
        j->x->heads[m] += heads[m];
    if (!fill(j, x, amount))
        return false;
    if (hire_month < 0)
        return true;
    x = add_line(j, str_fmt(j->a, "%.*s:hire", FMT(path)), LINE_STAFF, CATEGORY_TALENT, initiative);
    x->position = position;
    x->hire = true;
    return fill_one(j, x, hire_month, hire);
}

static bool expand_people(struct job *j)
{
    const struct plan *p = j->w->p;
    double amount[PLAN_MONTHS_MAX], heads[PLAN_MONTHS_MAX], hire;
    int32_t at;
    for (uint32_t i = 0; i < p->staff.n; i++) {
        const struct position *s = &p->staff.items[i];
        if (wanted(j->only->positions, i) &&
            world_position(j->w, i, amount, heads, &hire, &at) &&
            !add_people(j, str_fmt(j->a, "staff.%.*s", FMT(s->id.s)), weights_single(&s->works_on),
                        i, amount, heads, hire, at))
            return false;
    }
    for (size_t i = 0; i < j->w->c.n_hires; i++) {
        const struct extra_hire *h = &j->w->c.hires[i];
        world_extra_hire(j->w, h, amount, heads, &hire, &at);
        size_t before = j->x->n_lines;
        if (!add_people(j, h->path, h->initiative, NO_INDEX, amount, heads, hire, at))
            return false;
        for (size_t k = before; k < j->x->n_lines; k++)
            j->x->lines[k].extra = (uint32_t)i;
    }
    return true;
}

static bool expand_bought_time(struct job *j)
{
    const struct plan *p = j->w->p;
    double amount[PLAN_MONTHS_MAX];
    for (uint32_t i = 0; i < p->contractors.n; i++) {
        const struct contractor *c = &p->contractors.items[i];
        if (!wanted(j->only->contractors, i) || !world_contractor(j->w, i, amount))
            continue;
        struct expanded *x =
            add_line(j, str_fmt(j->a, "contractors.%.*s", FMT(c->id.s)), LINE_CONTRACTORS,
                     CATEGORY_TALENT, weights_single(&c->works_on));
        x->contractor = i;
        if (!fill(j, x, amount))
            return false;
    }
    for (uint32_t i = 0; i < p->upskilling.n; i++) {
        const struct upskilling *u = &p->upskilling.items[i];
        if (!wanted(j->only->upskilling, i) || !world_upskilling(j->w, i, amount))
            continue;
        struct expanded *x =
            add_line(j, str_fmt(j->a, "upskilling.%.*s", FMT(u->id.s)), LINE_UPSKILLING,
                     CATEGORY_TALENT, weights_single(&u->works_on));
        x->upskilling = i;
        if (!fill(j, x, amount))
            return false;
    }
    return true;
}

/* --- lever costs --- */

/* Does a lever run in a month in [first, last] of the plan? */
static bool runs_within(const struct world *w, const struct lever *v, int32_t first, int32_t last)
{
    for (int32_t m = MAX(first, 0); m <= last; m++)
        if (lever_runs(w, v, m))
            return true;
    return false;
}

/* Is anything left that this lever applies to, in a month in which it runs? Of what category and
 * initiative is the first of it? */
static bool lever_target(const struct world *w, const struct lever *v, enum category *ret_category,
                         uint32_t *ret_initiative)
{
    const struct weights *works_on = NULL;
    const struct plan *p = w->p;
    for (size_t k = 0; k < v->n_lines; k++) {
        const struct line *l = p->lines[v->lines[k]];
        int32_t first, last;
        world_line_span(w, l, &first, &last);
        if (!w->running[l->initiative] || !runs_within(w, v, first, last))
            continue;
        *ret_category = l->category;
        *ret_initiative = l->initiative;
        return true;
    }
    if (v->position != NO_INDEX && world_has_position(w, v->position))
        works_on = &p->staff.items[v->position].works_on;
    else if (v->contractor != NO_INDEX)
        works_on = &p->contractors.items[v->contractor].works_on;
    else if (v->upskill != NO_INDEX)
        works_on = &p->upskilling.items[v->upskill].works_on;
    if (!works_on || (v->position == NO_INDEX && weights_idle(w, works_on)) ||
        !runs_within(w, v, 0, w->n - 1))
        return false;
    *ret_category = CATEGORY_TALENT;
    *ret_initiative = weights_single(works_on);
    return true;
}

static bool expand_levers(struct job *j)
{
    const struct plan *p = j->w->p;
    for (uint32_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        enum category category;
        uint32_t initiative;
        if (!wanted(j->only->levers, i) || !j->w->lever_on[i] || !v->cost ||
            !lever_target(j->w, v, &category, &initiative))
            continue;
        int32_t at = v->first - p->header.first;
        struct expanded *x = add_line(j, str_fmt(j->a, "levers.%.*s", FMT(v->id.s)), LINE_LEVER,
                                      category, v->whole_kind ? NO_INDEX : initiative);
        x->lever = i;
        if (!fill_one(j, x, at, world_number_at(j->w, v->cost, at, 0)))
            return false;
    }
    return true;
}

static bool expand_options(struct job *j)
{
    for (size_t i = 0; i < j->w->c.n_option_costs; i++) {
        const struct option_cost *o = &j->w->c.option_costs[i];
        struct expanded *x = add_line(j, o->path, LINE_OPTION, o->category, o->initiative);
        x->option = (uint32_t)i;
        if (!fill_one(j, x, 0, world_number_at(j->w, o->cost, 0, 0)))
            return false;
    }
    return true;
}

/* --- sums --- */

static bool sum_up(struct job *j)
{
    struct expansion *x = j->x;
    const struct plan *p = j->w->p;
    currency c = p->header.currency;
    size_t n = (size_t)x->n_months;
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        x->categories[k].monthly = arena_new(j->a, money, n);
        x->categories[k].total = money_zero(c);
        for (size_t m = 0; m < n; m++)
            x->categories[k].monthly[m] = money_zero(c);
    }
    for (size_t i = 0; i < x->n_lines + x->n_buffers; i++) {
        const struct expanded *l = i < x->n_lines ? &x->lines[i] : &x->buffers[i - x->n_lines];
        struct expanded_category *to = &x->categories[l->category];
        to->total = money_add(to->total, l->total);
        for (size_t m = 0; m < n; m++)
            to->monthly[m] = money_add(to->monthly[m], l->monthly[m]);
    }
    x->planned = money_zero(c);
    for (int k = 0; k < CATEGORY_RESERVE; k++)
        x->planned = money_add(x->planned, x->categories[k].total);
    const struct quantity *share = p->reserve.share;
    x->reserve = share ? reserve_of(x->planned, share->points[0].v.exact) : money_zero(c);
    x->total = money_add(x->planned, x->reserve);
    if (x->total.fault)
        return err_set(j->e, ERR_INVALID, "the plan's total is %s", money_fault_text(x->total));
    struct expanded_category *r = &x->categories[CATEGORY_RESERVE];
    int64_t even[PLAN_MONTHS_MAX];
    for (size_t m = 0; m < n; m++)
        even[m] = 1;
    r->total = x->reserve;
    money_split(x->reserve, even, n, CENT_MICROS, r->monthly);
    money totals[CATEGORY_COUNT];
    int32_t shares[CATEGORY_COUNT];
    for (int k = 0; k < CATEGORY_COUNT; k++)
        totals[k] = x->categories[k].total;
    permille_split(totals, CATEGORY_COUNT, shares);
    for (int k = 0; k < CATEGORY_COUNT; k++)
        x->categories[k].share_permille = shares[k];
    return true;
}

bool expand_world(struct arena *a, struct world *w, const struct expand_parts *only,
                  const struct expansion **ret, struct err *e)
{
    struct job j = {.a = a, .w = w, .only = only, .e = e};
    j.x = arena_new(a, struct expansion, 1);
    j.x->plan = w->p;
    j.x->n_months = w->n;
    j.x->heads = arena_new(a, double, (size_t)w->n);
    if (!expand_lines(&j) || !expand_people(&j) || !expand_bought_time(&j) || !expand_levers(&j) ||
        !expand_options(&j) || !sum_up(&j))
        return false;
    *ret = j.x;
    return true;
}

bool expand(struct arena *a, const struct plan *p, const struct circumstances *c,
            const struct expansion **ret, struct err *e)
{
    return expand_world(a, world_new(a, p, c), &(struct expand_parts){0}, ret, e);
}
