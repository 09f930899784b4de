/* what_if_path.c - where in a plan's tree a path leads: a value, a line, a kind's driver, a price.
 */
#include "engine/what_if_int.h"

static const struct schema *schema_of(const struct schema *s, const char *key)
{
    const struct field *f = schema_field(s, str_of(key));
    return f ? f->sub : NULL;
}

static void add_place(struct setter *s, struct places *to, struct yaml_node *map, str key,
                      enum field_kind kind)
{
    to->items = arena_grow(s->a, to->items, sizeof *to->items, &to->cap, to->n + 1);
    to->items[to->n++] = (struct place){map, str_dup(s->a, key), kind};
}

/* --- what is not there --- */

static bool unknown_path(struct setter *s, str path)
{
    const struct plan *p = s->p;
    size_t n = 0, most = p->n_quantities + p->n_lines + p->levers.n + 3 * p->initiatives.n;
    const char **names = arena_new(s->a, const char *, most + 1);
    for (size_t i = 0; i < p->n_lines; i++)
        names[n++] = str_cstr(s->a, p->lines[i]->path);
    for (size_t i = 0; i < p->n_quantities; i++)
        if (p->quantities[i]->path.n)
            names[n++] = str_cstr(s->a, p->quantities[i]->path);
    for (size_t i = 0; i < p->levers.n; i++)
        names[n++] = str_cstr(s->a, str_fmt(s->a, "levers.%.*s.use", FMT(p->levers.items[i].id.s)));
    const char *near = str_closest(path, names, n);
    err_set(s->e, ERR_INVALID, "the plan has no value '%.*s'", FMT(path));
    if (near)
        return err_hint(s->e, "Did you mean '%s'?", near);
    return err_hint(s->e, "Paths are like support.chat.in, prices.MODEL.out, machines.h100, "
                          "levers.ID.use or llm.in; `outlay plan assumptions` lists them.");
}

/* The part in front is known; `key` is none of its keys. */
static bool unknown_key(struct setter *s, str path, str key, const struct schema *of)
{
    size_t n;
    const char **keys = schema_keys(s->a, of, &n);
    const char *near = str_closest(key, keys, n);
    if (!near)
        return unknown_path(s, path);
    err_set(s->e, ERR_INVALID, "the plan has no value '%.*s'", FMT(path));
    return err_hint(s->e, "Did you mean '%.*s%s'?", FMT(str_sub(path, 0, path.n - key.n)), near);
}

/* The part in front is known; there is no `name` among the entries of that map or list. */
static bool unknown_name(struct setter *s, str path, str name, const struct yaml_node *among)
{
    const char **names = arena_new(s->a, const char *, (among ? among->n : 0) + 1);
    size_t n = 0;
    for (size_t i = 0; among && i < among->n; i++) {
        if (among->kind == YAML_MAP)
            names[n++] = str_cstr(s->a, among->pairs[i].key->text);
        else if (among->kind == YAML_LIST && child(among->items[i], S("id")))
            names[n++] = str_cstr(s->a, child(among->items[i], S("id"))->text);
    }
    const char *near = str_closest(name, names, n);
    size_t at = str_find(path, name, 0);
    if (!near || !name.n || at == SIZE_MAX)
        return unknown_path(s, path);
    err_set(s->e, ERR_INVALID, "the plan has no value '%.*s'", FMT(path));
    return err_hint(s->e, "Did you mean '%.*s%s%.*s'?", FMT(str_sub(path, 0, at)), near,
                    FMT(str_sub(path, at + name.n, path.n)));
}

/* --- maps --- */

static str behind(str s, size_t n) /* the part after the point that stands at n */
{
    return n < s.n ? str_sub(s, n + 1, s.n) : STR_NONE;
}

