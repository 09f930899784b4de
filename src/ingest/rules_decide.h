/* rules_decide.h - which rules a row may be placed by, once it is known which conditions hold. */
#ifndef INGEST_RULES_DECIDE_H
#define INGEST_RULES_DECIDE_H

#include "ingest/rules_int.h"

struct id_list {
    const uint32_t *ids; /* conditions that hold, ascending */
    uint32_t n;
};

/* Scratch of one thread. */
struct decider {
    const struct rules *r;
    uint32_t *stamps; /* per condition: the epoch in which it held */
    uint32_t epoch;
    uint32_t *choices; /* result */
};

void decider_init(struct decider *d, const struct rules *r);
void decider_release(struct decider *d);
/* Notes the conditions that hold. */
void decider_hold(struct decider *d, const struct id_list *lists, size_t n);
/* Whether a rule holds, ranges aside. */
bool decider_rule(const struct decider *d, const struct rule *rule);
/* d->choices: first the user's rules whose ranges must be asked, in order, then the rule that
 * applies when none of them does (or RULE_NONE). Returns how many, at least 1. */
size_t decider_decide(struct decider *d);
/* Whether built-in rule a is considered before b: surer, then by rank, then by order in the file.
 */
bool rule_before(const struct rules *r, uint32_t a, uint32_t b);

/* Which conditions hold for a row (classify.c); *ret is valid until the classifier's next call. */
MUST_CHECK bool classify_hold(struct classifier *c, const struct spend_row *row,
                              const struct decider **ret, struct err *e);

#endif
