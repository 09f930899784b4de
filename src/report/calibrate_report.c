/* calibrate_report.c - builds the report of LLM drivers as usage shows them. */
#include "report/calibrate_report.h"

#include <math.h>

struct job {
    const struct calibrate_report *q;
    const struct calibration *c;
    const struct plan *p;
    struct arena *a;
    struct doc *d;
};

static struct cell number_cell(double v, bool small)
{
    if (!(fabs(v) < 1e12))
        return cell_null();
    return cell_number(small ? (dec)llround(v * 1e6) * (DEC_ONE / 1000000)
                             : (dec)llround(v * 1e3) * (DEC_ONE / 1000));
}

static struct cell money_cell(const struct job *j, double v)
{
    return isfinite(v) ? cell_money(money_to_dec(money_from_double(v, j->p->header.currency)))
                       : cell_null();
}

static struct cell stake_cell(money v)
{
    struct cell c = cell_money(money_to_dec(v));
    return v.micros ? cell_marked(c, v.micros > 0 ? MARK_WARN : MARK_GOOD) : c;
}

static str path_of(const struct job *j, const struct calibrated_line *r)
{
    return j->p->lines[r->line]->path;
}

static void add_lines(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_DAY, SHOW_ALL, 0, -1},
        {"to", "To", CELL_DAY, SHOW_ALL, 0, -1},
        {"days", "Days", CELL_COUNT, SHOW_DATA, 0, -1},
        {"blocks", "Compared by", CELL_TEXT, SHOW_DATA, 0, -1},
        {"requests", "Requests", CELL_COUNT, SHOW_ALL, 0, -1},
        {"plan_requests", "Planned", CELL_COUNT, SHOW_ALL, 0, -1},
        {"tokens", "Tokens", CELL_COUNT, SHOW_DATA, 0, -1},
        {"amount", "Spent", CELL_MONEY, SHOW_ALL, 0, 2},
        {"plan_cost", "Plan's year", CELL_MONEY, SHOW_ALL, 0, 2},
        {"new_cost", "As observed", CELL_MONEY, SHOW_ALL, 0, 2},
        {"at_stake", "At stake", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    static const char *const blocks[] = {"none", "months", "weeks", "days"};
    struct doc_table *t = doc_table(j->d, "lines", S("Lines with usage, all drivers together"),
                                    columns, ARRAY_LEN(columns));
    t->empty_text = S("No LLM line of the plan has usage with tokens in these months.");
    money before = money_zero(j->p->header.currency), after = before;
    for (size_t i = 0; i < j->c->n; i++) {
        const struct calibrated_line *r = &j->c->lines[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(path_of(j, r));
        c[1] = cell_day(r->first);
        c[2] = cell_day(r->last);
        c[3] = cell_count((int64_t)r->n_days);
        c[4] = cell_text(str_of(blocks[r->blocks]));
        c[5] = r->requests > 0 ? cell_count(llround(r->requests)) : cell_null();
        c[6] = cell_count(llround(r->plan_requests));
        c[7] = cell_count(llround(r->tokens));
        c[8] = money_cell(j, r->amount);
        c[9] = cell_money(money_to_dec(r->plan_cost));
        c[10] = cell_money(money_to_dec(r->new_cost));
        c[11] = stake_cell(money_sub(r->new_cost, r->plan_cost));
        before = money_add(before, r->plan_cost);
        after = money_add(after, r->new_cost);
    }
    if (j->c->n) {
        struct cell *c = doc_row(j->d, t, ROW_TOTAL, 0);
        c[0] = cell_text(S("These lines"));
        c[9] = cell_money(money_to_dec(before));
        c[10] = cell_money(money_to_dec(after));
        c[11] = stake_cell(money_sub(after, before));
    }
    doc_figure(j->d, "at_stake", S("At stake, before buffers"), 0,
               cell_money(money_to_dec(money_sub(after, before))));
    doc_last_figure(j->d)->exact_places = 2;
}

/* As a plan writes it: shares in percent. */
static str value_text(struct job *j, enum line_quantity q, double v)
{
    char text[DEC_GROUPED_TEXT];
    bool share = q == Q_CACHED || q == Q_CACHE_WRITES || q == Q_BATCH || q == Q_RETRIES;
    if (isnan(v))
        return S("-");
    dec d = (dec)llround(v * (share ? 1e5 : 1e3)) * (DEC_ONE / 1000);
    int places = share ? 1 : v < 10 ? 2 : v < 100 ? 1 : 0;
    return str_fmt(j->a, "%.*s%s", FMT(dec_format_grouped(d, places, text)), share ? " %" : "");
}

static void add_driver(struct job *j, struct doc_table *t, const struct calibrated_line *r,
                       const struct calibrated_driver *x)
{
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(path_of(j, r));
    c[1] = cell_text(str_of(line_quantity_key(x->driver)));
    c[2] = number_cell(x->plan, true);
    c[3] = number_cell(x->observed, true);
    c[4] = number_cell(x->lo, true);
    c[5] = number_cell(x->hi, true);
    c[6] = number_cell(x->se, true);
    c[7] = cell_text(value_text(j, x->driver, x->plan));
    c[8] = cell_text(x->seen ? value_text(j, x->driver, x->observed) : S("not seen"));
    c[9] =
        cell_text(isnan(x->lo) ? S("-")
                               : str_fmt(j->a, "%.*s to %.*s", FMT(value_text(j, x->driver, x->lo)),
                                         FMT(value_text(j, x->driver, x->hi))));
    if (x->suggestion.n) {
        c[10] = cell_text(x->suggestion);
        c[11] = stake_cell(x->at_stake);
    }
    str note = !x->seen          ? str_of(x->why)
               : x->suggestion.n ? (isnan(x->lo) ? S("too short for a range") : STR_NONE)
               : r->why          ? S("see the notes")
               : x->driver == Q_REQUESTS && r->outside ? S("not in the plan's months")
               : x->q && x->plan > 0                   ? S("as planned, within 2 %")
                                                       : STR_NONE;
    if (note.n)
        c[12] = cell_text(note);
    if (!x->seen)
        for (size_t i = 0; i < 13; i++)
            c[i] = cell_marked(c[i], MARK_MUTED);
}

static void add_drivers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"driver", "Driver", CELL_TEXT, SHOW_ALL, 0, -1},
        {"plan", "Plan", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"observed", "Observed", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"lo", "Low", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"hi", "High", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"se", "Standard error", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"plan_text", "Plan", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"observed_text", "Observed", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"range_text", "Range", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"suggestion", "In the plan's words", CELL_TEXT, SHOW_ALL, 0, -1},
        {"at_stake", "At stake", CELL_MONEY, SHOW_ALL, 0, 2},
        {"note", "Note", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "drivers", S("Drivers, each changed by itself in the plan's year"), columns,
                  ARRAY_LEN(columns));
    for (size_t i = 0; i < j->c->n; i++)
        for (size_t k = 0; k < j->c->lines[i].n_drivers; k++)
            add_driver(j, t, &j->c->lines[i], &j->c->lines[i].drivers[k]);
}

