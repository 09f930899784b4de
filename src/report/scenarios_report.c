/* scenarios_report.c - builds the scenarios report: side by side, then each choice with its price. */
#include "report/scenarios_report.h"

#include <math.h>

#include "report/scenarios_int.h"

/* --- the table for programs --- */

static void add_scenarios(struct scenarios_job *j)
{
    static const struct doc_column columns[] = {
        {"scenario", "Scenario", CELL_TEXT, SHOW_ALL, 0, -1},
        {"target", "Target", CELL_MONEY, SHOW_ALL, 0, 2},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 0, 2},
        {"value", "Value", CELL_MONEY, SHOW_ALL, 0, 2},
        {"feasible", "Reached", CELL_BOOL, SHOW_ALL, 0, -1},
        {"unassigned", "Unassigned", CELL_MONEY, SHOW_DATA, 0, 2},
        {"short_by", "Short by", CELL_MONEY, SHOW_DATA, 0, 2},
        {"gap", "Gap", CELL_MONEY, SHOW_DATA, 0, 2},
        {"headcount", "Heads at the end", CELL_NUMBER, SHOW_DATA, 1, -1},
        {"hires", "Hires", CELL_NUMBER, SHOW_DATA, 1, -1},
        {"tokens", "Tokens", CELL_COUNT, SHOW_DATA, 0, -1},
        {"benefits", "Benefits", CELL_MONEY, SHOW_DATA, 0, 2},
        {"cost", "Cost", CELL_MONEY, SHOW_DATA, 0, 2},
        {"roi_cash", "ROI, cash and revenue", CELL_SHARE, SHOW_DATA, 1, 4},
        {"roi", "ROI, all kinds", CELL_SHARE, SHOW_DATA, 1, 4},
        {"p50", "P50", CELL_MONEY, SHOW_DATA, 0, 2},
        {"p90", "P90", CELL_MONEY, SHOW_DATA, 0, 2},
        {"p_hold", "Chance to hold", CELL_SHARE, SHOW_DATA, 1, 4},
    };
    struct doc_table *t = doc_table(j->d, "scenarios", S("Scenarios"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->q->n; i++) {
        const struct scenario_result *r = &j->q->results[i];
        const struct simulation *s = j->q->simulations ? j->q->simulations[i] : NULL;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(r->name);
        c[1] = cell_money(money_to_dec(r->target));
        c[2] = cell_money(money_to_dec(r->total));
        c[3] = cell_money(money_to_dec(r->value));
        c[4] = cell_bool(r->feasible);
        if (r->has_target && r->feasible)
            c[5] = cell_money(money_to_dec(money_sub(r->target, r->total)));
        if (!r->feasible)
            c[6] = cell_money(money_to_dec(r->short_by));
        c[7] = cell_money(money_to_dec(r->gap));
        c[8] = cell_number(dec_of_tenths(scenarios_heads(r)));
        c[9] = cell_number(dec_of_tenths(scenarios_hires(r)));
        c[10] = cell_count(scenarios_tokens(r));
        c[11] = cell_money(money_to_dec(money_round(r->worth.benefits, CENT_MICROS,
                                                    ROUND_HALF_EVEN)));
        c[12] = cell_money(money_to_dec(money_round(r->worth.cost, CENT_MICROS, ROUND_HALF_EVEN)));
        c[13] = scenarios_roi(r, false);
        c[14] = scenarios_roi(r, true);
        const struct simulated *all = s ? scenarios_simulated(s) : NULL;
        if (all) {
            c[15] = cell_money(money_to_dec(money_from_double(all->q.p50, r->total.currency)));
            c[16] = cell_money(money_to_dec(money_from_double(all->q.p90, r->total.currency)));
            c[17] = cell_share(dec_of_share(s->p_budget));
        }
    }
}

/* --- choices --- */

/* Cuts that lose least per unit first, then what gains most per unit. */

static int by_price(const void *va, const void *vb)
{
    const struct scenario_choice *x = *(const struct scenario_choice *const *)va;
    const struct scenario_choice *y = *(const struct scenario_choice *const *)vb;
    bool spends = x->frees.micros < 0, other = y->frees.micros < 0;
    double p = isnan(x->price) ? -INFINITY : x->price, q = isnan(y->price) ? -INFINITY : y->price;
    if (spends != other)
        return spends ? 1 : -1;
    if (p != q)
        return (spends ? p > q : p < q) ? -1 : 1;
    return x->choice < y->choice ? -1 : x->choice > y->choice;
}

