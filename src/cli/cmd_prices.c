/* cmd_prices.c - outlay prices, outlay prices import. */
#include "base/hash.h"
#include "base/limits.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/rework_cli.h"
#include "cli/support.h"
#include "core/price_int.h"
#include "ingest/price_lists.h"
#include "report/price_conflicts.h"
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

/* The list at `path` in our layout: checked, and told of what was left out. */
static bool read_list(struct ctx *c, str path, str *ret_text, struct price_list *ret, struct err *e)
{
    struct price_list_options o = {.taken = args_day(c->args, "date"),
                                   .from = args_day(c->args, "from"),
                                   .known = price_book_new(c->arena)};
    bool compare = option_find(args_command(c->args), S("at")) != NULL;
    if (compare)
        o.from = DAY_NONE;
    if (compare && o.taken == DAY_NONE)
        o.taken = args_day(c->args, "at");
    if (o.taken == DAY_NONE)
        o.taken = c->today;
    str text;
    struct price_list list;
    if (!file_read(c->arena, path, LIMIT_SMALL_FILE, &text, e) ||
        !price_list_read(c->arena, path, text, &o, &list, e) ||
        !price_book_add_csv(price_book_new(c->arena), path, list.csv, e))
        return false;
    *ret_text = text;
    *ret = list;
    return true;
}

static bool run_import(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct price_list list;
    str path = args_operand(c->args, 0), text;
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) || !read_list(c, path, &text, &list, e))
        return false;
    bool is_new;
    char sha[SHA256_HEX], taken[DATE_TEXT];
    sha256_of(text, sha);
    struct list_source from = {str_of(list.format), str_of(sha), list.taken};
    bool own = list.taken == DAY_NONE;
    if (!(own ? book_add_prices(w.book, path_base(path), list.csv, w.options.now, &is_new, e)
              : book_add_price_list(w.book, path_base(path), list.csv, &from, w.options.now,
                                    &is_new, e)))
        return false;
    if (!is_new) {
        io_note(c, "the book holds the prices of '%.*s' already", FMT(path));
        return true;
    }
    if (own)
        io_note(c, "imported prices from '%.*s'", FMT(path));
    else
        io_note(c, "imported %s prices from '%.*s', a list of %s of %s",
                str_count(c->arena, list.prices).p, FMT(path), list.format,
                date_format(list.taken, taken).p);
    for (size_t i = 0; i < list.n_notes; i++)
        io_note(c, "%.*s", FMT(list.notes[i]));
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
    struct price_list read;
    if (list.n && (!read_list(c, list, &text, &read, e) ||
                   !price_book_add_csv(now.prices, list, read.csv, e)))
        return false;
    const struct plan_options options = plan_prices_of(&now);
    const struct price_watch_request q = {s.plan, &options, path_base(list), c->today};
    return report_price_watch(&q, c->arena, &d, e) && io_report(c, d, e);
}

static const struct option watch_options[] = {
    {.name = "date", .kind = OPT_DAY, .arg = "DAY",
     .help = "The day that FILE tells of. Default: the one it states, else today."},
    {.name = "from", .kind = OPT_FIRST_DAY, .arg = "DAY",
     .help = "The day from which the prices of FILE hold. Default: as the list says."},
    {.name = "plan", .kind = OPT_TEXT, .arg = "PLAN",
     .help = "The plan: a file or REVISION:FILE. Default: the working plan.yaml."},
    BASELINE_OPTION,
    {.name = NULL},
};

/* Lists named on the command line are held against the book's without being imported. */
static bool add_lists(struct ctx *c, struct price_conflicts_request *q, struct err *e)
{
    const struct price_book **lists =
        arena_new(c->arena, const struct price_book *, args_n(c->args) + 1);
    for (size_t i = 0; i < args_n(c->args); i++) {
        struct price_list list;
        str text, path = args_operand(c->args, i);
        struct price_book *b = price_book_empty(c->arena);
        if (!read_list(c, path, &text, &list, e) || !price_book_add_csv(b, path, list.csv, e))
            return false;
        lists[q->n_lists++] = b;
        for (size_t k = 0; k < list.n_notes; k++)
            io_note(c, "%.*s: %.*s", FMT(path), FMT(list.notes[k]));
    }
    q->lists = lists;
    return true;
}

