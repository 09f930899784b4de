/* cmd_reconcile.c - outlay reconcile: three ways to one number, invoices, matches. */
#include "app/invoice_csv.h"
#include "app/reconcile.h"
#include "base/limits.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "core/party.h"
#include "report/ledger_list.h"

/* ---- reconcile ---- */

static bool own_tolerance(struct ctx *c, struct tolerances *t, struct err *e)
{
    str text = args_text(c->args, "tolerance");
    if (!text.n)
        return true;
    struct tolerance *one = arena_new(c->arena, struct tolerance, 1);
    if (!tolerance_parse(text, one))
        return args_wrong(c->args, e, "'%.*s' is not a tolerance such as 0.5%% or 25.00",
                          FMT(text));
    *t = (struct tolerances){one, 1};
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct tolerances t;
    struct diags faults;
    struct reconcile_report r;
    day from, to;
    struct reconcile_request q = {
        .provider = args_text(c->args, "provider"), .tolerances = &t, .as_of = c->today};
    diags_init(&faults, c->arena);
    if (!open_workspace(c, NEED_LEDGER | NEED_PRICES | NEED_RATES, &w, e) ||
        !period_of(c, w.settings.fiscal_start, &from, &to, e))
        return false;
    if (!tolerances_read(&w, &faults, &t, e)) {
        if (faults.n > 1)
            io_diags(c, &faults);
        return false;
    }
    q.from = from == DAY_NONE ? MONTH_NONE : month_of_day(from);
    q.to = to == DAY_NONE ? MONTH_NONE : month_of_day(to);
    if (!own_tolerance(c, &t, e) || !reconcile(&w, &q, &r, e) ||
        !io_report(c, report_reconcile(&r, c->arena), e))
        return false;
    if (r.open && c->strict)
        return err_set(e, ERR_THRESHOLD, "%zu month%s unexplained (--strict)", r.open,
                       r.open == 1 ? " is" : "s are");
    return true;
}

/* ---- invoices ---- */