static const struct doc_column choice_columns[] = {
    {"scenario", "Scenario", CELL_TEXT, SHOW_DATA, 0, -1},
    {"option", "Option", CELL_TEXT, SHOW_ALL, 0, -1},
    {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1},
    {"does", "Does", CELL_TEXT, SHOW_ALL, 0, -1},
    {"frees", "Frees", CELL_MONEY, SHOW_ALL, 0, 2},
    {"value_change", "Value", CELL_MONEY, SHOW_ALL, 0, 2},
    {"price", "Price", CELL_NUMBER, SHOW_ALL, 2, 4},
    {"frees_infra", "Infra", CELL_MONEY, SHOW_ALL, 0, 2},
    {"frees_talent", "Talent", CELL_MONEY, SHOW_ALL, 0, 2},
    {"frees_vendor", "Vendor", CELL_MONEY, SHOW_ALL, 0, 2},
    {"frees_data", "Data", CELL_MONEY, SHOW_ALL, 0, 2},
    {"frees_monthly", "By month", CELL_SERIES, SHOW_DATA, 0, 2},
};

static void choice_row(struct scenarios_job *j, struct doc_table *t,
                       const struct scenario_result *r, const struct scenario_choice *x)
{
    const struct choice *c = &r->choices->items[x->choice];
    struct cell *to = doc_row(j->d, t, ROW_NORMAL, 0);
    to[0] = cell_text(r->name);
    to[1] = cell_text(c->path);
    to[2] = cell_text(str_of(choice_kind_name(c->kind)));
    to[3] = cell_text(c->kind == CHOICE_LEVER ? str_fmt(j->a, "use on %.*s", FMT(c->text))
                                              : c->text);
    to[4] = cell_money(money_to_dec(x->frees));
    to[5] = cell_money(money_to_dec(x->value_change));
    if (!isnan(x->price))
        to[6] = cell_number(dec_of_price(x->price));
    for (int k = 0; k < CATEGORY_RESERVE; k++)
        to[7 + k] = cell_money(money_to_dec(x->frees_in[k]));
    size_t n = (size_t)r->x->n_months;
    dec *months = arena_new(j->a, dec, n + 1);
    for (size_t m = 0; m < n; m++)
        months[m] = money_to_dec(x->frees_monthly[m]);
    to[11] = cell_series(months, n);
}

