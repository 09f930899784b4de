/* cmd_track.c - outlay track: actual against budget. */
#include "app/variance_table.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"

static bool run_table(struct ctx *c, struct err *e)
{
    struct text_list keys = args_list(c->args, "key"), where = args_list(c->args, "where");
    struct table_request q = {.path = args_text(c->args, "table"),
                              .keys = keys.items,
                              .n_keys = keys.n,
                              .sum = args_flag(c->args, "sum"),
                              .budget = args_text(c->args, "budget"),
                              .actual = args_text(c->args, "actual"),
                              .where = where.items,
                              .n_where = where.n,
                              .rule = {.over = DEC_ONE * 15 / 100}};
    struct variance_table t;
    size_t flags;
    if (!q.budget.n || !q.actual.n)
        return args_wrong(c->args, e, "--table needs --budget COLUMN and --actual COLUMN");
    if (!rule_of(c, &q.rule, e) || !variance_table_read(c->arena, &q, &t, e))
        return false;
    t.as_of = args_day(c->args, "as-of");
    t.only_flags = args_flag(c->args, "flags");
    if (!io_report(c, report_variance_table(&t, c->arena, &flags), e))
        return false;
    if (flags && args_flag(c->args, "fail-over"))
        return err_set(e, ERR_THRESHOLD, "%zu lines are flagged (--fail-over)", flags);
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    if (args_has(c->args, "table"))
        return run_table(c, e);
    return args_wrong(c->args, e, "tracking needs --table");
}

static const struct option options[] = {
    RULE_OPTIONS,
    {.name = "flags", .kind = OPT_FLAG, .help = "Only what is flagged."},
    {.name = "fail-over", .kind = OPT_FLAG, .help = "Exit 4 while anything is flagged: for cron."},
    {.name = "table", .kind = OPT_FILE, .arg = "FILE.csv",
     .help = "No book: the lines of any table with a budget and an actual column."},
    {.name = "key", .kind = OPT_TEXT, .arg = "COLUMN,...", .repeats = true,
     .help = "With --table: columns that name a line. Default: where it stands in the file."},
    {.name = "sum", .kind = OPT_FLAG,
     .help = "With --table: records with the same --key are one line. Default: each is one."},
    {.name = "budget", .kind = OPT_TEXT, .arg = "COLUMN", .help = "With --table: the budget."},
    {.name = "actual", .kind = OPT_TEXT, .arg = "COLUMN",
     .help = "With --table: what was spent."},
    {.name = "where", .kind = OPT_TEXT, .arg = "COLUMN=VALUE,...", .repeats = true,
     .help = "With --table: only records that have all of these values."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"track --table county.csv --key Department --budget 'Appropriations 2012' --actual "
     "'Expenditures 2012'",
     "which lines of any budget are more than 15 % off"},
    {NULL, NULL},
};

const struct command cmd_track = {
    .name = "track",
    .summary = "Actual against budget, and what is off by more than the plan allows",
    .usage = "[OPTIONS]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details = "Variance = actual - budget.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};
