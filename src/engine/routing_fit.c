/* routing_fit.c - from labels to cells (classes, and score ranges inside them) with shrunk losses. */
#include "engine/routing_int.h"

#include <math.h>

struct fitting {
    struct arena *a;
    const struct routing_evals *v;
    const struct routing_settings *s;
    const uint32_t *rows; /* sorted by class, then score */
    size_t n_rows;
    size_t *class_at; /* n_classes + 1: where a class starts in rows */
    struct routing_fit *f;
    struct routing_cell *cells;
    size_t *cell_at; /* n_cells + 1: where a cell starts in rows */
};

void routing_option_value(const struct routing_evals *v, const struct routing_settings *s,
                          size_t row, struct routing_option o, double *ret_quality,
                          double *ret_cost)
{
    const double *quality = v->quality + row * v->n_models, *cost = v->cost + row * v->n_models;
    double q = quality[o.first], c = cost[o.first];
    if (o.then != ROUTING_NONE) {
        double on = v->escalate ? v->escalate[row * v->n_models + o.first] : NAN;
        if (isnan(on))
            on = s->checker.catches * (1 - q) + s->checker.alarms * q;
        q = (1 - on) * q + on * quality[o.then];
        c += s->checker.cost + on * cost[o.then];
    }
    *ret_quality = q;
    *ret_cost = c;
}

/* ---- options ---- */

static bool may_check(const struct routing_evals *v, const struct routing_settings *s, size_t model)
{
    if (s->checker.on)
        return true;
    return v->escalate && v->n && !isnan(v->escalate[model]);
}

/* Every model, and every cascade from one into a model that costs more on average. */
static void list_options(struct fitting *t)
{
    const struct routing_evals *v = t->v;
    size_t m = v->n_models, n = 0;
    struct routing_option *o = arena_new(t->a, struct routing_option, m * m + m);
    double *cost = arena_new(t->a, double, m);
    for (size_t i = 0; i < t->n_rows; i++)
        for (size_t k = 0; k < m; k++)
            cost[k] += v->cost[t->rows[i] * m + k];
    for (size_t k = 0; k < m; k++)
        o[n++] = (struct routing_option){(uint32_t)k, ROUTING_NONE};
    for (size_t k = 0; k < m; k++)
        for (size_t to = 0; may_check(v, t->s, k) && to < m; to++)
            if (cost[k] < cost[to])
                o[n++] = (struct routing_option){(uint32_t)k, (uint32_t)to};
    t->f->options = o;
    t->f->n_options = n;
}

/* ---- cells ---- */

struct sort_key {
    uint32_t class_index, row;
    double score;
};

