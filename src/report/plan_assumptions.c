/* plan_assumptions.c - builds the list of what a plan rests on: ranges, sources, owners, age. */
#include "report/plan_lists.h"
#include "report/plan_origin.h"

struct job {
    const struct plan *p;
    struct origins origins;
    struct arena *a;
    struct doc *d;
    day as_of;
};

static dec number(struct arena *a, double v)
{
    dec out;
    return dec_parse(str_fmt(a, "%.9f", v), &out) == DEC_OK ? out : DEC_NULL;
}

static bool ranged(const struct quantity *q)
{
    for (size_t i = 0; i < q->n; i++)
        if (!q->points[i].formula && q->points[i].v.ranged)
            return true;
    return false;
}

static void number_row(struct job *j, struct doc_table *t, const struct quantity *q,
                       const struct point *pt, const struct origin *o)
{
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(q->path);
    if (pt && pt->at != MONTH_NONE)
        c[1] = cell_month(pt->at);
    else if (o->from != MONTH_NONE)
        c[1] = cell_month(o->from);
    c[2] = cell_text(written_text(j->a, pt ? pt->node : q->at));
    if (pt && !pt->formula) {
        c[3] = cell_number(number(j->a, pt->v.point));
        if (pt->v.ranged) {
            c[4] = cell_number(number(j->a, pt->v.lo));
            c[5] = cell_number(number(j->a, pt->v.hi));
        }
    }
    if (o->source.n)
        c[6] = cell_text(o->source);
    if (o->owner.n)
        c[7] = cell_text(o->owner);
    c[8] = cell_text(place_text(j->a, pt ? pt->node : q->at));
}

static void add_numbers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Number", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "At", CELL_MONTH, SHOW_ALL, 0, -1},
        {"value", "Value", CELL_TEXT, SHOW_ALL, 0, -1},
        {"point", "Point", CELL_NUMBER, SHOW_DATA, 0, -1},
        {"low", "Low", CELL_NUMBER, SHOW_DATA, 0, -1},
        {"high", "High", CELL_NUMBER, SHOW_DATA, 0, -1},
        {"source", "Source", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"place", "In", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "numbers", S("Numbers with a range or a source"), columns,
                                    ARRAY_LEN(columns));
    t->empty_text = S("No number of the plan has a range or a source.");
    for (size_t i = 0; i < j->p->n_quantities; i++) {
        const struct quantity *q = j->p->quantities[i];
        struct origin o;
        if (!origin_of(&j->origins, q, &o) || !(ranged(q) || o.source.n))
            continue;
        if (q->n == 1 || !ranged(q)) {
            number_row(j, t, q, q->n == 1 ? &q->points[0] : NULL, &o);
            continue;
        }
        for (size_t k = 0; k < q->n; k++)
            if (!q->points[k].formula && (q->points[k].v.ranged))
                number_row(j, t, q, &q->points[k], &o);
    }
}

/* One row per line, role, lever ...: the names of its numbers that nothing backs. */
static void add_unsourced(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Without a source", CELL_TEXT, SHOW_ALL, 0, -1},
        {"numbers", "Numbers", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"place", "In", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "unsourced", S("What lacks a source"), columns, ARRAY_LEN(columns));
    struct map rows;
    map_init(&rows, j->a);
    t->empty_text = S("Every number has a source.");
    for (size_t i = 0; i < j->p->n_quantities; i++) {
        const struct quantity *q = j->p->quantities[i];
        struct origin o;
        bool fresh;
        if (!origin_of(&j->origins, q, &o) || o.source.n || q->form == FORM_FORMULA)
            continue; /* what a formula gives rests on what it names */
        struct map_entry *e = map_put(&rows, o.path, &fresh);
        if (fresh) {
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            e->ptr = c;
            c[0] = cell_text(o.path);
            c[1] = cell_text(o.key);
            if (o.owner.n)
                c[2] = cell_text(o.owner);
            c[3] = cell_text(place_text(j->a, q->at));
            continue;
        }
        struct cell *c = e->ptr;
        c[1] = cell_text(str_fmt(j->a, "%.*s, %.*s", FMT(c[1].text), FMT(o.key)));
    }
}

static void add_documented(struct job *j)
{
    static const struct doc_column columns[] = {
        {"name", "Assumption", CELL_TEXT, SHOW_ALL, 0, -1},
        {"value", "Value", CELL_TEXT, SHOW_ALL, 0, -1},
        {"source", "Source", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"as_of", "As of", CELL_DAY, SHOW_ALL, 0, -1},
        {"age_days", "Age, days", CELL_COUNT, SHOW_ALL, 0, -1},
        {"place", "In", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "documented", S("Documented assumptions"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->p->assumptions.n; i++) {
        const struct assumption *s = &j->p->assumptions.items[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        const struct p_text *texts[] = {&s->name, &s->value, &s->source, &s->owner};
        day as_of;
        for (size_t k = 0; k < ARRAY_LEN(texts); k++)
            if (texts[k]->at)
                c[k] = cell_text(texts[k]->s);
        if (s->as_of.at && date_parse(s->as_of.s, DATE_DMY, &as_of)) {
            c[4] = cell_day(as_of);
            if (j->as_of != DAY_NONE)
                c[5] = cell_count(j->as_of - as_of);
        }
        c[6] = cell_text(place_text(j->a, s->at));
        if (!s->source.at)
            doc_note(j->d, NOTE_WARN, "Assumption '%.*s' has no source.", FMT(s->name.s));
    }
}

struct doc *report_assumptions(const struct plan_list_request *q, struct arena *a)
{
    struct job j = {.p = q->plan, .a = a, .as_of = q->as_of};
    origins_init(&j.origins, q->plan, a);
    j.d = doc_new(a, "plan_assumptions", S("What the plan rests on"));
    j.d->currency = q->plan->header.currency;
    j.d->as_of = q->as_of;
    add_numbers(&j);
    add_unsourced(&j);
    add_documented(&j);
    return j.d;
}
