/* cmd_forecast.c - outlay forecast: the rest of the year, and how past forecasts held. */
#include "app/forecast_book.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct forecast_book f;
    bool keep = !args_flag(c->args, "no-keep");
    int64_t id = 0;
    if (!open_tracking(c, NEED_LEDGER | (keep ? NEED_BOOK_WRITE : 0), &w, &k, e) ||
        !forecast_make(&w, &k, &f, e) || (keep && !forecast_keep(&w, &f, &id, e)))
        return false;
    f.view.as_of = args_day(c->args, "as-of");
    f.view.basis = basis_name(c);
    if (!io_report(c, report_forecast(&f.view, c->arena), e))
        return false;
    if (id)
        io_note(c, "kept as forecast %lld", (long long)id);
    return true;
}

static bool run_score(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct forecast_score *items;
    size_t n;
    if (!open_tracking(c, NEED_LEDGER, &w, &k, e) || !forecast_scores(&w, &k, &items, &n, e))
        return false;
    return io_report(c, report_forecast_scores(items, n, k.t.plan->header.currency, c->arena), e);
}

static const struct option options[] = {
    TRACK_OPTIONS,
    {.name = "no-keep", .kind = OPT_FLAG,
     .help = "Do not keep it in the book. Default: kept, unless the last one says the same."},
    {.name = NULL},
};
static const struct option score_options[] = {TRACK_OPTIONS, {.name = NULL}};

static const struct example examples[] = {
    {"forecast", "actuals to date, the rest of the year with P10/P50/P90, against the budget"},
    {"forecast --as-of 2026-09-30 --no-keep", "as it would have been said at the end of "
                                               "September"},
    {"forecast -o forecast.xlsx", "as a workbook"},
    {NULL, NULL},
};
static const struct example score_examples[] = {
    {"forecast score", "error, bias and coverage of every kept forecast"}, {NULL, NULL}};

const struct command cmd_forecast = {
    .name = "forecast",
    .summary = "Where the year will end: actuals, drivers and series, P10/P50/P90",
    .usage = "[OPTIONS]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "Complete months are actuals. The rest is the plan's driver model re-estimated from them "
        "(how far the plan's ranges let a line be off, against what its months say) and a series "
        "model of each category, weighted by their own variances. One-off amounts that did not "
        "come are expected next month. Beside it stand the run rate, the rest as budgeted, and "
        "the budget scaled by what was used so far.\n\n"
        "Every forecast is kept in the book, never changed, and compared with the next; when past "
        "ranges held too seldom, the new ones are wider.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};

const struct command cmd_forecast_score = {
    .name = "forecast score",
    .summary = "How past forecasts held: WAPE, bias, pinball loss, coverage",
    .usage = "[OPTIONS]",
    .group = "Track",
    .examples = score_examples,
    .options = score_options,
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_score,
};
