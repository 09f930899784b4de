/* explain_llm.c - an LLM line's variance: volume, mix, tokens per request, price. */
#include "app/explain_int.h"

#define MODELS_MOST 64

enum { IN, CACHE_READ, CACHE_WRITE, OUT, KINDS };
enum { F_VOLUME, F_MIX, F_TOKENS, F_PRICE, FACTORS };

struct model {
    str name;
    bool planned;
    double share[2];           /* of requests (of tokens, where requests are unknown) */
    double tokens[2][KINDS];   /* per request, or shares of the model's tokens */
    double price[2][KINDS];    /* money per token */
    double requests, count[KINDS], amount; /* what was billed */
};
struct llm {
    struct model models[MODELS_MOST];
    size_t n;
    double volume[2];
    bool by_tokens;   /* no requests in the bills */
    double untold;    /* billed without token counts */
};

static double value(const void *ctx, unsigned moved)
{
    const struct llm *l = ctx;
    double sum = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct model *m = &l->models[i];
        double each = 0;
        for (int k = 0; k < KINDS; k++)
            each += m->tokens[moved >> F_TOKENS & 1][k] * m->price[moved >> F_PRICE & 1][k];
        sum += m->share[moved >> F_MIX & 1] * each;
    }
    return l->volume[moved >> F_VOLUME & 1] * sum;
}

static const struct expanded_tokens *tokens_of(const struct explaining *x, uint32_t line)
{
    const struct expansion *b = x->t->budget;
    for (size_t i = 0; i < b->n_tokens; i++)
        if (b->tokens[i].line == line)
            return &b->tokens[i];
    return NULL;
}

/* The bill's "claude-sonnet-5-20260901" is the plan's "claude-sonnet-5". */
static struct model *model_of(struct llm *l, str name)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->models[i].name, name) ||
            (l->models[i].planned && str_starts(name, l->models[i].name)))
            return &l->models[i];
    if (l->n == MODELS_MOST)
        return &l->models[MODELS_MOST - 1];
    l->models[l->n].name = name;
    return &l->models[l->n++];
}

static void add_planned(struct explaining *x, struct llm *l, str name, uint32_t price, double share,
                        int32_t m)
{
    double p[PRICE_PARTS];
    struct model *q = model_of(l, name);
    world_price(x->world, price, m, p);
    q->planned = true;
    q->share[0] = share;
    const double parts[KINDS] = {p[PRICE_IN], p[PRICE_CACHE_READ], p[PRICE_CACHE_WRITE],
                                 p[PRICE_OUT]};
    for (int k = 0; k < KINDS; k++)
        q->price[0][k] = parts[k] / 1e6;
}

static void read_plan(struct explaining *x, struct llm *l, const struct line *line,
                      const struct expanded_tokens *t, int32_t m)
{
    const struct plan *p = x->t->plan;
    const double counts[KINDS] = {t->in[m], t->cache_read[m], t->cache_write[m], t->out[m]};
    l->volume[0] = t->requests[m];
    for (size_t i = 0; i < line->models.n; i++) {
        const struct weight *w = &line->models.items[i];
        add_planned(x, l, w->name.s, w->index, world_number_at(x->world, w->q, m, 1), m);
    }
    for (uint32_t i = 0; !line->models.n && i < p->prices.n; i++)
        if (str_eq(p->prices.items[i].model, line->model_name.s))
            add_planned(x, l, line->model_name.s, i, 1, m);
    for (size_t i = 0; i < l->n; i++)
        for (int k = 0; k < KINDS; k++)
            l->models[i].tokens[0][k] = l->volume[0] > 0 ? counts[k] / l->volume[0] : 0;
}

static void read_bills(struct explaining *x, struct llm *l, const struct tracked *item, int32_t m)
{
    const struct actuals *all = x->k->actuals;
    uint64_t requests = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct actual *b = &all->items[i];
        if (b->month != x->t->first + m || !str_eq(b->path, item->path))
            continue;
        if (!b->token_rows) {
            l->untold += dec_to_double(b->amount);
            continue;
        }
        struct model *q = model_of(l, b->model);
        q->requests += (double)b->requests;
        q->amount += dec_to_double(b->amount);
        q->count[IN] += (double)b->tokens[TOKENS_IN];
        q->count[CACHE_READ] += (double)b->tokens[TOKENS_CACHE_READ];
        q->count[CACHE_WRITE] +=
            (double)(b->tokens[TOKENS_CACHE_WRITE_5M] + b->tokens[TOKENS_CACHE_WRITE_1H]);
        q->count[OUT] += (double)b->tokens[TOKENS_OUT];
        requests += b->requests;
    }
    l->by_tokens = !requests;
}

