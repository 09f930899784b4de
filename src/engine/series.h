/* series.h - what comes next in a series of months (or quarters, weeks, days): point and intervals.
 *
 * The median of log-theta, ETS, SARIMA and the seasonal naive on shrunk seasonal indices, with
 * direct intervals from rolling origins and totals from cumulated errors; short series fall back to
 * simpler models and, where there is one, to the plan's phasing. docs/forecast.md has
 * the figures it is held to. Pure: the same numbers give the same bytes. */
#ifndef ENGINE_SERIES_H
#define ENGINE_SERIES_H

#include "base/arena.h"
#include "base/err.h"

#define SERIES_MAX 4000  /* values of a series */
#define SERIES_H_MAX 400 /* steps ahead */

struct series_input {
    const double *y; /* oldest first; NAN: missing, filled in from its season and neighbors */
    size_t n;        /* 0 to SERIES_MAX */
    int period;      /* 12 months, 4 quarters, 52 weeks, 7 days; 1: no season */
    int h;           /* steps ahead, 1 to SERIES_H_MAX */
    const double *plan_past, *plan_future; /* n and h values of a plan, or NULL: its phasing carries
                                              series too short for a model */
};

struct series_step {
    double p2_5, p10, p50, p90, p97_5;
};
struct series_member {      /* one model of the combination */
    const char *name;       /* "log-theta", "damped", "ets", "arima", "snaive", "ses", "croston",
                               "run-rate" */
    str parameters;         /* for people: "A,Ad,N a=0.31 ...", may be empty */
    const double *forecast; /* h values */
    double wape;            /* of one-step errors over the rolling origins; NAN: unknown */
};
struct series_forecast {
    struct series_step *steps;  /* h: each step by itself */
    struct series_step *totals; /* h: the sum of the first k steps, k = 1..h */
    struct series_member *members;
    size_t n_members;
    /* what made p50: "median of 4", "median of 3" (sparse), "ses+snaive", "run-rate",
     * "plan-phasing", "constant", "none" (nothing is known: NAN) */
    const char *model;
    double sigma1;        /* standard deviation of one step's error */
    const double *fitted; /* n one-step forecasts of the combination; NAN where there is none */
};

/* Never fails on finite input of any shape (constant, zero, negative, intermittent, n = 0..); e: an
 * argument out of range or a value that is not finite. */
MUST_CHECK bool series_forecast(struct arena *a, const struct series_input *in,
                                const struct series_forecast **ret, struct err *e);

/* The same over rolling origins: what would have been said at each of the last `origins` points,
 * fitted anew without what came later, for a backtest a reader can trust. ret: origins x h steps,
 * NAN beyond the end. */
MUST_CHECK bool series_backtest(struct arena *a, const struct series_input *in, int origins,
                                struct series_step **ret, struct err *e);

/* --- how good forecasts were --- */

struct series_score {
    double smape, mase, wape, bias; /* in percent but for mase; bias: mean error / mean actual */
    double coverage80, coverage95, msis80, msis95, pinball; /* NAN without intervals */
};
/* actual and steps of h values after the history y; all as defined by the M4 competition. */
struct series_score series_score(const double *y, size_t n, int period, const double *actual,
                                 const struct series_step *steps, int h);
/* Naive2 of the M4 competition, the reference of OWA; and simple exponential smoothing on the same
 * seasonal test. */
void series_naive2(const double *y, size_t n, int period, int h, double *ret);
void series_ses(struct arena *a, const double *y, size_t n, int period, int h, double *ret);

/* --- anomalies --- */

struct anomaly {
    double expected, z; /* z: robust score of log(actual / expected), against past errors alone */
    double cusum_up,
        cusum_down; /* sums of scores beyond half a sigma; start afresh after a shift */
    bool spike, shift;
};
/* Against forecasts made without the value itself (one-step, or a budget): scores per value, NAN
 * where there is too little history. */
MUST_CHECK bool series_anomalies(struct arena *a, const double *y, const double *expected, size_t n,
                                 struct anomaly **ret, struct err *e);
/* Benjamini and Hochberg over the scores of many lines: which may be called out so that at most
 * `share` of those called out are expected to be chance. ret: n flags; returns how many are set.
 * NAN scores never are. */
size_t series_discoveries(struct arena *a, const double *z, size_t n, double share, bool *ret);

#endif
