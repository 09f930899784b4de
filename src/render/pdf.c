/* pdf.c - a report on paper: A4 or Letter, landscape, headers repeated, pages numbered.
 *
 * Sizes are points (1/72 inch). A table that is too wide first gets smaller type, then shorter
 * text, and is then laid out in strips that each repeat the first column. The pages are drawn
 * twice, the first time only to count them. Bytes are the same for the same doc and fonts. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#undef MIN /* glib's, to be base.h's */
#undef MAX

#include "render/list.h"
#include "render/show.h"

#define FONT "DejaVu Sans"

enum { MARGIN = 36, FOOT = 24, PAD = 8, ROWS_SAMPLED = 2000 };

static const double BODY = 8, SMALLEST = 6, TEXT_LEAST = 60, LINE = 1.45;

struct paper {
    cairo_t *cr;
    PangoLayout *layout;
    double width, height; /* of the sheet */
    double y;
    double size; /* of the font now set, and its weight */
    bool bold;
    int page, pages; /* pages 0: counting */
    struct buf scratch;
    const struct doc *doc;
};

struct pdf_column {
    const struct doc_column *of;
    size_t index;
    double width;
    bool number;
};

struct ink {
    double r, g, b;
};

static struct ink ink_of(enum cell_mark mark)
{
    static const struct ink inks[] = {[MARK_NONE] = {0.11, 0.14, 0.19},
                                      [MARK_GOOD] = {0.09, 0.41, 0.23},
                                      [MARK_BAD] = {0.63, 0.11, 0.11},
                                      [MARK_WARN] = {0.54, 0.33, 0},
                                      [MARK_MUTED] = {0.36, 0.40, 0.46}};
    return inks[mark];
}

/* width below 0: one line, as long as it is; wrap: over several lines, else cut to fit. */
static void set_text(struct paper *p, str text, double size, bool bold, double width, bool wrap)
{
    if (size < p->size || size > p->size || bold != p->bold) {
        PangoFontDescription *font = pango_font_description_new();
        pango_font_description_set_family_static(font, FONT);
        pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_layout_set_font_description(p->layout, font);
        pango_font_description_free(font);
        p->size = size;
        p->bold = bold;
    }
    pango_layout_set_width(p->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(p->layout, wrap || width < 0 ? PANGO_ELLIPSIZE_NONE
                                                            : PANGO_ELLIPSIZE_END);
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
    pango_layout_set_single_paragraph_mode(p->layout, !wrap);
    pango_layout_set_text(p->layout, text.n ? text.p : "", (int)text.n);
}

static double text_width(struct paper *p, str text, double size, bool bold)
{
    int w, h;
    set_text(p, text, size, bold, -1, false);
    pango_layout_get_size(p->layout, &w, &h);
    return (double)w / PANGO_SCALE;
}

static double text_height(struct paper *p)
{
    int w, h;
    pango_layout_get_size(p->layout, &w, &h);
    return (double)h / PANGO_SCALE;
}

static void draw_at(struct paper *p, double x, double y, struct ink ink)
{
    if (!p->pages)
        return;
    cairo_set_source_rgb(p->cr, ink.r, ink.g, ink.b);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, p->layout);
}

static void rule(struct paper *p, double width, double y, double weight)
{
    struct ink ink = ink_of(MARK_MUTED);
    cairo_set_source_rgb(p->cr, ink.r, ink.g, ink.b);
    cairo_set_line_width(p->cr, weight);
    cairo_move_to(p->cr, MARGIN, y);
    cairo_line_to(p->cr, MARGIN + width, y);
    cairo_stroke(p->cr);
}

static double room(const struct paper *p)
{
    return p->width - 2 * MARGIN;
}

static void end_page(struct paper *p)
{
    char text[64];
    struct ink ink = ink_of(MARK_MUTED);
    double y = p->height - MARGIN + 4;
    buf_clear(&p->scratch);
    show_text(&p->scratch, p->doc->title);
    set_text(p, buf_str(&p->scratch), 7, false, room(p) - 100, false);
    draw_at(p, MARGIN, y, ink);
    snprintf(text, sizeof text, "%d / %d", p->page, p->pages);
    double w = text_width(p, str_of(text), 7, false);
    draw_at(p, p->width - MARGIN - w, y, ink);
    cairo_show_page(p->cr);
}

