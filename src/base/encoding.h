/* encoding.h - text in UTF-16, Windows-1252 or ISO-8859-1 as UTF-8, while it is read.
 *
 * A byte order mark or zero bytes in every other place mean UTF-16. Else the first byte over 0x7f
 * decides: if it begins a character of UTF-8, all is taken as UTF-8 (and is not looked at again),
 * else as Windows-1252, which contains the printable part of ISO-8859-1. Bytes that Windows-1252
 * leaves undefined stay as they are, so that whoever reads UTF-8 names their place. Content with
 * zero or control bytes in its first 64 KiB is binary and passes unchanged. */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/err.h"

enum text_encoding { TEXT_START, TEXT_ASCII, TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE, TEXT_1252 };

/* Fills up to cap bytes unless the input ends; *ret_n = 0 is the end. */
typedef bool byte_source(void *ctx, char *to, size_t cap, size_t *ret_n, struct err *e);

struct text_decoder {
    enum text_encoding encoding;
    unsigned char *held; /* read but not yet given out: held[at..n) */
    size_t at, n, cap;
    bool ended;
    char spill[4]; /* of a character that did not fit: spill[spill_at..spill_n) */
    size_t spill_at, spill_n;
};

void text_decoder_release(struct text_decoder *d);
MUST_CHECK bool text_decode(struct text_decoder *d, byte_source *source, void *ctx, char *to,
                            size_t cap, size_t *ret_n, struct err *e);

#endif
