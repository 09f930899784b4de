/* read.c - the maps of a plan into their structs, as the tables of schema.c say. */
#include "plan/reader.h"

/* {items, n, at} of KEY_LIST and KEY_NAMED; the element type is the schema's */
struct any_list {
    void *items;
    size_t n;
    const struct yaml_node *at;
};

static const char *kind_name(const struct yaml_node *n)
{
    return n->kind == YAML_MAP ? "a map" : n->kind == YAML_LIST ? "a list" : "a single value";
}

static bool is_empty(const struct yaml_node *n)
{
    return n->kind == YAML_SCALAR && !n->quoted && !n->text.n;
}

static bool expect(struct reader *r, const struct yaml_node *n, enum yaml_kind kind,
                   const char *what)
{
    if (n->bad)
        return false;
    if (n->kind == kind)
        return true;
    yaml_fault(r->d, n, STR_NONE, "expected %s, found %s", what, kind_name(n));
    return false;
}

static bool expect_text(struct reader *r, const struct yaml_node *n)
{
    if (!expect(r, n, YAML_SCALAR, "a single value"))
        return false;
    if (n->text.n)
        return true;
    yaml_fault(r->d, n, STR_NONE, "the value is missing");
    return false;
}

static bool id_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool expect_id(struct reader *r, const struct yaml_node *n)
{
    if (!expect_text(r, n))
        return false;
    for (size_t i = 0; i < n->text.n; i++) {
        if (id_character(n->text.p[i]))
            continue;
        fault_inside(r, n, i, 1, S("Use letters, digits, '-' and '_'."), "'%.*s' cannot be an id",
                     FMT(n->text));
        return false;
    }
    return true;
}

static void read_word(struct reader *r, const struct yaml_node *n, const struct field *f,
                      struct p_word *out)
{
    size_t n_words = 0;
    if (!expect_text(r, n))
        return;
    while (f->words[n_words])
        n_words++;
    for (size_t i = 0; i < n_words; i++) {
        if (str_eq(n->text, str_of(f->words[i]))) {
            *out = (struct p_word){(int)i, n};
            return;
        }
    }
    str all[16];
    for (size_t i = 0; i < n_words; i++)
        all[i] = str_of(f->words[i]);
    str near = did_you_mean(r, n->text, f->words, n_words);
    yaml_fault(r->d, n, near, "'%.*s' is not one of: %.*s", FMT(n->text),
               FMT(str_join(r->a, all, n_words, S(", "))));
}

static void read_month(struct reader *r, const struct yaml_node *n, struct p_month *out)
{
    month m;
    if (!expect_text(r, n))
        return;
    if (month_parse(n->text, &m))
        *out = (struct p_month){m, n};
    else
        yaml_fault(r->d, n, S("Write months as 2026-07."), "'%.*s' is not a month", FMT(n->text));
}

static void read_texts(struct reader *r, const struct yaml_node *n, struct p_texts *out)
{
    out->at = n;
    if (n->bad || is_empty(n))
        return;
    bool list = n->kind == YAML_LIST;
    if (n->kind == YAML_MAP) {
        expect(r, n, YAML_LIST, "a list");
        return;
    }
    out->items = arena_new(r->a, struct p_text, list ? n->n : 1);
    for (size_t i = 0; i < (list ? n->n : 1); i++) {
        const struct yaml_node *item = list ? n->items[i] : n;
        if (expect_text(r, item))
            out->items[out->n++] = (struct p_text){item->text, item};
    }
}

static void read_band(struct reader *r, const struct yaml_node *n, struct band *out)
{
    struct number v[2];
    if (n->bad)
        return;
    if (n->kind != YAML_LIST || n->n != 2) {
        yaml_fault(r->d, n, S("Write '[25%, 35%]'."), "expected a list of two shares");
        return;
    }
    for (int i = 0; i < 2; i++) {
        struct quantity *q = read_quantity(r, n->items[i], SHARE | FIXED, STR_NONE);
        if (!q)
            return;
        r->p->n_quantities--; /* a band is no value of the plan */
        v[i] = q->points[0].v;
    }
    if (v[0].exact > v[1].exact)
        yaml_fault(r->d, n, S("Write the lower end first."), "the ends of the band are swapped");
    else
        *out = (struct band){v[0].exact, v[1].exact, n};
}

