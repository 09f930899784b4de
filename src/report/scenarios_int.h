/* scenarios_int.h - private to report/: what the parts of the scenarios report share. */
#ifndef REPORT_SCENARIOS_INT_H
#define REPORT_SCENARIOS_INT_H

#include "report/scenarios_report.h"

struct scenarios_job {
    const struct scenarios_request *q;
    struct arena *a;
    struct doc *d;
};

/* The tables that people compare scenarios in. */
void scenarios_compare(struct scenarios_job *j);

double scenarios_heads(const struct scenario_result *r); /* at the plan's end */
double scenarios_hires(const struct scenario_result *r);
int64_t scenarios_tokens(const struct scenario_result *r);
/* (benefit - cost) / cost to the horizon, undiscounted; all kinds, or cash and revenue alone. */
struct cell scenarios_roi(const struct scenario_result *r, bool all);
/* Does `initiative` need `what`, directly or through others? */
bool scenarios_needs(const struct plan *p, uint32_t initiative, uint32_t what);
/* The total of a simulation. */
const struct simulated *scenarios_simulated(const struct simulation *s);
str scenarios_whole(struct arena *a, money m); /* "1,234" */

dec dec_of_tenths(double v);
dec dec_of_share(double v); /* at 0.0001 */
dec dec_of_price(double v); /* at 0.0001 */

#endif
