/* parquet_write.h - writing Parquet files whose columns are known beforehand.
 *
 * DuckDB's own writer costs more than everything else of an import together: it copies and hashes
 * every value of every column. Here rows go straight into dictionaries and arrays, which become
 * pages when a row group is full. What is read back is ordinary Parquet: data pages of version 1,
 * dictionaries for text and small numbers, Zstandard where it pays.
 *
 * Several threads write one file: each fills groups of its own and appends them whole. A row group
 * holds at most PARQUET_GROUP_ROWS rows, so memory does not depend on how many rows come. */
#ifndef STORE_PARQUET_WRITE_H
#define STORE_PARQUET_WRITE_H

#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "core/dec.h"

#define PARQUET_GROUP_ROWS 122880u /* what DuckDB reads best */

enum parquet_type {
    PARQUET_TEXT, /* empty is NULL */
    PARQUET_DATE, /* DAY_NONE is NULL */
    PARQUET_I64,  /* INT64_MIN is NULL */
    PARQUET_DEC,  /* DECIMAL(38,18); DEC_NULL is NULL */
    PARQUET_U64,  /* the following are never NULL */
    PARQUET_U32,
    PARQUET_U8,
    PARQUET_BOOL,
};

struct parquet_field {
    str name;
    enum parquet_type type;
};

/* Texts of a column, numbered from 1 in order of appearance. Where most rows have a text of their
 * own, looking each up would cost more than it saves: then `plain` groups just line them up. */
struct parquet_dictionary {
    char *page; /* as it will be written: length in 4 bytes, then the bytes */
    size_t n_page, cap_page;
    size_t n;
    struct parquet_slot {
        uint64_t lo, hi;       /* up to 16 bytes: the text itself; else its digest */
        uint32_t hash, number; /* number 0: free */
        uint32_t at, bytes;    /* the text in page */
    } *slots;
    size_t n_slots; /* a power of two */
    struct parquet_slot last; /* the text looked for last */
    unsigned plain;           /* groups to go without a dictionary, this one included */
};

struct parquet_column {
    enum parquet_type type;
    union {
        void *values;
        uint32_t *numbers; /* text: in the dictionary; 0 for NULL */
        int32_t *i32;      /* date, u32, u8, bool */
        int64_t *i64;      /* i64, u64 */
        dec *dec;
    };
    struct parquet_dictionary texts;
};

struct parquet_file;

struct parquet_group {
    struct parquet_file *file;
    size_t n, n_columns;
    size_t text_bytes; /* of all dictionaries */
    bool overflow;     /* a column would have passed 1 GiB: the flush will fail */
    struct parquet_column *columns;
    struct parquet_scratch *scratch;
};

MUST_CHECK bool parquet_create(str path, const struct parquet_field *fields, size_t n,
                               struct parquet_file **ret, struct err *e);
/* Writes the footer and syncs the file; frees it in any case. */
MUST_CHECK bool parquet_finish(struct parquet_file *f, struct err *e);
void parquet_abandon(struct parquet_file *f); /* NULL is fine; the file stays as it is */

struct parquet_group *parquet_group_new(struct parquet_file *f);
void parquet_group_free(struct parquet_group *g); /* NULL is fine */
/* To be asked now and then, at the latest at PARQUET_GROUP_ROWS rows: time to flush? */
bool parquet_group_full(const struct parquet_group *g);
/* Appends the group's rows to the file and empties it. Any thread. */
MUST_CHECK bool parquet_group_flush(struct parquet_group *g, struct err *e);

/* The number of a text in a column's dictionary; good until the next flush. */
uint32_t parquet_text(struct parquet_group *g, size_t column, str s);

#endif