/* `rest` inside of a map of that schema. */
static bool find_in_map(struct setter *s, str path, struct yaml_node *map, const struct schema *of,
                        str rest, struct places *to)
{
    size_t dot = MIN(str_find_char(rest, '.', 0), rest.n);
    str key = str_sub(rest, 0, dot), more = behind(rest, dot);
    const struct field *f = schema_field(of, key);
    if (!f)
        return unknown_key(s, path, key, of);
    struct yaml_node *value = child(map, key);
    switch (f->kind) {
    case KEY_TEXT:
    case KEY_WORD:
    case KEY_MONTH:
    case KEY_QUANTITY:
    case KEY_TEXTS:
    case KEY_BAND:
        if (more.n)
            return unknown_path(s, path);
        add_place(s, to, map, key, f->kind);
        return true;
    case KEY_WEIGHTS:
    case KEY_QUANTITIES:
        if (!more.n && f->kind == KEY_WEIGHTS) {
            add_place(s, to, map, key, f->kind);
            return true;
        }
        if (!child(value, more))
            return unknown_name(s, path, more, value);
        add_place(s, to, value, more, KEY_QUANTITY);
        return true;
    case KEY_MAP:
        if (!more.n)
            return unknown_path(s, path);
        if (!value || value->kind != YAML_MAP) {
            value = new_node(s, YAML_MAP, STR_NONE);
            set_child(s, map, key, value);
        }
        return find_in_map(s, path, value, f->sub, more, to);
    case KEY_ID:
    case KEY_LIST:
    case KEY_NAMED:
    case KEY_PRICES:
    case KEY_NODE:
        return unknown_path(s, path);
    }
    UNREACHABLE();
}

static struct yaml_node *item_of(const struct yaml_node *list, str id)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->n; i++) {
        const struct yaml_node *own = child(list->items[i], S("id"));
        if (own && str_eq(own->text, id))
            return list->items[i];
    }
    return NULL;
}

/* --- lines --- */

/* What a line's amount is proportional to. */
static void add_volume(struct setter *s, struct yaml_node *line, const char *section,
                       struct places *to)
{
    static const char *const machine_time[] = {"gpu_hours", "gpus"};
    static const char *const amounts[] = {"users", "items", "tb",    "seats",
                                          "cost",  "days",  "people"};
    const struct yaml_node *kind = child(line, S("kind"));
    to->scales = true;
    if (str_eq(str_of(section), S("staff"))) {
        if (!child(line, S("count")))
            set_child(s, line, S("count"), new_node(s, YAML_SCALAR, S("1")));
        add_place(s, to, line, S("count"), KEY_QUANTITY);
        return;
    }
    if (kind && str_eq(kind->text, S("inference"))) {
        add_place(s, to, line, S("requests"), KEY_QUANTITY);
        if (child(line, S("at_least")))
            add_place(s, to, line, S("at_least"), KEY_QUANTITY);
        return;
    }
    bool training = kind && str_eq(kind->text, S("training"));
    const char *const *keys = training ? machine_time : amounts;
    size_t n = training ? ARRAY_LEN(machine_time) : ARRAY_LEN(amounts);
    for (size_t i = 0; i < n; i++) {
        if (!child(line, str_of(keys[i])))
            continue;
        add_place(s, to, line, str_of(keys[i]), KEY_QUANTITY);
        return;
    }
}

/* "llm", "llm.in", "compute.training": of every line of the kind. */
static bool find_in_kind(struct setter *s, str path, bool *ret_known, struct places *to)
{
    const struct schema *initiative = schema_of(&PLAN_SCHEMA, "initiatives");
    size_t dot = MIN(str_find_char(path, '.', 0), path.n);
    str section = str_sub(path, 0, dot), rest = behind(path, dot), kind = STR_NONE;
    const struct field *f = schema_field(initiative, section);
    const char *name = f ? f->key : "";
    *ret_known = f && f->kind == KEY_LIST && schema_field(f->sub, S("category")) &&
                 !schema_field(f->sub, S("do"));
    if (!*ret_known)
        return false;
    if (schema_field(f->sub, S("kind"))) { /* compute.KIND */
        size_t end = MIN(str_find_char(rest, '.', 0), rest.n);
        kind = str_sub(rest, 0, end);
        rest = behind(rest, end);
    }
    const struct yaml_node *all = child(s->root, S("initiatives"));
    for (size_t i = 0; all && i < all->n; i++) {
        const struct yaml_node *lines = child(all->items[i], section);
        for (size_t k = 0; lines && lines->kind == YAML_LIST && k < lines->n; k++) {
            struct yaml_node *line = lines->items[k];
            const struct yaml_node *own = child(line, S("kind"));
            if (kind.n && !(own && str_eq(own->text, kind)))
                continue;
            if (!rest.n)
                add_volume(s, line, name, to);
            else if (!find_in_map(s, path, line, f->sub, rest, to))
                return false;
        }
    }
    if (to->n)
        return true;
    return err_set(s->e, ERR_INVALID, "the plan has no line that '%.*s' could be", FMT(path));
}

