/* explain.h - what drove a variance, from the ledger and the plan's drivers.
 *
 * LLM lines split into volume, mix, tokens per request and price (Shapley); compute and other lines
 * with a unit into units and rate; people into heads, rate and timing; money in another currency has
 * a part of its own; what no driver tells is by service, new and vanished ones apart. Roll-ups are by
 * line. Parts are cents and sum to the variance (rounded to the cent) exactly. */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "app/track.h"

struct explained_part {
    str driver; /* "volume", "price", "support.chat", "new service Perplexity" */
    dec amount; /* in cents */
    str note;   /* "1.52M instead of 1.29M requests"; may be empty */
};

struct explained {
    struct track_row row;
    struct explained_part *parts;
    size_t n_parts;
    dec timing, permanent; /* their sum is the variance, in cents */
    str sentence;          /* a draft for people */
    str where;             /* filter of `outlay ledger` for the rows behind it; may be empty */
    const struct explanation *recorded; /* the latest that speaks of it, or NULL */
};

/* Explains a row of tracking_rows in month index m (of the year to date: to it). w has its ledger
 * open. */
MUST_CHECK bool explain_row(struct workspace *w, const struct track_book *k,
                            const struct track_row *row, int32_t m, struct explained *ret,
                            struct err *e);

#endif
