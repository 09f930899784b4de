/* settle.c - matching payments with bills: by number, by amount and date, by a month's sum, and in
 * another currency by the day's rate. */
#include "app/settle.h"

#include "base/map.h"
#include "core/party.h"

enum { EARLY = 5, LATE = 75 }; /* days around the billing month in which it is booked or paid */
enum { MARGIN = 3 };           /* percent that banks take, or give, on a rate */

/* Payments that are one: the lines of a document or transaction, or of a month. */
struct unit {
    size_t *items; /* in books.payments */
    size_t n, cap;
    dec sum;
    bool done;
};
struct units {
    struct unit *items;
    size_t n, cap;
};

struct matcher_state {
    struct workspace *w;
    struct books *k;
    int layer; /* 0: postings of ledgers, 1: statements */
    struct settlement *found;
    size_t n_found, cap_found;
};

/* ---- units ---- */

static bool open_payment(const struct matcher_state *m, const struct payment *p)
{
    return p->statement == (m->layer == 1) && !p->settled && !p->never && p->party.n;
}

static void gather(struct matcher_state *m, struct units *u, bool by_month)
{
    struct map index;
    struct arena *a = m->w->arena;
    map_init(&index, a);
    *u = (struct units){0};
    for (size_t i = 0; i < m->k->n_payments; i++) {
        const struct payment *p = &m->k->payments[i];
        if (!open_payment(m, p))
            continue;
        str key;
        if (by_month)
            key = str_fmt(a, "%.*s\x1f%d\x1f%s", FMT(p->party), month_of_day(p->day),
                          p->currency.code);
        else if (p->number.n)
            key =
                str_fmt(a, "%.*s\x1fn%.*s\x1f%s", FMT(p->party), FMT(p->number), p->currency.code);
        else if (p->transaction.n)
            key = str_fmt(a, "%.*s\x1ft%.*s\x1f%d\x1f%s", FMT(p->party), FMT(p->transaction),
                          p->day, p->currency.code);
        else
            key = str_fmt(a, "%zu", i);
        bool is_new;
        struct map_entry *entry = map_put(&index, key, &is_new);
        if (is_new) {
            entry->num = (int64_t)u->n;
            u->items = arena_grow(a, u->items, sizeof *u->items, &u->cap, u->n + 1);
            u->items[u->n++] = (struct unit){0};
        }
        struct unit *x = &u->items[entry->num];
        x->items = arena_grow(a, x->items, sizeof *x->items, &x->cap, x->n + 1);
        x->items[x->n++] = i;
        x->sum += p->amount;
    }
}

static const struct payment *first_of(const struct matcher_state *m, const struct unit *u)
{
    return &m->k->payments[u->items[0]];
}

/* ---- does it fit? ---- */

static bool party_fits(const struct payment *p, const struct bill *b)
{
    return party_same(p->party, b->party) || party_same(p->text_party, b->party);
}

/* A few cents: invoices round what bills keep to the last digit. */
bool settle_fits(dec paid, dec billed)
{
    dec off = paid > billed ? paid - billed : billed - paid;
    dec size = billed < 0 ? -billed : billed;
    return off <= MAX(DEC_ONE / 20, size / 10000);
}

bool settle_names(str text, str word)
{
    for (size_t at = 0; (at = str_find_nocase(text, word, at)) != SIZE_MAX; at++) {
        char before = at ? text.p[at - 1] : ' ';
        char after = at + word.n < text.n ? text.p[at + word.n] : ' ';
        bool open = !((before >= '0' && before <= '9') || (before >= 'A' && before <= 'Z') ||
                      (before >= 'a' && before <= 'z'));
        bool shut = !((after >= '0' && after <= '9') || (after >= 'A' && after <= 'Z') ||
                      (after >= 'a' && after <= 'z'));
        if (open && shut)
            return true;
    }
    return false;
}

static bool number_fits(const struct payment *p, str number)
{
    if (number.n < 4)
        return false;
    return str_eq_nocase(p->number, number) || settle_names(p->text, number) ||
           settle_names(p->provider, number);
}

static bool date_fits(const struct payment *p, const struct bill *b)
{
    return p->day >= month_first_day(b->period) - EARLY &&
           p->day <= month_last_day(b->period) + LATE;
}