static void add_choices(struct scenarios_job *j)
{
    struct doc_table *t =
        doc_table(j->d, "choices", S("Choices"), choice_columns, ARRAY_LEN(choice_columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->q->n; i++)
        for (size_t k = 0; k < j->q->results[i].n_chosen; k++)
            choice_row(j, t, &j->q->results[i], &j->q->results[i].chosen[k]);
}

static void add_choices_of(struct scenarios_job *j, const struct scenario_result *r)
{
    const struct scenario_choice **sorted =
        arena_new(j->a, const struct scenario_choice *, r->n_chosen + 1);
    struct doc_table *t = doc_table(
        j->d, str_fmt(j->a, "choices_%.*s", FMT(r->name)).p,
        str_fmt(j->a, "%.*s: what is cut and added, best price first", FMT(r->name)), choice_columns,
        ARRAY_LEN(choice_columns));
    t->shown = SHOW_PEOPLE;
    for (size_t i = 0; i < r->n_chosen; i++)
        sorted[i] = &r->chosen[i];
    if (r->n_chosen)
        qsort(sorted, r->n_chosen, sizeof(struct scenario_choice *), by_price);
    for (size_t i = 0; i < r->n_chosen; i++)
        choice_row(j, t, r, sorted[i]);
    struct cell *to = doc_row(j->d, t, ROW_TOTAL, 0);
    to[1] = cell_text(S("against base"));
    to[4] = cell_money(money_to_dec(money_sub(r->base_total, r->total)));
    to[5] = cell_money(money_to_dec(money_sub(r->value, r->base_value)));
    const struct expansion *base = j->q->results[0].x;
    for (int k = 0; k < CATEGORY_RESERVE; k++)
        to[7 + k] = cell_money(
            money_to_dec(money_sub(base->categories[k].total, r->x->categories[k].total)));
}

/* --- what hangs together --- */

static void add_stopped(struct scenarios_job *j, const struct scenario_result *r)
{
    const struct plan *p = r->plan;
    for (size_t i = 0; i < r->choices->n; i++) {
        const struct choice *c = &r->choices->items[i];
        str *names = arena_new(j->a, str, p->initiatives.n + 1);
        size_t n = 0;
        if (!r->on[i] || c->act != ACTION_DROP)
            continue;
        for (size_t k = 0; k < p->initiatives.n; k++)
            if (k != c->initiative && scenarios_needs(p, (uint32_t)k, c->initiative) &&
                j->q->results[0].world->running[k])
                names[n++] = p->initiatives.items[k].id.s;
        if (n)
            doc_prose(j->d, SHOW_PEOPLE,
                      str_fmt(j->a, "%.*s takes with it what needs it: %.*s.", FMT(c->path),
                              FMT(str_join(j->a, names, n, S(", ")))));
    }
}

static void add_redeploy(struct scenarios_job *j)
{
    static const struct doc_column columns[] = {
        {"scenario", "Scenario", CELL_TEXT, SHOW_ALL, 0, -1},
        {"position", "Position", CELL_TEXT, SHOW_ALL, 0, -1},
        {"role", "Role", CELL_TEXT, SHOW_ALL, 0, -1},
        {"heads", "Heads", CELL_NUMBER, SHOW_ALL, 1, -1},
        {"share", "Of their work", CELL_SHARE, SHOW_ALL, 0, 4},
    };
    struct doc_table *t =
        doc_table(j->d, "redeploy", S("Free to redeploy"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->q->n; i++) {
        struct scenario_free *f;
        size_t n = scenario_redeploy(j->a, &j->q->results[i], &f);
        for (size_t k = 0; k < n; k++) {
            const struct position *s = &j->q->results[i].plan->staff.items[f[k].position];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(j->q->results[i].name);
            c[1] = cell_text(s->id.s);
            c[2] = cell_text(s->role_name.s);
            c[3] = cell_number(dec_of_tenths(f[k].heads));
            c[4] = cell_share(dec_of_share(f[k].share));
        }
    }
}

static void add_near(struct scenarios_job *j)
{
    static const struct doc_column columns[] = {
        {"scenario", "Scenario", CELL_TEXT, SHOW_ALL, 0, -1},
        {"option", "Option", CELL_TEXT, SHOW_ALL, 0, -1},
        {"does", "Does", CELL_TEXT, SHOW_ALL, 0, -1},
        {"value_lost", "Value lost if chosen", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    enum { SHOWN = 3 };
    struct doc_table *t =
        doc_table(j->d, "near", S("What nearly made it"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->q->n; i++) {
        const struct scenario_result *r = &j->q->results[i];
        for (size_t k = 0; k < MIN(r->n_misses, (size_t)SHOWN); k++) {
            const struct choice *x = &r->choices->items[r->misses[k].choice];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(r->name);
            c[1] = cell_text(x->path);
            c[2] = cell_text(x->kind == CHOICE_LEVER
                                 ? str_fmt(j->a, "use on %.*s", FMT(x->text))
                                 : x->text);
            c[3] = cell_money(money_to_dec(r->misses[k].value));
        }
    }
}

static str demand_of(struct scenarios_job *j, const struct scenario_pin *p)
{
    static const char *const words[] = {"never", "take", "hires", "bands: hold", "may is without"};
    return p->path.n ? str_fmt(j->a, "%s %.*s", words[p->kind], FMT(p->path))
                     : str_of(words[p->kind]);
}

static void add_pins(struct scenarios_job *j)
{
    static const struct doc_column columns[] = {
        {"scenario", "Scenario", CELL_TEXT, SHOW_ALL, 0, -1},
        {"demand", "Demand", CELL_TEXT, SHOW_ALL, 0, -1},
        {"feasible_without", "Reached without it", CELL_BOOL, SHOW_ALL, 0, -1},
        {"value_without", "Value gained without it", CELL_MONEY, SHOW_ALL, 0, 2},
        {"short_without", "Short without it", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t =
        doc_table(j->d, "pins", S("The price of what is demanded"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->q->n; i++)
        for (size_t k = 0; k < j->q->results[i].n_pins; k++) {
            const struct scenario_result *r = &j->q->results[i];
            const struct scenario_pin *p = &r->pins[k];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(r->name);
            c[1] = cell_text(demand_of(j, p));
            c[2] = cell_bool(p->feasible);
            if (p->feasible && r->feasible)
                c[3] = cell_money(money_to_dec(p->value));
            if (!p->feasible)
                c[4] = cell_money(money_to_dec(p->short_by));
        }
}

/* --- what must be said --- */

static void unreachable(struct scenarios_job *j, const struct scenario_result *r)
{
    str *causes = arena_new(j->a, str, r->n_pins + 1);
    size_t n = 0;
    str lacking = STR_NONE;
    for (size_t i = 0; i < r->n_pins; i++) {
        if (r->pins[i].feasible && r->pins[i].kind == PIN_MAY)
            lacking = str_fmt(j->a, " It would be reached if it may use %.*s.",
                              FMT(r->pins[i].path));
        else if (r->pins[i].feasible)
            causes[n++] = demand_of(j, &r->pins[i]);
    }
    str because = str_join(j->a, causes, n, S("; "));
    if (r->contradiction.n)
        doc_note(j->d, NOTE_WARN, "%.*s cannot be: %.*s.", FMT(r->name), FMT(r->contradiction));
    else if (r->short_by.micros > 0)
        doc_note(j->d, NOTE_WARN,
                 "%.*s is out of reach: the cheapest choice is %.*s above the target.%s%.*s%s%.*s%s",
                 FMT(r->name), FMT(scenarios_whole(j->a, r->short_by)),
                 n ? " It would be reached without: " : "", FMT(because), n ? "." : "", FMT(lacking),
                 n || lacking.n ? "" : " No single demand or missing kind of option is the cause.");
    else
        doc_note(j->d, NOTE_WARN,
                 "%.*s is out of reach although its target is not: no choice keeps the bands and "
                 "the number of hires.%s%.*s%s",
                 FMT(r->name), n ? " It would be reached without: " : "", FMT(because),
                 n ? "." : "");
}

static void add_notes(struct scenarios_job *j)
{
    for (size_t i = 0; i < j->q->n; i++) {
        const struct scenario_result *r = &j->q->results[i];
        if (!r->feasible)
            unreachable(j, r);
        else if (r->gap.micros)
            doc_note(j->d, NOTE_WARN,
                     "%.*s is not proven to be the best: another choice may be worth up to %.*s "
                     "more.",
                     FMT(r->name), FMT(scenarios_whole(j->a, r->gap)));
        else if (r->has_target && r->target.micros > r->base_total.micros &&
                 money_cmp(r->target, r->total) > 0)
            doc_note(j->d, NOTE_INFO,
                     "%.*s leaves %.*s of its target unassigned: nothing else that is listed "
                     "returns more than it costs and fits.",
                     FMT(r->name), FMT(scenarios_whole(j->a, money_sub(r->target, r->total))));
    }
    doc_note(j->d, NOTE_INFO,
             "Frees and value of a choice: the scenario with it against the scenario without it "
             "(and without what hangs on it). Choices overlap, so they need not add up to the line "
             "'against base'. Price: value lost per unit of money freed, or gained per unit spent.");
    doc_note(j->d, NOTE_INFO,
             "Value is the present value of benefits less that of lines, hires, lever and option "
             "costs to the horizon, without buffers and reserve. Every choice is proven to be the "
             "best unless a note says otherwise.");
}

bool report_scenarios(const struct scenarios_request *q, struct arena *a, struct doc **ret,
                      struct err *e)
{
    const struct plan_header *h = &q->results[0].plan->header;
    struct scenarios_job j = {.q = q, .a = a};
    char from[MONTH_TEXT], to[MONTH_TEXT];
    (void)e;
    j.d = doc_new(a, "scenarios", S("Scenarios of the plan"));
    j.d->subtitle = str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                            FMT(month_format_name(h->last, to)), h->currency.code);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    month *months = arena_new(a, month, (size_t)h->n_months);
    for (int32_t m = 0; m < h->n_months; m++)
        months[m] = h->first + m;
    j.d->months = months;
    j.d->n_months = (size_t)h->n_months;
    add_scenarios(&j);
    add_choices(&j);
    scenarios_compare(&j);
    for (size_t i = 0; i < q->n; i++) {
        if (q->results[i].n_chosen)
            add_choices_of(&j, &q->results[i]);
        add_stopped(&j, &q->results[i]);
    }
    add_redeploy(&j);
    add_near(&j);
    add_pins(&j);
    add_notes(&j);
    *ret = j.d;
    return true;
}
