/* test_faults.c - the example plan broken in many ways: each gives exactly these messages. */
#include "engine/world.h"
#include "test.h"

static const struct {
    const char *name, *from, *to; /* the first `from` of tests/samples/plan/grid.yaml becomes `to` */
} EDITS[] = {
    {"unknown key", "  horizon: 36 months", "  horizn: 36 months"},
    {"unknown key of a line", "per_hour: 12k", "per_hours: 12k"},
    {"unknown section", "contractors:\n", "contractor:\n"},
    {"duplicate key", "  status: draft ", "  name: again\n  status: draft "},
    {"duplicate line", "{id: tracking, cost", "{id: ml-suite, cost"},
    {"duplicate initiative", "- id: inspect\n", "- id: load\n"},
    {"duplicate position", "{id: ml-6, role", "{id: ml, role"},
    {"unknown initiative in needs", "needs: [load]", "needs: [lode]"},
    {"unknown initiative in works_on", "{load: 2, inspect: 2, care: 1}",
     "{load: 2, inspct: 2, care: 1}"},
    {"unknown machine", "machine: l4, requests: 260M", "machine: l40, requests: 260M"},
    {"unknown model", "model: gpt-4o-mini, users", "model: gpt-4-mini, users"},
    {"unknown role", "role: platform, count", "role: platfrom, count"},
    {"unknown driver", "=developers * 0.9,", "=devlopers * 0.9,"},
    {"unknown lever target", "applies: inspect.vision-serve", "applies: inspect.vision-server"},
    {"unknown value in together", "contracts.read.users]", "contracts.read.user]"},
    {"unknown option in a scenario", "never: [contracts.sample]", "never: [contracts.sampel]"},
    {"unknown line in an option", "scale vision-serve and defects to 70%",
     "scale vision-serve and defect to 70%"},
    {"needs in a circle",
     "    name: Load and feed-in forecasting\n    status: committed\n    owner: grid-science\n    "
     "needs: [platform]",
     "    name: Load and feed-in forecasting\n    status: committed\n    owner: grid-science\n    "
     "needs: [platform, outage]"},
    {"formulas in a circle", "crews: 185", "crews: =tablets / 2"},
    {"month outside the plan", "month: 2027-09, works_on: platform",
     "month: 2028-09, works_on: platform"},
    {"month outside the line", "once, month: 2027-06}", "once, month: 2028-04}"},
    {"schedule outside the line", "{2027-05: 30, 2027-06: 30, 2027-07: 15}",
     "{2027-03: 30, 2027-06: 30}"},
    {"renews never falls inside", "pay: upfront, renews: 2027-09}",
     "pay: upfront, renews: 2027-09, to: 2027-08}"},
    {"from outside the plan",
     "applies: compute.training, covers: 65%, saves: 52% (42% to 63%), from: 2027-06",
     "applies: compute.training, covers: 65%, saves: 52% (42% to 63%), from: 2026-06"},
    {"no such month", "starts: 2027-07", "starts: 2027-13"},
    {"thousands separator", "{id: tracking, cost: 3.9k/mo}", "{id: tracking, cost: 3,900/mo}"},
    {"thousands separator in a block", "equipment: 4.5k", "equipment: 4,500"},
    {"items under the reserve", "  share: 16% ", "  llm: [{id: x}]\n  share: 16% "},
    {"a lever on the reserve", "applies: platform.tracking", "applies: reserve"},
    {"missing rate of a currency", "cost: USD 120k/yr", "cost: CHF 120k/yr"},
    {"missing price",
     "  claude-4.5-haiku: {in: $1, out: $5, cache_read: $0.10, batch_in: $0.50, batch_out: "
     "$2.50}\n",
     ""},
    {"price that starts too late",
     "- {in: $0.15, out: $0.60, source: price list of January}\n    - {from", "- {from"},
    {"shares not totaling 100 %", "claude-4.5-haiku: 30%}", "claude-4.5-haiku: 20%}"},
    {"swapped ends", "monthly: 2900 (1800 to 3900)", "monthly: 2900 (3900 to 1800)"},
    {"point outside its range", "h100: $3.20 (2.70 to 3.90)", "h100: $3.20 (3.70 to 3.90)"},
    {"wrong unit", "price: 9/mo}", "price: 9 once}"},
    {"wrong unit of a share", "benefits: 24%", "benefits: 24"},
    {"percentage for an amount", "equipment: 4.5k", "equipment: 5%"},
    {"money for a number", "hours: 14, runs", "hours: $14, runs"},
    {"missing keys of a line", "gpus: 16, hours: 14, runs: 31/mo (26 to 38)}",
     "gpus: 16, hours: 14}"},
    {"keys that do not fit a kind", "{id: egress, kind: network, cost",
     "{id: egress, kind: network, tb: 5, cost"},
    {"missing id", "- {id: seats, seats:", "- {seats:"},
    {"missing start of the plan",
     "  starts: 2027-04             # the fiscal year runs from April to March\n", ""},
    {"unknown word", "status: candidate", "status: candidat"},
    {"a lever without effect", "applies: platform.tracking, saves: 100%,",
     "applies: platform.tracking,"},
    {"a lever with two effects", "covers: 50% (35% to 65%), model",
     "covers: 50% (35% to 65%), saves: 5%, model"},
    {"growth beside a curve", "price: 21}", "price: 21, growth: 2%/mo}"},
    {"an option that does nothing known", "do: delay 3 months", "do: dely 3 months"},
    {"a delay without months", "do: delay 3 months", "do: delay 3"},
    {"a hire without month", "do: hire 2 platform from 2027-07", "do: hire 2 platform"},
    {"a risk on nothing", "scale machines.h100 to 125%", "scale machines.h1000 to 125%"},
    {"upfront without renews", "pay: upfront, renews: 2027-04}", "pay: upfront}"},
    {"tab", "  org: Example", "\torg: Example"},
    {"alias", "owner: head-of-data\n  finance", "owner: *head\n  finance"},
    {"text block", "  org: Example Grid and Energy", "  org: |\n    Example"},
    {"unclosed list", "infra:   [25%, 35%]", "infra:   [25%, 35%"},
    {"formula that divides by zero", "=crews * 2.5 + 12", "=12 / (crews - 185)"},
    {"formula below zero", "=agents, sessions", "=agents - 320, sessions"},
    {"broken formula", "=crews * 2.5 + 12", "=crews * (2.5 + 12"},
    {"many at once", "  status: draft ",
     "  status: drft\n  color: red\n  flg: {over: 15%}\n  months: 61\n  fx: {EURO: 1}\n  note: "},
};

