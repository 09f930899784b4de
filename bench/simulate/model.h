/* model.h - the benchmark model of Monte Carlo engines: 10 features x 12 months, 80 drivers.
 *
 * Lognormal tokens, requests, sessions and price multipliers, normal growth, uniform cache share,
 * triangular retries; built of the same nodes as a plan. METHODS: exact mean 337,999.757, exact
 * standard deviation 125,681.694, quantiles from two runs of 100 million trials. */
#ifndef BENCH_SIMULATE_MODEL_H
#define BENCH_SIMULATE_MODEL_H

#include "core/dist.h"
#include "core/mathfn.h"
#include "engine/program.h"

#define MODEL_FEATURES 10
#define MODEL_MONTHS 12
#define MODEL_MEAN 337999.757
#define MODEL_P50 313471.5
#define MODEL_P95 571689.0

/* Inputs stand in this order for each feature. */
enum model_driver {
    M_IN,
    M_OUT,
    M_REQUESTS,
    M_SESSIONS,
    M_PRICE,
    M_GROWTH,
    M_CACHE,
    M_RETRY,
    MODEL_DRIVERS
};

struct model {
    struct program *p;
    uint32_t total, features[MODEL_FEATURES], months[MODEL_MONTHS];
};

static inline uint64_t model_stream(struct arena *a, int f, const char *name)
{
    return stream_of(str_fmt(a, "feature-%d.%s", f, name));
}

/* The logarithm of a lognormal by its 5th and 95th percentiles. */
static inline node model_log(struct arena *a, struct program *p, int f, const char *name, double lo,
                             double hi)
{
    double mu = (math_log(lo) + math_log(hi)) / 2, sd = (math_log(hi) - math_log(lo)) / 2;
    return node_slopes(p, node_normal(p, model_stream(a, f, name)), mu, sd / DIST_Z95,
                       sd / DIST_Z95);
}

static inline void model_feature(struct arena *a, struct model *m, int f)
{
    struct program *p = m->p;
    double price_in = f % 3 == 0 ? 3.0 : f % 3 == 1 ? 0.8 : 0.15;
    node in = model_log(a, p, f, "in", 800 + 100 * f, 3000 + 200 * f);
    node out = model_log(a, p, f, "out", 150 + 20 * f, 600 + 50 * f);
    node scale = model_log(a, p, f, "requests", 1.5 + 0.1 * f, 6 + 0.2 * f);
    scale = node_add(p, scale, model_log(a, p, f, "sessions", 4 + 0.3 * f, 15 + 0.5 * f));
    scale = node_add(p, scale, model_log(a, p, f, "price", 0.8, 1.1));
    node growth =
        node_slopes(p, node_normal(p, model_stream(a, f, "growth")), 1.03 + 0.005 * f, 0.02, 0.02);
    node cache = node_uniform(p, model_stream(a, f, "cache"));
    node retry = node_triangle(p, node_uniform(p, model_stream(a, f, "retry")), 1.02, 1.10, 1.40);
    /* in x (1 - 0.9 h) P + out x 5 P, h = 0.1 + 0.5 u */
    node fresh = node_sub(p, node_const(p, 0.91), node_mul(p, cache, node_const(p, 0.45)));
    node tokens = node_add(p, node_mul(p, node_exp(p, node_add(p, scale, in)), fresh),
                           node_mul(p, node_exp(p, node_add(p, scale, out)), node_const(p, 5)));
    node cost =
        node_mul(p, node_mul(p, tokens, node_const(p, 1000 * (f + 1) * price_in / 1e6)), retry);
    for (int k = 0; k < MODEL_MONTHS; k++) {
        program_sum(p, m->months[k], cost);
        program_sum(p, m->features[f], cost);
        cost = node_mul(p, cost, growth);
    }
}

static inline struct model model_new(struct arena *a)
{
    struct model m = {.p = program_new(a)};
    for (int k = 0; k < MODEL_MONTHS; k++)
        m.months[k] = program_output(m.p);
    for (int f = 0; f < MODEL_FEATURES; f++)
        m.features[f] = program_output(m.p);
    for (int f = 0; f < MODEL_FEATURES; f++)
        model_feature(a, &m, f);
    m.total = program_output(m.p);
    for (int f = 0; f < MODEL_FEATURES; f++)
        program_sum_output(m.p, m.total, m.features[f]);
    program_finish(m.p);
    return m;
}

#endif
