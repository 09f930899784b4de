/* ledger_write.c - a row source becomes a part: rows to Parquet, sums to its cube.
 *
 * DuckDB pulls rows through the table function outlay_rows(): each of its threads opens a worker of
 * the source, asks it for rows, adds them to the worker's cube and hands them on as vectors. Text
 * is not copied on the way: the vectors point into the source's memory, which stays valid until the
 * worker's next call, and COPY's sink has copied a chunk before it asks for the next. */
#include "store/ledger_int.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/hash.h"
#include "base/os.h"
#include "store/ledger_cube.h"

#define CHUNK_ROWS 512      /* rows asked for at once; at most DuckDB's vector size */
#define CUBE_LIMIT 250000   /* cells of one cube, about 80 MB; beyond it DuckDB makes the cube */
#define PROGRESS_MS 200

struct write_worker {
    struct write_job *job;
    struct write_worker *next;
    void *source;
    struct spend_row *rows;
    struct cube cube;
    uint64_t n;
    dec billed, effective;
    uint64_t unpriced;
    day first, last;
    bool done;
};

struct write_job {
    struct ledger *ledger;
    const struct row_source *source;
    const volatile bool *interrupted;
    ledger_progress *progress;
    void *progress_ctx;
    _Atomic uint64_t rows;

    pthread_mutex_t lock;
    struct write_worker *workers;
    bool failed;
    struct err fault; /* the first */

    struct cube cube; /* all workers' */
    size_t cube_at;   /* next cell to hand out */
};

/* ---- vectors ---- */

static void add_column(struct ledger *l, duckdb_bind_info info, struct arena *a, str name,
                       duckdb_type type)
{
    duckdb_logical_type t = type == DUCKDB_TYPE_DECIMAL
                                ? l->db->create_decimal_type(38, DEC_PLACES)
                                : l->db->create_logical_type(type);
    l->db->bind_add_result_column(info, str_cstr(a, name), t);
    l->db->destroy_logical_type(&t);
}

struct column {
    const struct ledger *l;
    duckdb_vector vector;
    void *data;
    uint64_t *validity; /* NULL until a NULL comes */
};

static struct column open_column(const struct ledger *l, duckdb_data_chunk chunk, size_t i)
{
    duckdb_vector v = l->db->data_chunk_get_vector(chunk, i);
    return (struct column){l, v, l->db->vector_get_data(v), NULL};
}

static void set_null(struct column *c, size_t row)
{
    if (!c->validity) {
        c->l->db->vector_ensure_validity_writable(c->vector);
        c->validity = c->l->db->vector_get_validity(c->vector);
    }
    c->validity[row / 64] &= ~(UINT64_C(1) << (row % 64));
}

static inline void put_text(struct column *c, size_t row, str s)
{
    duckdb_string_t *to = (duckdb_string_t *)c->data + row;
    if (!s.n) {
        set_null(c, row);
        return;
    }
    to->value.inlined.length = (uint32_t)s.n;
    if (s.n <= 12) {
        memset(to->value.inlined.inlined, 0, 12);
        memcpy(to->value.inlined.inlined, s.p, s.n);
    } else {
        memcpy(to->value.pointer.prefix, s.p, 4);
        memcpy(&to->value.pointer.ptr, &s.p, sizeof s.p); /* DuckDB only reads it */
    }
}

static inline void put_dec(struct column *c, size_t row, dec v)
{
    if (dec_is_null(v))
        set_null(c, row);
    else
        memcpy((char *)c->data + row * sizeof v, &v, sizeof v);
}

static inline void put_i64(struct column *c, size_t row, int64_t v, bool null)
{
    if (null)
        set_null(c, row);
    else
        ((int64_t *)c->data)[row] = v;
}

static inline void put_day(struct column *c, size_t row, day d)
{
    if (d == DAY_NONE)
        set_null(c, row);
    else
        ((int32_t *)c->data)[row] = d;
}

static inline void put_month(struct column *c, size_t row, month m)
{
    put_day(c, row, m == MONTH_NONE ? DAY_NONE : month_first_day(m));
}

/* ---- outlay_rows() ---- */

