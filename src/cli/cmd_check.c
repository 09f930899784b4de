/* cmd_check.c - outlay check: every fault and warning of a plan. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/plan_lists.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct workspace_options o = {
        .dir = c->book_dir, .threads = c->threads, .memory = c->memory, .now = now_of(c)};
    struct plan_source s = {.plan = NULL};
    struct diags faults;
    struct doc *d;
    size_t warnings;
    str what = args_operand(c->args, 0);
    diags_init(&faults, c->arena);
    workspace_for_plan(c->arena, &o, &w);
    bool loaded = load_plan_source(&w, what, &faults, &s, e);
    if (!loaded && !faults.errors)
        return false;
    io_diags(c, &faults);
    struct plan_check q = {.name = what.n ? what : S("plan.yaml"),
                           .plan = s.plan,
                           .faults = &faults,
                           .as_of = c->today};
    if (!report_plan_check(&q, c->arena, &d, &warnings, e) || !io_report(c, d, e))
        return false;
    if (!loaded) {
        err_set(e, ERR_INVALID, "the plan has %zu fault%s", faults.errors,
                faults.errors == 1 ? "" : "s");
        e->hint[0] = '\0';
        return false;
    }
    if (warnings && c->strict)
        return err_set(e, ERR_THRESHOLD, "there %s %zu warning%s (--strict)",
                       warnings == 1 ? "is" : "are", warnings, warnings == 1 ? "" : "s");
    return true;
}

static const struct example examples[] = {
    {"check", "every fault and warning of plan.yaml"},
    {"check draft.yaml --strict", "exit 4 while there are warnings, for a pipeline"},
    {"check --format json", "for an editor: file, line, column, width, text"},
    {NULL, NULL},
};

const struct command cmd_check = {
    .name = "check",
    .summary = "Every fault and warning of a plan, with its place",
    .usage = "[FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .details =
        "Faults stop a plan: keys and names that lead nowhere, values that do not fit, cycles, "
        "months "
        "outside the plan, missing prices. Warnings never change a figure: buffers outside 20-30 % "
        "(compute) or 30-50 % (LLM), a reserve outside 15-20 %, hiring terms without a start "
        "month, "
        "benefits without owner or measure, categories outside their bands, commitments that spend "
        "does "
        "not cover.\n\n"
        "Exit status 3 with faults; with --strict 4 with warnings alone.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
