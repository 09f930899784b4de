/* check_options.c - cuts and adds, together, risks, scenarios, process: paths and small sentences.
 */
#include "plan/reader.h"

#include "base/date.h"

/* --- words of a `do:` --- */

struct words {
    struct reader *r;
    const struct yaml_node *n;
    str s;
    size_t i;
};

static str next_word(struct words *w, size_t *ret_at)
{
    while (w->i < w->s.n && w->s.p[w->i] == ' ')
        w->i++;
    size_t from = w->i;
    while (w->i < w->s.n && w->s.p[w->i] != ' ')
        w->i++;
    *ret_at = from;
    return str_sub(w->s, from, w->i);
}

static bool at_end(struct words *w)
{
    while (w->i < w->s.n && w->s.p[w->i] == ' ')
        w->i++;
    return w->i == w->s.n;
}

static bool sentence_fault(struct words *w, size_t at, size_t n, const char *hint, const char *text)
{
    fault_inside(w->r, w->n, at, n ? n : 1, str_of(hint), "%s", text);
    return false;
}

static bool expect_word(struct words *w, const char *word, const char *hint)
{
    size_t at;
    str s = next_word(w, &at);
    if (str_eq(s, str_of(word)))
        return true;
    if (!s.n)
        at = w->s.n ? w->s.n - 1 : 0;
    fault_inside(w->r, w->n, at, MAX(s.n, (size_t)1), str_of(hint), "'%s' is expected here", word);
    return false;
}

/* The rest of the sentence as one number. */
static bool rest_number(struct words *w, struct number *ret)
{
    (void)at_end(w);
    size_t from = w->i;
    str rest = str_sub(w->s, from, w->s.n);
    w->i = w->s.n;
    return read_number_at(w->r, w->n, rest, from, ret);
}

static bool whole_months(struct words *w, const struct number *v, bool ranged)
{
    if (v->per != PER_MONTHS || v->lo < 0 || v->hi > 120 || (!ranged && v->ranged) ||
        (!v->ranged && v->exact % DEC_ONE))
        return sentence_fault(w, 0, w->s.n,
                              ranged ? "Write 'delay hires 2 months (1 to 4)'."
                                     : "Write 'delay 3 months'.",
                              "a whole number of months is expected");
    return true;
}

static bool percentage(struct words *w, const struct number *v, bool ranged)
{
    if (!v->percent || v->lo < 0 || v->hi > 100 || v->per != PER_NONE || (!ranged && v->ranged))
        return sentence_fault(w, 0, w->s.n, "Write 'to 65%'.",
                              "a percentage is expected behind 'to'");
    return true;
}

static uint32_t line_in(struct reader *r, const struct initiative *in, str id)
{
    for (uint32_t i = 0; i < in->n_lines; i++) {
        const struct line *l = r->p->lines[in->first_line + i];
        if (str_eq(l->id.s, id) || str_eq(l->path, id))
            return in->first_line + i;
    }
    return NO_INDEX;
}

static bool read_scale_lines(struct words *w, struct plan_option *o, const struct initiative *in)
{
    static const char hint[] = "Write 'scale LINE to 65%' or 'scale LINE and LINE to 65%'.";
    struct action *a = &o->action;
    a->lines = arena_new(w->r->a, uint32_t, w->s.n / 2 + 2);
    for (;;) {
        size_t at;
        str name = next_word(w, &at);
        if (!name.n)
            return sentence_fault(w, 0, w->s.n, hint, "a line is missing");
        uint32_t line = line_in(w->r, in, name);
        if (line == NO_INDEX) {
            const char **names = arena_new(w->r->a, const char *, in->n_lines + 1);
            for (uint32_t i = 0; i < in->n_lines; i++)
                names[i] = str_cstr(w->r->a, w->r->p->lines[in->first_line + i]->id.s);
            fault_inside(w->r, w->n, at, name.n, did_you_mean(w->r, name, names, in->n_lines),
                         "'%.*s' has no line '%.*s'", FMT(in->id.s), FMT(name));
            return false;
        }
        a->lines[a->n_lines++] = line;
        str link = next_word(w, &at);
        if (str_eq(link, S("to")))
            return rest_number(w, &a->number) && percentage(w, &a->number, false);
        if (!str_eq(link, S("and")))
            return sentence_fault(w, link.n ? at : w->s.n - 1, link.n, hint,
                                  "'and' or 'to' is expected here");
    }
}

