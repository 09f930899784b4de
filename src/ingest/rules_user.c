/* rules_user.c - rules.yaml into rules: every fault with its place, as many as there are. */
#include "ingest/rules_reading.h"

#include "base/limits.h"
#include "base/os.h"

#define VALUES_MOST 2000 /* patterns of one condition */

/* ---- faults ---- */

/* A fault `at` bytes into the text of a scalar. */
static void fault_inside(struct diags *d, const struct yaml_node *n, size_t at, str hint,
                         const char *what)
{
    struct diag_place place = yaml_place(n);
    if (n->kind == YAML_SCALAR) {
        uint32_t before = n->quoted;
        for (size_t i = 0; i < at && i < n->text.n; i++)
            before += ((unsigned char)n->text.p[i] & 0xc0) != 0x80;
        place.column += before;
        place.width = 1;
    }
    diags_add(d, DIAG_ERROR, place, hint, "%s in '%.*s'", what, FMT(n->text));
}

str rules_near(str wrong, const char *const *known, size_t n, char out[128])
{
    const char *close = str_closest(wrong, known, n);
    if (!close)
        return STR_NONE;
    snprintf(out, 128, "Did you mean '%s'?", close);
    return str_of(out);
}

bool rules_scalar(struct diags *d, const struct yaml_node *n, const char *what)
{
    if (n->kind == YAML_SCALAR)
        return true;
    yaml_fault(d, n, STR_NONE, "%s must be one value", what);
    return false;
}

/* ---- conditions ---- */

/* The values of a condition: one scalar, or a list of them. */
static const struct yaml_node *value_at(const struct yaml_node *v, size_t i)
{
    return v->kind == YAML_LIST ? v->items[i] : v;
}

static size_t value_count(const struct yaml_node *v)
{
    return v->kind == YAML_LIST ? v->n : 1;
}

static bool check_values(struct reading *x, const struct yaml_node *key, const struct yaml_node *v)
{
    if (v->kind == YAML_MAP || (v->kind == YAML_LIST && !v->n)) {
        yaml_fault(x->d, v, STR_NONE, "'%.*s' needs a value or a list of values", FMT(key->text));
        return false;
    }
    if (value_count(v) > VALUES_MOST) {
        yaml_fault(x->d, v, STR_NONE, "'%.*s' has more than %d values", FMT(key->text),
                   VALUES_MOST);
        return false;
    }
    for (size_t i = 0; i < value_count(v); i++) {
        const struct yaml_node *one = value_at(v, i);
        if (one->kind != YAML_SCALAR) {
            yaml_fault(x->d, one, STR_NONE, "a value of '%.*s' must be text", FMT(key->text));
            return false;
        }
        if (!one->text.n && !one->quoted) {
            yaml_fault(x->d, one,
                       S("Write \"\" for rows that have none, \"*\" for rows that have any."),
                       "'%.*s' has no value", FMT(key->text));
            return false;
        }
    }
    return true;
}

static bool read_pattern(struct reading *x, const struct yaml_node *n, struct pattern *ret)
{
    size_t at;
    const char *why;
    if (!pattern_parse(x->b->a, n->text, ret, &at, &why)) {
        fault_inside(x->d, n, at, STR_NONE, why);
        return false;
    }
    if (ret->kind != PATTERN_REGEX)
        return true;
    if (++x->regexes > RULES_REGEXES) {
        yaml_fault(x->d, n, S("Use globs: they cost nothing to compile."),
                   "more than %d regular expressions", RULES_REGEXES);
        return false;
    }
    struct err e;
    e.hint[0] = 0;
    if (!matcher_check_regex(ret->body, &at, &e)) {
        fault_inside(x->d, n, at + 1, str_of(e.hint), e.text);
        return false;
    }
    return true;
}

static void describe(struct reading *x, const struct yaml_node *key, const struct yaml_node *v,
                     bool negated)
{
    buf_fmt(x->text, "%s%s%.*s ", x->text->n ? "; " : "", negated ? "not " : "", FMT(key->text));
    for (size_t i = 0; i < value_count(v); i++)
        buf_fmt(x->text, "%s%.*s", i ? ", " : "", FMT(value_at(v, i)->text));
}

