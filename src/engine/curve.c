/* curve.c - the months of one value: constant, curve, schedule, formula, draw, currency, change. */
#include "core/dist.h"
#include "core/mathfn.h"
#include "engine/world_int.h"

static double number_value(const struct world *w, const struct quantity *q, const struct number *v)
{
    if (!v->ranged || !w->c.z)
        return v->point;
    return dist_at(dist_kind(v->lo, v->hi, q->share), v->lo, v->point, v->hi, w->c.z[q->index],
                   w->p->header.z_end);
}

static double point_value(const struct world *w, const struct quantity *q, const struct point *p,
                          int32_t m)
{
    return p->formula ? formula_at(w, p->formula, m) : number_value(w, q, &p->v);
}

/* Known at some months; geometric between positive points, else linear; constant outside. */
static void curve_months(const struct world *w, const struct quantity *q, int32_t n, double *out)
{
    month first = w->p->header.first;
    size_t k = 0; /* the point after month m */
    double before = 0, after = 0;
    size_t have = SIZE_MAX; /* the k for which before and after are known */
    for (int32_t m = 0; m < n; m++) {
        while (k < q->n && q->points[k].at <= first + m)
            k++;
        if (k != have) {
            if (k > 0)
                before = point_value(w, q, &q->points[k - 1], q->points[k - 1].at - first);
            if (k < q->n)
                after = point_value(w, q, &q->points[k], q->points[k].at - first);
            have = k;
        }
        if (k == 0) {
            out[m] = after;
        } else if (k == q->n || q->points[k - 1].at == first + m) {
            out[m] = before;
        } else {
            double t = (double)(first + m - q->points[k - 1].at) /
                       (double)(q->points[k].at - q->points[k - 1].at);
            out[m] = before > 0 && after > 0 ? before * math_pow(after / before, t)
                                             : before + (after - before) * t;
        }
    }
}

static void schedule_months(const struct world *w, const struct quantity *q, int32_t n, double *out)
{
    month first = w->p->header.first;
    for (int32_t m = 0; m < n; m++)
        out[m] = 0;
    for (size_t k = 0; k < q->n; k++) {
        int32_t m = q->points[k].at - first;
        if (m >= 0 && m < n)
            out[m] = point_value(w, q, &q->points[k], m);
    }
}

static const struct change *first_change(const struct world *w, const struct quantity *q)
{
    uint32_t at = w->change_of ? w->change_of[q->index] : 0;
    return at ? &w->c.changes[at - 1] : NULL;
}

/* From the first change of q on; changes apply in their order. */
static void apply_changes(const struct world *w, const struct quantity *q, int32_t n, double *out)
{
    const struct change *c = first_change(w, q);
    if (!c)
        return;
    for (const struct change *end = w->c.changes + w->c.n_changes; c < end; c++) {
        if (c->kind == CHANGE_SCALE_LINE || c->index != q->index)
            continue;
        for (int32_t m = 0; m < n; m++)
            if (c->from == MONTH_NONE || w->p->header.first + m >= c->from)
                out[m] = c->kind == CHANGE_SET_VALUE ? c->by : out[m] * c->by;
    }
}

void world_value(const struct world *w, const struct quantity *q, month once, int32_t n,
                 double *out)
{
    if (q->form == FORM_CURVE) {
        curve_months(w, q, n, out);
    } else if (q->form == FORM_SCHEDULE) {
        schedule_months(w, q, n, out);
    } else if (q->form == FORM_FORMULA) {
        for (int32_t m = 0; m < n; m++)
            out[m] = formula_at(w, q->points[0].formula, m);
    } else {
        double v = number_value(w, q, &q->points[0].v);
        for (int32_t m = 0; m < n; m++)
            out[m] = v;
    }
    apply_changes(w, q, n, out);
    if (q->per == PER_ONCE && q->form == FORM_CONST)
        for (int32_t m = 0; m < n; m++)
            out[m] = w->p->header.first + m == once ? out[m] : 0;
    if (q->fx != NO_INDEX) {
        double rates[PLAN_MONTHS_MAX];
        double rate = world_number(w, w->p->quantities[q->fx], 1);
        bool changing = first_change(w, w->p->quantities[q->fx]) && n <= PLAN_MONTHS_MAX;
        if (changing)
            world_value(w, w->p->quantities[q->fx], 0, n, rates);
        for (int32_t m = 0; m < n; m++)
            out[m] *= changing ? rates[m] : rate;
    }
}

double world_number_at(const struct world *w, const struct quantity *q, int32_t m, double otherwise)
{
    if (!q)
        return otherwise;
    if (q->form == FORM_CONST && (!w->change_of || !first_change(w, q)) && q->fx == NO_INDEX)
        return number_value(w, q, &q->points[0].v);
    double out[240];
    BUG_IF(m < 0 || m >= (int32_t)ARRAY_LEN(out));
    world_value(w, q, w->p->header.first + m, m + 1, out);
    return out[m];
}

double world_number(const struct world *w, const struct quantity *q, double otherwise)
{
    return world_number_at(w, q, 0, otherwise);
}
