/* kernels_sse2.c - the kernels for sse2. */
#define KERNEL_RUN kernels_sse2_run
#include "engine/kernels_body.h"

void kernel_normals(const uint32_t *bits, double *ret)
{
    normal_block(bits, ret);
}
