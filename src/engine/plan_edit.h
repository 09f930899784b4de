/* plan_edit.h - values of a plan's files changed in place: only their bytes, comments kept.
 *
 * Given a plan and what it should be (what_if.h), the maps that differ are walked side by side: a
 * scalar that differs is replaced where it stands, a key that is new is put behind the last one
 * it has in common, a key that is gone makes way for one that takes its place. */
#ifndef ENGINE_PLAN_EDIT_H
#define ENGINE_PLAN_EDIT_H

#include "base/err.h"
#include "plan/plan.h"

struct edited_line { /* of a file, for people */
    uint32_t line;
    str before, after; /* after may be several lines */
};
struct edited_file {
    const struct yaml_file *file;
    str text; /* the whole file, changed */
    struct edited_line *lines;
    size_t n_lines;
};

/* Maps of `was` (each of the same plan file as it was read) and what each should become. e: a value
 * that cannot be changed in place, with where it stands. Files in order of `was`. */
MUST_CHECK bool plan_edit(struct arena *a, const struct yaml_node *const *was,
                          const struct yaml_node *const *becomes, size_t n,
                          struct edited_file **ret, size_t *ret_n, struct err *e);

/* "--- plan.yaml\n+++ plan.yaml\n@@ -12,7 +12,7 @@\n ..." of all files, three lines of context. */
str plan_edit_diff(struct arena *a, const struct edited_file *files, size_t n);

#endif
