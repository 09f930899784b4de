/* routing.h - what routing prompts to cheaper models saves, what it costs, and what is certain.
 *
 * Tables: policy {class, score_from, score_to, model, then, part, otherwise, share, quality,
 * reference_quality, lost, labels}; frontier {saving, loss, away, loss_measured, saving_measured};
 * references {reference, away, quality, saving, apgr, cpt50, cpt80, cpt100, aiq}; certificate
 * {place, saving, loss, bound, confidence, labels, labels_needed}; savings {saving, reached, loss,
 * bound}; models; hindsight; folds. Figures: apgr, cpt50, cpt80, aiq, saving, saving_low,
 * saving_high, loss, bound, confidence, away, labels, labels_needed, certified ... */
#ifndef REPORT_ROUTING_H
#define REPORT_ROUTING_H

#include "core/currency.h"
#include "doc/doc.h"
#include "engine/routing_study.h"

struct routing_request {
    const struct routing_study *study;
    str file;             /* as the user named it */
    const str *price_notes; /* by model */
    bool relative;        /* costs compare, but are no money */
    currency currency;
    double low, high;     /* the scale of the qualities */
    size_t left_out;      /* rows without a quality of every model */
    day as_of;
};

struct doc *report_routing(const struct routing_request *q, struct arena *a);
/* The answer in one sentence, without the file: for a lever's evidence. */
str routing_evidence(const struct routing_study *t, struct arena *a);

#endif
