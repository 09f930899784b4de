/* anomalies.c - daily spend outside its own pattern. */
#include "app/anomalies.h"

#include <math.h>

#include "base/map.h"
#include "core/money.h"
#include "engine/series.h"

enum { DAYS_MOST = 400, DAYS_LEAST = 35, WINDOW = 31 };
#define BUSY 0.7  /* share of days with spend that makes a daily line */
#define CHANCE 0.1

enum { ASK_DAY, ASK_CATEGORY, ASK_CURRENCY, ASK_INITIATIVE, ASK_LINE, ASKED };

struct line_days {
    str path, where;
    enum category category;
    dec *exact; /* per day from the first */
    const struct anomaly *found;
    size_t first; /* day of its first spend */
};
struct finding {
    struct workspace *w;
    struct arena *a;
    const struct anomalies_request *q;
    day first, last;
    size_t n_days;
    struct map index;
    struct line_days *lines;
    size_t n, cap;
};

static struct line_days *line_of(struct finding *f, const struct ledger_sum *s)
{
    str line = s->keys[ASK_LINE], initiative = s->keys[ASK_INITIATIVE];
    str category = s->keys[ASK_CATEGORY], parts[] = {line, initiative, category};
    bool fresh;
    struct map_entry *at =
        map_put(&f->index, str_join(f->a, parts, ARRAY_LEN(parts), S("\x1f")), &fresh);
    if (!fresh)
        return &f->lines[at->num];
    at->num = (int64_t)f->n;
    f->lines = arena_grow(f->a, f->lines, sizeof *f->lines, &f->cap, f->n + 1);
    struct line_days *x = &f->lines[f->n++];
    *x = (struct line_days){.path = line.n ? line : initiative.n ? initiative : category,
                            .exact = arena_new(f->a, dec, f->n_days), .first = SIZE_MAX};
    BUG_IF(!category_parse(category, &x->category));
    x->where = line.n         ? str_fmt(f->a, "line=%.*s", FMT(line))
               : initiative.n ? str_fmt(f->a, "category=%.*s,initiative=%.*s,line=", FMT(category),
                                        FMT(initiative))
                              : str_fmt(f->a, "category=%.*s,initiative=,line=", FMT(category));
    return x;
}

