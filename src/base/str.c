/* str.c - slices of text. */
#include "base/str.h"

#include <locale.h>
#include <stdarg.h>
#include <wchar.h>

#include "base/arena.h"

str str_of(const char *nul_terminated)
{
    return nul_terminated ? (str){nul_terminated, strlen(nul_terminated)} : STR_NONE;
}

str str_sub(str s, size_t from, size_t to)
{
    to = MIN(to, s.n);
    return from >= to ? STR_NONE : (str){s.p + from, to - from};
}

bool str_eq(str a, str b)
{
    return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool str_eq_nocase(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(str a, str b)
{
    size_t n = MIN(a.n, b.n);
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_starts_nocase(str s, str prefix)
{
    return s.n >= prefix.n && str_eq_nocase(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

bool str_ends_nocase(str s, str suffix)
{
    return s.n >= suffix.n && str_eq_nocase(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(str s, str needle, size_t from)
{
    if (from > s.n)
        return SIZE_MAX;
    if (!needle.n)
        return from;
    const char *hit = s.n ? memmem(s.p + from, s.n - from, needle.p, needle.n) : NULL;
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_find_nocase(str s, str needle, size_t from)
{
    for (size_t i = from; i + needle.n <= s.n; i++)
        if (str_eq_nocase(str_sub(s, i, i + needle.n), needle))
            return i;
    return SIZE_MAX;
}

size_t str_find_char(str s, char c, size_t from)
{
    const char *hit = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

static size_t space_at_start(str s)
{
    if (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\r' || s.p[0] == '\n'))
        return 1;
    return s.n >= 2 && s.p[0] == '\xc2' && s.p[1] == '\xa0' ? 2 : 0;
}

static size_t space_at_end(str s)
{
    if (!s.n)
        return 0;
    char c = s.p[s.n - 1];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return 1;
    return s.n >= 2 && c == '\xa0' && s.p[s.n - 2] == '\xc2' ? 2 : 0;
}

str str_trim(str s)
{
    for (size_t k; (k = space_at_start(s)) > 0;)
        s = str_sub(s, k, s.n);
    for (size_t k; (k = space_at_end(s)) > 0;)
        s = str_sub(s, 0, s.n - k);
    return s;
}

bool str_cut(str *rest, char sep, str *ret_part)
{
    if (!rest->p)
        return false;
    size_t at = str_find_char(*rest, sep, 0);
    if (at == SIZE_MAX) {
        *ret_part = *rest;
        *rest = STR_NONE;
    } else {
        *ret_part = (str){rest->p, at};
        *rest = (str){rest->p + at + 1, rest->n - at - 1};
    }
    return true;
}

/* wyhash-like mixing of 8-byte words; not for untrusted tables that must resist flooding */
uint64_t str_hash(str s)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ s.n;
    const char *p = s.p;
    size_t n = s.n;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        u128 m = (u128)(h ^ w) * 0xa0761d6478bd642fu;
        h = (uint64_t)m ^ (uint64_t)(m >> 64);
    }
    uint64_t w = 0;
    if (n)
        memcpy(&w, p, n);
    u128 m = (u128)(h ^ w ^ 0xe7037ed1a0b428dbu) * 0x8ebc6af09c88c6e3u;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

str str_dup(struct arena *a, str s)
{
    return (str){str_cstr(a, s), s.n};
}

char *str_cstr(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

str str_fmt(struct arena *a, const char *fmt, ...)
{
    BUG_IF(!fmt);
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    BUG_IF(n < 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (str){p, (size_t)n};
}

str str_lower(struct arena *a, str s)
{
    char *p = str_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)lower(p[i]);
    return (str){p, s.n};
}

str str_count(struct arena *a, uint64_t n)
{
    char digits[24], text[32];
    int have = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t at = 0;
    for (int i = 0; i < have; i++) {
        if (i && (have - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    return str_dup(a, (str){text, at});
}

str str_shell_word(struct arena *a, str s)
{
    static const char plain[] = "_-./:=,@%+";
    size_t quotes = 0, odd = !s.n;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    (c && strchr(plain, c));
        quotes += c == '\'';
        odd += !bare;
    }
    if (!odd)
        return s;
    char *room = arena_new(a, char, s.n + 3 * quotes + 3), *p = room;
    *p++ = '\'';
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'') {
            memcpy(p, "'\\'", 3);
            p += 3;
        }
        *p++ = s.p[i];
    }
    *p++ = '\'';
    return (str){room, (size_t)(p - room)};
}

str str_join(struct arena *a, const str *parts, size_t n, str sep)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += parts[i].n + (i ? sep.n : 0);
    char *p = arena_alloc(a, total + 1), *at = p;
    for (size_t i = 0; i < n; i++) {
        str two[2] = {i ? sep : STR_NONE, parts[i]};
        for (int k = 0; k < 2; k++) {
            if (two[k].n)
                memcpy(at, two[k].p, two[k].n);
            at += two[k].n;
        }
    }
    return (str){p, total};
}

bool str_to_u64(str s, uint64_t *ret)
{
    uint64_t v = 0;
    if (!s.n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10u, &v) ||
            __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return false;
    }
    *ret = v;
    return true;
}

bool str_to_i64(str s, int64_t *ret)
{
    bool minus = s.n && s.p[0] == '-';
    uint64_t v;
    if (!str_to_u64(minus ? str_sub(s, 1, s.n) : s, &v))
        return false;
    if (v > (uint64_t)INT64_MAX + (minus ? 1 : 0))
        return false;
    *ret = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

static bool looks_decimal(str s)
{
    size_t i = 0, digits = 0;
    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        digits++;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            digits++;
    if (!digits)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
            i++;
        size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == from)
            return false;
    }
    return i == s.n;
}

bool str_to_double(str s, double *ret)
{
    char text[400];
    if (s.n >= sizeof text || !looks_decimal(s))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    /* the "C" locale, whatever the environment says: newlocale needs no global state */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        out_of_memory(0);
    char *end;
    double v = strtod_l(text, &end, c);
    freelocale(c);
    if (*end || v > 1.7976931348623157e308 || v < -1.7976931348623157e308)
        return false;
    *ret = v;
    return true;
}

/* Length of the UTF-8 sequence at p, 0 when it is not one; *ret_code gets the code point. */
static size_t utf8_decode(str s, size_t at, uint32_t *ret_code)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    if (p[0] < 0x80) {
        *ret_code = p[0];
        return 1;
    }
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
        return 0;
    uint32_t code = p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    *ret_code = code;
    return n;
}

bool str_is_utf8(str s)
{
    uint32_t code;
    for (size_t i = 0, n; i < s.n; i += n) {
        uint64_t word;
        while (i + 8 <= s.n && (memcpy(&word, s.p + i, 8), !(word & UINT64_C(0x8080808080808080))))
            i += 8; /* ASCII, the bulk of what is read */
        if (i == s.n)
            break;
        if (!(n = utf8_decode(s, i, &code)))
            return false;
    }
    return true;
}

static size_t code_width(uint32_t c)
{
    if ((c >= 0x300 && c <= 0x36f) || c == 0x200b || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f))
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
                (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
}

size_t str_width(str s)
{
    size_t width = 0;
    uint32_t code;
    for (size_t i = 0, n; i < s.n; i += n) {
        n = utf8_decode(s, i, &code);
        width += n ? code_width(code) : 1;
        n = n ? n : 1;
    }
    return width;
}

/* Damerau-Levenshtein (adjacent swaps count once) over lower-cased bytes, at most 63 of them. */
static size_t edit_distance(str a, str b)
{
    size_t d[3][64];
    a.n = MIN(a.n, (size_t)63);
    b.n = MIN(b.n, (size_t)63);
    for (size_t j = 0; j <= b.n; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *row = d[i % 3], *up = d[(i + 2) % 3], *up2 = d[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t same = lower(a.p[i - 1]) == lower(b.p[j - 1]) ? 0 : 1;
            row[j] = MIN(MIN(up[j] + 1, row[j - 1] + 1), up[j - 1] + same);
            if (i > 1 && j > 1 && lower(a.p[i - 1]) == lower(b.p[j - 2]) &&
                lower(a.p[i - 2]) == lower(b.p[j - 1]))
                row[j] = MIN(row[j], up2[j - 2] + 1);
        }
    }
    return d[a.n % 3][b.n];
}

const char *str_closest(str wrong, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        str c = str_of(candidates[i]);
        size_t distance = edit_distance(wrong, c);
        bool extends = wrong.n >= 3 && str_starts_nocase(c, wrong);
        if (extends)
            distance = MIN(distance, (size_t)1);
        if (distance < least && distance <= MAX((size_t)1, MAX(wrong.n, c.n) / 3)) {
            least = distance;
            best = candidates[i];
        }
    }
    return best;
}

bool str_glob(str pattern, str s)
{
    size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;
    while (i < s.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = i;
        } else if (p < pattern.n &&
                   (pattern.p[p] == '?' || lower(pattern.p[p]) == lower(s.p[i]))) {
            p++;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}
