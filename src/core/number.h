/* number.h - numbers as people write them in a plan.
 *
 *   185k  1.2M  3B  0.5  22%  -20%      plain numbers; no thousands separators, no exponents
 *   $0.40  €5  £3  EUR 90k              money; without a sign it is in the plan's currency
 *   9600/mo  48k/yr  12k once  6 months how it repeats, or a span of months
 *   8 to 14   10 (8 to 14)              a range, whose ends need not repeat sign and unit
 *
 * The text is checked completely; a fault says which part is wrong. */
#ifndef CORE_NUMBER_H
#define CORE_NUMBER_H

#include "base/base.h"
#include "base/str.h"
#include "core/currency.h"
#include "core/dec.h"

enum number_per { PER_NONE, PER_MONTH, PER_YEAR, PER_ONCE, PER_MONTHS };

struct number {
    double point;  /* of a bare range `lo to hi`: its median (core/dist.h) */
    double lo, hi; /* equal to point without a range */
    dec exact;     /* the point as written; DEC_NULL for a bare range */
    bool ranged, percent;
    currency currency; /* "": none written */
    enum number_per per;
};

struct number_fault {
    size_t at, n; /* the offending bytes of the text */
    char text[256], hint[160];
};

MUST_CHECK bool number_parse(str s, struct number *ret, struct number_fault *f);
/* "$", "EUR 90k" and the like: does the text start like a number at all? For better messages. */
bool number_looks(str s);

#endif
