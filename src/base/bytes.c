/* bytes.c - plain, gzip and Zstandard files read as one stream of content.
 *
 * A stream is a chain: the file gives raw bytes, an unpacker (one per packing, chosen by the first
 * bytes) turns them into content, a decoder turns text that is not UTF-8 into UTF-8. A workbook is
 * unpacked into the delimited text of its sheet. */
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/xlsx_read.h"

#define RAW_BYTES (256u << 10)

struct bytes {
    int fd;
    char *path;
    uint64_t size;              /* of the file; 0 when it is not a regular file */
    _Atomic uint64_t consumed;  /* raw bytes read */
    enum bytes_packing packing;
    unsigned char *raw;         /* read but not yet unpacked: raw[at..n) */
    size_t at, n;
    bool raw_end;               /* the file has no more */
    bool between; /* a gzip member or Zstandard frame is complete, the next not begun */
    bool done;
    z_stream gz;
    bool gz_live;
    ZSTD_DCtx *zstd;
    bool (*unpack)(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e);
    struct text_decoder decoder;
    struct xlsx *workbook;
};

static bool read_raw(struct bytes *b, void *to, size_t cap, size_t *ret_n, struct err *e)
{
    for (;;) {
        ssize_t got = read(b->fd, to, cap);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_sys(e, errno, "cannot read '%s'", b->path);
        atomic_fetch_add_explicit(&b->consumed, (uint64_t)got, memory_order_relaxed);
        *ret_n = (size_t)got;
        return true;
    }
}

/* Makes raw[at..n) non-empty unless the file has ended. */
static bool refill(struct bytes *b, struct err *e)
{
    if (b->at < b->n || b->raw_end)
        return true;
    b->at = 0;
    b->n = 0;
    if (!read_raw(b, b->raw, RAW_BYTES, &b->n, e))
        return false;
    b->raw_end = b->n == 0;
    return true;
}

static bool truncated(struct bytes *b, const char *what, struct err *e)
{
    err_set(e, ERR_INVALID, "'%s' is truncated: its %s data ends in the middle", b->path, what);
    return err_hint(e, "Copy or download the file again.");
}

static bool damaged(struct bytes *b, const char *what, const char *why, struct err *e)
{
    err_set(e, ERR_INVALID, "'%s' is damaged: %s data: %s", b->path, what, why);
    return err_hint(e, "Copy or download the file again.");
}

static bool unpack_plain(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    size_t n = 0;
    if (b->at < b->n) {
        n = MIN(cap, b->n - b->at);
        memcpy(to, b->raw + b->at, n);
        b->at += n;
    }
    /* fill the caller's block, so that a pipe's small reads do not make small blocks */
    while (n < cap && !b->raw_end) {
        size_t got = 0;
        if (!read_raw(b, to + n, cap - n, &got, e))
            return false;
        b->raw_end = got == 0;
        n += got;
    }
    *ret_n = n;
    return true;
}

/* Behind a complete member: zero padding is fine, another member goes on, anything else is damage.
 */
static bool gzip_next_member(struct bytes *b, struct err *e)
{
    for (;;) {
        if (!refill(b, e))
            return false;
        if (b->at == b->n) {
            b->done = true;
            return true;
        }
        if (b->raw[b->at] != 0)
            break;
        b->at++;
    }
    if (b->raw[b->at] != 0x1f)
        return damaged(b, "gzip", "there is something else behind its end", e);
    inflateReset(&b->gz);
    b->between = false;
    return true;
}

static bool unpack_gzip(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    size_t n = 0;
    while (n < cap && !b->done) {
        if (b->between) {
            if (!gzip_next_member(b, e))
                return false;
            continue;
        }
        if (!refill(b, e))
            return false;
        b->gz.next_in = b->raw + b->at;
        b->gz.avail_in = (uInt)(b->n - b->at);
        b->gz.next_out = (unsigned char *)to + n;
        b->gz.avail_out = (uInt)MIN(cap - n, (size_t)1 << 30);
        uInt out_before = b->gz.avail_out;
        int rc = inflate(&b->gz, Z_NO_FLUSH);
        b->at = b->n - b->gz.avail_in;
        n += out_before - b->gz.avail_out;
        if (rc == Z_STREAM_END)
            b->between = true;
        else if (rc == Z_MEM_ERROR)
            out_of_memory(0);
        else if (rc == Z_BUF_ERROR && b->raw_end)
            return truncated(b, "gzip", e);
        else if (rc != Z_OK && rc != Z_BUF_ERROR)
            return damaged(b, "gzip", b->gz.msg ? b->gz.msg : "not valid", e);
    }
    *ret_n = n;
    return true;
}

