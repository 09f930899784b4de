/* review.c - builds the quarterly pack. */
#include "report/review.h"

#include "report/variance_table.h"

struct job {
    const struct review_view *v;
    struct arena *a;
    struct doc *d;
};

static str when(struct job *j, const struct review_row *r, bool people)
{
    char text[MONTH_TEXT];
    if (r->month == MONTH_NONE)
        return people ? S("Year to date") : S("ytd");
    return str_dup(j->a, people ? month_format_name(r->month, text) : month_format(r->month, text));
}

/* ---- variances ---- */

static void add_variances(struct job *j)
{
    static const struct doc_column columns[] = {
        VARIANCE_COLUMNS,
        {"unbudgeted", "Unbudgeted", CELL_BOOL, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "variances", S("Variances"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->v->r->n_rows; i++) {
        const struct review_row *r = &j->v->r->rows[i];
        struct variance x = variance_of(r->actual, r->budget, &j->v->r->rule);
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        track_cells(j->a, r->level, r->path, r->month, &x, c, &c[10]);
    }
}

/* Quarter and year to date of one category; the total when path is empty. */
static void add_breakdown_row(struct job *j, struct doc_table *t, str path, str title)
{
    dec sums[4] = {0}; /* actual and budget of the quarter, then to date */
    for (size_t i = 0; i < j->v->r->n_rows; i++) {
        const struct review_row *r = &j->v->r->rows[i];
        if (r->level != TRACK_CATEGORY || (path.n && !str_eq(r->path, path)))
            continue;
        size_t at = r->month == MONTH_NONE ? 2 : 0;
        sums[at] += dec_or_zero(r->actual);
        sums[at + 1] += r->budget;
    }
    struct cell *c = doc_row(j->d, t, path.n ? ROW_NORMAL : ROW_TOTAL, 0);
    c[0] = cell_text(title);
    for (size_t k = 0; k < 2; k++) {
        struct variance v = variance_of(sums[2 * k], sums[2 * k + 1], &j->v->r->rule);
        c[1 + 4 * k] = cell_money(v.actual);
        c[2 + 4 * k] = cell_money(v.budget);
        c[3 + 4 * k] = cell_money(-v.delta);
        c[4 + 4 * k] = variance_share(&v);
    }
}

static void add_breakdown(struct job *j)
{
    static const struct doc_column columns[] = {
        {"title", "Category", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"actual", "Quarter", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"budget", "Budget", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"fav_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
        {"ytd", "Year to date", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"ytd_budget", "Budget", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"ytd_fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"ytd_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "breakdown", S("Actual against budget"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_PEOPLE;
    for (int c = 0; c < CATEGORY_COUNT; c++)
        add_breakdown_row(j, t, str_of(category_key((enum category)c)),
                          str_of(category_name((enum category)c)));
    add_breakdown_row(j, t, STR_NONE, S("Total"));
}

/* ---- flags and explanations ---- */

static void add_flags(struct job *j)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"path", "Flag", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_TEXT, SHOW_DATA, 0, -1},
        {"period", "Month", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"delta", "Delta", CELL_MONEY, SHOW_DATA, 0, -1},
        {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"pct", "Share", CELL_SHARE, SHOW_DATA, 1, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"cause", "Cause", CELL_TEXT, SHOW_ALL, 0, -1},
        {"explanation", "Explanation", CELL_TEXT, SHOW_ALL, 0, -1},
        {"explained", "Explained", CELL_BOOL, SHOW_DATA, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "flags", S("Flags and their explanations"), columns, ARRAY_LEN(columns));
    t->empty_text = S("Nothing is flagged.");
    for (size_t i = 0; i < j->v->n_flags; i++) {
        const struct review_flag *f = &j->v->flags[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(track_level_name(f->row->level)));
        c[1] = cell_text(f->row->path);
        c[2] = cell_text(when(j, f->row, false));
        c[3] = cell_text(when(j, f->row, true));
        c[4] = cell_money(f->v.delta);
        c[5] = cell_money(-f->v.delta);
        c[6] = cell_share(f->v.pct);
        c[10] = cell_bool(!f->missing);
        if (f->explanation) {
            c[7] = cell_text(f->explanation->owner);
            c[8] = cell_text(f->explanation->cause);
            c[9] = cell_text(f->explanation->text);
        } else {
            c[9] = f->missing ? cell_marked(cell_text(S("MISSING")), MARK_BAD)
                              : cell_text(S("by the lines in it"));
        }
    }
}

/* ---- benefits ---- */

static void add_benefits(struct job *j)
{
    const struct value_period *p = &j->v->benefits;
    if (!p->n_benefits)
        return;
    value_benefits_table(j->d, j->a, "benefits", S("Benefits"), p, 1, SHOW_DATA);
    value_benefits_table(j->d, j->a, "people_benefits",
                         S("Benefits: promised and realized in the quarter"), p, 1, SHOW_PEOPLE);
}

static bool overdue(const struct job *j, const struct explanation *x)
{
    day due;
    return str_eq(x->state, S("open")) && x->due.n && date_parse(x->due, DATE_MDY, &due) &&
           j->v->today != DAY_NONE && due < j->v->today;
}

static void add_actions(struct job *j)
{
    static const struct doc_column columns[] = {
        {"action", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"path", "For", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Since", CELL_MONTH, SHOW_ALL, 0, -1},
        {"text", "Action", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"due", "Due", CELL_TEXT, SHOW_ALL, 0, -1},
        {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
        {"outcome", "Outcome", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "actions", S("Actions, and what became of them"), columns,
                                    ARRAY_LEN(columns));
    for (size_t i = 0; i < j->v->n_explanations; i++) {
        const struct explanation *x = &j->v->explanations[i];
        if (!x->action || x->first > j->v->r->last)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_count(x->action);
        c[1] = cell_text(x->path);
        c[2] = cell_month(x->first);
        c[3] = cell_text(x->action_text);
        c[4] = cell_text(x->owner);
        c[5] = x->due.n ? cell_text(x->due) : cell_null();
        c[6] = overdue(j, x) ? cell_marked(cell_text(S("overdue")), MARK_BAD)
                             : cell_text(x->state);
        if (x->ended_at.n)
            c[7] = cell_text(x->ended_note.n ? x->ended_note : str_sub(x->ended_at, 0, 10));
    }
}

/* ---- the rest ---- */

static void add_outlook_row(struct job *j, struct doc_table *t, const struct review_outlook *x)
{
    struct cell *c = doc_row(j->d, t, x->total ? ROW_TOTAL : ROW_NORMAL, 0);
    dec delta = dec_is_null(x->budget) ? DEC_NULL : x->p50 - x->budget;
    c[0] = cell_text(x->path);
    c[1] = cell_text(x->title);
    c[2] = cell_money(x->p50);
    c[3] = cell_money(x->p10);
    c[4] = cell_money(x->p90);
    c[5] = cell_money(x->budget);
    c[6] = cell_money(delta);
    c[7] = cell_money(dec_is_null(delta) ? DEC_NULL : -delta);
}

static void add_outlook(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Path", CELL_TEXT, SHOW_DATA, 0, -1},
        {"title", "Category", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"p50", "Year, P50", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p10", "P10", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p90", "P90", CELL_MONEY, SHOW_ALL, 0, 2},
        {"budget", "Budget", CELL_MONEY, SHOW_ALL, 0, 2},
        {"delta", "Delta", CELL_MONEY, SHOW_DATA, 0, 2},
        {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, 2},
    };
    struct doc_table *t =
        doc_table(j->d, "forecast", j->v->outlook_name, columns, ARRAY_LEN(columns));
    for (size_t total = 0; total < 2; total++) /* the total comes last */
        for (size_t i = 0; i < j->v->n_outlook; i++)
            if (j->v->outlook[i].total == total)
                add_outlook_row(j, t, &j->v->outlook[i]);
}

struct doc *report_review(const struct review_view *v, struct arena *a)
{
    struct job j = {v, a, doc_new(a, "review", str_fmt(a, "Review of %.*s", FMT(v->r->label)))};
    const struct plan_header *h = &v->t->plan->header;
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month_format_name(v->r->first, from);
    month_format_name(v->r->last, to);
    j.d->currency = h->currency;
    j.d->as_of = v->today;
    j.d->basis = v->basis;
    j.d->months = tracking_months(a, v->t);
    j.d->n_months = (size_t)v->t->n_months;
    j.d->subtitle = str_fmt(a, "%s - %s, %s, %.*s", from, to, h->currency.code,
                            FMT(v->closed ? str_fmt(a, "closed %.*s", FMT(str_sub(v->r->at, 0, 10)))
                                          : S("open")));
    doc_figure(j.d, "flags", S("Flags"), 0, cell_count((int64_t)v->n_flags));
    doc_figure(j.d, "missing", S("Without an explanation"), 0, cell_count((int64_t)v->n_missing));
    doc_figure(j.d, "unmeasured", S("Benefits without a measurement"), 0,
               cell_count((int64_t)v->n_unmeasured));
    add_variances(&j);
    add_breakdown(&j);
    add_flags(&j);
    add_benefits(&j);
    add_actions(&j);
    add_outlook(&j);
    doc_note(j.d, NOTE_INFO, "Budget is %.*s, before buffers.", FMT(v->r->budget));
    value_reasons(j.d, &v->benefits);
    if (v->closed)
        doc_note(j.d, NOTE_INFO, "Closed with SHA-256 %.*s.", FMT(v->r->sha256));
    else if (v->n_missing)
        doc_note(j.d, NOTE_WARN, "The quarter cannot close while %zu flag%s no explanation.",
                 v->n_missing, v->n_missing == 1 ? " has" : "s have");
    if (!v->closed && v->n_unmeasured)
        doc_note(j.d, NOTE_WARN, "The quarter cannot close while %zu benefit%s no measurement.",
                 v->n_unmeasured, v->n_unmeasured == 1 ? " has" : "s have");
    if (!v->closed && v->provisional.n)
        doc_note(j.d, NOTE_WARN, "%.*s", FMT(v->provisional));
    return j.d;
}