static duckdb_type row_column_type(int column)
{
    switch (column) {
    case COL_DAY:
    case COL_PERIOD:
        return DUCKDB_TYPE_DATE;
    case COL_BILLED:
    case COL_EFFECTIVE:
    case COL_LIST:
    case COL_QUANTITY:
        return DUCKDB_TYPE_DECIMAL;
    case COL_REQUESTS:
        return DUCKDB_TYPE_BIGINT;
    case COL_BATCH:
        return DUCKDB_TYPE_BOOLEAN;
    case COL_CONFIDENCE:
        return DUCKDB_TYPE_UTINYINT;
    case COL_SHARE:
    case COL_FILE:
        return DUCKDB_TYPE_UINTEGER;
    case COL_ROW:
        return DUCKDB_TYPE_UBIGINT;
    default:
        return column >= COL_TOKENS && column < COL_REQUESTS ? DUCKDB_TYPE_BIGINT
                                                             : DUCKDB_TYPE_VARCHAR;
    }
}

static void rows_bind(duckdb_bind_info info)
{
    struct ledger *l = duckdb_api_loaded()->bind_get_extra_info(info);
    struct arena a = ARENA_INIT;
    for (int c = 0; c < ROW_COLUMNS; c++)
        add_column(l, info, &a, row_column_name(&a, c), row_column_type(c));
    for (size_t i = 0; i < l->n_tags; i++)
        add_column(l, info, &a, tag_column_name(&a, l->tags[i]), DUCKDB_TYPE_VARCHAR);
    arena_release(&a);
}

static void rows_init(duckdb_init_info info)
{
    struct ledger *l = duckdb_api_loaded()->init_get_extra_info(info);
    int workers = MIN(l->job->source->max_workers, l->threads);
    l->db->init_set_max_threads(info, (idx_t)MAX(workers, 1));
}

/* Keeps the first fault; the others only follow from it. */
static void job_fail(struct write_job *job, const struct err *e)
{
    pthread_mutex_lock(&job->lock);
    if (!job->failed)
        job->fault = *e;
    job->failed = true;
    pthread_mutex_unlock(&job->lock);
}

static void worker_init(duckdb_init_info info)
{
    const struct duckdb_api *db = duckdb_api_loaded();
    struct write_job *job = ((struct ledger *)db->init_get_extra_info(info))->job;
    struct write_worker *w = calloc(1, sizeof *w);
    if (!w)
        out_of_memory(sizeof *w);
    *w = (struct write_worker){.job = job, .billed = DEC_NULL, .effective = DEC_NULL,
                               .first = DAY_NONE, .last = DAY_NONE};
    struct err e = {0};
    if (!job->source->open(job->source->self, &w->source, &e)) {
        job_fail(job, &e);
        db->init_set_error(info, "the source failed");
        free(w);
        return;
    }
    w->rows = malloc(CHUNK_ROWS * sizeof *w->rows);
    if (!w->rows)
        out_of_memory(CHUNK_ROWS * sizeof *w->rows);
    cube_init(&w->cube, CUBE_LIMIT);
    pthread_mutex_lock(&job->lock);
    w->next = job->workers;
    job->workers = w;
    pthread_mutex_unlock(&job->lock);
    db->init_set_init_data(info, w, NULL); /* freed by ledger_write, which needs its sums */
}

static bool count_rows(struct write_worker *w, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        const struct spend_row *r = &w->rows[i];
        if (!sum_dec(&w->billed, r->billed, e) || !sum_dec(&w->effective, r->effective, e) ||
            !cube_add(&w->cube, r, e))
            return false;
        w->unpriced += dec_is_null(r->billed) || dec_is_null(r->effective);
        if (r->day != DAY_NONE) {
            w->first = w->first == DAY_NONE || r->day < w->first ? r->day : w->first;
            w->last = w->last == DAY_NONE || r->day > w->last ? r->day : w->last;
        }
    }
    w->n += n;
    w->job->rows += n;
    return true;
}

/* One column of all rows of the chunk, reading field FIELD of spend_row. */
#define EACH_ROW(put, ...) \
    for (size_t r = 0; r < n; r++) \
    put(&c, r, __VA_ARGS__)

