/* rules_explain.c - why a row is where it is: every rule that matches, and what in the row it saw.
 */
#include "ingest/rules_decide.h"

enum { BECAUSE_MOST = 4096, VALUE_SHOWN = 120 };

static str field_value(const struct spend_row *row, size_t field, const struct rules *r,
                       struct arena *a)
{
    if (field >= FIELD_TAGS)
        return tags_value(a, row->text[SPEND_TAGS], r->tag_names[field - FIELD_TAGS]);
    return rules_row_text(row, field);
}

static const char *field_name(size_t field, const struct rules *r, struct arena *a)
{
    if (field >= FIELD_TAGS)
        return str_fmt(a, "tag.%.*s", FMT(r->tag_names[field - FIELD_TAGS])).p;
    return field == FIELD_CURRENCY ? "currency" : spend_text_key((enum spend_text)field);
}

static bool holds(const struct pattern *p, str value, struct arena *a)
{
    if (p->kind != PATTERN_REGEX)
        return pattern_matches(p, value);
    struct matcher *m;
    struct matcher_scratch *s = NULL;
    struct err e;
    uint32_t id;
    size_t n = 0;
    bool ok = matcher_new(a, &(struct matcher_item){p, 0}, 1, &m, &e) &&
              matcher_scratch_add(&s, m, &e) && matcher_scan(m, s, value, &id, &n, &e);
    matcher_scratch_free(s);
    return ok && n;
}

/* "service 'Amazon Bedrock' matches 'Amazon Bedrock*'" */
static void add_cond(struct buf *b, const struct rules *r, uint32_t cond_id,
                     const struct spend_row *row, struct arena *a)
{
    const struct cond *cond = &r->conds[cond_id];
    for (size_t f = 0; f < cond->n_fields; f++) {
        str value = field_value(row, cond->fields[f], r, a);
        for (size_t p = 0; p < cond->n_patterns; p++) {
            if (!holds(&cond->patterns[p], value, a))
                continue;
            const char *name = field_name(cond->fields[f], r, a);
            buf_add(b, b->n ? S(", ") : S(""));
            if (!value.n)
                buf_fmt(b, "%s is absent", name);
            else
                buf_fmt(b, "%s '%.*s'%s matches '%.*s'", name, (int)MIN(value.n, VALUE_SHOWN),
                        value.p, value.n > VALUE_SHOWN ? "..." : "", FMT(cond->patterns[p].text));
            return;
        }
    }
}

static str because(const struct decider *d, uint32_t id, const struct spend_row *row,
                   struct arena *a)
{
    const struct rule *rule = &d->r->items[id];
    struct buf b;
    buf_init(&b, BECAUSE_MOST);
    if (rule->seller != COND_NONE && d->stamps[rule->seller] == d->epoch)
        add_cond(&b, d->r, rule->seller, row, a);
    for (size_t i = 0; i < rule->n_all; i++)
        add_cond(&b, d->r, rule->all[i], row, a);
    for (size_t i = 0; i < rule->n_ranges; i++)
        buf_fmt(&b, "%s%s is %s%.*s", b.n ? ", " : "", rules_range_name(rule->ranges[i].field),
                rule->ranges[i].negate ? "not " : "", FMT(rule->ranges[i].text));
    if (!b.n)
        buf_add(&b, S("nothing that the rule excludes holds"));
    str text = str_dup(a, buf_str(&b));
    buf_release(&b);
    return text;
}

bool classify_explain(struct classifier *c, const struct spend_row *row, struct arena *a,
                      struct rule_hit **ret, size_t *ret_n, struct err *e)
{
    const struct decider *d;
    if (!classify_hold(c, row, &d, e))
        return false;
    const struct rules *r = d->r;
    uint32_t *ids = arena_new(a, uint32_t, r->n + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        if (!decider_rule(d, &r->items[i]) || !rule_ranges_hold(&r->items[i], row))
            continue;
        size_t at = n++;
        for (;
             i >= r->n_user && at > 0 && ids[at - 1] >= r->n_user && rule_before(r, i, ids[at - 1]);
             at--)
            ids[at] = ids[at - 1];
        ids[at] = i;
    }
    struct rule_hit *hits = arena_new(a, struct rule_hit, n + 1);
    for (size_t i = 0; i < n; i++)
        hits[i] = (struct rule_hit){&r->infos[ids[i]], because(d, ids[i], row, a)};
    *ret = hits;
    *ret_n = n;
    return true;
}
