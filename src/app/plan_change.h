/* plan_change.h - edits of a plan's files: read again and computed before anything is written.
 *
 * The one way in which a command changes plan.yaml: collect edits (base/yaml_edit.h), let
 * plan_change see that the edited plan is a good one, show its diff, write it. A plan that was good
 * stays good. */
#ifndef APP_PLAN_CHANGE_H
#define APP_PLAN_CHANGE_H

#include "app/plan_source.h"
#include "base/yaml_edit.h"
#include "engine/expand.h"

struct plan_change {
    struct edited_file *files;
    size_t n_files;                  /* 0: nothing changes */
    str diff;                        /* unified; empty when nothing changes */
    const struct plan *plan;         /* as it reads afterwards */
    const struct expansion *figures; /* of that */
};
/* Writes nothing. Faults of the edited plan are added to `faults`, and are the error. Lives in
 * t->a. */
MUST_CHECK bool plan_change(const struct plan_source *s, const struct yaml_edits *t,
                            struct diags *faults, struct plan_change *ret, struct err *e);
/* e: the source is no file; a file is no longer what it was when it was read. */
MUST_CHECK bool plan_change_write(const struct plan_source *s, const struct plan_change *x,
                                  struct err *e);

#endif
