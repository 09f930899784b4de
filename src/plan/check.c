/* check.c - header and shared tables: defaults, names, cycles. */
#include "plan/reader.h"

#include <math.h>

#include "core/dist.h"

#define CHAIN_MAX 1000 /* formulas that lean on each other */

bool check_inside_plan(struct reader *r, const struct p_month *m, const char *key)
{
    const struct plan_header *h = &r->p->header;
    char text[MONTH_TEXT], first[MONTH_TEXT], last[MONTH_TEXT];
    if (!m->at || h->first == MONTH_NONE || (m->m >= h->first && m->m <= h->last))
        return true;
    yaml_fault(r->d, m->at, STR_NONE, "%s %.*s is outside the plan, which runs from %.*s to %.*s",
               key, FMT(month_format(m->m, text)), FMT(month_format(h->first, first)),
               FMT(month_format(h->last, last)));
    return false;
}

void check_unique(struct reader *r, struct map *seen, const struct p_text *id, const char *what)
{
    bool fresh;
    if (!id->at)
        return;
    struct map_entry *e = map_put(seen, id->s, &fresh);
    if (fresh) {
        e->ptr = arena_new(r->a, struct p_text, 1);
        memcpy(e->ptr, id, sizeof *id);
        return;
    }
    const struct p_text *first = e->ptr;
    if (first->at->file == id->at->file)
        yaml_fault(r->d, id->at, S("Give each one an id of its own."),
                   "duplicate %s id '%.*s', first on line %u", what, FMT(id->s), first->at->line);
    else
        yaml_fault(r->d, id->at, S("Give each one an id of its own."),
                   "duplicate %s id '%.*s', first in %.*s, line %u", what, FMT(id->s),
                   FMT(first->at->file->path), first->at->line);
}

void check_header(struct reader *r)
{
    struct plan_header *h = &r->p->header;
    memcpy(h->currency.code, "USD", 4);
    h->first = h->last = MONTH_NONE;
    h->n_months = 12;
    h->z_end = DIST_Z95;
    if (h->currency_code.at && !currency_parse(h->currency_code.s, &h->currency))
        yaml_fault(r->d, h->currency_code.at, S("Write an ISO 4217 code such as USD or EUR."),
                   "'%.*s' is not a currency", FMT(h->currency_code.s));
    if (h->months) {
        double n = h->months->points[0].v.point;
        if (n > PLAN_MONTHS_MAX)
            yaml_fault(r->d, h->months->at, STR_NONE, "a plan has 1 to %d months", PLAN_MONTHS_MAX);
        else
            h->n_months = (int32_t)n;
    }
    if (h->starts.at) {
        h->first = h->starts.m;
        h->last = h->first + h->n_months - 1;
    }
    h->n_horizon = MAX(36, h->n_months);
    if (h->horizon) {
        double n = h->horizon->points[0].v.point;
        if (n > 240)
            yaml_fault(r->d, h->horizon->at, STR_NONE, "a horizon has at most 240 months");
        else if (n < h->n_months)
            yaml_fault(r->d, h->horizon->at, STR_NONE,
                       "the horizon is shorter than the plan's %d months", h->n_months);
        else
            h->n_horizon = (int32_t)n;
    }
    if (h->ranges) {
        double w = h->ranges->points[0].v.point;
        if (w < 0.1 || w > 0.999)
            yaml_fault(r->d, h->ranges->at, S("90% means: 90 % sure that the value lies inside."),
                       "a range's width is 10 %% to 99.9 %%");
        else if (w != 0.9)
            h->z_end = dist_z_of(0.5 + w / 2);
    }
}

/* --- drivers --- */

struct driver_check {
    struct reader *r;
    const char **names;
    uint8_t *state; /* 0 new, 1 being looked at, 2 done */
    uint32_t *path; /* of the search */
    size_t depth, n_order;
};

