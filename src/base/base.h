/* base.h - the first include of every file: plain types, contracts, assertions. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define NORETURN __attribute__((noreturn))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Always on. For what cannot happen whatever the input is; never for input itself. */
#define BUG_IF(cond) \
    do { \
        if (__builtin_expect(!!(cond), 0)) \
            bug(__FILE__, __LINE__, #cond); \
    } while (0)
#define UNREACHABLE() bug(__FILE__, __LINE__, "unreachable")

NORETURN void bug(const char *file, int line, const char *what);
/* Memory has run out although every input is limited (base/limits.h): says so and ends. */
NORETURN void out_of_memory(size_t wanted);

#endif
