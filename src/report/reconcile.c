/* reconcile.c - builds the reconciliation: lines, named gaps, what nothing matches. */
#include "report/reconcile.h"

static enum cell_mark mark_of(const char *status)
{
    if (str_eq(str_of(status), S("open")) || str_eq(str_of(status), S("no bill")))
        return MARK_BAD;
    return str_eq(str_of(status), S("agrees")) ? MARK_GOOD : MARK_NONE;
}

/* People read what does not agree; programs get every month. */
static bool agrees(const struct reconcile_line *x)
{
    return str_eq(str_of(x->status), S("agrees"));
}

static void lines_table(const struct reconcile_report *r, struct doc *d, bool people)
{
    static const struct doc_column columns[] = {
        {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"ledger", "Ledger", CELL_MONEY, SHOW_ALL, 2, -1},
        {"invoice", "Invoice", CELL_MONEY, SHOW_ALL, 2, -1},
        {"computed", "Usage x price", CELL_MONEY, SHOW_ALL, 2, -1},
        {"gap", "Gap", CELL_MONEY, SHOW_ALL, 2, -1},
        {"explained", "Explained", CELL_MONEY, SHOW_ALL, 2, -1},
        {"unexplained", "Unexplained", CELL_MONEY, SHOW_ALL, 2, -1},
        {"status", "Status", CELL_TEXT, SHOW_ALL, 0, -1},
        {"invoice_from", "Invoice from", CELL_TEXT, SHOW_DATA, 0, -1},
        {"price_gap", "Ledger - usage x price", CELL_MONEY, SHOW_DATA, 2, -1},
        {"price_explained", "Explained", CELL_MONEY, SHOW_DATA, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_DATA, 0, -1},
    };
    struct doc_table *t = doc_table(d, people ? "reconcile_shown" : "reconcile", STR_NONE, columns,
                                    ARRAY_LEN(columns));
    t->shown = people ? SHOW_PEOPLE : SHOW_DATA;
    t->empty_text = r->n_lines ? S("Every month agrees.")
                               : S("The ledger holds no bills in this period, and the book no "
                                   "invoices.");
    for (size_t i = 0; i < r->n_lines; i++) {
        const struct reconcile_line *x = &r->lines[i];
        if (people && agrees(x))
            continue;
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->provider);
        c[1] = cell_month(x->month);
        c[2] = cell_money(x->ledger);
        c[3] = cell_money(x->invoice);
        c[4] = cell_money(x->computed);
        c[5] = cell_money(x->gap);
        c[6] = cell_money(x->explained);
        c[7] = cell_money(x->unexplained);
        c[8] = cell_marked(cell_text(str_of(x->status)), mark_of(x->status));
        c[9] = x->invoice_from ? cell_text(str_of(x->invoice_from)) : cell_null();
        c[10] = cell_money(x->price_gap);
        c[11] = cell_money(x->price_explained);
        c[12] = cell_count((int64_t)x->rows);
    }
}

static void gaps_table(const struct reconcile_report *r, struct doc *d, bool people)
{
    static const struct doc_column columns[] = {
        {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"between", "Between", CELL_TEXT, SHOW_ALL, 0, -1},
        {"kind", "Because of", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"filter", "outlay ledger --where", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(d, people ? "gaps_shown" : "gaps",
                                    S("Gaps, each with its cause"), columns, ARRAY_LEN(columns));
    t->shown = people ? SHOW_PEOPLE : SHOW_DATA;
    for (size_t i = 0; i < r->n_gaps; i++) {
        const struct reconcile_gap *x = &r->gaps[i];
        if (people && str_eq(str_of(x->kind), S("rounding")))
            continue; /* cents */
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->provider);
        c[1] = cell_month(x->month);
        c[2] = cell_text(str_of(x->between));
        c[3] = cell_text(str_of(x->kind));
        c[4] = cell_money(x->amount);
        c[5] = cell_count((int64_t)x->rows);
        c[6] = x->filter.n ? cell_text(x->filter) : cell_null();
    }
}

static void unmatched_table(const struct reconcile_report *r, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"what", "Unmatched", CELL_TEXT, SHOW_ALL, 0, -1},
        {"provider", "Counterparty", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"day", "Day", CELL_DAY, SHOW_DATA, 0, -1},
        {"reference", "Reference", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, -1},
        {"row", "Row", CELL_TEXT, SHOW_ALL, 0, -1},
        {"near", "Nearly", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(
        d, "unmatched", S("Postings and payments that no bill explains, bills that nothing paid"),
        columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const struct reconcile_unmatched *x = &r->unmatched[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(x->what));
        c[1] = cell_text(x->provider);
        c[2] = cell_month(x->month);
        c[3] = cell_day(x->day);
        c[4] = x->reference.n ? cell_text(x->reference) : cell_null();
        c[5] = cell_money(x->amount);
        c[6] = x->row.n ? cell_text(x->row) : cell_null();
        c[7] = x->near.n ? cell_text(x->near) : cell_null();
    }
}

static void figures(const struct reconcile_report *r, struct doc *d)
{
    dec ledger = 0, invoice = 0, explained = 0, unexplained = 0;
    size_t agree = 0;
    for (size_t i = 0; i < r->n_lines; i++) {
        const struct reconcile_line *x = &r->lines[i];
        agree += agrees(x);
        if (dec_is_null(x->gap))
            continue;
        ledger += dec_or_zero(x->ledger);
        invoice += dec_or_zero(x->invoice);
        explained += dec_or_zero(x->explained);
        unexplained += dec_or_zero(x->unexplained);
    }
    doc_figure(d, "ledger", S("Bills that have an invoice"), 2, cell_money(ledger));
    doc_figure(d, "invoice", S("Their invoices"), 2, cell_money(invoice));
    doc_figure(d, "explained", S("Gap explained"), 2, cell_money(explained));
    doc_figure(d, "unexplained", S("Gap unexplained"), 2, cell_money(unexplained));
    doc_figure(d, "agree", S("Months that agree"), 0, cell_count((int64_t)agree));
    doc_figure(d, "open", S("Months beyond tolerance"), 0, cell_count((int64_t)r->open));
    doc_figure(d, "matched", S("Payments matched with bills"), 2, cell_money(r->matched));
    doc_figure(d, "matched_rows", S("in rows"), 0, cell_count((int64_t)r->matched_rows));
}

struct doc *report_reconcile(const struct reconcile_report *r, struct arena *a)
{
    struct doc *d = doc_new(a, "reconcile", S("Bills against invoices against usage x price"));
    d->currency = r->currency;
    d->as_of = r->as_of;
    d->basis = "billed";
    d->subtitle =
        str_fmt(a, "%s, as billed, by billing month; gap = invoice - ledger", r->currency.code);
    lines_table(r, d, false);
    lines_table(r, d, true);
    gaps_table(r, d, false);
    gaps_table(r, d, true);
    unmatched_table(r, d);
    figures(r, d);
    size_t without = 0;
    for (size_t i = 0; i < r->n_lines; i++)
        without += dec_is_null(r->lines[i].invoice);
    if (without)
        doc_note(d, NOTE_INFO,
                 "%zu month%s of a provider %s no invoice to hold the bills against: "
                 "import totals with 'outlay reconcile invoices FILE.csv', or the "
                 "general ledger.",
                 without, without == 1 ? "" : "s", without == 1 ? "has" : "have");
    if (r->open)
        doc_note(d, NOTE_WARN, "%zu month%s beyond tolerance and unexplained.", r->open,
                 r->open == 1 ? " is" : "s are");
    return d;
}
