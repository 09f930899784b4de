/* fuzz_evals.c - evaluation files: what is read can be studied, and the answer keeps its word. */
#include <math.h>

#include "app/evals.h"
#include "app/plan_source.h"
#include "engine/routing_study.h"
#include "report/routing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void study(struct arena *a, const struct evals *v)
{
    struct routing_question q = {
        .v = &v->v, .k = v->of_classes ? &v->k : NULL, .tolerance = 0.02, .of_reference = NAN,
        .saving = NAN, .train_share = 0.5,
        .s = {.reference = ROUTING_NONE, .cheap = ROUTING_NONE, .confidence = 0.9, .seed = 1,
              .resamples = 10}};
    const struct routing_study *t = routing_study(a, &q);
    BUG_IF(t->promised && !(t->answer.bound <= 0.02 + 1e-9));
    for (size_t i = t->fit->n_open; i < t->fit->n_steps; i++)
        BUG_IF(t->fit->path_loss[i + 1] < t->fit->path_loss[i]);
    struct routing_request r = {.study = t, .file = v->name, .price_notes = v->price_notes,
                                .relative = v->relative, .currency = v->currency, .low = v->low,
                                .high = v->high, .as_of = DAY_NONE};
    BUG_IF(!report_routing(&r, a)->n_parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static str costs[] = {S("a=1"), S("b=10")};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct workspace w;
    struct workspace_options o = {.dir = S("no-such-book")};
    struct evals v;
    if (!size)
        return 0;
    workspace_for_plan(&a, &o, &w);
    struct evals_request q = {.path = S("fuzz.csv"), .on = 20000};
    if (data[0] & 1)
        q.costs = (struct names){costs, 2, 2};
    if (data[0] & 2)
        q.tokens = S("1000/100");
    str text = {(const char *)data + 1, size - 1};
    if (evals_parse(&w, &q, text, &v, &e))
        study(&a, &v);
    else
        BUG_IF(!e.text[0]);
    arena_release(&a);
    return 0;
}
