/* ledger_rewrite.c - rows of parts, streamed as a source for new parts. */
#include "store/ledger_rewrite.h"

#include "store/ledger_select.h"

struct rewrite_source {
    struct ledger view; /* the ledger over the parts to be read, on a connection of its own */
    struct sql selects[2]; /* read one after the other: whole rows, then shares */
    size_t n_selects, select;
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
    s->select = 0;
    s->open = sql_stream(&s->view, &s->selects[0], &s->result, e);
    if (s->open)
        *ret_worker = s;
    return s->open;
}

static bool result_fault(struct rewrite_source *s, struct err *e)
{
    const char *message = s->view.db->result_error(&s->result);
    return !message || !*message || sql_fault(message, e);
}

/* *ret_more false: the end. */
static bool next_chunk(struct rewrite_source *s, bool *ret_more, struct err *e)
{
    const struct duckdb_api *db = s->view.db;
    if (s->chunk)
        db->destroy_data_chunk(&s->chunk);
    s->at = s->n = 0;
    while (!(s->chunk = db->fetch_chunk(s->result))) {
        if (!result_fault(s, e))
            return false;
        if (s->select + 1 == s->n_selects) {
            *ret_more = false;
            return true;
        }
        db->destroy_result(&s->result);
        s->open = sql_stream(&s->view, &s->selects[++s->select], &s->result, e);
        if (!s->open)
            return false;
    }
    *ret_more = true;
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
    bool more = true;
    while (n < cap) {
        if (s->at == s->n && !next_chunk(s, &more, e))
            return false;
        if (!more)
            break;
        struct ledger_row row;
        read_row(&s->view, s->columns, s->at++, &s->text, &row);
        rows[n++] = row.row;
    }
    *ret_n = n;
    return true;
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

static void select_without(struct sql *q, const struct rewrite_options *o)
{
    const char *glue = " AND NOT (";
    for (size_t i = 0; i < o->n_without; i++) {
        char first[DATE_TEXT];
        sql_add(q, "%s(coalesce(\"provider\", '') = ", glue);
        sql_bind(q, o->without[i].provider);
        sql_add(q, " AND coalesce(\"account\", '') = ");
        sql_bind(q, o->without[i].account);
        date_format(month_first_day(o->without[i].period), first);
        sql_add(q, " AND \"period\" IS NOT DISTINCT FROM DATE '%s')", first);
        glue = " OR ";
    }
    if (o->n_without)
        sql_add(q, ")");
}

static void build_selects(struct rewrite_source *s, const struct rewrite_options *o)
{
    static const char *const which[] = {" WHERE \"share_ppm\" = 1000000",
                                        " WHERE \"share_ppm\" < 1000000", " WHERE true"};
    s->n_selects = o->split_together ? 2 : 1;
    for (size_t i = 0; i < s->n_selects; i++) {
        struct sql *q = &s->selects[i];
        select_row_columns(&s->view, q);
        select_parts(&s->view, q, false);
        sql_add(q, "%s", which[o->split_together ? i : 2]);
        select_without(q, o);
        if (i == 1)
            sql_add(q, " ORDER BY CAST(\"outlay:import\" AS BIGINT), \"file\", \"row\"");
    }
}

bool rewrite_open(struct ledger *l, const struct rewrite_options *o, struct rewrite_source **ret,
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
    s->view.parts = arena_new(&s->view.parts_arena, struct part_ref, o->n_parts);
    s->view.n_parts = o->n_parts;
    for (size_t i = 0; i < o->n_parts; i++)
        s->view.parts[i].name = str_dup(&s->view.parts_arena, o->parts[i]);
    for (size_t i = 0; i < ARRAY_LEN(s->selects); i++)
        sql_init(&s->selects[i]);
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
    build_selects(s, o);
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
    for (size_t i = 0; i < ARRAY_LEN(s->selects); i++)
        sql_release(&s->selects[i]);
    arena_release(&s->view.parts_arena);
    arena_release(&s->text);
    free(s);
}
