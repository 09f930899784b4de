/* route_check.c - a policy read back and measured on samples. */
#include "app/route_check.h"

#include <math.h>

#include "base/json_read.h"
#include "base/limits.h"
#include "base/os.h"

struct checking {
    struct arena *a;
    str file;
    const struct evals *v;
    struct route_check *r;
    struct err *e;
};

static bool fault(struct checking *x, const struct json *at, const char *what)
{
    err_set(x->e, ERR_INVALID, "%.*s:%u: %s", FMT(x->file), at ? at->line : 1, what);
    return err_hint(x->e, "A policy is what 'outlay route EVALS --format json -o FILE' writes.");
}

static bool model_at(struct checking *x, const struct json *name, uint32_t *ret)
{
    const struct routing_evals *v = &x->v->v;
    for (uint32_t m = 0; m < v->n_models; m++)
        if (str_eq(v->models[m], json_text(name))) {
            *ret = m;
            return true;
        }
    err_set(x->e, ERR_INVALID, "%.*s:%u: '%.*s' has no quality of '%.*s'", FMT(x->file),
            name ? name->line : 1, FMT(x->v->name), FMT(json_text(name)));
    return err_hint(x->e, "Samples need a column quality_MODEL for the reference and each model "
                          "that the policy names; cascades cannot be sampled this way.");
}

static bool number_of(struct checking *x, const struct json *v, double otherwise, double *ret)
{
    *ret = otherwise;
    return json_is_null(v) || str_to_double(json_text(v), ret) || fault(x, v, "is not a number");
}

static bool read_route(struct checking *x, const struct json *row, struct checked_route *to)
{
    const struct json *other = json_get(row, "otherwise");
    *to = (struct checked_route){.class_name = json_text(json_get(row, "class")),
                                 .otherwise = x->r->reference};
    return (to->class_name.n || fault(x, row, "a row of the policy names no class")) &&
           model_at(x, json_get(row, "model"), &to->model) &&
           (json_is_null(other) || model_at(x, other, &to->otherwise)) &&
           number_of(x, json_get(row, "score_from"), -INFINITY, &to->from) &&
           number_of(x, json_get(row, "score_to"), INFINITY, &to->to) &&
           number_of(x, json_get(row, "part"), 1, &to->part) &&
           ((to->part >= 0 && to->part <= 1) || fault(x, row, "'part' is not between 0 and 1")) &&
           (x->v->v.score || (!isfinite(to->from) && !isfinite(to->to)) ||
            fault(x, row, "the policy goes by a score, which the samples do not have"));
}

static bool read_policy(struct checking *x, const struct json *doc)
{
    const struct json *rows = json_path(doc, "tables.policy");
    const struct json *names = json_path(doc, "tables.models");
    struct route_check *r = x->r;
    bool found = false;
    if (!str_eq(json_text(json_get(doc, "report")), S("route")) || !rows || !names)
        return fault(x, doc, "is no report of routing");
    for (size_t i = 0; i < names->n; i++)
        if (str_eq(json_text(json_get(&names->items[i], "role")), S("reference")))
            found = model_at(x, json_get(&names->items[i], "model"), &r->reference);
    if (!found)
        return x->e->kind ? false : fault(x, names, "names no reference");
    if (!number_of(x, json_path(doc, "figures.tolerance"), NAN, &r->tolerance) ||
        !number_of(x, json_path(doc, "figures.confidence"), 0.95, &r->confidence))
        return false;
    r->routes = arena_new(x->a, struct checked_route, rows->n + 1);
    for (; r->n < rows->n; r->n++)
        if (!read_route(x, &rows->items[r->n], &r->routes[r->n]))
            return false;
    return true;
}

static struct checked_route *route_of(const struct checking *x, size_t row)
{
    const struct routing_evals *v = &x->v->v;
    for (size_t i = 0; i < x->r->n; i++) {
        struct checked_route *p = &x->r->routes[i];
        double score = v->score ? v->score[row] : 0;
        if (str_eq(p->class_name, v->classes[v->class_of[row]]) && score >= p->from &&
            score < p->to)
            return p;
    }
    return NULL;
}

static void add(struct routing_sums *s, double loss)
{
    s->n++;
    s->plus += loss > 0 ? loss : 0;
    s->minus += loss < 0 ? -loss : 0;
    s->squares += loss * loss;
}

static void measure(struct checking *x)
{
    const struct routing_evals *v = &x->v->v;
    struct route_check *r = x->r;
    for (size_t i = 0; i < v->n; i++) {
        const double *q = v->quality + i * v->n_models, *c = v->cost + i * v->n_models;
        struct checked_route *p = route_of(x, i);
        double loss = 0, cost = c[r->reference];
        if (p) {
            loss = q[r->reference] - p->part * q[p->model] - (1 - p->part) * q[p->otherwise];
            cost = p->part * c[p->model] + (1 - p->part) * c[p->otherwise];
            add(&p->sums, loss);
            p->cost += cost;
            p->reference_cost += c[r->reference];
        } else {
            r->unrouted++;
        }
        add(&r->sums, loss);
        r->cost += cost;
        r->reference_cost += c[r->reference];
    }
}

bool route_check(struct arena *a, str policy, const struct evals *v, struct route_check *ret,
                 struct err *e)
{
    struct checking x = {.a = a, .file = policy, .v = v, .r = ret, .e = e};
    const struct json *doc;
    str text;
    *ret = (struct route_check){.tolerance = NAN};
    e->kind = ERR_NONE;
    if (!file_read(a, policy, LIMIT_SMALL_FILE, &text, e))
        return false;
    if (!json_parse(a, text, &doc, e))
        return err_wrap(e, "%.*s", FMT(policy));
    if (!read_policy(&x, doc))
        return false;
    measure(&x);
    return true;
}
