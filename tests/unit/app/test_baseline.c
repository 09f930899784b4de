/* test_baseline.c - a plan frozen in a book computes to the same amounts for good. */
#include "app/baseline.h"

#include "app/init.h"
#include "base/share.h"
#include "unit/place.h"

static void open_place(struct place *p)
{
    struct workspace_options o = {.dir = p->dir, .now = NOW};
    struct err e;
    workspace_for_plan(&p->a, &o, &p->w);
    assert_ok(workspace_book_write(&p->w, &e), &e);
}

static int make_place(void **state)
{
    struct place *p = place_new();
    struct err e;
    assert_ok(init_book(p->dir, false, NOW, &e), &e);
    write_text(p, "plan.yaml", share_file("example/plan.yaml"));
    open_place(p);
    *state = p;
    return 0;
}

static struct plan_source load(struct place *p, const char *what)
{
    struct err e;
    struct diags d;
    struct plan_source s;
    diags_init(&d, &p->a);
    assert_ok(load_plan_source(&p->w, str_of(what), &d, &s, &e), &e);
    return s;
}

static struct baseline freeze(struct place *p, enum baseline_status status)
{
    struct err e;
    struct plan_source s = load(p, "");
    struct baseline x;
    struct freeze f = {status, S("finance"), S("")};
    assert_ok(baseline_freeze(&p->w, &s, &f, &x, &e), &e);
    return x;
}

static str figures(struct place *p, const struct plan *plan)
{
    struct err e;
    const struct expansion *x;
    assert_ok(expand(&p->a, plan, NULL, &x, &e), &e);
    return figures_text(&p->a, x);
}

static void a_frozen_plan_computes_to_what_was_frozen(void **state)
{
    struct place *p = *state;
    struct err e;
    size_t n;
    str before = figures(p, load(p, "").plan);
    struct baseline x = freeze(p, BASELINE_APPROVED);
    assert_true(str_eq(x.figures, before));
    assert_true(str_eq(x.files[0].path, S("plan.yaml")));
    assert_true(str_eq(x.files[0].content, share_file("example/plan.yaml")));
    write_text(p, "plan.yaml", S("plan: {starts: 2027-01}\n"));
    struct plan_source s = load(p, "baseline:1");
    assert_int_equal(s.kind, SOURCE_BASELINE);
    assert_int_equal(s.baseline, 1);
    assert_true(str_eq(figures(p, s.plan), before));
    assert_ok(baselines_verify(&p->w, &n, &e), &e);
    assert_int_equal(n, 1);
}

static const char BOOK_PLAN[] =
    "plan: {starts: 2026-07, months: 12}\n"
    "initiatives:\n"
    "  - id: one\n"
    "    llm:\n"
    "      - {id: chat, model: claude-sonnet-5, users: 1M, sessions: 1, requests: 1, in: 1000, out: "
    "100, cached: 20%, batch: 10%}\n"
    "      - {id: other, model: gpt-4o, users: 1M, sessions: 1, requests: 1, in: 1000, out: 100}\n";

static void prices_of_the_price_book_are_frozen_by_their_months(void **state)
{
    struct place *p = *state;
    struct err e;
    struct plan_options o;
    size_t n;
    write_text(p, "plan.yaml", str_of(BOOK_PLAN));
    struct plan_source s = load(p, "");
    str csv = book_prices_csv(&p->a, s.plan);
    assert_true(str_find(csv, S("\"claude-sonnet-5\",2026-07,"), 0) != SIZE_MAX);
    assert_true(str_find(csv, S("\"gpt-4o\",2026-07,"), 0) != SIZE_MAX);
    assert_ok(book_prices_parse(&p->a, csv, &o, &e), &e);
    struct diags d;
    diags_init(&d, &p->a);
    const struct plan *again = plan_parse(&p->a, S("plan.yaml"), str_of(BOOK_PLAN), &o, &d);
    assert_non_null(again);
    assert_true(str_eq(book_prices_csv(&p->a, again), csv));
    assert_true(str_eq(figures(p, again), figures(p, s.plan)));
    freeze(p, BASELINE_REQUESTED);
    bool is_new;
    assert_ok(book_add_prices(p->w.book, S("own.csv"), S("model,input,output\ngpt-4o,500,900\n"), NOW,
                              &is_new, &e), &e);
    p->w.prices = NULL; /* as the next command finds it */
    assert_false(str_eq(figures(p, load(p, "").plan), figures(p, s.plan)));
    assert_true(str_eq(figures(p, load(p, "baseline:1").plan), figures(p, s.plan)));
    assert_ok(baselines_verify(&p->w, &n, &e), &e);
}

