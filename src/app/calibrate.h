/* calibrate.h - LLM drivers from the ledger's usage, and the plan file with what it shows. */
#ifndef APP_CALIBRATE_H
#define APP_CALIBRATE_H

#include "app/actuals.h"
#include "app/plan_change.h"
#include "engine/calibrate.h"

struct calibrate_query {
    const struct plan_source *source;
    day from, to; /* inclusive; DAY_NONE: open */
    str line;     /* a path, or empty: all */
};
struct calibrate_result {
    struct calibration c;
    struct plan_change change; /* with the suggestions; no files when nothing changes */
    uint64_t no_tokens;        /* rows of LLM lines in the window that tell no tokens */
    dec no_tokens_amount;
};
/* w: opened with NEED_LEDGER. e: an unknown line, spend without a rate, a value that cannot be
 * changed in place. */
MUST_CHECK bool calibrate_book(struct workspace *w, const struct calibrate_query *q,
                               struct calibrate_result *ret, struct err *e);
/* Writes the changed files where they are; the source has to be the working plan. */
MUST_CHECK bool calibrate_write(struct workspace *w, const struct calibrate_query *q,
                                const struct calibrate_result *r, struct err *e);

#endif
