/* xlsx.c - a report as a workbook: a Summary sheet and one sheet per table.
 *
 * Numbers are numbers with a format. A total whose exact sum is that of the rows above it becomes a
 * live formula that carries the value; other totals stay numbers. A cell is a double, so a column
 * that holds more than 15 significant digits gets a second one with the exact text. Text never
 * becomes a formula. Bytes are the same for the same doc: dates inside come from it. */
#include <errno.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/os.h"
#include "render/list.h"
#include "render/show.h"

enum { TEXT_MOST = 32000, /* characters of a cell; the format's own limit is 32,767 */
       ROWS_MOST = 1048575, RANGES_MOST = 200, FORMATS_MOST = 256, WIDTH_MOST = 60,
       DAY_ZERO = 25569 /* 1970-01-01 as a spreadsheet counts days */ };

struct style {
    enum cell_kind kind;
    enum cell_mark mark;
    enum row_role role;
    int places, indent;
    bool header, right;
};

struct book {
    lxw_workbook *wb;
    const struct doc *doc;
    struct arena *a;
    struct {
        struct style style;
        lxw_format *format;
    } formats[FORMATS_MOST];
    size_t n_formats;
    struct names sheet_names; /* taken so far */
};

/* One column of a sheet: a column of the table, or the exact text beside it. */
struct sheet_column {
    const struct doc_column *of;
    size_t index;
    bool exact;
    size_t width;
};

static void digits_format(char *to, size_t room, int places)
{
    snprintf(to, room, "#,##0%s%.*s", places ? "." : "", MIN(places, 18), "000000000000000000");
}

/* $#,##0.00_);[Red]($#,##0.00) - the sign stands in the format, the number is bare. */
static void money_format(char *to, size_t room, currency c, int places, const char *mark)
{
    char digits[64], sign[32] = "";
    digits_format(digits, sizeof digits, places);
    if (*currency_sign(c))
        snprintf(sign, sizeof sign, "\"%s\"", currency_sign(c));
    else if (c.code[0])
        snprintf(sign, sizeof sign, "\"%s \"", c.code);
    snprintf(to, room, "%s%s_)%s;[Red](%s%s)%s", sign, digits, mark, sign, digits, mark);
}

static void number_format(const struct book *b, const struct style *s, char *to, size_t room)
{
    char digits[64];
    const char *mark = s->mark == MARK_BAD || s->mark == MARK_WARN ? "\"!\"" : "";
    digits_format(digits, sizeof digits, s->places);
    switch (s->kind) {
    case CELL_MONEY:
        money_format(to, room, b->doc->currency, s->places, mark);
        break;
    case CELL_NUMBER:
        snprintf(to, room, "%s%s", digits, mark);
        break;
    case CELL_COUNT:
        snprintf(to, room, "#,##0%s", mark);
        break;
    case CELL_SHARE:
        snprintf(to, room, "%s%%_)%s;[Red](%s%%)%s", digits, mark, digits, mark);
        break;
    case CELL_MONTH:
        snprintf(to, room, "mmm yyyy");
        break;
    case CELL_DAY:
        snprintf(to, room, "yyyy-mm-dd");
        break;
    case CELL_TEXT:
    case CELL_BOOL:
    case CELL_SERIES:
    case CELL_NULL:
        snprintf(to, room, "@"); /* text, whatever it looks like */
        break;
    }
}

static lxw_format *make_format(struct book *b, const struct style *s)
{
    static const lxw_color_t colors[] = {[MARK_NONE] = 0, [MARK_GOOD] = 0x17693A,
                                         [MARK_BAD] = 0xA11C1C, [MARK_WARN] = 0x8A5300,
                                         [MARK_MUTED] = 0x5B6675};
    char text[256];
    lxw_format *f = workbook_add_format(b->wb);
    if (s->header) {
        format_set_bold(f);
        format_set_text_wrap(f);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_align(f, LXW_ALIGN_VERTICAL_BOTTOM);
    } else {
        number_format(b, s, text, sizeof text);
        format_set_num_format(f, text);
    }
    if (s->right)
        format_set_align(f, LXW_ALIGN_RIGHT);
    if (s->mark != MARK_NONE)
        format_set_font_color(f, colors[s->mark]);
    if (s->indent)
        format_set_indent(f, (uint8_t)MIN(s->indent, 15));
    if (s->role != ROW_NORMAL)
        format_set_bold(f);
    if (s->role == ROW_TOTAL)
        format_set_top(f, LXW_BORDER_THIN);
    return f;
}

