/* yaml.h - the strict subset of YAML the book is written in, with a place for every node.
 *
 * Maps, lists, one-line {} and [], comments, quoted and plain one-line scalars. No anchors,
 * aliases, tags, merge keys, multiple documents, block scalars (| and >) or tabs outside comments
 * and quotes. Every scalar is text: its meaning comes from its key. In a one-line map, text may
 * hold commas: {do: Review, explain, owner: x}. Duplicate keys are faults. All faults are
 * collected, not just the first. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml_node {
    enum yaml_kind kind;
    str text; /* YAML_SCALAR: the value, unquoted; an absent value is empty and not quoted */
    bool quoted;
    bool bad; /* its syntax is at fault and reported already: say nothing more about it */
    struct yaml_pair *pairs;  /* YAML_MAP, in file order */
    struct yaml_node **items; /* YAML_LIST */
    size_t n;
    uint32_t line, column, width; /* of the node's start, from 1; width of its first line */
    const struct yaml_file *file;
};

struct yaml_pair {
    struct yaml_node *key; /* a scalar */
    struct yaml_node *value;
};

struct yaml_file {
    str path; /* as the user named it */
    str text;
    struct yaml_node *root; /* a map; an empty file gives an empty map */
    const uint32_t *line_starts;
    size_t n_lines;
};

/* Parses text; faults go to d. NULL when nothing usable is left. Lives in a. */
struct yaml_file *yaml_parse(struct arena *a, str path, str text, struct diags *d);
/* The value of a key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
const struct yaml_node *yaml_key(const struct yaml_node *map, const char *key); /* its key node */
struct diag_place yaml_place(const struct yaml_node *n);
/* A fault at a node: diags_add with its place, source line and underline. */
void yaml_fault(struct diags *d, const struct yaml_node *n, str hint, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void yaml_warn(struct diags *d, const struct yaml_node *n, str hint, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* Faults for every key of map that is not listed (NULL-terminated), with a did-you-mean. */
void yaml_only(struct diags *d, const struct yaml_node *map, const char *const *known);

#endif
