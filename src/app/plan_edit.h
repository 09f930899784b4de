/* plan_edit.h - putting levers into plan.yaml as a person would: lines change, comments stay.
 *
 * A lever of the same id is replaced, others are added behind the last one, in the file where the
 * levers stand. The edited plan is loaded before anything is written: a plan that was good stays
 * good. */
#ifndef APP_PLAN_EDIT_H
#define APP_PLAN_EDIT_H

#include "app/plan_source.h"

struct lever_text {
    str id;
    str text; /* "{id: ..., applies: ...}" */
};

struct plan_edit {
    str path;          /* of the file that changes */
    str before, after; /* its text */
    str diff;          /* removed and added lines, with the path and their places */
    const struct plan *plan; /* as it reads afterwards */
};

/* w: a workspace for plans; what: a plan file, or empty for plan.yaml of the book. Faults of the
 * plan before or after the change are added to `faults`, and are the error. Writes nothing. */
MUST_CHECK bool plan_edit_levers(struct workspace *w, str what, const struct lever_text *levers,
                                 size_t n, struct diags *faults, struct plan_edit *ret,
                                 struct err *e);
MUST_CHECK bool plan_edit_write(const struct plan_edit *x, struct err *e);

#endif
