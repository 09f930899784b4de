/* fuzz_series.c - series files, and forecasts of whatever they hold: sound numbers or an error. */
#include <math.h>

#include "app/series_file.h"
#include "engine/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_step(const struct series_step *s)
{
    BUG_IF(!isfinite(s->p2_5) || !isfinite(s->p97_5));
    BUG_IF(s->p2_5 > s->p10 || s->p10 > s->p50 || s->p50 > s->p90 || s->p90 > s->p97_5);
}

static void check_forecast(const double *y, size_t n, int period, int h)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    const struct series_forecast *f;
    const struct series_input in = {.y = y, .n = n, .period = period, .h = h};
    BUG_IF(!series_forecast(&a, &in, &f, &e));
    for (int k = 0; k < h; k++) {
        check_step(&f->steps[k]);
        check_step(&f->totals[k]);
    }
    arena_release(&a);
}

/* The bytes themselves as values of every size and sign. */
static void check_bytes(const uint8_t *data, size_t size, int period, int h)
{
    double y[128];
    size_t n = MIN(size / 2, ARRAY_LEN(y));
    for (size_t i = 0; i < n; i++)
        y[i] = ldexp((double)(int8_t)data[2 * i], (int8_t)data[2 * i + 1] / 4);
    if (n)
        check_forecast(y, n, period, h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int periods[] = {1, 4, 7, 12};
    if (size < 2)
        return 0;
    int period = periods[data[0] / 2 % 4], h = 1 + data[1] % 20;
    if (data[0] % 2) {
        check_bytes(data + 2, size - 2, period, h);
        return 0;
    }
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct series_list list;
    str text = {(const char *)data + 2, size - 2};
    if (series_file_read(&a, S("fuzz.csv"), text, data[1] / 32, &list, &e)) {
        BUG_IF(!list.n);
        for (size_t i = 0; i < MIN(list.n, (size_t)4); i++) {
            BUG_IF(!list.items[i].n || (i && str_cmp(list.items[i - 1].id, list.items[i].id) >= 0));
            check_forecast(list.items[i].y, list.items[i].n, period, h);
        }
    } else {
        BUG_IF(e.kind != ERR_INVALID || !e.text[0]);
    }
    arena_release(&a);
    return 0;
}