static bool read_hire(struct words *w, struct plan_option *o)
{
    static const char hint[] = "Write 'hire 2 mlops from 2026-10'.";
    struct plan *p = w->r->p;
    size_t at;
    str n = next_word(w, &at);
    if (!n.n)
        return sentence_fault(w, 0, w->s.n, hint, "how many to hire is missing");
    if (!read_number_at(w->r, w->n, n, at, &o->action.number))
        return false;
    if (o->action.number.point <= 0 || o->action.number.percent || o->action.number.per ||
        o->action.number.point > 10000)
        return sentence_fault(w, at, n.n, hint, "a number of people is expected");
    str role = next_word(w, &at);
    o->action.role = NO_INDEX;
    const char **names = arena_new(w->r->a, const char *, p->roles.n + 1);
    for (size_t i = 0; i < p->roles.n; i++) {
        names[i] = str_cstr(w->r->a, p->roles.items[i].name);
        if (str_eq(p->roles.items[i].name, role))
            o->action.role = (uint32_t)i;
    }
    if (o->action.role == NO_INDEX) {
        fault_inside(w->r, w->n, at, role.n, did_you_mean(w->r, role, names, p->roles.n),
                     "there is no role '%.*s'", FMT(role));
        return false;
    }
    if (!expect_word(w, "from", hint))
        return false;
    str m = next_word(w, &at);
    struct p_month from = {.at = w->n};
    if (!month_parse(m, &from.m)) {
        fault_inside(w->r, w->n, at, m.n, S("Write months as 2026-07."), "'%.*s' is not a month",
                     FMT(m));
        return false;
    }
    o->action.from = from.m;
    return check_inside_plan(w->r, &from, "the month") &&
           (at_end(w) || sentence_fault(w, w->i, 1, hint, "nothing more is expected here"));
}

void check_option_action(struct reader *r, struct plan_option *o, const struct initiative *in)
{
    struct words w = {r, o->do_text.at, o->do_text.s, 0};
    size_t at;
    if (!o->do_text.at)
        return;
    str verb = next_word(&w, &at);
    if (str_eq(verb, S("drop")) || str_eq(verb, S("adopt"))) {
        o->action.kind = verb.p[0] == 'd' ? ACTION_DROP : ACTION_ADOPT;
        if (!at_end(&w))
            sentence_fault(&w, w.i, w.s.n - w.i, "", "nothing more is expected here");
    } else if (str_eq(verb, S("delay"))) {
        o->action.kind = ACTION_DELAY;
        if (rest_number(&w, &o->action.number))
            (void)whole_months(&w, &o->action.number, false);
    } else if (str_eq(verb, S("scale"))) {
        o->action.kind = ACTION_SCALE;
        (void)read_scale_lines(&w, o, in);
    } else if (str_eq(verb, S("hire"))) {
        o->action.kind = ACTION_HIRE;
        (void)read_hire(&w, o);
    } else {
        static const char *const verbs[] = {"drop", "delay", "scale", "hire", "adopt"};
        str near = did_you_mean(r, verb, verbs, ARRAY_LEN(verbs));
        fault_inside(r, w.n, at, verb.n,
                     near.n ? near
                            : S("It is one of: drop, delay N months, scale LINE to P%, hire N ROLE "
                                "from MONTH."),
                     "'%.*s' is not something an option can do", FMT(verb));
    }
}

/* --- paths --- */

static bool is_driver_key(str key)
{
    static const enum line_quantity keys[] = {Q_USERS,   Q_SESSIONS, Q_REQUESTS,     Q_IN,   Q_OUT,
                                              Q_RETRIES, Q_CACHED,   Q_CACHE_WRITES, Q_BATCH};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (str_eq(key, str_of(line_quantity_key(keys[i]))))
            return true;
    return false;
}

