/* book_baseline.h - frozen plans in the book: written once, never changed.
 *
 * A baseline is a plan as it was requested or approved: every text it was read from, the prices it
 * took from the price book, and every amount computed. Its digest covers all of it and stands in
 * the journal too. Reopening an approved one is an event of its own; the baseline stays. */
#ifndef STORE_BOOK_BASELINE_H
#define STORE_BOOK_BASELINE_H

#include "base/hash.h"
#include "store/book.h"

enum baseline_status { BASELINE_REQUESTED, BASELINE_APPROVED };
const char *baseline_status_name(enum baseline_status s); /* "requested", "approved" */

struct baseline_file {
    str path, content;
};
struct baseline {
    int64_t id;
    enum baseline_status status;
    str at, by, note;   /* by: a name or role, may be empty */
    str name, currency, starts, total;
    int64_t months;
    str prices, figures; /* CSV */
    str program, sha256;
    struct baseline_file *files; /* the plan first */
    size_t n_files;
    str reopened_at, reopened_by, reason; /* empty while it was not reopened */
};

/* The digest of what is frozen; id, sha256 and what came later take no part. */
void baseline_digest(const struct baseline *x, char out[SHA256_HEX]);

/* Freezes *x: at, program, id and sha256 are filled in. One transaction with its journal entry.
 * While an approved baseline stands, another approval is an error. */
MUST_CHECK bool book_add_baseline(struct book *b, const struct baseline *x, int64_t now,
                                  int64_t *ret_id, struct err *e);
/* Heads of all, oldest first: without files, prices, figures. */
MUST_CHECK bool book_baselines(struct book *b, struct arena *a, struct baseline **ret,
                               size_t *ret_n, struct err *e);
/* One, whole. A number that is not there is an error that names those that are. */
MUST_CHECK bool book_baseline(struct book *b, int64_t id, struct arena *a, struct baseline *ret,
                              struct err *e);
MUST_CHECK bool book_reopen(struct book *b, int64_t id, str by, str reason, int64_t now,
                            struct err *e);
/* Each stored digest is that of the content, and stands in the journal. */
MUST_CHECK bool book_verify_baselines(struct book *b, struct err *e);

#endif
