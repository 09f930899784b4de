/* check_lines.c - initiatives, their lines and benefits: names, spans, what each kind needs. */
#include "plan/reader.h"

static const struct {
    const char *name;
    enum category category;
} KINDS[LINE_ALL_KINDS] = {
    [LINE_TRAINING] = {"compute.training", CATEGORY_INFRA},
    [LINE_INFERENCE] = {"compute.inference", CATEGORY_INFRA},
    [LINE_STORAGE] = {"compute.storage", CATEGORY_INFRA},
    [LINE_NETWORK] = {"compute.network", CATEGORY_INFRA},
    [LINE_OTHER] = {"compute.other", CATEGORY_INFRA},
    [LINE_LLM] = {"llm", CATEGORY_VENDOR},
    [LINE_SAAS] = {"saas", CATEGORY_VENDOR},
    [LINE_LABELING] = {"labeling", CATEGORY_DATA},
    [LINE_TOOLS] = {"tools", CATEGORY_DATA},
    [LINE_DATA] = {"data", CATEGORY_DATA},
    [LINE_STAFF] = {"staff", CATEGORY_TALENT},
    [LINE_CONTRACTORS] = {"contractors", CATEGORY_TALENT},
    [LINE_UPSKILLING] = {"upskilling", CATEGORY_TALENT},
    [LINE_LEVER] = {"lever", CATEGORY_INFRA},
    [LINE_OPTION] = {"option", CATEGORY_INFRA},
};

static const char *const QUANTITY_KEYS[LINE_QUANTITIES] = {
    [Q_GPU_HOURS] = "gpu_hours",
    [Q_GPUS] = "gpus",
    [Q_HOURS] = "hours",
    [Q_RUNS] = "runs",
    [Q_REQUESTS] = "requests",
    [Q_PER_HOUR] = "per_hour",
    [Q_AT_LEAST] = "at_least",
    [Q_PER_1K] = "per_1k",
    [Q_TB] = "tb",
    [Q_PRICE] = "price",
    [Q_COST] = "cost",
    [Q_USERS] = "users",
    [Q_SESSIONS] = "sessions",
    [Q_IN] = "in",
    [Q_OUT] = "out",
    [Q_RETRIES] = "retries",
    [Q_CACHED] = "cached",
    [Q_CACHE_WRITES] = "cache_writes",
    [Q_BATCH] = "batch",
    [Q_SEATS] = "seats",
    [Q_ITEMS] = "items",
    [Q_REVIEW] = "review",
    [Q_BUFFER] = "buffer",
    [Q_GROWTH] = "growth",
};

const char *line_kind_name(enum line_kind k)
{
    BUG_IF((unsigned)k >= LINE_ALL_KINDS);
    return KINDS[k].name;
}

const char *line_quantity_key(enum line_quantity q)
{
    BUG_IF((unsigned)q >= LINE_QUANTITIES);
    return QUANTITY_KEYS[q];
}

#define BIT(q) (1u << (q))
#define MACHINE BIT(30)
#define EVERY_LINE (BIT(Q_BUFFER) | BIT(Q_GROWTH))

/* Two ways to write a line of each kind: all of `needs`, and what else is allowed. */
static const struct form {
    enum line_kind kind;
    uint32_t needs, allows;
    enum line_quantity grows; /* what `growth:` multiplies */
} FORMS[] = {
    {LINE_TRAINING, MACHINE | BIT(Q_GPU_HOURS), 0, Q_GPU_HOURS},
    {LINE_TRAINING, MACHINE | BIT(Q_GPUS) | BIT(Q_HOURS) | BIT(Q_RUNS), 0, Q_RUNS},
    {LINE_INFERENCE, MACHINE | BIT(Q_REQUESTS) | BIT(Q_PER_HOUR), BIT(Q_AT_LEAST), Q_REQUESTS},
    {LINE_INFERENCE, BIT(Q_REQUESTS) | BIT(Q_PER_1K), 0, Q_REQUESTS},
    {LINE_STORAGE, BIT(Q_TB) | BIT(Q_PRICE), 0, Q_TB},
    {LINE_NETWORK, BIT(Q_COST), 0, Q_COST},
    {LINE_OTHER, BIT(Q_COST), 0, Q_COST},
    {LINE_SAAS, BIT(Q_SEATS) | BIT(Q_PRICE), 0, Q_SEATS},
    {LINE_SAAS, BIT(Q_COST), 0, Q_COST},
    {LINE_LLM, BIT(Q_USERS), ~0u, Q_USERS},
    {LINE_LABELING, BIT(Q_ITEMS), ~0u, Q_ITEMS},
    {LINE_TOOLS, BIT(Q_COST), ~0u, Q_COST},
    {LINE_DATA, BIT(Q_COST), ~0u, Q_COST},
};

