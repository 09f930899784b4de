/* test_sensitivity.c - Sobol points fill evenly; indices of models whose truth is known. */
#include "engine/sensitivity.h"

#include <math.h>

#include "core/dist.h"
#include "test.h"

#define PI 3.14159265358979323846

/* ---- points ---- */

static void the_first_points_are_those_of_the_published_sequence(void **state)
{
    /* dimensions 1 to 5 of the first eight points, eighths and more as the authors print them */
    static const double expected[8][5] = {
        {0, 0, 0, 0, 0},
        {.5, .5, .5, .5, .5},
        {.25, .75, .75, .75, .25},
        {.75, .25, .25, .25, .75},
        {.125, .625, .375, .125, .125},
        {.625, .125, .875, .625, .625},
        {.375, .375, .625, .875, .375},
        {.875, .875, .125, .375, .875},
    };
    struct arena a = ARENA_INIT;
    const struct sobol *s = sobol_new(&a, 5);
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t d = 0; d < 5; d++)
            assert_true(sobol_raw(s, d, i) * 0x1p-32 == expected[i][d]);
    arena_release(&a);
}

static void every_dimension_has_one_point_in_each_of_its_intervals(void **state)
{
    enum { N = 1024 };
    struct arena a = ARENA_INIT;
    const struct sobol *s = sobol_new(&a, SOBOL_DIMENSIONS);
    double *u = arena_new(&a, double, N);
    for (uint32_t d = 0; d < SOBOL_DIMENSIONS; d++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            bool seen[N] = {false};
            sobol_points(s, d, seed, 0, N, u);
            for (int i = 0; i < N; i++) {
                int at = (int)(u[i] * N);
                assert_true(u[i] > 0 && u[i] < 1 && !seen[at]);
                seen[at] = true;
            }
        }
    arena_release(&a);
}

static void neighbors_share_every_square_of_equal_area(void **state)
{
    /* the first two dimensions are a (0, 2)-sequence: 256 points, one in each box of 2^-8 */
    struct arena a = ARENA_INIT;
    const struct sobol *s = sobol_new(&a, 2);
    double u[256], v[256];
    sobol_points(s, 0, 7, 0, 256, u);
    sobol_points(s, 1, 7, 0, 256, v);
    for (int bits = 0; bits <= 8; bits++) {
        bool seen[256] = {false};
        for (int i = 0; i < 256; i++) {
            int at = (int)(u[i] * (1 << bits)) << (8 - bits) | (int)(v[i] * (256 >> bits));
            assert_false(seen[at]);
            seen[at] = true;
        }
    }
    arena_release(&a);
}

static void points_do_not_depend_on_how_many_are_asked_for(void **state)
{
    struct arena a = ARENA_INIT;
    const struct sobol *few = sobol_new(&a, 3), *many = sobol_new(&a, 300);
    double u[64], v[64];
    sobol_points(few, 2, 9, 0, 64, u);
    sobol_points(many, 2, 9, 0, 32, v);
    sobol_points(many, 2, 9, 32, 32, v + 32);
    assert_memory_equal(u, v, sizeof u);
    arena_release(&a);
}

/* ---- Ishigami ---- */

static void ishigami(void *ctx, const double *const *u, uint32_t n, double *ret)
{
    for (uint32_t k = 0; k < n; k++) {
        double x1 = (2 * u[0][k] - 1) * PI, x2 = (2 * u[1][k] - 1) * PI, x3 = (2 * u[2][k] - 1) * PI;
        ret[k] = sin(x1) + 7 * sin(x2) * sin(x2) + .1 * x3 * x3 * x3 * x3 * sin(x1);
    }
}

static void indices_of_ishigami_are_those_of_its_formula(void **state)
{
    static const uint32_t input[] = {0, 1, 2};
    static const double first[] = {.3139052, .4424111, 0}, total[] = {.5575889, .4424111, .2436837};
    struct sensitivity_model m = {.inputs = 3, .run = ishigami};
    struct sensitivity_group groups[3];
    for (size_t i = 0; i < 3; i++)
        groups[i] = (struct sensitivity_group){&input[i], 1};
    struct arena a = ARENA_INIT;
    double sum = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        double worst = 0;
        struct sensitivity_index x[3];
        struct err e;
        assert_ok(sensitivity(&a, &m, groups, 3, 8192, seed, x, &e), &e);
        for (size_t i = 0; i < 3; i++)
            worst = fmax(worst, fmax(fabs(x[i].first - first[i]), fabs(x[i].total - total[i])));
        sum += worst;
    }
    if (sum / 10 > .002)
        fail_msg("the largest error is %.5f in the mean of ten seeds", sum / 10);
    arena_release(&a);
}

/* ---- ten features, eighty inputs ---- */

enum { IN, OUT, REQUESTS, SESSIONS, PRICE, GROWTH, CACHE, RETRY, KINDS };

static double between(double lo, double hi, double z)
{
    return dist_at(DIST_LOGNORMAL, lo, sqrt(lo * hi), hi, z, DIST_Z95);
}

static double triangular(double a, double mode, double b, double u)
{
    double cut = (mode - a) / (b - a);
    return u < cut ? a + sqrt(u * (b - a) * (mode - a)) : b - sqrt((1 - u) * (b - a) * (b - mode));
}

static double normal(double u)
{
    double lo = -9, hi = 9; /* slow and right */
    for (int i = 0; i < 60; i++) {
        double mid = (lo + hi) / 2;
        if (erfc(-mid / sqrt(2)) / 2 < u)
            lo = mid;
        else
            hi = mid;
    }
    return (lo + hi) / 2;
}

