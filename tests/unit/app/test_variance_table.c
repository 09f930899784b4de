/* test_variance_table.c - a real public budget, line by line, and tables with odd cells. */
#include "app/variance_table.h"
#include "test.h"

static dec d(const char *text)
{
    dec v;
    assert_int_equal(dec_parse(str_of(text), &v), DEC_OK);
    return v;
}

static struct cell figure(const struct doc *x, const char *id)
{
    for (size_t i = 0; i < x->n_figures; i++)
        if (strcmp(x->figures[i].id, id) == 0)
            return x->figures[i].value;
    fail_msg("no figure %s", id);
    return (struct cell){0};
}

static void the_totals_and_flags_of_a_real_county_come_out_exactly(void **state)
{
    static const struct {
        const char *year;
        int64_t flags, lines;
    } rows[] = {{"2008", 32, 118}, {"2010", 35, 125}, {"2012", 35, 130}, {"2016", 27, 123}};
    (void)state;
    need_shared_data();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct variance_table t;
        size_t flags;
        struct table_request q = {
            .path = str_fmt(&a, "%s/budgets/cook_county_budget_cleaned.csv", shared_data()),
            .budget = str_fmt(&a, "Appropriations %s", rows[i].year),
            .actual = str_fmt(&a, "Expenditures %s", rows[i].year),
            .rule = {.over = d("0.15")}};
        assert_ok(variance_table_read(&a, &q, &t, &e), &e);
        assert_int_equal(t.n_lines, 178);
        const struct doc *x = report_variance_table(&t, &a, &flags);
        assert_int_equal(figure(x, "flags").count, rows[i].flags);
        assert_int_equal(figure(x, "lines").count, rows[i].lines);
        if (strcmp(rows[i].year, "2012") == 0) {
            assert_true(figure(x, "budget").number == d("3359265077"));
            assert_true(figure(x, "actual").number == d("2924150141.08"));
            assert_true(dec_round(figure(x, "pct").number, 6) == d("-0.129527"));
            assert_int_equal(figure(x, "unbudgeted").count, 2);
            assert_int_equal(flags, rows[i].flags + 2);
        }
        arena_release(&a);
    }
}

static void odd_cells_are_amounts_faults_or_unknown(void **state)
{
    static const struct {
        const char *budget, *actual;
        bool flag, unbudgeted, known;
    } rows[] = {
        {"0", "0", false, false, true},        {"0", "5", false, true, true},
        {"\"1,000\"", "", false, false, false}, {"", "7", false, false, false},
        {"100", "0", true, false, true},       {"100", "(20)", true, false, true},
        {"100", "115", false, false, true},    {"$100", "-$115.01", true, false, true},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct variance_table t;
        struct table_request q = {.path = S("t.csv"), .budget = S("b"), .actual = S("a"),
                                  .rule = {.over = d("0.15")}};
        str text = str_fmt(&a, "b,a\n%s,%s\n", rows[i].budget, rows[i].actual);
        assert_ok(variance_table_parse(&a, &q, text, &t, &e), &e);
        struct variance v = variance_of(t.lines[0].actual, t.lines[0].budget, &t.rule);
        assert_int_equal(v.flag, rows[i].flag);
        assert_int_equal(v.unbudgeted, rows[i].unbudgeted);
        assert_int_equal(!dec_is_null(v.delta), rows[i].known);
        assert_int_equal(t.blanks, !rows[i].known);
        arena_release(&a);
    }
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct variance_table t;
    struct table_request q = {.path = S("t.csv"), .budget = S("b"), .actual = S("a")};
    assert_error(variance_table_parse(&a, &q, S("b,a\n1,2\n1,two\n"), &t, &e), &e, "t.csv:3");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_totals_and_flags_of_a_real_county_come_out_exactly),
        cmocka_unit_test(odd_cells_are_amounts_faults_or_unknown),
    };
    return cmocka_run_group_tests_name("app_variance_table", tests, NULL, NULL);
}
