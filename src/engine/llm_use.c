/* llm_use.c - LLM lines taken apart: requests, tokens and money by line, model and month. */
#include "engine/llm_use.h"

#include "engine/world_int.h"

struct taking {
    struct arena *a;
    const struct world *w;
    struct llm_use *items;
    size_t n, cap;
};

/* Shares of the models of a line in a month, repricing levers applied in file order. */
static void model_shares(const struct world *w, const struct line *l, int32_t m, double *shares)
{
    const struct line_levers *levers = &w->levers[l->index];
    for (size_t i = 0; i < l->models.n; i++)
        shares[l->models.items[i].index] += world_number(w, l->models.items[i].q, 1);
    for (uint32_t i = 0; i < levers->n; i++) {
        const struct lever *v = &w->p->levers.items[levers->items[i]];
        if (v->effect != LEVER_MODEL || !lever_runs(w, v, m))
            continue;
        double covers = lever_covers(w, v, m);
        for (size_t k = 0; k < w->p->prices.n; k++)
            shares[k] *= 1 - covers;
        shares[v->price] += covers;
    }
}

double llm_use_at(const struct llm_use *u, const double price[PRICE_PARTS])
{
    double sum = 0;
    for (int i = 0; i < PRICE_PARTS; i++)
        sum += u->tokens[i] * price[i];
    return sum / 1e6 * u->leaves;
}

static void fill(struct llm_use *u, const struct llm_drivers *d, int32_t m)
{
    double users = d->of[Q_USERS][m] * u->share, batch = d->of[Q_BATCH][m];
    double sessions = users * d->of[Q_SESSIONS][m];
    double requests = sessions * d->of[Q_REQUESTS][m] * (1 + d->of[Q_RETRIES][m]);
    double in = requests * d->of[Q_IN][m], out = requests * d->of[Q_OUT][m];
    double read = in * d->of[Q_CACHED][m], written = in * d->of[Q_CACHE_WRITES][m];
    double plain = in - read - written;
    u->users = users;
    u->sessions = sessions;
    u->requests = requests;
    u->batch_requests = requests * batch;
    u->tokens[PRICE_IN] = plain * (1 - batch);
    u->tokens[PRICE_BATCH_IN] = plain * batch;
    u->tokens[PRICE_CACHE_READ] = read;
    u->tokens[PRICE_CACHE_WRITE] = written;
    u->tokens[PRICE_OUT] = out * (1 - batch);
    u->tokens[PRICE_BATCH_OUT] = out * batch;
    u->cost = llm_use_at(u, u->price);
    double less_in = u->price[PRICE_IN] - u->price[PRICE_BATCH_IN];
    double less_out = u->price[PRICE_OUT] - u->price[PRICE_BATCH_OUT];
    u->batch_saves = batch * (in * less_in + out * less_out) / 1e6 * u->leaves;
    /* what is cached would pay the mix of plain and batch prices */
    double instead = u->price[PRICE_IN] - batch * less_in;
    u->cache_saves = (read * (instead - u->price[PRICE_CACHE_READ]) +
                      written * (instead - u->price[PRICE_CACHE_WRITE])) /
                     1e6 * u->leaves;
}

static void take_line(struct taking *t, const struct line *l)
{
    const struct world *w = t->w;
    int32_t first, last;
    struct llm_drivers d;
    struct line_months *before = arena_new(t->a, struct line_months, 1);
    struct line_months *after = arena_new(t->a, struct line_months, 1);
    double *shares = arena_new(t->a, double, w->p->prices.n + 1);
    world_line_span(w, l, &first, &last);
    llm_drivers(w, l, first, last, &d);
    llm_cost(w, l, first, last, before);
    world_line(w, l, after);
    for (int32_t m = MAX(first, 0); m <= last; m++) {
        for (size_t k = 0; k < w->p->prices.n; k++)
            shares[k] = 0;
        model_shares(w, l, m, shares);
        for (size_t k = 0; k < w->p->prices.n; k++) {
            if (shares[k] <= 0)
                continue;
            t->items = arena_grow(t->a, t->items, sizeof *t->items, &t->cap, t->n + 1);
            struct llm_use *u = &t->items[t->n++];
            *u = (struct llm_use){
                .line = l->index, .model = (uint32_t)k, .month = m, .share = shares[k]};
            u->leaves = before->amount[m] > 0 ? after->amount[m] / before->amount[m] : 1;
            world_price(w, u->model, m, u->price);
            fill(u, &d, m);
        }
    }
}

void llm_uses(struct arena *a, const struct world *w, struct llm_use **ret, size_t *ret_n)
{
    struct taking t = {.a = a, .w = w};
    for (size_t i = 0; i < w->p->n_lines; i++)
        if (w->p->lines[i]->kind == LINE_LLM && w->running[w->p->lines[i]->initiative])
            take_line(&t, w->p->lines[i]);
    *ret = t.items;
    *ret_n = t.n;
}
