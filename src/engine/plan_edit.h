/* plan_edit.h - from a plan and what it should be to changes of its files.
 *
 * Given maps of a plan and what each should become (what_if.h), both are walked side by side: a
 * scalar that differs is replaced where it stands, a key that is new is put behind the one it
 * reads best behind, a key that is gone makes way for one that takes its place. */
#ifndef ENGINE_PLAN_EDIT_H
#define ENGINE_PLAN_EDIT_H

#include "base/yaml_edit.h"

/* Adds to t. e: a value that cannot be changed in place, with where it stands. */
MUST_CHECK bool plan_edit(struct yaml_edits *t, const struct yaml_node *const *was,
                          const struct yaml_node *const *becomes, size_t n, struct err *e);

#endif
