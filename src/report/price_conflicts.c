/* price_conflicts.c - builds the list of conflicts: prices side by side, spend and plan at stake.
 */
#include "report/price_conflicts.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/price_compare.h"
#include "core/price_int.h"
#include "engine/world.h"

/* Tokens by what their price is called; -1: the ledger does not tell them apart. */
struct usage {
    i128 tokens[PRICE_FIELDS];
};

struct gather {
    const struct price_conflicts_request *q;
    struct arena *a;
    struct map ledger, plan; /* "KEY>TIER" to struct usage */
};

static struct usage *usage_of(struct gather *g, struct map *m, str key, int64_t over)
{
    bool is_new;
    str id = str_fmt(g->a, "%.*s>%lld", FMT(key), (long long)over);
    struct map_entry *entry = map_put(m, id, &is_new);
    if (is_new)
        entry->ptr = arena_new(g->a, struct usage, 1);
    return entry->ptr;
}

/* ---- the ledger ---- */

static bool is_long(str tier)
{
    return str_find_nocase(tier, S("200k-1m"), 0) != SIZE_MAX || str_eq(tier, S("> 200k"));
}

static bool is_batch(str tier)
{
    return str_eq_nocase(tier, S("batch"));
}

static void add_sum(struct gather *g, const struct ledger_sum *s)
{
    static const enum price_field FIELDS[TOKEN_BUCKETS] = {
        [TOKENS_IN] = FIELD_IN,
        [TOKENS_CACHE_READ] = FIELD_CACHE_READ,
        [TOKENS_CACHE_WRITE_5M] = FIELD_CACHE_WRITE,
        [TOKENS_CACHE_WRITE_1H] = FIELD_CACHE_WRITE_1H,
        [TOKENS_OUT] = FIELD_OUT,
    };
    str tier = s->keys[2];
    struct price_query q = {s->keys[0], s->keys[1], g->q->on, is_long(tier) ? 200001 : 0};
    const struct price *p = price_find(g->q->prices, &q, NULL);
    if (!p || !s->token_rows)
        return;
    struct usage *u =
        usage_of(g, &g->ledger, price_group_key(g->a, p->provider, p->model), p->over_tokens);
    for (int b = 0; b < TOKEN_BUCKETS; b++) {
        enum price_field f = FIELDS[b];
        if (is_batch(tier) && (f == FIELD_IN || f == FIELD_OUT))
            f = f == FIELD_IN ? FIELD_BATCH_IN : FIELD_BATCH_OUT;
        u->tokens[f] += s->tokens[b];
    }
}

