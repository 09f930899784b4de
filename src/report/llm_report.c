/* llm_report.c - builds the LLM report: lines, models, months, and what a change would do to them.
 */
#include <math.h>

#include "report/llm_report_int.h"

/* --- sums --- */

static struct llm_row *row_of(struct arena *a, struct llm_rows *r, str key, currency c)
{
    bool fresh;
    struct map_entry *x = map_put(&r->index, key, &fresh);
    if (!fresh)
        return &r->items[x->num];
    x->num = (int64_t)r->n;
    r->items = arena_grow(a, r->items, sizeof *r->items, &r->cap, r->n + 1);
    struct llm_row *row = &r->items[r->n++];
    *row = (struct llm_row){.key = key,
                            .month = MONTH_NONE,
                            .cost = money_zero(c),
                            .buffer = money_zero(c),
                            .batch_saves = money_zero(c),
                            .cache_saves = money_zero(c)};
    return row;
}

static void add_row(struct llm_row *to, const struct llm_row *v)
{
    to->requests += v->requests;
    to->batch_requests += v->batch_requests;
    for (int i = 0; i < PRICE_PARTS; i++)
        to->tokens[i] += v->tokens[i];
    to->users += v->users;
    to->sessions += v->sessions;
    to->cost = money_add(to->cost, v->cost);
    to->buffer = money_add(to->buffer, v->buffer);
    to->batch_saves = money_add(to->batch_saves, v->batch_saves);
    to->cache_saves = money_add(to->cache_saves, v->cache_saves);
}

static bool whole(double v, int64_t *ret)
{
    if (!(v < 9e17))
        return false;
    *ret = llround(v);
    return true;
}

static bool detail_of(struct llm_sums *s, const struct llm_use *u, money cost, money buffer,
                      struct llm_row *ret)
{
    currency c = s->plan->header.currency;
    bool good =
        whole(u->requests, &ret->requests) && whole(u->batch_requests, &ret->batch_requests);
    for (int i = 0; i < PRICE_PARTS && good; i++)
        good = whole(u->tokens[i], &ret->tokens[i]);
    ret->path = s->plan->lines[u->line]->path;
    ret->model = s->plan->prices.items[u->model].model;
    ret->month = s->plan->header.first + u->month;
    ret->users = u->users;
    ret->sessions = u->sessions;
    ret->cost = cost;
    ret->buffer = buffer;
    ret->batch_saves = money_from_double(u->batch_saves, c);
    ret->cache_saves = money_from_double(u->cache_saves, c);
    return good;
}

static void spread(struct arena *a, struct llm_sums *s, const struct llm_row *v)
{
    currency c = s->plan->header.currency;
    char text[MONTH_TEXT];
    str month_key = str_dup(a, month_format(v->month, text));
    const str keys[] = {
        [LLM_BY_LINE] = v->path, [LLM_BY_MODEL] = v->model, [LLM_BY_MONTH] = month_key};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct llm_row *to = row_of(a, &s->by[i], keys[i], c);
        add_row(to, v);
        if (i == LLM_BY_MONTH)
            to->month = v->month;
    }
    struct llm_row *to =
        row_of(a, &s->details,
               str_fmt(a, "%.*s\x1f%.*s\x1f%.*s", FMT(v->path), FMT(v->model), FMT(month_key)), c);
    add_row(to, v);
    to->path = v->path;
    to->model = v->model;
    to->month = v->month;
    add_row(&s->all, v);
}

