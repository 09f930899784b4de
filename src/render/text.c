/* text.c - a report for a terminal or a pipe: aligned columns, nothing else.
 *
 * Numbers stand flush right with their digits under each other, so what follows the digits (a
 * closing parenthesis, a mark) hangs in a narrow tail of its own. Text is cut only to fit a
 * terminal. */
#include "render/list.h"
#include "render/show.h"

enum { GAP = 2, LEAST_TEXT = 8 };

struct text_out {
    struct buf *out;
    const struct render_options *o;
    struct arena *a;
    bool begun; /* something stands above: parts are set apart by a blank line */
};

struct text_column {
    const struct doc_column *of;
    size_t index; /* in the table */
    size_t width, tail;
    bool number;
};

static const char *color_of(enum cell_mark mark)
{
    switch (mark) {
    case MARK_GOOD:
        return "\x1b[32m";
    case MARK_BAD:
        return "\x1b[31m";
    case MARK_WARN:
        return "\x1b[33m";
    case MARK_MUTED:
        return "\x1b[2m";
    case MARK_NONE:
        break;
    }
    return "";
}

static void colored(struct text_out *t, const char *code, str s)
{
    bool on = t->o->color && *code && s.n;
    if (on)
        buf_add(t->out, str_of(code));
    buf_add(t->out, s);
    if (on)
        buf_add(t->out, S("\x1b[0m"));
}

static void set_apart(struct text_out *t)
{
    if (t->begun)
        buf_addc(t->out, '\n');
    t->begun = true;
}

/* The longest prefix of s that needs at most `width` columns. */
static str fitting(str s, size_t width)
{
    size_t end = 0;
    while (end < s.n) {
        size_t next = end + 1;
        while (next < s.n && ((unsigned char)s.p[next] & 0xc0) == 0x80)
            next++;
        if (str_width(str_sub(s, 0, next)) > width)
            break;
        end = next;
    }
    return str_sub(s, 0, end);
}

/* Lines of at most the terminal's width, broken at spaces; later ones stand `indent` in. */
static void wrapped(struct text_out *t, str s, size_t indent)
{
    size_t width = t->o->width > indent + 20 ? t->o->width : 0;
    str line;
    for (bool first = true; str_cut(&s, '\n', &line); first = false) {
        size_t used = 0;
        str word;
        if (!first)
            buf_fill(t->out, ' ', indent);
        used = indent;
        for (bool begin = true; str_cut(&line, ' ', &word);) {
            size_t w = str_width(word);
            if (!begin && width && used + 1 + w > width) {
                buf_addc(t->out, '\n');
                buf_fill(t->out, ' ', indent);
                used = indent;
                begin = true;
            }
            if (!begin) {
                buf_addc(t->out, ' ');
                used++;
            }
            buf_add(t->out, word);
            used += w;
            begin = false;
        }
        buf_addc(t->out, '\n');
    }
}

static str shown_text(struct arena *a, str s)
{
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, s.n * 3 + 1);
    str line;
    for (bool first = true; str_cut(&s, '\n', &line); first = false) {
        if (!first)
            buf_addc(&b, '\n');
        show_text(&b, line);
    }
    return str_dup(a, buf_str(&b));
}

/* What stands in a cell, without padding. */
static str cell_words(struct text_out *t, const struct text_column *c, const struct doc_row *row,
                      bool first)
{
    const struct cell *cell = &row->cells[c->index];
    if (cell->kind == CELL_NULL &&
        (row->role == ROW_GROUP || (row->role == ROW_TOTAL && !c->number)))
        return STR_NONE;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, SIZE_MAX / 2);
    buf_fill(&b, ' ', first ? (size_t)MAX(row->indent, 0) * 2 : 0);
    show_cell(&b, cell, c->of->places);
    buf_add(&b, str_of(show_mark(cell)));
    return str_dup(t->a, buf_str(&b));
}

/* Characters behind the last digit that hang: ")" and "!". */
static size_t tail_of(str words)
{
    size_t n = 0;
    while (n < words.n && (words.p[words.n - 1 - n] == '!' || words.p[words.n - 1 - n] == ')'))
        n++;
    return n;
}

