/* scenario.h - which options to choose for a target: the choice worth most, proven, and explained.
 *
 * Options and levers act on the plan's own arithmetic, so the answer is that of trying every
 * combination through expand() and value_of(). docs/scenarios.md says what each word means. Ties go to
 * fewer choices, then to what stands first in the plan. */
#ifndef ENGINE_SCENARIO_H
#define ENGINE_SCENARIO_H

#include "core/dec.h"
#include "engine/options.h"
#include "engine/value.h"

#define SCENARIO_CHOICES_MAX 256

/* What a scenario asks for. */
struct scenario_ask {
    str name;
    bool has_target;
    dec change; /* of the base total: -0.2 */
    bool cuts, adds, levers, bands;
    int64_t hires;           /* at most; -1: any */
    const str *never, *take; /* paths */
    size_t n_never, n_take;
};

/* One choice, against the same scenario without it (and without what hangs on it). */
struct scenario_choice {
    uint32_t choice;
    money frees;        /* total saved; negative: it costs */
    money value_change; /* of the plan's value */
    double price;       /* value lost per unit of money freed, or gained per unit spent; NAN: neither */
    const money *frees_monthly;   /* n_months, of lines and buffers */
    money frees_in[CATEGORY_RESERVE]; /* of lines and buffers, by category */
};
/* What a demand of the scenario costs: the value lost because of it. */
struct scenario_pin {
    enum { PIN_NEVER, PIN_TAKE, PIN_HIRES, PIN_BANDS, PIN_MAY } kind;
    str path;        /* option; "cuts", "adds" or "levers" for PIN_MAY */
    bool feasible;   /* without this demand */
    money value;     /* gained without it; meaningful when both are feasible */
    money short_by;  /* what the target is missed by without it */
};
struct scenario_miss { /* an option that was not chosen */
    uint32_t choice;
    money value; /* lost if it had to be chosen */
};

struct scenario_result {
    str name;
    const struct plan *plan;
    const struct choices *choices;
    bool *on;
    bool feasible;
    str contradiction; /* of what must be taken; else empty */
    bool has_target;
    money target, total, value; /* rounded to the cent; of the cheapest choice when infeasible */
    money base_total, base_value;
    money gap;         /* zero: proven to be the best */
    money short_by;    /* infeasible: what the cheapest choice is above the target */
    struct circumstances circumstances;
    const struct world *world;
    const struct expansion *x;
    struct plan_value worth;
    struct scenario_choice *chosen; /* in plan order */
    size_t n_chosen;
    struct scenario_pin *pins;
    size_t n_pins;
    struct scenario_miss *misses; /* nearest first */
    size_t n_misses;
};

struct scenarios; /* a plan, ready to be asked */
/* NULL: e says why. Lives in a. */
struct scenarios *scenarios_new(struct arena *a, const struct plan *p, struct err *e);

void scenario_ask_of(struct arena *a, const struct plan *p, const struct scenario *s,
                     struct scenario_ask *ret);

/* explain: also pins, misses and what each choice does; without it only the choice itself. */
MUST_CHECK bool scenario_solve(struct scenarios *s, const struct scenario_ask *ask, bool explain,
                               struct scenario_result *ret, struct err *e);
/* A given set of choices instead of the best one. e: they contradict each other. */
MUST_CHECK bool scenario_of(struct scenarios *s, str name, const bool *on,
                            struct scenario_result *ret, struct err *e);

/* People and work that a scenario sets free. */
struct scenario_free {
    uint32_t position;
    double heads, share; /* share of their work that stops */
};
/* Positions already here whose work stops, in plan order; lives in a. */
size_t scenario_redeploy(struct arena *a, const struct scenario_result *r,
                         struct scenario_free **ret);

#endif
