/* scenarios_compare.c - scenarios side by side: money, shares, people and tokens; the frontier. */
#include <math.h>

#include "report/scenarios_int.h"

/* --- figures of one scenario --- */

static dec at_unit(double v, double unit)
{
    double n = nearbyint(v * unit);
    return fabs(n) < 9e15 ? (dec)(int64_t)n * (DEC_ONE / (dec)unit) : DEC_NULL;
}

dec dec_of_tenths(double v)
{
    return at_unit(v, 10);
}

dec dec_of_share(double v)
{
    return at_unit(v, 10000);
}

dec dec_of_price(double v)
{
    return at_unit(v, 10000);
}

double scenarios_heads(const struct scenario_result *r)
{
    return r->x->heads[r->x->n_months - 1];
}

double scenarios_hires(const struct scenario_result *r)
{
    double n = 0;
    for (uint32_t i = 0; i < r->plan->staff.n; i++)
        n += world_hired(r->world, i);
    for (size_t i = 0; i < r->circumstances.n_hires; i++)
        n += r->circumstances.hires[i].count;
    return n;
}

int64_t scenarios_tokens(const struct scenario_result *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->x->n_tokens; i++) {
        const struct expanded_tokens *t = &r->x->tokens[i];
        for (int32_t m = 0; m < r->x->n_months; m++)
            sum += t->in[m] + t->cache_read[m] + t->cache_write[m] + t->out[m];
    }
    return sum < 9e18 ? (int64_t)nearbyint(sum) : INT64_MAX;
}

struct cell scenarios_roi(const struct scenario_result *r, bool all)
{
    const struct plan_value *v = &r->worth;
    double cost = money_to_double(v->plain_cost);
    double back = all ? money_to_double(v->plain_benefits)
                      : money_to_double(v->plain_of_kind[BENEFIT_CASH]) +
                            money_to_double(v->plain_of_kind[BENEFIT_REVENUE]);
    return cost > 0 ? cell_share(dec_of_share((back - cost) / cost)) : cell_null();
}

bool scenarios_needs(const struct plan *p, uint32_t initiative, uint32_t what)
{
    const struct initiative *in = &p->initiatives.items[initiative];
    for (size_t k = 0; k < in->needs.n; k++)
        if (in->need_index[k] == what ||
            (in->need_index[k] != initiative && scenarios_needs(p, in->need_index[k], what)))
            return true;
    return false;
}

str scenarios_whole(struct arena *a, money m)
{
    money whole = money_round(m, MICROS, ROUND_HALF_EVEN);
    uint64_t n = (uint64_t)(whole.micros < 0 ? -whole.micros : whole.micros) / MICROS;
    return str_fmt(a, "%s%.*s %s", whole.micros < 0 ? "-" : "", FMT(str_count(a, n)),
                   m.currency.code);
}

const struct simulated *scenarios_simulated(const struct simulation *s)
{
    size_t i = 0;
    while (s->items[i].level != LEVEL_TOTAL)
        i++;
    return &s->items[i];
}

/* --- side by side --- */

static struct doc_table *side_by_side(struct scenarios_job *j, const char *id, const char *title,
                                      const char *first, enum cell_kind kind, int places)
{
    struct doc_column *c = arena_new(j->a, struct doc_column, j->q->n + 1);
    c[0] = (struct doc_column){"row", first, CELL_TEXT, SHOW_ALL, 0, -1};
    for (size_t i = 0; i < j->q->n; i++) {
        const char *name = str_cstr(j->a, j->q->results[i].name);
        c[i + 1] = (struct doc_column){str_fmt(j->a, "s%zu", i).p, name, kind, SHOW_ALL, places, -1};
    }
    struct doc_table *t = doc_table(j->d, id, str_of(title), c, j->q->n + 1);
    t->shown = SHOW_PEOPLE;
    return t;
}

static struct cell *row(struct scenarios_job *j, struct doc_table *t, enum row_role role,
                        int indent, str name)
{
    struct cell *c = doc_row(j->d, t, role, indent);
    c[0] = cell_text(name);
    return c + 1;
}

static str quarter_name(struct scenarios_job *j, int32_t from, int32_t to)
{
    char x[MONTH_TEXT], y[MONTH_TEXT];
    month first = j->q->results[0].plan->header.first;
    return str_fmt(j->a, "%.*s - %.*s", FMT(month_format_name(first + from, x)),
                   FMT(month_format_name(first + to, y)));
}

