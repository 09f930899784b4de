/* csv_small.c - a small table of known columns, whole in memory, with all its faults named. */
#include "core/csv_small.h"

#include <stdarg.h>

#include "base/limits.h"

#define FAULTS_TOLD 12 /* the rest is counted */

bool csv_small_open(struct csv_small *t, str name, str text, size_t most_rows, struct err *e)
{
    uint32_t columns[256];
    *t = (struct csv_small){.name = name, .e = e, .most_rows = most_rows};
    if (!csv_open_memory(name, text, NULL, &t->file, e))
        return false;
    t->names = csv_names(t->file, &t->n_columns);
    bool ok = t->n_columns <= ARRAY_LEN(columns) ||
              err_set(e, ERR_INVALID, "%.*s: %zu columns, at most %zu are read", FMT(name),
                      t->n_columns, ARRAY_LEN(columns));
    for (uint32_t i = 0; ok && i < t->n_columns; i++)
        columns[i] = i;
    ok = ok && csv_worker_open(t->file, columns, t->n_columns, &t->worker, e);
    if (!ok)
        csv_small_close(t);
    return ok;
}

void csv_small_close(struct csv_small *t)
{
    if (t->worker)
        csv_worker_close(t->worker);
    if (t->file)
        csv_close(t->file);
    t->worker = NULL;
    t->file = NULL;
}

size_t csv_small_column(const struct csv_small *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (str_eq_nocase(t->names[i], str_of(name)))
            return i;
    return SIZE_MAX;
}

bool csv_small_next(struct csv_small *t, bool *ret_more)
{
    if (t->row == t->batch.n) {
        if (!csv_worker_next(t->worker, &t->batch, t->e))
            return false;
        t->row = 0;
    }
    *ret_more = t->batch.n > 0;
    if (!*ret_more)
        return true;
    if (++t->rows > t->most_rows)
        return err_set(t->e, ERR_INVALID, "%.*s: more than %zu rows", FMT(t->name), t->most_rows);
    t->cells = t->batch.cells + t->row * t->n_columns;
    t->line = t->batch.lines[t->row++];
    return true;
}

/* Where cell k begins in the raw record, in characters from 1. */
static size_t cell_column(str raw, size_t k, char delimiter)
{
    size_t at = 0, column = 1;
    bool quoted = false;
    for (; at < raw.n && k; at++) {
        char c = raw.p[at];
        quoted ^= c == '"';
        k -= c == delimiter && !quoted;
        column += ((unsigned char)c & 0xc0) != 0x80;
    }
    return column;
}

void csv_small_fault(struct csv_small *t, size_t column, const char *fmt, ...)
{
    struct err *e = t->e;
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t at_column = 1;
    if (column != SIZE_MAX)
        at_column =
            cell_column(csv_worker_raw(t->worker, t->row - 1), column, csv_delimiter(t->file));
    t->faults++;
    if (t->faults == 1) {
        err_set(e, ERR_INVALID, "%.*s:%llu:%zu: %s", FMT(t->name), (unsigned long long)t->line,
                at_column, text);
    } else if (t->faults <= FAULTS_TOLD) {
        size_t n = strlen(e->text);
        snprintf(e->text + n, sizeof e->text - n, "\n%.*s:%llu:%zu: %s", FMT(t->name),
                 (unsigned long long)t->line, at_column, text);
    }
    if (t->faults > 1)
        err_hint(e, "There are %zu faults in all; nothing was added.", t->faults);
}
