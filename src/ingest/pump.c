/* pump.c - runs a callback reader on a thread and lets rows be pulled from it. */
#include "ingest/pump.h"

#include <pthread.h>

#include "ingest/probe.h"
#include "ingest/records.h"

enum { BATCH_ROWS = 1024, BATCH_TEXT = 16 << 20, SCRATCH_TEXT = 4 << 20 };

/* ---- pushing ---- */

typedef bool row_fn(void *ctx, struct spend_row *row, struct err *e);

struct push {
    const struct pump_input *in;
    void *ctx;
    row_fn *fn;
    struct import_counts counts;
    uint64_t emitted;
    /* Parquet */
    struct table_mapper *mapper;
    str *picked;
    /* documents */
    struct arena scratch;
    char read_as[BYTES_READ_AS];
};

static bool push_header(void *ctx, const str *names, size_t n, struct err *e)
{
    struct push *p = ctx;
    if (n != p->in->n_names)
        return err_set(e, ERR_FAILED, "%.*s: changed while it was read", FMT(p->in->path));
    return true;
}

static bool push_record(void *ctx, const str *cells, size_t n, uint64_t number, struct err *e)
{
    struct push *p = ctx;
    size_t wanted;
    const uint32_t *columns = table_columns(p->in->plan, &wanted);
    for (size_t i = 0; i < wanted; i++)
        p->picked[i] = cells[columns[i]];
    struct spend_row row;
    bool skip;
    table_forget(p->mapper);
    if (!table_map(p->mapper, p->picked, number, &row, &skip, e))
        return false;
    return skip || p->fn(p->ctx, &row, e);
}

static bool push_parquet(struct push *p, struct err *e)
{
    size_t wanted;
    table_columns(p->in->plan, &wanted);
    p->mapper = table_mapper_new(p->in->plan);
    p->picked = arena_new(&p->scratch, str, wanted);
    const struct table_reader r = {p, push_header, push_record};
    bool ok = ledger_read_parquet(p->in->ledger, p->in->path, &r, e);
    import_counts_add(&p->counts, table_counts(p->mapper));
    table_mapper_free(p->mapper);
    return ok;
}

/* A table whose records depend on each other. */
static bool push_table(struct push *p, struct err *e)
{
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    size_t n;
    const uint32_t *columns = table_columns(p->in->plan, &n);
    if (!csv_open(p->in->path, &p->in->csv, &f, e))
        return false;
    p->mapper = table_mapper_new(p->in->plan);
    bool ok = csv_worker_open(f, columns, n, &w, e);
    do {
        ok = ok && csv_worker_next(w, &b, e);
        for (size_t i = 0; ok && i < b.n; i++) {
            struct spend_row row;
            bool skip;
            table_forget(p->mapper);
            ok = table_map(p->mapper, b.cells + i * n, b.lines[i], &row, &skip, e) &&
                 (skip || p->fn(p->ctx, &row, e));
        }
    } while (ok && b.n);
    import_counts_add(&p->counts, table_counts(p->mapper));
    table_mapper_free(p->mapper);
    csv_worker_close(w);
    csv_read_as(f, p->read_as);
    csv_close(f);
    return ok;
}

static bool push_cells(void *ctx, const str *cells, uint64_t line, struct err *e)
{
    struct push *p = ctx;
    struct spend_row row;
    bool skip;
    table_forget(p->mapper);
    return table_map(p->mapper, cells, line, &row, &skip, e) &&
           (skip || p->fn(p->ctx, &row, e));
}

static bool push_records(struct push *p, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct document d;
    if (!document_open(&a, p->in->path, p->in->shape, &d, e))
        return false;
    p->mapper = table_mapper_new(p->in->plan);
    bool ok = records_read(&d, p->in->plan, push_cells, p, e);
    import_counts_add(&p->counts, table_counts(p->mapper));
    table_mapper_free(p->mapper);
    document_read_as(&d, p->read_as);
    document_close(&d);
    arena_release(&a);
    return ok;
}

/* What a document's row does not say, as table_map does for tables. */
static bool complete(struct push *p, struct spend_row *row, struct err *e)
{
    const struct importer *x = p->in->importer;
    const struct import_options *o = p->in->options;
    if (row->day == DAY_NONE)
        return err_set(e, ERR_INVALID, "%.*s:%llu: has no date", FMT(p->in->path),
                       (unsigned long long)row->row);
    if (!row->text[SPEND_PROVIDER].n)
        row->text[SPEND_PROVIDER] = o->provider.n ? o->provider : str_of(x->provider);
    if (!row->text[SPEND_MODEL].n)
        row->text[SPEND_MODEL] = o->model;
    if (!row->text[SPEND_ACCOUNT].n)
        row->text[SPEND_ACCOUNT] = o->account;
    if (row->period == MONTH_NONE)
        row->period = month_of_day(row->day);
    if (!row->currency.code[0] && x->currency)
        BUG_IF(!currency_parse(str_of(x->currency), &row->currency));
    if (!row->currency.code[0]) {
        row->currency = o->currency;
        p->counts.no_currency += !dec_is_null(row->billed) || !dec_is_null(row->effective);
    }
    return true;
}

static bool push_document_row(void *ctx, struct spend_row *row, struct err *e)
{
    struct push *p = ctx;
    p->emitted++;
    p->counts.records++;
    if (!row->row)
        row->row = p->emitted;
    bool ok = complete(p, row, e) && p->fn(p->ctx, row, e);
    if (p->scratch.used > SCRATCH_TEXT)
        arena_reset(&p->scratch);
    return ok;
}

