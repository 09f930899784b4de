/* plan_diff_int.h - private to plan_diff*.c: two plans as elements, and what changes between them.
 */
#ifndef ENGINE_PLAN_DIFF_INT_H
#define ENGINE_PLAN_DIFF_INT_H

#include "engine/plan_diff.h"

/* What a plan consists of; what stands inside of something else comes behind it. */
enum element_part {
    PART_HEADER,
    PART_RESERVE,
    PART_BUFFERS,
    PART_LOADING,
    PART_FX,
    PART_DRIVER,
    PART_PRICE,
    PART_MACHINE,
    PART_ROLE,
    PART_POSITION,
    PART_CONTRACTOR,
    PART_UPSKILLING,
    PART_LEVER,
    PART_INITIATIVE,
    PART_LINE,
    PARTS,
};

enum side { OLD, NEW };

struct element {
    enum element_part part;
    str path, name;                    /* name: the key of a table's entry */
    const struct yaml_node *node[2];   /* by side; NULL: not there */
    const struct yaml_node *key[2];    /* of a table's entry */
    int section[2];                    /* of a line: index into LINE_SECTIONS */
    bool book[2];                      /* a model whose price comes from the price book */
    uint32_t parent;                   /* of a line: its initiative's element */
    uint32_t whole;                    /* the edit that swaps it as a whole, or NO_INDEX */
    struct key_edit *keys;             /* else: keys that change */
    size_t n_keys, cap_keys;
    bool forced;  /* NEW's version stands from here on: the mixture would not be a plan */
    bool omitted; /* not part of the mixture at this step */
};
struct key_edit {
    str key;
    uint32_t edit;
};

struct edit {
    uint32_t element; /* NO_INDEX: the order of levers */
    int sub;          /* order within the cause */
    uint32_t seq;     /* a step of its own, by this number; 0: it shares one with those alike */
    int group;        /* keys of one element that change together; 0: alone */
    uint32_t step;
    struct plan_change change;
};

#define DIFF_TEXT 90              /* bytes of a value in a report */
#define LIMIT_DIFF_TEXT (4u << 20) /* of it whole */
#define N_SECTIONS 6
extern const char *const LINE_SECTIONS[N_SECTIONS];

struct differ {
    struct arena *a;
    const struct plan_side *side[2];
    struct element *elements; /* by part */
    size_t n_elements, cap_elements;
    uint32_t first_of[PARTS + 1];
    struct edit *edits;
    size_t n_edits, cap_edits;
    struct edit **order; /* by step */
    uint32_t n_steps;    /* 1 to n_steps; 0 is OLD */
    uint32_t order_step; /* from here on levers stand in NEW's order; 0: it is the same */
};

/* plan_diff_tree.c: fills elements and edits. */
void find_elements(struct differ *d);
void find_edits(struct differ *d);
const struct yaml_node *node_get(const struct yaml_node *map, str key);
bool node_equal(const struct yaml_node *a, const struct yaml_node *b);
str node_text(struct arena *a, const struct yaml_node *n, size_t most);

/* plan_diff_mix.c: OLD with the changes up to a step. NULL: these cannot stand without later ones.
 */
const struct plan *mixed_plan(struct differ *d, struct arena *a, uint32_t step);

#endif
