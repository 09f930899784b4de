/* ledger_write.c - a row source becomes a part: rows to Parquet, sums to its cube.
 *
 * Every worker is a thread: it opens a worker of the source, asks it for rows, adds them to a cube
 * of its own and puts them into a row group, which goes to the file when it is full. The calling
 * thread waits, tells the progress and watches for an interrupt. */
#include "store/ledger_int.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/hash.h"
#include "base/os.h"
#include "store/ledger_cube.h"
#include "store/parquet_write.h"

#define CHUNK_ROWS CUBE_BATCH/* rows asked for at once: they stay in the cache */
#define CUBE_LIMIT 250000    /* cells of one cube, about 80 MB; beyond it DuckDB makes the cube */
#define WORKER_MEMORY ((uint64_t)224 << 20) /* what one worker takes at most: cube, group, texts */
#define PROGRESS_MS 200

struct write_job {
    struct ledger *ledger;
    const struct row_source *source;
    const volatile bool *interrupted;
    struct parquet_file *file;
    _Atomic uint64_t rows;
    _Atomic bool stop; /* some worker has failed, or the user wants no more */

    pthread_mutex_t lock;
    pthread_cond_t ended; /* a worker has */
    int running;
    bool failed;
    struct err fault; /* the first */
};

struct write_worker {
    struct write_job *job;
    pthread_t thread;
    void *source;
    struct spend_row *rows;
    struct parquet_group *group;
    struct cube cube;
    struct part_info info; /* of its rows */
};

/* ---- rows ---- */

static const enum parquet_type ROW_TYPES[ROW_COLUMNS] = {
    [COL_DAY] = PARQUET_DATE,       [COL_PERIOD] = PARQUET_DATE,
    [COL_BILLED] = PARQUET_DEC,     [COL_EFFECTIVE] = PARQUET_DEC,
    [COL_LIST] = PARQUET_DEC,       [COL_QUANTITY] = PARQUET_DEC,
    [COL_TOKENS] = PARQUET_I64,     [COL_TOKENS + 1] = PARQUET_I64,
    [COL_TOKENS + 2] = PARQUET_I64, [COL_TOKENS + 3] = PARQUET_I64,
    [COL_TOKENS + 4] = PARQUET_I64, [COL_REQUESTS] = PARQUET_I64,
    [COL_BATCH] = PARQUET_BOOL,     [COL_CONFIDENCE] = PARQUET_U8,
    [COL_SHARE] = PARQUET_U32,      [COL_FILE] = PARQUET_U32,
    [COL_ROW] = PARQUET_U64,        /* all others are PARQUET_TEXT */
};
_Static_assert(PARQUET_TEXT == 0 && TOKEN_BUCKETS == 5, "as ROW_TYPES assumes");

static day first_day(month m)
{
    return m == MONTH_NONE ? DAY_NONE : month_first_day(m);
}

/* Column by column: one dictionary at a time stays in the cache. */
#define EACH(column, member, value) \
    do { \
        struct parquet_column *c_ = &g->columns[column]; \
        for (size_t i = 0; i < n; i++) { \
            const struct spend_row *r = &rows[i]; \
            c_->member[at + i] = (value); \
        } \
    } while (0)
#define EACH_TEXT(column, value) \
    EACH(column, numbers, parquet_text(g, (size_t)(column), (value)))

static void put_rows(struct parquet_group *g, const struct spend_row *rows, size_t n, size_t n_tags)
{
    size_t at = g->n;
    EACH(COL_DAY, i32, r->day);
    month period = MONTH_NONE;
    day first = DAY_NONE;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].period != period) {
            period = rows[i].period;
            first = first_day(period);
        }
        g->columns[COL_PERIOD].i32[at + i] = first;
    }
    EACH_TEXT(COL_CATEGORY, str_of(category_key(r->category)));
    EACH_TEXT(COL_CURRENCY, currency_str(&r->currency));
    EACH(COL_BILLED, dec, r->billed);
    EACH(COL_EFFECTIVE, dec, r->effective);
    EACH(COL_LIST, dec, r->list);
    EACH(COL_QUANTITY, dec, r->quantity);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        EACH(COL_TOKENS + b, i64, r->tokens[b]);
    EACH(COL_REQUESTS, i64, r->requests);
    EACH(COL_BATCH, i32, r->batch);
    for (int t = 0; t < SPEND_TEXTS; t++)
        EACH_TEXT(COL_TEXT + t, r->text[t]);
    EACH(COL_CONFIDENCE, i32, r->confidence);
    EACH(COL_SHARE, i32, (int32_t)r->share_ppm);
    EACH(COL_FILE, i32, (int32_t)r->file);
    EACH(COL_ROW, i64, (int64_t)r->row);
    for (size_t k = 0; k < n_tags; k++)
        EACH_TEXT(ROW_COLUMNS + k, r->allocation[k]);
    g->n += n;
}

