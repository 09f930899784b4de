/* plan_edit.c - values of a plan's files changed in place, and the unified diff of it. */
#include "engine/plan_edit.h"

#include "base/limits.h"

enum { CONTEXT = 3 };

struct edit { /* bytes [from, to) of a file's text become `text` */
    const struct yaml_file *file;
    size_t from, to;
    str text;
};
struct editor {
    struct arena *a;
    struct edit *items;
    size_t n, cap;
    struct err *e;
};

static bool cannot(struct editor *t, const struct yaml_node *n)
{
    err_set(t->e, ERR_INVALID, "%.*s:%u:%u: this value cannot be changed in place",
            FMT(n->file->path), n->line, n->column);
    return err_hint(t->e, "Change it by hand, or write it on one line.");
}

/* --- where a node stands, in bytes --- */

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

static bool is_flow(const struct yaml_node *n)
{
    size_t i = start_of(n);
    return i < n->file->text.n && (n->file->text.p[i] == '{' || n->file->text.p[i] == '[');
}

static bool extent_of(struct editor *t, const struct yaml_node *n, size_t *ret_from, size_t *ret_to)
{
    str s = n->file ? n->file->text : STR_NONE;
    if (!s.n || !n->file->line_starts || !n->line || n->line > n->file->n_lines)
        return cannot(t, n);
    size_t from = start_of(n), to;
    if (n->kind != YAML_SCALAR)
        to = is_flow(n) ? end_of_flow(s, from) : SIZE_MAX;
    else if (n->quoted)
        to = from < s.n ? end_of_quoted(s, from) : SIZE_MAX;
    else
        to = str_eq(str_sub(s, from, from + n->text.n), n->text) ? from + n->text.n : SIZE_MAX;
    if (to == SIZE_MAX)
        return cannot(t, n);
    *ret_from = from;
    *ret_to = to;
    return true;
}

/* --- edits --- */

static void add_edit(struct editor *t, const struct yaml_file *f, size_t from, size_t to, str text)
{
    t->items = arena_grow(t->a, t->items, sizeof *t->items, &t->cap, t->n + 1);
    t->items[t->n++] = (struct edit){f, from, to, text};
}

/* On one line, as it would be written inside of {}. */
static str written(struct arena *a, const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR)
        return n->text;
    str out = n->kind == YAML_MAP ? S("{") : S("[");
    for (size_t i = 0; i < n->n; i++) {
        const char *gap = i ? ", " : "";
        out = n->kind == YAML_MAP
                  ? str_fmt(a, "%.*s%s%.*s: %.*s", FMT(out), gap, FMT(n->pairs[i].key->text),
                            FMT(written(a, n->pairs[i].value)))
                  : str_fmt(a, "%.*s%s%.*s", FMT(out), gap, FMT(written(a, n->items[i])));
    }
    return str_fmt(a, "%.*s%s", FMT(out), n->kind == YAML_MAP ? "}" : "]");
}

static bool same_keys(const struct yaml_node *x, const struct yaml_node *y)
{
    bool same = x->kind == YAML_MAP && y->kind == YAML_MAP && x->n == y->n;
    for (size_t i = 0; same && i < x->n; i++)
        same = str_eq(x->pairs[i].key->text, y->pairs[i].key->text);
    return same;
}

static bool edit_value(struct editor *t, const struct yaml_node *was, const struct yaml_node *now)
{
    size_t from, to;
    if (was == now)
        return true;
    if (same_keys(was, now)) {
        for (size_t i = 0; i < was->n; i++)
            if (!edit_value(t, was->pairs[i].value, now->pairs[i].value))
                return false;
        return true;
    }
    if (was->kind == YAML_LIST && now->kind == YAML_LIST && was->n == now->n) {
        for (size_t i = 0; i < was->n; i++)
            if (!edit_value(t, was->items[i], now->items[i]))
                return false;
        return true;
    }
    if (was->kind == YAML_SCALAR && now->kind == YAML_SCALAR && str_eq(was->text, now->text))
        return true;
    if (!extent_of(t, was, &from, &to))
        return false;
    add_edit(t, was->file, from, to, written(t->a, now));
    return true;
}

static const struct yaml_pair *pair_of(const struct yaml_node *map, str key)
{
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, key))
            return &map->pairs[i];
    return NULL;
}

/* Behind which key of the map a new one reads best: the nearest of those that stand before it in a
 * line's usual order, else the last that both have. */
