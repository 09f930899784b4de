/* plan_diff_mix.c - a plan that is OLD with some of the changes made: a tree of both files' nodes.
 *
 * A mixture need not be a plan: a lever may apply to a line that is gone, a hire may start outside
 * the months. Then the part at fault is taken from NEW at once or, where NEW has none that fits
 * yet, left out at this step. Either way the steps still lead from OLD to NEW. */
#include "engine/plan_diff_int.h"

#define REPAIRS_MAX 1000

struct mixer {
    struct differ *d;
    struct arena *a;
    uint32_t step;
    const struct yaml_file *file; /* for nodes that stand in no file */
};

static bool done(const struct mixer *m, uint32_t edit)
{
    return m->d->edits[edit].step <= m->step;
}

/* --- trees --- */

static struct yaml_node *new_node(struct mixer *m, enum yaml_kind kind, size_t most)
{
    struct yaml_node *n = arena_new(m->a, struct yaml_node, 1);
    *n = (struct yaml_node){.kind = kind, .line = 1, .column = 1, .width = 1, .file = m->file};
    if (kind == YAML_MAP)
        n->pairs = arena_new(m->a, struct yaml_pair, most + 1);
    if (kind == YAML_LIST)
        n->items = arena_new(m->a, struct yaml_node *, most + 1);
    return n;
}

/* The tree is only read; its nodes are those of const plans. */
static struct yaml_node *borrowed(const struct yaml_node *n)
{
    union {
        const struct yaml_node *given;
        struct yaml_node *taken;
    } node = {.given = n};
    return node.taken;
}

static void put(struct yaml_node *map, const struct yaml_node *key, const struct yaml_node *value)
{
    map->pairs[map->n++] = (struct yaml_pair){borrowed(key), borrowed(value)};
}

static void put_named(struct mixer *m, struct yaml_node *map, const char *key,
                      const struct yaml_node *value)
{
    struct yaml_node *k = new_node(m, YAML_SCALAR, 0);
    k->text = str_of(key);
    if (value)
        put(map, k, value);
}

/* --- elements at a step --- */

static const struct key_edit *key_edit(const struct element *el, str key)
{
    for (size_t i = 0; i < el->n_keys; i++)
        if (str_eq(el->keys[i].key, key))
            return &el->keys[i];
    return NULL;
}

/* Keys whose change is still to come are those of OLD. */
static const struct yaml_node *mixed_keys(struct mixer *m, const struct element *el)
{
    const struct yaml_node *old = el->node[OLD], *now = el->node[NEW];
    if (now && now->kind != YAML_MAP)
        now = NULL; /* `buffers:` without a value */
    struct yaml_node *n = new_node(m, YAML_MAP, (old ? old->n : 0) + (now ? now->n : 0));
    const struct yaml_node *place = now ? now : old;
    n->line = place->line;
    n->column = place->column;
    n->width = place->width;
    n->file = place->file;
    for (size_t i = 0; now && i < now->n; i++) {
        const struct key_edit *k = key_edit(el, now->pairs[i].key->text);
        const struct yaml_node *before = k ? node_get(old, k->key) : NULL;
        if (!k || done(m, k->edit))
            put(n, now->pairs[i].key, now->pairs[i].value);
        else if (before)
            put(n, now->pairs[i].key, before);
    }
    for (size_t i = 0; old && old->kind == YAML_MAP && i < old->n; i++) {
        const struct key_edit *k = key_edit(el, old->pairs[i].key->text);
        if (k && !node_get(now, k->key) && !done(m, k->edit))
            put(n, old->pairs[i].key, old->pairs[i].value);
    }
    return n;
}

static enum side side_of(const struct mixer *m, const struct element *el)
{
    if (el->forced || el->whole == NO_INDEX)
        return NEW;
    return done(m, el->whole) ? NEW : OLD;
}

static const struct yaml_node *element_at(struct mixer *m, const struct element *el)
{
    if (el->omitted)
        return NULL;
    if (el->forced || el->whole != NO_INDEX)
        return el->node[side_of(m, el)];
    if (el->n_keys)
        return mixed_keys(m, el);
    /* what only one side has and no edit brings or takes is a definition: it is there throughout */
    return el->node[NEW] || el->parent != NO_INDEX ? el->node[NEW] : el->node[OLD];
}

static const struct yaml_node *mixed_list(struct mixer *m, enum element_part part)
{
    struct differ *d = m->d;
    uint32_t from = d->first_of[part], to = d->first_of[part + 1];
    struct yaml_node *list = new_node(m, YAML_LIST, to - from);
    for (uint32_t i = from; i < to; i++) {
        const struct yaml_node *n = element_at(m, &d->elements[i]);
        if (n)
            list->items[list->n++] = borrowed(n);
    }
    return list;
}

