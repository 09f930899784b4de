/* variance_table.c - reads a budget and what was spent from any table with a header. */
#include "app/variance_table.h"

#include "base/limits.h"
#include "base/map.h"
#include "core/csv_small.h"

enum { ROWS_MOST = 2000000 };

struct filter {
    size_t column;
    str value;
};
struct reading {
    const struct table_request *q;
    struct arena *a;
    struct csv_small csv;
    size_t *keys, budget, actual;
    struct filter *filters;
    struct map by_key; /* index into lines */
    struct variance_table *t;
    size_t cap;
};

static bool column_of(struct reading *r, str name, size_t *ret, struct err *e)
{
    const struct csv_small *c = &r->csv;
    const char **names = arena_new(r->a, const char *, c->n_columns);
    for (size_t i = 0; i < c->n_columns; i++) {
        if (str_eq_nocase(c->names[i], name)) {
            *ret = i;
            return true;
        }
        names[i] = str_cstr(r->a, c->names[i]);
    }
    err_set(e, ERR_INVALID, "%.*s: there is no column '%.*s'", FMT(r->q->path), FMT(name));
    const char *meant = str_closest(name, names, c->n_columns);
    if (meant)
        return err_hint(e, "Did you mean '%s'?", meant);
    return err_hint(e, "The first columns are '%.*s' and '%.*s'.", FMT(c->names[0]),
                    FMT(c->names[MIN((size_t)1, c->n_columns - 1)]));
}

static bool find_columns(struct reading *r, struct err *e)
{
    const struct table_request *q = r->q;
    if (!column_of(r, q->budget, &r->budget, e) || !column_of(r, q->actual, &r->actual, e))
        return false;
    r->keys = arena_new(r->a, size_t, q->n_keys);
    for (size_t i = 0; i < q->n_keys; i++)
        if (!column_of(r, q->keys[i], &r->keys[i], e))
            return false;
    r->filters = arena_new(r->a, struct filter, q->n_where);
    for (size_t i = 0; i < q->n_where; i++) {
        str value = q->where[i], name;
        if (str_find_char(value, '=', 0) == SIZE_MAX)
            return err_set(e, ERR_USAGE, "'%.*s' is not COLUMN=VALUE", FMT(value));
        if (!str_cut(&value, '=', &name) || !column_of(r, str_trim(name), &r->filters[i].column, e))
            return false;
        r->filters[i].value = str_trim(value);
    }
    return true;
}

static dec amount(struct reading *r, size_t column)
{
    str cell = str_trim(r->csv.cells[column]);
    dec v = DEC_NULL;
    if (!cell.n) {
        r->t->blanks++;
        return DEC_NULL;
    }
    enum dec_parse p = dec_parse_loose(cell, &v);
    if (p != DEC_OK && p != DEC_ROUNDED) {
        csv_small_fault(&r->csv, column, "'%.*s' is not an amount", FMT(cell));
        return DEC_NULL;
    }
    return v;
}

static struct table_line *new_line(struct reading *r)
{
    const struct table_request *q = r->q;
    struct variance_table *t = r->t;
    str *keys = arena_new(r->a, str, MAX(q->n_keys, (size_t)1));
    for (size_t i = 0; i < q->n_keys; i++)
        keys[i] = str_dup(r->a, str_trim(r->csv.cells[r->keys[i]]));
    if (!q->n_keys)
        keys[0] = str_fmt(r->a, "%llu", (unsigned long long)r->csv.line);
    t->lines = arena_grow(r->a, t->lines, sizeof *t->lines, &r->cap, t->n_lines + 1);
    t->lines[t->n_lines] = (struct table_line){keys, DEC_NULL, DEC_NULL, r->csv.line};
    return &t->lines[t->n_lines++];
}

static struct table_line *line_of(struct reading *r)
{
    const struct table_request *q = r->q;
    if (!q->sum || !q->n_keys)
        return new_line(r);
    str *keys = arena_new(r->a, str, q->n_keys);
    for (size_t i = 0; i < q->n_keys; i++)
        keys[i] = str_trim(r->csv.cells[r->keys[i]]);
    str key = str_join(r->a, keys, q->n_keys, (str){"", 1});
    bool fresh;
    struct map_entry *entry = map_put(&r->by_key, key, &fresh);
    if (!fresh)
        return &r->t->lines[entry->num];
    entry->num = (int64_t)r->t->n_lines;
    return new_line(r);
}

static void add_to(struct reading *r, dec *to, dec v, size_t column)
{
    if (dec_is_null(v))
        return;
    if (!dec_add(dec_or_zero(*to), v, to))
        csv_small_fault(&r->csv, column, "the sum of this line is too large");
}

static bool wanted(const struct reading *r)
{
    for (size_t i = 0; i < r->q->n_where; i++)
        if (!str_eq_nocase(str_trim(r->csv.cells[r->filters[i].column]), r->filters[i].value))
            return false;
    return true;
}

static bool read_rows(struct reading *r)
{
    bool more = true, ok;
    while ((ok = csv_small_next(&r->csv, &more)) && more) {
        if (!wanted(r))
            continue;
        dec budget = amount(r, r->budget), actual = amount(r, r->actual);
        struct table_line *l = line_of(r);
        add_to(r, &l->budget, budget, r->budget);
        add_to(r, &l->actual, actual, r->actual);
    }
    return ok && !r->csv.faults;
}

bool variance_table_parse(struct arena *a, const struct table_request *q, str text,
                          struct variance_table *ret, struct err *e)
{
    static const str number = {"line", 4};
    struct variance_table t = {.name = path_base(q->path),
                               .keys = q->n_keys ? q->keys : &number,
                               .n_keys = MAX(q->n_keys, (size_t)1),
                               .actual = q->actual,
                               .budget = q->budget,
                               .rule = q->rule};
    struct reading r = {.q = q, .a = a, .t = &t};
    map_init(&r.by_key, a);
    if (!csv_small_open(&r.csv, q->path, text, ROWS_MOST, e))
        return false;
    bool ok = find_columns(&r, e) && read_rows(&r);
    csv_small_close(&r.csv);
    if (ok)
        *ret = t;
    return ok;
}

bool variance_table_read(struct arena *a, const struct table_request *q,
                         struct variance_table *ret, struct err *e)
{
    str text;
    return file_read(a, q->path, LIMIT_SMALL_FILE, &text, e) &&
           variance_table_parse(a, q, text, ret, e);
}