static int by_class_and_score(const void *x, const void *y)
{
    const struct sort_key *p = x, *q = y;
    if (p->class_index != q->class_index)
        return p->class_index < q->class_index ? -1 : 1;
    if (p->score != q->score)
        return p->score < q->score ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

static void sort_rows(struct fitting *t, const uint32_t *rows)
{
    const struct routing_evals *v = t->v;
    uint32_t *sorted = arena_new(t->a, uint32_t, t->n_rows + 1);
    t->class_at = arena_new(t->a, size_t, v->n_classes + 1);
    for (size_t i = 0; i < t->n_rows; i++)
        t->class_at[v->class_of[rows[i]] + 1]++;
    for (size_t c = 0; c < v->n_classes; c++)
        t->class_at[c + 1] += t->class_at[c];
    if (v->score) {
        struct sort_key *keys = arena_new(t->a, struct sort_key, t->n_rows + 1);
        for (size_t i = 0; i < t->n_rows; i++)
            keys[i] = (struct sort_key){v->class_of[rows[i]], rows[i], v->score[rows[i]]};
        qsort(keys, t->n_rows, sizeof *keys, by_class_and_score);
        for (size_t i = 0; i < t->n_rows; i++)
            sorted[i] = keys[i].row;
    } else {
        size_t *next = arena_new(t->a, size_t, v->n_classes + 1);
        memcpy(next, t->class_at, sizeof *next * v->n_classes);
        for (size_t i = 0; i < t->n_rows; i++)
            sorted[next[v->class_of[rows[i]]]++] = rows[i];
    }
    t->rows = sorted;
}

/* Quantile bins of a class, never cutting between equal scores. */
static void cut_class(struct fitting *t, uint32_t c)
{
    size_t from = t->class_at[c], n = t->class_at[c + 1] - from;
    size_t bins = t->v->score ? MIN(n / ROUTING_BIN_LABELS, ROUTING_BINS_MAX) : 1, start = 0;
    double low = -INFINITY;
    for (size_t b = 1; b <= MAX(bins, 1); b++) {
        size_t end = bins > 1 ? b * n / bins : n;
        double high = INFINITY;
        if (b < bins) {
            const double *score = t->v->score;
            while (end < n && score[t->rows[from + end]] == score[t->rows[from + end - 1]])
                end++;
            if (end - start < ROUTING_BIN_LABELS || n - end < ROUTING_BIN_LABELS)
                continue;
            high = score[t->rows[from + end]];
        } else {
            end = n;
        }
        struct routing_cell *cell = &t->cells[t->f->n_cells];
        *cell = (struct routing_cell){c, low, high, end - start};
        t->cell_at[t->f->n_cells++] = from + start;
        start = end;
        low = high;
    }
}

static void make_cells(struct fitting *t)
{
    size_t classes = t->v->n_classes, most = classes + t->n_rows / ROUTING_BIN_LABELS + 1;
    uint32_t *first = arena_new(t->a, uint32_t, classes + 1);
    t->cells = arena_new(t->a, struct routing_cell, most);
    t->cell_at = arena_new(t->a, size_t, most + 1);
    for (uint32_t c = 0; c < classes; c++) {
        first[c] = (uint32_t)t->f->n_cells;
        cut_class(t, c);
    }
    first[classes] = (uint32_t)t->f->n_cells;
    t->cell_at[t->f->n_cells] = t->n_rows;
    t->f->cells = t->cells;
    t->f->first_cell = first;
}

uint32_t routing_cell_of(const struct routing_fit *f, const struct routing_evals *v, size_t row)
{
    uint32_t c = v->class_of[row], lo = f->first_cell[c], hi = f->first_cell[c + 1] - 1;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (v->score[row] < f->cells[mid].to)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

/* ---- means, shrunk ---- */

struct means { /* of one quantity, by group of rows */
    double *mean, *squares;
    size_t *count;
};

static struct means means_new(struct arena *a, size_t n)
{
    return (struct means){arena_new(a, double, n + 1), arena_new(a, double, n + 1),
                          arena_new(a, size_t, n + 1)};
}

static void means_of(const double *x, const size_t *at, size_t groups, struct means *ret)
{
    for (size_t g = 0; g < groups; g++) {
        double sum = 0, squares = 0;
        size_t n = at[g + 1] - at[g];
        for (size_t i = at[g]; i < at[g + 1]; i++)
            sum += x[i];
        double mean = n ? sum / (double)n : 0;
        for (size_t i = at[g]; i < at[g + 1]; i++)
            squares += (x[i] - mean) * (x[i] - mean);
        ret->mean[g] = mean;
        ret->squares[g] = squares;
        ret->count[g] = n;
    }
}

/* Score ranges inside a class: how they differ from the class is shrunk as well (over all ranges of
 * all classes), then made monotone in the score. */
static void spread_over_cells(struct fitting *t, struct arena *scratch, const struct means *cell,
                              const struct means *class_means, const double *shrunk, double *ret)
{
    const struct routing_fit *f = t->f;
    double *off = arena_new(scratch, double, f->n_cells), *pulled = arena_new(scratch, double, f->n_cells);
    double *weight = arena_new(scratch, double, f->n_cells), sign = t->s->falling ? -1 : 1;
    for (size_t k = 0; k < f->n_cells; k++)
        off[k] = cell->mean[k] - class_means->mean[f->cells[k].class_index];
    if (t->s->plain)
        memcpy(pulled, off, sizeof *off * f->n_cells);
    else
        routing_shrink(off, cell->squares, cell->count, f->n_cells, pulled);
    for (size_t c = 0; c < f->n_classes; c++) {
        size_t from = f->first_cell[c], n = f->first_cell[c + 1] - from;
        for (size_t k = from; k < from + n; k++) {
            weight[k] = (double)cell->count[k];
            off[k] = sign * (shrunk[c] + (n > 1 ? pulled[k] : 0));
        }
        routing_isotonic(off + from, weight + from, n, pulled + from);
        for (size_t k = from; k < from + n; k++)
            ret[k] = sign * (n > 1 ? pulled[k] : off[k]);
    }
}

/* x: one value by row (in sorted order); ret by cell. */
static void estimate(struct fitting *t, const double *x, double *ret)
{
    struct arena scratch = ARENA_INIT;
    const struct routing_fit *f = t->f;
    struct means by_class = means_new(&scratch, f->n_classes);
    struct means by_cell = means_new(&scratch, f->n_cells);
    double *shrunk = arena_new(&scratch, double, f->n_classes + 1), all = 0;
    means_of(x, t->class_at, f->n_classes, &by_class);
    for (size_t i = 0; i < t->n_rows; i++)
        all += x[i] / (double)t->n_rows;
    if (t->s->plain)
        for (size_t c = 0; c < f->n_classes; c++)
            shrunk[c] = by_class.count[c] ? by_class.mean[c] : all;
    else
        routing_shrink(by_class.mean, by_class.squares, by_class.count, f->n_classes, shrunk);
    if (t->v->score) {
        means_of(x, t->cell_at, f->n_cells, &by_cell);
        spread_over_cells(t, &scratch, &by_cell, &by_class, shrunk, ret);
    } else {
        memcpy(ret, shrunk, sizeof *ret * f->n_cells);
    }
    arena_release(&scratch);
}

/* Costs are taken as they are; a cell without labels gets the mean of all. */
static void mean_costs(struct fitting *t, const double *cost, uint32_t option, double *ret)
{
    const struct routing_fit *f = t->f;
    double all = 0;
    for (size_t i = 0; i < t->n_rows; i++)
        all += cost[i] / (double)t->n_rows;
    for (size_t k = 0; k < f->n_cells; k++) {
        double sum = 0;
        size_t n = t->cell_at[k + 1] - t->cell_at[k];
        for (size_t i = t->cell_at[k]; i < t->cell_at[k + 1]; i++)
            sum += cost[i];
        ret[k * f->n_options + option] = n ? sum / (double)n : all;
    }
}

static void fit_options(struct fitting *t)
{
    struct routing_fit *f = t->f;
    size_t total = f->n_cells * f->n_options;
    double *loss = arena_new(t->a, double, total + 1), *cost = arena_new(t->a, double, total + 1);
    double *share = arena_new(t->a, double, f->n_cells + 1);
    double *reference = arena_new(t->a, double, f->n_cells + 1);
    struct arena scratch = ARENA_INIT;
    double *q = arena_new(&scratch, double, t->n_rows + 1);
    double *x = arena_new(&scratch, double, t->n_rows + 1);
    double *c = arena_new(&scratch, double, t->n_rows + 1);
    double *by_cell = arena_new(&scratch, double, f->n_cells + 1);
    for (size_t i = 0; i < t->n_rows; i++)
        q[i] = t->v->quality[t->rows[i] * t->v->n_models + t->s->reference];
    estimate(t, q, reference);
    for (uint32_t o = 0; o < f->n_options; o++) {
        for (size_t i = 0; i < t->n_rows; i++) {
            double quality;
            routing_option_value(t->v, t->s, t->rows[i], f->options[o], &quality, &c[i]);
            x[i] = q[i] - quality;
        }
        estimate(t, x, by_cell);
        for (size_t k = 0; k < f->n_cells; k++)
            loss[k * f->n_options + o] = o == t->s->reference ? 0 : by_cell[k];
        mean_costs(t, c, o, cost);
    }
    for (size_t k = 0; k < f->n_cells; k++)
        share[k] = t->n_rows ? (double)f->cells[k].labels / (double)t->n_rows : 0;
    f->loss = loss;
    f->cost = cost;
    f->share = share;
    f->reference_quality = reference;
    arena_release(&scratch);
}

const struct routing_fit *routing_fit(struct arena *a, const struct routing_evals *v,
                                      const struct routing_settings *s, const uint32_t *rows,
                                      size_t n_rows)
{
    struct arena scratch = ARENA_INIT;
    struct routing_fit *f = arena_new(a, struct routing_fit, 1);
    struct fitting t = {.a = &scratch, .v = v, .s = s, .n_rows = n_rows, .f = f};
    BUG_IF(s->reference >= v->n_models || s->cheap >= v->n_models);
    f->settings = s;
    f->n_models = v->n_models;
    f->n_classes = v->n_classes;
    f->n_labels = n_rows;
    sort_rows(&t, rows);
    t.a = a; /* what stays */
    list_options(&t);
    make_cells(&t);
    fit_options(&t);
    fit_frontier(a, f);
    arena_release(&scratch);
    return f;
}
