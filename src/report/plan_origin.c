/* plan_origin.c - where a number of a plan comes from. */
#include "report/plan_origin.h"

static void put(struct origins *o, str path, str source, str owner)
{
    bool fresh;
    struct map_entry *e = map_put(&o->index, path, &fresh);
    if (!fresh)
        return;
    struct origin *x = arena_new(o->arena, struct origin, 1);
    *x = (struct origin){.path = path, .source = source, .owner = owner, .from = MONTH_NONE};
    e->ptr = x;
}

static str under(struct arena *a, const char *section, str id)
{
    return str_fmt(a, "%s.%.*s", section, FMT(id));
}

static void put_people(struct origins *o)
{
    const struct plan *p = o->plan;
    for (size_t i = 0; i < p->roles.n; i++)
        put(o, under(o->arena, "roles", p->roles.items[i].name), p->roles.items[i].source.s,
            STR_NONE);
    for (size_t i = 0; i < p->staff.n; i++)
        put(o, under(o->arena, "staff", p->staff.items[i].id.s), p->staff.items[i].source.s,
            STR_NONE);
    for (size_t i = 0; i < p->contractors.n; i++)
        put(o, under(o->arena, "contractors", p->contractors.items[i].id.s),
            p->contractors.items[i].source.s, STR_NONE);
    for (size_t i = 0; i < p->upskilling.n; i++)
        put(o, under(o->arena, "upskilling", p->upskilling.items[i].id.s),
            p->upskilling.items[i].source.s, STR_NONE);
}

void origins_init(struct origins *o, const struct plan *p, struct arena *a)
{
    *o = (struct origins){.plan = p, .arena = a};
    map_init(&o->index, a);
    for (size_t i = 0; i < p->n_lines; i++)
        put(o, p->lines[i]->path, p->lines[i]->source.s,
            p->initiatives.items[p->lines[i]->initiative].owner.s);
    for (size_t i = 0; i < p->initiatives.n; i++) {
        const struct initiative *in = &p->initiatives.items[i];
        for (size_t k = 0; k < in->benefits.n; k++)
            put(o, in->benefits.items[k].path, in->benefits.items[k].source.s,
                in->benefits.items[k].owner.at ? in->benefits.items[k].owner.s : in->owner.s);
    }
    for (size_t i = 0; i < p->levers.n; i++)
        put(o, under(a, "levers", p->levers.items[i].id.s), p->levers.items[i].evidence.s,
            p->levers.items[i].owner.s);
    put_people(o);
}

struct origin origin_at(const struct origins *o, str path)
{
    const struct map_entry *e = map_get(&o->index, path);
    return e ? *(const struct origin *)e->ptr : (struct origin){.path = path, .from = MONTH_NONE};
}

/* The source and first month of the dated price that a part belongs to. */
static void price_origin(const struct plan *p, const struct quantity *q, struct origin *ret)
{
    for (size_t i = 0; i < p->prices.n; i++) {
        const struct model_price *m = &p->prices.items[i];
        for (size_t k = 0; k < m->n; k++)
            for (int part = 0; part < PRICE_PARTS; part++)
                if (m->entries[k].part[part] == q) {
                    ret->source = m->at ? m->entries[k].source.s : m->book_note;
                    ret->from = m->entries[k].from.at ? m->entries[k].from.m : MONTH_NONE;
                    return;
                }
    }
}

bool origin_of(const struct origins *o, const struct quantity *q, struct origin *ret)
{
    static const char *const whole[] = {"drivers.", "machines.", "fx.", "loading."};
    size_t dot = q->path.n;
    while (dot > 0 && q->path.p[dot - 1] != '.')
        dot--;
    str head = str_sub(q->path, 0, dot ? dot - 1 : 0), key = str_sub(q->path, dot, q->path.n);
    const struct map_entry *e = map_get(&o->index, head);
    if (e) {
        *ret = *(const struct origin *)e->ptr;
        ret->key = key;
        if (!ret->source.n)
            ret->source = q->source;
        return true;
    }
    if (str_starts(q->path, S("prices."))) {
        *ret = (struct origin){.path = head, .key = key, .from = MONTH_NONE};
        price_origin(o->plan, q, ret);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        if (!str_starts(q->path, str_of(whole[i])))
            continue;
        *ret = (struct origin){.path = q->path, .source = q->source, .from = MONTH_NONE};
        return true;
    }
    return false;
}

str place_text(struct arena *a, const struct yaml_node *n)
{
    if (!n || !n->file)
        return STR_NONE;
    return str_fmt(a, "%.*s:%u", FMT(n->file->path), n->line);
}

str written_text(struct arena *a, const struct yaml_node *n)
{
    if (!n)
        return STR_NONE;
    if (n->kind == YAML_SCALAR)
        return n->text;
    const struct yaml_node *value = yaml_get(n, "value");
    if (n->kind == YAML_MAP && value) /* {value: 260, source: HR report} */
        return written_text(a, value);
    str *parts = arena_new(a, str, n->n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n->n; i++) {
        if (n->kind == YAML_LIST)
            parts[k++] = written_text(a, n->items[i]);
        else if (!str_eq(n->pairs[i].key->text, S("source")))
            parts[k++] = str_fmt(a, "%.*s: %.*s", FMT(n->pairs[i].key->text),
                                 FMT(written_text(a, n->pairs[i].value)));
    }
    str inside = str_join(a, parts, k, S(", "));
    return n->kind == YAML_LIST ? str_fmt(a, "[%.*s]", FMT(inside))
                                : str_fmt(a, "{%.*s}", FMT(inside));
}
