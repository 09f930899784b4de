/* fuzz_plan.c - any text as a plan: faults, or a plan that computes with totals that add up. */
#include "engine/expand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool no_files(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    return err_set(e, ERR_FAILED, "no files here");
}

static bool some_price(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    if (!str_eq(model, S("m")))
        return false;
    for (int i = 0; i < PRICE_PARTS; i++)
        ret->part[i] = (1 + (m % 3)) * DEC_ONE;
    ret->currency = (currency){"USD"};
    ret->note = S("note");
    return true;
}

static void check(const struct expansion *x)
{
    money sum = money_zero(x->total.currency);
    int32_t permille = 0;
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        money months = money_zero(x->total.currency);
        for (int32_t m = 0; m < x->n_months; m++)
            months = money_add(months, x->categories[c].monthly[m]);
        BUG_IF(money_cmp(months, x->categories[c].total) != 0);
        sum = money_add(sum, months);
        permille += x->categories[c].share_permille;
    }
    BUG_IF(money_cmp(sum, x->total) != 0);
    BUG_IF(permille != 1000 && permille != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = ARENA_INIT;
    struct diags d;
    struct err e = {0};
    const struct plan_options o = {.price = some_price, .read = no_files};
    const struct expansion *x;
    diags_init(&d, &a);
    const struct plan *p = plan_parse(&a, S("p.yaml"), (str){(const char *)data, n}, &o, &d);
    BUG_IF(!p != (d.errors > 0));
    if (p) {
        world_check(&a, p, &d);
        if (!d.errors && expand(&a, p, NULL, &x, &e))
            check(x);
        double *out = arena_new(&a, double, 240);
        const struct world *w = world_new(&a, p, NULL);
        for (size_t i = 0; i < p->initiatives.n; i++)
            for (size_t k = 0; k < p->initiatives.items[i].benefits.n; k++)
                world_benefit(w, &p->initiatives.items[i].benefits.items[k], out);
    }
    struct buf b;
    buf_init(&b, 1u << 20);
    diags_print(&d, &b, false);
    buf_release(&b);
    arena_release(&a);
    return 0;
}
