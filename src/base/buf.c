/* buf.c - a growing byte buffer with a cap. */
#include "base/buf.h"

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max = max_bytes};
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->overflow = false;
}

char *buf_room(struct buf *b, size_t n)
{
    if (n > b->max - b->n) {
        b->overflow = true;
        return NULL;
    }
    if (b->cap - b->n < n) {
        size_t cap = MIN(MAX(MAX(b->cap * 2, b->n + n), (size_t)256), b->max);
        char *p = realloc(b->p, cap);
        if (!p)
            out_of_memory(cap);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_add(struct buf *b, str s)
{
    char *to = s.n ? buf_room(b, s.n) : NULL;
    if (!to)
        return;
    memcpy(to, s.p, s.n);
    b->n += s.n;
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, (str){&c, 1});
}

void buf_fill(struct buf *b, char c, size_t times)
{
    char *to = times ? buf_room(b, times) : NULL;
    if (!to)
        return;
    memset(to, c, times);
    b->n += times;
}

void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char small[512];
    int n = vsnprintf(small, sizeof small, fmt, ap);
    BUG_IF(n < 0);
    if ((size_t)n < sizeof small) {
        buf_add(b, (str){small, (size_t)n});
    } else {
        char *to = buf_room(b, (size_t)n + 1);
        if (to) {
            vsnprintf(to, (size_t)n + 1, fmt, again);
            b->n += (size_t)n;
        }
    }
    va_end(again);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(b, fmt, ap);
    va_end(ap);
}

str buf_str(const struct buf *b)
{
    return (str){b->p, b->n};
}

bool buf_overflow(const struct buf *b)
{
    return b->overflow;
}
