/* unzip.h - the parts of a zip file as one text: a heading per part, then its content. */
#ifndef TESTS_UNZIP_H
#define TESTS_UNZIP_H

#include <zlib.h>

#include "base/buf.h"

static inline uint32_t le(const char *p, int bytes)
{
    uint32_t v = 0;
    for (int i = bytes; i-- > 0;)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

static inline bool unzip_part(str zip, const char *entry, struct buf *out)
{
    uint32_t packed = le(entry + 20, 4), size = le(entry + 24, 4), at = le(entry + 42, 4);
    uint32_t method = le(entry + 10, 2);
    const char *local = zip.p + at;
    const char *data = local + 30 + le(local + 26, 2) + le(local + 28, 2);
    buf_fmt(out, "== %.*s\n", (int)le(entry + 28, 2), entry + 46);
    char *to = buf_room(out, size);
    if (!to)
        return size == 0;
    if (method == 0) {
        memcpy(to, data, size);
    } else {
        z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = packed,
                      .next_out = (Bytef *)to, .avail_out = size};
        if (inflateInit2(&z, -15) != Z_OK)
            return false;
        int r = inflate(&z, Z_FINISH);
        inflateEnd(&z);
        if (r != Z_STREAM_END)
            return false;
    }
    out->n += size;
    buf_addc(out, '\n');
    return true;
}

/* By the directory at the end; false when it is no zip file. */
static inline bool unzip_all(str zip, struct buf *out)
{
    if (zip.n < 22)
        return false;
    const char *end = zip.p + zip.n - 22;
    if (memcmp(end, "PK\5\6", 4) != 0)
        return false;
    const char *entry = zip.p + le(end + 16, 4);
    for (uint32_t n = le(end + 10, 2); n; n--) {
        if (!unzip_part(zip, entry, out))
            return false;
        entry += 46 + le(entry + 28, 2) + le(entry + 30, 2) + le(entry + 32, 2);
    }
    return true;
}

#endif
