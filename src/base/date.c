/* date.c - calendar arithmetic and the date shapes of bills. */
#include "base/date.h"

day day_from_civil(int32_t year, int month, int mday)
{
    int32_t y = month <= 2 ? year - 1 : year;
    int32_t era = (y >= 0 ? y : y - 399) / 400;
    int32_t yoe = y - era * 400;
    int32_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
    int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct civil day_to_civil(day d)
{
    int32_t z = d + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t doe = z - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

int days_in_month(int32_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_is_valid(int32_t year, int month, int mday)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && mday >= 1 &&
           mday <= days_in_month(year, month);
}

day day_of_seconds(int64_t seconds)
{
    int64_t d = seconds / 86400;
    return (day)(seconds % 86400 < 0 ? d - 1 : d);
}

/* Between min and max digits at *s, moved past. */
static bool digits(str *s, size_t min, size_t max, int32_t *ret)
{
    size_t n = 0;
    int32_t v = 0;
    while (n < s->n && n < max && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n < min || (n < s->n && s->p[n] >= '0' && s->p[n] <= '9'))
        return false;
    *s = str_sub(*s, n, s->n);
    *ret = v;
    return true;
}

static bool eat(str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

static void eat_spaces(str *s)
{
    while (eat(s, ' '))
        ;
}

static bool month_name(str *s, int32_t *ret)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (s->n < 3)
        return false;
    for (int m = 0; m < 12; m++) {
        if (!str_eq_nocase(str_sub(*s, 0, 3), (str){names + 3 * m, 3}))
            continue;
        size_t n = 3;
        while (n < s->n && ((s->p[n] | 32) >= 'a' && (s->p[n] | 32) <= 'z'))
            n++;
        *s = str_sub(*s, n, s->n);
        *ret = m + 1;
        return true;
    }
    return false;
}

static bool parse_day(str *s, enum date_order order, int32_t *y, int32_t *m, int32_t *d)
{
    str at = *s;
    if (digits(&at, 4, 4, y)) { /* 2024-10-01 or 2024/10/01 */
        char sep = at.n ? at.p[0] : 0;
        *s = at;
        return (sep == '-' || sep == '/') && eat(s, sep) && digits(s, 1, 2, m) && eat(s, sep) &&
               digits(s, 1, 2, d);
    }
    at = *s;
    int32_t packed;
    if (digits(&at, 8, 8, &packed)) { /* 20241001 */
        *s = at;
        *y = packed / 10000, *m = packed / 100 % 100, *d = packed % 100;
        return true;
    }
    at = *s;
    if (month_name(&at, m)) { /* Oct 1, 2024 */
        *s = at;
        eat_spaces(s);
        if (!digits(s, 1, 2, d))
            return false;
        eat(s, ',');
        eat_spaces(s);
        return digits(s, 4, 4, y);
    }
    int32_t first;
    if (!digits(s, 1, 2, &first))
        return false;
    at = *s;
    if (at.n && (at.p[0] == ' ' || at.p[0] == '-')) { /* 02 Sep 2026, 2-Sep-2026 */
        char sep = at.p[0];
        *s = str_sub(at, 1, at.n);
        *d = first;
        return month_name(s, m) && eat(s, sep) && digits(s, 4, 4, y);
    }
    int32_t second;
    if (!eat(s, '/') || !digits(s, 1, 2, &second) || !eat(s, '/'))
        return false;
    *m = order == DATE_MDY ? first : second;
    *d = order == DATE_MDY ? second : first;
    at = *s;
    if (digits(&at, 4, 4, y)) {
        *s = at;
        return true;
    }
    if (!digits(s, 2, 2, y))
        return false;
    *y += 2000;
    return true;
}

static bool parse_zone(str *s, int32_t *ret_minutes)
{
    *ret_minutes = 0;
    eat_spaces(s);
    if (!s->n || eat(s, 'Z') || eat(s, 'z'))
        return true;
    if (str_eq_nocase(*s, S("UTC")) || str_eq_nocase(*s, S("GMT"))) {
        *s = STR_NONE;
        return true;
    }
    int32_t sign = s->p[0] == '-' ? -1 : 1, hours, minutes = 0;
    if (!eat(s, '+') && !eat(s, '-'))
        return false;
    str at = *s;
    int32_t packed;
    if (digits(&at, 4, 4, &packed)) {
        *s = at;
        hours = packed / 100, minutes = packed % 100;
    } else if (!digits(s, 2, 2, &hours) || (eat(s, ':') && !digits(s, 2, 2, &minutes))) {
        return false;
    }
    if (hours > 14 || minutes > 59)
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    return true;
}

static bool parse_clock(str *s, int64_t *ret_seconds)
{
    int32_t h, m, sec = 0;
    if (!digits(s, 1, 2, &h) || !eat(s, ':') || !digits(s, 2, 2, &m))
        return false;
    if (eat(s, ':')) {
        if (!digits(s, 2, 2, &sec))
            return false;
        if (eat(s, '.') || eat(s, ',')) {
            int32_t any;
            if (!digits(s, 1, 9, &any))
                return false;
        }
    }
    str at = *s;
    eat_spaces(&at);
    if (at.n >= 2 && (at.p[1] | 32) == 'm' && ((at.p[0] | 32) == 'a' || (at.p[0] | 32) == 'p')) {
        if (h < 1 || h > 12)
            return false;
        h = h % 12 + ((at.p[0] | 32) == 'p' ? 12 : 0);
        *s = str_sub(at, 2, at.n);
    }
    if (h > 47 || m > 59 || sec > 60)
        return false;
    *ret_seconds = h * 3600 + m * 60 + sec;
    return true;
}

/* 2024-10-01T22:00:00Z and 2024-10-01 22:00:00, the shapes of nearly every row, without branches on
 * alternatives; false means "take the long way". */
static bool time_parse_usual(str s, int64_t *ret)
{
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    const char *p = s.p;
    unsigned v[14];
    static const int at[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    int n = s.n == 10 ? 8 : 14;
    if (n == 14 && (s.n < 19 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':' ||
                    !(s.n == 19 || (s.n == 20 && p[19] == 'Z'))))
        return false;
    unsigned bad = 0;
    for (int i = 0; i < n; i++) {
        v[i] = (unsigned char)p[at[i]] - (unsigned)'0';
        bad |= v[i] > 9;
    }
    int32_t y = (int32_t)(v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3]);
    int m = (int)(v[4] * 10 + v[5]), d = (int)(v[6] * 10 + v[7]);
    if (bad || !civil_is_valid(y, m, d))
        return false;
    int64_t clock = 0;
    if (n == 14) {
        unsigned hh = v[8] * 10 + v[9], mm = v[10] * 10 + v[11], ss = v[12] * 10 + v[13];
        if (hh > 23 || mm > 59 || ss > 59)
            return false;
        clock = (int64_t)(hh * 3600 + mm * 60 + ss);
    }
    *ret = (int64_t)day_from_civil(y, m, d) * 86400 + clock;
    return true;
}

bool time_parse(str s, enum date_order order, int64_t *ret_seconds)
{
    if (time_parse_usual(s, ret_seconds))
        return true;
    s = str_trim(s);
    int32_t y, m, d, zone = 0;
    int64_t clock = 0;
    if (!parse_day(&s, order, &y, &m, &d) || !civil_is_valid(y, (int)m, (int)d))
        return false;
    if (s.n) {
        if (!eat(&s, 'T') && !eat(&s, ' '))
            return false;
        eat_spaces(&s);
        if (!parse_clock(&s, &clock) || !parse_zone(&s, &zone) || s.n)
            return false;
    }
    *ret_seconds = (int64_t)day_from_civil(y, (int)m, (int)d) * 86400 + clock - zone * 60;
    return true;
}

bool date_parse(str s, enum date_order order, day *ret)
{
    int64_t seconds;
    if (!time_parse(s, order, &seconds))
        return false;
    *ret = day_of_seconds(seconds);
    return true;
}

str date_format(day d, char out[DATE_TEXT])
{
    struct civil c = day_to_civil(d);
    int n = snprintf(out, DATE_TEXT, "%04d-%02d-%02d", (int)c.year, c.month, c.mday);
    return (str){out, (size_t)MIN(n, DATE_TEXT - 1)};
}

str time_format(int64_t seconds, char out[TIME_TEXT])
{
    char date[DATE_TEXT];
    day d = day_of_seconds(seconds);
    int64_t clock = seconds - (int64_t)d * 86400;
    date_format(d, date);
    int n = snprintf(out, TIME_TEXT, "%sT%02d:%02d:%02dZ", date, (int)(clock / 3600),
                     (int)(clock / 60 % 60), (int)(clock % 60));
    return (str){out, (size_t)n};
}
