/* buf.h - a growing byte buffer with a mandatory cap; what text is written into.
 *
 * Passing the cap does not abort: the buffer stops growing and buf_overflow() says so, because the
 * length of what is written may depend on input. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/base.h"
#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap, max;
    bool overflow;
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_add(struct buf *b, str s);
void buf_addc(struct buf *b, char c);
void buf_fill(struct buf *b, char c, size_t times);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vfmt(struct buf *b, const char *fmt, va_list ap);
str buf_str(const struct buf *b); /* valid until the next change */
bool buf_overflow(const struct buf *b);
/* Room for n more bytes, to be filled by the caller and then counted with b->n += used; NULL at
 * the cap. */
char *buf_room(struct buf *b, size_t n);

#endif
