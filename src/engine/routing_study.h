/* routing_study.h - one question about routing answered: what to send where, and what is certain. */
#ifndef ENGINE_ROUTING_STUDY_H
#define ENGINE_ROUTING_STUDY_H

#include "engine/routing.h"

#define ROUTING_HINDSIGHTS 5u
#define ROUTING_SAVINGS 6u

struct routing_question {
    const struct routing_evals *v;   /* names of models and classes, and prompts, or: */
    const struct routing_classes *k; /* NULL: prompts */
    struct routing_settings s;       /* reference, cheap: ROUTING_NONE for the usual ones */
    double tolerance; /* points of quality, 0.01; NAN: none */
    double of_reference; /* the same as a share of the reference's quality; NAN: none */
    double saving;    /* wanted, of the reference's cost; NAN: none */
    double train_share;
    size_t train_labels; /* 0: by share */
    unsigned folds, repeats;
    size_t fold_labels;
};

struct routing_hindsight { /* LP optimum on all labels without shrinkage: promises nothing */
    double tolerance;
    struct routing_measured at;
};
struct routing_price { /* what a saving costs */
    double saving;
    bool reached;
    struct routing_measured at;
};

struct routing_study {
    const struct routing_question *q;
    struct routing_settings s; /* with reference and cheap chosen */
    double tolerance;          /* in force; NAN: only a saving was asked */
    const struct routing_fit *fit;
    const struct routing_tally *tally; /* NULL for classes */
    struct routing_split split;
    struct routing_measured answer, next; /* next: the first place that could not be promised */
    bool promised;             /* the answer's bound holds at the confidence asked */
    bool reached;              /* a wanted saving can be had at all */
    struct routing_intervals ci;      /* 95 %; all zero for classes */
    struct routing_intervals wide;    /* 90 %: what a plan's range means by its ends */
    struct routing_metrics metrics[ROUTE_REFERENCES];
    struct routing_pairs pairs;
    struct routing_hindsight hindsight[ROUTING_HINDSIGHTS];
    struct routing_price prices[ROUTING_SAVINGS];
    struct routing_folds folds; /* folds.folds 0: not asked */
    double *mean_quality, *mean_cost; /* by model, over all labels or shares */
};

/* Lives in a. */
const struct routing_study *routing_study(struct arena *a, const struct routing_question *q);

/* What of the reference's cost an option takes over in the answer, and what that costs then; both
 * as shares of the reference's cost of all prompts. */
struct routing_use {
    double covered, cost;
};
void routing_used(const struct routing_study *t, struct routing_use *ret /* n_options */);

#endif
