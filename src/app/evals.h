/* evals.h - evaluations of models on prompts, or on classes of prompts, read from a file.
 *
 * CSV (also gzip, Zstandard) or a JSON list of objects. Columns are found by their names:
 *   prompt_id (id, sample_id, question_id; else the text of prompt or question; else the row)
 *   class (domain, category, task, cluster_id, eval_name, dataset)   score (difficulty)
 *   quality_MODEL or MODEL_correct, or a map `scores` in JSON; at least two models
 *   in_tok, out_tok (input_tokens, output_tokens), in_tok_MODEL, out_tok_MODEL, cost_MODEL
 *   escalate_MODEL: chance that a checker sends the model's answer on
 *   latency_MODEL: seconds until the answer; of a class: the 95th percentile
 * A file with a column `share` is a table of classes: quality_MODEL, n_MODEL (or n), tokens, costs.
 * Faults name file, line and column. */
#ifndef APP_EVALS_H
#define APP_EVALS_H

#include "app/workspace.h"
#include "base/os.h"
#include "engine/routing.h"

#define LIMIT_EVAL_ROWS 4000000u

struct evals_request {
    str path;
    struct names models;        /* NAME=COLUMN, for other layouts */
    str id, class_name, score;  /* columns, where their names are not known ones */
    struct names prices, costs; /* MODEL=IN/OUT and MODEL=PRICE, per million tokens */
    str tokens;                 /* IN/OUT of a prompt, where there are no columns */
    str scale;                  /* LOW..HIGH of the qualities */
    day on;                     /* of the price book */
};

struct evals {
    str name;                 /* of the file */
    struct routing_evals v;   /* of prompts */
    struct routing_classes k; /* of classes */
    bool of_classes;
    bool relative; /* costs are prices alone: they compare, but are no money */
    currency currency;
    double low, high; /* the scale of the qualities as written */
    size_t left_out;  /* rows without the quality of some model */
    str *price_notes; /* by model: where its price is from */
};

/* The price book is opened only when a model's price is asked of it. */
MUST_CHECK bool evals_load(struct workspace *w, const struct evals_request *q, struct evals *ret,
                           struct err *e);
/* The same over text; for tests. */
MUST_CHECK bool evals_parse(struct workspace *w, const struct evals_request *q, str text,
                            struct evals *ret, struct err *e);

#endif
