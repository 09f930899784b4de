/* open_source.c - workers that read the files of an import in parallel. */
#include "ingest/open_source.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/bytes.h"
#include "base/map.h"
#include "base/os.h"
#include "ingest/probe.h"
#include "ingest/pump.h"
#include "ingest/records.h"

struct input {
    struct source_file pub;
    struct source *source;
    struct table_plan *plan; /* tables and Parquet */
    size_t n_names;
    struct csv_options csv_options;
    bool shared; /* a table that all workers read */
    bool in_order; /* not while another such file is read */
    /* under the source's lock */
    struct csv_file *csv; /* open while workers read it */
    int users;
    bool taken, read; /* by a worker; to its end without a fault */
    double before;    /* bytes of the files before it, as a share of all */
    double share;     /* of all bytes */
};

enum { NOTES_KEPT = 50 };

struct said {
    size_t input;
    str text;
};

struct source {
    struct arena *arena;
    struct source_options o;
    struct input *inputs;
    size_t n;
    struct row_source rows;
    pthread_mutex_t lock;
    atomic_bool failed;
    atomic_size_t at; /* no input before this one has anything left */
    /* under the lock */
    bool lines_busy;     /* JSON lines are read one file at a time: which of two files has a record
                            first must not depend on threads */
    struct map claimed;  /* identities of records of JSON lines */
    struct map remembered; /* what importers keep for the whole import */
    struct arena said_arena;
    struct said *said;   /* what importers noted */
    size_t n_said, cap_said, more_said;
};

struct worker {
    struct source *s;
    void *stage;
    size_t input; /* being read; s->n: none */
    struct table_mapper *mapper;
    struct csv_worker *csv;
    struct csv_batch batch;
    size_t at; /* in batch */
    struct pump *pump;
    struct import_counts counts; /* rows and unpriced of the current input */
    struct spend_row pending[SPLIT_MOST];
    size_t n_pending, pending_at;
};

/* ---- opening ---- */

static bool header_of_mapped(struct source *s, struct input *in, const struct import_map *map,
                             const str **ret_names, struct err *e)
{
    struct probe p;
    str magic;
    if (!bytes_head(s->arena, in->pub.path, 4, &magic, e))
        return false;
    if (str_eq(magic, S("PAR1"))) {
        if (!probe_file(s->arena, in->pub.path, s->o.ledger, &p, e))
            return false;
        in->pub.shape = SHAPE_PARQUET;
        in->n_names = p.n_names;
        *ret_names = p.names;
        return true;
    }
    struct csv_file *f;
    if (!csv_open(in->pub.path, &map->csv, &f, e))
        return false;
    const str *names = csv_names(f, &in->n_names);
    str *copy = arena_new(s->arena, str, in->n_names);
    for (size_t i = 0; i < in->n_names; i++)
        copy[i] = str_dup(s->arena, names[i]);
    csv_close(f);
    in->pub.shape = SHAPE_TABLE;
    in->csv_options = map->csv;
    *ret_names = copy;
    return true;
}

/* The importer that the user named, checked against what the file is. */
static bool named_importer(const struct probe *p, str name, const struct importer **ret,
                           enum file_shape *ret_shape, struct err *e)
{
    const struct importer *x = importer_by_name(name);
    if (!x) {
        const char *names[64];
        size_t n = 0;
        for (; importers[n] && n < ARRAY_LEN(names); n++)
            names[n] = importers[n]->name;
        const char *likely = str_closest(name, names, n);
        err_set(e, ERR_USAGE, "there is no format '%.*s'", FMT(name));
        return likely ? err_hint(e, "Did you mean '%s'?", likely)
                      : err_hint(e, "'outlay help formats' lists them.");
    }
    *ret_shape = p->shape;
    if (!(x->shapes & 1u << p->shape) && p->shape == SHAPE_JSON &&
        x->shapes & 1u << SHAPE_JSON_LINES)
        *ret_shape = SHAPE_JSON_LINES; /* a single line */
    if (!(x->shapes & 1u << *ret_shape))
        return err_set(e, ERR_INVALID, "%.*s: is %s, which %s does not come in", FMT(p->path),
                       file_shape_name(p->shape), x->title);
    *ret = x;
    return true;
}

