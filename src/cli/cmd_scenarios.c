/* cmd_scenarios.c - outlay scenarios: targets solved, side by side; the value of every budget. */
#include "app/plan_scenarios.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/scenarios_report.h"

enum { FRONTIER_STEP = 5 }; /* percent of the base total */

static bool frontier(struct ctx *c, const struct plan *p, struct err *e)
{
    struct frontier_points f;
    if (!plan_frontier(c->arena, p, FRONTIER_STEP, &f, e))
        return false;
    struct frontier_point *points = arena_new(c->arena, struct frontier_point, f.n + 1);
    for (size_t i = 0; i < f.n; i++)
        points[i] = (struct frontier_point){f.percents[i], f.results[i]};
    return io_report(c, report_frontier(points, f.n, c->today, c->arena), e);
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct scenarios_request q = {.as_of = c->today};
    struct scenario_result *results;
    struct text_list only = args_list(c->args, "only"), targets = args_list(c->args, "target"),
                     sets = args_list(c->args, "set");
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    if (args_flag(c->args, "frontier"))
        return frontier(c, s.plan, e);
    const struct plan_scenarios_request r = {only.items,    only.n,     targets.items,
                                             targets.n,     sets.items, sets.n};
    if (!plan_scenarios(c->arena, &s, &r, &results, &q.n, e))
        return false;
    q.results = results;
    struct doc *d;
    return report_scenarios(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option options[] = {
    {.name = "only", .kind = OPT_TEXT, .arg = "NAME", .repeats = true,
     .help = "This scenario of the plan, beside the base. Default: all."},
    {.name = "target", .kind = OPT_TEXT, .arg = "PERCENT", .repeats = true,
     .help = "One more scenario: -35% (cuts and levers) or +10% (adds and levers)."},
    {.name = "set", .kind = OPT_TEXT, .arg = "PATH=VALUE", .repeats = true,
     .help = "One more scenario, a what-if: machines.h100=4.80, prices.gpt-5.out=x1.4."},
    {.name = "frontier",
     .help = "Instead: the best value for every budget from -50 % to 50 % of the base."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct example examples[] = {
    {"scenarios", "the plan's scenarios, solved, side by side, with named cuts and adds"},
    {"scenarios --target -35%", "one more: what would a cut by 35 % take?"},
    {"scenarios --frontier", "what each further unit of budget is worth"},
    {"scenarios --set machines.h100=x1.3", "a what-if beside them"},
    {"scenarios --only constrained -o constrained.xlsx", "one of them, as a workbook"},
    {NULL, NULL},
};

const struct command cmd_scenarios = {
    .name = "scenarios",
    .summary = "Targets solved exactly: what to cut or add, what it frees, what it costs in value",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "For each scenario with a target, finds the options and levers that keep most value "
        "(present value of benefits less that of cost, to the horizon) at a total within the "
        "target. The answer is proven to be the best of all combinations, through the plan's own "
        "arithmetic.\n\n"
        "Shows what each choice frees by category, the value it loses or gains and its price, who "
        "is free to redeploy, what nearly made it, and what each demand (never, take, hires, "
        "bands) costs. A target out of reach says by how much and why. 'outlay scenarios adopt "
        "NAME' writes a scenario into the plan.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
