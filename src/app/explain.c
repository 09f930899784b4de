/* explain.c - what drove a variance: currency, drivers, services, timing; and the sentence. */
#include "app/explain_int.h"

#include <math.h>

enum { TOLD_MOST = 5 }; /* parts of a sentence */

/* ---- small things ---- */

void part_add(struct month_parts *p, str driver, double amount, str note)
{
    if (p->n == PARTS_MOST) { /* what does not fit joins the last */
        p->amount[PARTS_MOST - 1] += amount;
        return;
    }
    p->driver[p->n] = driver;
    p->note[p->n] = note;
    p->amount[p->n++] = amount;
}

void part_join(struct explaining *x, struct month_parts *p, str driver, double amount)
{
    (void)x;
    for (size_t i = 0; i < p->n; i++) {
        if (str_eq(p->driver[i], driver)) {
            p->amount[i] += amount;
            return;
        }
    }
    part_add(p, driver, amount, STR_NONE);
}

str explain_number(struct arena *a, double v)
{
    static const struct {
        double from, unit;
        const char *sign;
    } scales[] = {{1e9, 1e9, "B"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}};
    for (size_t i = 0; i < ARRAY_LEN(scales); i++)
        if (fabs(v) >= scales[i].from)
            return str_fmt(a, "%.4g%s", v / scales[i].unit, scales[i].sign);
    return str_fmt(a, "%.4g", v);
}

/* ---- the rows behind a path ---- */

struct ledger_query explain_query(const struct explaining *x, const struct row_filters *f,
                                  int32_t m)
{
    day last = month_last_day(x->t->first + m);
    return (struct ledger_query){.from = month_first_day(x->t->first + m),
                                 .to = x->t->last_day == DAY_NONE ? last
                                                                  : MIN(last, x->t->last_day),
                                 .filters = f->items, .n_filters = f->n};
}

bool explain_filters(struct explaining *x, str path, int32_t m, struct row_filters *ret,
                     struct err *e)
{
    struct row_filters f = {arena_new(x->a, struct ledger_filter, 1), 1};
    struct ledger_sums sums;
    f.items[0] = (struct ledger_filter){{.kind = KEY_TEXT, .text = SPEND_LINE}, FILTER_IS, path};
    struct ledger_query q = explain_query(x, &f, m);
    if (!ledger_sum(x->w->ledger, &q, x->a, &sums, e))
        return false;
    str where = actuals_where(x->a, x->t->plan, path), part;
    if ((sums.n && sums.items[0].rows) || str_starts(where, S("line="))) {
        *ret = f;
        return true;
    }
    size_t cap = 1, n = 0;
    while (str_cut(&where, ',', &part)) {
        str name;
        struct ledger_key key;
        if (!str_cut(&part, '=', &name) || !ledger_key_parse(name, &key))
            continue;
        f.items = arena_grow(x->a, f.items, sizeof *f.items, &cap, n + 1);
        f.items[n++] = (struct ledger_filter){
            key, str_find_char(part, '*', 0) == SIZE_MAX ? FILTER_IS : FILTER_GLOB, part};
    }
    f.n = n;
    *ret = f;
    return true;
}

/* ---- currency ---- */

static const struct quantity *planned_rate(const struct plan *p, str code)
{
    for (size_t i = 0; i < p->header.fx.n; i++)
        if (str_eq(p->header.fx.items[i].name, code))
            return p->header.fx.items[i].q;
    return NULL;
}