static double feature_cost(int f, const double u[KINDS], const double *table)
{
    double z[KINDS];
    for (int i = 0; i < KINDS; i++) /* normal scores by table: the test's only shortcut */
        z[i] = table[(int)(u[i] * 65536)] * (1 - (u[i] * 65536 - (int)(u[i] * 65536))) +
               table[(int)(u[i] * 65536) + 1] * (u[i] * 65536 - (int)(u[i] * 65536));
    static const double in_price[] = {3.0, .8, .15};
    double p_in = in_price[f % 3], p_out = 5 * p_in;
    double in = between(800 + 100 * f, 3000 + 200 * f, z[IN]);
    double out = between(150 + 20 * f, 600 + 50 * f, z[OUT]);
    double use = between(1.5 + .1 * f, 6 + .2 * f, z[REQUESTS]) *
                 between(4 + .3 * f, 15 + .5 * f, z[SESSIONS]) * between(.8, 1.1, z[PRICE]) *
                 triangular(1.02, 1.10, 1.40, u[RETRY]);
    double grow = 1 + .03 + .005 * f + .02 * z[GROWTH], h = .1 + .5 * u[CACHE];
    double users = 0, now = 1000.0 * (f + 1);
    for (int m = 0; m < 12; m++, now *= grow)
        users += now;
    return users * use * (in * (1 - .9 * h) * p_in + out * p_out) / 1e6;
}

static const int LARGEST_FIRST[10] = {9, 6, 3, 7, 0, 4, 8, 5, 1, 2};

static void ten_features(void *ctx, const double *const *u, uint32_t n, double *ret)
{
    for (uint32_t k = 0; k < n; k++) {
        ret[k] = 0;
        for (int at = 0; at < 10; at++) {
            double x[KINDS];
            for (int i = 0; i < KINDS; i++)
                x[i] = u[at * KINDS + i][k];
            ret[k] += feature_cost(LARGEST_FIRST[at], x, ctx);
        }
    }
}

static void indices_of_the_benchmark_model_are_those_of_its_reference(void **state)
{
    static const struct {
        int kind, feature; /* one of them is -1 */
        double first, total; /* below 0: not stated */
    } rows[] = {
        {REQUESTS, -1, .349, .429}, {SESSIONS, -1, .285, .358}, {OUT, -1, .122, .160},
        {IN, -1, .043, .058},       {GROWTH, -1, .035, .049},   {PRICE, -1, .024, .033},
        {CACHE, -1, .014, .021},    {RETRY, -1, .012, .017},    {-1, 9, -1, .783},
        {-1, 6, -1, .170},          {-1, 3, -1, .022},          {-1, 7, -1, .021},
    };
    struct arena a = ARENA_INIT;
    double *table = arena_new(&a, double, 65538);
    for (int i = 0; i <= 65537; i++)
        table[i] = normal(fmin(fmax(i / 65536.0, 1e-6), 1 - 1e-6));
    struct sensitivity_group groups[ARRAY_LEN(rows)];
    for (size_t g = 0; g < ARRAY_LEN(rows); g++) {
        uint32_t *inputs = arena_new(&a, uint32_t, 10);
        size_t n = 0;
        for (uint32_t i = 0; i < 80; i++)
            if ((int)(i % KINDS) == rows[g].kind || LARGEST_FIRST[i / KINDS] == rows[g].feature)
                inputs[n++] = i;
        groups[g] = (struct sensitivity_group){inputs, n};
    }
    struct sensitivity_model m = {.inputs = 80, .run = ten_features, .ctx = table};
    struct sensitivity_index x[ARRAY_LEN(rows)];
    struct err e;
    assert_ok(sensitivity(&a, &m, groups, ARRAY_LEN(rows), 16384, 1, x, &e), &e);
    for (size_t g = 0; g < ARRAY_LEN(rows); g++)
        if ((rows[g].first >= 0 && fabs(x[g].first - rows[g].first) > .005) ||
            fabs(x[g].total - rows[g].total) > .005)
            fail_msg("group %zu: %.4f %.4f", g, x[g].first, x[g].total);
    arena_release(&a);
}

/* ---- what it refuses ---- */

static void constant(void *ctx, const double *const *u, uint32_t n, double *ret)
{
    for (uint32_t k = 0; k < n; k++)
        ret[k] = *(double *)ctx;
}

static void outcomes_without_variance_are_refused(void **state)
{
    struct arena a = ARENA_INIT;
    double value = 3, wrong = NAN;
    struct sensitivity_model m = {.inputs = 1, .run = constant, .ctx = &value};
    struct err e;
    assert_error(sensitivity(&a, &m, NULL, 0, 64, 1, NULL, &e), &e, "the same whatever");
    m.ctx = &wrong;
    assert_error(sensitivity(&a, &m, NULL, 0, 64, 1, NULL, &e), &e, "not a finite number");
    m.inputs = 1000;
    assert_error(sensitivity(&a, &m, NULL, 0, 64, 1, NULL, &e), &e, "1 to 555 inputs");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_points_are_those_of_the_published_sequence),
        cmocka_unit_test(every_dimension_has_one_point_in_each_of_its_intervals),
        cmocka_unit_test(neighbors_share_every_square_of_equal_area),
        cmocka_unit_test(points_do_not_depend_on_how_many_are_asked_for),
        cmocka_unit_test(indices_of_ishigami_are_those_of_its_formula),
        cmocka_unit_test(indices_of_the_benchmark_model_are_those_of_its_reference),
        cmocka_unit_test(outcomes_without_variance_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
