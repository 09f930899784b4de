/* rules.c - building the compiled rules: conditions told apart once, patterns into matchers. */
#include "ingest/rules_int.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/share.h"

/* Part of the digest: raised when the same rules would place a row differently than before. */
#define RULES_SEMANTICS "outlay rules 1"

/* ---- names ---- */

static const struct {
    const char *name;
    uint8_t fields[6];
    size_t n;
} GROUPS[] = {
    {"vendor", {SPEND_PROVIDER, SPEND_PUBLISHER, SPEND_SERVICE, SPEND_DESCRIPTION}, 4},
    {"instance", {SPEND_METER, SPEND_RESOURCE_TYPE, SPEND_DESCRIPTION, SPEND_SKU_DETAILS}, 4},
    {"item", {SPEND_METER, SPEND_DESCRIPTION}, 2},
    {"provider", {SPEND_PROVIDER, SPEND_PUBLISHER}, 2},
    {"currency", {FIELD_CURRENCY}, 1},
};

static const char *const ALIASES[][7] = {
    {"AWS", "AWS *", "Amazon", "Amazon Web Services*", "Amazon.com*", "Amazon AWS*", NULL},
    {"Azure", "Azure *", "Microsoft*", "MSFT", NULL},
    {"GCP", "Google*", NULL},
};

/* What a user may write for the groups above. */
static const struct {
    const char *name;
    size_t alias;
} ALIAS_NAMES[] = {
    {"AWS", 0},   {"Amazon", 0},    {"Amazon Web Services", 0},
    {"Azure", 1}, {"Microsoft", 1}, {"Microsoft Azure", 1},
    {"GCP", 2},   {"Google", 2},    {"Google Cloud", 2},
};

const char *const *rules_provider_alias(str name)
{
    for (size_t i = 0; i < ARRAY_LEN(ALIAS_NAMES); i++)
        if (str_eq_nocase(name, str_of(ALIAS_NAMES[i].name)))
            return ALIASES[ALIAS_NAMES[i].alias];
    return NULL;
}

/* Columns that rules write, and so cannot ask for. */
static bool is_result(enum spend_text t)
{
    return t == SPEND_INITIATIVE || t == SPEND_LINE || t == SPEND_RULE || t == SPEND_PRICE_ID;
}

const char *const *rules_field_names(size_t *ret_n)
{
    static const char *const NAMES[] = {
        "provider",
        "publisher",
        "service",
        "service_code",
        "service_category",
        "service_subcategory",
        "sku",
        "meter",
        "sku_details",
        "description",
        "account",
        "sub_account",
        "resource",
        "resource_type",
        "region",
        "unit",
        "charge_category",
        "charge_class",
        "commitment",
        "tags",
        "model",
        "tier",
        "currency",
        "project",
        "usage_type",
        "vendor",
        "instance",
        "item",
        "billed",
        "effective",
        "list",
        "quantity",
        "day",
        "period",
        "not",
    };
    *ret_n = ARRAY_LEN(NAMES);
    return NAMES;
}

static bool tag_field(struct rules_builder *b, str name, uint8_t *ret, bool *ret_full)
{
    struct rules *r = b->r;
    size_t i = 0;
    while (i < r->n_tags && !str_eq_nocase(r->tag_names[i], name))
        i++;
    if (i == r->n_tags) {
        if ((*ret_full = r->n_tags == RULE_TAGS))
            return false;
        r->tag_names[r->n_tags++] = name;
    }
    *ret = (uint8_t)(FIELD_TAGS + i);
    return true;
}

bool rules_fields(struct rules_builder *b, str name, uint8_t ret[SPEND_TEXTS], size_t *ret_n,
                  bool *ret_full)
{
    *ret_full = false;
    if (str_starts(name, S("tag.")) && name.n > 4) {
        *ret_n = 1;
        return tag_field(b, str_sub(name, 4, name.n), ret, ret_full);
    }
    for (size_t i = 0; i < ARRAY_LEN(GROUPS); i++) {
        if (str_eq(name, str_of(GROUPS[i].name))) {
            memcpy(ret, GROUPS[i].fields, GROUPS[i].n);
            *ret_n = GROUPS[i].n;
            return true;
        }
    }
    enum spend_text t;
    if (!spend_text_parse(name, &t) || is_result(t))
        return false;
    ret[0] = (uint8_t)t;
    *ret_n = 1;
    return true;
}