static struct doc *invoices_doc(struct ctx *c, const struct workspace *w,
                                const struct invoice *items, size_t n)
{
    static const struct doc_column columns[] = {
        {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"number", "Invoice", CELL_TEXT, SHOW_ALL, 0, -1},
        {"date", "Date", CELL_DAY, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"tax", "of it tax", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"file", "From", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_COUNT, SHOW_DATA, 0, -1},
    };
    struct doc *d = doc_new(c->arena, "invoices", S("Invoices that bills are held against"));
    d->currency = w->settings.currency;
    struct doc_table *t = doc_table(d, "invoices", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("The book holds no invoices.");
    for (size_t i = 0; i < n; i++) {
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(items[i].provider);
        x[1] = cell_month(items[i].period);
        x[2] = cell_text(items[i].number);
        x[3] = cell_day(items[i].day);
        x[4] = cell_number(items[i].amount);
        x[5] = cell_number(items[i].tax);
        x[6] = cell_text(currency_str(&items[i].currency));
        x[7] = cell_text(items[i].file);
        x[8] = cell_count((int64_t)items[i].line);
    }
    return d;
}

static bool remove_invoice(struct ctx *c, struct err *e)
{
    struct workspace w;
    str what = args_text(c->args, "remove");
    size_t colon = str_find_char(what, ':', 0);
    if (colon == SIZE_MAX)
        return args_wrong(c->args, e, "'%.*s' is not PROVIDER:NUMBER", FMT(what));
    return open_workspace(c, NEED_BOOK_WRITE, &w, e) &&
           book_remove_invoice(w.book, party_key(c->arena, str_sub(what, 0, colon)),
                               str_sub(what, colon + 1, what.n), w.options.now, e);
}

static bool run_invoices(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct invoice *items;
    size_t n, is_new;
    str path = args_operand(c->args, 0), text;
    if (args_has(c->args, "remove"))
        return remove_invoice(c, e);
    if (!path.n)
        return open_workspace(c, NEED_BOOK, &w, e) &&
               book_invoices(w.book, c->arena, &items, &n, e) &&
               io_report(c, invoices_doc(c, &w, items, n), e);
    if (!open_workspace(c, NEED_BOOK_WRITE, &w, e) ||
        !file_read(c->arena, path, LIMIT_SMALL_FILE, &text, e) ||
        !invoice_csv_read(c->arena, path, text, w.settings.currency, &items, &n, e) ||
        !book_add_invoices(w.book, items, n, w.options.now, &is_new, e))
        return false;
    if (is_new == n)
        io_note(c, "%zu invoice%s from '%.*s'", n, n == 1 ? "" : "s", FMT(path));
    else
        io_note(c, "%zu invoice%s from '%.*s', %zu of them new", n, n == 1 ? "" : "s", FMT(path),
                is_new);
    return true;
}

/* ---- matches ---- */

static struct doc *matches_doc(struct ctx *c, const struct workspace *w, const char *title,
                               const struct settlement *items, size_t n)
{
    static const struct doc_column columns[] = {
        {"match", "Match", CELL_COUNT, SHOW_ALL, 0, -1},
        {"provider", "Bill of", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"amount", "Booked or paid", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"why", "Because of", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"row", "First row", CELL_TEXT, SHOW_ALL, 0, -1},
        {"by_hand", "By hand", CELL_BOOL, SHOW_ALL, 0, -1},
    };
    struct doc *d = doc_new(c->arena, "matches", str_of(title));
    d->currency = w->settings.currency;
    struct doc_table *t = doc_table(d, "matches", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("None.");
    for (size_t i = 0; i < n; i++) {
        const struct settlement *s = &items[i];
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = s->id ? cell_count(s->id) : cell_null();
        x[1] = cell_text(s->provider);
        x[2] = cell_month(s->period);
        x[3] = cell_number(s->billed);
        x[4] = cell_number(s->amount);
        x[5] = cell_text(currency_str(&s->currency));
        x[6] = cell_text(s->why);
        x[7] = cell_count((int64_t)s->n_rows);
        x[8] =
            cell_text(row_id_format(c->arena, s->rows[0].import, s->rows[0].file, s->rows[0].row));
        x[9] = cell_bool(s->by_hand);
    }
    return d;
}

static bool run_matches(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct settlement *items;
    size_t n;
    return open_workspace(c, NEED_BOOK, &w, e) &&
           book_settlements(w.book, false, c->arena, &items, &n, e) &&
           io_report(c, matches_doc(c, &w, "Payments matched with the bills they paid", items, n),
                     e);
}

/* "AWS:2026-07" */
static bool read_target(struct ctx *c, str text, struct settlement *s, struct err *e)
{
    size_t colon = SIZE_MAX;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ':')
            colon = i;
    if (colon == SIZE_MAX || !month_parse(str_sub(text, colon + 1, text.n), &s->period))
        return args_wrong(c->args, e, "--to '%.*s' is not PROVIDER:MONTH, such as AWS:2026-07",
                          FMT(text));
    s->provider = str_sub(text, 0, colon);
    s->party = party_key(c->arena, s->provider);
    return s->party.n > 0 || args_wrong(c->args, e, "--to '%.*s' names no provider", FMT(text));
}

static const struct payment *payment_at(const struct books *k, const struct row_place *p)
{
    for (size_t i = 0; i < k->n_payments; i++) {
        const struct row_place *x = &k->payments[i].place;
        if (x->import == p->import && x->file == p->file && x->row == p->row)
            return &k->payments[i];
    }
    return NULL;
}

/* The month's bills of the party, in the payments' currency before any other. */
static const struct bill *bill_of(const struct books *k, const struct settlement *s)
{
    const struct bill *found = NULL;
    for (size_t i = k->n_documents; i < k->n_bills; i++) {
        const struct bill *b = &k->bills[i];
        if (str_eq(b->party, s->party) && b->period == s->period &&
            (!found || currency_eq(b->currency, s->currency)))
            found = b;
    }
    return found;
}

static bool read_payments(struct ctx *c, const struct books *k, struct settlement *s, day *ret_on,
                          struct err *e)
{
    s->n_rows = args_n(c->args);
    s->rows = arena_new(c->arena, struct row_place, s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++) {
        struct row_place *p = &s->rows[i];
        str name = args_operand(c->args, i);
        if (!row_id_parse(name, &p->import, &p->file, &p->row))
            return args_wrong(c->args, e, "'%.*s' is not a row; rows look like 2/1:1841",
                              FMT(name));
        const struct payment *found = payment_at(k, p);
        if (!found) {
            err_set(e, ERR_FAILED, "row '%.*s' is no posting and no payment", FMT(name));
            return err_hint(e, "'outlay reconcile' lists those without a bill.");
        }
        if (found->settled)
            return err_set(e, ERR_FAILED, "row '%.*s' belongs to match %lld already", FMT(name),
                           (long long)found->settled);
        if (i && !currency_eq(s->currency, found->currency))
            return err_set(e, ERR_FAILED, "the rows are in two currencies, %s and %s",
                           s->currency.code, found->currency.code);
        s->currency = found->currency;
        s->amount += found->amount;
        *ret_on = found->day;
    }
    return true;
}

static bool match_by_hand(struct ctx *c, struct workspace *w, struct settlement *s, struct err *e)
{
    struct books k;
    day on = DAY_NONE;
    s->by_hand = true;
    s->why = args_has(c->args, "note") ? args_text(c->args, "note") : S("by hand");
    if (!read_target(c, args_text(c->args, "to"), s, e) || !books_read(w, &k, e) ||
        !read_payments(c, &k, s, &on, e))
        return false;
    const struct bill *b = bill_of(&k, s);
    if (!b) {
        char when[MONTH_TEXT];
        err_set(e, ERR_FAILED, "the ledger holds no bill of '%.*s' for %s", FMT(s->provider),
                month_format(s->period, when).p);
        return err_hint(e, "A payment counts once already when there is no bill.");
    }
    if (!currency_eq(b->currency, s->currency) &&
        !settle_exchange(w, s->amount, s->currency, b->currency, on, &s->amount)) {
        err_set(e, ERR_FAILED, "the bill is in %s and no rate from %s is known for that day",
                b->currency.code, s->currency.code);
        return err_hint(e, "Import rates with 'outlay rates import FILE'.");
    }
    s->currency = b->currency;
    s->provider = b->provider;
    s->billed = b->billed;
    return true;
}

static bool run_match(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct books k;
    struct rework_outcome o;
    struct settlement own = {0}, *items = &own;
    size_t n = 1;
    bool dry_run = args_flag(c->args, "dry-run");
    if ((args_n(c->args) > 0) != args_has(c->args, "to"))
        return args_wrong(c->args, e, "ROW and --to go together");
    if (!open_workspace(c, NEED_BOOK_WRITE | NEED_RULES | NEED_PRICES | NEED_LEDGER, &w, e))
        return false;
    if (args_n(c->args) ? !match_by_hand(c, &w, &own, e)
                        : !books_read(&w, &k, e) || !settle_find(&w, &k, &items, &n, e))
        return false;
    if (!dry_run && (!book_settle(w.book, items, n, w.options.now, e) ||
                     !settle_apply(&w, c->interrupted, &o, e)))
        return false;
    if (!dry_run && o.closed)
        io_warn(c, "%s rows of closed months stay as they are", str_count(c->arena, o.closed).p);
    return io_report(
        c, matches_doc(c, &w, dry_run ? "What would be matched" : "Newly matched", items, n), e);
}

static bool run_unmatch(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct rework_outcome o;
    if (!open_workspace(c, NEED_BOOK_WRITE | NEED_RULES | NEED_PRICES | NEED_LEDGER, &w, e))
        return false;
    for (size_t i = 0; i < args_n(c->args); i++) {
        int64_t id;
        str text = args_operand(c->args, i);
        if (!str_to_i64(text, &id) || id < 1)
            return args_wrong(c->args, e, "'%.*s' is not the number of a match", FMT(text));
        if (!book_unsettle(w.book, id, w.options.now, e))
            return false;
    }
    if (!settle_apply(&w, c->interrupted, &o, e))
        return false;
    io_note(c, "%s row%s as the rules place them", str_count(c->arena, o.changed).p,
            o.changed == 1 ? " is again" : "s are again");
    return true;
}

/* ---- tables ---- */

static const struct option options[] = {
    PERIOD_OPTIONS,
    {.name = "provider", .kind = OPT_TEXT, .arg = "PATTERN", .help = "Only these providers."},
    {.name = "tolerance",
     .kind = OPT_TEXT,
     .arg = "SHARE|AMOUNT",
     .help = "What may stay unexplained, such as 0.5% or 25.00. Default: rules.yaml "
             "(reconcile: tolerance), else 0.05."},
    {.name = NULL},
};
static const struct option invoices_options[] = {
    {.name = "remove",
     .kind = OPT_TEXT,
     .arg = "PROVIDER:NUMBER",
     .help = "Take one invoice out of the book."},
    {.name = NULL},
};
static const struct option match_options[] = {
    {.name = "to",
     .kind = OPT_TEXT,
     .arg = "PROVIDER:MONTH",
     .help = "The bill that the rows named paid, by billing month."},
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "Why, for a match by hand."},
    {.name = "dry-run", .kind = OPT_FLAG, .help = "Only show what would be matched."},
    {.name = NULL},
};
static const struct example examples[] = {
    {"reconcile --year FY2026", "every provider and month: agrees, explained, or open"},
    {"reconcile --provider AWS --tolerance 0.5% -o aws.xlsx", "one provider, as a workbook"},
    {"reconcile --strict", "exit 4 while a month is unexplained"},
    {NULL, NULL},
};
static const struct example invoices_examples[] = {
    {"reconcile invoices invoices-FY2026.csv", "totals to hold the bills against"},
    {"reconcile invoices", "those the book holds"},
    {NULL, NULL},
};
static const struct example matches_examples[] = {
    {"reconcile matches", "which payment belongs to which bill, and why"}, {NULL, NULL}};
