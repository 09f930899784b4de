/* test_routing.c - the frontier is the optimum, metrics mean what they say, promises hold. */
#include "test.h"

#include <math.h>

#include "app/evals.h"
#include "app/plan_source.h"
#include "base/bytes.h"
#include "engine/routing_int.h"

#define NEAR(x, y, tolerance) \
    do { \
        double x_ = (x), y_ = (y); \
        if (!(fabs(x_ - y_) <= (tolerance))) \
            fail_msg("%s = %.9g is not %.9g", #x, x_, y_); \
    } while (0)

/* ---- real data ---- */

static struct evals load_real(struct arena *a, const char *file, const char *const *costs)
{
    struct evals v;
    struct err e = {0};
    struct workspace w;
    struct workspace_options o = {.dir = S("no-such-book")};
    struct evals_request q = {.path = str_fmt(a, "%s/routing/%s", shared_data(), file), .on = DAY_NONE};
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
    return (struct routing_settings){.reference = reference, .cheap = cheap, .confidence = 0.95,
                                     .seed = 1, .resamples = 2000};
}

static uint32_t *all_rows(struct arena *a, size_t n)
{
    uint32_t *rows = arena_new(a, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (uint32_t)i;
    return rows;
}

static void the_half_of_mmlu_gives_the_reference_table(void **state)
{
    (void)state;
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct evals v = mmlu(&a);
    struct routing_settings s = settings(1, 0);
    struct routing_pairs p;
    struct routing_metrics m[ROUTE_REFERENCES];
    uint32_t *rows = all_rows(&a, v.v.n);
    routing_pairs(&v.v, &s, rows, v.v.n, &p);
    const struct routing_fit *f = routing_fit(&a, &v.v, &s, rows, v.v.n);
    routing_metrics(routing_tally(&a, f, &v.v, rows, v.v.n), m);
    print_message("weak %.6f strong %.6f so %.6f wo %.6f cpt %.4f %.4f %.4f best %.4f apgr %.4f aiq %.4f\n", p.weak, p.strong, p.strong_only, p.weak_only, m[4].cpt50, m[4].cpt80, m[4].cpt100, m[4].best_quality, m[0].apgr, m[0].aiq);
    s.plain = true;
    f = routing_fit(&a, &v.v, &s, rows, v.v.n);
    const struct routing_tally *t = routing_tally(&a, f, &v.v, rows, v.v.n);
    const double tol[] = {0, .005, .01, .02, .05 * p.strong};
    for (size_t i = 0; i < 5; i++) {
        bool reached;
        struct routing_measured r;
        routing_measure(t, routing_at_loss(f, tol[i], &reached), NAN, &r);
        print_message("%.4f: weak %.4f saving %.4f loss %.4f\n", tol[i], r.away, r.saving, r.loss);
    }
    arena_release(&a);
}

static void folds(void **state)
{
    (void)state;
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct evals v = mmlu(&a);
    struct routing_settings s = settings(1, 0);
    struct routing_folds k = {.folds = 5, .repeats = 20};
    routing_cross_validate(&a, &v.v, &s, 1500, &k);
    print_message("1500: %.4f sd %.4f cpt %.4f %.4f first %.4f\n", k.mean.apgr, k.sd.apgr, k.mean.cpt50, k.mean.cpt80, k.each[0].apgr);
    routing_cross_validate(&a, &v.v, &s, 0, &k);
    print_message("all: %.4f sd %.4f cpt %.4f %.4f\n", k.mean.apgr, k.sd.apgr, k.mean.cpt50, k.mean.cpt80);
    arena_release(&a);
}

static void honesty(void **state)
{
    (void)state;
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct evals v = mmlu(&a);
    struct routing_settings s = settings(1, 0);
    size_t sizes[] = {250, 500, 1500, 3000};
    int splits = getenv("LONG_TESTS") ? 1000 : 200;
    for (size_t z = 0; z < 4; z++) for (size_t i = 0; i < 3; i++) {
        double tol = (double[]){.01, .02, .04}[i], saving = 0;
        int broken = 0, naive = 0, held = 0, held_broken = 0;
        for (int k = 0; k < splits; k++) {
            struct arena b = ARENA_INIT;
            uint32_t *train = arena_new(&b, uint32_t, sizes[z]), *check = arena_new(&b, uint32_t, sizes[z]);
            for (size_t j = 0; j < sizes[z]; j++) {
                train[j] = (uint32_t)(draw_bits(7, (uint64_t)k * 2, j) % v.v.n);
                check[j] = (uint32_t)(draw_bits(7, (uint64_t)k * 2 + 1, j) % v.v.n);
            }
            const struct routing_fit *f = routing_fit(&b, &v.v, &s, train, sizes[z]);
            struct routing_measured got, next, truth;
            routing_certify(routing_tally(&b, f, &v.v, check, sizes[z]), tol, &got, &next);
            const struct routing_tally *all = routing_tally(&b, f, &v.v, all_rows(&b, v.v.n), v.v.n);
            routing_measure(all, got.at, NAN, &truth);
            broken += truth.loss > tol;
            saving += truth.saving / splits;
            bool r;
            struct routing_settings sp = s; sp.plain = true;
            const struct routing_fit *fp = routing_fit(&b, &v.v, &sp, train, sizes[z]);
            all = routing_tally(&b, fp, &v.v, all_rows(&b, v.v.n), v.v.n);
            routing_measure(all, routing_at_loss(fp, tol, &r), NAN, &truth);
            naive += truth.loss > tol;
            (void)held; (void)held_broken;
            arena_release(&b);
        }
        print_message("%zu+%zu eps %.2f: broken %.3f naive %.3f saving %.3f\n", sizes[z], sizes[z], tol, (double)broken / splits, (double)naive/splits, saving);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_half_of_mmlu_gives_the_reference_table),
        cmocka_unit_test(folds),
        cmocka_unit_test(honesty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
