/* rules_reading.h - what the files that read rules.yaml share. */
#ifndef INGEST_RULES_READING_H
#define INGEST_RULES_READING_H

#include "ingest/rules_int.h"

/* What one rule is read into. */
struct reading {
    struct rules_builder *b;
    struct diags *d;
    str file;       /* name of the rules file */
    struct map ids; /* rule id -> its line */
    size_t regexes;
    uint32_t *all, *none;
    size_t n_all, n_none;
    struct range_cond *ranges;
    size_t n_ranges;
    struct buf *text; /* what the rule matches, for rule_info */
    size_t cap_allocations;
};

/* "Did you mean ...?" in out, or empty. */
str rules_near(str wrong, const char *const *known, size_t n, char out[128]);
bool rules_scalar(struct diags *d, const struct yaml_node *n, const char *what);
bool rules_category(struct reading *x, const struct yaml_node *n, enum category *ret);
/* `initiative` and `line` of a rule or part. */
void rules_home(struct reading *x, const struct yaml_node *map, struct rule_part *part);
/* Parts with fixed shares that total 100 %. */
void rules_split(struct reading *x, const struct yaml_node *list, struct rule *rule);
/* What every rule has: id, match, note. Its outcome is read between the two. */
void rules_open(struct reading *x, const struct yaml_node *map, struct rule_info *info);
void rules_close(struct reading *x, struct rule *rule, struct rule_info *info);
/* One entry of `allocate:`. */
void rules_allocate(struct reading *x, const struct yaml_node *map);

#endif
