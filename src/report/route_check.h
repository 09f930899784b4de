/* route_check.h - a policy of routing held against a month's samples.
 *
 * Figures: samples, loss, bound, tolerance, confidence, saving, holds, samples_needed. Table
 * routes {class, score_from, score_to, model, part, samples, loss, bound, saving}. */
#ifndef REPORT_ROUTE_CHECK_H
#define REPORT_ROUTE_CHECK_H

#include "doc/doc.h"
#include "engine/routing.h"

struct checked_route {         /* a row of the policy */
    str class_name;            /* as the samples have it */
    double from, to;           /* scores from <= s < to; infinite at the ends */
    uint32_t model, otherwise; /* of the samples' models; `part` of the prompts go to `model` */
    double part;
    struct routing_sums sums; /* of what the samples lost */
    double cost, reference_cost;
};

struct route_check {
    uint32_t reference;
    double tolerance, confidence; /* as promised; tolerance NAN: the policy was not asked for one */
    struct checked_route *routes;
    size_t n;
    struct routing_sums sums; /* of all samples */
    double cost, reference_cost;
    size_t unrouted; /* samples of classes that the policy does not name: the reference answers */
};

/* file: of the samples. *ret_holds: the loss is below the tolerance with the confidence. */
struct doc *report_route_check(const struct route_check *r, const struct routing_evals *v, str file,
                               day as_of, struct arena *a, bool *ret_holds);

#endif
