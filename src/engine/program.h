/* program.h - a computation over many trials: built as a graph once, run in blocks of 512 trials.
 *
 * A node is a number that may differ between trials. Equal nodes are one node and constants fold,
 * so whatever does not change between trials or months is computed once. Outputs are sums of nodes.
 * Every operation is plain IEEE arithmetic in a fixed order: the same bytes with any vector width.
 *
 *   struct program *p = program_new(a);
 *   node n = node_mul(p, node_exp(p, node_normal(p, stream)), node_const(p, 3));
 *   uint32_t out = program_output(p);
 *   program_sum(p, out, n);
 *   program_finish(p); */
#ifndef ENGINE_PROGRAM_H
#define ENGINE_PROGRAM_H

#include "base/arena.h"
#include "base/err.h"

#define BLOCK 512      /* trials */
#define BLOCK_ROOM 520 /* from the first trial of an output to that of the next */

typedef uint32_t node;

struct program;

struct program *program_new(struct arena *a); /* lives in a */

node node_const(struct program *p, double v);
bool node_is_const(const struct program *p, node n, double *ret);
/* Draws, independent between streams. A stream is a hash of what is drawn. */
node node_normal(struct program *p, uint64_t stream);
node node_uniform(struct program *p, uint64_t stream);
uint64_t stream_of(str path);

node node_add(struct program *p, node a, node b);
node node_sub(struct program *p, node a, node b);
node node_mul(struct program *p, node a, node b);
node node_div(struct program *p, node a, node b);
node node_max(struct program *p, node a, node b);
node node_less(struct program *p, node a, node b); /* 1 or 0 */
node node_exp(struct program *p, node a);
node node_round(struct program *p, node a);    /* halves up */
node node_logistic(struct program *p, node a); /* 1 / (1 + e^-a) */
/* base + z x (z < 0 ? below : above) */
node node_slopes(struct program *p, node z, double base, double below, double above);
/* From a to b by the share t of the way: geometric when both are positive, else linear. */
node node_between(struct program *p, node a, node b, double t);
/* The quantile of a triangular distribution at the uniform u. */
node node_triangle(struct program *p, node u, double low, double mode, double high);

uint32_t program_output(struct program *p); /* starts at 0; numbered from 0 */
void program_sum(struct program *p, uint32_t output, node n);
/* Adds an output whose sums are complete to a later one. */
void program_sum_output(struct program *p, uint32_t output, uint32_t from);
/* An output that is only handed to `visit`, not kept. */
void program_keep(struct program *p, uint32_t output, bool keep);
void program_finish(struct program *p);
uint32_t program_n_outputs(const struct program *p);
/* The same in all trials? Then *ret. */
bool program_output_is_const(const struct program *p, uint32_t output, double *ret);

/* Inputs: the draws that outputs depend on, in the order in which they were first asked for. */
uint32_t program_n_inputs(const struct program *p);
uint64_t program_input_stream(const struct program *p, uint32_t input);
bool program_uses(const struct program *p, node n); /* does any output depend on it? */
bool program_uses_input(const struct program *p, uint32_t input);

/* --- running --- */

/* A node that does not take its computed values. */
struct fixed_node {
    node n;
    const double *values; /* BLOCK of them, the same in every block */
};
struct run_block {
    uint64_t first;
    uint32_t n;
    int worker;
    const double *outputs; /* output o in trial k: outputs[o * BLOCK_ROOM + k] */
};
struct program_run {
    uint64_t seed, trials;
    int threads;                /* 0: one per processor */
    bool sobol;                 /* instead of random points */
    const uint32_t *dimensions; /* sobol: of each input; NULL: in order */
    const uint8_t *sets;        /* which of several independent draws of each input; NULL: 0 */
    const struct fixed_node *fixed;
    size_t n_fixed;
    double **kept; /* per output: room for `trials`, or NULL */
    bool kept_only;  /* outputs that are not kept may be left out: no sense with `visit` */
    bool moved_only; /* ... and so may what no fixed node moves: for differences */
    void (*visit)(void *ctx, const struct run_block *b);
    void *visit_ctx;
    const volatile bool *interrupted;
    void (*progress)(void *ctx, double share);
    void *progress_ctx;
};
MUST_CHECK bool program_run(const struct program *p, const struct program_run *r, struct err *e);

/* "sse2", "avx2" or "avx512": what this machine runs, or $OUTLAY_SIMD if the machine has it. */
const char *program_simd(void);
/* How many threads a run of so many trials takes. */
int program_threads(int asked, uint64_t trials);

#endif
