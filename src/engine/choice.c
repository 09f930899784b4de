/* choice.c - portfolio selection: tree-knapsack programs, multipliers, branch and bound. */
#include "engine/choice.h"

#include "engine/choice_int.h"

/* --- preparing --- */

static bool visit(struct chooser *c, int32_t i, uint8_t *seen, struct err *e)
{
    if (seen[i] == 1)
        return err_set(e, ERR_INVALID, "item %d needs itself", i);
    if (seen[i])
        return true;
    seen[i] = 1;
    int32_t parent = c->p->items[i].needs;
    if (parent >= 0 && !visit(c, parent, seen, e))
        return false;
    seen[i] = 2;
    return true;
}

static bool check(struct chooser *c, struct arena *a, struct err *e)
{
    const struct choice_problem *p = c->p;
    int64_t sum = 0;
    uint8_t *seen = arena_new(a, uint8_t, (size_t)p->n + 1);
    if (p->n_categories < 1 || p->n_categories > CHOICE_CATEGORIES_MAX)
        return err_set(e, ERR_INVALID, "%d categories, where 1 to %d are possible",
                       p->n_categories, CHOICE_CATEGORIES_MAX);
    for (int k = 0; k < p->n_categories; k++)
        if (p->hi[k] > CHOICE_UNITS_MAX)
            return err_set(e, ERR_INVALID, "a band reaches %d units, more than %d", p->hi[k],
                           CHOICE_UNITS_MAX);
    for (int32_t i = 0; i < p->n; i++) {
        const struct choice_item *it = &p->items[i];
        int64_t most = 0;
        if (it->category < 0 || it->category >= p->n_categories || it->needs >= p->n ||
            it->n_levels < 1 || it->n_levels > CHOICE_LEVELS_MAX)
            return err_set(e, ERR_INVALID, "item %d is not well formed", i);
        for (int32_t l = 0; l < it->n_levels; l++) {
            int64_t v = it->levels[l].value;
            if (it->levels[l].cost < 0)
                return err_set(e, ERR_INVALID, "item %d has a negative cost", i);
            most = MAX(most, v < 0 ? -v : v);
        }
        sum += most;
        if (!visit(c, i, seen, e))
            return false;
    }
    /* what bounds are missed by counts as value when they are relaxed */
    for (int k = 0; c->missed && k < p->n_categories; k++)
        sum += 2 * (int64_t)p->hi[k];
    if (sum > CHOICE_VALUE_MAX)
        return err_set(e, ERR_INVALID, "the values add up to more than %d units", CHOICE_VALUE_MAX);
    c->sum = sum;
    return true;
}

/* What an item and all that needs it can be worth at most. */
static int64_t worth(const struct chooser *c, int32_t i)
{
    const struct choice_item *it = &c->p->items[i];
    int64_t most = 0;
    for (int32_t l = 0; l < it->n_levels; l++)
        most = MAX(most, (int64_t)it->levels[l].value);
    for (int32_t k = c->first_child[i]; k >= 0; k = c->next_child[k])
        most += worth(c, k);
    return most;
}

/* A multiplier beyond what the child can bring changes nothing more. The scale is such that values
 * and multipliers together stay far from what the programs call never. */
static bool scale(struct chooser *c, struct err *e)
{
    int64_t sum = c->sum;
    c->most_pi = arena_new(c->a, int32_t, (size_t)c->n_arcs + 1);
    for (int32_t k = 0; k < c->n_arcs; k++)
        sum += 2 * (worth(c, c->arcs[k].child) + 1);
    if (sum > 2 * (int64_t)CHOICE_VALUE_MAX)
        return err_set(e, ERR_INVALID, "the values add up to more than %d units", CHOICE_VALUE_MAX);
    for (c->scale = 256; c->scale > 1 && sum * c->scale > 2 * (int64_t)CHOICE_VALUE_MAX;)
        c->scale /= 2;
    for (int32_t k = 0; k < c->n_arcs; k++)
        c->most_pi[k] = (int32_t)(worth(c, c->arcs[k].child) + 1) * c->scale;
    return true;
}

