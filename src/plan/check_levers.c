/* check_levers.c - what each lever applies to and does. */
#include "plan/reader.h"

static const enum line_quantity DRIVERS[] = {Q_USERS, Q_SESSIONS, Q_REQUESTS,
                                             Q_IN,    Q_OUT,      Q_RETRIES};

static enum line_quantity driver_of(str key)
{
    for (size_t i = 0; i < ARRAY_LEN(DRIVERS); i++)
        if (str_eq(key, str_of(line_quantity_key(DRIVERS[i]))))
            return DRIVERS[i];
    return LINE_QUANTITIES;
}

static void add_line(struct reader *r, struct lever *v, uint32_t line)
{
    if (!v->lines)
        v->lines = arena_new(r->a, uint32_t, r->p->n_lines + 1);
    v->lines[v->n_lines++] = line;
}

static bool applies_to_kind(struct reader *r, struct lever *v)
{
    const struct plan *p = r->p;
    str name = v->applies.s;
    v->driver = LINE_QUANTITIES;
    if (str_starts(name, S("llm.")) &&
        (v->driver = driver_of(str_sub(name, 4, name.n))) != LINE_QUANTITIES)
        name = S("llm");
    for (int k = 0; k < LINE_KINDS; k++) {
        if (!str_eq(name, str_of(line_kind_name((enum line_kind)k))))
            continue;
        for (size_t i = 0; i < p->n_lines; i++)
            if (p->lines[i]->kind == (enum line_kind)k)
                add_line(r, v, (uint32_t)i);
        v->whole_kind = true;
        return true;
    }
    return false;
}

static bool applies_to_line(struct reader *r, struct lever *v)
{
    const struct plan *p = r->p;
    str s = v->applies.s;
    uint32_t line = plan_line_index(p, s);
    size_t dot = s.n;
    while (dot && s.p[dot - 1] != '.')
        dot--;
    if (line == NO_INDEX && dot) {
        enum line_quantity d = driver_of(str_sub(s, dot, s.n));
        uint32_t of = plan_line_index(p, str_sub(s, 0, dot - 1));
        if (d != LINE_QUANTITIES && of != NO_INDEX && p->lines[of]->kind == LINE_LLM) {
            v->driver = d;
            line = of;
        }
    }
    if (line == NO_INDEX)
        return false;
    add_line(r, v, line);
    return true;
}

static bool applies_to_person(struct reader *r, struct lever *v)
{
    const struct plan *p = r->p;
    str s = v->applies.s;
    if (str_starts(s, S("staff.")))
        for (size_t i = 0; i < p->staff.n; i++)
            if (str_eq(str_sub(s, 6, s.n), p->staff.items[i].id.s))
                v->position = (uint32_t)i;
    if (str_starts(s, S("contractors.")))
        for (size_t i = 0; i < p->contractors.n; i++)
            if (str_eq(str_sub(s, 12, s.n), p->contractors.items[i].id.s))
                v->contractor = (uint32_t)i;
    if (str_starts(s, S("upskilling.")))
        for (size_t i = 0; i < p->upskilling.n; i++)
            if (str_eq(str_sub(s, 11, s.n), p->upskilling.items[i].id.s))
                v->upskill = (uint32_t)i;
    return v->position != NO_INDEX || v->contractor != NO_INDEX || v->upskill != NO_INDEX;
}

static void no_such_target(struct reader *r, const struct lever *v)
{
    const struct plan *p = r->p;
    if (!may_suggest(r)) {
        yaml_fault(r->d, v->applies.at, STR_NONE, "there is nothing named '%.*s'",
                   FMT(v->applies.s));
        return;
    }
    size_t n = 0, max = p->n_lines + p->staff.n + LINE_KINDS + ARRAY_LEN(DRIVERS);
    const char **names = arena_new(r->a, const char *, max + 1);
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i]->path.n)
            names[n++] = str_cstr(r->a, p->lines[i]->path);
    for (size_t i = 0; i < p->staff.n; i++)
        names[n++] = str_fmt(r->a, "staff.%.*s", FMT(p->staff.items[i].id.s)).p;
    for (int k = 0; k < LINE_KINDS; k++)
        names[n++] = line_kind_name((enum line_kind)k);
    for (size_t i = 0; i < ARRAY_LEN(DRIVERS); i++)
        names[n++] = str_fmt(r->a, "llm.%s", line_quantity_key(DRIVERS[i])).p;
    str near = did_you_mean(r, v->applies.s, names, n);
    yaml_fault(r->d, v->applies.at,
               near.n
                   ? near
                   : S("Name a line (`vision.serve`), a kind (`compute.training`, `llm`), a driver "
                       "(`llm.in`) or a position (`staff.ID`)."),
               "there is nothing named '%.*s' for a lever to apply to", FMT(v->applies.s));
}

