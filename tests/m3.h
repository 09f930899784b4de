/* m3.h - the M3 monthly series (one line each, id,category,start,n,h,train,test) and how well they
 * are forecast, for tests and bench/forecast. */
#ifndef TESTS_M3_H
#define TESTS_M3_H

#include <math.h>
#include <time.h>

#include "base/os.h"
#include "engine/series.h"

#define M3_TRAIN 200
#define M3_TEST 18

struct m3_series {
    str id;
    double y[M3_TRAIN], test[M3_TEST];
    size_t n;
};
struct m3 {
    struct m3_series *items;
    size_t n;
};

static inline size_t m3_numbers(str s, double *ret, size_t most)
{
    size_t n = 0;
    str part;
    while (n < most && str_cut(&s, ' ', &part))
        if (!str_to_double(str_trim(part), &ret[n++]))
            return 0;
    return n;
}

static inline bool m3_read(struct arena *a, str path, struct m3 *ret, struct err *e)
{
    str text, line, cell;
    if (!file_read(a, path, 4u << 20, &text, e))
        return false;
    *ret = (struct m3){arena_new(a, struct m3_series, 2000), 0};
    for (size_t i = 0; str_cut(&text, '\n', &line); i++) {
        struct m3_series *s = &ret->items[ret->n];
        str cells[7] = {{0}};
        for (size_t k = 0; k < 7 && str_cut(&line, ',', &cell); k++)
            cells[k] = cell;
        s->id = cells[0];
        s->n = m3_numbers(cells[5], s->y, M3_TRAIN);
        ret->n += s->n && m3_numbers(cells[6], s->test, M3_TEST) == M3_TEST;
    }
    return ret->n || err_set(e, ERR_INVALID, "%.*s holds no series", FMT(path));
}

struct m3_score {
    double smape[2], mase[2], owa[2];              /* h 12 and 18 */
    double coverage80, coverage95, msis80, msis95; /* h 12 */
    double total_coverage[13];                     /* of the sum of 1..12 months, by months */
    double total_error, total_median; /* mean and median absolute percentage error, 12 months */
    double worst_snaive;              /* the seasonal naive's total_error */
    double seconds;                   /* processor time a series */
};

static inline int m3_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* last: only that many values are known to the forecast (0: all); scores and Naive2 use all. */
static inline bool m3_evaluate(const struct m3 *m, size_t last, struct m3_score *ret, struct err *e)
{
    struct m3_score s = {0};
    double reference[2][2] = {{0}}, *errors = calloc(m->n, sizeof *errors);
    bool ok = errors != NULL;
    clock_t before = clock();
    for (size_t i = 0; ok && i < m->n; i++) {
        CLEANUP(arena_release) struct arena a = ARENA_INIT;
        const struct m3_series *x = &m->items[i];
        size_t n = last && last < x->n ? last : x->n;
        const struct series_input in = {.y = x->y + x->n - n, .n = n, .period = 12, .h = M3_TEST};
        const struct series_forecast *f;
        double naive[M3_TEST], actual = 0;
        struct series_step steps[M3_TEST];
        if (!(ok = series_forecast(&a, &in, &f, e)))
            break;
        series_naive2(x->y, x->n, 12, M3_TEST, naive);
        for (int k = 0; k < M3_TEST; k++)
            steps[k] = (struct series_step){NAN, NAN, naive[k], NAN, NAN};
        for (int g = 0; g < 2; g++) {
            int h = g ? 18 : 12;
            struct series_score own = series_score(x->y, x->n, 12, x->test, f->steps, h);
            struct series_score other = series_score(x->y, x->n, 12, x->test, steps, h);
            s.smape[g] += own.smape;
            s.mase[g] += own.mase;
            reference[g][0] += other.smape;
            reference[g][1] += other.mase;
            if (!g) {
                s.coverage80 += own.coverage80;
                s.coverage95 += own.coverage95;
                s.msis80 += own.msis80;
                s.msis95 += own.msis95;
            }
        }
        double snaive = 0;
        for (size_t k = 0; k < 12; k++) {
            actual += x->test[k];
            snaive += x->y[x->n - 12 + k];
            s.total_coverage[k + 1] += actual >= f->totals[k].p10 && actual <= f->totals[k].p90;
        }
        s.worst_snaive += 100 * fabs(snaive - actual) / fabs(actual);
        errors[i] = 100 * fabs(f->totals[11].p50 - actual) / fabs(actual);
        s.total_error += errors[i];
    }
    double n = (double)m->n;
    s.seconds = (double)(clock() - before) / CLOCKS_PER_SEC / n;
    for (int g = 0; g < 2; g++) {
        s.owa[g] = (s.smape[g] / reference[g][0] + s.mase[g] / reference[g][1]) / 2;
        s.smape[g] /= n;
        s.mase[g] /= n;
    }
    s.coverage80 /= n;
    s.coverage95 /= n;
    s.msis80 /= n;
    s.msis95 /= n;
    s.total_error /= n;
    s.worst_snaive /= n;
    for (int k = 1; k <= 12; k++)
        s.total_coverage[k] *= 100 / n;
    qsort(errors, m->n, sizeof *errors, m3_by_value);
    s.total_median = errors[m->n / 2];
    free(errors);
    *ret = s;
    return ok;
}

#endif
