/* ledger.h - spend: immutable Parquet parts, written once and summed often.
 *
 * The book (book.h) lists which parts count; the ledger reads and writes the files and holds no
 * state of its own, so that any number of processes may read while one imports. A part is two files
 * under the book's ledger/ folder: NAME.parquet       every row, columns as in spend.h
 *   NAME.cube.parquet  sums by month and every dimension of a report, so that reports on 50M rows
 *                      do not read rows
 * Costs are DECIMAL(38,18); sums are exact, an overflow is an error and never wraps. */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/arena.h"
#include "store/spend.h"

struct ledger;

/* The text columns that the cube keeps, besides months, category, currency and allocation tags:
 * sums by these alone never read rows. (The others are as many as the rows.) */
#define LEDGER_CUBE_TEXTS 12
extern const enum spend_text ledger_cube_texts[LEDGER_CUBE_TEXTS];

/* Opening is cheap: DuckDB is loaded when the first call needs it. One thread at a time. */
struct ledger_options {
    str dir;              /* the book's ledger/ folder */
    uint64_t memory;      /* bytes DuckDB may use; 0: a quarter of RAM */
    int threads;          /* 0: one per processor */
    const char *const *allocation_tags; /* names of spend_row.allocation, NULL-terminated */
};

MUST_CHECK bool ledger_open(const struct ledger_options *o, struct ledger **ret, struct err *e);
void ledger_close(struct ledger *l);

/* ---- writing ---- */

struct part_info {
    str name;          /* of the part, without folder and extension; given by the caller */
    uint64_t rows;
    uint64_t bytes;    /* of both files */
    day first, last;   /* days; DAY_NONE when empty */
    dec billed,
        effective; /* sums over all rows that have one, all currencies alike: a control total */
    uint64_t unpriced;         /* rows whose cost is unknown */
    char sha256[65], cube_sha256[65];
};

typedef void ledger_progress(void *ctx, double share, uint64_t rows);

/* Runs the source to its end and writes both files of part `name` into `dir` (the import's own
 * temporary folder), synced to disk. On failure nothing is left of them and e is the source's own
 * error, when it had one. `interrupted` (may be NULL) is polled. */
MUST_CHECK bool ledger_write(struct ledger *l, const struct row_source *source, str dir, str name,
                             ledger_progress *progress, void *progress_ctx,
                             const volatile bool *interrupted, struct arena *a,
                             struct part_info *ret, struct err *e);

/* ---- reading ---- */

/* The parts that count, by name under the ledger's folder, with the import each belongs to. */
struct part_ref {
    str name;
    int64_t import;
};
MUST_CHECK bool ledger_attach(struct ledger *l, const struct part_ref *parts, size_t n,
                              struct err *e);

enum ledger_key_kind {
    KEY_MONTH,
    KEY_PERIOD,
    KEY_DAY,
    KEY_CATEGORY,
    KEY_CURRENCY,
    KEY_TEXT,
    KEY_TAG,
    KEY_IMPORT,
    KEY_BATCH /* "batch" of rows at batch prices, else empty */
};
struct ledger_key {
    enum ledger_key_kind kind;
    enum spend_text text; /* KEY_TEXT */
    str tag; /* KEY_TAG: name of a tag; answered from the cube when it is an allocation tag */
};

/* "category", "month", "period", "day", "currency", "import", the column of a text ("provider",
 * "project" ...), or "tag:NAME". False: no such key. */
MUST_CHECK bool ledger_key_parse(str name, struct ledger_key *ret);

enum filter_op { FILTER_IS, FILTER_GLOB, FILTER_NOT };
struct ledger_filter {
    struct ledger_key key;
    enum filter_op op;
    str value; /* category by key, month "2026-07", text, tag value */
};

struct ledger_query {
    day from,
        to; /* inclusive days of use; DAY_NONE: open. Whole months are answered from the cube. */
    const struct ledger_key *keys;
    size_t n_keys;
    const struct ledger_filter *filters;
    size_t n_filters;
};

struct ledger_sum {
    str *keys;    /* one per key of the query: text, "2026-07", "2026-07-01", category key */
    dec billed, effective; /* of rows that have a cost; DEC_NULL when none has */
    uint64_t rows, unpriced; /* unpriced: rows whose cost is unknown */
    int64_t tokens[TOKEN_BUCKETS]; /* of rows that have them */
    uint64_t token_rows; /* rows with token counts */
    uint64_t requests;
};

struct ledger_sums {
    struct ledger_sum *items; /* ordered by keys, bytewise */
    size_t n;
    bool from_cube; /* false: rows were read */
};
/* Rows of one currency and of another never share a sum: ask for KEY_CURRENCY, or filter on it. */
MUST_CHECK bool ledger_sum(struct ledger *l, const struct ledger_query *q, struct arena *a,
                           struct ledger_sums *ret, struct err *e);

struct ledger_row {
    struct spend_row row; /* text lives in the arena */
    int64_t import;
};
enum ledger_order { ORDER_PLACE /* import, file, row */, ORDER_COST /* largest effective first */ };
/* At most `limit` rows that match, and how many there are. */
MUST_CHECK bool ledger_rows(struct ledger *l, const struct ledger_query *q, enum ledger_order order,
                            size_t limit, struct arena *a, struct ledger_row **ret, size_t *ret_n,
                            uint64_t *ret_all, struct err *e);
/* The rows (several when split) made of one record. */
MUST_CHECK bool ledger_row_at(struct ledger *l, int64_t import, uint32_t file, uint64_t row,
                              struct arena *a, struct ledger_row **ret, size_t *ret_n,
                              struct err *e);

/* ---- other files, through the same engine ---- */

/* Any Parquet file as text: header, then records through `record` in order (cells are empty for
 * NULL). Times print as ISO, decimals and integers with every digit. */
struct table_reader {
    void *ctx;
    bool (*header)(void *ctx, const str *names, size_t n, struct err *e);
    bool (*record)(void *ctx, const str *cells, size_t n, uint64_t row, struct err *e);
};
MUST_CHECK bool ledger_read_parquet(struct ledger *l, str path, const struct table_reader *r,
                                    struct err *e);

#endif
