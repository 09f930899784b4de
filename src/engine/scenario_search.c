/* scenario_search.c - the choice worth most, proven.
 *
 * Choices that share a group or a clause are neighbors. A few that reach far (a lever on every LLM
 * line) are settled first, in every combination; without them the rest falls apart into small
 * components. Of each component every state without contradiction is listed with its exact amounts,
 * those that another state beats are dropped, and one state per component is chosen by dynamic
 * programming over whole cents: partial choices, kept unless another costs no more and is worth more,
 * or unless the relaxation of the rest (fractions of a state allowed) shows that nothing better than
 * what is known can come of them. No grid, no rounding: amounts are cents and millionths. */
#include "engine/scenario_int.h"

#define STATES_FIRST 256   /* of a component, before a far-reaching choice is settled instead */
#define STATES_MOST 65536
#define SETTLED_FIRST 10
#define SETTLED_MOST 16
#define BEAM 64            /* partial choices of the first, quick pass */
#define LABELS_MOST 300000 /* of the full pass; what is cut off beyond is told as a gap */

struct state {
    struct set on;
    struct amounts x;
    int32_t n; /* choices */
};
struct states {
    struct state *items;
    size_t n, cap;
};
struct component {
    uint32_t *vars;
    size_t n_vars;
    struct set set;
    size_t *groups, n_groups;
    size_t *clauses, n_clauses;
};
/* One component's concave hull, merged over a suffix of the components. */
struct bound {
    int64_t cost, value; /* of the cheapest hull states */
    int64_t *costs, *values; /* cumulative, best ratio first */
    size_t n;
    int64_t most_cost;
    int64_t low[CATEGORY_RESERVE], high[CATEGORY_RESERVE];
    int64_t low_hires;
};

struct finder {
    struct arena *a; /* of this search */
    struct model *m;
    const struct search *s;
    struct set *near; /* per choice */
    struct set settled;
    struct component *components;
    size_t n_components;
    size_t *fixed_groups, n_fixed_groups;
    bool known;
    struct state best;
    int64_t least, lost; /* lost: the best bound of what was cut off; INT64_MIN: nothing */
    uint64_t labels;
};

/* --- components --- */

static void find_neighbors(struct finder *f)
{
    const struct model *m = f->m;
    f->near = arena_new(f->a, struct set, m->cs->n + 1);
    for (size_t i = 0; i < m->n_groups + m->n_clauses; i++) {
        struct set all = {{0}};
        if (i < m->n_groups) {
            all = m->groups[i].scope;
        } else {
            const struct clause *c = &m->clauses[i - m->n_groups];
            all = c->not;
            set_join(&all, &c->one_of);
            set_add(&all, c->a);
        }
        all = set_both(&all, &f->s->free);
        for (uint32_t k = 0; k < m->cs->n; k++)
            if (set_has(&all, k))
                set_join(&f->near[k], &all);
    }
}

static struct set flood(const struct finder *f, uint32_t from)
{
    struct set in = {{0}}, edge = {{0}};
    set_add(&edge, from);
    while (!set_empty(&edge)) {
        struct set next = {{0}};
        set_join(&in, &edge);
        for (uint32_t k = 0; k < f->m->cs->n; k++)
            if (set_has(&edge, k))
                set_join(&next, &f->near[k]);
        next = set_without(&next, &f->settled);
        edge = set_without(&next, &in);
    }
    return in;
}

static bool excluded(const struct finder *f, const struct component *c, const struct set *on)
{
    for (size_t i = 0; i < c->n_clauses; i++) {
        const struct clause *k = &f->m->clauses[c->clauses[i]];
        if (set_has(on, k->a) && set_meets(&k->not, on))
            return true;
    }
    return false;
}

/* States without contradiction inside the component, counted up to `most`. */
static size_t count_states(const struct finder *f, const struct component *c, struct set on,
                           size_t at, size_t most)
{
    if (excluded(f, c, &on))
        return 0;
    if (at == c->n_vars)
        return 1;
    size_t n = count_states(f, c, on, at + 1, most);
    set_add(&on, c->vars[at]);
    return n >= most ? n : n + count_states(f, c, on, at + 1, most - n);
}

