/* llm_report_more.c - the LLM report's price changes, savings of caching and batches, and levers.
 */
#include <math.h>

#include "engine/commitment.h"
#include "engine/price_math.h"
#include "report/llm_report_int.h"

static const char *const PRICE_WORDS[PRICE_PARTS] = {"in",          "out",      "cache read",
                                                     "cache write", "batch in", "batch out"};

static str price_text(struct arena *a, double v)
{
    char text[DEC_TEXT];
    dec d = (dec)llround(v * 1e6) * (DEC_ONE / 1000000);
    dec cents = dec_round(d, 2);
    return str_dup(a, cents == d ? dec_format_fixed(d, d % DEC_ONE ? 2 : 0, text)
                                 : dec_format(d, text));
}

static str change_text(struct arena *a, const double *old, const double *now)
{
    str out = STR_NONE;
    for (int i = 0; i < PRICE_PARTS; i++)
        if (old[i] != now[i] && (i <= PRICE_OUT || !out.n))
            out = str_fmt(a, "%.*s%s%.*s to %.*s %s", FMT(out), out.n ? ", " : "",
                          FMT(price_text(a, old[i])), FMT(price_text(a, now[i])), PRICE_WORDS[i]);
    return out;
}

static bool is_used(const struct llm_sums *s, uint32_t model)
{
    for (size_t i = 0; i < s->n_uses; i++)
        if (s->uses[i].model == model)
            return true;
    return false;
}

/* The k-th price of a model against the one before; false: it changes nothing inside the plan. */
static bool price_change(const struct llm_sums *s, uint32_t model, size_t k, double *old,
                         double *now)
{
    const struct model_price *p = &s->plan->prices.items[model];
    int32_t m = p->entries[k].from.m - s->plan->header.first;
    if (m <= 0 || m >= s->plan->header.n_months || !is_used(s, model))
        return false;
    world_entry_price(s->w, &p->entries[k - 1], m, old);
    world_entry_price(s->w, &p->entries[k], m, now);
    return memcmp(old, now, PRICE_PARTS * sizeof *old) != 0;
}

str llm_changes_in(struct arena *a, const struct llm_sums *s, month m)
{
    double old[PRICE_PARTS], now[PRICE_PARTS];
    str out = STR_NONE;
    for (uint32_t i = 0; i < s->plan->prices.n; i++)
        for (size_t k = 1; k < s->plan->prices.items[i].n; k++)
            if (s->plan->prices.items[i].entries[k].from.m == m && price_change(s, i, k, old, now))
                out = str_fmt(a, "%.*s%s%.*s: %.*s", FMT(out), out.n ? "; " : "",
                              FMT(s->plan->prices.items[i].model), FMT(change_text(a, old, now)));
    return out;
}

static void add_change(struct llm_job *j, struct doc_table *t, uint32_t model, size_t k)
{
    const struct llm_sums *s = &j->now;
    const struct model_price *p = &s->plan->prices.items[model];
    double old[PRICE_PARTS], now[PRICE_PARTS], more = 0;
    month from = p->entries[k].from.m;
    month until = k + 1 < p->n ? p->entries[k + 1].from.m : s->plan->header.last + 1;
    if (!price_change(s, model, k, old, now))
        return;
    for (size_t i = 0; i < s->n_uses; i++) {
        const struct llm_use *u = &s->uses[i];
        month m = s->plan->header.first + u->month;
        if (u->model != model || m < from || m >= until)
            continue;
        world_entry_price(s->w, &p->entries[k - 1], u->month, old);
        more += u->cost - llm_use_at(u, old);
    }
    world_entry_price(s->w, &p->entries[k - 1], from - s->plan->header.first, old);
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    currency in = s->plan->header.currency;
    c[0] = cell_text(p->model);
    c[1] = cell_month(from);
    c[2] = cell_number((dec)llround(old[PRICE_IN] * 1e6) * (DEC_ONE / 1000000));
    c[3] = cell_number((dec)llround(now[PRICE_IN] * 1e6) * (DEC_ONE / 1000000));
    c[4] = cell_number((dec)llround(old[PRICE_OUT] * 1e6) * (DEC_ONE / 1000000));
    c[5] = cell_number((dec)llround(now[PRICE_OUT] * 1e6) * (DEC_ONE / 1000000));
    c[6] = cell_count(MIN(until, s->plan->header.last + 1) - from);
    c[7] = cell_marked(cell_money(money_to_dec(money_from_double(more, in))),
                       more > 0 ? MARK_WARN : MARK_GOOD);
    c[8] = cell_text(p->at ? S("plan") : S("price book"));
}

