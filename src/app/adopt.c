/* adopt.c - the edits that make a scenario the plan. */
#include "app/adopt.h"

#include <math.h>

struct editor {
    struct arena *a;
    const struct plan *p;
    struct yaml_edits edits;
    struct err *e;
};

/* --- places --- */

static bool cannot(struct editor *d, const struct yaml_node *n, const char *what)
{
    return yaml_cannot_edit(n, what, d->e);
}

static bool replace(struct editor *d, const struct yaml_node *n, str by)
{
    return yaml_edit_value(&d->edits, n, by, d->e);
}

/* `key: value` behind the id of a map, in its own form. */
static bool insert_key(struct editor *d, const struct yaml_node *map, str key_and_value)
{
    const struct yaml_pair *id = NULL;
    for (size_t i = 0; i < map->n && !id; i++)
        if (str_eq(map->pairs[i].key->text, S("id")))
            id = &map->pairs[i];
    return yaml_edit_key(&d->edits, map, id, key_and_value, d->e);
}

static bool set_key(struct editor *d, const struct yaml_node *map, const char *key, str value)
{
    const struct yaml_node *now = yaml_get(map, key);
    return now ? replace(d, now, value)
               : insert_key(d, map, str_fmt(d->a, "%s: %.*s", key, FMT(value)));
}

/* --- numbers and months --- */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Every number of a value times a factor: "9600/mo (7800 to 12200)". */
static bool times(struct editor *d, const struct yaml_node *n, dec factor)
{
    char text[DEC_TEXT];
    str s = n->text, out = STR_NONE;
    if (s.n && s.p[0] == '=')
        return replace(d, n,
                       str_fmt(d->a, "=(%.*s) * %.*s", FMT(str_sub(s, 1, s.n)),
                               FMT(dec_format(factor, text))));
    for (size_t i = 0; i < s.n;) {
        size_t to = i;
        dec v, product;
        while (to < s.n &&
               (digit(s.p[to]) || (s.p[to] == '.' && to + 1 < s.n && digit(s.p[to + 1]))))
            to++;
        if (to == i) {
            out = str_fmt(d->a, "%.*s%c", FMT(out), s.p[i++]);
            continue;
        }
        if (dec_parse(str_sub(s, i, to), &v) != DEC_OK || !dec_mul(v, factor, &product))
            return cannot(d, n, "this number");
        out = str_fmt(d->a, "%.*s%.*s", FMT(out), FMT(dec_format(product, text)));
        i = to;
    }
    return replace(d, n, out);
}

static bool times_quantity(struct editor *d, const struct quantity *q, dec factor)
{
    for (size_t i = 0; i < q->n; i++)
        if (!times(d, q->points[i].node, factor))
            return false;
    return true;
}

static bool move_month(struct editor *d, const struct p_month *m, int32_t by)
{
    char text[MONTH_TEXT];
    return !m->at || replace(d, m->at, str_dup(d->a, month_format(m->m + by, text)));
}

/* --- what a choice changes --- */

static bool scale_line(struct editor *d, const struct line *l, dec factor)
{
    static const enum line_quantity drives[] = {Q_COST,  Q_GPU_HOURS, Q_RUNS,  Q_TB,
                                                Q_SEATS, Q_ITEMS,     Q_USERS, Q_REQUESTS};
    for (size_t i = 0; i < ARRAY_LEN(drives); i++) {
        const struct quantity *q = l->q[drives[i]];
        if (!q)
            continue;
        return times_quantity(d, q, factor) && (drives[i] != Q_REQUESTS || !l->q[Q_AT_LEAST] ||
                                                times_quantity(d, l->q[Q_AT_LEAST], factor));
    }
    return cannot(d, l->at, "a line without a volume or cost");
}

static struct lines *sections(struct initiative *in, size_t k)
{
    struct lines *all[] = {&in->compute, &in->llm, &in->saas, &in->labeling, &in->tools, &in->data};
    return k < ARRAY_LEN(all) ? all[k] : NULL;
}

static bool delay(struct editor *d, const struct initiative *in, int32_t by)
{
    struct initiative own = *in;
    char text[MONTH_TEXT];
    month starts = in->starts.at ? in->starts.m : d->p->header.first;
    if (!set_key(d, in->at, "starts", str_dup(d->a, month_format(starts + by, text))))
        return false;
    for (size_t k = 0; sections(&own, k); k++)
        for (size_t i = 0; i < sections(&own, k)->n; i++)
            if (!move_month(d, &sections(&own, k)->items[i].from, by))
                return false;
    for (size_t i = 0; i < in->benefits.n; i++)
        if (!move_month(d, &in->benefits.items[i].from, by))
            return false;
    for (size_t i = 0; i < d->p->staff.n; i++) {
        const struct position *s = &d->p->staff.items[i];
        bool only = s->works_on.n == 1 && s->works_on.items[0].index == in->index;
        if (!s->here && only && !move_month(d, &s->start, by))
            return false;
    }
    return true;
}

