/* test_simulate.c - the compiled plan against the evaluator, and what trials must promise. */
#include "engine/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "bench/simulate/model.h"
#include "base/json_read.h"
#include "core/mathfn.h"
#include "engine/kernels.h"
#include "engine/order_stats.h"
#include "engine/sensitivity.h"
#include "engine/sim_int.h"
#include "test.h"

#define CHECKSUM "5df124d304262d29d6345564966221a3dba36a9d756f3d333fca2e3bef228db5"

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static double number(struct arena *a, const struct json *map, const char *key)
{
    const char *text = str_cstr(a, json_text(json_get(map, key)));
    char *end;
    double v = (strtod)(text, &end);
    assert_true(end > text);
    return v;
}

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
    "  - {id: e, use: yes, applies: staff.swap, covers: 50% to 90%, replace: {day_rate: 700 (600 "
    "to "
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
    memcpy(x->cells, b->outputs, x->n * BLOCK_ROOM * sizeof(double));
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
    x.cells = arena_new(&x.a, double, x.n *BLOCK_ROOM);
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
                double v = x.cells[(i * (size_t)n + (size_t)m) * BLOCK_ROOM + k];
                if (!(fabs(v - amount[m]) <= 1e-12 * fabs(amount[m]) + 1e-9))
                    fail_msg("%.*s in month %d: %.17g, not %.17g", FMT(x.c.point->lines[i].path), m,
                             v, amount[m]);
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
    compiled_equals_evaluator(
        p, (struct circumstances){.changes = changes, .n_changes = ARRAY_LEN(changes)});
    compiled_equals_evaluator(p,
                              (struct circumstances){.hires = hires, .n_hires = 1, .delay = delay});
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

static const struct simulation *run(struct arena *a, const struct plan *p,
                                    struct simulate_options o)
{
    struct err e = {0};
    const struct simulation *s = NULL;
    assert_ok(simulate(a, p, NULL, &o, &s, &e), &e);
    return s;
}

static const struct simulated *item(const struct simulation *s, enum simulate_level level,
                                    const char *path)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].level == level && str_eq(s->items[i].path, str_of(path)))
            return &s->items[i];
    fail_msg("no item '%s'", path);
    return NULL;
}

/* --- random numbers --- */

static void philox_gives_the_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } rows[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint32_t out[4];
        philox4x32(rows[i].counter, rows[i].key, out);
        assert_memory_equal(out, rows[i].expected, sizeof out);
    }
}

static void kernels_draw_what_philox_says_for_each_trial(void **state)
{
    const uint64_t stream = 0x0123456789abcdef, seed = 77 | (uint64_t)5 << 32, block = 3;
    double *room = aligned_alloc(64, 2 * BLOCK * sizeof(double));
    memset(room, 0, 2 * BLOCK * sizeof(double));
    struct draw_source source = {.stream = stream, .set = 1};
    struct frame f = {room, room + BLOCK, &source, NULL, seed, block};
    struct kernel_step uniform = {.code = STEP_UNIFORM}, normal = {.code = STEP_NORMAL};
    double z[BLOCK];
    kernels_sse2_run(&normal, 1, &f);
    memcpy(z, room, sizeof z);
    kernels_sse2_run(&uniform, 1, &f);
    for (uint32_t k = 0; k < BLOCK; k++) {
        const uint32_t counter[] = {(uint32_t)block * 128 + k % 128, 1, (uint32_t)stream,
                                    (uint32_t)(stream >> 32)};
        const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
        uint32_t out[4];
        philox4x32(counter, key, out);
        double u = ((double)out[k / 128] + 0.5) * 0x1p-32;
        assert_true(room[k] == u);
        /* the first bit is the sign, the others the smaller tail */
        double tail = ((double)(out[k / 128] & 0x7fffffff) + 0.5) * 0x1p-32;
        double expected = math_normal_quantile(tail) * (out[k / 128] >> 31 ? -1 : 1);
        if (!(fabs(z[k] - expected) < 2e-6 * (1 + fabs(expected))))
            fail_msg("%.9g, not %.9g", z[k], expected);
    }
    free(room);
}