static bool read_days(struct finding *f, struct err *e)
{
    static const struct ledger_key keys[ASKED] = {
        [ASK_DAY] = {.kind = KEY_DAY},
        [ASK_CATEGORY] = {.kind = KEY_CATEGORY},
        [ASK_CURRENCY] = {.kind = KEY_CURRENCY},
        [ASK_INITIATIVE] = {.kind = KEY_TEXT, .text = SPEND_INITIATIVE},
        [ASK_LINE] = {.kind = KEY_TEXT, .text = SPEND_LINE},
    };
    struct ledger_query q = {.from = f->first, .to = f->last, .keys = keys, .n_keys = ASKED};
    struct ledger_sums sums;
    if (!ledger_sum(f->w->ledger, &q, f->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        const struct ledger_sum *s = &sums.items[i];
        day d;
        if (str_eq(s->keys[ASK_CATEGORY], str_of(category_key(CATEGORY_NOT_AI))) ||
            !date_parse(s->keys[ASK_DAY], DATE_MDY, &d))
            continue;
        dec amount = dec_or_zero(f->q->basis == BASIS_BILLED ? s->billed : s->effective);
        if (!workspace_convert(f->w, s->keys[ASK_CURRENCY], f->w->settings.currency,
                               month_of_day(d), &amount, e))
            return false;
        struct line_days *x = line_of(f, s);
        size_t at = (size_t)(d - f->first);
        x->first = MIN(x->first, at);
        if (!dec_add(x->exact[at], amount, &x->exact[at]))
            return err_set(e, ERR_FAILED, "a day's sum is too large");
    }
    return true;
}

/* Whether it is a daily line; *ret then holds its scores. */
static bool score(struct finding *f, struct line_days *x, bool *ret, struct err *e)
{
    size_t n = x->first == SIZE_MAX ? 0 : f->n_days - x->first, busy = 0;
    double *y = arena_new(f->a, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        y[i] = dec_to_double(x->exact[x->first + i]);
        busy += y[i] != 0;
    }
    *ret = n >= DAYS_LEAST && (double)busy >= BUSY * (double)n;
    if (!*ret)
        return true;
    struct series_input in = {.y = y, .n = n, .period = 7, .h = 1, .seasonal_noise = NAN};
    const struct series_forecast *s;
    struct anomaly *found;
    if (!series_forecast(f->a, &in, &s, e) ||
        !series_anomalies(f->a, y, s->fitted, n, &found, e))
        return false;
    x->found = found;
    return true;
}

struct candidate {
    const struct line_days *line;
    size_t day; /* from the first */
};

static int by_size(const void *va, const void *vb)
{
    const struct anomaly_day *a = va, *b = vb;
    dec x = a->actual - a->expected, y = b->actual - b->expected;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    if (x != y)
        return (x < y) - (x > y);
    return a->day != b->day ? (a->day > b->day) - (a->day < b->day) : str_cmp(a->path, b->path);
}

static dec cents(double v)
{
    static const currency none = {""};
    return money_to_dec(money_from_double(v, none));
}

static bool is_fixed(const struct finding *f, dec actual, dec expected)
{
    dec limit, size = expected < 0 ? -expected : expected;
    dec off = actual > expected ? actual - expected : expected - actual;
    return dec_mul(size, f->q->over, &limit) && off > limit;
}

static void add_item(struct finding *f, const struct candidate *c, bool discovered,
                     struct anomaly_day *items, struct anomalies_view *v)
{
    const struct anomaly *x = &c->line->found[c->day - c->line->first];
    struct anomaly_day d = {.path = c->line->path, .category = c->line->category,
                            .day = f->first + (day)c->day, .actual = c->line->exact[c->day],
                            .expected = cents(x->expected), .z = x->z};
    char text[DATE_TEXT];
    dec off = d.actual > d.expected ? d.actual - d.expected : d.expected - d.actual;
    d.fixed = is_fixed(f, d.actual, d.expected);
    d.spike = x->spike && discovered;
    v->days++;
    v->fixed += d.fixed;
    if ((!d.spike && !x->shift) || off < f->q->floor)
        return;
    date_format(d.day, text);
    d.rows = str_fmt(f->a, "outlay ledger --where %.*s --from %s --to %s", FMT(c->line->where),
                     text, text);
    items[v->n++] = d;
}

static void collect(struct finding *f, struct anomalies_view *v)
{
    size_t cap = 0, n = 0;
    struct candidate *all = NULL;
    for (size_t i = 0; i < f->n; i++) {
        const struct line_days *x = &f->lines[i];
        for (day d = v->from; x->found && d <= v->to; d++) {
            size_t at = (size_t)(d - f->first);
            if (d < f->first || at < x->first || isnan(x->found[at - x->first].z))
                continue;
            all = arena_grow(f->a, all, sizeof *all, &cap, n + 1);
            all[n++] = (struct candidate){x, at};
        }
    }
    double *z = arena_new(f->a, double, n + 1);
    bool *discovered = arena_new(f->a, bool, n + 1);
    struct anomaly_day *items = arena_new(f->a, struct anomaly_day, n + 1);
    for (size_t i = 0; i < n; i++)
        z[i] = all[i].line->found[all[i].day - all[i].line->first].z;
    series_discoveries(f->a, z, n, CHANCE, discovered);
    for (size_t i = 0; i < n; i++)
        add_item(f, &all[i], discovered[i], items, v);
    qsort(items, v->n, sizeof *items, by_size);
    v->items = items;
}

bool anomalies_find(struct workspace *w, const struct anomalies_request *q,
                    struct anomalies_view *ret, struct err *e)
{
    struct finding f = {.w = w, .a = w->arena, .q = q};
    struct anomalies_view v = {.from = DAY_NONE, .to = DAY_NONE, .currency = w->settings.currency,
                               .floor = q->floor, .over = q->over};
    day last = DAY_NONE, first = DAY_NONE;
    for (size_t i = 0; i < w->n_parts; i++) {
        const struct part_info *p = &w->parts[i].info;
        if (p->last == DAY_NONE)
            continue;
        last = MAX(last, p->last);
        first = first == DAY_NONE ? p->first : MIN(first, p->first);
    }
    if (q->as_of != DAY_NONE && last != DAY_NONE)
        last = MIN(last, q->as_of);
    if (q->month != MONTH_NONE && last != DAY_NONE)
        last = MIN(last, (day)month_last_day(q->month));
    if (last == DAY_NONE || last < first) {
        *ret = v;
        return true;
    }
    f.last = v.to = last;
    f.first = MAX(first, last - DAYS_MOST + 1);
    f.n_days = (size_t)(last - f.first + 1);
    v.from = q->month != MONTH_NONE ? (day)month_first_day(q->month) : last - WINDOW + 1;
    map_init(&f.index, f.a);
    if (!read_days(&f, e))
        return false;
    for (size_t i = 0; i < f.n; i++) {
        bool daily;
        if (!score(&f, &f.lines[i], &daily, e))
            return false;
        *(daily ? &v.series : &v.too_short) += 1;
    }
    collect(&f, &v);
    *ret = v;
    return true;
}
