/* what_if.c - a plan with values set otherwise: its tree with other nodes, checked again. */
#include "engine/what_if_int.h"

#include "base/limits.h"

/* --- trees --- */

struct yaml_node *new_node(struct setter *s, enum yaml_kind kind, str text)
{
    struct yaml_node *n = arena_new(s->a, struct yaml_node, 1);
    *n = (struct yaml_node){
        .kind = kind, .text = text, .line = 1, .column = 1, .width = 1, .file = s->file};
    return n;
}

static struct yaml_node *copy_tree(struct arena *a, const struct yaml_node *from)
{
    struct yaml_node *to = arena_new(a, struct yaml_node, 1);
    *to = *from;
    if (from->kind == YAML_LIST) {
        to->items = arena_new(a, struct yaml_node *, from->n + 1);
        for (size_t i = 0; i < from->n; i++)
            to->items[i] = copy_tree(a, from->items[i]);
    } else if (from->kind == YAML_MAP) {
        to->pairs = arena_new(a, struct yaml_pair, from->n + 1);
        for (size_t i = 0; i < from->n; i++)
            to->pairs[i] =
                (struct yaml_pair){from->pairs[i].key, copy_tree(a, from->pairs[i].value)};
    }
    return to;
}

struct yaml_node *child(const struct yaml_node *map, str key)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, key))
            return map->pairs[i].value;
    return NULL;
}

void set_child(struct setter *s, struct yaml_node *map, str key, struct yaml_node *value)
{
    for (size_t i = 0; i < map->n; i++) {
        if (!str_eq(map->pairs[i].key->text, key))
            continue;
        map->pairs[i].value = value;
        return;
    }
    struct yaml_pair *pairs = arena_new(s->a, struct yaml_pair, map->n + 1);
    if (map->n)
        memcpy(pairs, map->pairs, map->n * sizeof *pairs);
    pairs[map->n++] = (struct yaml_pair){new_node(s, YAML_SCALAR, key), value};
    map->pairs = pairs;
}

void remove_child(struct yaml_node *map, str key)
{
    size_t k = 0;
    for (size_t i = 0; i < map->n; i++)
        if (!str_eq(map->pairs[i].key->text, key))
            map->pairs[k++] = map->pairs[i];
    map->n = k;
}

/* --- factors --- */

/* "x1.4", "x140%" */
static bool read_factor(str text, struct number *ret)
{
    struct number_fault f;
    return text.n > 1 && text.p[0] == 'x' && number_parse(str_sub(text, 1, text.n), ret, &f);
}

/* A number, its range and its unit with every figure times the factor. Digits stand nowhere else in
 * a number's text. */
static bool scale_number(struct setter *s, const struct yaml_node *n, dec factor, str *ret)
{
    struct number v;
    struct number_fault f;
    struct buf out;
    bool good = number_parse(n->text, &v, &f);
    buf_init(&out, LIMIT_YAML_BYTES);
    for (size_t i = 0; good && i < n->text.n;) {
        size_t from = i;
        dec figure;
        char text[DEC_TEXT];
        while (i < n->text.n &&
               ((n->text.p[i] >= '0' && n->text.p[i] <= '9') || n->text.p[i] == '.'))
            i++;
        if (i == from) {
            buf_addc(&out, n->text.p[i++]);
            continue;
        }
        enum dec_parse how = dec_parse(str_sub(n->text, from, i), &figure);
        good = (how == DEC_OK || how == DEC_ROUNDED) && dec_mul(figure, factor, &figure);
        if (good)
            buf_add(&out, dec_format(figure, text));
    }
    if (good)
        *ret = str_dup(s->a, buf_str(&out));
    buf_release(&out);
    return good;
}

static bool scale_value(struct setter *s, str path, struct yaml_node *n, dec factor)
{
    static const char *const inner[] = {"value", "at"};
    char text[DEC_TEXT];
    if (n->kind == YAML_SCALAR && n->text.n && n->text.p[0] == '=') {
        n->text = str_fmt(s->a, "=(%.*s) * %.*s", FMT(str_sub(n->text, 1, n->text.n)),
                          FMT(dec_format(factor, text)));
        return true;
    }
    if (n->kind == YAML_SCALAR && scale_number(s, n, factor, &n->text))
        return true;
    if (n->kind != YAML_MAP)
        return err_set(s->e, ERR_INVALID, "'%.*s' is not a number that a factor could change",
                       FMT(path)) ||
               err_hint(s->e, "Give the value that should stand there instead.");
    for (size_t i = 0; i < ARRAY_LEN(inner); i++) {
        struct yaml_node *of = child(n, str_of(inner[i]));
        if (of)
            return scale_value(s, path, of, factor);
    }
    for (size_t i = 0; i < n->n; i++)
        if (!str_eq(n->pairs[i].key->text, S("source")) &&
            !scale_value(s, path, n->pairs[i].value, factor))
            return false;
    return true;
}

static bool scale_places(struct setter *s, str path, const struct places *to,
                         const struct number *factor)
{
    size_t done = 0;
    if (factor->ranged || factor->per || factor->currency.code[0] || factor->exact < 0)
        return err_set(s->e, ERR_INVALID, "'%.*s' needs one factor, such as x1.4", FMT(path));
    for (size_t i = 0; i < to->n; i++) {
        struct yaml_node *n = child(to->items[i].map, to->items[i].key);
        if (!n)
            continue;
        if (to->items[i].kind != KEY_QUANTITY)
            return err_set(s->e, ERR_INVALID, "'%.*s' is not a number: it takes no factor",
                           FMT(path));
        if (!scale_value(s, path, n, factor->exact))
            return false;
        done++;
    }
    if (done)
        return true;
    err_set(s->e, ERR_INVALID, "the plan does not state '%.*s': there is nothing to multiply",
            FMT(path));
    return err_hint(s->e, "Set it to a value, such as %.*s=30%%.", FMT(path));
}

