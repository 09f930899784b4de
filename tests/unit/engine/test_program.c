/* test_program.c - random programs against their own formulas: whole, sliced, with fixed nodes. */
#include "engine/program.h"

#include <math.h>

#include "test.h"

enum { INPUTS = 5, OPS = 40, CHAINS = 4, MONTHS = 12, TRIALS = 700, SEED = 11 };

enum op { OP_ADD, OP_SUB, OP_MUL, OP_MAX, OP_LESS, OP_SLOPES, OP_KINDS };

/* The formula that a program is built from: values 0 to INPUTS - 1 are draws, the others operations;
 * a chain adds value, value x growth, value x growth^2 ... to the months and to its own output. */
struct formula {
    struct { enum op op; size_t a, b; } ops[OPS];
    struct { size_t value, growth; } chains[CHAINS];
};

struct built {
    struct program *p;
    node values[INPUTS + OPS];
    uint32_t drawn[INPUTS], months[MONTHS], chains[CHAINS], total;
};

static uint32_t below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

static struct formula formula(uint64_t seed)
{
    struct formula f;
    for (uint32_t i = 0; i < OPS; i++) {
        f.ops[i].op = (enum op)below(&seed, OP_KINDS);
        f.ops[i].a = below(&seed, INPUTS + i);
        f.ops[i].b = below(&seed, INPUTS + i);
    }
    for (size_t i = 0; i < CHAINS; i++) {
        f.chains[i].value = below(&seed, INPUTS + OPS);
        f.chains[i].growth = below(&seed, INPUTS);
    }
    return f;
}

static node operation(struct program *p, enum op op, node a, node b)
{
    switch (op) {
    case OP_ADD: return node_mul(p, node_add(p, a, b), node_const(p, 0.5));
    case OP_SUB: return node_sub(p, a, b);
    case OP_MUL: return node_mul(p, a, node_less(p, b, node_const(p, 0.75)));
    case OP_MAX: return node_max(p, a, b);
    case OP_LESS: return node_less(p, a, b);
    default: return node_slopes(p, a, 1, 0.25, 0.5);
    }
}

static double evaluated(enum op op, double a, double b)
{
    switch (op) {
    case OP_ADD: return (a + b) * 0.5;
    case OP_SUB: return a - b;
    case OP_MUL: return a * (b < 0.75);
    case OP_MAX: return a > b ? a : b;
    case OP_LESS: return a < b;
    default: return 1 + a * (a < 0 ? 0.25 : 0.5);
    }
}

static struct built build(struct arena *a, const struct formula *f)
{
    struct built t = {.p = program_new(a)};
    for (uint32_t i = 0; i < INPUTS; i++) {
        t.values[i] = i % 2 ? node_uniform(t.p, 100 + i) : node_normal(t.p, 100 + i);
        t.drawn[i] = program_output(t.p);
        program_sum(t.p, t.drawn[i], t.values[i]);
    }
    for (size_t i = 0; i < OPS; i++)
        t.values[INPUTS + i] =
            operation(t.p, f->ops[i].op, t.values[f->ops[i].a], t.values[f->ops[i].b]);
    for (size_t m = 0; m < MONTHS; m++)
        t.months[m] = program_output(t.p);
    for (size_t c = 0; c < CHAINS; c++) {
        node v = t.values[f->chains[c].value];
        t.chains[c] = program_output(t.p);
        for (size_t m = 0; m < MONTHS; m++) {
            program_sum(t.p, t.months[m], v);
            program_sum(t.p, t.chains[c], v);
            v = node_mul(t.p, v, t.values[f->chains[c].growth]);
        }
    }
    t.total = program_output(t.p);
    for (size_t c = 0; c < CHAINS; c++)
        program_sum_output(t.p, t.total, t.chains[c]);
    program_finish(t.p);
    return t;
}

/* All outputs in `run`; those that stay NULL are not asked for. */
static void run(const struct built *t, struct program_run r, double **kept)
{
    struct err e = {0};
    r.seed = SEED;
    r.trials = TRIALS;
    r.threads = 1;
    r.kept = kept;
    assert_ok(program_run(t->p, &r, &e), &e);
}

static double **room(struct arena *a, const struct built *t, bool all)
{
    uint32_t n = program_n_outputs(t->p);
    double **kept = arena_new(a, double *, n + 1);
    for (uint32_t o = 0; all && o < n; o++)
        kept[o] = arena_new(a, double, TRIALS);
    return kept;
}

