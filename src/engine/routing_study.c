/* routing_study.c - from evaluations and a question to an answer that holds. */
#include "engine/routing_study.h"

#include <math.h>

#include "engine/routing_int.h"

static const double SAVINGS[ROUTING_SAVINGS] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};

static void model_means(struct arena *a, const struct routing_question *q, struct routing_study *t)
{
    size_t m = q->v->n_models, n = q->k ? q->k->n_classes : q->v->n;
    const double *quality = q->k ? q->k->quality : q->v->quality;
    const double *cost = q->k ? q->k->cost : q->v->cost;
    double total = 0;
    t->mean_quality = arena_new(a, double, m);
    t->mean_cost = arena_new(a, double, m);
    for (size_t i = 0; i < n; i++)
        total += q->k ? q->k->share[i] : 1;
    for (size_t i = 0; i < n; i++) {
        double w = (q->k ? q->k->share[i] : 1) / total;
        for (size_t k = 0; k < m; k++) {
            t->mean_quality[k] += w * quality[i * m + k];
            t->mean_cost[k] += w * cost[i * m + k];
        }
    }
}

/* The reference is the best model (the cheaper of two alike); the other end, the cheapest else. */
static void choose_models(struct routing_study *t, size_t n_models)
{
    const double *q = t->mean_quality, *c = t->mean_cost;
    uint32_t best = 0, cheap = ROUTING_NONE;
    for (uint32_t k = 1; k < n_models; k++)
        if (q[k] > q[best] || (!(q[k] < q[best]) && c[k] < c[best]))
            best = k;
    if (t->s.reference == ROUTING_NONE)
        t->s.reference = best;
    for (uint32_t k = 0; k < n_models; k++)
        if (k != t->s.reference && (cheap == ROUTING_NONE || c[k] < c[cheap]))
            cheap = k;
    if (t->s.cheap == ROUTING_NONE)
        t->s.cheap = cheap;
}

/* Does the reference's gain rise or fall with the score? From the labels that choose. */
static bool score_falls(const struct routing_study *t)
{
    const struct routing_evals *v = t->q->v;
    double n = (double)t->split.n_train, sum_s = 0, sum_d = 0, sum_sd = 0;
    for (size_t i = 0; v->score && i < t->split.n_train; i++) {
        size_t row = t->split.train[i];
        double d = v->quality[row * v->n_models + t->s.reference] -
                   v->quality[row * v->n_models + t->s.cheap];
        sum_s += v->score[row];
        sum_d += d;
        sum_sd += v->score[row] * d;
    }
    return sum_sd * n < sum_s * sum_d;
}

static double tolerance_of(const struct routing_study *t)
{
    const struct routing_question *q = t->q;
    if (!isnan(q->of_reference))
        return q->of_reference * t->mean_quality[t->s.reference];
    return q->tolerance;
}

/* ---- prompts ---- */

static void look_back(struct arena *a, struct routing_study *t, const uint32_t *rows, size_t n)
{
    struct routing_settings *plain = arena_new(a, struct routing_settings, 1);
    *plain = t->s;
    plain->plain = true;
    plain->min_quality = plain->latency = NULL;
    const struct routing_fit *f = routing_fit(a, t->q->v, plain, rows, n);
    const struct routing_tally *all = routing_tally(a, f, t->q->v, rows, n);
    const double tolerances[] = {0, 0.005, 0.01, 0.02, 0.05 * t->mean_quality[t->s.reference]};
    for (size_t i = 0; i < ROUTING_HINDSIGHTS; i++) {
        bool reached;
        t->hindsight[i].tolerance = tolerances[i];
        routing_measure(all, routing_at_loss(f, tolerances[i], &reached), NAN, &t->hindsight[i].at);
    }
}

