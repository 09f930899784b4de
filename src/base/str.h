/* str.h - a borrowed slice of bytes, the way text is read everywhere.
 *
 * A str does not own its bytes and is not NUL-terminated; whoever made it says how long it lives.
 * Text is UTF-8. NUL-terminated strings appear only where a foreign library wants them. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"

struct arena;

typedef struct str {
    const char *p; /* may be NULL when n is 0 */
    size_t n;      /* bytes */
} str;

/* S("literal") */
#define S(lit) ((str){("" lit ""), sizeof(lit) - 1})
#define STR_NONE ((str){NULL, 0})
/* for printf: "%.*s", FMT(s) */
#define FMT(s) (int)(s).n, (s).n ? (s).p : ""

str str_of(const char *nul_terminated); /* NULL gives an empty str */
str str_sub(str s, size_t from, size_t to); /* clamped to s */
bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b); /* ASCII case only */
int str_cmp(str a, str b);        /* bytewise, shorter first */
bool str_starts(str s, str prefix);
bool str_starts_nocase(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_ends_nocase(str s, str suffix);
/* Index of the first match at or after `from`, or SIZE_MAX. */
size_t str_find(str s, str needle, size_t from);
size_t str_find_nocase(str s, str needle, size_t from);
size_t str_find_char(str s, char c, size_t from);
str str_trim(str s); /* spaces, tabs, CR, LF, NBSP */
/* Takes the part of *rest before `sep`, moves *rest behind it; false when *rest is used up. */
bool str_cut(str *rest, char sep, str *ret_part);
uint64_t str_hash(str s);

/* The following live in `a`. */
str str_dup(struct arena *a, str s);
char *str_cstr(struct arena *a, str s); /* NUL-terminated copy */
str str_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
str str_lower(struct arena *a, str s); /* ASCII */
str str_count(struct arena *a, uint64_t n); /* "19,366": for sentences */
/* s as one word of a POSIX shell: bare when nothing in it means anything there, else quoted. */
str str_shell_word(struct arena *a, str s);
str str_join(struct arena *a, const str *parts, size_t n, str sep);

/* Whole-string parses; false when anything is left over or out of range. Never locale-bound. */
MUST_CHECK bool str_to_i64(str s, int64_t *ret);
MUST_CHECK bool str_to_u64(str s, uint64_t *ret);
/* Correctly rounded decimal to double: digits, '.', exponent, sign. No inf, nan or hex. */
MUST_CHECK bool str_to_double(str s, double *ret);

bool str_is_utf8(str s);
/* Columns a terminal needs for s (combining marks 0, wide characters 2). */
size_t str_width(str s);
/* The candidate a user most likely meant by `wrong`, or NULL: at most a third of it differs. */
const char *str_closest(str wrong, const char *const *candidates, size_t n);

/* Case-insensitive shell-like pattern over the whole of s: '*' and '?'. */
bool str_glob(str pattern, str s);

#endif