static bool path_exists(const struct plan *p, str path)
{
    if (plan_quantity(p, path) || plan_line_index(p, path) != NO_INDEX)
        return true;
    if (str_starts(path, S("llm.")) && is_driver_key(str_sub(path, 4, path.n)))
        return true;
    if (str_starts(path, S("prices.")))
        for (size_t i = 0; i < p->prices.n; i++)
            if (str_eq(p->prices.items[i].model, str_sub(path, 7, path.n)))
                return true;
    if (str_starts(path, S("staff.")))
        for (size_t i = 0; i < p->staff.n; i++)
            if (str_eq(p->staff.items[i].id.s, str_sub(path, 6, path.n)))
                return true;
    return false;
}

bool check_value_path(struct reader *r, const struct yaml_node *n, str path)
{
    const struct plan *p = r->p;
    if (path_exists(p, path) || map_get(&r->failed, path))
        return true;
    if (!may_suggest(r)) {
        yaml_fault(r->d, n, STR_NONE, "there is no value '%.*s'", FMT(path));
        return false;
    }
    const char **names = arena_new(r->a, const char *, p->n_quantities + p->n_lines + 1);
    size_t k = 0;
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i]->path.n)
            names[k++] = str_cstr(r->a, p->lines[i]->path);
    for (size_t i = 0; i < p->n_quantities; i++)
        if (p->quantities[i]->path.n)
            names[k++] = str_cstr(r->a, p->quantities[i]->path);
    size_t at = str_find(n->text, path, 0);
    str near = did_you_mean(r, path, names, k);
    fault_inside(r, n, at == SIZE_MAX ? 0 : at, path.n,
                 near.n ? near
                        : S("Paths are like machines.h100, prices.MODEL.out, initiative.line, "
                            "initiative.line.in or llm.in."),
                 "there is no value '%.*s'", FMT(path));
    return false;
}

void check_risk_action(struct reader *r, struct risk *k)
{
    struct words w = {r, k->do_text.at, k->do_text.s, 0};
    size_t at;
    if (!k->do_text.at)
        return;
    str verb = next_word(&w, &at);
    if (str_eq(verb, S("delay"))) {
        k->action.kind = ACTION_DELAY_HIRES;
        if (!expect_word(&w, "hires", "Write 'delay hires 2 months (1 to 4)'.") ||
            !rest_number(&w, &k->action.number) || !whole_months(&w, &k->action.number, true))
            return;
    } else if (str_eq(verb, S("scale"))) {
        k->action.kind = ACTION_SCALE;
        k->action.path = next_word(&w, &at);
        if (!k->action.path.n) {
            sentence_fault(&w, 0, w.s.n, "Write 'scale machines.h100 to 130%'.",
                           "what to scale is missing");
            return;
        }
        if (!check_value_path(r, w.n, k->action.path) ||
            !expect_word(&w, "to", "Write 'scale machines.h100 to 130%'.") ||
            !rest_number(&w, &k->action.number) || !percentage(&w, &k->action.number, true))
            return;
    } else {
        fault_inside(r, w.n, at, verb.n,
                     S("It is 'delay hires N months' or 'scale PATH to P%', with a range."),
                     "'%.*s' is not something a risk can do", FMT(verb));
        return;
    }
    struct quantity *q =
        quantity_of_number(r, w.n, &k->action.number, k->action.kind == ACTION_SCALE,
                           str_fmt(r->a, "risks.%.*s.do", FMT(k->id.s)));
    k->action.quantity = q->index;
}

/* --- options --- */

/* "12% of benefits" */
static double read_value_share(struct reader *r, const struct p_text *t)
{
    struct number v;
    size_t of = str_find(t->s, S(" of "), 0);
    str part = str_sub(t->s, 0, of),
        rest = of == SIZE_MAX ? STR_NONE : str_trim(str_sub(t->s, of + 4, t->s.n));
    if (!t->at)
        return 0;
    if (rest.n && !str_eq(rest, S("benefits"))) {
        fault_inside(r, t->at, of + 4, rest.n, S("Write '12% of benefits'."),
                     "'%.*s' is not expected here", FMT(rest));
        return 0;
    }
    if (!read_number_at(r, t->at, part, 0, &v))
        return 0;
    if (!v.percent || v.point < 0 || v.ranged || v.per)
        yaml_fault(r->d, t->at, S("Write '12% of benefits'."),
                   "a share of the benefits is expected");
    else if (v.point > 10)
        yaml_fault(r->d, t->at, STR_NONE, "'%.*s' is not a plausible share", FMT(t->s));
    return v.point;
}