static void begin_page(struct paper *p)
{
    p->page++;
    p->y = MARGIN;
}

/* True when a new page was begun because `height` does not fit on this one. */
static bool need(struct paper *p, double height)
{
    if (p->y + height <= p->height - MARGIN - FOOT / 2.0)
        return false;
    end_page(p);
    begin_page(p);
    return true;
}

static void paragraph(struct paper *p, str text, double size, bool bold, struct ink ink)
{
    str line;
    for (; str_cut(&text, '\n', &line);) {
        buf_clear(&p->scratch);
        show_text(&p->scratch, line);
        str shown = buf_str(&p->scratch);
        set_text(p, shown, size, bold, room(p), true);
        double h = text_height(p);
        need(p, MIN(h, p->height / 2));
        set_text(p, shown, size, bold, room(p), true); /* the footer used the layout */
        draw_at(p, MARGIN, p->y, ink);
        p->y += h + 2;
    }
}

static str cell_words(struct paper *p, const struct doc_column *c, const struct doc_row *row,
                      const struct cell *cell)
{
    buf_clear(&p->scratch);
    bool empty = cell->kind == CELL_NULL &&
                 (row->role == ROW_GROUP ||
                  (row->role == ROW_TOTAL && !show_is_number(c->kind)));
    if (!empty) {
        show_cell(&p->scratch, cell, c->places);
        buf_add(&p->scratch, str_of(show_mark(cell)));
    }
    return buf_str(&p->scratch);
}

/* Characters behind the digits that hang, so that digits stand under each other. */
static str hanging(str words)
{
    size_t n = words.n;
    while (n && (words.p[n - 1] == '!' || words.p[n - 1] == ')'))
        n--;
    return str_sub(words, n, words.n);
}

static void measure(struct paper *p, const struct doc_table *t, struct pdf_column *cols, size_t n,
                    double size)
{
    size_t step = t->n_rows / ROWS_SAMPLED + 1;
    double tail = text_width(p, S(")!"), size, true);
    for (size_t k = 0; k < n; k++) {
        cols[k].width = text_width(p, str_of(cols[k].of->title), size, true);
        for (size_t r = 0; r < t->n_rows; r += step) {
            const struct doc_row *row = &t->rows[r];
            if (row->role == ROW_GROUP)
                continue;
            str words = cell_words(p, cols[k].of, row, &row->cells[cols[k].index]);
            double w = text_width(p, words, size, row->role != ROW_NORMAL);
            w += k == 0 ? MAX(row->indent, 0) * size : 0;
            cols[k].width = MAX(cols[k].width, w);
        }
        cols[k].width += PAD + (cols[k].number ? tail : 0);
    }
}

static double total_width(const struct pdf_column *cols, size_t n)
{
    double w = 0;
    for (size_t k = 0; k < n; k++)
        w += cols[k].width;
    return w;
}

/* Takes from the widest text columns what the table is too wide by. Where that cannot be enough,
 * the table goes in strips and texts keep up to a quarter of the page. */
static void squeeze(struct paper *p, struct pdf_column *cols, size_t n)
{
    double least = 0;
    for (size_t k = 0; k < n; k++)
        least += cols[k].number ? cols[k].width : MIN(cols[k].width, TEXT_LEAST);
    for (size_t k = 0; k < n && least > room(p); k++)
        cols[k].width = MIN(cols[k].width, room(p) / 4);
    while (least <= room(p) && total_width(cols, n) > room(p)) {
        struct pdf_column *widest = NULL;
        for (size_t k = 0; k < n; k++)
            if (!cols[k].number && cols[k].width > TEXT_LEAST &&
                (!widest || cols[k].width > widest->width))
                widest = &cols[k];
        if (!widest)
            return;
        widest->width = MAX(TEXT_LEAST, widest->width - 4);
    }
}

