/* cmd_forecast.c - outlay forecast: what comes next, of the book or of any series. */
#include "app/forecast_series.h"
#include "cli/args.h"
#include "cli/forecast_cli.h"
#include "cli/io.h"
#include "engine/series.h"

static void show_progress(void *ctx, double share)
{
    progress_update(ctx, share, 0);
}

static bool series(struct ctx *c, struct err *e)
{
    struct doc *d;
    int64_t h = args_count(c->args, "h", 0), period = args_count(c->args, "period", 12);
    if (h < 1 || h > SERIES_H_MAX)
        return args_wrong(c->args, e, "--series needs --h, 1 to %d steps ahead", SERIES_H_MAX);
    if (period < 1 || period > SERIES_MAX / 2)
        return args_wrong(c->args, e, "--period is 1 to %d", SERIES_MAX / 2);
    if (args_has(c->args, "last") && args_count(c->args, "last", 0) < 1)
        return args_wrong(c->args, e, "--last is at least 1");
    const struct forecast_series_query q = {
        .path = args_text(c->args, "series"),
        .h = (int)h,
        .period = (int)period,
        .last = (size_t)args_count(c->args, "last", 0),
        .backtest = args_flag(c->args, "backtest"),
        .threads = c->threads,
        .as_of = args_day(c->args, "as-of"),
        .progress = show_progress,
        .progress_ctx = io_progress(c),
        .interrupted = c->interrupted,
    };
    progress_begin(io_progress(c), S("forecasting"), 0);
    bool ok = forecast_series(c->arena, &q, &d, e);
    progress_end(io_progress(c));
    return ok && io_report(c, d, e);
}

static bool run(struct ctx *c, struct err *e)
{
    if (args_has(c->args, "series"))
        return series(c, e);
    return forecast_of_book(c, e);
}

static const struct option options[] = {
    FORECAST_BOOK_OPTIONS,
    {.name = "series",
     .kind = OPT_FILE,
     .arg = "FILE",
     .help = "Forecast the series of a CSV with the columns id, t and value, without a book."},
    {.name = "h", .kind = OPT_COUNT, .arg = "N", .help = "Steps ahead, 1 to 400."},
    {.name = "period",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "Values a season has: 12 months, 4 quarters, 52 weeks, 7 days, 1 for none. Default: "
             "12."},
    {.name = "last",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "Look at the newest N values of each series only. Default: all, up to 4000."},
    {.name = "backtest",
     .kind = OPT_FLAG,
     .help = "How good forecasts would have been from each of the last 12 values."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"forecast", "where the book's year will end, against its budget"},
    {"forecast --as-of 2026-09-30 --no-keep", "as it would have been said at the end of "
                                              "September"},
    {"forecast --series spend.csv --h 12 -o next.csv", "12 months of every series, with ranges"},
    {"forecast --series spend.csv --h 6 --backtest", "whether to trust them"},
    {"forecast --series weekly.csv --h 13 --period 52 --last 156", "weeks, from three years"},
    {NULL, NULL},
};

const struct command cmd_forecast = {
    .name = "forecast",
    .summary = "What comes next in spending, with ranges that hold",
    .usage = "[OPTIONS] [--series FILE --h N]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "Of a book: complete months are actuals. The rest is the plan's driver model re-estimated "
        "from them (how far the plan's ranges let a line be off, against what its months say) and "
        "a series model of each category, weighted by their own variances. One-off amounts that "
        "did not come are expected next month. Beside it stand the run rate, the rest as "
        "budgeted, and the budget scaled by what was used so far. Every forecast is kept in the "
        "book, never changed, and compared with the next; when past ranges held too seldom, the "
        "new ones are wider.\n\n"
        "A series file has one row for each value: id, t (a month such as 2026-07, or a whole "
        "number) and value, in any order of rows and columns. Each series is forecast by itself: "
        "the median of log-theta, exponential smoothing, seasonal ARIMA and the seasonal naive; "
        "short ones by simpler models. The ranges come from the errors of the same models over "
        "the newer half of the series. A gap, a value given twice, or one that is no number is an "
        "error.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};
