/* sobol.c - Sobol points from direction numbers, and their scrambling. */
#include "engine/sobol.h"

#include "base/share.h"
#include "base/str.h"

#define BITS 32

struct sobol {
    uint32_t n;
    uint32_t (*v)[BITS]; /* by dimension: the direction of each bit of the index */
};

/* The next blank-separated number of a line of the table. */
static uint32_t next_number(str *line)
{
    uint32_t v = 0;
    while (line->n && line->p[0] == ' ')
        *line = str_sub(*line, 1, line->n);
    BUG_IF(!line->n);
    for (; line->n && line->p[0] != ' '; *line = str_sub(*line, 1, line->n))
        v = v * 10 + (uint32_t)(line->p[0] - '0');
    return v;
}

/* m_k follows from the s before it by the recurrence of the primitive polynomial. */
static void directions(str line, uint32_t v[BITS])
{
    uint32_t s = next_number(&line), a = next_number(&line);
    for (uint32_t k = 0; k < BITS; k++) {
        if (k < s) {
            v[k] = next_number(&line) << (BITS - 1 - k);
            continue;
        }
        v[k] = v[k - s] ^ (v[k - s] >> s);
        for (uint32_t j = 1; j < s; j++)
            if (a >> (s - 1 - j) & 1)
                v[k] ^= v[k - j];
    }
}

const struct sobol *sobol_new(struct arena *a, uint32_t dimensions)
{
    BUG_IF(dimensions < 1 || dimensions > SOBOL_DIMENSIONS);
    struct sobol *s = arena_new(a, struct sobol, 1);
    s->n = dimensions;
    s->v = arena_alloc(a, dimensions * sizeof *s->v);
    for (uint32_t k = 0; k < BITS; k++)
        s->v[0][k] = UINT32_C(1) << (BITS - 1 - k);
    str text = share_file("sobol.txt");
    for (uint32_t d = 1; d < dimensions;) {
        size_t end = str_find_char(text, '\n', 0);
        BUG_IF(end == SIZE_MAX);
        if (text.p[0] != '#')
            directions(str_sub(text, 0, end), s->v[d++]);
        text = str_sub(text, end + 1, text.n);
    }
    return s;
}

uint32_t sobol_raw(const struct sobol *s, uint32_t dimension, uint32_t index)
{
    uint32_t x = 0;
    BUG_IF(dimension >= s->n);
    for (uint32_t k = 0; index; k++, index >>= 1)
        if (index & 1)
            x ^= s->v[dimension][k];
    return x;
}

/* ---- scrambling ---- */

static uint32_t reversed(uint32_t x)
{
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
    return __builtin_bswap32(x);
}

/* A bit of the result depends on the bits below it alone, so on reversed bits this is a random
 * permutation of every subtree: Owen's scrambling. Constants of N. Vegdahl's variant. */
static uint32_t permuted(uint32_t x, uint32_t seed)
{
    x ^= x * 0x3d20adeau;
    x += seed;
    x *= (seed >> 16) | 1;
    x ^= x * 0x05526c56u;
    x ^= x * 0x53a22864u;
    return x;
}

static uint32_t key_of(uint64_t seed, uint32_t dimension)
{
    uint64_t z = seed + (dimension + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 16);
}

void sobol_points(const struct sobol *s, uint32_t dimension, uint64_t seed, uint32_t first,
                  uint32_t n, double *ret)
{
    uint32_t key = key_of(seed, dimension);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t x = reversed(permuted(reversed(sobol_raw(s, dimension, first + i)), key));
        ret[i] = ((double)x + 0.5) * 0x1p-32;
    }
}