static struct cell share_cell(double v)
{
    return cell_share((dec)llround(v * 1e6) * (DEC_ONE / 1000000));
}

static void add_models(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"plan_share", "Plan", CELL_SHARE, SHOW_ALL, 1, -1},
        {"share", "Observed", CELL_SHARE, SHOW_ALL, 1, -1},
        {"requests", "Requests", CELL_COUNT, SHOW_DATA, 0, -1},
        {"tokens", "Tokens", CELL_COUNT, SHOW_DATA, 0, -1},
        {"amount", "Spent", CELL_MONEY, SHOW_ALL, 0, 2},
        {"expected", "At the plan's prices", CELL_MONEY, SHOW_ALL, 0, 2},
        {"per_million_tokens", "Per M tokens", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"expected_per_million_tokens", "by the plan", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"at_stake", "Mix at stake", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t = doc_table(j->d, "models", S("Models, and what their tokens really cost"),
                                    columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->c->n; i++) {
        const struct calibrated_line *r = &j->c->lines[i];
        for (size_t k = 0; k < r->n_models; k++) {
            const struct calibrated_model *m = &r->models[k];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(path_of(j, r));
            c[1] = m->name.n ? cell_text(m->name) : cell_null();
            c[2] = share_cell(m->plan_share);
            c[3] = share_cell(m->share);
            c[4] = m->requests > 0 ? cell_count(llround(m->requests)) : cell_null();
            c[5] = cell_count(llround(m->tokens));
            c[6] = money_cell(j, m->amount);
            c[7] = money_cell(j, m->expected);
            c[8] = m->tokens > 0 ? number_cell(m->amount / m->tokens * 1e6, true) : cell_null();
            c[9] = m->tokens > 0 ? number_cell(m->expected / m->tokens * 1e6, true) : cell_null();
            if (!m->in_plan)
                c[2] = cell_null();
            if (!k && r->models_suggestion.n)
                c[10] = stake_cell(r->models_at_stake);
        }
    }
}

static str without_end(str lines)
{
    while (lines.n && (lines.p[lines.n - 1] == '\n' || lines.p[lines.n - 1] == '\r'))
        lines.n--;
    return lines;
}

