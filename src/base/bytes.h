/* bytes.h - the content of a file as a stream, decompressed when it is gzip or Zstandard, and as
 * UTF-8 when it is text in another encoding (encoding.h). A workbook (xlsx_read.h) is the text of
 * its sheet.
 *
 * Compression is found by content, not by name. A stream is read by one thread at a time. Truncated
 * or damaged compressed data is an error that says so. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/err.h"
#include "base/str.h"

struct bytes;

enum bytes_packing { BYTES_PLAIN, BYTES_GZIP, BYTES_ZSTD, BYTES_WORKBOOK };

MUST_CHECK bool bytes_open(str path, struct bytes **ret, struct err *e);
void bytes_close(struct bytes *b); /* NULL is fine */
enum bytes_packing bytes_packing(const struct bytes *b);
/* Up to cap bytes; *ret_n = 0 is the end. */
MUST_CHECK bool bytes_read(struct bytes *b, char *to, size_t cap, size_t *ret_n, struct err *e);
/* What the content was read from, where it is not plain UTF-8 text: "UTF-16", "Windows-1252",
 * "sheet 'Usage' of 3"; else empty. What was read so far decides. */
enum { BYTES_READ_AS = 192 };
void bytes_read_as(const struct bytes *b, char to[BYTES_READ_AS]);
/* Share of the file consumed, 0 to 1; safe from another thread. */
double bytes_progress(const struct bytes *b);
/* The whole content, unpacked, in a; more than max is an error. */
struct arena;
MUST_CHECK bool bytes_read_all(struct arena *a, str path, size_t max, str *ret, struct err *e);
/* The same, with what bytes_read_as says. */
MUST_CHECK bool bytes_read_all_as(struct arena *a, str path, size_t max, str *ret,
                                  char read_as[BYTES_READ_AS], struct err *e);
/* The first up to max bytes, unpacked. */
MUST_CHECK bool bytes_head(struct arena *a, str path, size_t max, str *ret, struct err *e);

/* ---- the other way: blocks packed with Zstandard ---- */

struct bytes_packer; /* one per thread */
struct bytes_packer *bytes_packer_new(void);
/* Fast rather than small. Valid until the packer's next call. */
str bytes_pack(struct bytes_packer *p, str content);
void bytes_packer_free(struct bytes_packer *p); /* NULL is fine */

#endif
