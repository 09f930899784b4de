/* test_commitment.c - obligations to spend against every other one. */
#include "engine/commitment.h"

#include <math.h>

#include "core/mathfn.h"
#include "test.h"

#define HEAD                                                                                       \
    "plan: {name: p, starts: 2026-07, months: 4}\nreserve: {share: 15%}\n"                         \
    "prices: {m: {in: $1, out: $2}}\n"
#define LEVERS                                                                                     \
    "levers:\n"                                                                                    \
    "  - {id: more, use: yes, applies: a.y, saves: 50%}\n"                                         \
    "  - {id: c, use: no, applies: llm, covers: 80%, saves: 20%, from: 2026-08, commits: 100}\n"

static const char RANGED[] =
    HEAD "initiatives:\n  - id: a\n    llm:\n"
         "      - {id: x, model: m, users: 1M, sessions: 1, requests: 1, in: 200 (100 to 500), "
         "out: 50}\n"
         "      - {id: y, model: m, users: {2026-07: 1M, 2026-10: 3M (1M to 5M)}, sessions: 1, "
         "requests: 1, in: 100, out: 10 (5 to 20)}\n"
         "    tools: [{id: z, cost: 1k/mo}]\n" LEVERS;
static const char CERTAIN[] =
    HEAD "initiatives:\n  - id: a\n    llm:\n"
         "      - {id: x, model: m, users: 1M, sessions: 1, requests: 1, in: 200, out: 50}\n"
         "      - {id: y, model: m, users: {2026-07: 1M, 2026-10: 3M}, sessions: 1, requests: 1, "
         "in: 100, out: 10}\n" LEVERS;
static const char ONE[] =
    HEAD "initiatives:\n  - id: a\n    llm:\n"
         "      - {id: x, model: m, users: 1M (500k to 2M), sessions: 1, requests: 1, in: 100, "
         "out: 0}\n"
         "levers:\n  - {id: c, use: no, applies: a.x, saves: 20%, commits: 100}\n";

static const struct plan *parse(struct arena *a, const char *text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), str_of(text), NULL, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return p;
}

/* What a year costs less, trial by trial and month by month. */
static double saved(const struct commitment_spend *s, double k, double d)
{
    double sum = 0;
    for (size_t i = 0; i < (size_t)s->n_trials * s->n_months; i++)
        sum += s->months[i] - (k * (1 - d) + MAX(s->months[i] - k, 0));
    return sum / s->n_trials;
}

static void the_best_obligation_equals_trying_all(void **state)
{
    static const double discounts[] = {0.02, 0.06, 0.2, 0.35, 0.5, 0.9};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct commitment_spend s;
    (void)state;
    assert_ok(commitment_spend(&a, parse(&a, RANGED), 1, &s, &e), &e);
    assert_true(s.varies && s.n_months == 3 && s.n_trials == COMMITMENT_TRIALS);
    for (size_t i = 0; i < ARRAY_LEN(discounts); i++) {
        double d = discounts[i], best = commitment_best(&s, d);
        struct committed r = committed_to(&s, best, d);
        assert_true(fabs(r.saves - saved(&s, best, d)) < 1e-6 && r.saves >= 0);
        size_t above = 0;
        for (size_t k = 0; k < (size_t)s.n_trials * s.n_months; k++)
            above += s.months[k] > best;
        /* sum over months of P(X > K) = months x (1 - d) */
        assert_true(fabs((double)above / s.n_trials - s.n_months * (1 - d)) < 0.001);
        for (double k = 0; k < 2000; k += 2.5)
            if (saved(&s, k, d) > r.saves + 1e-9)
                fail_msg("at %g %%, %g saves more than %g", d * 100, k, best);
    }
    arena_release(&a);
}

static void chances_are_those_of_the_years(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct commitment_spend s;
    (void)state;
    /* one lognormal year, 100 (50 to 200) in each of four months */
    assert_ok(commitment_spend(&a, parse(&a, ONE), 0, &s, &e), &e);
    for (double d = 0.1; d < 0.95; d += 0.2) {
        double exact = 100 * pow(2, math_normal_quantile(d) / 1.6448536269514722);
        assert_true(fabs(commitment_best(&s, d) / exact - 1) < 0.03);
        assert_true(fabs(committed_to(&s, exact, d).p_short - d) < 0.02);
    }
    assert_true(committed_to(&s, 0, 0.2).p_short == 0 && committed_to(&s, 0, 0.2).saves == 0);
    assert_true(committed_to(&s, 1e6, 0.2).p_short == 1 && committed_to(&s, 1e6, 0.2).saves < 0);
    arena_release(&a);
}

static void without_ranges_there_is_nothing_to_simulate(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct commitment_spend s;
    (void)state;
    assert_ok(commitment_spend(&a, parse(&a, CERTAIN), 1, &s, &e), &e);
    assert_false(s.varies);
    /* 80 % of 300 and half of 120 x (1.442, 2.08, 3) */
    assert_true(fabs(s.months[2] - 0.8 * (300 + 180)) < 1e-6);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_obligation_equals_trying_all),
        cmocka_unit_test(chances_are_those_of_the_years),
        cmocka_unit_test(without_ranges_there_is_nothing_to_simulate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
