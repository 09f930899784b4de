/* diag.c - collecting and printing faults with their places. */
#include "base/diag.h"

#include <stdarg.h>

#include "base/limits.h"

void diags_init(struct diags *d, struct arena *a)
{
    *d = (struct diags){.arena = a};
}

void diags_add(struct diags *d, enum diag_level level, struct diag_place at, str hint,
               const char *fmt, ...)
{
    d->errors += level == DIAG_ERROR;
    d->warnings += level == DIAG_WARNING;
    if (d->n >= LIMIT_DIAGS) {
        d->dropped++;
        return;
    }
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    d->items = arena_grow(d->arena, d->items, sizeof *d->items, &d->cap, d->n + 1);
    at.file = str_dup(d->arena, at.file);
    at.source_line = str_dup(d->arena, str_sub(at.source_line, 0, 400));
    d->items[d->n++] = (struct diag){level, at, str_dup(d->arena, str_of(text)),
                                     str_dup(d->arena, hint)};
}

static int before(const struct diag *a, const struct diag *b)
{
    int c = str_cmp(a->at.file, b->at.file);
    if (c)
        return c;
    if (a->at.line != b->at.line)
        return a->at.line < b->at.line ? -1 : 1;
    return (a->at.column > b->at.column) - (a->at.column < b->at.column);
}

void diags_sort(struct diags *d)
{
    for (size_t i = 1; i < d->n; i++) { /* insertion: stable, and there are at most LIMIT_DIAGS */
        struct diag x = d->items[i];
        size_t k = i;
        for (; k > 0 && before(&x, &d->items[k - 1]) < 0; k--)
            d->items[k] = d->items[k - 1];
        d->items[k] = x;
    }
}

static void print_place(const struct diag *g, struct buf *out)
{
    if (!g->at.file.n)
        return;
    buf_add(out, g->at.file);
    if (g->at.line)
        buf_fmt(out, ":%u", g->at.line);
    if (g->at.line && g->at.column)
        buf_fmt(out, ":%u", g->at.column);
    buf_add(out, S(": "));
}

static void print_source(const struct diag *g, struct buf *out, const char *on, const char *off)
{
    if (!g->at.source_line.n || !g->at.line)
        return;
    buf_fmt(out, "%6u | ", g->at.line);
    for (size_t i = 0; i < g->at.source_line.n; i++) /* keep the caret under its text */
        buf_addc(out, g->at.source_line.p[i] == '\t' ? ' ' : g->at.source_line.p[i]);
    buf_add(out, S("\n       | "));
    if (g->at.column) {
        buf_fill(out, ' ', g->at.column - 1);
        buf_fmt(out, "%s", on);
        buf_fill(out, '^', MAX(g->at.width, 1u));
        buf_fmt(out, "%s", off);
    }
    buf_addc(out, '\n');
}

void diags_print(const struct diags *d, struct buf *out, bool color)
{
    static const char *const words[] = {"error", "warning", "note"};
    static const char *const tints[] = {"\033[31m", "\033[33m", "\033[36m"};
    for (size_t i = 0; i < d->n; i++) {
        const struct diag *g = &d->items[i];
        const char *on = color ? tints[g->level] : "", *off = color ? "\033[0m" : "";
        print_place(g, out);
        buf_fmt(out, "%s%s:%s %.*s\n", on, words[g->level], off, FMT(g->text));
        print_source(g, out, on, off);
        if (g->hint.n)
            buf_fmt(out, "       = %.*s\n", FMT(g->hint));
    }
    if (d->dropped)
        buf_fmt(out, "... and %zu more\n", d->dropped);
}

bool diags_to_err(const struct diags *d, struct err *e)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct diag *g = &d->items[i];
        if (g->level != DIAG_ERROR)
            continue;
        CLEANUP(buf_release) struct buf place;
        buf_init(&place, 8192);
        print_place(g, &place);
        err_set(e, ERR_INVALID, "%.*s%.*s", FMT(buf_str(&place)), FMT(g->text));
        if (d->errors > 1)
            err_hint(e, "%.*s%sThere %s %zu more error%s.", FMT(g->hint), g->hint.n ? " " : "",
                     d->errors == 2 ? "is" : "are", d->errors - 1, d->errors == 2 ? "" : "s");
        else
            err_hint(e, "%.*s", FMT(g->hint));
        return false;
    }
    bug(__FILE__, __LINE__, "diags_to_err without an error");
}
