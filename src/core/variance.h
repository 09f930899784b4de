/* variance.h - actual against budget: the difference, its share, and whether it must be explained.
 *
 * delta = actual - budget, pct = delta / |budget|; a budget of 0 has no percentage. A flag needs
 * |pct| strictly over `over` and |delta| at least `floor`, in either direction. Spend without any
 * budget has no percentage to pass a limit with: from the floor on it is `unbudgeted`, which must be
 * explained like a flag. docs/decisions/055. */
#ifndef CORE_VARIANCE_H
#define CORE_VARIANCE_H

#include "core/dec.h"

enum track_level { TRACK_TOTAL, TRACK_CATEGORY, TRACK_INITIATIVE, TRACK_LINE };
const char *track_level_name(enum track_level l); /* "total", "category", "initiative", "line" */

struct variance_rule {
    dec over;  /* fraction: 0.15 */
    dec floor; /* money, 0: none */
};

struct variance {
    dec actual; /* DEC_NULL: not known yet, then nothing else is but the budget */
    dec budget;
    dec delta;
    dec pct;          /* DEC_NULL: n/a */
    bool favorable;   /* cost: not over budget */
    bool flag;
    bool unbudgeted;
};

struct variance variance_of(dec actual, dec budget, const struct variance_rule *r);
/* A flag, or unbudgeted spend: a quarter cannot close while it lacks an explanation. */
bool variance_needs_words(const struct variance *v);

#endif