static void normal_scores_are_right_far_out(void **state)
{
    static const uint32_t bits[] = {0,          1,         10,      1000,
                                    7247043,    7247044,   7247045, 0x7fffffff,
                                    0x40000000, 100000000, 3629000, 0x7ffffff0};
    for (size_t i = 0; i < ARRAY_LEN(bits); i++)
        for (uint32_t sign = 0; sign < 2; sign++) {
            uint32_t all[BLOCK];
            double z[BLOCK];
            for (size_t k = 0; k < BLOCK; k++)
                all[k] = bits[i] | sign << 31;
            kernel_normals(all, z);
            double expected =
                math_normal_quantile(((double)bits[i] + 0.5) * 0x1p-32) * (sign ? -1 : 1);
            for (size_t k = 0; k < BLOCK; k += 100)
                if (!(fabs(z[k] - expected) < 2e-6 * (1 + fabs(expected))))
                    fail_msg("%x: %.9g, not %.9g", bits[i], z[k], expected);
        }
}

/* --- what trials promise --- */

static const char RANGES[] = "plan: {name: t, starts: 2026-07, months: 3}\n"
                             "initiatives:\n"
                             "  - id: one\n"
                             "    name: One\n"
                             "    status: committed\n"
                             "    data:\n"
                             "      - {id: a, cost: 100/mo (80 to 150)}\n"
                             "      - {id: b, cost: 200/mo (100 to 250)}\n"
                             "%s";

static const struct simulation *run_text(struct arena *a, const char *more,
                                         struct simulate_options o)
{
    return run(a, parse(a, str_fmt(a, RANGES, more)), o);
}

static void an_added_line_changes_no_other_draws(void **state)
{
    struct arena a = ARENA_INIT;
    const struct simulation *one = run_text(&a, "", (struct simulate_options){.trials = 4096});
    const struct simulation *two =
        run_text(&a,
                 "      - {id: 0, cost: 1k/mo (1 to 2k)}\n      - {id: c, cost: 5/mo (2 to 9)}\n"
                 "together: [{of: [one.0.cost, one.c.cost], by: 0.7}]\n"
                 "risks: [{id: r, chance: 30%, do: scale one.c to 200%}]\n",
                 (struct simulate_options){.trials = 4096});
    assert_memory_equal(&item(one, LEVEL_LINE, "one.a")->q, &item(two, LEVEL_LINE, "one.a")->q,
                        sizeof(struct quantiles));
    assert_memory_equal(&item(one, LEVEL_LINE, "one.b")->q, &item(two, LEVEL_LINE, "one.b")->q,
                        sizeof(struct quantiles));
    assert_true(item(one, LEVEL_TOTAL, "total")->q.p50 != item(two, LEVEL_TOTAL, "total")->q.p50);
    arena_release(&a);
}

static void risks_left_out_leave_all_other_draws(void **state)
{
    static const char risk[] = "risks: [{id: r, chance: 40%, do: scale one.b to 150% (120% to 200%)"
                               ", from: 2026-08}]\n";
    struct arena a = ARENA_INIT;
    struct simulate_options o = {.trials = 4096};
    const struct simulation *with = run_text(&a, risk, o);
    o.no_risks = true;
    const struct simulation *without = run_text(&a, risk, o), *none = run_text(&a, "", o);
    assert_memory_equal(&item(with, LEVEL_LINE, "one.a")->q, &item(none, LEVEL_LINE, "one.a")->q,
                        sizeof(struct quantiles));
    assert_string_equal(without->sha256, none->sha256);
    assert_memory_equal(&item(with, LEVEL_MONTH, "2026-07")->q,
                        &item(none, LEVEL_MONTH, "2026-07")->q, sizeof(struct quantiles));
    assert_true(item(with, LEVEL_MONTH, "2026-08")->q.mean >
                item(none, LEVEL_MONTH, "2026-08")->q.mean);
    arena_release(&a);
}

