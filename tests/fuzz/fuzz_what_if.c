/* fuzz_what_if.c - any changes of values: told or made, and what was made can be written back. */
#include "engine/expand.h"
#include "engine/plan_edit.h"
#include "engine/what_if.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char PLAN[] =
    "plan: {name: p, starts: 2026-07, fx: {EUR: 1.1}}\n"
    "reserve: {share: 15%}\n"
    "drivers: {heads: {2026-07: 10, 2027-06: 20}}\n"
    "prices:\n"
    "  m-1.5:\n"
    "    - {in: $2, out: $10, cache_read: $0.2}\n"
    "    - {from: 2026-09, in: $3, out: $15}\n"
    "machines: {h: {value: $3.60 (3.00 to 4.40), source: list}}\n"
    "roles: {r: {salary: 195k (180k to 215k)}}\n"
    "staff:\n"
    "  - {id: s, role: r, works_on: a}\n"
    "initiatives:\n"
    "  - id: a\n"
    "    status: committed\n"
    "    compute:\n"
    "      - {id: c, kind: inference, machine: h, requests: 5k, per_hour: 1k, at_least: 1}\n"
    "    llm:\n"
    "      - id: x # one\n"
    "        model: m-1.5\n"
    "        users: =heads\n"
    "        sessions: 2\n"
    "        requests: '3' # quoted\n"
    "        in: {2026-07: 1000, 2027-06: 1200 (1000 to 1500)}\n"
    "        out: 100\n"
    "      - {id: y, models: {m-1.5: 100%}, users: 1, sessions: 2, requests: 3, in: 4, out: 5}\n"
    "levers:\n"
    "  - {id: l, use: no, applies: llm.in, saves: 10%}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct diags d;
    struct what_if w[4];
    const struct plan *q;
    size_t n = 0;
    str rest = {(const char *)data, size}, part;
    if (size > 2000)
        return 0;
    diags_init(&d, &a);
    const struct plan *p = plan_parse(&a, S("plan.yaml"), (str){PLAN, sizeof PLAN - 1}, NULL, &d);
    while (n < 4 && str_cut(&rest, '\n', &part))
        n += what_if_parse(part, &w[n], &e);
    if (p && n && what_if(&a, p, NULL, w, n, &q, &e)) {
        const struct expansion *x, *y;
        struct edited_file *files;
        size_t n_files;
        const struct yaml_node *was[2], *now[2];
        bool fits = expand(&a, q, NULL, &x, &e);
        for (size_t i = 0; i < 2; i++) {
            was[i] = p->initiatives.items[0].llm.items[i].at;
            now[i] = q->initiatives.items[0].llm.items[i].at;
        }
        struct yaml_edits edits = {.a = &a};
        if (plan_edit(&edits, was, now, 2, &e) && yaml_edits_apply(&edits, &files, &n_files, &e) &&
            n_files) {
            (void)edited_files_diff(&a, files, n_files);
            const struct plan *again = plan_parse(&a, S("plan.yaml"), files[0].text, NULL, &d);
            bool lines_alone = true; /* nothing but the two lines was changed */
            for (size_t i = 0; i < n; i++)
                lines_alone = lines_alone && (str_starts(w[i].path, S("a.x.")) ||
                                              str_starts(w[i].path, S("a.y.")));
            if (lines_alone && fits && again && expand(&a, again, NULL, &y, &e) &&
                x->total.micros != y->total.micros)
                __builtin_trap();
            if (lines_alone && !again)
                __builtin_trap();
        }
    }
    arena_release(&a);
    return 0;
}
