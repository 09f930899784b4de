/* yaml_edit.c - byte edits of YAML files, applied at once, and the unified diff of it. */
#include "base/yaml_edit.h"

#include "base/buf.h"
#include "base/limits.h"

enum { CONTEXT = 3 };

bool yaml_cannot_edit(const struct yaml_node *n, const char *what, struct err *e)
{
    err_set(e, ERR_INVALID, "%.*s:%u:%u: %s cannot be changed in place", FMT(n->file->path),
            n->line, n->column, what);
    return err_hint(e, "Change it by hand, or write it on one line.");
}

/* --- where a node stands, in bytes --- */

/* With its end. */
static str whole_line(const struct yaml_file *f, uint32_t line)
{
    size_t to = line < f->n_lines ? f->line_starts[line] : f->text.n;
    return str_sub(f->text, f->line_starts[line - 1], to);
}

str yaml_line(const struct yaml_file *f, uint32_t line)
{
    str s = whole_line(f, line);
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

size_t yaml_indent(const struct yaml_file *f, uint32_t line)
{
    str s = yaml_line(f, line);
    size_t i = 0;
    while (i < s.n && s.p[i] == ' ')
        i++;
    return i;
}

static bool in_a_file(const struct yaml_node *n)
{
    return n->file && n->file->line_starts && n->line && n->line <= n->file->n_lines;
}

/* Columns count characters. */
static size_t start_of(const struct yaml_node *n)
{
    const struct yaml_file *f = n->file;
    size_t i = f->line_starts[n->line - 1];
    for (uint32_t k = 1; k < n->column && i < f->text.n; k++) {
        i++;
        while (i < f->text.n && ((unsigned char)f->text.p[i] & 0xc0) == 0x80)
            i++;
    }
    return i;
}

static size_t end_of_quoted(str s, size_t i)
{
    char quote = s.p[i++];
    while (i < s.n && s.p[i] != quote)
        i += s.p[i] == '\\' && quote == '"' ? 2 : 1;
    return i < s.n ? i + 1 : SIZE_MAX;
}

/* The end of a {} or [] that begins at i. */
static size_t end_of_flow(str s, size_t i)
{
    int depth = 0;
    while (i < s.n && s.p[i] != '\n') {
        char c = s.p[i];
        if (c == '"' || c == '\'') {
            i = end_of_quoted(s, i);
            if (i == SIZE_MAX)
                return i;
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        i++;
        if (!depth)
            return i;
    }
    return SIZE_MAX;
}

bool yaml_is_flow(const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR || !in_a_file(n))
        return false;
    size_t i = start_of(n);
    return i < n->file->text.n && (n->file->text.p[i] == '{' || n->file->text.p[i] == '[');
}

bool yaml_extent(const struct yaml_node *n, size_t *ret_from, size_t *ret_to, struct err *e)
{
    if (!in_a_file(n))
        return yaml_cannot_edit(n, "this value", e);
    str s = n->file->text;
    size_t from = start_of(n), to;
    if (n->kind != YAML_SCALAR)
        to = yaml_is_flow(n) ? end_of_flow(s, from) : SIZE_MAX;
    else if (n->quoted)
        to = from < s.n ? end_of_quoted(s, from) : SIZE_MAX;
    else
        to = str_eq(str_sub(s, from, from + n->text.n), n->text) ? from + n->text.n : SIZE_MAX;
    if (to == SIZE_MAX)
        return yaml_cannot_edit(n, "this value", e);
    *ret_from = from;
    *ret_to = to;
    return true;
}

/* --- edits --- */

/* New lines end as the file's own do. */
static str with_ends_of(struct arena *a, const struct yaml_file *f, str text)
{
    size_t first = str_find_char(f->text, '\n', 0);
    if (first == SIZE_MAX || !first || f->text.p[first - 1] != '\r' ||
        str_find_char(text, '\n', 0) == SIZE_MAX)
        return text;
    struct buf b;
    buf_init(&b, LIMIT_YAML_BYTES);
    for (size_t i = 0; i < text.n; i++)
        buf_add(&b, text.p[i] == '\n' ? S("\r\n") : str_sub(text, i, i + 1));
    str r = str_dup(a, buf_str(&b));
    buf_release(&b);
    return r;
}

void yaml_edit_bytes(struct yaml_edits *t, const struct yaml_file *f, size_t from, size_t to,
                     str text)
{
    text = with_ends_of(t->a, f, text);
    t->items = arena_grow(t->a, t->items, sizeof *t->items, &t->cap, t->n + 1);
    t->items[t->n] = (struct yaml_edit){f, from, to, text, t->n};
    t->n++;
}

bool yaml_edit_value(struct yaml_edits *t, const struct yaml_node *n, str text, struct err *e)
{
    size_t from, to;
    if (!yaml_extent(n, &from, &to, e))
        return false;
    for (size_t i = 0; i < t->n; i++) {
        const struct yaml_edit *x = &t->items[i];
        if (x->file == n->file && x->from == from && x->to == to && from < to)
            return str_eq(x->text, text) ||
                   err_set(e, ERR_INVALID, "%.*s:%u:%u: this value would become '%.*s' and '%.*s'",
                           FMT(n->file->path), n->line, n->column, FMT(x->text), FMT(text));
    }
    yaml_edit_bytes(t, n->file, from, to, text);
    return true;
}

/* The place behind the text of a line. */
static size_t line_end(const struct yaml_file *f, uint32_t line)
{
    return f->line_starts[line - 1] + yaml_line(f, line).n;
}

bool yaml_edit_key(struct yaml_edits *t, const struct yaml_node *map,
                   const struct yaml_pair *behind, str key_and_value, struct err *e)
{
    size_t from, to;
    if (!behind)
        return yaml_cannot_edit(map, "this map", e);
    if (!yaml_extent(behind->value, &from, &to, e))
        return false;
    if (yaml_is_flow(map))
        yaml_edit_bytes(t, map->file, to, to, str_fmt(t->a, ", %.*s", FMT(key_and_value)));
    else
        yaml_edit_bytes(
            t, map->file, line_end(map->file, behind->value->line),
            line_end(map->file, behind->value->line),
            str_fmt(t->a, "\n%*s%.*s", (int)(behind->key->column - 1), "", FMT(key_and_value)));
    return true;
}

/* The item's own line begins with its dash. */
static bool has_lines(const struct yaml_node *item, size_t *ret_indent, struct err *e)
{
    if (!in_a_file(item))
        return yaml_cannot_edit(item, "this list", e);
    size_t indent = yaml_indent(item->file, item->line);
    str line = yaml_line(item->file, item->line);
    if (line.n <= indent || line.p[indent] != '-') {
        yaml_cannot_edit(item, "a list on one line", e);
        return err_hint(e, "Write each item on a line of its own, beginning with '- '.");
    }
    *ret_indent = indent;
    return true;
}

/* The last line of an item: what is indented deeper than its dash belongs to it. */
static uint32_t last_line_of(const struct yaml_node *item, size_t indent)
{
    uint32_t last = item->line;
    for (uint32_t line = item->line + 1; line <= item->file->n_lines; line++) {
        if (!str_trim(yaml_line(item->file, line)).n)
            continue;
        if (yaml_indent(item->file, line) <= indent)
            break;
        last = line;
    }
    return last;
}

bool yaml_edit_row_before(struct yaml_edits *t, const struct yaml_node *item, str row,
                          struct err *e)
{
    size_t indent = 0;
    if (!has_lines(item, &indent, e))
        return false;
    size_t at = item->file->line_starts[item->line - 1];
    yaml_edit_bytes(t, item->file, at, at, str_fmt(t->a, "%*s- %.*s\n", (int)indent, "", FMT(row)));
    return true;
}

bool yaml_edit_row_behind(struct yaml_edits *t, const struct yaml_node *item, str row,
                          struct err *e)
{
    size_t indent = 0;
    if (!has_lines(item, &indent, e))
        return false;
    size_t at = line_end(item->file, last_line_of(item, indent));
    yaml_edit_bytes(t, item->file, at, at, str_fmt(t->a, "\n%*s- %.*s", (int)indent, "", FMT(row)));
    return true;
}

bool yaml_edit_row(struct yaml_edits *t, const struct yaml_node *item, str row, struct err *e)
{
    size_t indent = 0;
    if (!has_lines(item, &indent, e))
        return false;
    yaml_edit_bytes(t, item->file, item->file->line_starts[item->line - 1] + indent,
                    line_end(item->file, last_line_of(item, indent)),
                    str_fmt(t->a, "- %.*s", FMT(row)));
    return true;
}

void yaml_edit_append(struct yaml_edits *t, const struct yaml_file *f, str lines)
{
    const char *first = f->text.n && !str_ends(f->text, S("\n")) ? "\n" : "";
    for (size_t i = 0; i < t->n; i++) /* what was appended before ended its line */
        if (t->items[i].file == f && t->items[i].from == f->text.n)
            first = "";
    yaml_edit_bytes(t, f, f->text.n, f->text.n, str_fmt(t->a, "%s%.*s\n", first, FMT(lines)));
}

/* --- the result --- */

static int by_place(const void *va, const void *vb)
{
    const struct yaml_edit *x = va, *y = vb;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static uint32_t line_at(const struct yaml_file *f, size_t byte)
{
    uint32_t line = 1;
    while (line < f->n_lines && f->line_starts[line] <= byte)
        line++;
    return line;
}

static uint32_t count_lines(str text)
{
    uint32_t n = text.n && text.p[text.n - 1] != '\n';
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static str first_line(str text)
{
    size_t end = str_find_char(text, '\n', 0);
    return str_sub(text, 0, end == SIZE_MAX ? text.n : end + 1);
}

static str last_line(str text)
{
    size_t from = text.n ? text.n - 1 : 0;
    while (from && text.p[from - 1] != '\n')
        from--;
    return str_sub(text, from, text.n);
}

/* Lines that stay the same at either end are no part of a change. */
static struct edited_lines trimmed(uint32_t line, str before, str after)
{
    while (before.n && after.n && str_eq(first_line(before), first_line(after))) {
        size_t n = first_line(before).n;
        before = str_sub(before, n, before.n);
        after = str_sub(after, n, after.n);
        line++;
    }
    while (before.n && after.n && str_eq(last_line(before), last_line(after))) {
        size_t n = last_line(before).n;
        before.n -= n;
        after.n -= n;
    }
    return (struct edited_lines){line, count_lines(before), count_lines(after), before, after};
}

static bool apply(const struct yaml_edits *t, const struct yaml_file *f, struct edited_file *ret,
                  struct err *e)
{
    struct yaml_edit *own = arena_new(t->a, struct yaml_edit, t->n + 1);
    size_t n = 0, at = 0, cap = 0;
    struct buf whole;
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].file == f)
            own[n++] = t->items[i];
    qsort(own, n, sizeof *own, by_place);
    for (size_t i = 1; i < n; i++)
        if (own[i].from < own[i - 1].to)
            return err_set(e, ERR_INVALID, "%.*s:%u: two changes of one value", FMT(f->path),
                           line_at(f, own[i].from));
    buf_init(&whole, LIMIT_YAML_BYTES * 2);
    *ret = (struct edited_file){.file = f};
    for (size_t i = 0; i < n;) {
        uint32_t line = line_at(f, own[i].from), last = line_at(f, own[i].to);
        size_t start = f->line_starts[line - 1];
        str after = STR_NONE;
        buf_add(&whole, str_sub(f->text, at, start));
        for (at = start; i < n && line_at(f, own[i].from) <= last; i++) {
            after = str_fmt(t->a, "%.*s%.*s%.*s", FMT(after),
                            FMT(str_sub(f->text, at, own[i].from)), FMT(own[i].text));
            at = own[i].to;
            last = MAX(last, line_at(f, at));
        }
        size_t end = last < f->n_lines ? f->line_starts[last] : f->text.n;
        after = str_fmt(t->a, "%.*s%.*s", FMT(after), FMT(str_sub(f->text, at, end)));
        at = end;
        buf_add(&whole, after);
        struct edited_lines change = trimmed(line, str_sub(f->text, start, end), after);
        if (!change.n_before && !change.n_after)
            continue;
        ret->changes =
            arena_grow(t->a, ret->changes, sizeof *ret->changes, &cap, ret->n_changes + 1);
        ret->changes[ret->n_changes++] = change;
    }
    buf_add(&whole, str_sub(f->text, at, f->text.n));
    ret->text = str_dup(t->a, buf_str(&whole));
    buf_release(&whole);
    return true;
}

bool yaml_edits_apply(const struct yaml_edits *t, struct edited_file **ret, size_t *ret_n,
                      struct err *e)
{
    struct edited_file *files = arena_new(t->a, struct edited_file, t->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || files[k].file == t->items[i].file;
        if (known)
            continue;
        if (!apply(t, t->items[i].file, &files[n], e))
            return false;
        n += files[n].n_changes > 0;
    }
    *ret = files;
    *ret_n = n;
    return true;
}

/* --- the diff --- */

static void put_lines(struct buf *b, char sign, str text)
{
    while (text.n) {
        str line = first_line(text);
        text = str_sub(text, line.n, text.n);
        buf_fmt(b, "%c%.*s", sign, FMT(line));
        if (!str_ends(line, S("\n")))
            buf_add(b, S("\n\\ No newline at end of file\n"));
    }
}

/* Changes [from, to) with what stands around and between them. */
static void put_hunk(struct buf *b, const struct edited_file *x, size_t from, size_t to,
                     int64_t shift)
{
    const struct yaml_file *f = x->file;
    const struct edited_lines *c = x->changes;
    uint32_t lines = (uint32_t)f->n_lines - !whole_line(f, (uint32_t)f->n_lines).n;
    uint32_t first = c[from].line > CONTEXT ? c[from].line - CONTEXT : 1;
    uint32_t end = MIN(c[to - 1].line + c[to - 1].n_before - 1 + CONTEXT, lines); /* the last */
    int64_t more = 0;
    for (size_t i = from; i < to; i++)
        more += (int64_t)c[i].n_after - c[i].n_before;
    uint32_t n_old = end + 1 - first; /* nothing of an empty file */
    int64_t n_new = n_old + more;
    buf_fmt(b, "@@ -%u,%u +%lld,%lld @@\n", n_old ? first : first - 1, n_old,
            (long long)first + shift - !n_new, (long long)n_new);
    uint32_t line = first;
    for (size_t i = from; i < to;) {
        size_t run = i + 1; /* changes without a line between: all of the old ones stand first */
        while (run < to && c[run].line == c[run - 1].line + c[run - 1].n_before)
            run++;
        for (; line < c[i].line; line++)
            put_lines(b, ' ', whole_line(f, line));
        for (size_t k = i; k < run; k++)
            put_lines(b, '-', c[k].before);
        for (size_t k = i; k < run; k++)
            put_lines(b, '+', c[k].after);
        line = c[run - 1].line + c[run - 1].n_before;
        i = run;
    }
    for (; line <= end; line++)
        put_lines(b, ' ', whole_line(f, line));
}

str edited_files_diff(struct arena *a, const struct edited_file *files, size_t n)
{
    struct buf b;
    buf_init(&b, LIMIT_YAML_BYTES * 4);
    for (size_t i = 0; i < n; i++) {
        const struct edited_file *x = &files[i];
        int64_t shift = 0;
        buf_fmt(&b, "--- %.*s\n+++ %.*s\n", FMT(x->file->path), FMT(x->file->path));
        for (size_t k = 0; k < x->n_changes;) {
            size_t to = k + 1;
            while (to < x->n_changes && x->changes[to].line <= x->changes[to - 1].line +
                                                                   x->changes[to - 1].n_before +
                                                                   2 * CONTEXT)
                to++;
            put_hunk(&b, x, k, to, shift);
            for (; k < to; k++)
                shift += (int64_t)x->changes[k].n_after - x->changes[k].n_before;
        }
    }
    str out = str_dup(a, buf_str(&b));
    buf_release(&b);
    return out;
}