static void add_tree(struct chooser *c, struct category_program *g, int32_t item)
{
    int32_t at = g->n++;
    g->item[at] = item;
    c->position[item] = at;
    for (int32_t k = c->first_child[item]; k >= 0; k = c->next_child[k])
        if (c->p->items[k].category == c->p->items[item].category)
            add_tree(c, g, k);
    g->after[at] = g->n;
}

static void prepare(struct chooser *c)
{
    const struct choice_problem *p = c->p;
    size_t n = (size_t)p->n + 1;
    c->first_child = arena_new(c->a, int32_t, n);
    c->next_child = arena_new(c->a, int32_t, n);
    c->position = arena_new(c->a, int32_t, n);
    c->arc_of = arena_new(c->a, int32_t, n);
    c->arcs = arena_new(c->a, struct arc, n);
    for (int32_t i = 0; i < p->n; i++)
        c->first_child[i] = c->arc_of[i] = -1;
    for (int32_t i = p->n; i-- > 0;) {
        int32_t parent = p->items[i].needs;
        if (parent < 0)
            continue;
        c->next_child[i] = c->first_child[parent];
        c->first_child[parent] = i;
        if (p->items[i].category != p->items[parent].category) {
            c->arc_of[i] = c->n_arcs;
            c->arcs[c->n_arcs++] = (struct arc){i, parent};
        }
    }
    for (int k = 0; k < p->n_categories; k++) {
        struct category_program *g = &c->programs[k];
        g->lo = MAX(p->lo[k], 0);
        g->hi = MIN(p->hi[k], p->cap);
        g->width = g->hi + 1;
        g->item = arena_new(c->a, int32_t, n);
        g->after = arena_new(c->a, int32_t, n);
        for (int32_t i = 0; i < p->n; i++) {
            int32_t parent = p->items[i].needs;
            bool root = parent < 0 || p->items[parent].category != p->items[i].category;
            if (p->items[i].category == k && root)
                add_tree(c, g, i);
        }
        g->from = arena_new(c->a, int32_t, (size_t)g->n + 2);
        g->to = arena_new(c->a, int32_t, (size_t)g->n + 2);
        g->fix = arena_new(c->a, int8_t, (size_t)g->n + 1);
        g->adjust = arena_new(c->a, int32_t, (size_t)g->n + 1);
        if (g->hi < g->lo)
            continue;
        g->rows = arena_new(c->a, int32_t, ((size_t)g->n + 1) * (size_t)g->width);
        g->best = arena_new(c->a, int32_t, (size_t)(g->hi - g->lo) + 1);
        g->steps = arena_new(c->a, struct step_point, (size_t)(g->hi - g->lo) + 1);
    }
}

/* --- fixing --- */

/* False: it contradicts what is fixed already. */
static bool fix_in(const struct chooser *c, int8_t *fix, int32_t i)
{
    for (; i >= 0; i = c->p->items[i].needs) {
        if (fix[i] == FIX_OUT)
            return false;
        fix[i] = FIX_IN;
    }
    return true;
}

static bool fix_out(const struct chooser *c, int8_t *fix, int32_t i)
{
    if (fix[i] == FIX_IN)
        return false;
    fix[i] = FIX_OUT;
    for (int32_t k = c->first_child[i]; k >= 0; k = c->next_child[k])
        if (!fix_out(c, fix, k))
            return false;
    return true;
}

/* --- a node --- */

static bool active(const struct chooser *c, const int8_t *fix, int32_t arc)
{
    return fix[c->arcs[arc].parent] == FIX_OPEN && fix[c->arcs[arc].child] != FIX_OUT;
}

/* The relaxation under multipliers pi: *ret_bound is INT32_MIN when nothing fits. */
static void relax(struct chooser *c, const int8_t *fix, const int32_t *pi, int32_t *ret_bound)
{
    int32_t *adjust = c->adjust;
    memset(adjust, 0, sizeof *adjust * (size_t)c->p->n);
    for (int32_t k = 0; k < c->n_arcs; k++) {
        if (!active(c, fix, k))
            continue;
        adjust[c->arcs[k].child] -= pi[k];
        adjust[c->arcs[k].parent] += pi[k];
    }
    *ret_bound = choice_program(c, fix, adjust, c->level);
}

