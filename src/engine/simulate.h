/* simulate.h - a plan's cost as a distribution: every range, correlation and risk, in many trials.
 *
 * Each range draws from a stream of its own, keyed by seed and the value's path, so that adding a
 * line changes no other line's draws and any trial can be made again alone. The same seed gives the
 * same bytes on any machine, build and number of threads: no libm, no fused multiply-add, trials in
 * blocks of fixed size, sums in block order. Lines are simulated after levers and before buffers;
 * their total is their sum, without buffers and reserve (lever and option costs included,
 * obligations that fall short charged). docs/simulate.md has the method. */
#ifndef ENGINE_SIMULATE_H
#define ENGINE_SIMULATE_H

#include "engine/expand.h"
#include "engine/program.h"

#define SIMULATE_BLOCK BLOCK     /* 512 trials */
#define SIMULATE_ROOM BLOCK_ROOM /* from month to month */

enum simulate_points {
    POINTS_RANDOM, /* Philox4x32-10 */
    POINTS_SOBOL,  /* scrambled Sobol points: few trials, for an answer while one waits */
};

/* One block of trials as it was computed, for callers that weigh or sum trials by themselves.
 * Called from worker threads, any order of blocks, each block once.
 * amounts[i][m * SIMULATE_ROOM + k]: line i (as in simulation->point->lines) in month m and trial
 * `first + k`, k < n; after the lines the shortfalls of obligations (as in simulation->shortfalls).
 * NULL: what costs nothing. */
struct simulated_block {
    uint64_t first;
    uint32_t n;
    int worker;
    const double *const *amounts;
};
typedef void simulate_visit(void *ctx, const struct simulated_block *b);

struct simulate_options {
    uint64_t seed;    /* default 1 */
    uint64_t trials;  /* 0: 100,000 */
    int threads;      /* 0: one per processor; changes no byte */
    bool no_risks;
    enum simulate_points points;
    bool tornado;     /* fills drivers; costs one pass per range in a smaller sample */
    simulate_visit *visit; /* may be NULL */
    void *visit_ctx;
    const volatile bool *interrupted; /* may be NULL */
    void (*progress)(void *ctx, double share); /* may be NULL; from the calling thread */
    void *progress_ctx;
};

struct quantiles { /* in the plan's currency */
    double p5, p10, p25, p50, p75, p80, p90, p95, p99;
    double mean, sd;
    double se_p5, se_p50, se_p80, se_p90, se_p95, se_mean; /* sampling errors */
};

enum simulate_level {
    LEVEL_TOTAL,
    LEVEL_CATEGORY,
    LEVEL_INITIATIVE,
    LEVEL_LINE,
    LEVEL_MONTH,       /* of the total */
    LEVEL_CUMULATIVE,  /* of the total, from the plan's first month to this one */
};
struct simulated {
    enum simulate_level level;
    str path;       /* "total", "infra", "support", "support.support-chat", "2026-07" */
    uint32_t index; /* category, initiative, line of point->lines, month; 0 for the total */
    double point;   /* of the point plan, same scope */
    struct quantiles q;
};
struct simulated_buffer { /* one of the point plan's buffers, and lines without one */
    uint32_t line;       /* in point->lines */
    double buffer;       /* share of the point line; 0: none */
    double p_enough;     /* chance that the line costs at most point x (1 + buffer) */
    double needed_p80, needed_p90; /* share; NAN when the point is 0 */
};
struct simulated_driver {
    str path;     /* of the range, or "risks.ID" */
    double swing; /* how far the mean total moves between its P10 and its P90 (a risk: between not
                     happening and happening), in money, never negative */
    double low, high; /* the total's point at these two, all else at its point, without risks */
    double rank_correlation; /* with the total, over the first 8,192 trials */
};

/* Money that a lever commits to (`commits:`) and the spend it covers falls short of, charged in the
 * lever's last month. Its item has LEVEL_LINE, path "levers.ID:shortfall", index n_lines + i. */
struct simulated_shortfall {
    str path;
    uint32_t lever, initiative;
    enum category category;
    double p_short, mean; /* chance that anything is charged; mean charge */
};

struct simulation {
    const struct expansion *point; /* the point plan under the same circumstances */
    uint64_t trials, seed;
    struct simulated *items; /* by level, then plan order */
    size_t n_items;
    struct simulated_buffer *buffers;
    size_t n_buffers;
    struct simulated_driver *drivers; /* largest swing first */
    size_t n_drivers;
    struct simulated_shortfall *shortfalls;
    size_t n_shortfalls;
    double p_point;  /* share of trials whose total is at most the point lines */
    double p_budget; /* ... at most `planned`: point lines with buffers */
    const double *totals; /* per trial, in trial order */
    char sha256[65];      /* over every quantile, as 64-bit little-endian doubles */
};

/* c may be NULL. e: too many trials for memory, interrupted, or an amount that is not finite. */
MUST_CHECK bool simulate(struct arena *a, const struct plan *p, const struct circumstances *c,
                         const struct simulate_options *o, const struct simulation **ret,
                         struct err *e);

/* NULL: no such item. */
const struct simulated *simulation_find(const struct simulation *s, enum simulate_level level,
                                        uint32_t index);

#endif
