/* anomalies.c - daily spend outside its own pattern. */
#include "app/anomalies.h"

#include <math.h>

#include "base/map.h"
#include "core/money.h"
#include "engine/series.h"

enum { DAYS_MOST = 400, DAYS_LEAST = 35, DAYS_JUDGED = 91, DAYS_STOPPED = 7, WINDOW = 31 };
#define BUSY 0.7  /* share of the judged days with spend that makes a daily stream */
#define CHANCE 0.1

enum { ASK_DAY, ASK_CATEGORY, ASK_CURRENCY, ASK_INITIATIVE, ASK_LINE, ASK_PROVIDER, ASKED };

/* What one provider bills for one line: a line's monthly invoice must not spoil its daily meter. */
struct stream {
    str path, provider, where;
    enum category category;
    dec *exact; /* per day from the finder's first */
    const struct anomaly *found;
    size_t first, last; /* days with its first and last spend */
    size_t n;           /* days from first that are known */
    bool stopped;       /* its provider went on billing without it */
};
struct finding {
    struct workspace *w;
    struct arena *a;
    const struct anomalies_request *q;
    day first, last;
    size_t n_days;
    struct map index, covered; /* provider: the last day it billed anything */
    struct stream *streams;
    size_t n, cap;
};

static struct stream *stream_of(struct finding *f, const struct ledger_sum *s)
{
    str line = s->keys[ASK_LINE], initiative = s->keys[ASK_INITIATIVE];
    str category = s->keys[ASK_CATEGORY], provider = s->keys[ASK_PROVIDER];
    str parts[] = {line, initiative, category, provider};
    bool fresh;
    struct map_entry *at =
        map_put(&f->index, str_join(f->a, parts, ARRAY_LEN(parts), S("\x1f")), &fresh);
    if (!fresh)
        return &f->streams[at->num];
    at->num = (int64_t)f->n;
    f->streams = arena_grow(f->a, f->streams, sizeof *f->streams, &f->cap, f->n + 1);
    struct stream *x = &f->streams[f->n++];
    *x = (struct stream){.path = line.n ? line : initiative.n ? initiative : category,
                         .provider = provider, .exact = arena_new(f->a, dec, f->n_days),
                         .first = SIZE_MAX};
    BUG_IF(!category_parse(category, &x->category));
    x->where = line.n         ? str_fmt(f->a, "line=%.*s", FMT(line))
               : initiative.n ? str_fmt(f->a, "category=%.*s,initiative=%.*s,line=", FMT(category),
                                        FMT(initiative))
                              : str_fmt(f->a, "category=%.*s,initiative=,line=", FMT(category));
    return x;
}

static void cover(struct finding *f, str provider, size_t at)
{
    bool fresh;
    struct map_entry *last = map_put(&f->covered, provider, &fresh);
    last->num = fresh ? (int64_t)at : MAX(last->num, (int64_t)at);
}

