/* fuzz_table.c - `track --table`: any table against any choice of its columns.
 *
 * The first line is the request, BUDGET;ACTUAL;SUM;KEY;... with COLUMN=VALUE among the keys as
 * conditions; SUM is empty or not. The rest is the table. What is read must be what was asked for,
 * and its report must render and count the same flags. */
#include "app/variance_table.h"
#include "render/renderer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAMES_MOST = 8 };

static str next(str *rest)
{
    str part;
    if (!str_cut(rest, ';', &part)) {
        part = *rest;
        *rest = STR_NONE;
    }
    return part;
}

static bool same_keys(const struct variance_table *t, size_t i, size_t k)
{
    for (size_t n = 0; n < t->n_keys; n++)
        if (!str_eq(t->lines[i].keys[n], t->lines[k].keys[n]))
            return false;
    return true;
}

static void check(struct arena *a, const struct table_request *q, struct variance_table *t)
{
    size_t flags = 0, told;
    uint64_t line = 0;
    for (size_t i = 0; i < t->n_lines; i++) {
        const struct table_line *l = &t->lines[i];
        BUG_IF(l->line <= line); /* in the file's order */
        line = l->line;
        if (dec_is_null(l->actual) || dec_is_null(l->budget)) {
            BUG_IF(!t->blanks);
            continue;
        }
        struct variance v = variance_of(l->actual, l->budget, &t->rule);
        flags += variance_needs_words(&v);
        for (size_t k = 0; q->sum && q->n_keys && i < 64 && k < i; k++)
            BUG_IF(same_keys(t, i, k));
    }
    struct doc *d = report_variance_table(t, a, &told);
    struct buf b;
    struct render_options o = {0};
    struct err e = {0};
    buf_init(&b, 64 << 20);
    BUG_IF(!renderer_by_name(S("json"))->render(d, &o, &b, &e));
    BUG_IF(told != flags);
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size}, head, keys[NAMES_MOST], where[NAMES_MOST];
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct variance_table t;
    if (!str_cut(&text, '\n', &head))
        return 0;
    struct table_request q = {.path = S("fuzz.csv"), .budget = next(&head), .actual = next(&head),
                              .keys = keys, .where = where,
                              .rule = {.over = DEC_ONE * 15 / 100, .floor = DEC_ONE}};
    q.sum = next(&head).n > 0;
    while (head.n && q.n_keys < NAMES_MOST && q.n_where < NAMES_MOST) {
        str name = next(&head);
        if (str_find_char(name, '=', 0) == SIZE_MAX)
            keys[q.n_keys++] = name;
        else
            where[q.n_where++] = name;
    }
    if (variance_table_parse(&a, &q, text, &t, &e))
        check(&a, &q, &t);
    else
        BUG_IF(!e.text[0] || (e.kind != ERR_INVALID && e.kind != ERR_USAGE));
    arena_release(&a);
    return 0;
}
