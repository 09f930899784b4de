/* rules_helper.h - rows written as text, and classifying them, for the tests of rules. */
#ifndef TESTS_RULES_HELPER_H
#define TESTS_RULES_HELPER_H

#include "test.h"

#include "ingest/classify.h"

/* "provider=AWS|service=AWS Lambda|currency=USD|billed=1.5" */
static inline void row_of(const char *text, struct spend_row *row)
{
    spend_row_clear(row);
    str rest = str_of(text), cell;
    while (rest.n && str_cut(&rest, '|', &cell)) {
        size_t eq = str_find_char(cell, '=', 0);
        str key = str_sub(cell, 0, eq), value = str_sub(cell, eq + 1, cell.n);
        enum spend_text t;
        dec v;
        if (str_eq(key, S("currency"))) {
            assert_true(currency_parse(value, &row->currency));
        } else if (str_eq(key, S("billed"))) {
            assert_int_equal(dec_parse(value, &v), DEC_OK);
            row->billed = v;
        } else if (str_eq(key, S("day"))) {
            assert_true(date_parse(value, DATE_MDY, &row->day));
            row->period = month_of_day(row->day);
        } else {
            if (!spend_text_parse(key, &t))
                fail_msg("the test names an unknown field '%.*s'", FMT(key));
            row->text[t] = value;
        }
    }
}

static inline struct rules *rules_of(struct arena *a, const char *yaml)
{
    struct diags d;
    struct rules *r = NULL;
    struct err e = {0};
    diags_init(&d, a);
    assert_ok(rules_compile(a, S("rules.yaml"), str_of(yaml), &d, &r, &e), &e);
    return r;
}

/* Everything a row's classification says, as text. */
static inline str placed(struct arena *a, const struct spend_row *rows, size_t n)
{
    str out = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct spend_row *r = &rows[i];
        char amount[DEC_TEXT];
        out = str_fmt(a, "%.*s%s%s %.*s %u %.*s %.*s %u %.*s [%.*s|%.*s]", FMT(out), i ? "; " : "",
                      category_key(r->category), FMT(r->text[SPEND_RULE]), r->confidence,
                      FMT(r->text[SPEND_INITIATIVE]), FMT(r->text[SPEND_LINE]), r->share_ppm,
                      FMT(dec_format(r->billed, amount)), FMT(r->allocation[0]),
                      FMT(r->allocation[1]));
    }
    return out;
}

#endif
