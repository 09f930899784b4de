/* rules_allocate.c - `allocate:` of rules.yaml: who shares what, by which measure. */
#include "ingest/rules_reading.h"

#include "base/buf.h"

static bool usage_field_is_known(str name)
{
    enum spend_text t;
    return (str_starts(name, S("tag.")) && name.n > 4) || str_eq(name, S("category")) ||
           spend_text_parse(name, &t);
}

static void read_usage(struct reading *x, const struct yaml_node *map, struct allocation_target *t)
{
    if (map->kind != YAML_MAP || !map->n) {
        yaml_fault(x->d, map, S("Write usage: {tag.team: support}"),
                   "'usage' says nothing to measure");
        return;
    }
    struct allocation_filter *filters = arena_new(x->b->a, struct allocation_filter, map->n);
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_node *key = map->pairs[i].key, *value = map->pairs[i].value;
        size_t n;
        char hint[128];
        const char *const *known = rules_field_names(&n);
        if (!usage_field_is_known(key->text))
            yaml_fault(x->d, key, rules_near(key->text, known, n, hint), "unknown field '%.*s'",
                       FMT(key->text));
        if (rules_scalar(x->d, value, "a value of 'usage'"))
            filters[t->n_usage++] = (struct allocation_filter){key->text, value->text};
    }
    t->usage = filters;
}

static void read_targets(struct reading *x, const struct yaml_node *map, struct allocation *al)
{
    static const char *const KNOWN[] = {"category", "initiative", "line", "usage", NULL};
    const struct yaml_node *list = yaml_get(map, "to");
    if (!list || list->kind != YAML_LIST || !list->n || list->n > SPLIT_MOST) {
        yaml_fault(x->d, list ? list : map, STR_NONE, "'to' needs a list of 1 to %d parts",
                   SPLIT_MOST);
        return;
    }
    al->targets = arena_new(x->b->a, struct allocation_target, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *part = list->items[i];
        struct allocation_target *t = &al->targets[al->n_targets++];
        struct rule_part home = {0};
        if (part->kind != YAML_MAP) {
            yaml_fault(x->d, part, STR_NONE, "a part needs 'category' and 'usage'");
            continue;
        }
        yaml_only(x->d, part, KNOWN);
        const struct yaml_node *category = yaml_get(part, "category"),
                               *usage = yaml_get(part, "usage");
        if (!category || !usage)
            yaml_fault(x->d, part, STR_NONE, "a part needs '%s'", usage ? "category" : "usage");
        else if (rules_category(x, category, &t->category))
            read_usage(x, usage, t);
        rules_home(x, part, &home);
        t->initiative = home.initiative;
        t->line = home.line;
    }
}

static void read_measure(struct reading *x, const struct yaml_node *map, struct allocation *al)
{
    static const char *const MEASURES[] = {"effective", "billed", "tokens", "requests", "rows"};
    const struct yaml_node *n = yaml_get(map, "measure");
    al->measure = S("effective");
    if (!n || !rules_scalar(x->d, n, "measure"))
        return;
    al->measure = n->text;
    for (size_t i = 0; i < ARRAY_LEN(MEASURES); i++)
        if (str_eq(n->text, str_of(MEASURES[i])))
            return;
    yaml_fault(x->d, n, S("It is effective, billed, tokens, requests or rows."),
               "'%.*s' is nothing to measure usage by", FMT(n->text));
}

/* Everything but the shares, which change by month and are set later. */
static void read_driver(struct reading *x, const struct yaml_node *map, struct rule *rule,
                        struct allocation *al)
{
    const struct yaml_node *category = yaml_get(map, "category");
    if (al->kind == ALLOCATE_USAGE) {
        read_targets(x, map, al);
        read_measure(x, map, al);
        if (category)
            yaml_fault(x->d, yaml_key(map, "category"), S("Say it in the parts of 'to'."),
                       "'category' goes with 'by: headcount'");
    } else if (!category) {
        yaml_fault(x->d, map, S("Add category: infra, vendor, data ..."),
                   "'by: headcount' needs a 'category'");
    } else {
        (void)rules_category(x, category, &al->category);
    }
    static const struct rule_part waits = {.share_ppm = 1000000, .category = CATEGORY_REVIEW};
    rule->parts = &waits;
    rule->by_month = true;
}

void rules_allocate(struct reading *x, const struct yaml_node *map)
{
    static const char *const KNOWN[] = {"id",      "match",    "by",   "to",
                                        "measure", "category", "note", NULL};
    static const char *const KINDS[] = {"fixed", "usage", "headcount"};
    if (map->kind != YAML_MAP) {
        yaml_fault(x->d, map, STR_NONE, "an allocation needs 'match', 'by' and 'to'");
        return;
    }
    yaml_only(x->d, map, KNOWN);
    const struct yaml_node *by = yaml_get(map, "by"), *to = yaml_get(map, "to");
    size_t kind = 0;
    while (by && kind < ARRAY_LEN(KINDS) && !str_eq(by->text, str_of(KINDS[kind])))
        kind++;
    if (kind == ARRAY_LEN(KINDS)) {
        yaml_fault(x->d, by, S("It is fixed, usage or headcount."), "unknown 'by: %.*s'",
                   FMT(by->text));
        return;
    }
    struct buf text;
    buf_init(&text, 2000);
    x->text = &text;
    struct rule_info info;
    struct rule rule = {.seller = COND_NONE};
    struct rules *r = x->b->r;
    rules_open(x, map, &info);
    info.confidence = 100;
    info.category = CATEGORY_REVIEW;
    if (kind == ALLOCATE_FIXED && to) {
        rules_split(x, to, &rule);
        info.category = rule.n_parts ? rule.parts[0].category : CATEGORY_REVIEW;
    } else if (kind == ALLOCATE_FIXED) {
        yaml_fault(x->d, map, S("Write to: [{share: 35%, category: infra}, ...]"),
                   "the allocation has no 'to'");
    } else {
        struct allocation al = {
            .id = info.id, .kind = (enum allocation_kind)kind, .rule = (uint32_t)r->n};
        read_driver(x, map, &rule, &al);
        r->allocations = arena_grow(x->b->a, r->allocations, sizeof *r->allocations,
                                    &x->cap_allocations, r->n_allocations + 1);
        r->allocations[r->n_allocations++] = al;
        if (al.n_targets)
            info.category = al.targets[0].category;
        else if (al.kind == ALLOCATE_HEADCOUNT)
            info.category = al.category;
    }
    rules_close(x, &rule, &info);
    buf_release(&text);
}
