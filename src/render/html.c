/* html.c - a report as one self-contained page.
 *
 * No script, no outside reference; the page's own policy forbids both. Every text goes through
 * escaped(), the only place that knows what HTML minds. */
#include "render/list.h"
#include "render/show.h"

static const char STYLE[] =
    ":root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d5dae1;--paper:#fff;"
    "--band:#f5f7fa;--good:#17693a;--bad:#a11c1c;--warn:#8a5300}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa5b4;--line:#343c48;"
    "--paper:#14181f;--band:#1b212a;--good:#6fcf97;--bad:#ff8f8f;--warn:#f2b866}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:2rem;max-width:90rem;background:var(--paper);color:var(--ink);"
    "font:15px/1.5 system-ui,\"DejaVu Sans\",sans-serif}\n"
    "h1{font-size:1.6rem;margin:0}\n"
    "h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    ".sub{color:var(--soft);margin:.25rem 0 1.5rem}\n"
    "dl{display:flex;flex-wrap:wrap;gap:.75rem 2.5rem;margin:1.5rem 0}\n"
    "dt{color:var(--soft);font-size:.85rem}\n"
    "dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.3rem .8rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "thead th{position:sticky;top:0;background:var(--paper);border-bottom:2px solid var(--ink)}\n"
    "th[scope=row]{font-weight:400}\n"
    ".n{text-align:right;white-space:nowrap}\n"
    "tr.group>*{font-weight:600;background:var(--band)}\n"
    "tr.total>*{font-weight:600;border-top:2px solid var(--ink)}\n"
    ".i1{padding-left:2rem}.i2{padding-left:3.2rem}.i3{padding-left:4.4rem}\n"
    ".good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}"
    ".muted{color:var(--soft)}\n"
    ".note{border-left:3px solid var(--line);margin:.5rem 0;padding:.1rem .8rem;max-width:60rem}\n"
    ".note.warn{border-color:var(--warn);color:inherit}\n"
    "@media print{body{padding:0;max-width:none;font-size:9pt}thead{display:table-header-group}"
    "thead th{position:static}tr{break-inside:avoid}.wide{overflow:visible}}\n";

static void escaped(struct buf *out, str s)
{
    CLEANUP(buf_release) struct buf clean;
    buf_init(&clean, out->max);
    show_text(&clean, s);
    for (size_t i = 0; i < clean.n; i++) {
        switch (clean.p[i]) {
        case '&':
            buf_add(out, S("&amp;"));
            break;
        case '<':
            buf_add(out, S("&lt;"));
            break;
        case '>':
            buf_add(out, S("&gt;"));
            break;
        case '"':
            buf_add(out, S("&quot;"));
            break;
        case '\'':
            buf_add(out, S("&#39;"));
            break;
        default:
            buf_addc(out, clean.p[i]);
        }
    }
}

static void element(struct buf *out, const char *tag, const char *attributes, str text)
{
    buf_fmt(out, "<%s%s>", tag, attributes);
    escaped(out, text);
    buf_fmt(out, "</%s>", tag);
}

static const char *mark_class(enum cell_mark mark)
{
    static const char *const names[] = {[MARK_NONE] = "", [MARK_GOOD] = "good", [MARK_BAD] = "bad",
                                        [MARK_WARN] = "warn", [MARK_MUTED] = "muted"};
    return names[mark];
}

static void add_value(struct buf *out, const struct cell *c, int places)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, out->max);
    show_cell(&text, c, places);
    buf_add(&text, str_of(show_mark(c)));
    escaped(out, buf_str(&text));
}

static void add_cell(struct buf *out, const struct doc_column *c, const struct doc_row *row,
                     const struct cell *cell, bool first)
{
    bool number = show_is_number(c->kind);
    bool empty = cell->kind == CELL_NULL &&
                 (row->role == ROW_GROUP || (row->role == ROW_TOTAL && !number));
    CLEANUP(buf_release) struct buf class;
    buf_init(&class, 100);
    if (number)
        buf_add(&class, S("n"));
    if (first && row->indent > 0)
        buf_fmt(&class, "%si%d", class.n ? " " : "", MIN(row->indent, 3));
    if (cell->mark != MARK_NONE)
        buf_fmt(&class, "%s%s", class.n ? " " : "", mark_class(cell->mark));
    buf_add(out, first ? S("<th scope=\"row\"") : S("<td"));
    if (class.n)
        buf_fmt(out, " class=\"%.*s\"", FMT(buf_str(&class)));
    buf_addc(out, '>');
    if (!empty)
        add_value(out, cell, c->places);
    buf_add(out, first ? S("</th>") : S("</td>"));
}

