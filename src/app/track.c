/* track.c - puts the budget beside the actuals. */
#include "app/track.h"

#include "base/map.h"
#include "store/book_baseline.h"

/* ---- which budget ---- */

bool track_choose_budget(struct workspace *w, int64_t baseline, str *ret_what, str *ret_name,
                         struct err *e)
{
    struct baseline *all, *best = NULL;
    size_t n;
    struct arena *a = w->arena;
    if (!book_baselines(w->book, a, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (baseline ? all[i].id == baseline
                     : !best || all[i].status >= best->status)
            best = &all[i];
    }
    if (baseline && !best) { /* names those that are there */
        struct baseline x;
        return book_baseline(w->book, baseline, a, &x, e);
    }
    *ret_what = best ? str_fmt(a, "baseline:%lld", (long long)best->id) : STR_NONE;
    *ret_name = best ? str_fmt(a, "baseline %lld, %s %.*s", (long long)best->id,
                               baseline_status_name(best->status),
                               FMT(str_sub(best->at, 0, 10)))
                     : S("the working plan (nothing is approved)");
    return true;
}

/* ---- quarters ---- */

bool track_is_quarter(month plan_first, int32_t n_months, month first, month last, struct err *e)
{
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month end = plan_first + n_months - 1;
    if (first < plan_first || last > end) {
        err_set(e, ERR_USAGE, "%s - %s is outside the plan's months",
                (month_format_name(first, from), from), (month_format_name(last, to), to));
        return err_hint(e, "The plan has %s - %s.", (month_format_name(plan_first, from), from),
                        (month_format_name(end, to), to));
    }
    if (last - first == 2 && (first - plan_first) % 3 == 0)
        return true;
    err_set(e, ERR_USAGE, "that is not a quarter of the plan");
    return err_hint(e, "Quarters start in %s and every three months from there.",
                    (month_format_name(plan_first, from), from));
}

str track_quarter_label(struct arena *a, month plan_first, month first)
{
    int32_t quarter = (first - plan_first) / 3 % 4 + 1;
    month last_of_year = plan_first + (first - plan_first) / 12 * 12 + 11;
    return str_fmt(a, "FY%d-Q%d", (int)(last_of_year / 12), (int)quarter);
}

/* ---- items ---- */

struct building {
    struct arena *a;
    struct tracking *t;
    struct map paths; /* of planned items */
    struct map other; /* of unplanned ones, by path, category, initiative */
    size_t cap;
};

static struct tracked *new_item(struct building *b, str path)
{
    struct tracking *t = b->t;
    size_t n = (size_t)t->n_months;
    t->items = arena_grow(b->a, t->items, sizeof *t->items, &b->cap, t->n_items + 1);
    struct tracked *x = &t->items[t->n_items++];
    *x = (struct tracked){.path = path, .initiative = NO_INDEX, .expanded = NO_INDEX,
                          .actual = arena_new(b->a, dec, n), .budget = arena_new(b->a, dec, n),
                          .buffer = arena_new(b->a, dec, n)};
    return x;
}

static void add_months(const struct tracking *t, dec *to, const money *from)
{
    for (int32_t m = 0; m < t->n_months; m++)
        to[m] += money_to_dec(from[m]);
}

static void add_planned(struct building *b, const struct expansion *x)
{
    for (size_t i = 0; i < x->n_lines; i++) {
        const struct expanded *l = &x->lines[i];
        struct tracked *item = new_item(b, l->path);
        item->category = l->category;
        item->initiative = l->initiative;
        item->expanded = (uint32_t)i;
        item->planned = true;
        add_months(b->t, item->budget, l->monthly);
        map_put(&b->paths, l->path, NULL)->num = (int64_t)b->t->n_items - 1;
    }
    for (size_t i = 0; i < x->n_buffers; i++) {
        struct map_entry *at = map_get(&b->paths, x->buffers[i].path);
        if (at)
            add_months(b->t, b->t->items[at->num].buffer, x->buffers[i].monthly);
    }
    struct tracked *reserve = new_item(b, S("reserve"));
    reserve->category = CATEGORY_RESERVE;
    reserve->planned = true;
    add_months(b->t, reserve->budget, x->categories[CATEGORY_RESERVE].monthly);
    map_put(&b->paths, reserve->path, NULL)->num = (int64_t)b->t->n_items - 1;
}

static struct tracked *unplanned(struct building *b, const struct actual *x)
{
    str path = x->path.n ? x->path : str_of(category_key(x->category));
    str key = str_fmt(b->a, "%.*s\x1f%s\x1f%u", FMT(path), category_key(x->category),
                      x->initiative);
    bool fresh;
    struct map_entry *at = map_put(&b->other, key, &fresh);
    if (!fresh)
        return &b->t->items[at->num];
    at->num = (int64_t)b->t->n_items;
    struct tracked *item = new_item(b, path);
    item->category = x->category;
    item->initiative = x->initiative;
    return item;
}

static struct tracked *item_of(struct building *b, const struct actual *x)
{
    struct map_entry *at = x->path.n ? map_get(&b->paths, x->path) : NULL;
    if (!at && x->category == CATEGORY_RESERVE)
        at = map_get(&b->paths, S("reserve"));
    return at ? &b->t->items[at->num] : unplanned(b, x);
}

static bool add_actuals(struct building *b, const struct actuals *all, struct err *e)
{
    struct tracking *t = b->t;
    for (size_t i = 0; i < all->n; i++) {
        const struct actual *x = &all->items[i];
        int32_t m = x->month - t->first;
        if (m < 0 || m >= t->n_months)
            continue;
        t->unpriced += x->unpriced;
        if (x->category >= CATEGORY_COUNT) {
            t->to_review += x->amount;
            t->review_rows += x->rows;
            continue;
        }
        struct tracked *item = item_of(b, x);
        if (!dec_add(item->actual[m], x->amount, &item->actual[m]))
            return err_set(e, ERR_FAILED, "what '%.*s' cost is too large", FMT(item->path));
    }
    return true;
}

static bool add_transfers(struct building *b, const struct track_book *k, struct err *e)
{
    for (size_t i = 0; i < k->n_transfers; i++) {
        const struct transfer *x = &k->transfers[i];
        int32_t m = x->month - b->t->first;
        if (m < 0 || m >= b->t->n_months)
            continue; /* of another year's plan */
        struct tracked *from = tracking_find(b->t, x->from), *to = tracking_find(b->t, x->to);
        if (!from || !to)
            return err_set(e, ERR_FAILED, "transfer %lld names '%.*s', which %.*s does not have",
                           (long long)x->id, FMT(from ? x->to : x->from), FMT(b->t->budget_name));
        from->budget[m] -= x->amount;
        to->budget[m] += x->amount;
        from->moved -= x->amount;
        to->moved += x->amount;
    }
    return true;
}

/* ---- months ---- */

static bool is_closed(const struct track_book *k, month m)
{
    for (size_t i = 0; i < k->n_closed; i++)
        if (k->closed[i] == m)
            return true;
    return false;
}

static void set_months(const struct track_book *k, struct tracking *t, day as_of)
{
    t->last_day = k->actuals->last_day;
    if (as_of != DAY_NONE && t->last_day != DAY_NONE)
        t->last_day = MIN(t->last_day, as_of);
    if (t->last_day == DAY_NONE || month_of_day(t->last_day) < t->first)
        return;
    t->n_known = MIN(month_of_day(t->last_day) - t->first + 1, t->n_months);
    for (int32_t m = 0; m < t->n_known; m++)
        t->open[m] =
            t->last_day < month_last_day(t->first + m) && !is_closed(k, t->first + m);
}

static dec fraction(const struct quantity *q, dec otherwise)
{
    return q && !dec_is_null(q->points[0].v.exact) ? q->points[0].v.exact : otherwise;
}

bool track_open(struct workspace *w, const struct track_request *q, struct diags *faults,
                struct track_book *ret, struct err *e)
{
    struct track_book k = {.basis = q->basis};
    struct tracking *t = &k.t;
    str what;
    what = t->budget_name = q->source;
    if ((!q->source.n && !track_choose_budget(w, q->baseline, &what, &t->budget_name, e)) ||
        !load_plan_source(w, what, faults, &k.source, e))
        return false;
    const struct plan *p = t->plan = k.source.plan;
    t->first = p->header.first;
    t->n_months = p->header.n_months;
    t->rule = (struct variance_rule){fraction(p->header.flag.over, DEC_ONE * 15 / 100),
                                     fraction(p->header.flag.floor, 0)};
    struct actuals_query aq = {.plan = p, .from = month_first_day(t->first),
                               .to = month_last_day(t->first + t->n_months - 1),
                               .basis = q->basis};
    if (q->as_of != DAY_NONE)
        aq.to = MIN(aq.to, q->as_of);
    if (!expand(w->arena, p, NULL, &t->budget, e) ||
        !book_transfers(w->book, w->arena, &k.transfers, &k.n_transfers, e) ||
        !book_commitments(w->book, w->arena, &k.commitments, &k.n_commitments, e) ||
        !book_explanations(w->book, w->arena, &k.explanations, &k.n_explanations, e) ||
        !book_closed_months(w->book, w->arena, &k.closed, &k.n_closed, e) ||
        !actuals_read(w, &aq, &k.actuals, e))
        return false;
    struct building b = {.a = w->arena, .t = t};
    map_init(&b.paths, w->arena);
    map_init(&b.other, w->arena);
    add_planned(&b, t->budget);
    if (!add_actuals(&b, k.actuals, e) ||
        (!q->as_approved && !add_transfers(&b, &k, e)))
        return false;
    set_months(&k, t, q->as_of);
    *ret = k;
    return true;
}

/* ---- paths ---- */

static bool has_line(const struct tracking *t, str path, str *ret)
{
    const struct tracked *x = tracking_find(t, path);
    if (x)
        *ret = x->path;
    return x != NULL;
}

static bool unknown_path(const struct tracking *t, str what, struct err *e)
{
    struct arena a = ARENA_INIT;
    const char **names = arena_new(&a, const char *, t->n_items + t->plan->initiatives.n);
    size_t n = 0;
    for (size_t i = 0; i < t->n_items; i++)
        names[n++] = str_cstr(&a, t->items[i].path);
    for (size_t i = 0; i < t->plan->initiatives.n; i++)
        names[n++] = str_cstr(&a, t->plan->initiatives.items[i].id.s);
    const char *meant = str_closest(what, names, n);
    err_set(e, ERR_USAGE, "'%.*s' is no line, initiative or category", FMT(what));
    if (meant)
        err_hint(e, "Did you mean '%s'?", meant);
    else
        err_hint(e, "'outlay track' lists them.");
    arena_release(&a);
    return false;
}

bool track_path(const struct tracking *t, str what, enum track_level *ret_level, str *ret_path,
                struct err *e)
{
    static const str levels[] = {{"category:", 9}, {"initiative:", 11}, {"line:", 5}};
    bool may[3] = {true, true, true};
    for (size_t i = 0; i < 3; i++) {
        if (!str_starts(what, levels[i]))
            continue;
        what = str_sub(what, levels[i].n, what.n);
        for (size_t k = 0; k < 3; k++)
            may[k] = k == i;
        break;
    }
    enum category c;
    uint32_t initiative = plan_initiative_index(t->plan, what);
    bool dotted = str_find_char(what, '.', 0) != SIZE_MAX;
    if (may[2] && (dotted || !may[1]) && has_line(t, what, ret_path)) {
        *ret_level = TRACK_LINE;
    } else if (may[1] && initiative != NO_INDEX) {
        *ret_level = TRACK_INITIATIVE;
        *ret_path = t->plan->initiatives.items[initiative].id.s;
    } else if (may[0] && category_parse(what, &c) && c < CATEGORY_COUNT) {
        *ret_level = TRACK_CATEGORY;
        *ret_path = str_of(category_key(c));
    } else if (may[2] && has_line(t, what, ret_path)) {
        *ret_level = TRACK_LINE;
    } else {
        return unknown_path(t, what, e);
    }
    return true;
}

/* ---- for the store ---- */

static void add_review_rows(struct arena *a, const struct tracking *t, int32_t m, bool ytd,
                            struct review *r, size_t *cap)
{
    static const enum track_level levels[] = {TRACK_CATEGORY, TRACK_INITIATIVE, TRACK_LINE};
    for (size_t k = 0; k < ARRAY_LEN(levels); k++) {
        struct track_row *rows;
        size_t n;
        tracking_rows(a, t, levels[k], m, ytd, &rows, &n);
        r->rows = arena_grow(a, r->rows, sizeof *r->rows, cap, r->n_rows + n);
        for (size_t i = 0; i < n; i++) {
            bool line = levels[k] == TRACK_LINE;
            bool in = line && rows[i].initiative != NO_INDEX;
            r->rows[r->n_rows++] = (struct review_row){
                .level = levels[k], .path = rows[i].path,
                .category = line ? str_of(category_key(rows[i].category)) : STR_NONE,
                .initiative = in ? t->plan->initiatives.items[rows[i].initiative].id.s : STR_NONE,
                .month = rows[i].month, .actual = rows[i].v.actual, .budget = rows[i].v.budget};
        }
    }
}

void track_review_rows(struct arena *a, const struct tracking *t, int32_t from, int32_t to,
                       struct review *r)
{
    size_t cap = 0;
    r->rows = NULL;
    r->n_rows = 0;
    for (int32_t m = from; m <= to; m++)
        add_review_rows(a, t, m, false, r, &cap);
    add_review_rows(a, t, to, true, r, &cap);
}