static void fill_column(const struct ledger *l, duckdb_data_chunk chunk, int column,
                        const struct spend_row *rows, size_t n)
{
    struct column c = open_column(l, chunk, (size_t)column);
    if (column >= ROW_COLUMNS) {
        EACH_ROW(put_text, rows[r].allocation[column - ROW_COLUMNS]);
    } else if (column >= COL_TEXT && column < COL_CONFIDENCE) {
        EACH_ROW(put_text, rows[r].text[column - COL_TEXT]);
    } else if (column >= COL_TOKENS && column < COL_REQUESTS) {
        int b = column - COL_TOKENS;
        EACH_ROW(put_i64, rows[r].tokens[b], rows[r].tokens[b] == TOKENS_NULL);
    } else {
        switch (column) {
        case COL_DAY:
            EACH_ROW(put_day, rows[r].day);
            break;
        case COL_PERIOD:
            EACH_ROW(put_month, rows[r].period);
            break;
        case COL_CATEGORY:
            EACH_ROW(put_text, str_of(category_key(rows[r].category)));
            break;
        case COL_CURRENCY:
            EACH_ROW(put_text, currency_str(&rows[r].currency));
            break;
        case COL_BILLED:
            EACH_ROW(put_dec, rows[r].billed);
            break;
        case COL_EFFECTIVE:
            EACH_ROW(put_dec, rows[r].effective);
            break;
        case COL_LIST:
            EACH_ROW(put_dec, rows[r].list);
            break;
        case COL_QUANTITY:
            EACH_ROW(put_dec, rows[r].quantity);
            break;
        case COL_REQUESTS:
            EACH_ROW(put_i64, rows[r].requests, rows[r].requests == TOKENS_NULL);
            break;
        case COL_BATCH:
            for (size_t r = 0; r < n; r++)
                ((bool *)c.data)[r] = rows[r].batch;
            break;
        case COL_CONFIDENCE:
            for (size_t r = 0; r < n; r++)
                ((uint8_t *)c.data)[r] = rows[r].confidence;
            break;
        case COL_SHARE:
            for (size_t r = 0; r < n; r++)
                ((uint32_t *)c.data)[r] = rows[r].share_ppm;
            break;
        case COL_FILE:
            for (size_t r = 0; r < n; r++)
                ((uint32_t *)c.data)[r] = rows[r].file;
            break;
        case COL_ROW:
            for (size_t r = 0; r < n; r++)
                ((uint64_t *)c.data)[r] = rows[r].row;
            break;
        default:
            UNREACHABLE();
        }
    }
}

static void rows_next(duckdb_function_info info, duckdb_data_chunk chunk)
{
    const struct duckdb_api *db = duckdb_api_loaded();
    struct write_worker *w = db->function_get_local_init_data(info);
    struct write_job *job = w->job;
    struct err e = {0};
    size_t n = 0;
    bool ok = true;
    if (job->interrupted && *job->interrupted)
        ok = err_set(&e, ERR_INTERRUPTED, "interrupted");
    if (ok && !w->done)
        ok = job->source->produce(w->source, w->rows, CHUNK_ROWS, &n, &e) && count_rows(w, n, &e);
    if (!ok) {
        job_fail(job, &e);
        db->function_set_error(info, "the source failed");
        return;
    }
    w->done = n == 0;
    int columns = ROW_COLUMNS + (int)job->ledger->n_tags;
    for (int c = 0; n && c < columns; c++)
        fill_column(job->ledger, chunk, c, w->rows, n);
    db->data_chunk_set_size(chunk, n);
}

/* ---- outlay_cube() ---- */

static duckdb_type cube_column_type(int column)
{
    if (column == CUBE_MONTH || column == CUBE_PERIOD)
        return DUCKDB_TYPE_DATE;
    if (column >= CUBE_BILLED && column <= CUBE_LIST)
        return DUCKDB_TYPE_DECIMAL;
    if (column >= CUBE_ROWS && column <= CUBE_REQUESTS)
        return DUCKDB_TYPE_BIGINT;
    return DUCKDB_TYPE_VARCHAR;
}

