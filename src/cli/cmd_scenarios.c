/* cmd_scenarios.c - outlay scenarios: targets solved, side by side; the value of every budget. */
#include "app/adopt.h"
#include "app/plan_scenarios.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/scenarios_report.h"

enum {
    FRONTIER_STEP = 5, /* percent of the base total */
    POINTS = 4096,     /* of a scenario's simulation: while one waits */
};

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

/* The same seed for all: what differs between scenarios is not chance. */
static bool simulate_all(struct ctx *c, struct scenarios_request *q, struct err *e)
{
    const struct simulation **all = arena_new(c->arena, const struct simulation *, q->n + 1);
    const struct simulate_options o = {.seed = (uint64_t)MAX(args_count(c->args, "seed", 1), 1),
                                       .trials = POINTS,
                                       .threads = c->threads,
                                       .points = POINTS_SOBOL,
                                       .interrupted = c->interrupted};
    for (size_t i = 0; i < q->n; i++) {
        const struct scenario_result *r = &q->results[i];
        if (!simulate(c->arena, r->plan, &r->circumstances, &o, &all[i], e))
            return false;
    }
    q->simulations = all;
    return true;
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
    const struct plan_scenarios_request r = {only.items, only.n,     targets.items,
                                             targets.n,  sets.items, sets.n};
    if (!plan_scenarios(c->arena, &s, &r, &results, &q.n, e))
        return false;
    q.results = results;
    struct doc *d;
    if (!args_flag(c->args, "no-simulation") && !simulate_all(c, &q, e))
        return false;
    return report_scenarios(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option options[] = {
    {.name = "only",
     .kind = OPT_TEXT,
     .arg = "NAME",
     .repeats = true,
     .help = "This scenario of the plan, beside the base. Default: all."},
    {.name = "target",
     .kind = OPT_TEXT,
     .arg = "PERCENT",
     .repeats = true,
     .help = "One more scenario: -35% (cuts and levers) or +10% (adds and levers)."},
    {.name = "set",
     .kind = OPT_TEXT,
     .arg = "PATH=VALUE",
     .repeats = true,
     .help = "One more scenario, a what-if: machines.h100=4.80, prices.gpt-5.out=x1.4."},
    {.name = "frontier",
     .help = "Instead: the best value for every budget from -50 % to 50 % of the base."},
    {.name = "no-simulation", .help = "Leave out P50, P90 and the chance to hold the budget."},
    {.name = "seed", .kind = OPT_COUNT, .arg = "N", .help = "Seed of the simulation; default 1."},
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

static bool run_adopt(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct scenario_result *results;
    struct adoption x;
    size_t n;
    char total[MONEY_TEXT], value[MONEY_TEXT];
    str name = args_operand(c->args, 0);
    const struct plan_scenarios_request r = {.only = &name, .n_only = 1};
    if (!open_plan(c, args_operand(c->args, 1), false, &w, &s, e) ||
        !plan_scenario(c->arena, s.plan, name, e) ||
        !plan_scenarios(c->arena, &s, &r, &results, &n, e) ||
        !adopt(c->arena, &s, &results[n - 1], &x, e))
        return false;
    bool dry = args_flag(c->args, "dry-run");
    if (!x.change.n_files) {
        io_note(c, "%.*s changes nothing", FMT(name));
        return true;
    }
    if (!dry && !plan_change_write(&s, &x.change, e))
        return false;
    for (size_t i = 0; i < x.change.n_files; i++)
        io_note(c, "%.*s %s: total %.*s, value %.*s %s", FMT(x.change.files[i].file->path),
                dry ? "would be changed" : "is changed", FMT(money_format(x.total, 2, total)),
                FMT(money_format(x.value, 2, value)), x.total.currency.code);
    return io_out(c, x.change.diff, e);
}

static const struct option adopt_options[] = {
    {.name = "dry-run", .letter = 'n', .help = "Show the change and write nothing."},
    {.name = NULL},
};

static const struct example adopt_examples[] = {
    {"scenarios adopt constrained --dry-run", "the change of plan.yaml, without making it"},
    {"scenarios adopt constrained", "make it; 'git diff' or 'outlay diff' reviews it"},
    {NULL, NULL},
};

const struct command cmd_scenarios_adopt = {
    .name = "scenarios adopt",
    .summary = "Write a scenario's choice into the plan file, comments kept",
    .usage = "[OPTIONS] NAME [FILE]",
    .group = "Plan",
    .examples = adopt_examples,
    .options = adopt_options,
    .details =
        "Levers get `use: yes`, what is dropped becomes a candidate, what is adopted a proposal; "
        "scaled lines and benefits get new numbers, delays new months, hires a position; options "
        "that were taken are commented out. Everything else stays byte for byte. The changed file "
        "is computed before it is written and must give the scenario's total.",
    .min_operands = 1,
    .max_operands = 2,
    .complete_operands = "file",
    .run = run_adopt,
};