/* One checksum for all compilers, machines, threads and vectors. */
static void has_the_checksum(const char *simd)
{
    struct arena a = ARENA_INIT;
    setenv("OUTLAY_SIMD", simd, 1);
    bool has = strcmp(program_simd(), simd) == 0;
    if (has) {
        const struct plan *p = parse(&a, str_of(PLAN));
        for (int threads = 1; threads <= 4; threads *= 2) {
            const struct simulation *r =
                run(&a, p, (struct simulate_options){.trials = 5000, .threads = threads});
            assert_string_equal(r->sha256, CHECKSUM);
        }
    }
    unsetenv("OUTLAY_SIMD");
    arena_release(&a);
    if (!has) {
        print_message("%s: skipped, this machine has none\n", simd);
        skip();
    }
}

static void answer_is_the_same_with_sse2(void **state)
{
    (void)state;
    has_the_checksum("sse2");
}

static void answer_is_the_same_with_avx2(void **state)
{
    (void)state;
    has_the_checksum("avx2");
}

static void answer_is_the_same_with_avx512(void **state)
{
    (void)state;
    has_the_checksum("avx512");
}

static void fewer_trials_are_the_first_of_more(void **state)
{
    struct arena a = ARENA_INIT;
    const struct simulation *few = run_text(&a, "", (struct simulate_options){.trials = 3000});
    const struct simulation *more = run_text(&a, "", (struct simulate_options){.trials = 6000});
    assert_memory_equal(few->totals, more->totals, 3000 * sizeof(double));
    arena_release(&a);
}

struct seen {
    double *totals;
    size_t n_lines;
    int32_t months;
};

static void sum_block(void *ctx, const struct simulated_block *b)
{
    struct seen *s = ctx;
    for (uint32_t k = 0; k < b->n; k++) {
        double sum = 0;
        for (size_t i = 0; i < s->n_lines; i++)
            for (int32_t m = 0; b->amounts[i] && m < s->months; m++)
                sum += b->amounts[i][(size_t)m * SIMULATE_ROOM + k];
        s->totals[b->first + k] = sum;
    }
}

static void visited_blocks_add_up_to_the_totals(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan *p = parse(&a, str_of(PLAN));
    struct seen s = {arena_new(&a, double, 3000), 0, 14};
    const struct simulation *r0 = run(&a, p, (struct simulate_options){.trials = 1000});
    s.n_lines = r0->point->n_lines + r0->n_shortfalls;
    assert_int_equal(r0->n_shortfalls, 1);
    const struct simulation *r =
        run(&a, p,
            (struct simulate_options){
                .trials = 3000, .threads = 3, .visit = sum_block, .visit_ctx = &s});
    for (size_t k = 0; k < 3000; k++)
        assert_true(fabs(s.totals[k] - r->totals[k]) <= 1e-9 * fabs(r->totals[k]));
    arena_release(&a);
}

static void close_to(double actual, double expected, double by)
{
    if (!(fabs(actual - expected) <= by))
        fail_msg("%.6g is not within %g of %.6g", actual, by, expected);
}

static void ranges_hit_their_percentiles(void **state)
{
    struct arena a = ARENA_INIT;
    const struct simulation *s = run_text(&a, "", (struct simulate_options){.trials = 200000});
    const struct quantiles *q = &item(s, LEVEL_LINE, "one.a")->q;
    close_to(q->p5, 240, 4 * q->se_p5);
    close_to(q->p50, 300, 4 * q->se_p50);
    close_to(q->p95, 450, 4 * q->se_p95);
    assert_true(q->se_p95 > 0 && q->se_p95 < 2);
    arena_release(&a);
}

