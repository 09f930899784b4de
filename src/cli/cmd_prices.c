/* cmd_prices.c - outlay prices, outlay prices import. */
#include "base/limits.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/rework_cli.h"
#include "cli/support.h"
#include "report/price_list.h"
#include "report/price_watch_report.h"

static bool run_list(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct price_list_request q = {.at = args_day(c->args, "at"),
                                   .model = args_text(c->args, "model"),
                                   .provider = args_text(c->args, "provider")};
    str db = path_join(c->arena, c->book_dir, S("outlay.db"));
    if (file_exists(db)) {
        if (!open_workspace(c, NEED_PRICES, &w, e))
            return false;
    } else { /* the built-in prices can be looked up anywhere */
        w = (struct workspace){.prices = price_book_new(c->arena), .settings.currency = {"USD"}};
    }
    q.prices = w.prices;
    q.currency = w.settings.currency;
    return io_report(c, report_price_list(&q, c->arena), e);
}

static bool run_import(struct ctx *c, struct err *e)
{
    struct workspace w;
    str path = args_operand(c->args, 0), text;
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !file_read(c->arena, path, LIMIT_SMALL_FILE, &text, e) ||
        !price_book_add_csv(price_book_new(c->arena), path, text, e))
        return false;
    bool is_new;
    if (!book_add_prices(w.book, path_base(path), text, w.options.now, &is_new, e))
        return false;
    io_note(c,
            is_new ? "imported prices from '%.*s'" : "the book holds the prices of '%.*s' already",
            FMT(path));
    if (is_new)
        io_note(c, "rows that are already in the ledger keep the price they were given; "
                   "'outlay prices apply' prices open months anew");
    return true;
}

static bool run_apply(struct ctx *c, struct err *e)
{
    return run_rework(c, REWORK_PRICES, e);
}

/* The book's prices, or what they would be with a list that is not imported. */
static bool run_watch(struct ctx *c, struct err *e)
{
    struct workspace w, now;
    struct plan_source s;
    struct doc *d;
    str list = args_operand(c->args, 0), text;
    if (!open_plan(c, args_text(c->args, "plan"), false, &w, &s, e))
        return false;
    workspace_of_plan(c, &now);
    if (!workspace_prices(&now, e))
        return false;
    if (list.n && (!file_read(c->arena, list, LIMIT_SMALL_FILE, &text, e) ||
                   !price_book_add_csv(now.prices, list, text, e)))
        return false;
    const struct plan_options options = plan_prices_of(&now);
    const struct price_watch_request q = {s.plan, &options, path_base(list), c->today};
    return report_price_watch(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option watch_options[] = {
    {.name = "plan",
     .kind = OPT_TEXT,
     .arg = "PLAN",
     .help = "The plan: a file or REVISION:FILE. Default: the working plan.yaml."},
    BASELINE_OPTION,
    {.name = NULL},
};

static const struct option list_options[] = {
    {.name = "at", .kind = OPT_DAY, .arg = "DAY", .help = "Only prices in force on this day."},
    {.name = "model",
     .letter = 'm',
     .kind = OPT_TEXT,
     .arg = "PATTERN",
     .help = "Only these models: claude-*."},
    {.name = "provider", .kind = OPT_TEXT, .arg = "PATTERN", .help = "Only these providers."},
    {.name = NULL},
};

static const struct example list_examples[] = {
    {"prices --at 2026-09-01 --model claude-sonnet*", "what was in force on a day"},
    {"prices --format csv > prices.csv", "the whole book, in the layout that can be imported"},
    {NULL, NULL},
};

static const struct example import_examples[] = {
    {"prices import our-prices.csv", "negotiated prices, on top of the built-in ones"},
    {NULL, NULL},
};

static const struct example apply_examples[] = {
    {"prices apply --dry-run", "what the price book as it is now would change"}, {NULL, NULL}};

const struct command cmd_prices = {
    .name = "prices",
    .summary = "What models cost, when, and where that is from",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = list_examples,
    .options = list_options,
    .details =
        "Prices are dated data: per million tokens, in force from a day until the next entry of "
        "the same model. Own lists stand on top of the built-in book.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_list,
};

const struct command cmd_prices_import = {
    .name = "prices import",
    .summary = "Put own prices on top of the built-in ones",
    .usage = "FILE",
    .group = "Inventory",
    .examples = import_examples,
    .details =
        "CSV with the columns of 'outlay prices --format csv'; model and input or output are "
        "enough. Rows already priced keep their price.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_import,
};

static const struct example watch_examples[] = {
    {"prices watch", "price changes inside the plan's year, and where the book disagrees with it"},
    {"prices watch new-prices.csv", "what a new list would do, before it is imported"},
    {NULL, NULL},
};

const struct command cmd_prices_watch = {
    .name = "prices watch",
    .summary = "What price changes do to the plan's year",
    .usage = "[OPTIONS] [FILE.csv]",
    .group = "Inventory",
    .examples = watch_examples,
    .options = watch_options,
    .details =
        "Changes that are dated in the plan, or in the price book where the plan takes its prices "
        "from there, are in its number. The plan's own `prices:` win over the book: where the book "
        "(or FILE, in the layout of 'outlay prices --format csv') has another price, the report "
        "says what adopting it would cost. Nothing is written. Still ahead counts from the month "
        "of --as-of on.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_watch,
};

const struct command cmd_prices_apply = {
    .name = "prices apply",
    .summary = "Price usage in the ledger anew, by the price book as it is now",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = apply_examples,
    .options = rework_options,
    .details =
        "Only usage that came without a cost: what a bill states is never changed. Closed months "
        "are left alone. The change is shown and kept in the journal.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_apply,
};
