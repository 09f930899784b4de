/* value.c - builds the report of benefits: promised, measured, missing. */
#include "report/value.h"

enum {
    V_PERIOD, V_FIRST, V_LAST, V_PATH, V_TITLE, V_INITIATIVE, V_KIND, V_PROJECTED, V_COMPARED,
    V_REALIZED, V_UNITS, V_DELTA, V_FAV, V_PCT, V_FAV_PCT, V_FAVORABLE, V_STATE, V_DUE, V_LACKING,
    V_MISSING, V_MEASURED, V_OWNER, V_MEASURE, V_REASON, VALUE_COLUMNS
};

/* One set of columns for benefits, initiatives and the portfolio: what a row is not stays null. */
static const struct doc_column columns[VALUE_COLUMNS] = {
    [V_PERIOD] = {"period", "Period", CELL_TEXT, SHOW_DATA, 0, -1},
    [V_FIRST] = {"first", "From", CELL_MONTH, SHOW_DATA, 0, -1},
    [V_LAST] = {"last", "To", CELL_MONTH, SHOW_DATA, 0, -1},
    [V_PATH] = {"path", "Benefit", CELL_TEXT, SHOW_DATA, 0, -1},
    [V_TITLE] = {"title", "Benefit", CELL_TEXT, SHOW_PEOPLE, 0, -1},
    [V_INITIATIVE] = {"initiative", "Initiative", CELL_TEXT, SHOW_DATA, 0, -1},
    [V_KIND] = {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1},
    [V_PROJECTED] = {"projected", "Projected", CELL_MONEY, SHOW_ALL, 0, 2},
    [V_COMPARED] = {"compared", "Of it measured", CELL_MONEY, SHOW_ALL, 0, 2},
    [V_REALIZED] = {"realized", "Realized", CELL_MONEY, SHOW_ALL, 0, 2},
    [V_UNITS] = {"units", "Units", CELL_NUMBER, SHOW_DATA, 0, -1},
    [V_DELTA] = {"delta", "Delta", CELL_MONEY, SHOW_DATA, 0, 2},
    [V_FAV] = {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, 2},
    [V_PCT] = {"pct", "Delta, share", CELL_SHARE, SHOW_DATA, 1, -1},
    [V_FAV_PCT] = {"fav_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
    [V_FAVORABLE] = {"favorable", "Favorable", CELL_BOOL, SHOW_DATA, 0, -1},
    [V_STATE] = {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
    [V_DUE] = {"months_due", "Months due", CELL_COUNT, SHOW_DATA, 0, -1},
    [V_LACKING] = {"months_missing", "Months not measured", CELL_COUNT, SHOW_DATA, 0, -1},
    [V_MISSING] = {"missing", "Due, not measured", CELL_MONEY, SHOW_DATA, 0, 2},
    [V_MEASURED] = {"measured_through", "Measured through", CELL_MONTH, SHOW_ALL, 0, -1},
    [V_OWNER] = {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
    [V_MEASURE] = {"measure", "Measure", CELL_TEXT, SHOW_ALL, 0, -1},
    [V_REASON] = {"reason", "Not measurable because", CELL_TEXT, SHOW_DATA, 0, -1},
};

static const char *kind_name(enum benefit_kind k)
{
    static const char *const names[] = {"cash", "revenue", "capacity", "risk"};
    return names[k];
}

static struct cell text_or_null(str s)
{
    return s.n ? cell_text(s) : cell_null();
}

static void fill_sums(struct cell *c, const struct value_period *p, const struct realized *r)
{
    bool late = r->state == BENEFIT_DUE || r->state == BENEFIT_OVERDUE;
    c[V_PERIOD] = cell_text(p->ytd ? S("ytd") : p->label);
    c[V_FIRST] = cell_month(p->first);
    c[V_LAST] = cell_month(p->last);
    c[V_PROJECTED] = cell_money(r->projected);
    c[V_COMPARED] = cell_money(r->compared);
    c[V_REALIZED] = cell_money(r->amount);
    c[V_UNITS] = cell_number(r->units);
    c[V_DELTA] = c[V_FAV] = cell_money(r->delta);
    c[V_PCT] = c[V_FAV_PCT] = cell_share(r->pct);
    if (!dec_is_null(r->delta))
        c[V_FAVORABLE] = cell_bool(r->delta >= 0);
    c[V_STATE] = cell_marked(cell_text(str_of(benefit_state_name(r->state))),
                             late ? MARK_BAD : MARK_NONE);
    c[V_DUE] = cell_count(r->due);
    c[V_LACKING] = cell_count(r->lacking);
    c[V_MISSING] = cell_money(r->missing);
}

static void fill(struct arena *a, struct cell *c, const struct value_period *p,
                 const struct value_row *x)
{
    const struct benefit *b = x->benefit;
    fill_sums(c, p, &x->r);
    c[V_PATH] = cell_text(x->path);
    c[V_TITLE] = cell_text(x->title);
    if (!b) {
        c[V_INITIATIVE] = cell_text(x->path);
        return;
    }
    c[V_INITIATIVE] = cell_text(str_dup(a, str_sub(b->path, 0, str_find_char(b->path, '.', 0))));
    c[V_MEASURED] = cell_month(x->r.last);
    if (b->at) /* else it is no longer in the plan */
        c[V_KIND] = cell_text(str_of(kind_name((enum benefit_kind)b->kind.v)));
    c[V_OWNER] = text_or_null(b->owner.s);
    c[V_MEASURE] = text_or_null(b->measure.s);
    c[V_REASON] = text_or_null(x->r.reason);
}

static void add_totals(struct doc *d, struct doc_table *t, const struct value_period *p)
{
    struct cell *c = doc_row(d, t, ROW_TOTAL, 0);
    fill_sums(c, p, &p->cash);
    c[V_TITLE] = cell_text(S("Cash and revenue"));
    c = doc_row(d, t, ROW_TOTAL, 0);
    fill_sums(c, p, &p->all);
    c[V_TITLE] = cell_text(S("All kinds"));
}

void value_benefits_table(struct doc *d, struct arena *a, const char *id, str title,
                          const struct value_period *periods, size_t n, enum shown shown)
{
    struct doc_table *t = doc_table(d, id, title, columns, VALUE_COLUMNS);
    t->shown = shown;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < periods[i].n_benefits; k++)
            fill(a, doc_row(d, t, ROW_NORMAL, 0), &periods[i], &periods[i].benefits[k]);
        if (shown == SHOW_PEOPLE && periods[i].n_benefits)
            add_totals(d, t, &periods[i]);
    }
}

void value_reasons(struct doc *d, const struct value_period *p)
{
    for (size_t k = 0; k < p->n_benefits; k++)
        if (p->benefits[k].r.reason.n)
            doc_note(d, NOTE_INFO, "%.*s could not be measured: %.*s", FMT(p->benefits[k].path),
                     FMT(p->benefits[k].r.reason));
}

/* ---- sums for programs ---- */

static void add_initiatives(struct doc *d, const struct value_view *v)
{
    struct doc_table *t =
        doc_table(d, "initiatives", S("By initiative"), columns, VALUE_COLUMNS);
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < v->n_periods; i++)
        for (size_t k = 0; k < v->periods[i].n_initiatives; k++)
            fill(d->arena, doc_row(d, t, ROW_NORMAL, 0), &v->periods[i],
                 &v->periods[i].initiatives[k]);
}

