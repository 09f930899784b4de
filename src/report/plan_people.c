/* plan_people.c - builds the position roster: who, from when, at what salary, at what loaded cost.
 */
#include "report/plan_lists.h"

struct job {
    const struct plan *p;
    const struct world *w;
    const struct expansion *x;
    struct arena *a;
    struct doc *d;
};

static str works_on_text(struct job *j, const struct weights *on)
{
    if (!on->n)
        return STR_NONE;
    if (on->single)
        return on->items[0].name.s;
    str *parts = arena_new(j->a, str, on->n);
    for (size_t i = 0; i < on->n; i++) {
        const struct weight *x = &on->items[i];
        parts[i] =
            x->q ? str_fmt(j->a, "%.*s %.*s", FMT(x->name.s), FMT(x->q->at->text)) : x->name.s;
    }
    return str_join(j->a, parts, on->n, S(", "));
}

static const char *state_of(const struct position *s)
{
    return s->here ? "here" : s->external ? "hire" : "internal";
}

static dec number(struct arena *a, double v)
{
    dec out;
    return dec_parse(str_fmt(a, "%.6f", v), &out) == DEC_OK ? out : DEC_NULL;
}

/* The loaded cost and the hiring cost of a position; both null when it is outside the plan. */
static void costs(struct job *j, uint32_t position, struct cell *ret_loaded, struct cell *ret_hire)
{
    *ret_loaded = *ret_hire = cell_null();
    for (size_t i = 0; i < j->x->n_lines; i++) {
        const struct expanded *l = &j->x->lines[i];
        if (l->position == position)
            *(l->hire ? ret_hire : ret_loaded) = cell_money(money_to_dec(l->total));
    }
}

static void add_positions(struct job *j)
{
    static const struct doc_column columns[] = {
        {"id", "Position", CELL_TEXT, SHOW_ALL, 0, -1},
        {"role", "Role", CELL_TEXT, SHOW_ALL, 0, -1},
        {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
        {"count", "Count", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"start", "Start", CELL_MONTH, SHOW_ALL, 0, -1},
        {"end", "End", CELL_MONTH, SHOW_ALL, 0, -1},
        {"salary", "Salary", CELL_MONEY, SHOW_ALL, 0, 2},
        {"loaded", "Loaded cost", CELL_MONEY, SHOW_ALL, 0, 2},
        {"recruiting", "Hiring cost", CELL_MONEY, SHOW_ALL, 0, 2},
        {"works_on", "Works on", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    const struct plan *p = j->p;
    struct doc_table *t = doc_table(j->d, "positions", S("Positions"), columns, ARRAY_LEN(columns));
    money loaded = money_zero(p->header.currency), hire = loaded;
    double heads = 0;
    t->empty_text = S("The plan has no positions.");
    for (uint32_t i = 0; i < p->staff.n; i++) {
        const struct position *s = &p->staff.items[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        int32_t at = MAX(0, MIN(s->first - p->header.first, j->w->n - 1));
        const struct quantity *pay = s->salary ? s->salary : p->roles.items[s->role].salary;
        double count = world_number(j->w, s->count, 1);
        c[0] = cell_text(s->id.s);
        if (s->role_name.at)
            c[1] = cell_text(s->role_name.s);
        c[2] = cell_text(str_of(state_of(s)));
        c[3] = cell_number(number(j->a, count));
        if (s->start.at)
            c[4] = cell_month(s->start.m);
        if (s->end.at)
            c[5] = cell_month(s->end.m);
        c[6] = cell_money(
            money_to_dec(money_from_double(world_number_at(j->w, pay, at, 0), p->header.currency)));
        costs(j, i, &c[7], &c[8]);
        if (c[7].kind == CELL_NULL)
            c[2] = cell_text(S("outside"));
        c[9] = cell_text(works_on_text(j, &s->works_on));
        heads += c[7].kind == CELL_NULL ? 0 : count;
    }
    for (size_t i = 0; i < j->x->n_lines; i++)
        if (j->x->lines[i].position != NO_INDEX) {
            money *to = j->x->lines[i].hire ? &hire : &loaded;
            *to = money_add(*to, j->x->lines[i].total);
        }
    if (!p->staff.n)
        return;
    struct cell *c = doc_row(j->d, t, ROW_TOTAL, 0);
    c[0] = cell_text(S("Total"));
    c[3] = cell_number(number(j->a, heads));
    c[7] = cell_money(money_to_dec(loaded));
    c[8] = cell_money(money_to_dec(hire));
}

static void add_headcount(struct job *j)
{
    static const struct doc_column columns[] = {
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"heads", "Heads", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"amount", "Loaded cost", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    if (!j->p->staff.n)
        return;
    struct doc_table *t =
        doc_table(j->d, "headcount", S("Headcount by month"), columns, ARRAY_LEN(columns));
    for (int32_t m = 0; m < j->x->n_months; m++) {
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        money sum = money_zero(j->p->header.currency);
        for (size_t i = 0; i < j->x->n_lines; i++)
            if (j->x->lines[i].position != NO_INDEX && !j->x->lines[i].hire)
                sum = money_add(sum, j->x->lines[i].monthly[m]);
        c[0] = cell_month(j->p->header.first + m);
        c[1] = cell_number(number(j->a, j->x->heads[m]));
        c[2] = cell_money(money_to_dec(sum));
    }
}

static void add_others(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Contractors and training", CELL_TEXT, SHOW_ALL, 0, -1},
        {"works_on", "Works on", CELL_TEXT, SHOW_ALL, 0, -1},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t =
        doc_table(j->d, "others", S("Contractors and training"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->x->n_lines; i++) {
        const struct expanded *l = &j->x->lines[i];
        bool contractor = l->contractor != NO_INDEX;
        if (!contractor && l->upskilling == NO_INDEX)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(l->path);
        c[1] = cell_text(works_on_text(j, contractor
                                              ? &j->p->contractors.items[l->contractor].works_on
                                              : &j->p->upskilling.items[l->upskilling].works_on));
        c[2] = cell_money(money_to_dec(l->total));
    }
}

bool report_people(const struct plan_list_request *q, struct arena *a, struct doc **ret,
                   struct err *e)
{
    const struct plan_header *h = &q->plan->header;
    struct job j = {.p = q->plan, .a = a};
    char from[MONTH_TEXT], to[MONTH_TEXT];
    if (!expand(a, q->plan, NULL, &j.x, e))
        return false;
    j.w = world_new(a, q->plan, NULL);
    j.d = doc_new(a, "plan_people", S("People of the plan"));
    j.d->subtitle = str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                            FMT(month_format_name(h->last, to)), h->currency.code);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    add_positions(&j);
    add_headcount(&j);
    add_others(&j);
    *ret = j.d;
    return true;
}