static const struct yaml_pair *place_for(const struct yaml_node *map, str key,
                                         const struct yaml_pair *otherwise)
{
    static const char *const order[] = {"in",      "out",    "models",       "model",
                                        "retries", "cached", "cache_writes", "batch"};
    size_t k = 0;
    while (k < ARRAY_LEN(order) && !str_eq(key, str_of(order[k])))
        k++;
    while (k < ARRAY_LEN(order) && k-- > 0)
        if (pair_of(map, str_of(order[k])) && (k < 2 || k > 3))
            return pair_of(map, str_of(order[k]));
    return otherwise;
}

/* A key behind the value of another: in the same {}, or on a line of its own below. */
static bool insert_behind(struct editor *t, const struct yaml_node *map,
                          const struct yaml_pair *behind, const struct yaml_pair *pair)
{
    size_t from, to;
    if (!behind || !extent_of(t, behind->value, &from, &to))
        return behind ? false : cannot(t, map);
    str text = str_fmt(t->a, "%.*s: %.*s", FMT(pair->key->text), FMT(written(t->a, pair->value)));
    if (is_flow(map)) {
        add_edit(t, map->file, to, to, str_fmt(t->a, ", %.*s", FMT(text)));
        return true;
    }
    str s = map->file->text;
    while (to < s.n && s.p[to] != '\n')
        to++;
    if (to && s.p[to - 1] == '\r')
        to--;
    add_edit(t, map->file, to, to,
             str_fmt(t->a, "\n%*s%.*s", (int)(behind->key->column - 1), "", FMT(text)));
    return true;
}

static bool edit_map(struct editor *t, const struct yaml_node *was, const struct yaml_node *now)
{
    const struct yaml_pair *gone = NULL, *before = NULL;
    for (size_t i = 0; i < was->n; i++)
        if (!pair_of(now, was->pairs[i].key->text))
            gone = &was->pairs[i];
    for (size_t i = 0; i < now->n; i++) {
        const struct yaml_pair *pair = &now->pairs[i], *old = pair_of(was, pair->key->text);
        size_t from, to, ignored;
        if (old) {
            before = old;
            if (!edit_value(t, old->value, pair->value))
                return false;
        } else if (gone) { /* it takes that one's place */
            if (!extent_of(t, gone->key, &from, &ignored) ||
                !extent_of(t, gone->value, &ignored, &to))
                return false;
            add_edit(
                t, was->file, from, to,
                str_fmt(t->a, "%.*s: %.*s", FMT(pair->key->text), FMT(written(t->a, pair->value))));
            gone = NULL;
        } else if (!insert_behind(t, was, place_for(was, pair->key->text, before), pair)) {
            return false;
        }
    }
    return true;
}

/* --- files --- */

static int by_place(const void *va, const void *vb)
{
    const struct edit *x = va, *y = vb;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static uint32_t line_at(const struct yaml_file *f, size_t byte)
{
    uint32_t line = 1;
    while (line < f->n_lines && f->line_starts[line] <= byte)
        line++;
    return line;
}

static str line_of(const struct yaml_file *f, uint32_t line)
{
    size_t to = line < f->n_lines ? f->line_starts[line] : f->text.n;
    str s = str_sub(f->text, f->line_starts[line - 1], to);
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* The text with its edits, and the lines that they touch. */
static void apply(struct editor *t, const struct yaml_file *f, struct edited_file *ret)
{
    struct edit *own = arena_new(t->a, struct edit, t->n + 1);
    size_t n = 0, at = 0, cap = 0;
    struct buf whole;
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].file == f)
            own[n++] = t->items[i];
    qsort(own, n, sizeof *own, by_place);
    buf_init(&whole, LIMIT_YAML_BYTES * 2);
    *ret = (struct edited_file){.file = f};
    for (size_t i = 0; i < n;) {
        uint32_t line = line_at(f, own[i].from);
        str before = line_of(f, line);
        size_t start = f->line_starts[line - 1], end = start + before.n;
        str after = STR_NONE;
        buf_add(&whole, str_sub(f->text, at, start));
        at = start;
        for (; i < n && own[i].from <= end; i++) {
            after = str_fmt(t->a, "%.*s%.*s%.*s", FMT(after),
                            FMT(str_sub(f->text, at, own[i].from)), FMT(own[i].text));
            at = own[i].to;
        }
        after = str_fmt(t->a, "%.*s%.*s", FMT(after), FMT(str_sub(f->text, at, MAX(at, end))));
        at = MAX(at, end);
        buf_add(&whole, after);
        ret->lines = arena_grow(t->a, ret->lines, sizeof *ret->lines, &cap, ret->n_lines + 1);
        ret->lines[ret->n_lines++] = (struct edited_line){line, before, after};
    }
    buf_add(&whole, str_sub(f->text, at, f->text.n));
    ret->text = str_dup(t->a, buf_str(&whole));
    buf_release(&whole);
}

