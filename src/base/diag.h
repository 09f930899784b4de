/* diag.h - all faults and warnings of a file, each with its place, not just the first.
 *
 * Lines and columns count from 1; a column counts characters, as editors do. line 0 means the whole
 * file. At most LIMIT_DIAGS are kept, the rest are counted. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag_place {
    str file;        /* as the user named it */
    uint32_t line;   /* 0: none */
    uint32_t column; /* 0: none; in characters */
    uint32_t width;  /* characters to underline, 0: 1 */
    str source_line; /* the text of that line, may be empty */
};

struct diag {
    enum diag_level level;
    struct diag_place at;
    str text; /* what is wrong, with the value in 'quotes' */
    str hint; /* what to do, a sentence; may be empty */
};

struct diags {
    struct arena *arena; /* keeps all text */
    struct diag *items;
    size_t n, cap;
    size_t errors, warnings; /* all that were added */
    size_t dropped;          /* beyond LIMIT_DIAGS */
};

void diags_init(struct diags *d, struct arena *a);
/* Copies everything into the arena. hint may be STR_NONE. */
void diags_add(struct diags *d, enum diag_level level, struct diag_place at, str hint,
               const char *fmt, ...) PRINTF_LIKE(5, 6);
/* By file, line, column; stable. */
void diags_sort(struct diags *d);
/* plan.yaml:3:9: error: ... / source line / ^^^^ / hint */
void diags_print(const struct diags *d, struct buf *out, bool color);
/* The first error as an err (ERR_INVALID) and how many more there are; false. BUG without errors.
 */
bool diags_to_err(const struct diags *d, struct err *e);

#endif