/* ---- building ---- */

uint32_t rules_cond(struct rules_builder *b, str name, const uint8_t *fields, size_t n_fields,
                    const struct pattern *patterns, size_t n_patterns)
{
    size_t bytes = n_fields + 1;
    for (size_t i = 0; i < n_patterns; i++)
        bytes += patterns[i].text.n + 1;
    char *key = arena_new(b->a, char, bytes);
    memcpy(key, fields, n_fields);
    size_t n = n_fields;
    key[n++] = (char)(unsigned char)0xff;
    for (size_t i = 0; i < n_patterns; i++) {
        if (patterns[i].text.n)
            memcpy(key + n, patterns[i].text.p, patterns[i].text.n);
        n += patterns[i].text.n;
        key[n++] = 0;
    }
    bool new;
    struct map_entry *entry = map_put(&b->conds, (str){key, n}, &new);
    if (new) {
        entry->num = (int64_t)b->r->n_conds;
        uint8_t *kept = arena_new(b->a, uint8_t, n_fields);
        memcpy(kept, fields, n_fields);
        b->r->conds =
            arena_grow(b->a, b->r->conds, sizeof *b->r->conds, &b->cap_conds, b->r->n_conds + 1);
        b->r->conds[b->r->n_conds++] = (struct cond){
            .name = name,
            .fields = kept,
            .n_fields = n_fields,
            .patterns = patterns,
            .n_patterns = n_patterns,
        };
    }
    return (uint32_t)entry->num;
}

void rules_add(struct rules_builder *b, const struct rule *rule, const struct rule_info *info)
{
    struct rules *r = b->r;
    r->items = arena_grow(b->a, r->items, sizeof *r->items, &b->cap_rules, r->n + 1);
    r->infos = arena_grow(b->a, r->infos, sizeof *r->infos, &b->cap_infos, r->n + 1);
    r->items[r->n] = *rule;
    r->infos[r->n++] = *info;
}

/* "some provider or publisher is named" */
static void add_has_seller(struct rules_builder *b)
{
    static const uint8_t FIELDS_OF[] = {SPEND_PROVIDER, SPEND_PUBLISHER};
    struct pattern *any = arena_new(b->a, struct pattern, 1);
    size_t at;
    const char *why;
    BUG_IF(!pattern_parse(b->a, S("*"), any, &at, &why));
    b->r->has_seller = rules_cond(b, S("provider"), FIELDS_OF, 2, any, 1);
}

static bool build_matchers(struct rules_builder *b, struct err *e)
{
    struct rules *r = b->r;
    size_t counts[FIELDS] = {0};
    for (size_t c = 0; c < r->n_conds; c++)
        for (size_t f = 0; f < r->conds[c].n_fields; f++)
            counts[r->conds[c].fields[f]] += r->conds[c].n_patterns;
    for (size_t f = 0; f < FIELDS; f++) {
        if (!counts[f])
            continue;
        struct matcher_item *items = arena_new(b->a, struct matcher_item, counts[f]);
        size_t n = 0;
        for (size_t c = 0; c < r->n_conds; c++) {
            const struct cond *cond = &r->conds[c];
            if (!memchr(cond->fields, (int)f, cond->n_fields))
                continue;
            for (size_t p = 0; p < cond->n_patterns; p++)
                items[n++] = (struct matcher_item){&cond->patterns[p], (uint32_t)c};
        }
        struct matcher *m;
        if (!matcher_new(b->a, items, n, &m, e))
            return err_wrap(e, "rules");
        r->matchers[f] = m;
    }
    return true;
}