/* The header of a table for a named importer: the line it bids most for. */
static bool choose_header(struct probe *p, const struct importer *x, struct err *e)
{
    int best = p->fault ? -1 : x->bid(p);
    size_t at = p->skip_lines, first = at;
    for (size_t skip = first + 1; best <= 0 && skip <= PROBE_TITLES; skip++)
        if (probe_take_header(p, skip) && x->bid(p) > MAX(best, 0)) {
            best = x->bid(p);
            at = skip;
        }
    if (best < 0) {
        *e = *p->fault;
        return false;
    }
    BUG_IF(!probe_take_header(p, at));
    return true;
}

/* What the columns of the importer are looked up in. */
static bool settle_header(struct source *s, struct input *in, const struct probe *p,
                          const str **ret_names, struct err *e)
{
    const struct importer *x = in->pub.importer;
    in->n_names = p->n_names;
    *ret_names = p->names;
    in->csv_options.skip_lines = p->skip_lines;
    in->csv_options.ragged = x->ordered;
    if (in->pub.shape == SHAPE_JSON || in->pub.shape == SHAPE_JSON_LINES) {
        if (!x->read)
            *ret_names = records_header(s->arena, x, p, &in->n_names);
        return true;
    }
    if (in->pub.shape != SHAPE_TABLE || !x->fixed_names)
        return true;
    size_t n = 0;
    while (x->fixed_names[n])
        n++;
    if (p->n_names != n)
        return err_set(e, ERR_INVALID, "%.*s: has %zu columns, but %s has %zu", FMT(in->pub.path),
                       p->n_names, x->title, n);
    str *names = arena_new(s->arena, str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = str_of(x->fixed_names[i]);
    *ret_names = names;
    in->csv_options.headless = true;
    return true;
}

static bool find_importer(struct source *s, struct input *in, const struct import_map *map,
                          const str **ret_names, struct err *e)
{
    if (map) {
        in->pub.importer = &map->importer;
        return header_of_mapped(s, in, map, ret_names, e);
    }
    struct probe p;
    if (!probe_file(s->arena, in->pub.path, s->o.ledger, &p, e))
        return false;
    in->pub.shape = p.shape;
    if (s->o.import->as.n) {
        if (!named_importer(&p, s->o.import->as, &in->pub.importer, &in->pub.shape, e) ||
            (p.shape == SHAPE_TABLE && !choose_header(&p, in->pub.importer, e)))
            return false;
    } else if (!importer_find(&p, &in->pub.importer, e)) {
        return false;
    }
    if (!(in->pub.importer->shapes & 1u << p.shape))
        in->pub.shape = SHAPE_JSON_LINES;
    return settle_header(s, in, &p, ret_names, e);
}

/* Whether a mapping takes a provider or description from a column that is headed like people. */
static bool reads_people(const struct importer *x)
{
    static const char *const heads[] = {"employee", "payee", "traveler", "traveller", "claimant",
                                        "contact", "person", "cardholder", "card holder", "member",
                                        "merchant", "beneficiary", "counterparty", "memo"};
    for (size_t i = 0; i < x->n_columns; i++) {
        const struct import_column *c = &x->columns[i];
        if (c->field != F_TEXT + SPEND_PROVIDER && c->field != F_TEXT + SPEND_DESCRIPTION)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(c->names) && c->names[k]; k++)
            for (size_t h = 0; h < ARRAY_LEN(heads); h++)
                if (str_eq_nocase(str_of(c->names[k]), S("name")) ||
                    str_find_nocase(str_of(c->names[k]), str_of(heads[h]), 0) != SIZE_MAX)
                    return true;
    }
    return false;
}