static void resolve_formula(struct driver_check *c, const struct formula *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct formula_step *s = &f->steps[i];
        if (s->op != OP_DRIVER)
            continue;
        const struct map_entry *e = map_get(&c->r->drivers, s->name);
        if (e)
            s->driver = (uint32_t)e->num;
        else
            fault_inside(c->r, f->at, s->offset, s->name.n,
                         did_you_mean(c->r, s->name, c->names, c->r->p->drivers.n),
                         "there is no driver '%.*s'", FMT(s->name));
    }
}

static void visit_driver(struct driver_check *c, uint32_t d)
{
    struct named_quantities *drivers = &c->r->p->drivers;
    const struct quantity *q = drivers->items[d].q;
    if (c->state[d] == 2)
        return;
    if (c->state[d] == 1) {
        size_t from = c->depth;
        while (from && c->path[from - 1] != d)
            from--;
        struct buf b;
        buf_init(&b, 2000);
        for (size_t i = from ? from - 1 : 0; i < c->depth; i++)
            buf_fmt(&b, "%.*s > ", FMT(drivers->items[c->path[i]].name));
        buf_add(&b, drivers->items[d].name);
        yaml_fault(c->r->d, drivers->items[d].at, S("A driver cannot depend on itself."),
                   "formulas go in a circle: %.*s", FMT(buf_str(&b)));
        buf_release(&b);
        return;
    }
    if (c->depth >= CHAIN_MAX) {
        yaml_fault(c->r->d, drivers->items[d].at, STR_NONE,
                   "formulas lean on each other more than %d deep", CHAIN_MAX);
        c->state[d] = 2;
        return;
    }
    c->state[d] = 1;
    c->path[c->depth++] = d;
    for (size_t k = 0; q && k < q->n; k++) {
        const struct formula *f = q->points[k].formula;
        for (size_t i = 0; f && i < f->n; i++)
            if (f->steps[i].op == OP_DRIVER && f->steps[i].driver != NO_INDEX)
                visit_driver(c, f->steps[i].driver);
    }
    c->depth--;
    c->state[d] = 2;
    c->r->p->driver_order[c->n_order++] = d;
}

static void check_formulas(struct reader *r)
{
    struct plan *p = r->p;
    size_t n = p->drivers.n;
    struct driver_check c = {.r = r};
    c.names = arena_new(r->a, const char *, n + 1);
    c.state = arena_new(r->a, uint8_t, n + 1);
    c.path = arena_new(r->a, uint32_t, n + 1);
    p->driver_order = arena_new(r->a, uint32_t, n + 1);
    map_init(&r->drivers, r->a);
    for (size_t i = 0; i < n; i++) {
        c.names[i] = str_cstr(r->a, p->drivers.items[i].name);
        map_put(&r->drivers, p->drivers.items[i].name, NULL)->num = (int64_t)i;
    }
    for (size_t i = 0; i < p->n_quantities; i++)
        for (size_t k = 0; k < p->quantities[i]->n; k++)
            if (p->quantities[i]->points[k].formula)
                resolve_formula(&c, p->quantities[i]->points[k].formula);
    for (uint32_t i = 0; i < n; i++)
        visit_driver(&c, i);
}

/* --- currencies --- */

struct missing_rate {
    const struct yaml_node *at; /* the first value that needs it */
    size_t n;
};

/* A value in another currency is converted at plan.fx; without a rate it is counted in `missing`.
 */
static void find_rate(struct reader *r, struct quantity *q, struct map *missing)
{
    const struct plan *p = r->p;
    const struct named_quantities *fx = &p->header.fx;
    currency c = {""};
    const struct yaml_node *at = q->at;
    for (size_t k = 0; k < q->n; k++) {
        if (q->points[k].v.currency.code[0]) {
            c = q->points[k].v.currency;
            at = q->points[k].node;
        }
    }
    if (!q->money || !c.code[0] || currency_eq(c, p->header.currency))
        return;
    for (size_t k = 0; k < fx->n; k++) {
        if (!str_eq_nocase(fx->items[k].name, currency_str(&c)))
            continue;
        if (fx->items[k].q)
            q->fx = fx->items[k].q->index;
        return;
    }
    bool fresh;
    struct map_entry *e = map_put(missing, str_dup(r->a, currency_str(&c)), &fresh);
    if (fresh)
        e->ptr = arena_new(r->a, struct missing_rate, 1);
    struct missing_rate *m = e->ptr;
    m->at = m->n++ ? m->at : at;
}

