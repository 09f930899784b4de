/* plan_diff.c - builds the report of what moved the total. */
#include "report/plan_diff.h"

struct job {
    const struct plan_diff *r;
    struct arena *a;
    struct doc *d;
};

enum { C_CAUSE, C_PATH, C_FROM, C_TO, C_DELTA, C_CATEGORY, C_AT = C_CATEGORY + CATEGORY_COUNT };

static struct cell amount(money m)
{
    return cell_money(money_to_dec(m));
}

static struct cell text_or_null(str s)
{
    return s.n ? cell_text(s) : cell_null();
}

static struct cell place(struct job *j, const struct plan_change *c)
{
    if (!c->at || !c->at->file)
        return cell_null();
    return cell_text(str_fmt(j->a, "%.*s:%u", FMT(c->at->file->path), c->at->line));
}

/* The heading of a cause and what all of its changes move. */
static void add_cause(struct job *j, struct doc_table *t, size_t first)
{
    const struct plan_change *c = &j->r->moved[first];
    money sum = money_zero(c->delta.currency);
    for (size_t i = first; i < j->r->n_moved && j->r->moved[i].cause == c->cause; i++)
        sum = money_add(sum, j->r->moved[i].delta);
    struct cell *x = doc_row(j->d, t, ROW_GROUP, 0);
    x[C_PATH] = cell_text(str_of(diff_cause_name(c->cause)));
    x[C_DELTA] = amount(sum);
}

