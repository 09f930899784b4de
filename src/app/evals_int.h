/* evals_int.h - private to evals*.c: columns of an evaluation file and what reading collects. */
#ifndef APP_EVALS_INT_H
#define APP_EVALS_INT_H

#include "app/evals.h"

#define NO_COLUMN UINT32_MAX

struct model_columns {
    str name;
    uint32_t quality, in, out, cost, escalate, latency, n; /* NO_COLUMN: none */
};

struct eval_columns {
    uint32_t id, prompt, class_name, score, in, out, share, n;
    struct model_columns *models;
    size_t n_models;
};

/* What a column means, by its name. */
MUST_CHECK bool eval_columns(struct arena *a, const struct evals_request *q, const str *names,
                             size_t n_names, struct eval_columns *ret, struct err *e);

enum cost_kind { COST_COLUMN, COST_PRICES, COST_FLAT };
struct model_cost {
    enum cost_kind kind;
    double in, out; /* per million tokens; COST_FLAT: both alike */
    str note;
};
struct cost_plan {
    struct model_cost *models;
    bool relative;  /* flat prices and no tokens */
    double in, out; /* tokens of a prompt, where there are no columns; NAN: unknown */
    currency currency;
};
MUST_CHECK bool eval_costs(struct workspace *w, const struct evals_request *q,
                           const struct eval_columns *c, struct cost_plan *ret, struct err *e);

#endif
