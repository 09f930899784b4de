/* kernels_avx2.c - the kernels for avx2. */
#define KERNEL_RUN kernels_avx2_run
#include "engine/kernels_body.h"
