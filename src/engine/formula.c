/* formula.c - formulas and drivers by month. */
#include "engine/world_int.h"

double formula_at(const struct world *w, const struct formula *f, int32_t m)
{
    double stack[FORMULA_STACK * 2];
    size_t n = 0;
    m = MAX(0, MIN(m, w->n_horizon - 1));
    for (size_t i = 0; i < f->n; i++) {
        const struct formula_step *s = &f->steps[i];
        if (s->op == OP_NUMBER || s->op == OP_DRIVER) {
            BUG_IF(n >= ARRAY_LEN(stack));
            stack[n++] = s->op == OP_NUMBER
                             ? s->number
                             : w->drivers[(size_t)s->driver * (size_t)w->n_horizon + (size_t)m];
            continue;
        }
        if (s->op == OP_NEG) {
            stack[n - 1] = -stack[n - 1];
            continue;
        }
        double b = stack[--n], *a = &stack[n - 1];
        *a = s->op == OP_ADD   ? *a + b
             : s->op == OP_SUB ? *a - b
             : s->op == OP_MUL ? *a * b
                               : *a / b;
    }
    return stack[0];
}

/* In an order in which every formula finds what it names. */
void compute_drivers(struct world *w)
{
    const struct plan *p = w->p;
    for (size_t i = 0; i < p->drivers.n; i++) {
        uint32_t d = p->driver_order[i];
        world_value(w, p->drivers.items[d].q, 0, w->n_horizon,
                    w->drivers + (size_t)d * (size_t)w->n_horizon);
    }
}

static bool names_a_faulty_driver(const struct world *w, const struct formula *f, int32_t m)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->steps[i].op == OP_DRIVER &&
            !__builtin_isfinite(
                w->drivers[(size_t)f->steps[i].driver * (size_t)w->n_horizon + (size_t)m]))
            return true;
    return false;
}

static void check_formula(struct diags *d, const struct world *w, const struct formula *f,
                          int32_t from, int32_t to, bool may_be_negative)
{
    char text[MONTH_TEXT];
    for (int32_t m = from; m <= to; m++) {
        double v = formula_at(w, f, m);
        str when = month_format(w->p->header.first + m, text);
        if (!__builtin_isfinite(v) && names_a_faulty_driver(w, f, m))
            return; /* told where that driver stands */
        if (!__builtin_isfinite(v)) {
            yaml_fault(d, f->at, STR_NONE, "the formula divides by zero or is too large in %.*s",
                       FMT(when));
            return;
        }
        if (v < 0 && !may_be_negative) {
            yaml_fault(d, f->at, STR_NONE, "the formula gives %g in %.*s, less than zero", v,
                       FMT(when));
            return;
        }
    }
}

void world_check(struct arena *a, const struct plan *p, struct diags *d)
{
    const struct world *w = world_new(a, p, NULL);
    for (size_t i = 0; i < p->n_quantities; i++) {
        const struct quantity *q = p->quantities[i];
        bool driver = str_starts(q->path, S("drivers."));
        for (size_t k = 0; k < q->n; k++) {
            const struct point *pt = &q->points[k];
            int32_t from =
                pt->at == MONTH_NONE ? 0 : MAX(0, MIN(pt->at - p->header.first, w->n_horizon - 1));
            if (pt->formula)
                check_formula(d, w, pt->formula, from, pt->at == MONTH_NONE ? w->n - 1 : from,
                              driver);
        }
    }
}
