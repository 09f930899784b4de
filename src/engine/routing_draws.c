/* routing_draws.c - the random numbers of routing: Philox, keyed by what they are for. */
#include "engine/routing_int.h"

#include <math.h>

#include "core/mathfn.h"
#include "engine/kernels.h"

/* Both draws of the call that number `index` is of. The last word keeps these counters apart from
 * those of a simulation with the same seed. */
static void call_of(uint64_t seed, uint64_t stream, uint64_t index, uint64_t ret[2])
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    const uint64_t call = index >> 1;
    const uint32_t counter[4] = {(uint32_t)call, (uint32_t)(call >> 32), (uint32_t)stream,
                                 0x726f7574u ^ (uint32_t)(stream >> 32)};
    uint32_t out[4];
    philox4x32(counter, key, out);
    ret[0] = (uint64_t)out[1] << 32 | out[0];
    ret[1] = (uint64_t)out[3] << 32 | out[2];
}

uint64_t draw_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint64_t both[2];
    call_of(seed, stream, index, both);
    return both[index & 1];
}

uint64_t draw_next(struct draws *d)
{
    uint64_t index = d->next++;
    if (index & 1)
        return d->call[1];
    call_of(d->seed, d->stream, index, d->call);
    return d->call[0];
}

double draw_normal(struct draws *d)
{
    for (;;) { /* Marsaglia's polar method; the second of the pair is dropped */
        double x = 2 * draw_unit(draw_next(d)) - 1;
        double y = 2 * draw_unit(draw_next(d)) - 1;
        double r = x * x + y * y;
        if (r > 0 && r < 1)
            return x * sqrt(-2 * math_log(r) / r);
    }
}

/* Marsaglia and Tsang. */
double draw_gamma(struct draws *d, double shape)
{
    double k = shape - 1.0 / 3, c = 1 / sqrt(9 * k);
    for (;;) {
        double x = draw_normal(d), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (math_log(draw_unit(draw_next(d))) < 0.5 * x * x + k - k * v + k * math_log(v))
            return k * v;
    }
}
