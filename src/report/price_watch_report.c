/* price_watch_report.c - builds the report of price changes against the plan. */
#include "report/price_watch_report.h"

#include <math.h>

#include "core/money.h"

struct job {
    const struct price_watch_request *q;
    struct arena *a;
    struct doc *d;
    struct price_watched *items;
    size_t n;
    int32_t from; /* the first month still ahead */
};

static struct cell price_cell(double v)
{
    return cell_number((dec)llround(v * 1e6) * (DEC_ONE / 1000000));
}

static struct cell money_cell(const struct job *j, double v)
{
    return cell_money(money_to_dec(money_from_double(v, j->q->plan->header.currency)));
}

static struct cell marked_money(const struct job *j, double v)
{
    return cell_marked(money_cell(j, v), v > 0 ? MARK_WARN : v < 0 ? MARK_GOOD : MARK_NONE);
}

static str what_of(const struct job *j, const struct price_watched *x)
{
    bool own = j->q->plan->prices.items[x->model].at != NULL;
    switch (x->kind) {
    case WATCH_DATED:
        return own ? S("dated in the plan") : S("dated in the price book");
    case WATCH_DISAGREES:
        return j->q->list.n ? S("new list, not the plan's price")
                            : S("price book, not the plan's price");
    case WATCH_NEW:
        return j->q->list.n ? S("new list") : S("price book, changed since");
    }
    UNREACHABLE();
}

