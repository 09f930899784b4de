/* actuals.c - sums of the ledger, placed on the plan's lines by rules and by `match:`. */
#include "app/actuals.h"

#include "base/map.h"
#include "engine/world.h"

#define MATCH_MOST 64 /* different fields that all `match:` of a plan name */

/* What every sum is asked for, in this order; fields of `match:` follow. */
enum { ASK_MONTH, ASK_CATEGORY, ASK_CURRENCY, ASK_INITIATIVE, ASK_LINE, ASK_MODEL, ASK_PROVIDER,
       ASK_SERVICE, ASK_DAY, ASK_BATCH, ASK_END, ASKED };

struct condition {
    size_t key; /* in placing.keys */
    const struct yaml_node *values; /* one pattern, or a list of which one must fit */
};
struct matcher_line {
    uint32_t line;
    struct condition *conditions;
    size_t n;
};
struct placing {
    struct arena *a;
    struct workspace *w;
    const struct actuals_query *q;
    struct ledger_key keys[ASKED + MATCH_MOST];
    size_t n_keys;
    struct matcher_line *lines;
    size_t n_lines;
    struct map paths;   /* of everything that the plan's expansion can name: index into plan->lines,
                           or -1 - initiative (people; NO_INDEX as -1 - NO_INDEX) */
    struct map index;   /* of results, by their joined keys */
    struct actuals *out;
    size_t cap;
};

/* ---- match: ---- */

/* What a row says of itself: no months, days or currencies. */
static bool key_of_field(struct arena *a, str name, struct ledger_key *ret)
{
    if (str_eq(name, S("vendor")))
        name = S("provider");
    if (str_starts(name, S("tag.")))
        name = str_fmt(a, "tag:%.*s", FMT(str_sub(name, 4, name.n)));
    return ledger_key_parse(name, ret) &&
           (ret->kind == KEY_CATEGORY || ret->kind == KEY_TEXT || ret->kind == KEY_TAG);
}

static bool match_fault(const struct yaml_node *at, struct err *e, const char *what)
{
    err_set(e, ERR_INVALID, "%.*s:%u:%u: %s '%.*s' in 'match'", FMT(at->file->path), at->line,
            at->column, what, FMT(at->kind == YAML_SCALAR ? at->text : STR_NONE));
    return err_hint(e, "Fields are those of rules.yaml: vendor (or provider), service, model, "
                       "project, account, region ..., and tag.NAME; values are patterns like "
                       "'support-*', or lists of them.");
}

static bool add_key(struct placing *p, const struct ledger_key *k, size_t *ret)
{
    for (size_t i = 0; i < p->n_keys; i++) {
        const struct ledger_key *o = &p->keys[i];
        if (o->kind == k->kind && (k->kind != KEY_TEXT || o->text == k->text) &&
            (k->kind != KEY_TAG || str_eq(o->tag, k->tag))) {
            *ret = i;
            return true;
        }
    }
    if (p->n_keys == ARRAY_LEN(p->keys))
        return false;
    *ret = p->n_keys;
    p->keys[p->n_keys++] = *k;
    return true;
}

static bool values_fit(const struct yaml_node *v)
{
    if (v->kind == YAML_SCALAR)
        return v->text.n || v->quoted;
    bool ok = v->kind == YAML_LIST && v->n;
    for (size_t i = 0; ok && i < v->n; i++)
        ok = v->items[i]->kind == YAML_SCALAR;
    return ok;
}

static bool read_match(struct placing *p, const struct line *l, struct err *e)
{
    const struct yaml_node *map = l->match;
    if (map->kind != YAML_MAP || !map->n)
        return match_fault(map, e, "no field");
    struct matcher_line *m = &p->lines[p->n_lines++];
    *m = (struct matcher_line){.line = l->index,
                               .conditions = arena_new(p->a, struct condition, map->n)};
    for (size_t i = 0; i < map->n; i++) {
        struct ledger_key k;
        struct condition *c = &m->conditions[m->n++];
        if (!key_of_field(p->a, map->pairs[i].key->text, &k))
            return match_fault(map->pairs[i].key, e, "unknown field");
        if (!values_fit(map->pairs[i].value))
            return match_fault(map->pairs[i].value, e, "no pattern");
        c->values = map->pairs[i].value;
        if (!add_key(p, &k, &c->key))
            return match_fault(map->pairs[i].key, e, "one field too many:");
    }
    return true;
}