static size_t table_columns(const struct doc_table *table, struct text_column *cols)
{
    size_t n = 0;
    for (size_t k = 0; k < table->n_columns; k++)
        if (column_for_people(&table->columns[k]))
            cols[n++] = (struct text_column){.of = &table->columns[k], .index = k,
                                             .number = show_is_number(table->columns[k].kind)};
    return n;
}

static void measure(const struct doc_table *table, struct text_column *cols, size_t n,
                    const str *words)
{
    for (size_t k = 0; k < n; k++) {
        size_t body = 0;
        for (size_t r = 0; r < table->n_rows; r++) {
            str w = words[r * n + k];
            size_t tail = cols[k].number ? tail_of(w) : 0;
            cols[k].tail = MAX(cols[k].tail, tail);
            /* a heading may run over the columns to its right */
            if (table->rows[r].role != ROW_GROUP)
                body = MAX(body, str_width(w) - tail);
        }
        cols[k].width = MAX(body + cols[k].tail, str_width(str_of(cols[k].of->title)));
    }
}

/* Narrows the widest text columns until the table fits the terminal or nothing is left to give. */
static void squeeze(struct text_out *t, struct text_column *cols, size_t n)
{
    size_t total = n ? (n - 1) * GAP : 0;
    for (size_t k = 0; k < n; k++)
        total += cols[k].width;
    while (t->o->width && total > t->o->width) {
        struct text_column *widest = NULL;
        for (size_t k = 0; k < n; k++)
            if (cols[k].of->kind == CELL_TEXT && cols[k].width > LEAST_TEXT &&
                (!widest || cols[k].width > widest->width))
                widest = &cols[k];
        if (!widest)
            break;
        widest->width--;
        total--;
    }
}

static str cut_to(struct text_out *t, str s, size_t width)
{
    if (str_width(s) <= width)
        return s;
    str mark = t->o->unicode ? S("\xe2\x80\xa6") : S("~");
    return str_fmt(t->a, "%.*s%.*s", FMT(fitting(s, width - 1)), FMT(mark));
}

/* Totals and headings are bold. */
static const char *role_color(enum row_role role)
{
    return role == ROW_NORMAL ? "" : "\x1b[1m";
}

static void line_of(struct text_out *t, const struct text_column *cols, size_t n, const str *words,
                    const struct doc_row *row)
{
    size_t gap = 0; /* blanks owed: written only when something follows */
    for (size_t k = 0; k < n; k++) {
        const struct text_column *c = &cols[k];
        bool spans = row && row->role == ROW_GROUP;
        str w = spans ? words[k] : cut_to(t, words[k], c->width);
        size_t width = str_width(w), hang = 0;
        if (c->number)
            hang = row ? c->tail - MIN(c->tail, tail_of(w)) : 0;
        size_t pad = c->width > width ? c->width - width : 0;
        if (c->number) {
            hang = MIN(hang, pad);
            gap += pad - hang;
            pad = hang;
        }
        if (w.n) {
            buf_fill(t->out, ' ', gap);
            gap = 0;
            const char *code = row ? role_color(row->role) : "\x1b[1m";
            enum cell_mark mark = row ? row->cells[c->index].mark : MARK_NONE;
            colored(t, mark != MARK_NONE ? color_of(mark) : code, w);
        }
        gap += pad + GAP;
        if (spans && width > c->width)
            gap -= MIN(gap, width - c->width);
    }
    buf_addc(t->out, '\n');
}

static void rule(struct text_out *t, const struct text_column *cols, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        buf_fill(t->out, ' ', k ? GAP : 0);
        for (size_t i = 0; i < cols[k].width; i++)
            buf_add(t->out, t->o->unicode ? S("\xe2\x94\x80") : S("-"));
    }
    buf_addc(t->out, '\n');
}