int32_t choice_missed(const struct chooser *c, int32_t category, int32_t cost)
{
    return MAX(0, MAX(c->missed->lo[category] - cost, cost - c->missed->hi[category]));
}

static void costs_of(const struct chooser *c, const int32_t *level, int32_t *ret_costs)
{
    memset(ret_costs, 0, sizeof *ret_costs * CHOICE_CATEGORIES_MAX);
    for (int32_t i = 0; i < c->p->n; i++)
        if (level[i] >= 0)
            ret_costs[c->p->items[i].category] += c->p->items[i].levels[level[i]].cost;
}

static int32_t true_value(const struct chooser *c, const int32_t *level, int32_t *ret_cost)
{
    int32_t value = 0, costs[CHOICE_CATEGORIES_MAX];
    *ret_cost = 0;
    costs_of(c, level, costs);
    for (int32_t k = 0; c->missed && k < c->p->n_categories; k++) {
        value -= choice_missed(c, k, costs[k]);
        *ret_cost += costs[k];
    }
    if (c->missed)
        return value - MAX(0, *ret_cost - c->missed->cap);
    for (int32_t i = 0; i < c->p->n; i++) {
        if (level[i] < 0)
            continue;
        value += c->p->items[i].levels[level[i]].value;
        *ret_cost += c->p->items[i].levels[level[i]].cost;
    }
    return value;
}

static bool keeps_needs(const struct chooser *c, const int32_t *level)
{
    for (int32_t k = 0; k < c->n_arcs; k++)
        if (level[c->arcs[k].child] >= 0 && level[c->arcs[k].parent] < 0)
            return false;
    return true;
}

static void offer(struct chooser *c, const int32_t *level)
{
    int32_t cost, value = true_value(c, level, &cost);
    for (int32_t s = cost; !c->missed && s <= c->p->cap && c->reached[s] < value; s++)
        c->reached[s] = value;
    if (c->known && value <= c->best)
        return;
    c->known = true;
    c->best = value;
    c->best_cost = cost;
    memcpy(c->best_level, level, sizeof *level * (size_t)c->p->n);
}

/* Settles every parent across categories as the relaxation has it: what then fits is a choice. */
static void repair(struct chooser *c, const int8_t *fix, const int32_t *level)
{
    int8_t *mine = c->repair_fix;
    memcpy(mine, fix, (size_t)c->p->n);
    for (int32_t k = 0; k < c->n_arcs; k++) {
        int32_t parent = c->arcs[k].parent;
        if (mine[parent] == FIX_OPEN && level[parent] >= 0)
            (void)fix_in(c, mine, parent);
    }
    for (int32_t k = 0; k < c->n_arcs; k++)
        if (mine[c->arcs[k].parent] == FIX_OPEN)
            (void)fix_out(c, mine, c->arcs[k].parent);
    memset(c->adjust, 0, sizeof *c->adjust * (size_t)c->p->n);
    if (choice_program(c, mine, c->adjust, c->repair_level) != INT32_MIN)
        offer(c, c->repair_level);
}

/* A bound in scaled units cannot be beaten in whole ones. */
static bool hopeless(const struct chooser *c, int32_t bound)
{
    return bound == INT32_MIN || (c->known && bound / c->scale <= c->best);
}

/* Moves the multipliers along the violations; false: they are all kept, exactly. */
static bool move(struct chooser *c, const int8_t *fix, int32_t *pi, const int32_t *level,
                 int32_t bound, double pace)
{
    int32_t n = 0;
    for (int32_t k = 0; k < c->n_arcs; k++) {
        int32_t g = (level[c->arcs[k].child] >= 0) - (level[c->arcs[k].parent] >= 0);
        c->gradient[k] = active(c, fix, k) && (g > 0 || pi[k] > 0) ? (int8_t)g : 0;
        n += c->gradient[k] != 0;
    }
    if (!n)
        return false;
    double gap = c->known ? (double)bound - (double)c->best * c->scale : bound * 0.01;
    int32_t step = (int32_t)MAX(pace * gap / n, 1);
    for (int32_t k = 0; k < c->n_arcs; k++)
        pi[k] = MIN(MAX(0, pi[k] + MIN(step, c->most_pi[k]) * c->gradient[k]), c->most_pi[k]);
    return true;
}