static bool run_conflicts(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct plan_source plan = {0};
    struct price_conflicts_request q = {.on = args_day(c->args, "at"),
                                        .model = args_text(c->args, "model"),
                                        .provider = args_text(c->args, "provider"),
                                        .as_of = c->today};
    if (!open_workspace(c, NEED_PRICES | NEED_LEDGER, &w, e) ||
        !period_of(c, w.settings.fiscal_start, &q.from, &q.to, e))
        return false;
    if (file_exists(path_join(c->arena, c->book_dir, S("plan.yaml"))) &&
        !load_plan_here(c, &w, STR_NONE, false, &plan, e))
        return false;
    if (!add_lists(c, &q, e))
        return false;
    if (q.on == DAY_NONE)
        q.on = c->today;
    q.prices = w.prices;
    q.plan = plan.plan;
    q.ledger = w.ledger;
    q.currency = w.settings.currency;
    struct doc *d;
    size_t n;
    if (!report_price_conflicts(&q, c->arena, &d, &n, e) || !io_report(c, d, e))
        return false;
    if (n && c->strict)
        return err_set(e, ERR_THRESHOLD, "price books disagree (--strict)");
    return true;
}

static const struct option conflicts_options[] = {
    PERIOD_OPTIONS,
    {.name = "at", .kind = OPT_DAY, .arg = "DAY",
     .help = "Compare prices in force on this day. Default: today."},
    {.name = "model", .letter = 'm', .kind = OPT_TEXT, .arg = "PATTERN",
     .help = "Only these models: claude-*."},
    {.name = "provider", .kind = OPT_TEXT, .arg = "PATTERN", .help = "Only these providers."},
    {.name = "date", .kind = OPT_DAY, .arg = "DAY",
     .help = "The day that lists named here tell of. Default: the one they state, else --at."},
    {.name = NULL},
};

static const struct example conflicts_examples[] = {
    {"prices conflicts", "built-in prices, imported lists and the plan's, today"},
    {"prices conflicts --at 2026-03-01 --year FY2026 litellm.json",
     "hold a list against the book without importing it; the year's usage at stake"},
    {NULL, NULL},
};

static const struct option list_options[] = {
    {.name = "at", .kind = OPT_DAY, .arg = "DAY", .help = "Only prices in force on this day."},
    {.name = "model", .letter = 'm', .kind = OPT_TEXT, .arg = "PATTERN",
     .help = "Only these models: claude-*."},
    {.name = "provider", .kind = OPT_TEXT, .arg = "PATTERN", .help = "Only these providers."},
    {.name = NULL},
};

static const struct example list_examples[] = {
    {"prices --at 2026-09-01 --model claude-sonnet*", "what was in force on a day"},
    {"prices --format csv > prices.csv", "the whole book, in the layout that can be imported"},
    {NULL, NULL},
};

static const struct option import_options[] = {
    {.name = "date", .kind = OPT_DAY, .arg = "DAY",
     .help = "The day a public list tells of. Default: the one it states, else today."},
    {.name = "from", .kind = OPT_FIRST_DAY, .arg = "DAY",
     .help = "First day of prices that have none. Default: the list's day where the built-in book "
             "knows the model, else always."},
    {.name = NULL},
};

static const struct example import_examples[] = {
    {"prices import our-prices.csv", "negotiated prices, on top of the built-in ones"},
    {"prices import model_prices_and_context_window.json --date 2026-07-01",
     "LiteLLM's map as it was on a day"},
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
    .usage = "[OPTIONS] FILE",
    .group = "Inventory",
    .examples = import_examples,
    .options = import_options,
    .details =
        "CSV with the columns of 'outlay prices --format csv' (model and input or output are "
        "enough; 'unit' may say 1K tokens, token, cents per token), or a public list, found from "
        "its content: LiteLLM's map of models, llm-prices, genai-prices, models.dev, Portkey. "
        "Every price keeps its source and date.\n\n"
        "Rows already priced keep their price. Lists that disagree: 'outlay prices conflicts'.",
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

const struct command cmd_prices_conflicts = {
    .name = "prices conflicts",
    .summary = "Where price books disagree, and the money that hangs on it",
    .usage = "[OPTIONS] [FILE...]",
    .group = "Inventory",
    .examples = conflicts_examples,
    .options = conflicts_options,
    .details =
        "Holds the price in use (the latest list that has one) against every other list that knows "
        "the same model, tier and kind of price, and against the plan's 'prices:'. Spend at stake "
        "is the ledger's tokens of the period x difference, plan at stake the plan's. Prices 100, "
        "1000 or a million times apart are named as slips of the unit. With --strict, exit 4 "
        "when there is any conflict.",
    .max_operands = -1,
    .complete_operands = "file",
    .run = run_conflicts,
};