static void read_texts(struct reading *x, const struct yaml_node *key, const struct yaml_node *v,
                       const uint8_t *fields, size_t n_fields, bool negated)
{
    size_t n = 0, most = value_count(v) * 8;
    struct pattern *patterns = arena_new(x->b->a, struct pattern, most);
    bool provider = str_eq(key->text, S("provider")), ok = true;
    for (size_t i = 0; i < value_count(v); i++) {
        const struct yaml_node *one = value_at(v, i);
        const char *const *alias = provider ? rules_provider_alias(one->text) : NULL;
        size_t at;
        const char *why;
        for (; alias && *alias; alias++)
            BUG_IF(!pattern_parse(x->b->a, str_of(*alias), &patterns[n++], &at, &why));
        if (!provider || !rules_provider_alias(one->text))
            ok = read_pattern(x, one, &patterns[n++]) && ok;
    }
    if (!ok)
        return;
    uint32_t cond = rules_cond(x->b, key->text, fields, n_fields, patterns, n);
    if (negated)
        x->none[x->n_none++] = cond;
    else
        x->all[x->n_all++] = cond;
}

static void read_ranges(struct reading *x, const struct yaml_node *key, const struct yaml_node *v,
                        enum range_field field, bool negated)
{
    bool date = field == RANGE_DAY || field == RANGE_PERIOD, ok = true;
    size_t n = value_count(v);
    struct range *any = arena_new(x->b->a, struct range, n);
    struct buf text;
    buf_init(&text, 1000);
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *one = value_at(v, i);
        buf_fmt(&text, "%s%.*s", i ? " or " : "", FMT(one->text));
        if (rules_range_parse(field, one->text, &any[i]))
            continue;
        ok = false;
        yaml_fault(x->d, one,
                   date ? S("Write a date or month, or a range such as 2026-01..2026-06 or \">= "
                            "2026-03-01\".")
                        : S("Write a number, or a range such as \">= 100\" or 10..20."),
                   "'%.*s' is not a range of %s", FMT(one->text), date ? "dates" : "numbers");
    }
    if (ok)
        x->ranges[x->n_ranges++] = (struct range_cond){
            .field = field,
            .negate = negated,
            .any = any,
            .n = n,
            .text = str_dup(x->b->a, buf_str(&text)),
        };
    buf_release(&text);
}

static void unknown_field(struct reading *x, const struct yaml_node *key, bool full)
{
    char hint[128];
    size_t n;
    const char *const *known = rules_field_names(&n);
    if (full)
        yaml_fault(x->d, key, STR_NONE, "rules look at more than %d tags", (int)RULE_TAGS);
    else if (str_starts(key->text, S("tags.")))
        yaml_fault(x->d, key, S("A tag is written 'tag.NAME'."), "unknown field '%.*s'",
                   FMT(key->text));
    else
        yaml_fault(x->d, key, rules_near(key->text, known, n, hint), "unknown field '%.*s'",
                   FMT(key->text));
}

static void read_match(struct reading *x, const struct yaml_node *map, bool negated)
{
    if (map->kind != YAML_MAP || !map->n) {
        yaml_fault(x->d, map, S("Name at least one field, such as service: Amazon Bedrock*"),
                   "'%s' says nothing to match", negated ? "not" : "match");
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_node *key = map->pairs[i].key, *v = map->pairs[i].value;
        uint8_t fields[SPEND_TEXTS];
        size_t n_fields;
        enum range_field range;
        bool full;
        if (!negated && str_eq(key->text, S("not"))) {
            read_match(x, v, true);
            continue;
        }
        bool is_range = rules_range_field(key->text, &range);
        if (!is_range && !rules_fields(x->b, key->text, fields, &n_fields, &full)) {
            unknown_field(x, key, full);
            continue;
        }
        if (!check_values(x, key, v))
            continue;
        describe(x, key, v, negated);
        if (is_range)
            read_ranges(x, key, v, range, negated);
        else
            read_texts(x, key, v, fields, n_fields, negated);
    }
}

static size_t conditions_in(const struct yaml_node *map)
{
    size_t n = map && map->kind == YAML_MAP ? map->n : 0;
    const struct yaml_node *not = n ? yaml_get(map, "not") : NULL;
    return n + (not &&not ->kind == YAML_MAP ? not ->n : 0);
}

/* ---- outcomes ---- */

bool rules_category(struct reading *x, const struct yaml_node *n, enum category *ret)
{
    if (!rules_scalar(x->d, n, "category"))
        return false;
    if (category_parse(n->text, ret))
        return true;
    const char *keys[CATEGORY_STATES];
    size_t known = 0;
    for (int c = 0; c < CATEGORY_STATES; c++)
        keys[known++] = category_key((enum category)c);
    char hint[128];
    str close = rules_near(n->text, keys, known, hint);
    yaml_fault(x->d, n,
               close.n ? close : S("It is infra, talent, vendor, data, reserve, not_ai or review."),
               "unknown category '%.*s'", FMT(n->text));
    return false;
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-'))
            return false;
    }
    return s.n > 0;
}

