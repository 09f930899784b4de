/* cmd_track.c - outlay track: actual against budget. */
#include "app/alert.h"
#include "app/variance_table.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"
#include "report/track.h"

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

/* ---- the book ---- */

/* --month, --ytd, --year: by default the last month with spend, and the year to it. */
static bool periods_of(struct ctx *c, const struct tracking *t, struct track_view *v,
                       struct err *e)
{
    struct track_period *p = arena_new(c->arena, struct track_period, PLAN_MONTHS_MAX + 1);
    int32_t last = MAX(t->n_known, 1) - 1;
    bool one = args_has(c->args, "month"), ytd = args_flag(c->args, "ytd");
    if (one) {
        struct month_span span;
        if (!args_span(c->args, "month", 1, &span) || span.from != span.to)
            return args_wrong(c->args, e, "--month takes one month, such as 2026-09");
        last = span.from - t->first;
        if (last < 0 || last >= t->n_months)
            return args_wrong(c->args, e, "--month is outside the plan's months");
    }
    bool year = args_flag(c->args, "year");
    for (int32_t m = year ? 0 : last; m <= last; m++)
        if (!ytd || year)
            p[v->n_periods++] = (struct track_period){m, false};
    if (ytd || !one)
        p[v->n_periods++] = (struct track_period){last, true};
    v->periods = p;
    return true;
}

static bool levels_of(struct ctx *c, struct track_view *v, struct err *e)
{
    struct text_list by = args_list(c->args, "by");
    for (int k = TRACK_CATEGORY; k <= TRACK_LINE; k++)
        v->levels[k] = !by.n;
    for (size_t i = 0; i < by.n; i++) {
        int k = TRACK_CATEGORY;
        while (k <= TRACK_LINE && !str_eq(by.items[i], str_of(track_level_name(
                                                           (enum track_level)k))))
            k++;
        if (k > TRACK_LINE)
            return args_wrong(c->args, e, "--by takes category, initiative and line, not '%.*s'",
                              FMT(by.items[i]));
        v->levels[k] = true;
    }
    return true;
}

static bool alerts(const struct ctx *c)
{
    return args_text(c->args, "alert").n || args_text(c->args, "alert-file").n;
}

static bool alert(struct ctx *c, struct workspace *w, const struct track_book *k, int32_t m,
                  struct err *e)
{
    struct alert_request q = {.url = args_text(c->args, "alert"),
                              .file = args_text(c->args, "alert-file"),
                              .key = os_env("OUTLAY_ALERT_KEY"), .month = m, .today = c->today,
                              .now = w->options.now, .wait_ms = 1000,
                              .again = args_flag(c->args, "again")};
    struct forecast_book f;
    struct alert_result r;
    if (!alerts(c))
        return true;
    if (!forecast_make(w, k, &f, e) || !alert_run(w, k, &f.view, &q, &r, e))
        return false;
    if (!r.n_items)
        io_note(c, "nothing to alert about");
    else if (!r.n_sent)
        io_note(c, "nothing new to alert about: --again tells it again");
    else
        io_note(c, "the alert was sent%s", r.tries > 1 ? ", not at the first try" : "");
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct track_view v = {.as_of = c->today};
    size_t flags;
    if (args_has(c->args, "table"))
        return run_table(c, e);
    if (args_flag(c->args, "again") && !alerts(c))
        return args_wrong(c->args, e, "--again goes with --alert or --alert-file");
    if (!levels_of(c, &v, e) ||
        !open_tracking(c, NEED_LEDGER | (alerts(c) ? NEED_BOOK_WRITE : 0), &w, &k, e) ||
        !rule_of(c, &k.t.rule, e) || !periods_of(c, &k.t, &v, e))
        return false;
    v.t = &k.t;
    v.only_flags = args_flag(c->args, "flags");
    v.with_buffers = args_flag(c->args, "with-buffers");
    v.transfers = k.transfers;
    v.n_transfers = k.n_transfers;
    v.commitments = k.commitments;
    v.n_commitments = k.n_commitments;
    v.basis = basis_name(c);
    if (!io_report(c, report_track(&v, c->arena, &flags), e) ||
        !alert(c, &w, &k, v.periods[v.n_periods - 1].month, e))
        return false;
    if (flags && args_flag(c->args, "fail-over")) {
        err_set(e, ERR_THRESHOLD, "%zu variances are flagged (--fail-over)", flags);
        return err_hint(e, "'outlay explain' says what drove them.");
    }
    return true;
}

/* ---- transfers and commitments ---- */

static bool month_of_operand(struct ctx *c, str text, month *ret, struct err *e)
{
    return month_parse(text, ret) ||
           args_wrong(c->args, e, "'%.*s' is not a month such as 2026-09", FMT(text));
}