static bool count_row(struct part_info *info, const struct spend_row *r, struct err *e)
{
    info->rows++;
    info->unpriced += r->billed == DEC_NULL || r->effective == DEC_NULL;
    if (r->day != DAY_NONE) {
        info->first = info->first == DAY_NONE ? r->day : MIN(info->first, r->day);
        info->last = MAX(info->last, r->day);
    }
    return sum_dec(&info->billed, r->billed, e) && sum_dec(&info->effective, r->effective, e);
}

static bool write_chunk(struct write_worker *w, size_t n, struct err *e)
{
    if (!cube_add(&w->cube, w->rows, n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!count_row(&w->info, &w->rows[i], e))
            return false;
    for (size_t done = 0; done < n;) {
        size_t fit = MIN(n - done, PARQUET_GROUP_ROWS - w->group->n);
        put_rows(w->group, w->rows + done, fit, w->job->ledger->n_tags);
        done += fit;
        if (parquet_group_full(w->group) && !parquet_group_flush(w->group, e))
            return false;
    }
    w->job->rows += n;
    return true;
}

static bool write_all(struct write_worker *w, struct err *e)
{
    struct write_job *job = w->job;
    if (!job->source->open(job->source->self, &w->source, e))
        return false;
    bool ok = true;
    while (ok && !job->stop) {
        size_t n = 0;
        ok = job->source->produce(w->source, w->rows, CHUNK_ROWS, &n, e) && write_chunk(w, n, e);
        if (!n)
            break;
    }
    job->source->close(w->source);
    return ok && (job->stop || parquet_group_flush(w->group, e));
}

static void *run_worker(void *p)
{
    struct write_worker *w = p;
    struct write_job *job = w->job;
    struct err e = {0};
    w->rows = malloc(CHUNK_ROWS * sizeof *w->rows);
    if (!w->rows)
        out_of_memory(CHUNK_ROWS * sizeof *w->rows);
    w->group = parquet_group_new(job->file);
    bool ok = write_all(w, &e);
    parquet_group_free(w->group);
    free(w->rows);
    pthread_mutex_lock(&job->lock);
    if (!ok && !job->failed) {
        job->failed = true; /* what other workers say only follows from it */
        job->fault = e;
        job->stop = true;
    }
    job->running--;
    pthread_cond_signal(&job->ended);
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* ---- the job ---- */

/* Until all workers have ended. */
static void watch(struct write_job *job, ledger_progress *progress, void *ctx)
{
    const struct row_source *s = job->source;
    pthread_mutex_lock(&job->lock);
    while (job->running) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_nsec += PROGRESS_MS * 1000000;
        t.tv_sec += t.tv_nsec / 1000000000;
        t.tv_nsec %= 1000000000;
        int rc = pthread_cond_timedwait(&job->ended, &job->lock, &t);
        if (job->interrupted && *job->interrupted)
            job->stop = true;
        if (rc != ETIMEDOUT || !progress)
            continue;
        pthread_mutex_unlock(&job->lock);
        progress(ctx, s->progress ? s->progress(s->self) : 0, job->rows);
        pthread_mutex_lock(&job->lock);
    }
    pthread_mutex_unlock(&job->lock);
}

static bool start_workers(struct write_job *job, struct write_worker *workers, int n, int *started,
                          struct err *e)
{
    int rc = 0;
    job->running = n;
    for (*started = 0; *started < n; ++*started) {
        rc = pthread_create(&workers[*started].thread, NULL, run_worker, &workers[*started]);
        if (rc)
            break;
    }
    if (!rc)
        return true;
    pthread_mutex_lock(&job->lock);
    job->running -= n - *started;
    job->stop = true;
    pthread_mutex_unlock(&job->lock);
    return err_sys(e, rc, "cannot start a thread");
}

static bool run_workers(struct write_job *job, struct write_worker *workers, int n,
                        ledger_progress *progress, void *ctx, struct err *e)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->ended, &clock);
    pthread_condattr_destroy(&clock);
    for (int i = 0; i < n; i++) {
        workers[i] = (struct write_worker){.job = job};
        workers[i].info = (struct part_info){.first = DAY_NONE, .last = DAY_NONE,
                                             .billed = DEC_NULL, .effective = DEC_NULL};
        cube_init(&workers[i].cube, CUBE_LIMIT);
    }
    if (job->interrupted && *job->interrupted)
        job->stop = true;
    int started;
    bool ok = start_workers(job, workers, n, &started, e);
    watch(job, progress, ctx);
    for (int i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    if (ok && job->failed) {
        *e = job->fault;
        ok = false;
    } else if (ok && job->interrupted && *job->interrupted) {
        ok = err_set(e, ERR_INTERRUPTED, "interrupted");
    }
    pthread_mutex_destroy(&job->lock);
    pthread_cond_destroy(&job->ended);
    return ok;
}

