/* process.h - running another program and reading what it says. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Runs argv[0], found in PATH, with the argument vector as it is (no shell), /dev/null as its
 * input. Its output lands in *ret_out, its talk in *ret_talk (both in a), its exit status in
 * *ret_status. More than `max` bytes of output is an error, and so is a program that cannot be
 * started or that a signal ended. */
MUST_CHECK bool process_read(struct arena *a, const char *const *argv, size_t max, str *ret_out,
                             str *ret_talk, int *ret_status, struct err *e);

#endif
