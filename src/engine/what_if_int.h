/* what_if_int.h - private to what_if*.c: where in a plan's tree a path leads. */
#ifndef ENGINE_WHAT_IF_INT_H
#define ENGINE_WHAT_IF_INT_H

#include "engine/what_if.h"
#include "plan/schema.h"

/* One value: a key of a map, there or not yet. */
struct place {
    struct yaml_node *map;
    str key;
    enum field_kind kind;
};
struct places {
    struct place *items;
    size_t n, cap;
    bool scales; /* a whole line or model: it takes a factor only */
};

struct setter {
    struct arena *a;
    const struct plan *p;         /* as it was */
    const struct plan_options *o; /* may be NULL */
    struct yaml_node *root;       /* a tree of our own */
    const struct yaml_file *file; /* of nodes that are added */
    struct err *e;
};

/* what_if_path.c: false with e when the path names nothing. */
bool find_places(struct setter *s, str path, struct places *ret);

/* what_if.c */
struct yaml_node *new_node(struct setter *s, enum yaml_kind kind, str text);
struct yaml_node *child(const struct yaml_node *map, str key); /* NULL: not there */
void set_child(struct setter *s, struct yaml_node *map, str key, struct yaml_node *value);
void remove_child(struct yaml_node *map, str key);

#endif
