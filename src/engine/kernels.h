/* kernels.h - private to engine/: one block of trials through the steps of a program.
 *
 * kernels_body.h is compiled once per vector width; the results are the same bytes. */
#ifndef ENGINE_KERNELS_H
#define ENGINE_KERNELS_H

#include "base/base.h"

#define KERNEL_BLOCK 512
#define KERNEL_ROOM (KERNEL_BLOCK + 8) /* from one to the next: no power of two, for caches */
#define SERIES_MAX 128                 /* outputs of one step */
#define SOBOL_BITS 32

enum step_code {
    STEP_NORMAL,
    STEP_UNIFORM,
    STEP_ADD,
    STEP_SUB,
    STEP_MUL,
    STEP_DIV,
    STEP_MAX,
    STEP_LESS,
    STEP_ADD_C,  /* a + k0 */
    STEP_C_SUB,  /* k0 - a */
    STEP_MUL_C,  /* a x k0 */
    STEP_C_DIV,  /* k0 / a */
    STEP_DIV_C,  /* a / k0 */
    STEP_MAX_C,  /* max(a, k0) */
    STEP_LESS_C, /* a < k0 */
    STEP_C_LESS, /* k0 < a */
    STEP_EXP,
    STEP_LOG,
    STEP_ROUND,
    STEP_LOGISTIC,
    STEP_SLOPES,  /* k0 + a x (a < 0 ? k1 : k2) */
    STEP_BETWEEN, /* a, b at the share k0 */
    STEP_TRIANGLE,
    STEP_SUM,        /* each of the outputs += a */
    STEP_SUM_TIMES,  /* output dst += a x k0 */
    STEP_SUM_OUTPUT, /* output dst += output a */
    STEP_SERIES,     /* a, a b, a b b, ... each to the next k0 outputs, all to output dst */
    STEP_FIXED,      /* values of fixed[input] */
};

struct kernel_step {
    enum step_code code;
    uint32_t dst, a, b; /* registers; outputs of sums */
    uint32_t input;     /* of draws */
    uint32_t n_outputs; /* at most SERIES_MAX */
    const uint32_t *outputs;
    double k[3];
};

/* Where a draw of one input comes from. */
struct draw_source {
    uint64_t stream;
    uint32_t set;
    const uint32_t *directions; /* SOBOL_BITS of them, or NULL: random */
    uint32_t scramble;
};

struct frame {
    double *registers, *outputs; /* aligned to 64 bytes, KERNEL_ROOM each */
    const struct draw_source *sources;
    const double *const *fixed;
    uint64_t seed, block;
};

typedef void kernel_run(const struct kernel_step *steps, size_t n, struct frame *f);
kernel_run kernels_sse2_run, kernels_avx2_run, kernels_avx512_run;

/* The normal scores of KERNEL_BLOCK draws of 32 bits. */
void kernel_normals(const uint32_t *bits, double *ret);
/* The 32-bit draws of one block, for tests and single trials. */
void philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t ret[4]);

#endif
