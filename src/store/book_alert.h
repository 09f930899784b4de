/* book_alert.h - what the book remembers of alerts, so that a channel is not told twice.
 *
 * Written once per delivery that arrived, with a journal entry, in one transaction. A channel is
 * known by a digest: its address may be a secret. */
#ifndef STORE_BOOK_ALERT_H
#define STORE_BOOK_ALERT_H

#include "store/book.h"

enum alert_kind {
    ALERT_OVER,     /* a variance over budget */
    ALERT_UNDER,
    ALERT_CROSSING, /* a budget that will be used up */
    ALERT_CROSSED,  /* one that is */
};
struct alert_news {
    enum alert_kind kind;
    str path;   /* of a line; empty for a crossing, which is the total's */
    str period; /* "2026-09", "ytd 2026-07": the year's first month, "2026-07": a quarter's first */
    dec amount; /* of the variance, without its sign; DEC_NULL for a crossing */
    day day;    /* of the crossing; DAY_NONE for a variance */
};

/* e: the book cannot be written. channel: SHA-256 in hex. */
MUST_CHECK bool book_add_alerts(struct book *b, str channel, const struct alert_news *items,
                                size_t n, int64_t now, struct err *e);
/* All that a channel was told, oldest first. */
MUST_CHECK bool book_alerts(struct book *b, str channel, struct arena *a, struct alert_news **ret,
                            size_t *ret_n, struct err *e);
/* Nothing like it was told, or it got worse since the last time: an amount more than a quarter
 * over the one told, an earlier day. */
bool alert_is_news(const struct alert_news *x, const struct alert_news *told, size_t n);

#endif
