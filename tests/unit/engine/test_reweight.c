/* test_reweight.c - weighted trials agree with what can be computed by hand. */
#include "engine/reweight.h"

#include <math.h>

#include "test.h"

static const char PLAN[] = "plan: {name: p, starts: 2027-01}\n"
                           "initiatives:\n"
                           "  - id: a\n"
                           "    status: committed\n"
                           "    compute:\n"
                           "      - {id: loose, kind: other, cost: 100k/mo (80k to 125k)}\n"
                           "      - {id: sure, kind: other, cost: 50k/mo}\n";

static const struct reweighted *weigh(struct arena *a, const double *loose, const double *sure,
                                      int32_t known, int threads)
{
    struct err e;
    struct diags faults;
    struct plan_options o = {0};
    const struct reweighted *r;
    diags_init(&faults, a);
    const struct plan *p = plan_parse(a, S("p"), str_of(PLAN), &o, &faults);
    assert_non_null(p);
    const double *const actual[] = {loose, sure};
    struct reweight_input in = {.actual = actual, .n_known = known, .noise = 0.1, .trials = 20000,
                                .least = 1000, .threads = threads};
    assert_ok(reweight(a, p, &in, &r, &e), &e);
    return r;
}

static void near(double actual, double expected, double within)
{
    if (!(fabs(actual - expected) <= within))
        fail_msg("%.6f is not %.6f", actual, expected);
}

static void weights_give_the_posterior_of_two_normals(void **state)
{
    struct arena a = ARENA_INIT;
    static const double over[] = {120000, 120000, 120000};
    (void)state;
    const struct reweighted *r = weigh(&a, over, NULL, 3, 1);
    double prior = log(1.25) / 1.6448536269514722, look = 3 / 0.01;
    double var = 1 / (1 / (prior * prior) + look);
    near(r->level[0], var * look * log(1.2), 0.004);
    near(r->level_sd[0], sqrt(var), 0.004);
    assert_true(r->effective[0] > 1000 && isnan(r->level[1]));
    assert_int_equal(r->believed, 1);
    const struct reweighted *again = weigh(&a, over, NULL, 3, 2);
    assert_true(again->level[0] == r->level[0] && again->level_sd[0] == r->level_sd[0]);
    arena_release(&a);
}

static void what_no_trial_foresaw_is_not_believed(void **state)
{
    struct arena a = ARENA_INIT;
    static const double far[] = {700000, 700000, 700000, 700000}, flat[] = {50000, 50000, 50000};
    (void)state;
    const struct reweighted *r = weigh(&a, far, NULL, 4, 1);
    assert_true(isnan(r->level[0]) && r->effective[0] < 1000);
    assert_int_equal(r->believed, 0);
    r = weigh(&a, NULL, flat, 3, 1); /* a line without ranges is what it is */
    near(r->level[1], 0, 1e-9);
    near(r->level_sd[1], 0, 1e-9);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_give_the_posterior_of_two_normals),
        cmocka_unit_test(what_no_trial_foresaw_is_not_believed),
    };
    return cmocka_run_group_tests_name("engine_reweight", tests, NULL, NULL);
}
