/* reconcile_explain.c - which amounts explain a gap, and what nothing explains. */
#include "app/reconcile_int.h"
#include "core/party.h"
#include "report/ledger_list.h"

static const char *const KINDS[ADJUSTMENTS] = {
    [ADJUST_TAX] = "tax",           [ADJUST_CREDIT] = "credit",
    [ADJUST_DISCOUNT] = "discount", [ADJUST_MARKETPLACE] = "marketplace",
    [ADJUST_CUT_OFF] = "cut-off",   [ADJUST_BLOCKED] = "blocked or retried calls",
};

static dec size_of(dec v)
{
    return v < 0 ? -v : v;
}

static dec tolerance_of(const struct reconciler *x, const struct pair *p)
{
    const struct tolerances *all = x->q->tolerances;
    const struct tolerance *t = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (!all->items[i].party.n ? !t : str_eq(all->items[i].party, p->party))
            t = &all->items[i];
    dec of_bill = 0, cents = DEC_ONE / 20;
    if (t && t->share && !dec_muldiv(size_of(p->ledger), t->share, DEC_ONE, &of_bill))
        of_bill = 0;
    return MAX(cents, t ? MAX(of_bill, t->amount) : 0);
}

/* Commas part filters, so one inside a name is any character. */
str provider_filter(struct arena *a, const struct pair *p, const char *more)
{
    char month_room[MONTH_TEXT];
    char *name = str_cstr(a, p->provider);
    for (char *c = name; *c; c++)
        *c = *c == ',' ? '?' : *c;
    return str_fmt(a, "provider=%s,period=%s%s", name, month_format(p->month, month_room).p, more);
}

static void add_gap(struct reconciler *x, const struct pair *p, const char *between,
                    const char *kind, dec amount, uint64_t rows, const char *filter)
{
    struct arena *a = x->w->arena;
    struct reconcile_report *r = x->r;
    r->gaps = arena_grow(a, r->gaps, sizeof *r->gaps, &x->cap_gaps, r->n_gaps + 1);
    r->gaps[r->n_gaps++] = (struct reconcile_gap){
        .provider = p->name,
        .month = p->month,
        .between = between,
        .kind = kind,
        .amount = amount,
        .rows = rows,
        .filter = filter ? provider_filter(a, p, filter) : STR_NONE,
    };
}

/* ---- invoice - ledger ---- */

#define INVOICE_LEDGER "invoice - ledger"

static const char *const FILTERS[ADJUSTMENTS] = {
    [ADJUST_TAX] = ",charge_category=Tax",
    [ADJUST_CREDIT] = ",charge_category=Credit",
    [ADJUST_DISCOUNT] = ",charge_category=*d?s*",
    [ADJUST_MARKETPLACE] = "",
    [ADJUST_CUT_OFF] = "",
    [ADJUST_BLOCKED] = ",model=?*",
};

/* What the invoice says more than the ledger if that cause were the difference. */
static void candidates(const struct pair *p, dec ret[ADJUSTMENTS])
{
    for (int k = 0; k < ADJUSTMENTS; k++)
        ret[k] = -p->adjust[k].amount; /* in the ledger, not on the invoice */
    if (p->n_invoices && !dec_is_null(p->invoice_tax))
        ret[ADJUST_TAX] = p->invoice_tax - p->adjust[ADJUST_TAX].amount;
    ret[ADJUST_CUT_OFF] = p->used_in_month - p->ledger;
}

static bool tax_is_stated(const struct pair *p)
{
    return p->n_invoices && !dec_is_null(p->invoice_tax);
}

/* The fewest causes that leave no more than the tolerance; 0 bits: none do. A tax that the invoice
 * states is no guess and always among them. */
static unsigned best_causes(const struct pair *p, const dec c[ADJUSTMENTS], dec gap, dec tolerance)
{
    unsigned best = 0, fixed = tax_is_stated(p) && c[ADJUST_TAX] ? 1u << ADJUST_TAX : 0;
    int fewest = ADJUSTMENTS + 1;
    for (unsigned set = 0; set < 1u << ADJUSTMENTS; set++) {
        dec left = gap;
        int n = 0;
        bool empty = false;
        for (unsigned k = 0; k < ADJUSTMENTS; k++)
            if (set >> k & 1) {
                left -= c[k];
                empty |= !c[k];
                n++;
            }
        if ((set & fixed) == fixed && !empty && size_of(left) <= tolerance && n < fewest) {
            fewest = n;
            best = set;
        }
    }
    return fewest <= ADJUSTMENTS ? best : fixed;
}

