/* init.h - making a book. */
#ifndef APP_INIT_H
#define APP_INIT_H

#include "base/err.h"
#include "base/str.h"

enum init_kind {
    INIT_SHORT,   /* a short plan that computes at once */
    INIT_EXAMPLE, /* the plan and rules of the example company */
};

/* Writes a commented book (plan.yaml, rules.yaml, outlay.db, ledger/) into dir, which is created
 * when it is not there; a folder that holds any of these is refused. Nothing is left of it on
 * failure. */
MUST_CHECK bool init_book(str dir, enum init_kind kind, int64_t now, struct err *e);

#endif