static bool hire(struct editor *d, const struct choice *c)
{
    const struct action *act = &c->option->action;
    char text[MONTH_TEXT];
    const struct initiative *in = &d->p->initiatives.items[c->initiative];
    str row = str_fmt(d->a, "{id: %.*s-%.*s, role: %.*s, count: %g, start: %.*s, works_on: %.*s}",
                      FMT(in->id.s), FMT(c->option->id.s), FMT(d->p->roles.items[act->role].name),
                      act->number.point, FMT(month_format(act->from, text)), FMT(in->id.s));
    if (d->p->staff.n)
        return yaml_edit_row_before(&d->edits, d->p->staff.items[0].at, row, d->e);
    yaml_edit_append(&d->edits, d->p->files[0], str_fmt(d->a, "\nstaff:\n  - %.*s", FMT(row)));
    return true;
}

static bool own_cost(struct editor *d, const struct choice *c)
{
    const struct initiative *in = &d->p->initiatives.items[c->initiative];
    str cost = c->option->cost->at->text;
    str row = str_fmt(d->a, "{id: %.*s-cost, cost: %.*s%s, category: %s}", FMT(c->option->id.s),
                      FMT(cost), str_find(cost, S("once"), 0) == SIZE_MAX ? " once" : "",
                      category_key((enum category)c->option->category.v));
    if (in->tools.n)
        return yaml_edit_row_before(&d->edits, in->tools.items[0].at, row, d->e);
    const struct yaml_node *key = yaml_key(in->at, "id");
    if (yaml_is_flow(in->at))
        return cannot(d, in->at, "an initiative in one line");
    int indent = (int)key->column - 1;
    return insert_key(d, in->at, str_fmt(d->a, "tools:\n%*s- %.*s", indent + 2, "", FMT(row)));
}

/* A place behind a line's indentation. */
static void comment_out(struct editor *d, const struct yaml_file *f, uint32_t line, str mark)
{
    size_t at = f->line_starts[line - 1] + yaml_indent(f, line);
    yaml_edit_bytes(&d->edits, f, at, at, mark);
}

/* "- {id: ...}" in one line becomes a comment; so does the key of a list that is then empty. */
static bool retire(struct editor *d, const struct plan_option_list *list, const bool *taken)
{
    size_t left = 0, gone = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct plan_option *o = &list->items[i];
        if (!taken[i]) {
            left++;
            continue;
        }
        gone++;
        size_t indent = yaml_indent(o->at->file, o->at->line);
        str own = yaml_line(o->at->file, o->at->line);
        if (own.n <= indent + 2 || own.p[indent] != '-' || !yaml_is_flow(o->at))
            return cannot(d, o->at, "an option that takes several lines");
        comment_out(d, o->at->file, o->at->line, S("# adopted: "));
    }
    if (gone && !left) {
        const struct yaml_file *f = list->at->file;
        uint32_t line = list->at->line;
        while (line > 1 && !str_starts(str_trim(yaml_line(f, line)), S("cuts:")) &&
               !str_starts(str_trim(yaml_line(f, line)), S("adds:")))
            line--;
        comment_out(d, f, line, S("# "));
    }
    return true;
}

static bool apply(struct editor *d, const struct choice *c)
{
    const struct initiative *in =
        c->initiative == NO_INDEX ? NULL : &d->p->initiatives.items[c->initiative];
    if (c->kind == CHOICE_LEVER)
        return set_key(d, d->p->levers.items[c->lever].at, "use", S("yes"));
    if (c->act == ACTION_ADOPT && !set_key(d, in->at, "status", S("proposed")))
        return false;
    const struct plan_option *o = c->option;
    if (!o)
        return true;
    if (c->act == ACTION_DELAY && !delay(d, in, (int32_t)o->action.number.point))
        return false;
    for (size_t i = 0; c->act == ACTION_SCALE && i < o->action.n_lines; i++)
        if (!scale_line(d, d->p->lines[o->action.lines[i]], o->action.number.exact))
            return false;
    return (c->act != ACTION_HIRE || hire(d, c)) && (!o->cost || own_cost(d, c));
}

/* All that an initiative's options gain and lose of its benefits, at once. */
static bool scale_benefits(struct editor *d, const struct scenario_result *r)
{
    for (uint32_t i = 0; i < d->p->initiatives.n; i++) {
        const struct initiative *in = &d->p->initiatives.items[i];
        dec by = DEC_ONE;
        for (uint32_t k = 0; k < r->choices->n; k++) {
            const struct choice *c = &r->choices->items[k];
            if (!r->on[k] || c->initiative != i || !c->option || c->act == ACTION_DROP)
                continue;
            dec one = DEC_ONE + (dec)llround(c->option->value_share * 1e6) * (DEC_ONE / 1000000);
            if (!dec_mul(by, one, &by))
                return cannot(d, in->at, "a benefit");
        }
        for (size_t k = 0; by != DEC_ONE && k < in->benefits.n; k++)
            if (!times_quantity(d, in->benefits.items[k].monthly, by))
                return false;
    }
    return true;
}