/* In NEW's order; what NEW does not have is gone by then. */
static const struct yaml_node *ordered_levers(struct mixer *m)
{
    struct differ *d = m->d;
    const struct yaml_node *now = node_get(d->side[NEW]->plan->at, S("levers"));
    if (!d->order_step || m->step < d->order_step || !now)
        return mixed_list(m, PART_LEVER);
    struct yaml_node *list = new_node(m, YAML_LIST, now->n);
    for (size_t i = 0; i < now->n; i++)
        for (uint32_t k = d->first_of[PART_LEVER]; k < d->first_of[PART_LEVER + 1]; k++)
            if (d->elements[k].node[NEW] == now->items[i] && !d->elements[k].omitted)
                list->items[list->n++] = now->items[i];
    return list;
}

static const struct yaml_node *mixed_table(struct mixer *m, enum element_part part)
{
    struct differ *d = m->d;
    uint32_t from = d->first_of[part], to = d->first_of[part + 1];
    struct yaml_node *table = new_node(m, YAML_MAP, to - from);
    for (uint32_t i = from; i < to; i++) {
        const struct element *el = &d->elements[i];
        const struct yaml_node *n = element_at(m, el);
        if (n)
            put(table, el->key[NEW] ? el->key[NEW] : el->key[OLD], n);
    }
    return table;
}

/* --- initiatives and the header: only what the total depends on --- */

static struct yaml_node *with_keys(struct mixer *m, const struct yaml_node *n,
                                   const char *const *keys, size_t n_keys, size_t more)
{
    struct yaml_node *to = new_node(m, YAML_MAP, n_keys + more);
    to->line = n->line;
    to->column = n->column;
    to->width = n->width;
    to->file = n->file;
    for (size_t i = 0; n->kind == YAML_MAP && i < n->n; i++)
        for (size_t k = 0; k < n_keys; k++)
            if (str_eq(n->pairs[i].key->text, str_of(keys[k])))
                put(to, n->pairs[i].key, n->pairs[i].value);
    return to;
}

static int section_at(const struct mixer *m, const struct element *el)
{
    enum side s = side_of(m, el);
    return el->section[s] >= 0 ? el->section[s] : el->section[s == OLD];
}

static const struct yaml_node *mixed_initiatives(struct mixer *m)
{
    static const char *const keys[] = {"id", "name", "status", "owner", "starts", "ends"};
    struct differ *d = m->d;
    uint32_t from = d->first_of[PART_INITIATIVE], to = d->first_of[PART_LINE];
    struct yaml_node *list = new_node(m, YAML_LIST, to - from);
    struct yaml_node **sections = arena_new(m->a, struct yaml_node *, (to - from) * N_SECTIONS + 1);
    for (uint32_t i = d->first_of[PART_LINE]; i < d->n_elements; i++) {
        const struct element *el = &d->elements[i];
        const struct element *in = &d->elements[el->parent];
        bool both = in->node[OLD] && in->node[NEW];
        const struct yaml_node *n =
            el->omitted ? NULL : both ? element_at(m, el) : el->node[side_of(m, in)];
        if (!n)
            continue;
        int k = both ? section_at(m, el) : el->section[side_of(m, in)];
        struct yaml_node **at = &sections[(el->parent - from) * N_SECTIONS + (uint32_t)k];
        if (!*at)
            *at = new_node(m, YAML_LIST, d->n_elements - d->first_of[PART_LINE]);
        (*at)->items[(*at)->n++] = borrowed(n);
    }
    for (uint32_t i = from; i < to; i++) {
        const struct yaml_node *own = element_at(m, &d->elements[i]);
        if (!own)
            continue;
        struct yaml_node *n = with_keys(m, own, keys, ARRAY_LEN(keys), N_SECTIONS);
        for (int k = 0; k < N_SECTIONS; k++)
            put_named(m, n, LINE_SECTIONS[k], sections[(i - from) * N_SECTIONS + (uint32_t)k]);
        list->items[list->n++] = n;
    }
    return list;
}

static const struct yaml_node *mixed_header(struct mixer *m)
{
    static const char *const keys[] = {"name", "starts", "months", "horizon", "currency", "ranges"};
    const struct element *el = &m->d->elements[m->d->first_of[PART_HEADER]];
    struct yaml_node *n = with_keys(m, element_at(m, el), keys, ARRAY_LEN(keys), 1);
    put_named(m, n, "fx", mixed_table(m, PART_FX));
    return n;
}