/* What the month's rates make of spend in other currencies, against the plan's rates. */
static bool currency_part(struct explaining *x, const struct tracked *item, int32_t m,
                          double *ret, str *ret_note, struct err *e)
{
    static const struct ledger_key by[] = {{.kind = KEY_CURRENCY}};
    struct row_filters f;
    struct ledger_sums sums;
    const struct plan *p = x->t->plan;
    *ret = 0;
    if (!item->actual[m] || !item->planned || item->expanded == NO_INDEX)
        return true;
    if (!explain_filters(x, item->path, m, &f, e))
        return false;
    struct ledger_query q = explain_query(x, &f, m);
    q.keys = by;
    q.n_keys = 1;
    if (!ledger_sum(x->w->ledger, &q, x->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        str code = sums.items[i].keys[0];
        const struct quantity *rate = planned_rate(p, code);
        currency from;
        dec num, den;
        struct err none;
        if (str_eq(code, currency_str(&p->header.currency)) || !rate || !x->w->rates ||
            !currency_parse(code, &from) ||
            !fx_month(x->w->rates, from, p->header.currency, x->t->first + m, &num, &den, &none))
            continue;
        double was = world_number_at(x->world, rate, m, 0);
        double is = dec_to_double(num) / dec_to_double(den);
        *ret += dec_to_double(dec_or_zero(sums.items[i].effective)) * (is - was);
        *ret_note = str_fmt(x->a, "%.*s at %.4f instead of %.4f", FMT(code), is, was);
    }
    return true;
}

/* ---- services ---- */

struct service {
    str name;
    double now, before;
    bool seen;
};

/* What no driver tells, by who was paid: new and vanished ones against the months before. */
static void by_service(struct explaining *x, const struct tracked *item, int32_t m, double rest,
                       struct month_parts *p)
{
    struct service found[PARTS_MOST];
    size_t n = 0;
    const struct actuals *all = x->k->actuals;
    for (size_t i = 0; i < all->n; i++) {
        const struct actual *b = &all->items[i];
        int32_t at = b->month - x->t->first;
        str path = b->path.n ? b->path : str_of(category_key(b->category));
        if (at > m || at < m - 3 || at < 0 || !str_eq(path, item->path) ||
            b->category != item->category)
            continue;
        str name = b->provider.n ? b->provider : b->service;
        size_t k = 0;
        while (k < n && !str_eq(found[k].name, name))
            k++;
        if (k == ARRAY_LEN(found))
            continue;
        if (k == n)
            found[n++] = (struct service){.name = name};
        *(at == m ? &found[k].now : &found[k].before) += dec_to_double(b->amount);
    }
    for (size_t k = 0; m > 0 && k < n; k++) {
        bool fresh = found[k].now != 0 && found[k].before == 0;
        bool gone = found[k].now == 0 && found[k].before != 0;
        if ((!fresh && !gone) || (fresh && n == 1))
            continue;
        int32_t months = MIN(m, 3);
        double amount = fresh ? found[k].now : -found[k].before / months;
        part_add(p, str_fmt(x->a, "%s %.*s", fresh ? "new:" : "gone:", FMT(found[k].name)), amount,
                 gone ? S("against its mean of the months before") : STR_NONE);
        rest -= amount;
    }
    if (!item->planned && n == 1 && m > 0 && found[0].before == 0)
        part_add(p, str_fmt(x->a, "new: %.*s", FMT(found[0].name)), rest, STR_NONE);
    else
        part_add(p, item->planned ? S("amount") : S("not in the plan"), rest, STR_NONE);
}

/* ---- one line's month ---- */

/* A budget that stands in few months, of which nothing came yet. */
static bool comes_in_lumps(const struct tracked *x, int32_t n)
{
    int32_t with = 0;
    for (int32_t m = 0; m < n; m++)
        with += x->budget[m] != 0;
    return with > 0 && with * 4 <= n;
}

static bool line_month(struct explaining *x, const struct tracked *item, int32_t m,
                       struct month_parts *p, struct err *e)
{
    double fx = 0;
    str note = STR_NONE;
    bool told = false;
    if (!currency_part(x, item, m, &fx, &note, e))
        return false;
    double budget = dec_to_double(item->budget[m]);
    double actual = dec_to_double(item->actual[m]) - fx;
    if (fx != 0)
        part_add(p, S("currency"), fx, note);
    const struct expanded *b =
        item->expanded == NO_INDEX ? NULL : &x->t->budget->lines[item->expanded];
    bool ok = true;
    if (b && b->kind == LINE_LLM && b->line != NO_INDEX)
        ok = explain_llm(x, item, m, actual, budget, p, &told, e);
    else if (b && b->line != NO_INDEX && b->kind < LINE_KINDS)
        ok = explain_units(x, item, m, actual, budget, p, &told, e);
    else if (b)
        ok = explain_people(x, item, m, actual, budget, p, &told, e);
    if (!ok || told)
        return ok;
    if (item->actual[m] == 0 && item->budget[m] && comes_in_lumps(item, x->t->n_months)) {
        part_add(p, S("timing"), -budget, S("not billed yet"));
        p->timing = -item->budget[m];
    } else if (item->category == CATEGORY_RESERVE) {
        part_add(p, S("experiments"), actual - budget, S("drawn when an experiment starts"));
    } else {
        by_service(x, item, m, actual - budget, p);
    }
    return true;
}

/* ---- rows ---- */

/* Months before a late one make up for it, and the other way round. */
static dec timing_of(struct explaining *x, const struct tracked *item, int32_t m)
{
    dec deltas[PLAN_MONTHS_MAX], timing[PLAN_MONTHS_MAX];
    int32_t n = x->t->n_known;
    for (int32_t k = 0; k < n; k++)
        deltas[k] = dec_round(item->actual[k] - item->budget[k], 2);
    variance_timing(deltas, (size_t)n, timing);
    return m < n ? timing[m] : 0;
}

static void keep_parts(struct explaining *x, const struct month_parts *p, dec delta,
                       struct explained *ret)
{
    dec cents[PARTS_MOST], other;
    variance_cents(delta, p->amount, p->n, cents, &other);
    ret->parts = arena_new(x->a, struct explained_part, p->n + 1);
    for (size_t i = 0; i < p->n; i++)
        if (cents[i])
            ret->parts[ret->n_parts++] = (struct explained_part){p->driver[i], cents[i],
                                                                 p->note[i]};
    if (other)
        ret->parts[ret->n_parts++] = (struct explained_part){S("other"), other, STR_NONE};
}

static bool explain_line(struct explaining *x, const struct tracked *item, int32_t from, int32_t to,
                         struct explained *ret, struct err *e)
{
    struct month_parts all = {0};
    dec timing = 0;
    for (int32_t m = from; m <= to; m++) {
        struct month_parts one = {0};
        if (!line_month(x, item, m, &one, e))
            return false;
        timing += one.timing;
        for (size_t i = 0; i < one.n; i++) {
            size_t before = all.n;
            part_join(x, &all, one.driver[i], one.amount[i]);
            if (all.n > before)
                all.note[all.n - 1] = from == to ? one.note[i] : STR_NONE;
        }
    }
    keep_parts(x, &all, ret->row.v.delta, ret);
    if (!timing && from == to)
        timing = timing_of(x, item, from);
    ret->timing = dec_round(timing, 2);
    ret->where = item->path;
    return true;
}

static int by_size(const void *va, const void *vb)
{
    const struct explained_part *a = va, *b = vb;
    dec x = a->amount < 0 ? -a->amount : a->amount, y = b->amount < 0 ? -b->amount : b->amount;
    return x != y ? (x < y) - (x > y) : str_cmp(a->driver, b->driver);
}

/* Roll-ups are explained by their lines, largest first. */
static void explain_roll_up(struct explaining *x, int32_t from, int32_t to, struct explained *ret)
{
    const struct track_row *row = &ret->row;
    struct explained_part *parts = arena_new(x->a, struct explained_part, x->t->n_items + 1);
    size_t n = 0;
    dec sum = 0, whole = dec_round(row->v.delta, 2);
    for (size_t i = 0; i < x->t->n_items; i++) {
        const struct tracked *item = &x->t->items[i];
        bool in = row->level == TRACK_TOTAL ||
                  (row->level == TRACK_CATEGORY ? item->category == row->category
                                                : item->initiative == row->initiative);
        dec delta = tracking_sum(item->actual, from, to + 1) -
                    tracking_sum(item->budget, from, to + 1);
        if (!in || !dec_round(delta, 2))
            continue;
        parts[n++] = (struct explained_part){item->path, dec_round(delta, 2), STR_NONE};
        sum += parts[n - 1].amount;
        if (from == to)
            ret->timing += timing_of(x, item, from);
    }
    qsort(parts, n, sizeof *parts, by_size);
    if (n && sum != whole) /* cents of rounding go to the largest */
        parts[0].amount += whole - sum;
    ret->parts = parts;
    ret->n_parts = n;
}

/* ---- the sentence ---- */

static void add_money(struct buf *b, dec v)
{
    char text[DEC_GROUPED_TEXT];
    buf_fmt(b, "%s%.*s", v > 0 ? "+" : "", FMT(dec_format_grouped(v, 0, text)));
}

static str sentence_of(struct explaining *x, const struct explained *r, str period)
{
    struct buf b;
    char text[DEC_GROUPED_TEXT], share[DEC_TEXT];
    const struct variance *v = &r->row.v;
    struct explained_part *parts = arena_new(x->a, struct explained_part, r->n_parts + 1);
    memcpy(parts, r->parts, r->n_parts * sizeof *parts);
    qsort(parts, r->n_parts, sizeof *parts, by_size);
    buf_init(&b, 4096);
    dec size = v->delta < 0 ? -v->delta : v->delta;
    buf_fmt(&b, "%.*s is %.*s", FMT(r->row.title), FMT(dec_format_grouped(size, 0, text)));
    if (!dec_is_null(v->pct)) {
        dec pct = (v->pct < 0 ? -v->pct : v->pct) * 100;
        buf_fmt(&b, " (%.*s %%)", FMT(dec_format_fixed(pct, 1, share)));
    }
    buf_fmt(&b, " %s budget %.*s%.*s: ", v->delta > 0 ? "over" : "under",
            FMT(r->row.month == MONTH_NONE ? S("to ") : S("in ")), FMT(period));
    for (size_t i = 0; i < MIN(r->n_parts, (size_t)TOLD_MOST); i++) {
        buf_fmt(&b, "%s%.*s ", i ? ", " : "", FMT(parts[i].driver));
        add_money(&b, parts[i].amount);
        if (parts[i].note.n)
            buf_fmt(&b, " (%.*s)", FMT(parts[i].note));
    }
    if (r->n_parts > TOLD_MOST)
        buf_fmt(&b, ", and %zu more", r->n_parts - TOLD_MOST);
    buf_addc(&b, '.');
    if (r->timing == dec_round(v->delta, 2) && r->timing)
        buf_add(&b, S(" All of it is timing."));
    else if (r->timing) {
        buf_add(&b, S(" Timing "));
        add_money(&b, r->timing);
        buf_add(&b, S(", permanent "));
        add_money(&b, r->permanent);
        buf_addc(&b, '.');
    }
    str s = str_dup(x->a, buf_str(&b));
    buf_release(&b);
    return s;
}

static str where_of(struct explaining *x, const struct explained *r)
{
    if (r->row.level == TRACK_CATEGORY)
        return str_fmt(x->a, "category=%.*s", FMT(r->row.path));
    if (r->row.level == TRACK_INITIATIVE)
        return str_fmt(x->a, "initiative=%.*s", FMT(r->row.path));
    if (r->row.level == TRACK_TOTAL || !r->row.v.actual)
        return STR_NONE;
    const struct tracked *item = &x->t->items[r->row.item];
    if (item->expanded == NO_INDEX && str_find_char(item->path, '.', 0) == SIZE_MAX)
        return item->initiative == NO_INDEX
                   ? str_fmt(x->a, "category=%s,line=", category_key(item->category))
                   : str_fmt(x->a, "category=%s,initiative=%.*s,line=",
                             category_key(item->category),
                             FMT(x->t->plan->initiatives.items[item->initiative].id.s));
    return str_fmt(x->a, "line=%.*s", FMT(item->path));
}

static const struct explanation *recorded(const struct explaining *x, const struct track_row *row,
                                          int32_t m)
{
    const struct track_book *k = x->k;
    bool in = row->initiative != NO_INDEX;
    struct review r = {.last = x->t->first + m};
    struct review_row of = {
        .level = row->level, .path = row->path, .month = row->month,
        .category = str_of(category_key(row->category)),
        .initiative = in ? x->t->plan->initiatives.items[row->initiative].id.s : STR_NONE};
    int64_t id = book_explanation_of(&r, &of, k->explanations, k->n_explanations);
    for (size_t i = 0; id && i < k->n_explanations; i++)
        if (k->explanations[i].id == id)
            return &k->explanations[i];
    return NULL;
}

bool explain_row(struct workspace *w, const struct track_book *k, const struct track_row *row,
                 int32_t m, struct explained *ret, struct err *e)
{
    struct explaining x = {.w = w, .k = k, .t = &k->t, .a = w->arena};
    struct explained r = {.row = *row};
    bool ytd = row->month == MONTH_NONE;
    int32_t from = ytd ? 0 : m;
    struct circumstances none = {.levers = arena_new(w->arena, bool, k->t.plan->levers.n + 1)};
    char until[MONTH_TEXT];
    if (dec_is_null(row->v.delta)) {
        *ret = r;
        return true;
    }
    x.world = world_new(x.a, k->t.plan, NULL);
    x.unlevered = world_new(x.a, k->t.plan, &none);
    if (row->level == TRACK_LINE) {
        if (!explain_line(&x, &k->t.items[row->item], from, m, &r, e))
            return false;
    } else {
        explain_roll_up(&x, from, m, &r);
    }
    r.permanent = dec_round(row->v.delta, 2) - r.timing;
    r.where = where_of(&x, &r);
    r.sentence = sentence_of(&x, &r, str_dup(x.a, month_format_name(k->t.first + m, until)));
    r.recorded = recorded(&x, row, m);
    *ret = r;
    return true;
}
