/* outlook.h - the rest of a year: the plan's drivers re-estimated from actuals, and a series,
 * combined.
 *
 * Driver model: a line costs its plan times a level, and a growth beside the plan's, that nobody
 * knows yet. The plan's ranges say how far they may be off (`spread`, of the logarithm); every
 * known month is a noisy look at them. The combination is exact (normal, in logarithms), so a plan
 * without ranges hardly moves and a loose one follows its actuals. What should have come once and
 * did not (a hire, an invoice) is expected in the next month instead. Series model: each
 * category's months, by engine/series.h. The two are weighted by their own variances; what
 * that changes moves each line by its share of the variance, so that lines sum to their category.
 * Lines that start after the known months stand beside the series. docs/outlook.md. */
#ifndef ENGINE_OUTLOOK_H
#define ENGINE_OUTLOOK_H

#include "base/arena.h"
#include "base/err.h"
#include "core/category.h"

struct outlook_line {
    const double *plan;   /* n_months */
    const double *actual; /* n_known of them count */
    double spread;        /* standard deviation of log(level) before any actual; 0: sure */
    bool carries;         /* one-off: what did not come is expected next */
    enum category category;
};

struct outlook_history {
    const double *y; /* a category's months before the plan's first, oldest first */
    size_t n;
};

struct outlook_input {
    const struct outlook_line *lines;
    size_t n_lines;
    int32_t n_months, n_known; /* known: months that are complete */
    struct outlook_history history[CATEGORY_COUNT];
    double widen; /* factor on every interval, from how past forecasts held; 1 without any */
    /* Levels by path from elsewhere (a reweighted simulation): log mean and standard deviation per
     * line instead of the closed form, NAN where there is none; NULL: none at all. */
    const double *level, *level_sd;
};

struct outlook_month {
    double p10, p50, p90;
};
struct outlook_series { /* n_months months; those known have all three at the actual */
    struct outlook_month *months;
    struct outlook_month year;
    double *driver, *series; /* p50 of each model; series NULL for lines */
    double sd_level, sd_noise; /* of the year's rest, in money */
};

struct outlook {
    struct outlook_series *lines; /* as in the input */
    struct outlook_series categories[CATEGORY_COUNT];
    struct outlook_series total;
    double weight[CATEGORY_COUNT]; /* of the driver model */
    const char *series_model[CATEGORY_COUNT];
};

MUST_CHECK bool outlook(struct arena *a, const struct outlook_input *in, const struct outlook **ret,
                        struct err *e);

/* A group of lines (an initiative): months and year, with what lines have in common. */
void outlook_group(struct arena *a, const struct outlook_input *in, const struct outlook *o,
                   const uint32_t *lines, size_t n, struct outlook_series *ret);

#endif
