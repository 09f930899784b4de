/* calibrate_report.h - the plan's LLM drivers against what usage shows, with the money at stake.
 *
 * Tables lines {path, from, to, days, blocks, requests, plan_requests, tokens, amount, plan_cost,
 * new_cost, at_stake}, drivers {path, driver, plan, observed, lo, hi, se, suggestion, at_stake,
 * note}, models {path, model, plan_share, share, requests, tokens, amount, expected,
 * per_million_tokens, expected_per_million_tokens}, changes {file, line, before, after}; figures
 * at_stake (of the lines' cost), planned_before, planned_after. */
#ifndef REPORT_CALIBRATE_REPORT_H
#define REPORT_CALIBRATE_REPORT_H

#include "base/yaml_edit.h"
#include "doc/doc.h"
#include "engine/calibrate.h"

struct calibrate_report {
    const struct plan *plan;
    const struct calibration *c;
    const struct edited_file *files;
    size_t n_files;
    str diff;
    uint64_t no_tokens; /* rows without tokens, and what they cost */
    dec no_tokens_amount;
    day as_of;
};
struct doc *report_calibration(const struct calibrate_report *q, struct arena *a);

#endif
