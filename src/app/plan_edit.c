/* plan_edit.c - levers as a text edit of the plan's file. */
#include "app/plan_edit.h"

#include "base/limits.h"
#include "base/os.h"
#include "base/yaml.h"

struct text_lines {
    str *items; /* without line ends */
    size_t n, cap;
    bool crlf;
};

static struct text_lines lines_of(struct arena *a, str text)
{
    struct text_lines l = {0};
    str rest = text, line;
    while (str_cut(&rest, '\n', &line)) {
        if (str_ends(line, S("\r"))) {
            line.n--;
            l.crlf = true;
        }
        l.items = arena_grow(a, l.items, sizeof *l.items, &l.cap, l.n + 1);
        l.items[l.n++] = line;
    }
    if (l.n && !l.items[l.n - 1].n && str_ends(text, S("\n")))
        l.n--;
    return l;
}

static str text_of(struct arena *a, const struct text_lines *l)
{
    struct buf b;
    buf_init(&b, LIMIT_YAML_BYTES);
    for (size_t i = 0; i < l->n; i++) {
        buf_add(&b, l->items[i]);
        buf_add(&b, l->crlf ? S("\r\n") : S("\n"));
    }
    str text = str_dup(a, buf_str(&b));
    buf_release(&b);
    return text;
}

static size_t indent_of(str line)
{
    size_t i = 0;
    while (i < line.n && line.p[i] == ' ')
        i++;
    return i;
}

/* Replaces `drop` lines from `at` on by one. */
static void put_line(struct arena *a, struct text_lines *l, size_t at, size_t drop, str line)
{
    l->items = arena_grow(a, l->items, sizeof *l->items, &l->cap, l->n + 1);
    memmove(l->items + at + 1, l->items + at + drop, sizeof *l->items * (l->n - at - drop));
    l->items[at] = line;
    l->n = l->n + 1 - drop;
}

/* The first line behind the item that starts on line `at`: what is indented deeper belongs to it. */
static size_t item_end(const struct text_lines *l, size_t at)
{
    size_t deep = indent_of(l->items[at]), end = at + 1;
    for (size_t i = end; i < l->n; i++) {
        if (!str_trim(l->items[i]).n)
            continue;
        if (indent_of(l->items[i]) <= deep)
            break;
        end = i + 1;
    }
    return end;
}

struct editing {
    struct arena *a;
    str path;
    struct text_lines lines;
    struct buf diff;
    struct err *e;
};

static void say_change(struct editing *x, size_t line, const struct text_lines *l, size_t drop, str added)
{
    for (size_t i = 0; i < drop; i++)
        buf_fmt(&x->diff, "%.*s:%zu: -%.*s\n", FMT(x->path), line + i + 1, FMT(l->items[line + i]));
    buf_fmt(&x->diff, "%.*s:%zu: +%.*s\n", FMT(x->path), line + 1, FMT(added));
}

static void change(struct editing *x, size_t at, size_t drop, str line)
{
    say_change(x, at, &x->lines, drop, line);
    put_line(x->a, &x->lines, at, drop, line);
}

/* The levers of the file as it stands now; NULL when there are none. Parsed anew for every lever:
 * files are small and places move. */
static bool find_levers(struct editing *x, const struct yaml_node **ret)
{
    struct diags faults;
    diags_init(&faults, x->a);
    const struct yaml_file *f = yaml_parse(x->a, x->path, text_of(x->a, &x->lines), &faults);
    if (!f || faults.errors)
        return diags_to_err(&faults, x->e);
    const struct yaml_node *key = yaml_key(f->root, "levers");
    *ret = key ? yaml_get(f->root, "levers") : NULL;
    if (!*ret || (*ret)->kind == YAML_LIST || ((*ret)->kind == YAML_SCALAR && !(*ret)->text.n))
        return true;
    return err_set(x->e, ERR_INVALID, "%.*s:%u: 'levers' is no list", FMT(x->path), key->line);
}

static bool one_line_list(struct editing *x, const struct yaml_node *levers)
{
    return str_find_char(x->lines.items[levers->line - 1], '[', 0) != SIZE_MAX;
}

