/* rules_decide.c - the order of rules: the user's in file order, then the surest built-in one. */
#include "ingest/rules_decide.h"

void decider_init(struct decider *d, const struct rules *r)
{
    *d = (struct decider){.r = r};
    d->stamps = calloc(r->n_conds + 1, sizeof *d->stamps);
    d->choices = calloc(r->n_user + 1, sizeof *d->choices);
    if (!d->stamps || !d->choices)
        out_of_memory(r->n_conds * sizeof *d->stamps);
}

void decider_release(struct decider *d)
{
    free(d->stamps);
    free(d->choices);
}

void decider_hold(struct decider *d, const struct id_list *lists, size_t n)
{
    if (++d->epoch == 0) {
        memset(d->stamps, 0, d->r->n_conds * sizeof *d->stamps);
        d->epoch = 1;
    }
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < lists[i].n; k++)
            d->stamps[lists[i].ids[k]] = d->epoch;
}

bool decider_rule(const struct decider *d, const struct rule *rule)
{
    for (size_t i = 0; i < rule->n_all; i++)
        if (d->stamps[rule->all[i]] != d->epoch)
            return false;
    for (size_t i = 0; i < rule->n_none; i++)
        if (d->stamps[rule->none[i]] == d->epoch)
            return false;
    return rule->seller == COND_NONE || d->stamps[rule->seller] == d->epoch ||
           d->stamps[d->r->has_seller] != d->epoch;
}

bool rule_before(const struct rules *r, uint32_t a, uint32_t b)
{
    if (r->infos[a].confidence != r->infos[b].confidence)
        return r->infos[a].confidence > r->infos[b].confidence;
    if (r->items[a].rank != r->items[b].rank)
        return r->items[a].rank < r->items[b].rank;
    return a < b;
}

size_t decider_decide(struct decider *d)
{
    const struct rules *r = d->r;
    size_t n = 0;
    for (uint32_t i = 0; i < r->n_user; i++) {
        if (!decider_rule(d, &r->items[i]))
            continue;
        d->choices[n++] = i;
        if (!r->items[i].n_ranges)
            return n;
    }
    uint32_t best = RULE_NONE;
    for (uint32_t i = (uint32_t)r->n_user; i < r->n; i++)
        if ((best == RULE_NONE || rule_before(r, i, best)) && decider_rule(d, &r->items[i]))
            best = i;
    d->choices[n++] = best;
    return n;
}

/* ---- ranges ---- */

static bool in_range(const struct range *range, i128 v)
{
    if (range->has_from && (range->above ? v <= range->from : v < range->from))
        return false;
    return !range->has_to || !(range->below ? v >= range->to : v > range->to);
}

static bool range_value(enum range_field field, const struct spend_row *row, i128 *ret)
{
    switch (field) {
    case RANGE_BILLED:
        *ret = row->billed;
        return !dec_is_null(row->billed);
    case RANGE_EFFECTIVE:
        *ret = row->effective;
        return !dec_is_null(row->effective);
    case RANGE_LIST:
        *ret = row->list;
        return !dec_is_null(row->list);
    case RANGE_QUANTITY:
        *ret = row->quantity;
        return !dec_is_null(row->quantity);
    case RANGE_DAY:
        *ret = row->day;
        return row->day != DAY_NONE;
    case RANGE_PERIOD:
        *ret = row->period;
        return row->period != MONTH_NONE;
    case RANGE_FIELDS:
        break;
    }
    UNREACHABLE();
}

/* What is unknown is in no range. */
static bool range_cond_holds(const struct range_cond *cond, const struct spend_row *row)
{
    i128 v;
    bool in = false;
    if (range_value(cond->field, row, &v))
        for (size_t i = 0; i < cond->n && !in; i++)
            in = in_range(&cond->any[i], v);
    return in != cond->negate;
}

bool rule_ranges_hold(const struct rule *rule, const struct spend_row *row)
{
    for (size_t i = 0; i < rule->n_ranges; i++)
        if (!range_cond_holds(&rule->ranges[i], row))
            return false;
    return true;
}