static uint32_t given(const struct line *l)
{
    uint32_t bits = l->machine_name.at ? MACHINE : 0;
    for (int q = 0; q < LINE_QUANTITIES; q++)
        if (l->q[q] || yaml_get(l->at, QUANTITY_KEYS[q]))
            bits |= BIT(q);
    return bits & ~EVERY_LINE;
}

static int bits_set(uint32_t v)
{
    return __builtin_popcount(v);
}

static str names_of(struct reader *r, uint32_t bits)
{
    str parts[32];
    size_t n = 0;
    if (bits & MACHINE)
        parts[n++] = S("machine");
    for (int q = 0; q < LINE_QUANTITIES; q++)
        if (bits & BIT(q))
            parts[n++] = str_of(QUANTITY_KEYS[q]);
    return str_join(r->a, parts, n, S(", "));
}

/* The way this line is meant: the one it shares most keys with. NULL after a fault. */
static const struct form *check_form(struct reader *r, const struct line *l)
{
    const struct form *best = NULL;
    uint32_t have = given(l);
    int most = -1;
    for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
        if (FORMS[i].kind != l->kind)
            continue;
        int score = bits_set(have & FORMS[i].needs) * 2 + (FORMS[i].needs & ~have ? 0 : 1);
        if (score > most) {
            most = score;
            best = &FORMS[i];
        }
    }
    BUG_IF(!best);
    uint32_t missing = best->needs & ~have, extra = have & ~(best->needs | best->allows);
    if (missing && best->allows != ~0u && !has_unknown_key(r, l->at))
        yaml_fault(r->d, l->at,
                   str_fmt(r->a, "A %s line takes: %.*s.", line_kind_name(l->kind),
                           FMT(names_of(r, best->needs | best->allows))),
                   "this line needs '%.*s'", FMT(names_of(r, missing)));
    for (int q = 0; q < LINE_QUANTITIES; q++)
        if (extra & BIT(q))
            yaml_fault(
                r->d, yaml_key(l->at, QUANTITY_KEYS[q]),
                str_fmt(r->a, "It takes: %.*s.", FMT(names_of(r, best->needs | best->allows))),
                "'%s' does not belong to this %s line", QUANTITY_KEYS[q], line_kind_name(l->kind));
    if (extra & MACHINE)
        yaml_fault(r->d, yaml_key(l->at, "machine"), STR_NONE,
                   "'machine' does not belong to this %s line", line_kind_name(l->kind));
    return missing || extra ? NULL : best;
}

static void check_machine(struct reader *r, struct line *l)
{
    const struct named_quantities *m = &r->p->machines;
    l->machine = NO_INDEX;
    if (!l->machine_name.at)
        return;
    for (size_t i = 0; i < m->n && l->machine == NO_INDEX; i++)
        if (str_eq(m->items[i].name, l->machine_name.s))
            l->machine = (uint32_t)i;
    if (l->machine == NO_INDEX) {
        const char **names = arena_new(r->a, const char *, m->n + 1);
        for (size_t i = 0; i < m->n && may_suggest(r); i++)
            names[i] = str_cstr(r->a, m->items[i].name);
        str near = did_you_mean(r, l->machine_name.s, names, m->n);
        yaml_fault(r->d, l->machine_name.at,
                   near.n ? near : S("Add its price per hour under `machines`."),
                   "there is no rate for machine '%.*s'", FMT(l->machine_name.s));
    }
}

