/* reconcile_int.h - what the steps of a reconciliation share. */
#ifndef APP_RECONCILE_INT_H
#define APP_RECONCILE_INT_H

#include "app/reconcile.h"
#include "base/map.h"

/* What may explain a gap between an invoice and the ledger. */
enum adjustment {
    ADJUST_TAX,
    ADJUST_CREDIT,
    ADJUST_DISCOUNT,
    ADJUST_MARKETPLACE,
    ADJUST_CUT_OFF,
    ADJUST_BLOCKED, /* calls that the bill has at 0 and the invoice may not */
    ADJUSTMENTS
};
/* What makes the ledger differ from usage x price. */
enum price_cause {
    CAUSE_TIER,
    CAUSE_UNPRICED,
    CAUSE_BLOCKED,
    CAUSE_DISCOUNT,
    CAUSE_SURCHARGE,
    CAUSE_ROUNDING,
    PRICE_CAUSES
};
struct amount_rows {
    dec amount;
    uint64_t rows;
    str only; /* the one model or tier of all rows; "?*" of several */
};

/* One party and billing month, in the book's currency. */
struct pair {
    str provider, party,
        name; /* provider: as in this month's rows; name: the party's, for people */
    month month;
    dec ledger;
    uint64_t rows;
    struct amount_rows adjust[ADJUSTMENTS]; /* as the ledger has them */
    dec used_in_month;                      /* by day of use, whatever month it was billed in */
    dec documents; /* of ledger: invoices of suppliers, which are their own proof */
    uint64_t document_rows;
    dec invoices, invoice_tax; /* as imported; invoice_tax DEC_NULL: one does not say */
    size_t n_invoices;
    bool foreign;     /* an invoice or payment in another currency than the bill */
    str currency;     /* of the bill's rows */
    dec posted, paid; /* matched postings, matched payments */
    bool has_posted, has_paid;
    bool has_tokens;
    dec token_ledger, computed;
    struct amount_rows cause[PRICE_CAUSES];
    uint64_t unknown; /* token rows whose cost nobody knows */
};

struct reconciler {
    struct workspace *w;
    const struct reconcile_request *q;
    struct books books;
    struct pair **pairs;
    size_t n, cap;
    struct map index, names;
    struct reconcile_report *r;
    size_t cap_gaps, cap_unmatched;
};

struct pair *pair_of(struct reconciler *x, str provider, month m);
/* An amount of that month in the book's currency. */
MUST_CHECK bool in_book_currency(struct reconciler *x, dec amount, currency c, month m, dec *ret,
                                 struct err *e);
MUST_CHECK bool read_usage(struct reconciler *x, struct err *e); /* reconcile_usage.c */
void explain_pair(struct reconciler *x, const struct pair *p);   /* reconcile_explain.c */
void list_unmatched(struct reconciler *x);                       /* reconcile_explain.c */
str provider_filter(struct arena *a, const struct pair *p, const char *more);

#endif
