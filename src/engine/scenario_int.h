/* scenario_int.h - private to engine/: a plan's cost and value as sums of small tables.
 *
 * Rounded amounts and savings that multiply do not add up over choices, but every line, position,
 * lever cost and benefit depends on few of them: its scope. Parts with one scope make a group, whose
 * amounts are computed by the plan's own expansion once per combination of its scope and then
 * remembered. What a set of choices costs and returns is the exact sum over groups. */
#ifndef ENGINE_SCENARIO_INT_H
#define ENGINE_SCENARIO_INT_H

#include "engine/expand_int.h"
#include "engine/options.h"
#include "engine/scenario.h"
#include "engine/value.h"

#define SET_WORDS (SCENARIO_CHOICES_MAX / 64)

/* A set of choices; the first choice is the highest bit of the first word, so that sets compare in
 * plan order. */
struct set {
    uint64_t w[SET_WORDS];
};
static inline bool set_has(const struct set *s, uint32_t i)
{
    return s->w[i / 64] >> (63 - i % 64) & 1;
}
static inline void set_add(struct set *s, uint32_t i)
{
    s->w[i / 64] |= 1ull << (63 - i % 64);
}
static inline void set_join(struct set *s, const struct set *t)
{
    for (int k = 0; k < SET_WORDS; k++)
        s->w[k] |= t->w[k];
}
static inline struct set set_both(const struct set *s, const struct set *t)
{
    struct set r;
    for (int k = 0; k < SET_WORDS; k++)
        r.w[k] = s->w[k] & t->w[k];
    return r;
}
static inline struct set set_without(const struct set *s, const struct set *t)
{
    struct set r;
    for (int k = 0; k < SET_WORDS; k++)
        r.w[k] = s->w[k] & ~t->w[k];
    return r;
}
static inline bool set_empty(const struct set *s)
{
    uint64_t any = 0;
    for (int k = 0; k < SET_WORDS; k++)
        any |= s->w[k];
    return !any;
}
static inline bool set_meets(const struct set *s, const struct set *t)
{
    struct set r = set_both(s, t);
    return !set_empty(&r);
}
static inline bool set_within(const struct set *s, const struct set *t)
{
    struct set r = set_without(s, t);
    return set_empty(&r);
}
/* > 0: s has the earlier choice where they first differ. */
static inline int set_cmp(const struct set *s, const struct set *t)
{
    for (int k = 0; k < SET_WORDS; k++)
        if (s->w[k] != t->w[k])
            return s->w[k] > t->w[k] ? 1 : -1;
    return 0;
}
static inline int32_t set_count(const struct set *s)
{
    int n = 0;
    for (int k = 0; k < SET_WORDS; k++)
        n += __builtin_popcountll(s->w[k]);
    return n;
}

struct amounts {
    int64_t value;                        /* micros */
    int64_t planned;                      /* cents, with buffers */
    int64_t category[CATEGORY_RESERVE];   /* cents, with buffers; they sum to planned */
    int64_t hires;                        /* thousandths of a person */
};
static inline void amounts_add(struct amounts *to, const struct amounts *x)
{
    to->value += x->value;
    to->planned += x->planned;
    for (int k = 0; k < CATEGORY_RESERVE; k++)
        to->category[k] += x->category[k];
    to->hires += x->hires;
}

/* If `a` is chosen, none of `not` is and, unless it is empty, one of `one_of` is. */
struct clause {
    uint32_t a;
    struct set not, one_of;
};

struct group {
    struct set scope;
    struct expand_parts parts;
    bool *lines, *positions, *contractors, *upskilling, *levers; /* what parts points to */
    const struct benefit **benefits;
    size_t n_benefits;
    uint32_t own; /* the choice whose own cost and hires these are, or NO_INDEX */
};

struct model {
    struct arena *a;
    const struct plan *p;
    const struct choices *cs;
    const bool *levers; /* switches to start from, or NULL */
    struct group *groups;
    size_t n_groups, cap_groups;
    struct clause *clauses;
    size_t n_clauses, cap_clauses;
    struct memo *memo;
    size_t n_memo, n_slots; /* slots: a power of two */
    bool failed;
    struct err e;
};

/* NULL: e says why. levers as in choices_apply. */
struct model *model_new(struct arena *a, const struct plan *p, const bool *levers, struct err *e);
/* What the group amounts to under `on`; NULL once m->failed. */
const struct amounts *model_group(struct model *m, size_t group, const struct set *on);
bool clause_holds(const struct clause *c, const struct set *on);

/* What to look for. */
struct search {
    struct set on, free; /* chosen in any case; open. All else is off. */
    int64_t most;        /* planned cents at most */
    int64_t hires;       /* thousandths at most; -1: any */
    bool bands;          /* category shares within the plan's bands */
};
struct found {
    bool feasible;
    struct set on;
    struct amounts amounts;
    int64_t gap;      /* micros: no other choice is worth more than this above it; 0: proven */
    int64_t least;    /* planned cents of the cheapest choice, bands and hires aside; -1: there is
                         none without contradiction */
    uint64_t labels;  /* partial choices looked at */
};
MUST_CHECK bool model_search(struct model *m, const struct search *s, struct found *ret,
                             struct err *e);

/* planned -> total, in cents; the largest planned whose total is at most `total`. */
int64_t total_of_planned(const struct plan *p, int64_t planned);
int64_t planned_for_total(const struct plan *p, int64_t total);
bool bands_hold(const struct plan *p, const struct amounts *x);

#endif
