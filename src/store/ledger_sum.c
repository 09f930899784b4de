/* ledger_sum.c - which parts count, and their sums, from cubes where that is enough. */
#include "store/ledger_select.h"

bool ledger_attach(struct ledger *l, const struct part_ref *parts, size_t n, struct err *e)
{
    arena_reset(&l->parts_arena);
    l->parts = arena_new(&l->parts_arena, struct part_ref, n);
    for (size_t i = 0; i < n; i++)
        l->parts[i] = (struct part_ref){str_dup(&l->parts_arena, parts[i].name), parts[i].import};
    l->n_parts = n;
    l->schema_known = false;
    l->part_tags = NULL;
    l->n_part_tags = 0;
    return true;
}

/* The columns of struct ledger_sum behind the keys, in order. */
static void select_sums(struct sql *s, bool cube)
{
    struct arena *a = &s->arena;
    sql_add(s, ", CAST(sum(\"billed\") AS DECIMAL(38, 18)), "
               "CAST(sum(\"effective\") AS DECIMAL(38, 18))");
    if (cube)
        sql_add(s, ", CAST(sum(\"rows\") AS BIGINT), CAST(sum(\"unpriced\") AS BIGINT)");
    else
        sql_add(s, ", count(*), count(*) FILTER (\"billed\" IS NULL OR \"effective\" IS NULL)");
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        sql_add(s, ", CAST(coalesce(sum(\"%.*s\"), 0) AS BIGINT)",
                FMT(row_column_name(a, COL_TOKENS + b)));
    if (cube) {
        sql_add(s, ", CAST(sum(\"token_rows\") AS BIGINT)");
    } else {
        sql_add(s, ", count(coalesce(");
        for (int b = 0; b < TOKEN_BUCKETS; b++)
            sql_add(s, "%s\"%.*s\"", b ? ", " : "", FMT(row_column_name(a, COL_TOKENS + b)));
        sql_add(s, "))");
    }
    sql_add(s, ", CAST(coalesce(sum(\"requests\"), 0) AS BIGINT)");
}

/* SELECT k1, ..., sums FROM (SELECT key AS k1, ..., * FROM parts WHERE ...) GROUP BY k1, ... */
static bool build_sum(struct ledger *l, struct sql *s, const struct ledger_query *q, bool cube,
                      struct err *e)
{
    sql_add(s, "SELECT 0");
    for (size_t i = 0; i < q->n_keys; i++)
        sql_add(s, ", \"outlay:%zu\"", i);
    select_sums(s, cube);
    sql_add(s, " FROM (SELECT *");
    for (size_t i = 0; i < q->n_keys; i++) {
        sql_add(s, ", ");
        select_key(l, s, &q->keys[i], cube);
        sql_add(s, " AS \"outlay:%zu\"", i);
    }
    select_parts(l, s, cube);
    if (!select_where(l, s, q, cube, e))
        return false;
    sql_add(s, ")");
    for (int pass = 0; pass < 2 && q->n_keys; pass++) {
        sql_add(s, pass ? " ORDER BY " : " GROUP BY ");
        for (size_t i = 0; i < q->n_keys; i++)
            sql_add(s, "%s\"outlay:%zu\"", i ? ", " : "", i);
    }
    return true;
}

static void read_sum(const struct result_column *c, size_t row, size_t n_keys, struct arena *a,
                     struct ledger_sum *ret)
{
    ret->keys = arena_new(a, str, n_keys);
    c++;
    for (size_t i = 0; i < n_keys; i++)
        ret->keys[i] = str_dup(a, result_text(c++, row));
    ret->billed = result_dec(c++, row);
    ret->effective = result_dec(c++, row);
    ret->rows = (uint64_t)result_i64(c++, row);
    ret->unpriced = (uint64_t)result_i64(c++, row);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        ret->tokens[b] = result_i64(c++, row);
    ret->token_rows = (uint64_t)result_i64(c++, row);
    ret->requests = (uint64_t)result_i64(c++, row);
}

/* DuckDB's sums are checked at 127 bits, ours at 38 digits. */
static bool check_size(dec v, struct err *e)
{
    dec ignored;
    if (dec_is_null(v) || dec_add(v, 0, &ignored))
        return true;
    return err_set(e, ERR_INVALID, "a sum of amounts needs more than 20 digits before the point");
}

static bool read_sums(struct ledger *l, duckdb_result *r, size_t n_keys, struct arena *a,
                      struct ledger_sums *ret, struct err *e)
{
    size_t cap = 0, columns = l->db->column_count(r);
    struct result_column *c = arena_new(a, struct result_column, columns);
    duckdb_data_chunk chunk;
    bool ok = true;
    while (ok && (chunk = l->db->fetch_chunk(*r))) {
        for (size_t i = 0; i < columns; i++)
            c[i] = result_column(l, chunk, i);
        size_t n = l->db->data_chunk_get_size(chunk);
        ret->items = arena_grow(a, ret->items, sizeof *ret->items, &cap, ret->n + n);
        for (size_t row = 0; row < n; row++) {
            /* without keys there is one row even when nothing matches */
            struct ledger_sum *s = &ret->items[ret->n];
            if (!n_keys && (result_null(&c[3], row) || !result_i64(&c[3], row)))
                continue;
            read_sum(c, row, n_keys, a, s);
            ok = check_size(s->billed, e) && check_size(s->effective, e);
            if (!ok)
                break;
            ret->n++;
        }
        l->db->destroy_data_chunk(&chunk);
    }
    return ok;
}

bool ledger_sum(struct ledger *l, const struct ledger_query *q, struct arena *a,
                struct ledger_sums *ret, struct err *e)
{
    if (!l->n_parts) {
        *ret = (struct ledger_sums){.from_cube = true};
        return true;
    }
    bool cube;
    if (!ledger_start(l, e) || !select_from_cube(l, q, &cube, e))
        return false;
    struct sql s;
    sql_init(&s);
    duckdb_result r;
    bool ok = build_sum(l, &s, q, cube, e) && sql_run(l, &s, &r, e);
    sql_release(&s);
    if (!ok)
        return false;
    struct ledger_sums sums = {.from_cube = cube};
    ok = read_sums(l, &r, q->n_keys, a, &sums, e);
    l->db->destroy_result(&r);
    if (ok)
        *ret = sums;
    return ok;
}