static void values_move_together_by_their_rank_correlation(void **state)
{
    static const struct {
        const char *more;
        double rho;
    } rows[] = {{"together: [{of: [one.a.cost, one.b.cost], by: 0.6}]\n", 0.6},
                {"together: [{of: [one.a.cost, one.b.cost], by: -0.6}]\n", -0.6},
                {"      - {id: c, cost: 5/mo (2 to 9)}\n"
                 "together: [{of: [one.a.cost, one.b.cost], by: 0.3}, {of: [one.b.cost, "
                 "one.c.cost], by: 0.5}]\n",
                 0.3},
                {"", 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        const struct plan *p = parse(&a, str_fmt(&a, RANGES, rows[i].more));
        struct compiled_plan c;
        assert_ok(compile_plan(&a, p, NULL, false, &c, &e), &e);
        double *kept[2], *ranks[2];
        for (size_t k = 0; k < 2; k++) {
            program_sum(c.prog, program_output(c.prog), c.lines[k].months[0]);
            kept[k] = arena_new(&a, double, 40000);
            ranks[k] = arena_new(&a, double, 40000);
        }
        program_finish(c.prog);
        assert_ok(program_run(c.prog,
                              &(struct program_run){.seed = 3, .trials = 40000, .kept = kept}, &e),
                  &e);
        average_ranks(kept[0], 40000, ranks[0]);
        average_ranks(kept[1], 40000, ranks[1]);
        close_to(correlation(ranks[0], ranks[1], 40000), rows[i].rho, 0.02);
        arena_release(&a);
    }
}

static void contradictory_correlations_are_refused(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct simulation *s;
    const struct plan *p =
        parse(&a, str_fmt(&a, RANGES,
                          "      - {id: c, cost: 5/mo (2 to 9)}\n"
                          "together:\n  - {of: [one.a.cost, one.b.cost], by: 0.9}\n"
                          "  - {of: [one.b.cost, one.c.cost], by: 0.9}\n"
                          "  - {of: [one.a.cost, one.c.cost], by: -0.9}\n"));
    assert_error(simulate(&a, p, NULL, &(struct simulate_options){0}, &s, &e), &e,
                 "plan.yaml:11:5: these correlations contradict one another");
    /* (1, r, -r): not negative down to r = 1/2, of .9 */
    assert_string_equal(e.hint,
                        "They are said at line 11, 12, 13; at 55 % of their size they would fit.");
    arena_release(&a);
}

static void late_hires_cost_later_and_less(void **state)
{
    static const char text[] =
        "plan: {name: t, starts: 2026-07, months: 6}\n"
        "roles: {eng: {salary: 120k}}\n"
        "loading: {benefits: 0%, equipment: 0, recruiting: 10%}\n"
        "staff: [{id: new, role: eng, start: 2026-09, works_on: one}]\n"
        "initiatives: [{id: one, name: One, status: committed, data: [{id: a, cost: 0}]}]\n"
        "risks: [{id: late, chance: 25%, do: delay hires 2 months}]\n";
    struct arena a = ARENA_INIT;
    const struct simulation *s =
        run(&a, parse(&a, str_of(text)), (struct simulate_options){.trials = 100000});
    const struct simulated *pay = item(s, LEVEL_LINE, "staff.new");
    assert_true(pay->q.p5 == 20000 && pay->q.p50 == 40000 && pay->point == 40000);
    close_to(pay->q.mean, 35000, 150);
    assert_true(item(s, LEVEL_LINE, "staff.new:hire")->q.p5 == 12000);
    close_to(item(s, LEVEL_MONTH, "2026-09")->q.mean, 0.75 * 22000, 150);
    close_to(item(s, LEVEL_MONTH, "2026-10")->q.mean, 0.75 * 10000, 100);
    close_to(item(s, LEVEL_MONTH, "2026-11")->q.mean, 10000 + 0.25 * 12000, 100);
    close_to(s->p_point, 1, 0);
    arena_release(&a);
}

static void obligations_that_fall_short_are_charged(void **state)
{
    struct arena a = ARENA_INIT;
    const struct simulation *s =
        run_text(&a, "levers: [{id: l, use: yes, applies: one.a, saves: 50%, commits: 200}]\n",
                 (struct simulate_options){.trials = 100000});
    assert_int_equal(s->n_shortfalls, 1);
    /* half of 3 months x 100 (80 to 150): covered spend is 150 (120 to 225), 50 short at the median
     */
    close_to(item(s, LEVEL_LINE, "levers.l:shortfall")->q.p50, 50, 0.5);
    close_to(item(s, LEVEL_LINE, "levers.l:shortfall")->q.p95, 80, 0.8);
    assert_true(item(s, LEVEL_LINE, "levers.l:shortfall")->q.p5 == 0);
    assert_true(item(s, LEVEL_MONTH, "2026-09")->q.mean > item(s, LEVEL_MONTH, "2026-08")->q.mean);
    arena_release(&a);
}

static void drivers_name_what_moves_the_total(void **state)
{
    struct arena a = ARENA_INIT;
    const struct simulation *s =
        run_text(&a, "risks: [{id: r, chance: 10%, do: scale one.a to 400%}]\n",
                 (struct simulate_options){.trials = 20000, .tornado = true});
    assert_int_equal(s->n_drivers, 3);
    assert_str(s->drivers[0].path,
               "risks.r"); /* 900, before 3 x (80 to 150) and 3 x (100 to 250) */
    assert_true(s->drivers[0].swing > 850);
    close_to(s->drivers[0].low, 900, 1e-6);
    close_to(s->drivers[0].high, 1800, 1e-6);
    assert_str(s->drivers[1].path, "one.b.cost");
    /* 200 x 0.5^(1.28/1.64) to 200 x 1.25^(1.28/1.64), three months */
    close_to(s->drivers[1].swing, 364.3, 0.5);
    assert_true(s->drivers[1].rank_correlation > 0.6);
    arena_release(&a);
}

static void the_worked_example_agrees_with_its_reference(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct json *expected;
    need_shared_data();
    const struct plan *p = parse(&a, shared_plan(&a, "plan-example.yaml"));
    assert_ok(json_parse(&a, shared_plan(&a, "expected-simulation.json"), &expected, &e), &e);
    const struct simulation *s = run(&a, p, (struct simulate_options){.no_risks = true});
    const struct json *rows = json_path(expected, "tables.quantiles");
    assert_int_equal(rows->n, 8);
    for (size_t i = 0; i < rows->n; i++) {
        const struct json *r = &rows->items[i];
        const char *path = str_cstr(&a, json_text(json_get(r, "path")));
        const struct quantiles *q = &item(s, i ? LEVEL_LINE : LEVEL_TOTAL, path)->q;
        /* four errors of the difference: the reference has 2 x 60,000 trials */
        close_to(q->p5, number(&a, r, "p5"), 4 * 1.36 * q->se_p5);
        close_to(q->p50, number(&a, r, "p50"), 4 * 1.36 * q->se_p50);
        close_to(q->p95, number(&a, r, "p95"), 4 * 1.36 * q->se_p95);
        close_to(q->mean, number(&a, r, "mean"), 4 * 1.36 * q->se_mean);
    }
    rows = json_path(expected, "tables.buffers");
    assert_int_equal(rows->n, 7);
    for (size_t i = 0; i < rows->n; i++)
        for (size_t k = 0; k < s->n_buffers; k++)
            if (str_eq(s->point->lines[s->buffers[k].line].path,
                       json_text(json_get(&rows->items[i], "path"))))
                close_to(s->buffers[k].p_enough, number(&a, &rows->items[i], "p_enough"), 0.008);
    close_to(s->p_point, number(&a, json_get(expected, "figures"), "p_point"), 0.008);
    close_to(s->p_budget, number(&a, json_get(expected, "figures"), "p_budget"), 0.006);
    arena_release(&a);
}

/* --- the benchmark model and sensitivity --- */

static void benchmark_model_has_its_exact_mean(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct model m = model_new(&a);
        double **kept = arena_new(&a, double *, program_n_outputs(m.p) + 1), mean = 0;
        const size_t n = 50000;
        kept[m.total] = arena_new(&a, double, n);
        assert_ok(
            program_run(m.p, &(struct program_run){.seed = seed, .trials = n, .kept = kept}, &e),
            &e);
        for (size_t i = 0; i < n; i++)
            mean += kept[m.total][i] / (double)n;
        close_to(mean, MODEL_MEAN, 4 * 125681.694 / sqrt((double)n));
        arena_release(&a);
    }
}