static void add_changes(struct job *j)
{
    static const struct doc_column columns[] = {
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"what", "What", CELL_TEXT, SHOW_ALL, 0, -1},
        {"in_plan", "In the plan", CELL_BOOL, SHOW_ALL, 0, -1},
        {"from", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"to", "To", CELL_MONTH, SHOW_DATA, 0, -1},
        {"in_before", "In", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"in", "becomes", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"out_before", "Out", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"out", "becomes", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"cache_read_before", "Cache read", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"cache_read", "becomes", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"cache_write_before", "Cache write", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"cache_write", "becomes", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"batch_in_before", "Batch in", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"batch_in", "becomes", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"batch_out_before", "Batch out", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"batch_out", "becomes", CELL_NUMBER, SHOW_DATA, 2, -1},
        {"months", "Months", CELL_COUNT, SHOW_ALL, 0, -1},
        {"months_left", "Ahead", CELL_COUNT, SHOW_ALL, 0, -1},
        {"cost_change", "This plan", CELL_MONEY, SHOW_ALL, 0, 2},
        {"cost_change_left", "Still ahead", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    static const enum price_part order[] = {PRICE_IN,          PRICE_OUT,      PRICE_CACHE_READ,
                                            PRICE_CACHE_WRITE, PRICE_BATCH_IN, PRICE_BATCH_OUT};
    const struct plan *p = j->q->plan;
    struct doc_table *t = doc_table(
        j->d, "changes", S("Prices per million tokens, and what they change in the plan's cost"),
        columns, ARRAY_LEN(columns));
    t->empty_text = S("No price of the plan changes, and the price book agrees with all of them.");
    for (size_t i = 0; i < j->n; i++) {
        const struct price_watched *x = &j->items[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(p->prices.items[x->model].model);
        c[1] = cell_text(what_of(j, x));
        c[2] = cell_bool(x->kind == WATCH_DATED);
        c[3] = cell_month(p->header.first + x->first);
        c[4] = cell_month(p->header.first + x->last);
        for (size_t k = 0; k < ARRAY_LEN(order); k++) {
            c[5 + 2 * k] = price_cell(x->before[order[k]]);
            c[6 + 2 * k] = price_cell(x->now[order[k]]);
        }
        c[17] = cell_count(x->last - x->first + 1);
        c[18] = cell_count(MAX(0, x->last - MAX(x->first, j->from) + 1));
        c[19] = marked_money(j, x->change);
        c[20] = money_cell(j, x->change_left);
    }
}

static void add_lines(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"in_plan", "In the plan", CELL_BOOL, SHOW_ALL, 0, -1},
        {"from", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"cost_change", "This plan", CELL_MONEY, SHOW_ALL, 0, 2},
        {"cost_change_left", "Still ahead", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    const struct plan *p = j->q->plan;
    struct doc_table *t =
        doc_table(j->d, "lines", S("Who is affected"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->n; i++) {
        const struct price_watched *x = &j->items[i];
        for (size_t k = 0; k < p->n_lines; k++) {
            if (x->by_line[k] == 0)
                continue;
            const struct initiative *in = &p->initiatives.items[p->lines[k]->initiative];
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(p->lines[k]->path);
            c[1] = in->owner.at ? cell_text(in->owner.s) : cell_null();
            c[2] = cell_text(p->prices.items[x->model].model);
            c[3] = cell_bool(x->kind == WATCH_DATED);
            c[4] = cell_month(p->header.first + x->first);
            c[5] = marked_money(j, x->by_line[k]);
            c[6] = money_cell(j, x->left_by_line[k]);
        }
    }
}

static void add_figures(struct job *j)
{
    double in = 0, in_left = 0, out = 0, out_left = 0;
    for (size_t i = 0; i < j->n; i++) {
        const struct price_watched *x = &j->items[i];
        *(x->kind == WATCH_DATED ? &in : &out) += x->change;
        *(x->kind == WATCH_DATED ? &in_left : &out_left) += x->change_left;
    }
    const struct {
        const char *id, *title;
        double v;
    } rows[] = {
        {"in_plan", "Changes already in the plan's number", in},
        {"in_plan_left", "Of these still ahead", in_left},
        {"not_in_plan", "Changes the plan does not have", out},
        {"not_in_plan_left", "Of these still ahead", out_left},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        doc_figure(j->d, rows[i].id, str_of(rows[i].title), 0, money_cell(j, rows[i].v));
        doc_last_figure(j->d)->exact_places = 2;
    }
}

static void add_notes(struct job *j, const bool *unknown)
{
    const struct plan *p = j->q->plan;
    bool disagrees = false;
    for (size_t i = 0; i < j->n; i++)
        disagrees = disagrees || j->items[i].kind == WATCH_DISAGREES;
    if (disagrees)
        doc_note(j->d, NOTE_WARN,
                 "The plan states its own prices, and they win: what it does not have counts only "
                 "once its `prices:` are changed.");
    for (size_t i = 0; i < p->prices.n; i++)
        if (unknown[i])
            doc_note(j->d, NOTE_INFO,
                     "The price book does not know '%.*s': the plan's own price cannot be "
                     "compared.",
                     FMT(p->prices.items[i].model));
}

bool report_price_watch(const struct price_watch_request *q, struct arena *a, struct doc **ret,
                        struct err *e)
{
    const struct plan_header *h = &q->plan->header;
    struct job j = {.q = q, .a = a};
    char first[MONTH_TEXT], last[MONTH_TEXT];
    bool *unknown;
    j.from = q->as_of == DAY_NONE ? 0 : month_of_day(q->as_of) - h->first;
    j.from = MAX(0, MIN(j.from, h->n_months));
    if (!price_watch(a, q->plan, q->now, j.from, &j.items, &j.n, &unknown, e))
        return false;
    j.d = doc_new(a, "price_watch", S("Price changes against the plan"));
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    j.d->subtitle =
        str_fmt(a, "%.*s%s%.*s - %.*s, %s, levers in use applied, before buffers", FMT(h->label.s),
                h->label.at ? ": " : "", FMT(month_format_name(h->first, first)),
                FMT(month_format_name(h->last, last)), h->currency.code);
    add_changes(&j);
    add_lines(&j);
    add_figures(&j);
    add_notes(&j, unknown);
    *ret = j.d;
    return true;
}
