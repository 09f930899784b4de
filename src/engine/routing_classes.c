/* routing_classes.c - the same for a table of classes with shares and measured qualities.
 *
 * A table has no labels to split, but what its figures know can be split: adding and taking away
 * the same noise, as large as their sampling error, gives two independent measurements of half the
 * information each (thinning). One chooses, the other judges. */
#include "engine/routing_int.h"

#include <math.h>

#include "core/mathfn.h"

enum { STREAM_THIN = 6 };

/* Sampling variance of a class's quality; never 0, however good the few answers were. */
static double variance_of(const struct routing_classes *k, size_t at)
{
    double n = k->labels[at], q = (k->quality[at] * n + 1) / (n + 2);
    return q * (1 - q) / n;
}

/* One half of a measured quality; its variance is twice that of the whole. */
static double half_of(const struct routing_classes *k, uint64_t seed, size_t at, double side)
{
    struct draws d = {.seed = seed, .stream = STREAM_THIN, .next = (uint64_t)at << 20};
    return k->quality[at] + side * sqrt(variance_of(k, at)) * draw_normal(&d);
}

static double chosen_quality(const struct routing_classes *k, uint64_t seed, size_t at)
{
    return k->labels ? half_of(k, seed, at, 1) : k->quality[at];
}

static void shrink_model(const struct routing_classes *k, const struct routing_settings *s,
                         size_t model, double *ret /* n_classes */)
{
    struct arena scratch = ARENA_INIT;
    size_t n = k->n_classes;
    double *mean = arena_new(&scratch, double, n), *squares = arena_new(&scratch, double, n);
    size_t *count = arena_new(&scratch, size_t, n);
    for (size_t c = 0; c < n; c++) {
        size_t at = c * k->n_models + model, reference = c * k->n_models + s->reference;
        mean[c] = chosen_quality(k, s->seed, reference);
        if (model != s->reference)
            mean[c] -= chosen_quality(k, s->seed, at);
        ret[c] = mean[c];
        if (!k->labels)
            continue;
        double variance = 2 * variance_of(k, reference);
        if (model != s->reference)
            variance += 2 * variance_of(k, at);
        count[c] = (size_t)MAX(MIN(k->labels[at], k->labels[reference]) / 2, 2);
        squares[c] = variance * (double)count[c] * (double)(count[c] - 1);
    }
    if (k->labels && !s->plain)
        routing_shrink(mean, squares, count, n, ret);
    arena_release(&scratch);
}

const struct routing_fit *routing_fit_classes(struct arena *a, const struct routing_classes *k,
                                              const struct routing_settings *s)
{
    size_t n = k->n_classes, m = k->n_models;
    struct routing_fit *f = arena_new(a, struct routing_fit, 1);
    struct routing_option *options = arena_new(a, struct routing_option, m);
    struct routing_cell *cells = arena_new(a, struct routing_cell, n + 1);
    uint32_t *first = arena_new(a, uint32_t, n + 1);
    double *loss = arena_new(a, double, n *m + 1), *share = arena_new(a, double, n + 1);
    double *reference = arena_new(a, double, n + 1), *one = arena_new(a, double, n + 1), total = 0;
    for (size_t i = 0; i < m; i++)
        options[i] = (struct routing_option){(uint32_t)i, ROUTING_NONE};
    for (size_t c = 0; c < n; c++)
        total += k->share[c];
    for (size_t i = 0; i < m; i++) {
        shrink_model(k, s, i, i == s->reference ? reference : one);
        for (size_t c = 0; c < n; c++)
            loss[c * m + i] = i == s->reference ? 0 : one[c];
    }
    for (uint32_t c = 0; c < n; c++) {
        size_t at = c * m + s->reference;
        cells[c] =
            (struct routing_cell){c, -INFINITY, INFINITY, k->labels ? (size_t)k->labels[at] : 0};
        share[c] = k->share[c] / total;
        first[c] = c;
    }
    first[n] = (uint32_t)n;
    *f = (struct routing_fit){.settings = s,
                              .n_models = m,
                              .n_classes = n,
                              .n_options = m,
                              .n_cells = n,
                              .options = options,
                              .cells = cells,
                              .first_cell = first,
                              .share = share,
                              .loss = loss,
                              .cost = k->cost,
                              .reference_quality = reference};
    fit_frontier(a, f);
    return f;
}

/* ---- the other half ---- */

struct judged {
    double loss, variance;
};

/* Loss and its variance when `part` of class c goes to model a, the rest to model b; models are
 * taken to be measured apart from each other, which errs to the safe side. */