static void digest(struct rules *r, str user)
{
    struct sha256 h;
    sha256_init(&h);
    sha256_add(&h, S(RULES_SEMANTICS "\n"));
    str builtin = share_file("ai_services.csv");
    char size[32];
    snprintf(size, sizeof size, "%zu\n", builtin.n);
    sha256_add(&h, str_of(size));
    sha256_add(&h, builtin);
    sha256_add(&h, user);
    sha256_end(&h, r->digest);
}

static bool read_user(struct rules_builder *b, struct arena *a, str path, str yaml, struct diags *d,
                      struct err *e)
{
    *b = (struct rules_builder){.a = a, .r = arena_new(a, struct rules, 1)};
    map_init(&b->conds, a);
    add_has_seller(b);
    size_t errors = d->errors;
    rules_add_user(b, path, yaml, d);
    return d->errors == errors || diags_to_err(d, e);
}

bool rules_build(struct arena *a, str user_path, str user_yaml, bool builtin, struct diags *d,
                 struct rules **ret, struct err *e)
{
    struct rules_builder b;
    if (!read_user(&b, a, user_path, user_yaml, d, e))
        return false;
    b.r->n_user = b.r->n;
    if ((builtin && !rules_add_builtin(&b, e)) || !build_matchers(&b, e))
        return false;
    digest(b.r, user_yaml);
    *ret = b.r;
    return true;
}

bool rules_compile(struct arena *a, str user_path, str user_yaml, struct diags *d,
                   struct rules **ret, struct err *e)
{
    return rules_build(a, user_path, user_yaml, true, d, ret, e);
}

bool rules_read_allocation_tags(struct arena *a, str user_path, str user_yaml, struct diags *d,
                                const char *const **ret, struct err *e)
{
    struct rules_builder b;
    if (!read_user(&b, a, user_path, user_yaml, d, e))
        return false;
    *ret = rules_allocation_tags(b.r);
    return true;
}

/* ---- asking ---- */

const struct rule_info *rules_items(const struct rules *r, size_t *ret_n)
{
    *ret_n = r->n;
    return r->infos;
}

struct allocation *rules_allocations(struct rules *r, size_t *ret_n)
{
    *ret_n = r->n_allocations;
    return r->allocations;
}

void rules_set_shares(struct arena *arena, struct rules *r, const struct allocation *a)
{
    struct rule *rule = &r->items[a->rule];
    BUG_IF(!rule->by_month || a->n_targets > SPLIT_MOST);
    struct rule_part *parts = arena_new(arena, struct rule_part, a->n_targets + 1);
    for (size_t i = 0; i < a->n_targets; i++)
        parts[i] = (struct rule_part){.category = a->targets[i].category,
                                      .initiative = a->targets[i].initiative,
                                      .line = a->targets[i].line};
    parts[a->n_targets] = (struct rule_part){.share_ppm = 1000000, .category = CATEGORY_REVIEW};
    rule->parts = parts;
    rule->n_parts = a->n_targets;
    rule->months = a->months;
    rule->n_months = a->n_months;
}

const char *const *rules_allocation_tags(const struct rules *r)
{
    return r->allocation;
}

const str *rules_payees(const struct rules *r, size_t *ret_n)
{
    *ret_n = r->n_payees;
    return r->payees;
}

const struct unit_rate *rules_unit_rates(const struct rules *r, size_t *ret_n)
{
    *ret_n = r->n_unit_rates;
    return r->unit_rates;
}

void rules_each_pattern(const struct rules *r, void *ctx, void (*each)(void *ctx, str pattern))
{
    for (size_t c = 0; c < r->n_conds; c++)
        for (size_t p = 0; p < r->conds[c].n_patterns; p++)
            each(ctx, r->conds[c].patterns[p].text);
}

str rules_digest(const struct rules *r)
{
    return str_of(r->digest);
}

str rules_row_text(const struct spend_row *row, size_t field)
{
    if (field == FIELD_CURRENCY)
        return currency_str(&row->currency);
    BUG_IF(field >= SPEND_TEXTS);
    return row->text[field];
}