bool plan_edit(struct arena *a, const struct yaml_node *const *was,
               const struct yaml_node *const *becomes, size_t n, struct edited_file **ret,
               size_t *ret_n, struct err *e)
{
    struct editor t = {.a = a, .e = e};
    for (size_t i = 0; i < n; i++)
        if (!edit_map(&t, was[i], becomes[i]))
            return false;
    struct edited_file *files = arena_new(a, struct edited_file, t.n + 1);
    size_t n_files = 0;
    for (size_t i = 0; i < t.n; i++) {
        bool known = false;
        for (size_t k = 0; k < n_files; k++)
            known = known || files[k].file == t.items[i].file;
        if (!known)
            apply(&t, t.items[i].file, &files[n_files++]);
    }
    *ret = files;
    *ret_n = n_files;
    return true;
}

/* --- the diff --- */

static uint32_t lines_in(str text)
{
    uint32_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void put_lines(struct buf *b, char sign, str text)
{
    str line, rest = text;
    if (!text.n)
        buf_fmt(b, "%c\n", sign);
    while (str_cut(&rest, '\n', &line))
        buf_fmt(b, "%c%.*s\n", sign, FMT(line));
}

/* Only lines below it are new. */
static bool is_insert(const struct edited_line *l)
{
    return str_starts(l->after, l->before) && l->after.n > l->before.n &&
           l->after.p[l->before.n] == '\n';
}

static void put_hunk(struct buf *b, const struct edited_file *x, size_t from, size_t to, int shift)
{
    const struct yaml_file *f = x->file;
    uint32_t last = (uint32_t)f->n_lines;
    if (last && !line_of(f, last).n) /* behind the last line's end */
        last--;
    uint32_t first = x->lines[from].line > CONTEXT ? x->lines[from].line - CONTEXT : 1;
    uint32_t end = MIN(x->lines[to - 1].line + CONTEXT, last);
    uint32_t more = 0;
    for (size_t i = from; i < to; i++)
        more += lines_in(x->lines[i].after) - 1;
    buf_fmt(b, "@@ -%u,%u +%d,%u @@\n", first, end - first + 1, (int)first + shift,
            end - first + 1 + more);
    for (uint32_t line = first; line <= end; line++) {
        size_t i = from;
        while (i < to && x->lines[i].line != line)
            i++;
        if (i < to && is_insert(&x->lines[i])) {
            put_lines(b, ' ', x->lines[i].before);
            put_lines(b, '+',
                      str_sub(x->lines[i].after, x->lines[i].before.n + 1, x->lines[i].after.n));
            continue;
        }
        put_lines(b, i < to ? '-' : ' ', line_of(f, line));
        if (i < to &&
            (i + 1 == to || x->lines[i + 1].line != line + 1 || is_insert(&x->lines[i + 1]))) {
            size_t k = i; /* a run of changed lines: all of the old ones stand first */
            while (k > from && x->lines[k - 1].line + 1 == x->lines[k].line &&
                   !is_insert(&x->lines[k - 1]))
                k--;
            for (; k <= i; k++)
                put_lines(b, '+', x->lines[k].after);
        }
    }
}

str plan_edit_diff(struct arena *a, const struct edited_file *files, size_t n)
{
    struct buf b;
    buf_init(&b, LIMIT_YAML_BYTES * 4);
    for (size_t i = 0; i < n; i++) {
        const struct edited_file *x = &files[i];
        int shift = 0;
        buf_fmt(&b, "--- %.*s\n+++ %.*s\n", FMT(x->file->path), FMT(x->file->path));
        for (size_t k = 0; k < x->n_lines;) {
            size_t to = k + 1;
            while (to < x->n_lines && x->lines[to].line - x->lines[to - 1].line <= 2 * CONTEXT)
                to++;
            put_hunk(&b, x, k, to, shift);
            for (; k < to; k++)
                shift += (int)lines_in(x->lines[k].after) - 1;
        }
    }
    str out = str_dup(a, buf_str(&b));
    buf_release(&b);
    return out;
}