static double all_tokens(const struct model *m)
{
    return m->count[IN] + m->count[CACHE_READ] + m->count[CACHE_WRITE] + m->count[OUT];
}

/* Where requests are unknown, a token is the unit: the plan is put in the same words. */
static void count_in_tokens(struct llm *l)
{
    double each = 0;
    for (int k = 0; k < KINDS; k++)
        each += l->models[0].tokens[0][k];
    l->volume[0] *= each;
    for (size_t i = 0; i < l->n; i++)
        for (int k = 0; k < KINDS && each > 0; k++)
            l->models[i].tokens[0][k] /= each;
}

/* The new side of every model; what a side lacks is taken from the other, so that it moves nothing. */
static void compare(struct llm *l, double budget)
{
    double all = 0, plan = 0;
    if (l->by_tokens)
        count_in_tokens(l);
    for (size_t i = 0; i < l->n; i++)
        all += l->by_tokens ? all_tokens(&l->models[i]) : l->models[i].requests;
    l->volume[1] = all;
    plan = value(l, 0);
    for (size_t i = 0; i < l->n; i++) {
        struct model *m = &l->models[i];
        double units = l->by_tokens ? all_tokens(m) : m->requests, listed = 0;
        static const double usual[KINDS] = {1, 0.1, 1.25, 5};
        m->share[1] = all > 0 ? units / all : 0;
        for (int k = 0; k < KINDS; k++) {
            /* levers and batches of the plan, as one factor on its prices */
            m->price[0][k] = m->planned ? m->price[0][k] * (plan > 0 ? budget / plan : 1)
                                        : usual[k];
            m->tokens[1][k] = units > 0 ? m->count[k] / units : m->tokens[0][k];
            listed += m->count[k] * m->price[0][k];
        }
        for (int k = 0; k < KINDS; k++) {
            m->price[1][k] = m->price[0][k] * (listed > 0 ? m->amount / listed : 1);
            if (!m->planned)
                m->price[0][k] = m->price[1][k];
            if (!m->planned)
                m->tokens[0][k] = m->tokens[1][k];
        }
    }
}

static str volume_note(struct explaining *x, const struct llm *l)
{
    return str_fmt(x->a, "%.*s %s instead of %.*s", FMT(explain_number(x->a, l->volume[1])),
                   l->by_tokens ? "tokens" : "requests",
                   FMT(explain_number(x->a, l->volume[0])));
}

bool explain_llm(struct explaining *x, const struct tracked *item, int32_t m, double actual,
                 double budget, struct month_parts *p, bool *ret, struct err *e)
{
    const struct expanded *b = &x->t->budget->lines[item->expanded];
    const struct expanded_tokens *t = tokens_of(x, b->line);
    double parts[FACTORS];
    (void)e;
    *ret = false;
    if (!t || !(t->requests[m] > 0))
        return true;
    struct llm *l = arena_new(x->a, struct llm, 1);
    read_plan(x, l, x->t->plan->lines[b->line], t, m);
    read_bills(x, l, item, m);
    if (!l->n || !(value(l, 0) > 0))
        return true;
    compare(l, budget);
    if (!(l->volume[1] > 0) && actual != 0)
        return true; /* bills without token counts tell no driver */
    variance_shapley(value, l, FACTORS, parts);
    part_add(p, S("volume"), parts[F_VOLUME], volume_note(x, l));
    part_add(p, S("mix of models"), parts[F_MIX], STR_NONE);
    part_add(p, l->by_tokens ? S("mix of tokens") : S("tokens per request"), parts[F_TOKENS],
             STR_NONE);
    part_add(p, S("price"), parts[F_PRICE], STR_NONE);
    if (l->untold != 0)
        part_add(p, S("billed without token counts"), l->untold, STR_NONE);
    *ret = true;
    return true;
}