static void benchmark_model_has_its_quantiles_at_a_million(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const size_t n = 1000000;
    struct model m = model_new(&a);
    double **kept = arena_new(&a, double *, program_n_outputs(m.p) + 1), v[2];
    double *scratch = arena_new(&a, double, 2 * n);
    kept[m.total] = arena_new(&a, double, n);
    assert_ok(program_run(m.p, &(struct program_run){.seed = 1, .trials = n, .kept = kept}, &e),
              &e);
    order_stats(kept[m.total], n, (size_t[]){n / 2, n / 20 * 19}, 2, v, scratch);
    close_to(v[0], MODEL_P50, 0.002 * MODEL_P50);
    close_to(v[1], MODEL_P95, 0.004 * MODEL_P95);
    /* sixteen thousand even points */
    assert_ok(
        program_run(m.p,
                    &(struct program_run){.seed = 1, .trials = 16384, .sobol = true, .kept = kept},
                    &e),
        &e);
    order_stats(kept[m.total], 16384, (size_t[]){8192, 15565}, 2, v, scratch);
    close_to(v[0], MODEL_P50, 0.005 * MODEL_P50);
    close_to(v[1], MODEL_P95, 0.012 * MODEL_P95);
    arena_release(&a);
}

/* sin by its series: the program has no need of one. */
static node sine(struct program *p, node x)
{
    node square = node_mul(p, x, x), term = x, sum = x;
    for (int k = 1; k < 16; k++) {
        term =
            node_mul(p, node_mul(p, term, square), node_const(p, -1.0 / ((2 * k) * (2 * k + 1))));
        sum = node_add(p, sum, term);
    }
    return sum;
}

