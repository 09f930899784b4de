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

/* For programs: the columns that every table of variances begins with, and their cells. Where the
 * variance is not known, what follows from it stays null. */
#define VARIANCE_COLUMNS \
    {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1}, \
    {"initiative", "Initiative", CELL_TEXT, SHOW_ALL, 0, -1}, \
    {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1}, \
    {"month", "Month", CELL_TEXT, SHOW_ALL, 0, -1}, \
    {"actual", "Actual", CELL_MONEY, SHOW_ALL, 2, -1}, \
    {"budget", "Budget", CELL_MONEY, SHOW_ALL, 2, 2}, \
    {"delta", "Delta", CELL_MONEY, SHOW_ALL, 2, -1}, \
    {"pct", "Delta, share", CELL_SHARE, SHOW_ALL, 1, -1}, \
    {"flag", "Flag", CELL_BOOL, SHOW_ALL, 0, -1}, \
    {"favorable", "Favorable", CELL_BOOL, SHOW_ALL, 0, -1}
/* m: MONTH_NONE is the year to date. *unbudgeted: that column's cell, of the same row. */
void track_cells(struct arena *a, enum track_level level, str path, month m,
                 const struct variance *v, struct cell *c, struct cell *unbudgeted);

#endif
