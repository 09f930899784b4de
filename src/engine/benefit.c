/* benefit.c - what comes back, by month, until the horizon. */
#include <math.h>

#include "engine/world_int.h"

void world_benefit(const struct world *w, const struct benefit *b, double *out)
{
    double monthly[240];
    BUG_IF(w->n_horizon > (int32_t)ARRAY_LEN(monthly));
    int32_t delay = w->c.delay ? w->c.delay[b->initiative] : 0;
    int32_t first = b->first - w->p->header.first + delay, last = b->last - w->p->header.first;
    double each = world_number(w, b->each, 0), sure = world_number(w, b->confidence, 1);
    double ramp = world_number(w, b->ramp, 1);
    double factor = w->c.benefits ? w->c.benefits[b->initiative] : 1;
    world_value(w, b->monthly, 0, w->n_horizon, monthly);
    for (int32_t m = 0; m < w->n_horizon; m++) {
        out[m] = 0;
        if (m >= first && m <= last && w->running[b->initiative])
            out[m] = monthly[m] * each * sure * fmin(1, (m - first + 1) / ramp) * factor;
    }
}
