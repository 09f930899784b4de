/* alert.h - telling people before it is too late: flags and a budget about to be crossed, to a
 * webhook and to a file.
 *
 * The message is JSON as Slack's incoming webhooks (and those that copied them) take it: `text` and
 * `blocks`. With a key it is signed: X-Outlay-Timestamp, and X-Outlay-Signature `v1=` HMAC-SHA-256
 * of "TIMESTAMP.BODY". */
#ifndef APP_ALERT_H
#define APP_ALERT_H

#include "app/forecast_book.h"

struct alert_request {
    str url;   /* empty: none */
    str file;  /* one line is appended per alert; empty: none */
    str key;   /* signs; empty: unsigned */
    int32_t month; /* index: flags of this month and of the year to it */
    int64_t now;
    int wait_ms;   /* before the second try */
};

/* The message, or an empty one when there is nothing to say. */
MUST_CHECK bool alert_text(struct arena *a, const struct track_book *k,
                           const struct forecast_view *f, int32_t m, str *ret, struct err *e);
/* *ret_tries: of the webhook, 0 without one. */
MUST_CHECK bool alert_send(struct arena *a, str text, const struct alert_request *q,
                           int *ret_tries, struct err *e);

#endif
