/* plan_diff.c - computes the mixtures from OLD to NEW and who moved what between two of them. */
#include "engine/plan_diff.h"

#include "engine/expand_int.h"
#include "engine/plan_diff_int.h"

static const struct {
    const char *key, *name;
} CAUSES[DIFF_CAUSES] = {
    [DIFF_CALENDAR] = {"calendar", "Calendar"},
    [DIFF_RATE] = {"exchange_rate", "Exchange rates"},
    [DIFF_PRICE] = {"price", "Prices"},
    [DIFF_SALARY] = {"salary", "Salaries"},
    [DIFF_LOADING] = {"loading", "Loading"},
    [DIFF_VOLUME] = {"volume", "Volume"},
    [DIFF_TOKENS] = {"tokens", "Tokens per request"},
    [DIFF_DATES] = {"dates", "Dates of lines"},
    [DIFF_INITIATIVE] = {"initiative", "Initiatives"},
    [DIFF_CATEGORY] = {"category", "Category or kind"},
    [DIFF_NEW] = {"new", "New lines"},
    [DIFF_HEADCOUNT] = {"headcount", "Headcount"},
    [DIFF_HIRE_DATE] = {"hire_date", "Hire dates"},
    [DIFF_DROPPED] = {"dropped", "Dropped lines"},
    [DIFF_LEVER] = {"lever", "Levers"},
    [DIFF_BUFFER] = {"buffer", "Buffers"},
    [DIFF_RESERVE] = {"reserve", "Reserve"},
    [DIFF_RESERVE_SHARE] = {"reserve_share", "Reserve share"},
    [DIFF_OTHER] = {"other", "Other"},
};

const char *diff_cause_key(enum diff_cause c)
{
    return CAUSES[c].key;
}

const char *diff_cause_name(enum diff_cause c)
{
    return CAUSES[c].name;
}

/* --- two expansions compared --- */

/* A step: the edits order[from] to order[to - 1]. */
struct diff_step {
    size_t from, to;
    bool merged; /* several steps that only stand together */
};

struct sums {
    struct differ *d;
    struct plan_change *extra; /* of rows that belong to no edit of their step */
    size_t n_extra, cap_extra;
    currency currency;
};

static void clear_change(struct plan_change *c, currency of)
{
    c->delta = money_zero(of);
    for (int k = 0; k < CATEGORY_COUNT; k++)
        c->by_category[k] = money_zero(of);
}

static void move(struct plan_change *c, enum category category, money by)
{
    c->delta = money_add(c->delta, by);
    c->by_category[category] = money_add(c->by_category[category], by);
}

/* "staff.mle-5:hire" is of "staff.mle-5". */
static str owner_of_row(str path)
{
    static const char hire[] = ":hire";
    return str_ends(path, str_of(hire)) ? str_sub(path, 0, path.n - (sizeof hire - 1)) : path;
}

/* Is the row that of the edit's element, or of a line in its initiative? */
static bool owns(const struct differ *d, const struct edit *x, str row)
{
    if (x->element == NO_INDEX)
        return false;
    const struct element *el = &d->elements[x->element];
    if (el->part == PART_INITIATIVE)
        return row.n > el->path.n && row.p[el->path.n] == '.' && str_starts(row, el->path);
    return str_eq(el->path, row);
}

static struct plan_change *change_of(struct sums *s, const struct diff_step *step, str path)
{
    struct differ *d = s->d;
    str row = owner_of_row(path);
    if (step->to - step->from == 1)
        return &d->order[step->from]->change;
    for (size_t i = step->from; i < step->to; i++)
        if (owns(d, d->order[i], row))
            return &d->order[i]->change;
    enum diff_cause cause =
        step->from < step->to ? d->order[step->from]->change.cause : DIFF_OTHER;
    for (size_t i = 0; i < s->n_extra; i++)
        if (s->extra[i].cause == cause && str_eq(s->extra[i].path, row))
            return &s->extra[i];
    s->extra = arena_grow(d->a, s->extra, sizeof *s->extra, &s->cap_extra, s->n_extra + 1);
    struct plan_change *c = &s->extra[s->n_extra++];
    *c = (struct plan_change){.cause = cause, .path = str_dup(d->a, row)};
    clear_change(c, s->currency);
    return c;
}

