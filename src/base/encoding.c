/* encoding.c - UTF-16, Windows-1252 and ISO-8859-1 as UTF-8. */
#include "base/encoding.h"

enum { HELD_BYTES = 64 << 10, LOOKED_AT = 64 << 10 };

void text_decoder_release(struct text_decoder *d)
{
    free(d->held);
    d->held = NULL;
}

/* Bytes of the character at p: 2 to 4, 0 when it is none, -1 when n is too short to tell. */
static int utf8_length(const unsigned char *p, size_t n)
{
    int length = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3
                 : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                                : 0;
    for (int i = 1; i < length; i++) {
        if ((size_t)i == n)
            return -1;
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return length;
}

static size_t put(uint32_t c, char *to)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static size_t put_1252(unsigned char c, char *to)
{
    static const uint16_t high[32] = {
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};
    if (c < 0x80 || c >= 0xa0)
        return put(c, to);
    if (high[c - 0x80])
        return put(high[c - 0x80], to);
    to[0] = (char)c; /* undefined: left for the reader to refuse */
    return 1;
}

/* Keeps p[0..n) for the next call. */
static void hold(struct text_decoder *d, const char *p, size_t n)
{
    if (MAX(n, (size_t)HELD_BYTES) > d->cap) {
        free(d->held);
        d->cap = MAX(n, (size_t)HELD_BYTES);
        d->held = malloc(d->cap);
        if (!d->held)
            out_of_memory(d->cap);
    }
    if (n)
        memcpy(d->held, p, n);
    d->at = 0;
    d->n = n;
}

static bool refill(struct text_decoder *d, byte_source *source, void *ctx, struct err *e)
{
    size_t rest = d->n - d->at, got = 0;
    if (d->ended)
        return true;
    if (!d->held)
        hold(d, NULL, 0);
    if (rest && d->at)
        memmove(d->held, d->held + d->at, rest);
    d->at = 0;
    d->n = rest;
    if (!source(ctx, (char *)d->held + rest, d->cap - rest, &got, e))
        return false;
    d->n += got;
    d->ended = got == 0;
    return true;
}

static uint32_t unit16(const struct text_decoder *d, size_t at)
{
    const unsigned char *p = d->held + at;
    bool little = d->encoding == TEXT_UTF16LE;
    return little ? (uint32_t)(p[0] | p[1] << 8) : (uint32_t)(p[0] << 8 | p[1]);
}

/* The next character of UTF-16; *ret_used bytes, 0 when more are needed. Halves of pairs alone are
 * U+FFFD, as everywhere. */
static uint32_t next16(const struct text_decoder *d, size_t *ret_used)
{
    size_t left = d->n - d->at;
    *ret_used = left >= 2 ? 2 : 0;
    if (left < 2) {
        if (d->ended && left)
            *ret_used = 1; /* half a unit */
        return 0xfffd;
    }
    uint32_t c = unit16(d, d->at);
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c > 0xdbff)
        return 0xfffd;
    if (left < 4) {
        *ret_used = d->ended ? 2 : 0;
        return 0xfffd;
    }
    uint32_t low = unit16(d, d->at + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *ret_used = 4;
    return 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
}

static size_t convert(struct text_decoder *d, char *to, size_t cap)
{
    size_t n = 0;
    while (d->at < d->n && cap - n >= 4) {
        if (d->encoding == TEXT_1252) {
            n += put_1252(d->held[d->at++], to + n);
            continue;
        }
        size_t used;
        uint32_t c = next16(d, &used);
        if (!used)
            break;
        d->at += used;
        if (c != 0xfeff) /* the byte order mark */
            n += put(c, to + n);
    }
    return n;
}

static size_t drain_spill(struct text_decoder *d, char *to, size_t cap)
{
    size_t n = MIN(cap, d->spill_n - d->spill_at);
    if (n)
        memcpy(to, d->spill + d->spill_at, n);
    d->spill_at += n;
    return n;
}

static bool decode(struct text_decoder *d, byte_source *source, void *ctx, char *to, size_t cap,
                   size_t *ret_n, struct err *e)
{
    size_t n = drain_spill(d, to, cap);
    while (n < cap) {
        n += convert(d, to + n, cap - n);
        if (cap - n < 4) {
            d->spill_n = convert(d, d->spill, sizeof d->spill);
            d->spill_at = 0;
            n += drain_spill(d, to + n, cap - n);
        }
        if (n == cap || (d->ended && d->at == d->n))
            break;
        if (!refill(d, source, ctx, e))
            return false;
    }
    *ret_n = n;
    return true;
}

static bool is_text(unsigned char c)
{
    return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

static enum text_encoding first_look(const unsigned char *p, size_t n)
{
    if (n >= 4 && !memcmp(p, "\xff\xfe\0\0", 4))
        return TEXT_UTF8; /* UTF-32: binary to whoever reads it */
    if (n >= 2 && p[0] == 0xff && p[1] == 0xfe)
        return TEXT_UTF16LE;
    if (n >= 2 && p[0] == 0xfe && p[1] == 0xff)
        return TEXT_UTF16BE;
    if (n >= 4 && is_text(p[0]) && !p[1] && is_text(p[2]) && !p[3])
        return TEXT_UTF16LE;
    if (n >= 4 && !p[0] && is_text(p[1]) && !p[2] && is_text(p[3]))
        return TEXT_UTF16BE;
    for (size_t i = 0; i < MIN(n, (size_t)LOOKED_AT); i++) {
        bool control = p[i] < ' ' && !is_text(p[i]) && p[i] != '\f';
        if (control && !(p[i] == 0x1a && i + 1 == n)) /* DOS ended its files so */
            return TEXT_UTF8;
    }
    return TEXT_ASCII;
}

/* The first byte over 0x7f, or n. */
static size_t first_high(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t any = 0, v;
        for (size_t k = 0; k < 64; k += 8) {
            memcpy(&v, p + i + k, 8);
            any |= v;
        }
        if (any & 0x8080808080808080u)
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

/* What was read into `to` while all was ASCII; *n is what of it is given out, the rest is held. */
static bool look_for_high(struct text_decoder *d, byte_source *source, void *ctx, char *to,
                          size_t *n, struct err *e)
{
    const unsigned char *p = (const unsigned char *)to;
    size_t at = first_high(p, *n);
    if (at == *n)
        return true;
    int length = utf8_length(p + at, *n - at);
    if (length <= 0)
        hold(d, to + at, *n - at);
    while (length < 0 && !d->ended) { /* a character that is cut */
        if (!refill(d, source, ctx, e))
            return false;
        length = utf8_length(d->held, d->n);
    }
    d->encoding = length > 0 ? TEXT_UTF8 : TEXT_1252;
    if (d->n > d->at)
        *n = at;
    return true;
}

bool text_decode(struct text_decoder *d, byte_source *source, void *ctx, char *to, size_t cap,
                 size_t *ret_n, struct err *e)
{
    size_t n = 0;
    if (d->encoding == TEXT_UTF8) {
        n = MIN(cap, d->n - d->at);
        if (!n)
            return source(ctx, to, cap, ret_n, e);
        memcpy(to, d->held + d->at, n);
        d->at += n;
        *ret_n = n;
        return true;
    }
    if (d->encoding > TEXT_UTF8)
        return decode(d, source, ctx, to, cap, ret_n, e);
    if (!source(ctx, to, cap, &n, e))
        return false;
    d->ended = n == 0;
    if (d->encoding == TEXT_START)
        d->encoding = first_look((const unsigned char *)to, n);
    if (d->encoding > TEXT_UTF8)
        hold(d, to, n);
    else if (d->encoding == TEXT_ASCII && !look_for_high(d, source, ctx, to, &n, e))
        return false;
    if (d->encoding > TEXT_UTF8 && (d->encoding != TEXT_1252 || n == 0))
        return decode(d, source, ctx, to, cap, ret_n, e);
    if (n == 0 && d->at < d->n) { /* only the cut character, now whole */
        n = MIN(cap, d->n - d->at);
        memcpy(to, d->held + d->at, n);
        d->at += n;
    }
    *ret_n = n;
    return true;
}