static void judge_class(const struct routing_fit *f, const struct routing_classes *k, size_t c,
                        const struct routing_choice *x, struct judged *io)
{
    size_t m = k->n_models, reference = c * m + f->settings->reference;
    const uint32_t options[] = {x->a, x->b};
    const double parts[] = {1 - x->part, x->part};
    double away = 0, p = f->share[c];
    for (size_t i = 0; i < 2; i++) {
        if (option_is_reference(f, options[i]) || !(parts[i] > 0))
            continue;
        size_t at = c * m + options[i];
        double w = p * parts[i];
        away += w;
        io->loss -= w * half_of(k, f->settings->seed, at, -1);
        io->variance += w * w * 2 * variance_of(k, at);
    }
    io->loss += away * half_of(k, f->settings->seed, reference, -1);
    io->variance += away * away * 2 * variance_of(k, reference);
}

static void add_costs(const struct routing_fit *f, const struct routing_classes *k,
                      const struct routing_choice *choices, struct routing_measured *io)
{
    double covered = 0;
    size_t m = k->n_models;
    for (size_t c = 0; c < k->n_classes; c++) {
        const uint32_t options[] = {choices[c].a, choices[c].b};
        const double parts[] = {1 - choices[c].part, choices[c].part}, p = f->share[c];
        double reference = k->cost[c * m + f->settings->reference];
        io->reference_cost += p * reference;
        io->reference_quality += p * k->quality[c * m + f->settings->reference];
        for (size_t i = 0; i < 2; i++) {
            io->cost += p * parts[i] * k->cost[c * m + options[i]];
            io->quality += p * parts[i] * k->quality[c * m + options[i]];
            if (option_is_reference(f, options[i]))
                continue;
            io->away += p * parts[i];
            covered += p * parts[i] * reference;
        }
    }
    if (io->reference_cost > 0) {
        io->saving = 1 - io->cost / io->reference_cost;
        io->covered = covered / io->reference_cost;
    }
}

void routing_measure_classes(const struct routing_fit *f, const struct routing_classes *k,
                             struct routing_place at, double tolerance,
                             struct routing_measured *ret)
{
    struct arena scratch = ARENA_INIT;
    struct routing_choice *choices = arena_new(&scratch, struct routing_choice, f->n_cells + 1);
    struct judged j = {0, 0};
    double z = math_normal_quantile(f->settings->confidence), labels = 0;
    *ret = (struct routing_measured){.at = at};
    routing_choices(f, at, choices);
    add_costs(f, k, choices, ret);
    ret->loss = ret->reference_quality - ret->quality;
    ret->loss_fit = f->path_loss[at.steps];
    if (at.part > 0)
        ret->loss_fit += at.part * (f->path_loss[at.steps + 1] - f->path_loss[at.steps]);
    ret->saving_fit = ret->saving;
    ret->bound = NAN;
    if (k->labels) {
        for (size_t c = 0; c < k->n_classes; c++) {
            judge_class(f, k, c, &choices[c], &j);
            labels += k->labels[c * k->n_models + f->settings->reference];
        }
        double sd = sqrt(j.variance);
        ret->loss = j.loss;
        ret->bound = j.loss + z * sd;
        ret->labels = (size_t)labels;
        if (!isnan(tolerance) && j.loss < tolerance && sd > 0)
            ret->labels_needed =
                ceil(labels * (z * sd / (tolerance - j.loss)) * (z * sd / (tolerance - j.loss)));
    }
    arena_release(&scratch);
}

bool routing_certify_classes(const struct routing_fit *f, const struct routing_classes *k,
                             double tolerance, struct routing_measured *ret,
                             struct routing_measured *ret_next)
{
    enum { PLACES_A_STEP = 8 };
    bool going = true, certified = false;
    BUG_IF(!k->labels);
    routing_measure_classes(f, k, (struct routing_place){0}, tolerance, ret);
    *ret_next = *ret;
    for (size_t i = 0; going && i < f->n_steps; i++) {
        for (int j = 1; going && j <= PLACES_A_STEP; j++) {
            struct routing_place at = {.steps = i, .part = (double)j / PLACES_A_STEP};
            if (j == PLACES_A_STEP)
                at = (struct routing_place){.steps = i + 1};
            routing_measure_classes(f, k, at, tolerance, ret_next);
            going = ret_next->bound <= tolerance;
            if (going && ret_next->saving > ret->saving) {
                *ret = *ret_next;
                certified = true;
            }
        }
    }
    return certified;
}
