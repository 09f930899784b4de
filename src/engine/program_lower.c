/* program_lower.c - from nodes and sums to steps: what is wanted, in order, in few passes over
 * memory.
 *
 * Registers hold a node while it lives. Sums of one node are one step; a node that grows by the
 * same factor from month to month becomes one step with all its sums (STEP_SERIES). */
#include "engine/program_int.h"

/* Consecutive sums of one node. */
struct sum_group {
    node n; /* or NODE_NONE: an output's */
    uint32_t from;
    uint32_t *outputs;
    uint32_t n_outputs;
};

struct lowering {
    struct program *p;
    uint32_t *uses, *reg, *free; /* the least free register is taken, which keeps them few */
    size_t n_free;
    bool *done;
    struct sum_group *groups;
    size_t n_groups;
};

static void count_uses(struct lowering *l)
{
    struct program *p = l->p;
    for (size_t i = 0; i < l->n_groups; i++)
        if (l->groups[i].n != NODE_NONE)
            l->uses[l->groups[i].n]++;
    for (uint32_t i = p->n_nodes; i-- > 0;) {
        const struct program_node *n = &p->nodes[i];
        if (!l->uses[i] || n->code == NODE_CONST || n->code <= STEP_UNIFORM)
            continue;
        l->uses[n->a]++;
        if (n->b != NODE_NONE)
            l->uses[n->b]++;
    }
}

static void group_sums(struct lowering *l)
{
    const struct program *p = l->p;
    uint32_t *outputs = arena_new(p->a, uint32_t, p->n_sums + 1);
    l->groups = arena_new(p->a, struct sum_group, p->n_sums + 1);
    for (size_t i = 0; i < p->n_sums; i++) {
        const struct program_sum *s = &p->sums[i];
        struct sum_group *g = l->n_groups ? &l->groups[l->n_groups - 1] : NULL;
        outputs[i] = s->output;
        if (s->n != NODE_NONE && g && g->n == s->n)
            g->n_outputs++;
        else
            l->groups[l->n_groups++] = (struct sum_group){s->n, s->from, outputs + i, 1};
    }
}

static void emit(struct program *p, struct kernel_step s)
{
    p->steps = arena_grow(p->a, p->steps, sizeof *p->steps, &p->cap_steps, p->n_steps + 1);
    p->steps[p->n_steps++] = s;
}

static void used(struct lowering *l, node n)
{
    if (n != NODE_NONE && --l->uses[n] == 0)
        l->free[l->n_free++] = l->reg[n];
}

static uint32_t input_of(const struct program *p, node n)
{
    for (uint32_t i = 0; i < p->n_inputs; i++)
        if (p->inputs[i] == n)
            return i;
    UNREACHABLE();
}

/* A node after those it needs. Depth is bounded by the longest chain of a line's months. */
static void lower(struct lowering *l, node n) /* NOLINT(misc-no-recursion) */
{
    struct program *p = l->p;
    const struct program_node *at = &p->nodes[n];
    bool leaf = at->code <= STEP_UNIFORM;
    if (l->done[n])
        return;
    l->done[n] = true;
    if (!leaf) {
        lower(l, at->a);
        if (at->b != NODE_NONE)
            lower(l, at->b);
    }
    /* a register of its own: kernels take it that results overlap nothing */
    l->reg[n] = l->n_free ? l->free[--l->n_free] : p->n_registers++;
    struct kernel_step s = {.code = (enum step_code)at->code, .dst = l->reg[n]};
    if (leaf) {
        s.input = input_of(p, n);
    } else {
        s.a = l->reg[at->a];
        s.b = at->b != NODE_NONE ? l->reg[at->b] : s.a;
        memcpy(s.k, at->k, sizeof s.k);
    }
    p->step_of[n] = (uint32_t)p->n_steps + 1;
    emit(p, s);
    if (!leaf) {
        used(l, at->a);
        used(l, at->b);
    }
}

/* --- sums --- */

/* A run of groups whose nodes are a, a x by, a x by x by, ..., wanted nowhere else. */
struct series {
    size_t n;
    node by;
    uint32_t total; /* the place of an output that every group names; UINT32_MAX: none */
};

static bool grows(const struct lowering *l, const struct sum_group *g, node *by)
{
    const struct program_node *next = g[1].n == NODE_NONE ? NULL : &l->p->nodes[g[1].n];
    if (!next || next->code != STEP_MUL || l->done[g[1].n] || next->a == next->b)
        return false;
    *by = next->a == g->n ? next->b : next->a;
    return next->a == g->n || next->b == g->n;
}

