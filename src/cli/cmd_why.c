/* cmd_why.c - outlay why: how a figure of the plan comes about. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/plan_why.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct why_request q = {
        .path = args_operand(c->args, 0), .month = MONTH_NONE, .as_of = c->today};
    struct doc *d;
    str m = args_text(c->args, "month");
    if (m.n && !month_parse(m, &q.month))
        return args_wrong(c->args, e, "'%.*s' is not a month; months look like 2026-07", FMT(m));
    if (!open_plan(c, args_operand(c->args, 1), false, &w, &s, e))
        return false;
    q.plan = s.plan;
    return report_why(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option options[] = {
    {.name = "month",
     .letter = 'm',
     .kind = OPT_TEXT,
     .arg = "MONTH",
     .help =
         "One month, such as 2026-09. Default: the first and the last one, and the sum of all."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct example examples[] = {
    {"why support.chat", "a line: formula, inputs, prices, levers, source, file and line"},
    {"why support.chat --month 2026-12", "the same for one month"},
    {"why support.chat:buffer", "its buffer"},
    {"why staff.mle-5:hire", "what hiring for a position costs"},
    {"why infra", "a category: its lines and buffers"},
    {"why machines.h100 draft.yaml", "a number of another file, and which lines use it"},
    {NULL, NULL},
};

const struct command cmd_why = {
    .name = "why",
    .summary = "How a figure of the plan comes about",
    .usage = "[OPTIONS] PATH [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "PATH is a line (initiative.line), its buffer (LINE:buffer), an initiative, a category "
        "(infra, "
        "talent, vendor, data), reserve, planned, total, a position (staff.ID, staff.ID:hire), "
        "contractors.ID, upskilling.ID, levers.ID, a benefit, or any number that has a name "
        "(machines.h100, drivers.engineers, support.chat.users).",
    .min_operands = 1,
    .max_operands = 2,
    .complete_operands = "file",
    .run = run,
};