static str join_path(struct reader *r, str prefix, str name)
{
    if (!prefix.n)
        return name;
    char *p = arena_alloc(r->a, prefix.n + name.n + 2);
    memcpy(p, prefix.p, prefix.n);
    p[prefix.n] = '.';
    if (name.n)
        memcpy(p + prefix.n + 1, name.p, name.n);
    return (str){p, prefix.n + 1 + name.n};
}

static void read_quantities(struct reader *r, const struct yaml_node *n, const struct field *f,
                            str prefix, struct named_quantities *out)
{
    out->at = n;
    if (is_empty(n) || !expect(r, n, YAML_MAP, "a map of names and values"))
        return;
    out->items = arena_new(r->a, struct named_quantity, n->n);
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *key = n->pairs[i].key;
        out->items[out->n++] = (struct named_quantity){
            key, key->text,
            read_quantity(r, n->pairs[i].value, f->flags, join_path(r, prefix, key->text))};
    }
}

static void read_weights(struct reader *r, const struct yaml_node *n, const struct field *f,
                         str path, struct weights *out)
{
    out->at = n;
    if (n->bad)
        return;
    if (n->kind == YAML_SCALAR && !(f->flags & SHARE)) {
        if (!expect_text(r, n))
            return;
        out->single = true;
        out->items = arena_new(r->a, struct weight, 1);
        out->items[out->n++] = (struct weight){{n->text, n}, NULL, NO_INDEX};
        return;
    }
    if (!expect(r, n, YAML_MAP, f->flags & SHARE ? "{model: share}" : "a name, or {name: weight}"))
        return;
    out->items = arena_new(r->a, struct weight, n->n);
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *key = n->pairs[i].key;
        struct quantity *q = read_quantity(r, n->pairs[i].value, FIXED | (f->flags & SHARE),
                                           join_path(r, path, key->text));
        out->items[out->n++] = (struct weight){{key->text, key}, q, NO_INDEX};
    }
}

static void read_list(struct reader *r, const struct yaml_node *n, const struct schema *s,
                      str prefix, struct any_list *out)
{
    out->at = n;
    if (is_empty(n) || !expect(r, n, YAML_LIST, "a list ('- ' in front of each item)"))
        return;
    char *items = arena_alloc(r->a, s->size * n->n + 1);
    for (size_t i = 0; i < n->n; i++)
        read_map(r, n->items[i], s, prefix, items + s->size * i);
    out->items = items;
    out->n = n->n;
}

struct named_head { /* how every struct of KEY_NAMED begins */
    const struct yaml_node *at;
    str name;
};

static void read_named(struct reader *r, const struct yaml_node *n, const struct schema *s,
                       str prefix, struct any_list *out)
{
    out->at = n;
    if (is_empty(n) || !expect(r, n, YAML_MAP, "a map of names"))
        return;
    char *items = arena_alloc(r->a, s->size * n->n + 1);
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *key = n->pairs[i].key, *value = n->pairs[i].value;
        void *item = items + s->size * i;
        if (!is_empty(value))
            read_map(r, value, s, join_path(r, prefix, key->text), item);
        struct named_head *head = item;
        *head = (struct named_head){key, key->text};
    }
    out->items = items;
    out->n = n->n;
}

static void read_prices(struct reader *r, const struct yaml_node *n, str prefix,
                        struct any_list *out)
{
    out->at = n;
    if (is_empty(n) || !expect(r, n, YAML_MAP, "a map of models"))
        return;
    struct model_price *items = arena_new(r->a, struct model_price, n->n);
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *key = n->pairs[i].key, *value = n->pairs[i].value;
        bool list = value->kind == YAML_LIST;
        size_t count = list ? value->n : 1;
        struct model_price *m = &items[i];
        *m = (struct model_price){.at = key, .model = key->text, .n = count};
        m->entries = arena_new(r->a, struct price_entry, count);
        if (list && !count)
            yaml_fault(r->d, value, STR_NONE, "there is no price in it");
        for (size_t k = 0; k < count; k++)
            read_map(r, list ? value->items[k] : value, &PRICE_SCHEMA,
                     join_path(r, prefix, key->text), &m->entries[k]);
    }
    out->items = items;
    out->n = n->n;
}

static void read_text(struct reader *r, const struct yaml_node *n, struct p_text *out)
{
    if (expect_text(r, n))
        *out = (struct p_text){n->text, n};
}

