/* series_file.c - reads id,t,value: rows first, then order, then what only order shows. */
#include "app/series_file.h"

#include <math.h>

#include "base/limits.h"
#include "base/map.h"
#include "core/csv_small.h"
#include "core/month.h"
#include "engine/series.h"

#define MOST_FAULTS 12 /* told; the rest is counted */

struct row {
    uint32_t id; /* index of insertion, later rank by name */
    int64_t t;
    double value;
    uint64_t line;
};
struct fault {
    uint64_t line;
    str text;
};
struct reading {
    struct arena *arena, scratch;
    struct csv_small table;
    size_t id_column, t_column, value_column;
    struct map ids;
    struct row *rows;
    size_t n, cap;
    bool months;
    struct fault faults[MOST_FAULTS];
    size_t n_faults;
};

static bool open_table(struct reading *r, str name, str text, struct err *e)
{
    if (!csv_small_open(&r->table, name, text, LIMIT_SERIES_ROWS, e))
        return false;
    static const char *const names[] = {"id", "t", "value"};
    size_t *const columns[] = {&r->id_column, &r->t_column, &r->value_column};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        *columns[i] = csv_small_column(&r->table, names[i]);
        if (*columns[i] == SIZE_MAX) {
            err_set(e, ERR_INVALID, "%.*s:1:1: there is no column '%s'", FMT(name), names[i]);
            return err_hint(e, "Series are read from the columns id, t and value.");
        }
    }
    return true;
}

/* t of the current row; the first row decides whether months or numbers count. */
static bool read_t(struct reading *r, str cell, int64_t *ret)
{
    month m = MONTH_NONE;
    bool is_month = month_parse(cell, &m);
    if (!is_month && !str_to_i64(cell, ret)) {
        csv_small_fault(&r->table, r->t_column,
                        "'%.*s' is neither a month such as 2026-07 nor a whole number", FMT(cell));
        return false;
    }
    if (is_month)
        *ret = m;
    if (r->table.rows == 1)
        r->months = is_month;
    if (is_month != r->months) {
        csv_small_fault(&r->table, r->t_column, "'%.*s' is a %s; the first row has a %s", FMT(cell),
                        is_month ? "month" : "number", r->months ? "month" : "number");
        return false;
    }
    return true;
}

static void read_row(struct reading *r)
{
    struct csv_small *t = &r->table;
    str id = str_trim(t->cells[r->id_column]), value = str_trim(t->cells[r->value_column]);
    struct row row = {.line = t->line};
    bool added;
    if (!id.n) {
        csv_small_fault(t, r->id_column, "the id is empty");
        return;
    }
    if (!read_t(r, str_trim(t->cells[r->t_column]), &row.t))
        return;
    if (!str_to_double(value, &row.value)) {
        csv_small_fault(t, r->value_column, "'%.*s' is not a number", FMT(value));
        return;
    }
    if (!(fabs(row.value) <= SERIES_VALUE_MAX)) {
        csv_small_fault(t, r->value_column, "'%.*s' is larger than 1e15", FMT(value));
        return;
    }
    struct map_entry *entry = map_get(&r->ids, id);
    if (!entry) {
        entry = map_put(&r->ids, str_dup(r->arena, id), &added);
        entry->num = (int64_t)r->ids.n - 1;
    }
    row.id = (uint32_t)entry->num;
    r->rows = arena_grow(&r->scratch, r->rows, sizeof *r->rows, &r->cap, r->n + 1);
    r->rows[r->n++] = row;
}

static int by_id(const void *a, const void *b)
{
    return str_cmp((*(const struct map_entry *const *)a)->key,
                   (*(const struct map_entry *const *)b)->key);
}

static int by_place(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->t != y->t)
        return x->t < y->t ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static const struct map_entry **rank_rows(struct reading *r)
{
    const struct map_entry **order = arena_new(&r->scratch, const struct map_entry *, r->ids.n + 1);
    uint32_t *rank = arena_new(&r->scratch, uint32_t, r->ids.n + 1);
    for (size_t i = 0; i < r->ids.n; i++)
        order[i] = &r->ids.entries[i];
    qsort(order, r->ids.n, sizeof *order, by_id);
    for (uint32_t i = 0; i < r->ids.n; i++)
        rank[order[i]->num] = i;
    for (size_t i = 0; i < r->n; i++)
        r->rows[i].id = rank[r->rows[i].id];
    qsort(r->rows, r->n, sizeof *r->rows, by_place);
    return order;
}

