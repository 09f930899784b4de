/* test_actuals.c - spend lands on the plan's lines: by rules, by match, or as unplanned. */
#include "app/actuals.h"

#include "app/import.h"
#include "app/init.h"
#include "app/plan_source.h"
#include "unit/place.h"

static const char PLAN[] =
    "plan: {name: P, starts: 2026-07, currency: USD}\n"
    "prices:\n"
    "  m: {in: $1, out: $2}\n"
    "roles:\n"
    "  eng: {salary: 120k}\n"
    "staff:\n"
    "  - {id: e, role: eng, works_on: chat}\n"
    "  - {id: two, role: eng, works_on: {chat: 1, docs: 1}}\n"
    "initiatives:\n"
    "  - id: chat\n"
    "    status: committed\n"
    "    llm:\n"
    "      - {id: bot, model: m, users: 1, sessions: 1, requests: 1, in: 1, out: 1, match: {vendor: "
    "anthropic, project: chat-*}}\n"
    "      - {id: any, model: m, users: 1, sessions: 1, requests: 1, in: 1, out: 1, match: {vendor: "
    "[openai, Anthropic]}}\n"
    "  - id: docs\n"
    "    status: committed\n"
    "    tools:\n"
    "      - {id: wiki, cost: 1k, match: {tag.team: docs}}\n";

static const char RULES[] =
    "allocation_tags: [team]\n"
    "rules:\n"
    "  - {id: people, match: {service: Payroll}, category: talent, line: staff.e}\n"
    "  - {id: shared, match: {service: Shared}, category: talent, line: staff.two}\n"
    "  - {id: gone, match: {service: Old}, category: infra, line: chat.retired}\n"
    "  - {id: elsewhere, match: {service: Else}, category: infra, line: other.thing}\n"
    "  - {id: known, match: {service: Loose}, category: infra, initiative: docs}\n"
    "  - {id: bare, match: {service: Bare}, category: data}\n"
    "  - {id: tools, match: {service: Tool}, category: data}\n"
    "  - {id: not, match: {service: Desk}, category: not_ai}\n"
    "  - {id: llm, match: {provider: [Anthropic, OpenAI]}, category: vendor}\n";

#define ROW(day, cost, provider, project, service, team)                                           \
    day "," day "," cost "," cost ",USD,acct," project "," provider "," service                    \
        ",Usage,\"{\"\"team\"\": \"\"" team "\"\"}\"\n"

static const char BILL[] =
    "ChargePeriodStart,BillingPeriodStart,BilledCost,EffectiveCost,BillingCurrency,"
    "BillingAccountId,SubAccountId,ProviderName,ServiceName,ChargeCategory,Tags\n"
    ROW("2026-07-03", "10.25", "Anthropic", "chat-prod", "API", "x")
    ROW("2026-07-04", "0.000000000000000001", "Anthropic", "chat-eval", "API", "x")
    ROW("2026-08-04", "7", "Anthropic", "chat-prod", "API", "x")
    ROW("2026-07-04", "3", "Anthropic", "other", "API", "docs")
    ROW("2026-07-05", "4", "OpenAI", "chat-prod", "API", "docs")
    ROW("2026-07-06", "5", "Vendor", "p", "Tool", "docs")
    ROW("2026-07-07", "100", "Payroll Inc", "p", "Payroll", "x")
    ROW("2026-07-07", "50", "Payroll Inc", "p", "Shared", "x")
    ROW("2026-07-08", "6", "AWS", "p", "Old", "x")
    ROW("2026-07-08", "8", "AWS", "p", "Else", "x")
    ROW("2026-07-08", "9", "AWS", "p", "Loose", "x")
    ROW("2026-07-08", "11", "AWS", "p", "Bare", "x")
    ROW("2026-07-31", "12", "AWS", "p", "Desk", "docs");

static int make_place(void **state)
{
    struct place *p = place_new();
    struct err e;
    assert_ok(init_book(p->dir, false, NOW, &e), &e);
    write_text(p, "plan.yaml", str_of(PLAN));
    write_text(p, "rules.yaml", str_of(RULES));
    write_text(p, "bill.csv", str_of(BILL));
    *state = p;
    return 0;
}

static void open_place(struct place *p, unsigned needs)
{
    struct workspace_options o = {.dir = p->dir, .now = NOW, .threads = 1};
    struct err e;
    assert_ok(workspace_open(&p->a, &o, needs, NULL, &p->w, &e), &e);
}

static void import_bill(struct place *p)
{
    struct err e;
    str path = path_in(p, "bill.csv");
    struct import_request q = {.paths = &path, .n_paths = 1};
    struct import_outcome ignored;
    open_place(p, NEED_BOOK_WRITE | NEED_LEDGER | NEED_RULES | NEED_PRICES);
    assert_ok(import_files(&p->w, &q, &ignored, &e), &e);
}

static const struct plan *load(struct place *p)
{
    struct err e;
    struct diags d;
    struct plan_source s;
    diags_init(&d, &p->a);
    assert_ok(load_plan_source(&p->w, STR_NONE, &d, &s, &e), &e);
    return s.plan;
}

