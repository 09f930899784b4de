/* explain_units.c - units and rate of lines that have them; heads and rate of people. */
#include "app/explain_int.h"

enum { ROWS_MOST = 200000 };

struct units {
    double count;      /* of the unit that carries most of the amount */
    double amount;     /* of its rows */
    str unit;
};

static bool same_unit(str a, str b)
{
    return str_eq_nocase(a, b);
}

/* Quantities of the rows of a line, in the unit that costs most. People: the largest of the sums by
 * account, since gross pay and its extras both state the heads. */
static bool read_units(struct explaining *x, const struct tracked *item, int32_t m, bool by_account,
                       struct units *ret, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    struct row_filters f;
    struct ledger_row *rows;
    size_t n;
    uint64_t all;
    struct units found[16] = {0};
    str key[16];
    size_t n_found = 0, best = 0;
    if (!explain_filters(x, item->path, m, &f, e))
        return false;
    struct ledger_query q = explain_query(x, &f, m);
    bool ok = ledger_rows(x->w->ledger, &q, ORDER_COST, ROWS_MOST, &scratch, &rows, &n, &all, e);
    for (size_t i = 0; ok && i < n; i++) {
        const struct spend_row *r = &rows[i].row;
        if (dec_is_null(r->quantity))
            continue;
        str by = by_account ? r->text[SPEND_ACCOUNT] : r->text[SPEND_UNIT];
        size_t k = 0;
        while (k < n_found && !same_unit(key[k], by))
            k++;
        if (k == ARRAY_LEN(found))
            continue;
        if (k == n_found) {
            key[n_found] = by;
            found[n_found++].unit = str_dup(x->a, r->text[SPEND_UNIT]);
        }
        found[k].count += dec_to_double(r->quantity);
        found[k].amount += dec_to_double(dec_or_zero(r->effective));
    }
    for (size_t k = 1; k < n_found; k++)
        if (by_account ? found[k].count > found[best].count : found[k].amount > found[best].amount)
            best = k;
    *ret = found[best];
    if (all > ROWS_MOST)
        ret->count = 0; /* too many to be worth reading: no split */
    arena_release(&scratch);
    return ok;
}

/* What the plan multiplies: hours of a machine, terabytes, seats, items ... per unit of money. */
static const struct quantity *rate_of(const struct explaining *x, const struct line *l,
                                      const char **ret_unit, double *ret_scale)
{
    *ret_scale = 1;
    if (l->kind == LINE_TRAINING || (l->kind == LINE_INFERENCE && !l->q[Q_PER_1K])) {
        *ret_unit = "hours";
        return l->machine == NO_INDEX ? NULL : x->t->plan->machines.items[l->machine].q;
    }
    if (l->kind == LINE_INFERENCE) {
        *ret_unit = "requests";
        *ret_scale = 1000;
        return l->q[Q_PER_1K];
    }
    *ret_unit = l->kind == LINE_STORAGE    ? "TB"
                : l->kind == LINE_SAAS     ? "seats"
                : l->kind == LINE_LABELING ? "items"
                                           : NULL;
    return *ret_unit ? l->q[Q_PRICE] : NULL;
}

static bool is_gigabytes(str unit)
{
    return str_starts_nocase(unit, S("GB")) || str_starts_nocase(unit, S("GiB"));
}

bool explain_units(struct explaining *x, const struct tracked *item, int32_t m, double actual,
                   double budget, struct month_parts *p, bool *ret, struct err *e)
{
    const struct expanded *b = &x->t->budget->lines[item->expanded];
    const struct line *l = x->t->plan->lines[b->line];
    const char *unit;
    double scale, f0[2], f1[2], parts[2];
    const struct quantity *q = rate_of(x, l, &unit, &scale);
    struct units u;
    *ret = false;
    if (!q)
        return true;
    struct line_months *months = arena_new(x->a, struct line_months, 1);
    world_line(x->unlevered, l, months);
    double rate = world_number_at(x->unlevered, q, m, 0);
    if (!(rate > 0) || !(budget > 0) || !(actual > 0))
        return true;
    f0[0] = months->amount[m] / rate * scale;
    if (!read_units(x, item, m, false, &u, e))
        return false;
    f1[0] = u.count / (l->kind == LINE_STORAGE && is_gigabytes(u.unit) ? 1000 : 1);
    if (!(f0[0] > 0) || !(f1[0] > 0))
        return true;
    f0[1] = budget / f0[0];
    f1[1] = actual / f1[0];
    /* bills that count something else than the plan does (machines of eight GPUs) tell nothing */
    if (f1[1] > 3 * f0[1] || f0[1] > 3 * f1[1])
        return true;
    variance_product(f0, f1, 2, parts);
    part_add(p, str_of(unit), parts[0],
             str_fmt(x->a, "%.*s instead of %.*s", FMT(explain_number(x->a, f1[0])),
                     FMT(explain_number(x->a, f0[0]))));
    part_add(p, S("rate"), parts[1],
             str_fmt(x->a, "%.4g instead of %.4g", f1[1] * (scale > 1 ? scale : 1),
                     f0[1] * (scale > 1 ? scale : 1)));
    *ret = true;
    return true;
}

/* ---- people ---- */

static double planned_heads(struct explaining *x, const struct expanded *b, int32_t m,
                            double *ret_hire_month)
{
    double amount[PLAN_MONTHS_MAX] = {0}, heads[PLAN_MONTHS_MAX] = {0}, hire = 0;
    int32_t hire_month = -1;
    if (!world_position(x->world, b->position, amount, heads, &hire, &hire_month))
        return 0;
    *ret_hire_month = hire_month;
    return heads[m];
}

bool explain_people(struct explaining *x, const struct tracked *item, int32_t m, double actual,
                    double budget, struct month_parts *p, bool *ret, struct err *e)
{
    const struct expanded *b = &x->t->budget->lines[item->expanded];
    double hire_month, f0[2], f1[2], parts[2];
    struct units u;
    *ret = false;
    if (b->position == NO_INDEX)
        return true;
    const struct position *who = &x->t->plan->staff.items[b->position];
    bool never = true; /* nothing paid so far */
    for (int32_t k = 0; k <= m; k++)
        never = never && !item->actual[k];
    if (who->hire && never && budget > 0 && actual == 0) {
        char when[MONTH_TEXT];
        part_add(p, S("timing"), -budget,
                 str_fmt(x->a, "planned from %.*s, not started",
                         FMT(month_format_name(who->first, when))));
        p->timing = -item->budget[m];
        *ret = true;
        return true;
    }
    f0[0] = planned_heads(x, b, m, &hire_month);
    if (b->hire || !(f0[0] > 0) || !(budget > 0))
        return true;
    if (!read_units(x, item, m, true, &u, e))
        return false;
    f1[0] = u.count;
    if (!(f1[0] > 0) || !(actual > 0))
        return true;
    f0[1] = budget / f0[0];
    f1[1] = actual / f1[0];
    variance_product(f0, f1, 2, parts);
    part_add(p, S("headcount"), parts[0],
             str_fmt(x->a, "%.4g instead of %.4g heads", f1[0], f0[0]));
    part_add(p, S("rate"), parts[1], STR_NONE);
    *ret = true;
    return true;
}