static void draw_cells(struct paper *p, const struct pdf_column *cols, size_t n, double size,
                       const struct doc_row *row)
{
    double x = MARGIN, tail = text_width(p, S(")!"), size, true);
    for (size_t k = 0; k < n; k++) {
        const struct pdf_column *c = &cols[k];
        bool bold = !row || row->role != ROW_NORMAL;
        struct ink ink = ink_of(row ? row->cells[c->index].mark : MARK_NONE);
        str words = row ? cell_words(p, c->of, row, &row->cells[c->index]) : str_of(c->of->title);
        double inset = row && k == 0 ? MAX(row->indent, 0) * size : 0;
        if (c->number && words.n) {
            double hang = row ? text_width(p, hanging(words), size, bold) : tail;
            double w = text_width(p, words, size, bold);
            draw_at(p, MAX(x, x + c->width - PAD - tail + hang - w), p->y, ink);
        } else if (words.n) {
            bool spans = row && row->role == ROW_GROUP;
            set_text(p, words, size, bold, spans ? room(p) - (x - MARGIN) : c->width - PAD - inset,
                     false);
            draw_at(p, x + inset, p->y, ink);
        }
        x += c->width;
    }
    p->y += size * LINE;
}

static void draw_header(struct paper *p, const struct pdf_column *cols, size_t n, double size)
{
    draw_cells(p, cols, n, size, NULL);
    rule(p, total_width(cols, n) - PAD, p->y, 0.8);
    p->y += 3;
}

static void draw_strip(struct paper *p, const struct doc_table *t, const struct pdf_column *cols,
                       size_t n, double size)
{
    need(p, size * LINE * 4);
    draw_header(p, cols, n, size);
    for (size_t r = 0; r < t->n_rows; r++) {
        const struct doc_row *row = &t->rows[r];
        bool rises = row->role == ROW_TOTAL && r && t->rows[r - 1].role != ROW_TOTAL;
        /* a heading does not stand alone at the foot of a page */
        if (need(p, size * LINE * (row->role == ROW_GROUP ? 2 : 1) + (rises ? 3 : 0)))
            draw_header(p, cols, n, size);
        if (rises) {
            rule(p, total_width(cols, n) - PAD, p->y + 1, 0.5);
            p->y += 3;
        }
        draw_cells(p, cols, n, size, row);
    }
    p->y += 10;
}

static void draw_table(struct paper *p, const struct doc_table *t, struct arena *a)
{
    if (!table_for_people(t))
        return;
    p->y += 6;
    if (t->title.n) {
        need(p, 60);
        paragraph(p, t->title, 10.5, true, ink_of(MARK_NONE));
        p->y += 3;
    }
    if (!t->n_rows) {
        paragraph(p, t->empty_text, BODY, false, ink_of(MARK_NONE));
        return;
    }
    struct pdf_column *cols = arena_new(a, struct pdf_column, t->n_columns + 1);
    struct pdf_column *strip = arena_new(a, struct pdf_column, t->n_columns + 1);
    size_t n = 0;
    for (size_t k = 0; k < t->n_columns; k++)
        if (column_for_people(&t->columns[k]))
            cols[n++] = (struct pdf_column){.of = &t->columns[k], .index = k,
                                            .number = show_is_number(t->columns[k].kind)};
    double size = BODY;
    measure(p, t, cols, n, size);
    while (total_width(cols, n) > room(p) && size > SMALLEST) {
        size -= 0.5;
        measure(p, t, cols, n, size);
    }
    squeeze(p, cols, n);
    for (size_t at = 0; at < n;) {
        size_t m = 0;
        double w = 0;
        if (at) {
            strip[m++] = cols[0];
            w = cols[0].width;
        }
        while (at < n && (m <= (at ? 1u : 0u) || w + cols[at].width <= room(p) + PAD)) {
            w += cols[at].width;
            strip[m++] = cols[at++];
        }
        draw_strip(p, t, strip, m, size);
    }
}