static bool inside(struct ctx *c, const struct tracking *t, month m, struct err *e)
{
    return (m >= t->first && m < t->first + t->n_months) ||
           args_wrong(c->args, e, "that month is outside the plan's months");
}

static bool line_named(struct ctx *c, const struct tracking *t, str what, str *ret, struct err *e)
{
    enum track_level level;
    if (!str_starts(what, S("line:")))
        what = str_fmt(c->arena, "line:%.*s", FMT(what));
    return track_path(t, what, &level, ret, e);
}

static bool run_transfer(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct transfer x = {.by = str_trim(args_text(c->args, "by")),
                         .note = str_trim(args_text(c->args, "note"))};
    if (!month_of_operand(c, args_operand(c->args, 3), &x.month, e))
        return false;
    if (!x.note.n)
        return args_wrong(c->args, e, "a transfer needs --note TEXT");
    if (!open_tracking(c, NEED_LEDGER | NEED_BOOK_WRITE, &w, &k, e) ||
        !amount_in(c, "AMOUNT", args_operand(c->args, 2), k.t.plan->header.currency, &x.amount, e))
        return false;
    if (x.amount <= 0)
        return args_wrong(c->args, e, "a transfer moves more than nothing");
    if (!inside(c, &k.t, x.month, e) ||
        !line_named(c, &k.t, args_operand(c->args, 0), &x.from, e) ||
        !line_named(c, &k.t, args_operand(c->args, 1), &x.to, e))
        return false;
    const struct tracked *from = tracking_find(&k.t, x.from);
    char has[DEC_GROUPED_TEXT];
    if (str_eq(x.from, x.to))
        return args_wrong(c->args, e, "FROM and TO are the same line");
    if (str_eq(x.from, S("reserve")) || str_eq(x.to, S("reserve"))) {
        err_set(e, ERR_FAILED, "the reserve has no lines and gives none of its budget away");
        return err_hint(e, "Change reserve.share in the plan, and have it approved.");
    }
    if (from->budget[x.month - k.t.first] < x.amount)
        return err_set(e, ERR_FAILED, "'%.*s' has only %.*s in that month", FMT(x.from),
                       FMT(dec_format_grouped(from->budget[x.month - k.t.first], 2, has)));
    if (!book_add_transfer(w.book, &x, w.options.now, &x.id, e))
        return false;
    io_note(c, "transfer %lld is recorded: the total stays as it was", (long long)x.id);
    return true;
}

static bool run_commit(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct commitment x = {.by = str_trim(args_text(c->args, "by")),
                           .note = str_trim(args_text(c->args, "note"))};
    str to = args_operand(c->args, 3);
    if (!month_of_operand(c, args_operand(c->args, 2), &x.first, e))
        return false;
    x.last = x.first;
    if (to.n && !month_of_operand(c, to, &x.last, e))
        return false;
    if (!x.note.n)
        return args_wrong(c->args, e, "a commitment needs --note TEXT: what was signed");
    if (!open_tracking(c, NEED_LEDGER | NEED_BOOK_WRITE, &w, &k, e) ||
        !amount_in(c, "AMOUNT", args_operand(c->args, 1), k.t.plan->header.currency, &x.amount, e))
        return false;
    if (x.amount <= 0 || x.last < x.first)
        return args_wrong(c->args, e, "a commitment is an amount in months that go forward");
    if (!line_named(c, &k.t, args_operand(c->args, 0), &x.path, e) ||
        !book_add_commitment(w.book, &x, w.options.now, &x.id, e))
        return false;
    io_note(c, "commitment %lld is recorded", (long long)x.id);
    return true;
}

static bool run_billed(struct ctx *c, struct err *e)
{
    struct workspace w;
    int64_t n;
    str what = args_operand(c->args, 0);
    if (!str_to_i64(what, &n) || n < 1)
        return args_wrong(c->args, e, "'%.*s' is not the number of a commitment", FMT(what));
    bool canceled = args_flag(c->args, "canceled");
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !book_end_commitment(w.book, n, !canceled, str_trim(args_text(c->args, "note")),
                             w.options.now, e))
        return false;
    io_note(c, "commitment %lld is %s", (long long)n, canceled ? "canceled" : "billed");
    return true;
}

