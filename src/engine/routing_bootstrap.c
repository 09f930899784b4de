/* routing_bootstrap.c - how far saving and loss could lie from what was measured. */
#include "engine/routing_int.h"

#include <math.h>

enum { STREAM_WEIGHTS = 1, STREAM_SHARES = 2 };

/* A prompt's weight in one resample is Poisson(1), drawn from 12 bits. */
enum { WEIGHT_BITS = 12, WEIGHT_SLOTS = 1 << WEIGHT_BITS };

static void fill_weights(uint8_t *slots)
{
    static const uint16_t of_weight[] = {1507, 1507, 753, 251, 63, 13, 2};
    size_t at = 0;
    for (size_t w = 0; w < ARRAY_LEN(of_weight); w++)
        for (size_t i = 0; i < of_weight[w]; i++)
            slots[at++] = (uint8_t)w;
    BUG_IF(at != WEIGHT_SLOTS);
}

struct prompt {
    double cost, reference, loss, covered; /* covered: reference cost that is routed away */
};
struct sample { /* sums of a class, weighted */
    double weight, cost, reference, loss, covered;
};

struct resampling {
    const struct prompt *prompts; /* by class */
    const size_t *class_at;
    size_t n_classes;
    uint8_t slots[WEIGHT_SLOTS];
    uint64_t seed;
};

static void add_prompt(struct sample *s, const struct prompt *p, double w)
{
    s->weight += w;
    s->cost += w * p->cost;
    s->reference += w * p->reference;
    s->loss += w * p->loss;
    s->covered += w * p->covered;
}

/* One resample of a class; all of it where every weight came out as zero. */
static struct sample resample_class(const struct resampling *r, struct draws *d, size_t c)
{
    struct sample s = {0};
    uint64_t bits = 0;
    int left = 0;
    for (size_t i = r->class_at[c]; i < r->class_at[c + 1]; i++) {
        if (!left) {
            bits = draw_next(d);
            left = 64 / WEIGHT_BITS;
        }
        add_prompt(&s, &r->prompts[i], r->slots[bits & (WEIGHT_SLOTS - 1)]);
        bits >>= WEIGHT_BITS;
        left--;
    }
    for (size_t i = r->class_at[c]; !(s.weight > 0) && i < r->class_at[c + 1]; i++)
        add_prompt(&s, &r->prompts[i], 1);
    return s;
}

static void resample(const struct resampling *r, uint64_t index, double ret[3])
{
    struct draws weights = {.seed = r->seed, .stream = STREAM_WEIGHTS, .next = index << 40};
    struct draws shares = {.seed = r->seed, .stream = STREAM_SHARES, .next = index << 40};
    struct sample all = {0};
    for (size_t c = 0; c < r->n_classes; c++) {
        size_t n = r->class_at[c + 1] - r->class_at[c];
        if (!n)
            continue;
        struct sample s = resample_class(r, &weights, c);
        double share = draw_gamma(&shares, (double)n) / s.weight;
        all.weight += share * s.weight;
        all.cost += share * s.cost;
        all.reference += share * s.reference;
        all.loss += share * s.loss;
        all.covered += share * s.covered;
    }
    ret[0] = all.reference > 0 ? 1 - all.cost / all.reference : 0;
    ret[1] = all.weight > 0 ? all.loss / all.weight : 0;
    ret[2] = all.reference > 0 ? all.covered / all.reference : 0;
}

/* ---- the prompts under a policy ---- */

static struct prompt prompt_under(const struct routing_fit *f, const struct routing_evals *v,
                                  const struct routing_choice *choices, size_t row)
{
    const struct routing_choice *c = &choices[routing_cell_of(f, v, row)];
    uint32_t reference = f->settings->reference;
    struct prompt p = {.reference = v->cost[row * v->n_models + reference]};
    const uint32_t options[] = {c->a, c->b};
    const double parts[] = {1 - c->part, c->part};
    for (size_t i = 0; i < 2; i++) {
        double q, cost;
        if (!(parts[i] > 0))
            continue;
        routing_option_value(v, f->settings, row, f->options[options[i]], &q, &cost);
        p.cost += parts[i] * cost;
        p.loss += parts[i] * (v->quality[row * v->n_models + reference] - q);
        p.covered += option_is_reference(f, options[i]) ? 0 : parts[i] * p.reference;
    }
    return p;
}

static int by_value(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return p < q ? -1 : p > q;
}

/* Type 7 quantiles, as spreadsheets have them. */
static double quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static void fill_intervals(double *const values[3], size_t n, double level,
                           struct routing_intervals *ret)
{
    struct routing_interval *out[] = {&ret->saving, &ret->loss, &ret->covered};
    for (size_t k = 0; n && k < 3; k++) {
        out[k]->low = quantile(values[k], n, (1 - level) / 2);
        out[k]->high = quantile(values[k], n, (1 + level) / 2);
    }
}

static void gather(struct arena *a, const struct routing_fit *f, const struct routing_evals *v,
                   const uint32_t *rows, size_t n_rows, struct routing_place at,
                   struct resampling *ret)
{
    struct routing_choice *choices = arena_new(a, struct routing_choice, f->n_cells + 1);
    struct prompt *prompts = arena_new(a, struct prompt, n_rows + 1);
    size_t *class_at = arena_new(a, size_t, v->n_classes + 1);
    size_t *next = arena_new(a, size_t, v->n_classes + 1);
    routing_choices(f, at, choices);
    for (size_t i = 0; i < n_rows; i++)
        class_at[v->class_of[rows[i]] + 1]++;
    for (size_t c = 0; c < v->n_classes; c++)
        class_at[c + 1] += class_at[c];
    memcpy(next, class_at, sizeof *next * v->n_classes);
    for (size_t i = 0; i < n_rows; i++)
        prompts[next[v->class_of[rows[i]]]++] = prompt_under(f, v, choices, rows[i]);
    ret->prompts = prompts;
    ret->class_at = class_at;
    ret->n_classes = v->n_classes;
    ret->seed = f->settings->seed;
    fill_weights(ret->slots);
}

void routing_bootstrap(const struct routing_fit *f, const struct routing_evals *v,
                       const uint32_t *rows, size_t n_rows, struct routing_place at,
                       struct routing_intervals *ret_95, struct routing_intervals *ret_90)
{
    struct arena scratch = ARENA_INIT;
    size_t n = n_rows ? f->settings->resamples : 0;
    struct resampling *r = arena_new(&scratch, struct resampling, 1);
    double *values[3];
    gather(&scratch, f, v, rows, n_rows, at, r);
    for (size_t k = 0; k < 3; k++)
        values[k] = arena_new(&scratch, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        double one[3];
        resample(r, i, one);
        for (size_t k = 0; k < 3; k++)
            values[k][i] = one[k];
    }
    for (size_t k = 0; k < 3; k++)
        qsort(values[k], n, sizeof(double), by_value);
    *ret_95 = *ret_90 = (struct routing_intervals){{0, 0}, {0, 0}, {0, 0}};
    fill_intervals(values, n, 0.95, ret_95);
    fill_intervals(values, n, 0.9, ret_90);
    arena_release(&scratch);
}
