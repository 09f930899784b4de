/* fuzz_render.c - any bytes as every text of a report: what comes out is valid and inert. */
#include "render/renderer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct doc *doc_of(struct arena *a, str s)
{
    static const struct doc_column columns[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1},
                                                {"y", "Y", CELL_TEXT, SHOW_ALL, 0, -1},
                                                {"n", "N", CELL_MONEY, SHOW_ALL, 2, -1}};
    struct doc *d = doc_new(a, "fuzz", s);
    d->subtitle = s;
    struct doc_table *t = doc_table(d, "t", s, columns, ARRAY_LEN(columns));
    struct cell *c = doc_row(d, t, ROW_NORMAL, (int)(s.n % 3));
    c[0] = cell_text(s);
    c[1] = cell_text(str_sub(s, s.n / 2, s.n));
    if (s.n >= sizeof(dec)) {
        dec v;
        memcpy(&v, s.p, sizeof v);
        c[2] = cell_money(v / 10); /* within 10^38 */
    }
    doc_row(d, t, ROW_TOTAL, 0)[0] = cell_text(s);
    doc_figure(d, "f", s, 0, cell_text(s));
    doc_prose(d, SHOW_ALL, s);
    doc_table(d, "u", s, columns, 1)->empty_text = s;
    return d;
}

/* Between our own tags no bare < may stand: every one opens or closes an element we write. */
static void check_html(str got)
{
    static const char *const ours[] = {"<!doctype", "<html", "<head", "<meta", "<title", "<style",
                                       "<body", "<header", "<h1", "<p", "<main", "<dl", "<div",
                                       "<dt", "<dd", "<section", "<h2", "<table", "<thead", "<tr",
                                       "<th", "<tbody", "<td", "<footer", "<strong", "</"};
    for (size_t at = 0; (at = str_find_char(got, '<', at)) != SIZE_MAX; at++) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(ours) && !known; i++)
            known = str_starts(str_sub(got, at, got.n), str_of(ours[i]));
        if (!known)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; renderers[i]; i++) {
        if (renderers[i]->binary)
            continue;
        struct arena a = ARENA_INIT;
        struct buf out;
        struct err e;
        struct render_options o = {.width = size % 100, .color = size & 1, .unicode = true};
        bool csv = str_eq(str_of(renderers[i]->name), S("csv"));
        buf_init(&out, 64 << 20);
        if (!renderers[i]->render(doc_of(&a, (str){(const char *)data, size}), &o, &out, &e))
            abort();
        if (!csv && !str_is_utf8(buf_str(&out)))
            abort();
        if (str_eq(str_of(renderers[i]->name), S("html")))
            check_html(buf_str(&out));
        buf_release(&out);
        arena_release(&a);
    }
    return 0;
}
