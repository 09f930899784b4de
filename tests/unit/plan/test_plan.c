/* test_plan.c - included files, the price book, the schema: what surrounds the language. */
#include "plan/plan.h"

#include "engine/expand.h"
#include "test.h"

struct files {
    const char *name, *text;
};

static bool read_from(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    for (const struct files *f = ctx; f->name; f++) {
        if (str_eq(path, str_of(f->name))) {
            *ret = str_of(f->text);
            return true;
        }
    }
    return err_set(e, ERR_FAILED, "%.*s: no such file", FMT(path));
}

static const char *messages(struct arena *a, const struct diags *d)
{
    str out = S("");
    for (size_t i = 0; i < d->n; i++)
        out = str_fmt(a, "%.*s%.*s:%u:%u %.*s\n", FMT(out), FMT(d->items[i].at.file),
                      d->items[i].at.line, d->items[i].at.column, FMT(d->items[i].text));
    return str_cstr(a, out);
}

static void included_files_add_their_keys(void **state)
{
    static const struct files good[] = {
        {"book/parts/team.yaml", "roles: {dev: {salary: 120k}}\nstaff:\n  - {id: b, role: dev}\n"},
        {"book/prices.yaml", "include: parts/team.yaml\nmachines: {h: 3}\n"},
        {NULL, NULL}};
    static const struct {
        const char *main;
        struct files files[4];
        const char *want;
    } bad[] = {
        {"include: a.yaml\nplan: {starts: 2026-01}\n",
         {{"book/a.yaml", "include: plan.yaml\n"}},
         "book/a.yaml:1:10 'plan.yaml' is already part of this plan\n"},
        {"include: ../x.yaml\nplan: {starts: 2026-01}\n",
         {{NULL, NULL}},
         "book/plan.yaml:1:10 '../x.yaml' is outside the plan's folder\n"},
        {"include: [/etc/passwd, no.yaml]\nplan: {starts: 2026-01}\n",
         {{NULL, NULL}},
         "book/plan.yaml:1:11 '/etc/passwd' is outside the plan's folder\n"
         "book/plan.yaml:1:24 cannot include 'no.yaml': book/no.yaml: no such file\n"},
        {"include: a.yaml\nplan: {starts: 2026-01}\nmachines: {h: 3}\nstaff: [{id: x, salary: "
         "9k}]\n",
         {{"book/a.yaml",
           "machines: {h: 4}\nplan: []\nstaff:\n  - {id: x, salary: 1}\n  - {id: y, role: z}\n"}},
         "book/a.yaml:1:12 duplicate key 'h', first in book/plan.yaml, line 3\n"
         "book/a.yaml:2:1 'plan' is already in book/plan.yaml, line 2\n"
         "book/a.yaml:4:10 duplicate position id 'x', first in book/plan.yaml, line 4\n"
         "book/a.yaml:5:19 there is no role 'z'\n"},
    };
    struct arena a = ARENA_INIT;
    struct diags d;
    struct plan_options o = {.read = read_from, .read_ctx = good};
    diags_init(&d, &a);
    const struct plan *p = plan_parse(&a, S("book/plan.yaml"),
                                      S("plan: {starts: 2026-01}\ninclude: [prices.yaml]\nstaff:\n"
                                        "  - {id: a, role: dev}\n"),
                                      &o, &d);
    assert_string_equal(messages(&a, &d), "");
    assert_int_equal(p->staff.n, 2);
    assert_int_equal(p->machines.n, 1);
    assert_int_equal(p->n_files, 3);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        diags_init(&d, &a);
        o.read_ctx = bad[i].files;
        assert_null(plan_parse(&a, S("book/plan.yaml"), str_of(bad[i].main), &o, &d));
        assert_string_equal(messages(&a, &d), bad[i].want);
    }
    arena_release(&a);
}

/* A book in which `m` costs 2 and from 2026-03 on 1, in USD. */
static bool book(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    if (!str_eq(model, S("m")))
        return false;
    for (int i = 0; i < PRICE_PARTS; i++)
        ret->part[i] = DEC_NULL;
    ret->part[PRICE_IN] = ret->part[PRICE_OUT] = (m < month_of(2026, 3) ? 2 : 1) * DEC_ONE;
    ret->currency = (currency){"USD"};
    ret->note = S("m@book");
    return true;
}

