/* month.c - months, spans and fiscal labels. */
#include "core/month.h"

month month_of(int32_t year, int m)
{
    return year * 12 + m - 1;
}

month month_of_day(day d)
{
    struct civil c = day_to_civil(d);
    return month_of(c.year, c.month);
}

static int32_t year_of(month m)
{
    return m >= 0 ? m / 12 : (m - 11) / 12;
}

day month_first_day(month m)
{
    return day_from_civil(year_of(m), (int)(m - year_of(m) * 12) + 1, 1);
}

day month_last_day(month m)
{
    return month_first_day(m + 1) - 1;
}

static bool number(str *s, size_t least, size_t most, int32_t *ret)
{
    size_t n = 0;
    int32_t v = 0;
    while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    *s = str_sub(*s, n, s->n);
    *ret = v;
    return n >= least;
}

bool month_parse(str s, month *ret)
{
    int32_t y, m;
    if (!number(&s, 4, 4, &y) || !s.n || s.p[0] != '-')
        return false;
    s = str_sub(s, 1, s.n);
    if (!number(&s, 1, 2, &m) || s.n || m < 1 || m > 12 || y < 1)
        return false;
    *ret = month_of(y, (int)m);
    return true;
}

str month_format(month m, char out[MONTH_TEXT])
{
    int32_t y = year_of(m);
    int n = snprintf(out, MONTH_TEXT, "%04d-%02d", (int)y, (int)(m - y * 12) + 1);
    return (str){out, (size_t)MIN(n, MONTH_TEXT - 1)};
}

str month_format_name(month m, char out[MONTH_TEXT])
{
    static const char names[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t y = year_of(m);
    int n = snprintf(out, MONTH_TEXT, "%s %d", names[m - y * 12], (int)y);
    return (str){out, (size_t)MIN(n, MONTH_TEXT - 1)};
}

bool month_span_parse(str s, int fiscal_start, struct month_span *ret)
{
    size_t dots = str_find(s, S(".."), 0);
    if (dots != SIZE_MAX) {
        struct month_span a, b;
        if (!month_span_parse(str_sub(s, 0, dots), fiscal_start, &a) ||
            !month_span_parse(str_sub(s, dots + 2, s.n), fiscal_start, &b) || b.to < a.from)
            return false;
        *ret = (struct month_span){a.from, b.to};
        return true;
    }
    month m;
    if (month_parse(s, &m)) {
        *ret = (struct month_span){m, m};
        return true;
    }
    bool fiscal = str_starts_nocase(s, S("FY"));
    if (fiscal)
        s = str_sub(s, 2, s.n);
    int32_t y;
    size_t before = s.n;
    if (!number(&s, 2, 4, &y) || before - s.n == 3 || (!fiscal && before - s.n != 4))
        return false;
    y += y < 100 ? 2000 : 0;
    if (y < 1)
        return false;
    month first = fiscal ? month_of(fiscal_start == 1 ? y : y - 1, fiscal_start) : month_of(y, 1);
    if (!s.n) {
        *ret = (struct month_span){first, first + 11};
        return true;
    }
    int32_t q;
    if (s.n != 3 || s.p[0] != '-' || (s.p[1] | 32) != 'q')
        return false;
    s = str_sub(s, 2, 3);
    if (!number(&s, 1, 1, &q) || q < 1 || q > 4)
        return false;
    *ret = (struct month_span){first + 3 * (q - 1), first + 3 * (q - 1) + 2};
    return true;
}
