/* matcher.h - which of many patterns a text matches, found in one pass.
 *
 * vectorscan looks for the longest literal of every glob and word search at once, and the exact
 * meaning (rules_pattern.h) decides about what it finds; regular expressions are its own. A matcher
 * is immutable and shared by threads; each thread scans with a scratch of its own. */
#ifndef INGEST_MATCHER_H
#define INGEST_MATCHER_H

#include "base/err.h"
#include "ingest/rules_pattern.h"

struct matcher;
struct matcher_scratch;

struct matcher_item {
    const struct pattern *pattern;
    uint32_t id; /* what a match reports; several items may share one */
};

/* Whether vectorscan takes a regular expression; false: e says why, *ret_at is the byte in it. */
MUST_CHECK bool matcher_check_regex(str regex, size_t *ret_at, struct err *e);

/* Lives in a, as do the items' patterns. */
MUST_CHECK bool matcher_new(struct arena *a, const struct matcher_item *items, size_t n,
                            struct matcher **ret, struct err *e);
size_t matcher_most(const struct matcher *m); /* ids that one scan may report */
/* Whether all patterns are "absent" or "has any value": all values are alike to them. */
bool matcher_presence(const struct matcher *m);

/* Makes *s fit m too; *s starts as NULL. */
MUST_CHECK bool matcher_scratch_add(struct matcher_scratch **s, const struct matcher *m,
                                    struct err *e);
void matcher_scratch_free(struct matcher_scratch *s);

/* Ids of the patterns that match, ascending, each once. ids has room for matcher_most(). */
MUST_CHECK bool matcher_scan(const struct matcher *m, struct matcher_scratch *s, str value,
                             uint32_t *ids, size_t *ret_n, struct err *e);

#endif
