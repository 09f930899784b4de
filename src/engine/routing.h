/* routing.h - which model answers which kind of prompt: what it saves, what it loses, how sure.
 *
 * Evaluations say how good each model's answer to each prompt was (0 to 1) and what it cost. The
 * loss of a routing is the mean of (quality of the reference model - quality of the routing): 0.01
 * is one point. Losses by class are shrunk toward each other (empirical Bayes); the whole
 * loss-against-cost frontier is the optimum of a linear program (multiple choice, by convex hulls);
 * what is promised is certified on labels that did not choose it. docs/route.md has the method.
 *
 * Doubles are estimates; costs are relative until a report turns them into money. The same input
 * and seed give the same result. */
#ifndef ENGINE_ROUTING_H
#define ENGINE_ROUTING_H

#include "base/arena.h"
#include "base/str.h"

#define ROUTING_NONE UINT32_MAX
#define ROUTING_MODELS_MAX 64u
#define ROUTING_CLASSES_MAX 20000u
#define ROUTING_BINS_MAX 10u
#define ROUTING_BIN_LABELS 30u /* fewest labels of a score bin */

struct routing_evals {
    size_t n, n_models, n_classes;
    const str *models, *classes;
    const uint32_t *class_of; /* n */
    const double *quality;    /* n x n_models, 0 to 1 */
    const double *cost;       /* n x n_models, of one prompt */
    const double *score;      /* n, or NULL; monotone in how much the reference is needed */
    const double *escalate;   /* n x n_models: measured chance that a checker sends a model's answer
                               * on to a better one; NULL, or NAN where not measured */
    const double *latency;    /* n x n_models, seconds; NULL, or NAN where not known */
    const uint64_t *key;      /* n: hash of the prompt's id; equal ids are never split */
};

/* An answer by one model, or a cascade: `first` answers, a checker sends some on to `then`. */
struct routing_option {
    uint32_t first, then; /* then: ROUTING_NONE without a cascade */
};

struct routing_checker {
    bool on;
    double catches; /* share of wrong answers that it sends on */
    double alarms;  /* share of right answers that it sends on */
    double cost;    /* of checking one answer */
};

struct routing_settings {
    uint32_t reference, cheap; /* models: what loss and saving are against; the other end of APGR */
    bool plain;                /* class means as they are, without shrinkage */
    bool falling;              /* a higher score needs the reference less */
    struct routing_checker checker;
    const double *min_quality; /* by class; NULL or NAN: none */
    const double *latency;     /* n_classes x n_models, seconds; NULL: of no concern */
    double max_latency;        /* with latency: a slower option is left out; a cascade takes both */
    double confidence;         /* of the certificate, one-sided: 0.95 */
    uint64_t seed;
    uint32_t resamples; /* of the bootstrap */
};

/* ---- estimates and the frontier ---- */

/* A class, or a range of scores inside one. */
struct routing_cell {
    uint32_t class_index;
    double from, to; /* scores from <= s < to; infinite at the ends */
    size_t labels;   /* it was estimated from */
};

struct routing_step { /* of one cell from an option to the next */
    uint32_t cell, from, to;
    double loss, saved; /* per prompt of the cell; along the frontier both are positive */
};

struct routing_fit {
    const struct routing_settings *settings;
    size_t n_models, n_classes, n_options, n_cells, n_labels;
    const struct routing_option *options; /* the models in order, then cascades */
    const struct routing_cell *cells;     /* by class, then score */
    const uint32_t *first_cell;           /* n_classes + 1 */
    const double *share;                  /* of prompts, by cell */
    const double *loss, *cost;            /* n_cells x n_options: shrunk loss, mean cost */
    const double *reference_quality;      /* by cell, shrunk */
    const uint32_t *start;                /* by cell: the option with the least loss */
    /* From the reference alone to each cell's least loss (`n_open` steps, the surest gains first);
     * from there on the Pareto frontier, most saved per point lost first. */
    const struct routing_step *steps;
    size_t n_open, n_steps;
    const double *path_loss, *path_cost; /* at each of n_steps + 1 breakpoints */
};