static bool find_in_initiative(struct setter *s, str path, struct yaml_node *in, str rest,
                               struct places *to)
{
    const struct schema *of = schema_of(&PLAN_SCHEMA, "initiatives");
    size_t dot = MIN(str_find_char(rest, '.', 0), rest.n);
    str id = str_sub(rest, 0, dot), key = behind(rest, dot);
    for (const struct field *f = of->fields; f->key; f++) {
        if (f->kind != KEY_LIST)
            continue;
        struct yaml_node *item = item_of(child(in, str_of(f->key)), id);
        if (!item)
            continue;
        if (key.n)
            return find_in_map(s, path, item, f->sub, key, to);
        add_volume(s, item, f->key, to);
        return to->n ? true : unknown_path(s, path);
    }
    if (!key.n && schema_field(of, id) && schema_field(of, id)->kind != KEY_LIST)
        return find_in_map(s, path, in, of, rest, to);
    return unknown_path(s, path);
}

/* --- prices --- */

static const char *const PRICE_KEYS[PRICE_PARTS] = {"in",          "out",      "cache_read",
                                                    "cache_write", "batch_in", "batch_out"};

static struct yaml_node *price_node(struct setter *s, month from, const dec part[PRICE_PARTS],
                                    currency c)
{
    char text[MONTH_TEXT], digits[DEC_TEXT];
    struct yaml_node *n = new_node(s, YAML_MAP, STR_NONE);
    set_child(s, n, S("from"), new_node(s, YAML_SCALAR, str_dup(s->a, month_format(from, text))));
    for (int k = 0; k < PRICE_PARTS; k++)
        if (!dec_is_null(part[k]))
            set_child(s, n, str_of(PRICE_KEYS[k]),
                      new_node(s, YAML_SCALAR,
                               str_fmt(s->a, "%s %.*s", c.code, FMT(dec_format(part[k], digits)))));
    return n;
}

/* A model of the price book gets the book's prices in the plan's months as entries of its own. */
static struct yaml_node *book_prices(struct setter *s, str model)
{
    const struct plan_header *h = &s->p->header;
    struct yaml_node *list = new_node(s, YAML_LIST, STR_NONE);
    struct plan_price now, before = {.note = STR_NONE};
    if (!s->o || !s->o->price)
        return NULL;
    list->items = arena_new(s->a, struct yaml_node *, (size_t)h->n_months);
    for (month m = h->first; m <= h->last; m++) {
        if (!s->o->price(s->o->price_ctx, s->a, model, m, &now) ||
            dec_is_null(now.part[PRICE_IN]) || dec_is_null(now.part[PRICE_OUT]))
            continue;
        if (list->n && memcmp(now.part, before.part, sizeof now.part) == 0 &&
            currency_eq(now.currency, before.currency))
            continue;
        list->items[list->n++] = price_node(s, m, now.part, now.currency);
        before = now;
    }
    return list->n ? list : NULL;
}

static bool add_prices(struct setter *s, str path, struct yaml_node *entry, str key,
                       struct places *to)
{
    if (key.n)
        return find_in_map(s, path, entry, &PRICE_SCHEMA, key, to);
    to->scales = true;
    for (size_t k = 0; k < PRICE_PARTS; k++)
        if (child(entry, str_of(PRICE_KEYS[k])))
            add_place(s, to, entry, str_of(PRICE_KEYS[k]), KEY_QUANTITY);
    return true;
}