static bool unpack_zstd(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    ZSTD_outBuffer out = {to, cap, 0};
    while (out.pos < out.size && !b->done) {
        if (!refill(b, e))
            return false;
        if (b->at == b->n && b->between) {
            b->done = true;
            break;
        }
        ZSTD_inBuffer in = {b->raw + b->at, b->n - b->at, 0};
        size_t before = out.pos;
        size_t rc = ZSTD_decompressStream(b->zstd, &out, &in);
        b->at += in.pos;
        if (ZSTD_isError(rc))
            return damaged(b, "Zstandard", ZSTD_getErrorName(rc), e);
        b->between = rc == 0;
        if (!b->between && b->raw_end && in.size == 0 && out.pos == before)
            return truncated(b, "Zstandard", e);
    }
    *ret_n = out.pos;
    return true;
}

static bool unpack_workbook(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    return xlsx_read(b->workbook, to, cap, ret_n, e);
}

static bool choose_unpacker(struct bytes *b, struct err *e)
{
    /* four bytes tell; a pipe may give fewer at once */
    while (b->n < 4 && !b->raw_end) {
        size_t got = 0;
        if (!read_raw(b, b->raw + b->n, RAW_BYTES - b->n, &got, e))
            return false;
        b->raw_end = got == 0;
        b->n += got;
    }
    b->unpack = unpack_plain;
    if (b->n >= 2 && b->raw[0] == 0x1f && b->raw[1] == 0x8b) {
        b->packing = BYTES_GZIP;
        b->unpack = unpack_gzip;
        if (inflateInit2(&b->gz, 15 + 16) != Z_OK)
            out_of_memory(0);
        b->gz_live = true;
    } else if (b->n >= 4 && !memcmp(b->raw, "\x28\xb5\x2f\xfd", 4)) {
        b->packing = BYTES_ZSTD;
        b->unpack = unpack_zstd;
        b->zstd = ZSTD_createDCtx();
        if (!b->zstd)
            out_of_memory(0);
    } else if (b->n >= 4 && !memcmp(b->raw, "PK\x03\x04", 4) && b->size) {
        if (!xlsx_open(b->path, &b->workbook, e))
            return false;
        if (b->workbook) {
            b->packing = BYTES_WORKBOOK;
            b->unpack = unpack_workbook;
        }
    }
    return true;
}

