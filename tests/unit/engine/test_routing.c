/* test_routing.c - the frontier is the optimum, metrics mean what they say, promises hold. */
#include "test.h"

#include <math.h>
#include <time.h>

#include "app/evals.h"
#include "app/plan_source.h"
#include "base/bytes.h"
#include "engine/routing_int.h"
#include "engine/routing_study.h"

#define NEAR(x, y, tolerance)                                                                      \
    do {                                                                                           \
        double x_ = (x), y_ = (y);                                                                 \
        if (!(fabs(x_ - y_) <= (tolerance)))                                                       \
            fail_msg("%s = %.9g is not %.9g", #x, x_, y_);                                         \
    } while (0)

/* ---- real data ---- */

static struct evals load_real(struct arena *a, const char *file, const char *const *costs)
{
    struct evals v;
    struct err e = {0};
    struct workspace w;
    struct workspace_options o = {.dir = S("no-such-book")};
    struct evals_request q = {.path = str_fmt(a, "%s/routing/%s", shared_data(), file),
                              .on = DAY_NONE};
    str *items = arena_new(a, str, 16);
    workspace_for_plan(a, &o, &w);
    for (; costs[q.costs.n]; q.costs.n++)
        items[q.costs.n] = str_of(costs[q.costs.n]);
    q.costs.items = items;
    assert_ok(evals_load(&w, &q, &v, &e), &e);
    return v;
}

static struct evals mmlu(struct arena *a)
{
    static const char *const costs[] = {"weak=0.24", "strong=24.7", NULL};
    return load_real(a, "routellm_mmlu_even.csv.gz", costs);
}

static struct routing_settings settings(uint32_t reference, uint32_t cheap)
{
    return (struct routing_settings){
        .reference = reference, .cheap = cheap, .confidence = 0.95, .seed = 1, .resamples = 2000};
}

static uint32_t *all_rows(struct arena *a, size_t n)
{
    uint32_t *rows = arena_new(a, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (uint32_t)i;
    return rows;
}

/* ---- made-up evaluations ---- */

struct made {
    struct routing_evals v;
    uint32_t *class_of;
    double *quality, *cost, *score;
    uint64_t *key;
};

static struct made make(struct arena *a, size_t n, size_t models, size_t classes)
{
    static const str names[] = {S("a"), S("b"), S("c"), S("d"), S("e"), S("f")};
    struct made m = {.class_of = arena_new(a, uint32_t, n),
                     .quality = arena_new(a, double, n *models),
                     .cost = arena_new(a, double, n *models),
                     .score = arena_new(a, double, n),
                     .key = arena_new(a, uint64_t, n)};
    for (size_t i = 0; i < n; i++)
        m.key[i] = i;
    m.v = (struct routing_evals){.n = n,
                                 .n_models = models,
                                 .n_classes = classes,
                                 .models = names,
                                 .classes = names,
                                 .class_of = m.class_of,
                                 .quality = m.quality,
                                 .cost = m.cost,
                                 .key = m.key};
    return m;
}

static double unit(uint64_t stream, uint64_t i)
{
    return draw_unit(draw_bits(99, stream, i));
}

/* ---- the linear program ---- */

struct pure {
    double loss, cost;
};

/* Every way to give each of four classes one of three models. */
static size_t every_policy(const struct routing_fit *f, struct pure *ret)
{
    size_t n = 0;
    for (size_t code = 0; code < 81; code++) {
        size_t rest = code;
        struct pure p = {0, 0};
        for (size_t k = 0; k < 4; k++, rest /= 3) {
            p.loss += f->share[k] * f->loss[k * 3 + rest % 3];
            p.cost += f->share[k] * f->cost[k * 3 + rest % 3];
        }
        ret[n++] = p;
    }
    return n;
}

/* The cheapest mixture of any two of them that keeps the tolerance: what a linear program with one
 * constraint can reach. */
static double best_mixture(const struct pure *p, size_t n, double tolerance)
{
    double best = INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (p[i].loss > tolerance)
            continue;
        best = MIN(best, p[i].cost);
        for (size_t k = 0; k < n; k++) {
            if (p[k].loss <= tolerance)
                continue;
            double part = (tolerance - p[i].loss) / (p[k].loss - p[i].loss);
            best = MIN(best, p[i].cost + part * (p[k].cost - p[i].cost));
        }
    }
    return best;
}

static void the_frontier_is_the_best_of_all_mixtures(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct arena a = ARENA_INIT;
        struct made m = make(&a, 40, 3, 4);
        struct routing_settings s = settings(2, 0);
        struct pure all[81];
        s.plain = true;
        for (size_t i = 0; i < 40; i++) {
            m.class_of[i] = (uint32_t)(i < 4 ? i : draw_bits(5, seed, i) % 4);
            for (size_t k = 0; k < 3; k++) {
                m.quality[i * 3 + k] = unit(seed, i * 3 + k) < 0.5 + 0.1 * (double)k ? 1 : 0;
                m.cost[i * 3 + k] = (double)(k * k) + unit(seed + 1000, i * 3 + k);
            }
        }
        const struct routing_fit *f = routing_fit(&a, &m.v, &s, all_rows(&a, 40), 40);
        size_t n = every_policy(f, all);
        for (double tolerance = -0.1003; tolerance < 0.5; tolerance += 0.0371) {
            bool reached;
            struct routing_place at = routing_at_loss(f, tolerance, &reached);
            double best = best_mixture(all, n, tolerance);
            assert_int_equal(reached, isfinite(best));
            if (!reached)
                continue;
            double cost = f->path_cost[at.steps];
            if (at.part > 0)
                cost += at.part * (f->path_cost[at.steps + 1] - cost);
            NEAR(cost, best, 1e-9);
        }
        arena_release(&a);
    }
}