static enum parquet_type cube_column_type(int column)
{
    if (column == CUBE_MONTH || column == CUBE_PERIOD)
        return PARQUET_DATE;
    if (column >= CUBE_BILLED && column <= CUBE_LIST)
        return PARQUET_DEC;
    if (column >= CUBE_ROWS && column <= CUBE_REQUESTS)
        return PARQUET_I64;
    return PARQUET_TEXT;
}

static bool create_part_file(struct ledger *l, str path, bool cube, struct parquet_file **ret,
                             struct err *e)
{
    struct arena a = ARENA_INIT;
    size_t n = cube ? CUBE_COLUMNS : ROW_COLUMNS;
    struct parquet_field *fields = arena_new(&a, struct parquet_field, n + l->n_tags);
    for (size_t i = 0; i < n; i++) {
        fields[i].name = cube ? cube_column_name(&a, (int)i) : row_column_name(&a, (int)i);
        fields[i].type = cube ? cube_column_type((int)i) : ROW_TYPES[i];
    }
    for (size_t i = 0; i < l->n_tags; i++)
        fields[n++] = (struct parquet_field){tag_column_name(&a, l->tags[i]), PARQUET_TEXT};
    bool ok = parquet_create(path, fields, n, ret, e);
    arena_release(&a);
    return ok;
}

/* ---- the cube ---- */

static void put_cell(struct parquet_group *g, const struct cube *cube, const struct cube_cell *cell,
                     size_t n_tags)
{
    struct parquet_column *c = g->columns;
    const struct cube_sums *s = &cell->sums;
    size_t n = g->n++;
    c[CUBE_MONTH].i32[n] = first_day(cell->key.month);
    c[CUBE_PERIOD].i32[n] = first_day(cell->key.period);
    c[CUBE_CATEGORY].numbers[n] = parquet_text(
        g, CUBE_CATEGORY, str_of(category_key((enum category)cell->key.category)));
    c[CUBE_CURRENCY].numbers[n] = parquet_text(g, CUBE_CURRENCY, str_of(cell->key.currency));
    c[CUBE_BILLED].dec[n] = s->billed;
    c[CUBE_EFFECTIVE].dec[n] = s->effective;
    c[CUBE_LIST].dec[n] = s->list;
    c[CUBE_ROWS].i64[n] = (int64_t)s->rows;
    c[CUBE_UNPRICED].i64[n] = (int64_t)s->unpriced;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        c[CUBE_TOKENS + b].i64[n] = s->tokens[b];
    c[CUBE_TOKEN_ROWS].i64[n] = (int64_t)s->token_rows;
    c[CUBE_REQUESTS].i64[n] = s->requests;
    for (size_t t = 0; t < LEDGER_CUBE_TEXTS + n_tags; t++)
        c[CUBE_TEXT + t].numbers[n] =
            parquet_text(g, CUBE_TEXT + t, cube_text(cube, cell->key.texts[t]));
}