/* The cents of a line's month over its models, in proportion to what each costs. */
static bool spread_uses(struct arena *a, struct llm_sums *s, size_t from, size_t to, money cost,
                        money buffer)
{
    int64_t *weights = arena_new(a, int64_t, to - from);
    money *costs = arena_new(a, money, to - from), *buffers = arena_new(a, money, to - from);
    bool any = false;
    for (size_t i = from; i < to; i++) {
        if (!whole(s->uses[i].cost * 1e6, &weights[i - from]))
            return false;
        any = any || weights[i - from];
    }
    if (!any)
        weights[0] = 1;
    money_split(cost, weights, to - from, CENT_MICROS, costs);
    money_split(buffer, weights, to - from, CENT_MICROS, buffers);
    for (size_t i = from; i < to; i++) {
        struct llm_row v = {0};
        if (!detail_of(s, &s->uses[i], costs[i - from], buffers[i - from], &v))
            return false;
        spread(a, s, &v);
    }
    return true;
}

static const struct expanded *line_in(const struct expanded *list, size_t n, uint32_t line)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].line == line)
            return &list[i];
    return NULL;
}

bool llm_gather(struct arena *a, const struct plan *p, struct llm_sums *ret, struct err *e)
{
    struct llm_sums s = {.plan = p, .w = world_new(a, p, NULL)};
    currency c = p->header.currency;
    if (!expand(a, p, NULL, &s.x, e))
        return false;
    llm_uses(a, s.w, &s.uses, &s.n_uses);
    map_init(&s.details.index, a);
    for (size_t i = 0; i < ARRAY_LEN(s.by); i++)
        map_init(&s.by[i].index, a);
    s.all = (struct llm_row){.month = MONTH_NONE,
                             .cost = money_zero(c),
                             .buffer = money_zero(c),
                             .batch_saves = money_zero(c),
                             .cache_saves = money_zero(c)};
    for (int32_t m = 0; m < p->header.n_months; m++) { /* so that months stand in order */
        char text[MONTH_TEXT];
        row_of(a, &s.by[LLM_BY_MONTH], str_dup(a, month_format(p->header.first + m, text)), c)
            ->month = p->header.first + m;
    }
    for (size_t i = 0; i < s.n_uses;) {
        size_t to = i;
        while (to < s.n_uses && s.uses[to].line == s.uses[i].line &&
               s.uses[to].month == s.uses[i].month)
            to++;
        const struct expanded *l = line_in(s.x->lines, s.x->n_lines, s.uses[i].line);
        const struct expanded *b = line_in(s.x->buffers, s.x->n_buffers, s.uses[i].line);
        if (!spread_uses(a, &s, i, to, l->monthly[s.uses[i].month],
                         b ? b->monthly[s.uses[i].month] : money_zero(c)))
            return err_set(e, ERR_INVALID, "'%.*s' has more requests or tokens than can be counted",
                           FMT(p->lines[s.uses[i].line]->path));
        i = to;
    }
    *ret = s;
    return true;
}

/* --- tables --- */

#define USE_COLUMNS(unit_shown_)                                                                   \
    {"requests", "Requests", CELL_COUNT, SHOW_ALL, 0, -1},                                         \
        {"batch_requests", "In batches", CELL_COUNT, SHOW_DATA, 0, -1},                            \
        {"tokens_in", "Input", CELL_COUNT, SHOW_DATA, 0, -1},                                      \
        {"tokens_cache_read", "Cache read", CELL_COUNT, SHOW_DATA, 0, -1},                         \
        {"tokens_cache_write", "Cache write", CELL_COUNT, SHOW_DATA, 0, -1},                       \
        {"tokens_out", "Output", CELL_COUNT, SHOW_DATA, 0, -1},                                    \
        {"tokens_batch_in", "Batch input", CELL_COUNT, SHOW_DATA, 0, -1},                          \
        {"tokens_batch_out", "Batch output", CELL_COUNT, SHOW_DATA, 0, -1},                        \
        {"million_tokens", "Tokens, M", CELL_NUMBER, SHOW_PEOPLE, 0, -1},                          \
        {"cost", "Cost", CELL_MONEY, SHOW_ALL, 0, 2},                                              \
        {"buffer", "Buffer", CELL_MONEY, unit_shown_, 0, 2},                                       \
        {"per_request", "Per request", CELL_NUMBER, unit_shown_, 4, -1},                           \
    {                                                                                              \
        "per_million_tokens", "Per M tokens", CELL_NUMBER, SHOW_ALL, 2, -1                         \
    }