static bool condition_holds(const struct condition *c, const str *keys)
{
    if (c->values->kind == YAML_SCALAR)
        return str_glob(c->values->text, keys[c->key]);
    for (size_t i = 0; i < c->values->n; i++)
        if (str_glob(c->values->items[i]->text, keys[c->key]))
            return true;
    return false;
}

static const struct line *matching_line(const struct placing *p, const str *keys)
{
    for (size_t i = 0; i < p->n_lines; i++) {
        bool all = true;
        for (size_t k = 0; all && k < p->lines[i].n; k++)
            all = condition_holds(&p->lines[i].conditions[k], keys);
        if (all)
            return p->q->plan->lines[p->lines[i].line];
    }
    return NULL;
}

/* ---- the plan's paths ---- */

static void know_path(struct placing *p, str path, int64_t what)
{
    struct map_entry *x = map_put(&p->paths, path, NULL);
    x->num = what;
}

static void know_person(struct placing *p, const char *kind, str id, const struct weights *works_on)
{
    int64_t what = -1 - (int64_t)weights_single(works_on);
    know_path(p, str_fmt(p->a, "%s.%.*s", kind, FMT(id)), what);
    know_path(p, str_fmt(p->a, "%s.%.*s:hire", kind, FMT(id)), what);
}

static void know_paths(struct placing *p)
{
    const struct plan *plan = p->q->plan;
    for (size_t i = 0; i < plan->n_lines; i++)
        know_path(p, plan->lines[i]->path, (int64_t)i);
    for (size_t i = 0; i < plan->staff.n; i++)
        know_person(p, "staff", plan->staff.items[i].id.s, &plan->staff.items[i].works_on);
    for (size_t i = 0; i < plan->contractors.n; i++)
        know_person(p, "contractors", plan->contractors.items[i].id.s,
                    &plan->contractors.items[i].works_on);
    for (size_t i = 0; i < plan->upskilling.n; i++)
        know_person(p, "upskilling", plan->upskilling.items[i].id.s,
                    &plan->upskilling.items[i].works_on);
}

/* ---- placing one sum ---- */

static void place(const struct placing *p, const str *keys, struct actual *x)
{
    const struct plan *plan = p->q->plan;
    str named = keys[ASK_LINE];
    struct map_entry *known = named.n ? map_get(&p->paths, named) : NULL;
    const struct line *l = known && known->num >= 0 ? plan->lines[known->num] : NULL;
    if (!named.n)
        l = matching_line(p, keys);
    x->line = l ? l->index : NO_INDEX;
    x->initiative = plan_initiative_index(plan, keys[ASK_INITIATIVE]);
    if (l) {
        x->place = ACTUAL_LINE;
        x->initiative = l->initiative;
        x->path = l->path;
        return;
    }
    if (known) {
        x->place = ACTUAL_LINE;
        if (x->initiative == NO_INDEX)
            x->initiative = (uint32_t)(-1 - known->num);
        x->path = known->key;
        return;
    }
    size_t dot = str_find_char(named, '.', 0);
    if (x->initiative == NO_INDEX && dot != SIZE_MAX)
        x->initiative = plan_initiative_index(plan, str_sub(named, 0, dot));
    x->place = x->initiative == NO_INDEX ? ACTUAL_CATEGORY : ACTUAL_INITIATIVE;
    x->path = named.n ? named
              : x->initiative == NO_INDEX ? STR_NONE : plan->initiatives.items[x->initiative].id.s;
}