static void cube_bind(duckdb_bind_info info)
{
    struct ledger *l = duckdb_api_loaded()->bind_get_extra_info(info);
    struct arena a = ARENA_INIT;
    for (int c = 0; c < CUBE_COLUMNS; c++)
        add_column(l, info, &a, cube_column_name(&a, c), cube_column_type(c));
    for (size_t i = 0; i < l->n_tags; i++)
        add_column(l, info, &a, tag_column_name(&a, l->tags[i]), DUCKDB_TYPE_VARCHAR);
    arena_release(&a);
}

static void cube_init_scan(duckdb_init_info info)
{
    struct ledger *l = duckdb_api_loaded()->init_get_extra_info(info);
    l->db->init_set_max_threads(info, 1);
}

static void fill_cube_column(const struct ledger *l, duckdb_data_chunk chunk, int column,
                             const struct cube *cube, const struct cube_cell *cells, size_t n)
{
    struct column c = open_column(l, chunk, (size_t)column);
    for (size_t r = 0; r < n; r++) {
        const struct cube_cell *cell = &cells[r];
        const struct cube_sums *s = &cell->sums;
        if (column >= CUBE_TEXT)
            put_text(&c, r, cube_text(cube, cell->key.texts[column - CUBE_TEXT]));
        else if (column >= CUBE_TOKENS && column < CUBE_TOKEN_ROWS)
            put_i64(&c, r, s->tokens[column - CUBE_TOKENS],
                    s->tokens[column - CUBE_TOKENS] == TOKENS_NULL);
        else if (column == CUBE_MONTH)
            put_month(&c, r, cell->key.month);
        else if (column == CUBE_PERIOD)
            put_month(&c, r, cell->key.period);
        else if (column == CUBE_CATEGORY)
            put_text(&c, r, str_of(category_key((enum category)cell->key.category)));
        else if (column == CUBE_CURRENCY)
            put_text(&c, r, str_of(cell->key.currency));
        else if (column == CUBE_BILLED)
            put_dec(&c, r, s->billed);
        else if (column == CUBE_EFFECTIVE)
            put_dec(&c, r, s->effective);
        else if (column == CUBE_LIST)
            put_dec(&c, r, s->list);
        else if (column == CUBE_ROWS)
            put_i64(&c, r, (int64_t)s->rows, false);
        else if (column == CUBE_UNPRICED)
            put_i64(&c, r, (int64_t)s->unpriced, false);
        else if (column == CUBE_TOKEN_ROWS)
            put_i64(&c, r, (int64_t)s->token_rows, false);
        else
            put_i64(&c, r, s->requests, s->requests == TOKENS_NULL);
    }
}

static void cube_next(duckdb_function_info info, duckdb_data_chunk chunk)
{
    const struct duckdb_api *db = duckdb_api_loaded();
    struct ledger *l = db->function_get_extra_info(info);
    struct write_job *job = l->job;
    size_t n = MIN((size_t)db->vector_size(), job->cube.n - job->cube_at);
    int columns = CUBE_COLUMNS + (int)l->n_tags;
    for (int c = 0; n && c < columns; c++)
        fill_cube_column(l, chunk, c, &job->cube, job->cube.cells + job->cube_at, n);
    job->cube_at += n;
    db->data_chunk_set_size(chunk, n);
}

static bool register_function(struct ledger *l, const char *name, duckdb_table_function_bind_t bind,
                              duckdb_table_function_init_t init,
                              duckdb_table_function_init_t local_init,
                              duckdb_table_function_t next, struct err *e)
{
    duckdb_table_function f = l->db->create_table_function();
    l->db->table_function_set_name(f, name);
    l->db->table_function_set_extra_info(f, l, NULL);
    l->db->table_function_set_bind(f, bind);
    l->db->table_function_set_init(f, init);
    if (local_init)
        l->db->table_function_set_local_init(f, local_init);
    l->db->table_function_set_function(f, next);
    bool ok = l->db->register_table_function(l->connection, f) == DuckDBSuccess;
    l->db->destroy_table_function(&f);
    return ok || err_set(e, ERR_FAILED, "DuckDB does not take the function %s", name);
}

bool ledger_write_register(struct ledger *l, struct err *e)
{
    return register_function(l, "outlay_rows", rows_bind, rows_init, worker_init, rows_next, e) &&
           register_function(l, "outlay_cube", cube_bind, cube_init_scan, NULL, cube_next, e);
}