static void add_price_changes(struct llm_job *j)
{
    static const struct doc_column columns[] = {
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"in_before", "In, before", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"in", "In", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"out_before", "Out, before", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"out", "Out", CELL_NUMBER, SHOW_ALL, 2, -1},
        {"months", "Months", CELL_COUNT, SHOW_ALL, 0, -1},
        {"cost_change", "In this plan", CELL_MONEY, SHOW_ALL, 0, 2},
        {"stated_in", "Stated in", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(
        j->d, "price_changes",
        S("Price changes inside the plan, per million tokens, and what they add to its cost"),
        columns, ARRAY_LEN(columns));
    t->empty_text = S("No price changes inside the plan.");
    for (uint32_t i = 0; i < j->now.plan->prices.n; i++)
        for (size_t k = 1; k < j->now.plan->prices.items[i].n; k++)
            add_change(j, t, i, k);
}

static dec price_dec(double v)
{
    return (dec)llround(v * 1e6) * (DEC_ONE / 1000000);
}

/* Of cached input, the share that is read; and from which share on that beats not caching, at the
 * prices of the line's dearest model in the plan's last month. */
static void add_break_even(struct llm_job *j, const struct llm_row *r, struct cell *c)
{
    int64_t read = r->tokens[PRICE_CACHE_READ], written = r->tokens[PRICE_CACHE_WRITE];
    const struct llm_use *dearest = NULL;
    dec share;
    for (size_t i = 0; i < j->now.n_uses; i++) {
        const struct llm_use *u = &j->now.uses[i];
        if (str_eq(j->now.plan->lines[u->line]->path, r->key) &&
            (!dearest || u->month > dearest->month ||
             (u->month == dearest->month && u->cost > dearest->cost)))
            dearest = u;
    }
    if (read <= 0 || written <= 0 || !dearest ||
        !dec_div(dec_from_i64(read), dec_from_i64(read + written), &share))
        return;
    dec even = cache_break_even(price_dec(dearest->price[PRICE_IN]),
                                price_dec(dearest->price[PRICE_CACHE_READ]),
                                price_dec(dearest->price[PRICE_CACHE_WRITE]));
    c[0] = cell_share(dec_round(share, 6));
    c[1] = cell_share(dec_is_null(even) ? even : dec_round(even, 6));
    if (dec_is_null(even) || share < even)
        c[0] = cell_marked(c[0], MARK_BAD);
}

static void add_savings(struct llm_job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"plain", "At plain prices", CELL_MONEY, SHOW_ALL, 0, 2},
        {"batch_saves", "Batches save", CELL_MONEY, SHOW_ALL, 0, 2},
        {"cache_saves", "Caching saves", CELL_MONEY, SHOW_ALL, 0, 2},
        {"cost", "Cost", CELL_MONEY, SHOW_ALL, 0, 2},
        {"hits", "Cache hits", CELL_SHARE, SHOW_ALL, 1, -1},
        {"break_even", "pay from", CELL_SHARE, SHOW_ALL, 1, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "savings", S("What batches and caching save, levers in use applied"),
                  columns, ARRAY_LEN(columns));
    const struct llm_rows *rows = &j->now.by[LLM_BY_LINE];
    for (size_t i = 0; i <= rows->n && rows->n; i++) {
        const struct llm_row *r = i < rows->n ? &rows->items[i] : &j->now.all;
        struct cell *c = doc_row(j->d, t, i < rows->n ? ROW_NORMAL : ROW_TOTAL, 0);
        c[0] = cell_text(i < rows->n ? r->key : S("LLM cost"));
        c[1] =
            cell_money(money_to_dec(money_add(r->cost, money_add(r->batch_saves, r->cache_saves))));
        c[2] = cell_money(money_to_dec(r->batch_saves));
        c[3] = cell_money(money_to_dec(r->cache_saves));
        c[4] = cell_money(money_to_dec(r->cost));
        if (i < rows->n)
            add_break_even(j, r, c + 5);
    }
}