static void answer_prompts(struct arena *a, struct routing_study *t)
{
    const struct routing_question *q = t->q;
    const struct routing_evals *v = q->v;
    uint32_t *rows = arena_new(a, uint32_t, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        rows[i] = (uint32_t)i;
    routing_split(a, v, t->s.seed, q->train_share, q->train_labels, &t->split);
    t->s.falling = score_falls(t);
    t->fit = routing_fit(a, v, &t->s, t->split.train, t->split.n_train);
    t->tally = routing_tally(a, t->fit, v, t->split.check, t->split.n_check);
    for (size_t i = 0; i < ROUTING_SAVINGS; i++) {
        struct routing_price *p = &t->prices[i];
        p->saving = SAVINGS[i];
        routing_measure(t->tally, routing_at_saving(t->fit, p->saving, &p->reached), NAN, &p->at);
    }
    if (!isnan(t->tolerance))
        t->promised = routing_certify(t->tally, t->tolerance, &t->answer, &t->next);
    else
        routing_measure(t->tally, routing_at_saving(t->fit, q->saving, &t->reached), NAN,
                        &t->answer);
    routing_bootstrap(t->fit, v, t->split.check, t->split.n_check, t->answer.at, &t->ci, &t->wide);
    routing_metrics(t->tally, t->metrics);
    routing_pairs(v, &t->s, rows, v->n, &t->pairs);
    look_back(a, t, rows, v->n);
    t->folds = (struct routing_folds){.folds = q->folds, .repeats = q->repeats};
    if (q->folds)
        routing_cross_validate(a, v, &t->s, q->fold_labels, &t->folds);
}

/* ---- classes ---- */

static void answer_classes(struct arena *a, struct routing_study *t)
{
    const struct routing_question *q = t->q;
    t->fit = routing_fit_classes(a, q->k, &t->s);
    for (size_t i = 0; i < ROUTING_SAVINGS; i++) {
        struct routing_price *p = &t->prices[i];
        p->saving = SAVINGS[i];
        routing_measure_classes(t->fit, q->k, routing_at_saving(t->fit, p->saving, &p->reached),
                                NAN, &p->at);
    }
    if (!isnan(t->tolerance) && q->k->labels) {
        t->promised = routing_certify_classes(t->fit, q->k, t->tolerance, &t->answer, &t->next);
        return;
    }
    struct routing_place at = isnan(t->tolerance)
                                  ? routing_at_saving(t->fit, q->saving, &t->reached)
                                  : routing_at_loss(t->fit, t->tolerance, &t->reached);
    routing_measure_classes(t->fit, q->k, at, t->tolerance, &t->answer);
}

const struct routing_study *routing_study(struct arena *a, const struct routing_question *q)
{
    struct routing_study *t = arena_new(a, struct routing_study, 1);
    t->q = q;
    t->s = q->s;
    model_means(a, q, t);
    choose_models(t, q->v->n_models);
    t->tolerance = tolerance_of(t);
    t->reached = true;
    for (int i = 0; i < ROUTE_REFERENCES; i++)
        t->metrics[i] = (struct routing_metrics){NAN, NAN, NAN, NAN, NAN, NAN};
    if (q->k)
        answer_classes(a, t);
    else
        answer_prompts(a, t);
    return t;
}

void routing_used(const struct routing_study *t, struct routing_use *ret)
{
    struct arena scratch = ARENA_INIT;
    const struct routing_fit *f = t->fit;
    const struct routing_classes *k = t->q->k;
    struct routing_choice *c = arena_new(&scratch, struct routing_choice, f->n_cells + 1);
    double total = 0;
    routing_choices(f, t->answer.at, c);
    memset(ret, 0, sizeof *ret * f->n_options);
    for (size_t i = 0; i < f->n_cells; i++) {
        double reference = k ? f->share[i] * k->cost[i * k->n_models + t->s.reference]
                             : t->tally->cells[i].reference_cost;
        const uint32_t options[] = {c[i].a, c[i].b};
        const double parts[] = {1 - c[i].part, c[i].part};
        for (size_t j = 0; j < 2; j++) {
            size_t o = options[j];
            ret[o].covered += parts[j] * reference;
            ret[o].cost += parts[j] * (k ? f->share[i] * k->cost[i * k->n_models + o]
                                         : t->tally->options[i * f->n_options + o].cost);
        }
        total += reference;
    }
    for (size_t o = 0; o < f->n_options && total > 0; o++) {
        ret[o].covered /= total;
        ret[o].cost /= total;
    }
    arena_release(&scratch);
}
