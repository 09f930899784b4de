/* settle_recheck.c - matches whose bill or payment was replaced: do they still hold? */
#include "app/settle.h"
#include "core/party.h"

static bool is_replaced(const struct settlement *s, struct arena *a, const struct overlap *scopes,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (scopes[i].scope.period == s->period &&
            str_eq(party_key(a, scopes[i].scope.provider), s->party))
            return true;
    return false;
}

/* Its rows that are still in the ledger; *ret_statement: they are of a bank or card. */
static size_t rows_of(const struct books *k, const struct settlement *s, bool *ret_statement)
{
    size_t n = 0;
    *ret_statement = false;
    for (size_t i = 0; i < k->n_payments; i++)
        if (k->payments[i].settled == s->id) {
            *ret_statement = k->payments[i].statement;
            n++;
        }
    return n;
}

static bool same_bill(const struct settlement *s, str party, month period, currency c)
{
    return str_eq(party, s->party) && period == s->period && currency_eq(c, s->currency);
}

/* Whether a document's number that the match was made by is there, and says much the same. */
static bool document_holds(const struct books *k, const struct settlement *s)
{
    for (size_t i = 0; i < k->n_documents; i++) {
        const struct bill *b = &k->bills[i];
        dec off = s->amount > b->billed ? s->amount - b->billed : b->billed - s->amount;
        if (same_bill(s, b->party, b->period, b->currency) && settle_names(s->why, b->number))
            return off <= b->billed / 50;
        if (same_bill(s, b->party, b->period, b->currency) && settle_fits(s->billed, b->billed))
            return true;
    }
    return false;
}

/* The month's bills, or what documents left of them, are what they were; or an invoice says so. */
static bool month_holds(const struct books *k, const struct settlement *s)
{
    for (size_t i = k->n_documents; i < k->n_bills; i++) {
        const struct bill *b = &k->bills[i];
        if (!same_bill(s, b->party, b->period, b->currency))
            continue;
        dec left = b->billed;
        for (size_t d = 0; d < k->n_documents; d++)
            if (same_bill(s, k->bills[d].party, k->bills[d].period, k->bills[d].currency))
                left -= k->bills[d].billed;
        if (settle_fits(s->billed, b->billed) || settle_fits(s->billed, left))
            return true;
        for (size_t v = 0; v < k->n_invoices; v++)
            if (str_eq(k->invoices[v].party, s->party) && k->invoices[v].period == s->period &&
                settle_names(s->why, k->invoices[v].number))
                return true;
    }
    return false;
}

/* The posting that a statement paid is there, alone or as the lines of a document. */
static bool posting_holds(const struct books *k, const struct settlement *s)
{
    for (size_t i = 0; i < k->n_payments; i++) {
        const struct payment *p = &k->payments[i];
        dec sum = 0;
        if (p->statement || !same_bill(s, p->party, month_of_day(p->day), p->currency))
            continue;
        for (size_t j = 0; p->number.n && j < k->n_payments; j++)
            if (!k->payments[j].statement && str_eq(k->payments[j].number, p->number) &&
                str_eq(k->payments[j].party, p->party))
                sum += k->payments[j].amount;
        if (settle_fits(s->billed, p->amount) || settle_fits(s->billed, sum))
            return true;
    }
    return false;
}

bool settle_recheck(struct workspace *w, const struct overlap *replaced, size_t n_replaced,
                    struct settlement **ret, size_t *ret_n, struct err *e)
{
    struct books k;
    size_t n = 0;
    if (!books_read(w, &k, e))
        return false;
    struct settlement *stale = arena_new(w->arena, struct settlement, k.n_settlements);
    for (size_t i = 0; i < k.n_settlements; i++) {
        const struct settlement *s = &k.settlements[i];
        bool statement, hold = rows_of(&k, s, &statement) == s->n_rows;
        if (hold && !s->by_hand && !dec_is_null(s->billed) &&
            is_replaced(s, w->arena, replaced, n_replaced))
            hold = document_holds(&k, s) || month_holds(&k, s) ||
                   (statement && posting_holds(&k, s));
        if (!hold)
            stale[n++] = *s;
    }
    *ret = stale;
    *ret_n = n;
    return book_dissolve(w->book, stale, n, w->options.now, e);
}