static void frozen_prices_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"model,from\nx,2026-07\n", "other columns"},
        {"model,from,in,out,cache_read,cache_write,batch_in,batch_out,currency,note\n"
         "x,2026-13,1,2,,,,,USD,n\n", "'2026-13' is not a month"},
        {"model,from,in,out,cache_read,cache_write,batch_in,batch_out,currency,note\n"
         "x,2026-07,1x,2,,,,,USD,n\n", "'1x' is not a price"},
        {"model,from,in,out,cache_read,cache_write,batch_in,batch_out,currency,note\n"
         "x,2026-07,1,2,,,,,UUU,n\n", "'UUU' is not a currency"},
    };
    struct place *p = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        struct plan_options o;
        assert_error(book_prices_parse(&p->a, str_of(rows[i].text), &o, &e), &e, rows[i].error);
    }
}

static void requests_are_recognized_by_their_texts(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t same, last;
    freeze(p, BASELINE_REQUESTED);
    struct baseline x = freeze(p, BASELINE_APPROVED);
    assert_ok(baseline_requested(&p->w, &x, &same, &last, &e), &e);
    assert_int_equal(same, 1);
    write_text(p, "plan.yaml", str_of(BOOK_PLAN));
    freeze(p, BASELINE_REQUESTED);
    x = freeze(p, BASELINE_REQUESTED);
    x.files[0].content = S("plan: {}\n");
    assert_ok(baseline_requested(&p->w, &x, &same, &last, &e), &e);
    assert_int_equal(same, 0);
    assert_int_equal(last, 4);
}

static void amounts_that_do_not_follow_from_the_texts_are_found(void **state)
{
    struct place *p = *state;
    struct err e;
    struct baseline x = freeze(p, BASELINE_REQUESTED);
    size_t n, at = str_find(x.figures, S("line,"), 0);
    int64_t id;
    x.figures = str_fmt(&p->a, "%.*sLINE,%.*s", FMT(str_sub(x.figures, 0, at)),
                        FMT(str_sub(x.figures, at + 5, x.figures.n)));
    assert_ok(book_add_baseline(p->w.book, &x, NOW, &id, &e), &e);
    assert_ok(book_verify_baselines(p->w.book, &e), &e);
    assert_error(baselines_verify(&p->w, &n, &e), &e,
                 "baseline 2 does not compute to its frozen amounts");
    assert_non_null(strstr(e.hint, "'LINE,platform.lake,"));
}

static void names_of_baselines_are_checked(void **state)
{
    static const char *const wrong[] = {"baseline:", "baseline:0", "baseline:-1", "baseline:1x",
                                        "baseline: 1", "Baseline:1", "1"};
    int64_t n;
    (void)state;
    assert_true(baseline_number(S("baseline:12"), &n));
    assert_int_equal(n, 12);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(baseline_number(str_of(wrong[i]), &n));
}

int main(void)
{
#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_frozen_plan_computes_to_what_was_frozen),
        IN_A_PLACE(prices_of_the_price_book_are_frozen_by_their_months),
        IN_A_PLACE(frozen_prices_that_are_none_are_refused),
        IN_A_PLACE(requests_are_recognized_by_their_texts),
        IN_A_PLACE(amounts_that_do_not_follow_from_the_texts_are_found),
        cmocka_unit_test(names_of_baselines_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
