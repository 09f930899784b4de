/* sensitivity.c - Sobol's indices by the estimators of Saltelli (2010) and Jansen (1999). */
#include "engine/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "engine/sim_int.h"

struct sample {
    const struct program *p;
    uint32_t output;
    uint64_t points, seed;
    int threads;
    double **kept;
};

static bool run(const struct sample *s, const uint8_t *sets, double *to, struct err *e)
{
    s->kept[s->output] = to;
    return program_run(s->p,
                       &(struct program_run){.seed = s->seed,
                                             .trials = s->points,
                                             .threads = s->threads,
                                             .sobol = true,
                                             .sets = sets,
                                             .kept = s->kept},
                       e);
}

static int by_total(const void *x, const void *y)
{
    const struct sensitivity_group *a = x, *b = y;
    return a->total > b->total ? -1 : a->total < b->total ? 1 : str_cmp(a->name, b->name);
}

bool sensitivity_of(struct arena *a, const struct program *p, uint32_t output,
                    const uint32_t *group_of, const str *names, size_t n_groups, uint64_t points,
                    uint64_t seed, int threads, const struct sensitivity **ret, struct err *e)
{
    uint32_t n_inputs = program_n_inputs(p);
    uint8_t *sets = arena_new(a, uint8_t, n_inputs + 1);
    double *fa = arena_new(a, double, points), *fb = arena_new(a, double, points);
    double *mixed = arena_new(a, double, points), mean = 0, variance = 0, constant;
    struct sample s = {p, output, points, seed, threads,
                       arena_new(a, double *, program_n_outputs(p) + 1)};
    struct sensitivity *r = arena_new(a, struct sensitivity, 1);
    *r = (struct sensitivity){arena_new(a, struct sensitivity_group, n_groups + 1), n_groups,
                              points, 0, 0};
    for (size_t g = 0; g < n_groups; g++)
        r->groups[g].name = names[g];
    *ret = r;
    if (program_output_is_const(p, output, &constant)) {
        r->mean = constant;
        return true;
    }
    if (!run(&s, sets, fa, e))
        return false;
    memset(sets, 1, n_inputs);
    if (!run(&s, sets, fb, e))
        return false;
    for (uint64_t i = 0; i < points; i++)
        mean += (fa[i] + fb[i]) / 2;
    mean /= (double)points;
    for (uint64_t i = 0; i < points; i++)
        variance += ((fa[i] - mean) * (fa[i] - mean) + (fb[i] - mean) * (fb[i] - mean)) / 2;
    variance /= (double)points;
    r->mean = mean;
    r->sd = sqrt(variance);
    for (size_t g = 0; g < n_groups; g++) {
        double first = 0, total = 0;
        for (uint32_t i = 0; i < n_inputs; i++)
            sets[i] = group_of[i] == g;
        if (!run(&s, sets, mixed, e))
            return false;
        for (uint64_t i = 0; i < points; i++) {
            first += (fb[i] - mean) * (mixed[i] - fa[i]);
            total += (fa[i] - mixed[i]) * (fa[i] - mixed[i]);
        }
        r->groups[g].first = variance > 0 ? first / (double)points / variance : 0;
        r->groups[g].total = variance > 0 ? total / (double)points / 2 / variance : 0;
    }
    qsort(r->groups, n_groups, sizeof *r->groups, by_total);
    return true;
}

/* --- of a plan --- */

/* "support.support-chat.in" says "in", "prices.x.out" says "prices". */
static str kind_of(str path)
{
    static const char *const tables[] = {"prices.", "machines.", "roles.", "loading.",
                                         "levers.", "risks.",    "plan.",  "drivers.",
                                         "fx.",     "staff.",    "contractors.", "upskilling."};
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        if (str_starts(path, str_of(tables[i])))
            return str_sub(path, 0, str_find(path, S("."), 0));
    size_t at = 0;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '.')
            at = i + 1;
    return str_sub(path, at, path.n);
}

static str initiative_of(const struct plan *p, str path)
{
    str first = str_sub(path, 0, str_find(path, S("."), 0));
    return plan_initiative_index(p, first) != NO_INDEX ? first : kind_of(path);
}

static uint32_t group_named(str *names, size_t *n, str name)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(names[i], name))
            return (uint32_t)i;
    names[*n] = name;
    return (uint32_t)(*n)++;
}

bool sensitivity_plan(struct arena *a, const struct plan *p, const struct circumstances *c,
                      enum sensitivity_by by, const struct simulate_options *o,
                      const struct sensitivity **ret, struct err *e)
{
    struct compiled_plan x;
    if (!compile_plan(a, p, c, o->no_risks, &x, e))
        return false;
    uint32_t total = program_output(x.prog);
    for (size_t i = 0; i < x.point->n_lines; i++)
        for (int32_t m = 0; m < p->header.n_months; m++)
            program_sum(x.prog, total, x.lines[i].months[m]);
    for (size_t i = 0; i < x.n_shortfalls; i++)
        program_sum(x.prog, total, x.shortfalls[i].amount);
    program_finish(x.prog);
    uint32_t n_inputs = program_n_inputs(x.prog);
    uint32_t *group_of = arena_new(a, uint32_t, n_inputs + 1);
    str *names = arena_new(a, str, n_inputs + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < n_inputs; i++) {
        if (!program_uses_input(x.prog, i)) {
            group_of[i] = UINT32_MAX;
            continue;
        }
        str name = S("together");
        for (size_t k = 0; k < x.variables.n; k++)
            if (stream_of(x.variables.items[k].path) == program_input_stream(x.prog, i))
                name = by == SENSITIVITY_KIND ? kind_of(x.variables.items[k].path)
                                              : initiative_of(p, x.variables.items[k].path);
        group_of[i] = group_named(names, &n, name);
    }
    return sensitivity_of(a, x.prog, total, group_of, names, n, 8192, o->seed ? o->seed : 1,
                          o->threads, ret, e);
}
