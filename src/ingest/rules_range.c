/* rules_range.c - ranges of amounts and dates, and shares, as rules.yaml writes them. */
#include "ingest/rules_int.h"

static const char *const NAMES[RANGE_FIELDS] = {
    [RANGE_BILLED] = "billed", [RANGE_EFFECTIVE] = "effective",
    [RANGE_LIST] = "list",     [RANGE_QUANTITY] = "quantity",
    [RANGE_DAY] = "day",       [RANGE_PERIOD] = "period",
};

const char *rules_range_name(enum range_field field)
{
    return NAMES[field];
}

bool rules_range_field(str name, enum range_field *ret)
{
    for (int i = 0; i < RANGE_FIELDS; i++) {
        if (str_eq(name, str_of(NAMES[i]))) {
            *ret = (enum range_field)i;
            return true;
        }
    }
    return false;
}

/* "2026-07-14", "2026-07", "2026": first and last day or month. */
static bool parse_time(enum range_field field, str text, i128 *from, i128 *to)
{
    month m;
    day d;
    int64_t year;
    struct month_span span;
    if (text.n == 10 && text.p[4] == '-' && date_parse(text, DATE_MDY, &d)) {
        *from = field == RANGE_DAY ? d : month_of_day(d);
        *to = *from;
        return true;
    }
    if (month_parse(text, &m))
        span = (struct month_span){m, m};
    else if (text.n == 4 && str_to_i64(text, &year) && year >= 1900)
        span = (struct month_span){month_of((int32_t)year, 1), month_of((int32_t)year, 12)};
    else
        return false;
    *from = field == RANGE_DAY ? month_first_day(span.from) : span.from;
    *to = field == RANGE_DAY ? month_last_day(span.to) : span.to;
    return true;
}

static bool parse_point(enum range_field field, str text, i128 *from, i128 *to)
{
    if (field == RANGE_DAY || field == RANGE_PERIOD)
        return parse_time(field, text, from, to);
    dec v;
    if (dec_parse(text, &v) != DEC_OK)
        return false;
    *from = *to = v;
    return true;
}

/* ">= 100", "> 100", "<= 100", "< 100" */
static bool parse_compared(enum range_field field, str text, struct range *r)
{
    bool greater = text.p[0] == '>', equal = text.n > 1 && text.p[1] == '=';
    i128 from, to;
    if (!parse_point(field, str_trim(str_sub(text, 1 + equal, text.n)), &from, &to))
        return false;
    if (greater) {
        r->has_from = true;
        r->from = equal ? from : to; /* behind the whole of a month */
        r->above = !equal;
    } else {
        r->has_to = true;
        r->to = equal ? to : from;
        r->below = !equal;
    }
    return true;
}

bool rules_range_parse(enum range_field field, str text, struct range *ret)
{
    struct range r = {0};
    text = str_trim(text);
    if (!text.n)
        return false;
    if (text.p[0] == '>' || text.p[0] == '<') {
        if (!parse_compared(field, text, &r))
            return false;
        *ret = r;
        return true;
    }
    size_t dots = str_find(text, S(".."), 0);
    str left = str_trim(str_sub(text, 0, MIN(dots, text.n)));
    str right = dots == SIZE_MAX ? left : str_trim(str_sub(text, dots + 2, text.n));
    i128 unused;
    r.has_from = left.n > 0;
    r.has_to = right.n > 0;
    if ((r.has_from && !parse_point(field, left, &r.from, &unused)) ||
        (r.has_to && !parse_point(field, right, &unused, &r.to)) || (!r.has_from && !r.has_to) ||
        (r.has_from && r.has_to && r.from > r.to))
        return false;
    *ret = r;
    return true;
}

bool share_parse(str text, uint32_t *ret_ppm)
{
    text = str_trim(text);
    dec v;
    if (!text.n || text.p[text.n - 1] != '%' ||
        dec_parse(str_trim(str_sub(text, 0, text.n - 1)), &v) != DEC_OK || v <= 0 ||
        v > 100 * DEC_ONE || v % (DEC_ONE / 10000) != 0)
        return false;
    *ret_ppm = (uint32_t)(v / (DEC_ONE / 10000));
    return true;
}
