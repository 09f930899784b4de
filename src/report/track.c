/* track.c - builds the report of variances. */
#include "report/track.h"

#include "report/variance_table.h"

struct job {
    const struct track_view *q;
    const struct tracking *t;
    struct arena *a;
    struct doc *d;
    size_t flags, flagged_rows;
};

struct cell track_fav(const struct variance *v)
{
    if (dec_is_null(v->delta))
        return cell_null();
    enum cell_mark mark = !variance_needs_words(v) ? MARK_NONE
                          : v->favorable           ? MARK_WARN
                                                   : MARK_BAD;
    return cell_marked(cell_money(-v->delta), mark);
}

void track_cells(struct arena *a, enum track_level level, str path, month m,
                 const struct variance *v, struct cell *c, struct cell *unbudgeted)
{
    char when[MONTH_TEXT];
    c[level == TRACK_CATEGORY ? 0 : level == TRACK_INITIATIVE ? 1 : 2] = cell_text(path);
    c[3] = cell_text(m == MONTH_NONE ? S("ytd") : str_dup(a, month_format(m, when)));
    c[4] = cell_money(v->actual);
    c[5] = cell_money(v->budget);
    if (dec_is_null(v->delta))
        return;
    c[6] = cell_money(v->delta);
    c[7] = cell_share(v->pct);
    c[8] = cell_bool(v->flag);
    c[9] = cell_bool(v->favorable);
    *unbudgeted = cell_bool(v->unbudgeted);
}

static str period_name(struct job *j, struct track_period p)
{
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month_format_name(j->t->first + p.month, to);
    if (!p.ytd)
        return str_fmt(j->a, "%s", to);
    month_format_name(j->t->first, from);
    return p.month ? str_fmt(j->a, "Year to date, %s - %s", from, to)
                   : str_fmt(j->a, "Year to date, %s", to);
}

/* With buffers: what was approved to spend, not what was expected. */
static void adjust(struct job *j, struct track_row *row)
{
    if (j->q->with_buffers)
        row->v = variance_of(row->v.actual, row->v.budget + row->buffer, &j->t->rule);
}

static bool shown(const struct job *j, const struct track_row *row)
{
    if (j->q->only_flags)
        return variance_needs_words(&row->v);
    return row->v.budget || dec_or_zero(row->v.actual) || row->level == TRACK_CATEGORY;
}

static void count(struct job *j, const struct track_row *row)
{
    bool flag = variance_needs_words(&row->v);
    j->flagged_rows += flag;
    j->flags += flag && (!row->provisional || !row->v.favorable);
}

/* ---- for programs ---- */

static const struct doc_column data_columns[] = {
    VARIANCE_COLUMNS,
    {"provisional", "Provisional", CELL_BOOL, SHOW_ALL, 0, -1},
    {"unbudgeted", "Unbudgeted", CELL_BOOL, SHOW_ALL, 0, -1},
    {"buffer", "Buffer", CELL_MONEY, SHOW_ALL, 2, 2},
};

static void add_data(struct job *j, struct doc_table *t, const struct track_row *row)
{
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    track_cells(j->a, row->level, row->path, row->month, &row->v, c, &c[11]);
    c[10] = cell_bool(row->provisional);
    c[12] = cell_money(row->buffer);
}

static void add_level(struct job *j, struct doc_table *t, enum track_level level,
                      struct track_period p)
{
    struct track_row *rows;
    size_t n;
    tracking_rows(j->a, j->t, level, p.month, p.ytd, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        adjust(j, &rows[i]);
        count(j, &rows[i]);
        if (shown(j, &rows[i]))
            add_data(j, t, &rows[i]);
    }
}

