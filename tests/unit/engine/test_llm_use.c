/* test_llm_use.c - LLM lines taken apart add up to what the plan computes. */
#include "engine/llm_use.h"

#include <math.h>

#include "test.h"

static const char PLAN[] =
    "plan: {name: p, starts: 2026-07, months: 4}\n"
    "reserve: {share: 15%}\n"
    "prices:\n"
    "  big:\n"
    "    - {in: $2, out: $10, cache_read: $0.2, cache_write: $2.5, batch_in: $1, batch_out: $5}\n"
    "    - {from: 2026-09, in: $3, out: $15, cache_read: $0.3}\n"
    "  small: {in: $0.4, out: $1.6}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    status: committed\n"
    "    llm:\n"
    "      - {id: chat, models: {big: 75%, small: 25%}, users: 1000, sessions: 2, requests: 5, "
    "in: 4000, out: 300, cached: 50%, cache_writes: 10%, batch: 20%, retries: 4%, growth: 5%/mo}\n"
    "      - {id: late, model: big, from: 2026-08, users: 10, sessions: 1, requests: 1, in: 100, "
    "out: 10}\n"
    "levers:\n"
    "  - {id: diet, use: yes, applies: llm.in, saves: 10%, from: 2026-08}\n"
    "  - {id: route, use: yes, applies: a.chat, covers: 40%, model: small, from: 2026-09}\n"
    "  - {id: cache, use: yes, applies: a.chat, covers: 20%, saves: 90%, from: 2026-10}\n";

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    const struct plan *p = plan_parse(a, S("plan.yaml"), text, NULL, &d);
    for (size_t i = 0; !p && i < d.n; i++)
        if (d.items[i].level == DIAG_ERROR)
            fail_msg("line %u: %.*s", d.items[i].at.line, FMT(d.items[i].text));
    return p;
}

static void near(double a, double b)
{
    if (fabs(a - b) > 1e-9 * fmax(1, fabs(b)))
        fail_msg("%.17g is not %.17g", a, b);
}

static void adds_up(struct arena *a, const struct plan *p)
{
    const struct world *w = world_new(a, p, NULL);
    struct line_months *r = arena_new(a, struct line_months, 1);
    struct llm_use *uses;
    size_t n;
    llm_uses(a, w, &uses, &n);
    for (size_t l = 0; l < p->n_lines; l++) {
        if (p->lines[l]->kind != LINE_LLM || !w->running[p->lines[l]->initiative])
            continue;
        world_line(w, p->lines[l], r);
        for (int32_t m = 0; m < p->header.n_months; m++) {
            double cost = 0, requests = 0, in = 0, out = 0, read = 0, batch = 0;
            for (size_t i = 0; i < n; i++) {
                const struct llm_use *u = &uses[i];
                if (u->line != l || u->month != m)
                    continue;
                cost += u->cost;
                requests += u->requests;
                batch += u->batch_requests;
                in += u->tokens[PRICE_IN] + u->tokens[PRICE_BATCH_IN];
                out += u->tokens[PRICE_OUT] + u->tokens[PRICE_BATCH_OUT];
                read += u->tokens[PRICE_CACHE_READ];
                /* the same tokens at plain prices, less what is saved, is the cost */
                double plain = 0;
                for (int k = 0; k < PRICE_PARTS; k++)
                    plain += u->tokens[k] * u->price[k == PRICE_OUT || k == PRICE_BATCH_OUT
                                                         ? PRICE_OUT
                                                         : PRICE_IN];
                near(plain / 1e6 * u->leaves - u->batch_saves - u->cache_saves, u->cost);
            }
            near(cost, r->amount[m]);
            near(requests, r->requests[m]);
            near(batch, r->batch_requests[m]);
            near(in, r->in[m]);
            near(out, r->out[m]);
            near(read, r->cache_read[m]);
        }
    }
}

static void parts_add_up_to_the_line(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    adds_up(&a, parse(&a, str_of(PLAN)));
    adds_up(&a, parse(&a, sample_plan(&a, "grid.yaml")));
    arena_release(&a);
}

static void a_month_counted_by_hand(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan *p = parse(&a, str_of(PLAN));
    struct llm_use *u;
    size_t n;
    (void)state;
    llm_uses(&a, world_new(&a, p, NULL), &u, &n);
    /* July, big: 7,800 of 10,400 requests, 1,560 of them in batches */
    near(u[0].requests, 7800);
    near(u[0].batch_requests, 1560);
    near(u[0].tokens[PRICE_CACHE_READ], 7800 * 4000 * 0.5);
    near(u[0].tokens[PRICE_CACHE_WRITE], 7800 * 4000 * 0.1);
    near(u[0].tokens[PRICE_IN], 7800 * 4000 * 0.4 * 0.8);
    near(u[0].tokens[PRICE_BATCH_IN], 7800 * 4000 * 0.4 * 0.2);
    near(u[0].tokens[PRICE_OUT], 7800 * 300 * 0.8);
    near(u[0].tokens[PRICE_BATCH_OUT], 7800 * 300 * 0.2);
    near(u[0].cost, (9.984 * 2 + 2.496 * 1 + 15.6 * 0.2 + 3.12 * 2.5 + 1.872 * 10 + 0.468 * 5));
    near(u[0].users, 750);
    near(u[0].sessions, 1500);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_line),
        cmocka_unit_test(a_month_counted_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
