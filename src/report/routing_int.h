/* routing_int.h - private to report/routing*.c. */
#ifndef REPORT_ROUTING_INT_H
#define REPORT_ROUTING_INT_H

#include "report/routing.h"

struct routing_job {
    const struct routing_request *q;
    const struct routing_study *t;
    struct arena *a;
    struct doc *d;
};

/* A double of the engine as a fraction with six decimals; not a number: unknown. */
dec routing_fraction(double x);
str routing_points(struct arena *a, double loss); /* "1.0 points" */
str routing_percent(struct arena *a, double x);   /* "31.1 %" */

/* routing_tables.c */
void add_policy(struct routing_job *j);
void add_models(struct routing_job *j);
void add_slow(struct routing_job *j);
void add_savings(struct routing_job *j);
void add_certificate(struct routing_job *j);
void add_references(struct routing_job *j);
void add_frontier(struct routing_job *j);
void add_hindsight(struct routing_job *j);
void add_folds(struct routing_job *j);

#endif
