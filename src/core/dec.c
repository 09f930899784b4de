/* dec.c - exact decimals with 18 places. */
#include "core/dec.h"

static const uint64_t POW10[20] = {1u,
                                   10u,
                                   100u,
                                   1000u,
                                   10000u,
                                   100000u,
                                   1000000u,
                                   10000000u,
                                   100000000u,
                                   1000000000u,
                                   10000000000u,
                                   100000000000u,
                                   1000000000000u,
                                   10000000000000u,
                                   100000000000000u,
                                   1000000000000000u,
                                   10000000000000000u,
                                   100000000000000000u,
                                   1000000000000000000u,
                                   10000000000000000000u};

static u128 limit(void)
{
    return (u128)POW10[19] * POW10[19]; /* 10^38 */
}

bool dec_is_null(dec v)
{
    return v == DEC_NULL;
}

dec dec_or_zero(dec v)
{
    return dec_is_null(v) ? 0 : v;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The usual case in one pass: at most 19 significant digits, at most 18 decimals, no exponent. */
static bool parse_short(str s, dec *ret)
{
    size_t i = s.n && s.p[0] == '-';
    bool minus = i;
    uint64_t v = 0;
    size_t from = i, point = SIZE_MAX;
    if (s.n - i > 20)
        return false;
    for (; i < s.n; i++) {
        unsigned d = (unsigned char)s.p[i] - (unsigned)'0';
        if (d <= 9) {
            v = v * 10 + d;
        } else if (s.p[i] == '.' && point == SIZE_MAX) {
            point = i;
        } else {
            return false;
        }
    }
    size_t digits = s.n - from - (point != SIZE_MAX);
    size_t places = point == SIZE_MAX ? 0 : s.n - point - 1;
    if (!digits || digits > 19 || places > DEC_PLACES)
        return false;
    u128 wide = (u128)v * POW10[DEC_PLACES - places];
    if (wide >= limit())
        return false;
    *ret = minus ? -(dec)wide : (dec)wide;
    return true;
}

/* A number as its significant digits: value = digits * 10^power. */
struct decimal_text {
    unsigned char digit[64];
    size_t n;
    int64_t power;
    bool more; /* nonzero digits followed the ones kept */
};

static bool split_decimal(str s, struct decimal_text *t)
{
    size_t i = 0, seen = 0;
    bool point = false;
    *t = (struct decimal_text){.n = 0};
    for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !point)); i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        unsigned char d = (unsigned char)(s.p[i] - '0');
        seen++;
        if (t->n < sizeof t->digit) {
            if (t->n || d)
                t->digit[t->n++] = d;
            t->power -= point;
        } else {
            t->more |= d != 0;
            t->power += !point;
        }
    }
    if (!seen)
        return false;
    if (i == s.n)
        return true;
    if ((s.p[i] | 32) != 'e')
        return false;
    str x = str_sub(s, i + 1, s.n);
    if (x.n && x.p[0] == '+')
        x = str_sub(x, 1, x.n);
    int64_t exponent;
    if (!str_to_i64(x, &exponent))
        return false;
    t->power += MAX(MIN(exponent, (int64_t)1000000), (int64_t)-1000000);
    return true;
}

enum dec_parse dec_parse(str s, dec *ret)
{
    if (parse_short(s, ret))
        return DEC_OK;
    bool minus = s.n && s.p[0] == '-';
    struct decimal_text t;
    if (!split_decimal(str_sub(s, minus, s.n), &t))
        return DEC_BAD;
    int64_t last = t.power + DEC_PLACES; /* power of the last kept digit, in units of 10^-18 */
    if (t.n && (int64_t)t.n + last > 38)
        return DEC_TOO_BIG;
    u128 v = 0;
    unsigned dropped = 0; /* the first digit below the last place */
    bool below = t.more;  /* anything nonzero behind that one */
    for (size_t i = 0; i < t.n; i++) {
        int64_t place = (int64_t)(t.n - 1 - i) + last;
        if (place >= 0)
            v = v * 10 + t.digit[i];
        else if (place == -1)
            dropped = t.digit[i];
        else
            below |= t.digit[i] != 0;
    }
    for (int64_t k = 0; k < last && v; k++)
        v *= 10;
    if (dropped > 5 || (dropped == 5 && (below || (v & 1))))
        v++;
    if (v >= limit())
        return DEC_TOO_BIG;
    *ret = minus ? -(dec)v : (dec)v;
    return dropped || below ? DEC_ROUNDED : DEC_OK;
}

