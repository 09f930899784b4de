/* model.c - runs the benchmark model: model TRIALS THREADS SEED [sobol] [REPEATS].
 *
 * Prints the median wall time of the repeats in seconds, the mean, P50 and P95 of the total. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/os.h"
#include "bench/simulate/model.h"
#include "engine/order_stats.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static double at(const double *v, size_t n, double share, double *scratch)
{
    struct quantile_ranks q = quantile_ranks(n, share);
    size_t ranks[] = {q.below, q.above};
    double x[2];
    order_stats(v, n, ranks, 2, x, scratch);
    return x[0] + (x[1] - x[0]) * q.part;
}

int main(int argc, char **argv)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    uint64_t args[5] = {1000000, 1, 1, 0, 5};
    for (int i = 1; i < argc && i <= 5; i++)
        if (!str_to_u64(str_of(argv[i]), &args[i - 1]))
            return 2;
    uint64_t trials = args[0];
    double *total = malloc(trials * sizeof *total), *scratch = malloc(2 * trials * sizeof *total);
    double times[101], mean = 0, p50 = 0, p95 = 0;
    size_t repeats = args[4] < 1 ? 1 : args[4] > 101 ? 101 : args[4];
    if (!total || !scratch)
        return 1;
    memset(total, 0, trials * sizeof *total);
    memset(scratch, 0, 2 * trials * sizeof *total);
    for (size_t k = 0; k < repeats; k++) {
        double began = now();
        struct model m = model_new(&a);
        double **kept = arena_new(&a, double *, program_n_outputs(m.p) + 1);
        kept[m.total] = total;
        if (!program_run(m.p,
                         &(struct program_run){.seed = args[2],
                                               .trials = trials,
                                               .threads = (int)args[1],
                                               .sobol = args[3] == 1,
                                               .kept = kept},
                         &e)) {
            fprintf(stderr, "%s\n", e.text);
            return 1;
        }
        mean = 0;
        for (uint64_t i = 0; i < trials; i++)
            mean += total[i];
        mean /= (double)trials;
        p50 = at(total, trials, 0.5, scratch);
        p95 = at(total, trials, 0.95, scratch);
        times[k] = now() - began;
        arena_reset(&a);
    }
    qsort(times, repeats, sizeof *times, by_value);
    printf("%.6f %.3f %.1f %.1f %s\n", times[repeats / 2], mean, p50, p95, program_simd());
    free(total);
    free(scratch);
    arena_release(&a);
    return 0;
}