/* prices.MODEL or prices.MODEL.PART, where MODEL may hold points itself. */
static bool find_price_places(struct setter *s, str path, str rest, struct places *to)
{
    struct yaml_node *prices = child(s->root, S("prices"));
    size_t dot = rest.n;
    while (dot && rest.p[dot - 1] != '.')
        dot--;
    str last = str_sub(rest, dot, rest.n);
    const struct field *f = schema_field(&PRICE_SCHEMA, last);
    bool part = dot && f && f->kind == KEY_QUANTITY;
    str model = part ? str_sub(rest, 0, dot - 1) : rest, key = part ? last : STR_NONE;
    struct yaml_node *own = child(prices, model);
    if (!own && dot && !part && child(prices, str_sub(rest, 0, dot - 1)))
        return unknown_key(s, path, last, &PRICE_SCHEMA);
    if (!own) {
        own = book_prices(s, model);
        if (!own)
            return unknown_name(s, path, model, prices);
        if (!prices || prices->kind != YAML_MAP) {
            prices = new_node(s, YAML_MAP, STR_NONE);
            set_child(s, s->root, S("prices"), prices);
        }
        set_child(s, prices, model, own);
    }
    if (own->kind == YAML_MAP)
        return add_prices(s, path, own, key, to);
    for (size_t i = 0; own->kind == YAML_LIST && i < own->n; i++)
        if (!add_prices(s, path, own->items[i], key, to))
            return false;
    return true;
}

/* --- from the top --- */

/* roles.NAME.salary: the name that the rest begins with. */
static struct yaml_node *named_entry(const struct yaml_node *map, str rest, str *ret_more)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++) {
        str name = map->pairs[i].key->text;
        if (!str_starts(rest, name) || (rest.n > name.n && rest.p[name.n] != '.'))
            continue;
        *ret_more = behind(rest, name.n);
        return map->pairs[i].value;
    }
    return NULL;
}

static bool find_in_table(struct setter *s, str path, const struct field *f, str rest,
                          struct places *to)
{
    struct yaml_node *table = child(s->root, str_of(f->key)), *entry;
    size_t dot = MIN(str_find_char(rest, '.', 0), rest.n);
    str more = STR_NONE;
    switch (f->kind) {
    case KEY_QUANTITIES:
        if (!child(table, rest))
            return unknown_name(s, path, rest, table);
        add_place(s, to, table, rest, KEY_QUANTITY);
        return true;
    case KEY_PRICES:
        return find_price_places(s, path, rest, to);
    case KEY_NAMED:
        entry = named_entry(table, rest, &more);
        if (!entry || !more.n)
            return unknown_name(s, path, rest, table);
        return find_in_map(s, path, entry, f->sub, more, to);
    case KEY_LIST:
        entry = item_of(table, str_sub(rest, 0, dot));
        if (!entry)
            return unknown_name(s, path, str_sub(rest, 0, dot), table);
        if (behind(rest, dot).n)
            return find_in_map(s, path, entry, f->sub, behind(rest, dot), to);
        if (str_eq(str_of(f->key), S("staff")) || str_eq(str_of(f->key), S("contractors")) ||
            str_eq(str_of(f->key), S("upskilling"))) {
            add_volume(s, entry, f->key, to);
            return true;
        }
        return unknown_path(s, path);
    default:
        return find_in_map(s, path, s->root, &PLAN_SCHEMA, path, to);
    }
}

bool find_places(struct setter *s, str path, struct places *ret)
{
    size_t dot = MIN(str_find_char(path, '.', 0), path.n);
    str head = str_sub(path, 0, dot), rest = behind(path, dot);
    struct yaml_node *in = item_of(child(s->root, S("initiatives")), head);
    bool known;
    if (in && rest.n)
        return find_in_initiative(s, path, in, rest, ret);
    if (str_eq(head, S("fx")))
        return find_places(s, str_fmt(s->a, "plan.%.*s", FMT(path)), ret);
    const struct field *f = schema_field(&PLAN_SCHEMA, head);
    if (f && rest.n && !str_eq(head, S("initiatives")))
        return find_in_table(s, path, f, rest, ret);
    bool good = find_in_kind(s, path, &known, ret);
    return known ? good : unknown_path(s, path);
}