static void add_money(struct scenarios_job *j)
{
    struct doc_table *t =
        side_by_side(j, "compare", "Side by side", "", CELL_MONEY, 0);
    size_t n = j->q->n;
    const struct scenario_result *r = j->q->results;
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        struct cell *c = row(j, t, ROW_NORMAL, 0, str_of(category_name((enum category)k)));
        for (size_t i = 0; i < n; i++)
            c[i] = cell_money(money_to_dec(r[i].x->categories[k].total));
    }
    struct cell *c = row(j, t, ROW_TOTAL, 0, S("Total"));
    for (size_t i = 0; i < n; i++)
        c[i] = cell_money(money_to_dec(r[i].total));
    c = row(j, t, ROW_NORMAL, 0, S("Target"));
    for (size_t i = 0; i < n; i++)
        c[i] = cell_marked(cell_money(money_to_dec(r[i].target)),
                           r[i].feasible ? MARK_NONE : MARK_BAD);
    int32_t months = r[0].x->n_months;
    for (int32_t from = 0; from < months; from += 3) {
        int32_t to = MIN(from + 2, months - 1);
        c = row(j, t, ROW_NORMAL, 1, quarter_name(j, from, to));
        for (size_t i = 0; i < n; i++) {
            money sum = money_zero(r[i].total.currency);
            for (int32_t m = from; m <= to && m < r[i].x->n_months; m++)
                for (int k = 0; k < CATEGORY_COUNT; k++)
                    sum = money_add(sum, r[i].x->categories[k].monthly[m]);
            c[i] = cell_money(money_to_dec(sum));
        }
    }
}

