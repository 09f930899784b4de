/* choose.c - solves the portfolios of a JSON lines file: id, items, milliseconds, value, programs.
 *
 *   choose INSTANCES.jsonl [REPEATS] */
#include <time.h>

#include "base/os.h"
#include "choice_instances.h"

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str text;
    uint64_t repeats = 3;
    const struct json *v;
    if (argc < 2 || !file_read(&a, str_of(argv[1]), 1u << 30, &text, &e) ||
        (argc > 2 && !str_to_u64(str_of(argv[2]), &repeats))) {
        fprintf(stderr, "usage: choose INSTANCES.jsonl [REPEATS] %s\n", e.text);
        return 1;
    }
    for (;;) {
        struct instance in;
        struct choice_answer r = {0};
        double best = 1e300;
        if (!json_parse_next(&a, &text, 1, &v, &e)) {
            fprintf(stderr, "%s\n", e.text);
            return 1;
        }
        if (!v)
            break;
        instance_read(&a, v, &in);
        for (uint64_t k = 0; k < repeats; k++) {
            struct arena tmp = ARENA_INIT;
            double from = now_ms();
            if (!choice_solve(&tmp, &in.problem, &r, &e)) {
                fprintf(stderr, "%s\n", e.text);
                return 1;
            }
            double took = now_ms() - from;
            best = took < best ? took : best;
            arena_release(&tmp);
        }
        printf("%.*s %d %.4f ", FMT(in.id), in.problem.n, best);
        if (r.feasible)
            printf("%.1f", r.value / (double)INSTANCE_VALUE_UNITS);
        else
            printf("none");
        printf(" %llu %llu\n", (unsigned long long)r.nodes, (unsigned long long)r.programs);
    }
    arena_release(&a);
    return 0;
}
