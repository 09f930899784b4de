/* alert.h - telling people before it is too late: flags and a budget about to be crossed, to a
 * webhook and to a file.
 *
 * The message is JSON as Slack's incoming webhooks (and those that copied them) take it: `text` and
 * `blocks`. With a key it is signed: X-Outlay-Timestamp, and X-Outlay-Signature `v1=` HMAC-SHA-256
 * of "TIMESTAMP.BODY".
 *
 * Each channel is told once: the book remembers what arrived there (store/book_alert.h), and only
 * what is new or got worse goes there again. What did not arrive is not remembered. */
#ifndef APP_ALERT_H
#define APP_ALERT_H

#include "app/forecast_book.h"

struct alert_request {
    str url;   /* empty: none */
    str file;  /* one line is appended per alert; empty: none */
    str key;   /* signs; empty: unsigned */
    int32_t month; /* index: flags of this month and of the year to it */
    day today; /* what lies before it is told as past */
    int64_t now;
    int wait_ms;   /* before the second try */
    bool again;    /* what a channel was told already, too */
};
struct alert_result {
    size_t n_items; /* flags and crossings that stand */
    size_t n_sent;  /* channels that were told something */
    int tries;      /* of the webhook; 0: it was not called */
};

/* w: its book is open for writing. On an error what arrived elsewhere before it is remembered. */
MUST_CHECK bool alert_run(struct workspace *w, const struct track_book *k,
                          const struct forecast_view *f, const struct alert_request *q,
                          struct alert_result *ret, struct err *e);

#endif