static void read_field(struct reader *r, const struct yaml_node *n, const struct field *f,
                       str prefix, void *at)
{
    switch (f->kind) {
    case KEY_TEXT:
        read_text(r, n, at);
        return;
    case KEY_ID:
        if (expect_id(r, n))
            *(struct p_text *)at = (struct p_text){n->text, n};
        return;
    case KEY_WORD:
        read_word(r, n, f, at);
        return;
    case KEY_MONTH:
        read_month(r, n, at);
        return;
    case KEY_QUANTITY:
        *(struct quantity **)at =
            read_quantity(r, n, f->flags, join_path(r, prefix, str_of(f->key)));
        return;
    case KEY_TEXTS:
        read_texts(r, n, at);
        return;
    case KEY_BAND:
        read_band(r, n, at);
        return;
    case KEY_MAP:
        if (!is_empty(n))
            read_map(r, n, f->sub, join_path(r, prefix, str_of(f->key)), at);
        return;
    case KEY_LIST: /* lines are initiative.line, other items section.item */
        read_list(r, n, f->sub,
                  prefix.n || str_eq(str_of(f->key), S("initiatives")) ? prefix : str_of(f->key),
                  at);
        return;
    case KEY_NAMED:
        read_named(r, n, f->sub, str_of(f->key), at);
        return;
    case KEY_QUANTITIES: /* fx.EUR, not plan.fx.EUR */
        read_quantities(r, n, f, str_of(f->key), at);
        return;
    case KEY_WEIGHTS:
        read_weights(r, n, f, join_path(r, prefix, str_of(f->key)), at);
        return;
    case KEY_PRICES:
        read_prices(r, n, str_of(f->key), at);
        return;
    case KEY_NODE:
        if (expect(r, n, YAML_MAP, "a map"))
            *(const struct yaml_node **)at = n;
        return;
    }
    UNREACHABLE();
}

bool has_unknown_key(const struct reader *r, const struct yaml_node *map)
{
    for (size_t i = 0; i < r->n_odd; i++)
        if (r->odd[i] == map)
            return true;
    return false;
}

/* A key that is right elsewhere gets a better answer than a similar word. */
static void unknown_key(struct reader *r, const struct yaml_node *map, const struct yaml_node *key,
                        const struct schema *s)
{
    static const char *const money_keys[] = {"compute", "llm",    "saas",    "labeling",
                                             "tools",   "data",   "lines",   "items",
                                             "staff",   "levers", "benefits"};
    r->odd = arena_grow(r->a, r->odd, sizeof *r->odd, &r->cap_odd, r->n_odd + 1);
    r->odd[r->n_odd++] = map;
    if (str_eq(str_of(s->name), S("reserve"))) {
        for (size_t i = 0; i < ARRAY_LEN(money_keys); i++) {
            if (!str_eq(key->text, str_of(money_keys[i])))
                continue;
            yaml_fault(r->d, key,
                       S("It is one share of the total; put planned work under an initiative."),
                       "the reserve carries no '%.*s'", FMT(key->text));
            return;
        }
    }
    size_t n;
    const char **keys = schema_keys(r->a, s, &n);
    yaml_fault(r->d, key, did_you_mean(r, key->text, keys, n), "unknown key '%.*s' in %s",
               FMT(key->text), s->what);
}

void read_map(struct reader *r, const struct yaml_node *n, const struct schema *s, str prefix,
              void *out)
{
    if (!expect(r, n, YAML_MAP, s->what))
        return;
    *(const struct yaml_node **)out = n; /* every struct begins with `at` */
    const struct field *id = schema_field(s, S("id"));
    const struct yaml_node *id_node = id && id->kind == KEY_ID ? yaml_get(n, "id") : NULL;
    if (id_node && id_node->kind == YAML_SCALAR)
        prefix = join_path(r, prefix, id_node->text);
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_pair *p = &n->pairs[i];
        const struct field *f = schema_field(s, p->key->text);
        if (f)
            read_field(r, p->value, f, prefix, (char *)out + f->offset);
        else
            unknown_key(r, n, p->key, s);
    }
    for (const struct field *f = s->fields; f->key; f++)
        if ((f->flags & REQUIRED) && !yaml_get(n, f->key) && !has_unknown_key(r, n))
            yaml_fault(r->d, n, str_fmt(r->a, "`%s`: %s.", f->key, f->help), "%s needs '%s'",
                       s->what, f->key);
}
