/* cmd_explain.c - outlay explain: what drove each flag, and recording what is true. */
#include "app/explain.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "cli/variance_cli.h"
#include "report/explain.h"

static bool is_record(const struct ctx *c)
{
    return args_has(c->args, "owner") || args_has(c->args, "cause") || args_has(c->args, "text") ||
           args_has(c->args, "action");
}

/* ---- recording ---- */

static bool span_of(struct ctx *c, const struct tracking *t, str text, struct month_span *ret,
                    struct err *e)
{
    int start = (int)(((t->first % 12) + 12) % 12) + 1;
    if (str_eq(text, S("ytd"))) {
        month last = t->first + MAX(t->n_known, 1) - 1;
        *ret = (struct month_span){last, last};
        return true;
    }
    if (!month_span_parse(text, start, ret))
        return args_wrong(c->args, e, "'%.*s' is not a month or quarter such as 2026-09, "
                                      "FY2027-Q1", FMT(text));
    if (ret->from < t->first || ret->to >= t->first + t->n_months)
        return args_wrong(c->args, e, "'%.*s' is outside the plan's months", FMT(text));
    return true;
}

static bool record(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct month_span span;
    struct explanation x = {.by = str_trim(args_text(c->args, "by")),
                            .owner = str_trim(args_text(c->args, "owner")),
                            .cause = str_trim(args_text(c->args, "cause")),
                            .text = str_trim(args_text(c->args, "text")),
                            .action_text = str_trim(args_text(c->args, "action"))};
    if (args_n(c->args) < 2)
        return args_wrong(c->args, e, "recording needs PATH and MONTH");
    if (!open_tracking(c, NEED_LEDGER | NEED_BOOK_WRITE, &w, &k, e) ||
        !track_path(&k.t, args_operand(c->args, 0), &x.level, &x.path, e) ||
        !span_of(c, &k.t, args_operand(c->args, 1), &span, e))
        return false;
    x.first = span.from;
    x.last = span.to;
    day due = args_day(c->args, "due");
    char text[DATE_TEXT];
    if (due != DAY_NONE)
        x.due = str_dup(c->arena, date_format(due, text));
    if (!book_add_explanation(w.book, &x, w.options.now, &x.id, e))
        return false;
    io_note(c, "explanation %lld of %.*s is recorded%s", (long long)x.id, FMT(x.path),
            x.action_text.n ? ", with its action" : "");
    return true;
}

/* ---- drafting ---- */

struct wanted {
    enum track_level level; /* TRACK_TOTAL: every flag */
    str path;
    int32_t m;
    bool month, ytd;
};

static bool explain_item(struct ctx *c, struct workspace *w, const struct track_book *k,
                         const struct track_row *row, int32_t m, struct explain_item *ret,
                         struct err *e)
{
    struct explained x;
    if (!explain_row(w, k, row, m, &x, e))
        return false;
    struct explain_part *parts = arena_new(c->arena, struct explain_part, x.n_parts + 1);
    for (size_t i = 0; i < x.n_parts; i++)
        parts[i] = (struct explain_part){x.parts[i].driver, x.parts[i].note, x.parts[i].amount};
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month_format(row->month == MONTH_NONE ? k->t.first : row->month, from);
    month_format(k->t.first + m, to);
    *ret = (struct explain_item){
        .row = x.row, .parts = parts, .n_parts = x.n_parts, .timing = x.timing,
        .permanent = x.permanent, .sentence = x.sentence, .recorded = x.recorded,
        .rows = x.where.n ? str_fmt(c->arena, "outlay ledger --where %.*s --year %s..%s",
                                    FMT(str_shell_word(c->arena, x.where)), from, to)
                          : STR_NONE};
    return true;
}

static bool collect(struct ctx *c, struct workspace *w, const struct track_book *k,
                    const struct wanted *q, bool ytd, struct explain_view *v, size_t *cap,
                    struct explain_item **items, struct err *e)
{
    for (int level = TRACK_CATEGORY; level <= TRACK_LINE; level++) {
        struct track_row *rows;
        size_t n;
        if (q->level != TRACK_TOTAL && (int)q->level != level)
            continue;
        tracking_rows(c->arena, &k->t, (enum track_level)level, q->m, ytd, &rows, &n);
        for (size_t i = 0; i < n; i++) {
            bool wanted = q->level == TRACK_TOTAL ? variance_needs_words(&rows[i].v)
                                                  : str_eq(rows[i].path, q->path);
            if (!wanted)
                continue;
            *items = arena_grow(c->arena, *items, sizeof **items, cap, v->n + 1);
            if (!explain_item(c, w, k, &rows[i], q->m, &(*items)[v->n], e))
                return false;
            v->n++;
        }
    }
    return true;
}

