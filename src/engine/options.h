/* options.h - what a plan lets one choose, and the circumstances that a choice brings about.
 *
 * Choices stand in plan order: by initiative its adoption, cuts, drop and adds, then the levers that
 * the plan does not count on. A set of choices is an array of bool, one per choice. Every proposed
 * initiative may be dropped (`ID.drop`) and every candidate adopted (`ID.adopt`), listed or not. */
#ifndef ENGINE_OPTIONS_H
#define ENGINE_OPTIONS_H

#include "engine/world.h"

enum choice_kind { CHOICE_CUT, CHOICE_ADD, CHOICE_LEVER };
const char *choice_kind_name(enum choice_kind k); /* "cut", "add", "lever" */

struct choice {
    enum choice_kind kind;
    str path;             /* "docs.sample-review", "dispatch.drop"; a lever's id */
    str text;             /* what it does, in the plan's words */
    uint32_t initiative;  /* NO_INDEX: a lever */
    uint32_t lever;       /* NO_INDEX: an option */
    enum action_kind act; /* ACTION_NONE: a lever */
    const struct plan_option *option; /* NULL: a lever, or a drop or adoption that is not listed */
};
struct choices {
    const struct plan *p;
    struct choice *items;
    size_t n;
};

/* All lives in a. */
const struct choices *choices_new(struct arena *a, const struct plan *p);
/* "dispatch.drop", "routing", "levers.routing"; NO_INDEX: none (a lever that is on already, too). */
uint32_t choices_find(const struct choices *cs, str path);

/* Which initiatives run: candidates that are adopted and all others, without what is dropped and
 * what needs something that is. */
void choices_running(struct arena *scratch, const struct choices *cs, const bool *on,
                     bool *ret_running);
/* Why these cannot be chosen together, as a sentence's end in a, or an empty str: a drop with another
 * option of that initiative, an option of work that does not run, an adoption without what it needs,
 * two delays of one initiative, two scalings of one line, two drops. */
str choices_contradiction(struct arena *a, const struct choices *cs, const bool *on);

/* Do these two exclude each other, whatever else is chosen? */
bool choices_exclude(const struct choice *x, const struct choice *y);

/* `levers`: the plan's switches to start from, or NULL. */
void choices_apply(struct arena *a, const struct choices *cs, const bool *on, const bool *levers,
                   struct circumstances *ret);

#endif