static void check_cuts_and_adds(struct reader *r, struct initiative *in)
{
    struct map seen;
    map_init(&seen, r->a);
    for (int side = 0; side < 2; side++) {
        struct plan_option_list *list = side ? &in->adds : &in->cuts;
        for (size_t i = 0; i < list->n; i++) {
            struct plan_option *o = &list->items[i];
            if (!o->at)
                continue;
            check_unique(r, &seen, &o->id, "option");
            o->add = side == 1;
            o->initiative = in->index;
            o->path = str_fmt(r->a, "%.*s.%.*s", FMT(in->id.s), FMT(o->id.s));
            check_option_action(r, o, in);
            o->value_share = read_value_share(r, &o->gains) - read_value_share(r, &o->loses);
            if (o->value_share < -1)
                yaml_fault(r->d, o->loses.at, STR_NONE, "more than all benefits cannot be lost");
            if (o->cost && !o->category.at)
                yaml_fault(r->d, o->cost->at, S("Add `category: infra` (or talent, vendor, data)."),
                           "this cost needs 'category'");
        }
    }
}

static bool option_exists(const struct plan *p, str path)
{
    str id = str_starts(path, S("levers.")) ? str_sub(path, 7, path.n) : path;
    for (size_t i = 0; i < p->levers.n; i++)
        if (str_eq(p->levers.items[i].id.s, id))
            return true;
    for (size_t i = 0; i < p->initiatives.n; i++) {
        const struct initiative *in = &p->initiatives.items[i];
        if (!str_starts(path, in->id.s) || path.n <= in->id.s.n || path.p[in->id.s.n] != '.')
            continue;
        str rest = str_sub(path, in->id.s.n + 1, path.n);
        if (str_eq(rest, S("drop")) && in->status.at && in->status.v == INITIATIVE_PROPOSED)
            return true;
        if (str_eq(rest, S("adopt")) && in->status.at && in->status.v == INITIATIVE_CANDIDATE)
            return true;
        for (size_t k = 0; k < in->cuts.n; k++)
            if (str_eq(in->cuts.items[k].id.s, rest))
                return true;
        for (size_t k = 0; k < in->adds.n; k++)
            if (str_eq(in->adds.items[k].id.s, rest))
                return true;
    }
    return false;
}

static void check_option_names(struct reader *r, const struct p_texts *t)
{
    const struct plan *p = r->p;
    for (size_t i = 0; i < t->n; i++) {
        if (option_exists(p, t->items[i].s))
            continue;
        if (!may_suggest(r)) {
            yaml_fault(r->d, t->items[i].at, STR_NONE, "there is no option '%.*s'",
                       FMT(t->items[i].s));
            continue;
        }
        size_t n = p->levers.n, k = 0;
        for (size_t j = 0; j < p->initiatives.n; j++)
            n += p->initiatives.items[j].cuts.n + p->initiatives.items[j].adds.n;
        const char **names = arena_new(r->a, const char *, n + 1);
        for (size_t j = 0; j < p->levers.n; j++)
            names[k++] = str_cstr(r->a, p->levers.items[j].id.s);
        for (size_t j = 0; j < p->initiatives.n; j++) {
            const struct initiative *in = &p->initiatives.items[j];
            for (size_t m = 0; m < in->cuts.n; m++)
                names[k++] = str_cstr(r->a, in->cuts.items[m].path);
            for (size_t m = 0; m < in->adds.n; m++)
                names[k++] = str_cstr(r->a, in->adds.items[m].path);
        }
        str near = did_you_mean(r, t->items[i].s, names, k);
        yaml_fault(r->d, t->items[i].at,
                   near.n
                       ? near
                       : S("Name an option (initiative.option), `ID.drop`, `ID.adopt` or a lever."),
                   "there is no option '%.*s'", FMT(t->items[i].s));
    }
}

static void check_may(struct reader *r, const struct p_texts *t)
{
    static const char *const words[] = {"cuts", "adds", "levers"};
    for (size_t i = 0; i < t->n; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(words); k++)
            known = known || str_eq(t->items[i].s, str_of(words[k]));
        if (!known)
            yaml_fault(r->d, t->items[i].at,
                       did_you_mean(r, t->items[i].s, words, ARRAY_LEN(words)),
                       "'%.*s' is not one of: cuts, adds, levers", FMT(t->items[i].s));
    }
}