static bool same_style(const struct style *a, const struct style *b)
{
    return a->kind == b->kind && a->mark == b->mark && a->role == b->role &&
           a->places == b->places && a->indent == b->indent && a->header == b->header &&
           a->right == b->right;
}

static lxw_format *format_for(struct book *b, struct style s)
{
    for (size_t i = 0; i < b->n_formats; i++)
        if (same_style(&b->formats[i].style, &s))
            return b->formats[i].format;
    if (b->n_formats == FORMATS_MOST) /* odder than any report: plain text beats no report */
        return b->formats[0].format;
    b->formats[b->n_formats].style = s;
    b->formats[b->n_formats].format = make_format(b, &s);
    return b->formats[b->n_formats++].format;
}

static char *cell_text_of(struct arena *a, str s)
{
    CLEANUP(buf_release) struct buf clean;
    buf_init(&clean, SIZE_MAX / 2);
    show_text(&clean, s);
    size_t end = 0, count = 0;
    for (; end < clean.n; end++) {
        bool starts = ((unsigned char)clean.p[end] & 0xc0) != 0x80;
        if (starts && count++ == TEXT_MOST)
            break;
    }
    return str_cstr(a, str_sub(buf_str(&clean), 0, end));
}

/* Significant digits of the exact value: a double keeps 15 of them. */
static size_t significant(const struct cell *c)
{
    char text[DEC_TEXT];
    str s;
    if (c->kind == CELL_COUNT) {
        snprintf(text, sizeof text, "%lld", (long long)c->count);
        s = str_of(text);
    } else if (c->kind == CELL_MONEY || c->kind == CELL_NUMBER || c->kind == CELL_SHARE) {
        s = dec_format(c->number, text);
    } else {
        return 0;
    }
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9' && (n || s.p[i] != '0'))
            n++;
    return n;
}

static bool needs_exact(const struct doc_table *t, size_t column)
{
    for (size_t r = 0; r < t->n_rows; r++)
        if (significant(&t->rows[r].cells[column]) > 15)
            return true;
    return false;
}

static size_t sheet_columns(const struct doc_table *t, struct sheet_column *cols)
{
    size_t n = 0;
    for (size_t k = 0; k < t->n_columns; k++) {
        if (!column_for_people(&t->columns[k]))
            continue;
        cols[n++] = (struct sheet_column){&t->columns[k], k, false, 8};
        if (needs_exact(t, k))
            cols[n++] = (struct sheet_column){&t->columns[k], k, true, 8};
    }
    return n;
}

/* The value of a summable cell, or NULL when it is unknown. */
static dec value_of(const struct cell *c)
{
    switch (c->kind) {
    case CELL_COUNT:
        return dec_from_i64(c->count);
    case CELL_MONEY:
    case CELL_NUMBER:
    case CELL_SHARE:
        return c->number;
    default:
        return DEC_NULL;
    }
}

/* Which rows above a total it may be the sum of. */
enum candidate { SINCE_BREAK, SINCE_BREAK_TOP, ALL_ROWS, ALL_TOP, ALL_TOTALS, CANDIDATES };

static bool is_part(const struct doc_table *t, size_t r, enum candidate c, int top)
{
    const struct doc_row *row = &t->rows[r];
    if (c == ALL_TOTALS)
        return row->role == ROW_TOTAL;
    bool only_top = c == SINCE_BREAK_TOP || c == ALL_TOP;
    return row->role == ROW_NORMAL && (!only_top || row->indent == top);
}

