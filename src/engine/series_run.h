/* series_run.h - one forecast under way: the prepared series and its fitted members. */
#ifndef ENGINE_SERIES_RUN_H
#define ENGINE_SERIES_RUN_H

#include "engine/series_int.h"

struct series_run {
    struct shape shape;
    double scale; /* the caller's units per unit of shape */
    size_t known; /* values that are no gaps */
    size_t zeros;
    size_t unit; /* values from which on smoothing is worth while: about a season */
    bool constant;
    const char *name;
    struct fit fits[4];
    size_t n_fits;
};

/* The combination at an origin; members: n_fits buffers of h. False: no member knows. */
bool series_combine(const struct series_run *r, size_t origin, int h, double *const *members,
                    double *ret);
/* Origins from here to n - 1 give the errors that intervals are made of. */
size_t series_first_origin(const struct series_run *r);
/* Fills steps, totals (in the caller's units) and sigma1 around the medians. */
void series_intervals(struct arena *scratch, const struct series_run *r, int h,
                      const double *middle, struct series_forecast *ret);

#endif
