/* table.h - from a header to rows: the column map of an importer, compiled for one file.
 *
 * A plan is made once per file from the importer's columns and the file's header and is shared by
 * threads. A mapper applies it, one per worker: no allocation per row, what repeats (dates,
 * currencies, tags) is remembered. Cells go in as the plan's `columns` lists them. */
#ifndef INGEST_TABLE_H
#define INGEST_TABLE_H

#include "ingest/importer.h"

enum { TABLE_RAWS = F_RAW_MAX - F_RAW };
#define TABLE_NO_CELL UINT32_MAX

/* What the user should hear about a file, apart from errors. */
struct import_counts {
    uint64_t records;     /* read */
    uint64_t rows;        /* made of them, splits included */
    uint64_t skipped;     /* records left out: empty days, total lines */
    uint64_t rounded;     /* amounts with more than 18 decimals */
    uint64_t bad_tags;    /* rows whose tags could not be read and were dropped */
    uint64_t no_currency; /* rows that took the book's currency */
    uint64_t amortized;   /* rows that carry a share of a commitment instead of a bill */
    uint64_t unpriced;    /* rows whose cost is unknown */
};
void import_counts_add(struct import_counts *to, const struct import_counts *more);

/* A condition on a column under which a record is left out; from mapping files. */
struct table_filter {
    str column;
    str pattern; /* glob over the trimmed cell; empty matches an empty cell */
    bool unless; /* leaves out what does not match */
};

struct table_spec {
    str path; /* for messages */
    const struct importer *importer;
    const struct import_options *options;
    const struct spend_row *constants; /* of a mapping file; NULL */
    const struct table_filter *filters;
    size_t n_filters;
    int64_t ticks_per_second; /* F_DAY holds numbers of ticks since options->start; 0: dates */
    bool negate;              /* amounts have the other sign */
};

/* Everything pointed to must outlive the plan, which lives in a. A missing column that is required
 * is an error that names the likeliest ones. */
MUST_CHECK bool table_compile(struct arena *a, const struct table_spec *spec, const str *names,
                              size_t n_names, struct table_plan **ret, struct err *e);
/* Header indexes of the cells to be given to table_map, in their order. */
const uint32_t *table_columns(const struct table_plan *p, size_t *ret_n);
bool table_has(const struct table_plan *p, int field); /* the file has a column for it */
const struct table_spec *table_spec_of(const struct table_plan *p);
/* Columns left unread because they hold personal data, for the notes; comma-separated. */
str table_personal(const struct table_plan *p);

struct table_mapper;
struct table_mapper *table_mapper_new(const struct table_plan *p);
void table_mapper_free(struct table_mapper *m); /* NULL is fine */
/* The rows made so far are no longer needed: their text may go. */
void table_forget(struct table_mapper *m);
/* *ret_skip: the record makes no row. Text lives as long as the cells and until table_forget. */
MUST_CHECK bool table_map(struct table_mapper *m, const str *cells, uint64_t line,
                          struct spend_row *ret, bool *ret_skip, struct err *e);
const struct import_counts *table_counts(const struct table_mapper *m);

/* ---- for the row hooks of importers ---- */

struct table_row {
    const struct table_plan *plan;
    struct table_mapper *mapper;
    const str *cells;
    uint64_t line;
};

/* The trimmed cell of F_RAW + k; empty when absent, null or empty. */
str table_raw(const struct table_row *t, int k);
/* The same as an amount; DEC_NULL when empty. */
MUST_CHECK bool table_raw_dec(const struct table_row *t, int k, dec *ret, struct err *e);
/* A count that must be whole and not negative; TOKENS_NULL when empty. */
MUST_CHECK bool table_raw_count(const struct table_row *t, int k, int64_t *ret, struct err *e);
/* "file:line: Column 'value' " + text, about a field's cell. Returns false. */
bool table_fault(const struct table_row *t, int field, struct err *e, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* "file:line: " + text. Returns false. */
bool table_error(const struct table_row *t, struct err *e, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* What was derived from a repeated text: `size` bytes, zeroed when *ret_new, kept until
 * table_forget at the earliest; never across files. */
void *table_memo(const struct table_row *t, str key, size_t size, bool *ret_new);
struct arena *table_memo_arena(const struct table_row *t); /* for text a memo points to */
/* `size` bytes of an importer whose records depend on each other, zeroed before the first record
 * of a file and kept to its end. Only of ordered importers. */
void *table_state(const struct table_row *t, size_t size);
/* The text, once, kept to the end of the file. */
str table_intern(const struct table_row *t, str text);
struct arena *table_scratch(const struct table_row *t);    /* text of this row */
struct import_counts *table_row_counts(const struct table_row *t);

/* Empty, or a literal NULL, null or (null). */
static inline bool cell_is_null(str s)
{
    if (s.n == 0)
        return true;
    if (s.n == 4 && (s.p[0] == 'N' || s.p[0] == 'n'))
        return memcmp(s.p, "NULL", 4) == 0 || memcmp(s.p, "null", 4) == 0;
    return s.n == 6 && s.p[0] == '(' && memcmp(s.p, "(null)", 6) == 0;
}

/* 12  12.0  1.2E+3: a whole number >= 0, nothing else. */
MUST_CHECK bool count_parse(str s, int64_t *ret);

#endif
