/* simulation.h - the simulation report: how far a plan's cost may go, and what drives it.
 *
 * For programs: tables quantiles {level, path, point, p5 ... p95, mean, se_p90, ...}, buffers {path,
 * buffer, p_enough, needed_p80, needed_p90}, drivers {path, swing, rank_correlation}, cumulative by
 * month, shortfalls of obligations, and with sensitivity: groups {group, first_order, total}.
 * Figures trials, seed, sha256, p_point, p_budget. */
#ifndef REPORT_SIMULATION_H
#define REPORT_SIMULATION_H

#include "doc/doc.h"
#include "engine/sensitivity.h"
#include "engine/simulate.h"

struct simulation_request {
    const struct plan *plan;
    const struct simulation *simulation;
    bool no_risks, quick;
    enum simulate_level by; /* which items people see in full */
    const struct sensitivity *kinds, *initiatives; /* NULL: not asked for */
    day as_of;
};

struct doc *report_simulation(const struct simulation_request *q, struct arena *a);

#endif