/* Signs and codes of currencies at either end. */
static str strip_currency(str s)
{
    static const str signs[] = {{"$", 1}, {"\xe2\x82\xac", 3}, {"\xc2\xa3", 2}, {"\xc2\xa5", 2}};
    for (size_t k = 0; k < ARRAY_LEN(signs); k++) {
        if (str_starts(s, signs[k]))
            s = str_trim(str_sub(s, signs[k].n, s.n));
        if (str_ends(s, signs[k]))
            s = str_trim(str_sub(s, 0, s.n - signs[k].n));
    }
    for (int side = 0; side < 2; side++) {
        if (s.n < 5)
            break;
        str code = side ? str_sub(s, s.n - 3, s.n) : str_sub(s, 0, 3);
        char gap = side ? s.p[s.n - 4] : s.p[3];
        bool upper = true;
        for (size_t i = 0; i < 3; i++)
            upper = upper && code.p[i] >= 'A' && code.p[i] <= 'Z';
        if (upper && gap == ' ')
            s = str_trim(side ? str_sub(s, 0, s.n - 3) : str_sub(s, 3, s.n));
    }
    return s;
}

enum dec_parse dec_parse_loose(str s, dec *ret)
{
    s = str_trim(s);
    bool minus = false;
    if (s.n >= 2 && s.p[0] == '(' && s.p[s.n - 1] == ')') {
        minus = true;
        s = str_trim(str_sub(s, 1, s.n - 1));
    }
    for (int again = 0; again < 2; again++) {
        if (s.n && (s.p[0] == '-' || s.p[0] == '+')) {
            if (s.p[0] == '-' && minus)
                return DEC_BAD;
            minus |= s.p[0] == '-';
            s = str_sub(s, 1, s.n);
        }
        s = strip_currency(s);
    }
    char text[96];
    size_t n = 0, group = 0;
    bool comma = false, point = false;
    if (s.n >= sizeof text || !s.n || (!is_digit(s.p[0]) && s.p[0] != '.'))
        return DEC_BAD;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ',') {
            if (point || (comma ? group != 3 : group > 3 || !group))
                return DEC_BAD;
            comma = true;
            group = 0;
            continue;
        }
        if (!point && !is_digit(c) && comma && group != 3)
            return DEC_BAD;
        point |= !is_digit(c);
        group++;
        text[n++] = c;
    }
    if (comma && !point && group != 3)
        return DEC_BAD;
    dec v;
    enum dec_parse r = dec_parse((str){text, n}, &v);
    if (r == DEC_OK || r == DEC_ROUNDED)
        *ret = minus ? -v : v;
    return r;
}

static bool in_range(dec v)
{
    return v > -(dec)limit() && v < (dec)limit();
}

bool dec_add(dec a, dec b, dec *ret)
{
    dec sum;
    if (__builtin_add_overflow(a, b, &sum) || !in_range(sum))
        return false;
    *ret = sum;
    return true;
}

static u128 magnitude(dec v)
{
    return v < 0 ? (u128)0 - (u128)v : (u128)v;
}

/* hi:lo = a * b */
static void mul_wide(u128 a, u128 b, u128 *hi, u128 *lo)
{
    u128 mask = UINT64_MAX;
    u128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
    u128 low = a0 * b0, mid1 = a1 * b0 + (low >> 64), mid2 = a0 * b1 + (mid1 & mask);
    *lo = (mid2 << 64) | (low & mask);
    *hi = a1 * b1 + (mid1 >> 64) + (mid2 >> 64);
}