static void compare_row(struct sums *s, const struct diff_step *step, const struct expanded *x,
                        const struct expanded *y)
{
    if (x && y && x->category == y->category && money_cmp(x->total, y->total) == 0)
        return;
    struct plan_change *c = change_of(s, step, x ? x->path : y->path);
    if (x)
        move(c, x->category, money_neg(x->total));
    if (y)
        move(c, y->category, y->total);
    c->merged = c->merged || step->merged;
}

static void compare_rows(struct sums *s, const struct diff_step *step, const struct expanded *x,
                         size_t nx, const struct expanded *y, size_t ny)
{
    struct arena scratch = ARENA_INIT;
    struct map at;
    bool *seen = arena_new(&scratch, bool, ny + 1);
    map_init(&at, &scratch);
    for (size_t i = 0; i < ny; i++)
        map_put(&at, y[i].path, NULL)->num = (int64_t)i;
    for (size_t i = 0; i < nx; i++) {
        const struct map_entry *e = map_get(&at, x[i].path);
        compare_row(s, step, &x[i], e ? &y[e->num] : NULL);
        if (e)
            seen[e->num] = true;
    }
    for (size_t i = 0; i < ny; i++)
        if (!seen[i])
            compare_row(s, step, NULL, &y[i]);
    arena_release(&scratch);
}

static void compare(struct sums *s, const struct diff_step *step, const struct expansion *x,
                    const struct expansion *y)
{
    compare_rows(s, step, x->lines, x->n_lines, y->lines, y->n_lines);
    compare_rows(s, step, x->buffers, x->n_buffers, y->buffers, y->n_buffers);
}

/* --- the walk --- */

static void walk(struct sums *s, const struct expansion *before, const struct expansion *after,
                 size_t *ret_computed)
{
    struct differ *d = s->d;
    struct arena arenas[2] = {ARENA_INIT, ARENA_INIT};
    const struct expansion *last = before;
    struct diff_step step = {0, 0, false};
    int turn = 0;
    for (uint32_t k = 1; k <= d->n_steps; k++) {
        struct err ignored = {0};
        const struct expansion *x = NULL;
        while (step.to < d->n_edits && d->order[step.to]->step == k)
            step.to++;
        if (d->order[step.to - 1]->change.cause == DIFF_RESERVE_SHARE)
            break; /* the last one: no row depends on it */
        arena_reset(&arenas[turn]);
        const struct plan *p = mixed_plan(d, &arenas[turn], k);
        if (!p || !expand(&arenas[turn], p, NULL, &x, &ignored)) {
            step.merged = true; /* together with the next */
            continue;
        }
        compare(s, &step, last, x);
        ++*ret_computed;
        last = x;
        turn = !turn;
        step = (struct diff_step){step.to, step.to, false};
    }
    struct diff_step rest = {step.from, step.merged ? step.to : step.from, step.merged};
    compare(s, &rest, last, after);
    arena_release(&arenas[0]);
    arena_release(&arenas[1]);
}

/* --- the reserve --- */

static money reserve_at_old_share(const struct expansion *before, money planned)
{
    const struct quantity *share = before->plan->reserve.share;
    return share ? reserve_of(planned, share->points[0].v.exact) : money_zero(planned.currency);
}

static struct plan_change *add_extra(struct sums *s, enum diff_cause cause, str path)
{
    s->extra = arena_grow(s->d->a, s->extra, sizeof *s->extra, &s->cap_extra, s->n_extra + 1);
    struct plan_change *c = &s->extra[s->n_extra++];
    *c = (struct plan_change){.cause = cause, .path = path};
    clear_change(c, s->currency);
    return c;
}

