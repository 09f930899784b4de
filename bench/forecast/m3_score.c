/* m3_score.c - how accurate and how fast the M3 monthly series are forecast: m3_score FILE [LAST] */
#include <stdio.h>

#include "m3.h"

int main(int argc, char **argv)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct m3 m;
    struct m3_score s;
    int64_t last = 0;
    if (argc < 2 || (argc > 2 && !str_to_i64(str_of(argv[2]), &last)) ||
        !m3_read(&a, str_of(argv[1]), &m, &e) || !m3_evaluate(&m, (size_t)last, &s, &e)) {
        fprintf(stderr, "usage: m3_score FILE [LAST]: %s\n", e.text);
        return 2;
    }
    printf("%zu series, last %lld values (0: all), %.2f ms of processor time a series\n", m.n,
           (long long)last, 1000 * s.seconds);
    for (int g = 0; g < 2; g++)
        printf("h %d: OWA %.4f  sMAPE %.3f  MASE %.4f\n", g ? 18 : 12, s.owa[g], s.smape[g],
               s.mase[g]);
    printf("80 %%: covers %.1f, MSIS %.3f   95 %%: covers %.1f, MSIS %.3f\n", s.coverage80, s.msis80,
           s.coverage95, s.msis95);
    printf("total of 12: error %.3f %% (median %.3f, seasonal naive %.3f), 80 %% covers %.1f at 12, "
           "%.1f at 6\n", s.total_error, s.total_median, s.worst_snaive, s.total_coverage[12],
           s.total_coverage[6]);
    arena_release(&a);
    return 0;
}
