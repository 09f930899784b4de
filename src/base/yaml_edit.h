/* yaml_edit.h - changes of YAML files as a list of byte edits: every other byte stays as it is.
 *
 * Edits are collected against files as yaml_parse read them, in any order and over several files,
 * then applied at once. Two edits at one place stand in the order in which they were added. Nothing
 * is written here: a change is text, and a unified diff of it that `patch` and `git apply` take. */
#ifndef BASE_YAML_EDIT_H
#define BASE_YAML_EDIT_H

#include "base/err.h"
#include "base/yaml.h"

struct yaml_edit { /* bytes [from, to) of the file's text become `text` */
    const struct yaml_file *file;
    size_t from, to;
    str text;
    size_t order;
};
struct yaml_edits {
    struct arena *a; /* everything added lives in it */
    struct yaml_edit *items;
    size_t n, cap;
};

/* Whole lines, each with its end, that others take the place of. */
struct edited_lines {
    uint32_t line;              /* the first one, or the one in front of which new ones stand */
    uint32_t n_before, n_after; /* either may be 0 */
    str before, after;
};
struct edited_file {
    const struct yaml_file *file;
    str text; /* all of it, changed */
    struct edited_lines *changes;
    size_t n_changes; /* in order of lines */
};

/* ---- where nodes stand ---- */

/* A line without its end; lines count from 1. */
str yaml_line(const struct yaml_file *f, uint32_t line);
size_t yaml_indent(const struct yaml_file *f, uint32_t line); /* blanks that it begins with */
/* {} or [], as against a map or list with a line for each of its parts. */
bool yaml_is_flow(const struct yaml_node *n);
/* The bytes of a scalar (with its quotes) or of a one-line map or list. e: what takes several
 * lines, or text that stands in no file. */
MUST_CHECK bool yaml_extent(const struct yaml_node *n, size_t *ret_from, size_t *ret_to,
                            struct err *e);
/* Fills e with "FILE:LINE:COLUMN: WHAT cannot be changed in place" and a hint; false. */
bool yaml_cannot_edit(const struct yaml_node *n, const char *what, struct err *e);

/* ---- edits ---- */

void yaml_edit_bytes(struct yaml_edits *t, const struct yaml_file *f, size_t from, size_t to,
                     str text);
/* Another value in a node's place. e: yaml_extent's; another edit gives it another value. */
MUST_CHECK bool yaml_edit_value(struct yaml_edits *t, const struct yaml_node *n, str text,
                                struct err *e);
/* "key: value" behind a key of the map: in the same {}, or on a line of its own below. Lines after
 * the first bring their own indentation. */
MUST_CHECK bool yaml_edit_key(struct yaml_edits *t, const struct yaml_node *map,
                              const struct yaml_pair *behind, str key_and_value, struct err *e);
/* "- row" in front of, or behind, an item of a list that has a line for each. */
MUST_CHECK bool yaml_edit_row_before(struct yaml_edits *t, const struct yaml_node *item, str row,
                                     struct err *e);
MUST_CHECK bool yaml_edit_row_behind(struct yaml_edits *t, const struct yaml_node *item, str row,
                                     struct err *e);
/* "- row" in place of such an item, whatever lines it takes. */
MUST_CHECK bool yaml_edit_row(struct yaml_edits *t, const struct yaml_node *item, str row,
                              struct err *e);
/* Lines at the end of a file, each without its end joined by '\n'. */
void yaml_edit_append(struct yaml_edits *t, const struct yaml_file *f, str lines);

/* ---- the result ---- */

/* Files that change, in the order of their first edit. e: two edits of the same bytes. */
MUST_CHECK bool yaml_edits_apply(const struct yaml_edits *t, struct edited_file **ret,
                                 size_t *ret_n, struct err *e);
/* "--- plan.yaml\n+++ plan.yaml\n@@ -12,7 +12,7 @@\n ...": three lines of context. Empty without
 * files. Lives in a. */
str edited_files_diff(struct arena *a, const struct edited_file *files, size_t n);

#endif
