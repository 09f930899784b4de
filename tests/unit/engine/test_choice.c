/* test_choice.c - portfolios: stored optima, and every choice tried on small ones. */
#include "engine/choice.h"

#include "choice_instances.h"
#include "test.h"

static uint64_t rnd(uint64_t *s)
{
    *s += 0x9e3779b97f4a7c15ull;
    uint64_t z = *s;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static int32_t upto(uint64_t *s, int32_t n)
{
    return (int32_t)(rnd(s) % (uint64_t)n);
}

static bool fits(const struct choice_problem *p, const int32_t *level, int32_t *ret_value,
                 int32_t *ret_missed)
{
    int32_t cost[CHOICE_CATEGORIES_MAX] = {0}, all = 0;
    *ret_value = *ret_missed = 0;
    for (int32_t i = 0; i < p->n; i++) {
        const struct choice_item *it = &p->items[i];
        if (level[i] < 0 && it->mandatory)
            return false;
        if (level[i] < 0)
            continue;
        if (it->needs >= 0 && level[it->needs] < 0)
            return false;
        cost[it->category] += it->levels[level[i]].cost;
        *ret_value += it->levels[level[i]].value;
    }
    for (int32_t k = 0; k < p->n_categories; k++) {
        *ret_missed += MAX(0, p->lo[k] - cost[k]) + MAX(0, cost[k] - p->hi[k]);
        all += cost[k];
    }
    *ret_missed += MAX(0, all - p->cap);
    return true;
}

static void small_portfolios_are_solved_as_by_trying_everything(void **state)
{
    int feasible = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 600; seed++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        uint64_t s = seed;
        struct choice_problem p = {.n = 1 + upto(&s, 7), .n_categories = 1 + upto(&s, 4)};
        struct choice_item items[8] = {{0}};
        struct choice_answer r;
        int32_t best = INT32_MIN, missed = INT32_MAX, level[8];
        for (int32_t i = 0; i < p.n; i++) {
            items[i].category = upto(&s, p.n_categories);
            items[i].mandatory = upto(&s, 8) == 0;
            items[i].needs = i && upto(&s, 2) ? upto(&s, i) : -1;
            items[i].n_levels = 1 + upto(&s, 3);
            for (int32_t l = 0; l < items[i].n_levels; l++)
                items[i].levels[l] = (struct choice_level){upto(&s, 30), upto(&s, 100) - 10};
        }
        p.items = items;
        for (int32_t k = 0; k < p.n_categories; k++) {
            p.lo[k] = upto(&s, 25);
            p.hi[k] = p.lo[k] + upto(&s, 40);
        }
        p.cap = 20 + upto(&s, 100);
        for (uint32_t code = 0; code < 1u << (2 * p.n); code++) {
            bool real = true;
            int32_t value, by;
            for (int32_t i = 0; i < p.n; i++) {
                level[i] = (int32_t)(code >> (2 * i) & 3) - 1;
                real = real && level[i] < items[i].n_levels;
            }
            if (!real || !fits(&p, level, &value, &by))
                continue;
            missed = MIN(missed, by);
            if (!by)
                best = MAX(best, value);
        }
        assert_ok(choice_solve(&a, &p, &r, &e), &e);
        if (r.feasible != (best != INT32_MIN) || (r.feasible && r.value != best))
            fail_msg("seed %d: %d, tried %d", (int)seed, r.value, best);
        feasible += r.feasible;
        if (r.feasible) {
            int32_t value, by;
            assert_true(fits(&p, r.level, &value, &by));
            assert_int_equal(value, best);
            assert_int_equal(by, 0);
            assert_int_equal(r.curve.reached[p.cap], best);
        } else if (missed != INT32_MAX) {
            int32_t sum = r.relaxation.cap_more;
            for (int32_t k = 0; k < p.n_categories; k++)
                sum += r.relaxation.lo_less[k] + r.relaxation.hi_more[k];
            assert_true(r.relaxation.possible && r.relaxation.proven);
            assert_int_equal(sum, missed);
        }
        arena_release(&a);
    }
    assert_true(feasible > 150 && feasible < 500);
}

static void stored_optima_are_reproduced(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct json *v;
    str text;
    int n = 0;
    (void)state;
    need_shared_data();
    str path = str_fmt(&a, "%s/../bench/scenario_instances.jsonl", shared_data());
    assert_ok(file_read(&a, path, 1u << 26, &text, &e), &e);
    for (;; n++) {
        struct instance in;
        struct choice_answer r;
        assert_ok(json_parse_next(&a, &text, 1, &v, &e), &e);
        if (!v)
            break;
        instance_read(&a, v, &in);
        assert_ok(choice_solve(&a, &in.problem, &r, &e), &e);
        assert_int_equal(r.feasible, in.has_optimum);
        if (r.feasible && r.value != in.optimum)
            fail_msg("%.*s: %d, not %lld", FMT(in.id), r.value, (long long)in.optimum);
        for (int32_t s = 1; r.feasible && s <= in.problem.cap; s++) {
            assert_true(r.curve.reached[s] >= r.curve.reached[s - 1]);
            assert_true(r.curve.bound[s] >= r.curve.reached[s]);
        }
        if (!r.feasible)
            assert_true(r.relaxation.possible && r.relaxation.proven);
    }
    assert_int_equal(n, 56);
    arena_release(&a);
}

static void faults_of_a_portfolio_are_told(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct choice_answer r;
    struct choice_item items[2] = {{.needs = 1, .n_levels = 1}, {.needs = 0, .n_levels = 1}};
    struct choice_problem p = {.items = items, .n = 2, .n_categories = 1, .hi = {10}, .cap = 10};
    (void)state;
    assert_error(choice_solve(&a, &p, &r, &e), &e, "item 0 needs itself");
    items[1].needs = -1;
    items[0].levels[0].cost = -1;
    assert_error(choice_solve(&a, &p, &r, &e), &e, "item 0 has a negative cost");
    p.n = 0;
    assert_ok(choice_solve(&a, &p, &r, &e), &e);
    assert_true(r.feasible && r.value == 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_portfolios_are_solved_as_by_trying_everything),
        cmocka_unit_test(stored_optima_are_reproduced),
        cmocka_unit_test(faults_of_a_portfolio_are_told),
    };
    return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