static void make_component(struct finder *f, const struct set *in, struct component *ret)
{
    const struct model *m = f->m;
    struct set mine = *in;
    *ret = (struct component){.set = *in};
    set_join(&mine, &f->settled);
    ret->vars = arena_new(f->a, uint32_t, m->cs->n + 1);
    ret->groups = arena_new(f->a, size_t, m->n_groups + 1);
    ret->clauses = arena_new(f->a, size_t, m->n_clauses + 1);
    for (uint32_t k = 0; k < m->cs->n; k++)
        if (set_has(in, k))
            ret->vars[ret->n_vars++] = k;
    for (size_t i = 0; i < m->n_groups; i++)
        if (set_meets(&m->groups[i].scope, in))
            ret->groups[ret->n_groups++] = i;
    for (size_t i = 0; i < m->n_clauses; i++) {
        struct set all = m->clauses[i].not;
        set_join(&all, &m->clauses[i].one_of);
        set_add(&all, m->clauses[i].a);
        if (set_meets(&all, in))
            ret->clauses[ret->n_clauses++] = i;
    }
}

/* False: a component has too many states; *ret_wide is the choice in it with most neighbors. */
static bool split(struct finder *f, size_t most, uint32_t *ret_wide)
{
    struct set left = set_without(&f->s->free, &f->settled);
    f->n_components = 0;
    for (uint32_t k = 0; k < f->m->cs->n; k++) {
        if (!set_has(&left, k))
            continue;
        struct set in = flood(f, k);
        struct component *c = &f->components[f->n_components++];
        make_component(f, &in, c);
        left = set_without(&left, &in);
        if (count_states(f, c, f->s->on, 0, most + 1) <= most)
            continue;
        int32_t widest = -1;
        for (size_t i = 0; i < c->n_vars; i++) {
            struct set around = set_both(&f->near[c->vars[i]], &in);
            if (set_count(&around) > widest) {
                widest = set_count(&around);
                *ret_wide = c->vars[i];
            }
        }
        return false;
    }
    return true;
}

static bool decompose(struct finder *f, struct err *e)
{
    f->components = arena_new(f->a, struct component, f->m->cs->n + 1);
    find_neighbors(f);
    for (size_t most = STATES_FIRST; most <= STATES_MOST; most *= 4) {
        int32_t may_settle = most == STATES_MOST ? SETTLED_MOST : SETTLED_FIRST;
        uint32_t wide = 0;
        f->settled = (struct set){{0}};
        while (!split(f, most, &wide) && set_count(&f->settled) < may_settle)
            set_add(&f->settled, wide);
        if (split(f, most, &wide))
            break;
        if (most == STATES_MOST) {
            err_set(e, ERR_FAILED, "too many options depend on each other to prove which are best");
            return err_hint(e, "Settle some of them with `take` and `never`.");
        }
    }
    f->fixed_groups = arena_new(f->a, size_t, f->m->n_groups + 1);
    for (size_t i = 0; i < f->m->n_groups; i++) {
        struct set open = set_both(&f->m->groups[i].scope, &f->s->free);
        if (set_within(&open, &f->settled))
            f->fixed_groups[f->n_fixed_groups++] = i;
    }
    return true;
}

/* --- states --- */

static bool amounts_of(struct model *m, const size_t *groups, size_t n, const struct set *on,
                       struct amounts *ret)
{
    *ret = (struct amounts){0};
    for (size_t i = 0; i < n; i++) {
        const struct amounts *x = model_group(m, groups[i], on);
        if (!x)
            return false;
        amounts_add(ret, x);
    }
    return true;
}

static bool list_states(struct finder *f, const struct component *c, struct set on, size_t at,
                        struct states *ret)
{
    if (excluded(f, c, &on))
        return true;
    if (at < c->n_vars) {
        if (!list_states(f, c, on, at + 1, ret))
            return false;
        set_add(&on, c->vars[at]);
        return list_states(f, c, on, at + 1, ret);
    }
    for (size_t i = 0; i < c->n_clauses; i++)
        if (!clause_holds(&f->m->clauses[c->clauses[i]], &on))
            return true;
    ret->items = arena_grow(f->a, ret->items, sizeof *ret->items, &ret->cap, ret->n + 1);
    struct state *s = &ret->items[ret->n];
    s->on = set_both(&on, &c->set);
    s->n = set_count(&s->on);
    if (!amounts_of(f->m, c->groups, c->n_groups, &on, &s->x))
        return false;
    ret->n++;
    return true;
}

/* Negative: x comes first: cheaper, then worth more, then fewer choices, then plan order. */
static int by_cost(const void *va, const void *vb)
{
    const struct state *x = va, *y = vb;
    if (x->x.planned != y->x.planned)
        return x->x.planned < y->x.planned ? -1 : 1;
    if (x->x.value != y->x.value)
        return x->x.value > y->x.value ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return -set_cmp(&x->on, &y->on);
}

