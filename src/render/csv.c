/* csv.c - the first table of a report as comma-separated values.
 *
 * RFC 4180 quoting, lines end in LF. Numbers are bare with every digit. A series becomes one column
 * per item, named by month where it has one per month. Text that a spreadsheet would run as a
 * formula gets an apostrophe in front; numbers never do. */
#include "render/list.h"
#include "render/show.h"

static void quoted(struct buf *out, str s)
{
    bool plain = true;
    for (size_t i = 0; i < s.n && plain; i++)
        plain = !strchr(",\"\r\n", s.p[i]) || !s.p[i];
    plain = plain && !(s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '));
    if (plain) {
        buf_add(out, s);
        return;
    }
    buf_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_addc(out, '"');
        buf_addc(out, s.p[i]);
    }
    buf_addc(out, '"');
}

static void add_text(struct buf *out, str s, struct buf *scratch)
{
    buf_clear(scratch);
    if (s.n && strchr("=+-@\t\r", s.p[0]) && s.p[0])
        buf_addc(scratch, '\'');
    buf_add(scratch, s);
    quoted(out, buf_str(scratch));
}

static void add_cell(struct buf *out, const struct cell *c, int exact_places, struct buf *scratch)
{
    if (c->kind == CELL_TEXT)
        add_text(out, c->text, scratch);
    else
        show_exact(out, c, exact_places);
}

static const struct doc_table *first_table(const struct doc *d)
{
    for (size_t i = 0; i < d->n_parts; i++)
        if (d->parts[i].kind == PART_TABLE && for_data(d->parts[i].table->shown))
            return d->parts[i].table;
    return NULL;
}

/* The most items any row has in that series column. */
static size_t series_width(const struct doc_table *t, size_t column)
{
    size_t most = 0;
    for (size_t r = 0; r < t->n_rows; r++)
        if (t->rows[r].role == ROW_NORMAL && t->rows[r].cells[column].kind == CELL_SERIES)
            most = MAX(most, t->rows[r].cells[column].series.n);
    return most;
}

static void add_header(struct buf *out, const struct doc *d, const struct doc_table *t,
                       const size_t *widths)
{
    const char *comma = "";
    for (size_t k = 0; k < t->n_columns; k++) {
        const struct doc_column *c = &t->columns[k];
        if (!for_data(c->shown))
            continue;
        if (c->kind != CELL_SERIES) {
            buf_fmt(out, "%s%s", comma, c->id);
            comma = ",";
        }
        for (size_t i = 0; i < widths[k]; i++) {
            char m[MONTH_TEXT];
            if (widths[k] == d->n_months)
                buf_fmt(out, "%s%s_%s", comma, c->id, month_format(d->months[i], m).p);
            else
                buf_fmt(out, "%s%s_%zu", comma, c->id, i + 1);
            comma = ",";
        }
    }
    buf_addc(out, '\n');
}

static void add_series(struct buf *out, const struct cell *c, size_t width, int exact_places,
                       bool *first)
{
    for (size_t i = 0; i < width; i++) {
        if (!*first)
            buf_addc(out, ',');
        *first = false;
        if (c->kind != CELL_SERIES || i >= c->series.n)
            continue;
        struct cell one = cell_money(c->series.items[i]);
        show_exact(out, &one, exact_places);
    }
}

static void add_row(struct buf *out, const struct doc_table *t, const struct doc_row *row,
                    const size_t *widths, struct buf *scratch)
{
    bool first = true;
    for (size_t k = 0; k < t->n_columns; k++) {
        const struct doc_column *c = &t->columns[k];
        if (!for_data(c->shown))
            continue;
        if (c->kind == CELL_SERIES) {
            add_series(out, &row->cells[k], widths[k], c->exact_places, &first);
            continue;
        }
        if (!first)
            buf_addc(out, ',');
        first = false;
        add_cell(out, &row->cells[k], c->exact_places, scratch);
    }
    buf_addc(out, '\n');
}

/* A report without a table: its figures, one a line. */
static void add_figures(struct buf *out, const struct doc *d, struct buf *scratch)
{
    buf_add(out, S("figure,value\n"));
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_data(f->shown))
            continue;
        buf_fmt(out, "%s,", f->id);
        add_cell(out, &f->value, f->exact_places, scratch);
        buf_addc(out, '\n');
    }
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)o;
    (void)e;
    CLEANUP(buf_release) struct buf scratch;
    buf_init(&scratch, out->max);
    const struct doc_table *t = first_table(d);
    if (!t) {
        add_figures(out, d, &scratch);
        return true;
    }
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    size_t *widths = arena_new(&a, size_t, t->n_columns);
    for (size_t k = 0; k < t->n_columns; k++)
        widths[k] = t->columns[k].kind == CELL_SERIES ? series_width(t, k) : 0;
    add_header(out, d, t, widths);
    for (size_t r = 0; r < t->n_rows; r++)
        if (t->rows[r].role == ROW_NORMAL)
            add_row(out, t, &t->rows[r], widths, &scratch);
    return true;
}

const struct renderer csv_renderer = {
    .name = "csv",
    .extension = "csv",
    .summary = "the first table, bare numbers with every digit, one header line",
    .render = render,
};