/* `take` and `never` no longer name what has been taken: there is no such option any more. */
static bool forget_names(struct editor *d, const struct scenario_result *r,
                         const struct p_texts *list)
{
    str *left = arena_new(d->a, str, list->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        uint32_t k = choices_find(r->choices, list->items[i].s);
        if (k == NO_INDEX || !r->on[k] || r->choices->items[k].kind == CHOICE_LEVER)
            left[n++] = list->items[i].s;
    }
    if (n == list->n)
        return true;
    if (!yaml_is_flow(list->at))
        return cannot(d, list->at, "a list that takes several lines");
    return replace(d, list->at, str_fmt(d->a, "[%.*s]", FMT(str_join(d->a, left, n, S(", ")))));
}

static bool forget(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->scenarios.n; i++)
        if (!forget_names(d, r, &d->p->scenarios.items[i].take) ||
            !forget_names(d, r, &d->p->scenarios.items[i].never))
            return false;
    return true;
}

/* What is dropped, and what needs it, becomes a candidate again. */
static bool stop(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->initiatives.n; i++) {
        const struct initiative *in = &d->p->initiatives.items[i];
        bool candidate = in->status.at && in->status.v == INITIATIVE_CANDIDATE;
        if (!candidate && !r->world->running[i] && !set_key(d, in->at, "status", S("candidate")))
            return false;
    }
    return true;
}

static bool retire_all(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->initiatives.n; i++)
        for (int side = 0; side < 2; side++) {
            const struct initiative *in = &d->p->initiatives.items[i];
            const struct plan_option_list *list = side ? &in->adds : &in->cuts;
            bool *taken = arena_new(d->a, bool, list->n + 1);
            for (size_t k = 0; k < list->n; k++)
                for (uint32_t c = 0; c < r->choices->n; c++)
                    if (r->on[c] && r->choices->items[c].option == &list->items[k])
                        taken[k] = list->items[k].action.kind != ACTION_DROP &&
                                   list->items[k].action.kind != ACTION_ADOPT;
            if (!retire(d, list, taken))
                return false;
        }
    return true;
}

/* --- checking --- */

static bool same_total(struct editor *d, const struct scenario_result *r, struct adoption *ret)
{
    const struct expansion *x = ret->change.figures;
    struct plan_value v;
    char is[MONEY_TEXT], wanted[MONEY_TEXT];
    if (!value_of(world_new(d->a, ret->change.plan, NULL), x, &v, d->e))
        return false;
    ret->total = x->total;
    ret->value = money_round(v.value, CENT_MICROS, ROUND_HALF_EVEN);
    /* rounding of scaled months may move a cent each */
    money off = money_sub(x->total, r->total);
    int64_t most = (int64_t)(x->n_lines + x->n_buffers) * x->n_months * CENT_MICROS;
    if (off.micros <= most && off.micros >= -most)
        return true;
    err_set(d->e, ERR_FAILED, "the changed file would give a total of %.*s, not %.*s",
            FMT(money_format(x->total, 2, is)), FMT(money_format(r->total, 2, wanted)));
    return err_hint(d->e,
                    "An option of '%.*s' cannot be written as a change of values; make it by "
                    "hand.",
                    FMT(r->name));
}

bool adopt(struct arena *a, const struct plan_source *s, const struct scenario_result *r,
           struct adoption *ret, struct err *e)
{
    struct editor d = {.a = a, .p = s->plan, .edits = {.a = a}, .e = e};
    struct adoption out = {0};
    struct diags faults;
    diags_init(&faults, a);
    if (s->kind != SOURCE_FILE)
        return err_set(e, ERR_USAGE, "'%.*s' is no file that could be changed", FMT(s->name));
    if (r->plan != s->plan)
        return err_set(e, ERR_USAGE, "'%.*s' is a what-if: it chooses nothing", FMT(r->name));
    if (!r->feasible)
        return err_set(e, ERR_FAILED, "'%.*s' is out of reach: there is nothing to adopt",
                       FMT(r->name));
    for (uint32_t i = 0; i < r->choices->n; i++)
        if (r->on[i] && !apply(&d, &r->choices->items[i]))
            return false;
    if (!scale_benefits(&d, r) || !stop(&d, r) || !retire_all(&d, r) || !forget(&d, r) ||
        !plan_change(s, &d.edits, &faults, &out.change, e) || !same_total(&d, r, &out))
        return false;
    *ret = out;
    return true;
}