static bool open_input(struct source *s, struct input *in, const struct import_map *map,
                       struct err *e)
{
    const str *names = NULL;
    if (!find_importer(s, in, map, &names, e))
        return false;
    in->shared = in->pub.shape == SHAPE_TABLE && !in->pub.importer->ordered;
    in->in_order = in->pub.shape == SHAPE_JSON_LINES || in->pub.importer->in_order;
    if (in->pub.shape != SHAPE_TABLE && in->pub.shape != SHAPE_PARQUET && in->pub.importer->read)
        return true;
    in->csv_options.block_bytes = s->o.block_bytes;
    const struct import_options *options = s->o.import;
    if (map && map->start != DAY_NONE && options->start == DAY_NONE) {
        struct import_options *own = arena_new(s->arena, struct import_options, 1);
        *own = *options;
        own->start = map->start;
        options = own;
    }
    struct table_spec spec = {.path = in->pub.path, .importer = in->pub.importer,
                              .options = options};
    if (map) {
        spec.constants = &map->constants;
        spec.filters = map->filters;
        spec.n_filters = map->n_filters;
        spec.ticks_per_second = map->ticks_per_second;
        spec.negate = map->negate;
    }
    if (!table_compile(s->arena, &spec, names, in->n_names, &in->plan, e))
        return false;
    in->pub.personal = table_personal(in->plan);
    in->pub.as_written = map && !map->constants.text[SPEND_SERVICE_CATEGORY].n &&
                         !table_has(in->plan, F_TEXT + SPEND_SERVICE_CATEGORY) &&
                         reads_people(&map->importer);
    return true;
}

/* ---- one input after the other ---- */

