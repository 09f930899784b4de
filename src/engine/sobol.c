/* sobol.c - directions of Sobol's sequence from the table of Joe and Kuo. */
#include "engine/sobol.h"

#include "engine/sobol_table.h"

static uint32_t degree_of(uint32_t polynomial)
{
    return 31 - (uint32_t)__builtin_clz(polynomial);
}

void sobol_directions(uint32_t dimension, uint32_t ret[SOBOL_BITS])
{
    BUG_IF(dimension >= SOBOL_DIMENSIONS);
    if (dimension == 0) {
        for (uint32_t b = 0; b < SOBOL_BITS; b++)
            ret[b] = 1u << (31 - b);
        return;
    }
    const uint16_t *at = SOBOL_TABLE;
    while (--dimension)
        at += 1 + degree_of(at[0]);
    uint32_t polynomial = at[0], degree = degree_of(polynomial);
    for (uint32_t b = 0; b < SOBOL_BITS; b++) {
        if (b < degree) {
            ret[b] = (uint32_t)at[1 + b] << (31 - b);
            continue;
        }
        ret[b] = ret[b - degree] ^ (ret[b - degree] >> degree);
        for (uint32_t k = 1; k < degree; k++)
            if (polynomial >> (degree - k) & 1)
                ret[b] ^= ret[b - k];
    }
}

uint32_t sobol_scramble(uint64_t seed, uint64_t stream)
{
    const uint32_t counter[4] = {0, UINT32_MAX, (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    philox4x32(counter, key, out);
    return out[0];
}
