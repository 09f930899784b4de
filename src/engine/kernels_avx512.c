/* kernels_avx512.c - the kernels for avx512. */
#define KERNEL_RUN kernels_avx512_run
#include "engine/kernels_body.h"