void check_schedule(struct reader *r, const struct quantity *q, month first, month last)
{
    char text[MONTH_TEXT], from[MONTH_TEXT], to[MONTH_TEXT];
    if (!q || q->form != FORM_SCHEDULE || first == MONTH_NONE)
        return;
    last = MIN(last, r->p->header.last);
    for (size_t i = 0; i < q->n; i++)
        if (q->points[i].at < first || q->points[i].at > last)
            yaml_fault(r->d, q->points[i].node, S("What falls there would be lost."),
                       "%.*s is outside this line, which runs from %.*s to %.*s",
                       FMT(month_format(q->points[i].at, text)), FMT(month_format(first, from)),
                       FMT(month_format(last, to)));
}

/* The months of a line inside its initiative inside the plan. */
static void check_span(struct reader *r, struct line *l, const struct initiative *in)
{
    const struct plan_header *h = &r->p->header;
    char a[MONTH_TEXT], b[MONTH_TEXT];
    l->first = h->first;
    l->last = h->first + h->n_horizon - 1;
    if (h->first == MONTH_NONE)
        return;
    if (in->starts.at)
        l->first = MAX(l->first, in->starts.m);
    if (in->ends.at)
        l->last = MIN(l->last, in->ends.m);
    if (l->from.at && check_inside_plan(r, &l->from, "'from'")) {
        if (l->from.m < l->first || l->from.m > l->last)
            yaml_fault(r->d, l->from.at, STR_NONE,
                       "'from' %.*s is outside its initiative, which runs from %.*s",
                       FMT(month_format(l->from.m, a)), FMT(month_format(l->first, b)));
        else
            l->first = l->from.m;
    }
    if (l->to.at) {
        if (l->to.m < l->first)
            yaml_fault(r->d, l->to.at, STR_NONE, "'to' %.*s is before the line's first month %.*s",
                       FMT(month_format(l->to.m, a)), FMT(month_format(l->first, b)));
        else
            l->last = MIN(l->last, l->to.m);
    }
}

static bool falls_inside(const struct reader *r, const struct line *l, month renews)
{
    for (month m = l->first; m <= MIN(l->last, r->p->header.last); m++)
        if ((m - renews) % 12 == 0)
            return true;
    return false;
}

static void check_timing(struct reader *r, struct line *l, const struct form *form)
{
    char a[MONTH_TEXT], b[MONTH_TEXT], c[MONTH_TEXT];
    bool once = false, yearly = false;
    month last = MIN(l->last, r->p->header.last);
    if (l->first == MONTH_NONE)
        return;
    for (int q = 0; q < LINE_QUANTITIES; q++) {
        check_schedule(r, l->q[q], l->first, l->last);
        once = once || (l->q[q] && l->q[q]->per == PER_ONCE);
        yearly = yearly || (l->q[q] && l->q[q]->per == PER_YEAR && (q == Q_COST || q == Q_PRICE));
    }
    l->once = l->first;
    if (l->month.at) {
        if (!once && form)
            yaml_fault(r->d, l->month.at, S("Write the amount with ' once'."),
                       "'month' is for an amount that falls once");
        else if (l->month.m < l->first || l->month.m > last)
            yaml_fault(r->d, l->month.at, STR_NONE,
                       "'month' %.*s is outside this line, which runs from %.*s to %.*s",
                       FMT(month_format(l->month.m, a)), FMT(month_format(l->first, b)),
                       FMT(month_format(last, c)));
        l->once = l->month.m;
    }
    l->upfront = l->pay.at && l->pay.v == 1;
    if (l->upfront && !yearly && form)
        yaml_fault(r->d, l->pay.at, S("Write the amount with '/yr'."),
                   "'pay: upfront' is for a yearly amount");
    if (l->upfront && !l->renews.at)
        yaml_fault(r->d, l->pay.at, S("Add `renews: 2026-11`, the month in which it is paid."),
                   "'pay: upfront' needs 'renews'");
    if (l->renews.at && l->first <= last && !falls_inside(r, l, l->renews.m))
        yaml_fault(r->d, l->renews.at, STR_NONE,
                   "'renews' %.*s never falls inside this line, which runs from %.*s to %.*s",
                   FMT(month_format(l->renews.m, a)), FMT(month_format(l->first, b)),
                   FMT(month_format(last, c)));
}