/* Where the sides agree but for cents, or are in two currencies, what is left has a name too. */
static dec name_rest(struct reconciler *x, const struct pair *p, dec rest)
{
    if (!rest)
        return 0;
    if (p->foreign && size_of(rest) <= size_of(p->ledger) / 20)
        add_gap(x, p, INVOICE_LEDGER, "currency", rest, p->rows, "");
    else if (size_of(rest) <= DEC_ONE / 20)
        add_gap(x, p, INVOICE_LEDGER, "rounding", rest, p->rows, "");
    else
        return 0;
    return rest;
}

static void explain_invoice(struct reconciler *x, const struct pair *p, struct reconcile_line *l)
{
    dec c[ADJUSTMENTS], tolerance = tolerance_of(x, p), explained = 0;
    l->gap = l->invoice - dec_or_zero(l->ledger);
    l->explained = l->unexplained = 0;
    candidates(p, c);
    unsigned set = l->gap ? best_causes(p, c, l->gap, tolerance) : 0;
    for (unsigned k = 0; k < ADJUSTMENTS; k++)
        if (set >> k & 1) {
            explained += c[k];
            add_gap(x, p, INVOICE_LEDGER, KINDS[k], c[k], p->adjust[k].rows,
                    p->adjust[k].rows ? FILTERS[k] : NULL);
        }
    explained += name_rest(x, p, l->gap - explained);
    l->explained = explained;
    l->unexplained = l->gap - explained;
    if (l->unexplained)
        add_gap(x, p, INVOICE_LEDGER, "unexplained", l->unexplained, p->rows, "");
    if (size_of(l->unexplained) > tolerance) {
        l->status = "open";
        x->r->open++;
    } else {
        l->status = explained && size_of(l->gap) > tolerance ? "explained" : "agrees";
    }
}

/* ---- ledger - usage x price ---- */

static void explain_usage(struct reconciler *x, const struct pair *p, struct reconcile_line *l)
{
    static const char *const CAUSES[PRICE_CAUSES] = {
        [CAUSE_TIER] = "priority tier",
        [CAUSE_UNPRICED] = "unpriced",
        [CAUSE_BLOCKED] = "blocked or retried calls",
        [CAUSE_DISCOUNT] = "discount",
        [CAUSE_SURCHARGE] = "surcharge",
        [CAUSE_ROUNDING] = "rounding",
    };
    static const char between[] = "ledger - usage x price";
    l->price_gap = p->token_ledger - p->computed;
    l->price_explained = 0;
    for (int k = 0; k < PRICE_CAUSES; k++) {
        if (!p->cause[k].rows)
            continue;
        str filter = str_fmt(x->w->arena, ",%s=%.*s", k == CAUSE_TIER ? "tier" : "model",
                             FMT(p->cause[k].only));
        add_gap(x, p, between, CAUSES[k], p->cause[k].amount, p->cause[k].rows, filter.p);
        l->price_explained += p->cause[k].amount;
    }
    if (p->unknown)
        add_gap(x, p, between, "unpriced", DEC_NULL, p->unknown, ",model=?*");
}