/* hi:lo / d rounded half-even; false when the quotient does not fit 128 bits */
static bool div_wide(u128 hi, u128 lo, u128 d, u128 *ret)
{
    if (hi >= d)
        return false;
    u128 q = 0, rest = hi;
    for (int i = 127; i >= 0; i--) {
        bool carry = rest >> 127;
        rest = rest << 1 | (lo >> i & 1);
        q <<= 1;
        if (carry || rest >= d) {
            rest -= d;
            q |= 1;
        }
    }
    u128 left = d - rest; /* rest against the half of d, without overflow */
    if (rest > left || (rest == left && (q & 1))) {
        if (q == ~(u128)0)
            return false;
        q++;
    }
    *ret = q;
    return true;
}

bool dec_muldiv(dec a, dec num, dec den, dec *ret)
{
    if (den == 0)
        return false;
    bool minus = (a < 0) ^ (num < 0) ^ (den < 0);
    u128 hi, lo, q;
    mul_wide(magnitude(a), magnitude(num), &hi, &lo);
    if (!div_wide(hi, lo, magnitude(den), &q) || q >= limit())
        return false;
    *ret = minus ? -(dec)q : (dec)q;
    return true;
}

bool dec_mul(dec a, dec b, dec *ret)
{
    return dec_muldiv(a, b, DEC_ONE, ret);
}

bool dec_div(dec a, dec b, dec *ret)
{
    return dec_muldiv(a, DEC_ONE, b, ret);
}

dec dec_from_i64(int64_t v)
{
    return (dec)v * DEC_ONE;
}

dec dec_round(dec v, int places)
{
    if (v == DEC_NULL || places >= DEC_PLACES)
        return v;
    dec unit = POW10[DEC_PLACES - places];
    dec rest = v % unit, down = v - rest;
    u128 twice = magnitude(rest) * 2;
    bool up = twice > (u128)unit || (twice == (u128)unit && (down / unit) % 2 != 0);
    return up ? down + (v < 0 ? -unit : unit) : down;
}

static str format_digits(dec v, int places, bool trim, char out[DEC_TEXT])
{
    u128 m = magnitude(v);
    char digits[44];
    int n = 0;
    for (; m || n <= places; m /= 10)
        digits[n++] = (char)('0' + (int)(m % 10));
    int skip = 0;
    while (trim && skip < places && digits[skip] == '0')
        skip++;
    size_t at = 0;
    if (v < 0)
        out[at++] = '-';
    for (int i = n - 1; i >= skip; i--) {
        if (i == places - 1)
            out[at++] = '.';
        out[at++] = digits[i];
    }
    out[at] = 0;
    return (str){out, at};
}

str dec_format(dec v, char out[DEC_TEXT])
{
    if (v == DEC_NULL) {
        out[0] = 0;
        return (str){out, 0};
    }
    return format_digits(v, DEC_PLACES, true, out);
}

str dec_format_fixed(dec v, int places, char out[DEC_TEXT])
{
    if (v == DEC_NULL) {
        out[0] = 0;
        return (str){out, 0};
    }
    dec r = dec_round(v, places);
    return format_digits(r / (dec)POW10[DEC_PLACES - places], places, false, out);
}

str dec_format_grouped(dec v, int places, char out[DEC_GROUPED_TEXT])
{
    char plain[DEC_TEXT];
    str s = dec_format_fixed(v, places, plain);
    size_t point = MIN(str_find_char(s, '.', 0), s.n), at = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool inside = i > 0 && i < point && s.p[i - 1] != '-';
        if (inside && (point - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = s.p[i];
    }
    out[at] = 0;
    return (str){out, at};
}

double dec_to_double(dec v)
{
    char text[DEC_TEXT];
    double d = 0;
    if (v != DEC_NULL && !str_to_double(dec_format(v, text), &d))
        UNREACHABLE();
    return d;
}