static void check_models(struct reader *r, struct line *l)
{
    dec sum = 0;
    bool known = true;
    if (l->kind != LINE_LLM)
        return;
    month last = MIN(l->last, r->p->header.last);
    if (l->model_name.at && l->models.at)
        yaml_fault(r->d, l->models.at, S("Keep one of them."),
                   "both 'model' and 'models' are given");
    if (!l->model_name.at && !l->models.at && !yaml_get(l->at, "model") &&
        !yaml_get(l->at, "models") && !has_unknown_key(r, l->at))
        yaml_fault(r->d, l->at, S("Add `model: NAME`, a name under `prices`."),
                   "this line needs 'model'");
    if (l->model_name.at && !l->models.n) { /* one model is a mix of one */
        l->models.items = arena_new(r->a, struct weight, 1);
        l->models.items[0] = (struct weight){l->model_name, NULL, NO_INDEX};
        l->models.n = 1;
        l->models.single = true;
    }
    for (size_t i = 0; i < l->models.n; i++) {
        struct weight *w = &l->models.items[i];
        w->index = find_price(r, &w->name);
        need_price(r, &w->name, w->index, l->first, last);
        known = known && (w->q || l->models.single);
        sum += w->q ? w->q->points[0].v.exact : 0;
    }
    if (!l->models.single && l->models.at && known && sum != DEC_ONE) {
        char text[DEC_TEXT];
        yaml_fault(r->d, l->models.at, S("The shares of `models` have to add up to 100%."),
                   "these shares total %.*s %%", FMT(dec_format(sum * 100, text)));
    }
    const struct quantity *c = l->q[Q_CACHED], *w = l->q[Q_CACHE_WRITES];
    if (c && w && c->form == FORM_CONST && w->form == FORM_CONST &&
        c->points[0].v.point + w->points[0].v.point > 1)
        yaml_fault(r->d, w->at, STR_NONE,
                   "'cached' and 'cache_writes' are more than 100 %% together");
}

static void check_line(struct reader *r, struct line *l, struct initiative *in, enum line_kind kind)
{
    if (!l->at)
        return;
    bool compute = kind == LINE_TRAINING;
    l->kind = compute ? (enum line_kind)(LINE_TRAINING + l->kind_word.v) : kind;
    l->category = l->category_word.at ? (enum category)l->category_word.v : KINDS[l->kind].category;
    l->initiative = in->index;
    l->path = str_fmt(r->a, "%.*s.%.*s", FMT(in->id.s), FMT(l->id.s));
    check_span(r, l, in);
    check_machine(r, l);
    const struct form *form = compute && !l->kind_word.at ? NULL : check_form(r, l);
    check_timing(r, l, form);
    check_models(r, l);
    l->grows = form ? form->grows : Q_COST;
    const struct quantity *growth = l->q[Q_GROWTH];
    if (form && growth && l->q[form->grows] && l->q[form->grows]->form != FORM_CONST)
        yaml_fault(r->d, growth->at,
                   str_fmt(r->a, "'%s' already changes over time; leave 'growth' out.",
                           QUANTITY_KEYS[form->grows]),
                   "'growth' goes with a constant");
}

/* In the order in which lines are listed everywhere. */
static struct lines *section(struct initiative *in, int i, enum line_kind *ret_kind)
{
    switch (i) {
    case 0:
        *ret_kind = LINE_TRAINING;
        return &in->compute;
    case 1:
        *ret_kind = LINE_LLM;
        return &in->llm;
    case 2:
        *ret_kind = LINE_SAAS;
        return &in->saas;
    case 3:
        *ret_kind = LINE_LABELING;
        return &in->labeling;
    case 4:
        *ret_kind = LINE_TOOLS;
        return &in->tools;
    default:
        *ret_kind = LINE_DATA;
        return &in->data;
    }
}
#define SECTIONS 6

