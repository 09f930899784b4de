/* test_calibrate.c - from imported usage to the changed plan file; the Azure trace to the cent. */
#include "app/calibrate.h"

#include <math.h>

#include "app/import.h"
#include "app/init.h"
#include "unit/place.h"

static const char PLAN[] = "plan: {name: P, starts: 2023-11, currency: USD}\n"
                           "prices:\n"
                           "  big-trace: {in: $2.5, out: $10, batch_in: $1.25, batch_out: $5}\n"
                           "  small-trace: {in: $0.15, out: $0.60}\n"
                           "reserve: {share: 15%}\n"
                           "initiatives:\n"
                           "  - id: chat\n"
                           "    status: committed\n"
                           "    llm:\n"
                           "      - id: bot # the assistant\n"
                           "        model: big-trace\n"
                           "        users: 19366\n"
                           "        sessions: 1\n"
                           "        requests: 1\n"
                           "        in: 1000 # guessed\n"
                           "        out: 200\n"
                           "        match: {model: '*-trace'}\n";

/* imported into the book: what rows without a cost get */
static const char PRICES[] = "model,input,output,batch_input,batch_output\n"
                             "big-trace,2.5,10,1.25,5\n"
                             "small-trace,0.15,0.60,,\n";

static const char LOG[] =
    "date,model,batch,requests,prompt_tokens,cached_tokens,completion_tokens\n"
    "2023-11-01,big-trace,false,100,200000,50000,20000\n"
    "2023-11-01,big-trace,true,100,200000,0,20000\n"
    "2023-11-02,big-trace,false,300,600000,150000,60000\n";

static int make_place(void **state)
{
    struct place *p = place_new();
    struct err e;
    assert_ok(init_book(p->dir, false, NOW, &e), &e);
    write_text(p, "plan.yaml", str_of(PLAN));
    write_text(p, "rules.yaml",
               S("rules:\n  - {id: llm, match: {model: '*-trace'}, category: vendor}\n"));
    write_text(p, "log.csv", str_of(LOG));
    *state = p;
    return 0;
}

static void import(struct place *p, str path, const char *model)
{
    struct err e;
    struct workspace_options o = {.dir = p->dir, .now = NOW, .threads = 1};
    bool is_new;
    assert_ok(workspace_open(&p->a, &o, NEED_BOOK_WRITE, NULL, &p->w, &e), &e);
    assert_ok(book_add_prices(p->w.book, S("prices.csv"), str_of(PRICES), NOW, &is_new, &e), &e);
    struct import_request q = {
        .paths = &path, .n_paths = 1, .options = {.model = str_of(model), .start = DAY_NONE}};
    struct import_outcome ignored;
    assert_ok(workspace_open(&p->a, &o, NEED_BOOK_WRITE | NEED_LEDGER | NEED_RULES | NEED_PRICES,
                             NULL, &p->w, &e),
              &e);
    assert_ok(import_files(&p->w, &q, &ignored, &e), &e);
    assert_ok(workspace_attach(&p->w, &e), &e);
}

static void load(struct place *p, struct plan_source *ret)
{
    struct err e;
    struct diags d;
    diags_init(&d, &p->a);
    assert_ok(load_plan_source(&p->w, STR_NONE, &d, ret, &e), &e);
}

static const struct calibrated_driver *driver(const struct calibrated_line *r, enum line_quantity q)
{
    for (size_t i = 0; i < r->n_drivers; i++)
        if (r->drivers[i].driver == q)
            return &r->drivers[i];
    return NULL;
}

static void the_azure_trace_costs_what_it_should(void **state)
{
    static const struct {
        const char *model, *cost;
        double at_the_plan_s_prices;
    } rows[] = {{"big-trace", "96.791325", 96.791325}, {"small-trace", "5.8074795", 5.8074795}};
    need_shared_data();
    remove_place(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        make_place(state);
        struct place *p = *state;
        struct err e;
        struct plan_source s;
        const struct actuals *all;
        struct calibrate_result r;
        char text[DEC_TEXT];
        dec sum = 0;
        import(p, str_fmt(&p->a, "%s/usage/AzureLLMInferenceTrace_conv.csv.gz", shared_data()),
               rows[i].model);
        load(p, &s);
        const struct actuals_query q = {.plan = s.plan, .from = DAY_NONE, .to = DAY_NONE};
        assert_ok(actuals_read(&p->w, &q, &all, &e), &e);
        for (size_t k = 0; k < all->n; k++)
            assert_true(dec_add(sum, all->items[k].amount, &sum));
        assert_str(dec_format(sum, text), rows[i].cost);
        const struct calibrate_query cq = {&s, DAY_NONE, DAY_NONE, S("chat.bot")};
        assert_ok(calibrate_book(&p->w, &cq, &r, &e), &e);
        assert_int_equal(r.c.n, 1);
        const struct calibrated_line *l = &r.c.lines[0];
        assert_true(l->requests == 19366 && l->tokens == 22361870 + 4088665);
        assert_true(driver(l, Q_IN)->observed == 22361870.0 / 19366);
        assert_true(driver(l, Q_OUT)->observed == 4088665.0 / 19366);
        assert_true(isnan(driver(l, Q_IN)->lo)); /* one day has no spread */
        for (size_t k = 0; k < l->n_models; k++)
            if (str_eq(l->models[k].name, str_of(rows[i].model)))
                assert_true(fabs(l->models[k].expected - rows[i].at_the_plan_s_prices) < 1e-12);
        remove_place(state);
    }
    make_place(state);
}

