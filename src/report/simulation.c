/* simulation.c - builds the simulation report. */
#include "report/simulation.h"

#include <math.h>

struct job {
    const struct simulation_request *q;
    const struct simulation *s;
    struct arena *a;
    struct doc *d;
};

enum { DRIVERS_SHOWN = 15, BAR = 24 };

static struct cell amount(const struct job *j, double v)
{
    money m = money_from_double(v, j->q->plan->header.currency);
    return m.fault ? cell_null() : cell_money(money_to_dec(m));
}

/* Four decimals: beyond what any number of trials here knows. */
static struct cell share(double v)
{
    return v != v ? cell_null() : cell_share((dec)llrint(v * 1e4) * (DEC_ONE / 10000));
}

static const char *level_name(enum simulate_level l)
{
    static const char *const names[] = {"total", "category", "initiative",
                                        "line",  "month",    "cumulative"};
    return names[l];
}

/* --- for programs --- */

static void quantile_rows(struct job *j, const char *id, bool cumulative)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, 0},
        {"path", "Path", CELL_TEXT, SHOW_ALL, 0, 0},
        {"point", "Plan", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p5", "P5", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p10", "P10", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p25", "P25", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p50", "P50", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p75", "P75", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p80", "P80", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p90", "P90", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p95", "P95", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p99", "P99", CELL_MONEY, SHOW_ALL, 0, 2},
        {"mean", "Mean", CELL_MONEY, SHOW_ALL, 0, 2},
        {"sd", "Standard deviation", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_p5", "Error of P5", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_p50", "Error of P50", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_p80", "Error of P80", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_p90", "Error of P90", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_p95", "Error of P95", CELL_MONEY, SHOW_ALL, 0, 2},
        {"se_mean", "Error of the mean", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t = doc_table(j->d, id, S("Quantiles"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->s->n_items; i++) {
        const struct simulated *x = &j->s->items[i];
        const struct quantiles *q = &x->q;
        if ((x->level == LEVEL_CUMULATIVE) != cumulative)
            continue;
        const double values[] = {x->point, q->p5,     q->p10,    q->p25,    q->p50,    q->p75,
                                 q->p80,   q->p90,    q->p95,    q->p99,    q->mean,   q->sd,
                                 q->se_p5, q->se_p50, q->se_p80, q->se_p90, q->se_p95, q->se_mean};
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(level_name(x->level)));
        c[1] = cell_text(x->path);
        for (size_t k = 0; k < ARRAY_LEN(values); k++)
            c[2 + k] = amount(j, values[k]);
    }
}

static void add_buffers(struct job *j, enum shown shown)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, 0},
        {"buffer", "Buffer", CELL_SHARE, SHOW_ALL, 0, 4},
        {"p_enough", "Enough in", CELL_SHARE, SHOW_ALL, 0, 4},
        {"needed_p80", "Needed for P80", CELL_SHARE, SHOW_ALL, 0, 4},
        {"needed_p90", "Needed for P90", CELL_SHARE, SHOW_ALL, 0, 4},
    };
    struct doc_table *t =
        doc_table(j->d, shown == SHOW_DATA ? "buffers" : "buffers_shown",
                  S("Is each buffer enough? Share of trials in which it is, and the buffer that "
                    "80 % and 90 % would need"),
                  columns, ARRAY_LEN(columns));
    t->shown = shown;
    for (size_t i = 0; i < j->s->n_buffers; i++) {
        const struct simulated_buffer *b = &j->s->buffers[i];
        const struct simulated *line = simulation_find(j->s, LEVEL_LINE, b->line);
        bool all = j->q->by == LEVEL_LINE;
        if (shown == SHOW_PEOPLE && (line->point == 0 || !(all ? line->q.sd > 0 : b->buffer > 0)))
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(line->path);
        c[1] = share(b->buffer);
        c[2] = share(b->p_enough);
        c[3] = share(b->needed_p80);
        c[4] = share(b->needed_p90);
        if (b->p_enough < 0.5)
            c[2] = cell_marked(c[2], MARK_BAD);
        else if (b->p_enough < 0.8)
            c[2] = cell_marked(c[2], MARK_WARN);
    }
}

