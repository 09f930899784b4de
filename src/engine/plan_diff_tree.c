/* plan_diff_tree.c - two plans as elements with ids, and the edits that lead from one to the other.
 */
#include "engine/plan_diff_int.h"

const char *const LINE_SECTIONS[N_SECTIONS] = {"compute",  "llm",   "saas",
                                               "labeling", "tools", "data"};

/* --- nodes --- */

const struct yaml_node *node_get(const struct yaml_node *map, str key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, key))
            return map->pairs[i].value;
    return NULL;
}

/* The order of keys says nothing. */
bool node_equal(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->n != b->n)
        return false;
    bool same = a->kind != YAML_SCALAR || str_eq(a->text, b->text);
    for (size_t i = 0; same && i < a->n; i++)
        same = a->kind == YAML_LIST
                   ? node_equal(a->items[i], b->items[i])
                   : node_equal(a->pairs[i].value, node_get(b, a->pairs[i].key->text));
    return same;
}

static void write_node(struct buf *b, const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR) {
        buf_add(b, n->text);
        return;
    }
    buf_addc(b, n->kind == YAML_LIST ? '[' : '{');
    for (size_t i = 0; i < n->n; i++) {
        if (i)
            buf_add(b, S(", "));
        if (n->kind == YAML_LIST) {
            write_node(b, n->items[i]);
            continue;
        }
        buf_fmt(b, "%.*s: ", FMT(n->pairs[i].key->text));
        write_node(b, n->pairs[i].value);
    }
    buf_addc(b, n->kind == YAML_LIST ? ']' : '}');
}

static str finish_text(struct arena *a, struct buf *b, size_t most)
{
    str s = buf_str(b);
    if (s.n > most) {
        size_t cut = most - 3;
        while (cut && ((unsigned char)s.p[cut] & 0xC0) == 0x80)
            cut--; /* not inside a character */
        s = str_fmt(a, "%.*s...", FMT(str_sub(s, 0, cut)));
    } else {
        s = str_dup(a, s);
    }
    buf_release(b);
    return s;
}

str node_text(struct arena *a, const struct yaml_node *n, size_t most)
{
    struct buf b;
    if (!n)
        return STR_NONE;
    buf_init(&b, LIMIT_DIFF_TEXT);
    write_node(&b, n);
    return finish_text(a, &b, most);
}

/* "key: value, key: value" of the keys in which `n` differs from `other` (all of them without one).
 */
static str keys_text(struct arena *a, const struct yaml_node *n, const struct yaml_node *other,
                     size_t most)
{
    struct buf b;
    if (!n)
        return STR_NONE;
    buf_init(&b, LIMIT_DIFF_TEXT);
    for (size_t i = 0; n->kind == YAML_MAP && i < n->n; i++) {
        const struct yaml_pair *p = &n->pairs[i];
        if (str_eq(p->key->text, S("id")) || node_equal(p->value, node_get(other, p->key->text)))
            continue;
        buf_fmt(&b, "%s%.*s: ", b.n ? ", " : "", FMT(p->key->text));
        write_node(&b, p->value);
    }
    return finish_text(a, &b, most);
}

/* --- elements --- */

static struct element *add_element(struct differ *d, enum element_part part, str path)
{
    d->elements = arena_grow(d->a, d->elements, sizeof *d->elements, &d->cap_elements,
                             d->n_elements + 1);
    struct element *x = &d->elements[d->n_elements++];
    *x = (struct element){
        .part = part, .path = path, .parent = NO_INDEX, .whole = NO_INDEX, .section = {-1, -1}};
    return x;
}

static const struct yaml_node *root(const struct differ *d, enum side s)
{
    return d->side[s]->plan->at;
}

static void add_single(struct differ *d, enum element_part part, const char *key)
{
    struct element *x = add_element(d, part, str_of(key));
    for (int s = OLD; s <= NEW; s++)
        x->node[s] = node_get(root(d, (enum side)s), x->path);
}

static void add_table_of(struct differ *d, struct map *seen, enum side s, enum element_part part,
                         const char *prefix, const struct yaml_node *table)
{
    for (size_t i = 0; table && table->kind == YAML_MAP && i < table->n; i++) {
        const struct yaml_pair *p = &table->pairs[i];
        bool fresh;
        struct map_entry *e = map_put(seen, p->key->text, &fresh);
        if (fresh) {
            e->num = (int64_t)d->n_elements;
            add_element(d, part, str_fmt(d->a, "%s.%.*s", prefix, FMT(p->key->text)))->name =
                p->key->text;
        }
        struct element *x = &d->elements[e->num];
        x->node[s] = p->value;
        x->key[s] = p->key;
    }
}