static void sobol_indices_of_ishigami_are_exact_to_two_thousandths(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct program *p = program_new(&a);
    node x[3];
    for (size_t i = 0; i < 3; i++)
        x[i] = node_mul(p, node_sub(p, node_uniform(p, i + 1), node_const(p, 0.5)),
                        node_const(p, 6.283185307179586));
    node s = sine(p, x[1]), cube = node_mul(p, x[2], x[2]);
    uint32_t out = program_output(p);
    program_sum(p, out,
                node_mul(p, sine(p, x[0]),
                         node_add(p, node_const(p, 1),
                                  node_mul(p, node_mul(p, cube, cube), node_const(p, 0.1)))));
    program_sum(p, out, node_mul(p, node_mul(p, s, s), node_const(p, 7)));
    program_finish(p);
    const str names[] = {S("1"), S("2"), S("3")};
    static const double first[] = {0.31391, 0.44241, 0}, total[] = {0.55759, 0.44241, 0.24368};
    double mean_first[3] = {0}, mean_total[3] = {0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        const struct sensitivity *r;
        assert_ok(
            sensitivity_of(&a, p, out, (uint32_t[]){0, 1, 2}, names, 3, 8192, seed, 1, &r, &e), &e);
        for (size_t i = 0; i < 3; i++) {
            size_t k = (size_t)(r->groups[i].name.p[0] - '1');
            mean_first[k] += r->groups[i].first / 4;
            mean_total[k] += r->groups[i].total / 4;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        close_to(mean_first[i], first[i], 0.002);
        close_to(mean_total[i], total[i], 0.002);
    }
    arena_release(&a);
}

/* A feature's cost moves alone: its total index counts all that its own draws do together. */
static void sobol_indices_of_features_are_those_of_their_table(void **state)
{
    static const struct {
        uint32_t feature;
        double total;
    } rows[] = {{9, .783}, {6, .170}, {3, .022}, {7, .021}};
    static const str names[] = {{"0", 1}, {"1", 1}, {"2", 1}, {"3", 1}, {"4", 1},
                                {"5", 1}, {"6", 1}, {"7", 1}, {"8", 1}, {"9", 1}};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct model m = model_new(&a);
    uint32_t group_of[MODEL_FEATURES * MODEL_DRIVERS];
    const struct sensitivity *r;
    for (uint32_t i = 0; i < ARRAY_LEN(group_of); i++)
        group_of[i] = i / MODEL_DRIVERS;
    assert_ok(sensitivity_of(&a, m.p, m.total, group_of, names, MODEL_FEATURES, 32768, 1, 0, &r, &e),
              &e);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) { /* largest first: the table's order */
        assert_int_equal(r->groups[i].name.p[0] - '0', rows[i].feature);
        close_to(r->groups[i].total, rows[i].total, 0.005);
        /* features only add up, so alone and in all is the same */
        close_to(r->groups[i].first, rows[i].total, 0.01);
    }
    arena_release(&a);
}

