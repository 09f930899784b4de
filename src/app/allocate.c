/* allocate.c - the shares of shared spend, month by month. */
#include "app/allocate.h"

#include <math.h>

#include "app/plan_source.h"
#include "base/os.h"

struct shares {
    struct workspace *w;
    struct allocation *all;
    size_t n_all;
    month first, last; /* of the ledger */
    str *waits;        /* see allocate_shares */
};

/* Millionths in proportion to weights, the rest to who lost most, the first of equals. */
static bool largest_remainder(const i128 *weights, size_t n, uint32_t *ppm)
{
    i128 sum = 0, lost[SPLIT_MOST];
    uint32_t left = 1000000;
    for (size_t i = 0; i < n; i++)
        sum += MAX(weights[i], (i128)0);
    if (sum <= 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        i128 w = MAX(weights[i], (i128)0) * 1000000;
        ppm[i] = (uint32_t)(w / sum);
        lost[i] = w % sum;
        left -= ppm[i];
    }
    for (; left; left--) {
        size_t most = 0;
        for (size_t i = 1; i < n; i++)
            if (lost[i] > lost[most])
                most = i;
        lost[most] = -1;
        ppm[most]++;
    }
    return true;
}

/* ---- by usage ---- */

static bool filter_of(const struct allocation_filter *f, struct ledger_filter *ret, struct err *e)
{
    *ret = (struct ledger_filter){.op = FILTER_GLOB, .value = f->value};
    if (str_eq(f->field, S("category"))) {
        ret->key.kind = KEY_CATEGORY;
        ret->op = FILTER_IS;
        return true;
    }
    if (str_starts(f->field, S("tag."))) {
        ret->key = (struct ledger_key){.kind = KEY_TAG, .tag = str_sub(f->field, 4, f->field.n)};
        return true;
    }
    ret->key.kind = KEY_TEXT;
    return spend_text_parse(f->field, &ret->key.text) ||
           err_set(e, ERR_INVALID, "usage cannot be asked by '%.*s'", FMT(f->field));
}

/* An amount in the book's currency, cut to a millionth so that weights have room to be multiplied.
 */
static bool money_weight(struct workspace *w, dec amount, str code, str month_text, i128 *ret,
                         struct err *e)
{
    currency c;
    month m;
    if (dec_is_null(amount) || !currency_parse(code, &c) || !month_parse(month_text, &m)) {
        *ret = 0;
        return true;
    }
    if (!workspace_convert(w, code, w->settings.currency, m, &amount, e))
        return err_wrap(e, "sharing out spend");
    *ret = amount / (DEC_ONE / 1000000);
    return true;
}

static bool weight_of(struct workspace *w, const struct ledger_sum *s, str measure, i128 *ret,
                      struct err *e)
{
    *ret = 0;
    if (str_eq(measure, S("tokens"))) {
        for (int b = 0; b < TOKEN_BUCKETS; b++)
            *ret += s->tokens[b];
        return true;
    }
    if (str_eq(measure, S("requests")) || str_eq(measure, S("rows"))) {
        *ret = str_eq(measure, S("rows")) ? (i128)s->rows : (i128)s->requests;
        return true;
    }
    dec amount = str_eq(measure, S("billed")) ? s->billed : s->effective;
    return money_weight(w, amount, s->keys[1], s->keys[0], ret, e);
}

