/* scenario.c - targets and pins, the best choice for them, and why it is that one. */
#include <math.h>

#include "engine/scenario_int.h"

struct scenarios {
    struct arena *a;
    const struct plan *p;
    struct model *model;
    money base_total, base_value; /* value in millionths */
};

/* --- totals and bands --- */

int64_t total_of_planned(const struct plan *p, int64_t planned)
{
    const struct quantity *share = p->reserve.share;
    if (!share)
        return planned;
    money m = money_of(planned * CENT_MICROS, p->header.currency);
    return planned + reserve_of(m, share->points[0].v.exact).micros / CENT_MICROS;
}

int64_t planned_for_total(const struct plan *p, int64_t total)
{
    int64_t lo = 0, hi = MAX(total, 0);
    if (total < 0)
        return -1;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo + 1) / 2;
        if (total_of_planned(p, mid) <= total)
            lo = mid;
        else
            hi = mid - 1;
    }
    return lo;
}

/* The reserve by its share, the others by cents. */
bool bands_hold(const struct plan *p, const struct amounts *x)
{
    int64_t total = total_of_planned(p, x->planned);
    const struct quantity *q = p->reserve.share;
    dec share = q ? q->points[0].v.exact : 0;
    if (share < p->bands.of[CATEGORY_RESERVE].lo || share > p->bands.of[CATEGORY_RESERVE].hi)
        return false;
    for (int c = 0; c < CATEGORY_RESERVE; c++)
        if ((i128)x->category[c] * DEC_ONE < p->bands.of[c].lo * total ||
            (i128)x->category[c] * DEC_ONE > p->bands.of[c].hi * total)
            return false;
    return true;
}

/* --- life --- */

struct scenarios *scenarios_new(struct arena *a, const struct plan *p, struct err *e)
{
    struct scenarios *s = arena_new(a, struct scenarios, 1);
    const struct expansion *x;
    struct plan_value v;
    *s = (struct scenarios){.a = a, .p = p, .model = model_new(a, p, NULL, e)};
    if (!s->model || !expand(a, p, NULL, &x, e) || !value_of(world_new(a, p, NULL), x, &v, e))
        return NULL;
    s->base_total = x->total;
    s->base_value = v.value;
    return s;
}

static bool may(const struct p_texts *t, const char *word)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->items[i].s, str_of(word)))
            return true;
    return false;
}