/* The invoice that says this payment's amount for the bill's month; NULL: none does. */
static const struct invoice *invoice_for(const struct matcher_state *m, const struct unit *u,
                                         const struct bill *b, bool by_number)
{
    const struct payment *p = first_of(m, u);
    for (size_t i = 0; i < m->k->n_invoices; i++) {
        const struct invoice *v = &m->k->invoices[i];
        if (!str_eq(v->party, b->party) || v->period != b->period ||
            !currency_eq(v->currency, b->currency) || (by_number && !number_fits(p, v->number)))
            continue;
        if (settle_fits(u->sum, v->amount) ||
            (!dec_is_null(v->tax) && settle_fits(u->sum, v->amount - v->tax)))
            return v;
    }
    return NULL;
}

/* ---- matching ---- */

static struct bill *month_of_document(const struct books *k, const struct bill *b)
{
    for (size_t i = k->n_documents; i < k->n_bills; i++)
        if (str_eq(k->bills[i].party, b->party) && k->bills[i].period == b->period &&
            currency_eq(k->bills[i].currency, b->currency))
            return &k->bills[i];
    return NULL;
}

static void use_bill(struct books *k, struct bill *b, int layer)
{
    b->used[layer] = true;
    if (b->number.n) {
        struct bill *whole = month_of_document(k, b);
        if (whole)
            whole->left[layer] -= b->billed;
        return;
    }
    for (size_t i = 0; i < k->n_documents; i++)
        if (month_of_document(k, &k->bills[i]) == b)
            k->bills[i].used[layer] = true;
}

static void settle(struct matcher_state *m, struct unit *u, struct bill *b, str why)
{
    struct arena *a = m->w->arena;
    m->found = arena_grow(a, m->found, sizeof *m->found, &m->cap_found, m->n_found + 1);
    struct settlement *s = &m->found[m->n_found++];
    *s = (struct settlement){.party = b->party,
                             .provider = b->provider,
                             .why = why,
                             .period = b->period,
                             .amount = u->sum,
                             .billed = b->number.n ? b->billed : b->left[m->layer],
                             .currency = b->currency,
                             .n_rows = u->n};
    s->rows = arena_new(a, struct row_place, u->n);
    for (size_t i = 0; i < u->n; i++) {
        struct payment *p = &m->k->payments[u->items[i]];
        p->settled = -1; /* until it is written */
        s->rows[i] = p->place;
    }
    u->done = true;
    use_bill(m->k, b, m->layer);
}

static bool is_open(const struct matcher_state *m, const struct unit *u, const struct bill *b)
{
    const struct payment *p = first_of(m, u);
    return !b->used[m->layer] && b->left[m->layer] > 0 && party_fits(p, b) && date_fits(p, b);
}

static bool candidate(const struct matcher_state *m, const struct unit *u, const struct bill *b)
{
    return currency_eq(first_of(m, u)->currency, b->currency) && is_open(m, u, b);
}

static void by_number(struct matcher_state *m, struct units *us)
{
    for (size_t i = 0; i < us->n; i++) {
        struct unit *u = &us->items[i];
        const struct payment *p = first_of(m, u);
        for (size_t k = 0; !u->done && u->sum > 0 && k < m->k->n_bills; k++) {
            struct bill *b = &m->k->bills[k];
            if (!candidate(m, u, b))
                continue;
            const struct invoice *v = invoice_for(m, u, b, true);
            /* a number is strong: two percent of bank charges or rounding do not matter */
            dec off = u->sum > b->billed ? u->sum - b->billed : b->billed - u->sum;
            if (b->number.n && number_fits(p, b->number) && off <= b->billed / 50)
                settle(m, u, b, str_fmt(m->w->arena, "invoice %.*s", FMT(b->number)));
            else if (!b->number.n && v)
                settle(m, u, b, str_fmt(m->w->arena, "invoice %.*s", FMT(v->number)));
        }
    }
}

static bool bill_amount_fits(const struct matcher_state *m, const struct unit *u,
                             const struct bill *b)
{
    dec left = b->number.n ? b->billed : b->left[m->layer];
    return settle_fits(u->sum, left) || (b->tax && settle_fits(u->sum, left - b->tax)) ||
           (!b->number.n && invoice_for(m, u, b, false));
}

