/* ledger_cube.h - sums of rows by everything reports ask for, built while the rows pass by.
 *
 * Every worker has its own cube; merged by text they give the part's cube. A cube that needs more
 * than its limit of cells gives up (`full`): it is then made from the written rows by DuckDB, which
 * can spill. */
#ifndef STORE_LEDGER_CUBE_H
#define STORE_LEDGER_CUBE_H

#include "base/arena.h"
#include "base/map.h"
#include "store/ledger.h"

#define CUBE_TEXTS (LEDGER_CUBE_TEXTS + ALLOCATION_TAGS)

/* Compared as bytes: no padding. */
struct cube_key {
    month month, period; /* MONTH_NONE: not known */
    char currency[4];
    uint32_t category;
    uint32_t texts[CUBE_TEXTS]; /* numbers of texts; 0 is empty */
};

/* What is added up; amounts are DEC_NULL until a row has one. The first cache line is all that a
 * row without tokens touches. */
struct cube_sums {
    dec billed, effective, list;
    uint64_t rows, unpriced;
    int64_t tokens[TOKEN_BUCKETS]; /* TOKENS_NULL until a row has them */
    uint64_t token_rows;
    int64_t requests;
};

struct cube_cell {
    _Alignas(64) struct cube_sums sums;
    struct cube_key key;
    uint32_t next; /* cell + 1 of the same slot */
};

struct cube_group {
    uint32_t group; /* 0: free */
    month month, period;
    uint32_t cell;
};

struct cube {
    struct arena arena;
    struct map texts; /* text to its number, from 1; entry i has number i + 1 */
    struct cube_cell *cells;
    size_t n, cap, limit;
    uint32_t *slots; /* cell + 1 by hash of key */
    size_t n_slots;
    struct cube_group *groups; /* cell by (group, month, period) */
    size_t n_groups, cap_groups;
    uint32_t last[CUBE_TEXTS]; /* number of the last text of each column */
    bool full;
};

void cube_init(struct cube *c, size_t limit);
void cube_release(struct cube *c);
/* At most CUBE_BATCH at once. False when a sum does not fit. */
#define CUBE_BATCH 256
MUST_CHECK bool cube_add(struct cube *c, const struct spend_row *rows, size_t n, struct err *e);
/* Adds all cells of `from`; `to` gives up when it would pass its limit. */
MUST_CHECK bool cube_merge(struct cube *to, const struct cube *from, struct err *e);
/* By period, category, texts: the same rows give the same file. */
void cube_sort(struct cube *c);
str cube_text(const struct cube *c, uint32_t number);

/* a + b, where DEC_NULL is nothing; false when the sum needs more than 38 digits. */
MUST_CHECK bool sum_dec(dec *sum, dec v, struct err *e);

#endif
