/* test_simulate.c - the compiled plan against the evaluator, and what trials must promise. */
#include "engine/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "core/mathfn.h"
#include "engine/kernels.h"
#include "engine/sim_int.h"
#include "test.h"

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    if (!p)
        fail_msg("line %u: %.*s", d.items[0].at.line, FMT(d.items[0].text));
    return p;
}

static const char PLAN[] =
    "plan: {name: t, starts: 2026-07, months: 14, fx: {EUR: 1.09 (1.02 to 1.16)}}\n"
    "drivers: {heads: 40 (30 to 55), rate: =heads * 2 + 1}\n"
    "prices:\n"
    "  big:\n"
    "    - {in: $3 (2.5 to 3.6), out: $15, cache_read: $0.3, batch_in: $1.5}\n"
    "    - {from: 2026-10, in: $2 (1 to 3), out: $11 (9 to 12)}\n"
    "  small: {in: $0.2, out: $0.8 (0.6 to 1)}\n"
    "machines: {gpu: 3 to 4}\n"
    "roles: {eng: {salary: 150k to 200k}, lead: {salary: EUR 190k}}\n"
    "loading: {benefits: 25% to 30%, equipment: 5k, recruiting: 20% to 25%, raise: 3% to 5%, "
    "raise_in: 2027-01}\n"
    "staff:\n"
    "  - {id: here, role: lead, works_on: one}\n"
    "  - {id: new, role: eng, count: 2, start: 2026-09, works_on: one}\n"
    "  - {id: swap, role: eng, start: 2026-12, end: 2027-05, works_on: one}\n"
    "  - {id: skip, role: eng, start: 2027-08, works_on: one, salary: 140k (130k to 160k)}\n"
    "contractors: [{id: c, works_on: one, day_rate: 900 (800 to 1100), days: {at: {2026-09: 12, "
    "2027-01: 8}}}]\n"
    "upskilling: [{id: u, people: 5, cost: 2k to 4k, month: 2026-11, works_on: one}]\n"
    "initiatives:\n"
    "  - id: one\n"
    "    name: One\n"
    "    status: committed\n"
    "    compute:\n"
    "      - {id: t, kind: training, machine: gpu, gpus: 8, hours: 20 (12 to 30), runs: 4/mo}\n"
    "      - {id: s, kind: inference, machine: gpu, requests: 90M (50M to 190M), growth: 2% (1% to "
    "5%), per_hour: 30k, at_least: 4}\n"
    "      - {id: k, kind: inference, requests: 9M/mo, per_1k: $0.1 (0.05 to 0.2)}\n"
    "      - {id: net, kind: network, cost: 0 to 5k}\n"
    "    llm:\n"
    "      - {id: chat, model: big, users: {2026-07: 100 (80 to 130), 2027-03: 400 (300 to 700)}, "
    "sessions: 4 (3 to 6), requests: 5, in: 3000 (2k to 5k), out: 400 (300 to 600), retries: 2% to "
    "9%, cached: 40% (20% to 60%), cache_writes: 5%, batch: 10% to 30%}\n"
    "      - {id: mix, models: {big: 30%, small: 70%}, users: =rate * 3, sessions: 6, requests: 2 "
    "to 5, in: 900, out: 300 to 500, from: 2026-10}\n"
    "      - {id: g, model: small, users: 50, growth: 3% to 9%, sessions: 6, requests: 9, in: 900, "
    "out: 30, to: 2027-04}\n"
    "    labeling: [{id: l, items: {2026-07: =heads, 2026-12: 900 (700 to 1500)}, price: EUR 2, "
    "review: 5% to 15%}]\n"
    "    tools:\n"
    "      - {id: y, cost: EUR 120k/yr, pay: upfront, renews: 2026-11}\n"
    "      - {id: o, cost: 12k once (9k to 20k), month: 2026-12}\n"
    "      - {id: yr, cost: 30k/yr (24k to 40k), growth: 1%/mo}\n"
    "levers:\n"
    "  - {id: a, use: yes, applies: compute.training, covers: 60% (40% to 80%), saves: 30% to 50%, "
    "from: 2026-09}\n"
    "  - {id: b, use: yes, applies: llm.in, saves: 10% to 20%, from: 2026-10, to: 2027-02}\n"
    "  - {id: c, use: yes, applies: one.chat, covers: 20% to 60%, model: small, from: 2026-11}\n"
    "  - {id: d, use: yes, applies: one.chat, saves: 15%, covers: 10% to 90%, from: 2026-08, cost: "
    "5k (4k to 7k)}\n"
    "  - {id: e, use: yes, applies: staff.swap, covers: 50% to 90%, replace: {day_rate: 700 (600 to "
    "900), days: 12/mo}, from: 2027-02}\n"
    "  - {id: f, use: yes, applies: staff.skip, skips: recruiting, covers: 50% to 70%}\n"
    "  - {id: h, use: yes, applies: contractors.c, saves: 10% to 30%}\n"
    "  - {id: i, use: yes, applies: llm, covers: 80% (60% to 90%), saves: 5%, from: 2027-01, "
    "commits: EUR 30k}\n";

static double normal_draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return math_normal_quantile(((double)(*state >> 32) + 0.5) * 0x1p-32);
}

/* The compiled plan at these scores, in every lane another. */
struct compared {
    struct arena a;
    const struct plan *p;
    struct compiled_plan c;
    double *cells;
    size_t n;
};

static void keep_cells(void *ctx, const struct run_block *b)
{
    struct compared *x = ctx;
    memcpy(x->cells, b->outputs, x->n * BLOCK * sizeof(double));
}