/* "initiative" and "line" (INITIATIVE.LINE) of a rule or part. */
void rules_home(struct reading *x, const struct yaml_node *map, struct rule_part *part)
{
    const struct yaml_node *initiative = yaml_get(map, "initiative"), *line = yaml_get(map, "line");
    if (initiative && rules_scalar(x->d, initiative, "initiative")) {
        if (is_name(initiative->text))
            part->initiative = initiative->text;
        else
            yaml_fault(x->d, initiative, S("Letters, digits, '-' and '_'."),
                       "'%.*s' is not the id of an initiative", FMT(initiative->text));
    }
    if (!line || !rules_scalar(x->d, line, "line"))
        return;
    size_t dot = str_find_char(line->text, '.', 0);
    str of = str_sub(line->text, 0, MIN(dot, line->text.n));
    if (dot == SIZE_MAX || !is_name(of) || !is_name(str_sub(line->text, dot + 1, line->text.n))) {
        yaml_fault(x->d, line, S("Write INITIATIVE.LINE, such as vision.vis-train."),
                   "'%.*s' is not a line of an initiative", FMT(line->text));
        return;
    }
    if (part->initiative.n && !str_eq(of, part->initiative)) {
        yaml_fault(x->d, line, STR_NONE, "line '%.*s' is not of initiative '%.*s'", FMT(line->text),
                   FMT(part->initiative));
        return;
    }
    part->initiative = of;
    part->line = line->text;
}

static void read_share(struct reading *x, const struct yaml_node *n, uint32_t *ret)
{
    if (rules_scalar(x->d, n, "share") && !share_parse(n->text, ret))
        yaml_fault(x->d, n,
                   S("Write a percentage above 0 %, up to 100 %, with at most 4 decimals: 35%"),
                   "'%.*s' is not a share", FMT(n->text));
}

void rules_split(struct reading *x, const struct yaml_node *list, struct rule *rule)
{
    static const char *const KNOWN[] = {"share", "category", "initiative", "line", NULL};
    if (list->kind != YAML_LIST || !list->n || list->n > SPLIT_MOST) {
        yaml_fault(x->d, list, STR_NONE, "'split' needs a list of 1 to %d parts", SPLIT_MOST);
        return;
    }
    struct rule_part *parts = arena_new(x->b->a, struct rule_part, list->n);
    size_t errors = x->d->errors;
    uint32_t total = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *part = list->items[i];
        if (part->kind != YAML_MAP) {
            yaml_fault(x->d, part, STR_NONE, "a part of a split needs 'share' and 'category'");
            continue;
        }
        yaml_only(x->d, part, KNOWN);
        const struct yaml_node *share = yaml_get(part, "share"),
                               *category = yaml_get(part, "category");
        if (!share || !category)
            yaml_fault(x->d, part, STR_NONE, "a part of a split needs '%s'",
                       share ? "category" : "share");
        if (share)
            read_share(x, share, &parts[i].share_ppm);
        if (category)
            (void)rules_category(x, category, &parts[i].category);
        rules_home(x, part, &parts[i]);
        total += parts[i].share_ppm;
    }
    if (x->d->errors == errors && total != 1000000) {
        char text[DEC_TEXT];
        str sum = dec_format((dec)total * (DEC_ONE / 10000), text);
        yaml_fault(x->d, list, S("Give what is left to a part with category not_ai."),
                   "the shares total %.*s %%, not 100 %%", FMT(sum));
    }
    rule->parts = parts;
    rule->n_parts = list->n;
}

/* `category: infra` with or without `ai: 35%`. */
static void read_single(struct reading *x, const struct yaml_node *map, struct rule *rule)
{
    const struct yaml_node *category = yaml_get(map, "category"), *ai = yaml_get(map, "ai");
    struct rule_part *parts = arena_new(x->b->a, struct rule_part, 2);
    parts[0].share_ppm = 1000000;
    rule->parts = parts;
    rule->n_parts = 1;
    if (!category) {
        yaml_fault(x->d, map, S("Add category: infra, talent, vendor, data, reserve or not_ai."),
                   "the rule says neither 'category' nor 'split'");
        return;
    }
    (void)rules_category(x, category, &parts[0].category);
    rules_home(x, map, &parts[0]);
    if (!ai)
        return;
    if (parts[0].category == CATEGORY_NOT_AI)
        yaml_fault(x->d, ai, STR_NONE,
                   "'ai' is a share of a row that is AI, but the category is not_ai");
    read_share(x, ai, &parts[0].share_ppm);
    if (parts[0].share_ppm < 1000000) {
        parts[1] = (struct rule_part){.share_ppm = 1000000 - parts[0].share_ppm,
                                      .category = CATEGORY_NOT_AI};
        rule->n_parts = 2;
    }
}