void explain_pair(struct reconciler *x, const struct pair *p)
{
    struct reconcile_line l = {.provider = p->name,
                               .month = p->month,
                               .rows = p->rows,
                               .ledger = p->rows ? p->ledger : DEC_NULL,
                               .invoice = DEC_NULL,
                               .computed = p->has_tokens ? p->computed : DEC_NULL,
                               .gap = DEC_NULL,
                               .explained = DEC_NULL,
                               .unexplained = DEC_NULL,
                               .price_gap = DEC_NULL,
                               .price_explained = DEC_NULL,
                               .status = "no invoice"};
    bool all_documents = p->document_rows && p->document_rows >= p->rows;
    if (p->n_invoices)
        l.invoice = p->invoices + p->documents;
    else if (all_documents)
        l.invoice = p->documents;
    else if (p->posted)
        l.invoice = p->posted + p->documents;
    else if (p->paid)
        l.invoice = p->paid + p->documents;
    if (!p->rows && !p->n_invoices)
        return; /* only cut-off of another month */
    if (!dec_is_null(l.invoice))
        l.invoice_from = p->n_invoices   ? "invoices"
                         : all_documents ? "documents"
                         : p->posted     ? "ledger"
                                         : "statement";
    if (!p->rows)
        l.status = "no bill";
    else if (!dec_is_null(l.invoice))
        explain_invoice(x, p, &l);
    if (p->has_tokens)
        explain_usage(x, p, &l);
    x->r->lines[x->r->n_lines++] = l;
}

/* ---- what nothing matches ---- */

static struct reconcile_unmatched *add_unmatched(struct reconciler *x)
{
    struct reconcile_report *r = x->r;
    r->unmatched = arena_grow(x->w->arena, r->unmatched, sizeof *r->unmatched, &x->cap_unmatched,
                              r->n_unmatched + 1);
    return &r->unmatched[r->n_unmatched++];
}

/* A bill of that party within 5 % and half a year: not enough to match, worth a look. */
static str near_bill(const struct reconciler *x, const struct payment *p)
{
    const struct bill *best = NULL;
    dec least = 0;
    for (size_t i = 0; i < x->books.n_bills; i++) {
        const struct bill *b = &x->books.bills[i];
        dec off = size_of(p->amount - b->billed);
        if (!party_same(p->party, b->party) || off > size_of(b->billed) / 20 ||
            size_of((dec)(p->day - month_last_day(b->period))) > 180 ||
            !currency_eq(p->currency, b->currency))
            continue;
        if (!best || off < least) {
            best = b;
            least = off;
        }
    }
    char amount[DEC_GROUPED_TEXT], when[MONTH_TEXT];
    if (!best)
        return STR_NONE;
    return str_fmt(x->w->arena, "%s%.*s%s of %s, %s", best->number.n ? "invoice " : "bill",
                   FMT(best->number), "", month_format(best->period, when).p,
                   dec_format_grouped(best->billed, 2, amount).p);
}

static bool is_paid_party(const struct reconciler *x, str party)
{
    for (size_t i = 0; i < x->books.n_settlements; i++)
        if (str_eq(x->books.settlements[i].party, party))
            return true;
    return false;
}

void list_unmatched(struct reconciler *x)
{
    for (size_t i = 0; i < x->books.n_payments; i++) {
        const struct payment *p = &x->books.payments[i];
        month m = month_of_day(p->day);
        str near = near_bill(x, p);
        bool inside = (x->q->from == MONTH_NONE || m >= x->q->from) &&
                      (x->q->to == MONTH_NONE || m <= x->q->to);
        bool asked = !x->q->provider.n || str_glob(x->q->provider, p->provider);
        dec amount = p->amount;
        struct err ignored = {0};
        if (p->settled || !inside || !asked || (!p->ai && !near.n) ||
            !in_book_currency(x, amount, p->currency, m, &amount, &ignored))
            continue;
        *add_unmatched(x) = (struct reconcile_unmatched){
            .what = p->statement ? "payment" : "posting",
            .provider = p->provider,
            .month = m,
            .day = p->day,
            .reference = p->number.n ? p->number : p->text,
            .amount = amount,
            .row = row_id_format(x->w->arena, p->place.import, p->place.file, p->place.row),
            .near = near,
        };
    }
    bool ledger = false; /* a general ledger should hold all of them; a card pays some */
    for (size_t i = 0; i < x->books.n_payments; i++)
        ledger |= !x->books.payments[i].statement;
    for (size_t i = 0; i < x->n; i++) {
        const struct pair *p = x->pairs[i];
        if ((ledger || is_paid_party(x, p->party)) && p->rows && p->ledger && !p->has_posted &&
            !p->has_paid)
            *add_unmatched(x) = (struct reconcile_unmatched){.what = "bill",
                                                             .provider = p->name,
                                                             .month = p->month,
                                                             .day = DAY_NONE,
                                                             .amount = p->ledger};
    }
}