static void scalar_line(const struct world *w, const struct expanded *l, double *amount)
{
    double heads[PLAN_MONTHS_MAX], hire;
    int32_t at;
    struct line_months r;
    memset(amount, 0, PLAN_MONTHS_MAX * sizeof *amount);
    if (l->line != NO_INDEX) {
        world_line(w, w->p->lines[l->line], &r);
        memcpy(amount, r.amount, sizeof r.amount);
    } else if (l->position != NO_INDEX) {
        assert_true(world_position(w, l->position, amount, heads, &hire, &at));
        if (l->hire) {
            memset(amount, 0, PLAN_MONTHS_MAX * sizeof *amount);
            amount[at] = hire;
        }
    } else if (l->contractor != NO_INDEX) {
        assert_true(world_contractor(w, l->contractor, amount));
    } else if (l->upskilling != NO_INDEX) {
        assert_true(world_upskilling(w, l->upskilling, amount));
    } else if (l->lever != NO_INDEX) {
        const struct lever *v = &w->p->levers.items[l->lever];
        month m = v->first - w->p->header.first;
        amount[m] = world_number_at(w, v->cost, m, 0);
    } else {
        world_extra_hire(w, &w->c.hires[0], amount, heads, &hire, &at);
        if (l->hire) {
            memset(amount, 0, PLAN_MONTHS_MAX * sizeof *amount);
            amount[at] = hire;
        }
    }
}

static void compiled_equals_evaluator(const struct plan *p, struct circumstances c)
{
    struct compared x = {.p = p};
    struct err e = {0};
    uint64_t state = 42;
    int32_t n = p->header.n_months;
    assert_ok(compile_plan(&x.a, p, &c, true, &x.c, &e), &e);
    size_t lines = x.c.point->n_lines;
    for (size_t i = 0; i < lines * (size_t)n; i++)
        program_sum(x.c.prog, program_output(x.c.prog),
                    x.c.lines[i / (size_t)n].months[i % (size_t)n]);
    program_finish(x.c.prog);
    x.n = lines * (size_t)n;
    x.cells = arena_new(&x.a, double, x.n *BLOCK);
    struct fixed_node *fixed = arena_new(&x.a, struct fixed_node, x.c.variables.n + 1);
    double *z = arena_new(&x.a, double, (x.c.variables.n + 1) * BLOCK);
    for (size_t i = 0; i < x.c.variables.n * BLOCK; i++)
        z[i] = normal_draw(&state);
    for (size_t i = 0; i < x.c.variables.n; i++)
        fixed[i] = (struct fixed_node){x.c.variables.items[i].z, z + i * BLOCK};
    struct program_run r = {.seed = 1,
                            .trials = BLOCK,
                            .threads = 1,
                            .fixed = fixed,
                            .n_fixed = x.c.variables.n,
                            .visit = keep_cells,
                            .visit_ctx = &x};
    assert_ok(program_run(x.c.prog, &r, &e), &e);
    double *score = arena_new(&x.a, double, p->n_quantities + 1), amount[PLAN_MONTHS_MAX];
    c.z = score;
    for (size_t k = 0; k < BLOCK; k += 7) {
        for (size_t q = 0; q < p->n_quantities; q++)
            for (size_t i = 0; i < x.c.variables.n; i++)
                if (str_eq(p->quantities[q]->path, x.c.variables.items[i].path))
                    score[q] = z[i * BLOCK + k];
        struct arena t = ARENA_INIT;
        const struct world *w = world_new(&t, p, &c);
        for (size_t i = 0; i < lines; i++) {
            scalar_line(w, &x.c.point->lines[i], amount);
            for (int32_t m = 0; m < n; m++) {
                double v = x.cells[(i * (size_t)n + (size_t)m) * BLOCK + k];
                if (!(fabs(v - amount[m]) <= 1e-12 * fabs(amount[m]) + 1e-9))
                    fail_msg("%.*s in month %d: %.17g, not %.17g",
                             FMT(x.c.point->lines[i].path), m, v, amount[m]);
            }
        }
        arena_release(&t);
    }
    arena_release(&x.a);
}

static str shared_plan(struct arena *a, const char *file)
{
    struct err e = {0};
    str text;
    assert_ok(file_read(a, str_fmt(a, "%s/../plan/%s", shared_data(), file), 1u << 20, &text, &e),
              &e);
    return text;
}

static void compiled_plan_equals_the_evaluator_at_any_scores(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan *p = parse(&a, str_of(PLAN));
    const struct change changes[] = {
        {CHANGE_SCALE_LINE, plan_line_index(p, S("one.chat")), 1.4, p->header.first + 3},
        {CHANGE_SCALE_VALUE, plan_quantity(p, S("machines.gpu"))->index, 0.7, MONTH_NONE},
        {CHANGE_SCALE_VALUE, plan_quantity(p, S("drivers.heads"))->index, 1.5,
         p->header.first + 2}};
    const struct extra_hire hires[] = {{S("one.more"), 0, 0, 2, p->header.first + 4}};
    const int32_t delay[] = {2};
    compiled_equals_evaluator(p, (struct circumstances){0});
    compiled_equals_evaluator(p, (struct circumstances){.changes = changes,
                                                        .n_changes = ARRAY_LEN(changes)});
    compiled_equals_evaluator(
        p, (struct circumstances){.hires = hires, .n_hires = 1, .delay = delay});
    arena_release(&a);
}

static void compiled_example_equals_the_evaluator(void **state)
{
    struct arena a = ARENA_INIT;
    need_shared_data();
    compiled_equals_evaluator(parse(&a, shared_plan(&a, "plan-example.yaml")),
                              (struct circumstances){0});
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiled_plan_equals_the_evaluator_at_any_scores),
        cmocka_unit_test(compiled_example_equals_the_evaluator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