/* --- levers on LLM lines --- */

static double llm_cost_with(struct llm_job *j, const bool *on)
{
    struct arena a = ARENA_INIT;
    const struct plan *p = j->now.plan;
    const struct world *w = world_new(&a, p, &(struct circumstances){.levers = on});
    struct line_months *r = arena_new(&a, struct line_months, 1);
    double sum = 0;
    for (size_t i = 0; i < p->n_lines; i++) {
        if (p->lines[i]->kind != LINE_LLM || !w->running[p->lines[i]->initiative])
            continue;
        world_line(w, p->lines[i], r);
        for (int32_t m = 0; m < p->header.n_months; m++)
            sum += r->amount[m];
    }
    arena_release(&a);
    return sum;
}

static bool reaches_llm(const struct llm_job *j, const struct lever *v)
{
    for (size_t i = 0; i < v->n_lines; i++)
        if (j->now.plan->lines[v->lines[i]]->kind == LINE_LLM)
            return true;
    return false;
}

static void add_levers(struct llm_job *j)
{
    static const struct doc_column columns[] = {
        {"id", "Lever", CELL_TEXT, SHOW_ALL, 0, -1},
        {"use", "In use", CELL_BOOL, SHOW_ALL, 0, -1},
        {"applies", "Applies to", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_MONTH, SHOW_ALL, 0, -1},
        {"saves", "Saves", CELL_MONEY, SHOW_ALL, 0, 2},
    };
    struct doc_table *t =
        doc_table(j->d, "levers", S("Levers on it, before buffers, each on top of those above"),
                  columns, ARRAY_LEN(columns));
    const struct plan *p = j->now.plan;
    bool *on = arena_new(j->a, bool, p->levers.n + 1);
    double *with = arena_new(j->a, double, p->levers.n + 1), before = llm_cost_with(j, on), now;
    for (size_t i = 0; i < p->levers.n; i++) {
        on[i] = p->levers.items[i].use.at && p->levers.items[i].use.v == 1;
        if (!on[i])
            continue;
        now = llm_cost_with(j, on);
        with[i] = before - now;
        before = now;
    }
    for (size_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        if (!reaches_llm(j, v))
            continue;
        bool used = on[i];
        if (!used) { /* on top of all that are in use */
            on[i] = true;
            with[i] = before - llm_cost_with(j, on);
            on[i] = false;
        }
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(v->id.s);
        c[1] = cell_bool(used);
        c[2] = cell_text(v->applies.s);
        c[3] = cell_month(v->first);
        c[4] = cell_money(money_to_dec(money_from_double(with[i], p->header.currency)));
        for (size_t k = 0; !used && k < ARRAY_LEN(columns); k++)
            c[k] = cell_marked(c[k], MARK_MUTED);
    }
}

/* --- commitments --- */