static bool resolve_target(struct reader *r, struct lever *v)
{
    v->position = v->contractor = v->upskill = v->price = NO_INDEX;
    v->driver = LINE_QUANTITIES;
    if (!v->applies.at)
        return false;
    if (str_eq(v->applies.s, S("reserve")) || str_starts(v->applies.s, S("reserve."))) {
        yaml_fault(r->d, v->applies.at, S("It is never optimized for cost."),
                   "a lever may not apply to the reserve");
        return false;
    }
    if (applies_to_kind(r, v) || applies_to_line(r, v) || applies_to_person(r, v))
        return true;
    no_such_target(r, v);
    return false;
}

static void check_effect(struct reader *r, struct lever *v, bool target)
{
    static const char *const keys[] = {"saves", "model", "skips", "replace"};
    const struct yaml_node *found[4];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        found[i] = yaml_key(v->at, keys[i]);
        n += found[i] != NULL;
        if (found[i])
            v->effect = (enum lever_effect)i;
    }
    if (n != 1) {
        if (!n && has_unknown_key(r, v->at))
            return;
        yaml_fault(r->d, v->at, S("A lever takes one of: saves, model, skips, replace."),
                   n ? "a lever with several effects" : "a lever without an effect");
        return;
    }
    if (!target)
        return;
    if (v->effect != LEVER_SAVES && v->driver != LINE_QUANTITIES)
        yaml_fault(r->d, found[v->effect], S("A driver takes `saves`."),
                   "'%s' does not fit a driver", keys[v->effect]);
    if (v->effect == LEVER_MODEL) {
        bool llm = v->n_lines || str_eq(v->applies.s, S("llm"));
        for (size_t i = 0; i < v->n_lines; i++)
            llm = llm && r->p->lines[v->lines[i]]->kind == LINE_LLM;
        if (!llm)
            yaml_fault(r->d, found[1], STR_NONE, "'model' fits LLM lines only");
    }
    if ((v->effect == LEVER_SKIPS || v->effect == LEVER_REPLACE) && v->position == NO_INDEX)
        yaml_fault(r->d, found[v->effect], S("Let `applies` name a position, such as staff.ID."),
                   "'%s' fits a position only", keys[v->effect]);
    if (v->effect == LEVER_SKIPS && v->skips.at && !str_eq(v->skips.s, S("recruiting")))
        yaml_fault(r->d, v->skips.at, S("Write `skips: recruiting`."), "'%.*s' cannot be skipped",
                   FMT(v->skips.s));
    if (v->effect == LEVER_SKIPS && v->position != NO_INDEX && v->skips.at &&
        r->p->header.first != MONTH_NONE && !r->p->staff.items[v->position].external)
        yaml_fault(r->d, v->applies.at, STR_NONE,
                   "'%.*s' is no external hire: there is no recruiting to skip", FMT(v->applies.s));
}

static void check_commits(struct reader *r, struct lever *v)
{
    if (!v->commits_text.at ||
        !read_number_at(r, v->commits_text.at, v->commits_text.s, 0, &v->commits))
        return;
    if (v->commits.percent || v->commits.point < 0 || v->commits.ranged ||
        (v->commits.per != PER_NONE && v->commits.per != PER_MONTHS && v->commits.per != PER_ONCE))
        yaml_fault(r->d, v->commits_text.at,
                   S("Write an amount such as 400k, or a span such as 12 months."),
                   "'%.*s' is not a commitment", FMT(v->commits_text.s));
}

static void check_replace(struct reader *r, struct lever *v)
{
    if (v->effect != LEVER_REPLACE || !v->replace.at || v->position == NO_INDEX)
        return;
    const struct position *s = &r->p->staff.items[v->position];
    check_schedule(r, v->replace.days, s->first, s->last);
}

void check_levers(struct reader *r)
{
    struct plan *p = r->p;
    struct map seen;
    map_init(&seen, r->a);
    for (size_t i = 0; i < p->levers.n; i++) {
        struct lever *v = &p->levers.items[i];
        check_unique(r, &seen, &v->id, "lever");
        if (!v->at)
            continue;
        bool target = resolve_target(r, v);
        check_effect(r, v, target);
        check_commits(r, v);
        check_replace(r, v);
        if (p->header.first == MONTH_NONE)
            continue;
        check_inside_plan(r, &v->from, "'from'");
        v->first = v->from.at ? v->from.m : p->header.first;
        v->last = p->header.first + p->header.n_horizon - 1;
        if (v->to.at && v->to.m < v->first)
            yaml_fault(r->d, v->to.at, STR_NONE, "'to' is before the lever's first month");
        else if (v->to.at)
            v->last = MIN(v->last, v->to.m);
        if (v->model_name.at) {
            v->price = find_price(r, &v->model_name);
            need_price(r, &v->model_name, v->price, v->first, p->header.last);
        }
    }
}