/* Each payment, in order of days, takes the bill of that amount whose month ended nearest. */
static void by_amount(struct matcher_state *m, struct units *us)
{
    for (size_t i = 0; i < us->n; i++) {
        struct unit *u = &us->items[i];
        struct bill *best = NULL;
        int32_t least = INT32_MAX;
        for (size_t k = 0; !u->done && u->sum > 0 && k < m->k->n_bills; k++) {
            struct bill *b = &m->k->bills[k];
            if (!candidate(m, u, b) || !bill_amount_fits(m, u, b))
                continue;
            int32_t off = first_of(m, u)->day - month_last_day(b->period);
            off = off < 0 ? -off : off;
            if (off < least) {
                least = off;
                best = b;
            }
        }
        if (best)
            settle(m, u, best,
                   u->n == 1 ? S("amount, party and date")
                             : str_fmt(m->w->arena, "sum of %zu entries, party and date", u->n));
    }
}

/* ---- in another currency ---- */

/* The bill that a payment in another currency may have paid. */
struct exchanged {
    struct bill *bill; /* NULL: none, or several that are as near */
    dec amount;        /* of the payment, in the bill's currency */
};

bool settle_exchange(struct workspace *w, dec amount, currency from, currency to, day on, dec *ret)
{
    struct err unrated;
    dec num, den;
    return workspace_rates(w, &unrated) &&
           (fx_day(w->rates, from, to, on, &num, &den, &unrated) ||
            fx_month(w->rates, from, to, month_of_day(on), &num, &den, &unrated)) &&
           dec_muldiv(amount, num, den, ret);
}

static bool within_margin(dec paid, dec billed)
{
    dec off = paid > billed ? paid - billed : billed - paid;
    return billed > 0 && off <= billed / 100 * MARGIN;
}

static bool rate_fits(const struct matcher_state *m, const struct unit *u, const struct bill *b,
                      dec *ret)
{
    const struct payment *p = first_of(m, u);
    dec left = b->number.n ? b->billed : b->left[m->layer];
    return !currency_eq(p->currency, b->currency) && is_open(m, u, b) &&
           settle_exchange(m->w, u->sum, p->currency, b->currency, p->day, ret) &&
           (within_margin(*ret, left) || (b->tax && within_margin(*ret, left - b->tax)));
}

/* The one that it names, else the one whose month ended nearest. */
static struct exchanged nearest_by_rate(const struct matcher_state *m, const struct unit *u)
{
    const struct payment *p = first_of(m, u);
    struct exchanged best = {0};
    int32_t least = INT32_MAX;
    for (size_t k = 0; !u->done && u->sum > 0 && k < m->k->n_bills; k++) {
        struct bill *b = &m->k->bills[k];
        dec amount;
        if (!rate_fits(m, u, b, &amount))
            continue;
        int32_t off = p->day - month_last_day(b->period);
        off = b->number.n && number_fits(p, b->number) ? -1 : off < 0 ? -off : off;
        if (off == least && best.bill && !(best.bill->number.n && !b->number.n))
            best.bill = NULL; /* two as near: neither is sure; but a month repeats its document */
        if (off < least) {
            least = off;
            best = (struct exchanged){b, amount};
        }
    }
    return best;
}

/* Only where bill and payment find each other and nothing else. */
static void by_rate(struct matcher_state *m, struct units *us)
{
    struct arena *a = m->w->arena;
    struct exchanged *best = arena_new(a, struct exchanged, us->n + 1);
    for (size_t i = 0; i < us->n; i++)
        best[i] = nearest_by_rate(m, &us->items[i]);
    for (size_t i = 0; i < us->n; i++) {
        struct unit *u = &us->items[i];
        const struct payment *p = first_of(m, u);
        char amount[DEC_GROUPED_TEXT], when[DATE_TEXT];
        size_t claims = 0;
        for (size_t k = 0; best[i].bill && k < us->n; k++)
            claims += best[k].bill == best[i].bill;
        if (claims != 1)
            continue;
        str why = str_fmt(a, "%.*s %s at the rate of %.*s, party and date",
                          FMT(dec_format_grouped(u->sum, 2, amount)), p->currency.code,
                          FMT(date_format(p->day, when)));
        u->sum = best[i].amount;
        settle(m, u, best[i].bill, why);
    }
}