/* with changes */
#define COMPARED_COLUMNS                                                                           \
    {"before", "Cost before", CELL_MONEY, SHOW_ALL, 0, 2},                                         \
    {                                                                                              \
        "delta", "Change", CELL_MONEY, SHOW_ALL, 0, 2                                              \
    }
enum { USE_CELLS = 13, COMPARED_CELLS = 2 };

/* cost / n, to a millionth; unknown where there is nothing to divide by */
static struct cell per(money cost, double n, double times)
{
    dec v, by = (dec)(n * 1e6) * (DEC_ONE / 1000000);
    if (!(n > 0) || n > 1e15 || by == 0 ||
        !dec_mul(money_to_dec(cost), dec_from_i64((int64_t)times), &v) || !dec_div(v, by, &v))
        return cell_null();
    return cell_number(dec_round(v, 6));
}

static int64_t all_tokens(const struct llm_row *r)
{
    int64_t sum = 0;
    for (int i = 0; i < PRICE_PARTS; i++)
        sum += r->tokens[i];
    return sum;
}

static void fill_compared(const struct llm_row *r, money before, struct cell *c)
{
    c[0] = cell_money(money_to_dec(before));
    c[1] = cell_money(money_to_dec(money_sub(r->cost, before)));
    if (r->cost.micros != before.micros)
        c[1] = cell_marked(c[1], r->cost.micros > before.micros ? MARK_WARN : MARK_GOOD);
}

static void fill_use(const struct llm_row *r, struct cell *c)
{
    static const enum price_part order[] = {PRICE_IN,  PRICE_CACHE_READ, PRICE_CACHE_WRITE,
                                            PRICE_OUT, PRICE_BATCH_IN,   PRICE_BATCH_OUT};
    double tokens = (double)all_tokens(r);
    c[0] = cell_count(r->requests);
    c[1] = cell_count(r->batch_requests);
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        c[2 + i] = cell_count(r->tokens[order[i]]);
    c[8] = cell_number(dec_round((dec)all_tokens(r) * (DEC_ONE / 1000000), 0));
    c[9] = cell_money(money_to_dec(r->cost));
    c[10] = cell_money(money_to_dec(r->buffer));
    c[11] = per(r->cost, (double)r->requests, 1);
    c[12] = per(r->cost, tokens, 1e6);
}

static const struct llm_row *same_row(const struct llm_rows *rows, str key)
{
    const struct map_entry *x = map_get(&rows->index, key);
    return x ? &rows->items[x->num] : NULL;
}

