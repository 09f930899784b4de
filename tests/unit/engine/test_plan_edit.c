/* test_plan_edit.c - values changed where they stand, and the diff of it. */
#include "engine/plan_edit.h"

#include "engine/what_if.h"
#include "test.h"

#define HEAD                                                                                       \
    "plan: {name: p, starts: 2026-07}\nreserve: {share: 15%}\n"                                    \
    "prices: {m: {in: $1, out: $2}, n: {in: $1, out: $1}}\n"                                       \
    "initiatives:\n  - id: a\n    status: committed\n    llm:\n"
#define FLOW                                                                                       \
    HEAD "      - {id: x, model: m, users: 5, sessions: 1, requests: 2, in: 10, out: 1}  # é\n"
#define BLOCK                                                                                      \
    HEAD "      - id: x\n        model: m # the usual one\n        users: {2026-07: 5, 2026-09: "  \
         "9k}\n"                                                                                   \
         "        sessions: 1\n        requests: '2' # two\n        in: 10 (8 to 12)   # tokens\n" \
         "        out: 1\n        source: é, \"x\"\n"

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return p;
}

static bool edit(struct arena *a, const char *text, const char *changes, struct edited_file **ret,
                 size_t *ret_n, struct err *e)
{
    const struct plan *p = parse(a, str_of(text)), *q;
    struct what_if w[8];
    size_t n = 0;
    str rest = str_of(changes), part;
    while (str_cut(&rest, ';', &part))
        assert_ok(what_if_parse(part, &w[n++], e), e);
    assert_ok(what_if(a, p, NULL, w, n, &q, e), e);
    const struct yaml_node *was = p->lines[0]->at, *now = q->lines[0]->at;
    struct yaml_edits t = {.a = a};
    return plan_edit(&t, &was, &now, 1, e) && yaml_edits_apply(&t, ret, ret_n, e);
}

static void only_the_value_s_bytes_change(void **state)
{
    static const struct {
        const char *text, *changes, *before, *after; /* of the one line that changes */
    } rows[] = {
        {FLOW, "a.x.in=25", "in: 10, out: 1}  # é", "in: 25, out: 1}  # é"},
        {FLOW, "a.x.out=3 (2 to 4)", "out: 1}", "out: 3 (2 to 4)}"},
        {FLOW, "a.x.cached=30%", "out: 1}", "out: 1, cached: 30%}"},
        {FLOW, "a.x.models={m: 50%, n: 50%}", "model: m,", "models: {m: 50%, n: 50%},"},
        {BLOCK, "a.x.in=25", "in: 10 (8 to 12)   # tokens", "in: 25   # tokens"},
        {BLOCK, "a.x.in=x2", "in: 10 (8 to 12)", "in: 20 (16 to 24)"},
        {BLOCK, "a.x.requests=3", "requests: '2' # two", "requests: 3 # two"},
        {BLOCK, "a.x.users=x2", "{2026-07: 5, 2026-09: 9k}", "{2026-07: 10, 2026-09: 18k}"},
        {BLOCK, "a.x.users=7", "{2026-07: 5, 2026-09: 9k}", "7"},
        {BLOCK, "a.x.batch=30%", "        out: 1\n", "        out: 1\n        batch: 30%\n"},
        {BLOCK, "a.x.models={m: 50%, n: 50%}", "model: m #", "models: {m: 50%, n: 50%} #"},
        {FLOW, "a.x.in=25;a.x.out=2", "in: 10, out: 1}", "in: 25, out: 2}"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct edited_file *files;
        size_t n;
        assert_ok(edit(&a, rows[i].text, rows[i].changes, &files, &n, &e), &e);
        assert_int_equal(n, 1);
        str text = str_of(rows[i].text);
        size_t at = str_find(text, str_of(rows[i].before), 0);
        assert_true(at != SIZE_MAX);
        str wanted = str_fmt(&a, "%.*s%s%.*s", FMT(str_sub(text, 0, at)), rows[i].after,
                             FMT(str_sub(text, at + strlen(rows[i].before), text.n)));
        if (!str_eq(files[0].text, wanted))
            fail_msg("%s: %.*s", rows[i].changes, FMT(files[0].text));
        (void)parse(&a, files[0].text);
        arena_release(&a);
    }
}

static void a_diff_has_context_and_shifts(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct edited_file *files;
    size_t n;
    (void)state;
    assert_ok(edit(&a, BLOCK, "a.x.in=25;a.x.batch=30%;a.x.sessions=2", &files, &n, &e), &e);
    assert_str(edited_files_diff(&a, files, n), "--- plan.yaml\n+++ plan.yaml\n@@ -8,8 +8,9 @@\n"
                                                "       - id: x\n"
                                                "         model: m # the usual one\n"
                                                "         users: {2026-07: 5, 2026-09: 9k}\n"
                                                "-        sessions: 1\n"
                                                "+        sessions: 2\n"
                                                "         requests: '2' # two\n"
                                                "-        in: 10 (8 to 12)   # tokens\n"
                                                "+        in: 25   # tokens\n"
                                                "         out: 1\n"
                                                "+        batch: 30%\n"
                                                "         source: é, \"x\"\n");
    assert_ok(edit(&a, BLOCK, "a.x.in=10 (8 to 12)", &files, &n, &e), &e);
    assert_int_equal(n, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_value_s_bytes_change),
        cmocka_unit_test(a_diff_has_context_and_shifts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
