/* choice_program.c - tree knapsacks by category in whole units, and their combination. */
#include "engine/choice_int.h"

/* Far below any sum of values, far above INT32_MIN: adding values to it never wraps. */
#define NEVER (-(1 << 30))
#define NEVER_ABOVE (-(1 << 29)) /* what is below cannot be reached */

#if defined(__x86_64__) && defined(__GNUC__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

typedef int32_t lanes __attribute__((vector_size(32), aligned(4), may_alias));
enum { LANES = 8 };

/* to[i] = max(to[i], from[i] + add), i < n. */
WIDE static void raise_to(int32_t *to, const int32_t *from, int32_t add, int32_t n)
{
    int32_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        lanes x = *(const lanes *)(const void *)(from + i) + add;
        lanes y = *(const lanes *)(const void *)(to + i);
        lanes more = x > y;
        *(lanes *)(void *)(to + i) = (x & more) | (y & ~more);
    }
    for (; i < n; i++)
        to[i] = MAX(to[i], from[i] + add);
}

static void fill(int32_t *to, int32_t n, int32_t v)
{
    for (int32_t i = 0; i < n; i++)
        to[i] = v;
}

/* --- one category --- */

static int32_t most_cost(const struct choice_item *it)
{
    int32_t most = 0;
    for (int32_t l = 0; l < it->n_levels; l++)
        most = MAX(most, it->levels[l].cost);
    return most;
}

/* Row k can be reached up to the cost of all that follows, and matters down to what the items before
 * it leave of the lower bound. */
static void windows(struct chooser *c, struct category_program *g)
{
    int64_t after = 0, before = 0;
    for (int32_t k = g->n; k >= 0; k--) {
        g->to[k] = (int32_t)MIN(after, (int64_t)g->hi);
        if (k)
            after += most_cost(&c->p->items[g->item[k - 1]]);
    }
    for (int32_t k = 0; k <= g->n; k++) {
        g->from[k] = (int32_t)MAX(0, g->lo - before);
        if (k < g->n)
            before += most_cost(&c->p->items[g->item[k]]);
    }
}

static int32_t *row(const struct category_program *g, int32_t k)
{
    return g->rows + (size_t)k * (size_t)g->width;
}

static void compute_row(struct chooser *c, struct category_program *g, int32_t k)
{
    const struct choice_item *it = &c->p->items[g->item[k]];
    int32_t from = g->from[k], to = g->to[k], *out = row(g, k);
    if (to < from)
        return;
    int32_t at = from;
    if (g->fix[k] != FIX_IN) {
        int32_t other = g->after[k], end = MIN(to, g->to[other]);
        if (end >= from) {
            memcpy(out + from, row(g, other) + from, sizeof *out * (size_t)(end - from + 1));
            at = end + 1;
        }
    }
    fill(out + at, to - at + 1, NEVER);
    if (g->fix[k] == FIX_OUT)
        return;
    for (int32_t l = 0; l < it->n_levels; l++) {
        int32_t cost = it->levels[l].cost;
        int32_t s = MAX(from, cost + g->from[k + 1]), end = MIN(to, cost + g->to[k + 1]);
        if (end >= s)
            raise_to(out + s, row(g, k + 1) + (s - cost),
                     it->levels[l].value * c->scale + g->adjust[k], end - s + 1);
    }
}

static void compute_category(struct chooser *c, struct category_program *g)
{
    windows(c, g);
    if (g->from[g->n] <= g->to[g->n])
        row(g, g->n)[0] = 0;
    for (int32_t k = g->n; k-- > 0;)
        compute_row(c, g, k);
    int32_t best = NEVER, category = (int32_t)(g - c->programs);
    g->n_steps = 0;
    for (int32_t s = g->lo; s <= g->hi; s++) {
        int32_t v = s <= g->to[0] ? row(g, 0)[s] : NEVER;
        if (c->missed && v > NEVER_ABOVE)
            v -= choice_missed(c, category, s) * c->scale;
        if (v > best && v > NEVER_ABOVE) {
            best = v;
            g->steps[g->n_steps++] = (struct step_point){s, v};
        }
        g->best[s - g->lo] = best;
    }
    c->count++;
}

/* Only what changed since is computed again. */
static void refresh(struct chooser *c, struct category_program *g, const int8_t *fix,
                    const int32_t *adjust)
{
    bool same = g->ready;
    for (int32_t k = 0; k < g->n; k++) {
        int32_t i = g->item[k];
        same = same && g->fix[k] == fix[i] && g->adjust[k] == adjust[i];
        g->fix[k] = fix[i];
        g->adjust[k] = adjust[i];
    }
    if (!same)
        compute_category(c, g);
    g->ready = true;
}

/* The levels behind row 0 at the step of `best` for costs up to s. */
static void trace(const struct chooser *c, const struct category_program *g, int32_t s,
                  int32_t *level)
{
    int32_t i = g->n_steps;
    while (g->steps[i - 1].cost > s)
        i--;
    s = g->steps[i - 1].cost;
    for (int32_t k = 0; k < g->n;) {
        const struct choice_item *it = &c->p->items[g->item[k]];
        int32_t v = row(g, k)[s], other = g->after[k];
        if (g->fix[k] != FIX_IN && s >= g->from[other] && s <= g->to[other] &&
            row(g, other)[s] == v) {
            for (; k < other; k++)
                level[g->item[k]] = -1;
            continue;
        }
        int32_t l = 0, rest = 0;
        for (; l < it->n_levels; l++) {
            rest = s - it->levels[l].cost;
            if (rest >= g->from[k + 1] && rest <= g->to[k + 1] &&
                row(g, k + 1)[rest] + it->levels[l].value * c->scale + g->adjust[k] == v)
                break;
        }
        BUG_IF(l == it->n_levels);
        level[g->item[k]] = l;
        s = rest;
        k++;
    }
}

