/* fuzz_plan.c - any bytes as plan.yaml: a checked plan whose months add up, or faults with places. */
#include "engine/expand.h"
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool no_file(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    return err_set(e, ERR_FAILED, "no file '%.*s'", FMT(path));
}

static bool any_price(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    return false;
}

static void check_sums(const struct expansion *x)
{
    dec lines = 0;
    for (size_t i = 0; i < x->n_lines; i++)
        lines += money_to_dec(x->lines[i].total);
    for (size_t i = 0; i < x->n_buffers; i++)
        lines += money_to_dec(x->buffers[i].total);
    BUG_IF(lines != money_to_dec(x->planned));
    BUG_IF(lines + money_to_dec(x->reserve) != money_to_dec(x->total));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct diags d;
    const struct expansion *x;
    const struct plan_options o = {.read = no_file, .price = any_price};
    diags_init(&d, &a);
    const struct plan *p =
        plan_parse(&a, S("plan.yaml"), (str){(const char *)data, size}, &o, &d);
    BUG_IF(!p && !d.errors);
    if (p && expand(&a, p, NULL, &x, &e))
        check_sums(x);
    else
        BUG_IF(p && !e.text[0]);
    arena_release(&a);
    return 0;
}
