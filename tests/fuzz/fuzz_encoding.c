/* fuzz_encoding.c - text in any encoding, in pieces of any size: the same characters come out.
 *
 * UTF-8 without zero bytes comes out as it went in, but for content that begins like UTF-16; what
 * comes out of UTF-16 is UTF-8. */
#include "base/buf.h"
#include "base/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t n, at;
};

static bool give(void *ctx, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    struct input *in = ctx;
    size_t n = MIN(cap, in->n - in->at);
    (void)e;
    if (n)
        memcpy(to, in->data + in->at, n);
    in->at += n;
    *ret_n = n;
    return true;
}

static void decode_all(const uint8_t *data, size_t size, size_t first, size_t piece,
                       struct buf *out, enum text_encoding *ret)
{
    struct text_decoder d = {0};
    struct input in = {data, size, 0};
    struct err e;
    char to[4096];
    for (;;) {
        size_t n;
        BUG_IF(!text_decode(&d, give, &in, to, first, &n, &e) || n > first);
        if (!n)
            break;
        buf_add(out, (str){to, n});
        first = piece;
    }
    *ret = d.encoding;
    text_decoder_release(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t pieces[] = {4096, 1, 3, 5, 64};
    struct buf all, other;
    enum text_encoding encoding, again;
    buf_init(&all, 1 << 24);
    buf_init(&other, 1 << 24);
    if (size > 4000)
        size = 4000; /* the first look sees all of it */
    decode_all(data, size, 4096, 4096, &all, &encoding);
    str in = {(const char *)data, size};
    if (encoding <= TEXT_UTF8)
        BUG_IF(!str_eq(buf_str(&all), in));
    if (encoding == TEXT_UTF16LE || encoding == TEXT_UTF16BE)
        BUG_IF(!str_is_utf8(buf_str(&all)));
    if (encoding == TEXT_1252)
        BUG_IF(str_is_utf8(in));
    for (size_t i = 1; i < ARRAY_LEN(pieces); i++) {
        buf_clear(&other);
        decode_all(data, size, 4096, pieces[i], &other, &again);
        BUG_IF(again != encoding || !str_eq(buf_str(&all), buf_str(&other)));
    }
    buf_release(&all);
    buf_release(&other);
    return 0;
}
