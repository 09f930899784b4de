/* explain.c - builds the report of what drove each flag. */
#include "report/explain.h"

struct job {
    const struct explain_view *v;
    struct arena *a;
    struct doc *d;
};

static str period(struct job *j, const struct track_row *row, bool for_people)
{
    char text[MONTH_TEXT];
    if (row->month == MONTH_NONE)
        return for_people ? S("year to date") : S("ytd");
    return str_dup(j->a, for_people ? month_format_name(row->month, text)
                                    : month_format(row->month, text));
}

/* For programs: one row per driver of each variance. */
static void add_drivers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_TEXT, SHOW_ALL, 0, -1},
        {"driver", "Driver", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, 2},
        {"note", "Note", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "drivers", S("Drivers"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->v->n; i++) {
        const struct explain_item *x = &j->v->items[i];
        for (size_t k = 0; k < x->n_parts; k++) {
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(str_of(track_level_name(x->row.level)));
            c[1] = cell_text(x->row.path);
            c[2] = cell_text(period(j, &x->row, false));
            c[3] = cell_text(x->parts[k].driver);
            c[4] = cell_money(x->parts[k].amount);
            c[5] = x->parts[k].note.n ? cell_text(x->parts[k].note) : cell_null();
        }
    }
}

static void add_flags(struct job *j)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_TEXT, SHOW_ALL, 0, -1},
        {"delta", "Delta", CELL_MONEY, SHOW_ALL, 2, -1},
        {"pct", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
        {"timing", "Timing", CELL_MONEY, SHOW_ALL, 2, 2},
        {"permanent", "Permanent", CELL_MONEY, SHOW_ALL, 2, 2},
        {"sentence", "Draft", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"cause", "Cause", CELL_TEXT, SHOW_ALL, 0, -1},
        {"explanation", "Explanation", CELL_TEXT, SHOW_ALL, 0, -1},
        {"action", "Action", CELL_TEXT, SHOW_ALL, 0, -1},
        {"due", "Due", CELL_TEXT, SHOW_ALL, 0, -1},
        {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "flags", S("Flags"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->v->n; i++) {
        const struct explain_item *x = &j->v->items[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(track_level_name(x->row.level)));
        c[1] = cell_text(x->row.path);
        c[2] = cell_text(period(j, &x->row, false));
        c[3] = cell_money(x->row.v.delta);
        c[4] = cell_share(x->row.v.pct);
        c[5] = cell_money(x->timing);
        c[6] = cell_money(x->permanent);
        c[7] = cell_text(x->sentence);
        c[8] = x->rows.n ? cell_text(x->rows) : cell_null();
        if (!x->recorded)
            continue;
        const struct explanation *r = x->recorded;
        const str said[] = {r->owner, r->cause, r->text, r->action_text, r->due, r->state};
        for (size_t k = 0; k < ARRAY_LEN(said); k++)
            c[9 + k] = said[k].n ? cell_text(said[k]) : cell_null();
    }
}

/* "Talent, Sep 2026"; a line by its path, an initiative by its name and id. */
static str heading(struct job *j, const struct track_row *row)
{
    str when = period(j, row, true);
    if (row->level == TRACK_LINE)
        return str_fmt(j->a, "Line %.*s, %.*s", FMT(row->path), FMT(when));
    if (row->level == TRACK_INITIATIVE && !str_eq(row->title, row->path))
        return str_fmt(j->a, "%.*s (%.*s), %.*s", FMT(row->title), FMT(row->path), FMT(when));
    return str_fmt(j->a, "%.*s, %.*s", FMT(row->title), FMT(when));
}

/* A category or initiative that one line made, which stands here itself: nothing more to say. */
static bool told_by_its_line(const struct job *j, const struct explain_item *x)
{
    if (x->row.level == TRACK_LINE || x->n_parts != 1 || x->recorded)
        return false;
    for (size_t i = 0; i < j->v->n; i++) {
        const struct track_row *line = &j->v->items[i].row;
        if (line->level == TRACK_LINE && line->month == x->row.month &&
            str_eq(line->path, x->parts[0].driver) && line->v.actual == x->row.v.actual &&
            line->v.budget == x->row.v.budget)
            return true;
    }
    return false;
}

/* For people: a table per variance would drown them; one with headings reads like the commentary.
 */
static void add_people(struct job *j)
{
    static const struct doc_column columns[] = {
        {"what", "Driver", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"amount", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"note", "", CELL_TEXT, SHOW_PEOPLE, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "people", STR_NONE, columns, ARRAY_LEN(columns));
    t->shown = SHOW_PEOPLE;
    t->empty_text = S("Nothing is flagged.");
    for (size_t i = 0; i < j->v->n; i++) {
        const struct explain_item *x = &j->v->items[i];
        if (told_by_its_line(j, x))
            continue;
        bool needs = variance_needs_words(&x->row.v);
        str said = x->recorded ? str_fmt(j->a, "%.*s: %.*s", FMT(x->recorded->owner),
                                         FMT(x->recorded->text))
                   : needs     ? S("not explained yet")
                               : STR_NONE;
        struct cell *c = doc_row(j->d, t, ROW_GROUP, 0);
        c[0] = cell_text(heading(j, &x->row));
        c = doc_row(j->d, t, ROW_NORMAL, 1);
        c[0] = cell_text(S("variance"));
        c[1] = cell_money(-x->row.v.delta);
        c[2] = cell_text(said);
        for (size_t k = 0; k < MIN(x->n_parts, (size_t)8); k++) {
            c = doc_row(j->d, t, ROW_NORMAL, 1);
            c[0] = cell_text(x->parts[k].driver);
            c[1] = cell_money(-x->parts[k].amount);
            c[2] = cell_text(x->parts[k].note);
        }
        dec rest = 0;
        for (size_t k = 8; k < x->n_parts; k++)
            rest += x->parts[k].amount;
        if (x->n_parts > 8) {
            c = doc_row(j->d, t, ROW_NORMAL, 1);
            c[0] = cell_text(str_fmt(j->a, "%zu more", x->n_parts - 8));
            c[1] = cell_money(-rest);
        }
        if (!x->timing)
            continue;
        c = doc_row(j->d, t, ROW_NORMAL, 1);
        c[0] = cell_text(S("of it timing"));
        c[1] = cell_money(-x->timing);
        c[2] = cell_text(S("the same money in another month"));
    }
    for (size_t i = 0; i < j->v->n; i++) {
        const struct explain_item *x = &j->v->items[i];
        if (!x->recorded && variance_needs_words(&x->row.v) && x->row.level == TRACK_LINE)
            doc_prose(j->d, SHOW_PEOPLE,
                      x->rows.n ? str_fmt(j->a, "%.*s Rows: %.*s", FMT(x->sentence), FMT(x->rows))
                                : x->sentence);
    }
}

struct doc *report_explain(const struct explain_view *v, struct arena *a)
{
    struct job j = {v, a, doc_new(a, "explain", S("What drove it"))};
    const struct plan_header *h = &v->t->plan->header;
    j.d->currency = h->currency;
    j.d->as_of = v->as_of;
    j.d->basis = v->basis;
    j.d->months = tracking_months(a, v->t);
    j.d->n_months = (size_t)v->t->n_months;
    j.d->subtitle = str_fmt(a, "%s, against %.*s", h->currency.code, FMT(v->t->budget_name));
    add_flags(&j);
    add_drivers(&j);
    add_people(&j);
    if (v->n)
        doc_note(j.d, NOTE_INFO, "Drivers sum to the variance exactly. A sentence is a draft: "
                                 "'outlay explain PATH MONTH --owner WHO --cause WHY --text TEXT' "
                                 "records what is true.");
    return j.d;
}