/* The next input with something left to read, for this worker; s->n: none. */
static bool take_input(struct source *s, size_t *ret, struct err *e)
{
    bool ok = true;
    pthread_mutex_lock(&s->lock);
    size_t i = atomic_load(&s->at);
    for (; i < s->n; i++) {
        struct input *in = &s->inputs[i];
        if (!in->shared) {
            if (!in->taken && !(in->in_order && s->lines_busy))
                break;
        } else if (!in->read) {
            break;
        }
    }
    if (i < s->n) {
        struct input *in = &s->inputs[i];
        in->taken = true;
        s->lines_busy |= in->in_order;
        if (in->shared && !in->csv)
            ok = csv_open(in->pub.path, &in->csv_options, &in->csv, e);
        if (ok)
            in->users++;
    }
    *ret = i; /* also of a failure: the input to blame */
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* done: the worker saw the end of the input. */
static void leave_input(struct worker *w, bool done)
{
    struct source *s = w->s;
    if (w->input == s->n)
        return;
    struct input *in = &s->inputs[w->input];
    csv_worker_close(w->csv);
    w->csv = NULL;
    pump_close(w->pump, &w->counts, in->pub.read_as);
    w->pump = NULL;
    pthread_mutex_lock(&s->lock);
    if (w->mapper)
        import_counts_add(&in->pub.counts, table_counts(w->mapper));
    import_counts_add(&in->pub.counts, &w->counts);
    in->users--;
    in->read |= done;
    if (in->in_order)
        s->lines_busy = false;
    if (in->users == 0 && in->csv && (in->read || atomic_load(&s->failed))) {
        csv_read_as(in->csv, in->pub.read_as);
        csv_close(in->csv);
        in->csv = NULL;
    }
    size_t at = atomic_load(&s->at);
    while (at < s->n && s->inputs[at].read && s->inputs[at].users == 0)
        at++;
    atomic_store(&s->at, at);
    pthread_mutex_unlock(&s->lock);
    table_mapper_free(w->mapper);
    w->mapper = NULL;
    w->counts = (struct import_counts){0};
    w->batch = (struct csv_batch){0};
    w->at = 0;
    w->input = s->n;
}

static void keep_note(void *listener, str text)
{
    struct input *in = listener;
    struct source *s = in->source;
    pthread_mutex_lock(&s->lock);
    if (s->n_said == NOTES_KEPT) {
        s->more_said++;
    } else {
        s->said = arena_grow(&s->said_arena, s->said, sizeof *s->said, &s->cap_said, s->n_said + 1);
        s->said[s->n_said++] =
            (struct said){(size_t)(in - s->inputs), str_dup(&s->said_arena, text)};
    }
    pthread_mutex_unlock(&s->lock);
}

static bool claim(void *listener, str identity)
{
    const struct input *in = listener;
    struct source *s = in->source;
    bool first = false;
    pthread_mutex_lock(&s->lock);
    if (!map_get(&s->claimed, identity))
        map_put(&s->claimed, str_dup(&s->said_arena, identity), &first);
    pthread_mutex_unlock(&s->lock);
    return first;
}

static void *remember(void *listener, str identity, size_t size, bool *ret_new)
{
    const struct input *in = listener;
    struct source *s = in->source;
    pthread_mutex_lock(&s->lock);
    struct map_entry *e = map_get(&s->remembered, identity);
    *ret_new = !e;
    if (!e) {
        e = map_put(&s->remembered, str_dup(&s->said_arena, identity), NULL);
        e->ptr = arena_alloc(&s->said_arena, size);
        memset(e->ptr, 0, size);
    }
    void *kept = e->ptr;
    pthread_mutex_unlock(&s->lock);
    return kept;
}

/* quiet: for a second reading, which neither notes nor claims anything. */
static struct pump_input pump_input_of(struct source *s, size_t i, bool quiet)
{
    struct input *in = &s->inputs[i];
    return (struct pump_input){
        .path = in->pub.path,
        .importer = in->pub.importer,
        .shape = in->pub.shape,
        .plan = in->plan,
        .n_names = in->n_names,
        .csv = in->csv_options,
        .options = s->o.import,
        .ledger = s->o.ledger,
        .listener = in,
        .note = quiet ? NULL : keep_note,
        .claim = quiet ? NULL : claim,
        .remember = quiet ? NULL : remember,
    };
}

static bool enter_input(struct worker *w, struct err *e)
{
    struct source *s = w->s;
    size_t i;
    if (!take_input(s, &i, e))
        return false;
    w->input = i;
    if (i == s->n)
        return true;
    struct input *in = &s->inputs[i];
    if (!in->shared) {
        w->pump = pump_open(pump_input_of(s, i, false));
        return true;
    }
    size_t n;
    const uint32_t *columns = table_columns(in->plan, &n);
    w->mapper = table_mapper_new(in->plan);
    return csv_worker_open(in->csv, columns, n, &w->csv, e);
}

/* ---- rows ---- */

/* Sends one row through the stage; n rows come out at `rows`. */
static bool finish_row(const struct source *s, void *stage, size_t input,
                       struct import_counts *counts, struct spend_row rows[SPLIT_MOST],
                       size_t *ret_n, struct err *e)
{
    rows[0].file = (uint32_t)input + 1;
    *ret_n = 1;
    if (s->o.stage.apply && !s->o.stage.apply(stage, rows, ret_n, e))
        return false;
    counts->rows += *ret_n;
    for (size_t i = 0; i < *ret_n; i++)
        counts->unpriced += dec_is_null(rows[i].effective);
    return true;
}

/* The next record of the current input as a row in *row; *ret_got false: a batch ended (text made
 * so far goes with the next one), *ret_end: the input did. */
static bool next_row(struct worker *w, struct spend_row *row, bool *ret_got, bool *ret_end,
                     struct err *e)
{
    *ret_got = *ret_end = false;
    if (w->pump)
        return pump_next(w->pump, row, ret_got, ret_end, e);
    while (w->at < w->batch.n) {
        size_t k = w->at++, columns;
        bool skip;
        table_columns(w->s->inputs[w->input].plan, &columns);
        if (!table_map(w->mapper, w->batch.cells + k * columns, w->batch.lines[k], row, &skip, e))
            return false;
        if (!skip) {
            *ret_got = true;
            return true;
        }
    }
    return true;
}

/* Goes on to the next batch, and to the next input where one ends. */
static bool advance(struct worker *w, bool *ret_done, struct err *e)
{
    *ret_done = false;
    if (w->pump) {
        pump_release(w->pump);
        return true;
    }
    if (w->csv) {
        table_forget(w->mapper);
        w->at = 0;
        if (!csv_worker_next(w->csv, &w->batch, e))
            return false;
        if (w->batch.n)
            return true;
        leave_input(w, true);
    }
    if (!enter_input(w, e))
        return false;
    *ret_done = w->input == w->s->n;
    return true;
}

static size_t drain(struct worker *w, struct spend_row *rows, size_t cap)
{
    size_t n = MIN(cap, w->n_pending - w->pending_at);
    memcpy(rows, w->pending + w->pending_at, n * sizeof *rows);
    w->pending_at += n;
    if (w->pending_at == w->n_pending)
        w->n_pending = w->pending_at = 0;
    return n;
}

/* Up to cap rows whose text lives together; 0 rows: nothing is left anywhere. */
static bool fill(struct worker *w, struct spend_row *rows, size_t cap, size_t *ret_n,
                 struct err *e)
{
    size_t n = drain(w, rows, cap);
    for (;;) {
        bool got = false, end = false, done;
        while (n < cap) {
            /* a row may be split: without room for the parts it is made in `pending` */
            bool direct = cap - n >= SPLIT_MOST;
            struct spend_row *to = direct ? rows + n : w->pending;
            size_t made;
            if (w->input == w->s->n)
                break;
            if (!next_row(w, to, &got, &end, e))
                return false;
            if (!got)
                break;
            if (!finish_row(w->s, w->stage, w->input, &w->counts, to, &made, e))
                return false;
            if (direct) {
                n += made;
            } else {
                w->n_pending = made;
                w->pending_at = 0;
                n += drain(w, rows + n, cap - n);
            }
        }
        if (n > 0)
            break;
        if (end)
            leave_input(w, true);
        if (!advance(w, &done, e))
            return false;
        if (done)
            break;
    }
    *ret_n = n;
    return true;
}

/* ---- faults ---- */

struct rescan {
    const struct source *s;
    void *stage;
    size_t input;
    struct import_counts ignored;
};

static bool rescan_row(void *ctx, struct spend_row *row, struct err *e)
{
    struct rescan *r = ctx;
    struct spend_row rows[SPLIT_MOST];
    size_t n;
    rows[0] = *row;
    return finish_row(r->s, r->stage, r->input, &r->ignored, rows, &n, e);
}

static bool rescan_table(struct rescan *r, const struct input *in, struct err *e)
{
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    size_t columns;
    const uint32_t *wanted = table_columns(in->plan, &columns);
    if (!csv_open(in->pub.path, &in->csv_options, &f, e))
        return false;
    struct table_mapper *m = table_mapper_new(in->plan);
    bool ok = csv_worker_open(f, wanted, columns, &w, e);
    do {
        table_forget(m);
        ok = ok && csv_worker_next(w, &b, e);
        for (size_t i = 0; ok && i < b.n; i++) {
            struct spend_row row;
            bool skip;
            ok = table_map(m, b.cells + i * columns, b.lines[i], &row, &skip, e) &&
                 (skip || rescan_row(r, &row, e));
        }
    } while (ok && b.n);
    csv_worker_close(w);
    table_mapper_free(m);
    csv_close(f);
    return ok;
}

/* The first fault in order of files and lines, at or before the one found in `input`. */
static void find_first_fault(struct source *s, size_t input, struct err *e)
{
    struct err found;
    struct rescan r = {.s = s};
    if (s->o.stage.open && !s->o.stage.open(s->o.stage.ctx, &r.stage, &found))
        return;
    for (size_t i = 0; i <= input && i < s->n; i++) {
        struct input *in = &s->inputs[i];
        pthread_mutex_lock(&s->lock);
        bool clean = in->read && in->users == 0;
        pthread_mutex_unlock(&s->lock);
        if (clean)
            continue;
        r.input = i;
        bool ok = in->shared
                      ? rescan_table(&r, in, &found)
                      : pump_all(pump_input_of(s, i, true), &r, rescan_row, &found);
        if (!ok) {
            *e = found;
            break;
        }
    }
    if (s->o.stage.close)
        s->o.stage.close(r.stage);
}

/* ---- as a row_source ---- */

static bool worker_open(void *self, void **ret_worker, struct err *e)
{
    struct source *s = self;
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        out_of_memory(sizeof *w);
    w->s = s;
    w->input = s->n;
    if (s->o.stage.open && !s->o.stage.open(s->o.stage.ctx, &w->stage, e)) {
        free(w);
        return false;
    }
    *ret_worker = w;
    return true;
}

static bool worker_produce(void *worker, struct spend_row *rows, size_t cap, size_t *ret_n,
                           struct err *e)
{
    struct worker *w = worker;
    *ret_n = 0;
    if (atomic_load(&w->s->failed))
        return true;
    if (fill(w, rows, cap, ret_n, e))
        return true;
    /* whoever fails first looks for the first fault and reports it; the others end quietly */
    *ret_n = 0;
    if (atomic_exchange(&w->s->failed, true))
        return true;
    find_first_fault(w->s, w->input, e);
    return false;
}

static void worker_close(void *worker)
{
    struct worker *w = worker;
    if (!w)
        return;
    leave_input(w, false);
    if (w->s->o.stage.close)
        w->s->o.stage.close(w->stage);
    free(w);
}

static double progress(void *self)
{
    struct source *s = self;
    double done = 0;
    pthread_mutex_lock(&s->lock);
    for (size_t i = atomic_load(&s->at); i < s->n; i++) {
        const struct input *in = &s->inputs[i];
        if (i == atomic_load(&s->at))
            done = in->before;
        if (in->read)
            done += in->share;
        else if (in->csv)
            done += in->share * csv_progress(in->csv);
        if (!in->taken)
            break;
    }
    if (atomic_load(&s->at) == s->n)
        done = 1;
    pthread_mutex_unlock(&s->lock);
    return done;
}

/* Each input's share of all bytes. */
static void weigh(struct source *s)
{
    struct err ignored;
    double total = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint64_t bytes = 0;
        if (!file_size(s->inputs[i].pub.path, &bytes, &ignored))
            bytes = 0;
        s->inputs[i].share = (double)bytes;
        s->inputs[i].before = total;
        total += (double)bytes;
    }
    for (size_t i = 0; i < s->n && total > 0; i++) {
        s->inputs[i].share /= total;
        s->inputs[i].before /= total;
    }
}

