/* routing_folds.c - labels split by the hash of the prompt's id: to choose, and to judge. */
#include "engine/routing_int.h"

#include <math.h>

enum { STREAM_SPLIT = 3, STREAM_FOLD = 4, STREAM_LABELS = 5 };

static uint64_t place_of(const struct routing_evals *v, uint64_t seed, uint64_t stream, size_t row)
{
    return draw_bits(seed, stream, v->key[row]);
}

static int by_bits(const void *x, const void *y)
{
    uint64_t p = *(const uint64_t *)x, q = *(const uint64_t *)y;
    return p < q ? -1 : p > q;
}

/* The place below which the first n prompts lie (prompts of equal id stay together). */
static uint64_t cut_off(const struct routing_evals *v, uint64_t seed, size_t n)
{
    struct arena scratch = ARENA_INIT;
    uint64_t *places = arena_new(&scratch, uint64_t, v->n + 1), cut = UINT64_MAX;
    for (size_t i = 0; i < v->n; i++)
        places[i] = place_of(v, seed, STREAM_SPLIT, i);
    qsort(places, v->n, sizeof *places, by_bits);
    if (n && n < v->n)
        cut = places[n - 1];
    arena_release(&scratch);
    return cut;
}

void routing_split(struct arena *a, const struct routing_evals *v, uint64_t seed, double share,
                   size_t labels, struct routing_split *ret)
{
    uint64_t cut = labels ? cut_off(v, seed, labels) : (uint64_t)(share * 0x1p63) * 2;
    *ret = (struct routing_split){arena_new(a, uint32_t, v->n + 1), arena_new(a, uint32_t, v->n + 1),
                                  0, 0};
    for (size_t i = 0; i < v->n; i++) {
        if (place_of(v, seed, STREAM_SPLIT, i) <= cut)
            ret->train[ret->n_train++] = (uint32_t)i;
        else
            ret->check[ret->n_check++] = (uint32_t)i;
    }
}

/* ---- cross-validation ---- */

enum { METRICS = 6 };

static void as_list(struct routing_metrics *m, double *ret[METRICS])
{
    double *list[METRICS] = {&m->apgr, &m->cpt50, &m->cpt80, &m->cpt100, &m->aiq, &m->best_quality};
    memcpy(ret, list, sizeof list);
}

struct placed {
    uint64_t place;
    uint32_t class_index, row;
};

static int by_class_and_place(const void *x, const void *y)
{
    const struct placed *p = x, *q = y;
    if (p->class_index != q->class_index)
        return p->class_index < q->class_index ? -1 : 1;
    if (p->place != q->place)
        return p->place < q->place ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

/* n of the rows at equal steps through the classes: what one would label, each class in proportion
 * to its prompts. */
static size_t label_some(struct arena *a, const struct routing_evals *v, uint64_t seed,
                         uint32_t *rows, size_t n_rows, size_t n)
{
    if (!n || n >= n_rows)
        return n_rows;
    struct placed *p = arena_new(a, struct placed, n_rows);
    for (size_t i = 0; i < n_rows; i++)
        p[i] = (struct placed){place_of(v, seed, STREAM_LABELS, rows[i]), v->class_of[rows[i]],
                               rows[i]};
    qsort(p, n_rows, sizeof *p, by_class_and_place);
    double start = draw_unit(draw_bits(seed, STREAM_LABELS, n));
    for (size_t i = 0; i < n; i++)
        rows[i] = p[(size_t)(((double)i + start) * (double)n_rows / (double)n)].row;
    return n;
}

static struct routing_metrics one_fold(const struct routing_evals *v,
                                       const struct routing_settings *s, uint64_t seed,
                                       unsigned folds, unsigned fold, size_t labels)
{
    struct arena scratch = ARENA_INIT;
    uint32_t *train = arena_new(&scratch, uint32_t, v->n + 1);
    uint32_t *check = arena_new(&scratch, uint32_t, v->n + 1);
    size_t n_train = 0, n_check = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (place_of(v, seed, STREAM_FOLD, i) % folds == fold)
            check[n_check++] = (uint32_t)i;
        else
            train[n_train++] = (uint32_t)i;
    }
    n_train = label_some(&scratch, v, seed + fold, train, n_train, labels);
    struct routing_metrics m[ROUTE_REFERENCES];
    const struct routing_fit *f = routing_fit(&scratch, v, s, train, n_train);
    routing_metrics(routing_tally(&scratch, f, v, check, n_check), m);
    arena_release(&scratch);
    return m[ROUTE_ROUTER];
}

static void mean_of(struct routing_metrics *of, size_t n, struct routing_metrics *ret_mean,
                    struct routing_metrics *ret_sd)
{
    double *mean[METRICS], *sd[METRICS], *x[METRICS];
    as_list(ret_mean, mean);
    as_list(ret_sd, sd);
    for (size_t k = 0; k < METRICS; k++) {
        double sum = 0, squares = 0;
        size_t known = 0; /* where the strong model is not the better one, a fold has no APGR */
        for (size_t i = 0; i < n; i++) {
            as_list(&of[i], x);
            if (isnan(*x[k]))
                continue;
            sum += *x[k];
            known++;
        }
        *mean[k] = known ? sum / (double)known : NAN;
        for (size_t i = 0; i < n; i++) {
            as_list(&of[i], x);
            if (!isnan(*x[k]))
                squares += (*x[k] - *mean[k]) * (*x[k] - *mean[k]);
        }
        *sd[k] = known > 1 ? sqrt(squares / (double)(known - 1)) : NAN;
    }
}

void routing_cross_validate(struct arena *a, const struct routing_evals *v,
                            const struct routing_settings *s, size_t labels,
                            struct routing_folds *io)
{
    struct arena scratch = ARENA_INIT;
    struct routing_metrics *folds = arena_new(&scratch, struct routing_metrics, io->folds + 1), sd;
    io->labels = labels;
    io->each = arena_new(a, struct routing_metrics, io->repeats + 1);
    for (unsigned r = 0; r < io->repeats; r++) {
        for (unsigned k = 0; k < io->folds; k++)
            folds[k] = one_fold(v, s, s->seed + r, io->folds, k, labels);
        mean_of(folds, io->folds, &io->each[r], &sd);
    }
    mean_of(io->each, io->repeats, &io->mean, &io->sd);
    arena_release(&scratch);
}