void check_currencies(struct reader *r)
{
    struct plan *p = r->p;
    struct map missing;
    map_init(&missing, r->a);
    struct named_quantities *fx = &p->header.fx;
    for (size_t i = 0; i < fx->n; i++) {
        currency c;
        if (!currency_parse(fx->items[i].name, &c))
            yaml_fault(r->d, fx->items[i].at, S("Write an ISO 4217 code such as EUR."),
                       "'%.*s' is not a currency", FMT(fx->items[i].name));
        else if (currency_eq(c, p->header.currency))
            yaml_fault(r->d, fx->items[i].at, S("Remove it."), "%s is the plan's own currency",
                       c.code);
    }
    for (size_t i = 0; i < p->n_quantities; i++)
        find_rate(r, p->quantities[i], &missing);
    for (size_t i = 0; i < p->levers.n; i++) { /* an obligation is a text, not a value */
        const struct lever *v = &p->levers.items[i];
        struct quantity q = {.money = true,
                             .fx = NO_INDEX,
                             .n = 1,
                             .at = v->commits_text.at,
                             .points =
                                 &(struct point){.v = v->commits, .node = v->commits_text.at}};
        if (v->commits_text.at)
            find_rate(r, &q, &missing);
    }
    for (size_t i = 0; i < missing.n; i++) {
        const struct missing_rate *m = missing.entries[i].ptr;
        yaml_fault(r->d, m->at,
                   str_fmt(r->a, "Add %s per %.*s under `plan`, such as 'fx: {%.*s: 1.09}'.",
                           p->header.currency.code, FMT(missing.entries[i].key),
                           FMT(missing.entries[i].key)),
                   m->n == 1 ? "there is no rate for %.*s"
                             : "there is no rate for %.*s, which %zu values need",
                   FMT(missing.entries[i].key), m->n);
    }
}

/* --- prices --- */

static void check_prices(struct reader *r)
{
    map_init(&r->models, r->a);
    for (size_t i = 0; i < r->p->prices.n; i++) {
        struct model_price *m = &r->p->prices.items[i];
        map_put(&r->models, m->model, NULL)->num = (int64_t)i;
        for (size_t k = 1; k < m->n; k++) {
            const struct p_month *from = &m->entries[k].from, *above = &m->entries[k - 1].from;
            if (!m->entries[k].at)
                continue;
            if (!from->at)
                yaml_fault(r->d, m->entries[k].at, S("Every price below the first needs 'from'."),
                           "a second price of '%.*s' has no month", FMT(m->model));
            else if (above->at && from->m <= above->m)
                yaml_fault(r->d, from->at, S("Write prices in order of their months."),
                           "this price of '%.*s' is not later than the one above", FMT(m->model));
        }
    }
}

static struct quantity *book_quantity(struct reader *r, const struct plan_price *p, int part,
                                      str model, const struct yaml_node *at)
{
    static const char *const keys[] = {"in",          "out",      "cache_read",
                                       "cache_write", "batch_in", "batch_out"};
    if (dec_is_null(p->part[part]))
        return NULL;
    double v = dec_to_double(p->part[part]);
    struct number n = {
        .point = v, .lo = v, .hi = v, .exact = p->part[part], .currency = p->currency};
    struct quantity *q = quantity_of_number(
        r, at, &n, false, str_fmt(r->a, "prices.%.*s.%s", FMT(model), keys[part]));
    q->money = true;
    return q;
}

static bool same_price(const struct plan_price *a, const struct plan_price *b)
{
    return memcmp(a->part, b->part, sizeof a->part) == 0 && currency_eq(a->currency, b->currency);
}

