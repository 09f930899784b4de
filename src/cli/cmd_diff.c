/* cmd_diff.c - outlay diff: what moved the total. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/plan_diff.h"

/* OLD is the first operand or --baseline; NEW what is left, or the working plan. */
static bool operands(struct ctx *c, str *ret_old, str *ret_new, struct err *e)
{
    size_t n = args_n(c->args);
    bool baseline = args_has(c->args, "baseline");
    if (baseline && n == 2)
        return args_wrong(c->args, e, "--baseline is OLD already: give at most NEW");
    if (!baseline && n == 0)
        return args_wrong(c->args, e, "what to compare with is missing");
    *ret_old = baseline ? str_fmt(c->arena, "baseline:%lld",
                                  (long long)args_count(c->args, "baseline", 0))
                        : args_operand(c->args, 0);
    *ret_new = args_operand(c->args, baseline ? 0 : 1);
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source old, now;
    struct plan_diff_request q = {.as_of = args_day(c->args, "as-of")};
    str from, to;
    if (!operands(c, &from, &to, e))
        return false;
    workspace_of_plan(c, &w);
    if (!load_plan_here(c, &w, from, false, &old, e) || !load_plan_here(c, &w, to, false, &now, e))
        return false;
    struct plan_side x = {old.plan, old.options}, y = {now.plan, now.options};
    if (!plan_diff(c->arena, &x, &y, &q.diff, e))
        return false;
    q.old_name = old.name;
    q.new_name = now.name;
    return io_report(c, report_plan_diff(&q, c->arena), e);
}

static const struct option options[] = {
    {.name = "baseline", .letter = 'B', .kind = OPT_COUNT, .arg = "N",
     .help = "OLD is baseline N."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"diff HEAD~1:plan.yaml", "what the working plan changes against the last commit"},
    {"diff --baseline 2", "against what was approved"},
    {"diff baseline:1 baseline:2", "what was requested against what was approved"},
    {"diff main:plan.yaml HEAD:plan.yaml --format md", "a comment for a pull request"},
    {"diff last-year.yaml plan.yaml -o why.xlsx", "two files"},
    {NULL, NULL},
};

const struct command cmd_diff = {
    .name = "diff",
    .summary = "What moved the total from one plan to another, in money, by cause",
    .usage = "[OPTIONS] OLD [NEW]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "OLD and NEW are plan files, git revisions (REVISION:FILE, the file relative to the book's "
        "folder or the repository's), or baselines (baseline:N). Without NEW it is the working "
        "plan.yaml.\n\n"
        "OLD becomes NEW one change at a time, in a fixed order: calendar, exchange rates, prices, "
        "salaries, loading, volume, tokens per request, dates, initiatives, categories, new lines, "
        "headcount, hire dates, dropped lines, levers, buffers, reserve. Each change counts with "
        "the "
        "buffer on it; what the reserve adds comes last. The causes sum exactly to the difference "
        "of "
        "the totals, and per category.",
    .min_operands = 0,
    .max_operands = 2,
    .complete_operands = "file",
    .run = run,
};
