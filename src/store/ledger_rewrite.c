/* ledger_rewrite.c - rows of parts, streamed as a source for new parts. */
#include "store/ledger_rewrite.h"

#include "store/ledger_select.h"

struct rewrite_source {
    struct ledger view; /* the ledger over the parts to be read, on a connection of its own */
    struct sql select;
    struct row_source source;
    duckdb_result result;
    bool open;
    duckdb_data_chunk chunk;
    struct result_column columns[ROW_RESULT_MOST];
    size_t at, n; /* rows of the chunk */
    struct arena text; /* of the rows handed out last */
};

static bool worker_open(void *self, void **ret_worker, struct err *e)
{
    struct rewrite_source *s = self;
    s->open = sql_stream(&s->view, &s->select, &s->result, e);
    if (s->open)
        *ret_worker = s;
    return s->open;
}

/* False at the end or on a fault; e->kind tells. */
static bool next_chunk(struct rewrite_source *s)
{
    const struct duckdb_api *db = s->view.db;
    if (s->chunk)
        db->destroy_data_chunk(&s->chunk);
    s->at = s->n = 0;
    s->chunk = db->fetch_chunk(s->result);
    if (!s->chunk)
        return false;
    s->n = db->data_chunk_get_size(s->chunk);
    for (size_t i = 0; i < ROW_COLUMNS + 1 + s->view.n_tags; i++)
        s->columns[i] = result_column(&s->view, s->chunk, i);
    return true;
}

static bool worker_produce(void *worker, struct spend_row *rows, size_t cap, size_t *ret_n,
                           struct err *e)
{
    struct rewrite_source *s = worker;
    arena_reset(&s->text);
    size_t n = 0;
    while (n < cap && (s->at < s->n || next_chunk(s))) {
        struct ledger_row row;
        read_row(&s->view, s->columns, s->at++, &s->text, &row);
        rows[n++] = row.row;
    }
    const char *message = n ? NULL : s->view.db->result_error(&s->result);
    *ret_n = n;
    return !message || !*message || sql_fault(message, e);
}

static void worker_close(void *worker)
{
    struct rewrite_source *s = worker;
    if (s->chunk)
        s->view.db->destroy_data_chunk(&s->chunk);
    if (s->open)
        s->view.db->destroy_result(&s->result);
    s->open = false;
}

static void select_without(struct rewrite_source *s, const struct scope_key *without, size_t n)
{
    const char *glue = " WHERE NOT (";
    for (size_t i = 0; i < n; i++) {
        char first[DATE_TEXT];
        sql_add(&s->select, "%s(coalesce(\"provider\", '') = ", glue);
        sql_bind(&s->select, without[i].provider);
        sql_add(&s->select, " AND coalesce(\"account\", '') = ");
        sql_bind(&s->select, without[i].account);
        date_format(month_first_day(without[i].period), first);
        sql_add(&s->select, " AND \"period\" IS NOT DISTINCT FROM DATE '%s')", first);
        glue = " OR ";
    }
    if (n)
        sql_add(&s->select, ")");
}

bool rewrite_open(struct ledger *l, const str *parts, size_t n_parts,
                  const struct scope_key *without, size_t n_without, struct rewrite_source **ret,
                  struct err *e)
{
    if (!ledger_start(l, e))
        return false;
    struct rewrite_source *s = calloc(1, sizeof *s);
    if (!s)
        out_of_memory(sizeof *s);
    s->view = *l;
    s->view.parts_arena = ARENA_INIT;
    s->view.connection = NULL;
    s->view.part_tags = NULL;
    s->view.n_part_tags = 0;
    s->view.schema_known = false;
    s->view.parts = arena_new(&s->view.parts_arena, struct part_ref, n_parts);
    s->view.n_parts = n_parts;
    for (size_t i = 0; i < n_parts; i++)
        s->view.parts[i].name = str_dup(&s->view.parts_arena, parts[i]);
    sql_init(&s->select);
    bool ignored;
    bool ok = l->db->connect(l->database, &s->view.connection) == DuckDBSuccess ||
              err_set(e, ERR_FAILED, "cannot connect to DuckDB");
    ok = ok && select_from_cube(&s->view, /* reads which part has which tag */
                                &(struct ledger_query){.from = DAY_NONE, .to = DAY_NONE}, &ignored,
                                e);
    if (!ok) {
        rewrite_close(s);
        return false;
    }
    select_row_columns(&s->view, &s->select);
    select_parts(&s->view, &s->select, false);
    select_without(s, without, n_without);
    s->source = (struct row_source){.self = s,
                                    .max_workers = 1,
                                    .open = worker_open,
                                    .produce = worker_produce,
                                    .close = worker_close};
    *ret = s;
    return true;
}

const struct row_source *rewrite_rows(const struct rewrite_source *s)
{
    return &s->source;
}

void rewrite_close(struct rewrite_source *s)
{
    if (!s)
        return;
    if (s->view.connection)
        s->view.db->disconnect(&s->view.connection);
    sql_release(&s->select);
    arena_release(&s->view.parts_arena);
    arena_release(&s->text);
    free(s);
}
