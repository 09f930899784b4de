/* test_value.c - what a plan and its options are worth, to the cent. */
#include "engine/options.h"
#include "engine/value.h"

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

static void expect(struct arena *a, const struct plan *p, const char *const *names, size_t n,
                   const char *total, const char *value)
{
    struct err e = {0};
    const struct choices *cs = choices_new(a, p);
    bool *on = arena_new(a, bool, cs->n + 1);
    struct circumstances c;
    const struct expansion *x;
    struct plan_value v;
    char text[MONEY_TEXT];
    for (size_t i = 0; i < n; i++) {
        uint32_t k = choices_find(cs, str_of(names[i]));
        if (k == NO_INDEX)
            fail_msg("no option %s", names[i]);
        on[k] = true;
    }
    assert_str(choices_contradiction(a, cs, on), "");
    choices_apply(a, cs, on, NULL, &c);
    assert_ok(expand(a, p, &c, &x, &e), &e);
    assert_ok(value_of(world_new(a, p, &c), x, &v, &e), &e);
    assert_str(money_format(x->total, 2, text), total);
    assert_str(money_format(v.value, 2, text), value);
}

static void the_worked_example_has_its_values(void **state)
{
    static const char *const cut[] = {"platform.less-sandbox", "eta.retrain-less",
                                      "code.cap-agents",       "dispatch.drop",
                                      "routes.drop",           "claims.drop",
                                      "quote.drop",            "routing",
                                      "committed-use",         "one-stack"};
    static const char *const grow[] = {
        "vision.twelve-docks", "support.six-languages", "docs.two-countries", "routing",
        "committed-use",       "one-stack",             "grow-our-own",       "contract-peak"};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str text;
    (void)state;
    need_shared_data();
    str dir = str_fmt(&a, "%s/../plan", shared_data());
    assert_ok(file_read(&a, path_join(&a, dir, S("plan-example.yaml")), 1u << 20, &text, &e), &e);
    const struct plan *p = parse(&a, text);
    expect(&a, p, NULL, 0, "11897029.93", "26689400.83");
    expect(&a, p, cut, ARRAY_LEN(cut), "9418084.40", "21902250.26");
    expect(&a, p, grow, ARRAY_LEN(grow), "12660642.48", "36109875.19");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_values),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