/* What a lever covers in each of its months, at the prices without it. */
static size_t covered_spend(struct llm_job *j, uint32_t lever, dec *ret)
{
    const struct plan *p = j->now.plan;
    const struct lever *v = &p->levers.items[lever];
    bool *on = arena_new(j->a, bool, p->levers.n + 1);
    for (size_t i = 0; i < p->levers.n; i++)
        on[i] = i != lever && p->levers.items[i].use.at && p->levers.items[i].use.v == 1;
    const struct world *w = world_new(j->a, p, &(struct circumstances){.levers = on});
    struct line_months *r = arena_new(j->a, struct line_months, 1);
    double sums[PLAN_MONTHS_MAX] = {0};
    for (size_t k = 0; k < v->n_lines; k++) {
        const struct line *l = p->lines[v->lines[k]];
        if (!w->running[l->initiative])
            continue;
        world_line(w, l, r);
        for (int32_t m = 0; m < p->header.n_months; m++)
            sums[m] += r->amount[m] * lever_covers(w, v, m);
    }
    size_t n = 0;
    for (int32_t m = 0; m < p->header.n_months; m++)
        if (lever_runs(w, v, m))
            ret[n++] = money_to_dec(money_from_double(sums[m], p->header.currency));
    return n;
}

/* What months of that spend save under a commitment, against list prices. */
static bool committed_saves(const dec *spend, size_t n, dec k, dec discount, dec *ret)
{
    dec sum = 0, cost;
    for (size_t i = 0; i < n; i++)
        if (!commitment_cost(spend[i], k, discount, &cost) || !dec_add(sum, spend[i] - cost, &sum))
            return false;
    *ret = sum;
    return true;
}

/* Where ranges or risks move the covered spend, the best obligation is that of many years. */
static bool add_simulated(struct llm_job *j, uint32_t lever, double own, size_t n, struct cell *c,
                          bool *ret_varies)
{
    const struct plan *p = j->now.plan;
    struct commitment_spend s;
    double discount = p->levers.items[lever].saves->points[0].v.point;
    currency of = p->header.currency;
    if (!commitment_spend(j->a, p, lever, &s, j->e))
        return false;
    *ret_varies = s.varies;
    if (!s.varies)
        return true;
    double best = commitment_best(&s, discount), all = s.sums[(size_t)s.n_trials * s.n_months];
    struct committed most = committed_to(&s, best, discount);
    c[4] = cell_money(money_to_dec(money_from_double(all / s.n_trials, of)));
    c[8] = cell_money(money_to_dec(money_from_double(best, of)));
    c[9] = cell_money(money_to_dec(money_from_double(best * (double)n * (1 - discount), of)));
    c[10] = cell_money(money_to_dec(money_from_double(most.saves, of)));
    c[11] = cell_share((dec)llround(most.p_short * 1e6) * (DEC_ONE / 1000000));
    if (isnan(own))
        return true;
    struct committed r = committed_to(&s, own, discount);
    c[6] = cell_money(money_to_dec(money_from_double(r.saves, of)));
    c[7] = cell_share((dec)llround(r.p_short * 1e6) * (DEC_ONE / 1000000));
    return true;
}

static bool add_commitment(struct llm_job *j, struct doc_table *t, uint32_t lever,
                           bool *io_simulated)
{
    const struct lever *v = &j->now.plan->levers.items[lever];
    dec spend[PLAN_MONTHS_MAX], all = 0, best_saves, saves, owed, k;
    dec discount = v->saves->points[0].v.exact;
    size_t n = covered_spend(j, lever, spend);
    bool varies;
    if (!n || dec_is_null(discount) || discount >= DEC_ONE)
        return true;
    for (size_t i = 0; i < n; i++)
        all += spend[i];
    dec best = best_commitment(spend, n, discount);
    if (!committed_saves(spend, n, best, discount, &best_saves) ||
        !dec_mul(best * (dec)n, DEC_ONE - discount, &owed))
        return true;
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(v->id.s);
    c[1] = cell_bool(v->use.at && v->use.v == 1);
    c[2] = cell_share(discount);
    c[3] = cell_count((int64_t)n);
    c[4] = cell_money(all);
    c[8] = cell_money(dec_round(best, 2));
    c[9] = cell_money(dec_round(owed, 2));
    c[10] = cell_money(dec_round(best_saves, 2));
    /* the money that is owed buys this much list-price spend a month */
    bool own = v->commits.per != PER_MONTHS && !dec_is_null(v->commits.exact) &&
               dec_div(v->commits.exact, DEC_ONE - discount, &k) &&
               dec_div(k, dec_from_i64((int64_t)n), &k) &&
               committed_saves(spend, n, k, discount, &saves);
    if (own) {
        c[5] = cell_money(v->commits.exact);
        c[6] = cell_money(dec_round(saves, 2));
    }
    if (!add_simulated(j, lever, own ? dec_to_double(k) : (double)NAN, n, c, &varies))
        return false;
    *io_simulated = *io_simulated || varies;
    if (c[6].kind == CELL_MONEY && c[6].number < 0)
        c[6] = cell_marked(c[6], MARK_BAD);
    return true;
}