static str edited(struct arena *a, size_t i)
{
    str text = sample_plan(a, "grid.yaml"), from = str_of(EDITS[i].from);
    size_t at = str_find(text, from, 0);
    if (at == SIZE_MAX)
        fail_msg("'%s' is not in the example", EDITS[i].from);
    return str_fmt(a, "%.*s%s%.*s", FMT(str_sub(text, 0, at)), EDITS[i].to,
                   FMT(str_sub(text, at + from.n, text.n)));
}

static void check(struct arena *a, str text, struct diags *d)
{
    diags_init(d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, d);
    if (p)
        world_check(a, p, d);
}

static void the_example_broken_in_many_ways_gives_exact_messages(void **state)
{
    struct arena a = ARENA_INIT;
    struct buf out;
    struct err e = {0};
    str path = str_fmt(&a, "%s/golden/plan/faults.txt", getenv("TEST_DIR"));
    buf_init(&out, 1u << 20);
    for (size_t i = 0; i < ARRAY_LEN(EDITS); i++) {
        struct diags d;
        check(&a, edited(&a, i), &d);
        if (!d.errors)
            fail_msg("'%s' gives no error", EDITS[i].name);
        buf_fmt(&out, "## %s\n", EDITS[i].name);
        diags_print(&d, &out, false);
        buf_addc(&out, '\n');
    }
    if (getenv("BLESS"))
        assert_ok(file_write_atomic(path, buf_str(&out), &e), &e);
    str golden;
    assert_ok(file_read(&a, path, 1u << 20, &golden, &e), &e);
    if (!str_eq(golden, buf_str(&out)))
        fail_msg("the messages differ from %.*s; BLESS=1 rewrites it:\n%.*s", FMT(path),
                 FMT(buf_str(&out)));
    buf_release(&out);
    arena_release(&a);
}

static void the_example_itself_is_clean(void **state)
{
    struct arena a = ARENA_INIT;
    struct diags d;
    check(&a, sample_plan(&a, "grid.yaml"), &d);
    if (d.n)
        fail_msg("line %u: %.*s", d.items[0].at.line, FMT(d.items[0].text));
    arena_release(&a);
}

static void what_a_finance_partner_would_ask_about_warns(void **state)
{
    static const char *const rows[][3] = {
        {"llm: 35%}", "llm: 60%}", "a buffer of 60% for LLM lines is outside the usual 30-50 %"},
        {"share: 16%", "share: 12%", "a reserve of 12% is outside the usual 15-20 %"},
        {", measure: settlement statements", "", "benefit 'balancing' has no measure"},
        {"owner: grid-ops, measure: settlement", "measure: settlement",
         "benefit 'balancing' has no owner"},
        {"cost: 3.9k/mo}", "cost: 3.9k}", "'3.9k' has no unit and is taken as per month"},
        {"start: 2027-06, works_on: care, recruiting", "works_on: care, recruiting",
         "'de-5' has hiring terms but no start month: it counts as already here"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct diags d;
        str text = sample_plan(&a, "grid.yaml"), from = str_of(rows[i][0]);
        size_t at = str_find(text, from, 0);
        assert_true(at != SIZE_MAX);
        check(&a,
              str_fmt(&a, "%.*s%s%.*s", FMT(str_sub(text, 0, at)), rows[i][1],
                      FMT(str_sub(text, at + from.n, text.n))),
              &d);
        if (d.errors || d.warnings != 1 || !str_eq(d.items[0].text, str_of(rows[i][2])))
            fail_msg("row %zu: %zu errors, %zu warnings, %.*s", i, d.errors, d.warnings,
                     FMT(d.n ? d.items[0].text : S("")));
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_itself_is_clean),
        cmocka_unit_test(the_example_broken_in_many_ways_gives_exact_messages),
        cmocka_unit_test(what_a_finance_partner_would_ask_about_warns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
