/* llm_report_int.h - private to llm_report*.c: a plan's LLM use, summed in money and whole tokens.
 */
#ifndef REPORT_LLM_REPORT_INT_H
#define REPORT_LLM_REPORT_INT_H

#include "base/map.h"
#include "engine/llm_use.h"
#include "report/llm_report.h"

struct llm_row {
    str key; /* path, model, "2026-07", or all three */
    str path, model;
    month month;
    int64_t requests, batch_requests, tokens[PRICE_PARTS];
    double users, sessions; /* user-months, sessions */
    money cost, buffer, batch_saves, cache_saves;
};
struct llm_rows {
    struct llm_row *items;
    size_t n, cap;
    struct map index;
};
struct llm_sums { /* of one plan */
    const struct plan *plan;
    const struct world *w;
    const struct expansion *x;
    struct llm_use *uses;
    size_t n_uses;
    struct llm_rows details, by[3]; /* by enum llm_by */
    struct llm_row all;
};

struct llm_job {
    const struct llm_request *q;
    struct arena *a;
    struct doc *d;
    struct llm_sums now, before; /* before.plan is NULL without changes */
    struct err *e;
};

/* llm_report.c */
MUST_CHECK bool llm_gather(struct arena *a, const struct plan *p, struct llm_sums *ret,
                           struct err *e);

/* llm_report_more.c: price changes, savings, levers, commitments. */
MUST_CHECK bool llm_add_more(struct llm_job *j);
/* "2 -> 3 in, 10 -> 15 out" of the models whose price changes in that month; empty: none. */
str llm_changes_in(struct arena *a, const struct llm_sums *s, month m);

#endif
