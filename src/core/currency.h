/* currency.h - ISO 4217 codes. */
#ifndef CORE_CURRENCY_H
#define CORE_CURRENCY_H

#include "base/base.h"
#include "base/str.h"

typedef struct currency {
    char code[4]; /* "USD", NUL-terminated; "" is none */
} currency;

/* Any ISO 4217 code, in either case; virtual currencies (credits, tokens) are not codes. */
MUST_CHECK bool currency_parse(str s, currency *ret);
bool currency_eq(currency a, currency b);
str currency_str(const currency *c);
/* What a reader expects in front of an amount: "$", "EUR ", ... */
const char *currency_sign(currency c);

#endif
