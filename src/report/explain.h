/* explain.h - what drove each flag, and what was said about it. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "report/track.h"

struct explain_part {
    str driver, note;
    dec amount;
};
struct explain_item {
    struct track_row row;
    const struct explain_part *parts;
    size_t n_parts;
    dec timing, permanent;
    str sentence, rows; /* rows: the command that lists them; may be empty */
    const struct explanation *recorded; /* NULL: nothing yet */
};
struct explain_view {
    const struct tracking *t;
    const struct explain_item *items;
    size_t n;
    const char *basis;
    day as_of;
};

struct doc *report_explain(const struct explain_view *v, struct arena *a);

#endif
