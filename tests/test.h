/* test.h - what every unit test includes: cmocka, and helpers for rows of input and output. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/os.h"
#include "base/str.h"

#include <cmocka.h>

#define assert_str(actual, expected) \
    do { \
        str actual_ = (actual), expected_ = str_of(expected); \
        if (!str_eq(actual_, expected_)) \
            fail_msg("'%.*s' is not '%.*s'", FMT(actual_), FMT(expected_)); \
    } while (0)

#define assert_ok(call, e) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s", #call, (e)->text); \
    } while (0)

#define assert_error(call, e, part) \
    do { \
        if (call) \
            fail_msg("%s: no error", #call); \
        if (!strstr((e)->text, (part))) \
            fail_msg("%s: error '%s' lacks '%s'", #call, (e)->text, (part)); \
    } while (0)

/* Real data that is not part of the project: NULL when absent (then skip(), saying so). */
static inline const char *shared_data(void)
{
    const char *dir = getenv("SHARED_DATA");
    return dir && dir_exists(str_of(dir)) ? dir : NULL;
}

#define need_shared_data() \
    do { \
        if (!shared_data()) { \
            print_message("skipped: no real data at $SHARED_DATA\n"); \
            skip(); \
        } \
    } while (0)

/* A plan of tests/samples/plan. */
static inline str sample_plan(struct arena *a, const char *name)
{
    struct err e = {0};
    str text;
    assert_ok(file_read(a, str_fmt(a, "%s/plan/%s", getenv("SAMPLES"), name), 1u << 20, &text, &e), &e);
    return text;
}

#endif