/* ---- the job ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Runs the statement's tasks on this thread beside DuckDB's own, telling the progress between. */
static bool run_tasks(struct write_job *job, duckdb_pending_result pending, struct err *e)
{
    struct ledger *l = job->ledger;
    int64_t told = now_ms();
    bool stopping = false;
    for (;;) {
        duckdb_pending_state state = l->db->pending_execute_task(pending);
        if (state == DUCKDB_PENDING_RESULT_READY)
            return true;
        if (state == DUCKDB_PENDING_ERROR)
            return sql_fault(l->db->pending_error(pending), e);
        if (job->interrupted && *job->interrupted && !stopping) {
            stopping = true;
            err_set(e, ERR_INTERRUPTED, "interrupted");
            job_fail(job, e);
            l->db->interrupt(l->connection);
        }
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        int64_t now = now_ms();
        if (job->progress && now - told >= PROGRESS_MS) {
            const struct row_source *s = job->source;
            job->progress(job->progress_ctx, s->progress ? s->progress(s->self) : 0, job->rows);
            told = now;
        }
    }
}

static bool run_statement(struct write_job *job, const struct sql *q, struct err *e)
{
    struct ledger *l = job->ledger;
    duckdb_prepared_statement s;
    if (!sql_prepare(l, q, &s, e))
        return false;
    duckdb_pending_result pending = NULL;
    bool ok = l->db->pending_prepared(s, &pending) == DuckDBSuccess
                  ? run_tasks(job, pending, e)
                  : sql_fault(l->db->pending_error(pending), e);
    if (ok) {
        duckdb_result r;
        ok = l->db->execute_pending(pending, &r) == DuckDBSuccess;
        if (!ok)
            sql_fault(l->db->result_error(&r), e);
        l->db->destroy_result(&r);
    }
    l->db->destroy_pending(&pending);
    l->db->destroy_prepare(&s);
    if (!ok && job->failed)
        *e = job->fault;
    return ok;
}

static void add_target(struct sql *q, str path)
{
    sql_add(q, " TO ");
    sql_literal(q, path);
    sql_add(q, " (FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER false, USE_TMP_FILE false)");
}

static bool write_rows(struct write_job *job, str path, struct err *e)
{
    struct sql q;
    sql_init(&q);
    sql_add(&q, "COPY (SELECT * FROM outlay_rows())");
    add_target(&q, path);
    bool ok = run_statement(job, &q, e);
    sql_release(&q);
    return ok;
}

/* What cube_add does, as SQL: for parts whose cube is too large to hold. */
static void add_cube_select(struct sql *q, struct ledger *l, str rows_path)
{
    struct arena *a = &q->arena;
    sql_add(q, "SELECT CAST(date_trunc('month', \"day\") AS DATE) AS \"month\", \"period\", "
               "\"category\", \"currency\", sum(\"billed\") AS \"billed\", "
               "sum(\"effective\") AS \"effective\", sum(\"list\") AS \"list\", "
               "count(*) AS \"rows\", "
               "count(*) FILTER (\"billed\" IS NULL OR \"effective\" IS NULL) AS \"unpriced\"");
    for (int b = 0; b < TOKEN_BUCKETS; b++) {
        str name = row_column_name(a, COL_TOKENS + b);
        sql_add(q, ", CAST(sum(\"%.*s\") AS BIGINT) AS \"%.*s\"", FMT(name), FMT(name));
    }
    sql_add(q, ", count(coalesce(");
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        sql_add(q, "%s\"%.*s\"", b ? ", " : "", FMT(row_column_name(a, COL_TOKENS + b)));
    sql_add(q, ")) AS \"token_rows\", CAST(sum(\"requests\") AS BIGINT) AS \"requests\"");
    for (int t = 0; t < LEDGER_CUBE_TEXTS; t++)
        sql_add(q, ", \"%s\"", spend_text_key(ledger_cube_texts[t]));
    for (size_t i = 0; i < l->n_tags; i++) {
        sql_add(q, ", ");
        sql_identifier(q, tag_column_name(a, l->tags[i]));
    }
    sql_add(q, " FROM read_parquet(");
    sql_file(q, rows_path);
    sql_add(q, ") GROUP BY ALL");
}

