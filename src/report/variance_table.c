/* variance_table.c - builds the report of any table's variances. */
#include "report/variance_table.h"

struct job {
    const struct variance_table *t;
    struct arena *a;
    struct doc *d;
    dec actual, budget;
    int64_t with_budget, flags, unbudgeted, unknown;
};

enum { C_ACTUAL, C_BUDGET, C_DELTA, C_FAV, C_PCT, C_FAV_PCT, C_FLAG, C_FAVORABLE, C_UNBUDGETED, C_LINE, TAIL };

static const struct doc_column *columns_of(struct job *j)
{
    static const struct doc_column tail[TAIL] = {
        [C_ACTUAL] = {"actual", "Actual", CELL_MONEY, SHOW_ALL, 0, -1},
        [C_BUDGET] = {"budget", "Budget", CELL_MONEY, SHOW_ALL, 0, -1},
        [C_DELTA] = {"delta", "Delta", CELL_MONEY, SHOW_DATA, 0, -1},
        [C_FAV] = {"fav", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        [C_PCT] = {"pct", "Delta, share", CELL_SHARE, SHOW_DATA, 1, -1},
        [C_FAV_PCT] = {"fav_pct", "%", CELL_SHARE, SHOW_PEOPLE, 1, -1},
        [C_FLAG] = {"flag", "Flag", CELL_BOOL, SHOW_ALL, 0, -1},
        [C_FAVORABLE] = {"favorable", "Favorable", CELL_BOOL, SHOW_DATA, 0, -1},
        [C_UNBUDGETED] = {"unbudgeted", "Unbudgeted", CELL_BOOL, SHOW_ALL, 0, -1},
        [C_LINE] = {"line", "Line of the file", CELL_COUNT, SHOW_DATA, 0, -1},
    };
    size_t n = j->t->n_keys;
    struct doc_column *c = arena_new(j->a, struct doc_column, n + TAIL);
    for (size_t i = 0; i < n; i++) {
        str title = j->t->keys[i], id = str_lower(j->a, title);
        char *name = str_cstr(j->a, id);
        for (char *p = name; *p; p++)
            *p = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ? *p : '_';
        bool taken = false; /* ids of a table differ */
        for (size_t k = 0; k < (size_t)TAIL; k++)
            taken = taken || strcmp(tail[k].id, name) == 0;
        for (size_t k = 0; k < i; k++)
            taken = taken || strcmp(c[k].id, name) == 0;
        if (taken || !name[0])
            name = str_cstr(j->a, str_fmt(j->a, "key%zu_%s", i + 1, name));
        c[i] = (struct doc_column){name, str_cstr(j->a, title), CELL_TEXT, SHOW_ALL, 0, -1};
    }
    memcpy(c + n, tail, sizeof tail);
    return c;
}

struct cell variance_share(const struct variance *v)
{
    if (dec_is_null(v->delta))
        return cell_null();
    return dec_is_null(v->pct) ? cell_text(S("n/a")) : cell_share(-v->pct);
}

static void add_line(struct job *j, struct doc_table *t, const struct table_line *l)
{
    struct variance v = variance_of(l->actual, l->budget, &j->t->rule);
    j->unknown += dec_is_null(v.delta);
    j->flags += v.flag;
    j->unbudgeted += v.unbudgeted;
    j->with_budget += !dec_is_null(v.delta) && v.budget;
    j->actual += dec_or_zero(l->actual);
    j->budget += dec_or_zero(l->budget);
    if (j->t->only_flags && !variance_needs_words(&v))
        return;
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    for (size_t i = 0; i < j->t->n_keys; i++)
        c[i] = cell_text(l->keys[i]);
    c += j->t->n_keys;
    c[C_ACTUAL] = cell_money(l->actual);
    c[C_BUDGET] = cell_money(l->budget);
    c[C_LINE] = cell_count((int64_t)l->line);
    if (dec_is_null(v.delta))
        return;
    enum cell_mark mark = !variance_needs_words(&v) ? MARK_NONE : v.favorable ? MARK_WARN : MARK_BAD;
    c[C_DELTA] = cell_money(v.delta);
    c[C_FAV] = cell_marked(cell_money(-v.delta), mark);
    c[C_PCT] = cell_share(v.pct);
    c[C_FAV_PCT] = variance_share(&v);
    c[C_FLAG] = cell_bool(v.flag);
    c[C_FAVORABLE] = cell_bool(v.favorable);
    c[C_UNBUDGETED] = cell_bool(v.unbudgeted);
}

static void add_total(struct job *j, struct doc_table *t, const struct variance *v)
{
    struct cell *c = doc_row(j->d, t, ROW_TOTAL, 0);
    c[0] = cell_text(S("Total"));
    c += j->t->n_keys;
    c[C_ACTUAL] = cell_money(v->actual);
    c[C_BUDGET] = cell_money(v->budget);
    c[C_FAV] = cell_money(-v->delta);
    c[C_FAV_PCT] = variance_share(v);
}

static void add_figures(struct job *j, const struct variance *v)
{
    doc_figure(j->d, "actual", S("Actual"), 2, cell_money(v->actual));
    doc_figure(j->d, "budget", S("Budget"), 2, cell_money(v->budget));
    doc_figure(j->d, "delta", S("Delta"), 2, cell_money(v->delta));
    doc_figure(j->d, "pct", S("Delta, share of budget"), 4, cell_share(v->pct));
    doc_figure(j->d, "lines", S("Lines with a budget"), 0, cell_count(j->with_budget));
    doc_figure(j->d, "flags", S("Lines flagged"), 0, cell_count(j->flags));
    doc_figure(j->d, "unbudgeted", S("Lines with spend and no budget"), 0,
               cell_count(j->unbudgeted));
}

struct doc *report_variance_table(const struct variance_table *given, struct arena *a,
                                  size_t *ret_flags)
{
    struct job j = {.t = given, .a = a, .d = doc_new(a, "track", S("Actual against budget"))};
    char over[DEC_TEXT];
    dec percent = given->rule.over * 100;
    j.d->as_of = given->as_of;
    j.d->subtitle = str_fmt(a, "%.*s: %.*s against %.*s", FMT(given->name), FMT(given->actual),
                            FMT(given->budget));
    struct doc_table *t =
        doc_table(j.d, "variances", STR_NONE, columns_of(&j), given->n_keys + TAIL);
    t->empty_text = S("No line to show.");
    for (size_t i = 0; i < given->n_lines; i++)
        add_line(&j, t, &given->lines[i]);
    struct variance v = variance_of(j.actual, j.budget, &given->rule);
    add_total(&j, t, &v);
    add_figures(&j, &v);
    doc_note(j.d, NOTE_INFO, "A line is flagged when it is more than %.*s %% off its budget%s.",
             FMT(dec_format(percent, over)),
             given->rule.floor ? " and off by at least the floor" : "");
    if (j.unknown)
        doc_note(j.d, NOTE_WARN, j.unknown == 1 ? "%lld line lacks an amount and has no variance."
                                                : "%lld lines lack an amount and have no variance.",
                 (long long)j.unknown);
    if (given->blanks)
        doc_note(j.d, NOTE_WARN, "%zu empty cell%s count%s as unknown: the sums are without them.",
                 given->blanks, given->blanks == 1 ? "" : "s", given->blanks == 1 ? "s" : "");
    *ret_flags = (size_t)(j.flags + j.unbudgeted);
    return j.d;
}