static enum call_end end_of(str unit)
{
    return str_eq(unit, S(UNIT_FAILED))     ? CALL_FAILED
           : str_eq(unit, S(UNIT_ANSWERED)) ? CALL_ANSWERED
                                            : CALL_UNTOLD;
}

static struct actual *result_of(struct placing *p, const struct actual *x)
{
    static const str ends[] = {{"", 0}, {"answered", 8}, {"failed", 6}};
    char month_text[MONTH_TEXT], day_text[DATE_TEXT];
    str parts[] = {x->path, str_of(category_key(x->category)), month_format(x->month, month_text),
                   x->day == DAY_NONE ? STR_NONE : date_format(x->day, day_text),
                   x->batch ? S("batch") : STR_NONE, ends[x->end], x->model, x->provider,
                   x->service,
                   x->initiative == NO_INDEX ? STR_NONE
                                             : p->q->plan->initiatives.items[x->initiative].id.s};
    bool is_new;
    struct map_entry *known =
        map_put(&p->index, str_join(p->a, parts, ARRAY_LEN(parts), S("\x1f")), &is_new);
    if (is_new) {
        known->num = (int64_t)p->out->n;
        p->out->items =
            arena_grow(p->a, p->out->items, sizeof *x, &p->cap, p->out->n + 1);
        p->out->items[p->out->n++] = *x;
    }
    return &p->out->items[known->num];
}

static bool add_sum(struct placing *p, const struct ledger_sum *s, struct err *e)
{
    struct actual x = {.model = s->keys[ASK_MODEL],
                       .provider = s->keys[ASK_PROVIDER],
                       .service = s->keys[ASK_SERVICE],
                       .day = DAY_NONE,
                       .batch = p->q->daily && s->keys[ASK_BATCH].n,
                       .end = p->q->daily ? end_of(s->keys[ASK_END]) : CALL_UNTOLD};
    BUG_IF(p->q->daily && !date_parse(s->keys[ASK_DAY], DATE_MDY, &x.day));
    BUG_IF(!category_parse(s->keys[ASK_CATEGORY], &x.category) ||
           !month_parse(s->keys[ASK_MONTH], &x.month));
    if (x.category == CATEGORY_NOT_AI)
        return true;
    place(p, s->keys, &x);
    dec amount = dec_or_zero(p->q->basis == BASIS_BILLED ? s->billed : s->effective);
    if (!workspace_convert(p->w, s->keys[ASK_CURRENCY], p->q->plan->header.currency, x.month,
                           &amount, e))
        return false;
    struct actual *to = result_of(p, &x);
    if (!dec_add(to->amount, amount, &to->amount))
        return err_set(e, ERR_FAILED, "a sum is larger than 38 digits");
    to->rows += s->rows;
    to->unpriced += s->unpriced;
    to->requests += s->requests;
    to->token_rows += s->token_rows;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        to->tokens[b] += s->tokens[b];
    p->out->first = p->out->first == MONTH_NONE ? x.month : MIN(p->out->first, x.month);
    p->out->last = MAX(p->out->last, x.month);
    return true;
}

static int by_path(const void *va, const void *vb)
{
    const struct actual *a = va, *b = vb;
    int c = str_cmp(a->path, b->path);
    if (!c)
        c = (a->category > b->category) - (a->category < b->category);
    if (!c)
        c = (a->month > b->month) - (a->month < b->month);
    if (!c)
        c = (a->day > b->day) - (a->day < b->day);
    if (!c)
        c = (int)a->batch - (int)b->batch;
    if (!c)
        c = (int)a->end - (int)b->end;
    if (!c)
        c = str_cmp(a->model, b->model);
    if (!c)
        c = str_cmp(a->provider, b->provider);
    if (!c)
        c = str_cmp(a->service, b->service);
    return c ? c : (a->initiative > b->initiative) - (a->initiative < b->initiative);
}