static const struct yaml_node *mixed_tree(struct mixer *m)
{
    static const struct {
        enum element_part part;
        const char *key;
    } singles[] = {{PART_RESERVE, "reserve"}, {PART_BUFFERS, "buffers"}, {PART_LOADING, "loading"}},
      tables[] = {{PART_DRIVER, "drivers"}, {PART_PRICE, "prices"}, {PART_MACHINE, "machines"},
                  {PART_ROLE, "roles"}},
      lists[] = {{PART_POSITION, "staff"}, {PART_CONTRACTOR, "contractors"},
                 {PART_UPSKILLING, "upskilling"}};
    struct yaml_node *n = new_node(m, YAML_MAP, PARTS);
    put_named(m, n, "plan", mixed_header(m));
    for (size_t i = 0; i < ARRAY_LEN(singles); i++)
        put_named(m, n, singles[i].key,
                  element_at(m, &m->d->elements[m->d->first_of[singles[i].part]]));
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        put_named(m, n, tables[i].key, mixed_table(m, tables[i].part));
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        put_named(m, n, lists[i].key, mixed_list(m, lists[i].part));
    put_named(m, n, "initiatives", mixed_initiatives(m));
    put_named(m, n, "levers", ordered_levers(m));
    return n;
}

/* --- prices of the price book --- */

static bool mixed_price(const void *ctx, struct arena *a, str model, month at,
                        struct plan_price *ret)
{
    const struct mixer *m = ctx;
    const struct differ *d = m->d;
    enum side first = NEW;
    for (uint32_t i = d->first_of[PART_PRICE]; i < d->first_of[PART_PRICE + 1]; i++) {
        const struct element *el = &d->elements[i];
        if (str_eq(el->name, model))
            first = el->whole == NO_INDEX && !el->book[NEW] ? OLD : side_of(m, el);
    }
    const enum side order[] = {first, first == OLD ? NEW : OLD};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        const struct plan_options *o = &d->side[order[i]]->options;
        if (o->price && o->price(o->price_ctx, a, model, at, ret))
            return true;
    }
    return false;
}

/* --- repair --- */

/* Both sides may have a file of that name: then the text of the line decides. */
static bool stands_at(const struct yaml_node *n, const struct diag_place *at)
{
    return n->file && n->line == at->line && str_eq(n->file->path, at->file) &&
           at->column >= n->column && at->column < n->column + MAX(n->width, 1u) &&
           str_starts(yaml_place(n).source_line, at->source_line);
}

static bool holds(const struct yaml_node *n, const struct diag_place *at)
{
    if (!n)
        return false;
    if (stands_at(n, at))
        return true;
    for (size_t i = 0; i < n->n && n->kind != YAML_SCALAR; i++)
        if (n->kind == YAML_LIST ? holds(n->items[i], at)
                                 : holds(n->pairs[i].key, at) || holds(n->pairs[i].value, at))
            return true;
    return false;
}

/* The innermost element with a node at that place. */
static struct element *element_of_place(struct differ *d, const struct diag_place *at)
{
    for (size_t i = d->n_elements; i-- > 0;) {
        struct element *el = &d->elements[i];
        if (!el->omitted && (holds(el->node[OLD], at) || holds(el->node[NEW], at)))
            return el;
    }
    return NULL;
}

/* Takes the elements at fault from NEW, or leaves them out. False: nothing can be done. */
static bool repair(struct differ *d, const struct diags *faults)
{
    bool any = false;
    for (size_t i = 0; i < faults->n; i++) {
        if (faults->items[i].level != DIAG_ERROR)
            continue;
        struct element *el = element_of_place(d, &faults->items[i].at);
        if (!el)
            continue;
        if (!el->forced)
            el->forced = any = true;
        else if (el->part >= PART_POSITION)
            el->omitted = any = true;
    }
    return any;
}

const struct plan *mixed_plan(struct differ *d, struct arena *a, uint32_t step)
{
    struct mixer *m = arena_new(a, struct mixer, 1);
    *m = (struct mixer){.d = d, .a = a, .step = step, .file = d->side[OLD]->plan->files[0]};
    for (size_t i = 0; i < d->n_elements; i++)
        d->elements[i].omitted = false;
    for (int tries = 0; tries < REPAIRS_MAX; tries++) {
        struct plan_options o = {.price = mixed_price, .price_ctx = m};
        struct diags faults;
        diags_init(&faults, a);
        const struct plan *p = plan_of_tree(a, mixed_tree(m), &o, &faults);
        if (p)
            return p;
        if (!repair(d, &faults))
            return NULL;
    }
    return NULL;
}