/* Two views of the same usage must not be added up. */
static bool refuse_repeats(const struct source *s, struct err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct importer *x = s->inputs[i].pub.importer;
        for (size_t k = 0; x->repeats && k < s->n; k++) {
            const struct source_file *other = &s->inputs[k].pub;
            if (strcmp(other->importer->name, x->repeats) != 0)
                continue;
            err_set(e, ERR_INVALID, "%.*s: %s count again what %.*s does: %s",
                    FMT(s->inputs[i].pub.path), x->title, FMT(other->path),
                    other->importer->title);
            return err_hint(e, "Import one of the two. What tells of other services or months goes "
                               "into an import of its own, with --add.");
        }
    }
    return true;
}

bool source_open(struct arena *a, const str *paths, size_t n, const struct source_options *o,
                 struct source **ret, struct err *e)
{
    const struct import_map *map = NULL;
    if (o->import->map_path.n && !import_map_load(a, o->import->map_path, &map, e))
        return false;
    struct source *s = arena_new(a, struct source, 1);
    s->arena = a;
    s->o = *o;
    s->n = n;
    s->inputs = arena_new(a, struct input, n);
    int most = 1;
    for (size_t i = 0; i < n; i++) {
        s->inputs[i].pub.path = paths[i];
        s->inputs[i].source = s;
        if (!open_input(s, &s->inputs[i], map, e))
            return false;
        if (s->inputs[i].pub.shape == SHAPE_TABLE || n > 1)
            most = MAX(o->threads, 1);
    }
    if (!refuse_repeats(s, e))
        return false;
    weigh(s);
    map_init(&s->claimed, &s->said_arena);
    map_init(&s->remembered, &s->said_arena);
    pthread_mutex_init(&s->lock, NULL);
    s->rows = (struct row_source){s, most, worker_open, worker_produce, worker_close, progress};
    *ret = s;
    return true;
}

