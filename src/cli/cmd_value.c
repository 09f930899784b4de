/* cmd_value.c - outlay value: what benefits were promised, what they brought, measuring them. */
#include "app/value.h"
#include "app/track.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"
#include "report/value.h"

static bool open_value(struct ctx *c, unsigned needs, struct workspace *w, struct value_book *ret,
                       struct err *e)
{
    const struct option *baseline = option_find(args_command(c->args), S("baseline"));
    struct diags faults;
    diags_init(&faults, c->arena);
    if (!open_workspace(c, needs, w, e))
        return false;
    if (value_open(w, baseline ? args_count(c->args, "baseline", 0) : 0, &faults, ret, e))
        return true;
    if (faults.errors)
        io_diags(c, &faults);
    return false;
}

/* --quarter, or the last one that is over: month indexes. */
static bool quarter(struct ctx *c, const struct value_book *v, int32_t *ret_from, int32_t *ret_to,
                    struct err *e)
{
    const struct plan_header *h = &v->plan->header;
    struct month_span span;
    if (args_has(c->args, "quarter")) {
        if (!quarter_of(c, args_text(c->args, "quarter"), h->first, &span, e) ||
            !track_is_quarter(h->first, h->n_months, span.from, span.to, e))
            return false;
        *ret_from = span.from - h->first;
        *ret_to = span.to - h->first + 1;
        return true;
    }
    int32_t over = MIN(month_of_day(c->today) - h->first, h->n_months); /* months */
    *ret_to = MAX(over - over % 3, 0);
    if (over == h->n_months)
        *ret_to = over;
    *ret_to = *ret_to ? *ret_to : MIN(3, h->n_months);
    *ret_from = (*ret_to - 1) / 3 * 3;
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct value_book v;
    struct value_period p[2];
    int32_t from, to;
    size_t lacking;
    month today = month_of_day(c->today);
    if (!open_value(c, NEED_BOOK, &w, &v, e) || !quarter(c, &v, &from, &to, e))
        return false;
    str label = track_quarter_label(c->arena, v.plan->header.first, v.plan->header.first + from);
    if (!value_period_of(c->arena, &v, label, from, to, today, &p[0], e) ||
        !value_period_of(c->arena, &v, S("Year to date"), 0, to, today, &p[1], e))
        return false;
    p[1].ytd = true;
    struct value_view view = {.plan = v.plan, .budget_name = v.budget_name, .periods = p,
                              .n_periods = 2, .measurements = v.measurements,
                              .n_measurements = v.n_measurements,
                              .history = args_flag(c->args, "history"),
                              .as_of = args_day(c->args, "as-of")};
    if (!io_report(c, report_value(&view, c->arena, &lacking), e))
        return false;
    if (lacking && args_flag(c->args, "fail-over")) {
        err_set(e, ERR_THRESHOLD, "%zu benefit%s a measurement (--fail-over)", lacking,
                lacking == 1 ? " lacks" : "s lack");
        return err_hint(e, "'outlay value measure' records one.");
    }
    return true;
}

/* ---- measuring ---- */

static bool months_of(struct ctx *c, const struct value_book *v, struct measure_request *q,
                      struct err *e)
{
    const struct plan_header *h = &v->plan->header;
    struct month_span span;
    if (args_has(c->args, "quarter") == args_has(c->args, "month"))
        return args_wrong(c->args, e, "say which months: --quarter FY2027-Q1, or --month 2026-09");
    if (args_has(c->args, "quarter")) {
        if (!quarter_of(c, args_text(c->args, "quarter"), h->first, &span, e) ||
            !track_is_quarter(h->first, h->n_months, span.from, span.to, e))
            return false;
    } else {
        if (!args_span(c->args, "month", 1, &span) || span.from != span.to)
            return args_wrong(c->args, e, "--month takes one month, such as 2026-09");
        if (span.from < h->first || span.from > h->last)
            return args_wrong(c->args, e, "--month is outside the plan's months");
    }
    q->first = span.from;
    q->last = span.to;
    return true;
}

static bool figure_of(struct ctx *c, currency in, struct measure_request *q, struct err *e)
{
    q->units = q->amount = DEC_NULL;
    q->reason = str_trim(args_text(c->args, "none"));
    if (args_has(c->args, "units") + args_has(c->args, "amount") + args_has(c->args, "none") != 1)
        return args_wrong(c->args, e, "say one of --units N, --amount X and --none WHY");
    if (args_has(c->args, "none"))
        return q->reason.n || args_wrong(c->args, e, "--none needs the reason why");
    return args_has(c->args, "units")
               ? count_of(c, "--units", args_text(c->args, "units"), &q->units, e)
               : amount_in(c, "--amount", args_text(c->args, "amount"), in, &q->amount, e);
}

static bool run_measure(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct value_book v;
    struct measure_request q = {.benefit = args_operand(c->args, 0),
                                .by = str_trim(args_text(c->args, "by")),
                                .evidence = str_trim(args_text(c->args, "evidence")),
                                .note = str_trim(args_text(c->args, "note")),
                                .today = month_of_day(c->today)};
    int64_t id;
    dec amount;
    char text[DEC_GROUPED_TEXT];
    if (!open_value(c, NEED_BOOK_WRITE, &w, &v, e) || !months_of(c, &v, &q, e) ||
        !figure_of(c, v.plan->header.currency, &q, e) ||
        !value_measure(&w, &v, &q, &id, &amount, e))
        return false;
    if (dec_is_null(amount))
        io_note(c, "measurement %lld of %.*s is recorded: not measurable", (long long)id,
                FMT(q.benefit));
    else
        io_note(c, "measurement %lld of %.*s is recorded: %.*s", (long long)id, FMT(q.benefit),
                FMT(dec_format_grouped(amount, 2, text)));
    return true;
}

