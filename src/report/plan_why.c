/* plan_why.c - builds `why`: finds what a path stands for; sums and their parts. */
#include "report/plan_why_int.h"

static money span_sum(const struct why *y, const money *monthly)
{
    money sum = money_zero(y->p->header.currency);
    for (int32_t m = y->from; m <= y->to; m++)
        sum = money_add(sum, monthly[m]);
    return sum;
}

static struct doc_table *parts_table(struct why *y)
{
    static const struct doc_column columns[] = {
        {"path", "Part", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, 2},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
        {"source", "Source", CELL_TEXT, SHOW_ALL, 0, -1},
        {"place", "In", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    return doc_table(y->d, "parts", STR_NONE, columns, ARRAY_LEN(columns));
}

static void part(struct why *y, struct doc_table *t, str name, money amount, money of,
                 const struct yaml_node *at, str source)
{
    struct cell *c = doc_row(y->d, t, ROW_NORMAL, 0);
    dec share;
    c[0] = cell_text(name);
    c[1] = cell_money(money_to_dec(amount));
    if (dec_div(money_to_dec(amount), money_to_dec(of), &share))
        c[2] = cell_share(dec_round(share, 6));
    if (source.n)
        c[3] = cell_text(source);
    if (at)
        c[4] = cell_text(place_text(y->a, at));
}

static const struct yaml_node *place_of(const struct why *y, const struct expanded *l)
{
    const struct plan *p = y->p;
    return l->line != NO_INDEX         ? p->lines[l->line]->at
           : l->position != NO_INDEX   ? p->staff.items[l->position].at
           : l->contractor != NO_INDEX ? p->contractors.items[l->contractor].at
           : l->upskilling != NO_INDEX ? p->upskilling.items[l->upskilling].at
           : l->lever != NO_INDEX      ? p->levers.items[l->lever].at
                                       : NULL;
}

/* Lines and buffers of a category or of an initiative. */
static void why_sum(struct why *y, int category, uint32_t initiative)
{
    const struct expansion *x = y->x;
    size_t n = x->n_lines + x->n_buffers, kept = 0;
    const struct expanded **mine = arena_new(y->a, const struct expanded *, n + 1);
    money *months = arena_new(y->a, money, (size_t)x->n_months);
    for (int32_t m = 0; m < x->n_months; m++)
        months[m] = money_zero(y->p->header.currency);
    for (size_t i = 0; i < n; i++) {
        const struct expanded *l = i < x->n_lines ? &x->lines[i] : &x->buffers[i - x->n_lines];
        if (category >= 0 ? (int)l->category != category : l->initiative != initiative)
            continue;
        mine[kept++] = l;
        for (int32_t m = 0; m < x->n_months; m++)
            months[m] = money_add(months[m], l->monthly[m]);
    }
    struct doc_table *t = parts_table(y);
    money sum = span_sum(y, months);
    for (size_t i = 0; i < kept; i++) {
        bool buffer = mine[i] >= x->buffers && mine[i] < x->buffers + x->n_buffers;
        part(y, t, buffer ? str_fmt(y->a, "%.*s:buffer", FMT(mine[i]->path)) : mine[i]->path,
             span_sum(y, mine[i]->monthly), sum, place_of(y, mine[i]),
             origin_at(&y->origins, mine[i]->path).source);
    }
    t->empty_text = S("Nothing of it is in the plan.");
    why_amounts(y, "Amount", months);
}

static void why_total(struct why *y, bool with_reserve)
{
    const struct expansion *x = y->x;
    money *months = arena_new(y->a, money, (size_t)x->n_months);
    for (int32_t m = 0; m < x->n_months; m++) {
        months[m] = money_zero(y->p->header.currency);
        for (int k = 0; k < (with_reserve ? CATEGORY_COUNT : CATEGORY_RESERVE); k++)
            months[m] = money_add(months[m], x->categories[k].monthly[m]);
    }
    why_formula(y, with_reserve ? S("planned / (1 - reserve share): planned is lines, buffers and "
                                    "lever costs; the reserve is the difference")
                                : S("lines + buffers + lever costs"));
    struct doc_table *t = parts_table(y);
    money sum = span_sum(y, months);
    for (int k = 0; k < (with_reserve ? CATEGORY_COUNT : CATEGORY_RESERVE); k++)
        part(y, t, str_of(category_key((enum category)k)), span_sum(y, x->categories[k].monthly),
             sum, k == CATEGORY_RESERVE ? y->p->reserve.at : NULL, STR_NONE);
    why_amounts(y, "Amount", months);
}

static void why_reserve(struct why *y)
{
    const struct expanded_category *r = &y->x->categories[CATEGORY_RESERVE];
    why_formula(y, S("total - planned, where total = planned / (1 - share), spread evenly over the "
                     "months"));
    why_span(y, y->from, y->to);
    why_input(y, 0, S("reserve.share"), y->p->reserve.share);
    why_row(y, 0, S("= planned, all months"), WHY_MONEY, money_to_double(y->x->planned),
            money_to_double(y->x->planned), NULL);
    why_row(y, 0, S("= total, all months"), WHY_MONEY, money_to_double(y->x->total),
            money_to_double(y->x->total), NULL);
    why_amounts(y, "Reserve", r->monthly);
}

/* --- what a path stands for --- */

static str after(str s, const char *head)
{
    return str_sub(s, strlen(head), s.n);
}

#define FIND(list, name, field)                                                                    \
    do {                                                                                           \
        for (uint32_t i_ = 0; i_ < (list).n; i_++)                                                 \
            if (str_eq((list).items[i_].field, (name)))                                            \
                return i_;                                                                         \
        return NO_INDEX;                                                                           \
    } while (0)

static uint32_t position_index(const struct plan *p, str id)
{
    FIND(p->staff, id, id.s);
}
static uint32_t contractor_index(const struct plan *p, str id)
{
    FIND(p->contractors, id, id.s);
}
static uint32_t upskilling_index(const struct plan *p, str id)
{
    FIND(p->upskilling, id, id.s);
}
static uint32_t lever_index(const struct plan *p, str id)
{
    FIND(p->levers, id, id.s);
}

static const struct benefit *benefit_of(const struct plan *p, str path)
{
    for (size_t i = 0; i < p->initiatives.n; i++)
        for (size_t k = 0; k < p->initiatives.items[i].benefits.n; k++)
            if (str_eq(p->initiatives.items[i].benefits.items[k].path, path))
                return &p->initiatives.items[i].benefits.items[k];
    return NULL;
}

static void says(struct why *y, const struct yaml_node *at, const char *kind)
{
    str place = place_text(y->a, at);
    y->kind = str_of(kind);
    y->at = at;
    y->d->title =
        str_fmt(y->a, "%.*s: %s%s%.*s", FMT(y->q->path), kind, place.n ? ", " : "", FMT(place));
}

static bool why_people(struct why *y, str path)
{
    uint32_t i;
    bool hire = str_ends(path, S(":hire"));
    str id = hire ? str_sub(path, 0, path.n - 5) : path;
    if (str_starts(id, S("staff.")) &&
        (i = position_index(y->p, after(id, "staff."))) != NO_INDEX) {
        if (hire && !y->p->staff.items[i].external)
            return false;
        says(y, y->p->staff.items[i].at, hire ? "the hire of a position" : "a position");
        why_position(y, i, hire);
    } else if (str_starts(path, S("contractors.")) &&
               (i = contractor_index(y->p, after(path, "contractors."))) != NO_INDEX) {
        says(y, y->p->contractors.items[i].at, "contractors");
        why_contractor(y, i);
    } else if (str_starts(path, S("upskilling.")) &&
               (i = upskilling_index(y->p, after(path, "upskilling."))) != NO_INDEX) {
        says(y, y->p->upskilling.items[i].at, "training of people");
        why_upskilling(y, i);
    } else if (str_starts(path, S("levers.")) &&
               (i = lever_index(y->p, after(path, "levers."))) != NO_INDEX) {
        says(y, y->p->levers.items[i].at, "a lever");
        why_lever(y, i);
    } else {
        return false;
    }
    return true;
}

static bool why_line_path(struct why *y, str path)
{
    bool buffer = str_ends(path, S(":buffer"));
    uint32_t i = plan_line_index(y->p, buffer ? str_sub(path, 0, path.n - 7) : path);
    if (i == NO_INDEX)
        return false;
    const struct line *l = y->p->lines[i];
    bool has_buffer = false;
    for (size_t k = 0; k < y->x->n_buffers; k++)
        has_buffer = has_buffer || y->x->buffers[k].line == i;
    if (buffer && !has_buffer)
        return false;
    says(y, l->at,
         str_fmt(y->a, "%s%s%s", buffer ? "the buffer of " : "", "a line of kind ",
                 line_kind_name(l->kind))
             .p);
    if (buffer)
        why_formula(y, S("the line's month, rounded to the cent, x its buffer share, rounded to "
                         "the cent"));
    why_line(y, l, buffer);
    return true;
}

static bool why_path(struct why *y, str path)
{
    enum category category;
    uint32_t initiative = plan_initiative_index(y->p, path);
    const struct benefit *b = benefit_of(y->p, path);
    const struct quantity *q = plan_quantity(y->p, path);
    if (str_eq(path, S("total")) || str_eq(path, S("planned"))) {
        says(y, NULL,
             str_eq(path, S("total")) ? "what the plan asks for" : "the plan without its reserve");
        why_total(y, str_eq(path, S("total")));
    } else if (str_eq(path, S("reserve"))) {
        says(y, y->p->reserve.at, "the innovation reserve");
        why_reserve(y);
    } else if (category_parse(path, &category) && category < CATEGORY_RESERVE &&
               initiative == NO_INDEX) {
        says(y, NULL, "a category");
        why_sum(y, (int)category, NO_INDEX);
    } else if (initiative != NO_INDEX) {
        says(y, y->p->initiatives.items[initiative].at, "an initiative");
        why_sum(y, -1, initiative);
    } else if (why_people(y, path) || why_line_path(y, path)) {
        return true;
    } else if (b) {
        says(y, b->at, "a benefit");
        why_benefit(y, b);
    } else if (q) {
        says(y, q->at, "a number");
        why_quantity(y, q);
    } else {
        return false;
    }
    return true;
}

static bool unknown_path(struct why *y, struct err *e)
{
    const char **names = arena_new(y->a, const char *,
                                   y->x->n_lines + y->p->n_lines + y->p->n_quantities +
                                       y->p->initiatives.n + y->p->levers.n + CATEGORY_COUNT + 8);
    size_t n = 0;
    for (size_t i = 0; i < y->x->n_lines; i++)
        names[n++] = str_cstr(y->a, y->x->lines[i].path);
    for (size_t i = 0; i < y->p->n_lines; i++)
        names[n++] = str_cstr(y->a, y->p->lines[i]->path);
    for (size_t i = 0; i < y->p->n_quantities; i++)
        names[n++] = str_cstr(y->a, y->p->quantities[i]->path);
    for (size_t i = 0; i < y->p->initiatives.n; i++)
        names[n++] = str_cstr(y->a, y->p->initiatives.items[i].id.s);
    for (size_t i = 0; i < y->p->levers.n; i++)
        names[n++] = str_fmt(y->a, "levers.%.*s", FMT(y->p->levers.items[i].id.s)).p;
    for (int k = 0; k < CATEGORY_COUNT; k++)
        names[n++] = category_key((enum category)k);
    names[n++] = "total";
    names[n++] = "planned";
    const char *near = str_closest(y->q->path, names, n);
    err_set(e, ERR_USAGE, "the plan has nothing called '%.*s'", FMT(y->q->path));
    if (near)
        return err_hint(e, "Did you mean '%s'?", near);
    return err_hint(
        e, "Write a line, its buffer (LINE:buffer), an initiative, a category, 'reserve', "
           "'total', a position (staff.ID) or a number; 'outlay plan --by line' lists lines.");
}

/* For programs, which see no prose. */
static void add_about(struct why *y)
{
    static const struct doc_column columns[] = {
        {"path", "Path", CELL_TEXT, SHOW_ALL, 0, -1},
        {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1},
        {"formula", "Formula", CELL_TEXT, SHOW_ALL, 0, -1},
        {"source", "Source", CELL_TEXT, SHOW_ALL, 0, -1},
        {"place", "In", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(y->d, "about", STR_NONE, columns, ARRAY_LEN(columns));
    struct cell *c = doc_row(y->d, t, ROW_NORMAL, 0);
    t->shown = SHOW_DATA;
    c[0] = cell_text(y->q->path);
    c[1] = cell_text(y->kind);
    if (y->formula.n)
        c[2] = cell_text(y->formula);
    if (y->source.n)
        c[3] = cell_text(y->source);
    if (y->at)
        c[4] = cell_text(place_text(y->a, y->at));
}

bool report_why(const struct why_request *q, struct arena *a, struct doc **ret, struct err *e)
{
    const struct plan_header *h = &q->plan->header;
    struct why y = {.q = q, .p = q->plan, .a = a};
    char from[MONTH_TEXT], to[MONTH_TEXT];
    if (q->month != MONTH_NONE && (q->month < h->first || q->month > h->last)) {
        err_set(e, ERR_USAGE, "'%.*s' is outside the plan", FMT(month_format(q->month, from)));
        return err_hint(e, "It covers %.*s to %.*s.", FMT(month_format(h->first, from)),
                        FMT(month_format(h->last, to)));
    }
    if (!expand(a, q->plan, NULL, &y.x, e))
        return false;
    y.w = world_new(a, q->plan, NULL);
    bool *off = arena_new(a, bool, q->plan->levers.n + 1);
    y.bare = world_new(a, q->plan, &(struct circumstances){.levers = off});
    origins_init(&y.origins, q->plan, a);
    y.from = q->month == MONTH_NONE ? 0 : q->month - h->first;
    y.to = q->month == MONTH_NONE ? y.x->n_months - 1 : y.from;
    y.d = doc_new(a, "why", q->path);
    y.d->subtitle =
        q->month == MONTH_NONE
            ? str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                      FMT(month_format_name(h->last, to)), h->currency.code)
            : str_fmt(a, "%.*s, %s", FMT(month_format_name(q->month, from)), h->currency.code);
    y.d->currency = h->currency;
    y.d->as_of = q->as_of;
    if (!why_path(&y, q->path))
        return unknown_path(&y, e);
    add_about(&y);
    *ret = y.d;
    return true;
}
