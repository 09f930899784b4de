/* tags.h - tags of a row in one normal form: a flat JSON object, keys sorted, every value text.
 *
 * {"env":"prod","team":"search"}: no blanks, keys bytewise sorted, numbers and booleans as text,
 * null as "". Bills write tags as JSON, with or without braces (Azure), or as a column each (AWS).
 * */
#ifndef INGEST_TAGS_H
#define INGEST_TAGS_H

#include "base/arena.h"
#include "base/str.h"

#define TAGS_MOST 256 /* tags of one row */

struct tag_set {
    struct tag {
        str key, value; /* unescaped */
    } items[TAGS_MOST];
    size_t n;
};

/* A key without a leading `prefix` and the ':' or '_' behind it: "user:team" and "user_team" are
 * "team" with prefix "user". */
str tag_key(str key, str prefix);
/* Adds the tags of a cell, keys as tag_key gives them. Unescaped text lives in a. False when the
 * text is no flat object of scalars, names a key twice or has too many. */
MUST_CHECK bool tags_parse(struct tag_set *set, str text, str key_prefix, struct arena *a);
MUST_CHECK bool tags_add(struct tag_set *set, str key, str value);
/* The normal form; empty for no tags. Sorts the set. False when a key is there twice. */
MUST_CHECK bool tags_write(struct tag_set *set, struct arena *a, str *ret);
/* Whether text is exactly what tags_write would make of it; errs on the side of no. */
bool tags_is_normal(str text);
/* tags_parse and tags_write in one; text that already is in normal form is returned as it is. */
MUST_CHECK bool tags_normal(str text, str key_prefix, struct tag_set *set, struct arena *a,
                            str *ret);

#endif
