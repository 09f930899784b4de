/* plan_scenarios.c - which scenarios to solve, in which order, on which plan. */
#include "app/plan_scenarios.h"

#include "core/number.h"
#include "engine/what_if.h"

const struct scenario *plan_scenario(struct arena *a, const struct plan *p, str name,
                                     struct err *e)
{
    const char **names = arena_new(a, const char *, p->scenarios.n + 1);
    for (size_t i = 0; i < p->scenarios.n; i++) {
        if (str_eq(p->scenarios.items[i].name, name))
            return &p->scenarios.items[i];
        names[i] = str_cstr(a, p->scenarios.items[i].name);
    }
    err_set(e, ERR_USAGE, "the plan has no scenario '%.*s'", FMT(name));
    const char *near = str_closest(name, names, p->scenarios.n);
    if (near)
        err_hint(e, "Did you mean '%s'?", near);
    return NULL;
}

struct job {
    struct arena *a;
    const struct plan_source *s;
    struct scenarios *solver;
    struct scenario_result *results;
    size_t n;
    struct err *e;
};

/* A plan of its own, as it is: nothing is chosen. */
static bool add_what_if(struct job *j, str name, const struct what_if *changes, size_t n)
{
    const struct plan *p;
    struct scenario_result *r = &j->results[j->n];
    if (!what_if(j->a, j->s->plan, &j->s->options, changes, n, &p, j->e))
        return err_wrap(j->e, "scenario '%.*s'", FMT(name));
    struct scenarios *own = scenarios_new(j->a, p, j->e);
    const struct scenario_ask ask = {.name = name, .hires = -1};
    if (!own || !scenario_solve(own, &ask, false, r, j->e))
        return false;
    r->base_total = j->results[0].base_total;
    r->base_value = j->results[0].base_value;
    j->n++;
    return true;
}

static bool add_set(struct job *j, const struct scenario *s)
{
    struct what_if *changes = arena_new(j->a, struct what_if, s->n_settings + 1);
    for (size_t i = 0; i < s->n_settings; i++)
        changes[i] = (struct what_if){s->settings[i].path.s, s->settings[i].value->text,
                                      s->settings[i].value};
    return add_what_if(j, s->name, changes, s->n_settings);
}

static bool add_ask(struct job *j, const struct scenario_ask *ask)
{
    if (!scenario_solve(j->solver, ask, true, &j->results[j->n], j->e))
        return false;
    j->n++;
    return true;
}

static bool add_target(struct job *j, str text)
{
    struct number v;
    struct number_fault f;
    struct scenario_ask ask = {.name = text, .has_target = true, .levers = true, .hires = -1};
    if (!number_parse(text, &v, &f) || !v.percent || v.ranged || v.per || v.point <= -1 ||
        v.point > 10) {
        err_set(j->e, ERR_USAGE, "'%.*s' is not a target", FMT(text));
        return err_hint(j->e, "Write it against the base total, such as -35%% or +10%%.");
    }
    ask.change = v.exact;
    ask.cuts = v.exact < 0;
    ask.adds = v.exact >= 0;
    return add_ask(j, &ask);
}

static bool wanted(const struct plan_scenarios_request *q, str name)
{
    for (size_t i = 0; i < q->n_only; i++)
        if (str_eq(q->only[i], name))
            return true;
    return !q->n_only;
}

static bool add_all(struct job *j, const struct plan_scenarios_request *q)
{
    const struct plan *p = j->s->plan;
    const struct scenario_ask base = {.name = S("base"), .hires = -1};
    if (!add_ask(j, &base))
        return false;
    j->results[0].target = j->results[0].total;
    for (size_t i = 0; i < q->n_only; i++)
        if (!str_eq(q->only[i], S("base")) && !plan_scenario(j->a, p, q->only[i], j->e))
            return false;
    for (size_t i = 0; i < p->scenarios.n; i++) {
        const struct scenario *s = &p->scenarios.items[i];
        struct scenario_ask ask;
        bool plain = !s->total && !s->may.n && !s->take.n && !s->never.n && !s->n_settings;
        if (!wanted(q, s->name) || (plain && str_eq(s->name, S("base"))))
            continue;
        scenario_ask_of(j->a, p, s, &ask);
        if (s->n_settings ? !add_set(j, s) : !add_ask(j, &ask))
            return false;
    }
    for (size_t i = 0; i < q->n_targets; i++)
        if (!add_target(j, q->targets[i]))
            return false;
    struct what_if *changes = arena_new(j->a, struct what_if, q->n_sets + 1);
    for (size_t i = 0; i < q->n_sets; i++)
        if (!what_if_parse(q->sets[i], &changes[i], j->e))
            return false;
    return !q->n_sets || add_what_if(j, S("what-if"), changes, q->n_sets);
}

bool plan_scenarios(struct arena *a, const struct plan_source *s,
                    const struct plan_scenarios_request *q, struct scenario_result **ret,
                    size_t *ret_n, struct err *e)
{
    struct job j = {.a = a, .s = s, .e = e};
    j.results =
        arena_new(a, struct scenario_result, s->plan->scenarios.n + q->n_targets + 2);
    j.solver = scenarios_new(a, s->plan, e);
    if (!j.solver || !add_all(&j, q))
        return false;
    *ret = j.results;
    *ret_n = j.n;
    return true;
}

bool plan_frontier(struct arena *a, const struct plan *p, int step, struct frontier_points *ret,
                   struct err *e)
{
    enum { SPAN = 50 };
    struct scenarios *s = scenarios_new(a, p, e);
    struct frontier_points r = {arena_new(a, int, 2 * SPAN + 1),
                                arena_new(a, struct scenario_result, 2 * SPAN + 1), 0};
    for (int at = -SPAN; s && at <= SPAN; at += step) {
        const struct scenario_ask ask = {.name = str_fmt(a, "%+d%%", at),
                                         .has_target = true,
                                         .change = at * (DEC_ONE / 100),
                                         .cuts = true,
                                         .adds = true,
                                         .levers = true,
                                         .hires = -1};
        r.percents[r.n] = at;
        if (!scenario_solve(s, &ask, false, &r.results[r.n], e))
            return false;
        r.n++;
    }
    *ret = r;
    return s != NULL;
}
