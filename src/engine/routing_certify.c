/* routing_certify.c - measuring places of the frontier on labels that did not choose it. */
#include "engine/routing_int.h"

#include <math.h>

/* Places per step that the walk tries: fixed beforehand, as fixed-sequence testing demands. */
enum { PLACES_A_STEP = 8 };

/* Which options of a cell lie on its hull, or are a model's own. */
static bool *options_used(struct arena *a, const struct routing_fit *f)
{
    bool *used = arena_new(a, bool, f->n_cells * f->n_options + 1);
    for (size_t k = 0; k < f->n_cells; k++) {
        used[k * f->n_options + f->start[k]] = true;
        for (size_t m = 0; m < f->n_models; m++)
            used[k * f->n_options + m] = true;
    }
    for (size_t i = 0; i < f->n_steps; i++)
        used[f->steps[i].cell * f->n_options + f->steps[i].to] = true;
    return used;
}

static void tally_row(const struct routing_tally *t, const bool *used, struct tally_cell *cells,
                      struct tally_option *options, size_t row)
{
    const struct routing_fit *f = t->fit;
    const struct routing_settings *s = f->settings;
    const double *q = t->evals->quality + row * f->n_models;
    const double *c = t->evals->cost + row * f->n_models;
    uint32_t cell = routing_cell_of(f, t->evals, row);
    struct tally_cell *k = &cells[cell];
    k->n++;
    k->reference_quality += q[s->reference];
    k->reference_cost += c[s->reference];
    k->cheap_gain += q[s->reference] - q[s->cheap];
    k->cheap_cost += c[s->cheap];
    k->cheap_quality += q[s->cheap];
    for (size_t o = 0; o < f->n_options; o++) {
        size_t at = cell * f->n_options + o;
        if (!used[at])
            continue;
        double quality, cost;
        routing_option_value(t->evals, s, row, f->options[o], &quality, &cost);
        double d = q[s->reference] - quality;
        options[at].loss += d;
        options[at].plus += MAX(d, 0);
        options[at].minus += MAX(-d, 0);
        options[at].squares += d * d;
        options[at].cost += cost;
        options[at].quality += quality;
    }
}

const struct routing_tally *routing_tally(struct arena *a, const struct routing_fit *f,
                                          const struct routing_evals *v, const uint32_t *rows,
                                          size_t n_rows)
{
    struct arena scratch = ARENA_INIT;
    struct routing_tally *t = arena_new(a, struct routing_tally, 1);
    struct tally_cell *cells = arena_new(a, struct tally_cell, f->n_cells + 1);
    struct tally_option *options = arena_new(a, struct tally_option, f->n_cells * f->n_options + 1);
    *t = (struct routing_tally){f, v, rows, n_rows, cells, options};
    const bool *used = options_used(&scratch, f);
    for (size_t i = 0; i < n_rows; i++)
        tally_row(t, used, cells, options, rows[i]);
    arena_release(&scratch);
    return t;
}

/* ---- a place ---- */

struct totals {
    struct routing_sums sums;
    double cost, quality, away, covered;
};

/* A mixture of two options gives each prompt one of them at random, so sums mix too. */
static void add_option(const struct routing_tally *t, size_t cell, uint32_t option, double part,
                       struct totals *io)
{
    const struct tally_option *o = &t->options[cell * t->fit->n_options + option];
    io->sums.plus += part * o->plus;
    io->sums.minus += part * o->minus;
    io->sums.squares += part * o->squares;
    io->cost += part * o->cost;
    io->quality += part * o->quality;
    if (!option_is_reference(t->fit, option)) {
        io->away += part * t->cells[cell].n;
        io->covered += part * t->cells[cell].reference_cost;
    }
}

static void totals_at(const struct routing_tally *t, struct routing_place at, struct totals *ret)
{
    const struct routing_fit *f = t->fit;
    struct arena scratch = ARENA_INIT;
    struct routing_choice *c = arena_new(&scratch, struct routing_choice, f->n_cells + 1);
    routing_choices(f, at, c);
    *ret = (struct totals){.sums.n = t->n_rows};
    for (size_t k = 0; k < f->n_cells; k++) {
        add_option(t, k, c[k].a, 1 - c[k].part, ret);
        if (c[k].part > 0)
            add_option(t, k, c[k].b, c[k].part, ret);
    }
    arena_release(&scratch);
}