/* The open parent of the arc that troubles most: violated first, then by multiplier. */
static int32_t troubled(const struct chooser *c, const int8_t *fix, const int32_t *pi,
                        const int32_t *level)
{
    int64_t most = 0;
    int32_t at = -1;
    for (int32_t k = 0; k < c->n_arcs; k++) {
        bool child = level[c->arcs[k].child] >= 0, parent = level[c->arcs[k].parent] >= 0;
        if (!active(c, fix, k))
            continue;
        int64_t trouble = child && !parent ? (int64_t)pi[k] + (1 << 28)
                          : child != parent ? pi[k]
                                            : 0;
        if (trouble > most) {
            most = trouble;
            at = c->arcs[k].parent;
        }
    }
    return at;
}

enum { ROOT_STEPS = 25, NODE_STEPS = 6 };

static void explore(struct chooser *c, const int8_t *fix, const int32_t *from, int depth)
{
    size_t n = (size_t)c->p->n;
    int32_t *pi = arena_new(&c->tmp, int32_t, (size_t)c->n_arcs + 1);
    int32_t *kept = arena_new(&c->tmp, int32_t, (size_t)c->n_arcs + 1);
    int32_t least = INT32_MAX, parent = -1;
    memcpy(pi, from, sizeof *pi * (size_t)c->n_arcs);
    memcpy(kept, pi, sizeof *pi * (size_t)c->n_arcs);
    if (c->most_nodes && c->nodes >= c->most_nodes) {
        c->stopped = true;
        return;
    }
    c->nodes++;
    double pace = 1;
    for (int step = 0; step < (depth ? NODE_STEPS : ROOT_STEPS); step++) {
        int32_t bound;
        relax(c, fix, pi, &bound);
        bool over = hopeless(c, bound);
        if (!depth && !c->missed && (over || step == 0 || step == ROOT_STEPS - 1))
            choice_curve_bound(c);
        if (over)
            return;
        if (keeps_needs(c, c->level))
            offer(c, c->level);
        else if (step == 0 || bound < least)
            repair(c, fix, c->level);
        if (hopeless(c, bound))
            return;
        if (bound < least || parent < 0) {
            least = bound;
            memcpy(kept, pi, sizeof *pi * (size_t)c->n_arcs);
            parent = troubled(c, fix, pi, c->level);
        } else {
            pace /= 2;
        }
        if (!move(c, fix, pi, c->level, bound, pace))
            break;
    }
    if (parent < 0) /* nothing to settle: the last relaxation was a choice */
        return;
    int8_t *sub = arena_new(&c->tmp, int8_t, n + 1);
    for (int in = 1; in >= 0; in--) {
        memcpy(sub, fix, n);
        if (in ? fix_in(c, sub, parent) : fix_out(c, sub, parent))
            explore(c, sub, kept, depth + 1);
    }
}

/* --- solving --- */

/* Memory of one search: c->a for what lives as long, `keep` for what the answer shows. */
static void make_room(struct chooser *c, struct arena *keep)
{
    size_t n = (size_t)c->p->n + 1, units = (size_t)MAX(c->p->cap, 0) + 1;
    c->adjust = arena_new(c->a, int32_t, n);
    c->level = arena_new(c->a, int32_t, n);
    c->repair_level = arena_new(c->a, int32_t, n);
    c->best_level = arena_new(keep, int32_t, n);
    c->repair_fix = arena_new(c->a, int8_t, n);
    c->gradient = arena_new(c->a, int8_t, n);
    if (c->missed)
        return;
    c->reached = arena_new(keep, int32_t, units);
    c->bound = arena_new(keep, int32_t, units);
    for (size_t s = 0; s < units; s++) {
        c->reached[s] = INT32_MIN;
        c->bound[s] = INT32_MAX;
    }
}

