/* calibrate.c - LLM drivers from the ledger's usage, and the plan file with what it shows. */
#include "app/calibrate.h"

#include <math.h>

#include "engine/plan_edit.h"

static bool check_line(struct workspace *w, const struct plan *p, str path, struct err *e)
{
    const char **names = arena_new(w->arena, const char *, p->n_lines + 1);
    size_t n = 0;
    if (!path.n)
        return true;
    for (size_t i = 0; i < p->n_lines; i++) {
        if (p->lines[i]->kind != LINE_LLM)
            continue;
        if (str_eq(p->lines[i]->path, path))
            return true;
        names[n++] = str_cstr(w->arena, p->lines[i]->path);
    }
    const char *near = str_closest(path, names, n);
    err_set(e, ERR_USAGE, "the plan has no LLM line '%.*s'", FMT(path));
    return near ? err_hint(e, "Did you mean '%s'?", near) : false;
}

static bool has_tokens(const struct actual *x)
{
    int64_t sum = 0;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        sum |= x->tokens[b];
    return x->token_rows && sum;
}

static bool concerns(const struct plan *p, const struct calibrate_query *q, const struct actual *x)
{
    return x->place == ACTUAL_LINE && x->line != NO_INDEX && p->lines[x->line]->kind == LINE_LLM &&
           (!q->line.n || str_eq(p->lines[x->line]->path, q->line));
}

/* Without a period: the plan's own months, where they have usage; else all there is. */
static bool only_plan_months(const struct plan *p, const struct calibrate_query *q,
                             const struct actuals *all)
{
    bool any = false;
    for (size_t i = 0; i < all->n; i++)
        any = any ||
              (concerns(p, q, &all->items[i]) && has_tokens(&all->items[i]) &&
               all->items[i].month >= p->header.first && all->items[i].month <= p->header.last);
    return any && q->from == DAY_NONE && q->to == DAY_NONE;
}

static size_t usage_of(struct workspace *w, const struct plan *p, const struct calibrate_query *q,
                       const struct actuals *all, struct usage_seen **ret,
                       struct calibrate_result *out)
{
    struct usage_seen *usage = arena_new(w->arena, struct usage_seen, all->n + 1);
    bool plan_months = only_plan_months(p, q, all);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct actual *x = &all->items[i];
        if (!concerns(p, q, x) ||
            (plan_months && (x->month < p->header.first || x->month > p->header.last)))
            continue;
        bool told = has_tokens(x), failed = x->end == CALL_FAILED && x->requests;
        if (!told && !failed) {
            out->no_tokens += x->rows;
            if (!dec_add(out->no_tokens_amount, x->amount, &out->no_tokens_amount))
                out->no_tokens_amount = DEC_NULL;
        }
        usage[n++] = (struct usage_seen){
            .line = x->line,
            .day = x->day,
            .model = x->model,
            .batch = x->batch,
            .no_tokens = !told && !failed,
            .end = x->end,
            .requests = (double)x->requests,
            .in = (double)x->tokens[TOKENS_IN],
            .cache_read = (double)x->tokens[TOKENS_CACHE_READ],
            .cache_write =
                (double)x->tokens[TOKENS_CACHE_WRITE_5M] + (double)x->tokens[TOKENS_CACHE_WRITE_1H],
            .out = (double)x->tokens[TOKENS_OUT],
            /* of failed calls without tokens nobody knows a cost: left out of what was spent */
            .amount = x->unpriced && (told || !failed) ? (double)NAN : dec_to_double(x->amount),
        };
    }
    *ret = usage;
    return n;
}

/* The lines' maps as they stand and as they should be. */
static bool edit_files(struct workspace *w, const struct calibrate_query *q,
                       struct calibrate_result *r, struct err *e)
{
    const struct plan *p = q->source->plan;
    const struct yaml_node **was = arena_new(w->arena, const struct yaml_node *, r->c.n + 1);
    const struct yaml_node **now = arena_new(w->arena, const struct yaml_node *, r->c.n + 1);
    for (size_t i = 0; i < r->c.n; i++) {
        was[i] = p->lines[r->c.lines[i].line]->at;
        now[i] = r->c.plan->lines[r->c.lines[i].line]->at;
    }
    struct yaml_edits edits = {.a = w->arena};
    struct diags faults;
    diags_init(&faults, w->arena);
    return plan_edit(&edits, was, now, r->c.n, e) &&
           plan_change(q->source, &edits, &faults, &r->change, e);
}

bool calibrate_book(struct workspace *w, const struct calibrate_query *q,
                    struct calibrate_result *ret, struct err *e)
{
    const struct plan *p = q->source->plan;
    const struct actuals_query aq = {
        .plan = p, .from = q->from, .to = q->to, .basis = BASIS_EFFECTIVE, .daily = true};
    const struct actuals *all;
    struct calibrate_result r = {.no_tokens_amount = 0};
    struct usage_seen *usage;
    if (!check_line(w, p, q->line, e) || !actuals_read(w, &aq, &all, e))
        return false;
    size_t n = usage_of(w, p, q, all, &usage, &r);
    if (!calibrate(w->arena, p, &q->source->options, usage, n, q->line, &r.c, e) ||
        !edit_files(w, q, &r, e))
        return false;
    *ret = r;
    return true;
}

bool calibrate_write(struct workspace *w, const struct calibrate_query *q,
                     const struct calibrate_result *r, struct err *e)
{
    const struct expansion *computed;
    if (q->source->kind == SOURCE_FILE) {
        if (!expand(w->arena, r->c.plan, NULL, &computed, e))
            return false;
        if (r->change.figures->total.micros != computed->total.micros)
            return err_set(e, ERR_FAILED, "the changed plan does not read as it was computed");
    }
    return plan_change_write(q->source, &r->change, e);
}