static const struct schema *sub_schema(const struct schema *s, const char *key)
{
    const struct field *f = schema_field(s, str_of(key));
    return f ? f->sub : NULL;
}

/* The field of a value that is no number of the plan, or that the plan does not state: a lever's or
 * line's key (levers.routing.use, docs.read.model, docs.read.cached), an initiative's word or
 * month. NULL: there is none. */
static const struct field *settable(const struct plan *p, str path)
{
    const struct schema *in = sub_schema(&PLAN_SCHEMA, "initiatives");
    size_t dot = path.n;
    while (dot && path.p[dot - 1] != '.')
        dot--;
    str owner = str_sub(path, 0, dot ? dot - 1 : 0), key = str_sub(path, dot, path.n);
    uint32_t line = plan_line_index(p, owner);
    const struct field *f = NULL;
    if (line != NO_INDEX) {
        static const char *const sections[] = {"compute", "compute", "compute",  "compute",
                                               "compute", "llm",     "saas",     "labeling",
                                               "tools",   "data"};
        f = schema_field(sub_schema(in, sections[p->lines[line]->kind]), key);
    } else if (plan_initiative_index(p, owner) != NO_INDEX) {
        f = schema_field(in, key);
    } else if (str_starts(owner, S("levers."))) {
        for (size_t i = 0; i < p->levers.n; i++)
            if (str_eq(p->levers.items[i].id.s, str_sub(owner, 7, owner.n)))
                f = schema_field(sub_schema(&PLAN_SCHEMA, "levers"), key);
    }
    bool single = f && (f->kind == KEY_WORD || f->kind == KEY_TEXT || f->kind == KEY_MONTH ||
                        f->kind == KEY_QUANTITY);
    return single ? f : NULL;
}

static void check_set(struct reader *r, struct scenario *s)
{
    if (!s->set)
        return;
    s->settings = arena_new(r->a, struct setting, s->set->n + 1);
    for (size_t i = 0; i < s->set->n; i++) {
        const struct yaml_pair *pair = &s->set->pairs[i];
        struct setting t = {.path = {pair->key->text, pair->key}, .value = pair->value};
        const struct field *f =
            path_exists(r->p, pair->key->text) ? NULL : settable(r->p, pair->key->text);
        if ((!f && !check_value_path(r, pair->key, pair->key->text)) || pair->value->bad ||
            map_get(&r->failed, pair->key->text))
            continue;
        if (pair->value->kind != YAML_SCALAR) {
            yaml_fault(r->d, pair->value, S("Write one number, or a factor such as x1.4."),
                       "expected a single value");
            continue;
        }
        str v = pair->value->text;
        if (f && f->kind != KEY_QUANTITY) { /* a word: checked when the scenario is computed */
            s->settings[s->n_settings++] = t;
            continue;
        }
        t.factor = !f && v.n && v.p[0] == 'x';
        if (!read_number_at(r, pair->value, str_sub(v, t.factor, v.n), t.factor, &t.number))
            continue;
        const struct quantity *q = plan_quantity(r->p, t.path.s);
        if (t.factor && (t.number.per || t.number.currency.code[0] || t.number.point < 0))
            yaml_fault(r->d, pair->value, S("Write a factor such as x1.4."),
                       "'%.*s' is not a factor", FMT(v));
        else if (!t.factor && !q && !f)
            yaml_fault(r->d, pair->value, S("Write a factor such as x1.4."),
                       "'%.*s' is more than one value: it takes a factor", FMT(t.path.s));
        else if (!t.factor && t.number.currency.code[0] && !(q ? q->money : f->flags & MONEY))
            yaml_fault(r->d, pair->value, STR_NONE,
                       "'%.*s' is money where a plain number is expected", FMT(v));
        else if (!t.factor && t.number.percent && !(q ? q->share : f->flags & SHARE))
            yaml_fault(r->d, pair->value, STR_NONE,
                       "'%.*s' is a percentage where a number is expected", FMT(v));
        else
            s->settings[s->n_settings++] = t;
    }
}

