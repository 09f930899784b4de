/* price_math.h - prices that are no plain product: bands, commitments, cached prefixes. Exact. */
#ifndef ENGINE_PRICE_MATH_H
#define ENGINE_PRICE_MATH_H

#include "core/dec.h"

/* Marginal bands: each unit pays the price of the band that it falls in. */
struct price_band {
    dec upto;  /* of volume, inclusive; DEC_NULL: no end. Bands stand in order */
    dec price; /* per unit */
};
/* False: overflow. Volume beyond the last band's end pays the last band's price. */
MUST_CHECK bool bands_cost(const struct price_band *bands, size_t n, dec volume, dec *ret);

/* A month's cost under a commitment to k of list-price spend at a discount: k (1 - d) is owed
 * whatever happens, spend above k pays the list price. */
MUST_CHECK bool commitment_cost(dec spend, dec k, dec discount, dec *ret);

/* The k that is cheapest over months of that spend: the smallest of them that at least the share
 * `discount` of all months stays within (0 when committing never pays). */
dec best_commitment(const dec *spend, size_t n, dec discount);

/* Input of which the share `prefix` can be cached; of that, the share `hits` is read from the cache
 * and the rest written to it. The shares that a plan states, `cached` and `cache_writes`: */
struct cache_split {
    dec cached, writes;
};
MUST_CHECK bool cache_split(dec prefix, dec hits, struct cache_split *ret);
/* Money per input token unit, over all input. */
MUST_CHECK bool cached_input_price(const struct cache_split *s, dec in, dec read, dec write,
                                   dec *ret);
/* The share of hits from which on caching costs less than not caching: (write - in) / (write -
 * read). 0: always; DEC_NULL: never, or no price difference to weigh. */
dec cache_break_even(dec in, dec read, dec write);

#endif