static void check_lines(struct reader *r, struct initiative *in)
{
    struct plan *p = r->p;
    struct map seen;
    map_init(&seen, r->a);
    in->first_line = (uint32_t)p->n_lines;
    for (int s = 0; s < SECTIONS; s++) {
        enum line_kind kind;
        struct lines *lines = section(in, s, &kind);
        for (size_t i = 0; i < lines->n; i++) {
            struct line *l = &lines->items[i];
            check_unique(r, &seen, &l->id, "line");
            check_line(r, l, in, kind);
            l->index = (uint32_t)p->n_lines;
            p->lines[p->n_lines++] = l;
        }
    }
    in->n_lines = (uint32_t)p->n_lines - in->first_line;
}

static void check_benefits(struct reader *r, struct initiative *in)
{
    const struct plan_header *h = &r->p->header;
    struct map seen;
    char a[MONTH_TEXT];
    map_init(&seen, r->a);
    for (size_t i = 0; i < in->benefits.n; i++) {
        struct benefit *b = &in->benefits.items[i];
        check_unique(r, &seen, &b->id, "benefit");
        b->initiative = in->index;
        b->path = str_fmt(r->a, "%.*s.%.*s", FMT(in->id.s), FMT(b->id.s));
        if (!b->at || h->first == MONTH_NONE)
            continue;
        month end = h->first + h->n_horizon - 1;
        b->first = in->starts.at ? MAX(h->first, in->starts.m) : h->first;
        b->last = end;
        if (b->from.at && (b->from.m < h->first || b->from.m > end))
            yaml_fault(r->d, b->from.at, STR_NONE,
                       "'from' %.*s is outside the plan and its horizon of %d months",
                       FMT(month_format(b->from.m, a)), h->n_horizon);
        else if (b->from.at)
            b->first = b->from.m;
        if (b->to.at && b->to.m < b->first)
            yaml_fault(r->d, b->to.at, STR_NONE, "'to' %.*s is before the benefit's first month",
                       FMT(month_format(b->to.m, a)));
        else if (b->to.at)
            b->last = MIN(b->last, b->to.m);
        if (b->monthly && b->monthly->form == FORM_SCHEDULE)
            for (size_t k = 0; k < b->monthly->n; k++)
                if (b->monthly->points[k].at < b->first || b->monthly->points[k].at > b->last)
                    yaml_fault(r->d, b->monthly->points[k].node, STR_NONE,
                               "%.*s is outside this benefit's months",
                               FMT(month_format(b->monthly->points[k].at, a)));
    }
}

uint32_t find_initiative(struct reader *r, const struct p_text *name)
{
    const struct plan *p = r->p;
    const struct map_entry *e = map_get(&r->initiatives, name->s);
    if (e)
        return (uint32_t)e->num;
    size_t n = may_suggest(r) ? p->initiatives.n : 0;
    const char **names = arena_new(r->a, const char *, n + 1);
    for (size_t k = 0; k < n; k++)
        names[k] = str_cstr(r->a, p->initiatives.items[k].id.s);
    yaml_fault(r->d, name->at, did_you_mean(r, name->s, names, n), "there is no initiative '%.*s'",
               FMT(name->s));
    return NO_INDEX;
}

void check_weights(struct reader *r, struct weights *w)
{
    bool positive = false;
    for (size_t i = 0; i < w->n; i++) {
        w->items[i].index = find_initiative(r, &w->items[i].name);
        positive = positive || !w->items[i].q || w->items[i].q->points[0].v.point > 0;
    }
    if (w->at && !positive && w->n)
        yaml_fault(r->d, w->at, STR_NONE, "no weight is above zero");
}

/* --- needs --- */

#define CHAIN_MAX 1000 /* initiatives that need each other in a row */

