/* cmd_levers.c - outlay levers: what each saves, and what overlaps. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/plan_lists.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct doc *d;
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    const struct plan_list_request q = {s.plan, c->today};
    return report_levers(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option options[] = {BASELINE_OPTION, {.name = NULL}};

static const struct example examples[] = {
    {"levers", "each lever alone and in sequence, and what overlaps"}, {NULL, NULL}};

const struct command cmd_levers = {
    .name = "levers",
    .summary = "What each optimization saves, alone and in sequence, and what overlaps",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "Alone: against the plan without any lever. In sequence: when it joins those above it. The "
        "sum of what each saves alone counts the overlap twice; pairs that touch the same line "
        "are named.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
