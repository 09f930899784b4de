/* test_what_if.c - values of a plan set otherwise, by path. */
#include "engine/what_if.h"

#include "engine/expand.h"
#include "test.h"

static const char *const PLAN =
    "plan: {name: p, starts: 2026-07, fx: {EUR: 1.1}}\n"
    "reserve: {share: 10%}\n"
    "drivers: {engineers: {2026-07: 100, 2027-06: 200}}\n"
    "prices:\n"
    "  big-4.5:\n"
    "    - {in: $2, out: $10, cache_read: $0.2}\n"
    "    - {from: 2026-09, in: $3, out: $15}\n"
    "machines: {h100: {value: $3.60 (3.00 to 4.40), source: list}}\n"
    "roles: {mle: {salary: 195k (180k to 215k)}}\n"
    "staff:\n"
    "  - {id: one, role: mle, works_on: a}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    status: committed\n"
    "    compute:\n"
    "      - {id: train, kind: training, machine: h100, gpu_hours: 1000/mo}\n"
    "      - {id: serve, kind: inference, machine: h100, requests: 5k, per_hour: 1k, at_least: 1}\n"
    "    llm:\n"
    "      - {id: chat, model: big-4.5, users: =engineers, sessions: 2, requests: 3 (2 to 4), "
    "in: 1000, out: 100, cached: 50%}\n"
    "    tools:\n"
    "      - {id: tool, cost: EUR 110k/yr, renews: 2026-09, pay: upfront}\n"
    "  - id: b\n"
    "    status: candidate\n"
    "    llm:\n"
    "      - {id: talk, models: {big-4.5: 50%, book-1: 50%}, users: 10, sessions: 1, requests: 1, "
    "in: 10, out: 1}\n"
    "levers:\n"
    "  - {id: diet, use: no, applies: llm.in, saves: 10%}\n";

static bool book_price(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    (void)ctx;
    (void)a;
    (void)m;
    if (!str_eq(model, S("book-1")) && !str_eq(model, S("book.2")))
        return false;
    *ret = (struct plan_price){.note = S("book")};
    for (int i = 0; i < PRICE_PARTS; i++)
        ret->part[i] = DEC_NULL;
    ret->part[PRICE_IN] = DEC_ONE;
    ret->part[PRICE_OUT] = 4 * DEC_ONE;
    return currency_parse(S("USD"), &ret->currency);
}
static const struct plan_options OPTIONS = {.price = book_price};

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, &OPTIONS, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return p;
}

static bool change(struct arena *a, const char *text, const struct plan **ret, struct err *e)
{
    struct what_if w[8];
    size_t n = 0;
    str rest = str_of(text), part;
    while (str_cut(&rest, ';', &part))
        if (!what_if_parse(part, &w[n++], e))
            return false;
    return what_if(a, parse(a, str_of(PLAN)), &OPTIONS, w, n, ret, e);
}

