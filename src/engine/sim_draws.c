/* sim_draws.c - a normal score for each range of a plan; `together` as a Gaussian copula. */
#include <math.h>

#include "base/map.h"
#include "engine/sim_int.h"

/* Variables of each `together` entry, without repetition. */
struct group {
    uint32_t *members;
    size_t n, cap;
    double r; /* correlation of the scores */
    bool done;
};

struct draws {
    struct arena *a;
    struct program *prog;
    const struct plan *p;
    struct variables *v;
    uint32_t *variable_of; /* per quantity; NO_INDEX */
    struct group *groups;
    struct err *e;
};

/* Keys with ranges, one variable for each path: dated prices of a model are one key. */
static void list_variables(struct draws *d)
{
    struct map seen;
    map_init(&seen, d->a);
    for (size_t i = 0; i < d->p->n_quantities; i++) {
        const struct quantity *q = d->p->quantities[i];
        d->variable_of[i] = NO_INDEX;
        if (!q->ranged)
            continue;
        bool fresh;
        struct map_entry *at = map_put(&seen, q->path, &fresh);
        if (fresh) {
            d->v->items =
                arena_grow(d->a, d->v->items, sizeof *d->v->items, &d->v->cap, d->v->n + 1);
            d->v->items[d->v->n] = (struct variable){.path = q->path};
            at->num = (int64_t)d->v->n++;
        }
        d->variable_of[i] = (uint32_t)at->num;
    }
}

static bool matches(const struct plan *p, str pattern, str path)
{
    if (str_eq(pattern, path))
        return true;
    if (str_starts(path, pattern) && path.n > pattern.n && path.p[pattern.n] == '.')
        return true;
    if (!str_starts(pattern, S("llm.")))
        return false;
    for (size_t i = 0; i < p->n_lines; i++) /* that driver of every LLM line */
        if (p->lines[i]->kind == LINE_LLM && str_starts(path, p->lines[i]->path) &&
            str_eq(str_sub(path, p->lines[i]->path.n, path.n), str_sub(pattern, 3, pattern.n)))
            return true;
    return false;
}

/* The correlation of normal scores whose ranks correlate by rho: 2 sin(pi rho / 6). */
static double score_correlation(double rho)
{
    double x = rho * 0.52359877559829887308, square = x * x, term = x, total = 0;
    for (int k = 1; k < 24; k += 2) {
        total += term;
        term *= -square / ((k + 1) * (k + 2));
    }
    return MAX(-1.0, MIN(1.0, 2 * total));
}

static void fill_group(struct draws *d, struct group *g, const struct together *t)
{
    bool *in = arena_new(d->a, bool, d->v->n + 1);
    for (size_t k = 0; k < t->of.n; k++)
        for (uint32_t i = 0; i < d->v->n; i++)
            in[i] = in[i] || matches(d->p, t->of.items[k].s, d->v->items[i].path);
    for (uint32_t i = 0; i < d->v->n; i++) {
        if (!in[i])
            continue;
        g->members = arena_grow(d->a, g->members, sizeof *g->members, &g->cap, g->n + 1);
        g->members[g->n++] = i;
    }
    g->r = score_correlation(t->by);
}

static bool overlap(const struct group *x, const struct group *y)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n; k++)
            if (x->members[i] == y->members[k])
                return true;
    return false;
}

static node own(struct draws *d, uint32_t variable)
{
    return node_normal(d->prog, stream_of(d->v->items[variable].path));
}

static node weighed(struct draws *d, node n, double by)
{
    return node_mul(d->prog, n, node_const(d->prog, by));
}

/* A group that shares no key with another, rho >= 0: one common factor, so that another key in the
 * group moves no draws of the others. */
static void common_factor(struct draws *d, const struct group *g, const struct together *t)
{
    str name = S("together");
    for (size_t k = 0; k < t->of.n; k++)
        name = str_fmt(d->a, "%.*s %.*s", FMT(name), FMT(t->of.items[k].s));
    node f = weighed(d, node_normal(d->prog, stream_of(name)), sqrt(g->r));
    for (size_t i = 0; i < g->n; i++) {
        struct variable *v = &d->v->items[g->members[i]];
        v->z = node_add(d->prog, f, weighed(d, own(d, g->members[i]), sqrt(1 - g->r)));
    }
}

/* L with L L' = the matrix, in place below the diagonal; false: it is not positive definite. */
static bool cholesky(double *m, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double s = m[j * n + j];
        for (size_t k = 0; k < j; k++)
            s -= m[j * n + k] * m[j * n + k];
        if (!(s > 1e-10))
            return false;
        m[j * n + j] = sqrt(s);
        for (size_t i = j + 1; i < n; i++) {
            double x = m[i * n + j];
            for (size_t k = 0; k < j; k++)
                x -= m[i * n + k] * m[j * n + k];
            m[i * n + j] = x / m[j * n + j];
        }
    }
    return true;
}