static void add_reserve(struct sums *s, const struct expansion *before,
                        const struct expansion *after)
{
    struct differ *d = s->d;
    char from[MONEY_TEXT], to[MONEY_TEXT];
    money middle = reserve_at_old_share(before, after->planned);
    struct plan_change *c = add_extra(s, DIFF_RESERVE, S("reserve"));
    move(c, CATEGORY_RESERVE, money_sub(middle, before->reserve));
    c->from = str_fmt(d->a, "of %.*s planned", FMT(money_format(before->planned, 2, from)));
    c->to = str_fmt(d->a, "of %.*s planned", FMT(money_format(after->planned, 2, to)));
    money rest = money_sub(after->reserve, middle);
    for (size_t i = 0; i < d->n_edits; i++) {
        if (d->edits[i].change.cause != DIFF_RESERVE_SHARE)
            continue;
        move(&d->edits[i].change, CATEGORY_RESERVE, rest);
        rest = money_zero(s->currency);
    }
    if (rest.micros)
        move(add_extra(s, DIFF_OTHER, S("reserve")), CATEGORY_RESERVE, rest);
}

/* --- in order --- */

static bool moves(const struct plan_change *c)
{
    bool any = c->delta.micros != 0;
    for (int k = 0; k < CATEGORY_COUNT; k++)
        any = any || c->by_category[k].micros != 0;
    return any;
}

static int64_t size_of(const struct plan_change *c)
{
    int64_t most = 0;
    for (int k = 0; k < CATEGORY_COUNT; k++)
        most = MAX(most, llabs(c->by_category[k].micros));
    return c->delta.micros ? llabs(c->delta.micros) : most;
}

static int compare_changes(const void *x, const void *y)
{
    const struct plan_change *a = x, *b = y;
    if (a->cause != b->cause)
        return a->cause < b->cause ? -1 : 1;
    if (size_of(a) != size_of(b))
        return size_of(a) > size_of(b) ? -1 : 1;
    int by_path = str_cmp(a->path, b->path);
    return by_path ? by_path : str_cmp(a->to, b->to);
}

static void collect(struct sums *s, struct plan_diff *r)
{
    struct differ *d = s->d;
    r->moved = arena_new(d->a, struct plan_change, d->n_edits + s->n_extra + 1);
    r->unmoved = arena_new(d->a, struct plan_change, d->n_edits + 1);
    for (size_t i = 0; i < d->n_edits; i++) {
        const struct edit *x = d->order[i];
        if (moves(&x->change))
            r->moved[r->n_moved++] = x->change;
        else if (x->element != NO_INDEX && !d->elements[x->element].forced)
            r->unmoved[r->n_unmoved++] = x->change;
    }
    for (size_t i = 0; i < s->n_extra; i++)
        if (moves(&s->extra[i]))
            r->moved[r->n_moved++] = s->extra[i];
    if (r->n_moved)
        qsort(r->moved, r->n_moved, sizeof *r->moved, compare_changes);
}

bool plan_diff(struct arena *a, const struct plan_side *old, const struct plan_side *now,
               const struct plan_diff **ret, struct err *e)
{
    const struct plan_header *x = &old->plan->header, *y = &now->plan->header;
    struct differ d = {.a = a, .side = {old, now}};
    struct plan_diff *r = arena_new(a, struct plan_diff, 1);
    if (!currency_eq(x->currency, y->currency)) {
        err_set(e, ERR_INVALID, "one plan is in %s, the other in %s", x->currency.code,
                y->currency.code);
        return err_hint(e, "Only plans in one currency can be compared.");
    }
    if (!expand(a, old->plan, NULL, &r->before, e) || !expand(a, now->plan, NULL, &r->after, e))
        return false;
    find_elements(&d);
    find_edits(&d);
    struct sums s = {.d = &d, .currency = y->currency};
    for (size_t i = 0; i < d.n_edits; i++)
        clear_change(&d.edits[i].change, s.currency);
    walk(&s, r->before, r->after, &r->computed);
    add_reserve(&s, r->before, r->after);
    collect(&s, r);
    *ret = r;
    return true;
}
