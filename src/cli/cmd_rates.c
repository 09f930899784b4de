/* cmd_rates.c - outlay rates, outlay rates import. */
#include "base/limits.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"

static bool run_list(struct ctx *c, struct err *e)
{
    static const struct doc_column columns[] = {
        {"name", "List", CELL_TEXT, SHOW_ALL, 0, -1},
        {"base", "Per unit of", CELL_TEXT, SHOW_ALL, 0, -1},
        {"at", "Imported", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct workspace w;
    struct stored_list *lists;
    size_t n;
    if (!open_workspace(c, NEED_BOOK, &w, e) || !book_rates(w.book, c->arena, &lists, &n, e))
        return false;
    struct doc *d = doc_new(c->arena, "rates", S("Exchange rates"));
    d->currency = w.settings.currency;
    struct doc_table *t = doc_table(d, "lists", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text =
        S("No rates were imported. 'outlay rates import FILE' reads the layout of the ECB.");
    for (size_t i = 0; i < n; i++) {
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(lists[i].name);
        x[1] = cell_text(str_dup(c->arena, currency_str(&lists[i].base)));
        x[2] = cell_text(lists[i].at);
    }
    return io_report(c, d, e);
}

static bool run_import(struct ctx *c, struct err *e)
{
    struct workspace w;
    str path = args_operand(c->args, 0), text, base_text = args_text(c->args, "base");
    currency base;
    if (!currency_parse(base_text.n ? base_text : S("EUR"), &base))
        return args_wrong(c->args, e, "'%.*s' is not a currency", FMT(base_text));
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !file_read(c->arena, path, LIMIT_SMALL_FILE, &text, e) ||
        !fx_add_csv(fx_new(c->arena), path, text, base, e))
        return false;
    bool is_new;
    if (!book_add_rates(w.book, path_base(path), base, text, w.options.now, &is_new, e))
        return false;
    io_note(c, is_new ? "imported rates from '%.*s'" : "the book holds the rates of '%.*s' already",
            FMT(path));
    return true;
}

static const struct option import_options[] = {
    {.name = "base", .kind = OPT_TEXT, .arg = "CODE",
     .help = "The currency one unit of which the rates price. Default: EUR, as the ECB has it."},
    {.name = NULL},
};

static const struct example import_examples[] = {
    {"rates import eurofxref-hist.csv", "daily rates as the ECB publishes them"},
    {"rates import --base USD treasury.csv", "own rates, units of each currency per US dollar"},
    {NULL, NULL},
};

const struct command cmd_rates = {
    .name = "rates",
    .summary = "Exchange rates in the book",
    .usage = "",
    .group = "Inventory",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_list,
};

const struct command cmd_rates_import = {
    .name = "rates import",
    .summary = "Read exchange rates, daily or monthly",
    .usage = "[OPTIONS] FILE",
    .group = "Inventory",
    .examples = import_examples,
    .options = import_options,
    .details =
        "A column Date (days or months) and one per currency. Amounts are converted at the mean "
        "rate of their month; a missing month is an error that names it.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_import,
};