static size_t first_part(const struct doc_table *t, size_t total, enum candidate c)
{
    if (c != SINCE_BREAK && c != SINCE_BREAK_TOP)
        return 0;
    size_t r = total;
    while (r && t->rows[r - 1].role == ROW_NORMAL)
        r--;
    return r;
}

static bool adds_up(const struct doc_table *t, size_t column, size_t total, enum candidate c,
                    size_t from, int top)
{
    dec sum = 0;
    size_t parts = 0;
    for (size_t r = from; r < total; r++) {
        dec v = is_part(t, r, c, top) ? value_of(&t->rows[r].cells[column]) : DEC_NULL;
        if (dec_is_null(v))
            continue;
        if (!dec_add(sum, v, &sum))
            return false;
        parts++;
    }
    return parts && sum == value_of(&t->rows[total].cells[column]);
}

/* "=SUM(C2:C9,C12)" when the total is the exact sum of rows above it. */
static bool sum_formula(const struct doc_table *t, size_t column, size_t total, lxw_col_t at,
                        struct buf *out)
{
    for (enum candidate c = 0; c < CANDIDATES; c++) {
        size_t from = first_part(t, total, c), ranges = 0;
        int top = 1000;
        for (size_t r = from; r < total; r++)
            if (t->rows[r].role == ROW_NORMAL)
                top = MIN(top, t->rows[r].indent);
        if (!adds_up(t, column, total, c, from, top))
            continue;
        char name[16];
        buf_clear(out);
        buf_add(out, S("=SUM("));
        for (size_t r = from, end; r < total && ranges <= RANGES_MOST; r = end) {
            end = r + 1;
            if (!is_part(t, r, c, top))
                continue;
            while (end < total && is_part(t, end, c, top))
                end++;
            lxw_rowcol_to_cell(name, (lxw_row_t)r + 1, at);
            buf_fmt(out, "%s%s", ranges++ ? "," : "", name);
            lxw_rowcol_to_cell(name, (lxw_row_t)end, at);
            if (end > r + 1)
                buf_fmt(out, ":%s", name);
        }
        buf_addc(out, ')');
        buf_addc(out, '\0');
        if (ranges <= RANGES_MOST)
            return true;
    }
    return false;
}

static void write_value(struct book *b, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col,
                        const struct cell *c, struct style style)
{
    lxw_format *f;
    style.kind = c->kind;
    style.mark = c->mark;
    switch (c->kind) {
    case CELL_MONEY:
    case CELL_NUMBER:
    case CELL_SHARE:
        worksheet_write_number(ws, row, col, dec_to_double(c->number), format_for(b, style));
        break;
    case CELL_COUNT:
        worksheet_write_number(ws, row, col, (double)c->count, format_for(b, style));
        break;
    case CELL_MONTH:
        worksheet_write_number(ws, row, col, month_first_day(c->month) + DAY_ZERO,
                               format_for(b, style));
        break;
    case CELL_DAY:
        worksheet_write_number(ws, row, col, c->day + DAY_ZERO, format_for(b, style));
        break;
    case CELL_TEXT:
        worksheet_write_string(ws, row, col, cell_text_of(b->a, c->text), format_for(b, style));
        break;
    case CELL_BOOL:
        worksheet_write_string(ws, row, col, c->yes ? "yes" : "no", format_for(b, style));
        break;
    case CELL_NULL:
    case CELL_SERIES:
        style.mark = MARK_MUTED;
        f = format_for(b, style);
        worksheet_write_string(ws, row, col, "-", f);
        break;
    }
}

static void write_exact(struct book *b, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col,
                        const struct cell *c, int exact_places, struct style style)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, 256);
    show_exact(&text, c, exact_places);
    buf_addc(&text, '\0');
    style.kind = CELL_TEXT;
    style.right = true;
    worksheet_write_string(ws, row, col, text.p, format_for(b, style));
}

