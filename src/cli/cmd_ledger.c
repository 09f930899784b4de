/* cmd_ledger.c - outlay ledger, outlay ledger imports: rows and where they came from. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/ledger_list.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct ledger_list_request q = {.as_of = c->today};
    struct ledger_filter *filters;
    if (!open_workspace(c, NEED_LEDGER, &w, e) ||
        !period_of(c, w.settings.fiscal_start, &q.query.from, &q.query.to, e) ||
        !filters_of(c, "where", &filters, &q.query.n_filters, e))
        return false;
    q.query.filters = filters;
    q.ledger = w.ledger;
    q.book = w.book;
    q.order = args_choice(c->args, "order") == 1 ? ORDER_PLACE : ORDER_COST;
    q.limit = (size_t)args_count(c->args, "limit", 25);
    q.currency = w.settings.currency;
    struct doc *d;
    return report_ledger_list(&q, c->arena, &d, e) && io_report(c, d, e);
}

static bool run_imports(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct doc *d;
    return open_workspace(c, NEED_BOOK, &w, e) &&
           report_imports(w.book, w.settings.currency, c->arena, &d, e) && io_report(c, d, e);
}

static const char *const orders[] = {"cost", "place", NULL};

static const struct option options[] = {
    PERIOD_OPTIONS,
    {.name = "where", .letter = 'w', .kind = OPT_TEXT, .arg = "KEY=VALUE,...", .repeats = true,
     .help = "Rows that match all: category=review, service=Amazon*, tag:team=ml, rule!=x."},
    {.name = "order", .kind = OPT_CHOICE, .arg = "ORDER", .choices = orders,
     .help = "cost (largest first, default) or place (import, file, line)."},
    {.name = "limit", .letter = 'n', .kind = OPT_COUNT, .arg = "N",
     .help = "At most N rows. Default: 25."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"ledger --where category=review", "the largest rows that wait for a decision"},
    {"ledger --where service=Amazon*,model=claude* -n 100", "rows behind a figure"},
    {NULL, NULL},
};

const struct command cmd_ledger = {
    .name = "ledger",
    .summary = "The rows behind a figure, each with file, line and rule",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = examples,
    .options = options,
    .details =
        "A row's name, such as 2/1:1841, is its import, file and line; 'outlay rules why ROW' "
        "says how it was placed.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};

const struct command cmd_ledger_imports = {
    .name = "ledger imports",
    .summary = "What was imported, when, and what replaced what",
    .usage = "",
    .group = "Inventory",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_imports,
};
