/* rules_tags.c - walking the tags of a row: one flat JSON object, as the ledger keeps them.
 *
 * Text that is not such an object has no (further) tags: importers refuse bad ones earlier. */
#include "ingest/rules_int.h"

static void skip_blanks(str *s)
{
    while (s->n && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')) {
        s->p++;
        s->n--;
    }
}

static bool skip(str *s, char c)
{
    skip_blanks(s);
    if (!s->n || *s->p != c)
        return false;
    s->p++;
    s->n--;
    return true;
}

static bool take_string(str *s, str *ret, bool *ret_escaped)
{
    if (!skip(s, '"'))
        return false;
    *ret_escaped = false;
    for (size_t i = 0; i < s->n; i++) {
        if (s->p[i] == '\\') {
            *ret_escaped = true;
            i++;
        } else if (s->p[i] == '"') {
            *ret = str_sub(*s, 0, i);
            *s = str_sub(*s, i + 1, s->n);
            return true;
        }
    }
    return false;
}

/* true, false, null or a number: its text. */
static bool take_word(str *s, str *ret)
{
    size_t n = 0;
    while (n < s->n && !strchr(",} \t\r\n\"{[:]", s->p[n]))
        n++;
    *ret = str_sub(*s, 0, n);
    *s = str_sub(*s, n, s->n);
    return n > 0;
}

bool tags_next(str *rest, struct tag_pair *ret)
{
    if (!skip(rest, '{') && !skip(rest, ','))
        return false;
    struct tag_pair p = {0};
    if (!take_string(rest, &p.key, &p.key_escaped) || !skip(rest, ':'))
        return false;
    skip_blanks(rest);
    if (rest->n && *rest->p == '"') {
        if (!take_string(rest, &p.value, &p.value_escaped))
            return false;
    } else if (!take_word(rest, &p.value)) {
        return false;
    } else if (str_eq(p.value, S("null"))) {
        p.value = STR_NONE;
    }
    *ret = p;
    return true;
}

static bool hex4(str s, size_t at, uint32_t *ret)
{
    if (at + 4 > s.n)
        return false;
    uint32_t v = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return false;
        v = v << 4 | (uint32_t)digit;
    }
    *ret = v;
    return true;
}

static size_t put_point(uint32_t c, char *to)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char LEAD[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(unsigned char)(0x80 | (c & 0x3f));
    to[0] = (char)(unsigned char)(LEAD[n] | c);
    return n;
}

/* \uXXXX at s.p[i] (behind the 'u'), or a pair of them; returns the bytes read. */
static size_t unescape_point(str s, size_t i, char *to, size_t *n)
{
    uint32_t c, low;
    if (!hex4(s, i, &c))
        return 0;
    size_t used = 4;
    if (c >= 0xd800 && c < 0xe000) {
        if (c < 0xdc00 && i + 6 <= s.n && s.p[i + 4] == '\\' && s.p[i + 5] == 'u' &&
            hex4(s, i + 6, &low) && low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            used = 10;
        } else {
            c = 0xfffd;
        }
    }
    *n += put_point(c, to + *n);
    return used;
}

size_t tags_unescape(str s, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\' || i + 1 == s.n) {
            to[n++] = s.p[i];
            continue;
        }
        static const char FROM[] = "bfnrt", INTO[] = "\b\f\n\r\t";
        char c = s.p[++i];
        const char *known = c ? strchr(FROM, c) : NULL;
        if (c == 'u')
            i += unescape_point(s, i + 1, to, &n);
        else
            to[n++] = known ? INTO[known - FROM] : c;
    }
    return n;
}

static str plain(struct arena *a, str raw, bool escaped)
{
    if (!escaped)
        return raw;
    char *to = arena_new(a, char, raw.n);
    return (str){to, tags_unescape(raw, to)};
}

str tags_value(struct arena *a, str json, str name)
{
    struct tag_pair pair;
    str found = STR_NONE;
    while (tags_next(&json, &pair)) {
        str key = plain(a, pair.key, pair.key_escaped);
        if (!str_eq_nocase(key, name))
            continue;
        str value = plain(a, pair.value, pair.value_escaped);
        if (str_eq(key, name))
            return value;
        if (!found.n)
            found = value;
    }
    return found;
}
