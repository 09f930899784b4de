/* sobol.h - Sobol points, scrambled: few points that fill a space of many dimensions evenly.
 *
 * Directions are those of Joe and Kuo (share/sobol.txt). Scrambling is Owen's nested uniform one by
 * hashing (Burley 2020), keyed by seed and dimension: every point stays uniform by itself, different
 * seeds give independent estimates of the error, the same seed the same bytes. Points 0 to 2^k - 1
 * are a net; take powers of two. */
#ifndef ENGINE_SOBOL_H
#define ENGINE_SOBOL_H

#include "base/arena.h"

#define SOBOL_DIMENSIONS 1111u

struct sobol; /* immutable; shared by threads */

/* dimensions: 1 to SOBOL_DIMENSIONS. */
const struct sobol *sobol_new(struct arena *a, uint32_t dimensions);
/* Point `index` in one dimension, unscrambled: a fraction of 2^32. */
uint32_t sobol_raw(const struct sobol *s, uint32_t dimension, uint32_t index);
/* Points first .. first + n - 1 of one dimension, scrambled, as (x + 0.5) / 2^32 in (0, 1). */
void sobol_points(const struct sobol *s, uint32_t dimension, uint64_t seed, uint32_t first,
                  uint32_t n, double *ret);

#endif
