/* lever_edit.h - levers put into a plan's file as a person would.
 *
 * A lever of the same id is replaced, others are added behind the last one, in the file where the
 * levers stand; without any, the list is begun at the end of the plan's main file. */
#ifndef APP_LEVER_EDIT_H
#define APP_LEVER_EDIT_H

#include "base/yaml_edit.h"
#include "plan/plan.h"

struct lever_text {
    str id;
    str text; /* "{id: ..., applies: ...}" */
};

/* Adds to t. e: the list stands in a form that lines cannot be put into. */
MUST_CHECK bool lever_edits(struct yaml_edits *t, const struct plan *p,
                            const struct lever_text *levers, size_t n, struct err *e);

#endif