static void add_table(struct differ *d, enum element_part part, const char *key)
{
    struct map seen;
    map_init(&seen, d->a);
    for (int s = OLD; s <= NEW; s++) {
        const struct yaml_node *from = root(d, (enum side)s);
        if (part == PART_FX)
            from = node_get(from, S("plan"));
        add_table_of(d, &seen, (enum side)s, part, key, node_get(from, str_of(key)));
    }
    if (part != PART_PRICE)
        return;
    for (int s = OLD; s <= NEW; s++) { /* those that the plan takes from the price book */
        const struct plan *p = d->side[s]->plan;
        for (size_t i = 0; i < p->prices.n; i++) {
            bool fresh;
            if (p->prices.items[i].at)
                continue;
            str model = p->prices.items[i].model;
            struct map_entry *e = map_put(&seen, model, &fresh);
            if (fresh) {
                e->num = (int64_t)d->n_elements;
                add_element(d, part, str_fmt(d->a, "prices.%.*s", FMT(model)))->name = model;
            }
            d->elements[e->num].book[s] = true;
        }
    }
}

/* Items of a list by id, of both sides; `section` is that of lines. */
static void add_items(struct differ *d, struct map *seen, enum side s, enum element_part part,
                      str prefix, const struct yaml_node *list, int section, uint32_t parent)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->n; i++) {
        const struct yaml_node *id = node_get(list->items[i], S("id"));
        bool fresh;
        if (!id)
            continue;
        struct map_entry *e = map_put(seen, id->text, &fresh);
        if (fresh) {
            str path = prefix.n ? str_fmt(d->a, "%.*s.%.*s", FMT(prefix), FMT(id->text)) : id->text;
            e->num = (int64_t)d->n_elements;
            add_element(d, part, path)->parent = parent;
        }
        struct element *x = &d->elements[e->num];
        x->node[s] = list->items[i];
        x->section[s] = section;
    }
}

static void add_list(struct differ *d, enum element_part part, const char *key)
{
    struct map seen;
    map_init(&seen, d->a);
    str prefix = part == PART_INITIATIVE ? STR_NONE : str_of(key);
    for (int s = OLD; s <= NEW; s++)
        add_items(d, &seen, (enum side)s, part, prefix,
                  node_get(root(d, (enum side)s), str_of(key)), -1, NO_INDEX);
}

static void add_lines(struct differ *d)
{
    for (uint32_t i = d->first_of[PART_INITIATIVE]; i < d->first_of[PART_LINE]; i++) {
        struct map seen;
        map_init(&seen, d->a);
        for (int s = OLD; s <= NEW; s++) {
            for (int k = 0; k < N_SECTIONS; k++) {
                const struct element *in = &d->elements[i];
                add_items(d, &seen, (enum side)s, PART_LINE, in->path,
                          node_get(in->node[s], str_of(LINE_SECTIONS[k])), k, i);
            }
        }
    }
}

void find_elements(struct differ *d)
{
    static const char *const keys[PARTS] = {
        [PART_HEADER] = "plan",         [PART_RESERVE] = "reserve",
        [PART_BUFFERS] = "buffers",     [PART_LOADING] = "loading",
        [PART_FX] = "fx",               [PART_DRIVER] = "drivers",
        [PART_PRICE] = "prices",        [PART_MACHINE] = "machines",
        [PART_ROLE] = "roles",          [PART_POSITION] = "staff",
        [PART_CONTRACTOR] = "contractors", [PART_UPSKILLING] = "upskilling",
        [PART_LEVER] = "levers",        [PART_INITIATIVE] = "initiatives",
    };
    for (int part = 0; part < PARTS; part++) {
        d->first_of[part] = (uint32_t)d->n_elements;
        if (part <= PART_LOADING)
            add_single(d, (enum element_part)part, keys[part]);
        else if (part <= PART_ROLE)
            add_table(d, (enum element_part)part, keys[part]);
        else if (part <= PART_INITIATIVE)
            add_list(d, (enum element_part)part, keys[part]);
        else
            add_lines(d);
    }
    d->first_of[PARTS] = (uint32_t)d->n_elements;
}

