/* test_plan_report.c - the plan report as JSON against the expected figures, and as people see it. */
#include "report/plan_report.h"

#include "base/json_read.h"
#include "render/renderer.h"
#include "test.h"

static struct doc *build(struct arena *a, str text, enum plan_by by, enum plan_period period)
{
    struct diags d;
    struct err e = {0};
    struct doc *doc;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    if (!p)
        fail_msg("line %u: %.*s", d.items[0].at.line, FMT(d.items[0].text));
    const struct plan_request q = {.plan = p, .by = by, .period = period, .as_of = DAY_NONE};
    assert_ok(report_plan(&q, a, &doc, &e), &e);
    return doc;
}

static str rendered(struct arena *a, const struct doc *d, const char *format)
{
    struct err e = {0};
    struct buf b;
    struct render_options o = {.width = 0};
    buf_init(&b, 16u << 20);
    assert_ok(renderer_by_name(str_of(format))->render(d, &o, &b, &e), &e);
    str out = str_dup(a, buf_str(&b));
    buf_release(&b);
    return out;
}

/* Everything in `want` is in `got` with the same value; `got` may say more. */
static void assert_covers(const struct json *want, const struct json *got, const char *where)
{
    if (!got || want->kind != got->kind || !str_eq(want->text, got->text))
        fail_msg("%s: '%.*s' is not '%.*s'", where, FMT(got ? got->text : S("absent")), FMT(want->text));
    if (want->kind == JSON_LIST && want->n != got->n)
        fail_msg("%s: %zu items, not %zu", where, got->n, want->n);
    for (size_t i = 0; i < want->n; i++) {
        char path[200];
        str key = want->kind == JSON_MAP ? want->keys[i] : S("item");
        char copy[100];
        snprintf(copy, sizeof copy, "%.*s", FMT(key));
        snprintf(path, sizeof path, "%.120s.%.60s", where, copy);
        assert_covers(&want->items[i],
                      want->kind == JSON_MAP ? json_get(got, copy) : &got->items[i], path);
    }
}

static void the_worked_example_reports_its_expected_json(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str text, expected;
    const struct json *want, *got;
    need_shared_data();
    str dir = str_fmt(&a, "%s/../plan", shared_data());
    assert_ok(file_read(&a, path_join(&a, dir, S("plan-example.yaml")), 1u << 20, &text, &e), &e);
    assert_ok(file_read(&a, path_join(&a, dir, S("expected.json")), 1u << 20, &expected, &e), &e);
    assert_ok(json_parse(&a, expected, &want, &e), &e);
    str json = rendered(&a, build(&a, text, PLAN_BY_CATEGORY, PLAN_QUARTERS), "json");
    assert_ok(json_parse(&a, json, &got, &e), &e);
    assert_covers(want, got, "plan");
    arena_release(&a);
}

static void people_see_what_they_ask_for(void **state)
{
    static const struct {
        enum plan_by by;
        enum plan_period period;
        const char *file;
    } rows[] = {{PLAN_BY_CATEGORY, PLAN_QUARTERS, "report-category.txt"},
                {PLAN_BY_INITIATIVE, PLAN_QUARTERS, "report-initiative.txt"},
                {PLAN_BY_OWNER, PLAN_YEARS, "report-owner.txt"},
                {PLAN_BY_LINE, PLAN_MONTHS, "report-line.txt"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        str golden, path = str_fmt(&a, "%s/golden/plan/%s", getenv("TEST_DIR"), rows[i].file);
        str got = rendered(&a, build(&a, sample_plan(&a, "grid.yaml"), rows[i].by, rows[i].period), "text");
        if (getenv("BLESS"))
            assert_ok(file_write_atomic(path, got, &e), &e);
        assert_ok(file_read(&a, path, 1u << 20, &golden, &e), &e);
        if (!str_eq(golden, got))
            fail_msg("the report differs from %.*s; BLESS=1 rewrites it", FMT(path));
        arena_release(&a);
    }
}

static void a_commitment_that_falls_short_warns(void **state)
{
    struct arena a = ARENA_INIT;
    const struct doc *d = build(
        &a, S("plan: {starts: 2026-01, months: 2, fx: {EUR: 2}}\nbands: {data: [0%, 100%]}\n"
              "initiatives:\n  - {id: i, tools: [{id: x, cost: 100/mo}]}\nlevers:\n"
              "  - {id: v, use: yes, applies: i.x, covers: 50%, saves: 10%, commits: EUR 50}\n"),
        PLAN_BY_CATEGORY, PLAN_MONTHS);
    bool found = false;
    for (size_t i = 0; i < d->n_notes; i++)
        found = found || (d->notes[i].level == NOTE_WARN &&
                          str_eq(d->notes[i].text, S("Lever 'v' commits 100.00; the spend it covers is "
                                                     "95.00, which falls short.")));
    assert_true(found);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_reports_its_expected_json),
        cmocka_unit_test(people_see_what_they_ask_for),
        cmocka_unit_test(a_commitment_that_falls_short_warns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
