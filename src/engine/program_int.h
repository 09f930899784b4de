/* program_int.h - private to engine/: the inside of a program, for building and running it. */
#ifndef ENGINE_PROGRAM_INT_H
#define ENGINE_PROGRAM_INT_H

#include "engine/kernels.h"
#include "engine/program.h"

#define NODE_NONE UINT32_MAX
#define NODE_CONST 1000 /* beyond enum step_code */

struct program_node {
    int code;
    node a, b; /* NODE_NONE: none */
    double k[3];
    uint64_t stream;
    uint32_t next; /* in its bucket, + 1 */
};
struct program_output {
    double base; /* its constant part */
    bool varies, keep;
};
struct program_sum {
    uint32_t output;
    node n;        /* or NODE_NONE: */
    uint32_t from; /* an output */
};

struct program {
    struct arena *a;
    struct program_node *nodes;
    uint32_t n_nodes;
    uint32_t *buckets;
    size_t n_buckets, cap_nodes;
    node *inputs;
    uint32_t n_inputs;
    size_t cap_inputs;
    struct program_output *outputs;
    uint32_t n_outputs;
    size_t cap_outputs;
    struct program_sum *sums;
    size_t n_sums, cap_sums;
    /* when finished */
    struct kernel_step *steps;
    size_t n_steps, cap_steps;
    uint32_t n_registers;
    uint32_t *step_of; /* per node: its step + 1, or 0 */
};

/* The steps that lead to kept outputs; moved_only: by sums of what depends on a fixed node, all
 * other sums count as nothing. */
const struct kernel_step *program_slice(struct arena *a, const struct program *p,
                                        const struct kernel_step *steps, double *const *kept,
                                        bool moved_only, size_t *ret_n);

#endif