static void rows_land_where_rules_and_matches_say(void **state)
{
    static const struct {
        const char *path, *category, *amount;
        enum actual_place place;
        const char *initiative; /* NULL: none */
        int month;
    } expected[] = {
        {"", "data", "11", ACTUAL_CATEGORY, NULL, 7},
        {"chat.any", "vendor", "3", ACTUAL_LINE, "chat", 7},
        {"chat.any", "vendor", "4", ACTUAL_LINE, "chat", 7},
        {"chat.bot", "vendor", "10.250000000000000001", ACTUAL_LINE, "chat", 7},
        {"chat.bot", "vendor", "7", ACTUAL_LINE, "chat", 8},
        {"chat.retired", "infra", "6", ACTUAL_INITIATIVE, "chat", 7},
        {"docs", "infra", "9", ACTUAL_INITIATIVE, "docs", 7},
        {"docs.wiki", "data", "5", ACTUAL_LINE, "docs", 7},
        {"other.thing", "infra", "8", ACTUAL_CATEGORY, NULL, 7},
        {"staff.e", "talent", "100", ACTUAL_LINE, "chat", 7},
        {"staff.two", "talent", "50", ACTUAL_LINE, NULL, 7},
    };
    struct place *p = *state;
    struct err e;
    import_bill(p);
    open_place(p, NEED_LEDGER);
    const struct plan *plan = load(p);
    struct actuals_query q = {.plan = plan, .from = DAY_NONE, .to = DAY_NONE};
    const struct actuals *x;
    assert_ok(actuals_read(&p->w, &q, &x, &e), &e);
    assert_int_equal(x->n, ARRAY_LEN(expected));
    for (size_t i = 0; i < x->n; i++) {
        const struct actual *a = &x->items[i];
        char text[DEC_TEXT];
        assert_str(a->path, expected[i].path);
        assert_string_equal(category_key(a->category), expected[i].category);
        assert_str(dec_format(a->amount, text), expected[i].amount);
        assert_int_equal(a->place, expected[i].place);
        assert_int_equal(a->month, month_of(2026, expected[i].month));
        if (expected[i].initiative)
            assert_str(plan->initiatives.items[a->initiative].id.s, expected[i].initiative);
        else
            assert_int_equal(a->initiative, NO_INDEX);
        assert_int_equal(a->line != NO_INDEX, a->place == ACTUAL_LINE && a->path.p[0] != 's');
    }
    assert_int_equal(x->first, month_of(2026, 7));
    assert_int_equal(x->last, month_of(2026, 8));
    assert_int_equal(x->last_day, month_first_day(month_of(2026, 8)) + 3);
}

static void a_period_holds_its_days_alone(void **state)
{
    struct place *p = *state;
    struct err e;
    import_bill(p);
    open_place(p, NEED_LEDGER);
    struct actuals_query q = {.plan = load(p),
                              .from = month_first_day(month_of(2026, 8)),
                              .to = month_last_day(month_of(2026, 8))};
    const struct actuals *x;
    assert_ok(actuals_read(&p->w, &q, &x, &e), &e);
    assert_int_equal(x->n, 1);
    assert_str(x->items[0].path, "chat.bot");
}

static void a_match_that_names_no_field_is_an_error_with_its_place(void **state)
{
    struct place *p = *state;
    struct err e;
    char text[sizeof PLAN];
    import_bill(p);
    memcpy(text, PLAN, sizeof PLAN);
    memcpy(strstr(text, "tag.team"), "colorful", 8);
    write_text(p, "plan.yaml", str_of(text));
    open_place(p, NEED_LEDGER);
    struct actuals_query q = {.plan = load(p), .from = DAY_NONE, .to = DAY_NONE};
    const struct actuals *x;
    assert_error(actuals_read(&p->w, &q, &x, &e), &e, "plan.yaml:18:");
    assert_non_null(strstr(e.text, "unknown field 'colorful'"));
}

static void the_rows_behind_a_path_can_be_listed(void **state)
{
    static const struct {
        const char *path, *where;
    } rows[] = {
        {"chat.bot", "provider=anthropic*,project=chat-*"},
        {"chat.any", "line=chat.any"},
        {"docs.wiki", "tag:team=docs*"},
        {"docs", "initiative=docs"},
        {"staff.e", "line=staff.e"},
    };
    struct place *p = *state;
    open_place(p, NEED_BOOK);
    const struct plan *plan = load(p);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_str(actuals_where(&p->a, plan, str_of(rows[i].path)), rows[i].where);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_land_where_rules_and_matches_say, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_period_holds_its_days_alone, make_place, remove_place),
        cmocka_unit_test_setup_teardown(a_match_that_names_no_field_is_an_error_with_its_place,
                                        make_place, remove_place),
        cmocka_unit_test_setup_teardown(the_rows_behind_a_path_can_be_listed, make_place,
                                        remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