/* --- edits --- */

enum {
    ALONE = 0,
    GROUP_MODEL,
    GROUP_PAY,
    GROUP_RAISE,
    GROUP_CALENDAR,
    GROUP_SALARY,
    GROUP_SHAPE, /* a line measured by other keys than before */
    SHAPE = 16,  /* flag: one of the keys that say by what a line is measured */
};

struct rule {
    enum element_part part;
    const char *key;
    enum diff_cause cause;
    int sub, group;
};

/* Which keys move money, and what that is called; all others are as in NEW from the start. */
static const struct rule RULES[] = {
    {PART_HEADER, "starts", DIFF_CALENDAR, 0, GROUP_CALENDAR},
    {PART_HEADER, "months", DIFF_CALENDAR, 0, GROUP_CALENDAR},
    {PART_HEADER, "horizon", DIFF_CALENDAR, 0, GROUP_CALENDAR},
    {PART_LINE, "machine", DIFF_PRICE, 2, SHAPE},
    {PART_LINE, "model", DIFF_PRICE, 3, GROUP_MODEL},
    {PART_LINE, "models", DIFF_PRICE, 3, GROUP_MODEL},
    {PART_LINE, "price", DIFF_PRICE, 4, SHAPE},
    {PART_LINE, "per_1k", DIFF_PRICE, 5, SHAPE},
    {PART_LINE, "cost", DIFF_PRICE, 6, SHAPE},
    {PART_CONTRACTOR, "day_rate", DIFF_PRICE, 7, ALONE},
    {PART_UPSKILLING, "cost", DIFF_PRICE, 8, ALONE},
    {PART_POSITION, "role", DIFF_SALARY, 1, GROUP_SALARY},
    {PART_POSITION, "salary", DIFF_SALARY, 1, GROUP_SALARY},
    {PART_LOADING, "benefits", DIFF_LOADING, 0, ALONE},
    {PART_LOADING, "equipment", DIFF_LOADING, 1, ALONE},
    {PART_LOADING, "recruiting", DIFF_LOADING, 2, ALONE},
    {PART_LOADING, "raise", DIFF_LOADING, 3, GROUP_RAISE},
    {PART_LOADING, "raise_in", DIFF_LOADING, 3, GROUP_RAISE},
    {PART_POSITION, "recruiting", DIFF_LOADING, 4, ALONE},
    {PART_POSITION, "internal", DIFF_LOADING, 5, ALONE},
    {PART_LINE, "users", DIFF_VOLUME, 1, ALONE},
    {PART_LINE, "sessions", DIFF_VOLUME, 2, ALONE},
    {PART_LINE, "requests", DIFF_VOLUME, 3, SHAPE},
    {PART_LINE, "retries", DIFF_VOLUME, 4, ALONE},
    {PART_LINE, "gpu_hours", DIFF_VOLUME, 5, SHAPE},
    {PART_LINE, "gpus", DIFF_VOLUME, 6, SHAPE},
    {PART_LINE, "hours", DIFF_VOLUME, 7, SHAPE},
    {PART_LINE, "runs", DIFF_VOLUME, 8, SHAPE},
    {PART_LINE, "per_hour", DIFF_VOLUME, 9, SHAPE},
    {PART_LINE, "at_least", DIFF_VOLUME, 10, ALONE},
    {PART_LINE, "tb", DIFF_VOLUME, 11, SHAPE},
    {PART_LINE, "seats", DIFF_VOLUME, 12, SHAPE},
    {PART_LINE, "items", DIFF_VOLUME, 13, SHAPE},
    {PART_LINE, "review", DIFF_VOLUME, 14, ALONE},
    {PART_LINE, "growth", DIFF_VOLUME, 15, ALONE},
    {PART_CONTRACTOR, "days", DIFF_VOLUME, 16, ALONE},
    {PART_UPSKILLING, "people", DIFF_VOLUME, 17, ALONE},
    {PART_LINE, "in", DIFF_TOKENS, 0, ALONE},
    {PART_LINE, "out", DIFF_TOKENS, 1, ALONE},
    {PART_LINE, "cached", DIFF_TOKENS, 2, ALONE},
    {PART_LINE, "cache_writes", DIFF_TOKENS, 3, ALONE},
    {PART_LINE, "batch", DIFF_TOKENS, 4, ALONE},
    {PART_LINE, "from", DIFF_DATES, 0, ALONE},
    {PART_LINE, "to", DIFF_DATES, 1, ALONE},
    {PART_LINE, "month", DIFF_DATES, 2, ALONE},
    {PART_LINE, "pay", DIFF_DATES, 3, GROUP_PAY},
    {PART_LINE, "renews", DIFF_DATES, 3, GROUP_PAY},
    {PART_CONTRACTOR, "from", DIFF_DATES, 4, ALONE},
    {PART_CONTRACTOR, "to", DIFF_DATES, 5, ALONE},
    {PART_UPSKILLING, "month", DIFF_DATES, 6, ALONE},
    {PART_INITIATIVE, "starts", DIFF_INITIATIVE, 0, ALONE},
    {PART_INITIATIVE, "ends", DIFF_INITIATIVE, 1, ALONE},
    {PART_INITIATIVE, "status", DIFF_INITIATIVE, 2, ALONE},
    {PART_LINE, "category", DIFF_CATEGORY, 1, ALONE},
    {PART_POSITION, "count", DIFF_HEADCOUNT, 0, ALONE},
    {PART_POSITION, "works_on", DIFF_HEADCOUNT, 3, ALONE},
    {PART_CONTRACTOR, "works_on", DIFF_HEADCOUNT, 4, ALONE},
    {PART_UPSKILLING, "works_on", DIFF_HEADCOUNT, 5, ALONE},
    {PART_POSITION, "start", DIFF_HIRE_DATE, 0, ALONE},
    {PART_POSITION, "end", DIFF_HIRE_DATE, 1, ALONE},
    {PART_BUFFERS, "training", DIFF_BUFFER, 0, ALONE},
    {PART_BUFFERS, "inference", DIFF_BUFFER, 1, ALONE},
    {PART_BUFFERS, "llm", DIFF_BUFFER, 2, ALONE},
    {PART_LINE, "buffer", DIFF_BUFFER, 3, ALONE},
};