static void add_variances(struct job *j)
{
    struct doc_table *t =
        doc_table(j->d, "variances", S("Variances"), data_columns, ARRAY_LEN(data_columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->q->n_periods; i++)
        for (int k = TRACK_CATEGORY; k <= TRACK_LINE; k++)
            if (j->q->levels[k])
                add_level(j, t, (enum track_level)k, j->q->periods[i]);
}

/* ---- for people ---- */

enum { C_LINE, C_ACTUAL, C_BUDGET, C_FAV, C_PCT, C_BUFFER, C_WORD };

static const struct doc_column people_columns[] = {
    [C_LINE] = {"line", "Line", CELL_TEXT, SHOW_PEOPLE, 0, -1},
    [C_ACTUAL] = {"actual", "Actual", CELL_MONEY, SHOW_PEOPLE, 0, -1},
    [C_BUDGET] = {"budget", "Budget", CELL_MONEY, SHOW_PEOPLE, 0, -1},
    [C_FAV] = {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
    [C_PCT] = {"fav_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
    [C_BUFFER] = {"buffer", "Buffer used", CELL_SHARE, SHOW_PEOPLE, 0, -1},
    [C_WORD] = {"word", "", CELL_TEXT, SHOW_PEOPLE, 0, -1},
};

/* How much of the buffer an overrun takes; nothing is used below the budget. */
static dec buffer_used(const struct job *j, const struct track_row *row)
{
    dec used;
    if (j->q->with_buffers || row->buffer <= 0 || dec_is_null(row->v.delta))
        return DEC_NULL;
    return row->v.delta <= 0 ? 0 : dec_div(row->v.delta, row->buffer, &used) ? used : DEC_NULL;
}

static str word(const struct track_row *row)
{
    if (row->v.unbudgeted)
        return S("no budget");
    if (row->provisional && row->v.favorable)
        return row->v.flag ? S("so far") : STR_NONE;
    return row->v.flag ? row->v.favorable ? S("under") : S("over") : STR_NONE;
}

static void add_person(struct job *j, struct doc_table *t, const struct track_row *row,
                       enum row_role role, int indent)
{
    struct cell *c = doc_row(j->d, t, role, indent);
    c[C_LINE] = cell_text(row->title);
    c[C_ACTUAL] = cell_money(row->v.actual);
    c[C_BUDGET] = cell_money(row->v.budget);
    c[C_FAV] = track_fav(&row->v);
    if (row->provisional && row->v.favorable) /* the rest of the month may fill it */
        c[C_FAV].mark = MARK_NONE;
    c[C_PCT] = variance_share(&row->v);
    c[C_BUFFER] = cell_share(buffer_used(j, row));
    c[C_WORD] = cell_text(word(row));
}

static void add_people_level(struct job *j, struct doc_table *t, enum track_level level,
                             struct track_period p, const char *heading)
{
    struct track_row *rows;
    size_t n, said = 0;
    tracking_rows(j->a, j->t, level, p.month, p.ytd, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        adjust(j, &rows[i]);
        if (level == TRACK_TOTAL) {
            add_person(j, t, &rows[i], ROW_TOTAL, 0);
            continue;
        }
        if (!shown(j, &rows[i]))
            continue;
        if (!said++)
            doc_row(j->d, t, ROW_GROUP, 0)[C_LINE] = cell_text(str_of(heading));
        add_person(j, t, &rows[i], ROW_NORMAL, 1);
    }
}

static void add_people(struct job *j)
{
    static const char *const headings[] = {"", "Categories", "Initiatives", "Lines"};
    for (size_t i = 0; i < j->q->n_periods; i++) {
        struct track_period p = j->q->periods[i];
        str name = period_name(j, p);
        char *id = str_cstr(j->a, str_fmt(j->a, "people_%zu", i + 1));
        bool open = false;
        for (int32_t m = p.ytd ? 0 : p.month; m <= p.month; m++)
            open = open || j->t->open[m];
        struct doc_table *t =
            doc_table(j->d, id, open ? str_fmt(j->a, "%.*s (provisional)", FMT(name)) : name,
                      people_columns, ARRAY_LEN(people_columns));
        t->shown = SHOW_PEOPLE;
        for (int k = TRACK_CATEGORY; k <= TRACK_LINE; k++)
            if (j->q->levels[k])
                add_people_level(j, t, (enum track_level)k, p, headings[k]);
        add_people_level(j, t, TRACK_TOTAL, p, "");
    }
}

/* ---- beside the variances ---- */

static void add_transfers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"id", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"from", "From", CELL_TEXT, SHOW_ALL, 0, -1},
        {"to", "To", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 0, -1},
        {"by", "By", CELL_TEXT, SHOW_ALL, 0, -1},
        {"note", "Note", CELL_TEXT, SHOW_ALL, 0, -1},
        {"at", "When (UTC)", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "transfers", S("Transfers between lines"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->q->n_transfers; i++) {
        const struct transfer *x = &j->q->transfers[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_count(x->id);
        c[1] = cell_month(x->month);
        c[2] = cell_text(x->from);
        c[3] = cell_text(x->to);
        c[4] = cell_money(x->amount);
        c[5] = x->by.n ? cell_text(x->by) : cell_null();
        c[6] = cell_text(x->note);
        c[7] = cell_text(x->at);
    }
}

static const struct doc_column commitment_columns[] = {
    {"id", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
    {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
    {"amount", "Committed", CELL_MONEY, SHOW_ALL, 0, -1},
    {"first", "Billed from", CELL_MONTH, SHOW_ALL, 0, -1},
    {"last", "To", CELL_MONTH, SHOW_ALL, 0, -1},
    {"note", "What", CELL_TEXT, SHOW_ALL, 0, -1},
    {"source", "Source", CELL_TEXT, SHOW_DATA, 0, -1},
};

/* Obligations that the plan's levers entered into. */
static void add_levers(struct job *j, struct doc_table *t)
{
    const struct plan *p = j->t->plan;
    for (size_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        if (!v->commits_text.at || !v->use.v)
            continue;
        bool span = v->commits.per == PER_MONTHS;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[1] = cell_text(v->applies.s);
        if (!span)
            c[2] = cell_money(v->commits.exact);
        c[3] = cell_month(v->first);
        c[4] = cell_month(span ? v->first + (month)v->commits.point - 1 : v->last);
        c[5] = cell_text(str_fmt(j->a, "lever '%.*s' commits to %.*s", FMT(v->id.s),
                                 FMT(v->commits_text.s)));
        c[6] = cell_text(S("plan"));
    }
}

static void add_commitments(struct job *j)
{
    struct doc_table *t = doc_table(j->d, "commitments", S("Committed, not yet billed"),
                                    commitment_columns, ARRAY_LEN(commitment_columns));
    dec sum = 0;
    for (size_t i = 0; i < j->q->n_commitments; i++) {
        const struct commitment *x = &j->q->commitments[i];
        if (x->ended_at.n)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_count(x->id);
        c[1] = cell_text(x->path);
        c[2] = cell_money(x->amount);
        c[3] = cell_month(x->first);
        c[4] = cell_month(x->last);
        c[5] = cell_text(x->note);
        c[6] = cell_text(S("book"));
        sum += x->amount;
    }
    add_levers(j, t);
    doc_figure(j->d, "committed", S("Signed, not yet billed"), 2, cell_money(sum));
    doc_last_figure(j->d)->shown = sum ? SHOW_ALL : SHOW_DATA;
}

static void add_notes(struct job *j)
{
    char over[DEC_TEXT], floor[DEC_GROUPED_TEXT], day_text[DATE_TEXT], review[DEC_GROUPED_TEXT];
    const struct tracking *t = j->t;
    doc_note(j->d, NOTE_INFO,
             "Budget is %.*s, %s. Flagged: more than %.*s %% and at least %.*s off, either way.",
             FMT(t->budget_name), j->q->with_buffers ? "with buffers" : "before buffers",
             FMT(dec_format(t->rule.over * 100, over)),
             FMT(dec_format_grouped(t->rule.floor, 0, floor)));
    if (t->last_day == DAY_NONE)
        doc_note(j->d, NOTE_WARN, "No spend is imported for this plan's months.");
    else if (t->n_known && t->open[t->n_known - 1])
        doc_note(j->d, NOTE_INFO, "Spend is known to %.*s: the month is still open.",
                 FMT(date_format(t->last_day, day_text)));
    if (t->review_rows)
        doc_note(j->d, NOTE_WARN, "%llu rows of %.*s wait for a category and are in no line.",
                 (unsigned long long)t->review_rows,
                 FMT(dec_format_grouped(t->to_review, 2, review)));
    if (t->unpriced)
        doc_note(j->d, NOTE_WARN, "%llu rows have no cost yet and are not in the actuals.",
                 (unsigned long long)t->unpriced);
}

static void add_head(struct job *j)
{
    const struct plan_header *h = &j->t->plan->header;
    char from[MONTH_TEXT], to[MONTH_TEXT];
    month_format_name(h->first, from);
    month_format_name(h->last, to);
    j->d->currency = h->currency;
    j->d->as_of = j->q->as_of;
    j->d->basis = j->q->basis;
    j->d->months = tracking_months(j->a, j->q->t);
    j->d->n_months = (size_t)j->q->t->n_months;
    str label = h->label.s.n ? str_fmt(j->a, "%.*s (%s - %s)", FMT(h->label.s), from, to)
                             : str_fmt(j->a, "%s - %s", from, to);
    j->d->subtitle = str_fmt(j->a, "%.*s, %s, %s cost", FMT(label), h->currency.code, j->q->basis);
}

struct doc *report_track(const struct track_view *q, struct arena *a, size_t *ret_flags)
{
    struct job j = {.q = q, .t = q->t, .a = a,
                    .d = doc_new(a, "track", S("Actual against budget"))};
    add_head(&j);
    add_variances(&j);
    add_people(&j);
    add_commitments(&j);
    add_transfers(&j);
    doc_figure(j.d, "flags", S("Flags"), 0, cell_count((int64_t)j.flagged_rows));
    doc_last_figure(j.d)->shown = SHOW_DATA;
    add_notes(&j);
    if (ret_flags)
        *ret_flags = j.flags;
    return j.d;
}
