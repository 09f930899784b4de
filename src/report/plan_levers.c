/* plan_levers.c - builds the levers report: what each saves alone and in sequence, what overlaps.
 */
#include "report/plan_lists.h"

struct job {
    const struct plan *p;
    const struct lever_effects *effects;
    money without, with;
    struct arena *a;
    struct doc *d;
};

enum { PAIRS_MAX = 200 };

static void add_levers(struct job *j)
{
    static const struct doc_column columns[] = {
        {"id", "Lever", CELL_TEXT, SHOW_ALL, 0, -1},
        {"use", "In use", CELL_BOOL, SHOW_ALL, 0, -1},
        {"applies", "Applies to", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"alone", "Alone", CELL_MONEY, SHOW_ALL, 0, 2},
        {"in_sequence", "In sequence", CELL_MONEY, SHOW_ALL, 0, 2},
        {"cost", "Cost", CELL_MONEY, SHOW_ALL, 0, 2},
        {"owner", "Owner", CELL_TEXT, SHOW_ALL, 0, -1},
        {"evidence", "Evidence", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "levers", S("Levers, savings after their cost"), columns,
                                    ARRAY_LEN(columns));
    t->empty_text = S("The plan has no levers.");
    for (size_t i = 0; i < j->p->levers.n; i++) {
        const struct lever *v = &j->p->levers.items[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(v->id.s);
        c[1] = cell_bool(j->effects[i].on);
        c[2] = cell_text(v->applies.s);
        c[3] = cell_month(v->first);
        c[4] = cell_money(money_to_dec(j->effects[i].alone));
        c[5] = cell_money(money_to_dec(j->effects[i].in_sequence));
        c[6] = cell_money(money_to_dec(j->effects[i].cost));
        if (v->owner.at)
            c[7] = cell_text(v->owner.s);
        if (v->evidence.at)
            c[8] = cell_text(v->evidence.s);
        if (!j->effects[i].on)
            for (size_t k = 0; k < ARRAY_LEN(columns); k++)
                c[k] = cell_marked(c[k], MARK_MUTED);
    }
}

/* What two levers both touch: their common lines, or a position and the like. */
static str common(struct job *j, const struct lever *x, const struct lever *y)
{
    str *names = arena_new(j->a, str, x->n_lines + 1);
    size_t n = 0;
    for (size_t i = 0; i < x->n_lines; i++)
        for (size_t k = 0; k < y->n_lines; k++)
            if (x->lines[i] == y->lines[k])
                names[n++] = j->p->lines[x->lines[i]]->path;
    bool person = (x->position != NO_INDEX && x->position == y->position) ||
                  (x->contractor != NO_INDEX && x->contractor == y->contractor) ||
                  (x->upskill != NO_INDEX && x->upskill == y->upskill);
    if (person)
        names[n++] = x->applies.s;
    return str_join(j->a, names, n, S(", "));
}

static bool both(struct job *j, size_t x, size_t y, money *ret_saved, struct err *e)
{
    struct arena a = ARENA_INIT;
    bool *on = arena_new(&a, bool, j->p->levers.n);
    const struct expansion *r;
    on[x] = on[y] = true;
    bool good = expand(&a, j->p, &(struct circumstances){.levers = on}, &r, e);
    if (good)
        *ret_saved = money_sub(j->without, r->planned);
    arena_release(&a);
    return good;
}

static bool add_overlaps(struct job *j, struct err *e)
{
    static const struct doc_column columns[] = {
        {"first", "Lever", CELL_TEXT, SHOW_ALL, 0, -1},
        {"second", "and", CELL_TEXT, SHOW_ALL, 0, -1},
        {"overlap", "Saved by both", CELL_MONEY, SHOW_ALL, 0, 2},
        {"lines", "On", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "overlaps", S("Pairs that touch the same line"), columns,
                                    ARRAY_LEN(columns));
    size_t pairs = 0;
    for (size_t i = 0; i < j->p->levers.n; i++) {
        for (size_t k = i + 1; k < j->p->levers.n; k++) {
            if (!j->effects[i].on || !j->effects[k].on)
                continue;
            str lines = common(j, &j->p->levers.items[i], &j->p->levers.items[k]);
            if (!lines.n || ++pairs > PAIRS_MAX)
                continue;
            money saved;
            if (!both(j, i, k, &saved, e))
                return false;
            money overlap = money_sub(money_add(j->effects[i].alone, j->effects[k].alone), saved);
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(j->p->levers.items[i].id.s);
            c[1] = cell_text(j->p->levers.items[k].id.s);
            c[2] = cell_money(money_to_dec(overlap));
            c[3] = cell_text(lines);
        }
    }
    if (pairs > PAIRS_MAX)
        doc_note(j->d, NOTE_INFO, "%zu pairs touch the same line; the first %d are shown.", pairs,
                 PAIRS_MAX);
    return true;
}

static void add_figures(struct job *j)
{
    money alone = money_zero(j->p->header.currency);
    for (size_t i = 0; i < j->p->levers.n; i++)
        if (j->effects[i].on)
            alone = money_add(alone, j->effects[i].alone);
    money together = money_sub(j->without, j->with);
    const struct {
        const char *id, *title;
        money amount;
    } rows[] = {{"without_levers", "Planned without levers", j->without},
                {"alone", "Saved, each lever alone", alone},
                {"overlap", "Counted twice that way", money_sub(alone, together)},
                {"together", "Saved by all that are in use", together},
                {"with_levers", "Planned", j->with}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        doc_figure(j->d, rows[i].id, str_of(rows[i].title), 2,
                   cell_money(money_to_dec(rows[i].amount)));
        doc_last_figure(j->d)->exact_places = 2;
    }
}

bool report_levers(const struct plan_list_request *q, struct arena *a, struct doc **ret,
                   struct err *e)
{
    const struct plan_header *h = &q->plan->header;
    struct job j = {.p = q->plan, .a = a};
    struct lever_effects *effects;
    const struct expansion *x;
    char from[MONTH_TEXT], to[MONTH_TEXT];
    if (!lever_effects(a, q->plan, &effects, &j.without, e) || !expand(a, q->plan, NULL, &x, e))
        return false;
    j.effects = effects;
    j.with = x->planned;
    j.d = doc_new(a, "levers", S("Levers of the plan"));
    j.d->subtitle = str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                            FMT(month_format_name(h->last, to)), h->currency.code);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    add_figures(&j);
    add_levers(&j);
    if (!add_overlaps(&j, e))
        return false;
    doc_note(j.d, NOTE_INFO,
             "Savings are those of planned spend with its buffers, before the reserve; "
             "a lever that is not in use is shown on top of those that are.");
    *ret = j.d;
    return true;
}