/* Is x at least as good as y where money is no concern? */
static bool no_worse(const struct state *x, const struct state *y)
{
    if (x->x.value != y->x.value)
        return x->x.value > y->x.value;
    return x->n != y->n ? x->n < y->n : set_cmp(&x->on, &y->on) >= 0;
}

static bool same_categories(const struct amounts *x, const struct amounts *y)
{
    return memcmp(x->category, y->category, sizeof x->category) == 0;
}

/* Sorts, and drops what another state beats in cost and value (and hires, and category by category
 * where those count). */
static void drop_beaten(const struct finder *f, struct states *l)
{
    size_t kept = 0;
    bool simple = f->s->hires < 0 && !f->s->bands;
    if (l->n)
        qsort(l->items, l->n, sizeof *l->items, by_cost);
    for (size_t i = 0; i < l->n; i++) {
        const struct state *y = &l->items[i];
        bool beaten = false;
        if (simple) {
            beaten = kept && no_worse(&l->items[kept - 1], y);
        } else {
            size_t back = f->s->bands ? 8 : 64; /* a sample; what stays is only slower */
            for (size_t k = kept; k-- > 0 && kept - k <= back && !beaten;) {
                const struct state *x = &l->items[k];
                if (f->s->bands && !same_categories(&x->x, &y->x))
                    continue;
                beaten = no_worse(x, y) && (f->s->hires < 0 || x->x.hires <= y->x.hires);
            }
        }
        if (!beaten)
            l->items[kept++] = *y;
    }
    l->n = kept;
}

/* --- the relaxation of a suffix --- */

struct hull_step {
    int64_t cost, value;
};

/* Best ratio first. */
static int by_ratio(const void *va, const void *vb)
{
    const struct hull_step *x = va, *y = vb;
    i128 l = (i128)x->value * y->cost, r = (i128)y->value * x->cost;
    return l > r ? -1 : l < r;
}

static size_t hull_of(const struct states *l, size_t *at)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct amounts *z = &l->items[i].x;
        if (n && z->value <= l->items[at[n - 1]].x.value)
            continue;
        while (n >= 2) {
            const struct amounts *x = &l->items[at[n - 2]].x, *y = &l->items[at[n - 1]].x;
            if ((i128)(y->value - x->value) * (z->planned - y->planned) >
                (i128)(z->value - y->value) * (y->planned - x->planned))
                break;
            n--;
        }
        at[n++] = i;
    }
    return n;
}

static void add_to_bound(struct finder *f, const struct states *l, const struct bound *after,
                         struct bound *ret)
{
    size_t *at = arena_new(f->a, size_t, l->n + 1), n = hull_of(l, at);
    struct hull_step *steps = arena_new(f->a, struct hull_step, n + after->n + 1);
    *ret = *after;
    ret->cost += l->items[at[0]].x.planned;
    ret->value += l->items[at[0]].x.value;
    ret->most_cost += l->items[l->n - 1].x.planned;
    size_t k = 0;
    for (size_t i = 1; i < n; i++)
        steps[k++] = (struct hull_step){
            l->items[at[i]].x.planned - l->items[at[i - 1]].x.planned,
            l->items[at[i]].x.value - l->items[at[i - 1]].x.value};
    for (size_t i = 0; i < after->n; i++)
        steps[k++] =
            (struct hull_step){after->costs[i] - (i ? after->costs[i - 1] : 0),
                               after->values[i] - (i ? after->values[i - 1] : 0)};
    qsort(steps, k, sizeof *steps, by_ratio);
    ret->costs = arena_new(f->a, int64_t, k + 1);
    ret->values = arena_new(f->a, int64_t, k + 1);
    ret->n = k;
    for (size_t i = 0; i < k; i++) {
        ret->costs[i] = steps[i].cost + (i ? ret->costs[i - 1] : 0);
        ret->values[i] = steps[i].value + (i ? ret->values[i - 1] : 0);
    }
    int64_t hires = INT64_MAX;
    for (int c = 0; c < CATEGORY_RESERVE; c++) {
        int64_t low = INT64_MAX, high = INT64_MIN;
        for (size_t i = 0; i < l->n; i++) {
            low = MIN(low, l->items[i].x.category[c]);
            high = MAX(high, l->items[i].x.category[c]);
        }
        ret->low[c] += low;
        ret->high[c] += high;
    }
    for (size_t i = 0; i < l->n; i++)
        hires = MIN(hires, l->items[i].x.hires);
    ret->low_hires += hires;
}

