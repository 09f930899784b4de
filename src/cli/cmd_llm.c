/* cmd_llm.c - outlay llm: what the plan's LLM lines cost, for what, and what a change would do. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/llm_report.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct doc *d;
    struct text_list sets = args_list(c->args, "set");
    struct what_if *changes = arena_new(c->arena, struct what_if, sets.n + 1);
    for (size_t i = 0; i < sets.n; i++)
        if (!what_if_parse(sets.items[i], &changes[i], e))
            return false;
    if (!open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    struct llm_request q = {
        .plan = s.plan, .changes = changes, .n_changes = sets.n, .as_of = c->today};
    if (args_has(c->args, "by"))
        q.by = (enum llm_by)args_choice(c->args, "by");
    if (sets.n) {
        q.before = s.plan;
        if (!what_if(c->arena, s.plan, &s.options, changes, sets.n, &q.plan, e))
            return false;
    }
    return report_llm(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const char *const rows[] = {"line", "model", "month", NULL}; /* as enum llm_by */

static const struct option options[] = {
    {.name = "set",
     .letter = 's',
     .kind = OPT_SETTING,
     .arg = "PATH=VALUE",
     .repeats = true,
     .help = "What if: a value, or xFACTOR. May be given several times."},
    {.name = "by",
     .kind = OPT_CHOICE,
     .arg = "ROWS",
     .choices = rows,
     .help = "Rows of the first table: line (default), model or month."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct example examples[] = {
    {"llm", "requests, tokens, cost and unit costs of every LLM line and model"},
    {"llm --by month", "the same by month, with dated price changes marked"},
    {"llm --set support.chat.in=2500 --set prices.claude-sonnet-5.out=x1.4",
     "what a change would do: before, after, difference"},
    {NULL, NULL},
};

const struct command cmd_llm = {
    .name = "llm",
    .summary = "LLM cost by line, model and month, and what a change would do",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "Tokens stand in disjoint buckets, each with a price of its own: input, cache read, cache "
        "write, output, and input and output of batches. Amounts are before buffers. What caching "
        "and batches save is against the same tokens at plain prices.\n\n"
        "--set takes any value of the plan by its path (support.chat.in, prices.MODEL.out, llm.in, "
        "machines.h100, levers.ID.use) and anything the plan language accepts there, or a factor "
        "such as x1.4. Nothing is written.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
