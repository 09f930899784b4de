/* sobol.h - directions of Sobol's sequence, one dimension for each draw. */
#ifndef ENGINE_SOBOL_H
#define ENGINE_SOBOL_H

#include "engine/kernels.h"

#define SOBOL_DIMENSIONS 256

/* ret[b]: what bit b of the point's number flips. */
void sobol_directions(uint32_t dimension, uint32_t ret[SOBOL_BITS]);
/* The key of a dimension's scramble. */
uint32_t sobol_scramble(uint64_t seed, uint64_t stream);

#endif
