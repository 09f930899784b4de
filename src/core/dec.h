/* dec.h - exact decimals with 18 places, as the ledger stores them: DECIMAL(38,18) in an int128.
 *
 * The value is digits / 10^18; |digits| < 10^38. Sums are exact. A product or quotient rounds
 * half-even, once. Nothing here passes through a double. */
#ifndef CORE_DEC_H
#define CORE_DEC_H

#include "base/base.h"
#include "base/str.h"

typedef i128 dec;

#define DEC_PLACES 18
#define DEC_ONE ((dec)1000000000000000000)
#define DEC_NULL ((dec)((u128)1 << 127)) /* "unknown": never a value, never zero */

enum dec_parse {
    DEC_OK,       /* exact */
    DEC_ROUNDED,  /* more than 18 decimals: rounded half-even */
    DEC_BAD,      /* not a number */
    DEC_TOO_BIG,  /* 20 or more digits before the point */
};

/* 12  -0.5  .5  5.  1e-7  1.50E+3  0.003835980000000000000000000000 (trailing zeros are exact).
 * No '+', no separators, no blanks. */
enum dec_parse dec_parse(str s, dec *ret);
/* As dec_parse, but also accepts what spreadsheets write: "$10,100.00 ", "(420.81)", "1,000",
 * a leading '+', a currency sign or code. The comma is a thousands separator only where it stands
 * in groups of three before the point. */
enum dec_parse dec_parse_loose(str s, dec *ret);

MUST_CHECK bool dec_add(dec a, dec b, dec *ret); /* false: overflow */
MUST_CHECK bool dec_mul(dec a, dec b, dec *ret); /* rounded half-even; false: overflow */
MUST_CHECK bool dec_div(dec a, dec b, dec *ret); /* rounded half-even; false: overflow or b = 0 */
/* a * num / den, one rounding half-even; false: overflow or den = 0 */
MUST_CHECK bool dec_muldiv(dec a, dec num, dec den, dec *ret);
dec dec_from_i64(int64_t v);
/* Rounded half-even to `places` decimals (0-18). */
dec dec_round(dec v, int places);
bool dec_is_null(dec v);
dec dec_or_zero(dec v); /* for sums that tell of unknown amounts apart */

#define DEC_TEXT 48
/* "-12.5": trailing zeros trimmed, no exponent; "" for DEC_NULL. */
str dec_format(dec v, char out[DEC_TEXT]);
/* Exactly `places` decimals, rounded half-even. */
str dec_format_fixed(dec v, int places, char out[DEC_TEXT]);
/* The same with thousands separators, for sentences: "-1,234.50". */
#define DEC_GROUPED_TEXT 64
str dec_format_grouped(dec v, int places, char out[DEC_GROUPED_TEXT]);
/* Nearest double; for engine/, ratios and charts only. */
double dec_to_double(dec v);

#endif
