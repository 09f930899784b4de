/* llm_report.h - what the plan's LLM lines cost, for what: requests, tokens, units, price changes.
 *
 * Tables lines, models, months {requests, tokens_..., cost, unit costs}, price_changes {model,
 * from, old and new prices, months, cost_change}, savings {path, plain, cache_saves, batch_saves,
 * cost}, levers, commitments; for programs also details {path, model, month}. With a plan from
 * before, lines, models and months carry before and delta. Figures llm_cost, llm_buffers, requests,
 * tokens, planned, total. */
#ifndef REPORT_LLM_REPORT_H
#define REPORT_LLM_REPORT_H

#include "doc/doc.h"
#include "engine/expand.h"
#include "engine/what_if.h"

enum llm_by { LLM_BY_LINE, LLM_BY_MODEL, LLM_BY_MONTH };

struct llm_request {
    const struct plan *plan;
    const struct plan *before; /* without the changes; NULL: there are none */
    const struct what_if *changes;
    size_t n_changes;
    enum llm_by by;
    day as_of;
};

/* e: an amount is too large. */
MUST_CHECK bool report_llm(const struct llm_request *q, struct arena *a, struct doc **ret,
                           struct err *e);

#endif
