/* kernels_sse2.c - the kernels for sse2. */
#define KERNEL_RUN kernels_sse2_run
#include "engine/kernels_body.h"