static void draw_figures(struct paper *p)
{
    const struct doc *d = p->doc;
    double x = MARGIN, h = 30, least = 110;
    bool any = false;
    p->y += 6;
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_people(f->shown) || f->value.kind == CELL_SERIES)
            continue;
        CLEANUP(buf_release) struct buf value, title;
        buf_init(&value, 1 << 16);
        buf_init(&title, 1 << 16);
        show_cell(&value, &f->value, f->places);
        buf_add(&value, str_of(show_mark(&f->value)));
        if (f->value.kind == CELL_MONEY && d->currency.code[0])
            buf_fmt(&value, " %s", d->currency.code);
        show_text(&title, f->title);
        double w = MAX(text_width(p, buf_str(&value), 12, true),
                       text_width(p, buf_str(&title), 7, false));
        w = MIN(MAX(w + 24, least), room(p));
        if (any && x + w > p->width - MARGIN + 24) {
            x = MARGIN;
            p->y += h;
        }
        need(p, h);
        set_text(p, buf_str(&title), 7, false, w, false);
        draw_at(p, x, p->y, ink_of(MARK_MUTED));
        set_text(p, buf_str(&value), 12, true, w, false);
        draw_at(p, x, p->y + 10, ink_of(f->value.mark));
        x += w;
        any = true;
    }
    p->y += any ? h + 2 : 0;
}

static void draw_doc(struct paper *p)
{
    const struct doc *d = p->doc;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    begin_page(p);
    paragraph(p, d->title, 16, true, ink_of(MARK_NONE));
    if (d->subtitle.n)
        paragraph(p, d->subtitle, BODY + 1, false, ink_of(MARK_MUTED));
    draw_figures(p);
    for (size_t i = 0; i < d->n_parts; i++) {
        const struct doc_part *part = &d->parts[i];
        if (part->kind == PART_TABLE) {
            draw_table(p, part->table, &a);
        } else if (for_people(part->shown)) {
            p->y += 4;
            paragraph(p, part->prose, BODY, false, ink_of(MARK_NONE));
        }
    }
    p->y += d->n_notes ? 6 : 0;
    for (size_t i = 0; i < d->n_notes; i++) {
        bool warn = d->notes[i].level == NOTE_WARN;
        str text = str_fmt(&a, "%s: %.*s", warn ? "Warning" : "Note", FMT(d->notes[i].text));
        paragraph(p, text, BODY, false, ink_of(warn ? MARK_WARN : MARK_MUTED));
    }
    end_page(p);
}

static cairo_status_t to_buf(void *closure, const unsigned char *data, unsigned n)
{
    struct buf *out = closure;
    buf_add(out, (str){(const char *)data, n});
    return buf_overflow(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_properties(cairo_surface_t *s, const struct doc *d)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf title;
    char text[DATE_TEXT];
    day made = d->as_of == DAY_NONE ? day_from_civil(2000, 1, 1) : d->as_of;
    buf_init(&title, 1 << 16);
    show_text(&title, d->title);
    str date = str_fmt(&a, "%sT00:00:00Z", date_format(made, text).p);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, str_cstr(&a, buf_str(&title)));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "outlay " OUTLAY_VERSION);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, date.p);
}

/* One pass over the doc; returns the number of pages, 0 when it failed. */
static int draw_pass(const struct doc *d, const struct render_options *o, int pages,
                     struct buf *out, struct err *e)
{
    struct paper p = {.width = o->letter_paper ? 792 : 841.89,
                      .height = o->letter_paper ? 612 : 595.276, .pages = pages, .doc = d};
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(to_buf, out, p.width, p.height);
    set_properties(s, d);
    p.cr = cairo_create(s);
    PangoFontMap *fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
    PangoContext *context = pango_font_map_create_context(fonts);
    pango_context_set_language(context, pango_language_from_string("en"));
    p.layout = pango_layout_new(context);
    buf_init(&p.scratch, SIZE_MAX / 2);
    draw_doc(&p);
    cairo_surface_finish(s);
    cairo_status_t status = cairo_surface_status(s);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_status(p.cr);
    buf_release(&p.scratch);
    g_object_unref(p.layout);
    g_object_unref(context);
    g_object_unref(fonts);
    cairo_destroy(p.cr);
    cairo_surface_destroy(s);
    if (status != CAIRO_STATUS_SUCCESS) {
        err_set(e, ERR_FAILED, "the pages could not be drawn: %s", cairo_status_to_string(status));
        return 0;
    }
    return p.page;
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    CLEANUP(buf_release) struct buf counting;
    buf_init(&counting, out->max);
    int pages = draw_pass(d, o, 0, &counting, e);
    return pages && draw_pass(d, o, pages, out, e);
}

const struct renderer pdf_renderer = {
    .name = "pdf",
    .extension = "pdf",
    .summary = "pages to print or send: A4 or Letter landscape, headers repeated",
    .binary = true,
    .render = render,
};