/* --- all categories --- */

/* Categories [first, n) folded: best[s] at a total cost from lo to lo + s. */
struct fold {
    int32_t lo, hi;
    int32_t *best;
};

static struct fold fold_with(struct arena *a, const struct fold *f,
                             const struct category_program *g)
{
    struct fold r = {f->lo + g->lo, f->hi + g->hi, NULL};
    r.best = arena_new(a, int32_t, (size_t)(r.hi - r.lo) + 1);
    fill(r.best, r.hi - r.lo + 1, NEVER);
    for (int32_t i = 0; i < g->n_steps; i++)
        raise_to(r.best + (g->steps[i].cost - g->lo), f->best, g->steps[i].value,
                 f->hi - f->lo + 1);
    int32_t best = NEVER;
    for (int32_t s = 0; s <= r.hi - r.lo; s++)
        r.best[s] = best = MAX(best, r.best[s]);
    return r;
}

/* folds[k]: categories from .. from + k */
static void fold_range(struct chooser *c, struct arena *a, int32_t from, int32_t to,
                       struct fold *folds)
{
    const struct category_program *g = &c->programs[from];
    folds[0] = (struct fold){g->lo, g->hi, c->programs[from].best};
    for (int32_t k = from + 1; k < to; k++)
        folds[k - from] = fold_with(a, &folds[k - from - 1], &c->programs[k]);
}

/* The levels of categories from .. to at a total cost up to s. */
static void trace_range(const struct chooser *c, const struct fold *folds, int32_t from, int32_t to,
                        int32_t s, int32_t *level)
{
    for (int32_t k = to - 1; k > from; k--) {
        const struct category_program *g = &c->programs[k];
        const struct fold *rest = &folds[k - from - 1], *all = &folds[k - from];
        int32_t want = all->best[MIN(s, all->hi) - all->lo], i = 0;
        for (; i < g->n_steps; i++) {
            int32_t left = MIN(s - g->steps[i].cost, rest->hi);
            if (left >= rest->lo && rest->best[left - rest->lo] + g->steps[i].value == want)
                break;
        }
        BUG_IF(i == g->n_steps);
        trace(c, g, g->steps[i].cost, level);
        s -= g->steps[i].cost;
    }
    trace(c, &c->programs[from], s, level);
}

/* The best pair of two folds when the cap may be passed at a price; *ret_right: what is left for the
 * right one. */
static int32_t pair_beyond(const struct chooser *c, const struct fold *l, const struct fold *r,
                           int32_t *ret_left, int32_t *ret_right)
{
    int32_t best = NEVER;
    for (int32_t s = l->lo; s <= l->hi; s++) {
        int32_t x = l->best[s - l->lo];
        if (x <= NEVER_ABOVE || (s > l->lo && x == l->best[s - l->lo - 1]))
            continue;
        for (int32_t t = r->lo; t <= r->hi; t++) {
            int32_t y = r->best[t - r->lo];
            if (y <= NEVER_ABOVE || (t > r->lo && y == r->best[t - r->lo - 1]))
                continue;
            int32_t v = x + y - MAX(0, s + t - c->missed->cap) * c->scale;
            if (v > best) {
                best = v;
                *ret_left = s;
                *ret_right = t;
            }
        }
    }
    return best;
}

int32_t choice_program(struct chooser *c, const int8_t *fix, const int32_t *adjust, int32_t *level)
{
    struct arena a = ARENA_INIT;
    struct fold left[CHOICE_CATEGORIES_MAX], right[CHOICE_CATEGORIES_MAX];
    int32_t n = c->p->n_categories, half = (n + 1) / 2, best = NEVER, at = 0, rest = 0;
    for (int32_t k = 0; k < n; k++) {
        refresh(c, &c->programs[k], fix, adjust);
        if (!c->programs[k].n_steps)
            return INT32_MIN;
    }
    fold_range(c, &a, 0, half, left);
    const struct fold *l = &left[half - 1], none = {0, 0, &(int32_t){0}}, *r = &none;
    if (half < n) {
        fold_range(c, &a, half, n, right);
        r = &right[n - half - 1];
    }
    if (c->missed)
        best = pair_beyond(c, l, r, &at, &rest);
    for (int32_t s = l->lo; !c->missed && s <= l->hi && c->p->cap - s >= r->lo; s++) {
        int32_t v = l->best[s - l->lo] + r->best[MIN(c->p->cap - s, r->hi) - r->lo];
        if (v > best) {
            best = v;
            at = s;
            rest = c->p->cap - s;
        }
    }
    if (best > NEVER_ABOVE) {
        trace_range(c, left, 0, half, at, level);
        if (half < n)
            trace_range(c, right, half, n, rest, level);
    }
    arena_release(&a);
    return best > NEVER_ABOVE ? best : INT32_MIN;
}

void choice_curve_bound(struct chooser *c)
{
    struct arena a = ARENA_INIT;
    struct fold all[CHOICE_CATEGORIES_MAX];
    int32_t n = c->p->n_categories;
    for (int32_t k = 0; k < n; k++)
        if (!c->programs[k].n_steps)
            return;
    fold_range(c, &a, 0, n, all);
    const struct fold *f = &all[n - 1];
    for (int32_t s = 0; s <= c->p->cap; s++) {
        int32_t v = s < f->lo ? NEVER : f->best[MIN(s, f->hi) - f->lo];
        c->bound[s] = MIN(c->bound[s], v > NEVER_ABOVE ? v : INT32_MIN);
    }
    arena_release(&a);
}
