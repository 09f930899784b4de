/* test_price_math.c - bands, commitments and cached prefixes against counting step by step. */
#include "engine/price_math.h"

#include "test.h"

enum { VOLUMES = 10000 };
static const dec CENT = DEC_ONE / 100;

/* The same numbers at every run. */
static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void bands_equal_a_walk_in_cents(void **state)
{
    static const struct price_band sets[][4] = {
        {{DEC_ONE * 10, DEC_ONE * 3}, {DEC_ONE * 40, DEC_ONE * 2}, {DEC_NULL, DEC_ONE * 3 / 2}},
        {{DEC_ONE * 25 / 2, 0},
         {DEC_ONE * 50, DEC_ONE / 4},
         {DEC_ONE * 80, DEC_ONE / 3},
         {DEC_NULL, DEC_ONE}},
        {{DEC_NULL, DEC_ONE * 7 / 100}},
    };
    static const size_t sizes[] = {3, 4, 1};
    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
        dec walked = 0;
        for (int i = 0; i < VOLUMES; i++) {
            dec from = i * CENT, cost, step;
            size_t k = 0;
            assert_true(bands_cost(sets[s], sizes[s], from, &cost));
            dec off = cost - walked; /* a third is rounded once per step */
            assert_true(off <= i && -off <= i);
            while (!dec_is_null(sets[s][k].upto) && from >= sets[s][k].upto)
                k++;
            assert_true(dec_mul(CENT, sets[s][k].price, &step));
            walked += step;
        }
    }
}

static void a_volume_at_a_band_s_end_and_no_volume(void **state)
{
    const struct price_band bands[] = {{DEC_ONE, DEC_ONE}, {DEC_ONE * 2, 2 * DEC_ONE}};
    static const struct {
        int volume, cost;
    } rows[] = {{0, 0}, {1, 1}, {2, 3}, {3, 5}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        dec cost;
        assert_true(bands_cost(bands, 2, rows[i].volume * DEC_ONE, &cost));
        assert_true(cost == rows[i].cost * DEC_ONE);
    }
}

static dec year_at(const dec *spend, size_t n, dec k, dec discount)
{
    dec sum = 0, month;
    for (size_t i = 0; i < n; i++) {
        assert_true(commitment_cost(spend[i], k, discount, &month));
        sum += month;
    }
    return sum;
}

/* Every commitment from nothing to more than the dearest month, a cent at a time. */
static void the_best_commitment_equals_trying_all(void **state)
{
    static const int discounts[] = {1, 6, 17, 36, 50, 75, 99};
    uint64_t seed = 7;
    (void)state;
    for (size_t t = 0; t < 3 * ARRAY_LEN(discounts); t++) {
        dec spend[12], discount = discounts[t % ARRAY_LEN(discounts)] * CENT;
        size_t n = t % 3 ? 12 : 5;
        for (size_t i = 0; i < n; i++)
            spend[i] = (dec)(next(&seed) % VOLUMES) * CENT;
        dec best = year_at(spend, n, best_commitment(spend, n, discount), discount);
        for (int k = 0; k <= VOLUMES; k++)
            assert_true(year_at(spend, n, k * CENT, discount) >= best);
    }
}

static void a_commitment_costs_what_is_owed_and_what_is_more(void **state)
{
    (void)state;
    for (int i = 0; i < VOLUMES; i++) { /* 0.00 to 99.99 against 50 at 20 % */
        dec cost, spend = i * CENT;
        assert_true(commitment_cost(spend, 50 * DEC_ONE, 20 * CENT, &cost));
        assert_true(cost == 40 * DEC_ONE + (i > 5000 ? (i - 5000) * CENT : 0));
    }
    assert_true(best_commitment(NULL, 0, CENT) == 0);
}

/* 10,000 requests, each of which reads its prefix from the cache or writes it. */
static void a_cached_prefix_equals_counting_requests(void **state)
{
    static const struct {
        int in, prefix;            /* tokens */
        int hits;                  /* of 10,000 */
        int p_in, p_read, p_write; /* cents per million tokens */
    } rows[] = {{5000, 4000, 8300, 300, 30, 375},
                {1000, 1000, 1, 300, 30, 375},
                {3200, 0, 5000, 100, 10, 125},
                {2400, 600, 10000, 100, 50, 100}};
    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(rows); t++) {
        dec counted = 0, price, cost;
        for (int i = 0; i < VOLUMES; i++) { /* cents per million x tokens */
            int per = i < rows[t].hits ? rows[t].p_read : rows[t].p_write;
            counted += (rows[t].in - rows[t].prefix) * rows[t].p_in + rows[t].prefix * per;
        }
        struct cache_split split;
        assert_true(cache_split(rows[t].prefix * DEC_ONE / rows[t].in,
                                rows[t].hits * DEC_ONE / VOLUMES, &split));
        assert_true(cached_input_price(&split, rows[t].p_in * CENT, rows[t].p_read * CENT,
                                       rows[t].p_write * CENT, &price));
        assert_true(dec_mul(price, (dec)rows[t].in * VOLUMES * DEC_ONE, &cost));
        assert_true(dec_round(cost, 6) == counted * CENT);
    }
}

static void caching_pays_from_the_break_even_on(void **state)
{
    static const struct {
        int in, read, write;
    } prices[] = {{300, 30, 375}, {100, 10, 125}, {300, 30, 600}, {40, 10, 40}, {100, 100, 125}};
    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(prices); t++) {
        dec in = prices[t].in * CENT, read = prices[t].read * CENT, write = prices[t].write * CENT;
        dec even = cache_break_even(in, read, write), price;
        for (int h = 0; h <= VOLUMES; h++) {
            struct cache_split split;
            dec hits = h * DEC_ONE / VOLUMES;
            assert_true(cache_split(DEC_ONE, hits, &split));
            assert_true(cached_input_price(&split, in, read, write, &price));
            bool pays = price <= in;
            assert_true(pays == (!dec_is_null(even) && hits >= even));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_equal_a_walk_in_cents),
        cmocka_unit_test(a_volume_at_a_band_s_end_and_no_volume),
        cmocka_unit_test(the_best_commitment_equals_trying_all),
        cmocka_unit_test(a_commitment_costs_what_is_owed_and_what_is_more),
        cmocka_unit_test(a_cached_prefix_equals_counting_requests),
        cmocka_unit_test(caching_pays_from_the_break_even_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
