/* tags.c - tags in one normal form. */
#include "ingest/tags.h"

static void skip_blanks(str s, size_t *at)
{
    while (*at < s.n && strchr(" \t\n\r", s.p[*at]) && s.p[*at])
        (*at)++;
}

static bool hex4(str s, size_t at, uint32_t *ret)
{
    if (at + 4 > s.n)
        return false;
    uint32_t v = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        uint32_t d;
        if (c >= '0' && c <= '9')
            d = (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            d = (uint32_t)((c | 32) - 'a' + 10);
        else
            return false;
        v = v * 16 + d;
    }
    *ret = v;
    return true;
}

static size_t put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 63));
        to[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 63));
    to[2] = (char)(0x80 | (c >> 6 & 63));
    to[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* A \u escape at `at` (behind the 'u'), with the second half of a surrogate pair. */
static bool unicode_escape(str s, size_t *at, uint32_t *ret)
{
    uint32_t c, low;
    if (!hex4(s, *at, &c))
        return false;
    *at += 4;
    if (c >= 0xdc00 && c < 0xe000)
        return false;
    if (c >= 0xd800 && c < 0xdc00) {
        if (*at + 6 > s.n || s.p[*at] != '\\' || s.p[*at + 1] != 'u' || !hex4(s, *at + 2, &low) ||
            low < 0xdc00 || low >= 0xe000)
            return false;
        *at += 6;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    *ret = c;
    return true;
}

static bool unescape(str s, struct arena *a, str *ret)
{
    char *to = arena_alloc(a, s.n); /* never longer than what was escaped */
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i++];
        if (c != '\\') {
            to[n++] = c;
            continue;
        }
        static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        char kind = i < s.n ? s.p[i++] : 0;
        const char *known = kind ? strchr(from, kind) : NULL;
        uint32_t u;
        if (known)
            to[n++] = meant[known - from];
        else if (kind == 'u' && unicode_escape(s, &i, &u))
            n += put_utf8(to + n, u);
        else
            return false;
    }
    *ret = (str){to, n};
    return true;
}

static bool read_string(str s, size_t *at, struct arena *a, str *ret)
{
    if (*at >= s.n || s.p[*at] != '"')
        return false;
    size_t from = ++*at;
    bool escaped = false;
    for (; *at < s.n && s.p[*at] != '"'; (*at)++) {
        if ((unsigned char)s.p[*at] < ' ')
            return false;
        if (s.p[*at] == '\\') {
            escaped = true;
            (*at)++;
        }
    }
    if (*at >= s.n)
        return false;
    str raw = str_sub(s, from, *at);
    (*at)++;
    if (escaped)
        return unescape(raw, a, ret);
    *ret = raw;
    return true;
}

/* A number, true, false or null, as its text; null is empty. */
static bool read_word(str s, size_t *at, str *ret)
{
    size_t from = *at;
    while (*at < s.n && (s.p[*at] == '-' || s.p[*at] == '+' || s.p[*at] == '.' ||
                         (s.p[*at] >= '0' && s.p[*at] <= '9') ||
                         ((s.p[*at] | 32) >= 'a' && (s.p[*at] | 32) <= 'z')))
        (*at)++;
    str word = str_sub(s, from, *at);
    if (str_eq(word, S("null"))) {
        *ret = STR_NONE;
        return true;
    }
    double number;
    if (!str_eq(word, S("true")) && !str_eq(word, S("false")) && !str_to_double(word, &number))
        return false;
    *ret = word;
    return true;
}

str tag_key(str key, str prefix)
{
    size_t n = prefix.n + 1;
    if (prefix.n && key.n > n && str_starts(key, prefix) &&
        (key.p[prefix.n] == ':' || key.p[prefix.n] == '_'))
        return str_sub(key, n, key.n);
    return key;
}

bool tags_add(struct tag_set *set, str key, str value)
{
    if (set->n == TAGS_MOST || !key.n)
        return false;
    set->items[set->n++] = (struct tag){key, value};
    return true;
}