static void add_causes(struct job *j)
{
    static const struct doc_column columns[] = {
        {"cause", "Cause", CELL_TEXT, SHOW_DATA, 0, -1},
        {"path", "Cause", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_TEXT, SHOW_ALL, 0, -1},
        {"to", "To", CELL_TEXT, SHOW_ALL, 0, -1},
        {"delta", "Change", CELL_MONEY, SHOW_ALL, 2, 2},
        {"infra", "Infrastructure & Compute", CELL_MONEY, SHOW_DATA, 2, 2},
        {"talent", "Talent", CELL_MONEY, SHOW_DATA, 2, 2},
        {"vendor", "Vendor & API Costs", CELL_MONEY, SHOW_DATA, 2, 2},
        {"data", "Data & Tooling", CELL_MONEY, SHOW_DATA, 2, 2},
        {"reserve", "Innovation Reserve", CELL_MONEY, SHOW_DATA, 2, 2},
        {"at", "Place", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    const struct plan_diff *r = j->r;
    struct doc_table *t =
        doc_table(j->d, "causes", S("What moved it"), columns, ARRAY_LEN(columns));
    t->empty_text = S("Nothing moves the total.");
    for (size_t i = 0; i < r->n_moved; i++) {
        const struct plan_change *c = &r->moved[i];
        if (!i || r->moved[i - 1].cause != c->cause)
            add_cause(j, t, i);
        struct cell *x = doc_row(j->d, t, ROW_NORMAL, 1);
        x[C_CAUSE] = cell_text(str_of(diff_cause_key(c->cause)));
        x[C_PATH] = cell_text(c->path);
        x[C_FROM] = text_or_null(c->from);
        x[C_TO] = text_or_null(c->to);
        x[C_DELTA] = amount(c->delta);
        for (int k = 0; k < CATEGORY_COUNT; k++)
            x[C_CATEGORY + k] = amount(c->by_category[k]);
        x[C_AT] = place(j, c);
    }
    if (!r->n_moved)
        return;
    struct cell *x = doc_row(j->d, t, ROW_TOTAL, 0);
    x[C_PATH] = cell_text(S("Total"));
    x[C_DELTA] = amount(money_sub(r->after->total, r->before->total));
}

static void add_categories(struct job *j)
{
    static const struct doc_column columns[] = {
        {"category", "Category", CELL_TEXT, SHOW_DATA, 0, -1},
        {"name", "Category", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"before", "Before", CELL_MONEY, SHOW_ALL, 2, 2},
        {"after", "After", CELL_MONEY, SHOW_ALL, 2, 2},
        {"delta", "Change", CELL_MONEY, SHOW_ALL, 2, 2},
    };
    const struct expansion *x = j->r->before, *y = j->r->after;
    struct doc_table *t =
        doc_table(j->d, "categories", S("By category"), columns, ARRAY_LEN(columns));
    for (int k = 0; k <= CATEGORY_COUNT; k++) {
        bool all = k == CATEGORY_COUNT;
        money before = all ? x->total : x->categories[k].total;
        money after = all ? y->total : y->categories[k].total;
        struct cell *c = doc_row(j->d, t, all ? ROW_TOTAL : ROW_NORMAL, 0);
        if (!all)
            c[0] = cell_text(str_of(category_key((enum category)k)));
        c[1] = cell_text(all ? S("Total") : str_of(category_name((enum category)k)));
        c[2] = amount(before);
        c[3] = amount(after);
        c[4] = amount(money_sub(after, before));
    }
}

static void add_unmoved(struct job *j)
{
    static const struct doc_column columns[] = {
        {"cause", "Cause", CELL_TEXT, SHOW_DATA, 0, -1},
        {"path", "Value", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_TEXT, SHOW_ALL, 0, -1},
        {"to", "To", CELL_TEXT, SHOW_ALL, 0, -1},
        {"at", "Place", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "unmoved", S("Changed without moving the total"), columns,
                                    ARRAY_LEN(columns));
    for (size_t i = 0; i < j->r->n_unmoved; i++) {
        const struct plan_change *c = &j->r->unmoved[i];
        struct cell *x = doc_row(j->d, t, ROW_NORMAL, 0);
        x[0] = cell_text(str_of(diff_cause_key(c->cause)));
        x[1] = cell_text(c->path);
        x[2] = text_or_null(c->from);
        x[3] = text_or_null(c->to);
        x[4] = place(j, c);
    }
}

static void add_notes(struct job *j)
{
    size_t together = 0, other = 0;
    for (size_t i = 0; i < j->r->n_moved; i++) {
        together += j->r->moved[i].merged;
        other += j->r->moved[i].cause == DIFF_OTHER;
    }
    if (j->r->n_moved > 1)
        doc_note(j->d, NOTE_INFO, "Changes are made one after another in the order shown; each is "
                                  "measured on top of those above it.");
    if (together)
        doc_note(j->d, NOTE_WARN,
                 "%zu changes could only be computed together with their neighbors; "
                 "their amounts are told by line.",
                 together);
    if (other)
        doc_note(j->d, NOTE_WARN, "%zu amounts under Other are explained by no change above.",
                 other);
}

struct doc *report_plan_diff(const struct plan_diff_request *q, struct arena *a)
{
    const struct plan_diff *r = q->diff;
    struct job j = {r, a, doc_new(a, "diff", S("What moved the total"))};
    const struct plan_header *h = &r->after->plan->header;
    money delta = money_sub(r->after->total, r->before->total);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    j.d->subtitle = str_fmt(a, "%.*s to %.*s, %s", FMT(q->old_name), FMT(q->new_name),
                            h->currency.code);
    doc_figure(j.d, "before", str_fmt(a, "Total of %.*s", FMT(q->old_name)), 2,
               amount(r->before->total));
    doc_last_figure(j.d)->exact_places = 2;
    doc_figure(j.d, "after", str_fmt(a, "Total of %.*s", FMT(q->new_name)), 2,
               amount(r->after->total));
    doc_last_figure(j.d)->exact_places = 2;
    doc_figure(j.d, "delta", S("Change"), 2, amount(delta));
    doc_last_figure(j.d)->exact_places = 2;
    add_causes(&j);
    add_categories(&j);
    add_unmoved(&j);
    add_notes(&j);
    return j.d;
}