static bool same_outputs(const struct sum_group *g, const struct sum_group *next, uint32_t total)
{
    return g->n_outputs == next->n_outputs &&
           (total == UINT32_MAX || g->outputs[total] == next->outputs[total]);
}

static struct series series_at(const struct lowering *l, size_t at)
{
    const struct sum_group *g = &l->groups[at];
    struct series s = {.n = 1, .total = UINT32_MAX};
    size_t most = MIN(l->n_groups - at, (size_t)SERIES_MAX / g->n_outputs);
    if (g->n == NODE_NONE || most < 2 || !grows(l, g, &s.by))
        return s;
    for (uint32_t k = 0; g->n_outputs > 1 && k < MIN(g->n_outputs, g[1].n_outputs); k++)
        if (g->outputs[k] == g[1].outputs[k])
            s.total = k;
    for (; s.n < most && same_outputs(g, g + s.n, s.total); s.n++) {
        node by;
        if (!grows(l, g + s.n - 1, &by) || by != s.by || (s.n > 1 && l->uses[g[s.n - 1].n] != 2))
            break;
    }
    /* wanted elsewhere: computed one by one */
    while (s.n > 1 && l->uses[g[s.n - 1].n] != 1)
        s.n--;
    return s;
}

static void emit_series(struct lowering *l, const struct sum_group *g, const struct series *s)
{
    struct program *p = l->p;
    uint32_t *outputs = arena_new(p->a, uint32_t, s->n * g->n_outputs), n = 0;
    lower(l, g->n);
    lower(l, s->by);
    for (size_t i = 0; i < s->n; i++) {
        for (uint32_t k = 0; k < g->n_outputs; k++)
            if (k != s->total)
                outputs[n++] = g[i].outputs[k];
        l->done[g[i].n] = true;
        if (i)
            used(l, s->by);
    }
    emit(p, (struct kernel_step){.code = STEP_SERIES,
                                 .dst = s->total == UINT32_MAX ? s->total : g->outputs[s->total],
                                 .a = l->reg[g->n],
                                 .b = l->reg[s->by],
                                 .k = {(double)(n / s->n)},
                                 .outputs = outputs,
                                 .n_outputs = n});
    used(l, g->n);
    used(l, g->n); /* by the second month */
}

static void emit_sum(struct program *p, const uint32_t *outputs, uint32_t n, uint32_t reg)
{
    for (uint32_t k = 0; k < n; k += SERIES_MAX)
        emit(p, (struct kernel_step){.code = STEP_SUM,
                                     .a = reg,
                                     .b = reg,
                                     .outputs = outputs + k,
                                     .n_outputs = MIN(n - k, (uint32_t)SERIES_MAX)});
}

static void emit_sums(struct lowering *l, const struct sum_group *g)
{
    struct program *p = l->p;
    uint32_t n = 0, *once = arena_new(p->a, uint32_t, g->n_outputs);
    if (g->n == NODE_NONE) {
        emit(p, (struct kernel_step){.code = STEP_SUM_OUTPUT, .dst = g->outputs[0], .a = g->from});
        return;
    }
    lower(l, g->n);
    for (uint32_t k = 0; k < g->n_outputs; k++) {
        uint32_t output = g->outputs[k], before = 0, times = 0;
        for (uint32_t i = 0; i < g->n_outputs; i++) {
            before += i < k && g->outputs[i] == output;
            times += g->outputs[i] == output;
        }
        if (times == 1)
            once[n++] = output;
        else if (!before) /* what is the same in all months, to a line's total */
            emit(p, (struct kernel_step){.code = STEP_SUM_TIMES,
                                         .dst = output,
                                         .a = l->reg[g->n],
                                         .b = l->reg[g->n],
                                         .k = {times}});
    }
    emit_sum(p, once, n, l->reg[g->n]);
    used(l, g->n);
}

void program_finish(struct program *p)
{
    struct lowering l = {.p = p,
                         .uses = arena_new(p->a, uint32_t, p->n_nodes + 1),
                         .reg = arena_new(p->a, uint32_t, p->n_nodes + 1),
                         .free = arena_new(p->a, uint32_t, p->n_nodes + 1),
                         .done = arena_new(p->a, bool, p->n_nodes + 1)};
    p->step_of = arena_new(p->a, uint32_t, p->n_nodes + 1);
    group_sums(&l);
    count_uses(&l);
    for (size_t i = 0; i < l.n_groups;) {
        struct series s = series_at(&l, i);
        if (s.n > 1)
            emit_series(&l, &l.groups[i], &s);
        else
            emit_sums(&l, &l.groups[i]);
        i += s.n;
    }
}