static const struct option options[] = {
    {.name = "month", .kind = OPT_SPAN, .arg = "MONTH",
     .help = "That month alone, or the last one of --ytd and --year. Default: the last with "
             "spend."},
    {.name = "ytd", .kind = OPT_FLAG, .help = "The year to date alone."},
    {.name = "year", .kind = OPT_FLAG, .help = "Every month to date, and the year to date."},
    {.name = "by", .kind = OPT_TEXT, .arg = "LEVEL,...", .repeats = true,
     .help = "category, initiative, line. Default: all three."},
    TRACK_OPTIONS,
    {.name = "with-buffers", .kind = OPT_FLAG,
     .help = "The budget includes the buffers. Default: what the plan expects, before them."},
    RULE_OPTIONS,
    {.name = "flags", .kind = OPT_FLAG, .help = "Only what is flagged."},
    {.name = "fail-over", .kind = OPT_FLAG, .help = "Exit 4 while anything is flagged: for cron."},
    {.name = "alert", .kind = OPT_TEXT, .arg = "URL",
     .help = "Post unexplained flags and a budget about to be crossed to a webhook (JSON as Slack "
             "takes it), signed with $OUTLAY_ALERT_KEY."},
    {.name = "alert-file", .kind = OPT_FILE, .arg = "FILE",
     .help = "Append the same as one line of JSON."},
    {.name = "again", .kind = OPT_FLAG,
     .help = "Tell what a channel was told before, too. Default: only what is new or worse."},
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

#define BY_OPTION \
    {.name = "by", .kind = OPT_TEXT, .arg = "NAME", .help = "Who: a name or role."}
#define NOTE_OPTION \
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "What and why."}

static const struct option note_options[] = {
    NOTE_OPTION,
    BY_OPTION,
    {.name = NULL},
};
static const struct option billed_options[] = {
    NOTE_OPTION,
    {.name = "canceled", .kind = OPT_FLAG, .help = "It will not be billed at all."},
    {.name = NULL},
};

static const struct example transfer_examples[] = {
    {"track transfer docs.pages vision.frames 8k 2026-10 --note 'Labels moved to frames'",
     "budget moves, the total does not"},
    {NULL, NULL},
};
static const struct example commit_examples[] = {
    {"track commit platform.vector-db 75600 2026-10 2027-06 --note 'Order form of 14 September'",
     "signed, to be billed over nine months"},
    {NULL, NULL},
};
static const struct example billed_examples[] = {
    {"track billed 3 --note 'Invoice 4711'", "commitment 3 is an actual now"},
    {NULL, NULL},
};

static const struct example examples[] = {
    {"track", "the last month with spend and the year to date, by category, initiative, line"},
    {"track --month 2026-09 --flags", "what is off in September"},
    {"track --ytd --by category -o variances.xlsx", "the year to date as a workbook"},
    {"track --quiet --alert https://hooks.example.com/T1", "tell a channel, before the money is "
                                                           "spent"},
    {"track --fail-over --quiet", "for cron: exit 4 while something is flagged"},
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
    .details =
        "Variance = actual - budget, % = variance / |budget|; n/a where the budget is 0. People "
        "see Fav/(Unfav): positive is good. A flag needs more than flag.over of the plan and at "
        "least flag.floor, in either direction; spend without a budget is flagged from the floor "
        "on. The budget is the latest approved baseline, else the latest requested one, else "
        "plan.yaml, before buffers, with recorded transfers; the year to date compares with the "
        "budget to date.\n\n"
        "A month is provisional while spend is not known to its last day and no review closed "
        "it. Commitments (signed, not yet billed) stand apart and are in no actual.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};

const struct command cmd_track_transfer = {
    .name = "track transfer",
    .summary = "Move budget from one line to another, with a reason, in the journal",
    .usage = "FROM TO AMOUNT MONTH --note TEXT [OPTIONS]",
    .group = "Track",
    .examples = transfer_examples,
    .options = note_options,
    .details = "The total stays as it was; the baseline too. A line cannot give more than its "
               "budget of that month, and the reserve gives nothing. Months of a closed quarter "
               "do not change.",
    .min_operands = 4,
    .max_operands = 4,
    .complete_operands = "none",
    .run = run_transfer,
};

const struct command cmd_track_commit = {
    .name = "track commit",
    .summary = "Record what is signed and not yet billed",
    .usage = "LINE AMOUNT FROM [TO] --note TEXT [OPTIONS]",
    .group = "Track",
    .examples = commit_examples,
    .options = note_options,
    .details = "It stands beside the actuals, never in them, until 'outlay track billed N' says "
               "that its invoice came.",
    .min_operands = 3,
    .max_operands = 4,
    .complete_operands = "none",
    .run = run_commit,
};

const struct command cmd_track_billed = {
    .name = "track billed",
    .summary = "A commitment was billed, or canceled",
    .usage = "N [OPTIONS]",
    .group = "Track",
    .examples = billed_examples,
    .options = billed_options,
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_billed,
};