static bool wanted_of(struct ctx *c, const struct tracking *t, struct wanted *q, struct err *e)
{
    str path = args_operand(c->args, 0), when = args_operand(c->args, 1);
    struct month_span span;
    *q = (struct wanted){.m = MAX(t->n_known, 1) - 1};
    if (path.n && !track_path(t, path, &q->level, &q->path, e))
        return false;
    if (args_span(c->args, "month", 1, &span) || (when.n && !str_eq(when, S("ytd")))) {
        if (when.n && !span_of(c, t, when, &span, e))
            return false;
        if (span.from != span.to || span.from < t->first || span.to >= t->first + t->n_months)
            return args_wrong(c->args, e, "give one month of the plan");
        q->m = span.from - t->first;
        q->month = true;
    }
    q->ytd = args_flag(c->args, "ytd") || str_eq(when, S("ytd"));
    if (!q->month && !q->ytd)
        q->month = q->ytd = true;
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct track_book k;
    struct wanted q;
    struct explain_item *items = NULL;
    size_t cap = 0;
    if (is_record(c))
        return record(c, e);
    if (!open_tracking(c, NEED_LEDGER, &w, &k, e) || !rule_of(c, &k.t.rule, e) ||
        !wanted_of(c, &k.t, &q, e))
        return false;
    struct explain_view v = {.t = &k.t, .basis = basis_name(c),
                             .as_of = c->today};
    if ((q.month && !collect(c, &w, &k, &q, false, &v, &cap, &items, e)) ||
        (q.ytd && !collect(c, &w, &k, &q, true, &v, &cap, &items, e)))
        return false;
    v.items = items;
    return io_report(c, report_explain(&v, c->arena), e);
}

static const struct option options[] = {
    {.name = "month", .kind = OPT_SPAN, .arg = "MONTH",
     .help = "That month. Default: the last with spend, and the year to date."},
    {.name = "ytd", .kind = OPT_FLAG, .help = "The year to date alone."},
    TRACK_OPTIONS,
    RULE_OPTIONS,
    {.name = "owner", .kind = OPT_TEXT, .arg = "NAME", .help = "Record: who answers for it."},
    {.name = "cause", .kind = OPT_TEXT, .arg = "WORD",
     .help = "Record: volume, price, timing, scope, error ..."},
    {.name = "text", .kind = OPT_TEXT, .arg = "TEXT", .help = "Record: what happened."},
    {.name = "action", .kind = OPT_TEXT, .arg = "TEXT", .help = "Record: what is done about it."},
    {.name = "due", .kind = OPT_DAY, .arg = "DAY", .help = "Record: until when."},
    {.name = "by", .kind = OPT_TEXT, .arg = "NAME", .help = "Record: who says so."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"explain", "what drove every flag of the last month and of the year to date"},
    {"explain docs.read 2026-09", "one line in one month"},
    {"explain docs.read FY2027-Q1 --owner customs-desk --cause volume --text 'Two ports went live "
     "early' --action 'Cap pages per paper' --due 2026-11-06",
     "record the explanation of a quarter"},
    {NULL, NULL},
};

const struct command cmd_explain = {
    .name = "explain",
    .summary = "What drove each flag, from the ledger and the plan's drivers; record explanations",
    .usage = "[OPTIONS] [PATH [MONTH]]",
    .group = "Track",
    .examples = examples,
    .options = options,
    .details =
        "LLM lines split into volume, mix of models, tokens per request and price; compute into "
        "hours and rate; people into headcount, rate and timing; currency apart; what no driver "
        "tells by service, new and vanished ones named. More than two drivers take the mean over "
        "all orders (Shapley), and parts sum to the variance to the cent.\n\n"
        "Timing is the same money in another month; the rest is permanent. With --owner, --cause "
        "and --text the explanation is recorded for PATH and the months given (a month, a "
        "quarter, or ytd): a quarter cannot close while a flag has none.",
    .min_operands = 0,
    .max_operands = 2,
    .complete_operands = "none",
    .run = run,
};
