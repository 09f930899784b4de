/* benefits.h - what the benefits of a plan promise by month, and what was measured of them.
 *
 * Promised: monthly x each x confidence x ramp (engine/world.h), each month rounded once to the
 * cent, while the initiative runs. Measured: an amount for a span of months, as it was counted:
 * confidence and ramp are about the promise and do not touch it. A month is due when a benefit was
 * promised for it and its quarter of the plan is over. Measured and promised are compared over the
 * months that are measured, never over all of them; what lacks its measurement is told beside it.
 * Unknown is never zero: what could not be measured has no amount. */
#ifndef ENGINE_BENEFITS_H
#define ENGINE_BENEFITS_H

#include "engine/world.h"

struct promised {
    const struct benefit *benefit;
    const struct initiative *initiative;
    const dec *months; /* of the plan, from its first; 0 where nothing is promised */
};
/* All benefits of initiatives that run, in plan order. e: an amount is too large. */
MUST_CHECK bool benefits_promised(struct arena *a, const struct world *w, struct promised **ret,
                                  size_t *ret_n, struct err *e);
/* What one unit is worth at the plan's point; exact where it stands in the plan's currency. */
dec benefit_each(const struct world *w, const struct benefit *b);

struct measured { /* no two of a benefit overlap */
    str benefit;  /* path */
    month first, last;
    dec amount;   /* DEC_NULL: it could not be measured; within +-10^15 */
    dec units;    /* DEC_NULL: measured as an amount */
    str reason;   /* why it could not be measured */
};

enum benefit_state {
    BENEFIT_QUIET,        /* nothing is promised and nothing measured */
    BENEFIT_AHEAD,        /* promised, and not due yet */
    BENEFIT_MEASURED,     /* what is due is measured */
    BENEFIT_PARTLY,       /* of what is due, something could not be measured */
    BENEFIT_UNMEASURABLE, /* nothing of it could */
    BENEFIT_DUE,
    BENEFIT_OVERDUE,      /* due, and the month after its quarter is over too */
};
const char *benefit_state_name(enum benefit_state s); /* "measured", "not measurable", ... */

/* Sums over benefits and months. */
struct realized {
    dec projected; /* of all months */
    dec compared;  /* of those that are measured */
    dec amount;    /* measured; DEC_NULL: nothing is */
    dec delta;     /* amount - compared; DEC_NULL without an amount */
    dec pct;       /* delta / |compared|; DEC_NULL: n/a */
    dec missing;   /* projected of the months that are due and have neither amount nor reason */
    dec units;     /* of one benefit, where all of it was measured in units; else DEC_NULL */
    str reason;        /* the first one why something could not be measured; empty */
    int due, lacking;  /* months that are due; of them without a measurement */
    month last;        /* the last month that is measured; MONTH_NONE */
    enum benefit_state state;
};

/* Month indexes [from, to): whole quarters of the plan, so that no measurement is cut. Quarters end
 * every three months from the plan's first, and with its last. today: the month at work. */
struct realized benefit_realized(const struct world *w, const struct promised *x,
                                 const struct measured *all, size_t n, int32_t from, int32_t to,
                                 month today);
struct realized realized_nothing(void); /* what a sum begins with */
/* Units are left out. e: too large. */
MUST_CHECK bool realized_add(struct realized *sum, const struct realized *x, struct err *e);

#endif