/* Estimated from the given rows. Lives in a. */
const struct routing_fit *routing_fit(struct arena *a, const struct routing_evals *v,
                                      const struct routing_settings *s, const uint32_t *rows,
                                      size_t n_rows);
/* A place on the way: `steps` whole steps and `part` (0 to 1) of the next. */
struct routing_place {
    size_t steps; /* 0: the reference answers everything */
    double part;
};
/* The most that can be saved at an estimated loss of at most `loss`, or the least loss that saves
 * `saving`; *ret_reached is false when even the nearest end misses it. */
struct routing_place routing_at_loss(const struct routing_fit *f, double loss, bool *ret_reached);
struct routing_place routing_at_saving(const struct routing_fit *f, double saving,
                                       bool *ret_reached);
/* What a cell does there: `part` of its prompts go to b, the others to a. */
struct routing_choice {
    uint32_t a, b;
    double part;
};
void routing_choices(const struct routing_fit *f, struct routing_place at,
                     struct routing_choice *ret /* n_cells */);
uint32_t routing_cell_of(const struct routing_fit *f, const struct routing_evals *v, size_t row);
/* Quality and cost of one option on one prompt. */
void routing_option_value(const struct routing_evals *v, const struct routing_settings *s,
                          size_t row, struct routing_option o, double *ret_quality,
                          double *ret_cost);

/* The 95th percentile (nearest rank) of the latencies by class and model, over all labels; NAN
 * where one of them is not known, since calls that took too long are what is missing first. */
double *routing_latencies(struct arena *a, const struct routing_evals *v);

/* Empirical Bayes: n means of `count` values with `squares` summed squared deviations each, drawn
 * to their common mean by how little they tell. Means without values become the common mean. */
void routing_shrink(const double *mean, const double *squares, const size_t *count, size_t n,
                    double *ret);
/* Weighted isotonic regression, rising. */
void routing_isotonic(const double *y, const double *weight, size_t n, double *ret);

/* ---- the certificate ---- */

struct routing_sums { /* of losses d over labels */
    size_t n;
    double plus, minus; /* sums of max(d, 0) and max(-d, 0) */
    double squares;
};
/* The least value that the mean loss is below with this confidence. n < 200: exact (Clopper-Pearson
 * or Hoeffding-Bentkus on the losing part); else the score bound of paired proportions (Tango),
 * which for large n is mean + z sd / sqrt(n). 1 when n is 0. */
double routing_bound(const struct routing_sums *s, double confidence);
bool routing_below(const struct routing_sums *s, double loss, double confidence);
/* Labels needed for that bound to reach `loss` at these rates; 0: none would do. */
double routing_labels_needed(const struct routing_sums *s, double loss, double confidence);

struct routing_measured { /* of a place on the frontier, on labels that did not choose it */
    struct routing_place at;
    double loss, loss_fit;     /* mean; as estimated by the fit */
    double saving, saving_fit; /* of the reference's cost */
    double bound;              /* of loss */
    double away;               /* share of prompts not answered by the reference alone */
    double covered;            /* the same weighed by the reference's cost */
    double quality, cost, reference_quality, reference_cost;
    size_t labels;
    double labels_needed; /* to certify the tolerance here; 0: none would do, or none asked */
};

/* Sums over rows by cell and option, so that any place is measured in one pass over cells. */
struct routing_tally;
const struct routing_tally *routing_tally(struct arena *a, const struct routing_fit *f,
                                          const struct routing_evals *v, const uint32_t *rows,
                                          size_t n_rows);
/* tolerance NAN: none. */
void routing_measure(const struct routing_tally *t, struct routing_place at, double tolerance,
                     struct routing_measured *ret);