static void read_outcome(struct reading *x, const struct yaml_node *map, struct rule *rule,
                         struct rule_info *info)
{
    static const char *const ALONE[] = {"category", "ai", "initiative", "line"};
    const struct yaml_node *split = yaml_get(map, "split"), *sure = yaml_get(map, "confidence");
    int64_t confidence = 100;
    if (sure && rules_scalar(x->d, sure, "confidence") &&
        (!str_to_i64(sure->text, &confidence) || confidence < 0 || confidence > 100)) {
        yaml_fault(x->d, sure, S("Under 70 sends rows to review."),
                   "confidence '%.*s' is not a whole number from 0 to 100", FMT(sure->text));
        confidence = 100;
    }
    for (size_t i = 0; split && i < ARRAY_LEN(ALONE); i++)
        if (yaml_get(map, ALONE[i]))
            yaml_fault(x->d, yaml_key(map, ALONE[i]), S("Say it in the parts of the split."),
                       "'%s' and 'split' exclude each other", ALONE[i]);
    if (split)
        rules_split(x, split, rule);
    else
        read_single(x, map, rule);
    info->confidence = (uint8_t)confidence;
    info->category = rule->n_parts ? rule->parts[0].category : CATEGORY_REVIEW;
    if (confidence >= CONFIDENCE_REVIEW || !rule->n_parts)
        return;
    struct rule_part *unsure = arena_new(x->b->a, struct rule_part, rule->n_parts);
    memcpy(unsure, rule->parts, rule->n_parts * sizeof *unsure);
    for (size_t i = 0; i < rule->n_parts; i++)
        unsure[i].category = CATEGORY_REVIEW;
    rule->parts = unsure;
}

/* ---- rules ---- */

static str read_id(struct reading *x, const struct yaml_node *map)
{
    const struct yaml_node *id = yaml_get(map, "id");
    if (!id)
        return str_fmt(x->b->a, "%.*s:%u", FMT(x->file), map->line);
    if (!rules_scalar(x->d, id, "id"))
        return STR_NONE;
    if (!is_name(id->text)) {
        yaml_fault(x->d, id, S("Letters, digits, '-' and '_'."), "'%.*s' is not an id",
                   FMT(id->text));
        return STR_NONE;
    }
    bool new;
    struct map_entry *entry = map_put(&x->ids, id->text, &new);
    if (new)
        entry->num = id->line;
    else
        yaml_fault(x->d, id, STR_NONE, "the id '%.*s' is already used in line %d", FMT(id->text),
                   (int)entry->num);
    return id->text;
}

/* What every rule has: id, match, note. The outcome is read between open_rule and close_rule. */
void rules_open(struct reading *x, const struct yaml_node *map, struct rule_info *info)
{
    struct arena *a = x->b->a;
    const struct yaml_node *match = yaml_get(map, "match"), *note = yaml_get(map, "note");
    size_t most = conditions_in(match) + 1;
    x->all = arena_new(a, uint32_t, most);
    x->none = arena_new(a, uint32_t, most);
    x->ranges = arena_new(a, struct range_cond, most);
    x->n_all = x->n_none = x->n_ranges = 0;
    *info = (struct rule_info){.id = read_id(x, map), .line = map->line};
    if (match)
        read_match(x, match, false);
    else
        yaml_fault(x->d, map, STR_NONE, "the rule has no 'match'");
    if (note && rules_scalar(x->d, note, "note"))
        info->note = note->text;
}

void rules_close(struct reading *x, struct rule *rule, struct rule_info *info)
{
    rule->all = x->all;
    rule->n_all = x->n_all;
    rule->none = x->none;
    rule->n_none = x->n_none;
    rule->ranges = x->ranges;
    rule->n_ranges = x->n_ranges;
    info->text = str_dup(x->b->a, buf_str(x->text));
    rules_add(x->b, rule, info);
}