static void pass_note(void *ctx, str text)
{
    const struct push *p = ctx;
    p->in->note(p->in->listener, text);
}

static bool pass_claim(void *ctx, str identity)
{
    const struct push *p = ctx;
    return p->in->claim(p->in->listener, identity);
}

static void *pass_remember(void *ctx, str identity, size_t size, bool *ret_new)
{
    const struct push *p = ctx;
    return p->in->remember(p->in->listener, identity, size, ret_new);
}

static bool push_document(struct push *p, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct document d;
    const struct row_sink sink = {
        .ctx = p,
        .emit = push_document_row,
        .scratch = &p->scratch,
        .note = p->in->note ? pass_note : NULL,
        .claim = p->in->claim ? pass_claim : NULL,
        .remember = p->in->remember ? pass_remember : NULL,
    };
    bool ok = document_open(&a, p->in->path, p->in->shape, &d, e);
    if (ok) {
        ok = p->in->importer->read(&d, &sink, e);
        document_read_as(&d, p->read_as);
        document_close(&d);
    }
    arena_release(&a);
    return ok;
}

static bool push_all(struct push *p, struct err *e)
{
    bool ok = p->in->shape == SHAPE_PARQUET ? push_parquet(p, e)
              : p->in->shape == SHAPE_TABLE ? push_table(p, e)
              : p->in->plan                 ? push_records(p, e)
                                            : push_document(p, e);
    arena_release(&p->scratch);
    return ok;
}

bool pump_all(struct pump_input in, void *ctx, row_fn *fn, struct err *e)
{
    struct push p = {.in = &in, .ctx = ctx, .fn = fn};
    return push_all(&p, e);
}

/* ---- pulling ---- */

struct batch {
    struct spend_row rows[BATCH_ROWS];
    size_t n;
    struct arena text;
    bool full; /* belongs to the puller */
};

struct pump {
    struct pump_input in;
    struct push push;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop, ended, ok;
    struct err fault;
    struct batch batches[2];
    int filling;   /* by the reader */
    int pulling;   /* by the worker */
    size_t at;     /* in the batch being pulled */
};

/* Hands the batch over and waits for the other one. False: the puller has gone. */
static bool hand_over(struct pump *p)
{
    pthread_mutex_lock(&p->lock);
    p->batches[p->filling].full = true;
    p->filling ^= 1;
    pthread_cond_broadcast(&p->changed);
    while (p->batches[p->filling].full && !p->stop)
        pthread_cond_wait(&p->changed, &p->lock);
    bool go_on = !p->stop;
    pthread_mutex_unlock(&p->lock);
    p->batches[p->filling].n = 0;
    arena_reset(&p->batches[p->filling].text);
    return go_on;
}

static bool keep_row(void *ctx, struct spend_row *row, struct err *e)
{
    struct pump *p = ctx;
    struct batch *b = &p->batches[p->filling];
    struct spend_row *to = &b->rows[b->n++];
    *to = *row;
    for (int t = 0; t < SPEND_TEXTS; t++)
        if (row->text[t].n)
            to->text[t] = str_dup(&b->text, row->text[t]);
    if ((b->n == BATCH_ROWS || b->text.used > BATCH_TEXT) && !hand_over(p))
        return err_set(e, ERR_INTERRUPTED, "stopped");
    return true;
}

static void *run(void *arg)
{
    struct pump *p = arg;
    bool ok = push_all(&p->push, &p->fault);
    pthread_mutex_lock(&p->lock);
    p->ok = ok;
    p->ended = true;
    if (p->batches[p->filling].n)
        p->batches[p->filling].full = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct pump *pump_open(struct pump_input in)
{
    struct pump *p = calloc(1, sizeof *p);
    if (!p)
        out_of_memory(sizeof *p);
    p->in = in;
    p->push = (struct push){.in = &p->in, .ctx = p, .fn = keep_row};
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    if (pthread_create(&p->thread, NULL, run, p) != 0)
        out_of_memory(sizeof *p);
    return p;
}

bool pump_next(struct pump *p, struct spend_row *ret, bool *ret_got, bool *ret_end, struct err *e)
{
    struct batch *b = &p->batches[p->pulling];
    *ret_got = *ret_end = false;
    pthread_mutex_lock(&p->lock);
    while (!b->full && !p->ended)
        pthread_cond_wait(&p->changed, &p->lock);
    bool full = b->full, ok = p->ok;
    pthread_mutex_unlock(&p->lock);
    if (!full) {
        *ret_end = true;
        if (!ok)
            *e = p->fault;
        return ok;
    }
    if (p->at < b->n) {
        *ret = b->rows[p->at++];
        *ret_got = true;
    }
    return true;
}

void pump_release(struct pump *p)
{
    pthread_mutex_lock(&p->lock);
    if (p->batches[p->pulling].full) {
        p->batches[p->pulling].full = false;
        p->pulling ^= 1;
        p->at = 0;
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
}

void pump_close(struct pump *p, struct import_counts *counts, char read_as[BYTES_READ_AS])
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    import_counts_add(counts, &p->push.counts);
    memcpy(read_as, p->push.read_as, BYTES_READ_AS);
    for (int i = 0; i < 2; i++)
        arena_release(&p->batches[i].text);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
