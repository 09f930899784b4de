/* err.c - filling and wrapping errors. */
#include "base/err.h"

#include <stdarg.h>

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    e->kind = kind;
    e->hint[0] = 0;
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    return false;
}

bool err_hint(struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->hint, sizeof e->hint, fmt, ap);
    va_end(ap);
    return false;
}

bool err_wrap(struct err *e, const char *fmt, ...)
{
    char context[1024], text[sizeof e->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(context, sizeof context, fmt, ap);
    va_end(ap);
    memcpy(text, e->text, sizeof text);
    size_t n = strlen(context);
    memcpy(e->text, context, n);
    size_t room = sizeof e->text - n - 3, m = MIN(strlen(text), room);
    memcpy(e->text + n, ": ", 2);
    memcpy(e->text + n + 2, text, m);
    e->text[n + 2 + m] = 0;
    return false;
}

bool err_sys(struct err *e, int errnum, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    e->kind = ERR_FAILED;
    e->hint[0] = 0;
    int n = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof e->text) {
        char why[128];
        snprintf(e->text + n, sizeof e->text - (size_t)n, ": %s",
                 strerror_r(errnum, why, sizeof why));
    }
    return false;
}