const struct row_source *source_rows(const struct source *s)
{
    return &s->rows;
}

const struct source_file *source_files(const struct source *s, size_t *ret_n)
{
    struct source_file *files = arena_new(s->arena, struct source_file, s->n);
    for (size_t i = 0; i < s->n; i++)
        files[i] = s->inputs[i].pub;
    *ret_n = s->n;
    return files;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        csv_close(s->inputs[i].csv);
    arena_release(&s->said_arena);
    pthread_mutex_destroy(&s->lock);
}

/* ---- notes ---- */

static const struct note_kind {
    size_t count; /* offset in import_counts */
    const char *one, *many;
} note_kinds[] = {
    {offsetof(struct import_counts, rounded),
     "amount had more than 18 decimals and was rounded half-even",
     "amounts had more than 18 decimals and were rounded half-even"},
    {offsetof(struct import_counts, bad_tags), "row has tags that cannot be read; it has none now",
     "rows have tags that cannot be read; they have none now"},
    {offsetof(struct import_counts, no_currency),
     "row states no currency; the book's is used", "rows state no currency; the book's is used"},
    {offsetof(struct import_counts, amortized),
     "row is a share of a commitment: its effective cost is known, what was billed with the "
     "purchase is only in the actual-cost export",
     "rows are shares of commitments: their effective cost is known, what was billed with the "
     "purchases is only in the actual-cost export"},
    {offsetof(struct import_counts, unpriced), "row has no known cost",
     "rows have no known cost"},
    {offsetof(struct import_counts, skipped), "record is no spend and was left out",
     "records are no spend and were left out"},
};

