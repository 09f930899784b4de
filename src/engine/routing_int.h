/* routing_int.h - private to routing_*.c: numbers drawn and what its files share. */
#ifndef ENGINE_ROUTING_INT_H
#define ENGINE_ROUTING_INT_H

#include "engine/routing.h"

/* Counter-based draws: a function of (seed, stream, index) alone. */
static inline uint64_t draw_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + stream * 0xd1b54a32d192ed03u + index;
    for (int round = 0; round < 2; round++) { /* splitmix64's finalizer, twice */
        x += 0x9e3779b97f4a7c15u;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        x ^= x >> 31;
    }
    return x;
}

static inline double draw_unit(uint64_t bits) /* 0 < u < 1 */
{
    return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

/* A sequence of draws of one stream. */
struct draws {
    uint64_t seed, stream, next;
};
double draw_normal(struct draws *d);
double draw_gamma(struct draws *d, double shape); /* shape >= 1, scale 1 */

/* routing_frontier.c: hulls, steps and the path, once options, cells, loss, cost, share and
 * reference_quality of f are filled in. */
void fit_frontier(struct arena *a, struct routing_fit *f);

struct tally_cell {
    double n;
    double reference_quality, reference_cost; /* sums */
    double cheap_gain;                        /* sum of quality(reference) - quality(cheap) */
    double cheap_cost, cheap_quality;
};
struct tally_option {
    double loss, plus, minus, squares, cost, quality; /* sums over the cell's rows */
};
struct routing_tally {
    const struct routing_fit *fit;
    const struct routing_evals *evals;
    const uint32_t *rows;
    size_t n_rows;
    const struct tally_cell *cells;
    const struct tally_option *options; /* n_cells x n_options; only those on hulls are filled */
};

/* Share and cost weight of prompts that an option takes from the reference alone. */
static inline bool option_is_reference(const struct routing_fit *f, uint32_t option)
{
    return option == f->settings->reference;
}

double normal_score(double confidence); /* one-sided */

#endif
