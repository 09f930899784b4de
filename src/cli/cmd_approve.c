/* cmd_approve.c - outlay request, approve, reopen, baselines. */
#include "app/baseline.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/baselines.h"

static void tell(struct ctx *c, const struct baseline *x)
{
    io_note(c, "baseline %lld is %s: %.*s %.*s, sha256 %.*s", (long long)x->id,
            baseline_status_name(x->status), FMT(x->total), FMT(x->currency), FMT(x->sha256));
}

/* What was asked for and what is approved may differ; someone should know. */
static bool tell_request(struct ctx *c, struct workspace *w, const struct baseline *x,
                         struct err *e)
{
    int64_t same, last;
    if (!baseline_requested(w, x, &same, &last, e))
        return false;
    if (same)
        io_note(c, "it is what baseline %lld requested", (long long)same);
    else if (last)
        io_note(c, "it differs from what baseline %lld requested: 'outlay diff baseline:%lld "
                   "baseline:%lld'", (long long)last, (long long)last, (long long)x->id);
    return true;
}

static bool freeze(struct ctx *c, enum baseline_status status, struct err *e)
{
    struct workspace w;
    struct plan_source s;
    struct baseline x;
    struct freeze f = {status, str_trim(args_text(c->args, "by")),
                       str_trim(args_text(c->args, "note"))};
    str what = args_operand(c->args, 0);
    int64_t n;
    if (what.n && (!str_to_i64(what, &n) || n < 1))
        return args_wrong(c->args, e, "'%.*s' is not the number of a baseline", FMT(what));
    what = what.n ? str_fmt(c->arena, "baseline:%lld", (long long)n) : STR_NONE;
    workspace_of_plan(c, &w);
    if (!workspace_book_write(&w, e) || !load_plan_here(c, &w, what, true, &s, e) ||
        !baseline_freeze(&w, &s, &f, &x, e))
        return false;
    tell(c, &x);
    return status != BASELINE_APPROVED || tell_request(c, &w, &x, e);
}

static bool run_approve(struct ctx *c, struct err *e)
{
    return freeze(c, BASELINE_APPROVED, e);
}

static bool run_request(struct ctx *c, struct err *e)
{
    return freeze(c, BASELINE_REQUESTED, e);
}

static bool run_reopen(struct ctx *c, struct err *e)
{
    struct workspace w;
    str what = args_operand(c->args, 0), reason = str_trim(args_text(c->args, "reason"));
    int64_t n;
    if (!str_to_i64(what, &n) || n < 1)
        return args_wrong(c->args, e, "'%.*s' is not the number of a baseline", FMT(what));
    if (!reason.n)
        return args_wrong(c->args, e, "reopening an approved plan needs --reason TEXT");
    workspace_of_plan(c, &w);
    if (!workspace_book_write(&w, e) ||
        !book_reopen(w.book, n, str_trim(args_text(c->args, "by")), reason, w.options.now, e))
        return false;
    io_note(c, "baseline %lld is reopened; it stays as it was, and another can be approved",
            (long long)n);
    return true;
}

static bool run_list(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct baseline *items;
    size_t n;
    workspace_of_plan(c, &w);
    if (!workspace_book(&w, e) || !book_baselines(w.book, c->arena, &items, &n, e))
        return false;
    return io_report(c, report_baselines(items, n, c->arena), e);
}

#define BY_OPTION \
    {.name = "by", .kind = OPT_TEXT, .arg = "NAME", \
     .help = "Who: a name or role. Default: not said."}

static const struct option freeze_options[] = {
    BY_OPTION,
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "What should be known about it."},
    {.name = NULL},
};

static const struct option reopen_options[] = {
    {.name = "reason", .kind = OPT_TEXT, .arg = "TEXT", .help = "Why. Required."},
    BY_OPTION,
    {.name = NULL},
};

static const struct example approve_examples[] = {
    {"approve --by finance-partner --note 'Board of 12 June'", "freeze the working plan"},
    {"approve 1", "approve exactly what baseline 1 requested"},
    {NULL, NULL},
};
static const struct example request_examples[] = {
    {"request --by head-of-ai", "keep what is asked for, before finance answers"},
    {NULL, NULL},
};
static const struct example reopen_examples[] = {
    {"reopen 2 --reason 'Vendor price doubled in August'",
     "so that a changed plan can be approved"},
    {NULL, NULL},
};
static const struct example list_examples[] = {
    {"baselines", "what was requested and approved, when, by whom"}, {NULL, NULL}};

const struct command cmd_approve = {
    .name = "approve",
    .summary = "Freeze the plan as approved: texts, prices and every computed amount",
    .usage = "[OPTIONS] [N]",
    .group = "Plan",
    .examples = approve_examples,
    .options = freeze_options,
    .details =
        "Keeps the full text of plan.yaml and what it includes, the prices it took from the price "
        "book, "
        "and every computed amount, under one SHA-256 that also stands in the journal. With N, "
        "what "
        "baseline N froze is approved, whatever plan.yaml says by now. A plan with faults cannot "
        "be "
        "approved. One approved plan stands at a time: reopen it before another one is approved. "
        "Baselines never change; 'outlay verify' proves it.",
    .min_operands = 0,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_approve,
};

const struct command cmd_approve_request = {
    .name = "request",
    .summary = "Freeze the working plan as requested",
    .usage = "[OPTIONS]",
    .group = "Plan",
    .examples = request_examples,
    .options = freeze_options,
    .details = "A snapshot like an approved one, but it approves nothing. Requested, approved and "
               "working plan stay apart: 'outlay diff baseline:1' shows what moved since.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_request,
};

const struct command cmd_approve_reopen = {
    .name = "reopen",
    .summary = "Let another plan be approved, with the reason why",
    .usage = "N --reason TEXT [OPTIONS]",
    .group = "Plan",
    .examples = reopen_examples,
    .options = reopen_options,
    .details =
        "The approved baseline stays as it is and can still be compared with; the reason is kept "
        "beside it and in the journal.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_reopen,
};

const struct command cmd_approve_list = {
    .name = "baselines",
    .summary = "What was requested and approved, when, by whom",
    .usage = "",
    .group = "Plan",
    .examples = list_examples,
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_list,
};