static void places_by_loss_and_by_saving_agree(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct made m = make(&a, 60, 2, 3);
    struct routing_settings s = settings(1, 0);
    for (size_t i = 0; i < 60; i++) {
        m.class_of[i] = (uint32_t)(i % 3);
        m.quality[i * 2] = i % 4 ? 1 : 0;
        m.quality[i * 2 + 1] = i % 7 ? 1 : 0;
        m.cost[i * 2] = 1;
        m.cost[i * 2 + 1] = 10;
    }
    const struct routing_fit *f = routing_fit(&a, &m.v, &s, all_rows(&a, 60), 60);
    const struct routing_tally *t = routing_tally(&a, f, &m.v, all_rows(&a, 60), 60);
    for (double saving = 0.1; saving < 0.9; saving += 0.1) {
        struct routing_measured x, y;
        bool reached;
        routing_measure(t, routing_at_saving(f, saving, &reached), NAN, &x);
        assert_true(reached);
        NEAR(x.saving, saving, 1e-9);
        routing_measure(t, routing_at_loss(f, x.loss_fit, &reached), NAN, &y);
        NEAR(y.saving, saving, 1e-9);
    }
    bool reached;
    (void)routing_at_saving(f, 0.91, &reached);
    assert_false(reached);
    arena_release(&a);
}

static void a_class_where_the_reference_is_worse_goes_elsewhere_first(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct made m = make(&a, 400, 2, 2);
    struct routing_settings s = settings(1, 0);
    for (size_t i = 0; i < 400; i++) {
        m.class_of[i] = (uint32_t)(i % 2);
        m.quality[i * 2] = i % 2 ? 1 : 0;     /* cheap: right in class 1 alone */
        m.quality[i * 2 + 1] = i % 2 ? 0 : 1; /* reference: right in class 0 alone */
        if (i % 20 < 2)
            m.quality[i * 2] = m.quality[i * 2 + 1] = 1;
        m.cost[i * 2] = 1;
        m.cost[i * 2 + 1] = 10;
    }
    const struct routing_fit *f = routing_fit(&a, &m.v, &s, all_rows(&a, 400), 400);
    const struct routing_tally *t = routing_tally(&a, f, &m.v, all_rows(&a, 400), 400);
    assert_int_equal(f->start[0], 1);
    assert_int_equal(f->start[1], 0);
    struct routing_measured r, next;
    routing_measure(t, (struct routing_place){.steps = f->n_open}, NAN, &r);
    NEAR(r.loss, -0.45, 1e-9);
    NEAR(r.saving, 0.45, 1e-9);
    assert_true(routing_certify(t, 0, &r, &next)); /* what was gained pays for more */
    assert_true(r.bound <= 0 && r.saving > 0.6);
    arena_release(&a);
}

/* ---- estimates ---- */