static bool near(double x, double y, double size)
{
    return fabs(x - y) <= 1e-12 * (1 + size);
}

static void a_program_computes_its_formula(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct formula f = formula(seed);
        struct built t = build(&a, &f);
        double **kept = room(&a, &t, true);
        run(&t, (struct program_run){0}, kept);
        for (size_t k = 0; k < TRIALS; k++) {
            double v[INPUTS + OPS], month[MONTHS] = {0}, total = 0, size = 0;
            for (size_t i = 0; i < INPUTS; i++)
                v[i] = kept[t.drawn[i]][k];
            for (size_t i = 0; i < OPS; i++)
                v[INPUTS + i] = evaluated(f.ops[i].op, v[f.ops[i].a], v[f.ops[i].b]);
            for (size_t c = 0; c < CHAINS; c++) {
                double x = v[f.chains[c].value], sum = 0;
                for (size_t m = 0; m < MONTHS; m++, x *= v[f.chains[c].growth]) {
                    month[m] += x;
                    sum += x;
                    size += fabs(x);
                }
                if (!near(kept[t.chains[c]][k], sum, size))
                    fail_msg("seed %d, chain %zu: %.17g, not %.17g", (int)seed, c,
                             kept[t.chains[c]][k], sum);
                total += sum;
            }
            for (size_t m = 0; m < MONTHS; m++)
                if (!near(kept[t.months[m]][k], month[m], size))
                    fail_msg("seed %d, month %zu: %.17g, not %.17g", (int)seed, m,
                             kept[t.months[m]][k], month[m]);
            if (!near(kept[t.total][k], total, size))
                fail_msg("seed %d: %.17g, not %.17g", (int)seed, kept[t.total][k], total);
        }
        arena_reset(&a);
    }
    arena_release(&a);
}

static void a_slice_gives_the_bits_of_the_whole(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct formula f = formula(seed);
        struct built t = build(&a, &f);
        double **whole = room(&a, &t, true);
        run(&t, (struct program_run){0}, whole);
        for (uint32_t o = 0; o < program_n_outputs(t.p); o++) {
            double **one = room(&a, &t, false);
            one[o] = arena_new(&a, double, TRIALS);
            run(&t, (struct program_run){.kept_only = true}, one);
            if (memcmp(one[o], whole[o], TRIALS * sizeof **one) != 0)
                fail_msg("seed %d: output %u differs", (int)seed, o);
        }
        arena_reset(&a);
    }
    arena_release(&a);
}

/* What moves with a fixed draw, alone, moves by what the whole moves by. */
static void what_moves_alone_moves_as_the_whole(void **state)
{
    struct arena a = ARENA_INIT;
    double low[BLOCK], high[BLOCK];
    size_t moving = 0;
    (void)state;
    for (size_t k = 0; k < BLOCK; k++) {
        low[k] = 0.125;
        high[k] = 0.875;
    }
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct formula f = formula(seed);
        struct built t = build(&a, &f);
        for (size_t i = 0; i < INPUTS; i++) {
            double **kept[4];
            for (size_t x = 0; x < 4; x++) {
                const struct fixed_node fixed = {t.values[i], x % 2 ? high : low};
                kept[x] = room(&a, &t, false);
                kept[x][t.total] = arena_new(&a, double, TRIALS);
                run(&t,
                    (struct program_run){.fixed = &fixed,
                                         .n_fixed = 1,
                                         .kept_only = x >= 2,
                                         .moved_only = x >= 2},
                    kept[x]);
            }
            for (size_t k = 0; k < TRIALS; k++) {
                double was = kept[1][t.total][k] - kept[0][t.total][k];
                double is = kept[3][t.total][k] - kept[2][t.total][k];
                moving += was != 0;
                if (!near(is, was, fabs(kept[0][t.total][k]) + fabs(kept[1][t.total][k])))
                    fail_msg("seed %d, draw %zu: %.17g, not %.17g", (int)seed, i, is, was);
            }
        }
        arena_reset(&a);
    }
    assert_true(moving > 60 * TRIALS);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_computes_its_formula),
        cmocka_unit_test(a_slice_gives_the_bits_of_the_whole),
        cmocka_unit_test(what_moves_alone_moves_as_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