static void write_row(struct book *b, lxw_worksheet *ws, const struct doc_table *t, size_t r,
                      const struct sheet_column *cols, size_t n)
{
    const struct doc_row *row = &t->rows[r];
    CLEANUP(buf_release) struct buf formula;
    buf_init(&formula, 1 << 16);
    for (size_t k = 0; k < n; k++) {
        const struct cell *c = &row->cells[cols[k].index];
        struct style style = {.role = row->role, .places = cols[k].of->places,
                              .indent = k == 0 ? MAX(row->indent, 0) : 0,
                              .right = show_is_number(cols[k].of->kind)};
        lxw_row_t at = (lxw_row_t)r + 1;
        lxw_col_t col = (lxw_col_t)k;
        bool number = show_is_number(c->kind);
        bool blank = c->kind == CELL_NULL &&
                     (row->role == ROW_GROUP || (row->role == ROW_TOTAL && !style.right));
        if (cols[k].exact) {
            write_exact(b, ws, at, col, c, cols[k].of->exact_places, style);
        } else if (blank) {
            style.kind = CELL_TEXT;
            worksheet_write_blank(ws, at, col, format_for(b, style));
        } else if (row->role == ROW_TOTAL && number &&
                   sum_formula(t, cols[k].index, r, col, &formula)) {
            style.kind = c->kind;
            style.mark = c->mark;
            worksheet_write_formula_num(ws, at, col, formula.p, format_for(b, style),
                                        dec_to_double(value_of(c)));
        } else {
            write_value(b, ws, at, col, c, style);
        }
    }
}

static void measure(const struct doc_table *t, struct sheet_column *cols, size_t n)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, SIZE_MAX / 2);
    for (size_t k = 0; k < n; k++) {
        size_t title = str_width(str_of(cols[k].of->title)), widest = MIN(title, (size_t)16);
        /* a sample keeps this cheap on long tables */
        size_t step = t->n_rows / 2000 + 1;
        for (size_t r = 0; r < t->n_rows; r += step) {
            const struct doc_row *row = &t->rows[r];
            buf_clear(&text);
            if (cols[k].exact)
                show_exact(&text, &row->cells[cols[k].index], cols[k].of->exact_places);
            else
                show_cell(&text, &row->cells[cols[k].index], cols[k].of->places);
            size_t indent = k == 0 ? (size_t)MAX(row->indent, 0) * 2 : 0;
            if (row->role != ROW_GROUP)
                widest = MAX(widest, str_width(buf_str(&text)) + indent);
        }
        cols[k].width = MIN(MAX(widest + 3, (size_t)8), (size_t)WIDTH_MOST);
    }
}

/* At most `most` characters (as UTF-16 counts them), cut between words where it is cut. */
static str cut_name(struct arena *a, str name, size_t most)
{
    size_t count = 0, space = 0;
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if ((c & 0xc0) == 0x80)
            continue;
        count += c >= 0xf0 ? 2 : 1;
        if (count > most)
            return str_dup(a, str_trim(str_sub(name, 0, space > i / 2 ? space : i)));
        if (c == ' ')
            space = i;
    }
    return str_dup(a, name);
}

/* A sheet name nobody else has: at most 31 characters, without []:*?/\ or quotes at the ends. */
static char *sheet_name(struct book *b, str wanted)
{
    CLEANUP(buf_release) struct buf clean;
    buf_init(&clean, 400);
    for (size_t i = 0; i < MIN(wanted.n, (size_t)200); i++) {
        char c = wanted.p[i];
        bool bad = (strchr("[]:*?/\\'", c) && c) || (unsigned char)c < 0x20 || c == 0x7f;
        buf_addc(&clean, bad ? ' ' : c);
    }
    str base = str_trim(buf_str(&clean));
    if (!base.n || !str_is_utf8(wanted))
        base = S("Table");
    for (int i = 1;; i++) {
        str name = i == 1 ? cut_name(b->a, base, 31)
                          : str_fmt(b->a, "%.*s (%d)", FMT(cut_name(b->a, base, 25)), i);
        bool taken = false;
        for (size_t k = 0; k < b->sheet_names.n; k++)
            taken |= str_eq_nocase(name, b->sheet_names.items[k]);
        if (taken)
            continue;
        struct names *s = &b->sheet_names;
        s->items = arena_grow(b->a, s->items, sizeof *s->items, &s->cap, s->n + 1);
        s->items[s->n++] = name;
        return str_cstr(b->a, name);
    }
}