/* Walks all steps from safe to bold and stops at the first place whose bound passes the tolerance
 * (fixed-sequence testing): those before are certified, and *ret is the one that should save most.
 * ret_next: the place that failed (all of it passed: the last one again). False: nothing is
 * certified; *ret routes nothing. */
bool routing_certify(const struct routing_tally *t, double tolerance, struct routing_measured *ret,
                     struct routing_measured *ret_next);

struct routing_cell_sums {
    double n, quality, reference_quality; /* labels; sums over them */
};
struct routing_cell_sums routing_cell_sums(const struct routing_tally *t, uint32_t cell,
                                           struct routing_choice c);

struct routing_interval {
    double low, high;
};
/* Intervals over resampled prompts and class shares (Dirichlet). */
struct routing_intervals {
    struct routing_interval saving, loss, covered;
};
void routing_bootstrap(const struct routing_fit *f, const struct routing_evals *v,
                       const uint32_t *rows, size_t n_rows, struct routing_place at,
                       struct routing_intervals *ret_95, struct routing_intervals *ret_90);

/* ---- metrics ---- */

struct routing_metrics {         /* NAN where not defined: the strong model is not the better one */
    double apgr;                 /* average performance gap recovered */
    double cpt50, cpt80, cpt100; /* share of calls to the strong model that recovers so much */
    double aiq;                  /* RouterBench: area under the cost-quality hull / largest cost */
    double best_quality;         /* highest on its frontier */
};
enum routing_reference {
    ROUTE_ROUTER,
    ROUTE_RANDOM,
    ROUTE_CHEAP,
    ROUTE_STRONG,
    ROUTE_ORACLE,
    ROUTE_REFERENCES
};
/* Of the router and what it is compared with, on the tally's rows. */
void routing_metrics(const struct routing_tally *t, struct routing_metrics ret[ROUTE_REFERENCES]);

struct routing_pairs {                            /* of cheap and strong model; shares of labels */
    double weak, strong;                          /* mean quality */
    double strong_only, weak_only, both, neither; /* binary qualities; else by which is higher */
};
void routing_pairs(const struct routing_evals *v, const struct routing_settings *s,
                   const uint32_t *rows, size_t n_rows, struct routing_pairs *ret);

/* ---- splits ---- */

/* The rows of a share (or of the first n labels in hash order) and the rest; each in row order. */
struct routing_split {
    uint32_t *train, *check;
    size_t n_train, n_check;
};
void routing_split(struct arena *a, const struct routing_evals *v, uint64_t seed, double share,
                   size_t labels /* 0: by share */, struct routing_split *ret);

struct routing_folds {
    unsigned folds, repeats;
    size_t labels;                   /* used to choose in each fold */
    struct routing_metrics mean, sd; /* over repeats */
    struct routing_metrics *each;    /* repeats */
};
/* Cross-validated metrics; labels 0: all of the other folds. */
void routing_cross_validate(struct arena *a, const struct routing_evals *v,
                            const struct routing_settings *s, size_t labels,
                            struct routing_folds *io);

/* ---- classes with shares and measured qualities instead of prompts ---- */

struct routing_classes {
    size_t n_models, n_classes;
    const double *share;   /* by class, any scale */
    const double *quality; /* n_classes x n_models */
    const double *labels;  /* n_classes x n_models behind each quality; NULL: unknown */
    const double *cost;    /* n_classes x n_models, of one prompt */
};
/* The fit that chooses: with labels, from one half of their information (thinned), else from all.
 */
const struct routing_fit *routing_fit_classes(struct arena *a, const struct routing_classes *k,
                                              const struct routing_settings *s);
/* The same for a tally; the other half. BUG without labels. */
bool routing_certify_classes(const struct routing_fit *f, const struct routing_classes *k,
                             double tolerance, struct routing_measured *ret,
                             struct routing_measured *ret_next);
void routing_measure_classes(const struct routing_fit *f, const struct routing_classes *k,
                             struct routing_place at, double tolerance,
                             struct routing_measured *ret);

#endif