static const struct rule *find_rule(enum element_part part, str key)
{
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
        if (RULES[i].part == part && str_eq(key, str_of(RULES[i].key)))
            return &RULES[i];
    return NULL;
}

/* Does a change of it reach rows other than its own? Then it gets a step of its own. */
static bool is_shared(enum element_part part)
{
    return part <= PART_ROLE || part == PART_LEVER || part == PART_INITIATIVE;
}

static uint32_t add_edit(struct differ *d, uint32_t element, enum diff_cause cause, int sub)
{
    d->edits = arena_grow(d->a, d->edits, sizeof *d->edits, &d->cap_edits, d->n_edits + 1);
    struct edit *x = &d->edits[d->n_edits];
    const struct element *el = element == NO_INDEX ? NULL : &d->elements[element];
    *x = (struct edit){.element = element, .sub = sub, .change = {.cause = cause}};
    if (!el || is_shared(el->part))
        x->seq = (uint32_t)d->n_edits + 1;
    if (el) {
        x->change.path = el->path;
        x->change.at = el->node[NEW] ? el->node[NEW] : el->node[OLD];
    }
    return (uint32_t)d->n_edits++;
}

/* A second key of a group: the change is that of the element, its keys stand in the texts. */
static void describe_keys(struct differ *d, struct edit *x, str key)
{
    const struct element *el = &d->elements[x->element];
    struct plan_change *c = &x->change;
    size_t keys = 0;
    for (size_t i = 0; i < el->n_keys; i++)
        keys += &d->edits[el->keys[i].edit] == x;
    const struct yaml_node *of[2] = {node_get(el->node[OLD], key), node_get(el->node[NEW], key)};
    if (keys == 1) {
        c->path = str_fmt(d->a, "%.*s.%.*s", FMT(el->path), FMT(key));
        c->from = node_text(d->a, of[OLD], DIFF_TEXT);
        c->to = node_text(d->a, of[NEW], DIFF_TEXT);
        c->at = of[NEW] ? of[NEW] : of[OLD];
        return;
    }
    str *text[2] = {&c->from, &c->to};
    c->path = el->path;
    for (int s = OLD; s <= NEW; s++) {
        struct buf b;
        buf_init(&b, LIMIT_DIFF_TEXT);
        for (size_t i = 0; i < el->n_keys; i++) {
            const struct yaml_node *v = node_get(el->node[s], el->keys[i].key);
            if (&d->edits[el->keys[i].edit] != x || !v)
                continue;
            buf_fmt(&b, "%s%.*s: ", b.n ? ", " : "", FMT(el->keys[i].key));
            write_node(&b, v);
        }
        *text[s] = finish_text(d->a, &b, DIFF_TEXT);
    }
}

