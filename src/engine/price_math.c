/* price_math.c - prices that are no plain product: bands, commitments, cached prefixes. */
#include "engine/price_math.h"

#include <stdlib.h>
#include <string.h>

bool bands_cost(const struct price_band *bands, size_t n, dec volume, dec *ret)
{
    dec sum = 0, from = 0, part;
    for (size_t i = 0; i < n && volume > from; i++) {
        bool last = i + 1 == n || dec_is_null(bands[i].upto);
        dec to = last ? volume : MIN(volume, bands[i].upto);
        if (to <= from)
            continue;
        if (!dec_mul(to - from, bands[i].price, &part) || !dec_add(sum, part, &sum))
            return false;
        from = to;
    }
    *ret = sum;
    return true;
}

bool commitment_cost(dec spend, dec k, dec discount, dec *ret)
{
    const struct price_band above[] = {{k, 0}, {DEC_NULL, DEC_ONE}};
    dec owed, more;
    if (!dec_mul(MAX(k, (dec)0), DEC_ONE - discount, &owed) ||
        !bands_cost(above, ARRAY_LEN(above), spend, &more))
        return false;
    return dec_add(owed, more, ret);
}

static int by_size(const void *va, const void *vb)
{
    const dec *a = va, *b = vb;
    return (*a > *b) - (*a < *b);
}

/* Committing one more unit costs (1 - d) in every month and saves 1 in those that spend beyond it.
 */
dec best_commitment(const dec *spend, size_t n, dec discount)
{
    if (!n || discount <= 0)
        return 0;
    dec *sorted = malloc(n * sizeof *sorted);
    if (!sorted)
        abort();
    memcpy(sorted, spend, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_size);
    size_t i = 0;
    while (i + 1 < n && (dec)(i + 1) * DEC_ONE < discount * (dec)n)
        i++;
    dec k = MAX(sorted[i], (dec)0);
    free(sorted);
    return k;
}

bool cache_split(dec prefix, dec hits, struct cache_split *ret)
{
    return dec_mul(prefix, hits, &ret->cached) && dec_mul(prefix, DEC_ONE - hits, &ret->writes);
}

bool cached_input_price(const struct cache_split *s, dec in, dec read, dec write, dec *ret)
{
    dec plain, cached, written;
    return dec_mul(DEC_ONE - s->cached - s->writes, in, &plain) &&
           dec_mul(s->cached, read, &cached) && dec_mul(s->writes, write, &written) &&
           dec_add(plain, cached, &plain) && dec_add(plain, written, ret);
}

dec cache_break_even(dec in, dec read, dec write)
{
    dec share;
    if (write <= in)
        return read <= in ? 0 : DEC_NULL;
    if (read > in || !dec_div(write - in, write - read, &share))
        return DEC_NULL;
    return share;
}