/* The correlations of a set of groups, each times `by`; the last entry that names a pair counts. */
static void correlations(const struct draws *d, const bool *in, const uint32_t *row, size_t n,
                         double by, double *m)
{
    for (size_t i = 0; i < n * n; i++)
        m[i] = i % (n + 1) == 0;
    for (size_t g = 0; g < d->p->together.n; g++)
        for (size_t i = 0; in[g] && i < d->groups[g].n; i++)
            for (size_t k = 0; k < d->groups[g].n; k++)
                if (i != k)
                    m[(size_t)row[d->groups[g].members[i]] * n + row[d->groups[g].members[k]]] =
                        d->groups[g].r * by;
}

static bool contradictory(struct draws *d, const bool *in, const uint32_t *row, size_t n, double *m)
{
    double lo = 0, hi = 1;
    size_t first = 0;
    while (!in[first])
        first++;
    for (int i = 0; i < 30; i++) {
        double mid = (lo + hi) / 2;
        correlations(d, in, row, n, mid, m);
        if (cholesky(m, n))
            lo = mid;
        else
            hi = mid;
    }
    const struct yaml_node *at = d->p->together.items[first].at;
    str lines = S("");
    for (size_t g = first; g < d->p->together.n; g++)
        if (in[g])
            lines = str_fmt(d->a, "%.*s%s%u", FMT(lines), lines.n ? ", " : "",
                            d->p->together.items[g].at->line);
    (void)err_set(d->e, ERR_INVALID,
                  "%.*s:%u:%u: these correlations contradict one another: no %zu values can move "
                  "together like that",
                  FMT(at->file->path), at->line, at->column, n);
    err_hint(d->e, "They are said at line %.*s; at %d %% of their size they would fit.", FMT(lines),
             (int)(lo * 100));
    return false;
}

/* Groups that share keys, or move against each other: the whole matrix. */
static bool whole_matrix(struct draws *d, const bool *in)
{
    size_t n = 0;
    uint32_t *row = arena_new(d->a, uint32_t, d->v->n + 1);
    uint32_t *of = arena_new(d->a, uint32_t, d->v->n + 1);
    for (uint32_t i = 0; i < d->v->n; i++) {
        bool member = false;
        for (size_t g = 0; g < d->p->together.n; g++)
            for (size_t k = 0; in[g] && k < d->groups[g].n; k++)
                member = member || d->groups[g].members[k] == i;
        row[i] = (uint32_t)n;
        if (member)
            of[n++] = i;
    }
    double *m = arena_new(d->a, double, n *n + 1);
    correlations(d, in, row, n, 1, m);
    if (!cholesky(m, n))
        return contradictory(d, in, row, n, m);
    for (size_t i = 0; i < n; i++) {
        node z = weighed(d, own(d, of[0]), m[i * n]);
        for (size_t k = 1; k <= i; k++)
            z = node_add(d->prog, z, weighed(d, own(d, of[k]), m[i * n + k]));
        d->v->items[of[i]].z = z;
    }
    return true;
}

static bool correlate(struct draws *d)
{
    size_t n = d->p->together.n;
    bool *in = arena_new(d->a, bool, n + 1);
    d->groups = arena_new(d->a, struct group, n + 1);
    for (size_t i = 0; i < n; i++)
        fill_group(d, &d->groups[i], &d->p->together.items[i]);
    for (size_t i = 0; i < n; i++) {
        size_t together = 1;
        if (d->groups[i].done || d->groups[i].n < 2)
            continue;
        memset(in, 0, n * sizeof *in);
        in[i] = true;
        for (bool more = true; more;) { /* all that hang together */
            more = false;
            for (size_t k = 0; k < n; k++)
                for (size_t g = 0; g < n && !in[k]; g++)
                    if (in[g] && overlap(&d->groups[g], &d->groups[k])) {
                        in[k] = more = true;
                        together++;
                    }
        }
        for (size_t k = 0; k < n; k++)
            d->groups[k].done = d->groups[k].done || in[k];
        if (together == 1 && d->groups[i].r >= 0)
            common_factor(d, &d->groups[i], &d->p->together.items[i]);
        else if (!whole_matrix(d, in))
            return false;
    }
    return true;
}

bool draw_scores(struct arena *a, struct program *prog, const struct plan *p, struct variables *ret,
                 node **ret_z, struct err *e)
{
    struct draws d = {.a = a, .prog = prog, .p = p, .v = ret, .e = e};
    d.variable_of = arena_new(a, uint32_t, p->n_quantities + 1);
    list_variables(&d);
    for (uint32_t i = 0; i < ret->n; i++)
        ret->items[i].z = UINT32_MAX;
    if (!correlate(&d))
        return false;
    node *z = arena_new(a, node, p->n_quantities + 1);
    for (uint32_t i = 0; i < ret->n; i++) {
        if (ret->items[i].z == UINT32_MAX)
            ret->items[i].z = own(&d, i);
        ret->items[i].shown = ret->items[i].z;
    }
    for (size_t i = 0; i < p->n_quantities; i++)
        z[i] = d.variable_of[i] == NO_INDEX ? node_const(prog, 0) : ret->items[d.variable_of[i]].z;
    *ret_z = z;
    return true;
}
