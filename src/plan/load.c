/* load.c - a plan file and what it includes, merged key by key, then read and checked. */
#include "plan/reader.h"

#include "base/limits.h"
#include "base/os.h"

#define INCLUDE_FILES_MAX 100

struct loader {
    struct arena *a;
    struct diags *d;
    const struct plan_options *o;
    struct yaml_file **files;
    size_t n_files, cap_files;
    struct yaml_node *root; /* merged */
    size_t cap_pairs;
};

static bool same_name(const struct yaml_node *a, const struct yaml_node *b)
{
    return str_eq(a->text, b->text);
}

/* A map and a map become one map, a list and a list one list. */
static void merge_value(struct loader *l, struct yaml_pair *into, const struct yaml_pair *from)
{
    struct yaml_node *a = into->value, *b = from->value;
    bool a_empty = a->kind == YAML_SCALAR && !a->text.n && !a->quoted;
    bool b_empty = b->kind == YAML_SCALAR && !b->text.n && !b->quoted;
    if (b_empty)
        return;
    if (a_empty) {
        into->value = b;
        return;
    }
    if (a->kind != b->kind || a->kind == YAML_SCALAR) {
        yaml_fault(l->d, from->key, S("Keep it in one file."), "'%.*s' is already in %.*s, line %u",
                   FMT(from->key->text), FMT(into->key->file->path), into->key->line);
        return;
    }
    struct yaml_node *m = arena_new(l->a, struct yaml_node, 1);
    *m = *a;
    m->n = 0;
    if (a->kind == YAML_LIST) {
        m->items = arena_new(l->a, struct yaml_node *, a->n + b->n);
        for (size_t i = 0; i < a->n + b->n; i++)
            m->items[m->n++] = i < a->n ? a->items[i] : b->items[i - a->n];
        into->value = m;
        return;
    }
    struct map seen;
    map_init(&seen, l->a);
    m->pairs = arena_new(l->a, struct yaml_pair, a->n + b->n);
    for (size_t i = 0; i < a->n + b->n; i++) {
        const struct yaml_pair *p = i < a->n ? &a->pairs[i] : &b->pairs[i - a->n];
        bool fresh;
        struct map_entry *e = map_put(&seen, p->key->text, &fresh);
        if (fresh) {
            e->ptr = p->key;
            m->pairs[m->n++] = *p;
            continue;
        }
        const struct yaml_node *first = e->ptr;
        yaml_fault(l->d, p->key, S("Remove one of them."),
                   "duplicate key '%.*s', first in %.*s, line %u", FMT(p->key->text),
                   FMT(first->file->path), first->line);
    }
    into->value = m;
}

static void merge_file(struct loader *l, const struct yaml_node *root)
{
    for (size_t i = 0; i < root->n; i++) {
        const struct yaml_pair *p = &root->pairs[i];
        struct yaml_pair *same = NULL;
        for (size_t k = 0; k < l->root->n && !same; k++)
            if (same_name(l->root->pairs[k].key, p->key))
                same = &l->root->pairs[k];
        if (str_eq(p->key->text, S("include")) && same)
            continue;
        if (same) {
            merge_value(l, same, p);
            continue;
        }
        l->root->pairs =
            arena_grow(l->a, l->root->pairs, sizeof *l->root->pairs, &l->cap_pairs, l->root->n + 1);
        l->root->pairs[l->root->n++] = *p;
    }
}

static bool stays_inside(str path)
{
    str rest = path, part;
    if (!path.n || path.p[0] == '/' || memchr(path.p, '\\', path.n))
        return false;
    while (str_cut(&rest, '/', &part))
        if (str_eq(part, S("..")))
            return false;
    return true;
}

static str folder_of(str path)
{
    size_t i = path.n;
    while (i && path.p[i - 1] != '/')
        i--;
    return str_sub(path, 0, i);
}

static bool read_included(struct loader *l, str path, str *ret, struct err *e)
{
    if (l->o && l->o->read)
        return l->o->read(l->o->read_ctx, l->a, path, ret, e);
    return file_read(l->a, path, LIMIT_YAML_BYTES, ret, e);
}

static void load_text(struct loader *l, str path, str text);