/* --- values --- */

/* A value as a node: one line of the plan language, or the scalar of a scenario. */
static bool read_value(struct setter *s, const struct what_if *w, struct yaml_node **ret)
{
    struct diags d;
    if (w->at) {
        *ret = new_node(s, YAML_SCALAR, w->value);
        (*ret)->line = w->at->line;
        (*ret)->column = w->at->column;
        (*ret)->width = w->at->width;
        (*ret)->file = w->at->file;
        return true;
    }
    diags_init(&d, s->a);
    if (memchr(w->value.p, '\n', w->value.n))
        return err_set(s->e, ERR_INVALID, "the value of '%.*s' is more than one line",
                       FMT(w->path));
    struct yaml_file *f =
        yaml_parse(s->a, s->file->path, str_fmt(s->a, "value: %.*s\n", FMT(w->value)), &d);
    if (d.errors || !f || !f->root || f->root->n != 1) {
        err_set(s->e, ERR_INVALID, "'%.*s=%.*s' cannot be read: %.*s", FMT(w->path), FMT(w->value),
                FMT(d.n ? d.items[0].text : S("it is not one value")));
        return d.n ? err_hint(s->e, "%.*s", FMT(d.items[0].hint)) : false;
    }
    *ret = f->root->pairs[0].value;
    return true;
}

static bool apply(struct setter *s, const struct what_if *w)
{
    struct places to = {0};
    struct number factor;
    struct yaml_node *value = NULL;
    if (!find_places(s, w->path, &to))
        return false;
    if (read_factor(w->value, &factor) && to.n && to.items[0].kind == KEY_QUANTITY)
        return scale_places(s, w->path, &to, &factor);
    if (to.scales) {
        err_set(s->e, ERR_INVALID, "'%.*s' is more than one value: it takes a factor",
                FMT(w->path));
        return err_hint(s->e, "Write %.*s=x1.4, or name one of its values.", FMT(w->path));
    }
    if (!read_value(s, w, &value))
        return false;
    for (size_t i = 0; i < to.n; i++) {
        struct place *at = &to.items[i];
        if (str_eq(at->key, S("model"))) /* one of the two */
            remove_child(at->map, S("models"));
        if (str_eq(at->key, S("models")))
            remove_child(at->map, S("model"));
        set_child(s, at->map, at->key, copy_tree(s->a, value));
    }
    return true;
}

/* --- the plan --- */

/* A fault in a value of ours names the change; one elsewhere is what follows from it. */
static bool tell_fault(struct setter *s, const struct what_if *changes, size_t n,
                       const struct diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct diag *g = &d->items[i];
        for (size_t k = 0; k < n; k++) {
            if (g->level != DIAG_ERROR || changes[k].at || !str_eq(g->at.file, changes[k].path))
                continue;
            err_set(s->e, ERR_INVALID, "%.*s=%.*s: %.*s", FMT(changes[k].path),
                    FMT(changes[k].value), FMT(g->text));
            return err_hint(s->e, "%.*s", FMT(g->hint));
        }
    }
    (void)diags_to_err(d, s->e);
    if (n == 1 && !changes[0].at)
        return err_wrap(s->e, "with %.*s=%.*s the plan does not stand", FMT(changes[0].path),
                        FMT(changes[0].value));
    return err_wrap(s->e, "with these values the plan does not stand");
}

bool what_if(struct arena *a, const struct plan *p, const struct plan_options *o,
             const struct what_if *changes, size_t n, const struct plan **ret, struct err *e)
{
    struct setter s = {.a = a, .p = p, .o = o, .e = e, .root = copy_tree(a, p->at)};
    struct diags d;
    for (size_t i = 0; i < n; i++) {
        struct yaml_file *file = arena_new(a, struct yaml_file, 1);
        file->path = str_dup(a, changes[i].path);
        s.file = file;
        if (apply(&s, &changes[i]))
            continue;
        if (changes[i].at) {
            struct diag_place at = yaml_place(changes[i].at);
            return err_wrap(e, "%.*s:%u:%u", FMT(at.file), at.line, at.column);
        }
        return false;
    }
    diags_init(&d, a);
    const struct plan *made = plan_of_tree(a, s.root, o, &d);
    if (!made)
        return tell_fault(&s, changes, n, &d);
    struct plan *own = arena_new(a, struct plan, 1);
    *own = *made;
    own->files = p->files;
    own->n_files = p->n_files;
    *ret = own;
    return true;
}

bool what_if_parse(str text, struct what_if *ret, struct err *e)
{
    size_t eq = str_find_char(text, '=', 0);
    struct what_if w = {.path = str_trim(str_sub(text, 0, MIN(eq, text.n)))};
    if (eq != SIZE_MAX)
        w.value = str_trim(str_sub(text, eq + 1, text.n));
    if (!w.path.n || !w.value.n) {
        err_set(e, ERR_USAGE, "'%.*s' is not a change of a value", FMT(text));
        return err_hint(e, "Write PATH=VALUE, such as support.chat.in=2500 or "
                           "prices.claude-sonnet-5.out=x1.4.");
    }
    *ret = w;
    return true;
}
