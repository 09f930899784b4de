/* cmd_review.c - outlay review: the quarterly pack, closing a quarter, what became of actions. */
#include "app/review.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct review r;
    struct review_view v;
    struct month_span span;
    int64_t id;
    bool closing = args_flag(c->args, "close");
    struct review_request q = {.by = str_trim(args_text(c->args, "by")), .today = c->today,
                               .basis = basis_name(c)};
    if (args_flag(c->args, "final") && !closing)
        return args_wrong(c->args, e, "--final goes with --close");
    if (!open_tracking(c, NEED_LEDGER | (closing ? NEED_BOOK_WRITE : 0), &w, &k, e) ||
        !quarter_of(c, args_operand(c->args, 0), k.t.first, &span, e))
        return false;
    q.first = span.from;
    q.last = span.to;
    if (closing) {
        if (!review_close(&w, &k, &q, args_flag(c->args, "final"), &id, e))
            return false;
        io_note(c, "closed: its months are final, and a new forecast is kept");
    }
    return review_make(&w, &k, &q, &r, &v, e) && io_report(c, report_review(&v, c->arena), e);
}

static bool run_action(struct ctx *c, struct err *e)
{
    struct workspace w;
    int64_t n;
    str what = args_operand(c->args, 0);
    bool done = args_flag(c->args, "done"), drop = args_flag(c->args, "drop");
    if (!str_to_i64(what, &n) || n < 1)
        return args_wrong(c->args, e, "'%.*s' is not the number of an action", FMT(what));
    if (done == drop)
        return args_wrong(c->args, e, "say --done or --drop");
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !book_end_action(w.book, n, done, str_trim(args_text(c->args, "by")),
                         str_trim(args_text(c->args, "note")), w.options.now, e))
        return false;
    io_note(c, "action %lld is %s", (long long)n, done ? "done" : "dropped");
    return true;
}

static const struct option options[] = {
    {.name = "close", .kind = OPT_FLAG,
     .help = "Close the quarter: freeze the pack, make its months final, keep a new forecast."},
    {.name = "final", .kind = OPT_FLAG,
     .help = "With --close: the months are complete although spend ends before their last day."},
    {.name = "by", .kind = OPT_TEXT, .arg = "NAME", .help = "Who closes: a name or role."},
    {.name = NULL},
};
static const struct option action_options[] = {
    {.name = "done", .kind = OPT_FLAG, .help = "It was done."},
    {.name = "drop", .kind = OPT_FLAG, .help = "It will not be done."},
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "What came of it."},
    {.name = "by", .kind = OPT_TEXT, .arg = "NAME", .help = "Who says so."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"review FY2027-Q1", "the pack: variances, explanations, actions, forecast"},
    {"review FY2027-Q1 -o pack.pdf", "to hand round"},
    {"review FY2027-Q1 --close --by finance-partner", "close it; refused while a flag lacks its "
                                                      "explanation, a benefit its measurement"},
    {NULL, NULL},
};
static const struct example action_examples[] = {
    {"review action 2 --done --note 'Capped at two retries'", "the next review shows it"},
    {NULL, NULL},
};

const struct command cmd_review = {
    .name = "review",
    .summary = "The quarterly pack; close a quarter once flags are explained, benefits measured",
    .usage = "QUARTER [OPTIONS]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "QUARTER is FY2027-Q1 (the plan's fiscal year) or 2026-Q3 (the calendar's). Each flag of "
        "the quarter's months and of the year to date needs an owner, a cause and a text; an "
        "initiative or category needs none of its own when what its explained lines leave of it "
        "is no flag any more. Each benefit that the budget promised for the quarter needs its "
        "measurement, or the reason why there is none ('outlay value measure'). Closing freezes "
        "the pack under a digest that stands in the journal, "
        "makes the months final and keeps a new forecast. A closed quarter does not change; the "
        "next review shows what became of its actions.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run,
};

const struct command cmd_review_action = {
    .name = "review action",
    .summary = "An action was done, or dropped",
    .usage = "N --done|--drop [OPTIONS]",
    .group = "Track",
    .examples = action_examples,
    .options = action_options,
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_action,
};
