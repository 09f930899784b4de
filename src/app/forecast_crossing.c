/* forecast_crossing.c - the day on which spend went over a quarter's budget. */
#include "app/forecast_int.h"

static bool spent_by(struct workspace *w, const struct track_book *k, day from, day to, dec *ret,
                     struct err *e)
{
    const struct actuals *all;
    struct actuals_query q = {.plan = k->t.plan, .from = from, .to = to, .basis = k->basis};
    dec sum = 0;
    if (!actuals_read(w, &q, &all, e))
        return false;
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].category < CATEGORY_COUNT && !dec_add(sum, all->items[i].amount, &sum))
            return err_set(e, ERR_FAILED, "what was spent is too large");
    *ret = sum;
    return true;
}

bool forecast_day_crossed(struct workspace *w, const struct track_book *k, day from, day to,
                          dec budget, day *ret, struct err *e)
{
    day low = from, high = to; /* the day lies in it */
    while (low < high) {
        day middle = low + (high - low) / 2;
        dec spent = 0;
        if (!spent_by(w, k, from, middle, &spent, e))
            return false;
        if (spent > budget)
            high = middle;
        else
            low = middle + 1;
    }
    *ret = low;
    return true;
}