/* False: e is filled. */
static bool search(struct chooser *c, struct arena *keep, struct err *e)
{
    if (!check(c, c->a, e))
        return false;
    prepare(c);
    if (!scale(c, e))
        return false;
    make_room(c, keep);
    int8_t *fix = arena_new(c->a, int8_t, (size_t)c->p->n + 1);
    bool good = true;
    for (int32_t i = 0; i < c->p->n; i++)
        if (c->p->items[i].mandatory)
            good = good && fix_in(c, fix, i);
    for (int k = 0; k < c->p->n_categories; k++)
        good = good && c->programs[k].hi >= c->programs[k].lo;
    if (good)
        explore(c, fix, arena_new(c->a, int32_t, (size_t)c->n_arcs + 1), 0);
    return true;
}

/* The same items without value, any cost: what is worth most misses the bounds by least. */
static bool smallest_relaxation(const struct choice_problem *p, struct choice_relaxation *ret,
                                struct err *e)
{
    enum { NODES = 2000 };
    struct arena mem = ARENA_INIT;
    struct choice_problem wide = *p;
    struct choice_item *items = arena_new(&mem, struct choice_item, (size_t)p->n + 1);
    int64_t most[CHOICE_CATEGORIES_MAX] = {0}, all = 0;
    struct chooser c = {
        .a = &mem, .p = &wide, .tmp = ARENA_INIT, .missed = p, .most_nodes = NODES};
    for (int32_t i = 0; i < p->n; i++) {
        int32_t cost = 0;
        items[i] = p->items[i];
        for (int32_t l = 0; l < items[i].n_levels; l++) {
            items[i].levels[l].value = 0;
            cost = MAX(cost, items[i].levels[l].cost);
        }
        most[items[i].category] += cost;
    }
    for (int32_t k = 0; k < p->n_categories; k++) {
        wide.lo[k] = 0;
        wide.hi[k] = (int32_t)MIN(most[k], (int64_t)CHOICE_UNITS_MAX);
        all += wide.hi[k];
    }
    wide.cap = (int32_t)all;
    wide.items = items;
    bool good = search(&c, &mem, e);
    struct choice_relaxation r = {{0}, {0}, 0, c.known, !c.stopped};
    if (good && c.known) {
        int32_t costs[CHOICE_CATEGORIES_MAX], sum = 0;
        costs_of(&c, c.best_level, costs);
        for (int32_t k = 0; k < p->n_categories; k++) {
            r.lo_less[k] = MAX(0, p->lo[k] - costs[k]);
            r.hi_more[k] = MAX(0, costs[k] - p->hi[k]);
            sum += costs[k];
        }
        r.cap_more = MAX(0, sum - p->cap);
    }
    *ret = r;
    arena_release(&c.tmp);
    arena_release(&mem);
    return good;
}

bool choice_solve(struct arena *a, const struct choice_problem *p, struct choice_answer *ret,
                  struct err *e)
{
    struct arena mem = ARENA_INIT;
    struct chooser c = {.a = &mem, .p = p, .tmp = ARENA_INIT};
    struct choice_answer r = {0};
    bool good = search(&c, a, e);
    if (good) {
        r = (struct choice_answer){.feasible = c.known,
                                   .value = c.best,
                                   .cost = c.best_cost,
                                   .level = c.best_level,
                                   .nodes = c.nodes,
                                   .programs = c.count};
        r.curve = (struct choice_curve){0, p->cap + 1, c.reached, c.bound};
        for (int32_t s = 0; s <= p->cap; s++)
            if (c.bound[s] != INT32_MIN && c.bound[s] != INT32_MAX)
                c.bound[s] /= c.scale;
        if (c.known)
            c.bound[p->cap] = c.best;
        good = c.known || smallest_relaxation(p, &r.relaxation, e);
        *ret = r;
    }
    arena_release(&c.tmp);
    arena_release(&mem);
    return good;
}