static void visit_needs(struct reader *r, uint32_t i, uint8_t *state, uint32_t *path, size_t depth)
{
    struct initiative *all = r->p->initiatives.items;
    if (depth >= CHAIN_MAX) {
        yaml_fault(r->d, all[i].needs.at, STR_NONE, "a chain of 'needs' is longer than %d",
                   CHAIN_MAX);
        return;
    }
    state[i] = 1;
    path[depth] = i;
    for (size_t k = 0; k < all[i].needs.n; k++) {
        uint32_t to = all[i].need_index[k];
        if (to == NO_INDEX || state[to] == 2)
            continue;
        if (state[to] == 0) {
            visit_needs(r, to, state, path, depth + 1);
            continue;
        }
        struct buf b;
        buf_init(&b, 2000);
        size_t from = depth;
        while (path[from] != to)
            from--;
        for (; from <= depth; from++)
            buf_fmt(&b, "%.*s > ", FMT(all[path[from]].id.s));
        buf_add(&b, all[to].id.s);
        yaml_fault(r->d, all[i].needs.items[k].at, S("Remove one of them."),
                   "'needs' goes in a circle: %.*s", FMT(buf_str(&b)));
        buf_release(&b);
    }
    state[i] = 2;
}

static void check_needs(struct reader *r)
{
    struct plan *p = r->p;
    size_t n = p->initiatives.n;
    uint8_t *state = arena_new(r->a, uint8_t, n + 1);
    uint32_t *path = arena_new(r->a, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct initiative *in = &p->initiatives.items[i];
        in->need_index = arena_new(r->a, uint32_t, in->needs.n + 1);
        for (size_t k = 0; k < in->needs.n; k++)
            in->need_index[k] = find_initiative(r, &in->needs.items[k]);
    }
    for (uint32_t i = 0; i < n; i++)
        if (!state[i])
            visit_needs(r, i, state, path, 0);
}

static void check_reserved(struct reader *r, const struct p_text *id)
{
    static const char *const taken[] = {
        "plan",     "bands",    "reserve",   "buffers",     "drivers",    "prices",      "machines",
        "roles",    "loading",  "staff",     "contractors", "upskilling", "initiatives", "levers",
        "together", "risks",    "scenarios", "process",     "fx",         "compute",     "llm",
        "saas",     "labeling", "tools",     "data",        "infra",      "talent",      "vendor",
        "hires",    "total",    "cuts",      "adds"};
    for (size_t i = 0; id->at && i < ARRAY_LEN(taken); i++)
        if (str_eq(id->s, str_of(taken[i])))
            yaml_fault(r->d, id->at, S("Choose another id."),
                       "'%.*s' has a meaning of its own and cannot name an initiative", FMT(id->s));
}

void check_initiatives(struct reader *r)
{
    struct plan *p = r->p;
    struct map seen;
    size_t total = 0;
    map_init(&seen, r->a);
    map_init(&r->initiatives, r->a);
    for (size_t i = 0; i < p->initiatives.n; i++) {
        enum line_kind kind;
        for (int s = 0; s < SECTIONS; s++)
            total += section(&p->initiatives.items[i], s, &kind)->n;
    }
    p->lines = arena_new(r->a, struct line *, total + 1);
    for (size_t i = 0; i < p->initiatives.n; i++) {
        struct initiative *in = &p->initiatives.items[i];
        in->index = (uint32_t)i;
        bool fresh;
        struct map_entry *e = map_put(&r->initiatives, in->id.s, &fresh);
        if (fresh)
            e->num = (int64_t)i;
        check_unique(r, &seen, &in->id, "initiative");
        check_reserved(r, &in->id);
        check_inside_plan(r, &in->starts, "'starts'");
        if (in->ends.at && p->header.first != MONTH_NONE &&
            in->ends.m < (in->starts.at ? in->starts.m : p->header.first))
            yaml_fault(r->d, in->ends.at, STR_NONE,
                       "'ends' is before the initiative's first month");
        check_lines(r, in);
        check_benefits(r, in);
    }
    check_needs(r);
}
