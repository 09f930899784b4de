/* cmd_inventory.c - outlay inventory. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/inventory.h"

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct inventory_request q = {.as_of = c->today};
    if (!open_workspace(c, NEED_LEDGER | NEED_RATES, &w, e) ||
        !period_of(c, w.settings.fiscal_start, &q.from, &q.to, e))
        return false;
    struct ledger_key *by;
    str *names, code = args_text(c->args, "currency");
    if (!keys_of(c, "by", &by, &names, &q.n_by, e))
        return false;
    if (!args_has(c->args, "by")) {
        by = arena_new(c->arena, struct ledger_key, 1);
        names = arena_new(c->arena, str, 1);
        by[0].kind = KEY_CATEGORY;
        names[0] = S("category");
        q.n_by = 1;
    }
    q.currency = w.settings.currency;
    if (code.n && !currency_parse(code, &q.currency))
        return args_wrong(c->args, e, "'%.*s' is not a currency", FMT(code));
    q.ledger = w.ledger;
    q.by = by;
    q.by_names = names;
    q.basis = args_choice(c->args, "basis") == 1 ? BASIS_BILLED : BASIS_EFFECTIVE;
    q.rates = w.rates;
    q.leave_out_unrated = args_flag(c->args, "without-rates");
    q.ai_only = args_flag(c->args, "ai");
    struct doc *d;
    bool at_risk;
    if (!report_inventory(&q, c->arena, &d, &at_risk, e) || !io_report(c, d, e))
        return false;
    if (at_risk && args_flag(c->args, "strict"))
        return err_set(e, ERR_THRESHOLD, "there are amounts at risk (--strict)");
    return true;
}

static const char *const bases[] = {"effective", "billed", NULL};

static const struct option options[] = {
    PERIOD_OPTIONS,
    {.name = "by", .kind = OPT_TEXT, .arg = "KEY,...", .repeats = true,
     .help = "Group by category, provider, service, model, account, sub_account, initiative, line, "
             "month, region, rule ... or tag:NAME. Default: category."},
    {.name = "basis", .kind = OPT_CHOICE, .arg = "BASIS", .choices = bases,
     .help = "Cost basis: effective (amortized, default) or billed (as invoiced)."},
    {.name = "currency", .kind = OPT_TEXT, .arg = "CODE",
     .help = "Currency of the report. Default: the plan's."},
    {.name = "ai", .kind = OPT_FLAG, .help = "Leave out spend that is not AI."},
    {.name = "without-rates", .kind = OPT_FLAG,
     .help = "Show amounts that have no exchange rate as at risk instead of refusing."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"inventory --year FY2026", "last fiscal year by category, with coverage"},
    {"inventory --by provider,month -o spend.xlsx", "a workbook by provider and month"},
    {"inventory --by tag:team --basis billed --format json", "for a program, as invoiced"},
    {"inventory --strict", "exit 4 while anything is unpriced or to review"},
    {NULL, NULL},
};

const struct command cmd_inventory = {
    .name = "inventory",
    .summary = "What was spent on AI, and how sure that is",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = examples,
    .options = options,
    .details =
        "Sums the ledger over the five categories and by whatever you name, says how much of it is "
        "explained, and lists amounts at risk: rows to review, usage without a price, months "
        "without "
        "an exchange rate. Unknown is never counted as zero.\n\n"
        "Amounts in other currencies are converted at the mean rate of their month. Use 'outlay "
        "ledger' "
        "with the same filters to see the rows behind a figure.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};
