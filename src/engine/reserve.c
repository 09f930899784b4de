/* reserve.c - the reserve solved as a share of the total, and shares that add up. */
#include "engine/expand_int.h"

/* reserve = planned x s / (1 - s), rounded half-even to the cent */
money reserve_of(money planned, dec share)
{
    const int64_t unit = 1000000000;
    int64_t s = (int64_t)(share / (DEC_ONE / unit));
    /* in whole cents, so that there is one rounding */
    money cents = money_of(planned.micros / CENT_MICROS, planned.currency);
    if (planned.fault)
        return planned;
    money r = money_ratio(cents, s, unit - s, ROUND_HALF_EVEN);
    return money_ratio(r, CENT_MICROS, 1, ROUND_HALF_EVEN);
}

void permille_split(const money *parts, size_t n, int32_t *ret)
{
    int64_t weights[16];
    money split[16];
    i128 sum = 0;
    BUG_IF(n > ARRAY_LEN(weights));
    for (size_t i = 0; i < n; i++) {
        weights[i] = parts[i].fault ? 0 : MAX(parts[i].micros, (int64_t)0);
        sum += weights[i];
    }
    if (sum > 0)
        money_split(money_of(1000, parts[0].currency), weights, n, 1, split);
    for (size_t i = 0; i < n; i++)
        ret[i] = sum > 0 ? (int32_t)split[i].micros : 0;
}
