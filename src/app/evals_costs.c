/* evals_costs.c - what a prompt costs on each model: its own column, prices given, the price book. */
#include "app/evals_int.h"

#include <math.h>

/* "MODEL=VALUE" of a list, the last one; STR_NONE when there is none. */
static str given_for(const struct names *list, str model)
{
    for (size_t i = list->n; i-- > 0;) {
        str value = list->items[i], name;
        if (str_cut(&value, '=', &name) && str_eq(name, model))
            return value;
    }
    return STR_NONE;
}

static bool read_amount(str s, double *ret)
{
    dec v;
    enum dec_parse p = dec_parse_loose(str_trim(s), &v);
    if ((p != DEC_OK && p != DEC_ROUNDED) || v < 0)
        return false;
    *ret = dec_to_double(v);
    return true;
}

static bool read_pair(str s, double *ret_in, double *ret_out)
{
    str in;
    return str_cut(&s, '/', &in) && read_amount(in, ret_in) && read_amount(s, ret_out);
}

static bool known_models(const struct names *list, const struct eval_columns *c, const char *option,
                         const char *shape, struct err *e)
{
    for (size_t i = 0; i < list->n; i++) {
        str value = list->items[i], name;
        bool known = false;
        if (str_find_char(value, '=', 0) == SIZE_MAX || !str_cut(&value, '=', &name))
            return err_set(e, ERR_USAGE, "--%s: '%.*s' is not %s", option, FMT(list->items[i]),
                           shape);
        for (size_t m = 0; m < c->n_models; m++)
            known = known || str_eq(c->models[m].name, name);
        if (!known)
            return err_set(e, ERR_USAGE, "--%s: there is no model '%.*s' in the file", option,
                           FMT(name));
    }
    return true;
}

static bool from_book(struct workspace *w, const struct evals_request *q, str model,
                      struct model_cost *ret, currency *ret_currency, struct err *e)
{
    enum price_match match;
    if (!workspace_prices(w, e))
        return false;
    struct price_query query = {.model = model, .on = q->on};
    const struct price *p = price_find(w->prices, &query, &match);
    if (!p || dec_is_null(p->in) || dec_is_null(p->out)) {
        err_set(e, ERR_INVALID, "no price is known for model '%.*s'", FMT(model));
        return err_hint(e, "Give one per million tokens with --price %.*s=IN/OUT, one for both "
                           "with --cost %.*s=PRICE, or a column cost_%.*s.",
                        FMT(model), FMT(model), FMT(model));
    }
    *ret = (struct model_cost){COST_PRICES, dec_to_double(p->in), dec_to_double(p->out),
                               str_fmt(w->arena, "price book, %.*s", FMT(p->id))};
    *ret_currency = p->currency;
    return true;
}

static bool cost_of_model(struct workspace *w, const struct evals_request *q,
                          const struct model_columns *m, struct model_cost *ret,
                          currency *ret_currency, struct err *e)
{
    str pair = given_for(&q->prices, m->name), flat = given_for(&q->costs, m->name);
    *ret_currency = w->settings.currency;
    if (flat.n) {
        *ret = (struct model_cost){.kind = COST_FLAT, .note = str_fmt(w->arena, "--cost %.*s", FMT(flat))};
        if (read_amount(flat, &ret->in)) {
            ret->out = ret->in;
            return true;
        }
        return err_set(e, ERR_USAGE, "--cost: '%.*s' is not a price", FMT(flat));
    }
    if (pair.n) {
        *ret = (struct model_cost){.kind = COST_PRICES,
                                   .note = str_fmt(w->arena, "--price %.*s", FMT(pair))};
        if (read_pair(pair, &ret->in, &ret->out))
            return true;
        return err_set(e, ERR_USAGE, "--price: '%.*s' is not IN/OUT, two prices per million tokens",
                       FMT(pair));
    }
    if (m->cost != NO_COLUMN) {
        *ret = (struct model_cost){.kind = COST_COLUMN, .note = str_fmt(w->arena, "column cost_%.*s", FMT(m->name))};
        return true;
    }
    return from_book(w, q, m->name, ret, ret_currency, e);
}

static bool has_tokens(const struct eval_columns *c, const struct model_columns *m, double in)
{
    return !isnan(in) || ((c->in != NO_COLUMN || m->in != NO_COLUMN) &&
                          (c->out != NO_COLUMN || m->out != NO_COLUMN));
}

/* Prices need tokens; flat prices alone still compare. */
static bool check_tokens(const struct eval_columns *c, struct cost_plan *p, struct err *e)
{
    size_t flat = 0, lacking = 0;
    for (size_t i = 0; i < c->n_models; i++) {
        bool tokens = has_tokens(c, &c->models[i], p->in);
        flat += p->models[i].kind == COST_FLAT && !tokens;
        lacking += p->models[i].kind == COST_PRICES && !tokens;
    }
    p->relative = flat == c->n_models;
    if (!lacking && (p->relative || !flat))
        return true;
    err_set(e, ERR_INVALID, "there are prices, but no columns in_tok and out_tok to multiply");
    return err_hint(e, "Give the tokens of a typical prompt with --tokens IN/OUT, or compare by "
                       "flat prices: --cost MODEL=PRICE for every model.");
}

bool eval_costs(struct workspace *w, const struct evals_request *q, const struct eval_columns *c,
                struct cost_plan *ret, struct err *e)
{
    struct cost_plan p = {.models = arena_new(w->arena, struct model_cost, c->n_models),
                          .in = NAN, .out = NAN};
    if (!known_models(&q->prices, c, "price", "MODEL=IN/OUT", e) ||
        !known_models(&q->costs, c, "cost", "MODEL=PRICE", e))
        return false;
    if (q->tokens.n && !read_pair(q->tokens, &p.in, &p.out))
        return err_set(e, ERR_USAGE, "--tokens: '%.*s' is not IN/OUT, two counts of tokens",
                       FMT(q->tokens));
    for (size_t i = 0; i < c->n_models; i++) {
        currency of;
        if (!cost_of_model(w, q, &c->models[i], &p.models[i], &of, e))
            return false;
        if (i && !currency_eq(of, p.currency)) {
            err_set(e, ERR_INVALID, "prices are in %s and in %s", p.currency.code, of.code);
            return err_hint(e, "Give prices of one currency with --price MODEL=IN/OUT.");
        }
        p.currency = of;
    }
    if (!check_tokens(c, &p, e))
        return false;
    *ret = p;
    return true;
}
