/* rules_int.h - compiled rules, as the files that build and apply them share them.
 *
 * A condition is a list of patterns over a list of fields and holds when any pattern matches any of
 * them; equal conditions are one. A rule holds when all of `all` and none of `none` hold and its
 * ranges do. Which conditions a text satisfies depends on field and text alone, so it is memoized;
 * ranges are asked row by row. */
#ifndef INGEST_RULES_INT_H
#define INGEST_RULES_INT_H

#include "base/map.h"
#include "base/yaml.h"
#include "ingest/classify.h"
#include "ingest/matcher.h"

/* What conditions look at: the text columns, the currency, and tags by name. */
enum { FIELD_CURRENCY = SPEND_TEXTS, FIELD_TAGS, RULE_TAGS = 64, FIELDS = FIELD_TAGS + RULE_TAGS };

#define COND_NONE UINT32_MAX
#define RULE_NONE UINT32_MAX
#define RULES_REGEXES 1000 /* of one rules file: each costs compile time */

struct cond {
    str name; /* as written: "service", "tag.team" */
    const uint8_t *fields;
    size_t n_fields;
    const struct pattern *patterns;
    size_t n_patterns;
};

enum range_field {
    RANGE_BILLED,
    RANGE_EFFECTIVE,
    RANGE_LIST,
    RANGE_QUANTITY,
    RANGE_DAY,
    RANGE_PERIOD,
    RANGE_FIELDS
};

struct range {
    bool has_from, has_to, above /* from itself is out */, below /* to itself is out */;
    i128 from, to; /* dec, day or month */
};
struct range_cond {
    enum range_field field;
    bool negate;
    const struct range *any;
    size_t n;
    str text;
};

struct rule_part {
    uint32_t share_ppm;
    enum category category; /* what the row becomes: review when the rule is not sure */
    str initiative, line;
};

struct rule {
    const uint32_t *all, *none;
    size_t n_all, n_none;
    uint32_t seller; /* condition on provider or publisher that rows naming neither also pass */
    const struct range_cond *ranges;
    size_t n_ranges;
    const struct rule_part *parts;
    size_t n_parts;
    uint8_t rank; /* built-in: order among equally confident ones, lower first */
    /* shares by month: then behind the parts stands one more, for months without shares */
    const struct allocation_month *months;
    size_t n_months;
    bool by_month;
};

/* What a test of rules.yaml may expect, in the order of TEST_KEYS (rules_test.c). */
enum {
    EXPECT_CATEGORY,
    EXPECT_RULE,
    EXPECT_INITIATIVE,
    EXPECT_LINE,
    EXPECT_CONFIDENCE,
    EXPECT_AI,
    EXPECTS
};

/* A test embedded in rules.yaml. */
struct rule_test {
    const struct yaml_node *expect[EXPECTS]; /* NULL: not asked */
    struct spend_row row;
};

struct rules {
    struct rule *items; /* the user's, then the built-in ones */
    struct rule_info *infos;
    size_t n, n_user;
    struct cond *conds;
    size_t n_conds;
    uint32_t has_seller;                    /* holds when provider or publisher is named */
    const struct matcher *matchers[FIELDS]; /* NULL: no rule looks at that field */
    str tag_names[RULE_TAGS];
    size_t n_tags;
    const char *allocation[ALLOCATION_TAGS + 1];
    size_t n_allocation;
    const str *payees;
    size_t n_payees;
    const struct unit_rate *unit_rates;
    size_t n_unit_rates;
    char digest[65];
    const struct rule_test *tests;
    size_t n_tests;
    struct allocation *allocations;
    size_t n_allocations;
};

/* ---- building (rules.c) ---- */

struct rules_builder {
    struct arena *a;
    struct rules *r;
    struct map conds; /* canonical text of a condition -> its number */
    size_t cap_conds, cap_rules, cap_infos;
};

/* Field numbers a name stands for: a column, a group of columns ("vendor"), "tag.NAME". False: no
 * such name, or too many tags (*ret_full). */
bool rules_fields(struct rules_builder *b, str name, uint8_t ret[SPEND_TEXTS], size_t *ret_n,
                  bool *ret_full);
const char *const *rules_field_names(size_t *ret_n); /* of columns and groups, for hints */
uint32_t rules_cond(struct rules_builder *b, str name, const uint8_t *fields, size_t n_fields,
                    const struct pattern *patterns, size_t n_patterns);
void rules_add(struct rules_builder *b, const struct rule *rule, const struct rule_info *info);
/* Patterns a provider's name stands for, or NULL: "AWS" is also "Amazon Web Services, Inc.". */
const char *const *rules_provider_alias(str name);

/* rules_compile, with or without the built-in rules. */
MUST_CHECK bool rules_build(struct arena *a, str user_path, str user_yaml, bool builtin,
                            struct diags *d, struct rules **ret, struct err *e);
bool rules_add_builtin(struct rules_builder *b, struct err *e); /* rules_builtin.c */
void rules_add_user(struct rules_builder *b, str path, str text,
                    struct diags *d); /* rules_user.c */
void rules_read_tests(struct rules_builder *b, const struct yaml_node *list, struct diags *d);
void rules_read_rates(struct rules_builder *b, const struct yaml_node *list,
                      struct diags *d); /* rules_rates.c */
/* A range as rules.yaml writes it: ">= 100", "10..20", "2026-01..2026-06". */
bool rules_range_parse(enum range_field field, str text, struct range *ret);
bool rules_range_field(str name, enum range_field *ret);
const char *rules_range_name(enum range_field field);

/* ---- applying ---- */

bool rule_ranges_hold(const struct rule *rule, const struct spend_row *row);
str rules_row_text(const struct spend_row *row, size_t field); /* not of tags */
bool share_parse(str text, uint32_t *ret_ppm);                 /* "35%", "33.3333%" */

/* Pairs of a flat JSON object of tags (rules_tags.c). Text is raw: tags_unescape when `escaped`. */
struct tag_pair {
    str key, value; /* null gives an empty value */
    bool key_escaped, value_escaped;
};
bool tags_next(str *rest, struct tag_pair *ret); /* rest starts as the object; false: no more */
/* Writes the plain text (never longer than s) to `to`. */
size_t tags_unescape(str s, char *to);
/* The value of one tag, found as rules find it; lives in a or in json. */
str tags_value(struct arena *a, str json, str name);

#endif