static void read_rule(struct reading *x, const struct yaml_node *map)
{
    static const char *const KNOWN[] = {"id", "match", "category",   "initiative", "line",
                                        "ai", "split", "confidence", "note",       NULL};
    if (map->kind != YAML_MAP) {
        yaml_fault(x->d, map, STR_NONE, "a rule needs 'match' and 'category' or 'split'");
        return;
    }
    yaml_only(x->d, map, KNOWN);
    struct buf text;
    buf_init(&text, 2000);
    x->text = &text;
    struct rule_info info;
    struct rule rule = {.seller = COND_NONE};
    rules_open(x, map, &info);
    read_outcome(x, map, &rule, &info);
    rules_close(x, &rule, &info);
    buf_release(&text);
}

static void read_list(struct reading *x, const struct yaml_node *list, const char *key,
                      void (*read)(struct reading *, const struct yaml_node *))
{
    if (!list || (list->kind == YAML_SCALAR && !list->text.n))
        return;
    if (list->kind != YAML_LIST)
        yaml_fault(x->d, list, STR_NONE, "'%s' must be a list, each rule behind a '-'", key);
    else if (list->n > LIMIT_RULES)
        yaml_fault(x->d, list, STR_NONE, "%zu rules are more than %u", list->n, LIMIT_RULES);
    else
        for (size_t i = 0; i < list->n; i++)
            read(x, list->items[i]);
}

static void read_allocation(struct reading *x, const struct yaml_node *list)
{
    struct rules *r = x->b->r;
    if (list->kind != YAML_LIST) {
        yaml_fault(x->d, list, S("Write allocation_tags: [team, env]"),
                   "'allocation_tags' must be a list of tag names");
        return;
    }
    if (list->n > ALLOCATION_TAGS)
        yaml_fault(x->d, list, STR_NONE, "%zu allocation tags are more than %d", list->n,
                   ALLOCATION_TAGS);
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *n = list->items[i];
        if (!rules_scalar(x->d, n, "an allocation tag"))
            continue;
        bool twice = false;
        for (size_t k = 0; k < r->n_allocation; k++)
            twice = twice || str_eq_nocase(str_of(r->allocation[k]), n->text);
        if (!n->text.n || memchr(n->text.p, 0, n->text.n))
            yaml_fault(x->d, n, STR_NONE, "the name of an allocation tag is empty");
        else if (twice)
            yaml_fault(x->d, n, STR_NONE, "allocation tag '%.*s' stands here twice", FMT(n->text));
        else if (r->n_allocation < ALLOCATION_TAGS)
            r->allocation[r->n_allocation++] = str_cstr(x->b->a, n->text);
    }
}

static void read_payees(struct reading *x, const struct yaml_node *list)
{
    struct rules *r = x->b->r;
    if (list->kind != YAML_LIST) {
        yaml_fault(x->d, list, S("Write payees: [Acme Robotics, \"*Photography*\"]"),
                   "'payees' must be a list of names to keep");
        return;
    }
    str *items = arena_new(x->b->a, str, list->n);
    for (size_t i = 0; i < list->n; i++)
        if (rules_scalar(x->d, list->items[i], "a payee") && list->items[i]->text.n)
            items[r->n_payees++] = list->items[i]->text;
    r->payees = items;
}

void rules_add_user(struct rules_builder *b, str path, str text, struct diags *d)
{
    static const char *const KNOWN[] = {"allocation_tags", "allocate", "rules", "tests", "payees",
                                        "unit_rates",
                                        "reconcile", /* app/reconcile.c */
                                        NULL};
    const struct yaml_file *file = yaml_parse(b->a, path, text, d);
    if (!file)
        return;
    struct reading x = {.b = b, .d = d, .file = path_base(path)};
    map_init(&x.ids, b->a);
    yaml_only(d, file->root, KNOWN);
    const struct yaml_node *tags = yaml_get(file->root, "allocation_tags");
    const struct yaml_node *rules = yaml_get(file->root, "rules");
    const struct yaml_node *tests = yaml_get(file->root, "tests");
    const struct yaml_node *payees = yaml_get(file->root, "payees");
    if (tags)
        read_allocation(&x, tags);
    if (payees)
        read_payees(&x, payees);
    if (yaml_get(file->root, "unit_rates"))
        rules_read_rates(b, yaml_get(file->root, "unit_rates"), d);
    read_list(&x, yaml_get(file->root, "allocate"), "allocate", rules_allocate);
    read_list(&x, rules, "rules", read_rule);
    if (tests)
        rules_read_tests(b, tests, d);
}