static void isotonic_regression_pools_what_falls(void **state)
{
    (void)state;
    static const struct {
        double y[5], weight[5], wanted[5];
    } rows[] = {
        {{1, 2, 3, 4, 5}, {1, 1, 1, 1, 1}, {1, 2, 3, 4, 5}},
        {{5, 4, 3, 2, 1}, {1, 1, 1, 1, 1}, {3, 3, 3, 3, 3}},
        {{1, 3, 2, 4, 3.5}, {1, 1, 3, 1, 1}, {1, 2.25, 2.25, 3.75, 3.75}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double got[5];
        routing_isotonic(rows[i].y, rows[i].weight, 5, got);
        for (size_t k = 0; k < 5; k++)
            NEAR(got[k], rows[i].wanted[k], 1e-12);
    }
}

static void shrinking_draws_in_what_tells_little(void **state)
{
    (void)state;
    const double mean[] = {0.5, 0.1, 0.1, 0.1, 0}, squares[] = {0.5, 9, 9, 90, 0};
    const size_t count[] = {2, 100, 100, 1000, 0};
    double got[5];
    routing_shrink(mean, squares, count, 5, got);
    assert_true(got[0] < 0.3 && got[0] > 0.1);  /* two labels say little */
    NEAR(got[3], 0.1, 0.01);                    /* a thousand stand */
    assert_true(got[4] > 0.09 && got[4] < 0.2); /* none: the common mean */
}

static void a_score_splits_a_class_whichever_way_it_points(void **state)
{
    (void)state;
    double apgr[2];
    for (int way = 0; way < 2; way++) {
        struct arena a = ARENA_INIT;
        struct made m = make(&a, 3000, 2, 1);
        struct routing_question q = {.v = &m.v,
                                     .s = settings(1, 0),
                                     .tolerance = 0.02,
                                     .of_reference = NAN,
                                     .saving = NAN,
                                     .train_share = 0.5};
        m.v.score = m.score;
        for (size_t i = 0; i < 3000; i++) {
            double hard = unit(1, i);
            m.score[i] = way ? -hard : hard;
            m.quality[i * 2] = unit(2, i) < 1 - 0.8 * hard ? 1 : 0;
            m.quality[i * 2 + 1] = unit(3, i) < 0.95 ? 1 : 0;
            m.cost[i * 2] = 1;
            m.cost[i * 2 + 1] = 10;
        }
        const struct routing_study *t = routing_study(&a, &q);
        assert_int_equal(t->s.falling, way);
        assert_int_equal(t->fit->n_cells, ROUTING_BINS_MAX);
        for (size_t k = 1; k < t->fit->n_cells; k++) {
            double before = t->fit->loss[(k - 1) * 2], after = t->fit->loss[k * 2];
            assert_true(way ? before >= after : before <= after);
        }
        apgr[way] = t->metrics[ROUTE_ROUTER].apgr;
        assert_true(apgr[way] > 0.6); /* one class without a score: 0.5 */
        arena_release(&a);
    }
    NEAR(apgr[0], apgr[1], 0.02);
}

static void a_cascade_is_valued_by_who_is_right_where(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct made m = make(&a, 4, 2, 1);
    struct routing_settings s = settings(1, 0);
    const double pairs[4][2] = {{1, 1}, {1, 0}, {0, 1}, {0, 0}};
    const double wanted[4] = {1, 0.9, 0.8, 0}, sent[4] = {0.1, 0.1, 0.8, 0.8};
    s.checker = (struct routing_checker){true, 0.8, 0.1, 0.5};
    for (size_t i = 0; i < 4; i++) {
        double q, cost;
        memcpy(m.quality + i * 2, pairs[i], sizeof pairs[i]);
        m.cost[i * 2] = 1;
        m.cost[i * 2 + 1] = 10;
        routing_option_value(&m.v, &s, i, (struct routing_option){0, 1}, &q, &cost);
        NEAR(q, wanted[i], 1e-12);
        NEAR(cost, 1 + 0.5 + 10 * sent[i], 1e-12);
    }
    const struct routing_fit *f = routing_fit(&a, &m.v, &s, all_rows(&a, 4), 4);
    assert_int_equal(f->n_options, 3); /* two models, one cascade */
    arena_release(&a);
}

/* ---- bounds ---- */

static void exact_bounds_are_those_of_clopper_and_pearson(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double losses, confidence, wanted;
    } rows[] = {{100, 0, 0.95, 0.029513049607},
                {100, 5, 0.95, 0.1022533776432745},
                {50, 10, 0.9, 0.29129726601727063}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct routing_sums s = {rows[i].n, rows[i].losses, 0, rows[i].losses};
        NEAR(routing_bound(&s, rows[i].confidence), rows[i].wanted, 1e-6);
        assert_true(routing_below(&s, rows[i].wanted + 1e-6, rows[i].confidence));
        assert_false(routing_below(&s, rows[i].wanted - 1e-6, rows[i].confidence));
    }
    struct routing_sums none = {0};
    assert_false(routing_below(&none, 0.5, 0.95));
}

