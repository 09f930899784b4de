/* cmd_forecast_book.c - outlay forecast of a book, and how past forecasts held. */
#include "app/forecast_book.h"
#include "cli/args.h"
#include "cli/forecast_cli.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"

bool forecast_of_book(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct forecast_book f;
    bool keep = !args_flag(c->args, "no-keep");
    int64_t id = 0;
    if (!open_tracking(c, NEED_LEDGER | (keep ? NEED_BOOK_WRITE : 0), &w, &k, e) ||
        !forecast_make(&w, &k, &f, e) || (keep && !forecast_keep(&w, &f, &id, e)))
        return false;
    f.view.as_of = c->today;
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

static const struct option score_options[] = {TRACK_OPTIONS, {.name = NULL}};

static const struct example score_examples[] = {
    {"forecast score", "error, bias and coverage of every kept forecast"}, {NULL, NULL}};

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