static void usage_changes_the_plan_file_in_place(void **state)
{
    struct place *p = *state;
    struct err e;
    struct plan_source s;
    struct calibrate_result r;
    str text;
    import(p, path_join(&p->a, p->dir, S("log.csv")), "");
    load(p, &s);
    const struct calibrate_query q = {&s, DAY_NONE, DAY_NONE, STR_NONE};
    assert_ok(calibrate_book(&p->w, &q, &r, &e), &e);
    const struct calibrated_line *l = &r.c.lines[0];
    assert_true(l->requests == 500);
    assert_true(driver(l, Q_BATCH)->observed == 0.2);
    assert_true(driver(l, Q_CACHED)->observed == 0.2);
    assert_false(driver(l, Q_CACHE_WRITES)->seen);
    assert_ok(calibrate_write(&p->w, &q, &r, &e), &e);
    assert_ok(file_read(&p->a, path_join(&p->a, p->dir, S("plan.yaml")), 1u << 20, &text, &e), &e);
    assert_true(str_find(text, S("        in: 2000 # guessed\n"), 0) != SIZE_MAX);
    assert_true(str_find(text, S("        out: 200\n        cached: 20%\n"), 0) != SIZE_MAX);
    assert_true(str_find(text, S("bot # the assistant\n"), 0) != SIZE_MAX);
    load(p, &s); /* now usage is as planned */
    assert_ok(calibrate_book(&p->w, &q, &r, &e), &e);
    assert_int_equal(r.c.n_changes, 0);
    assert_int_equal(r.change.n_files, 0);
}

static void a_file_that_changed_meanwhile_is_left_alone(void **state)
{
    struct place *p = *state;
    struct err e;
    struct plan_source s;
    struct calibrate_result r;
    str path = path_join(&p->a, p->dir, S("plan.yaml")), text;
    import(p, path_join(&p->a, p->dir, S("log.csv")), "");
    load(p, &s);
    const struct calibrate_query q = {&s, DAY_NONE, DAY_NONE, STR_NONE};
    assert_ok(calibrate_book(&p->w, &q, &r, &e), &e);
    assert_int_equal(r.change.n_files, 1);
    assert_ok(file_read(&p->a, path, 1u << 20, &text, &e), &e);
    text = str_fmt(&p->a, "%.*s# a colleague's\n", FMT(text));
    assert_ok(file_write_atomic(path, text, &e), &e);
    assert_error(calibrate_write(&p->w, &q, &r, &e), &e, "has changed since it was read");
    str now;
    assert_ok(file_read(&p->a, path, 1u << 20, &now, &e), &e);
    assert_true(str_eq(now, text));
}

static void what_is_asked_wrongly_is_told(void **state)
{
    struct place *p = *state;
    struct err e;
    struct plan_source s;
    struct calibrate_result r = {0};
    import(p, path_join(&p->a, p->dir, S("log.csv")), "");
    load(p, &s);
    const struct calibrate_query q = {&s, DAY_NONE, DAY_NONE, S("chat.bto")};
    assert_error(calibrate_book(&p->w, &q, &r, &e), &e, "no LLM line 'chat.bto'");
    assert_non_null(strstr(e.hint, "chat.bot"));
    s.kind = SOURCE_BASELINE;
    s.name = S("baseline 1");
    assert_error(calibrate_write(&p->w, &q, &r, &e), &e, "baseline 1 cannot be written to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_azure_trace_costs_what_it_should, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(usage_changes_the_plan_file_in_place, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_file_that_changed_meanwhile_is_left_alone, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly_is_told, make_place, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