static void the_score_bound_nears_the_normal_one_and_counts_what_is_rare(void **state)
{
    (void)state;
    struct routing_sums many = {20000, 1200, 600, 1800};
    double sd = sqrt(0.09 - 0.03 * 0.03);
    NEAR(routing_bound(&many, 0.95), 0.03 + 1.644854 * sd / sqrt(20000), 5e-5);
    struct routing_sums rare = {200, 0, 0, 0}; /* a sample variance would be 0 */
    assert_true(routing_bound(&rare, 0.95) > 0.01);
    struct routing_sums better = {1000, 20, 120, 140};
    assert_true(routing_bound(&better, 0.95) < 0);
    double needed = routing_labels_needed(&many, 0.031, 0.95);
    struct routing_sums grown = {(size_t)needed, 0.06 * needed, 0.03 * needed, 0.09 * needed};
    assert_true(routing_below(&grown, 0.031, 0.95));
    grown = (struct routing_sums){(size_t)(0.99 * needed), 0.06 * 0.99 * needed,
                                  0.03 * 0.99 * needed, 0.09 * 0.99 * needed};
    assert_false(routing_below(&grown, 0.031, 0.95));
    assert_true(routing_labels_needed(&many, 0.02, 0.95) == 0);
}

/* ---- splits and intervals ---- */

static void prompts_of_one_id_stay_on_one_side(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct made m = make(&a, 1000, 2, 1);
    struct routing_split s, again;
    bool side[500] = {false};
    for (size_t i = 0; i < 1000; i++)
        m.key[i] = i / 2;
    routing_split(&a, &m.v, 7, 0.3, 0, &s);
    routing_split(&a, &m.v, 7, 0.3, 0, &again);
    assert_int_equal(s.n_train + s.n_check, 1000);
    assert_true(s.n_train > 230 && s.n_train < 370);
    assert_memory_equal(s.train, again.train, s.n_train * sizeof *s.train);
    for (size_t i = 0; i < s.n_train; i++)
        side[s.train[i] / 2] = true;
    for (size_t i = 0; i < s.n_check; i++)
        assert_false(side[s.check[i] / 2]);
    routing_split(&a, &m.v, 7, 0.5, 100, &s);
    assert_int_equal(s.n_train, 100);
    arena_release(&a);
}

static void intervals_have_the_width_that_theory_gives(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct made m = make(&a, 14000, 2, 57);
    struct routing_settings s = settings(1, 0);
    struct routing_intervals x, y, wide;
    str names[57];
    for (size_t i = 0; i < 57; i++)
        names[i] = str_fmt(&a, "%zu", i);
    m.v.classes = names;
    for (size_t i = 0; i < 14000; i++) {
        m.class_of[i] = (uint32_t)(i % 57);
        m.quality[i * 2] = unit(11, i) < 0.7 ? 1 : 0;
        m.quality[i * 2 + 1] = unit(12, i) < 0.8 ? 1 : 0;
        m.cost[i * 2] = unit(13, i);
        m.cost[i * 2 + 1] = 10 * unit(14, i);
    }
    uint32_t *rows = all_rows(&a, 14000);
    clock_t start = clock();
    const struct routing_fit *f = routing_fit(&a, &m.v, &s, rows, 14000);
    struct routing_place end = {.steps = f->n_steps}; /* all to the cheap one */
    routing_bootstrap(f, &m.v, rows, 14000, end, &x, &wide);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    routing_bootstrap(f, &m.v, rows, 14000, end, &y, &wide);
    assert_memory_equal(&x, &y, sizeof x);
    NEAR(x.loss.high - x.loss.low, 2 * 1.96 * sqrt(0.7 * 0.3 + 0.8 * 0.2) / sqrt(14000), 0.0015);
    NEAR((x.loss.high + x.loss.low) / 2, 0.1, 0.01);
    assert_true(wide.saving.low > x.saving.low && wide.saving.high < x.saving.high);
    print_message("14,000 prompts, 2,000 resamples: %.3f s\n", seconds);
#ifndef __SANITIZE_ADDRESS__
    assert_true(seconds <= 0.5);
#endif
    arena_release(&a);
}