/* What one part used, per month, outside everything that is shared itself. */
static bool read_usage(struct shares *x, const struct allocation *al, size_t target,
                       i128 (*weights)[SPLIT_MOST], struct err *e)
{
    static const struct ledger_key keys[] = {{.kind = KEY_MONTH}, {.kind = KEY_CURRENCY}};
    const struct allocation_target *t = &al->targets[target];
    struct ledger_filter *filters =
        arena_new(x->w->arena, struct ledger_filter, t->n_usage + x->n_all);
    struct ledger_query q = {
        .from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = 2, .filters = filters};
    for (size_t i = 0; i < t->n_usage; i++)
        if (!filter_of(&t->usage[i], &filters[q.n_filters++], e))
            return false;
    for (size_t i = 0; i < x->n_all; i++)
        filters[q.n_filters++] = (struct ledger_filter){
            .key = {.kind = KEY_TEXT, .text = SPEND_RULE}, .op = FILTER_NOT, .value = x->all[i].id};
    struct ledger_sums sums;
    if (!ledger_sum(x->w->ledger, &q, x->w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        month m;
        i128 weight;
        if (!month_parse(sums.items[i].keys[0], &m) || m < x->first || m > x->last)
            continue;
        if (!weight_of(x->w, &sums.items[i], al->measure, &weight, e))
            return false;
        weights[m - x->first][target] += weight;
    }
    return true;
}

/* ---- by headcount ---- */

static double heads_at(const struct plan *p, const struct position *s, month m)
{
    bool here = m < p->header.first ? s->here : m >= s->first && m <= s->last;
    const struct quantity *q = s->count;
    if (!here)
        return 0;
    return q && q->n == 1 && !q->points[0].formula ? q->points[0].v.point : 1;
}

/* "'support' is shared by headcount, and the plan is at fault: plan.yaml:3:5: ..." */
static str wait_for(const struct shares *x, const struct allocation *al, const struct diags *faults,
                    const struct err *e)
{
    str what = str_of(e->text);
    for (size_t i = faults->n; i-- > 0;)
        if (faults->items[i].level == DIAG_ERROR)
            what = str_fmt(x->w->arena, "%.*s:%u:%u: %.*s", FMT(faults->items[i].at.file),
                           faults->items[i].at.line, faults->items[i].at.column,
                           FMT(faults->items[i].text));
    str known = *x->waits;
    return str_fmt(x->w->arena,
                   "%.*s%s'%.*s' is shared by headcount, which waits for the plan: %.*s",
                   FMT(known), known.n ? "; " : "", FMT(al->id), FMT(what));
}

static bool read_heads(struct shares *x, struct allocation *al, i128 (*weights)[SPLIT_MOST],
                       struct err *e)
{
    struct plan_source source;
    struct diags faults;
    diags_init(&faults, x->w->arena);
    struct workspace w = *x->w; /* the plan's settings stay the book's */
    if (!load_plan_source(&w, STR_NONE, &faults, &source, e)) {
        if (!x->waits)
            return err_wrap(e, "sharing by headcount");
        *x->waits = wait_for(x, al, &faults, e);
        return true;
    }
    const struct plan *p = source.plan;
    if (p->initiatives.n > SPLIT_MOST)
        return err_set(e, ERR_INVALID,
                       "allocation '%.*s' by headcount: %zu initiatives are more "
                       "than %d",
                       FMT(al->id), p->initiatives.n, SPLIT_MOST);
    al->targets = arena_new(x->w->arena, struct allocation_target, p->initiatives.n + 1);
    al->n_targets = p->initiatives.n;
    for (size_t i = 0; i < p->initiatives.n; i++)
        al->targets[i] = (struct allocation_target){.category = al->category,
                                                    .initiative = p->initiatives.items[i].id.s};
    for (size_t i = 0; i < p->staff.n; i++) {
        const struct position *s = &p->staff.items[i];
        double whole = 0;
        for (size_t k = 0; k < s->works_on.n; k++)
            whole += s->works_on.items[k].q ? s->works_on.items[k].q->points[0].v.point : 1;
        for (size_t k = 0; whole > 0 && k < s->works_on.n; k++) {
            const struct weight *v = &s->works_on.items[k];
            double share = (v->q ? v->q->points[0].v.point : 1) / whole;
            for (month m = x->first; v->index < al->n_targets && m <= x->last; m++)
                weights[m - x->first][v->index] += (i128)llround(heads_at(p, s, m) * share * 1e6);
        }
    }
    return true;
}

/* ---- all ---- */

static bool set_shares(struct shares *x, struct allocation *al, struct err *e)
{
    size_t n = (size_t)(x->last - x->first + 1);
    i128(*weights)[SPLIT_MOST] = arena_alloc(x->w->arena, n * sizeof *weights);
    memset(weights, 0, n * sizeof *weights);
    if (al->kind == ALLOCATE_HEADCOUNT && !read_heads(x, al, weights, e))
        return false;
    for (size_t i = 0; al->kind == ALLOCATE_USAGE && i < al->n_targets; i++)
        if (!read_usage(x, al, i, weights, e))
            return false;
    al->months = arena_new(x->w->arena, struct allocation_month, n);
    al->n_months = 0;
    for (size_t i = 0; i < n; i++) {
        struct allocation_month *m = &al->months[al->n_months];
        *m = (struct allocation_month){.month = x->first + (month)i};
        if (largest_remainder(weights[i], al->n_targets, m->ppm))
            al->n_months++;
    }
    rules_set_shares(x->w->arena, x->w->rules, al);
    return true;
}

bool allocate_shares(struct workspace *w, str *ret_waits, struct err *e)
{
    struct shares x = {.w = w, .first = MONTH_NONE, .last = MONTH_NONE, .waits = ret_waits};
    if (ret_waits)
        *ret_waits = STR_NONE;
    x.all = rules_allocations(w->rules, &x.n_all);
    for (size_t i = 0; x.n_all && i < w->n_parts; i++) {
        const struct part_info *p = &w->parts[i].info;
        if (p->first == DAY_NONE)
            continue;
        x.first =
            x.first == MONTH_NONE ? month_of_day(p->first) : MIN(x.first, month_of_day(p->first));
        x.last = x.last == MONTH_NONE ? month_of_day(p->last) : MAX(x.last, month_of_day(p->last));
    }
    /* a stray year 2999 must not cost a table of ten thousand months */
    if (x.first != MONTH_NONE && x.last - x.first > 1200)
        x.first = x.last - 1200;
    for (size_t i = 0; x.first != MONTH_NONE && i < x.n_all; i++)
        if (!set_shares(&x, &x.all[i], e))
            return false;
    return true;
}

void allocation_list(struct workspace *w, struct allocation_share **ret, size_t *ret_n)
{
    size_t n_all, n = 0, cap = 0;
    const struct allocation *all = rules_allocations(w->rules, &n_all);
    struct allocation_share *items = NULL;
    for (size_t i = 0; i < n_all; i++)
        for (size_t m = 0; m < all[i].n_months; m++)
            for (size_t t = 0; t < all[i].n_targets; t++) {
                if (!all[i].months[m].ppm[t])
                    continue;
                items = arena_grow(w->arena, items, sizeof *items, &cap, n + 1);
                items[n++] = (struct allocation_share){
                    &all[i], &all[i].targets[t], all[i].months[m].month, all[i].months[m].ppm[t]};
            }
    *ret = items;
    *ret_n = n;
}
