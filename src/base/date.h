/* date.h - calendar days and the many shapes in which bills write them.
 *
 * A `day` counts days from 1970-01-01 (proleptic Gregorian), in UTC. Nothing here reads the clock.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/base.h"
#include "base/str.h"

typedef int32_t day;
#define DAY_NONE INT32_MIN

struct civil {
    int32_t year;
    int month; /* 1-12 */
    int mday;  /* 1-31 */
};

day day_from_civil(int32_t year, int month, int mday);
struct civil day_to_civil(day d);
bool civil_is_valid(int32_t year, int month, int mday);
int days_in_month(int32_t year, int month);

/* How `4/5/2025` is meant; bills of one kind always mean the same. */
enum date_order { DATE_MDY, DATE_DMY };

/* A moment, in seconds since 1970-01-01T00:00:00Z, of any of
 *   2024-10-01   2024-10-01 00:00:00   2024-10-01T00:00:00Z   ...T00:00:00.000Z   ...+02:00
 *   2024-10-01 00:00:00.0000000   2024-10-01 00:00:00 UTC   20241001   4/1/25   04/01/2025 [time]
 *   1 Oct 2024   02 Sep 2026   Oct 1, 2024
 * A time without zone is UTC. Two-digit years are 2000-2099. Fractions of a second are dropped.
 * An hour of 24-47 rolls to the next day (the FOCUS specification's own examples hold T30:00:00Z).
 * False when it is none of these or not a real date. */
MUST_CHECK bool time_parse(str s, enum date_order order, int64_t *ret_seconds);
MUST_CHECK bool date_parse(str s, enum date_order order, day *ret);
day day_of_seconds(int64_t seconds); /* floor */

#define DATE_TEXT 16
/* "2024-10-01" */
str date_format(day d, char out[DATE_TEXT]);
/* "2024-10-01T00:00:00Z" */
#define TIME_TEXT 32
str time_format(int64_t seconds, char out[TIME_TEXT]);

#endif
