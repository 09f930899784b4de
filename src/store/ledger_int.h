/* ledger_int.h - what the files of the ledger share: the engine, statements, columns. */
#ifndef STORE_LEDGER_INT_H
#define STORE_LEDGER_INT_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/duckdb_api.h"
#include "store/ledger.h"

struct ledger {
    struct arena arena; /* as long as the ledger */
    str dir, spill_dir;
    uint64_t memory;
    int threads;
    str tags[ALLOCATION_TAGS]; /* names of the allocation tags */
    size_t n_tags;

    bool started; /* the engine, on first use */
    const struct duckdb_api *db; /* from the start of the engine */
    duckdb_database database;
    duckdb_connection connection;

    struct arena parts_arena; /* until the next ledger_attach */
    struct part_ref *parts;
    size_t n_parts;
    bool schema_known;
    struct part_tag *part_tags; /* which part has which tag as a column */
    size_t n_part_tags;
};

struct part_tag {
    str tag;
    size_t part;
};

/* Loads and opens DuckDB unless that is done. */
MUST_CHECK bool ledger_start(struct ledger *l, struct err *e);

/* ---- statements: text with ? and what is bound to each, in order ---- */

struct sql {
    struct buf text;
    struct arena arena;
    struct sql_param {
        str text;
    } *params;
    size_t n_params, cap_params;
};

void sql_init(struct sql *q);
void sql_release(struct sql *q);
void sql_add(struct sql *q, const char *fmt, ...) PRINTF_LIKE(2, 3);
void sql_literal(struct sql *q, str s);    /* 'it''s' */
void sql_identifier(struct sql *q, str s); /* "a""b" */
void sql_file(struct sql *q, str path);    /* of read_parquet, which would expand patterns */
void sql_bind(struct sql *q, str value);   /* appends ? */
/* Runs it to the end with a materialized result, which the caller destroys. */
MUST_CHECK bool sql_run(struct ledger *l, const struct sql *q, duckdb_result *ret, struct err *e);
/* The same, but rows come as they are read. */
MUST_CHECK bool sql_stream(struct ledger *l, const struct sql *q, duckdb_result *ret,
                           struct err *e);
/* One statement without parameters or result. */
MUST_CHECK bool sql_exec(struct ledger *l, const char *text, struct err *e);
MUST_CHECK bool sql_prepare(struct ledger *l, const struct sql *q, duckdb_prepared_statement *ret,
                            struct err *e);
/* DuckDB's message as an error of ours; sums that do not fit are said in plain words. */
bool sql_fault(const char *message, struct err *e);

/* ---- results ---- */

struct result_column {
    const void *data;
    const uint64_t *validity; /* NULL: all valid */
};
struct result_column result_column(struct ledger *l, duckdb_data_chunk chunk, size_t i);
static inline bool result_null(const struct result_column *c, size_t row)
{
    return c->validity && !(c->validity[row / 64] >> (row % 64) & 1);
}
str result_text(const struct result_column *c, size_t row); /* borrowed; empty for NULL */
static inline int64_t result_i64(const struct result_column *c, size_t row)
{
    return ((const int64_t *)c->data)[row];
}
dec result_dec(const struct result_column *c, size_t row); /* DEC_NULL for NULL */

/* ---- columns ---- */

/* Columns of a part's rows, in order; the tags follow. */
enum row_column {
    COL_DAY, COL_PERIOD, COL_CATEGORY, COL_CURRENCY, COL_BILLED, COL_EFFECTIVE, COL_LIST,
    COL_QUANTITY,
    COL_TOKENS,
    COL_REQUESTS = COL_TOKENS + TOKEN_BUCKETS,
    COL_BATCH,
    COL_TEXT,
    COL_CONFIDENCE = COL_TEXT + SPEND_TEXTS,
    COL_SHARE, COL_FILE, COL_ROW,
    ROW_COLUMNS,
};
/* "day", "billed", "tokens_in", "service", ... */
str row_column_name(struct arena *a, int column);
str tag_column_name(struct arena *a, str tag); /* "tag:team" */

/* Columns of a part's cube, in order; the tags follow. */
enum cube_column {
    CUBE_MONTH, CUBE_PERIOD, CUBE_CATEGORY, CUBE_CURRENCY,
    CUBE_BILLED, CUBE_EFFECTIVE, CUBE_LIST,
    CUBE_ROWS, CUBE_UNPRICED,
    CUBE_TOKENS,
    CUBE_TOKEN_ROWS = CUBE_TOKENS + TOKEN_BUCKETS,
    CUBE_REQUESTS,
    CUBE_TEXT,
    CUBE_COLUMNS = CUBE_TEXT + LEDGER_CUBE_TEXTS,
};
str cube_column_name(struct arena *a, int column);

str part_path(struct arena *a, str dir, str name, const char *ending);
#define ROWS_ENDING ".parquet"
#define CUBE_ENDING ".cube.parquet"

#endif