/* The most value that x could still reach, rounded up; INT64_MIN: it cannot be completed. */
static int64_t reach(const struct finder *f, const struct bound *b, const struct amounts *x)
{
    int64_t left = f->s->most - x->planned - b->cost, value = x->value + b->value;
    if (left < 0 || (f->s->hires >= 0 && x->hires + b->low_hires > f->s->hires))
        return INT64_MIN;
    if (f->s->bands) {
        const struct plan *p = f->m->p;
        int64_t most = MIN(f->s->most, x->planned + b->most_cost);
        int64_t low = total_of_planned(p, x->planned + b->cost), high = total_of_planned(p, most);
        for (int c = 0; c < CATEGORY_RESERVE; c++)
            if ((i128)(x->category[c] + b->high[c]) * DEC_ONE < p->bands.of[c].lo * low ||
                (i128)(x->category[c] + b->low[c]) * DEC_ONE > p->bands.of[c].hi * high)
                return INT64_MIN;
    }
    size_t lo = 0, hi = b->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (b->costs[mid] <= left)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo)
        value += b->values[lo - 1];
    if (lo < b->n) {
        int64_t cost = b->costs[lo] - (lo ? b->costs[lo - 1] : 0);
        int64_t gain = b->values[lo] - (lo ? b->values[lo - 1] : 0);
        value += (int64_t)((i128)gain * (left - (lo ? b->costs[lo - 1] : 0)) / cost) + 1;
    }
    return value;
}

/* --- dynamic programming --- */

static bool fits(const struct finder *f, const struct amounts *x)
{
    return x->planned <= f->s->most && (f->s->hires < 0 || x->hires <= f->s->hires) &&
           (!f->s->bands || bands_hold(f->m->p, x));
}

