/* month.h - a calendar month as one number, and fiscal labels. */
#ifndef CORE_MONTH_H
#define CORE_MONTH_H

#include "base/date.h"

/* Months since year 0: year * 12 + (month - 1). 2026-07 is 24318. */
typedef int32_t month;
#define MONTH_NONE INT32_MIN

month month_of(int32_t year, int m); /* m 1-12 */
month month_of_day(day d);
day month_first_day(month m);
day month_last_day(month m);
/* "2026-07" or "2026-7", nothing else. */
MUST_CHECK bool month_parse(str s, month *ret);
#define MONTH_TEXT 16
str month_format(month m, char out[MONTH_TEXT]);      /* "2026-07" */
str month_format_name(month m, char out[MONTH_TEXT]); /* "Jul 2026" */

struct month_span {
    month from, to; /* inclusive */
};
/* 2026 (calendar year)  2026-07  2026-Q3 (calendar)  FY2027  FY27-Q2  2026-01..2026-06
 * `fiscal_start` is the first month (1-12) of a fiscal year; FY2027 is the one that ends in 2027.
 */
MUST_CHECK bool month_span_parse(str s, int fiscal_start, struct month_span *ret);

#endif