static bool read_ledger(struct gather *g, struct err *e)
{
    static const struct ledger_key keys[] = {{.kind = KEY_TEXT, .text = SPEND_PROVIDER},
                                             {.kind = KEY_TEXT, .text = SPEND_MODEL},
                                             {.kind = KEY_TEXT, .text = SPEND_TIER}};
    struct ledger_query q = {
        .from = g->q->from, .to = g->q->to, .keys = keys, .n_keys = ARRAY_LEN(keys)};
    struct ledger_sums sums;
    if (!g->q->ledger)
        return true;
    if (!ledger_sum(g->q->ledger, &q, g->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        add_sum(g, &sums.items[i]);
    return true;
}

/* ---- the plan ---- */

/* The plan's own prices as a book that nothing is priced by. NULL: it has none. */
static const struct price_book *plan_book(struct arena *a, const struct plan *p, struct err *e)
{
    struct price_book *book = price_book_empty(a);
    struct buf b;
    buf_init(&b, LIMIT_SMALL_FILE);
    buf_add(&b, S("model,currency,from,input,output,cache_read,cache_write,batch_input,"
                  "batch_output\n"));
    size_t before = b.n;
    for (size_t i = 0; i < p->prices.n; i++) {
        const struct model_price *m = &p->prices.items[i];
        for (size_t k = 0; m->at && k < m->n; k++) {
            const struct price_entry *x = &m->entries[k];
            char date[DATE_TEXT] = "", text[DEC_TEXT];
            if (x->from.at)
                date_format(month_first_day(x->from.m), date);
            buf_fmt(&b, "\"%.*s\",%s,%s", FMT(m->model), p->header.currency.code, date);
            for (int part = 0; part < PRICE_PARTS; part++) {
                const struct quantity *v = x->part[part];
                bool plain = v && v->n == 1 && !v->points[0].formula && v->fx == NO_INDEX &&
                             !dec_is_null(v->points[0].v.exact);
                buf_addc(&b, ',');
                if (plain)
                    buf_add(&b, dec_format(v->points[0].v.exact, text));
            }
            buf_addc(&b, '\n');
        }
    }
    bool any = b.n > before && price_book_add_csv(book, S("plan.yaml"), buf_str(&b), e);
    buf_release(&b);
    return any ? book : NULL;
}

static i128 whole(double tokens)
{
    return tokens > 0 && tokens < 1e30 ? (i128)llround(MIN(tokens, 9e18)) : 0;
}

/* A line's tokens over the plan, shared out over its models. */
static void add_line(struct gather *g, const struct world *w, const struct line *l)
{
    struct line_months m;
    double sum[PRICE_FIELDS] = {0};
    world_line(w, l, &m);
    for (int32_t i = 0; i < w->n; i++) {
        double batch = m.requests[i] > 0 ? m.batch_requests[i] / m.requests[i] : 0;
        sum[FIELD_IN] += m.in[i] * (1 - batch);
        sum[FIELD_BATCH_IN] += m.in[i] * batch;
        sum[FIELD_OUT] += m.out[i] * (1 - batch);
        sum[FIELD_BATCH_OUT] += m.out[i] * batch;
        sum[FIELD_CACHE_READ] += m.cache_read[i];
        sum[FIELD_CACHE_WRITE] += m.cache_write[i];
    }
    size_t n = l->models.n ? l->models.n : 1;
    for (size_t k = 0; k < n; k++) {
        str model = l->models.n ? l->models.items[k].name.s : l->model_name.s;
        double share = l->models.n ? world_number(w, l->models.items[k].q, 1) : 1;
        struct price_query q = {STR_NONE, model, g->q->on, 0};
        const struct price *p = price_find(g->q->prices, &q, NULL);
        if (!p)
            continue;
        struct usage *u =
            usage_of(g, &g->plan, price_group_key(g->a, p->provider, p->model), p->over_tokens);
        for (int f = 0; f < PRICE_FIELDS; f++)
            u->tokens[f] += whole(sum[f] * share);
    }
}

static void read_plan(struct gather *g)
{
    if (!g->q->plan)
        return;
    struct circumstances none = {0};
    const struct world *w = world_new(g->a, g->q->plan, &none);
    for (size_t i = 0; i < g->q->plan->n_lines; i++)
        if (g->q->plan->lines[i]->kind == LINE_LLM)
            add_line(g, w, g->q->plan->lines[i]);
}

/* ---- the report ---- */

/* tokens x difference per million; DEC_NULL: nothing is at stake there. */
static dec stake(struct gather *g, struct map *of, const struct price_conflict *x, i128 *ret_tokens)
{
    dec r;
    str id = str_fmt(g->a, "%.*s>%lld", FMT(x->key), (long long)x->used->over_tokens);
    const struct map_entry *entry = map_get(of, id);
    const struct usage *u = entry ? entry->ptr : NULL;
    *ret_tokens = u ? u->tokens[x->field] : 0;
    if (!*ret_tokens || !dec_muldiv(x->difference, *ret_tokens, 1000000, &r))
        return DEC_NULL;
    return r;
}

static str kind_text(struct arena *a, int64_t slip)
{
    if (!slip)
        return S("differs");
    return str_fmt(a, "unit slip: %s%lld", slip > 0 ? "x" : "1/", (long long)llabs(slip));
}

struct shown_conflict {
    const struct price_conflict *x;
    dec ledger, plan, weight;
    i128 tokens;
    size_t at;
};

static dec size_of(dec v)
{
    return dec_is_null(v) ? 0 : v < 0 ? -v : v;
}

static int by_stake(const void *a, const void *b)
{
    const struct shown_conflict *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static const struct doc_column columns[] = {
    {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
    {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
    {"over_input_tokens", "Over tokens", CELL_COUNT, SHOW_DATA, 0, -1},
    {"price", "Price", CELL_TEXT, SHOW_ALL, 0, -1},
    {"used", "In use", CELL_NUMBER, SHOW_ALL, 4, -1},
    {"used_book", "from", CELL_TEXT, SHOW_ALL, 0, -1},
    {"other", "Other", CELL_NUMBER, SHOW_ALL, 4, -1},
    {"book", "from", CELL_TEXT, SHOW_ALL, 0, -1},
    {"difference", "Difference", CELL_NUMBER, SHOW_DATA, 4, -1},
    {"ratio", "Other / in use", CELL_NUMBER, SHOW_ALL, 3, -1},
    {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1},
    {"tokens", "Tokens", CELL_NUMBER, SHOW_DATA, 0, -1},
    {"at_stake", "Spend at stake", CELL_MONEY, SHOW_ALL, 2, -1},
    {"plan_at_stake", "Plan at stake", CELL_MONEY, SHOW_ALL, 2, -1},
    {"used_id", "In use: id", CELL_TEXT, SHOW_DATA, 0, -1},
    {"other_id", "Other: id", CELL_TEXT, SHOW_DATA, 0, -1},
};

static void add_row(const struct gather *g, struct doc *d, struct doc_table *t,
                    const struct shown_conflict *s)
{
    const struct price_conflict *x = s->x;
    struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
    dec used = price_field_of(x->used, x->field), other = price_field_of(x->other, x->field), ratio;
    str field = str_of(price_field_name(x->field)), model = x->used->model;
    if (x->used->over_tokens)
        field =
            str_fmt(g->a, "%.*s over %lldk", FMT(field), (long long)x->used->over_tokens / 1000);
    c[0] = cell_text(x->used->provider);
    c[1] = cell_text(model);
    c[2] = x->used->over_tokens ? cell_count(x->used->over_tokens) : cell_null();
    c[3] = cell_text(field);
    c[4] = cell_number(used);
    c[5] = cell_text(x->used_book);
    c[6] = cell_number(other);
    c[7] = cell_text(x->book);
    c[8] = cell_number(x->difference);
    c[9] = used && dec_div(other, used, &ratio) ? cell_number(dec_round(ratio, 6)) : cell_null();
    c[10] = cell_text(kind_text(g->a, x->slip));
    if (x->slip)
        c[10] = cell_marked(c[10], MARK_WARN);
    c[11] = s->tokens ? cell_number(s->tokens * DEC_ONE) : cell_null();
    c[12] = cell_money(s->ledger);
    c[13] = cell_money(s->plan);
    c[14] = cell_text(x->used->id);
    c[15] = cell_text(x->other->id);
}

static bool wanted(const struct price_conflicts_request *q, const struct price *p)
{
    return (!q->model.n || str_glob(q->model, p->model)) &&
           (!q->provider.n || str_glob(q->provider, p->provider));
}

static void finish(struct gather *g, struct doc *d, const struct shown_conflict *items, size_t n)
{
    size_t slips = 0;
    dec ledger = 0, plan = 0;
    for (size_t i = 0; i < n; i++) {
        slips += items[i].x->slip != 0;
        ledger += size_of(items[i].ledger);
        plan += size_of(items[i].plan);
    }
    doc_figure(d, "conflicts", S("Conflicts"), 0, cell_count((int64_t)n));
    doc_figure(d, "unit_slips", S("of them unit slips"), 0, cell_count((int64_t)slips));
    doc_figure(d, "at_stake", S("Spend at stake"), 2, cell_money(ledger));
    doc_figure(d, "plan_at_stake", S("Plan at stake"), 2, cell_money(plan));
    if (n)
        doc_note(
            d, NOTE_INFO,
            "At stake is tokens x difference: what the usage in the ledger, or the plan, would "
            "cost more (or less) if the other list were right. Totals add sizes without sign.");
    if (slips)
        doc_note(d, NOTE_WARN,
                 "%zu price%s stand%s 100, 1000 or a million times apart: one of the "
                 "two lists has the wrong unit.",
                 slips, slips == 1 ? "" : "s", slips == 1 ? "s" : "");
    if (n && g->q->ledger && !g->ledger.n)
        doc_note(d, NOTE_INFO, "The ledger holds no tokens of these models in the period.");
}

bool report_price_conflicts(const struct price_conflicts_request *q, struct arena *a,
                            struct doc **ret, size_t *ret_n, struct err *e)
{
    struct gather g = {.q = q, .a = a};
    map_init(&g.ledger, a);
    map_init(&g.plan, a);
    if (!read_ledger(&g, e))
        return false;
    read_plan(&g);
    struct err ignored = {0};
    const struct price_book **apart = arena_new(a, const struct price_book *, q->n_lists + 1);
    size_t n_apart = 0;
    for (size_t i = 0; i < q->n_lists; i++)
        apart[n_apart++] = q->lists[i];
    if (q->plan && (apart[n_apart] = plan_book(a, q->plan, &ignored)))
        n_apart++;
    struct price_conflict *all;
    size_t n_all, n = 0;
    price_conflicts(q->prices, apart, n_apart, q->on, a, &all, &n_all);
    struct shown_conflict *items = arena_new(a, struct shown_conflict, n_all);
    for (size_t i = 0; i < n_all; i++) {
        i128 plan_tokens;
        if (!wanted(q, all[i].used))
            continue;
        struct shown_conflict *s = &items[n];
        *s = (struct shown_conflict){.x = &all[i], .at = n};
        s->ledger = stake(&g, &g.ledger, &all[i], &s->tokens);
        s->plan = stake(&g, &g.plan, &all[i], &plan_tokens);
        s->weight = MAX(size_of(s->ledger), size_of(s->plan));
        n++;
    }
    if (n)
        qsort(items, n, sizeof *items, by_stake);
    struct doc *d = doc_new(a, "price_conflicts", S("Where price books disagree"));
    char date[DATE_TEXT];
    d->currency = q->currency;
    d->as_of = q->as_of;
    d->subtitle = str_fmt(a, "per million tokens, on %s", date_format(q->on, date).p);
    struct doc_table *t = doc_table(d, "conflicts", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("The lists agree wherever two of them know a price.");
    for (size_t i = 0; i < n; i++)
        add_row(&g, d, t, &items[i]);
    finish(&g, d, items, n);
    *ret = d;
    *ret_n = n;
    return true;
}