bool actuals_read(struct workspace *w, const struct actuals_query *q, const struct actuals **ret,
                  struct err *e)
{
    const struct plan *plan = q->plan;
    struct placing p = {.a = w->arena, .w = w, .q = q, .n_keys = ASKED};
    static const struct ledger_key asked[ASKED] = {
        [ASK_MONTH] = {.kind = KEY_MONTH},
        [ASK_CATEGORY] = {.kind = KEY_CATEGORY},
        [ASK_CURRENCY] = {.kind = KEY_CURRENCY},
        [ASK_INITIATIVE] = {.kind = KEY_TEXT, .text = SPEND_INITIATIVE},
        [ASK_LINE] = {.kind = KEY_TEXT, .text = SPEND_LINE},
        [ASK_MODEL] = {.kind = KEY_TEXT, .text = SPEND_MODEL},
        [ASK_PROVIDER] = {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
        [ASK_SERVICE] = {.kind = KEY_TEXT, .text = SPEND_SERVICE},
        [ASK_DAY] = {.kind = KEY_MONTH}, /* once more, which costs nothing */
        [ASK_BATCH] = {.kind = KEY_MONTH},
        [ASK_END] = {.kind = KEY_MONTH},
    };
    memcpy(p.keys, asked, sizeof asked);
    if (q->daily) {
        p.keys[ASK_DAY] = (struct ledger_key){.kind = KEY_DAY};
        p.keys[ASK_BATCH] = (struct ledger_key){.kind = KEY_BATCH};
        p.keys[ASK_END] = (struct ledger_key){.kind = KEY_TEXT, .text = SPEND_UNIT};
    }
    map_init(&p.paths, p.a);
    map_init(&p.index, p.a);
    know_paths(&p);
    p.lines = arena_new(p.a, struct matcher_line, plan->n_lines + 1);
    for (size_t i = 0; i < plan->n_lines; i++)
        if (plan->lines[i]->match && !read_match(&p, plan->lines[i], e))
            return false;
    p.out = arena_new(p.a, struct actuals, 1);
    *p.out = (struct actuals){.first = MONTH_NONE, .last = MONTH_NONE, .last_day = DAY_NONE};
    struct ledger_query query = {
        .from = q->from, .to = q->to, .keys = p.keys, .n_keys = p.n_keys};
    struct ledger_sums sums;
    if (!ledger_sum(w->ledger, &query, p.a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        if (!add_sum(&p, &sums.items[i], e))
            return false;
    for (size_t i = 0; i < w->n_parts; i++)
        p.out->last_day = MAX(p.out->last_day, w->parts[i].info.last);
    if (p.out->n)
        qsort(p.out->items, p.out->n, sizeof *p.out->items, by_path);
    *ret = p.out;
    return true;
}

str actuals_where(struct arena *a, const struct plan *p, str path)
{
    uint32_t at = plan_line_index(p, path);
    const struct yaml_node *match = at == NO_INDEX ? NULL : p->lines[at]->match;
    bool single = match && match->kind == YAML_MAP;
    for (size_t i = 0; single && i < match->n; i++)
        single = match->pairs[i].value->kind == YAML_SCALAR;
    if (!single)
        return plan_initiative_index(p, path) != NO_INDEX ? str_fmt(a, "initiative=%.*s", FMT(path))
                                                          : str_fmt(a, "line=%.*s", FMT(path));
    str *parts = arena_new(a, str, match->n);
    for (size_t i = 0; i < match->n; i++) {
        str field = match->pairs[i].key->text, value = match->pairs[i].value->text;
        if (str_eq(field, S("vendor")))
            field = S("provider");
        if (str_starts(field, S("tag.")))
            field = str_fmt(a, "tag:%.*s", FMT(str_sub(field, 4, field.n)));
        /* only a pattern ignores case */
        bool glob = str_find_char(value, '*', 0) != SIZE_MAX;
        parts[i] = str_fmt(a, "%.*s=%.*s%s", FMT(field), FMT(value), glob ? "" : "*");
    }
    return str_join(a, parts, match->n, S(","));
}