/* Rows that a filter may sort: everything above the totals at the end, when nothing is between. */
static size_t filterable(const struct doc_table *t)
{
    size_t n = t->n_rows;
    while (n && t->rows[n - 1].role == ROW_TOTAL)
        n--;
    for (size_t r = 0; r < n; r++)
        if (t->rows[r].role != ROW_NORMAL || t->rows[r].indent)
            return 0;
    return n;
}

static void set_up_page(lxw_worksheet *ws)
{
    worksheet_set_landscape(ws);
    worksheet_set_paper(ws, 9); /* A4 */
    worksheet_fit_to_pages(ws, 1, 0);
    worksheet_set_footer(ws, "&C&P / &N");
}

static bool write_table(struct book *b, const struct doc_table *t, struct err *e)
{
    if (t->n_rows > ROWS_MOST) {
        err_set(e, ERR_FAILED, "'%s' has %zu rows, a sheet holds %d", t->id, t->n_rows, ROWS_MOST);
        return err_hint(e, "Write csv instead, or narrow the report.");
    }
    struct sheet_column *cols = arena_new(b->a, struct sheet_column, t->n_columns * 2 + 1);
    size_t n = sheet_columns(t, cols);
    lxw_worksheet *ws = workbook_add_worksheet(
        b->wb, sheet_name(b, t->title.n ? t->title : b->doc->title));
    if (!ws)
        return err_set(e, ERR_FAILED, "no sheet could be made for '%s'", t->id);
    measure(t, cols, n);
    bool exact = false;
    for (size_t k = 0; k < n; k++) {
        bool right = show_is_number(cols[k].of->kind);
        lxw_col_t col = (lxw_col_t)k;
        str title = cols[k].exact ? str_fmt(b->a, "%s, exact", cols[k].of->title)
                                  : str_of(cols[k].of->title);
        worksheet_set_column(ws, col, col, (double)cols[k].width, NULL);
        exact |= cols[k].exact;
        worksheet_write_string(ws, 0, col, cell_text_of(b->a, title),
                               format_for(b, (struct style){.header = true, .right = right}));
    }
    for (size_t r = 0; r < t->n_rows; r++)
        write_row(b, ws, t, r, cols, n);
    if (exact) /* digits as text are meant here: no green corners */
        worksheet_ignore_errors(ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    size_t rows = filterable(t);
    if (rows && n)
        worksheet_autofilter(ws, 0, 0, (lxw_row_t)rows, (lxw_col_t)(n - 1));
    worksheet_freeze_panes(ws, 1, n > 1 ? 1 : 0);
    worksheet_repeat_rows(ws, 0, 0);
    set_up_page(ws);
    return true;
}

/* Merged cells do not find their own height: about 100 characters stand on a line. */
static void write_paragraph(struct book *b, lxw_worksheet *ws, lxw_row_t row, str text,
                            lxw_format *wrap)
{
    worksheet_merge_range(ws, row, 0, row, 2, cell_text_of(b->a, text), wrap);
    worksheet_set_row(ws, row, (double)(15 * (str_width(text) / 100 + 1)), NULL);
}

static void write_summary(struct book *b)
{
    const struct doc *d = b->doc;
    lxw_worksheet *ws = workbook_add_worksheet(b->wb, sheet_name(b, S("Summary")));
    lxw_format *big = workbook_add_format(b->wb), *wrap = workbook_add_format(b->wb);
    format_set_bold(big);
    format_set_font_size(big, 14);
    format_set_text_wrap(wrap);
    format_set_align(wrap, LXW_ALIGN_VERTICAL_TOP);
    worksheet_set_column(ws, 0, 0, 36, NULL);
    worksheet_set_column(ws, 1, 1, 24, NULL);
    worksheet_set_column(ws, 2, 2, 50, NULL);
    lxw_row_t row = 0;
    struct style text = {.kind = CELL_TEXT};
    worksheet_write_string(ws, row++, 0, cell_text_of(b->a, d->title), big);
    worksheet_write_string(ws, row++, 0, cell_text_of(b->a, d->subtitle), format_for(b, text));
    row++;
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_people(f->shown) || f->value.kind == CELL_SERIES)
            continue;
        struct style style = {.places = f->places, .right = true};
        worksheet_write_string(ws, row, 0, cell_text_of(b->a, f->title), format_for(b, text));
        write_value(b, ws, row, 1, &f->value, style);
        if (significant(&f->value) > 15)
            write_exact(b, ws, row, 2, &f->value, f->exact_places, style);
        row++;
    }
    row++;
    for (size_t i = 0; i < d->n_parts; i++)
        if (d->parts[i].kind == PART_PROSE && for_people(d->parts[i].shown))
            write_paragraph(b, ws, row++, d->parts[i].prose, wrap);
    for (size_t i = 0; i < d->n_notes; i++) {
        const char *level = d->notes[i].level == NOTE_WARN ? "Warning" : "Note";
        str note = str_fmt(b->a, "%s: %.*s", level, FMT(d->notes[i].text));
        write_paragraph(b, ws, row++, note, wrap);
    }
    set_up_page(ws);
}