bool tags_parse(struct tag_set *set, str text, str key_prefix, struct arena *a)
{
    size_t at = 0;
    skip_blanks(text, &at);
    bool braces = at < text.n && text.p[at] == '{';
    if (braces)
        at++;
    skip_blanks(text, &at);
    if (braces ? at < text.n && text.p[at] == '}' : at == text.n)
        at += braces;
    else
        for (;;) {
            str key, value;
            skip_blanks(text, &at);
            if (!read_string(text, &at, a, &key))
                return false;
            skip_blanks(text, &at);
            if (at >= text.n || text.p[at++] != ':')
                return false;
            skip_blanks(text, &at);
            if (at < text.n && text.p[at] == '"' ? !read_string(text, &at, a, &value)
                                                 : !read_word(text, &at, &value))
                return false;
            if (!tags_add(set, tag_key(key, key_prefix), value))
                return false;
            skip_blanks(text, &at);
            if (at < text.n && text.p[at] == ',') {
                at++;
                continue;
            }
            if (braces && (at >= text.n || text.p[at++] != '}'))
                return false;
            break;
        }
    skip_blanks(text, &at);
    return at == text.n;
}

static size_t escaped_size(str s)
{
    size_t n = 2;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        n += c == '"' || c == '\\' ? 2 : c < ' ' ? 6 : 1;
    }
    return n;
}

static char *put_escaped(char *to, str s)
{
    static const char hex[] = "0123456789abcdef";
    *to++ = '"';
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < ' ') {
            memcpy(to, "\\u00", 4);
            to[4] = hex[c >> 4];
            to[5] = hex[c & 15];
            to += 6;
            continue;
        }
        if (c == '"' || c == '\\')
            *to++ = '\\';
        *to++ = (char)c;
    }
    *to++ = '"';
    return to;
}

bool tags_write(struct tag_set *set, struct arena *a, str *ret)
{
    if (!set->n) {
        *ret = STR_NONE;
        return true;
    }
    size_t size = 1 + 2 * set->n;
    for (size_t i = 0; i < set->n; i++) { /* insertion sort: few, often sorted already */
        struct tag t = set->items[i];
        size_t k = i;
        int order = -1;
        for (; k > 0 && (order = str_cmp(set->items[k - 1].key, t.key)) > 0; k--)
            set->items[k] = set->items[k - 1];
        set->items[k] = t;
        if (k > 0 && order == 0)
            return false;
        size += escaped_size(t.key) + escaped_size(t.value);
    }
    char *text = arena_alloc(a, size), *to = text;
    for (size_t i = 0; i < set->n; i++) {
        *to++ = i ? ',' : '{';
        to = put_escaped(to, set->items[i].key);
        *to++ = ':';
        to = put_escaped(to, set->items[i].value);
    }
    *to++ = '}';
    *ret = (str){text, (size_t)(to - text)};
    return true;
}

bool tags_is_normal(str text)
{
    if (text.n < 2 || text.p[0] != '{' || text.p[text.n - 1] != '}')
        return false;
    str before = STR_NONE;
    for (size_t at = 1;;) {
        str part[2];
        for (int i = 0; i < 2; i++) {
            size_t from = at + 1;
            if (at >= text.n || text.p[at++] != '"')
                return false;
            while (at < text.n && text.p[at] != '"' && text.p[at] != '\\' &&
                   (unsigned char)text.p[at] >= ' ')
                at++;
            part[i] = str_sub(text, from, at);
            if (at + 1 >= text.n || text.p[at] != '"' || (i == 0 && text.p[at + 1] != ':'))
                return false;
            at += i == 0 ? 2 : 1;
        }
        if (!part[0].n || (before.n && str_cmp(before, part[0]) >= 0))
            return false;
        before = part[0];
        if (text.p[at] == '}')
            return at == text.n - 1;
        if (text.p[at++] != ',')
            return false;
    }
}

bool tags_normal(str text, str key_prefix, struct tag_set *set, struct arena *a, str *ret)
{
    if (!key_prefix.n && tags_is_normal(text)) {
        *ret = text;
        return true;
    }
    set->n = 0;
    return tags_parse(set, text, key_prefix, a) && tags_write(set, a, ret);
}