static void add_key_edit(struct differ *d, uint32_t element, str key, bool reshaped)
{
    struct element *el = &d->elements[element];
    const struct rule *r = find_rule(el->part, key);
    uint32_t edit = NO_INDEX;
    if (!r)
        return;
    for (size_t i = 0; i < el->n_keys; i++)
        if (str_eq(el->keys[i].key, key))
            return; /* seen on the other side */
    bool shape = reshaped && r->group == SHAPE;
    int group = shape ? GROUP_SHAPE : r->group == SHAPE ? ALONE : r->group;
    for (size_t i = 0; group && i < el->n_keys; i++)
        if (d->edits[el->keys[i].edit].group == group)
            edit = el->keys[i].edit;
    if (edit == NO_INDEX) {
        edit = add_edit(d, element, shape ? DIFF_VOLUME : r->cause, shape ? 18 : r->sub);
        d->edits[edit].group = group;
    }
    el->keys = arena_grow(d->a, el->keys, sizeof *el->keys, &el->cap_keys, el->n_keys + 1);
    el->keys[el->n_keys++] = (struct key_edit){key, edit};
    describe_keys(d, &d->edits[edit], key);
}

/* Is a line measured by other keys than before: hours instead of runs, a fee instead of seats? */
static bool is_reshaped(const struct element *el)
{
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
        if (RULES[i].part == PART_LINE && RULES[i].group == SHAPE &&
            !node_get(el->node[OLD], str_of(RULES[i].key)) !=
                !node_get(el->node[NEW], str_of(RULES[i].key)))
            return true;
    return false;
}

static void edit_keys(struct differ *d, uint32_t element)
{
    bool reshaped = d->elements[element].part == PART_LINE && is_reshaped(&d->elements[element]);
    for (int s = OLD; s <= NEW; s++) {
        const struct yaml_node *n = d->elements[element].node[s];
        const struct yaml_node *other = d->elements[element].node[s == OLD];
        for (size_t i = 0; n && n->kind == YAML_MAP && i < n->n; i++)
            if (!node_equal(n->pairs[i].value, node_get(other, n->pairs[i].key->text)))
                add_key_edit(d, element, n->pairs[i].key->text, reshaped);
    }
}

static void edit_whole(struct differ *d, uint32_t element, enum diff_cause cause, int sub)
{
    uint32_t edit = add_edit(d, element, cause, sub);
    struct element *el = &d->elements[element];
    struct plan_change *c = &d->edits[edit].change;
    el->whole = edit;
    c->from = keys_text(d->a, el->node[OLD], el->node[NEW], DIFF_TEXT);
    c->to = keys_text(d->a, el->node[NEW], el->node[OLD], DIFF_TEXT);
}

/* --- edits by part --- */

/* {value: 3, source: x} and 3 are the same amount. */
static const struct yaml_node *amount_of(const struct yaml_node *n)
{
    const struct yaml_node *v = node_get(n, S("value"));
    return v ? v : n;
}

static void edit_table(struct differ *d, uint32_t i)
{
    static const struct {
        enum diff_cause cause;
        int sub;
    } causes[PARTS] = {[PART_FX] = {DIFF_RATE, 0},
                       [PART_DRIVER] = {DIFF_VOLUME, 0},
                       [PART_MACHINE] = {DIFF_PRICE, 1},
                       [PART_ROLE] = {DIFF_SALARY, 0}};
    struct element *el = &d->elements[i];
    const struct yaml_node *of[2];
    if (!el->node[OLD] || !el->node[NEW])
        return; /* a definition moves nothing: what uses it does */
    for (int s = OLD; s <= NEW; s++)
        of[s] = el->part == PART_ROLE ? node_get(el->node[s], S("salary")) : amount_of(el->node[s]);
    if (node_equal(of[OLD], of[NEW]))
        return;
    uint32_t edit = add_edit(d, i, causes[el->part].cause, causes[el->part].sub);
    struct plan_change *c = &d->edits[edit].change;
    d->elements[i].whole = edit;
    c->from = node_text(d->a, of[OLD], DIFF_TEXT);
    c->to = node_text(d->a, of[NEW], DIFF_TEXT);
    c->at = of[NEW];
    if (el->part == PART_ROLE)
        c->path = str_fmt(d->a, "%.*s.salary", FMT(el->path));
}

