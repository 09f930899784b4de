/* routing_int.h - private to routing_*.c: numbers drawn and what its files share. */
#ifndef ENGINE_ROUTING_INT_H
#define ENGINE_ROUTING_INT_H

#include "engine/routing.h"

/* routing_draws.c: Philox4x32-10 with the seed as key. A call gives two draws of 64 bits, so that
 * draw number `index` of a stream is a function of (seed, stream, index) alone. */
uint64_t draw_bits(uint64_t seed, uint64_t stream, uint64_t index);

static inline double draw_unit(uint64_t bits) /* 0 < u < 1 */
{
    return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

/* A sequence of draws of one stream, from number `next` on, which is even at the start. */
struct draws {
    uint64_t seed, stream, next;
    uint64_t call[2]; /* both draws of the last call; the second is next when `next` is odd */
};
uint64_t draw_next(struct draws *d);
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

#endif
