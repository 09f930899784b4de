/* track.h - actual against budget, by month and for the year to date. */
#ifndef REPORT_TRACK_H
#define REPORT_TRACK_H

#include "doc/doc.h"
#include "engine/tracking.h"
#include "store/book_track.h"

struct track_period {
    int32_t month; /* index of the plan's months */
    bool ytd;      /* from the plan's first month to it */
};

struct track_view {
    const struct tracking *t;
    const struct track_period *periods;
    size_t n_periods;
    bool levels[TRACK_LINE + 1]; /* which to show; the total always is */
    bool only_flags;
    bool with_buffers; /* the budget includes the buffers */
    const struct transfer *transfers;
    size_t n_transfers;
    const struct commitment *commitments;
    size_t n_commitments;
    const char *basis;
    day as_of;
};

/* ret_flags: flags in months that are final, and unfavorable ones in those still open. May be
 * NULL. */
struct doc *report_track(const struct track_view *v, struct arena *a, size_t *ret_flags);

/* For people: positive is favorable, marked where it is flagged. */
struct cell track_fav(const struct variance *v);

#endif
