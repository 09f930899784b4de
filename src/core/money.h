/* money.h - an amount in a currency: whole micros, checked, with rounding named by the caller.
 *
 * An amount is micros / 10^6 of its currency; the range is about +-9.2 * 10^12 units. A fault
 * (overflow, two currencies, unknown) rides inside the value and survives every operation, so a sum
 * is checked once, at its end. A double becomes money through money_from_double and nowhere else.
 */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H

#include "base/base.h"
#include "base/str.h"
#include "core/currency.h"
#include "core/dec.h"

enum money_fault { MONEY_GOOD, MONEY_UNKNOWN, MONEY_OVERFLOW, MONEY_MIXED };

typedef struct money {
    int64_t micros;
    currency currency;
    uint8_t fault; /* enum money_fault; micros mean nothing unless MONEY_GOOD */
} money;

#define MICROS 1000000
#define CENT_MICROS 10000

enum rounding { ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN /* towards zero */ };

money money_of(int64_t micros, currency c);
money money_zero(currency c);
money money_unknown(currency c);
bool money_is_good(money a);
const char *money_fault_text(money a); /* "too large", "two currencies", "unknown", or NULL */

money money_add(money a, money b);
money money_sub(money a, money b);
money money_neg(money a);
/* a * num / den, rounded once to whole micros; den = 0 is an overflow. */
money money_ratio(money a, int64_t num, int64_t den, enum rounding r);
/* Rounded to a multiple of unit_micros (CENT_MICROS: cents). */
money money_round(money a, int64_t unit_micros, enum rounding r);
/* Order of two good amounts of one currency; anything else is a bug. */
int money_cmp(money a, money b);

/* Parts of `whole` in proportion to weights (>= 0, not all 0), each a multiple of unit_micros, that
 * sum to whole exactly: largest remainder, ties to the earlier part. whole must itself be a
 * multiple of the unit. */
void money_split(money whole, const int64_t *weights, size_t n, int64_t unit_micros,
                 money *ret_parts);

/* The amount rounded half-even to the cent, once. Not finite or too large: MONEY_OVERFLOW. */
money money_from_double(double amount, currency c);
double money_to_double(money a); /* for ratios and charts; a fault gives NaN */
dec money_to_dec(money a);       /* a fault gives DEC_NULL */
/* Rounded half-even to whole micros. DEC_NULL gives MONEY_UNKNOWN. */
money money_from_dec(dec v, currency c);

#define MONEY_TEXT 48
/* "-1234.50": exactly `places` (0-6) decimals, half-even; "?" for a fault. */
str money_format(money a, int places, char out[MONEY_TEXT]);

#endif
