/* sim_int.h - private to engine/: from a plan to a program, and what it draws. */
#ifndef ENGINE_SIM_INT_H
#define ENGINE_SIM_INT_H

#include "engine/expand.h"
#include "engine/program.h"
#include "engine/world.h"

/* One thing that is drawn: a key's range, or a risk. Keys with the same path are one. */
struct variable {
    str path;
    node z;     /* its normal score; of a risk: uniform, it happens below its chance */
    node shown; /* what is correlated with the total: the score, or 1 when the risk happens */
    bool risk;
};

struct variables {
    struct variable *items;
    size_t n, cap;
};

/* Normal scores of all ranged quantities, `together` applied. ret_z: per quantity; lives in a. */
MUST_CHECK bool draw_scores(struct arena *a, struct program *prog, const struct plan *p,
                            struct variables *ret, node **ret_z, struct err *e);

struct compiled_line {
    node months[PLAN_MONTHS_MAX];
    bool costs; /* anything at all */
};
struct compiled_shortfall {
    str path; /* "levers.ID:shortfall" */
    uint32_t lever, initiative;
    enum category category;
    int32_t month;
    node amount;
};

struct compiled_plan {
    struct program *prog;
    const struct expansion *point;
    struct compiled_line *lines; /* as point->lines */
    struct compiled_shortfall *shortfalls;
    size_t n_shortfalls;
    struct variables variables;
};

/* The plan's lines under c as nodes. */
MUST_CHECK bool compile_plan(struct arena *a, const struct plan *p, const struct circumstances *c,
                             bool no_risks, struct compiled_plan *ret, struct err *e);

#endif
