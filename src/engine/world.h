/* world.h - a plan under given circumstances: which levers, initiatives, delays, changes, draws.
 *
 * Three steps stay apart: plan/ parses and checks; world_new prepares one combination of
 * circumstances (what a scenario or a simulation changes); the functions below compute months from
 * it. A world is cheap: it points into the plan and holds the drivers' months and, per line, which
 * levers reach it. Months are counted from the plan's first month; amounts are double in the plan's
 * currency, neither rounded nor buffered. Nothing here reads files, clock or locale. */
#ifndef ENGINE_WORLD_H
#define ENGINE_WORLD_H

#include "base/arena.h"
#include "plan/plan.h"

/* One change of a value or line from a month on. */
struct change {
    enum { CHANGE_SCALE_VALUE, CHANGE_SET_VALUE, CHANGE_SCALE_LINE } kind;
    uint32_t index; /* in plan->quantities or plan->lines */
    double by;      /* factor, or the value that stands instead (CHANGE_SET_VALUE) */
    month from;     /* MONTH_NONE: always */
};
/* Positions that an option adds. */
struct extra_hire {
    str path; /* the option's */
    uint32_t role, initiative;
    double count;
    month from;
};
/* What an option costs by itself, in the plan's first month. */
struct option_cost {
    str path; /* the option's */
    uint32_t initiative;
    enum category category;
    const struct quantity *cost;
};
/* All NULL and 0 is the plan itself. */
struct circumstances {
    const bool *levers;   /* per lever; NULL: as `use` says */
    const bool *running;  /* per initiative; NULL: all but candidates */
    const int32_t *delay; /* months per initiative; NULL: none */
    int32_t delay_hires;  /* months, of every hire */
    const struct change *changes;
    size_t n_changes;
    const struct extra_hire *hires;
    size_t n_hires;
    const struct option_cost *option_costs;
    size_t n_option_costs;
    const double *benefits; /* factor per initiative: what options gain and lose; NULL: 1 */
    const double *z; /* per quantity: its normal score; NULL: every range at its point */
};

struct line_levers {
    const uint32_t *items; /* levers that are on and reach this line, in file order */
    uint32_t n;
};

struct world {
    const struct plan *p;
    struct circumstances c;
    int32_t n;         /* months of the plan */
    int32_t n_horizon; /* months until the horizon */
    bool *lever_on, *running;
    struct line_levers *levers; /* per line */
    double *drivers;            /* drivers.n x n_horizon */
    uint32_t *change_of;        /* per quantity: first change + 1, or 0; NULL without changes */
};

struct world *world_new(struct arena *a, const struct plan *p, const struct circumstances *c);

/* The months [0, n) of a value: ranges, curve, schedule, formula, currency and changes applied, but
 * not growth. `/yr` is divided by 12; ` once` and schedules stand in their own months only (once:
 * in month `once`). */
void world_value(const struct world *w, const struct quantity *q, month once, int32_t n,
                 double *out);
/* One number that has no months: a share, a salary, a rate. A NULL quantity gives `otherwise`. */
double world_number(const struct world *w, const struct quantity *q, double otherwise);
/* The same in a given month, for values that changes may reach from a month on. */
double world_number_at(const struct world *w, const struct quantity *q, int32_t m,
                       double otherwise);

/* The price of a model in month m; a missing cache or batch price falls back to the plain one. */
void world_price(const struct world *w, uint32_t model, int32_t m, double ret[PRICE_PARTS]);
/* The same of one dated entry, in force or not. */
void world_entry_price(const struct world *w, const struct price_entry *x, int32_t m,
                       double ret[PRICE_PARTS]);

/* The first and last month of a line, delays counted; empty when last < first. */
void world_line_span(const struct world *w, const struct line *l, int32_t *ret_first,
                     int32_t *ret_last);

struct line_months {
    double amount[PLAN_MONTHS_MAX];
    /* LLM lines: after driver levers, before savings on the line; disjoint */
    double requests[PLAN_MONTHS_MAX], batch_requests[PLAN_MONTHS_MAX];
    double in[PLAN_MONTHS_MAX], cache_read[PLAN_MONTHS_MAX], cache_write[PLAN_MONTHS_MAX];
    double out[PLAN_MONTHS_MAX];
};
/* The months of a line with its levers. */
void world_line(const struct world *w, const struct line *l, struct line_months *ret);
void llm_cost(const struct world *w, const struct line *l, int32_t first, int32_t last,
              struct line_months *ret);

/* Share of a line or driver that a saving leaves in month m: 1 - covers x saves while it runs. */
double lever_leaves(const struct world *w, const struct lever *v, int32_t m);
bool lever_runs(const struct world *w, const struct lever *v, int32_t m);
double lever_covers(const struct world *w, const struct lever *v, int32_t m);

/* People. False: not in this world. `hire` may be NULL; *ret_hire_month is -1 without a hire. */
bool world_position(const struct world *w, uint32_t position, double *amount, double *heads,
                    double *ret_hire, int32_t *ret_hire_month);
bool world_contractor(const struct world *w, uint32_t contractor, double *amount);
bool world_upskilling(const struct world *w, uint32_t upskilling, double *amount);
void world_extra_hire(const struct world *w, const struct extra_hire *h, double *amount,
                      double *heads, double *ret_hire, int32_t *ret_hire_month);
/* The one initiative that works_on names, or NO_INDEX. */
uint32_t weights_single(const struct weights *works_on);
/* Does it work on nothing that runs? Never for an empty works_on. */
bool weights_idle(const struct world *w, const struct weights *works_on);

/* Are they paid in this world at all? Work in part still running is enough, and so is being here
 * already (positions). */
bool world_has_position(const struct world *w, uint32_t position);
/* How many people a position hires inside the plan; contractors in its place are not hired. */
double world_hired(const struct world *w, uint32_t position);

/* Benefits of one entry in months [0, n_horizon). */
void world_benefit(const struct world *w, const struct benefit *b, double *out);

/* Faults of formulas that only computing shows: division by zero, negative values. */
void world_check(struct arena *a, const struct plan *p, struct diags *d);

#endif
