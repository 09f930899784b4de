/* program_slice.c - which steps a run needs: those that lead to the outputs it keeps. */
#include "engine/program_int.h"

/* Of registers and outputs, while steps are gone through in one direction. */
struct marks {
    bool *registers, *outputs;
};

static struct marks marks_new(struct arena *a, const struct program *p)
{
    return (struct marks){arena_new(a, bool, p->n_registers + 1),
                          arena_new(a, bool, p->n_outputs + 1)};
}

static bool sums(const struct kernel_step *s)
{
    return s->code >= STEP_SUM && s->code <= STEP_SERIES;
}

static bool has_output(const struct kernel_step *s)
{
    return s->code != STEP_SUM && s->dst != UINT32_MAX;
}

static bool any_output(const struct kernel_step *s, const bool *outputs)
{
    bool any = has_output(s) && outputs[s->dst];
    for (uint32_t k = 0; k < s->n_outputs; k++)
        any = any || outputs[s->outputs[k]];
    return any;
}

/* moved[i]: step i depends on a fixed node. */
static void mark_moved(struct marks m, const struct kernel_step *steps, size_t n, bool *moved)
{
    for (size_t i = 0; i < n; i++) {
        const struct kernel_step *s = &steps[i];
        if (s->code == STEP_SUM_OUTPUT)
            moved[i] = m.outputs[s->a];
        else if (s->code > STEP_UNIFORM && s->code != STEP_FIXED)
            moved[i] = m.registers[s->a] || m.registers[s->b];
        else
            moved[i] = s->code == STEP_FIXED;
        if (!sums(s)) {
            m.registers[s->dst] = moved[i];
            continue;
        }
        for (uint32_t k = 0; moved[i] && k < s->n_outputs; k++)
            m.outputs[s->outputs[k]] = true;
        if (moved[i] && has_output(s))
            m.outputs[s->dst] = true;
    }
}

/* needed[i]: step i leads to an output marked in m. only: sums that are not in it count as none. */
static void mark_needed(struct marks m, const struct kernel_step *steps, size_t n, const bool *only,
                        bool *needed)
{
    for (size_t i = n; i-- > 0;) {
        const struct kernel_step *s = &steps[i];
        if (sums(s)) {
            needed[i] = (!only || only[i]) && any_output(s, m.outputs);
            if (needed[i] && s->code == STEP_SUM_OUTPUT) {
                m.outputs[s->a] = true;
                continue;
            }
        } else {
            needed[i] = m.registers[s->dst];
            m.registers[s->dst] = false;
        }
        if (needed[i] && s->code > STEP_UNIFORM && s->code != STEP_FIXED) {
            m.registers[s->a] = true;
            m.registers[s->b] = true;
        }
    }
}

const struct kernel_step *program_slice(struct arena *a, const struct program *p,
                                        const struct kernel_step *steps, double *const *kept,
                                        bool moved_only, size_t *ret_n)
{
    bool *moved = arena_new(a, bool, p->n_steps + 1), *needed = arena_new(a, bool, p->n_steps + 1);
    struct kernel_step *slice = arena_new(a, struct kernel_step, p->n_steps + 1);
    struct marks wanted = marks_new(a, p);
    for (uint32_t o = 0; o < p->n_outputs; o++)
        wanted.outputs[o] = kept && kept[o];
    mark_moved(marks_new(a, p), steps, p->n_steps, moved);
    mark_needed(wanted, steps, p->n_steps, moved_only ? moved : NULL, needed);
    *ret_n = 0;
    for (size_t i = 0; i < p->n_steps; i++)
        if (needed[i])
            slice[(*ret_n)++] = steps[i];
    return slice;
}