static void add_by(struct llm_job *j, enum llm_by by)
{
    static const struct doc_column plain[3][USE_CELLS + COMPARED_CELLS + 3] = {
        [LLM_BY_LINE] = {{"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
                         USE_COLUMNS(SHOW_ALL),
                         {"per_session", "Per session", CELL_NUMBER, SHOW_ALL, 4, -1},
                         {"per_user", "Per user, month", CELL_NUMBER, SHOW_ALL, 2, -1}},
        [LLM_BY_MODEL] = {{"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
                          USE_COLUMNS(SHOW_ALL),
                          {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1}},
        [LLM_BY_MONTH] = {{"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
                          USE_COLUMNS(SHOW_ALL),
                          {"price_changes", "Price changes", CELL_TEXT, SHOW_ALL, 0, -1}},
    };
    static const struct doc_column compared[3][USE_CELLS + COMPARED_CELLS + 3] = {
        [LLM_BY_LINE] = {{"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
                         USE_COLUMNS(SHOW_DATA),
                         {"per_session", "Per session", CELL_NUMBER, SHOW_DATA, 4, -1},
                         {"per_user", "Per user, month", CELL_NUMBER, SHOW_ALL, 2, -1},
                         COMPARED_COLUMNS},
        [LLM_BY_MODEL] = {{"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
                          USE_COLUMNS(SHOW_DATA),
                          {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
                          COMPARED_COLUMNS},
        [LLM_BY_MONTH] = {{"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
                          USE_COLUMNS(SHOW_DATA),
                          {"price_changes", "Price changes", CELL_TEXT, SHOW_ALL, 0, -1},
                          COMPARED_COLUMNS},
    };
    static const char *const ids[] = {"lines", "models", "months"};
    static const char *const titles[] = {"By line", "By model", "By month"};
    bool set = j->before.plan != NULL;
    const size_t n_own = USE_CELLS + (by == LLM_BY_LINE ? 3 : 2);
    struct doc_table *t =
        doc_table(j->d, ids[by], str_of(titles[by]), set ? compared[by] : plain[by],
                  n_own + (set ? COMPARED_CELLS : 0));
    if (by != j->q->by && (set || by == LLM_BY_MONTH))
        t->shown = SHOW_DATA;
    t->empty_text = S("The plan has no LLM lines.");
    const money none = money_zero(j->now.plan->header.currency);
    for (int side = 0; side < 2; side++) { /* then what only the plan before has */
        const struct llm_rows *rows = side ? &j->before.by[by] : &j->now.by[by];
        for (size_t i = 0; i < (side && !set ? 0 : rows->n); i++) {
            const struct llm_row *r = &rows->items[i];
            const struct llm_row *old = set ? same_row(&j->before.by[by], r->key) : NULL;
            struct llm_row gone = {.key = r->key, .month = r->month, .cost = none, .buffer = none};
            if (side && same_row(&j->now.by[by], r->key))
                continue;
            if (side)
                r = &gone;
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = by == LLM_BY_MONTH ? cell_month(r->month) : cell_text(r->key);
            fill_use(r, c + 1);
            if (set)
                fill_compared(r, old ? old->cost : none, c + n_own);
            if (by == LLM_BY_LINE) {
                c[USE_CELLS + 1] = per(r->cost, r->sessions, 1);
                c[USE_CELLS + 2] = per(r->cost, r->users, 1);
            } else if (by == LLM_BY_MODEL) {
                dec share;
                if (dec_div(money_to_dec(r->cost), money_to_dec(j->now.all.cost), &share))
                    c[USE_CELLS + 1] = cell_share(dec_round(share, 6));
            } else {
                str changes = llm_changes_in(j->a, &j->now, r->month);
                if (changes.n)
                    c[USE_CELLS + 1] = cell_marked(cell_text(changes), MARK_WARN);
            }
        }
    }
    if (!t->n_rows)
        return;
    struct cell *c = doc_row(j->d, t, ROW_TOTAL, 0);
    if (by != LLM_BY_MONTH)
        c[0] = cell_text(S("LLM cost"));
    fill_use(&j->now.all, c + 1);
    if (set)
        fill_compared(&j->now.all, j->before.all.cost, c + n_own);
}

static void add_details(struct llm_job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        USE_COLUMNS(SHOW_DATA),
        COMPARED_COLUMNS,
    };
    const bool set = j->before.plan != NULL;
    struct doc_table *t = doc_table(j->d, "details", S("By line, model and month"), columns,
                                    ARRAY_LEN(columns) - (set ? 0 : COMPARED_CELLS));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->now.details.n; i++) {
        const struct llm_row *r = &j->now.details.items[i];
        const struct llm_row *old = set ? same_row(&j->before.details, r->key) : NULL;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(r->path);
        c[1] = cell_text(r->model);
        c[2] = cell_month(r->month);
        fill_use(r, c + 3);
        if (set)
            fill_compared(r, old ? old->cost : money_zero(r->cost.currency), c + 3 + USE_CELLS);
    }
}

/* --- figures --- */

static void add_figures(struct llm_job *j)
{
    const struct llm_sums *s = &j->now, *b = &j->before;
    static const struct {
        const char *id, *title, *before_id, *before_title;
    } rows[] = {
        {"llm_cost", "LLM cost", "llm_cost_before", "LLM cost before"},
        {"llm_buffers", "Buffers on it", "llm_buffers_before", "Buffers before"},
        {"planned", "Planned in all", "planned_before", "Planned before"},
        {"total", "Total with the reserve", "total_before", "Total before"},
    };
    const money now[] = {s->all.cost, s->all.buffer, s->x->planned, s->x->total};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        doc_figure(j->d, rows[i].id, str_of(rows[i].title), 0, cell_money(money_to_dec(now[i])));
        doc_last_figure(j->d)->exact_places = 2;
        if (!b->plan)
            continue;
        const money before[] = {b->all.cost, b->all.buffer, b->x->planned, b->x->total};
        doc_figure(j->d, rows[i].before_id, str_of(rows[i].before_title), 0,
                   cell_money(money_to_dec(before[i])));
        doc_last_figure(j->d)->exact_places = 2;
    }
    doc_figure(j->d, "requests", S("Requests"), 0, cell_count(s->all.requests));
    doc_figure(j->d, "tokens", S("Tokens"), 0, cell_count(all_tokens(&s->all)));
}

static void say_changes(struct llm_job *j)
{
    struct buf b;
    char delta[DEC_GROUPED_TEXT];
    if (!j->q->n_changes)
        return;
    buf_init(&b, 100000);
    for (size_t i = 0; i < j->q->n_changes; i++)
        buf_fmt(&b, "%s%.*s = %.*s", i ? ", " : "With ", FMT(j->q->changes[i].path),
                FMT(j->q->changes[i].value));
    money by = money_sub(j->now.x->total, j->before.x->total);
    buf_fmt(&b, " the plan's total %s by %.*s, buffers and reserve included.",
            by.micros < 0 ? "falls" : "grows",
            FMT(dec_format_grouped(money_to_dec(by.micros < 0 ? money_neg(by) : by), 0, delta)));
    doc_prose(j->d, SHOW_PEOPLE,
              by.micros ? str_dup(j->a, buf_str(&b))
                        : S("The changes leave the plan's total as it is."));
    buf_release(&b);
}

bool report_llm(const struct llm_request *q, struct arena *a, struct doc **ret, struct err *e)
{
    static const enum llm_by orders[3][3] = {{LLM_BY_LINE, LLM_BY_MODEL, LLM_BY_MONTH},
                                             {LLM_BY_MODEL, LLM_BY_LINE, LLM_BY_MONTH},
                                             {LLM_BY_MONTH, LLM_BY_LINE, LLM_BY_MODEL}};
    const struct plan_header *h = &q->plan->header;
    struct llm_job *j = arena_new(a, struct llm_job, 1);
    char from[MONTH_TEXT], to[MONTH_TEXT];
    *j = (struct llm_job){.q = q, .a = a, .e = e};
    if (!llm_gather(a, q->plan, &j->now, e) ||
        (q->before && !llm_gather(a, q->before, &j->before, e)))
        return false;
    j->d = doc_new(a, "llm", S("LLM cost of the plan"));
    j->d->currency = h->currency;
    j->d->as_of = q->as_of;
    j->d->subtitle = str_fmt(a, "%.*s%s%.*s - %.*s, %s, before buffers", FMT(h->label.s),
                             h->label.at ? ": " : "", FMT(month_format_name(h->first, from)),
                             FMT(month_format_name(h->last, to)), h->currency.code);
    month *months = arena_new(a, month, (size_t)h->n_months);
    for (int32_t m = 0; m < h->n_months; m++)
        months[m] = h->first + m;
    j->d->months = months;
    j->d->n_months = (size_t)h->n_months;
    say_changes(j);
    for (size_t i = 0; i < 3; i++)
        add_by(j, orders[q->by][i]);
    if (!llm_add_more(j))
        return false;
    add_details(j);
    add_figures(j);
    *ret = j->d;
    return true;
}
