/* err.h - why a call failed, in words a user can act on.
 *
 * Fallible functions are `bool f(..., T *ret, struct err *e)`: false means `e` is filled and *ret
 * is untouched. Text: lower case, no full stop, the user's file, line and value in 'quotes'; a
 * remedy is its own sentence in `hint`. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"
#include "base/str.h"

enum err_kind {
    ERR_NONE = 0,
    ERR_FAILED = 1,    /* the system said no: exit status 1 */
    ERR_USAGE = 2,     /* the command line is wrong */
    ERR_INVALID = 3,   /* a plan or input is wrong */
    ERR_THRESHOLD = 4, /* a threshold is crossed, with --fail-over or --strict */
    ERR_INTERRUPTED = 130,
};

struct err {
    enum err_kind kind;
    char text[3072];
    char hint[1024];
};

/* Always returns false, so that failing is one line. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Puts context before the text: "importing a.csv: " + text. Returns false. */
bool err_wrap(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Appends ": " and what errno says. */
bool err_sys(struct err *e, int errnum, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