/* The months of the plan in which the book's price changes become dated entries. */
static bool price_from_book(struct reader *r, const struct p_text *model, struct model_price *ret)
{
    const struct plan_header *h = &r->p->header;
    struct plan_price now, before = {.note = STR_NONE};
    size_t cap = 0;
    *ret = (struct model_price){.model = model->s};
    if (!r->o || !r->o->price || h->first == MONTH_NONE)
        return false;
    for (month m = h->first; m <= h->last; m++) {
        if (!r->o->price(r->o->price_ctx, r->a, model->s, m, &now) ||
            dec_is_null(now.part[PRICE_IN]) || dec_is_null(now.part[PRICE_OUT]))
            continue;
        if (ret->n && same_price(&now, &before))
            continue;
        ret->entries = arena_grow(r->a, ret->entries, sizeof *ret->entries, &cap, ret->n + 1);
        struct price_entry *e = &ret->entries[ret->n++];
        *e = (struct price_entry){.at = model->at, .from = {m, model->at}};
        for (int k = 0; k < PRICE_PARTS; k++)
            e->part[k] = book_quantity(r, &now, k, model->s, model->at);
        ret->book_note = str_dup(r->a, now.note);
        before = now;
    }
    return ret->n > 0;
}

uint32_t find_price(struct reader *r, const struct p_text *model)
{
    struct plan *p = r->p;
    const struct map_entry *known = map_get(&r->models, model->s);
    if (known)
        return (uint32_t)known->num;
    struct model_price found;
    if (!price_from_book(r, model, &found)) {
        size_t n = may_suggest(r) ? p->prices.n : 0;
        const char **names = arena_new(r->a, const char *, n + 1);
        for (size_t i = 0; i < n; i++)
            names[i] = str_cstr(r->a, p->prices.items[i].model);
        str near = did_you_mean(r, model->s, names, n);
        yaml_fault(r->d, model->at,
                   near.n ? near : S("Add it under `prices`: '{in: $3, out: $15}'."),
                   "there is no price for model '%.*s'", FMT(model->s));
        return NO_INDEX;
    }
    struct model_price *items = arena_new(r->a, struct model_price, p->prices.n + 1);
    if (p->prices.n)
        memcpy(items, p->prices.items, p->prices.n * sizeof *items);
    items[p->prices.n] = found;
    p->prices.items = items;
    map_put(&r->models, model->s, NULL)->num = (int64_t)p->prices.n;
    return (uint32_t)p->prices.n++;
}

void need_price(struct reader *r, const struct p_text *model, uint32_t price, month first,
                month last)
{
    char text[MONTH_TEXT], from[MONTH_TEXT];
    if (price == NO_INDEX || first > last || first == MONTH_NONE)
        return;
    const struct model_price *m = &r->p->prices.items[price];
    if (m->n && m->entries[0].from.at && m->entries[0].from.m > first)
        yaml_fault(r->d, model->at, S("Add an earlier price above it."),
                   "'%.*s' has no price in %.*s: its first one starts in %.*s", FMT(model->s),
                   FMT(month_format(first, text)), FMT(month_format(m->entries[0].from.m, from)));
}

/* --- the rest --- */

void check_tables(struct reader *r)
{
    static const int typical[CATEGORY_COUNT][2] = {
        {25, 35}, {35, 45}, {10, 20}, {10, 15}, {15, 20}};
    struct plan *p = r->p;
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        struct band *b = &p->bands.of[c];
        if (!b->at)
            *b = (struct band){typical[c][0] * (DEC_ONE / 100), typical[c][1] * (DEC_ONE / 100),
                               NULL};
    }
    if (p->reserve.share && p->reserve.share->points[0].v.exact > 90 * (DEC_ONE / 100))
        yaml_fault(r->d, p->reserve.share->at, STR_NONE,
                   "the reserve cannot be more than 90 %% of the total");
    if (p->loading.raise && !p->loading.raise_in.at)
        yaml_fault(r->d, p->loading.raise->at, S("Add `raise_in: 2027-01`."),
                   "a raise needs 'raise_in'");
    check_inside_plan(r, &p->loading.raise_in, "'raise_in'");
    check_formulas(r);
    check_prices(r);
}
