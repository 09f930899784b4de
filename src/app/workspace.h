/* workspace.h - an open book with what a verb needs of it: settings, ledger, rules, prices, rates.
 *
 * A verb names its needs; what it does not name is not opened (DuckDB costs more to start than a
 * plan costs to compute). Everything lives in the arena and closes with it. */
#ifndef APP_WORKSPACE_H
#define APP_WORKSPACE_H

#include "base/diag.h"
#include "core/price_book.h"
#include "ingest/classify.h"
#include "store/book.h"

enum need {
    NEED_BOOK = 1,        /* to read */
    NEED_BOOK_WRITE = 2,
    NEED_LEDGER = 4,      /* attached to every part that counts */
    NEED_RULES = 8,
    NEED_PRICES = 16,     /* built-in, prices.csv of the book, imported lists */
    NEED_RATES = 32,
};

struct settings {
    str name;            /* of the plan, may be empty */
    currency currency;   /* of the book; USD when plan.yaml says nothing */
    int fiscal_start;    /* first month of the fiscal year, 1-12 */
};

struct workspace_options {
    str dir;
    int threads;     /* 0: all processors */
    uint64_t memory; /* 0: a quarter of RAM */
    int64_t now;     /* seconds, for what is written */
};

struct workspace {
    struct arena *arena;
    struct workspace_options options;
    struct settings settings;
    struct book *book;
    struct ledger *ledger;
    struct rules *rules;
    const char *const *allocation_tags; /* with NEED_LEDGER or NEED_RULES */
    struct price_book *prices;
    struct fx_table *rates;
    struct book_part *parts; /* that count, with NEED_LEDGER */
    size_t n_parts;
};

/* On faults in plan.yaml's header or rules.yaml, `faults` holds them all (may be NULL). */
MUST_CHECK bool workspace_open(struct arena *a, const struct workspace_options *o, unsigned needs,
                               struct diags *faults, struct workspace *ret, struct err *e);
/* Opens the book to read (when it is not open) and its prices (when they are not known). Where
 * there is no book, the built-in prices alone. */
MUST_CHECK bool workspace_prices(struct workspace *w, struct err *e);
/* Reads the exchange rates of the open book when that was not done. */
MUST_CHECK bool workspace_rates(struct workspace *w, struct err *e);
/* Opens the book to read when it is not open; a folder without one is an error. */
MUST_CHECK bool workspace_book(struct workspace *w, struct err *e);
/* The same to write; before anything else opened it. */
MUST_CHECK bool workspace_book_write(struct workspace *w, struct err *e);
/* Reads the book's exchange rates unless that is done. */
MUST_CHECK bool workspace_rates(struct workspace *w, struct err *e);
/* An amount of a month in another currency, at the month's rate; zero and the same currency need
 * none. e: no rate, with the month and what to do, or too large an amount. */
MUST_CHECK bool workspace_convert(struct workspace *w, str code, currency to, month m, dec *amount,
                                  struct err *e);
/* Reads the parts anew, after an import. */
MUST_CHECK bool workspace_attach(struct workspace *w, struct err *e);

#endif