static void add_row(struct buf *out, const struct doc_table *t, const struct doc_row *row)
{
    static const char *const classes[] = {[ROW_NORMAL] = "", [ROW_TOTAL] = " class=\"total\"",
                                          [ROW_GROUP] = " class=\"group\""};
    bool first = true;
    buf_fmt(out, "<tr%s>", classes[row->role]);
    for (size_t k = 0; k < t->n_columns; k++) {
        if (!column_for_people(&t->columns[k]))
            continue;
        add_cell(out, &t->columns[k], row, &row->cells[k], first);
        first = false;
    }
    buf_add(out, S("</tr>\n"));
}

static void add_table(struct buf *out, const struct doc_table *t)
{
    if (!table_for_people(t))
        return;
    buf_add(out, S("<section>\n"));
    if (t->title.n) {
        buf_fmt(out, "<h2 id=\"%s\">", t->id);
        escaped(out, t->title);
        buf_add(out, S("</h2>\n"));
    }
    if (!t->n_rows) {
        element(out, "p", "", t->empty_text);
        buf_add(out, S("\n</section>\n"));
        return;
    }
    if (t->title.n)
        buf_fmt(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s\">"
                     "<table aria-labelledby=\"%s\">\n", t->id, t->id);
    else
        buf_fmt(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
                     "<table aria-label=\"%s\">\n", t->id, t->id);
    buf_add(out, S("<thead><tr>"));
    for (size_t k = 0; k < t->n_columns; k++)
        if (column_for_people(&t->columns[k]))
            element(out, "th", show_is_number(t->columns[k].kind) ? " scope=\"col\" class=\"n\""
                                                                  : " scope=\"col\"",
                    str_of(t->columns[k].title));
    buf_add(out, S("</tr></thead>\n<tbody>\n"));
    for (size_t r = 0; r < t->n_rows; r++)
        add_row(out, t, &t->rows[r]);
    buf_add(out, S("</tbody></table></div>\n</section>\n"));
}

static void add_figures(struct buf *out, const struct doc *d)
{
    bool any = false;
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_people(f->shown) || f->value.kind == CELL_SERIES)
            continue;
        buf_add(out, any ? STR_NONE : S("<dl>\n"));
        any = true;
        buf_add(out, S("<div>"));
        element(out, "dt", "", f->title);
        if (f->value.mark)
            buf_fmt(out, "<dd class=\"%s\">", mark_class(f->value.mark));
        else
            buf_add(out, S("<dd>"));
        add_value(out, &f->value, f->places);
        if (f->value.kind == CELL_MONEY && d->currency.code[0])
            buf_fmt(out, " %s", d->currency.code);
        buf_add(out, S("</dd></div>\n"));
    }
    buf_add(out, any ? S("</dl>\n") : STR_NONE);
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)o;
    (void)e;
    buf_add(out, S("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"generator\" content=\"outlay " OUTLAY_VERSION "\">\n"));
    element(out, "title", "", d->title);
    buf_fmt(out, "\n<style>\n%s</style>\n</head>\n<body>\n<header>\n", STYLE);
    element(out, "h1", "", d->title);
    if (d->subtitle.n)
        element(out, "p", " class=\"sub\"", d->subtitle);
    buf_add(out, S("\n</header>\n<main>\n"));
    add_figures(out, d);
    for (size_t i = 0; i < d->n_parts; i++) {
        const struct doc_part *p = &d->parts[i];
        if (p->kind == PART_TABLE) {
            add_table(out, p->table);
        } else if (for_people(p->shown)) {
            element(out, "p", "", p->prose);
            buf_addc(out, '\n');
        }
    }
    buf_add(out, S("</main>\n"));
    if (d->n_notes)
        buf_add(out, S("<footer>\n"));
    for (size_t i = 0; i < d->n_notes; i++) {
        bool warn = d->notes[i].level == NOTE_WARN;
        buf_fmt(out, "<p class=\"note%s\"><strong>%s:</strong> ", warn ? " warn" : "",
                warn ? "Warning" : "Note");
        escaped(out, d->notes[i].text);
        buf_add(out, S("</p>\n"));
    }
    if (d->n_notes)
        buf_add(out, S("</footer>\n"));
    buf_add(out, S("</body>\n</html>\n"));
    return true;
}

const struct renderer html_renderer = {
    .name = "html",
    .extension = "html",
    .summary = "one self-contained page: no script, printable, light and dark",
    .render = render,
};
