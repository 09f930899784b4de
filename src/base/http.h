/* http.h - sending a message to a web address. */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct http_post {
    str url;            /* http or https; redirects are not followed */
    const str *headers; /* "Name: value" */
    size_t n_headers;
    str body;
    int tries;          /* at most; a failure that may pass (no answer, 429, 5xx) is tried again */
    int wait_ms;        /* before the second try; twice as long before each further one */
    int timeout_ms;     /* of one try */
};
/* *ret_tries: how many it took. e names the address without what may be secret in it (path and
 * query), and what the last try said. */
MUST_CHECK bool http_post(const struct http_post *q, int *ret_tries, struct err *e);

#endif