static bool price_in(const struct differ *d, struct arena *a, enum side s, str model, month m,
                     struct plan_price *ret)
{
    const struct plan_options *o = &d->side[s]->options;
    return o->price && o->price(o->price_ctx, a, model, m, ret);
}

/* Do both price books give the same in every month of NEW? */
static bool same_in_books(struct differ *d, str model)
{
    const struct plan_header *h = &d->side[NEW]->plan->header;
    for (month m = h->first; m <= h->last; m++) {
        struct plan_price x, y;
        bool in_old = price_in(d, d->a, OLD, model, m, &x);
        if (in_old != price_in(d, d->a, NEW, model, m, &y))
            return false;
        if (in_old && (memcmp(x.part, y.part, sizeof x.part) != 0 ||
                       !currency_eq(x.currency, y.currency)))
            return false;
    }
    return true;
}

static str book_text(struct differ *d, enum side s, str model)
{
    const struct plan_header *h = &d->side[NEW]->plan->header;
    struct plan_price p;
    char in[DEC_TEXT], out[DEC_TEXT];
    for (month m = h->last; m >= h->first; m--)
        if (price_in(d, d->a, s, model, m, &p))
            return str_fmt(d->a, "{in: %.*s, out: %.*s} (price book)",
                           FMT(dec_format(p.part[PRICE_IN], in)),
                           FMT(dec_format(p.part[PRICE_OUT], out)));
    return S("(price book)");
}

/* Of a list of dated prices only those that differ, with their months. */
static str price_text(struct differ *d, const struct yaml_node *n, const struct yaml_node *other)
{
    if (!other || n->kind != other->kind || (n->kind == YAML_LIST && n->n != other->n))
        return node_text(d->a, n, DIFF_TEXT);
    if (n->kind == YAML_MAP)
        return keys_text(d->a, n, other, DIFF_TEXT);
    str all = STR_NONE;
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *from = node_get(n->items[i], S("from"));
        if (node_equal(n->items[i], other->items[i]))
            continue;
        str one = keys_text(d->a, n->items[i], other->items[i], DIFF_TEXT);
        bool says = !from || str_starts(one, S("from:"));
        all = str_fmt(d->a, "%.*s%s%.*s%s%.*s", FMT(all), all.n ? "; " : "", FMT(one),
                      says ? "" : " from ", FMT(says ? STR_NONE : from->text));
    }
    return all;
}

static void edit_price(struct differ *d, uint32_t i)
{
    struct element *el = &d->elements[i];
    str text[2];
    for (int s = OLD; s <= NEW; s++)
        if (!el->node[s] && !el->book[s])
            return; /* a definition */
    if (el->node[OLD] && el->node[NEW]
            ? node_equal(el->node[OLD], el->node[NEW])
            : !el->node[OLD] && !el->node[NEW] && same_in_books(d, el->name))
        return;
    for (int s = OLD; s <= NEW; s++)
        text[s] = el->node[s] ? price_text(d, el->node[s], el->node[s == OLD])
                              : book_text(d, (enum side)s, el->name);
    uint32_t edit = add_edit(d, i, DIFF_PRICE, 0);
    d->elements[i].whole = edit;
    d->edits[edit].change.from = text[OLD];
    d->edits[edit].change.to = text[NEW];
}

static size_t lines_of(const struct differ *d, uint32_t initiative, enum side s)
{
    size_t n = 0;
    for (uint32_t i = d->first_of[PART_LINE]; i < d->n_elements; i++)
        n += d->elements[i].parent == initiative && d->elements[i].node[s];
    return n;
}