static bool run_withdraw(struct ctx *c, struct err *e)
{
    struct workspace w;
    int64_t n;
    str what = args_operand(c->args, 0), note = str_trim(args_text(c->args, "note"));
    if (!str_to_i64(what, &n) || n < 1)
        return args_wrong(c->args, e, "'%.*s' is not the number of a measurement", FMT(what));
    if (!note.n)
        return args_wrong(c->args, e, "a withdrawal needs --note TEXT: why");
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !book_withdraw_measurement(w.book, n, str_trim(args_text(c->args, "by")), note,
                                   w.options.now, e))
        return false;
    io_note(c, "measurement %lld is withdrawn: its months count as not measured", (long long)n);
    return true;
}

static const struct option options[] = {
    {.name = "quarter", .kind = OPT_TEXT, .arg = "QUARTER",
     .help = "FY2027-Q1 or 2026-Q3. Default: the last one that is over."},
    {.name = "baseline", .letter = 'B', .kind = OPT_COUNT, .arg = "N",
     .help = "What baseline N promises. Default: the latest approved, else requested, else "
             "plan.yaml."},
    {.name = "history", .kind = OPT_FLAG, .help = "Every measurement, with what replaced it."},
    {.name = "fail-over", .kind = OPT_FLAG,
     .help = "Exit 4 while a benefit that is due lacks its measurement: for cron."},
    {.name = NULL},
};
static const struct option measure_options[] = {
    {.name = "quarter", .kind = OPT_TEXT, .arg = "QUARTER",
     .help = "The quarter that is measured: FY2027-Q1 or 2026-Q3."},
    {.name = "month", .kind = OPT_SPAN, .arg = "MONTH", .help = "Or one month of it: 2026-09."},
    {.name = "units", .kind = OPT_TEXT, .arg = "N",
     .help = "How many units there really were; each is worth what the budget says."},
    {.name = "amount", .kind = OPT_TEXT, .arg = "AMOUNT",
     .help = "Or what it brought in money, in the plan's currency."},
    {.name = "none", .kind = OPT_TEXT, .arg = "WHY",
     .help = "Or why it cannot be measured: an unknown with its reason, not zero."},
    {.name = "by", .kind = OPT_TEXT, .arg = "ROLE",
     .help = "Whose figure it is. Default: the benefit's owner."},
    {.name = "evidence", .kind = OPT_TEXT, .arg = "TEXT", .help = "Where the figure can be seen."},
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "What there is to say about it."},
    {.name = NULL},
};
static const struct option withdraw_options[] = {
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "Why it was a mistake."},
    {.name = "by", .kind = OPT_TEXT, .arg = "ROLE", .help = "Who says so."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"value", "the last quarter and the year to date: promised, realized, what is not measured"},
    {"value --quarter FY2027-Q1 -o value.xlsx", "one quarter, as a workbook"},
    {"value --fail-over --quiet", "for cron: exit 4 while a benefit that is due is not measured"},
    {NULL, NULL},
};
static const struct example measure_examples[] = {
    {"value measure vision.claims --quarter FY2027-Q1 --units 1410 --evidence 'claims ledger, "
     "report 88'",
     "1,410 units at what the budget says one is worth"},
    {"value measure routing.empty-miles --month 2026-09 --amount 181k", "one month, in money"},
    {"value measure code.engineer-hours --quarter FY2027-Q1 --none 'the survey runs in winter'",
     "an unknown with its reason; the quarter may close"},
    {NULL, NULL},
};
static const struct example withdraw_examples[] = {
    {"value withdraw 3 --note 'Recorded for the wrong quarter'", "its months are not measured "
                                                                 "again"},
    {NULL, NULL},
};

const struct command cmd_value = {
    .name = "value",
    .summary = "Benefits: what was promised, what they brought, what is not measured",
    .usage = "[OPTIONS]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "Promised is what the budget says: monthly x each x confidence, ramping up. Realized is "
        "what 'outlay value measure' recorded. The two are compared over the months that are "
        "measured; a benefit is due when a quarter for which it was promised is over, and overdue "
        "a month later. A quarter does not close ('outlay review') while one that is due has "
        "neither a measurement nor a reason why there is none.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};

const struct command cmd_value_measure = {
    .name = "value measure",
    .summary = "Record what a benefit really brought in a quarter or month",
    .usage = "INITIATIVE.BENEFIT --quarter QUARTER|--month MONTH --units N|--amount X|--none WHY "
             "[OPTIONS]",
    .group = "Track",
    .examples = measure_examples,
    .options = measure_options,
    .details =
        "Only months that are over can be measured. Units count in full: confidence and ramp "
        "belong to the promise. A measurement of the same months takes the place of the one "
        "before, which stays in the book; nothing is deleted, and all of it is in the journal.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_measure,
};

const struct command cmd_value_withdraw = {
    .name = "value withdraw",
    .summary = "A measurement was a mistake",
    .usage = "N --note TEXT [OPTIONS]",
    .group = "Track",
    .examples = withdraw_examples,
    .options = withdraw_options,
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_withdraw,
};