static bool put_lever(struct editing *x, const struct lever_text *v)
{
    const struct yaml_node *levers = NULL;
    if (!find_levers(x, &levers))
        return false;
    if (!levers) {
        change(x, x->lines.n, 0, S("levers:"));
        change(x, x->lines.n, 0, str_fmt(x->a, "  - %.*s", FMT(v->text)));
        return true;
    }
    if (!levers->n) { /* nothing, or [] */
        size_t at = levers->line - 1;
        while (at && !str_starts(str_trim(x->lines.items[at]), S("levers")))
            at--;
        if (one_line_list(x, levers))
            change(x, at, 1, S("levers:"));
        change(x, at + 1, 0, str_fmt(x->a, "  - %.*s", FMT(v->text)));
        return true;
    }
    size_t last = levers->items[levers->n - 1]->line - 1;
    if (!str_starts(str_trim(x->lines.items[last]), S("-"))) {
        err_set(x->e, ERR_INVALID, "%.*s:%u: the levers stand on one line", FMT(x->path),
                levers->line);
        return err_hint(x->e, "Write each lever on a line of its own, beginning with '- '.");
    }
    for (size_t i = 0; i < levers->n; i++) {
        const struct yaml_node *id = yaml_get(levers->items[i], "id");
        size_t at = levers->items[i]->line - 1;
        if (!id || !str_eq(id->text, v->id))
            continue;
        change(x, at, item_end(&x->lines, at) - at,
               str_fmt(x->a, "%*s- %.*s", (int)indent_of(x->lines.items[at]), "", FMT(v->text)));
        return true;
    }
    change(x, item_end(&x->lines, last), 0,
           str_fmt(x->a, "%*s- %.*s", (int)indent_of(x->lines.items[last]), "", FMT(v->text)));
    return true;
}

/* ---- the plan as it would read ---- */

struct overlay {
    str path, text;
};

static bool read_edited(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    const struct overlay *o = ctx;
    if (str_eq(path, o->path)) {
        *ret = o->text;
        return true;
    }
    return file_read(a, path, LIMIT_YAML_BYTES, ret, e);
}

static bool check_edited(struct workspace *w, const struct plan_source *s, str root,
                         const struct plan_edit *x, struct diags *faults, const struct plan **ret,
                         struct err *e)
{
    struct overlay o = {x->path, x->after};
    struct plan_options options = s->options;
    str text = x->after;
    options.read = read_edited;
    options.read_ctx = &o;
    if (!str_eq(root, x->path) && !file_read(w->arena, root, LIMIT_YAML_BYTES, &text, e))
        return false;
    *ret = plan_parse(w->arena, root, text, &options, faults);
    if (*ret)
        return true;
    diags_to_err(faults, e);
    return err_hint(e, "Nothing was written.");
}

bool plan_edit_levers(struct workspace *w, str what, const struct lever_text *levers, size_t n,
                      struct diags *faults, struct plan_edit *ret, struct err *e)
{
    struct plan_source s;
    bool here = !w->options.dir.n || str_eq(w->options.dir, S("."));
    str root = what;
    if (!what.n)
        root = here ? S("plan.yaml") : path_join(w->arena, w->options.dir, S("plan.yaml"));
    if (!load_plan_source(w, what, faults, &s, e))
        return false;
    if (s.kind != SOURCE_FILE)
        return err_set(e, ERR_USAGE, "'%.*s' is no file that could be changed", FMT(what));
    size_t have = s.plan->levers.n;
    struct editing x = {.a = w->arena, .e = e,
                        .path = have ? s.plan->levers.items[have - 1].at->file->path : root};
    struct plan_edit out = {.path = x.path};
    if (!file_read(w->arena, x.path, LIMIT_YAML_BYTES, &out.before, e))
        return false;
    x.lines = lines_of(w->arena, out.before);
    buf_init(&x.diff, LIMIT_YAML_BYTES);
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = put_lever(&x, &levers[i]);
    out.diff = str_dup(w->arena, buf_str(&x.diff));
    buf_release(&x.diff);
    if (!good)
        return false;
    out.after = text_of(w->arena, &x.lines);
    faults->n = faults->errors = faults->warnings = 0;
    if (!check_edited(w, &s, root, &out, faults, &out.plan, e))
        return false;
    *ret = out;
    return true;
}

bool plan_edit_write(const struct plan_edit *x, struct err *e)
{
    return file_write_atomic(x->path, x->after, e);
}