struct routing_cell_sums routing_cell_sums(const struct routing_tally *t, uint32_t cell,
                                           struct routing_choice c)
{
    const struct tally_option *o = &t->options[cell * t->fit->n_options];
    return (struct routing_cell_sums){
        .n = t->cells[cell].n,
        .quality = (1 - c.part) * o[c.a].quality + c.part * o[c.b].quality,
        .reference_quality = t->cells[cell].reference_quality,
    };
}

static double path_at(const double *path, struct routing_place at)
{
    double v = path[at.steps];
    return at.part > 0 ? v + at.part * (path[at.steps + 1] - v) : v;
}

static bool is_reference(struct routing_place at)
{
    return !at.steps && !(at.part > 0);
}

static double saving_of_fit(const struct routing_fit *f, struct routing_place at)
{
    return f->path_cost[0] > 0 ? 1 - path_at(f->path_cost, at) / f->path_cost[0] : 0;
}

void routing_measure(const struct routing_tally *t, struct routing_place at, double tolerance,
                     struct routing_measured *ret)
{
    const struct routing_fit *f = t->fit;
    double n = (double)t->n_rows, quality = 0, cost = 0;
    struct totals sum;
    totals_at(t, at, &sum);
    for (size_t k = 0; k < f->n_cells; k++) {
        quality += t->cells[k].reference_quality;
        cost += t->cells[k].reference_cost;
    }
    *ret = (struct routing_measured){
        .at = at,
        .loss_fit = path_at(f->path_loss, at),
        .saving_fit = saving_of_fit(f, at),
        .labels = t->n_rows,
    };
    if (!t->n_rows)
        return;
    ret->loss = (sum.sums.plus - sum.sums.minus) / n;
    ret->saving = cost > 0 ? 1 - sum.cost / cost : 0;
    ret->bound = is_reference(at) ? 0 : routing_bound(&sum.sums, f->settings->confidence);
    ret->away = sum.away / n;
    ret->covered = cost > 0 ? sum.covered / cost : 0;
    ret->quality = sum.quality / n;
    ret->cost = sum.cost / n;
    ret->reference_quality = quality / n;
    ret->reference_cost = cost / n;
    if (!isnan(tolerance) && !is_reference(at))
        ret->labels_needed = routing_labels_needed(&sum.sums, tolerance, f->settings->confidence);
}

/* ---- the walk ---- */

static void mix(struct routing_sums *io, const struct tally_option *o, double part)
{
    io->plus += part * o->plus;
    io->minus += part * o->minus;
    io->squares += part * o->squares;
}

/* Sums that were added and taken away again leave dust, which an exact count must not see. */
static void settle(struct routing_sums *io)
{
    double *sums[] = {&io->plus, &io->minus, &io->squares};
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        *sums[i] = MAX(floor(*sums[i] * 1e9 + 0.5) / 1e9, 0);
}

static bool place_passes(const struct routing_tally *t, struct routing_sums s,
                         const struct routing_step *step, double part, double tolerance)
{
    size_t base = step->cell * t->fit->n_options;
    mix(&s, &t->options[base + step->from], -part);
    mix(&s, &t->options[base + step->to], part);
    settle(&s);
    return routing_below(&s, tolerance, t->fit->settings->confidence);
}

bool routing_certify(const struct routing_tally *t, double tolerance, struct routing_measured *ret,
                     struct routing_measured *ret_next)
{
    const struct routing_fit *f = t->fit;
    struct routing_place good = {0}, bad = {0};
    struct routing_sums s = {.n = t->n_rows};
    bool going = true;
    for (size_t i = 0; going && i < f->n_steps; i++) {
        const struct routing_step *step = &f->steps[i];
        for (int k = 1; going && k <= PLACES_A_STEP; k++) {
            double part = (double)k / PLACES_A_STEP;
            bad = k < PLACES_A_STEP ? (struct routing_place){.steps = i, .part = part}
                                    : (struct routing_place){.steps = i + 1};
            going = place_passes(t, s, step, part, tolerance);
            if (going && path_at(f->path_cost, bad) < path_at(f->path_cost, good))
                good = bad;
        }
        mix(&s, &t->options[step->cell * f->n_options + step->from], -1);
        mix(&s, &t->options[step->cell * f->n_options + step->to], 1);
    }
    routing_measure(t, good, tolerance, ret);
    routing_measure(t, bad, tolerance, ret_next);
    return !is_reference(good);
}
