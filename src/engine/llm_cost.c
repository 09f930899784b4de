/* llm_cost.c - an LLM line: drivers, volume, tokens in disjoint buckets, price. */
#include "core/mathfn.h"
#include "engine/world_int.h"

static const enum line_quantity KEYS[] = {Q_USERS, Q_SESSIONS, Q_REQUESTS,     Q_RETRIES, Q_IN,
                                          Q_OUT,   Q_CACHED,   Q_CACHE_WRITES, Q_BATCH};

void llm_drivers(const struct world *w, const struct line *l, int32_t first, int32_t last,
                 struct llm_drivers *d)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (l->q[KEYS[i]])
            world_value(w, l->q[KEYS[i]], 0, w->n, d->of[KEYS[i]]);
        else
            memset(d->of[KEYS[i]], 0, sizeof d->of[0]);
    }
    if (l->q[Q_GROWTH]) {
        double growth = 1 + world_number(w, l->q[Q_GROWTH], 0);
        for (int32_t m = first; m <= last; m++)
            d->of[Q_USERS][m] *= math_pow(growth, m - first);
    }
    const struct line_levers *levers = &w->levers[l->index];
    for (uint32_t i = 0; i < levers->n; i++) {
        const struct lever *v = &w->p->levers.items[levers->items[i]];
        if (v->driver == LINE_QUANTITIES)
            continue;
        for (int32_t m = first; m <= last; m++)
            d->of[v->driver][m] *= lever_leaves(w, v, m);
    }
}

/* Money of one request on a model. The batch share pays batch prices where others pay plain ones.
 */
static double per_request(const struct world *w, uint32_t model, const struct llm_drivers *d,
                          int32_t m)
{
    double p[PRICE_PARTS];
    double cached = d->of[Q_CACHED][m], written = d->of[Q_CACHE_WRITES][m],
           batch = d->of[Q_BATCH][m];
    world_price(w, model, m, p);
    double in = (1 - batch) * p[PRICE_IN] + batch * p[PRICE_BATCH_IN];
    double out = (1 - batch) * p[PRICE_OUT] + batch * p[PRICE_BATCH_OUT];
    double input =
        (1 - cached - written) * in + cached * p[PRICE_CACHE_READ] + written * p[PRICE_CACHE_WRITE];
    return (d->of[Q_IN][m] * input + d->of[Q_OUT][m] * out) / 1e6;
}

static void count_tokens(const struct llm_drivers *d, int32_t m, struct line_months *r)
{
    double volume =
        d->of[Q_USERS][m] * d->of[Q_SESSIONS][m] * d->of[Q_REQUESTS][m] * (1 + d->of[Q_RETRIES][m]);
    double in = volume * d->of[Q_IN][m];
    r->requests[m] = volume;
    r->batch_requests[m] = volume * d->of[Q_BATCH][m];
    r->cache_read[m] = in * d->of[Q_CACHED][m];
    r->cache_write[m] = in * d->of[Q_CACHE_WRITES][m];
    r->in[m] = in - r->cache_read[m] - r->cache_write[m];
    r->out[m] = volume * d->of[Q_OUT][m];
}

void llm_cost(const struct world *w, const struct line *l, int32_t first, int32_t last,
              struct line_months *ret)
{
    struct llm_drivers d;
    double shares[16];
    const struct line_levers *levers = &w->levers[l->index];
    llm_drivers(w, l, first, last, &d);
    for (size_t i = 0; i < MIN(l->models.n, ARRAY_LEN(shares)); i++)
        shares[i] = world_number(w, l->models.items[i].q, 1);
    for (int32_t m = first; m <= last; m++) {
        count_tokens(&d, m, ret);
        double each = 0;
        for (size_t i = 0; i < l->models.n; i++)
            each += (i < ARRAY_LEN(shares) ? shares[i] : world_number(w, l->models.items[i].q, 1)) *
                    per_request(w, l->models.items[i].index, &d, m);
        for (uint32_t i = 0; i < levers->n; i++) { /* repricing, in file order */
            const struct lever *v = &w->p->levers.items[levers->items[i]];
            if (v->effect != LEVER_MODEL || !lever_runs(w, v, m))
                continue;
            double covers = lever_covers(w, v, m);
            each = (1 - covers) * each + covers * per_request(w, v->price, &d, m);
        }
        ret->amount[m] = ret->requests[m] * each;
    }
}