/* ---- promises ---- */

static int splits(void)
{
    return getenv("LONG_TESTS") ? 1000 : 200;
}

/* 5 % and two standard errors of as many splits */
static double allowed(int n)
{
    return 0.05 + 2 * sqrt(0.05 * 0.95 / n);
}

/* Train and check are drawn from the half anew each time, so that the half's own loss is the true
 * one; labels: of each. */
static void count_broken(const struct evals *v, size_t labels, double tolerance, double *ret_broken,
                         double *ret_in_sample, double *ret_saving)
{
    struct routing_settings s = settings(1, 0);
    int n = splits(), broken = 0, in_sample = 0;
    double saving = 0;
    for (int k = 0; k < n; k++) {
        struct arena a = ARENA_INIT;
        uint32_t *train = arena_new(&a, uint32_t, labels), *check = arena_new(&a, uint32_t, labels);
        uint32_t *rows = all_rows(&a, v->v.n);
        struct routing_measured got, next, truth;
        bool reached;
        for (size_t j = 0; j < labels; j++) {
            train[j] = (uint32_t)(draw_bits(7, (uint64_t)k * 2, j) % v->v.n);
            check[j] = (uint32_t)(draw_bits(7, (uint64_t)k * 2 + 1, j) % v->v.n);
        }
        s.plain = false;
        const struct routing_fit *f = routing_fit(&a, &v->v, &s, train, labels);
        routing_certify(routing_tally(&a, f, &v->v, check, labels), tolerance, &got, &next);
        routing_measure(routing_tally(&a, f, &v->v, rows, v->v.n), got.at, NAN, &truth);
        broken += truth.loss > tolerance;
        saving += truth.saving / n;
        s.plain = true; /* what choosing and judging by the same labels would promise */
        f = routing_fit(&a, &v->v, &s, train, labels);
        routing_measure(routing_tally(&a, f, &v->v, rows, v->v.n),
                        routing_at_loss(f, tolerance, &reached), NAN, &truth);
        in_sample += truth.loss > tolerance;
        arena_release(&a);
    }
    *ret_broken = (double)broken / n;
    *ret_in_sample = (double)in_sample / n;
    *ret_saving = saving;
}

static void promises_are_broken_no_more_often_than_stated(void **state)
{
    (void)state;
    need_shared_data();
    static const struct {
        size_t labels;
        double tolerance, least_saving;
    } rows[] = {{150, 0.04, 0},     {500, 0.01, 0},    {500, 0.02, 0},    {500, 0.04, 0},
                {1500, 0.01, 0.1},  {1500, 0.02, 0.2}, {1500, 0.04, 0.4}, {3000, 0.01, 0.15},
                {3000, 0.02, 0.26}, {3000, 0.04, 0.44}};
    struct arena a = ARENA_INIT;
    struct evals v = mmlu(&a);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double broken, in_sample, saving;
        count_broken(&v, rows[i].labels, rows[i].tolerance, &broken, &in_sample, &saving);
        print_message(
            "%zu + %zu labels, %.0f points: broken %.1f %% (in sample %.1f %%), saves %.1f %%\n",
            rows[i].labels, rows[i].labels, rows[i].tolerance * 100, broken * 100, in_sample * 100,
            saving * 100);
        assert_true(broken <= allowed(splits()));
        assert_true(in_sample > 0.9); /* the test can tell */
        assert_true(saving >= rows[i].least_saving);
    }
    arena_release(&a);
}

