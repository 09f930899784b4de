/* cmd_anomalies.c - outlay anomalies: daily spend outside its own pattern. */
#include "app/anomalies.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct anomalies_view v;
    struct month_span span;
    struct variance_rule rule = {DEC_ONE * 15 / 100, dec_from_i64(100)};
    struct anomalies_request q = {.month = MONTH_NONE, .as_of = args_day(c->args, "as-of")};
    if (!rule_of(c, &rule, e) || !open_workspace(c, NEED_LEDGER | NEED_RATES, &w, e))
        return false;
    if (args_span(c->args, "month", w.settings.fiscal_start, &span)) {
        if (span.from != span.to)
            return args_wrong(c->args, e, "--month takes one month, such as 2026-09");
        q.month = span.from;
    }
    q.over = rule.over;
    q.floor = rule.floor;
    q.basis = args_choice(c->args, "basis") == 1 ? BASIS_BILLED : BASIS_EFFECTIVE;
    if (!anomalies_find(&w, &q, &v, e))
        return false;
    v.as_of = c->today;
    v.basis = basis_name(c);
    if (!io_report(c, report_anomalies(&v, c->arena), e))
        return false;
    if (v.n && args_flag(c->args, "fail-over"))
        return err_set(e, ERR_THRESHOLD, "%zu days are outside their pattern (--fail-over)", v.n);
    return true;
}

static const struct option options[] = {
    {.name = "month", .kind = OPT_SPAN, .arg = "MONTH",
     .help = "That month. Default: the last 31 days with spend."},
    {.name = "basis", .kind = OPT_CHOICE, .arg = "BASIS", .choices = basis_choices,
     .help = "Cost basis: effective (amortized, default) or billed (as invoiced)."},
    {.name = "over", .kind = OPT_TEXT, .arg = "SHARE",
     .help = "The fixed share told beside it. Default: 15%."},
    {.name = "floor", .kind = OPT_TEXT, .arg = "AMOUNT",
     .help = "Leave out days that are off by less. Default: 100."},
    {.name = "fail-over", .kind = OPT_FLAG, .help = "Exit 4 when there is one: for cron."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"anomalies", "unusual days of the last month, with the command that lists their rows"},
    {"anomalies --month 2026-09 --floor 500", "of September, only larger ones"},
    {NULL, NULL},
};

const struct command cmd_anomalies = {
    .name = "anomalies",
    .summary = "Days on which spend left its own pattern, whatever the budget says",
    .usage = "[OPTIONS]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "Each line with spend on most days is forecast one day ahead from its own weekly pattern; "
        "a day stands out when its error is large against the line's past errors, and among all "
        "lines. A fixed 15 % cries on calm lines too seldom and on volatile ones all the time; it "
        "is told beside it. A shift is many days a little off in one direction.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};
