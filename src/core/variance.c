/* variance.c - actual against budget. */
#include "core/variance.h"

const char *track_level_name(enum track_level l)
{
    static const char *const names[] = {"total", "category", "initiative", "line"};
    return names[l];
}

static dec size_of(dec v)
{
    return v < 0 ? -v : v;
}

/* |delta| > over * |budget|, without a division's rounding; an overflow is far beyond any limit. */
static bool is_over(dec delta, dec budget, dec over)
{
    dec limit;
    return !dec_mul(size_of(budget), over, &limit) ? false : size_of(delta) > limit;
}

struct variance variance_of(dec actual, dec budget, const struct variance_rule *r)
{
    struct variance v = {.actual = actual, .budget = budget, .delta = DEC_NULL, .pct = DEC_NULL};
    if (dec_is_null(actual) || dec_is_null(budget))
        return v;
    v.delta = actual - budget;
    v.favorable = v.delta <= 0;
    if (budget && !dec_div(v.delta, size_of(budget), &v.pct))
        v.pct = DEC_NULL;
    bool matters = size_of(v.delta) >= dec_or_zero(r->floor);
    v.flag = budget && matters && is_over(v.delta, budget, r->over);
    v.unbudgeted = !budget && v.delta && matters;
    return v;
}

bool variance_needs_words(const struct variance *v)
{
    return v->flag || v->unbudgeted;
}