static bool write_cube(struct write_job *job, str rows_path, str path, struct err *e)
{
    size_t workers = 0;
    cube_init(&job->cube, CUBE_LIMIT);
    for (struct write_worker *w = job->workers; w; w = w->next, workers++) {
        if (!cube_merge(&job->cube, &w->cube, e))
            return false;
        cube_release(&w->cube);
    }
    struct sql q;
    sql_init(&q);
    if (job->cube.full) {
        sql_add(&q, "COPY (");
        add_cube_select(&q, job->ledger, rows_path);
        sql_add(&q, " ORDER BY ALL)");
    } else {
        cube_sort(&job->cube);
        sql_add(&q, "COPY (SELECT * FROM outlay_cube())");
    }
    add_target(&q, path);
    bool ok = run_statement(job, &q, e);
    sql_release(&q);
    return ok;
}

/* Sums, sizes and digests of what is on disk. */
static bool describe(struct write_job *job, str rows_path, str cube_path, str dir,
                     struct part_info *ret, struct err *e)
{
    for (const struct write_worker *w = job->workers; w; w = w->next) {
        if (!sum_dec(&ret->billed, w->billed, e) || !sum_dec(&ret->effective, w->effective, e))
            return false;
        ret->rows += w->n;
        ret->unpriced += w->unpriced;
        if (w->first == DAY_NONE)
            continue;
        ret->first = ret->first == DAY_NONE ? w->first : MIN(ret->first, w->first);
        ret->last = ret->last == DAY_NONE ? w->last : MAX(ret->last, w->last);
    }
    uint64_t rows_bytes, cube_bytes;
    if (!file_sync(rows_path, e) || !file_sync(cube_path, e) || !file_sync(dir, e) ||
        !file_size(rows_path, &rows_bytes, e) || !file_size(cube_path, &cube_bytes, e) ||
        !sha256_file(rows_path, ret->sha256, e) || !sha256_file(cube_path, ret->cube_sha256, e))
        return false;
    ret->bytes = rows_bytes + cube_bytes;
    return true;
}

static void close_workers(struct write_job *job)
{
    while (job->workers) {
        struct write_worker *w = job->workers;
        job->workers = w->next;
        job->source->close(w->source);
        cube_release(&w->cube);
        free(w->rows);
        free(w);
    }
    cube_release(&job->cube);
    pthread_mutex_destroy(&job->lock);
}

bool ledger_write(struct ledger *l, const struct row_source *source, str dir, str name,
                  ledger_progress *progress, void *progress_ctx, const volatile bool *interrupted,
                  struct arena *a, struct part_info *ret, struct err *e)
{
    if (!ledger_start(l, e))
        return false;
    BUG_IF(CHUNK_ROWS > l->db->vector_size());
    struct arena scratch = ARENA_INIT;
    str rows_path = part_path(&scratch, dir, name, ROWS_ENDING);
    str cube_path = part_path(&scratch, dir, name, CUBE_ENDING);
    struct write_job job = {
        .ledger = l,
        .source = source,
        .interrupted = interrupted,
        .progress = progress,
        .progress_ctx = progress_ctx,
    };
    struct part_info info = {.first = DAY_NONE, .last = DAY_NONE};
    pthread_mutex_init(&job.lock, NULL);
    l->job = &job;
    bool ok = write_rows(&job, rows_path, e) && write_cube(&job, rows_path, cube_path, e) &&
              describe(&job, rows_path, cube_path, dir, &info, e);
    l->job = NULL;
    close_workers(&job);
    if (ok) {
        /* a control total of nothing is zero: an empty part has no unknown amount */
        info.billed = dec_is_null(info.billed) ? 0 : info.billed;
        info.effective = dec_is_null(info.effective) ? 0 : info.effective;
        info.name = str_dup(a, name);
        *ret = info;
    } else {
        (void)file_remove(rows_path);
        (void)file_remove(cube_path);
        if (e->kind != ERR_INTERRUPTED && !job.failed)
            err_wrap(e, "writing '%.*s'", FMT(rows_path));
    }
    arena_release(&scratch);
    return ok;
}