bool bytes_open(str path, struct bytes **ret, struct err *e)
{
    struct bytes *b = calloc(1, sizeof *b);
    if (!b || !(b->path = malloc(path.n + 1)) || !(b->raw = malloc(RAW_BYTES)))
        out_of_memory(RAW_BYTES);
    if (path.n)
        memcpy(b->path, path.p, path.n);
    b->path[path.n] = 0;
    b->fd = open(b->path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (b->fd < 0 || fstat(b->fd, &st)) {
        err_sys(e, errno, "cannot open '%s'", b->path);
        goto fail;
    }
    if (S_ISDIR(st.st_mode)) {
        err_set(e, ERR_INVALID, "'%s' is a folder, not a file", b->path);
        goto fail;
    }
    if (S_ISREG(st.st_mode)) {
        b->size = (uint64_t)st.st_size;
        (void)posix_fadvise(b->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    if (!choose_unpacker(b, e))
        goto fail;
    *ret = b;
    return true;
fail:
    bytes_close(b);
    return false;
}

void bytes_close(struct bytes *b)
{
    if (!b)
        return;
    if (b->fd >= 0)
        close(b->fd);
    if (b->gz_live)
        inflateEnd(&b->gz);
    ZSTD_freeDCtx(b->zstd);
    xlsx_close(b->workbook);
    text_decoder_release(&b->decoder);
    free(b->raw);
    free(b->path);
    free(b);
}

enum bytes_packing bytes_packing(const struct bytes *b)
{
    return b->packing;
}

static bool read_content(void *ctx, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    struct bytes *b = ctx;
    return b->unpack(b, to, cap, ret_n, e);
}

bool bytes_read(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    return text_decode(&b->decoder, read_content, b, to, cap, ret_n, e);
}

void bytes_read_as(const struct bytes *b, char to[BYTES_READ_AS])
{
    enum text_encoding x = b->decoder.encoding;
    size_t sheets;
    to[0] = 0;
    if (b->workbook) {
        const char *name = xlsx_sheet(b->workbook, &sheets);
        snprintf(to, BYTES_READ_AS, "sheet '%.150s' of %zu", name, sheets);
    } else if (x == TEXT_UTF16LE || x == TEXT_UTF16BE) {
        snprintf(to, BYTES_READ_AS, "UTF-16");
    } else if (x == TEXT_1252) {
        snprintf(to, BYTES_READ_AS, "Windows-1252");
    }
}

double bytes_progress(const struct bytes *b)
{
    uint64_t at = atomic_load_explicit(&b->consumed, memory_order_relaxed);
    return b->size && at < b->size ? (double)at / (double)b->size : b->size ? 1 : 0;
}

/* Up to max bytes; *ret_more says that there are more. */
static bool read_up_to(struct arena *a, str path, size_t max, str *ret, bool *ret_more,
                       char read_as[BYTES_READ_AS], struct err *e)
{
    struct bytes *b;
    if (!bytes_open(path, &b, e))
        return false;
    max = MIN(max, SIZE_MAX / 4);
    size_t cap = MIN(max + 1, (size_t)64 << 10), n = 0;
    char *p = malloc(cap);
    bool ok = true;
    for (;;) {
        if (!p)
            out_of_memory(cap);
        size_t got = 0;
        ok = bytes_read(b, p + n, cap - n, &got, e);
        n += ok ? got : 0;
        if (!ok || !got || n > max)
            break;
        if (n == cap) {
            cap = MIN(max + 1, cap * 2);
            p = realloc(p, cap);
        }
    }
    if (ok) {
        *ret_more = n > max;
        *ret = str_dup(a, (str){p, MIN(n, max)});
    }
    free(p);
    if (read_as)
        bytes_read_as(b, read_as);
    bytes_close(b);
    return ok;
}

bool bytes_read_all(struct arena *a, str path, size_t max, str *ret, struct err *e)
{
    return bytes_read_all_as(a, path, max, ret, NULL, e);
}

bool bytes_read_all_as(struct arena *a, str path, size_t max, str *ret,
                       char read_as[BYTES_READ_AS], struct err *e)
{
    bool more;
    str all;
    if (!read_up_to(a, path, max, &all, &more, read_as, e))
        return false;
    if (more)
        return err_set(e, ERR_INVALID, "'%.*s' holds more than %zu bytes", FMT(path), max);
    *ret = all;
    return true;
}

bool bytes_head(struct arena *a, str path, size_t max, str *ret, struct err *e)
{
    bool more;
    return read_up_to(a, path, max, ret, &more, NULL, e);
}

struct bytes_packer {
    ZSTD_CCtx *zstd;
    char *out;
    size_t cap;
};

struct bytes_packer *bytes_packer_new(void)
{
    struct bytes_packer *p = calloc(1, sizeof *p);
    if (!p || !(p->zstd = ZSTD_createCCtx()))
        out_of_memory(sizeof *p);
    return p;
}

str bytes_pack(struct bytes_packer *p, str content)
{
    size_t most = ZSTD_compressBound(content.n);
    if (most > p->cap) {
        free(p->out);
        p->out = malloc(most);
        if (!p->out)
            out_of_memory(most);
        p->cap = most;
    }
    size_t n = ZSTD_compressCCtx(p->zstd, p->out, p->cap, content.p, content.n, 1);
    BUG_IF(ZSTD_isError(n)); /* there is room, and nothing else can fail */
    return (str){p->out, n};
}

void bytes_packer_free(struct bytes_packer *p)
{
    if (!p)
        return;
    ZSTD_freeCCtx(p->zstd);
    free(p->out);
    free(p);
}
