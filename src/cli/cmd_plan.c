/* cmd_plan.c - outlay plan, plan people, plan assumptions: the computed plan and what is behind it.
 */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/plan_lists.h"
#include "report/plan_report.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct plan_request q = {.as_of = c->today};
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    q.plan = s.plan;
    q.by = args_has(c->args, "by") ? (enum plan_by)args_choice(c->args, "by") : PLAN_BY_CATEGORY;
    q.period = args_has(c->args, "period") ? (enum plan_period)args_choice(c->args, "period")
                                           : PLAN_QUARTERS;
    struct doc *d;
    return report_plan(&q, c->arena, &d, e) && io_report(c, d, e);
}

static bool run_people(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct doc *d;
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    const struct plan_list_request q = {s.plan, c->today};
    return report_people(&q, c->arena, &d, e) && io_report(c, d, e);
}

static bool run_assumptions(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    const struct plan_list_request q = {s.plan, c->today};
    return io_report(c, report_assumptions(&q, c->arena), e);
}

/* in the order of enum plan_by and enum plan_period */
static const char *const rows[] = {"category", "initiative", "owner", "line", NULL};
static const char *const periods[] = {"quarter", "month", "year", NULL};

static const struct option options[] = {
    {.name = "by", .kind = OPT_CHOICE, .arg = "ROWS", .choices = rows,
     .help = "Rows: category (default), initiative, owner or line."},
    {.name = "period", .kind = OPT_CHOICE, .arg = "PERIOD", .choices = periods,
     .help = "Columns: quarter (default), month or year."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct example examples[] = {
    {"plan", "the plan by category and quarter, with shares, unit costs and run rates"},
    {"plan --by initiative --period month -o plan.xlsx", "a workbook of initiatives by month"},
    {"plan draft.yaml --format json", "any plan file, for a program; no book is needed"},
    {"plan HEAD~1:plan.yaml", "the plan as it was one commit ago"},
    {NULL, NULL},
};

const struct command cmd_plan = {
    .name = "plan",
    .summary = "The plan, computed to the cent",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details = "Expands plan.yaml (or the file, revision or baseline you name) into months: lines, "
               "people, "
               "levers, buffers, and the reserve that is solved as a share of the total. Every "
               "range stands at "
               "its point; candidates are left out.\n\n"
               "Text shows one table of your choice. JSON and CSV hold every line, buffer and "
               "category with all "
               "its months. 'outlay why PATH' shows how a figure comes about, 'outlay check' lists "
               "faults and "
               "warnings.",
    .min_operands = 0,
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};

static const struct option list_options[] = {BASELINE_OPTION, {.name = NULL}};

static const struct example people_examples[] = {
    {"plan people", "every position: start, salary, loaded cost, hiring cost; heads by month"},
    {"plan people -o roster.csv", "the roster as a table"},
    {NULL, NULL},
};

const struct command cmd_plan_people = {
    .name = "plan people",
    .summary = "The position roster, fully loaded, and heads by month",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = people_examples,
    .options = list_options,
    .details =
        "Loaded cost is salary with benefits and taxes over the months of the plan; hiring cost is "
        "recruiting and equipment, once, in the start month. States: here, hire, internal (a "
        "move), outside (works on candidates alone, so not in the plan).",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_people,
};

static const struct example assumptions_examples[] = {
    {"plan assumptions", "ranges, sources, owners, age; and what lacks a source"}, {NULL, NULL}};

const struct command cmd_plan_assumptions = {
    .name = "plan assumptions",
    .summary = "What the plan rests on: ranges, sources, owners, age",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = assumptions_examples,
    .options = list_options,
    .details =
        "Lists every number that carries a range or a source, then what lacks a source, then the "
        "assumptions that are documented under `assumptions:` with their age in days.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_assumptions,
};