static void models_without_a_price_come_from_the_book(void **state)
{
    static const char text[] =
        "plan: {starts: 2026-01, months: 4%s}\nbuffers: {llm: 0%%}\ninitiatives:\n  - id: i\n    "
        "llm:\n"
        "      - {id: l, model: %s, users: 1000, sessions: 10, requests: 10, in: 10, out: 0}\n";
    struct arena a = ARENA_INIT;
    struct diags d;
    struct err e = {0};
    struct plan_options o = {.price = book};
    const struct expansion *x;
    char t[MONEY_TEXT];
    diags_init(&d, &a);
    const struct plan *p =
        plan_parse(&a, S("p"), str_fmt(&a, text, ", currency: EUR, fx: {USD: 0.5}", "m"), &o, &d);
    assert_string_equal(messages(&a, &d),
                        "p:2:16 a buffer of 0% for LLM lines is outside the usual 30-50 %\n");
    assert_int_equal(p->prices.n, 1);
    assert_int_equal(p->prices.items[0].n, 2);
    assert_ok(expand(&a, p, NULL, &x, &e), &e);
    assert_str(money_format(x->lines[0].monthly[1], 2, t), "1.00");
    assert_str(money_format(x->lines[0].monthly[2], 2, t), "0.50");
    diags_init(&d, &a);
    assert_null(plan_parse(&a, S("p"), str_fmt(&a, text, ", currency: EUR", "m"), &o, &d));
    assert_str(d.items[1].text, "there is no rate for USD, which 4 values need");
    diags_init(&d, &a);
    assert_null(plan_parse(&a, S("p"), str_fmt(&a, text, "", "n"), &o, &d));
    assert_str(d.items[1].text, "there is no price for model 'n'");
    arena_release(&a);
}

static void the_reference_in_the_docs_is_generated_from_the_tables(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct buf b;
    str docs;
    buf_init(&b, 1u << 20);
    plan_schema_markdown(&b);
    str path = str_fmt(&a, "%s/../docs/plan-language.md", getenv("TEST_DIR"));
    assert_ok(file_read(&a, path, 1u << 20, &docs, &e), &e);
    size_t at = str_find(docs, S("## Keys\n\n"), 0);
    assert_true(at != SIZE_MAX);
    if (getenv("BLESS"))
        assert_ok(
            file_write_atomic(
                path, str_fmt(&a, "%.*s%.*s", FMT(str_sub(docs, 0, at + 9)), FMT(buf_str(&b))), &e),
            &e);
    assert_ok(file_read(&a, path, 1u << 20, &docs, &e), &e);
    if (!str_eq(str_sub(docs, at + 9, docs.n), buf_str(&b)))
        fail_msg("docs/plan-language.md is not what the tables say; BLESS=1 rewrites its keys");
    buf_release(&b);
    arena_release(&a);
}

static void the_schema_in_the_docs_is_generated_from_the_tables(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct buf b;
    str docs;
    buf_init(&b, 1u << 20);
    plan_schema_json(&b);
    str path = str_fmt(&a, "%s/../docs/plan-schema.json", getenv("TEST_DIR"));
    if (getenv("BLESS"))
        assert_ok(file_write_atomic(path, buf_str(&b), &e), &e);
    assert_ok(file_read(&a, path, 1u << 20, &docs, &e), &e);
    if (!str_eq(docs, buf_str(&b)))
        fail_msg("docs/plan-schema.json is not what the tables say; BLESS=1 rewrites it");
    buf_release(&b);
    arena_release(&a);
}

static void every_quantity_has_a_path_of_its_own(void **state)
{
    struct arena a = ARENA_INIT;
    struct diags d;
    diags_init(&d, &a);
    const struct plan *p = plan_parse(
        &a, S("p"),
        S("plan: {starts: 2026-01, fx: {EUR: 1.1}}\nmachines: {h: EUR 3}\nloading: {benefits: "
          "20%}\n"
          "roles: {dev: {salary: 100k}}\nprices: {m: [{in: 1, out: 2}, {from: 2026-05, in: 2, out: "
          "3}]}\n"
          "initiatives:\n  - id: i\n    llm:\n      - {id: l, model: m, users: 5, sessions: 1, "
          "requests: 2, in: 3, out: 4}\nlevers:\n  - {id: v, applies: llm.in, saves: 5%}\n"),
        NULL, &d);
    static const char *const paths[] = {"fx.EUR",           "machines.h",  "loading.benefits",
                                        "roles.dev.salary", "prices.m.in", "i.l.users",
                                        "levers.v.saves"};
    assert_non_null(p);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (!plan_quantity(p, str_of(paths[i])))
            fail_msg("there is no '%s'", paths[i]);
    assert_int_equal(plan_line_index(p, S("i.l")), 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(included_files_add_their_keys),
        cmocka_unit_test(models_without_a_price_come_from_the_book),
        cmocka_unit_test(the_reference_in_the_docs_is_generated_from_the_tables),
        cmocka_unit_test(the_schema_in_the_docs_is_generated_from_the_tables),
        cmocka_unit_test(every_quantity_has_a_path_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