static bool write_book(const struct doc *d, const char *path, struct arena *a, struct err *e)
{
    lxw_workbook_options options = {.tmpdir = NULL};
    struct book *b = arena_new(a, struct book, 1);
    *b = (struct book){.wb = workbook_new_opt(path, &options), .doc = d, .a = a};
    if (!b->wb)
        return err_set(e, ERR_FAILED, "the workbook could not be made");
    char title[200], maker[] = "outlay " OUTLAY_VERSION;
    snprintf(title, sizeof title, "%.*s", FMT(str_sub(d->title, 0, 190)));
    int64_t made = (int64_t)(d->as_of == DAY_NONE ? day_from_civil(2000, 1, 1) : d->as_of) * 86400;
    lxw_doc_properties properties = {.title = str_is_utf8(str_of(title)) ? title : NULL,
                                     .comments = maker, .created = made};
    workbook_set_properties(b->wb, &properties);
    write_summary(b);
    bool ok = true;
    for (size_t i = 0; i < d->n_parts && ok; i++)
        if (d->parts[i].kind == PART_TABLE && table_for_people(d->parts[i].table) &&
            d->parts[i].table->n_rows)
            ok = write_table(b, d->parts[i].table, e);
    lxw_error failed = workbook_close(b->wb);
    if (ok && failed != LXW_NO_ERROR)
        ok = err_set(e, ERR_FAILED, "the workbook could not be written: %s", lxw_strerror(failed));
    return ok;
}

/* The library writes files only, so the workbook passes through a temporary one. */
static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)o;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    str dir = os_env("TMPDIR");
    char *path = str_cstr(&a, path_join(&a, dir.n ? dir : S("/tmp"), S("outlay-XXXXXX")));
    int fd = mkstemp(path);
    if (fd < 0)
        return err_sys(e, errno, "no temporary file '%s'", path);
    close(fd);
    str content;
    bool ok = write_book(d, path, &a, e) && file_read(&a, str_of(path), out->max, &content, e);
    file_remove(str_of(path));
    if (ok)
        buf_add(out, content);
    return ok;
}

const struct renderer xlsx_renderer = {
    .name = "xlsx",
    .extension = "xlsx",
    .summary = "a workbook: a summary, one sheet per table, totals as live formulas",
    .binary = true,
    .render = render,
};