/* "2026-07", or the number. */
static str t_text(struct reading *r, int64_t t)
{
    char text[MONTH_TEXT];
    return r->months ? str_dup(&r->scratch, month_format((month)t, text))
                     : str_fmt(&r->scratch, "%lld", (long long)t);
}

static void find_faults(struct reading *r, const struct map_entry *const *order)
{
    for (size_t i = 1; i < r->n; i++) {
        const struct row *before = &r->rows[i - 1], *now = &r->rows[i];
        if (before->id != now->id || now->t == before->t + 1)
            continue;
        if (r->n_faults++ >= MOST_FAULTS)
            continue;
        str id = order[now->id]->key, was = t_text(r, before->t);
        r->faults[r->n_faults - 1] = (struct fault){
            now->line,
            now->t == before->t
                ? str_fmt(&r->scratch, "series '%.*s' has '%.*s' twice, first in line %llu",
                          FMT(id), FMT(was), (unsigned long long)before->line)
                : str_fmt(&r->scratch, "series '%.*s' jumps from '%.*s' (line %llu) to '%.*s'",
                          FMT(id), FMT(was), (unsigned long long)before->line,
                          FMT(t_text(r, now->t)))};
    }
}

static int by_line(const void *a, const void *b)
{
    const struct fault *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* Reads the text again up to the faulty rows, for their columns. */
static bool tell_faults(struct reading *r, str name, str text, struct err *e)
{
    size_t told = MIN(r->n_faults, MOST_FAULTS), next = 0;
    bool more = true;
    qsort(r->faults, told, sizeof *r->faults, by_line);
    csv_small_close(&r->table);
    if (!open_table(r, name, text, e))
        return false;
    while (next < told && csv_small_next(&r->table, &more) && more)
        for (; next < told && r->faults[next].line == r->table.line; next++)
            csv_small_fault(&r->table, r->t_column, "%.*s", FMT(r->faults[next].text));
    return r->n_faults > 1
               ? err_hint(e, "There are %zu faults in all; nothing was forecast.", r->n_faults)
               : err_hint(e, "A series has one value for each period, without gaps.");
}

static bool read_all(struct reading *r, str name, str text, struct err *e)
{
    bool more = true;
    if (!open_table(r, name, text, e))
        return false;
    while (more) {
        if (!csv_small_next(&r->table, &more))
            return false;
        if (more)
            read_row(r);
    }
    if (r->table.faults == 1)
        err_hint(e, "Nothing was forecast.");
    if (r->table.faults)
        return false;
    return r->n || err_set(e, ERR_INVALID, "%.*s: there are no rows", FMT(name));
}

static void gather(struct reading *r, const struct map_entry *const *order, size_t last,
                   struct series_list *ret)
{
    double *y = arena_new(r->arena, double, r->n);
    *ret = (struct series_list){arena_new(r->arena, struct series_named, r->ids.n), 0, r->months};
    for (size_t i = 0, from = 0; i < r->n; i++) {
        y[i] = r->rows[i].value;
        if (i + 1 < r->n && r->rows[i + 1].id == r->rows[i].id)
            continue;
        size_t n = MIN(i + 1 - from, last ? MIN(last, SERIES_MAX) : SERIES_MAX);
        ret->items[ret->n++] =
            (struct series_named){order[r->rows[i].id]->key, y + i + 1 - n, n, r->rows[i].t};
        from = i + 1;
    }
}

bool series_file_read(struct arena *a, str name, str text, size_t last, struct series_list *ret,
                      struct err *e)
{
    struct reading r = {.arena = a, .scratch = ARENA_INIT};
    map_init(&r.ids, &r.scratch);
    bool ok = read_all(&r, name, text, e);
    if (ok) {
        const struct map_entry **order = rank_rows(&r);
        find_faults(&r, order);
        ok = r.n_faults ? tell_faults(&r, name, text, e) : true;
        if (ok)
            gather(&r, order, last, ret);
    }
    csv_small_close(&r.table);
    arena_release(&r.scratch);
    return ok;
}
