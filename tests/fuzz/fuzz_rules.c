/* fuzz_rules.c - any rules.yaml and any rows: no crash, splits exact, memos without effect,
 * explained.
 *
 * Input: the rules file, a NUL, then rows: cells "FIELD VALUE" ended by NUL, a row ended by an
 * empty cell. FIELD is one byte: the number of a text column. */
#include "ingest/classify.h"
#include "ingest/rules_int.h"
#include "ingest/rules_split.h"
#include "ingest/rules_suggest.h"
#include "ingest/rules_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct spend_row *x, const struct spend_row *y)
{
    BUG_IF(x->category != y->category || x->confidence != y->confidence || y->group);
    BUG_IF(x->billed != y->billed || x->share_ppm != y->share_ppm);
    BUG_IF(!str_eq(x->text[SPEND_RULE], y->text[SPEND_RULE]));
    BUG_IF(!str_eq(x->text[SPEND_INITIATIVE], y->text[SPEND_INITIATIVE]));
    BUG_IF(!str_eq(x->text[SPEND_LINE], y->text[SPEND_LINE]));
    for (size_t i = 0; i < ALLOCATION_TAGS; i++)
        BUG_IF(!str_eq(x->allocation[i], y->allocation[i]));
}

static void check_row(struct classifier *with, struct classifier *without, struct spend_row *row,
                      struct arena *a)
{
    struct spend_row x[SPLIT_MOST], y[SPLIT_MOST], whole;
    struct err e;
    size_t nx, ny, n_hits;
    struct rule_hit *hits;
    x[0] = y[0] = *row;
    BUG_IF(!classify(with, x, &nx, &e) || !classify(without, y, &ny, &e));
    BUG_IF(nx != ny || !nx || nx > SPLIT_MOST);
    for (size_t i = 0; i < nx; i++)
        same(&x[i], &y[i]);
    BUG_IF(!rows_join(x, nx, &whole, &e) || whole.billed != row->billed);
    BUG_IF(!classify_explain(with, row, a, &hits, &n_hits, &e));
    BUG_IF((n_hits > 0) != (x[0].text[SPEND_RULE].n > 0));
    BUG_IF(n_hits && !str_eq(hits[0].rule->id, x[0].text[SPEND_RULE]));
}

static void check_suggestion(struct arena *a, const struct rules *r, const struct spend_row *row)
{
    for (size_t t = 0; t < SPEND_TEXTS; t++)
        if (!str_is_utf8(row->text[t]))
            return;
    struct unplaced u = {row->text[SPEND_PROVIDER],
                         row->text[SPEND_SERVICE],
                         row->text[SPEND_METER],
                         row->text[SPEND_DESCRIPTION],
                         STR_NONE,
                         DEC_ONE,
                         row->currency,
                         1};
    struct err e;
    struct diags d;
    struct rules_report report;
    str yaml;
    diags_init(&d, a);
    BUG_IF(!rules_suggest(a, r, &u, 1, 5, &yaml, &e));
    BUG_IF(!rules_test(a, S("s.yaml"), yaml, &d, &report, &e) || d.errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = {(const char *)data, size}, yaml, cell;
    struct arena a = ARENA_INIT;
    struct diags d;
    struct rules *r;
    struct err e;
    if (!str_cut(&in, 0, &yaml))
        return 0;
    diags_init(&d, &a);
    bool builtin = size % 64 == 0; /* they are always the same, and slow to compile */
    if (rules_build(&a, S("rules.yaml"), yaml, builtin, &d, &r, &e)) {
        struct classifier *with = classifier_new(r), *without = classifier_new(r);
        classifier_memo(without, false);
        struct spend_row row;
        spend_row_clear(&row);
        row.billed = (dec)(size + 1) * 12345678901;
        row.day = (day)size;
        size_t rows = 0;
        while (rows < 50 && str_cut(&in, 0, &cell)) {
            if (cell.n) {
                row.text[(unsigned char)cell.p[0] % SPEND_TEXTS] = str_sub(cell, 1, cell.n);
                continue;
            }
            check_row(with, without, &row, &a);
            check_row(with, without, &row, &a);
            if (!rows++ && builtin)
                check_suggestion(&a, r, &row);
        }
        classifier_free(with);
        classifier_free(without);
    } else {
        BUG_IF(!d.errors);
    }
    arena_release(&a);
    return 0;
}