static void add_portfolio(struct doc *d, const struct value_view *v)
{
    static const struct {
        const char *path;
        bool cash;
    } scopes[] = {{"cash and revenue", true}, {"all", false}};
    struct doc_table *t = doc_table(d, "portfolio", S("Portfolio"), columns, VALUE_COLUMNS);
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < v->n_periods; i++)
        for (size_t k = 0; k < ARRAY_LEN(scopes); k++) {
            struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
            fill_sums(c, &v->periods[i], scopes[k].cash ? &v->periods[i].cash
                                                        : &v->periods[i].all);
            c[V_PATH] = cell_text(str_of(scopes[k].path));
        }
}

/* ---- for people ---- */

static str period_title(struct arena *a, const struct value_period *p)
{
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month_format_name(p->first, from);
    month_format_name(p->last, to);
    return str_fmt(a, "%.*s, %s - %s", FMT(p->label), from, to);
}

static void add_initiative_rows(struct doc *d, const struct value_view *v)
{
    static const struct doc_column shown[] = {
        {"title", "Initiative", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"projected", "Projected", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"compared", "Of it measured", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"realized", "Realized", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"fav_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
        {"state", "State", CELL_TEXT, SHOW_PEOPLE, 0, -1},
    };
    static const int from[] = {V_TITLE, V_PROJECTED, V_COMPARED, V_REALIZED,
                               V_FAV,   V_FAV_PCT,   V_STATE};
    const struct value_period *p = &v->periods[v->n_periods - 1];
    struct doc_table *t = doc_table(d, "people_initiatives",
                                    str_fmt(d->arena, "By initiative: %.*s",
                                            FMT(period_title(d->arena, p))),
                                    shown, ARRAY_LEN(shown));
    t->shown = SHOW_PEOPLE;
    for (size_t k = 0; k < p->n_initiatives; k++) {
        struct cell all[VALUE_COLUMNS] = {0}, *c = doc_row(d, t, ROW_NORMAL, 0);
        fill(d->arena, all, p, &p->initiatives[k]);
        for (size_t i = 0; i < ARRAY_LEN(from); i++)
            c[i] = all[from[i]];
    }
}

static str standing(struct arena *a, const struct measurement *x)
{
    if (measurement_stands(x))
        return S("stands");
    return x->replaced_by ? str_fmt(a, "replaced by %lld", (long long)x->replaced_by)
                          : S("withdrawn");
}

static void add_history(struct doc *d, const struct value_view *v)
{
    static const struct doc_column shown[] = {
        {"measurement", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"path", "Benefit", CELL_TEXT, SHOW_ALL, 0, -1},
        {"first", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"last", "To", CELL_MONTH, SHOW_ALL, 0, -1},
        {"units", "Units", CELL_NUMBER, SHOW_ALL, 0, -1},
        {"each", "Each", CELL_MONEY, SHOW_ALL, 2, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 0, 2},
        {"by", "By", CELL_TEXT, SHOW_ALL, 0, -1},
        {"evidence", "Evidence", CELL_TEXT, SHOW_ALL, 0, -1},
        {"note", "Note", CELL_TEXT, SHOW_ALL, 0, -1},
        {"reason", "Not measurable because", CELL_TEXT, SHOW_ALL, 0, -1},
        {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
        {"budget", "Budget", CELL_TEXT, SHOW_DATA, 0, -1},
        {"at", "When (UTC)", CELL_TEXT, SHOW_ALL, 0, -1},
        {"ended_at", "Ended (UTC)", CELL_TEXT, SHOW_DATA, 0, -1},
        {"ended_why", "Ended because", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(d, "measurements", S("Every measurement"), shown, ARRAY_LEN(shown));
    t->shown = v->history ? SHOW_ALL : SHOW_DATA;
    t->empty_text = S("Nothing is measured yet.");
    for (size_t i = 0; i < v->n_measurements; i++) {
        const struct measurement *x = &v->measurements[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_count(x->id);
        c[1] = cell_text(x->benefit);
        c[2] = cell_month(x->first);
        c[3] = cell_month(x->last);
        c[4] = cell_number(x->units);
        c[5] = cell_money(x->each);
        c[6] = cell_money(x->amount);
        c[7] = text_or_null(x->by);
        c[8] = text_or_null(x->evidence);
        c[9] = text_or_null(x->note);
        c[10] = text_or_null(x->reason);
        c[11] = cell_text(standing(d->arena, x));
        c[12] = cell_text(x->budget);
        c[13] = cell_text(x->at);
        c[14] = text_or_null(x->ended_at);
        c[15] = text_or_null(x->ended_why);
    }
}

static void add_notes(struct doc *d, const struct value_view *v, size_t lacking)
{
    const struct value_period *p = &v->periods[v->n_periods - 1];
    char missing[DEC_GROUPED_TEXT];
    doc_note(d, NOTE_INFO, "Budget is %.*s: monthly x each x confidence, ramping up. Fav/(Unfav) "
                           "compares what was realized with the part that is measured.",
             FMT(v->budget_name));
    value_reasons(d, p);
    if (lacking)
        doc_note(d, NOTE_WARN, "%zu benefit%s %.*s due and not measured: 'outlay value measure'.",
                 lacking, lacking == 1 ? " has" : "s have",
                 FMT(dec_format_grouped(p->all.missing, 0, missing)));
}

struct doc *report_value(const struct value_view *v, struct arena *a, size_t *ret_lacking)
{
    struct doc *d = doc_new(a, "value", S("Benefits: promised and realized"));
    const struct plan_header *h = &v->plan->header;
    const struct value_period *last = &v->periods[v->n_periods - 1];
    size_t lacking = 0;
    d->currency = h->currency;
    d->as_of = v->as_of;
    d->subtitle = str_fmt(a, "%.*s, %s", FMT(period_title(a, &v->periods[0])), h->currency.code);
    for (size_t k = 0; k < last->n_benefits; k++)
        lacking += last->benefits[k].r.lacking > 0;
    value_benefits_table(d, a, "benefits", S("Benefits"), v->periods, v->n_periods, SHOW_DATA);
    for (size_t i = 0; i < v->n_periods; i++) {
        if (i && v->periods[i].first == v->periods[0].first)
            continue; /* the first quarter is the year to date */
        value_benefits_table(d, a, str_cstr(a, str_fmt(a, "people_%zu", i + 1)),
                             period_title(a, &v->periods[i]), &v->periods[i], 1, SHOW_PEOPLE);
    }
    add_initiative_rows(d, v);
    add_initiatives(d, v);
    add_portfolio(d, v);
    add_history(d, v);
    doc_figure(d, "lacking", S("Benefits that lack a measurement"), 0,
               cell_count((int64_t)lacking));
    doc_last_figure(d)->shown = lacking ? SHOW_ALL : SHOW_DATA;
    if (!last->n_benefits)
        doc_note(d, NOTE_WARN, "The budget promises no benefits in this period.");
    add_notes(d, v, lacking);
    if (ret_lacking)
        *ret_lacking = lacking;
    return d;
}