static str note_of(const struct source *s, const struct note_kind *k, struct arena *a)
{
    uint64_t sum = 0;
    size_t files = 0, last = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint64_t n;
        memcpy(&n, (const char *)&s->inputs[i].pub.counts + k->count, sizeof n);
        sum += n;
        if (n) {
            files++;
            last = i;
        }
    }
    if (!sum)
        return STR_NONE;
    const char *text = sum == 1 ? k->one : k->many;
    if (files == 1)
        return str_fmt(a, "%.*s: %llu %s.", FMT(s->inputs[last].pub.path), (unsigned long long)sum,
                       text);
    return str_fmt(a, "%llu %s (in %zu files).", (unsigned long long)sum, text, files);
}

const str *source_notes(const struct source *s, struct arena *a, size_t *ret_n)
{
    str *notes = arena_new(a, str, ARRAY_LEN(note_kinds) + 4 * s->n + s->n_said + 1);
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(note_kinds); i++) {
        notes[n] = note_of(s, &note_kinds[i], a);
        n += notes[n].n > 0;
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct source_file *f = &s->inputs[i].pub;
        if (f->read_as[0])
            notes[n++] = str_fmt(a, "%.*s: read as %s.", FMT(f->path), f->read_as);
        if (!f->counts.rows)
            notes[n++] = str_fmt(a, "%.*s: holds no spend.", FMT(f->path));
        if (f->as_written)
            notes[n++] = str_fmt(a, "%.*s: taken for a bill: provider and description are kept as "
                                    "written. If they may name people, let the mapping say set: "
                                    "{service_category: Ledger} or Payment.", FMT(f->path));
        if (f->personal.n)
            notes[n++] = str_fmt(a, "%.*s: not read because it may name people: %.*s.",
                                 FMT(f->path), FMT(f->personal));
    }
    for (size_t file = 0; s->n_said && file < s->n; file++) /* in order of files */
        for (size_t i = 0; i < s->n_said; i++)
            if (s->said[i].input == file)
                notes[n++] = str_fmt(a, "%.*s: %.*s", FMT(s->inputs[file].pub.path),
                                     FMT(s->said[i].text));
    if (s->more_said)
        notes[n++] = str_fmt(a, "There are %zu more notes.", s->more_said);
    *ret_n = n;
    return notes;
}