/* Something that one side does not have, or that became another kind of thing. */
static bool edit_presence(struct differ *d, uint32_t i)
{
    const struct element *el = &d->elements[i];
    bool is_new = !el->node[OLD], dropped = !el->node[NEW];
    enum diff_cause cause = is_new ? DIFF_NEW : DIFF_DROPPED;
    int sub = el->part == PART_INITIATIVE ? 0 : 1;
    if (el->part == PART_POSITION) {
        cause = DIFF_HEADCOUNT;
        sub = is_new ? 1 : 2;
    }
    if (el->part == PART_LINE) {
        const struct element *in = &d->elements[el->parent];
        if (!in->node[OLD] || !in->node[NEW])
            return true; /* comes and goes with its initiative */
        if (!is_new && !dropped &&
            (el->section[OLD] != el->section[NEW] ||
             !node_equal(node_get(el->node[OLD], S("kind")), node_get(el->node[NEW], S("kind"))))) {
            edit_whole(d, i, DIFF_CATEGORY, 0);
            return true;
        }
    }
    if (!is_new && !dropped)
        return false;
    edit_whole(d, i, cause, sub);
    if (el->part == PART_INITIATIVE) {
        struct plan_change *c = &d->edits[d->n_edits - 1].change;
        size_t n = lines_of(d, i, is_new ? NEW : OLD);
        *(is_new ? &c->to : &c->from) = str_fmt(d->a, "%zu line%s", n, n == 1 ? "" : "s");
    }
    return true;
}

static void edit_reserve(struct differ *d, uint32_t i)
{
    const struct element *el = &d->elements[i];
    const struct yaml_node *of[2] = {node_get(el->node[OLD], S("share")),
                                     node_get(el->node[NEW], S("share"))};
    if (node_equal(of[OLD], of[NEW]))
        return;
    edit_whole(d, i, DIFF_RESERVE_SHARE, 0);
    struct plan_change *c = &d->edits[d->n_edits - 1].change;
    c->path = S("reserve.share");
    c->from = node_text(d->a, of[OLD], DIFF_TEXT);
    c->to = node_text(d->a, of[NEW], DIFF_TEXT);
}

static void edit_element(struct differ *d, uint32_t i)
{
    const struct element *el = &d->elements[i];
    if (el->part >= PART_FX && el->part <= PART_ROLE) {
        if (el->part == PART_PRICE)
            edit_price(d, i);
        else
            edit_table(d, i);
    } else if (el->part == PART_LEVER) {
        if (!node_equal(el->node[OLD], el->node[NEW]))
            edit_whole(d, i, DIFF_LEVER, 0);
    } else if (el->part == PART_RESERVE) {
        edit_reserve(d, i);
    } else if (el->part < PART_POSITION || !edit_presence(d, i)) {
        edit_keys(d, i);
    }
}

/* Repricing takes levers in file order. */
static bool lever_order_changes(const struct differ *d)
{
    const struct yaml_node *list = node_get(root(d, NEW), S("levers"));
    size_t at = 0;
    for (uint32_t i = d->first_of[PART_LEVER]; i < d->first_of[PART_LEVER + 1]; i++) {
        if (!d->elements[i].node[NEW])
            continue;
        if (list->items[at++] != d->elements[i].node[NEW])
            return true;
    }
    return false;
}

static int compare_edits(const void *x, const void *y)
{
    const struct edit *a = *(const struct edit *const *)x, *b = *(const struct edit *const *)y;
    const int64_t order[] = {(int64_t)a->change.cause - (int64_t)b->change.cause, a->sub - b->sub,
                             (int64_t)a->seq - (int64_t)b->seq, a < b ? -1 : 1};
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (order[i])
            return order[i] < 0 ? -1 : 1;
    return 0;
}

void find_edits(struct differ *d)
{
    for (uint32_t i = 0; i < d->n_elements; i++)
        edit_element(d, i);
    uint32_t order = NO_INDEX;
    if (lever_order_changes(d)) {
        order = add_edit(d, NO_INDEX, DIFF_LEVER, 1);
        d->edits[order].change.path = S("levers");
        d->edits[order].change.to = S("another order");
    }
    d->order = arena_new(d->a, struct edit *, d->n_edits + 1);
    for (size_t i = 0; i < d->n_edits; i++)
        d->order[i] = &d->edits[i];
    if (d->n_edits)
        qsort(d->order, d->n_edits, sizeof *d->order, compare_edits);
    for (size_t i = 0; i < d->n_edits; i++) {
        struct edit *x = d->order[i], *before = i ? d->order[i - 1] : NULL;
        bool same = before && before->change.cause == x->change.cause && before->sub == x->sub &&
                    before->seq == x->seq;
        x->step = same ? d->n_steps : ++d->n_steps;
    }
    d->order_step = order == NO_INDEX ? 0 : d->edits[order].step;
}
