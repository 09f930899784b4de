/* ledger_parquet.c - any Parquet file as text, for importers. */
#include "store/ledger_int.h"

/* The column as text: ISO times, JSON of nested values, every digit of numbers. */
static void select_text(struct sql *s, str name, duckdb_type type)
{
    struct arena *a = &s->arena;
    struct sql q; /* the quoted name, which stands several times in one expression */
    sql_init(&q);
    sql_identifier(&q, name);
    str id = str_dup(a, buf_str(&q.text));
    sql_release(&q);
    switch (type) {
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        /* the session's zone is UTC; fractions only where there are some */
        sql_add(s,
                "CASE WHEN %.*s = date_trunc('second', %.*s) "
                "THEN strftime(%.*s, '%%Y-%%m-%%dT%%H:%%M:%%SZ') "
                "ELSE strftime(%.*s, '%%Y-%%m-%%dT%%H:%%M:%%S.%%fZ') END",
                FMT(id), FMT(id), FMT(id), FMT(id));
        break;
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_UNION:
        sql_add(s, "CAST(to_json(%.*s) AS VARCHAR)", FMT(id));
        break;
    default:
        sql_add(s, "CAST(%.*s AS VARCHAR)", FMT(id));
    }
}

static void select_file(struct sql *s, str path)
{
    sql_add(s, " FROM read_parquet([");
    sql_file(s, path);
    sql_add(s, "], binary_as_string = true)");
}

/* The file's columns, and a SELECT of all of them as text. */
static bool read_columns(struct ledger *l, str path, struct sql *select, str **ret, size_t *ret_n,
                         struct err *e)
{
    struct sql q;
    duckdb_result r;
    sql_init(&q);
    sql_add(&q, "SELECT *");
    select_file(&q, path);
    sql_add(&q, " LIMIT 0");
    bool ok = sql_run(l, &q, &r, e);
    sql_release(&q);
    if (!ok)
        return false;
    size_t n = l->db->column_count(&r);
    *ret = arena_new(&select->arena, str, n);
    *ret_n = n;
    sql_add(select, "SELECT ");
    for (size_t i = 0; i < n; i++) {
        duckdb_logical_type t = l->db->column_logical_type(&r, i);
        (*ret)[i] = str_dup(&select->arena, str_of(l->db->column_name(&r, i)));
        sql_add(select, "%s", i ? ", " : "");
        select_text(select, (*ret)[i], l->db->get_type_id(t));
        l->db->destroy_logical_type(&t);
    }
    select_file(select, path);
    l->db->destroy_result(&r);
    return true;
}

static bool read_records(struct ledger *l, duckdb_result *r, size_t columns,
                         const struct table_reader *reader, struct arena *a, struct err *e)
{
    struct result_column *c = arena_new(a, struct result_column, columns);
    str *cells = arena_new(a, str, columns);
    uint64_t row = 0;
    duckdb_data_chunk chunk;
    bool ok = true;
    while (ok && (chunk = l->db->fetch_chunk(*r))) {
        for (size_t i = 0; i < columns; i++)
            c[i] = result_column(l, chunk, i);
        size_t n = l->db->data_chunk_get_size(chunk);
        for (size_t k = 0; ok && k < n; k++) {
            for (size_t i = 0; i < columns; i++)
                cells[i] = result_text(&c[i], k);
            ok = reader->record(reader->ctx, cells, columns, ++row, e);
        }
        l->db->destroy_data_chunk(&chunk);
    }
    const char *message = ok ? l->db->result_error(r) : NULL;
    if (message && *message)
        ok = sql_fault(message, e);
    return ok;
}

/* On a connection of its own: files are read from several threads, while another one writes. */
static bool read_file(struct ledger *l, str path, const struct table_reader *reader, struct err *e)
{
    struct sql s;
    str *names;
    size_t n;
    duckdb_result r;
    sql_init(&s);
    bool ok = read_columns(l, path, &s, &names, &n, e) && sql_stream(l, &s, &r, e);
    if (!ok) {
        err_wrap(e, "reading '%.*s'", FMT(path));
        e->kind = ERR_INVALID;
    } else {
        ok = reader->header(reader->ctx, names, n, e) &&
             read_records(l, &r, n, reader, &s.arena, e);
        l->db->destroy_result(&r);
    }
    sql_release(&s);
    return ok;
}

bool ledger_read_parquet(struct ledger *l, str path, const struct table_reader *reader,
                         struct err *e)
{
    if (!ledger_start(l, e))
        return false;
    struct ledger own = *l;
    own.connection = NULL;
    if (l->db->connect(l->database, &own.connection) != DuckDBSuccess)
        return err_set(e, ERR_FAILED, "cannot connect to DuckDB");
    bool ok = sql_exec(&own, "SET TimeZone = 'UTC'", e) && read_file(&own, path, reader, e);
    l->db->disconnect(&own.connection);
    return ok;
}
