/* price_lists.h - public price lists of language models, in the layout of our own.
 *
 * Read by content, not by name: our CSV, LiteLLM's model_prices_and_context_window map, llm-prices,
 * genai-prices, models.dev and Portkey's pricing. Whatever the unit (per token, per 1K, per 1M, in
 * cents), what comes out is money per million tokens in the columns of share/prices.csv, each row
 * with source and date. What a price per token cannot say (a price per image, an hour of the day, a
 * tier that reprices only what is above it) is left out and counted. */
#ifndef INGEST_PRICE_LISTS_H
#define INGEST_PRICE_LISTS_H

#include "core/price_book.h"

struct price_list_options {
    day taken; /* the day the list tells of, where it does not say itself */
    day from;  /* undated prices are in force from this day; DAY_NONE: from `taken` where other
                * prices of the model are known, else from the beginning */
    const struct price_book *known; /* may be NULL: nothing is */
};

struct price_list {
    const char
        *format;      /* "csv", "litellm", "llm-prices", "genai-prices", "models.dev", "portkey" */
    day taken;        /* as the list says, else as the options do; DAY_NONE for CSV */
    str csv;          /* of a CSV file its own text */
    size_t prices;    /* rows made; 0 for CSV, which is not read here */
    const str *notes; /* what was left out and why, whole sentences */
    size_t n_notes;
};

/* name: of the file, for places and sources. Text that is no list known is an error with its place
 * and the shapes that are. */
MUST_CHECK bool price_list_read(struct arena *a, str name, str text,
                                const struct price_list_options *o, struct price_list *ret,
                                struct err *e);

#endif
