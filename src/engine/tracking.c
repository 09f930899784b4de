/* tracking.c - variances by category, initiative and line. */
#include "engine/tracking.h"

dec tracking_sum(const dec *months, int32_t from, int32_t to)
{
    dec sum = 0;
    for (int32_t m = from; m < to; m++)
        sum += months[m]; /* at most 60 amounts of 20 digits */
    return sum;
}

struct tracked *tracking_find(const struct tracking *t, str path)
{
    for (size_t i = 0; i < t->n_items; i++)
        if (str_eq(t->items[i].path, path))
            return &t->items[i];
    return NULL;
}

const month *tracking_months(struct arena *a, const struct tracking *t)
{
    month *months = arena_new(a, month, (size_t)t->n_months);
    for (int32_t m = 0; m < t->n_months; m++)
        months[m] = t->first + m;
    return months;
}

struct span {
    int32_t from, to;
};

struct sums {
    dec actual, budget, buffer;
    bool any;
};

static void add(struct sums *s, const struct tracked *x, struct span at)
{
    s->actual += tracking_sum(x->actual, at.from, at.to);
    s->budget += tracking_sum(x->budget, at.from, at.to);
    s->buffer += tracking_sum(x->buffer, at.from, at.to);
    s->any = true;
}

static void finish(const struct tracking *t, const struct sums *s, struct span at, bool ytd,
                   struct track_row *row)
{
    bool known = at.to <= t->n_known;
    row->v = variance_of(known ? s->actual : DEC_NULL, s->budget, &t->rule);
    row->buffer = s->buffer;
    row->month = ytd ? MONTH_NONE : t->first + at.from;
    for (int32_t m = at.from; m < at.to; m++)
        row->provisional = row->provisional || t->open[m];
}

static void line_rows(const struct tracking *t, struct span at, bool ytd, struct track_row *rows,
                      size_t *n)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const struct tracked *x = &t->items[i];
        struct sums s = {0};
        add(&s, x, at);
        struct track_row *row = &rows[(*n)++];
        *row = (struct track_row){.level = TRACK_LINE, .path = x->path, .title = x->path,
                                  .category = x->category, .initiative = x->initiative,
                                  .item = (uint32_t)i};
        finish(t, &s, at, ytd, row);
    }
}

static void initiative_rows(const struct tracking *t, struct span at, bool ytd,
                            struct track_row *rows, size_t *n)
{
    for (uint32_t k = 0; k < t->plan->initiatives.n; k++) {
        const struct initiative *x = &t->plan->initiatives.items[k];
        struct sums s = {0};
        for (size_t i = 0; i < t->n_items; i++)
            if (t->items[i].initiative == k)
                add(&s, &t->items[i], at);
        if (!s.any)
            continue;
        struct track_row *row = &rows[(*n)++];
        *row = (struct track_row){.level = TRACK_INITIATIVE, .path = x->id.s,
                                  .title = x->name.s.n ? x->name.s : x->id.s, .initiative = k,
                                  .item = NO_INDEX};
        finish(t, &s, at, ytd, row);
    }
}

static void category_rows(const struct tracking *t, struct span at, bool ytd,
                          struct track_row *rows, size_t *n)
{
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        struct sums s = {0};
        for (size_t i = 0; i < t->n_items; i++)
            if ((int)t->items[i].category == k)
                add(&s, &t->items[i], at);
        struct track_row *row = &rows[(*n)++];
        *row = (struct track_row){.level = TRACK_CATEGORY,
                                  .path = str_of(category_key((enum category)k)),
                                  .title = str_of(category_name((enum category)k)),
                                  .category = (enum category)k, .initiative = NO_INDEX,
                                  .item = NO_INDEX};
        finish(t, &s, at, ytd, row);
    }
}

static void total_row(const struct tracking *t, struct span at, bool ytd, struct track_row *rows,
                      size_t *n)
{
    struct sums s = {0};
    for (size_t i = 0; i < t->n_items; i++)
        add(&s, &t->items[i], at);
    struct track_row *row = &rows[(*n)++];
    *row = (struct track_row){.level = TRACK_TOTAL, .path = S("total"), .title = S("Total"),
                              .initiative = NO_INDEX, .item = NO_INDEX};
    finish(t, &s, at, ytd, row);
}

void tracking_rows(struct arena *a, const struct tracking *t, enum track_level level, int32_t m,
                   bool ytd, struct track_row **ret, size_t *ret_n)
{
    struct span at = {ytd ? 0 : m, m + 1};
    size_t most = t->n_items + t->plan->initiatives.n + CATEGORY_COUNT + 1, n = 0;
    struct track_row *rows = arena_new(a, struct track_row, most);
    switch (level) {
    case TRACK_LINE:
        line_rows(t, at, ytd, rows, &n);
        break;
    case TRACK_INITIATIVE:
        initiative_rows(t, at, ytd, rows, &n);
        break;
    case TRACK_CATEGORY:
        category_rows(t, at, ytd, rows, &n);
        break;
    case TRACK_TOTAL:
        total_row(t, at, ytd, rows, &n);
        break;
    }
    *ret = rows;
    *ret_n = n;
}