static void sobol_indices_of_the_benchmark_model_are_those_of_its_table(void **state)
{
    static const double first[] = {.043, .122, .349, .285, .024, .035, .014, .012};
    static const double total[] = {.058, .160, .429, .358, .033, .049, .021, .017};
    static const str names[] = {{"0", 1}, {"1", 1}, {"2", 1}, {"3", 1},
                                {"4", 1}, {"5", 1}, {"6", 1}, {"7", 1}};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct model m = model_new(&a);
    uint32_t group_of[MODEL_FEATURES * MODEL_DRIVERS];
    const struct sensitivity *r;
    assert_int_equal(program_n_inputs(m.p), ARRAY_LEN(group_of));
    for (uint32_t i = 0; i < ARRAY_LEN(group_of); i++)
        group_of[i] = i % MODEL_DRIVERS;
    assert_ok(sensitivity_of(&a, m.p, m.total, group_of, names, 8, 32768, 1, 0, &r, &e), &e);
    for (size_t i = 0; i < 8; i++) {
        size_t k = (size_t)(r->groups[i].name.p[0] - '0');
        close_to(r->groups[i].first, first[k], 0.005);
        close_to(r->groups[i].total, total[k], 0.005);
    }
    arena_release(&a);
}

static void order_statistics_equal_sorting(void **state)
{
    uint64_t seed = 9;
    for (size_t n = 1; n < 60000; n = n * 3 + 1) {
        double *v = calloc(3 * n, sizeof *v), *sorted = calloc(n, sizeof *sorted);
        for (size_t i = 0; i < n; i++) {
            double z = normal_draw(&seed);
            v[i] = n % 2 ? floor(z * 3) : math_exp(z * (i % 100 ? 1 : 40));
        }
        memcpy(sorted, v, n * sizeof *v);
        qsort(sorted, n, sizeof *sorted, by_value);
        size_t ranks[] = {0, n / 20, n / 4, n / 2, n / 2, n - 1 - n / 9, n - 1};
        double out[ARRAY_LEN(ranks)];
        order_stats(v, n, ranks, ARRAY_LEN(ranks), out, v + n);
        for (size_t i = 0; i < ARRAY_LEN(ranks); i++)
            assert_true(out[i] == sorted[ranks[i]]);
        free(v);
        free(sorted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(kernels_draw_what_philox_says_for_each_trial),
        cmocka_unit_test(normal_scores_are_right_far_out),
        cmocka_unit_test(order_statistics_equal_sorting),
        cmocka_unit_test(compiled_plan_equals_the_evaluator_at_any_scores),
        cmocka_unit_test(compiled_example_equals_the_evaluator),
        cmocka_unit_test(an_added_line_changes_no_other_draws),
        cmocka_unit_test(risks_left_out_leave_all_other_draws),
        cmocka_unit_test(answer_is_the_same_with_sse2),
        cmocka_unit_test(answer_is_the_same_with_avx2),
        cmocka_unit_test(answer_is_the_same_with_avx512),
        cmocka_unit_test(fewer_trials_are_the_first_of_more),
        cmocka_unit_test(visited_blocks_add_up_to_the_totals),
        cmocka_unit_test(ranges_hit_their_percentiles),
        cmocka_unit_test(values_move_together_by_their_rank_correlation),
        cmocka_unit_test(contradictory_correlations_are_refused),
        cmocka_unit_test(late_hires_cost_later_and_less),
        cmocka_unit_test(obligations_that_fall_short_are_charged),
        cmocka_unit_test(drivers_name_what_moves_the_total),
        cmocka_unit_test(the_worked_example_agrees_with_its_reference),
        cmocka_unit_test(benchmark_model_has_its_exact_mean),
        cmocka_unit_test(benchmark_model_has_its_quantiles_at_a_million),
        cmocka_unit_test(sobol_indices_of_ishigami_are_exact_to_two_thousandths),
        cmocka_unit_test(sobol_indices_of_the_benchmark_model_are_those_of_its_table),
        cmocka_unit_test(sobol_indices_of_features_are_those_of_their_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
