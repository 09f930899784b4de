/* doc.c - building a doc. */
#include "doc/doc.h"

#include <stdarg.h>

struct doc *doc_new(struct arena *a, const char *report, str title)
{
    struct doc *d = arena_new(a, struct doc, 1);
    d->arena = a;
    d->report = report;
    d->title = title;
    d->as_of = DAY_NONE;
    return d;
}

static struct doc_part *add_part(struct doc *d)
{
    d->parts = arena_grow(d->arena, d->parts, sizeof *d->parts, &d->cap_parts, d->n_parts + 1);
    return &d->parts[d->n_parts++];
}

struct doc_table *doc_table(struct doc *d, const char *id, str title,
                            const struct doc_column *columns, size_t n_columns)
{
    for (size_t k = 0; k < n_columns; k++) /* an exact_places left at 0 would round the data */
        BUG_IF(columns[k].exact_places >= 0 && columns[k].exact_places < columns[k].places);
    struct doc_table *t = arena_new(d->arena, struct doc_table, 1);
    *t = (struct doc_table){.id = id, .title = title, .columns = columns, .n_columns = n_columns};
    *add_part(d) = (struct doc_part){.kind = PART_TABLE, .table = t};
    return t;
}

struct cell *doc_row(struct doc *d, struct doc_table *t, enum row_role role, int indent)
{
    t->rows = arena_grow(d->arena, t->rows, sizeof *t->rows, &t->cap_rows, t->n_rows + 1);
    struct cell *cells = arena_new(d->arena, struct cell, t->n_columns);
    t->rows[t->n_rows++] = (struct doc_row){role, indent, cells};
    return cells;
}

void doc_prose(struct doc *d, enum shown shown, str paragraph)
{
    *add_part(d) = (struct doc_part){.kind = PART_PROSE, .shown = shown, .prose = paragraph};
}

void doc_figure(struct doc *d, const char *id, str title, int places, struct cell value)
{
    d->figures = arena_grow(d->arena, d->figures, sizeof *d->figures, &d->cap_figures,
                            d->n_figures + 1);
    d->figures[d->n_figures++] = (struct doc_figure){
        .id = id, .title = title, .places = places, .exact_places = -1, .value = value};
}

struct doc_figure *doc_last_figure(struct doc *d)
{
    BUG_IF(!d->n_figures);
    return &d->figures[d->n_figures - 1];
}

void doc_note(struct doc *d, enum note_level level, const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    d->notes = arena_grow(d->arena, d->notes, sizeof *d->notes, &d->cap_notes, d->n_notes + 1);
    d->notes[d->n_notes++] = (struct doc_note){level, str_dup(d->arena, str_of(text))};
}

struct cell cell_null(void)
{
    return (struct cell){.kind = CELL_NULL};
}

struct cell cell_text(str s)
{
    return (struct cell){.kind = CELL_TEXT, .text = s};
}

static struct cell number_cell(enum cell_kind kind, dec v)
{
    return v == DEC_NULL ? cell_null() : (struct cell){.kind = kind, .number = v};
}

struct cell cell_money(dec v)
{
    return number_cell(CELL_MONEY, v);
}

struct cell cell_number(dec v)
{
    return number_cell(CELL_NUMBER, v);
}

struct cell cell_share(dec fraction)
{
    return number_cell(CELL_SHARE, fraction);
}

struct cell cell_count(int64_t v)
{
    return (struct cell){.kind = CELL_COUNT, .count = v};
}

struct cell cell_month(month m)
{
    return m == MONTH_NONE ? cell_null() : (struct cell){.kind = CELL_MONTH, .month = m};
}

struct cell cell_day(day d)
{
    return d == DAY_NONE ? cell_null() : (struct cell){.kind = CELL_DAY, .day = d};
}

struct cell cell_bool(bool yes)
{
    return (struct cell){.kind = CELL_BOOL, .yes = yes};
}

struct cell cell_series(const dec *items, size_t n)
{
    return (struct cell){.kind = CELL_SERIES, .series = {items, n}};
}

struct cell cell_marked(struct cell c, enum cell_mark mark)
{
    c.mark = mark;
    return c;
}