struct ranked {
    int64_t reach;
    size_t at;
};
static int by_reach(const void *va, const void *vb)
{
    const struct ranked *x = va, *y = vb;
    if (x->reach != y->reach)
        return x->reach > y->reach ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Keeps the `most` labels that promise most, in their order. Returns the best promise cut off. */
static int64_t cut_off(const struct finder *f, struct arena *a, const struct bound *b,
                       struct states *l, size_t most)
{
    if (l->n <= most)
        return INT64_MIN;
    struct ranked *r = arena_new(a, struct ranked, l->n);
    for (size_t i = 0; i < l->n; i++)
        r[i] = (struct ranked){reach(f, b, &l->items[i].x), i};
    qsort(r, l->n, sizeof *r, by_reach);
    struct state *kept = arena_new(a, struct state, most);
    for (size_t i = 0; i < most; i++)
        kept[i] = l->items[r[i].at];
    l->items = kept;
    l->n = l->cap = most;
    return r[most].reach;
}

/* One state of each list: all labels that may still become the best, list by list. Returns the best
 * promise of what was cut off. */
static int64_t combine(struct finder *f, const struct state *from, const struct states *lists,
                       const struct bound *bounds, size_t n, size_t most)
{
    struct arena mem[2] = {ARENA_INIT, ARENA_INIT};
    int64_t lost = INT64_MIN;
    struct states now = {arena_new(&mem[0], struct state, 1), 1, 1};
    now.items[0] = *from;
    for (size_t j = 0; j < n; j++) {
        struct arena *a = &mem[(j + 1) % 2];
        struct states next = {NULL, 0, 0};
        for (size_t i = 0; i < now.n; i++)
            for (size_t k = 0; k < lists[j].n; k++) {
                struct state s = now.items[i];
                amounts_add(&s.x, &lists[j].items[k].x);
                int64_t is = reach(f, &bounds[j + 1], &s.x);
                if (is == INT64_MIN || (f->known && is < f->best.x.value))
                    continue;
                s.n += lists[j].items[k].n;
                set_join(&s.on, &lists[j].items[k].on);
                next.items = arena_grow(a, next.items, sizeof s, &next.cap, next.n + 1);
                next.items[next.n++] = s;
                if (next.n >= 4 * (size_t)LABELS_MOST) {
                    drop_beaten(f, &next);
                    lost = MAX(lost, cut_off(f, a, &bounds[j + 1], &next, most));
                }
            }
        f->labels += next.n;
        drop_beaten(f, &next);
        lost = MAX(lost, cut_off(f, a, &bounds[j + 1], &next, most));
        now = next;
        arena_reset(&mem[j % 2]);
    }
    for (size_t i = 0; i < now.n; i++)
        if (fits(f, &now.items[i].x) && (!f->known || !no_worse(&f->best, &now.items[i]))) {
            f->best = now.items[i];
            f->known = true;
        }
    arena_release(&mem[0]);
    arena_release(&mem[1]);
    return lost;
}

/* --- settled choices --- */

struct leaf {
    struct state from;
    struct states *lists;
    struct bound *bounds;
    int64_t reach;
};
struct leaves {
    struct leaf *items;
    size_t n, cap;
};

static bool settled_holds(const struct finder *f, const struct set *on)
{
    for (size_t i = 0; i < f->m->n_clauses; i++) {
        const struct clause *c = &f->m->clauses[i];
        struct set all = c->not;
        set_join(&all, &c->one_of);
        set_add(&all, c->a);
        all = set_both(&all, &f->s->free);
        if (set_within(&all, &f->settled) && !clause_holds(c, on))
            return false;
    }
    return true;
}

static bool add_leaf(struct finder *f, const struct set *on, struct leaves *ret)
{
    struct leaf l = {.from = {.on = *on, .n = set_count(on)}};
    if (!settled_holds(f, on))
        return true;
    if (!amounts_of(f->m, f->fixed_groups, f->n_fixed_groups, on, &l.from.x))
        return false;
    l.lists = arena_new(f->a, struct states, f->n_components + 1);
    l.bounds = arena_new(f->a, struct bound, f->n_components + 1);
    for (size_t j = f->n_components; j-- > 0;) {
        if (!list_states(f, &f->components[j], *on, 0, &l.lists[j]))
            return false;
        if (!l.lists[j].n)
            return true; /* nothing goes with what is settled */
        drop_beaten(f, &l.lists[j]);
        add_to_bound(f, &l.lists[j], &l.bounds[j + 1], &l.bounds[j]);
    }
    int64_t least = l.from.x.planned + l.bounds[0].cost;
    f->least = f->least < 0 ? least : MIN(f->least, least);
    l.reach = reach(f, &l.bounds[0], &l.from.x);
    if (l.reach == INT64_MIN)
        return true;
    ret->items = arena_grow(f->a, ret->items, sizeof *ret->items, &ret->cap, ret->n + 1);
    ret->items[ret->n++] = l;
    return true;
}

static bool add_leaves(struct finder *f, struct set on, uint32_t at, struct leaves *ret)
{
    while (at < f->m->cs->n && !set_has(&f->settled, at))
        at++;
    if (at == f->m->cs->n)
        return add_leaf(f, &on, ret);
    if (!add_leaves(f, on, at + 1, ret))
        return false;
    set_add(&on, at);
    return add_leaves(f, on, at + 1, ret);
}

static int by_promise(const void *va, const void *vb)
{
    const struct leaf *x = va, *y = vb;
    if (x->reach != y->reach)
        return x->reach > y->reach ? -1 : 1;
    return -set_cmp(&x->from.on, &y->from.on);
}

bool model_search(struct model *m, const struct search *s, struct found *ret, struct err *e)
{
    struct arena tmp = ARENA_INIT;
    struct finder f = {.a = &tmp, .m = m, .s = s, .least = -1, .lost = INT64_MIN};
    struct leaves leaves = {NULL, 0, 0};
    bool good = decompose(&f, e);
    if (good && !add_leaves(&f, s->on, 0, &leaves)) {
        *e = m->e;
        good = false;
    }
    if (good && leaves.n)
        qsort(leaves.items, leaves.n, sizeof *leaves.items, by_promise);
    for (int pass = 0; good && pass < 2; pass++)
        for (size_t i = 0; i < leaves.n; i++) {
            const struct leaf *l = &leaves.items[i];
            if (f.known && l->reach < f.best.x.value)
                break;
            int64_t lost = combine(&f, &l->from, l->lists, l->bounds, f.n_components,
                                   pass ? LABELS_MOST : BEAM);
            if (pass)
                f.lost = MAX(f.lost, lost);
        }
    if (good) {
        *ret = (struct found){.feasible = f.known, .least = f.least, .labels = f.labels};
        if (f.known) {
            ret->on = f.best.on;
            ret->amounts = f.best.x;
            ret->gap = MAX(0, f.lost == INT64_MIN ? 0 : f.lost - f.best.x.value);
        } else if (f.lost != INT64_MIN) {
            ret->gap = INT64_MAX;
        }
    }
    arena_release(&tmp);
    return good;
}