static void table_out(struct text_out *t, const struct doc_table *table)
{
    if (!table_for_people(table))
        return;
    set_apart(t);
    if (table->title.n) {
        colored(t, "\x1b[1m", shown_text(t->a, table->title));
        buf_addc(t->out, '\n');
    }
    if (!table->n_rows) {
        wrapped(t, shown_text(t->a, table->empty_text), 0);
        return;
    }
    struct text_column *cols = arena_new(t->a, struct text_column, table->n_columns);
    size_t n = table_columns(table, cols);
    if (!n)
        return;
    str *words = arena_new(t->a, str, table->n_rows * n);
    for (size_t r = 0; r < table->n_rows; r++)
        for (size_t k = 0; k < n; k++)
            words[r * n + k] = cell_words(t, &cols[k], &table->rows[r], k == 0);
    measure(table, cols, n, words);
    squeeze(t, cols, n);
    str *titles = arena_new(t->a, str, n);
    for (size_t k = 0; k < n; k++)
        titles[k] = str_of(cols[k].of->title);
    line_of(t, cols, n, titles, NULL);
    rule(t, cols, n);
    for (size_t r = 0; r < table->n_rows; r++) {
        enum row_role role = table->rows[r].role, above = r ? table->rows[r - 1].role : ROW_TOTAL;
        if (role == ROW_TOTAL && above != ROW_TOTAL)
            rule(t, cols, n);
        if (role == ROW_GROUP && r)
            buf_addc(t->out, '\n');
        line_of(t, cols, n, words + r * n, &table->rows[r]);
    }
}

static void figures_out(struct text_out *t, const struct doc *d)
{
    size_t title = 0, value = 0, n = 0;
    str *words = arena_new(t->a, str, d->n_figures);
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_people(f->shown) || f->value.kind == CELL_SERIES)
            continue;
        CLEANUP(buf_release) struct buf b;
        buf_init(&b, SIZE_MAX / 2);
        show_cell(&b, &f->value, f->places);
        buf_add(&b, str_of(show_mark(&f->value)));
        words[i] = str_dup(t->a, buf_str(&b));
        title = MAX(title, str_width(f->title));
        if (show_is_number(f->value.kind))
            value = MAX(value, str_width(words[i]));
        n++;
    }
    if (!n)
        return;
    set_apart(t);
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!words[i].p)
            continue;
        str name = shown_text(t->a, f->title);
        bool number = show_is_number(f->value.kind) || f->value.kind == CELL_NULL;
        buf_add(t->out, name);
        buf_fill(t->out, ' ', title - MIN(title, str_width(name)) + GAP);
        buf_fill(t->out, ' ', number ? value - MIN(value, str_width(words[i])) : 0);
        colored(t, color_of(f->value.mark), words[i]);
        if (f->value.kind == CELL_MONEY && d->currency.code[0])
            buf_fmt(t->out, " %s", d->currency.code);
        buf_addc(t->out, '\n');
    }
}

static void notes_out(struct text_out *t, const struct doc *d)
{
    if (d->n_notes)
        set_apart(t);
    for (size_t i = 0; i < d->n_notes; i++) {
        const struct doc_note *note = &d->notes[i];
        bool warn = note->level == NOTE_WARN;
        if (warn)
            colored(t, color_of(MARK_WARN), S("Warning:"));
        else
            buf_add(t->out, S("Note:"));
        buf_addc(t->out, ' ');
        struct text_out hanging = *t;
        wrapped(&hanging, shown_text(t->a, note->text), warn ? 9 : 6);
    }
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)e;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct text_out t = {.out = out, .o = o, .a = &a};
    if (d->title.n) {
        colored(&t, "\x1b[1m", shown_text(&a, d->title));
        buf_addc(out, '\n');
        t.begun = true;
    }
    if (d->subtitle.n)
        wrapped(&t, shown_text(&a, d->subtitle), 0);
    figures_out(&t, d);
    for (size_t i = 0; i < d->n_parts; i++) {
        const struct doc_part *p = &d->parts[i];
        if (p->kind == PART_TABLE) {
            table_out(&t, p->table);
        } else if (for_people(p->shown)) {
            set_apart(&t);
            wrapped(&t, shown_text(&a, p->prose), 0);
        }
    }
    notes_out(&t, d);
    return true;
}

const struct renderer text_renderer = {
    .name = "text",
    .extension = "txt",
    .summary = "aligned columns for a terminal; the default",
    .render = render,
};