static const struct example match_examples[] = {
    {"reconcile match", "match every payment that surely belongs to a bill"},
    {"reconcile match 4/1:17 --to AWS:2026-07", "one by hand"},
    {NULL, NULL},
};
static const struct example unmatch_examples[] = {
    {"reconcile unmatch 12", "undo match 12; its rows count again"}, {NULL, NULL}};

const struct command cmd_reconcile = {
    .name = "reconcile",
    .summary = "Bills against invoices against usage x price, each gap named",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = examples,
    .options = options,
    .details =
        "Per provider and billing month: what the bills in the ledger sum to, what was invoiced "
        "(or "
        "booked, or paid), and what the tokens cost by the price book. Gaps are explained by tax, "
        "credits, discounts, marketplace, cut-off, currency, priority tiers, unpriced models, "
        "blocked or retried calls and rounding, each with the rows behind it; the rest is "
        "unexplained, against a tolerance per provider.\n\n"
        "Then what ledgers and statements hold that no bill explains, and the other way round.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run,
};
const struct command cmd_reconcile_invoices = {
    .name = "reconcile invoices",
    .summary = "Import invoice totals, or list them",
    .usage = "[OPTIONS] [FILE]",
    .group = "Inventory",
    .examples = invoices_examples,
    .options = invoices_options,
    .details =
        "CSV with the columns provider, month (or date), number, amount (tax included), tax, "
        "currency. Invoices are no spend: they only say what bills should sum to. The same file "
        "again changes nothing.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_invoices,
};
const struct command cmd_reconcile_matches = {
    .name = "reconcile matches",
    .summary = "Which payments belong to which bills",
    .usage = "",
    .group = "Inventory",
    .examples = matches_examples,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_matches,
};
const struct command cmd_reconcile_match = {
    .name = "reconcile match",
    .summary = "Match postings and payments with the bills they paid, so that money counts once",
    .usage = "[OPTIONS] [ROW...]",
    .group = "Inventory",
    .examples = match_examples,
    .options = match_options,
    .details =
        "Without ROW: everything that surely belongs together, by document number, or by party, "
        "amount and date; an import does the same. Matched rows become not_ai with the rule "
        "reconcile:N and are not counted twice. Near misses are left alone and listed by 'outlay "
        "reconcile'.",
    .max_operands = -1,
    .complete_operands = "none",
    .run = run_match,
};
const struct command cmd_reconcile_unmatch = {
    .name = "reconcile unmatch",
    .summary = "Undo matches",
    .usage = "MATCH...",
    .group = "Inventory",
    .examples = unmatch_examples,
    .details = "The rows are placed by the rules again, and never matched on their own again.",
    .min_operands = 1,
    .max_operands = -1,
    .complete_operands = "none",
    .run = run_unmatch,
};