static void add_changes(struct job *j)
{
    static const struct doc_column columns[] = {
        {"file", "File", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_COUNT, SHOW_ALL, 0, -1},
        {"before", "Before", CELL_TEXT, SHOW_ALL, 0, -1},
        {"after", "After", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    static const struct doc_column diff_columns[] = {
        {"diff", "The plan file as it would be", CELL_TEXT, SHOW_ALL, 0, -1}};
    struct doc_table *t =
        doc_table(j->d, "changes", S("Changed lines"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->q->n_files; i++) {
        for (size_t k = 0; k < j->q->files[i].n_changes; k++) {
            const struct edited_lines *l = &j->q->files[i].changes[k];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(j->q->files[i].file->path);
            c[1] = cell_count(l->line);
            c[2] = cell_text(without_end(l->before));
            c[3] = cell_text(without_end(l->after));
        }
    }
    struct doc_table *people =
        doc_table(j->d, "diff", STR_NONE, diff_columns, ARRAY_LEN(diff_columns));
    people->shown = SHOW_PEOPLE;
    str rest = j->q->diff, line;
    while (str_cut(&rest, '\n', &line))
        if (line.n || rest.n)
            doc_row(j->d, people, ROW_NORMAL, 0)[0] = cell_text(line);
}

static void add_notes(struct job *j)
{
    char amount[DEC_GROUPED_TEXT];
    bool outside = false;
    size_t untold = 0;
    for (size_t i = 0; i < j->c->n; i++) {
        const struct calibrated_line *r = &j->c->lines[i];
        outside = outside || r->outside;
        untold += !r->ends_told;
        if (r->why) {
            char text[DEC_TEXT];
            dec told = dec_round((dec)llround(r->told * 1e4) * (DEC_ONE / 100), 1);
            doc_note(j->d, NOTE_WARN,
                     "%.*s: only %.*s %% of its spend comes with tokens, so its usage may not "
                     "stand for the line; nothing is suggested for it.",
                     FMT(path_of(j, r)), FMT(dec_format(told, text)));
        }
        if (r->models_why)
            doc_note(j->d, NOTE_INFO, "%.*s: the mix of models is not changed: %s.",
                     FMT(path_of(j, r)), r->models_why);
    }
    if (j->c->n)
        doc_note(j->d, NOTE_INFO, untold == 0
                     ? "Of volume, usage shows the product users x sessions x requests alone: "
                       "'requests' is what it gives with the plan's users and sessions. A failed "
                       "call counts as sent again."
                     : "Of volume, usage shows the product users x sessions x requests x (1 + "
                       "retries) alone: 'requests' is what it gives with the plan's users, "
                       "sessions and, where failed calls are not told, retries.");
    if (outside)
        doc_note(
            j->d, NOTE_WARN,
            "Part of the usage lies outside the plan's months: the plan's nearest month stands "
            "for it, so that volume compares with that month's.");
    if (j->q->no_tokens)
        doc_note(j->d, NOTE_INFO,
                 "%.*s rows of these lines (%.*s %s) tell no tokens, so nothing is learned from "
                 "them.",
                 FMT(str_count(j->a, j->q->no_tokens)),
                 FMT(dec_format_grouped(dec_or_zero(j->q->no_tokens_amount), 0, amount)),
                 j->p->header.currency.code);
}

struct doc *report_calibration(const struct calibrate_report *q, struct arena *a)
{
    const struct plan_header *h = &q->plan->header;
    struct job j = {.q = q, .c = q->c, .p = q->plan, .a = a};
    char first[MONTH_TEXT], last[MONTH_TEXT];
    j.d = doc_new(a, "llm_calibrate", S("LLM drivers: plan against usage"));
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    j.d->subtitle =
        str_fmt(a, "%.*s%s%.*s - %.*s, %s, levers in use applied, before buffers", FMT(h->label.s),
                h->label.at ? ": " : "", FMT(month_format_name(h->first, first)),
                FMT(month_format_name(h->last, last)), h->currency.code);
    add_lines(&j);
    doc_figure(j.d, "planned_before", S("Planned, with buffers"), 0,
               cell_money(money_to_dec(q->c->planned_before)));
    doc_last_figure(j.d)->exact_places = 2;
    doc_figure(j.d, "planned_after", S("Planned, as observed"), 0,
               cell_money(money_to_dec(q->c->planned_after)));
    doc_last_figure(j.d)->exact_places = 2;
    add_drivers(&j);
    add_models(&j);
    add_changes(&j);
    add_notes(&j);
    return j.d;
}