static void check_scenarios(struct reader *r)
{
    struct plan *p = r->p;
    for (size_t i = 0; i < p->scenarios.n; i++) {
        struct scenario *s = &p->scenarios.items[i];
        check_may(r, &s->may);
        check_option_names(r, &s->never);
        check_option_names(r, &s->take);
        check_set(r, s);
        if (s->total && s->total->points[0].v.point <= -1)
            yaml_fault(r->d, s->total->at, STR_NONE, "a target of nothing is no scenario");
        if (s->set && (s->total || s->may.at || s->take.at))
            yaml_fault(r->d, s->set, S("Make two scenarios of it."),
                       "a what-if ('set') takes no 'total', 'may' or 'take'");
        for (size_t k = 0; k < s->never.n; k++)
            for (size_t m = 0; m < s->take.n; m++)
                if (str_eq(s->never.items[k].s, s->take.items[m].s))
                    yaml_fault(r->d, s->take.items[m].at, S("Remove one of them."),
                               "'%.*s' is under 'never' and under 'take'", FMT(s->take.items[m].s));
    }
}

static void check_together(struct reader *r)
{
    struct plan *p = r->p;
    for (size_t i = 0; i < p->together.n; i++) {
        struct together *t = &p->together.items[i];
        struct number v;
        for (size_t k = 0; k < t->of.n; k++)
            (void)check_value_path(r, t->of.items[k].at, t->of.items[k].s);
        if (t->of.n == 1 && !str_starts(t->of.items[0].s, S("llm.")))
            yaml_fault(r->d, t->of.at, S("Name at least two values."),
                       "one value cannot correlate with itself");
        if (!t->by_text.at || !read_number_at(r, t->by_text.at, t->by_text.s, 0, &v))
            continue;
        if (v.point < -1 || v.point > 1 || v.ranged || v.currency.code[0] || v.per)
            yaml_fault(r->d, t->by_text.at, S("Write a rank correlation from -1 to 1."),
                       "'%.*s' is not a correlation", FMT(t->by_text.s));
        t->by = v.point;
    }
}

static void check_process(struct reader *r)
{
    struct plan *p = r->p;
    for (size_t i = 0; i < p->process.n; i++) {
        struct step *s = &p->process.items[i];
        const struct p_text *dates[] = {&s->due, &s->done};
        if (!s->at)
            continue;
        if (!s->number.at == !s->every.at)
            yaml_fault(r->d, s->at,
                       S("Write `step: 1` for the annual steps, `every: month` for what repeats."),
                       "a process step needs 'step' or 'every'");
        if (s->every.at && !str_eq(s->every.s, S("month")) && !str_eq(s->every.s, S("quarter")) &&
            !str_eq(s->every.s, S("year")))
            yaml_fault(r->d, s->every.at, STR_NONE, "'%.*s' is not one of: month, quarter, year",
                       FMT(s->every.s));
        for (size_t k = 0; k < 2; k++) {
            day d;
            uint64_t n;
            str t = dates[k]->s;
            if (!dates[k]->at || (t.n == 10 && date_parse(t, DATE_MDY, &d)) ||
                (k == 0 && str_starts(t, S("day ")) && str_to_u64(str_sub(t, 4, t.n), &n) &&
                 n >= 1 && n <= 31))
                continue;
            yaml_fault(r->d, dates[k]->at,
                       k ? S("Write a day such as 2026-04-07.")
                         : S("Write a day such as 2026-04-07, or 'day 6'."),
                       "'%.*s' is not a day", FMT(t));
        }
    }
}

void check_options(struct reader *r)
{
    struct plan *p = r->p;
    struct map seen;
    map_init(&seen, r->a);
    for (size_t i = 0; i < p->initiatives.n; i++)
        check_cuts_and_adds(r, &p->initiatives.items[i]);
    check_together(r);
    for (size_t i = 0; i < p->risks.n; i++) {
        struct risk *k = &p->risks.items[i];
        check_unique(r, &seen, &k->id, "risk");
        check_risk_action(r, k);
        check_inside_plan(r, &k->from, "'from'");
        if (k->to.at && k->from.at && k->to.m < k->from.m)
            yaml_fault(r->d, k->to.at, STR_NONE, "'to' is before 'from'");
    }
    check_scenarios(r);
    check_process(r);
}
