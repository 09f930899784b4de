/* choice_instances.h - portfolios in JSON lines, as tests and benchmarks read them. */
#ifndef TESTS_CHOICE_INSTANCES_H
#define TESTS_CHOICE_INSTANCES_H

#include "base/json_read.h"
#include "core/dec.h"
#include "engine/choice.h"

enum { INSTANCE_VALUE_UNITS = 10 }; /* values have one decimal */

struct instance {
    str id;
    struct choice_problem problem;
    bool has_optimum;
    int64_t optimum; /* in value units */
};

static inline dec instance_dec(const struct json *v)
{
    dec d = 0;
    (void)dec_parse(json_text(v), &d);
    return d;
}

static inline int32_t instance_units(const struct json *v, int units)
{
    return (int32_t)(dec_round(instance_dec(v) * units, 0) / DEC_ONE);
}

static inline int32_t instance_floor(dec v)
{
    return (int32_t)(v / DEC_ONE);
}

static inline void instance_read(struct arena *a, const struct json *v, struct instance *ret)
{
    static const char *const names[] = {"infra", "talent", "vendor", "data"};
    const struct json *items = json_get(v, "items"), *optimum = json_get(v, "optimum");
    struct choice_problem *p = &ret->problem;
    dec budget = instance_dec(json_get(v, "budget"));
    *ret = (struct instance){.id = json_text(json_get(v, "id"))};
    p->n_categories = 4;
    for (int k = 0; k < 4; k++) {
        const struct json *band = json_get(json_get(v, "bands"), names[k]);
        dec lo, hi;
        if (!dec_mul(instance_dec(&band->items[0]), budget, &lo) ||
            !dec_mul(instance_dec(&band->items[1]), budget, &hi))
            return;
        p->lo[k] = instance_floor(lo + DEC_ONE - 1);
        p->hi[k] = instance_floor(hi);
    }
    dec reserve;
    if (!dec_mul(instance_dec(&json_get(v, "reserve")->items[0]), budget, &reserve))
        return;
    p->cap = instance_floor(budget - reserve);
    struct choice_item *out = arena_new(a, struct choice_item, items->n + 1);
    for (size_t i = 0; i < items->n; i++) {
        const struct json *it = &items->items[i], *needs = json_get(it, "needs");
        const struct json *levels = json_get(it, "levels");
        int64_t parent = -1;
        if (!json_is_null(needs) && !json_i64(needs, &parent))
            parent = -1;
        out[i].mandatory = json_get(it, "mandatory")->yes;
        out[i].needs = (int32_t)parent;
        for (int32_t k = 0; k < 4; k++)
            if (str_eq(json_text(json_get(it, "category")), str_of(names[k])))
                out[i].category = k;
        for (size_t l = 0; l < levels->n && l < CHOICE_LEVELS_MAX; l++)
            out[i].levels[out[i].n_levels++] = (struct choice_level){
                instance_units(json_get(&levels->items[l], "cost"), 1),
                instance_units(json_get(&levels->items[l], "value"), INSTANCE_VALUE_UNITS)};
    }
    p->items = out;
    p->n = (int32_t)items->n;
    ret->has_optimum = !json_is_null(optimum);
    ret->optimum = ret->has_optimum ? instance_units(optimum, INSTANCE_VALUE_UNITS) : 0;
}

#endif