static void add_drivers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Range", CELL_TEXT, SHOW_ALL, 0, 0},
        {"swing", "Swing", CELL_MONEY, SHOW_ALL, 0, 2},
        {"rank_correlation", "Rank correlation", CELL_NUMBER, SHOW_ALL, 2, 4},
        {"low", "Total at its P10", CELL_MONEY, SHOW_ALL, 0, 2},
        {"high", "Total at its P90", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t = doc_table(j->d, "drivers", S("Drivers"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->s->n_drivers; i++) {
        const struct simulated_driver *x = &j->s->drivers[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->path);
        c[1] = amount(j, x->swing);
        c[2] = cell_number((dec)llrint(x->rank_correlation * 1e4) * (DEC_ONE / 10000));
        c[3] = amount(j, x->low);
        c[4] = amount(j, x->high);
    }
}

/* --- for people --- */

static void fan(struct job *j, enum simulate_level level, const char *id, str title,
                const char *what)
{
    struct doc_column *columns = arena_new(j->a, struct doc_column, 8);
    const struct doc_column fixed[] = {
        {"path", what, CELL_TEXT, SHOW_ALL, 0, 0},  {"point", "Plan", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p5", "P5", CELL_MONEY, SHOW_ALL, 0, 2},   {"p10", "P10", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p50", "P50", CELL_MONEY, SHOW_ALL, 0, 2}, {"p90", "P90", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p95", "P95", CELL_MONEY, SHOW_ALL, 0, 2}, {"mean", "Mean", CELL_MONEY, SHOW_ALL, 0, 2}};
    bool months = level == LEVEL_MONTH || level == LEVEL_CUMULATIVE;
    memcpy(columns, fixed, sizeof fixed);
    if (months)
        columns[0].kind = CELL_MONTH;
    struct doc_table *t = doc_table(j->d, id, title, columns, ARRAY_LEN(fixed));
    t->shown = SHOW_PEOPLE;
    for (size_t i = 0; i <= j->s->n_items; i++) {
        const struct simulated *x = i < j->s->n_items ? &j->s->items[i] : &j->s->items[0];
        bool total = i == j->s->n_items;
        if (total ? level == LEVEL_CUMULATIVE : x->level != level)
            continue;
        struct cell *c = doc_row(j->d, t, total ? ROW_TOTAL : ROW_NORMAL, 0);
        const double values[] = {x->point, x->q.p5,  x->q.p10, x->q.p50,
                                 x->q.p90, x->q.p95, x->q.mean};
        c[0] = months ? cell_month(j->q->plan->header.first + (month)x->index) : cell_text(x->path);
        if (total)
            c[0] = cell_text(S("Total"));
        else if (level == LEVEL_CATEGORY)
            c[0] = cell_text(str_of(category_name((enum category)x->index)));
        for (size_t k = 0; k < ARRAY_LEN(values); k++)
            c[1 + k] = amount(j, values[k]);
    }
}

static str bar(struct job *j, double v, double largest)
{
    int n = largest > 0 ? (int)lrint(v / largest * BAR) : 0;
    str out = S("");
    for (int i = 0; i < MAX(n, 1); i++)
        out = str_fmt(j->a, "%.*s#", FMT(out));
    return out;
}

static void tornado(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Range", CELL_TEXT, SHOW_ALL, 0, 0},
        {"swing", "Swing", CELL_MONEY, SHOW_ALL, 0, 2},
        {"bar", "", CELL_TEXT, SHOW_ALL, 0, 0},
        {"low", "Total at its P10", CELL_MONEY, SHOW_ALL, 0, 2},
        {"high", "Total at its P90", CELL_MONEY, SHOW_ALL, 0, 2},
        {"rank_correlation", "Rank correlation", CELL_NUMBER, SHOW_ALL, 2, 4},
    };
    struct doc_table *t = doc_table(
        j->d, "tornado", S("What drives the total: how far it moves when one range alone moves"),
        columns, ARRAY_LEN(columns));
    t->shown = SHOW_PEOPLE;
    t->empty_text = S("Nothing that has a range moves the total.");
    for (size_t i = 0; i < MIN(j->s->n_drivers, (size_t)DRIVERS_SHOWN); i++) {
        const struct simulated_driver *x = &j->s->drivers[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(x->path);
        c[1] = amount(j, x->swing);
        c[2] = cell_text(bar(j, x->swing, j->s->drivers[0].swing));
        c[3] = amount(j, x->low);
        c[4] = amount(j, x->high);
        c[5] = cell_number((dec)llrint(x->rank_correlation * 1e4) * (DEC_ONE / 10000));
    }
}

static void add_sensitivity(struct job *j, const struct sensitivity *s, const char *id, str title)
{
    static const struct doc_column columns[] = {
        {"group", "Group", CELL_TEXT, SHOW_ALL, 0, 0},
        {"first_order", "Alone", CELL_SHARE, SHOW_ALL, 1, 4},
        {"total", "With interactions", CELL_SHARE, SHOW_ALL, 1, 4},
    };
    if (!s)
        return;
    struct doc_table *t = doc_table(j->d, id, title, columns, ARRAY_LEN(columns));
    t->empty_text = S("Nothing that has a range moves the total.");
    for (size_t i = 0; i < s->n; i++) {
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(s->groups[i].name);
        c[1] = share(s->groups[i].first);
        c[2] = share(s->groups[i].total);
    }
}

static void add_shortfalls(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Obligation", CELL_TEXT, SHOW_ALL, 0, 0},
        {"p_short", "Falls short in", CELL_SHARE, SHOW_ALL, 0, 4},
        {"mean", "Charged on average", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    if (!j->s->n_shortfalls)
        return;
    struct doc_table *t =
        doc_table(j->d, "shortfalls", S("Obligations that covered spend may miss"), columns,
                  ARRAY_LEN(columns));
    for (size_t i = 0; i < j->s->n_shortfalls; i++) {
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(j->s->shortfalls[i].path);
        c[1] = share(j->s->shortfalls[i].p_short);
        c[2] = amount(j, j->s->shortfalls[i].mean);
    }
}

/* --- the whole --- */

static void money_figure(struct job *j, const char *id, const char *title, double v)
{
    doc_figure(j->d, id, str_of(title), 0, amount(j, v));
    struct doc_figure *f = doc_last_figure(j->d);
    f->exact_places = 2;
    f->shown = SHOW_PEOPLE;
}

static void add_figures(struct job *j)
{
    const struct simulated *total = &j->s->items[0];
    double planned = money_to_double(j->s->point->planned);
    money_figure(j, "point", "Plan, all lines", total->point);
    money_figure(j, "p10", "P10", total->q.p10);
    money_figure(j, "p50", "P50", total->q.p50);
    money_figure(j, "p80", "P80", total->q.p80);
    money_figure(j, "p90", "P90", total->q.p90);
    doc_figure(j->d, "p_point", S("Chance that the plan is enough"), 0, share(j->s->p_point));
    doc_last_figure(j->d)->exact_places = 4;
    doc_figure(j->d, "p_budget", S("Chance that the plan with its buffers is enough"), 0,
               share(j->s->p_budget));
    doc_last_figure(j->d)->exact_places = 4;
    money_figure(j, "buffers", "Buffers in the plan", planned - total->point);
    money_figure(j, "needed_p80", "Needed above the plan for P80",
                 MAX(0.0, total->q.p80 - total->point));
    money_figure(j, "needed_p90", "Needed above the plan for P90",
                 MAX(0.0, total->q.p90 - total->point));
    doc_figure(j->d, "trials", S("Trials"), 0, cell_count((int64_t)j->s->trials));
    doc_figure(j->d, "seed", S("Seed"), 0, cell_count((int64_t)j->s->seed));
    doc_figure(j->d, "sha256", S("Checksum"), 0, cell_text(str_fmt(j->a, "%s", j->s->sha256)));
    doc_last_figure(j->d)->shown = SHOW_DATA;
}

static void add_notes(struct job *j)
{
    char error[MONEY_TEXT];
    money m = money_from_double(j->s->items[0].q.se_p90, j->q->plan->header.currency);
    doc_note(
        j->d, NOTE_INFO,
        "Lines after levers, before buffers and without the reserve. P90 of the total is known "
        "to +-%.*s (one standard error) after this many trials.",
        FMT(money_format(m, 0, error)));
    if (j->q->plan->risks.n)
        doc_note(j->d, NOTE_INFO,
                 j->q->no_risks ? "Risks are left out (--no-risks)."
                                : "Risks happen with their chance; the plan itself has none of "
                                  "them.");
    if (j->q->quick)
        doc_note(j->d, NOTE_INFO,
                 "A quick answer: evenly spread points instead of random ones, so that the errors "
                 "stated are upper bounds.");
    if (j->s->p_point < 0.4)
        doc_note(j->d, NOTE_INFO,
                 "The plan lies below the middle of what may happen: ranges reach farther up than "
                 "down, and products of them more so.");
}

struct doc *report_simulation(const struct simulation_request *q, struct arena *a)
{
    const struct plan_header *h = &q->plan->header;
    char from[MONTH_TEXT], to[MONTH_TEXT];
    struct job j = {.q = q, .s = q->simulation, .a = a};
    j.d = doc_new(a, "simulate", S("Simulation of the plan"));
    j.d->subtitle = str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                            FMT(month_format_name(h->last, to)), h->currency.code);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    month *months = arena_new(a, month, (size_t)h->n_months);
    for (int32_t m = 0; m < h->n_months; m++)
        months[m] = h->first + m;
    j.d->months = months;
    j.d->n_months = (size_t)h->n_months;
    add_figures(&j);
    quantile_rows(&j, "quantiles", false);
    add_buffers(&j, SHOW_DATA);
    add_drivers(&j);
    quantile_rows(&j, "cumulative", true);
    if (q->by != LEVEL_MONTH)
        fan(&j, q->by, "shown",
            q->by == LEVEL_LINE         ? S("Each line")
            : q->by == LEVEL_INITIATIVE ? S("Each initiative; people of several stand apart")
                                        : S("Each category"),
            q->by == LEVEL_LINE         ? "Line"
            : q->by == LEVEL_INITIATIVE ? "Initiative"
                                        : "Category");
    fan(&j, LEVEL_MONTH, "fan", S("Month by month"), "Month");
    if (q->by == LEVEL_MONTH)
        fan(&j, LEVEL_CUMULATIVE, "so_far", S("From the start to the end of each month"), "Month");
    add_buffers(&j, SHOW_PEOPLE);
    tornado(&j);
    add_shortfalls(&j);
    add_sensitivity(&j, q->kinds, "sensitivity", S("Share of the variance by what the ranges say"));
    add_sensitivity(&j, q->initiatives, "sensitivity_initiatives",
                    S("Share of the variance by initiative"));
    add_notes(&j);
    return j.d;
}