static const str *paths_of(struct arena *a, const struct p_texts *t)
{
    str *r = arena_new(a, str, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        r[i] = t->items[i].s;
    return r;
}

void scenario_ask_of(struct arena *a, const struct plan *p, const struct scenario *s,
                     struct scenario_ask *ret)
{
    (void)p;
    *ret = (struct scenario_ask){
        .name = s->name,
        .has_target = s->total || s->may.n,
        .change = s->total ? s->total->points[0].v.exact : 0,
        .cuts = may(&s->may, "cuts"),
        .adds = may(&s->may, "adds"),
        .levers = may(&s->may, "levers"),
        .bands = s->bands.at && s->bands.v == BANDS_HOLD,
        .hires = s->hires ? (int64_t)s->hires->points[0].v.point : -1,
        .never = paths_of(a, &s->never),
        .n_never = s->never.n,
        .take = paths_of(a, &s->take),
        .n_take = s->take.n,
    };
}

/* --- searching --- */

/* A lever that the plan counts on and the scenario may never use is off. */
static bool *switches(struct scenarios *s, const struct scenario_ask *ask)
{
    bool *on = NULL;
    for (size_t i = 0; i < s->p->levers.n; i++)
        for (size_t k = 0; k < ask->n_never; k++) {
            const struct lever *v = &s->p->levers.items[i];
            str id = str_starts(ask->never[k], S("levers.")) ? str_sub(ask->never[k], 7, SIZE_MAX)
                                                              : ask->never[k];
            if (!v->use.at || v->use.v != 1 || !str_eq(v->id.s, id))
                continue;
            if (!on) {
                on = arena_new(s->a, bool, s->p->levers.n + 1);
                for (size_t j = 0; j < s->p->levers.n; j++)
                    on[j] = s->p->levers.items[j].use.at && s->p->levers.items[j].use.v == 1;
            }
            on[i] = false;
        }
    return on;
}

static bool names(const struct choices *cs, const str *paths, size_t n, uint32_t choice)
{
    for (size_t i = 0; i < n; i++)
        if (choices_find(cs, paths[i]) == choice)
            return true;
    return false;
}

static bool allowed(const struct scenario_ask *ask, const struct choice *c)
{
    return c->kind == CHOICE_CUT ? ask->cuts : c->kind == CHOICE_ADD ? ask->adds : ask->levers;
}

static money target_of(const struct scenarios *s, const struct scenario_ask *ask)
{
    const int64_t unit = 1000000000;
    money whole = money_of(s->base_total.micros / CENT_MICROS, s->p->header.currency);
    int64_t by = (int64_t)((DEC_ONE + ask->change) / (DEC_ONE / unit));
    return money_ratio(money_ratio(whole, by, unit, ROUND_HALF_EVEN), CENT_MICROS, 1,
                       ROUND_HALF_EVEN);
}

static void search_of(const struct scenarios *s, const struct scenario_ask *ask,
                      struct search *ret)
{
    const struct choices *cs = s->model->cs;
    *ret = (struct search){.most = INT64_MAX,
                           .hires = ask->hires < 0 ? -1 : ask->hires * 1000,
                           .bands = ask->bands};
    if (ask->has_target)
        ret->most = planned_for_total(s->p, target_of(s, ask).micros / CENT_MICROS);
    for (uint32_t i = 0; i < cs->n; i++) {
        if (names(cs, ask->take, ask->n_take, i))
            set_add(&ret->on, i);
        else if (allowed(ask, &cs->items[i]) && !names(cs, ask->never, ask->n_never, i))
            set_add(&ret->free, i);
    }
}

static bool find(struct scenarios *s, const struct scenario_ask *ask, struct found *ret,
                 struct err *e)
{
    struct search q;
    search_of(s, ask, &q);
    return model_search(s->model, &q, ret, e);
}

static money cents(const struct scenarios *s, int64_t n)
{
    return money_of(n * CENT_MICROS, s->p->header.currency);
}

static money to_cent(money m)
{
    return money_round(m, CENT_MICROS, ROUND_HALF_EVEN);
}

static money zero(const struct scenarios *s)
{
    return money_zero(s->p->header.currency);
}

/* --- a set of choices as a result --- */

static bool *array_of(struct arena *a, const struct choices *cs, const struct set *on)
{
    bool *r = arena_new(a, bool, cs->n + 1);
    for (uint32_t i = 0; i < cs->n; i++)
        r[i] = set_has(on, i);
    return r;
}

static bool evaluate(struct scenarios *s, const struct set *on, struct scenario_result *r,
                     struct err *e)
{
    const struct choices *cs = s->model->cs;
    r->plan = s->p;
    r->choices = cs;
    r->on = array_of(s->a, cs, on);
    choices_apply(s->a, cs, r->on, s->model->levers, &r->circumstances);
    r->world = world_new(s->a, s->p, &r->circumstances);
    if (!expand(s->a, s->p, &r->circumstances, &r->x, e) ||
        !value_of(r->world, r->x, &r->worth, e))
        return false;
    r->total = r->x->total;
    r->value = to_cent(r->worth.value);
    r->base_total = s->base_total;
    r->base_value = to_cent(s->base_value);
    r->gap = r->short_by = zero(s);
    return true;
}

/* Takes choice k out, and whatever cannot stand without it. */
static struct set without(const struct model *m, struct set on, uint32_t k)
{
    struct set gone = {{0}};
    bool again = true;
    set_add(&gone, k);
    on = set_without(&on, &gone);
    while (again) {
        again = false;
        for (size_t i = 0; i < m->n_clauses; i++) {
            if (clause_holds(&m->clauses[i], &on))
                continue;
            struct set it = {{0}};
            set_add(&it, m->clauses[i].a);
            on = set_without(&on, &it);
            again = true;
        }
    }
    return on;
}

static double price_of(money frees, money value_change)
{
    double f = money_to_double(frees), v = money_to_double(value_change);
    return f == 0 ? NAN : f > 0 ? -v / f : v / -f;
}

static bool explain_choice(struct scenarios *s, const struct scenario_result *r,
                           const struct set *on, uint32_t k, struct scenario_choice *ret,
                           struct err *e)
{
    struct set less = without(s->model, *on, k);
    struct scenario_result other = {0};
    size_t n = (size_t)r->x->n_months;
    if (!evaluate(s, &less, &other, e))
        return false;
    *ret = (struct scenario_choice){.choice = k};
    ret->frees = money_sub(other.total, r->total);
    ret->value_change = money_sub(r->value, other.value);
    ret->price = price_of(ret->frees, ret->value_change);
    money *monthly = arena_new(s->a, money, n + 1);
    for (size_t m = 0; m < n; m++)
        monthly[m] = zero(s);
    for (int c = 0; c < CATEGORY_RESERVE; c++) {
        ret->frees_in[c] = money_sub(other.x->categories[c].total, r->x->categories[c].total);
        for (size_t m = 0; m < n; m++)
            monthly[m] = money_add(monthly[m], money_sub(other.x->categories[c].monthly[m],
                                                         r->x->categories[c].monthly[m]));
    }
    ret->frees_monthly = monthly;
    return true;
}

static bool explain_choices(struct scenarios *s, struct scenario_result *r, const struct set *on,
                            bool explain, struct err *e)
{
    r->chosen = arena_new(s->a, struct scenario_choice, r->choices->n + 1);
    for (uint32_t i = 0; i < r->choices->n; i++) {
        struct scenario_choice *c = &r->chosen[r->n_chosen];
        if (!set_has(on, i))
            continue;
        *c = (struct scenario_choice){.choice = i};
        if (explain && !explain_choice(s, r, on, i, c, e))
            return false;
        r->n_chosen++;
    }
    return true;
}

/* --- what nearly made it, and what demands cost --- */

static int by_loss(const void *va, const void *vb)
{
    const struct scenario_miss *x = va, *y = vb;
    int c = money_cmp(x->value, y->value);
    return c ? c : x->choice < y->choice ? -1 : x->choice > y->choice;
}

static bool find_misses(struct scenarios *s, const struct scenario_ask *ask,
                        const struct found *best, struct scenario_result *r, struct err *e)
{
    struct search q;
    search_of(s, ask, &q);
    r->misses = arena_new(s->a, struct scenario_miss, r->choices->n + 1);
    for (uint32_t i = 0; i < r->choices->n; i++) {
        struct search with = q;
        struct found f;
        struct set one = {{0}};
        if (!set_has(&q.free, i) || set_has(&best->on, i))
            continue;
        set_add(&one, i);
        with.free = set_without(&q.free, &one);
        set_add(&with.on, i);
        if (!model_search(s->model, &with, &f, e))
            return false;
        /* what changes nothing does not count: a lever on work that is dropped */
        if (f.feasible && f.amounts.value != best->amounts.value)
            r->misses[r->n_misses++] = (struct scenario_miss){
                i, to_cent(money_of(best->amounts.value - f.amounts.value,
                                    s->p->header.currency))};
    }
    if (r->n_misses)
        qsort(r->misses, r->n_misses, sizeof *r->misses, by_loss);
    return true;
}

static bool try_without(struct scenarios *s, const struct scenario_ask *less,
                        const struct found *best, struct scenario_pin pin,
                        struct scenario_result *r, struct err *e)
{
    struct found f;
    if (!find(s, less, &f, e))
        return false;
    pin.feasible = f.feasible;
    pin.value = pin.short_by = zero(s);
    if (f.feasible && best->feasible)
        pin.value =
            to_cent(money_of(f.amounts.value - best->amounts.value, s->p->header.currency));
    if (!f.feasible && f.least >= 0 && less->has_target)
        pin.short_by = money_sub(cents(s, total_of_planned(s->p, f.least)), target_of(s, less));
    if (pin.short_by.micros < 0) /* the target alone is not what is missed */
        pin.short_by = zero(s);
    r->pins[r->n_pins++] = pin;
    return true;
}

static const str *all_but(struct arena *a, const str *paths, size_t n, size_t k)
{
    str *r = arena_new(a, str, n + 1);
    for (size_t i = 0, j = 0; i < n; i++)
        if (i != k)
            r[j++] = paths[i];
    return r;
}

static bool find_pins(struct scenarios *s, const struct scenario_ask *ask,
                      const struct found *best, struct scenario_result *r, struct err *e)
{
    r->pins = arena_new(s->a, struct scenario_pin, ask->n_never + ask->n_take + 8);
    for (size_t i = 0; i < ask->n_never; i++) {
        struct scenario_ask less = *ask;
        if (choices_find(r->choices, ask->never[i]) == NO_INDEX)
            continue;
        less.never = all_but(s->a, ask->never, ask->n_never, i);
        less.n_never--;
        if (!try_without(s, &less, best, (struct scenario_pin){.kind = PIN_NEVER, .path = ask->never[i]}, r,
                         e))
            return false;
    }
    for (size_t i = 0; i < ask->n_take; i++) {
        struct scenario_ask less = *ask;
        if (choices_find(r->choices, ask->take[i]) == NO_INDEX)
            continue;
        less.take = all_but(s->a, ask->take, ask->n_take, i);
        less.n_take--;
        if (!try_without(s, &less, best, (struct scenario_pin){.kind = PIN_TAKE, .path = ask->take[i]}, r,
                         e))
            return false;
    }
    struct scenario_ask less = *ask;
    less.hires = -1;
    if (ask->hires >= 0 && !try_without(s, &less, best, (struct scenario_pin){.kind = PIN_HIRES}, r, e))
        return false;
    less = *ask;
    less.bands = false;
    if (ask->bands && !try_without(s, &less, best, (struct scenario_pin){.kind = PIN_BANDS}, r, e))
        return false;
    static const char *const words[] = {"cuts", "adds", "levers"};
    bool over = best->least >= 0 && ask->has_target &&
                 cents(s, total_of_planned(s->p, best->least)).micros > target_of(s, ask).micros;
    for (int k = 0; k < 3 && !best->feasible && over; k++) {
        less = *ask;
        bool *may_too = k == 0 ? &less.cuts : k == 1 ? &less.adds : &less.levers;
        if (*may_too || k == 1)
            continue;
        *may_too = true;
        if (!try_without(s, &less, best,
                         (struct scenario_pin){.kind = PIN_MAY, .path = str_of(words[k])}, r, e))
            return false;
    }
    return true;
}

/* --- solving --- */

/* The cheapest choice, when the target cannot be reached: what a search for the least finds with the
 * target just there. */
static bool cheapest(struct scenarios *s, const struct scenario_ask *ask, int64_t least,
                     struct found *ret, struct err *e)
{
    struct search q;
    search_of(s, ask, &q);
    q.most = least;
    q.hires = -1;
    q.bands = false;
    return model_search(s->model, &q, ret, e);
}

bool scenario_solve(struct scenarios *s, const struct scenario_ask *ask, bool explain,
                    struct scenario_result *ret, struct err *e)
{
    struct scenarios own = *s;
    struct found f;
    struct scenario_result r = {0};
    bool *levers = switches(s, ask);
    if (levers) { /* another plan to start from */
        own.model = model_new(s->a, s->p, levers, e);
        if (!own.model)
            return false;
        s = &own;
    }
    if (!find(s, ask, &f, e))
        return false;
    struct set on = f.on;
    if (!f.feasible) {
        struct search q;
        struct found least;
        search_of(s, ask, &q);
        on = q.on;
        r.contradiction =
            choices_contradiction(s->a, s->model->cs, array_of(s->a, s->model->cs, &on));
        if (f.least >= 0 && cheapest(s, ask, f.least, &least, e) && least.feasible)
            on = least.on;
        else if (r.contradiction.n)
            on = (struct set){{0}};
    }
    if (!evaluate(s, &on, &r, e))
        return false;
    r.name = ask->name;
    r.feasible = f.feasible;
    r.has_target = ask->has_target;
    r.target = ask->has_target ? target_of(s, ask) : money_unknown(s->p->header.currency);
    if (f.feasible && f.gap)
        r.gap = money_of(f.gap, s->p->header.currency);
    /* the sum over groups is the plan's own arithmetic */
    BUG_IF(f.feasible && (r.x->planned.micros != f.amounts.planned * CENT_MICROS ||
                          r.worth.value.micros != f.amounts.value));
    if (!f.feasible && r.has_target && money_cmp(r.total, r.target) > 0)
        r.short_by = money_sub(r.total, r.target);
    if (!explain_choices(s, &r, &on, explain, e))
        return false;
    if (explain && ((f.feasible && !find_misses(s, ask, &f, &r, e)) ||
                    !find_pins(s, ask, &f, &r, e)))
        return false;
    *ret = r;
    return true;
}

bool scenario_of(struct scenarios *s, str name, const bool *on, struct scenario_result *ret,
                 struct err *e)
{
    struct scenario_result r = {0};
    struct set set = {{0}};
    str why = choices_contradiction(s->a, s->model->cs, on);
    if (why.n)
        return err_set(e, ERR_INVALID, "%.*s", FMT(why));
    for (uint32_t i = 0; i < s->model->cs->n; i++)
        if (on[i])
            set_add(&set, i);
    if (!evaluate(s, &set, &r, e))
        return false;
    r.name = name;
    r.feasible = true;
    r.target = money_unknown(s->p->header.currency);
    if (!explain_choices(s, &r, &set, true, e))
        return false;
    *ret = r;
    return true;
}

/* --- who is free --- */

size_t scenario_redeploy(struct arena *a, const struct scenario_result *r,
                         struct scenario_free **ret)
{
    const struct plan *p = r->plan;
    const struct world *base = world_new(a, p, NULL);
    size_t n = 0;
    *ret = arena_new(a, struct scenario_free, p->staff.n + 1);
    for (uint32_t i = 0; i < p->staff.n; i++) {
        const struct position *s = &p->staff.items[i];
        double all = 0, stops = 0;
        for (size_t k = 0; k < s->works_on.n; k++) {
            const struct weight *x = &s->works_on.items[k];
            double share = world_number(base, x->q, 1);
            all += share;
            if (base->running[x->index] && !r->world->running[x->index])
                stops += share;
        }
        if (s->here && all > 0 && stops > 0 && s->last >= p->header.first)
            (*ret)[n++] = (struct scenario_free){i, world_number(base, s->count, 1), stops / all};
    }
    return n;
}