/* Ten classes with true qualities; a table of measured ones, again and again. */
static void promises_of_a_table_of_classes_hold_too(void **state)
{
    (void)state;
    int n = splits(), broken = 0, routed = 0;
    for (int k = 0; k < n; k++) {
        struct arena a = ARENA_INIT;
        double share[10], quality[20], labels[20], cost[20], truth[20], loss = 0;
        struct routing_classes c = {2, 10, share, quality, labels, cost};
        struct routing_settings s = settings(1, 0);
        struct routing_measured got, next;
        struct routing_choice choices[10];
        s.seed = (uint64_t)k;
        for (size_t i = 0; i < 20; i++) {
            truth[i] = i % 2 ? 0.9 : 0.9 - 0.02 * (double)(i / 2);
            labels[i] = 400;
            cost[i] = i % 2 ? 10 : 1;
            share[i / 2] = 0.1;
            size_t right = 0;
            for (size_t j = 0; j < 400; j++)
                right += unit((uint64_t)(5000 + k), i * 400 + j) < truth[i];
            quality[i] = (double)right / 400;
        }
        const struct routing_fit *f = routing_fit_classes(&a, &c, &s);
        routed += routing_certify_classes(f, &c, 0.02, &got, &next);
        routing_choices(f, got.at, choices);
        for (size_t i = 0; i < 10; i++)
            loss += 0.1 * (truth[i * 2 + 1] - (1 - choices[i].part) * truth[i * 2 + choices[i].a] -
                           choices[i].part * truth[i * 2 + choices[i].b]);
        broken += loss > 0.02;
        arena_release(&a);
    }
    print_message("table of classes: broken %.1f %%, routed in %.1f %%\n", 100.0 * broken / n,
                  100.0 * routed / n);
    assert_true((double)broken / n <= allowed(n));
    assert_true((double)routed / n > 0.3);
}

static void cross_validation_reaches_the_goals(void **state)
{
    (void)state;
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct evals v = mmlu(&a);
    struct routing_settings s = settings(1, 0);
    struct routing_folds k = {.folds = 5, .repeats = 20};
    routing_cross_validate(&a, &v.v, &s, 1500, &k);
    print_message("1,500 labels: APGR %.4f (sd of a repeat %.4f), CPT50 %.3f, CPT80 %.3f\n",
                  k.mean.apgr, k.sd.apgr, k.mean.cpt50, k.mean.cpt80);
    assert_true(k.mean.apgr >= 0.65);
    routing_cross_validate(&a, &v.v, &s, 0, &k);
    print_message("all labels: APGR %.4f (%.4f), CPT50 %.3f, CPT80 %.3f\n", k.mean.apgr, k.sd.apgr,
                  k.mean.cpt50, k.mean.cpt80);
    assert_true(k.mean.apgr >= 0.67);
    arena_release(&a);
}

static void latencies_are_the_nearest_rank(void **state)
{
    struct arena a = ARENA_INIT;
    double latency[41 * 2];
    uint32_t class_of[41];
    struct routing_evals v = {.n = 41, .n_models = 2, .n_classes = 3, .class_of = class_of};
    (void)state;
    for (uint32_t i = 0; i < 41; i++) { /* 20 labels, 20 labels, one */
        class_of[i] = i == 40 ? 2 : i % 2;
        latency[2 * i] = (double)(40 - i);
        latency[2 * i + 1] = 1;
    }
    latency[2 * 7 + 1] = NAN; /* of class 1 */
    v.latency = latency;
    const double *got = routing_latencies(&a, &v);
    assert_true(got[0] == 38); /* of 2, 4 .. 40 the 19th */
    assert_true(got[1] == 1);
    assert_true(got[2] == 37); /* of 1, 3 .. 39 */
    assert_true(isnan(got[3]));
    assert_true(got[4] == 0 && got[5] == 1);
    v.latency = NULL;
    assert_true(isnan(routing_latencies(&a, &v)[0]));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latencies_are_the_nearest_rank),
        cmocka_unit_test(the_frontier_is_the_best_of_all_mixtures),
        cmocka_unit_test(places_by_loss_and_by_saving_agree),
        cmocka_unit_test(a_class_where_the_reference_is_worse_goes_elsewhere_first),
        cmocka_unit_test(isotonic_regression_pools_what_falls),
        cmocka_unit_test(shrinking_draws_in_what_tells_little),
        cmocka_unit_test(a_score_splits_a_class_whichever_way_it_points),
        cmocka_unit_test(a_cascade_is_valued_by_who_is_right_where),
        cmocka_unit_test(exact_bounds_are_those_of_clopper_and_pearson),
        cmocka_unit_test(the_score_bound_nears_the_normal_one_and_counts_what_is_rare),
        cmocka_unit_test(prompts_of_one_id_stay_on_one_side),
        cmocka_unit_test(intervals_have_the_width_that_theory_gives),
        cmocka_unit_test(promises_are_broken_no_more_often_than_stated),
        cmocka_unit_test(promises_of_a_table_of_classes_hold_too),
        cmocka_unit_test(cross_validation_reaches_the_goals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
