/* price_book.h - what a model costs, when, as dated data.
 *
 * A price is money per million tokens, valid from a day until the next entry of the same model,
 * provider and tier. Looking up never guesses silently: how a name was matched is part of the
 * answer, and no match is no price (unknown, never zero). Every price has an id that stays on what
 * it priced. */
#ifndef CORE_PRICE_BOOK_H
#define CORE_PRICE_BOOK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "core/currency.h"
#include "core/dec.h"
#include "core/month.h"

struct price {
    str id; /* stable: "anthropic/claude-sonnet-5@2026-09-01"; "<2026-09-01" for one that only ends;
             * tiers add ">200000", own books "#prices.csv" */
    str provider; /* "anthropic" */
    str model;
    currency currency;
    day from, to;        /* valid from <= day < to; DAY_NONE: open */
    int64_t over_tokens; /* applies when a request's input tokens exceed this; 0: base */
    /* per million tokens; DEC_NULL where the source has none */
    dec in, out, cache_read, cache_write, cache_write_1h, batch_in, batch_out;
    dec audio_in,
        image_out; /* of models that charge sound read or pictures made at prices of their own */
    str source, note;
};

struct price_book; /* immutable once built */

/* The built-in book (share/prices.csv), and own books on top: later ones win over earlier ones of
 * the same provider, model, tier and day. */
struct price_book *price_book_new(struct arena *a);
/* CSV with the header of share/prices.csv, in any column order; only model and one of input, output
 * are required. Without a provider the maker of the model is it; without a currency it is USD.
 * Every faulty line is named with file, line and column; nothing is added then. */
MUST_CHECK bool price_book_add_csv(struct price_book *b, str name, str text, struct err *e);
const struct price *price_book_items(const struct price_book *b, size_t *ret_n);

enum price_match { PRICE_EXACT, PRICE_ALIAS /* dated snapshot or provider prefix removed */ };
struct price_query {
    str provider; /* may be empty: any */
    str model;
    day on;
    int64_t input_tokens; /* of one request, all buckets; picks the tier. 0 or unknown: base tier */
};
/* NULL when the book has none. Without a day: the price that has no end. Of several prices in force
 * the one of the last added book wins, then the one that began last. Other spellings of a model are
 * matched as price_name.h says: in the given provider's list, then in the maker's own, but never
 * the list of another host for a model whose weights are open. */
const struct price *price_find(const struct price_book *b, const struct price_query *q,
                               enum price_match *ret_match);

struct token_counts {
    int64_t in, cache_read, cache_write_5m, cache_write_1h, out; /* disjoint, >= 0 */
    int64_t audio_in, image_out;                                 /* disjoint from these too */
    bool batch;
};
/* Exact cost, rounded once to 18 decimals. Cached tokens in a batch cost their plain price. A
 * missing cache or batch price falls back to the plain one (a missing 1h write to the 5m write);
 * *ret_fallback says so. False: overflow or no price for a bucket that has tokens. */
MUST_CHECK bool price_cost(const struct price *p, const struct token_counts *t, dec *ret,
                           bool *ret_fallback);

/* Exchange rates, units of currency per EUR as the ECB states them, or any base. */
struct fx_table;
struct fx_table *fx_new(struct arena *a);
/* ECB layout: Date, then a column per currency; "N/A" and empty are absent. Daily or monthly dates
 * (2024-01). `base` is the currency the rates are per unit of. A day that comes again replaces the
 * rate known. All faults are named, nothing is added then. */
MUST_CHECK bool fx_add_csv(struct fx_table *t, str name, str text, currency base, struct err *e);
/* Mean of the month's daily rates of `from` in `to` as the ratio of the two means against the base:
 * amount_to = amount_from * num / den, nothing rounded before. Of a month without daily rates the
 * monthly one. False: e names the missing month and currency. */
MUST_CHECK bool fx_month(const struct fx_table *t, currency from, currency to, month m,
                         dec *ret_num, dec *ret_den, struct err *e);
/* The rate of a day, or of the last day before it within a week (weekends, holidays). */
MUST_CHECK bool fx_day(const struct fx_table *t, currency from, currency to, day d, dec *ret_num,
                       dec *ret_den, struct err *e);

#endif