static bool add_commitments(struct llm_job *j)
{
    static const struct doc_column columns[] = {
        {"id", "Lever", CELL_TEXT, SHOW_ALL, 0, -1},
        {"use", "In use", CELL_BOOL, SHOW_ALL, 0, -1},
        {"discount", "Discount", CELL_SHARE, SHOW_ALL, 1, -1},
        {"months", "Months", CELL_COUNT, SHOW_ALL, 0, -1},
        {"covered", "Covers", CELL_MONEY, SHOW_ALL, 0, 2},
        {"commits", "Commits", CELL_MONEY, SHOW_ALL, 0, 2},
        {"saves", "Saves", CELL_MONEY, SHOW_ALL, 0, 2},
        {"p_short", "Chance short", CELL_SHARE, SHOW_ALL, 0, -1},
        {"best_monthly", "Best, a month", CELL_MONEY, SHOW_ALL, 0, 2},
        {"best_commits", "Best, in all", CELL_MONEY, SHOW_ALL, 0, 2},
        {"best_saves", "would save", CELL_MONEY, SHOW_ALL, 0, 2},
        {"best_p_short", "its chance short", CELL_SHARE, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(
        j->d, "commitments",
        S("Commitments: what is owed whatever happens, and the best one for the discount"), columns,
        ARRAY_LEN(columns));
    const struct plan *p = j->now.plan;
    bool simulated = false;
    for (uint32_t i = 0; i < p->levers.n; i++) {
        const struct lever *v = &p->levers.items[i];
        bool plain = v->effect == LEVER_SAVES && v->driver == LINE_QUANTITIES && v->saves;
        if (plain && v->commits_text.at && reaches_llm(j, v) &&
            (v->commits.per == PER_MONTHS || !v->commits.currency.code[0] ||
             currency_eq(v->commits.currency, p->header.currency)) &&
            !add_commitment(j, t, i, &simulated))
            return false;
    }
    if (simulated)
        doc_note(j->d, NOTE_INFO,
                 "Commitments are judged over %.*s simulated years (seed 1): what they cover and "
                 "save is the mean; 'chance short' is how often the covered spend is less than "
                 "what is committed to.",
                 FMT(str_count(j->a, COMMITMENT_TRIALS)));
    return true;
}

static void note_fallbacks(struct llm_job *j)
{
    const struct llm_sums *s = &j->now;
    static const enum price_part parts[] = {PRICE_CACHE_READ, PRICE_CACHE_WRITE, PRICE_BATCH_IN,
                                            PRICE_BATCH_OUT};
    for (uint32_t i = 0; i < s->plan->prices.n; i++) {
        const struct model_price *p = &s->plan->prices.items[i];
        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            int64_t tokens = 0;
            for (size_t n = 0; n < s->details.n; n++)
                if (str_eq(s->details.items[n].model, p->model))
                    tokens += s->details.items[n].tokens[parts[k]];
            if (tokens && !p->entries[p->n - 1].part[parts[k]])
                doc_note(j->d, NOTE_WARN, "'%.*s' has no price for %s: the plain one stands in.",
                         FMT(p->model), PRICE_WORDS[parts[k]]);
        }
    }
}

bool llm_add_more(struct llm_job *j)
{
    add_price_changes(j);
    add_savings(j);
    add_levers(j);
    if (!add_commitments(j))
        return false;
    note_fallbacks(j);
    return true;
}
