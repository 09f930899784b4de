/* cmd_llm.c - outlay llm: what the plan's LLM lines cost, for what, and what a change would do. */
#include "app/calibrate.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/calibrate_report.h"
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
    .summary = "LLM cost by line, model and month; what-ifs",
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

/* ---- calibrate ---- */

static bool run_calibrate(struct ctx *c, struct err *e)
{
    struct workspace plan, w;
    struct plan_source s;
    struct calibrate_result r;
    struct calibrate_query q = {.source = &s, .line = args_text(c->args, "line")};
    if (!open_plan(c, args_operand(c->args, 0), false, &plan, &s, e) ||
        !period_of(c, plan.settings.fiscal_start, &q.from, &q.to, e) ||
        !open_workspace(c, NEED_BOOK | NEED_LEDGER, &w, e) || !calibrate_book(&w, &q, &r, e))
        return false;
    if (args_flag(c->args, "write") && !calibrate_write(&w, &q, &r, e))
        return false;
    if (args_flag(c->args, "patch")) {
        if (!io_out(c, r.change.diff, e))
            return false;
    } else {
        const struct calibrate_report report = {.plan = s.plan,
                                                .c = &r.c,
                                                .files = r.change.files,
                                                .n_files = r.change.n_files,
                                                .diff = r.change.diff,
                                                .no_tokens = r.no_tokens,
                                                .no_tokens_amount = r.no_tokens_amount,
                                                .as_of = c->today};
        if (!io_report(c, report_calibration(&report, c->arena), e))
            return false;
    }
    for (size_t i = 0; args_flag(c->args, "write") && i < r.change.n_files; i++) {
        const struct edited_file *f = &r.change.files[i];
        io_note(c, "wrote %zu change%s of '%.*s'", f->n_changes, f->n_changes == 1 ? "" : "s",
                FMT(f->file->path));
    }
    return true;
}

static const struct option calibrate_options[] = {
    PERIOD_OPTIONS,
    {.name = "line", .kind = OPT_TEXT, .arg = "PATH", .help = "Only this LLM line."},
    {.name = "patch", .kind = OPT_FLAG, .help = "Only the changes of the plan file, as a patch."},
    {.name = "write", .kind = OPT_FLAG, .help = "Change the plan file; comments stay."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct example calibrate_examples[] = {
    {"llm calibrate", "every driver as usage shows it, and the money at stake"},
    {"llm calibrate --from 2026-07 --line support.chat", "one line, from July on"},
    {"llm calibrate --patch > plan.patch", "the changed lines of plan.yaml, for git apply"},
    {"llm calibrate --write", "the same, written to plan.yaml"},
    {NULL, NULL},
};

const struct command cmd_llm_calibrate = {
    .name = "llm calibrate",
    .summary = "LLM drivers as usage shows them, against the plan's",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = calibrate_examples,
    .options = calibrate_options,
    .details =
        "Takes the rows of the ledger that belong to LLM lines (by rules.yaml or `match:`) and "
        "tell "
        "tokens, and estimates tokens per request, requests per session, the shares read from and "
        "written to cache, batches and the mix of models. Ranges come from how months (or weeks, "
        "or days) differ. What a lever in use does to a driver is taken out first. Money at stake "
        "is the plan's cost with one driver changed, levers applied.\n\n"
        "Where the logs tell how every call ended (a status, a level), failed calls over the "
        "others are the share of retries. Values within 2 % of the plan's are left alone. What "
        "usage does not tell is said to be not seen, and never counted as zero.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_calibrate,
};