static bool read_days(struct finding *f, struct err *e)
{
    static const struct ledger_key keys[ASKED] = {
        [ASK_DAY] = {.kind = KEY_DAY},
        [ASK_CATEGORY] = {.kind = KEY_CATEGORY},
        [ASK_CURRENCY] = {.kind = KEY_CURRENCY},
        [ASK_INITIATIVE] = {.kind = KEY_TEXT, .text = SPEND_INITIATIVE},
        [ASK_LINE] = {.kind = KEY_TEXT, .text = SPEND_LINE},
        [ASK_PROVIDER] = {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
    };
    struct ledger_query q = {.from = f->first, .to = f->last, .keys = keys, .n_keys = ASKED};
    struct ledger_sums sums;
    if (!ledger_sum(f->w->ledger, &q, f->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        const struct ledger_sum *s = &sums.items[i];
        day d;
        if (!date_parse(s->keys[ASK_DAY], DATE_MDY, &d))
            continue;
        cover(f, s->keys[ASK_PROVIDER], (size_t)(d - f->first));
        if (str_eq(s->keys[ASK_CATEGORY], str_of(category_key(CATEGORY_NOT_AI))))
            continue;
        dec amount = dec_or_zero(f->q->basis == BASIS_BILLED ? s->billed : s->effective);
        if (!workspace_convert(f->w, s->keys[ASK_CURRENCY], f->w->settings.currency,
                               month_of_day(d), &amount, e))
            return false;
        struct stream *x = stream_of(f, s);
        size_t at = (size_t)(d - f->first);
        x->first = MIN(x->first, at);
        x->last = MAX(x->last, at);
        if (!dec_add(x->exact[at], amount, &x->exact[at]))
            return err_set(e, ERR_FAILED, "a day's sum is too large");
    }
    return true;
}

/* Days after its provider's last bill are unknown, not zero. */
static void bound(struct finding *f, struct stream *x)
{
    const struct map_entry *covered = map_get(&f->covered, x->provider);
    size_t last = (size_t)covered->num;
    x->stopped = last >= x->last + DAYS_STOPPED;
    x->n = (x->stopped ? x->last : last) - x->first + 1;
}

/* Whether it has spend on most days; *ret then holds its scores. */
static bool score(struct finding *f, struct stream *x, bool *ret, struct err *e)
{
    bound(f, x);
    size_t judged = MIN(x->n, DAYS_JUDGED), busy = 0;
    double *y = arena_new(f->a, double, x->n + 1);
    for (size_t i = 0; i < x->n; i++) {
        y[i] = dec_to_double(x->exact[x->first + i]);
        busy += i + judged >= x->n && y[i] != 0;
    }
    *ret = x->n >= DAYS_LEAST && (double)busy >= BUSY * (double)judged;
    if (!*ret)
        return true;
    struct series_input in = {.y = y, .n = x->n, .period = 7, .h = 1};
    const struct series_forecast *s;
    struct anomaly *found;
    if (!series_forecast(f->a, &in, &s, e) ||
        !series_anomalies(f->a, y, s->fitted, x->n, &found, e))
        return false;
    x->found = found;
    return true;
}

struct candidate {
    const struct stream *stream;
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

static str rows_of(struct finding *f, const struct stream *x, const char *from, const char *to)
{
    char *provider = str_cstr(f->a, x->provider);
    for (char *c = provider; *c; c++)
        *c = *c == ',' ? '?' : *c; /* commas part filters, so one inside a name is any character */
    str where = str_fmt(f->a, "%.*s,provider=%s", FMT(x->where), provider);
    return str_fmt(f->a, "outlay ledger --where %.*s --from %s --to %s",
                   FMT(str_shell_word(f->a, where)), from, to);
}

static void add_item(struct finding *f, const struct candidate *c, bool discovered,
                     struct anomaly_day *items, struct anomalies_view *v)
{
    const struct anomaly *x = &c->stream->found[c->day - c->stream->first];
    struct anomaly_day d = {.path = c->stream->path, .category = c->stream->category,
                            .day = f->first + (day)c->day, .actual = c->stream->exact[c->day],
                            .expected = cents(x->expected), .z = x->z};
    char text[DATE_TEXT];
    dec off = d.actual > d.expected ? d.actual - d.expected : d.expected - d.actual;
    d.fixed = is_fixed(f, d.actual, d.expected);
    d.kind = x->spike && discovered ? ANOMALY_SPIKE : ANOMALY_SHIFT;
    v->days++;
    v->fixed += d.fixed;
    if ((d.kind == ANOMALY_SHIFT && !x->shift) || off < f->q->floor)
        return;
    date_format(d.day, text);
    d.rows = rows_of(f, c->stream, text, text);
    items[v->n++] = d;
}

/* A stream that ended inside the window while its provider went on: told once, on its first day
 * without spend, against its mean over four weeks. */
static void add_stopped(struct finding *f, const struct stream *x, struct anomaly_day *items,
                        struct anomalies_view *v)
{
    enum { WEEKS = 28 };
    struct anomaly_day d = {.path = x->path, .category = x->category, .kind = ANOMALY_STOPPED,
                            .day = f->first + (day)x->last + 1, .z = NAN};
    size_t n = MIN(x->n, WEEKS);
    double sum = 0;
    char from[DATE_TEXT], to[DATE_TEXT];
    for (size_t i = x->last + 1 - n; i <= x->last; i++)
        sum += dec_to_double(x->exact[i]);
    d.expected = cents(sum / (double)n);
    dec size = d.expected < 0 ? -d.expected : d.expected;
    if (d.day < v->from || d.day > v->to || size < f->q->floor)
        return;
    date_format(d.day - (day)n, from);
    date_format(d.day - 1, to);
    d.fixed = true;
    d.rows = rows_of(f, x, from, to);
    items[v->n++] = d;
}

static void collect(struct finding *f, struct anomalies_view *v)
{
    size_t cap = 0, n = 0;
    struct candidate *all = NULL;
    for (size_t i = 0; i < f->n; i++) {
        const struct stream *x = &f->streams[i];
        for (day d = v->from; x->found && d <= v->to; d++) {
            size_t at = (size_t)(d - f->first);
            if (d < f->first || at < x->first || at >= x->first + x->n ||
                isnan(x->found[at - x->first].z))
                continue;
            all = arena_grow(f->a, all, sizeof *all, &cap, n + 1);
            all[n++] = (struct candidate){x, at};
        }
    }
    double *z = arena_new(f->a, double, n + 1);
    bool *discovered = arena_new(f->a, bool, n + 1);
    struct anomaly_day *items = arena_new(f->a, struct anomaly_day, n + f->n + 1);
    for (size_t i = 0; i < n; i++)
        z[i] = all[i].stream->found[all[i].day - all[i].stream->first].z;
    series_discoveries(f->a, z, n, CHANCE, discovered);
    for (size_t i = 0; i < n; i++)
        add_item(f, &all[i], discovered[i], items, v);
    for (size_t i = 0; i < f->n; i++)
        if (f->streams[i].found && f->streams[i].stopped)
            add_stopped(f, &f->streams[i], items, v);
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
    map_init(&f.covered, f.a);
    if (!read_days(&f, e))
        return false;
    for (size_t i = 0; i < f.n; i++) {
        bool daily;
        if (!score(&f, &f.streams[i], &daily, e))
            return false;
        *(daily ? &v.series : &v.too_short) += 1;
    }
    collect(&f, &v);
    *ret = v;
    return true;
}
