/* forecast_series.c - forecasts the series of a file on several threads and reports them in order.
 */
#include "app/forecast_series.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "app/series_file.h"
#include "base/limits.h"
#include "base/os.h"
#include "engine/series.h"
#include "report/series_report.h"

#define MOST_THREADS 256

struct work {
    const struct forecast_series_query *q;
    const struct series_list *list;
    struct series_result *results;
    atomic_size_t next;
    atomic_bool failed;
};
struct worker {
    struct work *work;
    pthread_t thread;
    bool first, started;
    struct arena arena; /* of its results */
    struct err e;
};

static bool one(struct worker *w, size_t i)
{
    const struct forecast_series_query *q = w->work->q;
    const struct series_named *s = &w->work->list->items[i];
    struct series_result *r = &w->work->results[i];
    const struct series_input in = {.y = s->y, .n = s->n, .period = q->period, .h = q->h};
    r->id = s->id;
    r->y = s->y;
    r->n = s->n;
    if (!q->backtest)
        return series_forecast(&w->arena, &in, &r->forecast, &w->e);
    r->origins = (int)MIN(SERIES_ORIGINS, s->n / 2);
    return !r->origins || series_backtest(&w->arena, &in, r->origins, &r->backtest, &w->e);
}

static void *run(void *p)
{
    struct worker *w = p;
    struct work *k = w->work;
    size_t i;
    while (!atomic_load(&k->failed) && !*k->q->interrupted &&
           (i = atomic_fetch_add(&k->next, 1)) < k->list->n) {
        if (!one(w, i))
            atomic_store(&k->failed, true);
        if (w->first && k->q->progress)
            k->q->progress(k->q->progress_ctx, (double)i / (double)k->list->n);
    }
    return NULL;
}

/* The calling thread works as well, so that no thread at all is enough. */
static bool run_all(struct work *k, struct worker *workers, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        workers[i] = (struct worker){.work = k, .first = i == 0};
    for (size_t i = 1; i < n; i++)
        workers[i].started = !pthread_create(&workers[i].thread, NULL, run, &workers[i]);
    run(&workers[0]);
    for (size_t i = 1; i < n; i++)
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < n; i++)
        if (workers[i].e.kind) {
            *e = workers[i].e;
            return false;
        }
    return !*k->q->interrupted || err_set(e, ERR_INTERRUPTED, "interrupted");
}

static bool compute(struct arena *a, const struct forecast_series_query *q,
                    const struct series_list *list, struct doc **ret, struct err *e)
{
    size_t n = MIN(MIN((size_t)MAX(q->threads, 1), list->n), MOST_THREADS);
    struct worker *workers = arena_new(a, struct worker, n);
    struct work k = {.q = q, .list = list, .results = arena_new(a, struct series_result, list->n)};
    bool ok = run_all(&k, workers, n, e);
    if (ok) {
        const struct series_request r = {.results = k.results,
                                         .n = list->n,
                                         .h = q->h,
                                         .period = q->period,
                                         .backtest = q->backtest,
                                         .as_of = q->as_of};
        *ret = report_series(&r, a);
    }
    for (size_t i = 0; i < n; i++)
        arena_release(&workers[i].arena);
    return ok;
}

bool forecast_series(struct arena *a, const struct forecast_series_query *q, struct doc **ret,
                     struct err *e)
{
    struct series_list list;
    str text;
    return file_read(a, q->path, LIMIT_SERIES_FILE, &text, e) &&
           series_file_read(a, q->path, text, q->last, &list, e) && compute(a, q, &list, ret, e);
}