static void a_path_sets_what_it_names(void **state)
{
    static const struct {
        const char *change, *path, *expected; /* the points of the quantity, its range in () */
    } rows[] = {
        {"a.chat.in=2500", "a.chat.in", "2500"},
        {"a.chat.in=2500 (2000 to 4000)", "a.chat.in", "2500 (2000 to 4000)"},
        {"a.chat.requests=x1.5", "a.chat.requests", "4.5 (3 to 6)"},
        {"a.chat.requests=x140%", "a.chat.requests", "4.2 (2.8 to 5.6)"},
        {"a.chat.retries=5%", "a.chat.retries", "0.05"}, /* not stated before */
        {"a.chat.users={2026-07: 5, 2027-06: 9}", "a.chat.users", "5 9"},
        {"prices.big-4.5.in=x2", "prices.big-4.5.in", "4 6"},
        {"prices.big-4.5.in=$1", "prices.big-4.5.in", "1 1"},
        {"prices.big-4.5.cache_read=x2", "prices.big-4.5.cache_read", "0.4"},
        {"prices.big-4.5=x0.5", "prices.big-4.5.out", "5 7.5"},
        {"prices.book-1.out=$9", "prices.book-1.out", "9"},
        {"prices.book.2.out=$9;a.chat.model=book.2", "prices.book.2.out", "9"},
        {"machines.h100=x1.5", "machines.h100", "5.4 (4.5 to 6.6)"},
        {"machines.h100=$4.80", "machines.h100", "4.8"},
        {"drivers.engineers=x2", "drivers.engineers", "200 400"},
        {"roles.mle.salary=x1.1", "roles.mle.salary", "214500 (198000 to 236500)"},
        {"reserve.share=12%", "reserve.share", "0.12"},
        {"buffers.llm=50%", "buffers.llm", "0.5"},
        {"plan.fx.EUR=1.2", "fx.EUR", "1.2"},
        {"fx.EUR=1.2", "fx.EUR", "1.2"},
        {"levers.diet.saves=x2", "levers.diet.saves", "0.2"},
        {"llm.in=x3", "b.talk.in", "30"},
        {"llm.batch=20%", "a.chat.batch", "0.2"},
        {"compute.training=x2", "a.train.gpu_hours", "2000"},
        {"a.serve=x2", "a.serve.at_least", "2"},
        {"a.tool=x2", "a.tool.cost", "220000"},
        {"staff.one=x2", "staff.one.count", "2"},
        {"b.talk.models={big-4.5: 20%, book-1: 80%}", "b.talk.models.book-1", "0.8"},
        {"a.chat.in=1200; a.chat.in=x2", "a.chat.in", "2400"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        const struct plan *p;
        str out = STR_NONE;
        if (!change(&a, rows[i].change, &p, &e))
            fail_msg("%s: %s", rows[i].change, e.text);
        for (size_t k = 0; k < p->n_quantities; k++) {
            const struct quantity *q = p->quantities[k];
            if (!str_eq(q->path, str_of(rows[i].path)))
                continue;
            for (size_t m = 0; m < q->n; m++) {
                const struct number *v = &q->points[m].v;
                out = str_fmt(&a, "%.*s%s%.10g", FMT(out), out.n ? " " : "", v->point);
                if (v->ranged)
                    out = str_fmt(&a, "%.*s (%.10g to %.10g)", FMT(out), v->lo, v->hi);
            }
        }
        if (!str_eq(out, str_of(rows[i].expected)))
            fail_msg("%s: '%.*s' is not '%s'", rows[i].change, FMT(out), rows[i].expected);
        arena_release(&a);
    }
}

static void words_models_and_formulas_can_be_set(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p;
    (void)state;
    assert_ok(change(&a, "levers.diet.use=yes;b.status=committed;b.talk.model=big-4.5", &p, &e),
              &e);
    assert_int_equal(p->levers.items[0].use.v, 1);
    assert_int_equal(p->initiatives.items[1].status.v, INITIATIVE_COMMITTED);
    assert_int_equal(p->initiatives.items[1].llm.items[0].models.n, 1);
    const struct expansion *before, *after;
    assert_ok(expand(&a, parse(&a, str_of(PLAN)), NULL, &before, &e), &e);
    assert_ok(change(&a, "a.chat.users=x2", &p, &e), &e); /* a formula */
    assert_ok(expand(&a, p, NULL, &after, &e), &e);
    for (size_t i = 0; i < after->n_lines; i++) {
        int64_t times = str_eq(after->lines[i].path, S("a.chat")) ? 2 : 1;
        int64_t off = after->lines[i].total.micros - times * before->lines[i].total.micros;
        assert_in_range(off + 120000, 0, 240000); /* twelve roundings to the cent */
    }
    arena_release(&a);
}

static void the_plan_itself_stays_as_it_was(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p = parse(&a, str_of(PLAN)), *q, *again;
    struct what_if w;
    (void)state;
    assert_ok(what_if_parse(S("prices.book-1=x3"), &w, &e), &e);
    assert_ok(what_if(&a, p, &OPTIONS, &w, 1, &q, &e), &e);
    assert_null(yaml_get(yaml_get(p->at, "prices"), "book-1"));
    assert_ok(what_if(&a, p, &OPTIONS, NULL, 0, &again, &e), &e);
    const struct expansion *x, *y;
    assert_ok(expand(&a, p, NULL, &x, &e), &e);
    assert_ok(expand(&a, again, NULL, &y, &e), &e);
    assert_int_equal(x->total.micros, y->total.micros);
    arena_release(&a);
}

static void what_cannot_be_set_is_told(void **state)
{
    static const struct {
        const char *change, *text, *hint;
    } rows[] = {
        {"a.chat", "is not a change of a value", "PATH=VALUE"},
        {"a.chat.in=", "is not a change of a value", "PATH=VALUE"},
        {"a.chta.in=5", "the plan has no value 'a.chta.in'", "'a.chat.in'"},
        {"a.chat.cahced=5%", "the plan has no value 'a.chat.cahced'", "'a.chat.cached'"},
        {"machines.h10=5", "the plan has no value 'machines.h10'", "'machines.h100'"},
        {"prices.big-4.6.in=5", "the plan has no value 'prices.big-4.6.in'", "prices.big-4.5.in"},
        {"prices.big-4.5.inn=5", "the plan has no value", "prices.big-4.5.in"},
        {"levers.died.saves=5%", "the plan has no value", "levers.diet.saves"},
        {"nothing=5", "the plan has no value 'nothing'", "Paths are like"},
        {"a.chat.in=abc", "a.chat.in=abc: 'abc' is not a number", ""},
        {"a.chat.in=-5", "a.chat.in=-5: '-5' is negative", ""},
        {"a.chat.cached=x3", "is more than 100 %", ""},
        {"a.chat.cache_writes=x3", "does not state 'a.chat.cache_writes'", "Set it to a value"},
        {"a.chat=5", "it takes a factor", "a.chat=x1.4"},
        {"a.chat.model=x9", "there is no price for model 'x9'", ""},
        {"a.chat.in=x1 to 2", "needs one factor", ""},
        {"levers.diet.use=maybe", "'maybe' is not one of", ""},
        {"plan.months=2", "with plan.months=2 the plan does not stand: plan.yaml:", ""},
        {"a.chat.in={", "cannot be read", ""},
        {"compute.other=x2", "no line that 'compute.other' could be", ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        const struct plan *p;
        if (change(&a, rows[i].change, &p, &e))
            fail_msg("%s: no error", rows[i].change);
        if (!strstr(e.text, rows[i].text) || !strstr(e.hint, rows[i].hint))
            fail_msg("%s: '%s' / '%s'", rows[i].change, e.text, e.hint);
        arena_release(&a);
    }
}

static void a_scenario_s_value_has_its_place(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct plan *p = parse(&a, str_of(PLAN)), *q;
    struct what_if w = {S("a.chat.in"), S("many"), yaml_get(p->at, "reserve")};
    (void)state;
    assert_error(what_if(&a, p, &OPTIONS, &w, 1, &q, &e), &e, "plan.yaml:2:10: 'many'");
    w.path = S("a.chat.inn");
    assert_error(what_if(&a, p, &OPTIONS, &w, 1, &q, &e), &e, "plan.yaml:2:10: the plan has no");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_sets_what_it_names),
        cmocka_unit_test(words_models_and_formulas_can_be_set),
        cmocka_unit_test(the_plan_itself_stays_as_it_was),
        cmocka_unit_test(what_cannot_be_set_is_told),
        cmocka_unit_test(a_scenario_s_value_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