static bool write_cells(struct ledger *l, const struct cube *cube, str path, struct err *e)
{
    struct parquet_file *f;
    if (!create_part_file(l, path, true, &f, e))
        return false;
    struct parquet_group *g = parquet_group_new(f);
    bool ok = true;
    for (size_t i = 0; ok && i < cube->n; i++) {
        put_cell(g, cube, &cube->cells[i], l->n_tags);
        ok = !parquet_group_full(g) || parquet_group_flush(g, e);
    }
    ok = ok && parquet_group_flush(g, e);
    parquet_group_free(g);
    if (ok)
        return parquet_finish(f, e);
    parquet_abandon(f);
    return false;
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

/* From the written rows, by DuckDB, which can spill to disk. */
static bool write_cube_from_rows(struct ledger *l, str rows_path, str path, struct err *e)
{
    struct sql q;
    duckdb_result r;
    if (!ledger_start(l, e))
        return false;
    sql_init(&q);
    sql_add(&q, "COPY (");
    add_cube_select(&q, l, rows_path);
    sql_add(&q, " ORDER BY ALL) TO ");
    sql_literal(&q, path);
    sql_add(&q, " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
    bool ok = sql_run(l, &q, &r, e);
    if (ok)
        l->db->destroy_result(&r);
    sql_release(&q);
    return ok && file_sync(path, e);
}

static bool write_cube(struct ledger *l, struct write_worker *workers, int n, str rows_path,
                       str path, struct err *e)
{
    struct cube *all = &workers[0].cube;
    for (int i = 1; i < n; i++) {
        if (!cube_merge(all, &workers[i].cube, e))
            return false;
        cube_release(&workers[i].cube);
    }
    if (all->full)
        return write_cube_from_rows(l, rows_path, path, e);
    cube_sort(all);
    return write_cells(l, all, path, e);
}

/* ---- the part ---- */

static bool add_info(struct part_info *to, const struct part_info *w, struct err *e)
{
    to->rows += w->rows;
    to->unpriced += w->unpriced;
    if (w->first != DAY_NONE) {
        to->first = to->first == DAY_NONE ? w->first : MIN(to->first, w->first);
        to->last = MAX(to->last, w->last);
    }
    return sum_dec(&to->billed, w->billed, e) && sum_dec(&to->effective, w->effective, e);
}

/* Sizes and digests of what is on disk. */
static bool describe(str rows_path, str cube_path, str dir, struct part_info *ret, struct err *e)
{
    uint64_t rows_bytes, cube_bytes;
    if (!file_sync(dir, e) || !file_size(rows_path, &rows_bytes, e) ||
        !file_size(cube_path, &cube_bytes, e) || !sha256_file(rows_path, ret->sha256, e) ||
        !sha256_file(cube_path, ret->cube_sha256, e))
        return false;
    ret->bytes = rows_bytes + cube_bytes;
    return true;
}

static bool write_part(struct write_job *job, struct write_worker *workers, int n, str rows_path,
                       str cube_path, ledger_progress *progress, void *ctx, struct err *e)
{
    if (!create_part_file(job->ledger, rows_path, false, &job->file, e))
        return false;
    if (!run_workers(job, workers, n, progress, ctx, e)) {
        parquet_abandon(job->file);
        return false;
    }
    return parquet_finish(job->file, e) &&
           write_cube(job->ledger, workers, n, rows_path, cube_path, e);
}

/* As many as the ledger's memory holds, and one in any case. */
static int worker_count(const struct ledger *l, const struct row_source *source)
{
    uint64_t fit = l->memory / WORKER_MEMORY;
    int n = MIN(source->max_workers, l->threads);
    return MAX(1, fit < (uint64_t)n ? (int)fit : n);
}

bool ledger_write(struct ledger *l, const struct row_source *source, str dir, str name,
                  ledger_progress *progress, void *progress_ctx, const volatile bool *interrupted,
                  struct arena *a, struct part_info *ret, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    str rows_path = part_path(&scratch, dir, name, ROWS_ENDING);
    str cube_path = part_path(&scratch, dir, name, CUBE_ENDING);
    struct write_job job = {.ledger = l, .source = source, .interrupted = interrupted};
    struct part_info info = {.first = DAY_NONE, .last = DAY_NONE, .billed = DEC_NULL,
                             .effective = DEC_NULL};
    int n = worker_count(l, source);
    struct write_worker *workers = arena_new(&scratch, struct write_worker, (size_t)n);
    bool ok = write_part(&job, workers, n, rows_path, cube_path, progress, progress_ctx, e);
    for (int i = 0; i < n; i++) {
        ok = ok && add_info(&info, &workers[i].info, e);
        cube_release(&workers[i].cube);
    }
    ok = ok && describe(rows_path, cube_path, dir, &info, e);
    if (ok) {
        /* a control total of nothing is zero: `unpriced` says what is unknown */
        info.billed = dec_is_null(info.billed) ? 0 : info.billed;
        info.effective = dec_is_null(info.effective) ? 0 : info.effective;
        info.name = str_dup(a, name);
        *ret = info;
    } else {
        (void)file_remove(rows_path);
        (void)file_remove(cube_path);
    }
    arena_release(&scratch);
    return ok;
}