static void add_value(struct scenarios_job *j)
{
    static const char *const kinds[] = {"Benefits: cash", "Benefits: revenue",
                                        "Benefits: capacity", "Benefits: risk"};
    struct doc_table *t = side_by_side(j, "compare_value", "Present value to the horizon", "",
                                       CELL_MONEY, 0);
    const struct scenario_result *r = j->q->results;
    struct cell *c;
    for (int k = 0; k <= BENEFIT_RISK; k++) {
        c = row(j, t, ROW_NORMAL, 0, str_of(kinds[k]));
        for (size_t i = 0; i < j->q->n; i++)
            c[i] = cell_money(money_to_dec(r[i].worth.of_kind[k]));
    }
    c = row(j, t, ROW_NORMAL, 0, S("Cost"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_money(money_to_dec(money_neg(r[i].worth.cost)));
    c = row(j, t, ROW_TOTAL, 0, S("Value"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_money(money_to_dec(r[i].value));
    if (!j->q->simulations)
        return;
    static const char *const names[] = {"Simulated cost, P50", "Simulated cost, P90"};
    for (int k = 0; k < 2; k++) {
        c = row(j, t, ROW_NORMAL, 0, str_of(names[k]));
        for (size_t i = 0; i < j->q->n; i++) {
            const struct simulated *s = scenarios_simulated(j->q->simulations[i]);
            c[i] = cell_money(
                money_to_dec(money_from_double(k ? s->q.p90 : s->q.p50, r[i].total.currency)));
        }
    }
}

static void add_shares(struct scenarios_job *j)
{
    struct doc_table *t = side_by_side(j, "compare_shares", "Shares of the total (typical), ROI",
                                       "", CELL_SHARE, 1);
    const struct scenario_result *r = j->q->results;
    struct cell *c;
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        const struct band *b = &r[0].plan->bands.of[k];
        int lo = (int)(b->lo * 100 / DEC_ONE), hi = (int)(b->hi * 100 / DEC_ONE);
        c = row(j, t, ROW_NORMAL, 0,
                str_fmt(j->a, "%s (%d-%d %%)", category_name((enum category)k), lo, hi));
        for (size_t i = 0; i < j->q->n; i++) {
            int32_t permille = r[i].x->categories[k].share_permille;
            dec share = permille * (DEC_ONE / 1000);
            const struct band *own = &r[i].plan->bands.of[k];
            c[i] = cell_marked(cell_share(share),
                               share < own->lo || share > own->hi ? MARK_WARN : MARK_NONE);
        }
    }
    c = row(j, t, ROW_NORMAL, 0, S("Total against base"));
    for (size_t i = 0; i < j->q->n; i++)
        if (r[i].base_total.micros)
            c[i] = cell_share(dec_of_share(money_to_double(r[i].total) /
                                               money_to_double(r[i].base_total) - 1));
    c = row(j, t, ROW_NORMAL, 0, S("ROI, cash and revenue"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = scenarios_roi(&r[i], false);
    c = row(j, t, ROW_NORMAL, 0, S("ROI, all kinds"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = scenarios_roi(&r[i], true);
    if (!j->q->simulations)
        return;
    c = row(j, t, ROW_NORMAL, 0, S("Chance to hold the budget"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_share(dec_of_share(j->q->simulations[i]->p_budget));
}

static void add_counts(struct scenarios_job *j)
{
    struct doc_table *t =
        side_by_side(j, "compare_counts", "People and tokens", "", CELL_NUMBER, 1);
    const struct scenario_result *r = j->q->results;
    struct cell *c = row(j, t, ROW_NORMAL, 0, S("Heads at the end"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_number(dec_of_tenths(scenarios_heads(&r[i])));
    c = row(j, t, ROW_NORMAL, 0, S("Hires"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_number(dec_of_tenths(scenarios_hires(&r[i])));
    c = row(j, t, ROW_NORMAL, 0, S("Tokens, billions"));
    for (size_t i = 0; i < j->q->n; i++)
        c[i] = cell_number(dec_of_tenths((double)scenarios_tokens(&r[i]) / 1e9));
}

void scenarios_compare(struct scenarios_job *j)
{
    add_money(j);
    add_shares(j);
    add_value(j);
    add_counts(j);
}

/* --- value against budget --- */

static str bar(struct arena *a, double share)
{
    enum { WIDTH = 30 };
    char text[WIDTH + 1];
    int n = (int)nearbyint(share * WIDTH);
    n = MAX(0, MIN(n, (int)WIDTH));
    memset(text, '#', (size_t)n);
    return str_dup(a, str_sub((str){text, (size_t)n}, 0, (size_t)n));
}

struct doc *report_frontier(const struct frontier_point *points, size_t n, day as_of,
                            struct arena *a)
{
    static const struct doc_column columns[] = {
        {"change", "Budget", CELL_SHARE, SHOW_ALL, 0, 2},
        {"target", "Target", CELL_MONEY, SHOW_ALL, 0, 2},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 0, 2},
        {"value", "Value", CELL_MONEY, SHOW_ALL, 0, 2},
        {"feasible", "Reached", CELL_BOOL, SHOW_ALL, 0, -1},
        {"slope", "Value per unit", CELL_NUMBER, SHOW_ALL, 2, 4},
        {"choices", "Choices", CELL_COUNT, SHOW_ALL, 0, -1},
        {"curve", "Value against budget", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"options", "Options", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    const struct plan_header *h = &points[0].r.plan->header;
    char from[MONTH_TEXT], to[MONTH_TEXT];
    struct doc *d = doc_new(a, "frontier", S("Value against budget"));
    d->subtitle = str_fmt(a, "%.*s - %.*s, %s; every point proven", FMT(month_format_name(h->first, from)),
                          FMT(month_format_name(h->last, to)), h->currency.code);
    d->currency = h->currency;
    d->as_of = as_of;
    struct doc_table *t = doc_table(d, "frontier", STR_NONE, columns, ARRAY_LEN(columns));
    double most = 0, least = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (points[i].r.feasible) {
            most = fmax(most, money_to_double(points[i].r.value));
            least = fmin(least, money_to_double(points[i].r.value));
        }
    double floor = least > 0 ? 0 : least;
    for (size_t i = 0; i < n; i++) {
        const struct scenario_result *r = &points[i].r;
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_share(points[i].percent * (DEC_ONE / 100));
        c[1] = cell_money(money_to_dec(r->target));
        c[4] = cell_bool(r->feasible);
        if (!r->feasible)
            continue;
        c[2] = cell_money(money_to_dec(r->total));
        c[3] = cell_money(money_to_dec(r->value));
        if (i && points[i - 1].r.feasible)
            c[5] = cell_number(dec_of_price(
                money_to_double(money_sub(r->value, points[i - 1].r.value)) /
                money_to_double(money_sub(r->target, points[i - 1].r.target))));
        c[6] = cell_count((int64_t)r->n_chosen);
        if (most > floor)
            c[7] = cell_text(bar(a, (money_to_double(r->value) - floor) / (most - floor)));
        str *names = arena_new(a, str, r->n_chosen + 1);
        for (size_t k = 0; k < r->n_chosen; k++)
            names[k] = r->choices->items[r->chosen[k].choice].path;
        c[8] = cell_text(str_join(a, names, r->n_chosen, S(" ")));
    }
    doc_note(d, NOTE_INFO,
             "Cuts, adds and levers are all open at every point; each is solved exactly. Value per "
             "unit: what one more unit of budget brought since the point before.");
    return d;
}
