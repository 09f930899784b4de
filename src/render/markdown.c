/* markdown.c - a report as GitHub Markdown, for pull requests and wikis. */
#include "render/list.h"
#include "render/show.h"

/* Text that stays text: nothing in it becomes a table cell, emphasis, a link or HTML. */
static void escaped(struct buf *out, str s)
{
    CLEANUP(buf_release) struct buf clean;
    buf_init(&clean, out->max);
    show_text(&clean, s);
    for (size_t i = 0; i < clean.n; i++) {
        char c = clean.p[i];
        if (c == '<')
            buf_add(out, S("&lt;"));
        else if (c == '&')
            buf_add(out, S("&amp;"));
        else if (strchr("\\`*_{}[]|~#@>", c) && c) {
            buf_addc(out, '\\');
            buf_addc(out, c);
        } else
            buf_addc(out, c);
    }
}

/* A line of its own: a first character that would start a list or a heading is escaped too. */
static void paragraph(struct buf *out, str s)
{
    bool digit = s.n && s.p[0] >= '0' && s.p[0] <= '9';
    if (s.n && (s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '='))
        buf_addc(out, '\\');
    if (digit) { /* "1. " would be a list */
        size_t i = 0;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            buf_addc(out, s.p[i++]);
        if (i < s.n && (s.p[i] == '.' || s.p[i] == ')'))
            buf_addc(out, '\\');
        s = str_sub(s, i, s.n);
    }
    escaped(out, s);
}

static void add_value(struct buf *out, const struct cell *c, int places)
{
    if (c->kind == CELL_TEXT) {
        escaped(out, c->text);
        return;
    }
    show_cell(out, c, places);
    buf_add(out, str_of(show_mark(c)));
}

static void add_row(struct buf *out, const struct doc_table *t, const struct doc_row *row)
{
    bool first = true, bold = row->role != ROW_NORMAL;
    buf_addc(out, '|');
    for (size_t k = 0; k < t->n_columns; k++) {
        const struct doc_column *c = &t->columns[k];
        if (!column_for_people(c))
            continue;
        const struct cell *cell = &row->cells[k];
        bool empty = cell->kind == CELL_NULL &&
                     (row->role == ROW_GROUP ||
                      (row->role == ROW_TOTAL && !show_is_number(c->kind)));
        buf_addc(out, ' ');
        for (int i = 0; first && i < row->indent; i++)
            buf_add(out, S("&nbsp;&nbsp;"));
        if (!empty) {
            buf_add(out, bold ? S("**") : STR_NONE);
            add_value(out, cell, c->places);
            buf_add(out, bold ? S("**") : STR_NONE);
        }
        buf_add(out, S(" |"));
        first = false;
    }
    buf_addc(out, '\n');
}

static void add_table(struct buf *out, const struct doc_table *t)
{
    if (!table_for_people(t))
        return;
    if (t->title.n) {
        buf_add(out, S("\n## "));
        escaped(out, t->title);
        buf_addc(out, '\n');
    }
    buf_addc(out, '\n');
    if (!t->n_rows) {
        paragraph(out, t->empty_text);
        buf_addc(out, '\n');
        return;
    }
    buf_addc(out, '|');
    for (size_t k = 0; k < t->n_columns; k++) {
        if (!column_for_people(&t->columns[k]))
            continue;
        buf_addc(out, ' ');
        escaped(out, str_of(t->columns[k].title));
        buf_add(out, S(" |"));
    }
    buf_add(out, S("\n|"));
    for (size_t k = 0; k < t->n_columns; k++)
        if (column_for_people(&t->columns[k]))
            buf_add(out, show_is_number(t->columns[k].kind) ? S(" ---: |") : S(" --- |"));
    buf_addc(out, '\n');
    for (size_t r = 0; r < t->n_rows; r++)
        add_row(out, t, &t->rows[r]);
}

static void add_figures(struct buf *out, const struct doc *d)
{
    bool any = false;
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_people(f->shown) || f->value.kind == CELL_SERIES)
            continue;
        buf_add(out, any ? S("- ") : S("\n- "));
        any = true;
        escaped(out, f->title);
        buf_add(out, S(": **"));
        add_value(out, &f->value, f->places);
        if (f->value.kind == CELL_MONEY && d->currency.code[0])
            buf_fmt(out, " %s", d->currency.code);
        buf_add(out, S("**\n"));
    }
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)o;
    (void)e;
    buf_add(out, S("# "));
    escaped(out, d->title);
    buf_addc(out, '\n');
    if (d->subtitle.n) {
        buf_addc(out, '\n');
        paragraph(out, d->subtitle);
        buf_addc(out, '\n');
    }
    add_figures(out, d);
    for (size_t i = 0; i < d->n_parts; i++) {
        const struct doc_part *p = &d->parts[i];
        if (p->kind == PART_TABLE) {
            add_table(out, p->table);
        } else if (for_people(p->shown)) {
            buf_addc(out, '\n');
            paragraph(out, p->prose);
            buf_addc(out, '\n');
        }
    }
    for (size_t i = 0; i < d->n_notes; i++) {
        buf_add(out, d->notes[i].level == NOTE_WARN ? S("\n> **Warning:** ") : S("\n> **Note:** "));
        escaped(out, d->notes[i].text);
        buf_addc(out, '\n');
    }
    return true;
}

const struct renderer markdown_renderer = {
    .name = "md",
    .extension = "md",
    .summary = "GitHub Markdown tables, for pull requests and wikis",
    .render = render,
};
