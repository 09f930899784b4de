/* order_stats.c - selection by buckets: three passes over the values, then small sorts. */
#include "engine/order_stats.h"

#include <math.h>
#include <stdlib.h>

#define BUCKETS 2048
#define SMALL 48

static void insertion_sort(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1] > x; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

static inline uint32_t bucket_of(double v, double lo, double scale, uint32_t n_buckets)
{
    double at = (v - lo) * scale;
    return at >= n_buckets - 1 ? n_buckets - 1 : (uint32_t)at;
}

/* Few buckets for few values: the work stays in proportion. */
static uint32_t buckets_for(size_t n)
{
    uint32_t k = BUCKETS;
    while (k > 16 && k > n)
        k /= 2;
    return k;
}

/* What one bucket of values still has to tell. */
struct job {
    size_t base; /* ranks count from here */
    const size_t *ranks;
    size_t n_ranks;
    double *ret;
};

/* The buckets that hold wanted ranks are gathered in `to` and looked at again, with `v` (or what it
 * was gathered in) as their room: two buffers of n are enough for any depth. */
static void select_ranks(const double *v, size_t n, struct job j, double *to,
                         double *other) /* NOLINT(misc-no-recursion) */
{
    uint32_t count[BUCKETS] = {0}, place[BUCKETS];
    double lo = v[0], hi = v[0];
    for (size_t i = 0; i < n; i++) {
        lo = v[i] < lo ? v[i] : lo;
        hi = v[i] > hi ? v[i] : hi;
    }
    if (n <= SMALL) {
        memcpy(to, v, n * sizeof *v);
        insertion_sort(to, n);
        for (size_t r = 0; r < j.n_ranks; r++)
            j.ret[r] = to[j.ranks[r] - j.base];
        return;
    }
    uint32_t n_buckets = buckets_for(n);
    double scale = n_buckets / (hi - lo);
    if (!(hi > lo) || !(scale < INFINITY)) { /* all alike, to the last bits */
        for (size_t r = 0; r < j.n_ranks; r++)
            j.ret[r] = lo;
        return;
    }
    for (size_t i = 0; i < n; i++)
        count[bucket_of(v[i], lo, scale, n_buckets)]++;
    size_t before = j.base, r = 0;
    uint32_t at = 0;
    for (uint32_t b = 0; b < n_buckets; before += count[b++]) {
        bool wanted = r < j.n_ranks && j.ranks[r] < before + count[b];
        place[b] = wanted ? at : UINT32_MAX;
        at += wanted ? count[b] : 0;
        while (r < j.n_ranks && j.ranks[r] < before + count[b])
            r++;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t *p = &place[bucket_of(v[i], lo, scale, n_buckets)];
        if (*p != UINT32_MAX)
            to[(*p)++] = v[i];
    }
    at = 0;
    before = j.base;
    r = 0;
    for (uint32_t b = 0; b < n_buckets; before += count[b++]) {
        if (place[b] == UINT32_MAX)
            continue;
        size_t first = r;
        while (r < j.n_ranks && j.ranks[r] < before + count[b])
            r++;
        select_ranks(to + at, count[b],
                     (struct job){before, j.ranks + first, r - first, j.ret + first}, other + at,
                     to + at);
        at += count[b];
    }
}

void order_stats(const double *v, size_t n, const size_t *ranks, size_t n_ranks, double *ret,
                 double *scratch)
{
    select_ranks(v, n, (struct job){0, ranks, n_ranks, ret}, scratch, scratch + n);
}

struct quantile_ranks quantile_ranks(size_t n, double p)
{
    double at = (double)(n - 1) * p;
    size_t below = (size_t)at;
    return (struct quantile_ranks){below, MIN(below + 1, n - 1), at - (double)below};
}

struct keyed {
    uint64_t key; /* rises with the value */
    uint32_t i;
};

static uint64_t key_of(double v)
{
    union {
        double d;
        uint64_t u;
    } x = {.d = v == 0 ? 0 : v}; /* zeros are equal */
    return x.u >> 63 ? ~x.u : x.u | (uint64_t)1 << 63;
}

/* By radix, 11 bits at a time: equal keys keep their order. */
static struct keyed *sort_keys(struct keyed *k, struct keyed *other, size_t n)
{
    for (int shift = 0; shift < 64; shift += 11) {
        size_t place[2048] = {0}, at = 0;
        for (size_t i = 0; i < n; i++)
            place[k[i].key >> shift & 2047]++;
        if (n && place[k[0].key >> shift & 2047] == n)
            continue;
        for (size_t b = 0; b < ARRAY_LEN(place); b++) {
            size_t here = place[b];
            place[b] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            other[place[k[i].key >> shift & 2047]++] = k[i];
        struct keyed *sorted = other;
        other = k;
        k = sorted;
    }
    return k;
}

void average_ranks(const double *v, size_t n, double *ret)
{
    struct keyed *room = malloc((2 * n + 1) * sizeof *room), *k;
    BUG_IF(!room || n > UINT32_MAX);
    for (size_t i = 0; i < n; i++)
        room[i] = (struct keyed){key_of(v[i]), (uint32_t)i};
    k = sort_keys(room, room + n, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && k[end].key == k[i].key; end++)
            ;
        for (size_t m = i; m < end; m++)
            ret[k[m].i] = (double)(i + end + 1) / 2;
    }
    free(room);
}

double correlation(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mx += x[i];
        my += y[i];
    }
    mx /= (double)n;
    my /= (double)n;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xx > 0 && yy > 0 ? xy / (sqrt(xx) * sqrt(yy)) : 0;
}