static void load_included(struct loader *l, const struct yaml_file *from, const struct yaml_node *n)
{
    struct err e = {0};
    str text;
    if (n->kind != YAML_SCALAR || n->bad || !n->text.n)
        return; /* the schema says so */
    if (!stays_inside(n->text)) {
        yaml_fault(l->d, n,
                   S("Name a file in the plan's folder or below, such as parts/team.yaml."),
                   "'%.*s' is outside the plan's folder", FMT(n->text));
        return;
    }
    str path = str_fmt(l->a, "%.*s%.*s", FMT(folder_of(from->path)), FMT(n->text));
    for (size_t i = 0; i < l->n_files; i++) {
        if (!str_eq(l->files[i]->path, path))
            continue;
        yaml_fault(l->d, n, S("Include each file once."), "'%.*s' is already part of this plan",
                   FMT(n->text));
        return;
    }
    if (l->n_files >= INCLUDE_FILES_MAX) {
        yaml_fault(l->d, n, STR_NONE, "more than %d files are included", INCLUDE_FILES_MAX);
        return;
    }
    if (!read_included(l, path, &text, &e))
        yaml_fault(l->d, n, STR_NONE, "cannot include '%.*s': %s", FMT(n->text), e.text);
    else
        load_text(l, path, text);
}

static void load_text(struct loader *l, str path, str text)
{
    struct yaml_file *f = yaml_parse(l->a, path, text, l->d);
    if (!f) {
        f = arena_new(l->a, struct yaml_file, 1); /* so that a cycle through it is still seen */
        f->path = path;
    }
    l->files = arena_grow(l->a, l->files, sizeof *l->files, &l->cap_files, l->n_files + 1);
    l->files[l->n_files++] = f;
    if (!f->root)
        return;
    if (!l->root) {
        l->root = arena_new(l->a, struct yaml_node, 1);
        *l->root = (struct yaml_node){.kind = YAML_MAP,
                                      .line = f->root->line,
                                      .column = f->root->column,
                                      .width = f->root->width,
                                      .file = f};
    }
    merge_file(l, f->root);
    const struct yaml_node *include = yaml_get(f->root, "include");
    if (include && include->kind == YAML_LIST)
        for (size_t i = 0; i < include->n; i++)
            load_included(l, f, include->items[i]);
    else if (include)
        load_included(l, f, include);
}

static void check_tree(struct reader *r)
{
    check_header(r);
    check_tables(r);
    check_initiatives(r);
    check_people(r);
    check_levers(r);
    check_options(r);
    check_currencies(r);
}

const struct plan *plan_of_tree(struct arena *a, const struct yaml_node *root,
                                const struct plan_options *o, struct diags *d)
{
    struct plan *p = arena_new(a, struct plan, 1);
    struct reader r = {.a = a, .d = d, .o = o, .p = p};
    map_init(&r.failed, a);
    read_map(&r, root, &PLAN_SCHEMA, STR_NONE, p);
    check_tree(&r);
    diags_sort(d);
    return d->errors ? NULL : p;
}

const struct plan *plan_parse(struct arena *a, str path, str text, const struct plan_options *o,
                              struct diags *d)
{
    struct loader l = {.a = a, .d = d, .o = o};
    struct plan *p = arena_new(a, struct plan, 1);
    struct reader r = {.a = a, .d = d, .o = o, .p = p};
    map_init(&r.failed, a);
    load_text(&l, path, text);
    p->files = l.files;
    p->n_files = l.n_files;
    /* names cannot be checked against a file that could not be read */
    bool whole = true;
    for (size_t i = 0; i < l.n_files; i++)
        whole = whole && l.files[i]->root;
    if (l.root)
        read_map(&r, l.root, &PLAN_SCHEMA, STR_NONE, p);
    if (l.root && whole) {
        check_tree(&r);
        check_advice(&r);
    }
    diags_sort(d);
    return d->errors ? NULL : p;
}

const struct plan *plan_load(struct arena *a, str path, const struct plan_options *o,
                             struct diags *d, struct err *e)
{
    str text;
    if (!file_read(a, path, LIMIT_YAML_BYTES, &text, e))
        return NULL;
    const struct plan *p = plan_parse(a, path, text, o, d);
    if (!p)
        diags_to_err(d, e);
    return p;
}

const struct quantity *plan_quantity(const struct plan *p, str path)
{
    for (size_t i = 0; i < p->n_quantities; i++)
        if (str_eq(p->quantities[i]->path, path))
            return p->quantities[i];
    return NULL;
}

uint32_t plan_line_index(const struct plan *p, str path)
{
    for (size_t i = 0; i < p->n_lines; i++)
        if (str_eq(p->lines[i]->path, path))
            return (uint32_t)i;
    return NO_INDEX;
}

uint32_t plan_initiative_index(const struct plan *p, str id)
{
    for (size_t i = 0; i < p->initiatives.n; i++)
        if (str_eq(p->initiatives.items[i].id.s, id))
            return (uint32_t)i;
    return NO_INDEX;
}
