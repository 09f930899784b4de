/* money.c - fixed-point amounts with one rounding per operation. */
#include "core/money.h"

#include <math.h>

money money_of(int64_t micros, currency c)
{
    return (money){micros, c, MONEY_GOOD};
}

money money_zero(currency c)
{
    return money_of(0, c);
}

money money_unknown(currency c)
{
    return (money){0, c, MONEY_UNKNOWN};
}

static money overflow(currency c)
{
    return (money){0, c, MONEY_OVERFLOW};
}

bool money_is_good(money a)
{
    return a.fault == MONEY_GOOD;
}

const char *money_fault_text(money a)
{
    static const char *const texts[] = {NULL, "unknown", "too large", "two currencies"};
    return texts[a.fault];
}

money money_add(money a, money b)
{
    if (a.fault)
        return a;
    if (b.fault)
        return b;
    if (!currency_eq(a.currency, b.currency))
        return (money){0, a.currency, MONEY_MIXED};
    int64_t sum;
    if (__builtin_add_overflow(a.micros, b.micros, &sum))
        return overflow(a.currency);
    return money_of(sum, a.currency);
}

money money_neg(money a)
{
    if (a.fault)
        return a;
    return a.micros == INT64_MIN ? overflow(a.currency) : money_of(-a.micros, a.currency);
}

money money_sub(money a, money b)
{
    return money_add(a, money_neg(b));
}

/* v / den rounded; den > 0 */
static i128 divide(i128 v, i128 den, enum rounding r)
{
    i128 q = v / den, rest = v % den;
    i128 twice = (rest < 0 ? -rest : rest) * 2;
    bool away = r == ROUND_HALF_EVEN ? twice > den || (twice == den && (q & 1))
                : r == ROUND_HALF_UP ? twice >= den
                                     : false;
    return away ? q + (v < 0 ? -1 : 1) : q;
}

static money fit(i128 micros, currency c)
{
    return micros > INT64_MAX || micros < INT64_MIN ? overflow(c) : money_of((int64_t)micros, c);
}

money money_ratio(money a, int64_t num, int64_t den, enum rounding r)
{
    if (a.fault)
        return a;
    if (!den)
        return overflow(a.currency);
    i128 v = (i128)a.micros * num, d = den;
    return fit(d < 0 ? divide(-v, -d, r) : divide(v, d, r), a.currency);
}

money money_round(money a, int64_t unit_micros, enum rounding r)
{
    BUG_IF(unit_micros <= 0);
    return a.fault ? a : fit(divide(a.micros, unit_micros, r) * unit_micros, a.currency);
}

int money_cmp(money a, money b)
{
    BUG_IF(a.fault || b.fault || !currency_eq(a.currency, b.currency));
    return (a.micros > b.micros) - (a.micros < b.micros);
}

void money_split(money whole, const int64_t *weights, size_t n, int64_t unit_micros,
                 money *ret_parts)
{
    if (whole.fault) {
        for (size_t i = 0; i < n; i++)
            ret_parts[i] = whole;
        return;
    }
    i128 sum = 0;
    for (size_t i = 0; i < n; i++) {
        BUG_IF(weights[i] < 0);
        sum += weights[i];
    }
    BUG_IF(sum <= 0 || unit_micros <= 0 || whole.micros % unit_micros);
    int64_t units = whole.micros / unit_micros, sign = units < 0 ? -1 : 1, left = units * sign;
    int64_t given = 0;
    for (size_t i = 0; i < n; i++) { /* remainders are recomputed below rather than stored */
        int64_t part = (int64_t)((i128)left * weights[i] / sum);
        given += part;
        ret_parts[i] = money_of(part, whole.currency);
    }
    for (int64_t k = left - given; k > 0; k--) { /* fewer than n */
        size_t best = n;
        i128 most = -1;
        for (size_t i = 0; i < n; i++) {
            i128 rest = (i128)left * weights[i] - (i128)ret_parts[i].micros * sum;
            if (rest > most) {
                most = rest;
                best = i;
            }
        }
        ret_parts[best].micros++;
    }
    for (size_t i = 0; i < n; i++)
        ret_parts[i].micros *= sign * unit_micros;
}

money money_from_double(double amount, currency c)
{
    double cents = rint(amount * 100); /* the rounding mode is to nearest, ties to even */
    if (!(fabs(cents) < 9e14))
        return overflow(c);
    return money_of((int64_t)cents * CENT_MICROS, c);
}

double money_to_double(money a)
{
    return a.fault ? NAN : (double)a.micros / MICROS;
}

dec money_to_dec(money a)
{
    return a.fault ? DEC_NULL : (dec)a.micros * (DEC_ONE / MICROS);
}

money money_from_dec(dec v, currency c)
{
    return dec_is_null(v) ? money_unknown(c) : fit(divide(v, DEC_ONE / MICROS, ROUND_HALF_EVEN), c);
}

str money_format(money a, int places, char out[MONEY_TEXT])
{
    static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    BUG_IF(places < 0 || places > 6);
    if (a.fault) {
        memcpy(out, "?", 2);
        return (str){out, 1};
    }
    uint64_t v =
        (uint64_t)divide(a.micros < 0 ? -(i128)a.micros : a.micros, units[places], ROUND_HALF_EVEN);
    char digits[MONEY_TEXT];
    size_t n = 0, at = 0;
    bool minus = a.micros < 0 && v;
    for (; v || (int)n <= places; v /= 10) {
        if (places && (int)n == places)
            digits[at++] = '.';
        digits[at++] = (char)('0' + v % 10);
        n++;
    }
    if (minus)
        digits[at++] = '-';
    for (size_t i = 0; i < at; i++)
        out[i] = digits[at - 1 - i];
    out[at] = '\0';
    return (str){out, at};
}
