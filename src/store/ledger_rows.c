/* ledger_rows.c - rows of the ledger, back as they were written. */
#include "store/ledger_select.h"

void select_row_columns(struct ledger *l, struct sql *s)
{
    sql_add(s, "SELECT ");
    for (int c = 0; c < ROW_COLUMNS; c++) {
        sql_add(s, "%s", c ? ", " : "");
        sql_identifier(s, row_column_name(&s->arena, c));
    }
    sql_add(s, ", ");
    select_key(l, s, &(struct ledger_key){.kind = KEY_IMPORT}, false);
    sql_add(s, " AS \"outlay:import\"");
    for (size_t i = 0; i < l->n_tags; i++) {
        sql_add(s, ", ");
        select_key(l, s, &(struct ledger_key){.kind = KEY_TAG, .tag = l->tags[i]}, false);
        sql_add(s, " AS \"outlay:tag%zu\"", i);
    }
}

void read_row(const struct ledger *l, const struct result_column *c, size_t row, struct arena *a,
              struct ledger_row *ret)
{
    struct spend_row *r = &ret->row;
    spend_row_clear(r);
    if (!result_null(&c[COL_DAY], row))
        r->day = ((const int32_t *)c[COL_DAY].data)[row];
    if (!result_null(&c[COL_PERIOD], row))
        r->period = month_of_day(((const int32_t *)c[COL_PERIOD].data)[row]);
    if (!category_parse(result_text(&c[COL_CATEGORY], row), &r->category))
        r->category = CATEGORY_REVIEW;
    str code = result_text(&c[COL_CURRENCY], row);
    memcpy(r->currency.code, code.p ? code.p : "", MIN(code.n, 3u));
    r->billed = result_dec(&c[COL_BILLED], row);
    r->effective = result_dec(&c[COL_EFFECTIVE], row);
    r->list = result_dec(&c[COL_LIST], row);
    r->quantity = result_dec(&c[COL_QUANTITY], row);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (!result_null(&c[COL_TOKENS + b], row))
            r->tokens[b] = result_i64(&c[COL_TOKENS + b], row);
    if (!result_null(&c[COL_REQUESTS], row))
        r->requests = result_i64(&c[COL_REQUESTS], row);
    r->batch = ((const bool *)c[COL_BATCH].data)[row];
    for (int t = 0; t < SPEND_TEXTS; t++)
        r->text[t] = str_dup(a, result_text(&c[COL_TEXT + t], row));
    r->confidence = ((const uint8_t *)c[COL_CONFIDENCE].data)[row];
    r->share_ppm = ((const uint32_t *)c[COL_SHARE].data)[row];
    r->file = ((const uint32_t *)c[COL_FILE].data)[row];
    r->row = ((const uint64_t *)c[COL_ROW].data)[row];
    int64_t import = 0;
    if (str_to_i64(result_text(&c[ROW_COLUMNS], row), &import))
        ret->import = import;
    for (size_t i = 0; i < l->n_tags; i++)
        r->allocation[i] = str_dup(a, result_text(&c[ROW_COLUMNS + 1 + (int)i], row));
}

static bool read_rows(struct ledger *l, const struct sql *s, struct arena *a,
                      struct ledger_row **ret, size_t *ret_n, struct err *e)
{
    duckdb_result r;
    if (!sql_run(l, s, &r, e))
        return false;
    struct result_column c[ROW_RESULT_MOST];
    struct ledger_row *rows = NULL;
    size_t n = 0, cap = 0;
    duckdb_data_chunk chunk;
    while ((chunk = l->db->fetch_chunk(r))) {
        for (size_t i = 0; i < ROW_COLUMNS + 1 + l->n_tags; i++)
            c[i] = result_column(l, chunk, i);
        size_t more = l->db->data_chunk_get_size(chunk);
        rows = arena_grow(a, rows, sizeof *rows, &cap, n + more);
        for (size_t row = 0; row < more; row++)
            read_row(l, c, row, a, &rows[n++]);
        l->db->destroy_data_chunk(&chunk);
    }
    l->db->destroy_result(&r);
    *ret = rows;
    *ret_n = n;
    return true;
}

/* `tags` has no part in the schema question: the answer only has to be known. */
static bool prepare_schema(struct ledger *l, const struct ledger_query *q, struct err *e)
{
    bool ignored;
    return ledger_start(l, e) && select_from_cube(l, q, &ignored, e);
}

static bool count_all(struct ledger *l, const struct ledger_query *q, uint64_t *ret,
                      struct err *e)
{
    struct ledger_query count = *q;
    struct ledger_sums sums;
    struct arena a = ARENA_INIT;
    count.n_keys = 0;
    bool ok = ledger_sum(l, &count, &a, &sums, e);
    if (ok)
        *ret = sums.n ? sums.items[0].rows : 0;
    arena_release(&a);
    return ok;
}

bool ledger_rows(struct ledger *l, const struct ledger_query *q, enum ledger_order order,
                 size_t limit, struct arena *a, struct ledger_row **ret, size_t *ret_n,
                 uint64_t *ret_all, struct err *e)
{
    if (!l->n_parts) {
        *ret = NULL;
        *ret_n = 0;
        *ret_all = 0;
        return true;
    }
    uint64_t all;
    if (!prepare_schema(l, q, e) || !count_all(l, q, &all, e))
        return false;
    struct sql s;
    sql_init(&s);
    select_row_columns(l, &s);
    select_parts(l, &s, false);
    bool ok = select_where(l, &s, q, false, e);
    sql_add(&s, " ORDER BY %sCAST(\"outlay:import\" AS BIGINT), \"file\", \"row\", \"line\", "
                "\"share_ppm\" DESC, \"category\" LIMIT %zu",
            order == ORDER_COST ? "\"effective\" DESC NULLS LAST, " : "", limit);
    ok = ok && read_rows(l, &s, a, ret, ret_n, e);
    sql_release(&s);
    if (ok)
        *ret_all = all;
    return ok;
}

bool ledger_row_at(struct ledger *l, int64_t import, uint32_t file, uint64_t row, struct arena *a,
                   struct ledger_row **ret, size_t *ret_n, struct err *e)
{
    if (!l->n_parts) {
        *ret = NULL;
        *ret_n = 0;
        return true;
    }
    if (!prepare_schema(l, &(struct ledger_query){.from = DAY_NONE, .to = DAY_NONE}, e))
        return false;
    struct sql s;
    sql_init(&s);
    select_row_columns(l, &s);
    select_parts(l, &s, false);
    sql_add(&s, " WHERE \"file\" = %u AND \"row\" = %llu AND ", file, (unsigned long long)row);
    select_key(l, &s, &(struct ledger_key){.kind = KEY_IMPORT}, false);
    sql_add(&s, " = '%lld' ORDER BY \"line\", \"share_ppm\" DESC, \"category\"", (long long)import);
    bool ok = read_rows(l, &s, a, ret, ret_n, e);
    sql_release(&s);
    return ok;
}