/* Postings that no bill explains are what the statements may have paid. */
static void add_postings(struct matcher_state *m)
{
    struct units us;
    struct books *k = m->k;
    m->layer = 0;
    gather(m, &us, false);
    m->layer = 1;
    struct bill *bills = arena_new(m->w->arena, struct bill, us.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < us.n; i++) {
        const struct payment *p = first_of(m, &us.items[i]);
        if (us.items[i].sum <= 0)
            continue;
        bills[n++] = (struct bill){.provider = p->provider,
                                   .party = p->party,
                                   .number = p->number.n ? p->number : S("(posting)"),
                                   .period = month_of_day(p->day),
                                   .currency = p->currency,
                                   .billed = us.items[i].sum,
                                   .left = {us.items[i].sum, us.items[i].sum}};
    }
    /* in place of the bills, which the statements had their turn at */
    k->bills = bills;
    k->n_bills = k->n_documents = n;
}

static void match_layer(struct matcher_state *m)
{
    struct units us;
    gather(m, &us, false);
    by_number(m, &us);
    by_amount(m, &us);
    by_rate(m, &us);
    gather(m, &us, true);
    by_amount(m, &us);
    by_rate(m, &us);
}

/* What holds already is used up. */
static void use_settled(struct books *k)
{
    for (size_t s = 0; s < k->n_settlements; s++) {
        const struct settlement *x = &k->settlements[s];
        int layer = 0;
        for (size_t i = 0; i < k->n_payments; i++)
            if (k->payments[i].settled == x->id)
                layer = k->payments[i].statement;
        for (size_t i = 0; i < k->n_bills; i++) {
            struct bill *b = &k->bills[i];
            bool same = str_eq(b->party, x->party) && b->period == x->period && !b->used[layer] &&
                        currency_eq(b->currency, x->currency);
            if (same && b->number.n
                    ? settle_names(x->why, b->number)
                    : same && !dec_is_null(x->billed) && settle_fits(x->billed, b->left[layer])) {
                use_bill(k, b, layer);
                break;
            }
        }
    }
}

bool settle_find(struct workspace *w, struct books *k, struct settlement **ret, size_t *ret_n,
                 struct err *e)
{
    struct matcher_state m = {.w = w, .k = k};
    struct books work = *k;
    (void)e;
    work.bills = arena_new(w->arena, struct bill, k->n_bills);
    if (k->n_bills)
        memcpy(work.bills, k->bills, k->n_bills * sizeof *work.bills);
    m.k = &work;
    use_settled(&work);
    for (m.layer = 0; m.layer < 2; m.layer++)
        match_layer(&m);
    m.layer = 1;
    add_postings(&m);
    match_layer(&m);
    *ret = m.found;
    *ret_n = m.n_found;
    return true;
}

/* ---- doing it ---- */

bool settle_apply(struct workspace *w, const volatile bool *interrupted, struct rework_outcome *ret,
                  struct err *e)
{
    return rework(w, REWORK_SETTLE, false, NULL, NULL, interrupted, ret, e);
}

/* Whether any import that counts may hold postings or payments: what these formats read. */
static bool has_books(struct workspace *w, bool *ret, struct err *e)
{
    static const char *const BOOKS[] = {
        "hledger", "ledger_csv", "quickbooks_journal", "quickbooks_ledger",
        "xero",    "netsuite",   "bank",               "mapped",
    };
    struct import_info *items;
    size_t n;
    if (!book_imports(w->book, w->arena, &items, &n, e))
        return false;
    *ret = false;
    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; !items[i].replaced_by && f < items[i].n_files; f++)
            for (size_t k = 0; k < ARRAY_LEN(BOOKS); k++)
                *ret = *ret || str_eq(items[i].files[f].importer, str_of(BOOKS[k]));
    return true;
}

bool settle_all(struct workspace *w, const struct overlap *replaced, size_t n_replaced,
                const volatile bool *interrupted, struct settle_outcome *ret, struct err *e)
{
    struct books k;
    struct rework_outcome o;
    bool any;
    *ret = (struct settle_outcome){0};
    if (!has_books(w, &any, e))
        return false;
    if (n_replaced &&
        !settle_recheck(w, replaced, n_replaced, &ret->dissolved, &ret->n_dissolved, e))
        return false;
    if (any && (!books_read(w, &k, e) || !settle_find(w, &k, &ret->made, &ret->n_made, e) ||
                !book_settle(w->book, ret->made, ret->n_made, w->options.now, e)))
        return false;
    return !(ret->n_made + ret->n_dissolved) || settle_apply(w, interrupted, &o, e);
}
